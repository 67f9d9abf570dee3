//! What is noticed while stores are filled.

use super::{NotRead, StoreName};
use crate::certificate::Thumbprint;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::shown::Quoted;
use std::fmt;

/// At most this many entries: a machine has some hundred, a hostile file should not wrap a [`CertId`](super::CertId).
pub(crate) const MAX_ENTRIES: usize = 1 << 24;

/// More unreadable entries than these are counted and not told one by one.
pub(super) const MAX_UNREADABLE: usize = 50;

/// What was noticed while stores were filled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreWarning {
    /// A second copy of a certificate was dropped (rule T-8).
    Duplicate {
        /// The store.
        store: StoreName,
        /// The certificate.
        thumbprint: Thumbprint,
    },
    /// An entry of a store that reports do not show does not decode (rule T-5).
    Unreadable {
        /// The store.
        store: StoreName,
        /// Its place and what is wrong.
        entry: NotRead,
    },
    /// There are more of these than are told.
    MoreUnreadable {
        /// How many more.
        count: usize,
    },
    /// There were more than 16,777,216 entries, and the last ones were dropped instead of kept (rule T-5).
    Full {
        /// How many were kept.
        kept: usize,
        /// How many were dropped.
        dropped: usize,
    },
}

impl Coded for StoreWarning {
    fn code(&self) -> &'static str {
        match self {
            StoreWarning::Duplicate { .. } => "store.duplicate",
            StoreWarning::Unreadable { .. } | StoreWarning::MoreUnreadable { .. } => "store.unreadable",
            StoreWarning::Full { .. } => "store.full",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            StoreWarning::Duplicate { .. } => Rule::T8,
            StoreWarning::Unreadable { .. } | StoreWarning::MoreUnreadable { .. } | StoreWarning::Full { .. } => {
                Rule::T5
            }
        }
    }
}

impl fmt::Display for StoreWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreWarning::Duplicate { store, thumbprint } => {
                write!(f, "store {} holds {thumbprint} twice; the second copy was dropped", Quoted(store.as_str()))
            }
            StoreWarning::Unreadable { store, entry } => {
                write!(f, "an entry of the store {} could not be read: {entry}", Quoted(store.as_str()))
            }
            StoreWarning::MoreUnreadable { count } => {
                write!(f, "{count} more entries of stores of trust and of CAs could not be read")
            }
            StoreWarning::Full { kept, dropped } => {
                write!(f, "the stores hold more than {kept} entries; the last {dropped} were dropped and not judged")
            }
        }
    }
}
