//! A command line cut into its items, as Windows Installer reads it: blanks separate, `"` quotes, `""` inside quotes is
//! one quote; a backslash has no meaning (rule Q-1).

use super::error::{ParseError, ParseErrorKind};
use super::pairs::{is_typographic_double_quote, is_typographic_quote};
use crate::Rule;
use std::ops::Range;

/// One item, unquoted, and where each of its bytes came from.
pub(super) struct Item {
    pub(super) text: String,
    origins: Vec<usize>,
    span: Range<usize>,
}

impl Item {
    /// The place of the whole item in the line, quotes included.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The place in the line of a range of the unquoted text.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let end_of_item = self.span.end;
        let start = self.origins.get(range.start).copied();
        if range.is_empty() {
            // Something is missing: point behind the byte before, inside the quotes if there are any.
            let before = range.start.checked_sub(1).and_then(|last| self.origins.get(last));
            let at = start.or(before.map(|last| last + 1)).unwrap_or(end_of_item);
            return at..at;
        }
        let last = self.origins.get(range.end.saturating_sub(1)).copied();
        start.unwrap_or(end_of_item)..last.map_or(end_of_item, |last| last + 1)
    }
}

/// Cuts a line into its items.
pub(super) fn items(line: &str) -> Result<Vec<Item>, ParseError> {
    let error = |kind, span| Err(ParseError::new(kind, Rule::Q1, span, line));
    let mut items = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some(&(start, first)) = chars.peek() {
        if first.is_whitespace() {
            chars.next();
            continue;
        }
        if is_typographic_dash(first) {
            let kind = ParseErrorKind::TypographicDash { dash: first };
            return error(kind, start..start + first.len_utf8());
        }
        let mut item = Item { text: String::new(), origins: Vec::new(), span: start..line.len() };
        let mut open: Option<usize> = None;
        let mut at_value = true;
        while let Some((at, c)) = chars.next() {
            match (c, open) {
                ('"', None) => open = Some(at),
                ('"', Some(_)) if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    item.text.push('"');
                    item.origins.push(at);
                }
                ('"', Some(_)) => open = None,
                (c, None) if c.is_whitespace() => {
                    item.span.end = at;
                    break;
                }
                (quote, None) if is_typographic_double_quote(quote) || (at_value && is_typographic_quote(quote)) => {
                    return error(ParseErrorKind::TypographicQuote { quote }, at..at + quote.len_utf8());
                }
                (c, _) => {
                    item.text.push(c);
                    item.origins.extend(at..at + c.len_utf8());
                }
            }
            at_value = matches!(c, '=' | ':');
        }
        if let Some(open) = open {
            return error(ParseErrorKind::UnclosedQuote, open..open + 1);
        }
        items.push(item);
    }
    Ok(items)
}

/// The dashes that word processors and web pages put where `-` was meant.
fn is_typographic_dash(c: char) -> bool {
    matches!(c, '‐' | '‑' | '‒' | '–' | '—' | '―' | '−')
}

/// Whether an item must be quoted to be read back as it is.
fn needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.starts_with(is_typographic_dash)
        || text.contains(|c: char| c == '"' || c.is_whitespace() || is_typographic_quote(c))
}

/// A value as it must be written to be read back: in quotes where that is necessary, quotes inside doubled.
pub(super) fn quoted(value: &str) -> String {
    match needs_quotes(value) {
        true => format!("\"{}\"", value.replace('"', "\"\"")),
        false => value.to_owned(),
    }
}
