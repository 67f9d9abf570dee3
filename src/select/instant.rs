//! What one selection remembers of its instant, so that each reading of R-5 finds it done.

use crate::chain::Chain;
use crate::check::{RevocationPass, RevokedChain};
use crate::store::CertId;
use crate::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What revocation says of a chain; `None` where it is off.
pub(super) type Status = Result<Option<RevocationPass>, Arc<RevokedChain>>;

/// The chains and their revocation at one instant; empty where nobody asks for more than one answer of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Instant(Option<Arc<KnownChains>>);

#[derive(Debug)]
struct KnownChains {
    now: Timestamp,
    chains: Arc<Mutex<HashMap<CertId, Arc<Chain>>>>,
    statuses: Mutex<HashMap<CertId, Status>>,
}

impl Instant {
    /// Remembers what is found at this instant.
    pub(super) fn at(now: Timestamp) -> Self {
        Instant(Some(Arc::new(KnownChains { now, chains: Arc::default(), statuses: Mutex::default() })))
    }

    /// The same chains, and nothing of their revocation.
    pub(super) fn without_statuses(&self) -> Self {
        let of = |known: &Arc<KnownChains>| {
            let chains = Arc::clone(&known.chains);
            Arc::new(KnownChains { now: known.now, chains, statuses: Mutex::default() })
        };
        Instant(self.0.as_ref().map(of))
    }

    /// The chain of a certificate.
    pub(super) fn chain(&self, id: CertId, now: Timestamp, build: impl FnOnce() -> Chain) -> Arc<Chain> {
        let build = || Arc::new(build());
        match self.0.as_deref().filter(|known| known.now == now) {
            Some(known) => recall(&known.chains, id, build),
            None => build(),
        }
    }

    /// What revocation says of the chain of a certificate.
    pub(super) fn status(&self, id: CertId, now: Timestamp, check: impl FnOnce() -> Status) -> Status {
        match self.0.as_deref().filter(|known| known.now == now) {
            Some(known) => recall(&known.statuses, id, check),
            None => check(),
        }
    }
}

fn recall<T: Clone>(known: &Mutex<HashMap<CertId, T>>, id: CertId, find: impl FnOnce() -> T) -> T {
    // A thread that panicked while it held the lock left a map of whole results behind.
    if let Some(value) = known.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return value.clone();
    }
    let value = find();
    known.lock().unwrap_or_else(PoisonError::into_inner).insert(id, value.clone());
    value
}
