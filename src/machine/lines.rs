//! From the bytes of a file to the texts of inventories: one a line, or one that is the whole file.

use super::bytes;
use super::error::InputError;
use super::text;
use crate::import::{self, Format};
use std::io::{BufRead, Cursor, Read};
use std::path::{Path, PathBuf};

/// A longer line is an error, and so is a longer file that is one machine: one with a thousand certificates has 3 MB.
const MAX_LINE_BYTES: u64 = 256 << 20;

/// There is no more room from the start for a line than this.
const USUAL_BYTES: usize = 1 << 16;

/// How far a file is looked through for what says that it is not JSON.
const AHEAD_BYTES: u64 = 1 << 20;

/// The text of one inventory, and where it stands.
#[derive(Debug)]
pub(crate) struct Document {
    pub path: PathBuf,
    /// The line that it begins on, where the file has one inventory a line.
    pub line: Option<usize>,
    pub text: String,
}

/// Whether a JSON text is one inventory a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineMode {
    /// The name says so.
    Sure,
    /// Standard input: lines, unless the first is only an opening brace.
    Likely,
    /// The content decides: lines, if the first is a document of its own or cannot be the beginning of one.
    Unknown,
}

/// What a file turned out to be.
pub(crate) enum FileContent<'a> {
    /// One inventory a line.
    Lines(Lines<'a>),
    /// One inventory.
    Whole(Document),
    /// No JSON, and so no inventory.
    Other(Vec<u8>),
}

/// The lines of a file, each an inventory or what is wrong with it.
pub(crate) struct Lines<'a> {
    path: PathBuf,
    reader: Box<dyn BufRead + Send + 'a>,
    number: usize,
    /// As long as the line before, for which there is room from the start.
    usual_bytes: usize,
    /// Read already, to find out what the file is.
    first: Option<Result<Vec<u8>, InputError>>,
    /// Reading failed, and would for ever: what a bad disk or a lost share does not give once, it does not give again.
    has_failed: bool,
}

/// Finds out what the content of a file is.
///
/// # Errors
/// The file cannot be read, or there is nothing in it.
pub(crate) fn open<'a>(
    path: &Path,
    mut reader: Box<dyn BufRead + Send + 'a>,
    mode: LineMode,
) -> Result<FileContent<'a>, InputError> {
    let io = |error| InputError::io(path, &error);
    let head = peek(&mut reader).map_err(io)?;
    let is_utf16 = matches!(head.get(..2), Some([0xFF, 0xFE] | [0xFE, 0xFF]));
    let is_json = looks_like_json(&head);
    if is_utf16 || !is_json && mode != LineMode::Sure {
        let mut bytes = head;
        rest(&mut reader, &mut bytes).map_err(|error| error.in_file(path))?;
        let decoded = if is_utf16 { text::decode(bytes.clone()).ok() } else { None };
        return match decoded.filter(|text| looks_like_json(text.as_bytes())) {
            Some(text) => open(path, Box::new(Cursor::new(text.into_bytes())), mode),
            None if is_blank(&bytes) => Err(InputError::new("the input is empty").in_file(path)),
            None => Ok(FileContent::Other(bytes)),
        };
    }
    let reader = Box::new(Cursor::new(head).chain(reader));
    let mut lines = Lines { path: path.to_owned(), reader, number: 0, usual_bytes: 0, first: None, has_failed: false };
    let mut blank = Vec::new();
    let first = loop {
        match lines.read_line() {
            Ok(Some(line)) if is_blank(&line) => blank.extend(line),
            Ok(Some(line)) => break line,
            Ok(None) => return Err(InputError::new("the input is empty").in_file(path)),
            // It is that line's error; the lines behind it are answered.
            Err(error) if !lines.has_failed => {
                lines.first = Some(Err(error));
                return Ok(FileContent::Lines(lines));
            }
            Err(error) => return Err(error),
        }
    };
    if mode == LineMode::Sure || is_object(&first) {
        lines.first = Some(Ok(first));
        return Ok(FileContent::Lines(lines));
    }
    // Text before the blocks of a PEM file, and the keys of a registry export, begin with brackets as well.
    let mut ahead = blank;
    ahead.extend(&first);
    let from = ahead.len();
    (&mut lines.reader).take(AHEAD_BYTES).read_to_end(&mut ahead).map_err(io)?;
    if is_text_export(&ahead) {
        rest(&mut lines.reader, &mut ahead).map_err(|error| error.in_file(path))?;
        return Ok(FileContent::Other(ahead));
    }
    let behind = ahead.split_off(from);
    lines.reader = Box::new(Cursor::new(behind).chain(lines.reader));
    if mode.is_lines(&first) {
        lines.first = Some(Ok(first));
        return Ok(FileContent::Lines(lines));
    }
    lines.whole(ahead).map(FileContent::Whole)
}

/// Reads up to a line feed, which is kept, or to the end. As [`BufRead::read_until`], which looks for it eight bytes at a time.
fn read_until_newline(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<()> {
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = memchr::memchr(b'\n', available).map(|at| at + 1);
        let read = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        line.extend_from_slice(read);
        let count = read.len();
        reader.consume(count);
        if end.is_some() || count == 0 {
            return Ok(());
        }
    }
}

/// The rest of a file behind its beginning, as one.
fn rest(reader: &mut dyn Read, beginning: &mut Vec<u8>) -> Result<(), InputError> {
    let left = MAX_LINE_BYTES.saturating_sub(beginning.len() as u64);
    beginning.extend(bytes::within(reader, left)?);
    Ok(())
}

/// Whether the first line is a document of its own.
fn is_object(first: &[u8]) -> bool {
    let first = without_mark(first).trim_ascii();
    first.first() == Some(&b'{') && serde_json::from_slice::<serde::de::IgnoredAny>(first).is_ok()
}

/// Whether what begins with a bracket is not JSON: no string of JSON has a line break, so a line that begins with the
/// mark of a PEM block is not; nor is a key of the registry.
fn is_text_export(ahead: &[u8]) -> bool {
    let is_mark = |line: &[u8]| line.trim_ascii_start().starts_with(b"-----BEGIN ");
    ahead.split(|byte| *byte == b'\n').any(is_mark) || import::detect(ahead) == Some(Format::Registry)
}

/// The beginning of a file, as far as it says what the file is: at least three bytes, and the first that is not blank.
///
/// Not what the reader happens to have: a pipe may have one byte.
fn peek(mut reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    loop {
        let says = match head.len() {
            0..3 => false,
            3 => !without_mark(&head).trim_ascii().is_empty(),
            _ => head.last().is_some_and(|byte| !byte.is_ascii_whitespace()),
        };
        if says || reader.by_ref().take(1).read_to_end(&mut head)? == 0 {
            return Ok(head);
        }
    }
}

/// The bytes behind the byte order mark of UTF-8.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

fn is_blank(bytes: &[u8]) -> bool {
    without_mark(bytes).trim_ascii().is_empty()
}

impl LineMode {
    fn is_lines(self, first: &[u8]) -> bool {
        let first = without_mark(first).trim_ascii();
        match self {
            LineMode::Sure => true,
            LineMode::Likely => first != b"{",
            LineMode::Unknown => match serde_json::from_slice::<serde::de::IgnoredAny>(first) {
                Ok(_) => true,
                Err(error) => !error.is_eof(),
            },
        }
    }
}

fn looks_like_json(head: &[u8]) -> bool {
    matches!(without_mark(head).trim_ascii_start().first(), Some(b'{' | b'['))
}

impl Lines<'_> {
    /// The next line without its end; `None` at the end of the file.
    fn read_line(&mut self) -> Result<Option<Vec<u8>>, InputError> {
        let mut line = Vec::with_capacity(self.usual_bytes);
        let read = read_until_newline(&mut (&mut self.reader).take(MAX_LINE_BYTES), &mut line);
        self.number += 1;
        self.usual_bytes = line.len().min(USUAL_BYTES);
        match read {
            Err(error) => Err(self.fail(&error)),
            Ok(()) if line.is_empty() => Ok(None),
            Ok(()) if line.len() as u64 == MAX_LINE_BYTES && line.last() != Some(&b'\n') => {
                self.skip_line()?;
                let message = format!("the line has more than {} MB", MAX_LINE_BYTES >> 20);
                Err(InputError::new(message).in_file(&self.path).on_line(self.number))
            }
            Ok(()) => Ok(Some(line)),
        }
    }

    fn skip_line(&mut self) -> Result<(), InputError> {
        let skipped = self.reader.skip_until(b'\n');
        skipped.map(|_| ()).map_err(|error| self.fail(&error))
    }

    fn fail(&mut self, error: &std::io::Error) -> InputError {
        self.has_failed = true;
        InputError::io(&self.path, error)
    }

    /// The rest of the file as one document.
    fn whole(mut self, mut text: Vec<u8>) -> Result<Document, InputError> {
        rest(&mut self.reader, &mut text).map_err(|error| error.in_file(&self.path))?;
        self.document(text, None)
    }

    fn document(&self, mut bytes: Vec<u8>, line: Option<usize>) -> Result<Document, InputError> {
        // A document that ends too early ends on its own line.
        bytes.truncate(bytes.trim_ascii_end().len());
        match text::decode(bytes) {
            Ok(text) => Ok(Document { path: self.path.clone(), line, text }),
            Err(error) => {
                let error = error.in_file(&self.path);
                Err(match line {
                    Some(line) => error.on_line(line),
                    None => error,
                })
            }
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<Document, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.first.take() {
                Some(line) => line.map(Some),
                None if self.has_failed => return None,
                None => self.read_line(),
            };
            let line = match line {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            // A blank line between documents is not a document.
            if !is_blank(&line) {
                return Some(self.document(line, Some(self.number)));
            }
        }
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/machine_lines.rs"]
mod tests;
