//! The selection as a function of time: piecewise constant, computed from its boundaries and not by sampling.
//!
//! Time enters the selection through validity periods (rules V-1, V-5) and through the dates of CRLs (rule V-9), and
//! nowhere else. So between two neighbouring ones of these instants nothing changes:
//!
//! - notBefore and thisUpdate, from which on something counts;
//! - one second after notAfter and nextUpdate, since both ends are included.

use super::Selector;
use super::verdict::Outcome;
use crate::{CertId, Thumbprint, Timestamp};
use std::collections::BTreeMap;

/// What begins or ends at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Boundary {
    /// A certificate begins to be valid.
    CertificateBegins(CertId, Thumbprint),
    /// A certificate has expired the second before.
    CertificateEnds(CertId, Thumbprint),
    /// A CRL begins to count; the number is its position in [`Crls::iter`](crate::revocation::Crls::iter).
    CrlBegins(usize),
    /// A CRL has run out the second before.
    CrlEnds(usize),
}

/// An instant at which the selected certificate changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The instant, in UTC: from it on the new outcome holds.
    pub at: Timestamp,
    /// What was selected before.
    pub before: Option<CertId>,
    /// The outcome from then on.
    pub outcome: Outcome,
    /// What begins or ends at that instant.
    pub because: Vec<Boundary>,
}

/// The outcome at the beginning, and every change up to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The first instant.
    pub from: Timestamp,
    /// The last instant, included.
    pub until: Timestamp,
    /// The outcome at the first instant.
    pub first: Outcome,
    /// The changes in order of time.
    pub changes: Vec<Change>,
}

impl Timeline {
    /// The outcome at an instant of the timeline; `None` outside of it.
    pub fn at(&self, instant: Timestamp) -> Option<&Outcome> {
        if instant < self.from || instant > self.until {
            return None;
        }
        let passed = self.changes.iter().take_while(|change| change.at <= instant);
        Some(passed.last().map_or(&self.first, |change| &change.outcome))
    }
}

impl Selector {
    /// Every instant after `from`, up to `until` included, at which the selected certificate changes: by expiry, by a
    /// renewed certificate that becomes valid, by a CRL that runs out or comes into force.
    ///
    /// The CRLs at hand are all that there are: one that will be published later is not foreseen.
    ///
    /// ```
    /// use ccmcertsel::{Machine, Selector, Settings, Stores, Timestamp};
    ///
    /// let selector = Selector::new(Stores::builder().build(), Machine::new("PC1"), Settings::ccm_setup());
    /// let timeline = selector.timeline(Timestamp::from_unix_seconds(0), Timestamp::MAX);
    /// assert!(timeline.changes.is_empty()); // there is nothing that could change
    /// ```
    pub fn timeline(&self, from: Timestamp, until: Timestamp) -> Timeline {
        let first = self.select(from.into()).outcome().clone();
        let mut current = first.selected();
        let mut changes = Vec::new();
        for (at, because) in self.boundaries(from, until) {
            let selected = self.winner(at.into());
            if selected == current {
                continue;
            }
            changes.push(Change { at, before: current, outcome: self.select(at.into()).outcome().clone(), because });
            current = selected;
        }
        Timeline { from, until, first, changes }
    }

    fn boundaries(&self, from: Timestamp, until: Timestamp) -> BTreeMap<Timestamp, Vec<Boundary>> {
        let mut boundaries: BTreeMap<Timestamp, Vec<Boundary>> = BTreeMap::new();
        let mut add = |at: Option<Timestamp>, boundary| {
            if let Some(at) = at.filter(|at| *at > from && *at <= until) {
                boundaries.entry(at).or_default().push(boundary);
            }
        };
        for (id, entry) in self.stores.entries() {
            let Some(stored) = entry.certificate() else { continue };
            let (certificate, thumbprint) = (stored.certificate(), entry.thumbprint());
            add(Some(certificate.not_before()), Boundary::CertificateBegins(id, thumbprint));
            add(after(certificate.not_after()), Boundary::CertificateEnds(id, thumbprint));
        }
        for (index, crl) in self.crls.iter().enumerate() {
            add(Some(crl.this_update()), Boundary::CrlBegins(index));
            add(crl.next_update().and_then(after), Boundary::CrlEnds(index));
        }
        boundaries
    }
}

/// The first instant after an inclusive end; none after the last instant there is.
fn after(end: Timestamp) -> Option<Timestamp> {
    (end < Timestamp::MAX).then(|| Timestamp::from_unix_seconds(end.unix_seconds() + 1))
}
