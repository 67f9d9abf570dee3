//! Step 6 (L-1): the longest validity period, by a strict total order, so that store order never matters.

use super::finding::{RankCriterion, RankKey, Ranking};
use crate::Certificate;
use crate::settings::LongestBy;
use crate::store::CertId;
use std::cmp::Ordering;

impl RankKey {
    pub(super) fn of(certificate: &Certificate) -> Self {
        RankKey {
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            thumbprint: certificate.thumbprint(),
        }
    }

    /// `Less` when `self` ranks before `other`, with what decided: longer period (unless notAfter alone counts), later
    /// notAfter, later notBefore, smaller thumbprint.
    pub(super) fn compare(&self, other: &RankKey, by: LongestBy) -> (Ordering, RankCriterion) {
        let period = match by {
            LongestBy::Period => other.period().cmp(&self.period()),
            LongestBy::NotAfter => Ordering::Equal,
        };
        let criteria = [
            (period, RankCriterion::Period),
            (other.not_after.cmp(&self.not_after), RankCriterion::NotAfter),
            (other.not_before.cmp(&self.not_before), RankCriterion::NotBefore),
        ];
        criteria
            .into_iter()
            .find(|(ordering, _)| ordering.is_ne())
            .unwrap_or((self.thumbprint.cmp(&other.thumbprint), RankCriterion::Thumbprint))
    }
}

/// One certificate against another, for the explanation.
pub(super) fn ranking(own: RankKey, other: RankKey, other_id: CertId, by: LongestBy) -> Ranking {
    let (_, decided_by) = own.compare(&other, by);
    Ranking { own, other, other_id, decided_by }
}
