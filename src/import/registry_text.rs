//! The text of a registry file, line by line: keys, values, and their bytes (rule W-2).
//!
//! The form is the one that `reg export` and the registry editor write: UTF-16LE with a byte order mark in version 5,
//! one byte a character in `REGEDIT4`; other tools save it as UTF-8 or drop the mark.

use super::problem::{ImportProblemKind, ProblemPlace, Problems};
use crate::encoding;
use crate::rules::Rule;
use std::borrow::Cow;

pub(super) const HEADERS: [&str; 2] = ["Windows Registry Editor Version 5.00", "REGEDIT4"];

/// The text, with what does not decode replaced.
pub(super) fn decode<'a>(bytes: &'a [u8], problems: &mut Problems) -> Cow<'a, str> {
    let decoded = encoding::decode(bytes);
    if decoded.replaced() > 0 {
        let kind = ImportProblemKind::Undecodable { count: decoded.replaced(), encoding: decoded.encoding().name() };
        problems.push(Rule::W2, ProblemPlace::Text { line: 1, column: 1 }, kind);
    }
    decoded.into_text()
}

/// One line, with its number from 1.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub number: usize,
    pub text: &'a str,
}

impl Line<'_> {
    pub(super) fn place(self) -> ProblemPlace {
        ProblemPlace::Text { line: self.number, column: 1 }
    }

    /// The column of a byte position, in characters from 1.
    fn column(self, byte: usize) -> usize {
        self.text.get(..byte).map_or(0, |before| before.chars().count()) + 1
    }
}

/// The lines of a text.
pub(super) struct TextLines<'a> {
    rest: Option<&'a str>,
    number: usize,
}

impl<'a> TextLines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        TextLines { rest: Some(text), number: 0 }
    }

    fn peek(&self) -> Option<&'a str> {
        self.rest.map(|rest| rest.split_once('\n').map_or(rest, |(line, _)| line))
    }

    /// Passes over the lines that continue a value that nobody reads.
    pub(super) fn skip_value(&mut self, first: &str) {
        let mut line = first;
        if is_open_string(line) {
            // A string with a line break inside: it ends somewhere before the next key or value.
            while self.peek().is_some_and(|next| !begins_something(next)) {
                self.next();
            }
            return;
        }
        while line.trim_end().ends_with('\\') && self.peek().is_some_and(|next| !begins_something(next)) {
            match self.next() {
                Some(next) => line = next.text,
                None => return,
            }
        }
    }

    /// Decodes `03,00,...` from `first` at byte `from`, and the lines that continue it.
    ///
    /// Wrong or cut hexadecimal is an error with its place, and what was read until then.
    pub(super) fn hex(&mut self, first: Line<'a>, from: usize) -> Result<Vec<u8>, Box<HexError>> {
        let mut bytes = Vec::new();
        let mut line = first;
        let mut from = from;
        let mut after_comma = false;
        loop {
            let body = line.text.get(from..).unwrap_or_default();
            let trimmed = body.trim_end();
            let continued = trimmed.strip_suffix('\\');
            let digits = continued.unwrap_or(trimmed);
            let mut at = from;
            let tokens = digits.split(',').count();
            for (index, token) in digits.split(',').enumerate() {
                let is_last = index + 1 == tokens;
                let text = token.trim();
                let lead = token.len() - token.trim_start().len();
                match byte(text) {
                    Some(byte) => {
                        bytes.push(byte);
                        after_comma = !is_last;
                    }
                    // Nothing after the last comma of a line that goes on, and nothing at all in an empty value.
                    None if text.is_empty()
                        && is_last
                        && (continued.is_some() || (bytes.is_empty() && !after_comma)) => {}
                    None if text.is_empty() && is_last => {
                        return Err(self.cut(bytes, line, line.text.trim_end().len()));
                    }
                    None => {
                        let found = text.chars().take(20).collect();
                        let place = ProblemPlace::Text { line: line.number, column: line.column(at + lead) };
                        self.skip_value(line.text);
                        let kind = ImportProblemKind::Hex { found };
                        return Err(Box::new(HexError { bytes, place, kind }));
                    }
                }
                at += token.len() + 1;
            }
            if continued.is_none() {
                return Ok(bytes);
            }
            match self.peek().filter(|next| !begins_something(next) && !next.trim().is_empty()) {
                None => return Err(self.cut(bytes, line, line.text.trim_end().len())),
                Some(_) => match self.next() {
                    Some(next) => line = next,
                    None => return Err(self.cut(bytes, line, line.text.trim_end().len())),
                },
            }
            from = 0;
        }
    }

    fn cut(&self, bytes: Vec<u8>, line: Line<'_>, at: usize) -> Box<HexError> {
        let place = ProblemPlace::Text { line: line.number, column: line.column(at) };
        let kind = ImportProblemKind::CutHex;
        Box::new(HexError { bytes, place, kind })
    }
}

impl<'a> Iterator for TextLines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.rest?;
        let (line, rest) = match rest.split_once('\n') {
            Some((line, rest)) => (line, Some(rest)),
            None => (rest, None),
        };
        self.rest = rest;
        self.number += 1;
        let text = line.strip_suffix('\r').unwrap_or(line);
        Some(Line { number: self.number, text })
    }
}

/// Hexadecimal that is wrong or breaks off.
pub(super) struct HexError {
    /// What was read before.
    pub bytes: Vec<u8>,
    pub place: ProblemPlace,
    pub kind: ImportProblemKind,
}

fn byte(text: &str) -> Option<u8> {
    // `from_str_radix` takes a sign as well.
    let is_hex = matches!(text.len(), 1 | 2) && text.bytes().all(|c| c.is_ascii_hexdigit());
    is_hex.then(|| u8::from_str_radix(text, 16).ok()).flatten()
}

/// Whether a line begins a key or a value, so that it continues nothing.
fn begins_something(line: &str) -> bool {
    line.starts_with(['[', '"', '@'])
}

/// Whether the data of a value is a string without its closing quote.
fn is_open_string(data: &str) -> bool {
    let Some(body) = data.trim_start().strip_prefix('"') else {
        return false;
    };
    closing_quote(body).is_none()
}

/// The byte position of the quote that ends a string; `\"` and `\\` are characters of it.
fn closing_quote(body: &str) -> Option<usize> {
    let mut escaped = false;
    body.bytes().position(|c| match c {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = true;
            false
        }
        c => c == b'"',
    })
}

/// A value line: the name, and where its data begins. The default value has the name `@`.
pub(super) fn value_name(line: &str) -> Option<(Cow<'_, str>, usize)> {
    let (name, after) = if let Some(body) = line.strip_prefix('"') {
        let end = closing_quote(body)?;
        let name = body.get(..end)?;
        let name = if name.contains('\\') {
            Cow::Owned(name.replace("\\\\", "\u{0}").replace("\\\"", "\"").replace('\u{0}', "\\"))
        } else {
            Cow::Borrowed(name)
        };
        (name, end + 2)
    } else {
        line.strip_prefix('@')?;
        (Cow::Borrowed("@"), 1)
    };
    let rest = line.get(after..)?;
    let blanks = rest.len() - rest.trim_start().len();
    rest.trim_start().strip_prefix('=')?;
    Some((name, after + blanks + 1))
}
