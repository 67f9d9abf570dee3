//! T-1, T-4, T-5, T-7: the certificate is in the chosen store, and Windows shows it there.

use crate::certificate::Thumbprint;
use crate::change::Change;
use crate::hresult::Hresult;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::store::{NotRead, StoreName};
use crate::words::Quoted;
use std::fmt;

/// It is in the chosen store (rule T-1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StorePass(pub StoreName);

/// Why an entry is not a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreReason {
    /// It is in another store (rule T-4).
    OtherStore {
        /// Where it is.
        store: StoreName,
        /// Where it should be.
        chosen: StoreName,
    },
    /// It is in the store `SMS`, and Configuration Manager's own (rule T-4).
    ConfigurationManager,
    /// It is archived (rule T-7).
    Archived,
    /// It is not a certificate (rule T-5).
    Unreadable(Box<NotRead>),
}

/// What was nearly right about the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StoreNearMiss {
    /// The right certificate in the wrong store (rule T-4): every other step passes.
    WrongStore {
        /// Where it is.
        store: StoreName,
        /// Where it should be.
        chosen: StoreName,
    },
}

/// T-1, T-4.
pub(crate) fn check(store: &StoreName, chosen: &StoreName) -> Result<StorePass, StoreReason> {
    if store == chosen {
        return Ok(StorePass(chosen.clone()));
    }
    Err(if is_of_configuration_manager(store, chosen) {
        StoreReason::ConfigurationManager
    } else {
        StoreReason::OtherStore { store: store.clone(), chosen: chosen.clone() }
    })
}

/// T-4: what another store holds is Configuration Manager's own: its signing, encryption and site server certificates.
pub(crate) fn is_of_configuration_manager(store: &StoreName, chosen: &StoreName) -> bool {
    store != chosen && *store == StoreName::new(StoreName::SMS)
}

impl StorePass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        Row::new(Step::Store, "store.chosen", Rule::T1)
    }
}

impl StoreReason {
    /// Code, rule and result codes. An entry that is not a candidate leaves the chosen store as empty as it is (T-3, T-6).
    pub(crate) fn row(&self) -> Row {
        let row = |code, rule| Row::new(Step::Store, code, rule).reported(Hresult::STORE_EMPTY);
        match self {
            StoreReason::OtherStore { .. } => {
                row("store.other_store", Rule::T4).counted("the certificate is in another store")
            }
            StoreReason::ConfigurationManager => row("store.configuration_manager", Rule::T4)
                .counted("the certificate is one of Configuration Manager's own"),
            StoreReason::Archived => row("store.archived", Rule::T7).counted("the certificate is archived"),
            StoreReason::Unreadable(_) => row("store.unreadable", Rule::T5).counted("an entry is no certificate"),
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self, certificate: Thumbprint) -> Vec<Proposal> {
        match self {
            StoreReason::OtherStore { store, chosen } => vec![
                Proposal::Change(Change::UseStore(store.clone())),
                Proposal::Change(Change::Move { certificate, to: chosen.clone() }),
                Proposal::request([]),
            ],
            StoreReason::Archived => {
                vec![Proposal::Change(Change::Unarchive { certificate }), Proposal::request([])]
            }
            StoreReason::ConfigurationManager | StoreReason::Unreadable(_) => Vec::new(),
        }
    }
}

impl StoreNearMiss {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            StoreNearMiss::WrongStore { .. } => "wrong_store",
        }
    }
}

impl fmt::Display for StorePass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in the store {}", Quoted(self.0.as_str()))
    }
}

impl fmt::Display for StoreReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreReason::OtherStore { store, chosen } => {
                write!(f, "in the store {}, the client looks in {}", Quoted(store.as_str()), Quoted(chosen.as_str()))
            }
            StoreReason::ConfigurationManager => {
                f.write_str("one of Configuration Manager's own, in its store `SMS`: it makes and renews it itself")
            }
            StoreReason::Archived => f.write_str("archived: Windows does not show it to the client"),
            StoreReason::Unreadable(entry) => entry.fmt(f),
        }
    }
}

impl fmt::Display for StoreNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreNearMiss::WrongStore { store, chosen } => write!(
                f,
                "right certificate, wrong store: it is fine but lies in the store {}, and the client looks in {}",
                Quoted(store.as_str()),
                Quoted(chosen.as_str())
            ),
        }
    }
}
