//! Step 6 (L-1): one certificate against another, for the explanation. The order itself is the stores'.

use super::finding::Ranking;
use crate::settings::LongestBy;
use crate::store::{CertId, RankKey};

pub(super) fn ranking(own: RankKey, other: RankKey, other_id: CertId, by: LongestBy) -> Ranking {
    let (_, decided_by) = own.compare(&other, by);
    Ranking { own, other, other_id, decided_by }
}
