//! The order of rule L-1: the longest validity period, by a strict total order, so that store order never matters.
//!
//! The certificates of a store are put into it once, when the store is loaded: whoever asks for the longest of ten
//! thousand then looks at one.

use super::CertId;
use crate::settings::LongestBy;
use crate::{Certificate, Thumbprint, Timestamp};
use std::cmp::Ordering;

/// What ranking compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RankKey {
    /// First instant of the validity period.
    pub not_before: Timestamp,
    /// Last instant.
    pub not_after: Timestamp,
    /// SHA-1 of the certificate.
    pub thumbprint: Thumbprint,
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
        RankKey {
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            thumbprint: certificate.thumbprint(),
        }
    }

    /// The validity period in seconds.
    pub(crate) fn period(&self) -> i64 {
        self.not_after.seconds_since(self.not_before)
    }

    /// `Less` when `self` ranks before `other`, with what decided: longer period (unless notAfter alone counts), later
    /// notAfter, later notBefore, smaller thumbprint.
    pub(crate) fn compare(&self, other: &RankKey, by: LongestBy) -> (Ordering, RankCriterion) {
        let period = match by {
            LongestBy::Period => other.period().cmp(&self.period()),
            LongestBy::NotAfter => Ordering::Equal,
        };
        if period.is_ne() {
            return (period, RankCriterion::Period);
        }
        let not_after = other.not_after.cmp(&self.not_after);
        if not_after.is_ne() {
            return (not_after, RankCriterion::NotAfter);
        }
        let not_before = other.not_before.cmp(&self.not_before);
        if not_before.is_ne() {
            return (not_before, RankCriterion::NotBefore);
        }
        (self.thumbprint.cmp(&other.thumbprint), RankCriterion::Thumbprint)
    }
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

impl Ranked {
    /// In the order of rule L-1.
    pub(crate) fn longest_first<'c>(
        certificates: impl Iterator<Item = (CertId, &'c Certificate)>,
        by: LongestBy,
    ) -> Self {
        Self::sorted(certificates.map(|(id, own)| (RankKey::of(own), id)).collect(), by)
    }

    /// The same of keys that were read before.
    pub(crate) fn sorted(mut keys: Vec<(RankKey, CertId)>, by: LongestBy) -> Self {
        keys.sort_unstable_by(|(a, _), (b, _)| a.compare(b, by).0);
        Self::of(&keys)
    }

    /// In the order in which they are given.
    pub(crate) fn as_given<'c>(certificates: impl Iterator<Item = (CertId, &'c Certificate)>) -> Self {
        let keys: Vec<(RankKey, CertId)> = certificates.map(|(id, own)| (RankKey::of(own), id)).collect();
        Self::of(&keys)
    }

    fn of(keys: &[(RankKey, CertId)]) -> Self {
        Ranked {
            ids: keys.iter().map(|(_, id)| *id).collect(),
            dates: keys.iter().map(|(key, _)| (key.not_before, key.not_after)).collect(),
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Candidate> {
        let dates = self.dates.iter();
        self.ids.iter().zip(dates).map(|(&id, &(not_before, not_after))| Candidate { id, not_before, not_after })
    }
}
