//! Step 6 (L-1, L-2, R-4): one certificate against another. The order itself is the stores'.

use crate::change::{Change, Fact};
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::settings::LongestBy;
use crate::store::{CertId, RankCriterion, RankKey};
use crate::words::{Count, Duration};
use crate::{Hresult, Rule, Step, StoreName, Thumbprint};
use std::fmt;

/// One certificate against another (rule L-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// The certificate.
    pub own: RankKey,
    /// The one it is compared with: the runner-up for the winner, the winner for everyone else.
    pub other: RankKey,
    /// The other certificate.
    pub other_id: CertId,
    /// What decided.
    pub decided_by: RankCriterion,
}

impl Ranking {
    pub(crate) fn new(own: RankKey, other: RankKey, other_id: CertId, by: LongestBy) -> Self {
        let (_, decided_by) = own.compare(&other, by);
        Ranking { own, other, other_id, decided_by }
    }
}

/// Why a certificate that passed every other step is the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankPass {
    /// The longest validity period (rule L-1).
    Longest(Box<Ranking>),
    /// The only one that passed every other step (rule L-1).
    OnlyCandidate,
    /// The first in store order, on a device without a selection method (rule R-4).
    FirstInStore,
}

/// Why a certificate that passed every other step is not the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankReason {
    /// Another one has the longer validity period (rule L-1).
    Outranked(Box<Ranking>),
    /// Another one comes first in the store, on a device without a selection method (rule R-4).
    NotFirst {
        /// The first.
        first: CertId,
        /// Its thumbprint.
        thumbprint: Thumbprint,
    },
    /// Several passed every step, and that is an error (rule L-2).
    Ambiguous {
        /// How many passed every step, this one included. The outcome lists them; a list in each of them would grow with
        /// the square of their number.
        passed: usize,
        /// The best-ranked of the others.
        other: CertId,
        /// Its thumbprint.
        thumbprint: Thumbprint,
    },
}

impl RankPass {
    /// Code and rule.
    pub fn row(&self) -> Row {
        match self {
            RankPass::Longest(_) => Row::new(Step::Longest, "longest.longest", Rule::L1),
            RankPass::OnlyCandidate => Row::new(Step::Longest, "longest.only", Rule::L1),
            RankPass::FirstInStore => Row::new(Step::Longest, "longest.first", Rule::R4),
        }
    }
}

impl RankReason {
    /// Code, rule and result codes.
    pub fn row(&self) -> Row {
        let row = |code, rule, hresult| Row::new(Step::Longest, code, rule).reported(hresult);
        match self {
            // Another certificate is selected, so the client reports success.
            RankReason::Outranked(_) => {
                row("longest.outranked", Rule::L1, Hresult::OK).counted("another certificate is valid for longer")
            }
            RankReason::NotFirst { .. } => {
                row("longest.outranked", Rule::R4, Hresult::OK).counted("another certificate is valid for longer")
            }
            RankReason::Ambiguous { .. } => row("longest.ambiguous", Rule::L2, Hresult::SEVERAL)
                .counted("several certificates pass, and none may be chosen"),
        }
    }

    /// The certificate that is in the way.
    pub(crate) fn other(&self) -> CertId {
        match self {
            RankReason::Outranked(ranking) => ranking.other_id,
            RankReason::NotFirst { first, .. } => *first,
            RankReason::Ambiguous { other, .. } => *other,
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self, store: &StoreName) -> Vec<Proposal> {
        let remove = |certificate: Thumbprint| Proposal::Change(Change::Remove { certificate, store: store.clone() });
        match self {
            RankReason::Outranked(ranking) => vec![
                Proposal::Criteria,
                remove(ranking.other.thumbprint),
                Proposal::request([Fact::LongerThan(ranking.other.period())]),
            ],
            RankReason::NotFirst { thumbprint, .. } => vec![remove(*thumbprint)],
            RankReason::Ambiguous { thumbprint, .. } => {
                vec![Proposal::Change(Change::SelectFirst), Proposal::Criteria, remove(*thumbprint)]
            }
        }
    }
}

/// How the winner of a comparison won: both sides, and what decided.
impl fmt::Display for Ranking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (own, other) = (&self.own, &self.other);
        match self.decided_by {
            RankCriterion::Period => {
                write!(f, "{} against {} of {}", Duration(own.period()), Duration(other.period()), other.thumbprint)
            }
            RankCriterion::NotAfter => {
                write!(f, "same period, ends {}, {} ends {}", own.not_after, other.thumbprint, other.not_after)
            }
            RankCriterion::NotBefore => write!(
                f,
                "same period and end, begins {}, {} begins {}",
                own.not_before, other.thumbprint, other.not_before
            ),
            RankCriterion::Thumbprint => {
                write!(f, "same dates as {}, so the smaller thumbprint decides (assumed)", other.thumbprint)
            }
        }
    }
}

impl fmt::Display for RankPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RankPass::Longest(ranking) => write!(f, "longest validity period: {ranking}"),
            RankPass::OnlyCandidate => f.write_str("the only certificate that passed every other step"),
            RankPass::FirstInStore => {
                f.write_str("first in store order, which is all that this kind of device looks at")
            }
        }
    }
}

impl fmt::Display for RankReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RankReason::Outranked(ranking) => {
                f.write_str(match ranking.decided_by {
                    RankCriterion::Period => "passed, but another has the longer validity period: ",
                    RankCriterion::NotAfter | RankCriterion::NotBefore | RankCriterion::Thumbprint => {
                        "passed, but another ranks higher: "
                    }
                })?;
                ranking.fmt(f)
            }
            RankReason::NotFirst { thumbprint, .. } => {
                write!(f, "passed, but {thumbprint} comes first in the store, and this kind of device takes the first")
            }
            RankReason::Ambiguous { passed, thumbprint, .. } => write!(
                f,
                "one of {} that passed, {thumbprint} is another, and the client is not set to select one of several",
                Count(*passed, "certificate")
            ),
        }
    }
}
