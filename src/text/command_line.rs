//! A command line cut into its items (rules ).
//!
//! Windows Installer's own form: blanks separate, `"` quotes, `""` inside quotes is one quote, a backslash has no meaning.
//! Around it stand the forms of those who pass a command line on: a quote that another shell escaped (`\"`, `` `" ``,
//! `^"`), the single quotes and commas of a PowerShell array, carets and backticks at line ends, the frame of a log line.

use super::error::{ParseError, ParseErrorKind};
use super::pairs::{is_typographic_double_quote, is_typographic_quote, is_typographic_single_quote};
use super::piece::{ELEMENT_ENDS, Piece};
use super::property::is_ours;
use crate::rules::Rule;

/// One item, unquoted.
pub(super) struct LineItem {
    pub(super) piece: Piece,
    /// Whether one pair of quotes stands round all of it.
    pub(super) whole: bool,
    /// How its quotes were written, where Windows Installer does not know them.
    pub(super) foreign: Option<ForeignQuote>,
}

/// Quotes of another shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ForeignQuote {
    /// `'`, which PowerShell takes off and cmd does not.
    Single,
    /// `\"`, `` `" `` or `^"`.
    Escaped,
}

/// What a comma outside quotes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comma {
    /// A character, except behind a quoted item.
    Character,
    /// A separator, as in a PowerShell array without quotes.
    Separator,
}

/// What stands round a message in the form of CMTrace.
const LOG_START: &str = "<![LOG[";
const LOG_END: &str = "]LOG]!>";
/// Behind a message in the older form of a log.
const TRACE_COLUMNS: &str = "$$<";
/// The column behind a message that was copied from a viewer.
const COMPONENT: &str = "ccmsetup";

/// Longer runs of escapes before a quote are not nesting that anyone writes.
const MAX_ESCAPES: usize = 15;

/// Cuts a piece into its items.
pub(super) fn items(piece: &Piece, line: &str, comma: Comma) -> Result<Vec<LineItem>, ParseError> {
    let (items, no_escape) = (Vec::new(), Vec::new());
    let mut cutter = Cutter { piece, line, comma, at: 0, items, in_log: false, no_single: false, no_escape };
    while cutter.skip() {
        cutter.item()?;
    }
    Ok(cutter.items)
}

struct Cutter<'p> {
    piece: &'p Piece,
    line: &'p str,
    comma: Comma,
    at: usize,
    items: Vec<LineItem>,
    in_log: bool,
    /// From here on no single quote closes: looked for once, or a long line would take quadratic time.
    no_single: bool,
    /// Escaped quotes that do not occur again, remembered for the same reason.
    no_escape: Vec<String>,
}

/// A quote that is open, and where it was opened.
struct Open {
    at: usize,
    /// The length of the item's text then, where the quote begins the item or its value.
    from: Option<usize>,
    kind: Quote,
}

enum Quote {
    /// `"`, and the escaped quote that is open inside it.
    Plain(Option<String>),
    Single,
    Escaped(String),
}

/// What stands inside quotes and is more than a character.
enum QuotedPart {
    /// The closing quote, so many bytes long.
    Close(usize),
    /// A quote of the text, so many bytes long, with escapes before it that the next reader needs.
    Quote { quote: char, length: usize, escapes: usize },
    /// The same, and an escaped quote is open now, or is not.
    Inner { length: usize, now: Option<String> },
}

impl Cutter<'_> {
    fn rest(&self) -> &str {
        self.piece.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error(&self, kind: ParseErrorKind, at: usize, length: usize) -> ParseError {
        ParseError::new(kind, Rule::Q1, self.piece.origin(at..at + length), self.line)
    }

    fn push(&mut self, item: &mut LineItem, c: char) {
        item.piece.push_from(self.piece, self.at, c);
        self.at += c.len_utf8();
    }

    /// The length of what stands here and separates.
    fn separator(&self) -> Option<usize> {
        let rest = self.rest();
        let mut chars = rest.chars();
        match chars.next()? {
            '\t' if is_component_column(rest) => Some(line_length(rest)),
            c if c.is_whitespace() => Some(c.len_utf8()),
            // The end of a line that goes on.
            '^' | '`' if matches!(chars.next(), Some('\n' | '\r')) => Some(1),
            ',' if self.comma == Comma::Separator => Some(1),
            _ => None,
        }
    }

    /// Passes over what is not an item; false at the end.
    fn skip(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let length = if let Some(length) = self.separator() {
                length
            } else if rest.starts_with(LOG_START) {
                if !self.in_log {
                    // What stands before is the name of a file, as a search prints it.
                    self.items.clear();
                    self.in_log = true;
                }
                LOG_START.len()
            } else if rest.starts_with(LOG_END) {
                self.rest().find(LOG_START).unwrap_or(self.rest().len())
            } else if rest.starts_with(TRACE_COLUMNS) {
                line_length(rest)
            } else if is_continuation(rest) {
                1
            } else if let Some(length) = punctuation_before_quote(rest) {
                length
            } else {
                return !rest.is_empty();
            };
            self.at += length;
        }
    }

    fn item(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        if let Some(dash) = self.peek().filter(|first| is_typographic_dash(*first)) {
            return Err(self.error(ParseErrorKind::TypographicDash { dash }, start, dash.len_utf8()));
        }
        let mut item = LineItem { piece: Piece::empty(self.piece.place(start)), whole: false, foreign: None };
        let mut open: Option<Open> = None;
        // The length of the text behind the first `=` or `:`, where the value begins.
        let mut value_from: Option<usize> = None;
        let mut ends_element = false;
        while let Some(c) = self.peek() {
            let Some(opened) = &mut open else {
                let frame = [LOG_START, LOG_END].iter().any(|frame| self.rest().starts_with(frame));
                if frame || self.separator().is_some() {
                    break;
                }
                open = self.opening(&mut item, value_from, start)?;
                if open.is_some() {
                    continue;
                }
                item.whole = false;
                let escaped = matches!(c, '^' | '`')
                    && self.rest().get(1..).is_some_and(|rest| rest.starts_with(is_escaped_by_shell));
                if escaped {
                    self.at += 1;
                }
                if let Some(c) = self.peek() {
                    self.push(&mut item, c);
                }
                if matches!(c, '=' | ':') {
                    value_from.get_or_insert(item.piece.text.len());
                }
                continue;
            };
            match self.inside(&opened.kind, &item) {
                None => self.push(&mut item, c),
                Some(QuotedPart::Close(length)) => {
                    self.at += length;
                    let from = opened.from;
                    open = None;
                    ends_element = self.closed(&item, from)?;
                    if ends_element {
                        break;
                    }
                }
                Some(QuotedPart::Quote { quote, length, escapes }) => {
                    for n in 0..escapes {
                        item.piece.push_from(self.piece, self.at + n, '\\');
                    }
                    item.piece.push_from(self.piece, self.at + escapes, quote);
                    self.at += length;
                }
                Some(QuotedPart::Inner { length, now }) => {
                    item.foreign.get_or_insert(ForeignQuote::Escaped);
                    item.piece.push_from(self.piece, self.at, '"');
                    self.at += length;
                    opened.kind = Quote::Plain(now);
                }
            }
        }
        if let Some(open) = open {
            return Err(self.error(ParseErrorKind::UnclosedQuote, open.at, 1));
        }
        item.piece.end_at(self.piece.place(self.at));
        self.items.push(item);
        if ends_element {
            let behind = self.rest().trim_start_matches(ELEMENT_ENDS);
            self.at += self.rest().len() - behind.len();
        }
        Ok(())
    }

    /// A quote that opens here, outside quotes.
    fn opening(
        &mut self,
        item: &mut LineItem,
        value_from: Option<usize>,
        start: usize,
    ) -> Result<Option<Open>, ParseError> {
        let Some(c) = self.peek() else { return Ok(None) };
        let at = self.at;
        let length = item.piece.text.len();
        let begins = at == start;
        let begins_value = begins || value_from == Some(length);
        let at_value = begins || item.piece.text.ends_with(['=', ':']);
        let from = begins_value.then_some(length);
        let (skip, kind) = if let Some(escape) = self.escaped_quote(at_value) {
            item.foreign = Some(ForeignQuote::Escaped);
            (escape.len(), Quote::Escaped(escape))
        } else if c == '"' {
            (1, Quote::Plain(None))
        } else if c == '\'' && begins_value && self.single_closes() {
            item.foreign = Some(ForeignQuote::Single);
            (1, Quote::Single)
        } else if is_typographic_double_quote(c) || (at_value && is_typographic_quote(c)) {
            return Err(self.error(ParseErrorKind::TypographicQuote { quote: c }, at, c.len_utf8()));
        } else {
            return Ok(None);
        };
        item.whole = begins;
        self.at += skip;
        Ok(Some(Open { at, from, kind }))
    }

    /// What stands here inside a quote, where it is more than a character.
    fn inside(&mut self, quote: &Quote, item: &LineItem) -> Option<QuotedPart> {
        let rest = self.rest();
        match quote {
            Quote::Single => {
                let mut chars = rest.chars();
                let c = chars.next().filter(|c| *c == '\'' || is_typographic_single_quote(*c))?;
                if chars.next() == Some(c) {
                    return Some(QuotedPart::Quote { quote: c, length: 2 * c.len_utf8(), escapes: 0 });
                }
                (c == '\'').then_some(QuotedPart::Close(1))
            }
            Quote::Escaped(escape) if rest.starts_with(escape.as_str()) => Some(QuotedPart::Close(escape.len())),
            Quote::Escaped(escape) => deeper(rest, escape),
            Quote::Plain(Some(escape)) if rest.starts_with(escape.as_str()) => {
                Some(QuotedPart::Inner { length: escape.len(), now: None })
            }
            Quote::Plain(Some(escape)) if deeper(rest, escape).is_some() => deeper(rest, escape),
            Quote::Plain(inner) => {
                let opens = |last: char| last.is_whitespace() || matches!(last, '=' | ':' | ',' | '(');
                let here = inner.is_none() && item.piece.text.chars().next_back().is_none_or(opens);
                if let Some(escape) = self.escaped_quote(here) {
                    return Some(QuotedPart::Inner { length: escape.len(), now: Some(escape) });
                }
                let rest = self.rest();
                if rest.starts_with("\"\"") {
                    return Some(QuotedPart::Quote { quote: '"', length: 2, escapes: 0 });
                }
                rest.starts_with('"').then_some(QuotedPart::Close(1))
            }
        }
    }

    /// A quote that another shell escaped and that is closed the same way: its escapes with the quote.
    fn escaped_quote(&mut self, here: bool) -> Option<String> {
        let run = escape_run(self.rest()).filter(|_| here)?;
        let escape = self.rest().get(..=run)?.to_owned();
        let behind = self.rest().get(run + 1..).unwrap_or_default();
        if self.no_escape.contains(&escape) || behind.starts_with(|c: char| c == '"' || c.is_whitespace()) {
            return None;
        }
        if behind.contains(escape.as_str()) {
            return Some(escape);
        }
        self.no_escape.push(escape);
        None
    }

    /// Whether a single quote that stands here is closed where an item can end.
    fn single_closes(&mut self) -> bool {
        if self.no_single {
            return false;
        }
        let mut chars = self.rest().chars().skip(1).peekable();
        while let Some(c) = chars.next() {
            if c == '\'' && chars.next_if_eq(&'\'').is_none() {
                return chars.peek().is_none_or(|next| next.is_whitespace() || ELEMENT_ENDS.contains(next));
            }
        }
        self.no_single = true;
        false
    }

    /// After a quote has closed: whether an element of an array ends here. A quote inside a quoted value ends that value,
    /// and what follows would be lost.
    fn closed(&self, item: &LineItem, from: Option<usize>) -> Result<bool, ParseError> {
        let rest = self.rest();
        let Some(next) = rest.chars().next().filter(|next| !next.is_whitespace()) else { return Ok(false) };
        if from.is_some() && ELEMENT_ENDS.contains(&next) && is_element_end(rest) {
            return Ok(true);
        }
        let text = item.piece.text.as_str();
        let inside = from.and_then(|from| text.get(from..)).unwrap_or_default();
        let value_of_ours = from.is_some_and(|from| from > 0) && is_ours(text);
        if !rest.starts_with(LOG_END) && (value_of_ours || inside.trim_end().ends_with('=')) {
            return Err(self.error(ParseErrorKind::QuoteInQuotes, self.at - 1, 1));
        }
        Ok(false)
    }
}

/// Whether a comma or bracket that stands here ends an element: nothing, a blank, or the next one follows.
fn is_element_end(rest: &str) -> bool {
    let behind = rest.trim_start_matches(ELEMENT_ENDS);
    behind.is_empty()
        || behind.starts_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/' | '-' | '@' | '('))
        || is_ours(behind)
}

/// A quote inside escaped quotes, escaped once more: `\\\"` is `\"` for the next reader.
fn deeper(rest: &str, escape: &str) -> Option<QuotedPart> {
    let run = escape_run(rest).filter(|run| run + 1 > escape.len() && run % 2 == 1)?;
    Some(QuotedPart::Quote { quote: '"', length: run + 1, escapes: (run - 1) / 2 })
}

/// The number of escapes that stand before a quote here: backslashes, or one backtick or caret.
fn escape_run(rest: &str) -> Option<usize> {
    let backslashes = rest.bytes().take(MAX_ESCAPES).take_while(|byte| *byte == b'\\').count();
    let run = match rest.as_bytes().first() {
        Some(b'`' | b'^') => 1,
        _ => backslashes,
    };
    (run > 0 && rest.as_bytes().get(run) == Some(&b'"')).then_some(run)
}

/// What cmd escapes by a caret and PowerShell by a backtick.
fn is_escaped_by_shell(c: char) -> bool {
    matches!(c, '|' | '&' | '<' | '>' | '^' | '`' | '(' | ')' | '{' | '}' | ',' | ';' | '$' | '%' | '!' | '\'')
}

/// `@(`, `{`, `&` and the like, where a quote follows.
fn punctuation_before_quote(rest: &str) -> Option<usize> {
    let length = rest.bytes().take(4).take_while(|byte| b"@({[&,;".contains(byte)).count();
    (length > 0 && rest.get(length..)?.starts_with(['"', '\''])).then_some(length)
}

/// In a POSIX shell, a line that ends with a backslash of its own goes on in the next.
fn is_continuation(rest: &str) -> bool {
    rest.strip_prefix('\\').is_some_and(|rest| rest.starts_with(['\n', '\r']))
}

fn is_component_column(rest: &str) -> bool {
    let rest = rest.trim_start();
    let name = rest.get(..COMPONENT.len()).unwrap_or_default();
    name.eq_ignore_ascii_case(COMPONENT) && rest.get(COMPONENT.len()..).is_some_and(|rest| rest.starts_with('\t'))
}

fn line_length(rest: &str) -> usize {
    rest.find(['\n', '\r']).unwrap_or(rest.len())
}

/// The dashes that word processors and web pages put where `-` was meant.
fn is_typographic_dash(c: char) -> bool {
    matches!(c, '‐' | '‑' | '‒' | '–' | '—' | '―' | '−')
}

/// Whether an item must be quoted to be read back as it is.
fn needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.starts_with(is_typographic_dash)
        || text.contains(|c: char| matches!(c, '"' | '\'' | '`' | '^') || c.is_whitespace() || is_typographic_quote(c))
        || [LOG_START, LOG_END, TRACE_COLUMNS].iter().any(|frame| text.contains(frame))
}

/// A value as it must be written to be read back: in quotes where that is necessary, quotes inside doubled.
pub(super) fn quoted(value: &str) -> String {
    if needs_quotes(value) { in_quotes(value) } else { value.to_owned() }
}

/// The same, whether it needs them or not.
pub(super) fn in_quotes(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}
