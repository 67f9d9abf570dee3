//! What is on record about one machine, and the reader that makes it.

use super::bounds;
use super::collected::Collected;
use super::error::InputError;
use super::folder;
use super::input::MachineInput;
use super::lines::{self, Document, FileContent, LineMode};
use super::load::Loader;
use super::settings::{self, Given};
use super::trace::Stated;
use crate::computer::Machine;
use crate::revocation::Crls;
use crate::select::{Selector, VerificationCache};
use crate::settings::Settings;
use crate::shown::one_line;
use crate::store::Stores;
use crate::time::Timestamp;
use std::fmt;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

/// What is on record about one machine.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MachineRecord {
    /// Its names.
    pub machine: Machine,
    /// When it was recorded, where that is stated.
    pub now: Option<Timestamp>,
    /// Its certificate stores. What does not decode is an entry, too.
    pub stores: Arc<Stores>,
    /// Its CRLs, and why others do not decode.
    pub crls: Arc<Crls>,
    /// The settings of its client.
    pub settings: Settings,
    /// What its files set, in the order in which that was laid over the defaults: the last of a name counts.
    pub stated: Vec<Stated>,
    /// What is worth saying about the input, each in a line of its own: what was left aside or not understood, and what
    /// probably is not meant.
    pub notes: Vec<String>,
    /// Signature results, shared by all machines of one reader.
    pub cache: Arc<VerificationCache>,
}

impl MachineRecord {
    /// The selector of this machine.
    pub fn selector(&self) -> Selector {
        let (stores, cache) = (Arc::clone(&self.stores), Arc::clone(&self.cache));
        Selector::with_cache(stores, self.machine.clone(), self.settings.clone(), cache)
            .with_crls(Arc::clone(&self.crls))
    }

    fn of(input: MachineInput, cache: Arc<VerificationCache>) -> Result<Self, InputError> {
        let own = settings::own(&input, settings::issuer_syntax(&input, &[])?, &Given::default())?;
        let effective = own.finish(&input);
        let (stores, crls, mut notes) = input.collected.settled(&Collected::default());
        notes.extend(effective.notes);
        bounds::affordable(&stores)?;
        Ok(MachineRecord {
            machine: input.machine,
            now: input.now,
            stores: Arc::new(stores),
            crls: Arc::new(crls),
            settings: effective.settings,
            stated: effective.trace.0,
            // A note names its file, whose name may hold anything.
            notes: notes.iter().map(|note| one_line(note)).collect(),
            cache,
        })
    }
}

/// Reads machines. What many of them have in common, certificates of CAs, CRLs and signatures, is decoded and verified once.
#[derive(Default)]
pub struct Reader {
    loader: Loader,
    cache: Arc<VerificationCache>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("limits", &self.loader.limits).finish_non_exhaustive()
    }
}

impl Reader {
    /// A reader that takes files of up to 64 MiB, and CRLs of up to 256 MiB.
    pub fn new() -> Self {
        Self::default()
    }

    /// Refuses files of a folder that have more bytes than `file`, and CRLs that have more than `crl`.
    #[must_use]
    pub fn with_limits(mut self, file: u64, crl: u64) -> Self {
        self.loader.limits.file = file;
        self.loader.limits.crl = crl;
        self
    }

    /// The password of the `.pfx` files of a folder. To read these needs the feature `import` as well.
    #[must_use]
    pub fn with_password(mut self, password: impl Into<String>) -> Self {
        self.loader.importer.password = Some(password.into());
        self
    }

    /// Reads a machine folder.
    ///
    /// # Errors
    /// Its `machine.toml` is missing or wrong, or something in it cannot be read. A file without a certificate is not an error: it
    /// is an entry of its store (rule T-5).
    pub fn read_folder(&self, folder: impl AsRef<Path>) -> Result<MachineRecord, InputError> {
        let folder = folder.as_ref();
        let read = folder::read(folder, &self.loader).and_then(|input| self.record(input));
        read.map_err(|error| error.in_file(folder))
    }

    /// Reads one inventory, a JSON document.
    ///
    /// # Errors
    /// It is not an inventory, or a setting or a word in it does not read; with the line.
    pub fn read_inventory(&self, json: &str) -> Result<MachineRecord, InputError> {
        self.read_document(&Document { path: UNNAMED.into(), line: None, text: json.to_owned() })
    }

    /// Reads inventories, one JSON document a line, or one that has several lines. What is wrong with a line is the error of
    /// that line; the others are read.
    pub fn read_inventories<'a>(
        &'a self,
        json: impl BufRead + Send + 'a,
    ) -> impl Iterator<Item = Result<MachineRecord, InputError>> + 'a {
        let (lines, one) = match lines::open(Path::new(UNNAMED), Box::new(json), LineMode::Likely) {
            Ok(FileContent::Lines(lines)) => (Some(lines), None),
            Ok(FileContent::Whole(document)) => (None, Some(Ok(document))),
            Ok(FileContent::Other(_)) => {
                (None, Some(Err(InputError::new("this is no inventory: one begins with `{`"))))
            }
            Err(error) => (None, Some(Err(error))),
        };
        let documents = one.into_iter().chain(lines.into_iter().flatten());
        documents.map(|document| self.read_document(&document.map_err(unnamed)?))
    }

    fn read_document(&self, document: &Document) -> Result<MachineRecord, InputError> {
        let input = MachineInput::from_document(document, &self.loader);
        input.and_then(|input| self.record(input)).map_err(unnamed)
    }

    fn record(&self, input: MachineInput) -> Result<MachineRecord, InputError> {
        MachineRecord::of(input, Arc::clone(&self.cache))
    }
}

/// What a text is called that is not a file.
const UNNAMED: &str = "-";

/// An error in a text that is not a file.
fn unnamed(mut error: InputError) -> InputError {
    error.path = None;
    error
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/machine_record.rs"]
mod tests;
