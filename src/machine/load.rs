//! From the bytes of a file to entries of stores: the content decides what a file is, never its name.
//!
//! One reader for all: a file of a store's folder, an argument, a field of an inventory and an export are read by
//! `crate::import`, so the same bytes mean the same. What is a single certificate or CRL in DER, as nearly all are, is
//! looked up in the cache first, which gives what the reader would.

use super::bytes::Limits;
use super::cache::{self, DecodeCache};
use super::collected::Collected;
use super::error::InputError;
use super::importer::Importer;
use super::inventory::Sidecar;
use super::properties;
use crate::certificate::{Certificate, CertificateError, Thumbprint};
use crate::import::{self, Format, ImportError, Imported};
use crate::revocation::{Crl, CrlError};
use crate::store::{Entry, StoredCertificate, UnreadableEntry};
use std::path::Path;

/// At most this many problems of one file are told; the rest is counted.
const TOLD_PROBLEMS: usize = 20;

/// What files are read with.
#[derive(Default)]
pub(crate) struct Loader {
    pub cache: DecodeCache,
    pub importer: Importer,
    pub limits: Limits,
}

impl Collected {
    /// Tells what an export held that was not understood.
    pub(crate) fn tell(&mut self, place: &str, imported: &Imported) {
        let problems = imported.problems();
        let told = problems.iter().take(TOLD_PROBLEMS);
        self.notes.extend(told.map(|problem| format!("{place}: {problem}")));
        let more = problems.len().saturating_sub(TOLD_PROBLEMS) + imported.more_problems();
        if more > 0 {
            self.notes.push(format!("{place}: and {more} more problems"));
        }
    }

    /// Adds the certificates and CRLs of a file to a store, with what the sidecar says of all its certificates.
    ///
    /// # Errors
    /// An export that cannot be read as a whole, or a property of the sidecar that does not read.
    pub(crate) fn add_to_store(
        &mut self,
        store: &str,
        place: &str,
        bytes: &[u8],
        sidecar: &Sidecar,
        loader: &Loader,
    ) -> Result<(), InputError> {
        if let Some(certificate) = loader.cache.certificate(bytes) {
            let stored = properties::apply(StoredCertificate::new(certificate), sidecar)?;
            self.stores.add(store, stored);
            return Ok(());
        }
        if import::detect(bytes).is_none() {
            // T-5: someone put the bytes where certificates stand.
            if let Err(error) = Certificate::from_der(bytes) {
                let entry = UnreadableEntry::new(bytes, error).with_source(place);
                self.stores.add_unreadable(store, entry);
            }
            return Ok(());
        }
        let path = Path::new(place);
        let imported = match loader.importer.import(path, bytes, Some(store)) {
            Ok(imported) => imported,
            // It is there to be given.
            Err(error @ ImportError::Password) => return Err(loader.importer.explain(path, &error)),
            Err(error) => {
                let error = CertificateError::Entry { offset: error.offset(), problem: error.to_string() };
                let entry = UnreadableEntry::new(bytes, error).with_source(place);
                self.stores.add_unreadable(store, entry);
                return Ok(());
            }
        };
        self.tell(place, &imported);
        for (name, entries) in imported.stores() {
            self.stores.add_store(name.clone());
            for entry in entries {
                match entry {
                    Entry::Certificate(stored) => {
                        self.stores.add(name.clone(), properties::apply(stored.clone(), sidecar)?)
                    }
                    Entry::Unreadable(entry) => {
                        self.stores.add_unreadable(name.clone(), entry.clone().with_source(place))
                    }
                };
            }
        }
        self.add_crls(place, imported.crls().iter().map(|der| loader.cache.crl(der)));
        Ok(())
    }

    /// Adds the certificate in a field of an inventory.
    ///
    /// # Errors
    /// As [`add_to_store`](Self::add_to_store).
    pub(crate) fn add_field_to_store(
        &mut self,
        store: &str,
        place: &str,
        text: &str,
        sidecar: &Sidecar,
        loader: &Loader,
    ) -> Result<(), InputError> {
        if let Some(certificate) = loader.cache.certificate_base64(text) {
            let stored = properties::apply(StoredCertificate::new(certificate), sidecar)?;
            self.stores.add(store, stored);
            return Ok(());
        }
        match cache::base64(text) {
            Ok(bytes) => self.add_to_store(store, place, &bytes, sidecar, loader),
            // PEM as it stands, or another text that is read.
            Err(_) if import::detect(text.as_bytes()).is_some() => {
                self.add_to_store(store, place, text.as_bytes(), sidecar, loader)
            }
            Err(offset) => {
                let entry = UnreadableEntry::new(text.as_bytes(), cache::not_base64(offset)).with_source(place);
                self.stores.add_unreadable(store, entry);
                Ok(())
            }
        }
    }

    /// Adds a certificate that an inventory says to stand under a registry key of this name, if the name is not its own (rule
    /// W-3); whether it did.
    pub(crate) fn add_misnamed(&mut self, store: &str, place: &str, text: &str, named: &str, loader: &Loader) -> bool {
        let Some(certificate) = loader.cache.certificate_base64(text) else { return false };
        let (actual, stated) = (certificate.thumbprint(), named.parse::<Thumbprint>().ok());
        if stated == Some(actual) {
            return false;
        }
        let entry = import::misnamed(certificate.as_der(), 0, named, actual).with_source(place);
        let entry = match stated {
            Some(stated) => entry.with_thumbprint(stated),
            None => entry,
        };
        self.stores.add_unreadable(store, entry);
        true
    }

    /// Adds the CRLs of a file; certificates in it are not CRLs, which is said.
    ///
    /// # Errors
    /// An export that cannot be read as a whole.
    pub(crate) fn add_crl_file(&mut self, place: &str, bytes: &[u8], loader: &Loader) -> Result<(), InputError> {
        let error = match loader.cache.crl(bytes) {
            Ok(crl) => {
                self.crls.push(crl);
                return Ok(());
            }
            Err(error) => error,
        };
        let format = import::detect(bytes);
        let imported = match format {
            // What stands among CRLs and is neither an export nor a text is a CRL that does not decode (V-8).
            None | Some(Format::Certificate) => {
                self.bad_crls.push((place.to_owned(), error));
                return Ok(());
            }
            Some(_) => {
                let path = Path::new(place);
                let imported = loader.importer.import(path, bytes, None);
                imported.map_err(|error| loader.importer.explain(path, &error))?
            }
        };
        self.tell(place, &imported);
        let others = entries(&imported).count();
        if imported.crls().is_empty() {
            self.notes.push(format!("{place}: there is no CRL in it"));
        } else if others > 0 {
            self.notes.push(format!("{place}: {others} certificates stand among its CRLs and are left aside"));
        }
        self.add_crls(place, imported.crls().iter().map(|der| loader.cache.crl(der)));
        Ok(())
    }

    /// Adds the CRL in a field of an inventory.
    ///
    /// # Errors
    /// Text that is not base64; as [`add_crl_file`](Self::add_crl_file).
    pub(crate) fn add_crl_field(&mut self, place: &str, text: &str, loader: &Loader) -> Result<(), InputError> {
        if let Some(crl) = loader.cache.crl_base64(text) {
            self.crls.push(crl);
            return Ok(());
        }
        match cache::base64(text) {
            Ok(bytes) => self.add_crl_file(place, &bytes, loader),
            Err(_) if import::detect(text.as_bytes()).is_some() => self.add_crl_file(place, text.as_bytes(), loader),
            Err(offset) => Err(InputError::new(format!("{place}: not base64 at byte {offset}"))),
        }
    }

    /// Adds CRLs; those that do not decode are warnings.
    pub(crate) fn add_crls(&mut self, place: &str, crls: impl IntoIterator<Item = Result<Crl, CrlError>>) {
        for crl in crls {
            match crl {
                Ok(crl) => self.crls.push(crl),
                Err(error) => self.bad_crls.push((place.to_owned(), error)),
            }
        }
    }
}

impl Loader {
    /// The certificates of a file of an issuers list, and what is worth saying about it.
    ///
    /// # Errors
    /// A certificate that does not decode, or none at all: a list with a hole would reject what it should accept.
    pub(crate) fn issuers(
        &self,
        place: &str,
        bytes: &[u8],
        notes: &mut Vec<String>,
    ) -> Result<Vec<Certificate>, InputError> {
        if let Some(certificate) = self.cache.certificate(bytes) {
            return Ok(vec![certificate]);
        }
        let unreadable = |entry: &UnreadableEntry| InputError::new(entry.error().to_string());
        if import::detect(bytes).is_none() {
            return match Certificate::from_der(bytes) {
                Ok(certificate) => Ok(vec![certificate]),
                Err(error) => Err(InputError::new(error.to_string())),
            };
        }
        let imported = self.importer.import(Path::new(place), bytes, Some("issuers"));
        let imported = imported.map_err(|error| self.importer.explain(Path::new(place), &error))?;
        let mut told = Collected::default();
        told.tell(place, &imported);
        notes.append(&mut told.notes);
        let found: Result<Vec<_>, _> = entries(&imported)
            .map(|entry| match entry {
                Entry::Certificate(stored) => Ok(stored.certificate().clone()),
                Entry::Unreadable(entry) => Err(unreadable(entry)),
            })
            .collect();
        match found {
            Ok(found) if found.is_empty() => Err(InputError::new("there is no certificate in it")),
            found => found,
        }
    }

    /// The certificates in a field of an inventory's issuers list.
    ///
    /// # Errors
    /// As [`issuers`](Self::issuers).
    pub(crate) fn issuers_field(
        &self,
        place: &str,
        text: &str,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Certificate>, InputError> {
        if let Some(certificate) = self.cache.certificate_base64(text) {
            return Ok(vec![certificate]);
        }
        let bytes = match cache::base64(text) {
            Ok(bytes) => Ok(bytes),
            Err(_) if import::detect(text.as_bytes()).is_some() => Ok(text.as_bytes().to_vec()),
            Err(offset) => Err(InputError::new(cache::not_base64(offset).to_string())),
        };
        let found = bytes.and_then(|bytes| self.issuers(place, &bytes, notes));
        found.map_err(|error| InputError::new(format!("{place}: {}", error.message)))
    }
}

fn entries(imported: &Imported) -> impl Iterator<Item = &Entry> {
    imported.stores().flat_map(|(_, entries)| entries)
}
