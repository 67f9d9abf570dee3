//! V-1: `notBefore <= now <= notAfter`, both ends included.

use crate::change::Change;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::time::Timestamp;
use std::fmt;

/// Now lies within the validity period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DatesPass {
    /// Its first instant.
    pub not_before: Timestamp,
    /// Its last instant.
    pub not_after: Timestamp,
}

/// Why the dates reject a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatesReason {
    /// Its validity period has not begun.
    NotYetValid {
        /// First instant of the period.
        not_before: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
    /// Its validity period is over.
    Expired {
        /// Last instant of the period.
        not_after: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
}

/// What was nearly right about the dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatesNearMiss {
    /// It passes everything else and begins to be valid later: a renewed certificate.
    NotYetValid {
        /// When it begins.
        from: Timestamp,
    },
}

/// V-1.
pub(crate) fn check(not_before: Timestamp, not_after: Timestamp, now: Timestamp) -> Result<DatesPass, DatesReason> {
    if now < not_before {
        Err(DatesReason::NotYetValid { not_before, now })
    } else if now > not_after {
        Err(DatesReason::Expired { not_after, now })
    } else {
        Ok(DatesPass { not_before, not_after })
    }
}

impl DatesPass {
    /// Code and rule.
    pub(crate) fn row(self) -> Row {
        Row::new(Step::Validity, "validity.in_date", Rule::V1)
    }
}

impl DatesReason {
    /// Code, rule and result codes.
    pub(crate) fn row(self) -> Row {
        match self {
            DatesReason::NotYetValid { .. } => {
                Row::new(Step::Validity, "validity.not_yet_valid", Rule::V1).counted("the certificate is not valid yet")
            }
            DatesReason::Expired { .. } => {
                Row::new(Step::Validity, "validity.expired", Rule::V1).counted("the certificate has expired")
            }
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(self) -> Vec<Proposal> {
        match self {
            DatesReason::NotYetValid { not_before, .. } => vec![Proposal::Change(Change::Wait(not_before))],
            DatesReason::Expired { .. } => vec![Proposal::request([])],
        }
    }
}

impl DatesNearMiss {
    /// The stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            DatesNearMiss::NotYetValid { .. } => "valid_later",
        }
    }
}

impl fmt::Display for DatesPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "valid {} to {}", self.not_before, self.not_after)
    }
}

impl fmt::Display for DatesReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatesReason::NotYetValid { not_before, now } => write!(f, "not valid before {not_before}, now {now}"),
            DatesReason::Expired { not_after, now } => write!(f, "expired {not_after}, now {now}"),
        }
    }
}

impl fmt::Display for DatesNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatesNearMiss::NotYetValid { from } => write!(f, "passes every other check; valid from {from}"),
        }
    }
}
