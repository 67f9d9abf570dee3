//! What Windows exports: bytes in, entries of stores out, and a list of what was not understood.
//!
//! [`import`](import()) tells the formats apart by their content:
//!
//! | format | rules |
//! |---|---|
//! | `reg export` of the certificate stores, `.reg` | W-2, W-3, W-4 |
//! | serialized store, `.sst` | W-1, W-3, W-4 |
//! | PKCS#7, `.p7b`, DER, BER or PEM | - |
//! | PKCS#12, `.pfx` (feature `import`) | V-2 |
//! | single certificates and CRLs, PEM texts of any of them in any encoding, base64 | T-5 |
//!
//! A registry export has every property that Windows keeps: there a certificate without key provider information has no private key
//! (rule W-4, our reading). It is the union of all stores of the local computer; those of users and services are left out, with a
//! problem that names the first. A certificate whose key is in a PKCS#12 file has an accessible key (rule V-2).
//!
//! Damage never fails a whole file: a damaged entry becomes an unreadable entry with its offset (rule T-5), and the rest
//! is read. Nothing is dropped silently; [`Imported::problems`] has the rest.
//!
//! ```
//! use ccmcertsel::import::{self, EntryDamage, ImportOptions, ImportProblem, ImportProblemKind, Imported, ProblemPlace};
//! use ccmcertsel::{StoreName, Stores};
//!
//! // What `reg export HKLM\SOFTWARE\Microsoft\SystemCertificates pc1.reg` writes, here with a damaged certificate.
//! let text = b"Windows Registry Editor Version 5.00\r\n\r\n\
//!     [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\MY\\Certificates\\00112233]\r\n\
//!     \"Blob\"=hex:20,00,00,00,01,00,00,00,ff,ff,00,00,30,82\r\n";
//! let imported: Imported = import::import(text, &ImportOptions::default())?;
//! let problem: &ImportProblem = &imported.problems()[0];
//! assert_eq!(
//!     problem.to_string(),
//!     r"line 4, byte 0 of `MY\Certificates\00112233`: damaged entry, 14 bytes skipped: length 65535 where 2 bytes are left (W-2)",
//! );
//! match (&problem.place, &problem.kind) {
//!     (ProblemPlace::Value { line: 4, key, .. }, ImportProblemKind::Damaged { problem, .. }) => {
//!         assert_eq!(key, r"MY\Certificates\00112233");
//!         assert_eq!(*problem, EntryDamage::Length { length: 65_535, left: 2 });
//!     }
//!     other => panic!("{other:?}"),
//! }
//! assert_eq!(imported.more_problems(), 0); // a thousand are kept
//!
//! let mut builder = Stores::builder();
//! imported.add_to(&mut builder);
//! let stores = builder.build();
//! assert_eq!(stores.entries_of(&StoreName::new("MY")).unwrap().len(), 1); // kept as unreadable
//! # Ok::<(), ccmcertsel::import::ImportError>(())
//! ```

mod collect;
mod content;
mod detect;
mod element;
mod pem;
#[cfg(feature = "import")]
mod pkcs12;
mod pkcs7;
mod private_key;
mod problem;
mod properties;
mod registry;
mod registry_text;
mod single;
mod sst;

pub(crate) use collect::misnamed;
pub(crate) use detect::{Format, detect};
pub(crate) use pkcs7::pkcs7;
#[cfg(feature = "import")]
pub(crate) use pkcs12::pkcs12;
pub use problem::{EntryDamage, ImportProblem, ImportProblemKind, ProblemPlace};
pub(crate) use registry::registry;
pub(crate) use sst::sst;

use crate::asn1;
use crate::certificate::{Certificate, Thumbprint};
use crate::store::{Entry, PrivateKey, StoreName, StoresBuilder};
use problem::Problems;
use std::collections::HashMap;

/// Inputs larger than this are refused. The whole of SystemCertificates is some megabytes.
pub(crate) const MAX_IMPORT_BYTES: usize = 256 * 1024 * 1024;

/// How a file is to be read.
#[derive(Clone, Default)]
pub struct ImportOptions {
    store: Option<StoreName>,
    password: Option<String>,
}

impl ImportOptions {
    /// Puts every certificate into this store, whatever it is.
    ///
    /// Without it, formats that name no store are sorted as the import wizard of Windows does: a CA certificate that
    /// names itself as its issuer into `ROOT`, another CA certificate into `CA`, the rest into `MY`. The registry names
    /// its stores, so there this has no effect.
    #[must_use]
    pub fn with_store(mut self, store: impl Into<StoreName>) -> Self {
        self.store = Some(store.into());
        self
    }

    /// The password of a PKCS#12 file. Without one the empty password is tried.
    ///
    /// ```
    /// use ccmcertsel::import::{ImportError, ImportOptions, import};
    ///
    /// # if cfg!(feature = "import") {
    /// let file = std::fs::read("testdata/import/one-p256.pfx")?;
    /// let imported = import(&file, &ImportOptions::default().with_password("kennwort"))?;
    /// assert!(imported.stores().any(|(name, _)| name.as_str() == "MY"));
    /// assert_eq!(import(&file, &ImportOptions::default()).unwrap_err(), ImportError::Password);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The store into which everything goes.
    pub(crate) fn store(&self) -> Option<&StoreName> {
        self.store.as_ref()
    }

    #[cfg(feature = "import")]
    fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }
}

/// The password is not shown.
impl std::fmt::Debug for ImportOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportOptions")
            .field("store", &self.store)
            .field("password", &self.password.as_ref().map(|_| "..."))
            .finish()
    }
}

/// Why a whole file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// No format is recognised.
    #[error(
        "format not recognised: neither a registry export, a serialized store, PKCS#7, PKCS#12, a certificate, a CRL nor PEM"
    )]
    Unknown,
    /// Something else that is known, or what a copy made of the file.
    #[error("not read: {0}")]
    Other(crate::encoding::OtherContent),
    /// More than 256 MiB.
    #[error("{size} bytes; at most {MAX_IMPORT_BYTES} are read")]
    TooLarge {
        /// The size of the input in bytes.
        size: usize,
    },
    /// The outer structure is damaged.
    #[error("the {format} is damaged: {error}")]
    Damaged {
        /// The format.
        format: &'static str,
        /// What is wrong, and where.
        error: crate::asn1::DerError,
    },
    /// The password of a PKCS#12 file is wrong, or the file was altered: its check value does not fit.
    #[error("the password is wrong, or the file was altered")]
    Password,
    /// A cipher or hash that is not read.
    #[error("{what} is not read: {}", crate::shown::QuotedBy(oid))]
    Algorithm {
        /// What it is for.
        what: &'static str,
        /// Its identifier.
        oid: crate::oid::Oid,
    },
    /// The file asks for more key derivation than is done for one file: 5,000,000 hashes.
    #[error(
        "{iterations} hashes to derive keys with; at most {limit} are done for one file, which take less than a second"
    )]
    Iterations {
        /// What the file asks for.
        iterations: u64,
        /// The limit.
        limit: u64,
    },
    /// Built without the feature `import`.
    #[error("PKCS#12 is not read: this program was built without the feature `import`")]
    NotBuilt,
}

impl ImportError {
    /// Where: a byte offset from the start of the input.
    pub(crate) fn offset(&self) -> usize {
        match self {
            ImportError::Damaged { error, .. } => error.offset(),
            ImportError::Unknown
            | ImportError::Other(_)
            | ImportError::TooLarge { .. }
            | ImportError::Password
            | ImportError::Algorithm { .. }
            | ImportError::Iterations { .. }
            | ImportError::NotBuilt => 0,
        }
    }
}

/// What a file held: entries by store, CRLs, and what was not understood.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    stores: Vec<ImportedStore>,
    crls: Vec<Vec<u8>>,
    problems: Problems,
}

#[derive(Debug, Clone)]
struct ImportedStore {
    name: StoreName,
    entries: Vec<Entry>,
    /// Where a thumbprint is in `entries`.
    index: HashMap<Thumbprint, usize>,
}

impl Imported {
    fn new(problems: Problems) -> Self {
        Imported { problems, ..Imported::default() }
    }

    /// The stores in the order in which they were met, each with its entries; a store may be empty (rule T-3).
    pub fn stores(&self) -> impl Iterator<Item = (&StoreName, &[Entry])> {
        self.stores.iter().map(|store| (&store.name, store.entries.as_slice()))
    }

    /// The CRLs, in DER as they stood: what does not decode is not damage of the file, and belongs into
    /// [`Crls::with_unreadable`](crate::Crls::with_unreadable) (rule V-8).
    pub fn crls(&self) -> &[Vec<u8>] {
        &self.crls
    }

    /// What was not understood, in the order of the input; at most 1000 of them.
    pub fn problems(&self) -> &[ImportProblem] {
        &self.problems.kept
    }

    /// How many more problems there were.
    pub fn more_problems(&self) -> usize {
        self.problems.dropped
    }

    /// Takes over what another file of the same machine held. A certificate that both have counts once, with what is
    /// known about its key in either.
    pub(crate) fn merge(&mut self, other: Imported) {
        for store in other.stores {
            self.ensure_store(&store.name);
            for entry in store.entries {
                self.unite(&store.name, entry);
            }
        }
        for crl in other.crls {
            if !self.crls.contains(&crl) {
                self.crls.push(crl);
            }
        }
        for problem in other.problems.kept {
            self.problems.push(problem.rule, problem.place, problem.kind);
        }
        self.problems.dropped += other.problems.dropped;
    }

    /// Says of the unreadable entries which file they were in; a registry key that is known already stays (rule T-5).
    pub(crate) fn with_source(mut self, file: &str) -> Self {
        for entry in self.entries_mut() {
            if let Entry::Unreadable(unreadable) = entry {
                *entry = Entry::Unreadable(unreadable.clone().with_source(file));
            }
        }
        self
    }

    /// Adds everything to the stores of a machine. What is added is shared and not copied.
    pub fn add_to(&self, builder: &mut StoresBuilder) {
        for store in &self.stores {
            builder.add_store(store.name.clone());
            for entry in &store.entries {
                match entry {
                    Entry::Certificate(stored) => builder.add(store.name.clone(), stored.clone()),
                    Entry::Unreadable(entry) => builder.add_unreadable(store.name.clone(), entry.clone()),
                };
            }
        }
    }

    /// How many entries there are.
    fn entries(&self) -> usize {
        self.stores.iter().map(|store| store.entries.len()).sum()
    }

    fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.stores.iter_mut().flat_map(|store| &mut store.entries)
    }

    fn first_mut(&mut self, wanted: impl Fn(&Entry) -> bool) -> Option<&mut Entry> {
        self.entries_mut().find(|entry| wanted(entry))
    }

    /// Adds what stood inside of this file at a byte of it, copies too (rule T-8).
    fn append(&mut self, other: Imported, offset: usize) {
        for store in other.stores {
            let at = self.ensure_store(&store.name);
            let Some(own) = self.stores.get_mut(at) else { continue };
            for entry in store.entries {
                own.index.entry(entry.thumbprint()).or_insert(own.entries.len());
                own.entries.push(entry);
            }
        }
        self.crls.extend(other.crls);
        for problem in other.problems.kept {
            self.problems.push(problem.rule, ProblemPlace::Byte(offset), problem.kind);
        }
        self.problems.dropped += other.problems.dropped;
    }

    /// Makes the store exist, and gives its position.
    fn ensure_store(&mut self, name: &StoreName) -> usize {
        match self.stores.iter().position(|store| store.name == *name) {
            Some(at) => at,
            None => {
                self.stores.push(ImportedStore { name: name.clone(), entries: Vec::new(), index: HashMap::new() });
                self.stores.len() - 1
            }
        }
    }

    /// Adds an entry to the union of a store's parts (rule W-2): a second copy is not a duplicate in the sense of rule T-8,
    /// and of two copies the one that says more about the key counts.
    fn unite(&mut self, store: &StoreName, entry: Entry) {
        let at = self.ensure_store(store);
        let Some(store) = self.stores.get_mut(at) else {
            return;
        };
        let thumbprint = entry.thumbprint();
        match store.index.get(&thumbprint).and_then(|at| store.entries.get_mut(*at)) {
            None => {
                store.index.insert(thumbprint, store.entries.len());
                store.entries.push(entry);
            }
            Some(first) => {
                if knowledge(&entry) > knowledge(first) {
                    *first = entry;
                }
            }
        }
    }

    /// Adds an entry where the options say, or where the import wizard of Windows would. A second copy in the same file
    /// is left to the stores, which warn about it (rule T-8).
    fn place(&mut self, entry: Entry, options: &ImportOptions) {
        let name = options.store.clone().unwrap_or_else(|| {
            let certificate = entry.certificate().map(|stored| stored.certificate());
            StoreName::new(certificate.map_or(StoreName::MY, usual_store))
        });
        let at = self.ensure_store(&name);
        if let Some(store) = self.stores.get_mut(at) {
            store.index.entry(entry.thumbprint()).or_insert(store.entries.len());
            store.entries.push(entry);
        }
    }
}

/// How much an entry says about its key.
fn knowledge(entry: &Entry) -> u8 {
    match entry.certificate().map(|stored| stored.private_key()) {
        None => 0,
        Some(PrivateKey::Unknown) => 1,
        Some(PrivateKey::Absent) => 2,
        Some(_) => 3,
    }
}

/// The store that the import wizard of Windows chooses by itself.
fn usual_store(certificate: &Certificate) -> &'static str {
    let names_itself = certificate.issuer_der() == certificate.subject_der();
    let is_ca = match certificate.basic_constraints() {
        Ok(Some(constraints)) => constraints.ca,
        Ok(None) => certificate.version() < 3 && names_itself, // version 1 has no extensions: only roots are that old
        Err(_) => false,
    };
    match (is_ca, names_itself) {
        (true, true) => StoreName::ROOT,
        (true, false) => StoreName::CA,
        (false, _) => StoreName::MY,
    }
}

fn check_size(bytes: &[u8]) -> Result<(), ImportError> {
    if bytes.len() > MAX_IMPORT_BYTES {
        return Err(ImportError::TooLarge { size: bytes.len() });
    }
    Ok(())
}

/// Reads any of the formats, recognised by content.
///
/// # Errors
///
/// [`ImportError`] when the whole cannot be read; damage to single entries is among the
/// [`problems`](Imported::problems).
pub fn import(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    check_size(bytes)?;
    content::read(bytes, options)
}

#[cfg(feature = "import")]
fn pkcs12_or_not(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    pkcs12(bytes, options)
}

#[cfg(not(feature = "import"))]
fn pkcs12_or_not(_: &[u8], _: &ImportOptions) -> Result<Imported, ImportError> {
    Err(ImportError::NotBuilt)
}

/// Whether all bytes are line breaks, blanks, NULs, or the end mark of DOS.
fn are_blanks(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, 0 | b'\n' | b'\r' | b' ' | b'\t' | 0x1a))
}

/// The first element of the bytes where only blanks stand behind it, else all of them.
fn without_blanks(bytes: &[u8]) -> &[u8] {
    let first = asn1::Der::new(bytes).any("an element").map_or(bytes, |first| first.full);
    match bytes.get(first.len()..) {
        Some(rest) if are_blanks(rest) => first,
        _ => bytes,
    }
}
