//! From a job to a selector: read, decode, settle the settings. What goes wrong is about one machine only.

use super::args::{SettingArgs, SourceArgs};
use super::export::{self, Exports};
use super::jobs::Job;
use super::settings::{Client, CommandLine};
use crate::certificate::Certificate;
use crate::crypto::Algorithms;
use crate::machine::bytes::{self, Limits};
use crate::machine::collected::Collected;
use crate::machine::error::InputError;
use crate::machine::input::{MachineInput, instant};
use crate::machine::inventory::Inventory;
use crate::machine::lines::Document;
use crate::machine::load::Loader;
use crate::machine::trace::Trace;
use crate::machine::{bounds, folder};
use crate::report::NowSource;
use crate::revocation::Crl;
use crate::select::{Selector, VerificationCache};
use crate::shown::{Shown, one_line};
use crate::time::Timestamp;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// What all machines of a run share.
pub(crate) struct Context {
    loader: Loader,
    exports: Exports,
    verification: Arc<VerificationCache>,
    command_line: CommandLine,
    /// `--now`.
    now: Option<Timestamp>,
    clock: Timestamp,
    /// `--crl`.
    given: Collected,
}

/// A machine that can be judged.
pub(crate) struct Prepared {
    pub name: String,
    pub selector: Selector,
    pub now: Timestamp,
    pub now_source: NowSource,
    /// Who set what.
    pub trace: Trace,
    /// What is worth saying about the input, for stderr.
    pub notes: Vec<String>,
}

/// A machine that cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MachineError {
    /// Its name, or the path where the name does not read.
    pub machine: String,
    pub error: InputError,
}

/// As it is shown on standard error: a machine without a name has that of its file, which is said once.
impl fmt::Display for MachineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.error.path.as_deref().is_some_and(|path| path.as_os_str() == self.machine.as_str()) {
            return self.error.fmt(f);
        }
        write!(f, "{}: {}", Shown(self.machine.as_str()), self.error)
    }
}

impl Context {
    /// Reads what the command line gives for every machine.
    ///
    /// # Errors
    /// A setting, an instant or a CRL path that does not read.
    pub(crate) fn new(source: &SourceArgs, settings: &SettingArgs, clock: Timestamp) -> Result<Self, InputError> {
        let limits = Limits::of_megabytes(source.max_file_mb, source.max_crl_mb);
        let loader = Loader { importer: export::importer(&source.export)?, limits, ..Loader::default() };
        let mut given = Collected::default();
        for path in &source.crl {
            folder::read_crls(path, &mut given, &loader)?;
        }
        Ok(Context {
            loader,
            exports: Exports::new(&source.export),
            verification: Arc::new(VerificationCache::new(Algorithms::default())),
            command_line: CommandLine::new(settings)?,
            now: source.now.as_deref().map(instant).transpose()?,
            clock,
            given,
        })
    }

    /// The CRLs of `--crl`.
    pub(crate) fn crls(&self) -> &[Crl] {
        &self.given.crls
    }

    /// The instant of `--now`.
    pub(crate) fn given_now(&self) -> Option<Timestamp> {
        self.now
    }

    /// What is known of the client of a machine.
    ///
    /// # Errors
    /// Settings that do not read.
    pub(crate) fn client(&self, input: &MachineInput, notes: &mut Vec<String>) -> Result<Client, InputError> {
        self.command_line.client(input, notes)
    }

    /// The certificates of a file.
    ///
    /// # Errors
    /// It cannot be read, or holds none.
    pub(crate) fn certificates(&self, path: &Path, notes: &mut Vec<String>) -> Result<Vec<Certificate>, InputError> {
        let found = self.loader.issuers(&path.display().to_string(), &bytes::named(path)?, notes);
        found.map_err(|error| error.in_file(path))
    }

    /// Reads one machine.
    ///
    /// # Errors
    /// What is wrong with it, under its name as far as that is known.
    pub(crate) fn read(&self, job: Job) -> Result<MachineInput, MachineError> {
        match job {
            Job::Folder(path) => {
                let name = path.display().to_string();
                folder::read(&path, &self.loader)
                    .map_err(|error| MachineError { machine: folder::name_of(&path).unwrap_or(name), error })
            }
            Job::Inventory(document) => self.read_inventory(&document),
            Job::Export(files) => self.exports.machine(&files, &self.loader).map_err(|error| MachineError {
                machine: match &error.path {
                    Some(path) => path.display().to_string(),
                    None => export::name_of(&files),
                },
                error,
            }),
            Job::Member(member) => self
                .exports
                .member(&member, &self.loader)
                .map_err(|error| MachineError { machine: member.name.clone(), error }),
            Job::Broken(error) => Err(MachineError {
                machine: error.path.as_deref().unwrap_or(Path::new("-")).display().to_string(),
                error,
            }),
        }
    }

    fn read_inventory(&self, document: &Document) -> Result<MachineInput, MachineError> {
        let read = MachineInput::from_document(document, &self.loader);
        read.map_err(|error| MachineError {
            machine: Inventory::name_of(&document.text).unwrap_or_else(|| document.path.display().to_string()),
            error,
        })
    }

    /// The machine of this run, and the same one under the settings and the instant of another.
    ///
    /// # Errors
    /// Settings of either run that do not read.
    pub(crate) fn prepare_with(
        &self,
        input: MachineInput,
        other: &Context,
    ) -> Result<(Prepared, Selector, Timestamp), MachineError> {
        let effective = other
            .command_line
            .over(&input)
            .map_err(|error| MachineError { machine: input.machine.name().to_owned(), error })?;
        let mut prepared = self.prepare(input)?;
        // What both runs say is said once.
        let more = effective.notes.into_iter().filter(|note| !prepared.notes.contains(note)).collect::<Vec<_>>();
        prepared.notes.extend(more);
        let selector = prepared.selector.with_settings(effective.settings);
        let now = other.now.unwrap_or(prepared.now);
        Ok((prepared, selector, now))
    }

    /// Settles the settings and the instant, and makes the selector.
    ///
    /// # Errors
    /// Settings that do not read.
    pub(crate) fn prepare(&self, input: MachineInput) -> Result<Prepared, MachineError> {
        let name = input.machine.name().to_owned();
        let effective =
            self.command_line.over(&input).map_err(|error| MachineError { machine: name.clone(), error })?;
        let (now, now_source) = match self.now.or(input.now) {
            Some(now) => (now, NowSource::Given),
            None => (self.clock, NowSource::Clock),
        };
        let (stores, crls, mut notes) = input.collected.settled(&self.given);
        notes.extend(effective.notes);
        // A note names its file, whose name may hold anything.
        let notes = notes.iter().map(|note| one_line(note)).collect();
        let cache = Arc::clone(&self.verification);
        bounds::affordable(&stores).map_err(|error| MachineError { machine: name.clone(), error })?;
        let selector = Selector::with_cache(stores, input.machine, effective.settings, cache).with_crls(crls);
        Ok(Prepared { name, selector, now, now_source, trace: effective.trace, notes })
    }
}
