//! How long a CRL counts after its end: a group policy of Windows (rule V-9).

use crate::revocation::Crl;
use crate::time::Timestamp;
use crate::value_error::ValueError;
use std::fmt;
use std::str::FromStr;

/// How many hours a CRL counts after its nextUpdate (rule V-9): "Extend the validity period of CRL and OCSP responses" of the
/// group policy for path validation. None by default, as in Windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct CrlGrace(u32);

impl CrlGrace {
    /// The setting's name in inventories and on the command line.
    pub(crate) const SETTING: &'static str = "crl_grace";
    /// A year; more would be no revocation check.
    pub(crate) const MAX_HOURS: u32 = 8784;

    /// So many hours, at most [`MAX_HOURS`](Self::MAX_HOURS).
    pub(crate) const fn from_hours(hours: u32) -> Self {
        CrlGrace(if hours > Self::MAX_HOURS { Self::MAX_HOURS } else { hours })
    }

    /// In seconds.
    pub(crate) const fn seconds(self) -> i64 {
        self.0 as i64 * 3_600
    }

    /// The last instant at which a CRL counts; `None` without a nextUpdate.
    pub(crate) fn end_of(self, crl: &Crl) -> Option<Timestamp> {
        crl.next_update().map(|next| next.plus_seconds(self.seconds()))
    }
}

/// The number of hours.
impl fmt::Display for CrlGrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for CrlGrace {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hours = text.parse::<u32>().ok().filter(|hours| *hours <= Self::MAX_HOURS);
        hours.map(CrlGrace).ok_or_else(|| {
            let write = format!("a number of hours up to {}", Self::MAX_HOURS);
            ValueError::new(text, "a value of `crl_grace`", write)
        })
    }
}
