//! What should be known about a CRL that is used all the same.

use super::crl::Crl;
use crate::asn1::DerError;
use crate::reason::Coded;
use crate::rules::Rule;

/// Something about a CRL that passes and should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlWarning {
    /// Entries have a date or a reason that does not read (rule V-9): any entry revokes, whatever else it says.
    OddEntries {
        /// The CRL.
        crl: Crl,
        /// How many entries.
        count: usize,
        /// The first damage.
        first: DerError,
    },
    /// thisUpdate or nextUpdate is in a form that RFC 5280 does not allow, and Windows reads (rule V-9).
    UnusualTimes {
        /// The CRL.
        crl: Crl,
    },
}

impl CrlWarning {
    /// What should be known about a CRL.
    pub(super) fn of(crl: &Crl) -> impl Iterator<Item = CrlWarning> {
        let odd = crl.odd_entries().map(|(count, first)| (count, first.clone()));
        let entries = odd.map(|(count, first)| CrlWarning::OddEntries { crl: crl.clone(), count, first });
        let times = (!crl.has_usual_times()).then(|| CrlWarning::UnusualTimes { crl: crl.clone() });
        entries.into_iter().chain(times)
    }
}

impl Coded for CrlWarning {
    fn code(&self) -> &'static str {
        match self {
            CrlWarning::OddEntries { .. } => "validity.odd_crl_entries",
            CrlWarning::UnusualTimes { .. } => "validity.unusual_crl_time",
        }
    }

    fn rule(&self) -> Rule {
        Rule::V9
    }
}
