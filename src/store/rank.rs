//! The order of rule L-1: the longest validity period, by a strict total order, so that store order never matters.
//!
//! The certificates of a store are put into it once, when the store is loaded: whoever asks for the longest of ten
//! thousand then looks at one.

use super::CertId;
use crate::certificate::{Certificate, Thumbprint};
use crate::choices::LongestBy;
use crate::time::Timestamp;
use std::cmp::Ordering;

/// What ranking compares first; where both are equal the smaller thumbprint decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RankKey {
    /// First instant of the validity period.
    pub not_before: Timestamp,
    /// Last instant.
    pub not_after: Timestamp,
}

/// What decided between two certificates, in the order of rule L-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RankCriterion {
    /// The longer validity period.
    Period,
    /// The later notAfter.
    NotAfter,
    /// The later notBefore.
    NotBefore,
    /// The smaller thumbprint.
    Thumbprint,
}

impl RankKey {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        RankKey { not_before: certificate.not_before(), not_after: certificate.not_after() }
    }

    /// The validity period in seconds.
    pub(crate) fn period(&self) -> i64 {
        period((self.not_before, self.not_after))
    }

    /// What decides between two certificates: the longer period (unless only notAfter counts), the later notAfter, the later
    /// notBefore, the smaller thumbprint.
    pub(crate) fn decided_by(&self, other: &RankKey, by: LongestBy) -> RankCriterion {
        let dates = |key: &RankKey| (key.not_before, key.not_after);
        compare_dates(dates(self), dates(other), by).map_or(RankCriterion::Thumbprint, |(_, criterion)| criterion)
    }
}

/// First and last instant of a validity period.
type Dates = (Timestamp, Timestamp);

fn period((not_before, not_after): Dates) -> i64 {
    not_after.seconds_since(not_before)
}

/// The order of rule L-1 as far as dates decide: `None` where the thumbprints do.
fn compare_dates(own: Dates, other: Dates, by: LongestBy) -> Option<(Ordering, RankCriterion)> {
    let periods = match by {
        LongestBy::Period => period(other).cmp(&period(own)),
        LongestBy::NotAfter => Ordering::Equal,
    };
    let in_turn = [
        (periods, RankCriterion::Period),
        (other.1.cmp(&own.1), RankCriterion::NotAfter),
        (other.0.cmp(&own.0), RankCriterion::NotBefore),
    ];
    in_turn.into_iter().find(|(order, _)| order.is_ne())
}

/// Certificates in an order, with their dates beside them, so that going through ten thousand touches nothing else.
///
/// Two columns: a row of both would have four bytes of nothing.
#[derive(Debug, Default)]
pub(crate) struct Ranked {
    ids: Box<[CertId]>,
    dates: Box<[(Timestamp, Timestamp)]>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub id: CertId,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

impl Candidate {
    pub(crate) fn of(id: CertId, certificate: &Certificate) -> Self {
        Candidate { id, not_before: certificate.not_before(), not_after: certificate.not_after() }
    }

    fn dates(&self) -> Dates {
        (self.not_before, self.not_after)
    }
}

impl Ranked {
    /// In the order of rule L-1. Thumbprints are asked for where dates are equal.
    pub(crate) fn longest_first(
        mut candidates: Vec<Candidate>,
        by: LongestBy,
        thumbprint: impl Fn(CertId) -> Option<Thumbprint>,
    ) -> Self {
        candidates.sort_unstable_by(|a, b| match compare_dates(a.dates(), b.dates(), by) {
            Some((order, _)) => order,
            None => thumbprint(a.id).cmp(&thumbprint(b.id)),
        });
        Self::as_given(candidates)
    }

    /// In the order in which they are given.
    pub(crate) fn as_given(candidates: Vec<Candidate>) -> Self {
        Ranked {
            ids: candidates.iter().map(|candidate| candidate.id).collect(),
            dates: candidates.iter().map(Candidate::dates).collect(),
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Candidate> {
        let dates = self.dates.iter();
        self.ids.iter().zip(dates).map(|(&id, &(not_before, not_after))| Candidate { id, not_before, not_after })
    }
}
