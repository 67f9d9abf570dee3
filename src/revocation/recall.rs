//! What the walk over the CRLs found for one certificate, for others of which the same is known: a CA may have published
//! thousands of CRLs, and issued thousands of certificates that name the same distribution points.
//!
//! Of such a certificate only its serial number is its own. So the walk is kept as the CRLs in which the serial number was
//! looked up, one after the other, and what is known at its end about one that none of them lists.

use super::crl::Crl;
use super::notes::Notes;
use super::outcome::RevocationEvidence;
use crate::budget::{Budget, Spent};
use crate::certificate::{Certificate, ReasonFlags};
use crate::oid;
use crate::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Everything of a certificate that decides which CRLs count for it, its serial number left out (rule V-9): its issuer's
/// name, its distribution points, whether it is a CA's, and the certificates above it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct WalkKey(Box<[u8]>);

/// Larger keys are not kept: the names of a certificate may be megabytes.
const MAX_KEY_BYTES: usize = 16 * 1024;

impl WalkKey {
    /// `None` where it would be too large to keep.
    pub(crate) fn of<'c>(certificate: &Certificate, above: impl IntoIterator<Item = &'c Certificate>) -> Option<Self> {
        let value = |oid: &[u8]| certificate.extension(oid).map(|extension| extension.value);
        let parts = [
            Some(certificate.issuer_der()),
            value(oid::CRL_DISTRIBUTION_POINTS),
            value(oid::ISSUER_ALT_NAME),
            certificate.is_ca().then_some(b"".as_slice()),
        ];
        if parts.iter().flatten().map(|part| part.len()).sum::<usize>() > MAX_KEY_BYTES {
            return None;
        }
        let mut key = Vec::new();
        for part in parts {
            // One more than the length, so that an absent part is not an empty one.
            key.extend(part.map_or(0, |part| part.len() as u64 + 1).to_le_bytes());
            key.extend(part.unwrap_or_default());
        }
        above.into_iter().for_each(|certificate| key.extend(certificate.digest()));
        Some(WalkKey(key.into()))
    }
}

/// A complete CRL in which the serial number was looked up, with its delta CRL.
#[derive(Debug)]
pub(super) struct LookedUp {
    /// What was spent since the look-up before.
    pub spent: Spent,
    pub complete: Crl,
    pub delta: Option<Crl>,
    /// Whether it asks for a delta CRL that is not at hand.
    pub lacks_delta: bool,
}

/// How a walk ends for a certificate that no CRL lists.
#[derive(Debug)]
pub(super) enum WalkEnd {
    /// It is not known: the certificate was listed before that.
    Open,
    /// Something ran out, for a certificate of which so much was spent before what came last.
    Exhausted { before: Spent, budget: Budget },
    /// All was looked at that had to be.
    Walked { covered: ReasonFlags, counted: Option<RevocationEvidence>, notes: Notes },
}

/// One walk.
#[derive(Debug)]
pub(super) struct Walk {
    pub looked_up: Vec<LookedUp>,
    /// What was spent after the last look-up.
    pub last: Spent,
    pub end: WalkEnd,
}

/// A walk that is being written down.
#[derive(Debug, Default)]
pub(super) struct Record {
    looked_up: Vec<LookedUp>,
    /// What had been spent when the last look-up was over.
    mark: Spent,
    /// The last look-up is not over: how it ends is this certificate's own.
    is_open: bool,
    /// A hold that a missing delta CRL may end decides what is reported: it is this certificate's own.
    is_own: bool,
}

impl Record {
    pub(super) fn begin(spent: &Spent) -> Self {
        Record { mark: spent.clone(), ..Record::default() }
    }

    /// The serial number is looked up next.
    pub(super) fn look_up(&mut self, complete: &Crl, delta: Option<&Crl>, lacks_delta: bool, spent: &Spent) {
        let (complete, delta, spent) = (complete.clone(), delta.cloned(), spent.since(&self.mark));
        self.looked_up.push(LookedUp { spent, complete, delta, lacks_delta });
        self.is_open = true;
    }

    /// It was.
    pub(super) fn go_on(&mut self, spent: &Spent) {
        self.mark = spent.clone();
        self.is_open = false;
    }

    pub(super) fn is_own(&mut self) {
        self.is_own = true;
    }

    /// `None` where the walk is not another certificate's.
    pub(super) fn end(self, spent: &Spent, end: impl FnOnce(Spent) -> WalkEnd) -> Option<Walk> {
        let last = spent.since(&self.mark);
        let end = if self.is_open { WalkEnd::Open } else { end(self.mark) };
        (!self.is_own).then(|| Walk { looked_up: self.looked_up, last, end })
    }
}

/// The walks of one instant.
#[derive(Debug, Default)]
pub(crate) struct Walks(Mutex<KnownWalks>);

#[derive(Debug, Default)]
struct KnownWalks {
    now: Option<Timestamp>,
    by_key: HashMap<WalkKey, Arc<Walk>>,
}

impl Walks {
    /// So few CRLs are gone through sooner than a key is made.
    pub(super) const FEW_CRLS: usize = 3;

    /// A CA has some dozen distribution points.
    const KEPT: usize = 256;

    pub(super) fn at(&self, key: &WalkKey, now: Timestamp) -> Option<Arc<Walk>> {
        // A thread that panicked while it held the lock left a map of whole walks behind.
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.now != Some(now) {
            return None;
        }
        known.by_key.get(key).map(Arc::clone)
    }

    pub(super) fn remember(&self, key: WalkKey, now: Timestamp, walk: Walk) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.now != Some(now) {
            *known = KnownWalks { now: Some(now), by_key: HashMap::new() };
        }
        if known.by_key.len() < Self::KEPT || known.by_key.contains_key(&key) {
            known.by_key.insert(key, Arc::new(walk));
        }
    }
}
