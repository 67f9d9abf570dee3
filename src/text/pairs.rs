//! `KEY=VALUE` pairs and their separators, shared by issuers lists and `SubjectAttr:` (rules I-8, I-10, C-6).

use super::error::{ParseError, ParseErrorKind, excerpt};
use crate::attribute;
use crate::choices::IssuerSyntax;
use crate::oid::Oid;
use crate::rules::Rule;
use std::fmt;
use std::ops::Range;

/// A separator outside quotes: its byte offset and which one it is.
#[derive(Clone, Copy)]
pub(super) struct Separator {
    pub(super) at: usize,
    pub(super) byte: u8,
}

/// A text, and the rules that its errors name.
pub(super) struct SourceText<'a> {
    pub(super) input: &'a str,
    /// The rule of keys and separators.
    pub(super) rule: Rule,
    /// Bytes that separate; what may follow a quoted value.
    pub(super) separators: &'static [u8],
    pub(super) presence: Presence,
}

/// Whether an attribute without `=` means something: that it is there (C-6).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Tested,
    NotAllowed,
}

/// One pair: an attribute, and a value unless only presence is asked for.
pub(super) struct Pair {
    pub(super) oid: Oid,
    pub(super) value: Option<String>,
}

/// The attributes of one entry, and what separated them.
pub(super) struct EntryParts {
    pub(super) ranges: Vec<Range<usize>>,
    pub(super) by_comma: bool,
    pub(super) by_line: bool,
}

impl<'a> SourceText<'a> {
    pub(super) fn slice(&self, range: &Range<usize>) -> &'a str {
        self.input.get(range.clone()).unwrap_or_default()
    }

    /// The range without blanks at its ends.
    pub(super) fn trim(&self, range: &Range<usize>) -> Range<usize> {
        let text = self.slice(range);
        let start = range.start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }

    pub(super) fn error(&self, kind: ParseErrorKind, span: Range<usize>) -> ParseError {
        ParseError::new(kind, self.rule, span, self.input)
    }

    fn quote_error(&self, kind: ParseErrorKind, span: Range<usize>) -> ParseError {
        // The result code of criteria depends on the rule, so criteria keep theirs (C-1).
        let rule = if self.rule == Rule::I8 { Rule::I10 } else { self.rule };
        ParseError::new(kind, rule, span, self.input)
    }

    /// The separators outside quotes from an offset on. A quote opens after a `=` and closes before a separator.
    pub(super) fn scan(&self, from: usize) -> Result<Vec<Separator>, ParseError> {
        let mut found = Vec::new();
        let bytes = self.input.as_bytes();
        let mut last_seen = 0u8;
        let mut line_has_text = false;
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'"' {
                if last_seen != b'=' {
                    return Err(self.quote_error(ParseErrorKind::StrayQuote, at..at + 1));
                }
                at = self.closing_quote(at)?;
                last_seen = b'"';
                line_has_text = true;
            } else {
                let line_break = matches!(byte, b'\n' | b'\r');
                // One line break of several that follow one another: each is looked at once.
                if self.separators.contains(&byte) || (line_break && line_has_text) {
                    found.push(Separator { at, byte });
                    line_has_text = false;
                }
                if !byte.is_ascii_whitespace() {
                    last_seen = byte;
                    line_has_text = true;
                }
            }
            at += 1;
        }
        Ok(found)
    }

    /// The offset of the quote that closes the one at `open`; a doubled quote does not (I-10).
    fn closing_quote(&self, open: usize) -> Result<usize, ParseError> {
        let bytes = self.input.as_bytes();
        let mut at = open + 1;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), _) => return Ok(at),
                (Some(_), _) => at += 1,
                (None, _) => return Err(self.quote_error(ParseErrorKind::UnclosedQuote, open..open + 1)),
            }
        }
    }

    /// Splits a range into attributes (I-8): at `;` if there is one, else at each `,` that `KEY=` follows; and at a line break
    /// that `KEY=` follows, as the dialog of a certificate shows a name.
    pub(super) fn attributes(&self, range: Range<usize>, separators: &[Separator], syntax: IssuerSyntax) -> EntryParts {
        let semicolons = separators.iter().any(|separator| separator.byte == b';');
        let mut parts = EntryParts { ranges: Vec::new(), by_comma: false, by_line: false };
        let mut start = range.start;
        for separator in separators {
            let follows = || self.key_follows(separator.at + 1..range.end);
            let separates = match separator.byte {
                b';' => true,
                b',' => !semicolons && syntax == IssuerSyntax::Documented && follows(),
                b'\n' | b'\r' => !self.trim(&(start..separator.at)).is_empty() && follows(),
                _ => false,
            };
            if separates {
                parts.by_comma |= separator.byte == b',';
                parts.by_line |= matches!(separator.byte, b'\n' | b'\r');
                parts.ranges.push(start..separator.at);
                start = separator.at + 1;
            }
        }
        parts.ranges.push(start..range.end);
        parts
    }

    fn key_follows(&self, range: Range<usize>) -> bool {
        key_follows(self.slice(&range))
    }

    /// Reads one attribute; `None` as value where there is no `=`.
    pub(super) fn pair(&self, whole: Range<usize>) -> Result<Pair, ParseError> {
        let range = self.trim(&whole);
        let text = self.slice(&range);
        if text.is_empty() {
            // The separator itself is what can be seen and removed: the one behind, else the one before.
            let separates = |at: usize| self.input.as_bytes().get(at).is_some_and(|byte| matches!(byte, b';' | b','));
            let near = match whole.start.checked_sub(1) {
                _ if separates(whole.end) => whole.end..whole.end + 1,
                Some(before) if separates(before) => before..whole.start,
                _ => range,
            };
            return Err(self.error(ParseErrorKind::EmptyAttribute, near));
        }
        if self.presence == Presence::NotAllowed && !text.contains('=') {
            return Err(self.error(ParseErrorKind::MissingEquals { seen: excerpt(text) }, range));
        }
        let (key, value) = match text.find('=') {
            Some(equals) => (range.start..range.start + equals, Some(range.start + equals + 1..range.end)),
            None => (range.clone(), None),
        };
        let key_range = self.trim(&key);
        let key = self.slice(&key_range);
        if key.is_empty() {
            return Err(self.error(ParseErrorKind::MissingKey, key_range.start..key_range.start + 1));
        }
        let Some(oid) = attribute::oid_of(key) else {
            let kind = ParseErrorKind::UnknownKey { seen: excerpt(key), nearest: attribute::nearest_key(key) };
            return Err(self.error(kind, key_range));
        };
        let value = value.map(|value| self.value(key, value)).transpose()?;
        Ok(Pair { oid, value })
    }

    /// Unquotes a value (I-10). Empty without quotes is an error: `KEY=` is a slip more often than an intention.
    fn value(&self, key: &str, range: Range<usize>) -> Result<String, ParseError> {
        let range = self.trim(&range);
        let text = self.slice(&range);
        if text.starts_with('"') {
            let close = self.closing_quote(range.start)?;
            let rest = self.trim(&(close + 1..range.end));
            if !rest.is_empty() {
                return Err(self.quote_error(ParseErrorKind::TextAfterQuote, rest));
            }
            return Ok(self.slice(&(range.start + 1..close)).replace("\"\"", "\""));
        }
        if text.is_empty() {
            let after = format!("{}=", excerpt(key));
            return Err(self.error(ParseErrorKind::EmptyValue { after }, range));
        }
        if let Some(quote) = text.chars().next().filter(|c| is_typographic_quote(*c)) {
            let span = range.start..range.start + quote.len_utf8();
            return Err(self.quote_error(ParseErrorKind::TypographicQuote { quote }, span));
        }
        if let Some(stray) = text.find('"') {
            let at = range.start + stray;
            return Err(self.quote_error(ParseErrorKind::StrayQuote, at..at + 1));
        }
        Ok(text.to_owned())
    }
}

/// Whether `KEY=` stands at the beginning of a text (I-8).
pub(super) fn key_follows(text: &str) -> bool {
    let text = text.trim_start();
    let length = text
        .bytes()
        .take(MAX_KEY)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        .count();
    let (key, rest) = text.split_at_checked(length).unwrap_or_default();
    rest.trim_start().starts_with('=') && attribute::is_key(key)
}

/// No key and no registered object identifier is longer; a longer one does not make a comma a separator.
const MAX_KEY: usize = 200;

/// The quotes that word processors and web pages put where `"` was meant.
pub(super) fn is_typographic_quote(c: char) -> bool {
    is_typographic_double_quote(c) || is_typographic_single_quote(c)
}

/// Those that stand for `'`.
pub(super) fn is_typographic_single_quote(c: char) -> bool {
    matches!(c, '‘' | '’' | '‚' | '‛')
}

/// Those of them that occur in no name: the single ones are apostrophes as well.
pub(super) fn is_typographic_double_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂')
}

/// How the documentation writes pairs in each of the two languages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `OU = Computers`, `2.5.4.11 = Computers`.
    Criteria,
    /// `OU=Servers`, `OID.2.5.4.97=NTRDE-1`.
    Issuers,
}

/// Writes pairs so that reading them back gives the same pairs: `; ` between them, quotes only where they are needed.
pub(super) fn write_pairs<'p>(
    out: &mut impl fmt::Write,
    style: Style,
    pairs: impl ExactSizeIterator<Item = (&'p Oid, Option<&'p str>)>,
) -> fmt::Result {
    let alone = pairs.len() == 1;
    for (index, (oid, value)) in pairs.enumerate() {
        if index > 0 {
            out.write_str("; ")?;
        }
        match attribute::printed_key(oid) {
            Some(key) => out.write_str(key)?,
            None if style == Style::Criteria => write!(out, "{oid}")?,
            None => out.write_str(&attribute::label(oid))?,
        }
        let Some(value) = value else { continue };
        out.write_str(if style == Style::Criteria { " = " } else { "=" })?;
        if needs_quotes(value, alone) {
            write!(out, "\"{}\"", value.replace('"', "\"\""))?;
        } else {
            out.write_str(value)?;
        }
    }
    Ok(())
}

/// Fewer than A-2 asks for: the documentation's own example has a comma without quotes. A comma matters only where no
/// `;` stands beside it, which is in a pair without others.
fn needs_quotes(value: &str, alone: bool) -> bool {
    value.is_empty()
        || value.trim() != value
        || value.contains(['"', ';', '|', '\n', '\r'])
        || value.starts_with(is_typographic_quote)
        || (alone && value.match_indices(',').any(|(at, _)| key_follows(value.get(at + 1..).unwrap_or_default())))
}
