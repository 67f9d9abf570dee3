//! What the selection says: an outcome, and for every certificate shown one finding a check, in documented order.
//!
//! Everything here is data with both sides of each comparison. The words stand beside
//! each check, in [`check`](crate::check), so a program can use the data and a person the words.

use super::depends_on::DependsOn;
use super::outcome::Outcome;
use super::warning::Warning;
use crate::check::{Finding, NearMiss, Place, Rejection};
use crate::choices::Ruleset;
use crate::revocation::Lack;
use crate::store::{CertId, StoreName};
use crate::time::Timestamp;
use std::fmt;

/// How a certificate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerdictKind {
    /// It is the one.
    Selected,
    /// It passed every step, and was outranked or is one of several.
    Candidate,
    /// It failed a step.
    Rejected,
    /// It is not a certificate (rule T-5).
    Unreadable,
}

impl VerdictKind {
    /// The word in JSON and tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            VerdictKind::Selected => "selected",
            VerdictKind::Candidate => "candidate",
            VerdictKind::Rejected => "rejected",
            VerdictKind::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for VerdictKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One certificate, and what every check said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub(crate) id: CertId,
    pub(crate) kind: VerdictKind,
    pub(crate) path: Vec<CertId>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) warnings: Vec<Warning>,
}

impl Verdict {
    /// The entry that was judged.
    pub fn id(&self) -> CertId {
        self.id
    }

    /// How it ended.
    pub fn kind(&self) -> VerdictKind {
        self.kind
    }

    /// The one chain of the certificate (rule I-7), from itself up to the root or the highest one found; empty where no
    /// check asked for it. Steps 1, 3 and 4 look at it.
    pub fn path(&self) -> &[CertId] {
        &self.path
    }

    /// One finding a check, in documented order. `Selector::select` stops at the first rejection,
    /// `Selector::audit` does not.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What the administrator should know although the certificate passed.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Its place among those that pass every other step, where another one ranks before it or several are an error.
    pub(crate) fn place(&self) -> Option<Place> {
        match self.rejection() {
            Some(Rejection::Rank(reason)) => Some(reason.place()),
            Some(_) | None => None,
        }
    }

    /// The check that ended it: the first rejection, or the last check of one that passed them all.
    pub fn deciding(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.rejection().is_some()).or_else(|| self.findings.last())
    }

    /// What would nearly have been enough, where the deciding check knows.
    pub fn near_miss(&self) -> Option<&NearMiss> {
        self.deciding()?.near_miss()
    }

    /// The first rejection, which is the reason.
    pub fn rejection(&self) -> Option<&Rejection> {
        self.findings.iter().find_map(Finding::rejection)
    }
}

/// The answer about one machine at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    pub(crate) now: Timestamp,
    pub(crate) ruleset: Ruleset,
    pub(crate) store: StoreName,
    pub(crate) outcome: Outcome,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) undecided: Option<Undecided>,
    pub(crate) depends_on: Option<DependsOn>,
}

/// The outcome depends on CRLs that were not given (rule V-8).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undecided {
    /// Where the missing CRLs are published: every address, else the issuer's name.
    pub missing: Vec<String>,
    /// What is lacking, each kind once, with the addresses or issuers it is lacking of.
    pub lacks: Vec<(Lack, Vec<String>)>,
    /// What would be selected without revocation.
    pub without_revocation: Outcome,
}

impl Selection {
    /// The instant of the selection.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The generation of rules that was used.
    pub(crate) fn ruleset(&self) -> Ruleset {
        self.ruleset
    }

    /// The store whose certificates were candidates.
    pub(crate) fn store(&self) -> &StoreName {
        &self.store
    }

    /// What was selected.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The selected certificate.
    pub fn selected(&self) -> Option<CertId> {
        self.outcome.selected()
    }

    /// One verdict for every entry that rule T-6 shows, in its order.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The verdict about one entry.
    pub fn verdict(&self, id: CertId) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| verdict.id == id)
    }

    /// What concerns the machine or its settings as a whole; a report has more.
    pub(crate) fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Set where the outcome would be another if the missing CRLs were given (rule V-8).
    pub fn undecided(&self) -> Option<&Undecided> {
        self.undecided.as_ref()
    }

    /// What the answer depends on (rule R-5); `None` where nobody [asked](crate::Selector::with_readings).
    pub fn depends_on(&self) -> Option<&DependsOn> {
        self.depends_on.as_ref()
    }
}
