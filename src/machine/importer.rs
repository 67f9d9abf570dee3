//! What files are read with, whatever they are in: the store that is asked for, and the password of `.pfx` files.

use super::error::InputError;
use crate::import::{self, ImportError, ImportOptions, Imported};
use crate::shown::one_line;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Asks for a password, with this prompt.
pub(crate) type Ask = fn(String) -> io::Result<String>;

/// Reads the formats of `crate::import`.
#[derive(Default)]
pub(crate) struct Importer {
    pub into: Option<String>,
    pub password: Option<String>,
    /// Where someone can be asked.
    pub ask: Option<Ask>,
    /// The password that was asked for last.
    pub asked: Mutex<Option<String>>,
}

impl Importer {
    /// Reads a file; into this store, unless it names its own.
    ///
    /// # Errors
    /// The whole file cannot be read.
    pub(crate) fn import(&self, path: &Path, bytes: &[u8], store: Option<&str>) -> Result<Imported, ImportError> {
        let mut options = ImportOptions::default();
        if let Some(store) = store.or(self.into.as_deref()) {
            options = options.with_store(store);
        }
        if let Some(password) = &self.password {
            options = options.with_password(password.as_str());
        }
        match import::import(bytes, &options) {
            Err(ImportError::Password) if self.password.is_none() => self.ask(path, bytes, options),
            other => other,
        }
    }

    /// What is wrong with a whole file, and what helps.
    pub(crate) fn explain(&self, path: &Path, error: &ImportError) -> InputError {
        let asked = matches!(error, ImportError::Password) && self.password.is_none();
        let message = if asked { format!("{error}; give it by --password-file") } else { error.to_string() };
        InputError::new(message).in_file(path)
    }

    /// Asks for the password; the last answer is tried first, because the files of one machine often share it.
    fn ask(&self, path: &Path, bytes: &[u8], options: ImportOptions) -> Result<Imported, ImportError> {
        let Some(ask) = self.ask else { return Err(ImportError::Password) };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(password) = asked.as_deref() {
            let imported = import::import(bytes, &options.clone().with_password(password));
            if !matches!(imported, Err(ImportError::Password)) {
                return imported;
            }
        }
        let password =
            ask(format!("password of {}: ", one_line(&path.to_string_lossy()))).map_err(|_| ImportError::Password)?;
        let imported = import::import(bytes, &options.with_password(password.as_str()));
        *asked = Some(password);
        imported
    }
}
