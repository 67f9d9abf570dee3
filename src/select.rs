//! The selection: five documented steps over the certificates of one machine, each explained.

mod codes;
mod finding;
mod memo;
mod pending;
mod verdict;

pub use finding::{
    ChainCompleteness, ComputerNameField, Exemption, Finding, IssuerForm, KspReason, NearMiss, Pass, RankCriterion,
    RankKey, Ranking, Rejection, RevocationNearMiss, TemplateEvidence, UsageSource, Warning,
};
pub use memo::VerificationCache;
pub use pending::*;
pub use verdict::{Hresult, NothingReason, Outcome, Selection, Undecided, Verdict, VerdictKind};
