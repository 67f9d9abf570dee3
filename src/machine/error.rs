//! What is wrong with an input: message, text, place and result code; as a caret view for people and as data for JSON.

use crate::hresult::Hresult;
use crate::shown::{Shown, caret_view, one_line};
use std::fmt;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;

/// Of a line longer than this only what stands round the place is kept.
const VIEW_CHARACTERS: usize = 100;

/// What is wrong with an input. As a text it is the file, the line, the sentence, and below it the place in what was read, with
/// carets under it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputError {
    /// What is wrong, and what would be right.
    pub message: String,
    /// The text that was read, or an excerpt of it.
    pub input: Option<Box<str>>,
    /// The place in `input`, in bytes, half open.
    pub span: Option<Range<usize>>,
    /// The line of the file.
    pub line: Option<NonZeroUsize>,
    /// What the client would report.
    pub hresult: Option<Hresult>,
    /// The file, where there is one.
    pub path: Option<Box<Path>>,
}

impl InputError {
    /// An error that is a sentence. It may repeat what is in the input, and a terminal obeys control characters.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        // A library's own sentence may be of several lines, and repeats what it quotes in full.
        let message = message.into().replace(['\r', '\n'], " ");
        let parts = message.split('`').enumerate();
        let parts = parts.map(|(n, part)| if n % 2 == 1 { Shown(part).to_string() } else { one_line(part) });
        InputError { message: parts.collect::<Vec<_>>().join("`"), ..InputError::default() }
    }

    /// Adds the text and the place in it.
    pub(crate) fn at(mut self, input: impl Into<String>, span: Range<usize>) -> Self {
        let input = input.into();
        let start = floor_char(&input, span.start);
        let end = floor_char(&input, span.end.max(start));
        self.input = Some(input.into());
        self.span = Some(start..end);
        self
    }

    /// Adds the line of the file.
    pub(crate) fn on_line(mut self, line: usize) -> Self {
        self.line = NonZeroUsize::new(line);
        self
    }

    /// Adds the file, unless one is known already.
    pub(crate) fn in_file(mut self, path: &Path) -> Self {
        self.path.get_or_insert_with(|| path.into());
        self
    }

    /// Adds the result code that the client would report.
    pub(crate) fn with_hresult(mut self, hresult: Option<Hresult>) -> Self {
        self.hresult = hresult;
        self
    }

    /// The error of a file that cannot be read.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        InputError::new(format!("cannot be read: {error}")).in_file(path)
    }

    /// An error at line and column (both from 1, column in characters) of a text, as TOML and JSON readers report it.
    pub(crate) fn at_line_column(message: String, text: &str, line: usize, column: usize) -> Self {
        let Some(content) = text.lines().nth(line.saturating_sub(1)) else {
            return InputError::new(message).on_line(line.max(1));
        };
        // serde_json counts columns in bytes, and points behind the thing.
        let place = floor_char(content, column.saturating_sub(1));
        let (excerpt, start) = excerpt(content, place);
        let end = next_char(&excerpt, start);
        // serde_json stops behind a key that it does not know: the whole key is the place.
        let key = message.split('`').nth(1).map(|key| format!("\"{key}\""));
        let before = excerpt.get(..end).unwrap_or_default();
        let place = match key.filter(|key| before.ends_with(key.as_str())) {
            Some(key) => end - key.len()..end,
            None => start..end,
        };
        InputError::new(message).at(excerpt, place).on_line(line)
    }

    /// The line with carets under the place, indented.
    fn caret_view(&self) -> Option<String> {
        let (input, span) = (self.input.as_deref()?, self.span.clone()?);
        let view = (!input.trim().is_empty()).then(|| caret_view(input, span))?;
        Some(format!("  {}", view.replace('\n', "\n  ")))
    }
}

/// At most [`VIEW_CHARACTERS`] of a line round a place, and where the place is in it.
fn excerpt(line: &str, place: usize) -> (String, usize) {
    if line.len() <= VIEW_CHARACTERS {
        return (line.to_owned(), place.min(line.len()));
    }
    let from = floor_char(line, place.saturating_sub(VIEW_CHARACTERS / 2));
    let to = floor_char(line, from + VIEW_CHARACTERS);
    (line.get(from..to).unwrap_or_default().to_owned(), place.saturating_sub(from))
}

/// The start of the character that holds this byte; the end of the text if it is beyond.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn next_char(text: &str, at: usize) -> usize {
    let width = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    at + width
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", one_line(&path.to_string_lossy()))?;
        }
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(hresult) = self.hresult {
            write!(f, " ({hresult})")?;
        }
        match self.caret_view() {
            Some(view) => write!(f, "\n{view}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InputError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let error = InputError::new("no verb").at("Sübject CN=x", 9..11);
        assert_eq!(error.to_string(), "no verb\n  Sübject CN=x\n          ^^");
    }

    #[test]
    fn a_long_line_is_cut_round_the_place() {
        let line = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let error = InputError::new("here").at(line, 500..501);
        let view = error.to_string();
        let mut lines = view.lines().skip(1);
        let (text, carets) = (lines.next().unwrap(), lines.next().unwrap());
        assert!(text.len() < 150);
        assert_eq!(text.find('X'), carets.find('^'));
    }

    #[test]
    fn a_message_is_one_line_without_control_characters() {
        let error = InputError::new("`\u{1b}[2Jph\u{7f}ne` is no kind\nof device");
        assert_eq!(error.message, "`\\u{1b}[2Jph\\u{7f}ne` is no kind of device");
    }

    #[test]
    fn a_span_beyond_the_text_is_moved_to_its_end() {
        let error = InputError::new("cut").at("ab", 7..9);
        assert_eq!(error.span, Some(2..2));
        assert_eq!(error.to_string(), "cut\n  ab\n    ^");
    }
}
