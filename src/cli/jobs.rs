//! From the MACHINE arguments to one job a machine, lazily: a fleet is a stream and never in memory as a whole.

use super::args::InputArgs;
use super::error::InputError;
use super::export::ExportFile;
use super::{slash, text};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A longer line is an error: a machine with a thousand certificates has 3 MB.
const MAX_LINE_BYTES: u64 = 256 << 20;
/// How much of a file is read at a time.
const READ_BYTES: usize = 1 << 18;

/// The reader behind `-`.
pub type Stdin<'a> = &'a mut (dyn BufRead + Send);

/// One machine to judge, not yet decoded.
#[derive(Debug)]
pub enum Job {
    /// A machine folder.
    Folder(PathBuf),
    /// One inventory, from a file or from a line of one.
    Inventory(Document),
    /// A file that is no inventory: an export, by its content; several that belong to one machine.
    Export(Vec<ExportFile>),
    /// Something that cannot be read; the others are answered.
    Broken(InputError),
}

/// The text of one inventory, and where it stands.
#[derive(Debug)]
pub struct Document {
    pub path: PathBuf,
    /// The line that it begins on, where the file has one inventory a line.
    pub line: Option<usize>,
    pub text: String,
}

/// The jobs of all arguments, in their order.
pub struct Jobs<'a> {
    paths: std::vec::IntoIter<PathBuf>,
    stdin: Option<Stdin<'a>>,
    lines: Option<Lines<'a>>,
}

struct Lines<'a> {
    path: PathBuf,
    reader: Box<dyn BufRead + Send + 'a>,
    number: usize,
    /// Read already, to find out what the file is.
    first: Option<Vec<u8>>,
}

impl<'a> Jobs<'a> {
    pub fn new(paths: Vec<PathBuf>, stdin: Stdin<'a>) -> Self {
        Jobs { paths: paths.into_iter(), stdin: Some(stdin), lines: None }
    }

    fn open(&mut self, path: PathBuf) -> Option<Job> {
        if path.as_os_str() == "-" {
            let Some(stdin) = self.stdin.take() else {
                return Some(Job::Broken(InputError::new("`-` is there twice: stdin can be read once")));
            };
            return self.begin(path, Box::new(stdin), LineMode::Likely);
        }
        if path.is_dir() {
            return Some(Job::Folder(path));
        }
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) => return Some(Job::Broken(cannot_open(&path, &error))),
        };
        let is_jsonl =
            path.extension().is_some_and(|end| end.eq_ignore_ascii_case("jsonl") || end.eq_ignore_ascii_case("ndjson"));
        let mode = if is_jsonl { LineMode::Sure } else { LineMode::Unknown };
        self.begin(path, Box::new(BufReader::with_capacity(READ_BYTES, file)), mode)
    }

    /// Finds out what the content is, and makes it the current source.
    fn begin(&mut self, path: PathBuf, mut reader: Box<dyn BufRead + Send + 'a>, mode: LineMode) -> Option<Job> {
        let head = match reader.fill_buf() {
            Ok(head) => head,
            Err(error) => return Some(Job::Broken(InputError::io(&path, &error))),
        };
        let is_utf16 = matches!(head.get(..2), Some([0xFF, 0xFE] | [0xFE, 0xFF]));
        let is_json = looks_like_json(head);
        if is_utf16 || !is_json && mode != LineMode::Sure {
            let mut bytes = Vec::new();
            if let Err(error) = reader.read_to_end(&mut bytes) {
                return Some(Job::Broken(InputError::io(&path, &error)));
            }
            let decoded = if is_utf16 { text::decode(bytes.clone()).ok() } else { None };
            return match decoded.filter(|text| looks_like_json(text.as_bytes())) {
                Some(text) => self.begin(path, Box::new(std::io::Cursor::new(text.into_bytes())), mode),
                None if bytes.is_empty() => Some(Job::Broken(InputError::new("the input is empty").in_file(&path))),
                None => Some(Job::Export(vec![ExportFile { path, bytes }])),
            };
        }
        let mut lines = Lines { path, reader, number: 0, first: None };
        let first = match lines.read_line() {
            Ok(line) => line.unwrap_or_default(),
            Err(error) => return Some(Job::Broken(error)),
        };
        if mode.is_lines(&first) {
            lines.first = Some(first);
            self.lines = Some(lines);
            return None;
        }
        Some(lines.whole(first))
    }
}

impl<'a> Jobs<'a> {
    /// The jobs of a command's input. With `--merge`, all exports are one machine, in the place of the first of them.
    pub fn of(input: &InputArgs, stdin: Stdin<'a>) -> Box<dyn Iterator<Item = Job> + 'a> {
        let export = &input.source.export;
        let count = input.machines.len();
        let jobs = Jobs::new(input.machines.clone(), stdin);
        match (export.merge, &export.name) {
            (true, _) => Box::new(jobs.merged().into_iter()),
            (false, Some(_)) if count > 1 => {
                let message = format!(
                    "--name names one machine, and {count} inputs are given: add --merge if they all belong to it"
                );
                Box::new(std::iter::once(Job::Broken(InputError::new(message))))
            }
            (false, _) => Box::new(jobs),
        }
    }

    fn merged(self) -> Vec<Job> {
        let mut first = None;
        let mut jobs: Vec<Job> = Vec::new();
        let mut files = Vec::new();
        for job in self {
            match job {
                Job::Export(more) => {
                    first.get_or_insert(jobs.len());
                    files.extend(more);
                }
                other => jobs.push(other),
            }
        }
        if let Some(first) = first {
            jobs.insert(first, Job::Export(files));
        }
        jobs
    }
}

impl Iterator for Jobs<'_> {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next_job() {
                    Some(job) => return Some(job),
                    None => self.lines = None,
                }
            }
            let path = self.paths.next()?;
            if let Some(job) = self.open(path) {
                return Some(job);
            }
        }
    }
}

/// Whether a JSON text is one inventory a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineMode {
    /// The name says so.
    Sure,
    /// Standard input: lines, unless the first is only an opening brace.
    Likely,
    /// The content decides: lines, if the first is a document of its own or cannot be the beginning of one.
    Unknown,
}

impl LineMode {
    fn is_lines(self, first: &[u8]) -> bool {
        let first = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first).trim_ascii();
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
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    matches!(head.trim_ascii_start().first(), Some(b'{' | b'['))
}

impl Lines<'_> {
    /// The next line without its end; `None` at the end of the file.
    fn read_line(&mut self) -> Result<Option<Vec<u8>>, InputError> {
        let mut line = Vec::new();
        let mut limited = (&mut self.reader).take(MAX_LINE_BYTES);
        let read = limited.read_until(b'\n', &mut line);
        self.number += 1;
        match read {
            Err(error) => Err(InputError::io(&self.path, &error)),
            Ok(0) => Ok(None),
            Ok(_) if line.len() as u64 == MAX_LINE_BYTES && line.last() != Some(&b'\n') => {
                self.skip_line()?;
                let message = format!("the line has more than {} MB", MAX_LINE_BYTES >> 20);
                Err(InputError::new(message).in_file(&self.path).on_line(self.number))
            }
            Ok(_) => Ok(Some(line)),
        }
    }

    fn skip_line(&mut self) -> Result<(), InputError> {
        let skipped = self.reader.skip_until(b'\n');
        skipped.map(|_| ()).map_err(|error| InputError::io(&self.path, &error))
    }

    fn next_job(&mut self) -> Option<Job> {
        loop {
            let line = match self.first.take() {
                Some(line) => line,
                None => match self.read_line() {
                    Ok(line) => line?,
                    Err(error) => return Some(Job::Broken(error)),
                },
            };
            // A blank line between documents is no document.
            if !line.trim_ascii().is_empty() {
                return Some(self.document(line, Some(self.number)));
            }
        }
    }

    /// The rest of the file as one document.
    fn whole(mut self, mut text: Vec<u8>) -> Job {
        match self.reader.read_to_end(&mut text) {
            Ok(_) => self.document(text, None),
            Err(error) => Job::Broken(InputError::io(&self.path, &error)),
        }
    }

    fn document(&self, mut bytes: Vec<u8>, line: Option<usize>) -> Job {
        // A document that ends too early ends on its own line.
        bytes.truncate(bytes.trim_ascii_end().len());
        match text::decode(bytes) {
            Ok(text) => Job::Inventory(Document { path: self.path.clone(), line, text }),
            Err(error) => {
                let error = error.in_file(&self.path);
                Job::Broken(match line {
                    Some(line) => error.on_line(line),
                    None => error,
                })
            }
        }
    }
}

fn cannot_open(path: &Path, error: &std::io::Error) -> InputError {
    let hint = path.to_str().and_then(slash::hint);
    match hint {
        Some(hint) if error.kind() == std::io::ErrorKind::NotFound => {
            InputError::new(format!("no such file or folder; {hint}")).in_file(path)
        }
        _ => InputError::io(path, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs_of(stdin: &str) -> Vec<Job> {
        let mut bytes = stdin.as_bytes();
        Jobs::new(vec!["-".into()], &mut bytes).collect()
    }

    #[test]
    fn lines_keep_their_numbers_and_blank_ones_are_none() {
        let jobs = jobs_of("{\"a\":1}\n\n{broken\n{\"b\":2}");
        let lines: Vec<_> = jobs
            .iter()
            .map(|job| match job {
                Job::Inventory(document) => (document.line, document.text.trim()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(lines, [(Some(1), "{\"a\":1}"), (Some(3), "{broken"), (Some(4), "{\"b\":2}")]);
    }

    #[test]
    fn a_document_may_have_several_lines() {
        let jobs = jobs_of("{\n  \"a\": 1\n}\n");
        assert!(matches!(&jobs[..], [Job::Inventory(document)] if document.line.is_none()), "{jobs:?}");
    }

    #[test]
    fn what_is_no_json_is_an_export_and_nothing_is_an_error() {
        assert!(matches!(&jobs_of("Windows Registry Editor Version 5.00\r\n")[..], [Job::Export(_)]));
        assert!(matches!(&jobs_of("")[..], [Job::Broken(_)]));
    }
}
