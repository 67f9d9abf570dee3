//! From the MACHINE arguments to one job a machine, lazily: a fleet is a stream and never in memory as a whole.

use super::args::InputArgs;
use super::export::ExportFile;
use super::members::{self, MachineFolder};
use super::slash;
use super::this_computer;
use crate::machine::error::InputError;
use crate::machine::inventory::Inventory;
use crate::machine::lines::{self, Document, FileContent, LineMode, Lines};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// How much of a file is read at a time.
const READ_BYTES: usize = 1 << 18;

/// The reader behind `-`.
pub(crate) type Stdin<'a> = &'a mut (dyn BufRead + Send);

/// One machine to judge, not yet decoded.
#[derive(Debug)]
pub(crate) enum Job {
    /// A machine folder.
    Folder(PathBuf),
    /// One inventory, from a file or from a line of one.
    Inventory(Document),
    /// A file that is not an inventory: an export, by its content; several that belong to one machine.
    Export(Vec<ExportFile>),
    /// A machine of a folder into which each of a fleet wrote its export.
    Member(MachineFolder),
    /// Something that cannot be read; the others are answered.
    Broken(InputError),
}

/// The jobs of all arguments, in their order.
pub(crate) struct Jobs<'a> {
    paths: std::vec::IntoIter<PathBuf>,
    stdin: Option<Stdin<'a>>,
    lines: Option<Lines<'a>>,
    members: std::vec::IntoIter<Result<MachineFolder, InputError>>,
}

impl<'a> Jobs<'a> {
    pub(crate) fn new(paths: Vec<PathBuf>, stdin: Stdin<'a>) -> Self {
        Jobs { paths: paths.into_iter(), stdin: Some(stdin), lines: None, members: Vec::new().into_iter() }
    }

    fn open(&mut self, path: PathBuf) -> Option<Job> {
        if path.as_os_str() == "-" {
            let Some(stdin) = self.stdin.take() else {
                return Some(Job::Broken(InputError::new("`-` is there twice: stdin can be read once")));
            };
            return self.begin(path, Box::new(stdin), LineMode::Likely);
        }
        if path.is_dir() {
            return match members::members(&path) {
                Ok(Some(found)) => {
                    self.members = found.into_iter();
                    None
                }
                Ok(None) => Some(Job::Folder(path)),
                Err(error) => Some(Job::Broken(error)),
            };
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
    fn begin(&mut self, path: PathBuf, reader: Box<dyn BufRead + Send + 'a>, mode: LineMode) -> Option<Job> {
        match lines::open(&path, reader, mode) {
            Ok(FileContent::Lines(lines)) => {
                self.lines = Some(lines);
                None
            }
            Ok(FileContent::Whole(document)) => Some(Job::Inventory(document)),
            Ok(FileContent::Other(bytes)) => Some(Job::Export(vec![ExportFile { path, bytes, owner: None }])),
            Err(error) => Some(Job::Broken(error)),
        }
    }
}

impl<'a> Jobs<'a> {
    /// The jobs of a command's input. With `--merge`, all exports are one machine, in the place of the first of them.
    pub(crate) fn of(input: &InputArgs, stdin: Stdin<'a>) -> Box<dyn Iterator<Item = Job> + 'a> {
        let export = &input.source.export;
        if input.machines.is_empty() {
            let job = this_computer::export().map_or_else(Job::Broken, |export| Job::Export(vec![export]));
            return Box::new(std::iter::once(job));
        }
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
            (false, Some(name)) => {
                Box::new(Meant { jobs, name: name.clone(), several: false, found: false, ended: false })
            }
            (false, None) => Box::new(jobs),
        }
    }

    fn merged(self) -> Vec<Job> {
        let (mut first, mut told) = (None, false);
        let mut jobs: Vec<Job> = Vec::new();
        let mut files = Vec::new();
        for job in self {
            match job {
                Job::Export(more) => {
                    first.get_or_insert(jobs.len());
                    files.extend(more);
                }
                Job::Member(member) if !told => {
                    told = true;
                    let message = "--merge takes files: in a folder of exports each is a machine of its own";
                    jobs.push(Job::Broken(InputError::new(message).in_file(&member.registry)));
                }
                Job::Member(_) => {}
                other @ (Job::Folder(_) | Job::Inventory(_) | Job::Broken(_)) => jobs.push(other),
            }
        }
        if let Some(first) = first {
            jobs.insert(first, Job::Export(files));
        }
        jobs
    }
}

/// Of several machines in a file or a folder the one that `--name` means; a single export takes that name.
struct Meant<'a> {
    jobs: Jobs<'a>,
    name: String,
    several: bool,
    found: bool,
    ended: bool,
}

impl Iterator for Meant<'_> {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        for job in self.jobs.by_ref() {
            let own = match &job {
                Job::Inventory(document) if document.line.is_some() => Inventory::name_of(&document.text),
                Job::Member(member) => Some(member.name.clone()),
                Job::Inventory(_) | Job::Folder(_) | Job::Export(_) | Job::Broken(_) => return Some(job),
            };
            self.several = true;
            if own.is_some_and(|own| own.eq_ignore_ascii_case(&self.name)) {
                self.found = true;
                return Some(job);
            }
        }
        if self.ended || self.found || !self.several {
            return None;
        }
        self.ended = true;
        Some(Job::Broken(InputError::new(format!("there is no machine `{}`", self.name))))
    }
}

impl Iterator for Jobs<'_> {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next() {
                    Some(Ok(document)) => return Some(Job::Inventory(document)),
                    Some(Err(error)) => return Some(Job::Broken(error)),
                    None => self.lines = None,
                }
            }
            match self.members.next() {
                Some(Ok(member)) => return Some(Job::Member(member)),
                Some(Err(error)) => return Some(Job::Broken(error)),
                None => {}
            }
            let path = self.paths.next()?;
            if let Some(job) = self.open(path) {
                return Some(job);
            }
        }
    }
}

fn cannot_open(path: &Path, error: &std::io::Error) -> InputError {
    let hint = path.to_str().and_then(slash::hint);
    match hint {
        Some(hint) if error.kind() == std::io::ErrorKind::NotFound => InputError::new(hint).in_file(path),
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
