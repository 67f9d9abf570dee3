//! The certificate stores of one machine, in memory, indexed once.
//!
//! ```
//! use ccmcertsel::store::{NotRead, StoreWarning};
//! use ccmcertsel::{CertId, Coded, Entry, StoreName, Stores, StoresBuilder, Thumbprint, UnreadableEntry};
//!
//! let file = |name: &str| std::fs::read(format!("testdata/machines/contoso-pc1/{name}"));
//! let mut builder: StoresBuilder = Stores::builder();
//! builder.add_file("MY", &file("MY/02-workstation-renewed.cer")?); // in DER or PEM
//! builder.add_der("MY", b"damaged"); // kept as an unreadable entry (rule T-5)
//! builder.add_der("ROOT", &file("ROOT/contoso-root-ca.cer")?).add_der("ROOT", b"");
//! let stores = builder.build();
//! assert!(stores.names().map(StoreName::as_str).eq(["MY", "ROOT"]));
//!
//! let my: StoreName = "Personal".into(); // the name in the console is accepted (rule T-1)
//! let ids: &[CertId] = stores.entries_of(&my).expect("the store exists");
//! assert_eq!(stores.get(ids[0]).unwrap().certificate().issued_to(), "pc1.contoso.com");
//! match stores.entry(ids[1]).unwrap() {
//!     Entry::Certificate(stored) => panic!("{stored:?}"),
//!     Entry::Unreadable(entry) => {
//!         assert_eq!((entry.as_bytes(), entry.thumbprint()), (&b"damaged"[..], Thumbprint::of(b"damaged")));
//!         let said = "not a certificate at byte 0: it is a text, and neither PEM nor base64";
//!         assert_eq!(entry.error().to_string(), said);
//!         assert_eq!(entry.source(), None); // what reads files or a registry export says which
//!     }
//! }
//! let unreadable: Vec<(CertId, &UnreadableEntry)> = stores.unreadable().collect();
//! assert_eq!(unreadable.len(), 2);
//!
//! // An entry of `ROOT` that does not decode is in no report, and so a warning.
//! match stores.warnings() {
//!     [StoreWarning::Unreadable { store, entry }] => {
//!         let entry: &NotRead = entry;
//!         assert_eq!((store.as_str(), entry.to_string()), ("ROOT", "not a certificate at byte 0: it is empty".to_owned()));
//!     }
//!     other => panic!("{other:?}"),
//! }
//! assert_eq!(stores.warnings()[0].rule().id(), "T-5");
//! assert_eq!(stores.store_of(unreadable[1].0).map(StoreName::as_str), Some("ROOT"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod entry;
mod index;
mod issuers;
mod names;
mod rank;
mod seen;
mod stored;
mod subjects;
mod warning;

pub use entry::{Entry, NotRead, UnreadableEntry};
pub use index::{Stores, StoresBuilder};
pub(crate) use names::FoldedNames;
pub(crate) use rank::{Candidate, Ranked};
pub use rank::{RankCriterion, RankKey};
pub use stored::{Enumeration, KeyProvider, PrivateKey, StoredCertificate};
pub(crate) use warning::MAX_ENTRIES;
pub use warning::StoreWarning;

use crate::name::{eq_folded, fold};
use std::fmt;
use std::sync::Arc;

/// An entry of [`Stores`], by its position in the order in which entries were added.
///
/// It is no more than that: what it is in other stores is another entry, or none. Only stores make them, so that in a program
/// with one machine each of them is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertId(pub(crate) u32);

impl CertId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The name of a certificate store of the local computer.
///
/// Names compare without regard to case, and the names that the console shows are accepted for three of them; `AuthRoot`,
/// the third-party roots, is part of `ROOT` (rule T-1).
#[derive(Clone)]
pub struct StoreName(Spelling);

/// A store's name is in each finding about each of its certificates: none of them has a copy. A hostile machine has
/// hundreds of thousands of stores, so it is small.
#[derive(Clone)]
enum Spelling {
    Known(&'static Known),
    Other(Arc<Other>),
}

/// What is written, the name as Windows writes it, and the name folded.
type Known = (&'static str, &'static str, &'static str);

struct Other {
    /// As first written.
    name: Box<str>,
    /// `None` where it is the same.
    folded: Option<Box<str>>,
}

/// The stores that the rules know by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum StoreKind {
    Root,
    Ca,
    Disallowed,
    /// TrustedPublisher, TrustedPeople, TrustedDevices and the like.
    Trusted,
    /// `MY` and every other store.
    Other,
}

impl StoreName {
    /// Personal.
    pub const MY: &'static str = "MY";
    /// Trusted Root Certification Authorities.
    pub const ROOT: &'static str = "ROOT";
    /// Intermediate Certification Authorities.
    pub const CA: &'static str = "CA";
    /// Untrusted Certificates.
    pub const DISALLOWED: &'static str = "Disallowed";
    /// Configuration Manager's own (rule T-4).
    pub const SMS: &'static str = "SMS";

    const ALIASES: &'static [Known] = &[
        ("my", Self::MY, "my"),
        ("personal", Self::MY, "my"),
        ("root", Self::ROOT, "root"),
        ("authroot", Self::ROOT, "root"),
        ("trusted root certification authorities", Self::ROOT, "root"),
        ("ca", Self::CA, "ca"),
        ("intermediate certification authorities", Self::CA, "ca"),
        ("disallowed", Self::DISALLOWED, "disallowed"),
        ("sms", Self::SMS, "sms"),
    ];

    /// A store's name; blanks at both ends are dropped.
    pub fn new(name: &str) -> Self {
        let name = name.trim();
        // A store is named with each of its ten thousand certificates: the well-known names are not allocated.
        StoreName(match Self::ALIASES.iter().find(|(alias, ..)| eq_folded(alias, name)) {
            Some(known) => Spelling::Known(known),
            None => {
                let folded = Some(fold(name)).filter(|folded| folded != name);
                Spelling::Other(Arc::new(Other { name: name.into(), folded: folded.map(Into::into) }))
            }
        })
    }

    /// The name as printed.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Spelling::Known((_, name, _)) => name,
            Spelling::Other(other) => &other.name,
        }
    }

    fn folded(&self) -> &str {
        match &self.0 {
            Spelling::Known((.., folded)) => folded,
            Spelling::Other(other) => other.folded.as_deref().unwrap_or(&other.name),
        }
    }

    pub(crate) fn kind(&self) -> StoreKind {
        match self.folded() {
            "root" => StoreKind::Root,
            "ca" => StoreKind::Ca,
            "disallowed" => StoreKind::Disallowed,
            folded if folded.starts_with("trusted") => StoreKind::Trusted,
            _ => StoreKind::Other,
        }
    }
}

impl Default for StoreName {
    fn default() -> Self {
        StoreName::new(Self::MY)
    }
}

/// Any text is the name of a store.
impl std::str::FromStr for StoreName {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(StoreName::new(name))
    }
}

impl From<&str> for StoreName {
    fn from(name: &str) -> Self {
        StoreName::new(name)
    }
}

impl PartialEq for StoreName {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for StoreName {}

impl std::hash::Hash for StoreName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.folded().hash(state);
    }
}

impl fmt::Display for StoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for StoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
