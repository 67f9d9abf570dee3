//! The certificate stores of one machine, in memory, indexed once.
//!
//! ```
//! use ccmcertsel::{StoreName, Stores};
//!
//! let mut builder = Stores::builder();
//! builder.add_der("MY", b"damaged");
//! let stores = builder.build();
//! let my: StoreName = "Personal".into(); // the name in the console is accepted (rule T-1)
//! let entries = stores.entries_of(&my).expect("the store exists");
//! assert!(stores.entry(entries[0]).unwrap().certificate().is_none()); // kept as an unreadable entry (rule T-5)
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

/// A store's name stands in each finding about each of its certificates: none of them has a copy. A hostile machine has
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
