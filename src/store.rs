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
mod stored;
mod subjects;
mod warning;

pub use entry::{Entry, NotRead, UnreadableEntry};
pub use index::{Stores, StoresBuilder};
pub(crate) use names::FoldedNames;
pub(crate) use rank::{Candidate, Ranked};
pub use rank::{RankCriterion, RankKey};
pub use stored::{Enumeration, KeyProvider, PrivateKey, StoredCertificate};
pub use warning::{MAX_ENTRIES, StoreWarning};

use crate::name::{eq_folded, fold};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// An entry of [`Stores`], by its position in the order in which entries were added.
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
pub struct StoreName {
    /// As first written, or as Windows writes the well-known ones.
    name: NameText,
    folded: NameText,
}

/// A store's name stands in each finding about each of its certificates: none of them has a copy.
#[derive(Clone)]
enum NameText {
    Known(&'static str),
    Other(Arc<str>),
}

impl Deref for NameText {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            NameText::Known(text) => text,
            NameText::Other(text) => text,
        }
    }
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

    /// What is written, the name, and the name folded.
    const ALIASES: [(&'static str, &'static str, &'static str); 9] = [
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
        match Self::ALIASES.iter().find(|(alias, ..)| eq_folded(alias, name)) {
            Some(&(_, name, folded)) => StoreName { name: NameText::Known(name), folded: NameText::Known(folded) },
            None => StoreName { name: NameText::Other(name.into()), folded: NameText::Other(fold(name).into()) },
        }
    }

    /// The name as printed.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    pub(crate) fn kind(&self) -> StoreKind {
        match &*self.folded {
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

impl From<&str> for StoreName {
    fn from(name: &str) -> Self {
        StoreName::new(name)
    }
}

impl PartialEq for StoreName {
    fn eq(&self, other: &Self) -> bool {
        *self.folded == *other.folded
    }
}

impl Eq for StoreName {}

impl std::hash::Hash for StoreName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl fmt::Display for StoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for StoreName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.name, f)
    }
}
