//! What was nearly there where an issuer is not found (rule T-5).

use super::Chains;
use super::failure::ChainFailure;
use crate::store::{NotRead, StoreName, UnreadableEntry};
use crate::words::Quoted;
use std::fmt;

/// What was nearly right about a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainNearMiss {
    /// An entry of `CA` or `ROOT` does not decode: it may be the issuer.
    Unreadable {
        /// The store.
        store: StoreName,
        /// Its place and what is wrong.
        entry: NotRead,
        /// Whether the bytes hold the name of the issuer.
        names_issuer: bool,
        /// How many other entries do not decode.
        others: usize,
    },
}

impl ChainNearMiss {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            ChainNearMiss::Unreadable { .. } => "unreadable_issuer",
        }
    }
}

impl fmt::Display for ChainNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainNearMiss::Unreadable { store, entry, names_issuer, others } => {
                match entry.source() {
                    Some(source) => write!(f, "{}", Quoted(source))?,
                    None => write!(f, "an entry of the store {}", Quoted(store.as_str()))?,
                }
                f.write_str(if *names_issuer { ", which holds that name, could" } else { " could" })?;
                write!(f, " not be read: {}", crate::shown::ShownBy(entry.error()))?;
                match others {
                    0 => Ok(()),
                    others => write!(f, "; nor could {others} others of `CA` and `ROOT`"),
                }
            }
        }
    }
}

/// Names stand at the beginning of a certificate: behind this many bytes none is looked for.
const MAX_SEARCHED: usize = 4096;

impl Chains {
    /// The entry of `CA` or `ROOT` that may be the issuer that was not found: one that holds its name, else the first that
    /// does not decode.
    pub(crate) fn unreadable_issuer(&self, failure: &ChainFailure) -> Option<ChainNearMiss> {
        let ChainFailure::NoPath { at, .. } = failure else { return None };
        let name = self.certificate(at.id)?.issuer_der();
        let holds = |entry: &UnreadableEntry| {
            let bytes = entry.as_bytes();
            let bytes = bytes.get(..MAX_SEARCHED).unwrap_or(bytes);
            bytes.windows(name.len().max(1)).any(|window| window == name)
        };
        let mut all = self.stores.unreadable_authorities();
        let named = self.stores.unreadable_authorities().find(|(_, entry)| holds(entry));
        let (store, entry) = named.or_else(|| all.next())?;
        let others = self.stores.unreadable_authorities().count().saturating_sub(1);
        let (store, entry) = (store.clone(), entry.not_read());
        Some(ChainNearMiss::Unreadable { store, entry, names_issuer: named.is_some(), others })
    }
}
