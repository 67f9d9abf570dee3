//! The selection as a function of time: piecewise constant, computed from its boundaries and not by sampling.
//!
//! Time enters the selection through validity periods (rules V-1, V-5) and through the dates of CRLs (rule V-9), and
//! nowhere else. So between two neighbouring ones of these instants nothing changes:
//!
//! - notBefore and thisUpdate, from which on something counts;
//! - one second after notAfter and nextUpdate, since both ends are included.

mod alike;
mod sweep;

use super::Selector;
use super::outcome::Outcome;
use crate::certificate::Thumbprint;
use crate::store::CertId;
use crate::time::Timestamp;
use std::fmt;
use sweep::Sweep;

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

/// An instant at which the client's answer changes: the selected certificate, or why there is none. That other
/// certificates than before are the several that pass is not a change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimelineChange {
    /// The instant, in UTC: from it on the new outcome holds.
    pub at: Timestamp,
    /// What was selected before.
    pub before: Option<CertId>,
    /// The outcome from then on.
    pub outcome: Outcome,
    /// What begins or ends at that instant and concerns a candidate that passes from then on, or no longer does, or is lost
    /// at another step; in ascending order.
    pub because: Vec<Boundary>,
}

/// What kind of date makes a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Cause {
    /// Only periods of certificates.
    Certificates,
    /// Only dates of CRLs: a CA publishes the next one before, so that a collection of yesterday runs out and the client
    /// does not.
    Crls,
    /// Both at the same second.
    Both,
}

impl Cause {
    /// `certificates`, `crls` or `both`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Cause::Certificates => "certificates",
            Cause::Crls => "crls",
            Cause::Both => "both",
        }
    }
}

/// `certificates`, `crls` or `both`.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TimelineChange {
    /// What kind of date makes it.
    pub(crate) fn cause(&self) -> Cause {
        let is_crl = |boundary: &Boundary| matches!(boundary, Boundary::CrlBegins(_) | Boundary::CrlEnds(_));
        let crls = self.because.iter().filter(|boundary| is_crl(boundary)).count();
        match crls {
            0 => Cause::Certificates,
            all if all == self.because.len() => Cause::Crls,
            _ => Cause::Both,
        }
    }
}

/// The outcome at the beginning, and every change up to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeline {
    /// The first instant.
    pub from: Timestamp,
    /// The last instant, included.
    pub until: Timestamp,
    /// The outcome at the first instant.
    pub first: Outcome,
    /// The changes in order of time.
    pub changes: Vec<TimelineChange>,
}

impl Timeline {
    /// The outcome at an instant of the timeline; `None` outside of it.
    #[cfg(test)]
    pub(crate) fn at(&self, instant: Timestamp) -> Option<&Outcome> {
        if instant < self.from || instant > self.until {
            return None;
        }
        let passed = self.changes.iter().take_while(|change| change.at <= instant);
        Some(passed.last().map_or(&self.first, |change| &change.outcome))
    }
}

impl Selector {
    /// Every instant after `from`, up to `until` included, at which the answer changes: by expiry, by a renewed certificate
    /// that becomes valid, by a CRL that runs out or comes into force.
    ///
    /// The CRLs at hand are all that there are: one that will be published later is not foreseen, unless they
    /// [assume it](crate::revocation::Crls::with_renewal_assumed).
    ///
    /// ```
    /// use ccmcertsel::select::{Boundary, Timeline, TimelineChange};
    /// use ccmcertsel::Timestamp;
    ///
    /// # #[cfg(feature = "machine")] {
    /// let pc1 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/contoso-pc1")?;
    /// let now = pc1.now.expect("its machine.toml states an instant");
    /// let until: Timestamp = "2027-01-15T09:00:00Z".parse()?;
    /// let Timeline { first, changes, .. } = pc1.selector().timeline(now, until);
    /// assert_eq!(first.selected(), pc1.selector().winner(now));
    /// assert!(matches!(changes[0].because[..], [Boundary::CrlEnds(_)])); // the next one was not published yet
    ///
    /// let selector = pc1.selector().with_crls(pc1.crls.as_ref().clone().with_renewal_assumed());
    /// let Timeline { changes, .. } = selector.timeline(now, until);
    /// let TimelineChange { at, because, outcome, .. } = &changes[0];
    /// assert!(matches!(because[..], [Boundary::CertificateBegins(..)])); // a renewed certificate
    /// assert_eq!(outcome.selected(), selector.winner(*at));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn timeline(&self, from: Timestamp, until: Timestamp) -> Timeline {
        let sweep = Sweep::new(self, from, until);
        let first = sweep.outcome();
        let mut current = first.clone();
        let mut changes = Vec::new();
        sweep.run(|sweep, at, because| {
            if !sweep.is_still(&current) {
                let before = current.selected();
                current = sweep.outcome();
                changes.push(TimelineChange { at, before, outcome: current.clone(), because });
            }
        });
        Timeline { from, until, first, changes }
    }
}
