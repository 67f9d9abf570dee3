//! Step 6 (L-1, L-2, R-4): one certificate against another. The order itself is the stores'.

use crate::certificate::{Certificate, Thumbprint};
use crate::change::{Change, Fact};
use crate::choices::LongestBy;
use crate::hresult::Hresult;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::store::{CertId, RankCriterion, RankKey, StoreName};
use crate::words::{Against, Count, Duration};
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
    /// Its thumbprint. That of the certificate itself costs as much as reading it, and is asked for where it is shown.
    pub thumbprint: Thumbprint,
    /// What decided.
    pub decided_by: RankCriterion,
}

impl Ranking {
    /// One certificate against another, which is this entry.
    pub(crate) fn new(own: &Certificate, (other_id, other): (CertId, &Certificate), by: LongestBy) -> Self {
        let thumbprint = other.thumbprint();
        let (own, other) = (RankKey::of(own), RankKey::of(other));
        Ranking { own, other, other_id, thumbprint, decided_by: own.decided_by(&other, by) }
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

/// A place among those that pass every other step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Counted from 1.
    pub rank: usize,
    /// How many pass every other step.
    pub of: usize,
}

/// Why a certificate that passed every other step is not the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankReason {
    /// Another one has the longer validity period (rule L-1).
    Outranked {
        /// The comparison with the one that is selected.
        ranking: Box<Ranking>,
        /// Its place.
        place: Place,
    },
    /// Another one comes first in the store, on a device without a selection method (rule R-4).
    NotFirst {
        /// The first.
        first: CertId,
        /// Its thumbprint.
        thumbprint: Thumbprint,
        /// Its place.
        place: Place,
    },
    /// Several passed every step, and that is an error (rule L-2).
    Ambiguous {
        /// Its place. The outcome lists them all; a list in each of them would grow with the square of their number.
        place: Place,
        /// The best-ranked of the others.
        other: CertId,
        /// Its thumbprint.
        thumbprint: Thumbprint,
    },
}

impl RankPass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        match self {
            RankPass::Longest(_) => Row::new(Step::Longest, "longest.longest", Rule::L1),
            RankPass::OnlyCandidate => Row::new(Step::Longest, "longest.only", Rule::L1),
            RankPass::FirstInStore => Row::new(Step::Longest, "longest.first", Rule::R4),
        }
    }
}

impl RankReason {
    /// Code, rule and result codes.
    pub(crate) fn row(&self) -> Row {
        let row = |code, rule, hresult| Row::new(Step::Longest, code, rule).reported(hresult);
        match self {
            // Another certificate is selected, so the client reports success.
            RankReason::Outranked { .. } => {
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
            RankReason::Outranked { ranking, .. } => ranking.other_id,
            RankReason::NotFirst { first, .. } => *first,
            RankReason::Ambiguous { other, .. } => *other,
        }
    }

    /// Its place among those that pass every other step.
    pub(crate) fn place(&self) -> Place {
        match self {
            RankReason::Outranked { place, .. }
            | RankReason::NotFirst { place, .. }
            | RankReason::Ambiguous { place, .. } => *place,
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self, store: &StoreName) -> Vec<Proposal> {
        let remove = |certificate: Thumbprint| Proposal::Change(Change::Remove { certificate, store: store.clone() });
        match self {
            RankReason::Outranked { ranking, .. } => vec![
                Proposal::Criteria,
                remove(ranking.thumbprint),
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
        let named = self.thumbprint.short();
        match self.decided_by {
            RankCriterion::Period => {
                write!(f, "valid for {}, {named} for {}", Duration(own.period()), Duration(other.period()))
            }
            RankCriterion::NotAfter => {
                let order = if own.not_after > other.not_after { "earlier" } else { "later" };
                if own.period() == other.period() {
                    write!(f, "both are valid for {}; ", Duration(own.period()))?;
                }
                write!(f, "{named} ends {order} ({})", Against(other.not_after, own.not_after))
            }
            RankCriterion::NotBefore => {
                let order = if own.not_before > other.not_before { "earlier" } else { "later" };
                write!(f, "both end at {}; ", own.not_after)?;
                write!(f, "{named} begins {order} ({})", Against(other.not_before, own.not_before))
            }
            RankCriterion::Thumbprint => {
                write!(f, "the same dates as {named}, so the smaller thumbprint decides (assumed)")
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rank {} of {}", self.rank, self.of)
    }
}

impl fmt::Display for RankPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RankPass::Longest(ranking) => write!(f, "ranks first: {ranking}"),
            RankPass::OnlyCandidate => f.write_str("the only one that qualifies"),
            RankPass::FirstInStore => {
                f.write_str("the first in store order, which is all that this kind of device looks at")
            }
        }
    }
}

impl fmt::Display for RankReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RankReason::Outranked { ranking, place } => write!(f, "qualifies; {place}: {ranking}"),
            RankReason::NotFirst { thumbprint, place, .. } => write!(
                f,
                "qualifies; {place}: {} comes first in the store, and this kind of device takes the first",
                thumbprint.short()
            ),
            RankReason::Ambiguous { place, thumbprint, .. } => {
                write!(
                    f,
                    "{} qualify; without CCMFIRSTCERT=1 the client takes none, with it ",
                    Count(place.of, "certificate")
                )?;
                match place.rank {
                    1 => f.write_str("this one"),
                    _ => write!(f, "{}, not this one", thumbprint.short()),
                }
            }
        }
    }
}
