//! Windows exports, as machines of their own and inside machine folders: recognised by content (rules W-1 to W-4).

use super::args::ExportArgs;
use super::cache::DecodeCache;
use super::error::InputError;
use super::folder;
use super::inventory::Sidecar;
use super::load::Loader;
use super::machine::{Collected, MachineInput};
use super::properties;
use ccmcertsel::Entry;
use ccmcertsel::import::{self, Format, ImportError, ImportOptions, Imported};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// At most this many problems of one file are told; the rest is counted.
const TOLD_PROBLEMS: usize = 20;

/// A file that is an export, or should be one.
#[derive(Debug)]
pub struct ExportFile {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// What the command line says about exports.
#[derive(Default)]
pub struct Exports {
    args: ExportArgs,
    password: Option<String>,
    /// The password that was asked for last.
    asked: Mutex<Option<String>>,
}

impl Exports {
    /// Reads the password file, if there is one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn new(args: &ExportArgs) -> Result<Self, InputError> {
        let password = match &args.password_file {
            Some(path) => {
                let text = super::text::decode(folder::read_bytes(path)?).map_err(|error| error.in_file(path))?;
                Some(text.lines().next().unwrap_or_default().to_owned())
            }
            None => None,
        };
        Ok(Exports { args: args.clone(), password, asked: Mutex::new(None) })
    }

    /// Reads an export; into this store, unless it names its own.
    ///
    /// # Errors
    /// The whole file cannot be read.
    pub fn import(&self, path: &Path, bytes: &[u8], store: Option<&str>) -> Result<Imported, InputError> {
        let mut options = ImportOptions::default();
        if let Some(store) = store.or(self.args.into.as_deref()) {
            options = options.with_store(store);
        }
        if let Some(password) = &self.password {
            options = options.with_password(password.as_str());
        }
        let imported = match import::import(bytes, &options) {
            Err(ImportError::Password) if self.password.is_none() => self.ask(path, bytes, options),
            other => other,
        };
        imported.map_err(|error| {
            let message = match error {
                ImportError::Password if self.password.is_none() => format!("{error}; give it by --password-file"),
                _ => error.to_string(),
            };
            InputError::new(message).in_file(path)
        })
    }

    /// Asks for the password; the last answer is tried first, because the files of one machine often share it.
    fn ask(&self, path: &Path, bytes: &[u8], options: ImportOptions) -> Result<Imported, ImportError> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(password) = asked.as_deref() {
            let imported = import::import(bytes, &options.clone().with_password(password));
            if !matches!(imported, Err(ImportError::Password)) {
                return imported;
            }
        }
        if !std::io::stdin().is_terminal() {
            return Err(ImportError::Password);
        }
        let prompt = format!("password of {}: ", path.display());
        let password = rpassword::prompt_password(prompt).map_err(|_| ImportError::Password)?;
        let imported = import::import(bytes, &options.with_password(password.as_str()));
        *asked = Some(password);
        imported
    }

    /// One machine from its exports.
    ///
    /// # Errors
    /// A file that is none, or cannot be read.
    pub fn machine(&self, files: &[ExportFile], cache: &DecodeCache) -> Result<MachineInput, InputError> {
        let mut machine = Imported::default();
        let mut collected = Collected::default();
        for file in files {
            if import::detect(&file.bytes).is_none() {
                let message = "this is no machine: name a folder with a machine.toml, an inventory, which begins with `{`, \
                               or an export of Windows (.reg, .sst, .p7b, .pfx)";
                return Err(InputError::new(message).in_file(&file.path));
            }
            let imported = self.import(&file.path, &file.bytes, None)?;
            collected.tell(&file.path.display().to_string(), &imported);
            machine.merge(imported);
        }
        collected.add_import(&machine, &name_of(files), cache);
        let name = self.args.name.clone().unwrap_or_else(|| name_of(files));
        if self.args.name.is_none() {
            let note = format!("an export does not say whose it is: called `{name}` after its file, use --name");
            collected.notes.push(note);
        }
        Ok(MachineInput {
            machine: MachineInput::machine(&name, self.args.fqdn.as_deref(), None)?,
            now: None,
            collected,
            issuers: None,
            templates: Vec::new(),
            settings: Vec::new(),
        })
    }
}

/// What a machine is called that nobody named: the first file without its ending.
pub fn name_of(files: &[ExportFile]) -> String {
    let stem = files.first().and_then(|file| file.path.file_stem());
    stem.map_or_else(|| "-".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Whether bytes are one of the formats that hold many certificates.
pub fn is_export(bytes: &[u8]) -> bool {
    matches!(import::detect(bytes), Some(Format::Registry | Format::SerializedStore | Format::Pkcs7 | Format::Pkcs12))
}

impl Collected {
    /// Tells what an export held that was not understood.
    pub fn tell(&mut self, place: &str, imported: &Imported) {
        let problems = imported.problems();
        let told = problems.iter().take(TOLD_PROBLEMS);
        self.notes.extend(told.map(|problem| format!("{place}: {problem}")));
        let more = problems.len().saturating_sub(TOLD_PROBLEMS) + imported.more_problems();
        if more > 0 {
            self.notes.push(format!("{place}: and {more} more problems"));
        }
    }

    /// Adds everything that exports held.
    pub fn add_import(&mut self, imported: &Imported, place: &str, cache: &DecodeCache) {
        imported.add_to(&mut self.stores);
        self.add_crls(place, imported.crls().iter().map(|der| cache.crl(der)));
    }

    /// Adds an export that stands among the files of a store, with what the sidecar says of all its certificates.
    ///
    /// # Errors
    /// A file that cannot be read, or a property of the sidecar.
    pub fn add_export_to_store(
        &mut self,
        store: &str,
        place: &str,
        bytes: &[u8],
        sidecar: &Sidecar,
        loader: &Loader,
    ) -> Result<(), InputError> {
        let imported = loader.exports.import(Path::new(place), bytes, Some(store))?;
        self.tell(place, &imported);
        for (name, entries) in imported.stores() {
            self.stores.add_store(name.clone());
            for entry in entries {
                match entry {
                    Entry::Certificate(stored) => {
                        let stored = properties::apply(stored.clone(), sidecar)?;
                        self.stores.add(name.clone(), stored)
                    }
                    Entry::Unreadable(entry) => self.stores.add_unreadable(name.clone(), entry.clone()),
                };
            }
        }
        self.add_crls(place, imported.crls().iter().map(|der| loader.cache.crl(der)));
        Ok(())
    }
}
