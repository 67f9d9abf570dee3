//! The verdict on one certificate: some path satisfies everything, or the best path says why not.

use super::Chains;
use super::budget::MAX_TRIED;
use super::failure::{Budget, ChainFailure, ChainWarning};
use super::path::{Path, PathEnd};
use crate::{CertId, Timestamp};
use std::cmp::Reverse;

/// What came of looking for a path that satisfies everything. `F` is why revocation rejects a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement<F> {
    /// This path does.
    Valid {
        /// The path.
        path: Path,
        /// What should be known about it.
        warnings: Vec<ChainWarning>,
    },
    /// None does.
    Failed {
        /// The path that came furthest, and why it does not hold.
        best: FailedPath<F>,
        /// The other paths that were tried, at most eight in all.
        others: Vec<FailedPath<F>>,
    },
    /// No path is listed (rule I-5).
    NotListed {
        /// The paths that there are, at most eight; at least one.
        paths: Vec<Path>,
        /// Why the search ended before every path was found, if it did.
        exhausted: Option<Budget>,
    },
}

/// A path that does not hold, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedPath<F> {
    /// The path.
    pub path: Path,
    /// Why it does not hold.
    pub failure: PathFailure<F>,
}

/// Why a path does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathFailure<F> {
    /// Path validation rejects it.
    Chain(ChainFailure),
    /// It is valid, and revocation rejects it.
    Revocation(F),
}

/// How far a valid path came through the caller's revocation check, so that the best of several can be told (rule V-7).
pub trait Reach {
    /// The place of the certificate that it stopped at, and the check, from the first to the last.
    fn reach(&self) -> (usize, usize);
}

/// Revocation that rejects nothing.
impl Reach for std::convert::Infallible {
    fn reach(&self) -> (usize, usize) {
        match *self {}
    }
}

impl<F: Reach> FailedPath<F> {
    /// How far the path came, from worst to best: to a trusted root, through validation, up to which certificate of it, and
    /// up to which check.
    fn reach(&self) -> (u8, bool, Option<(usize, usize)>) {
        let trust = match self.path.end() {
            PathEnd::Incomplete => 0,
            PathEnd::SelfSigned => 1,
            PathEnd::Anchor => 2,
        };
        let (valid, reached) = match &self.failure {
            PathFailure::Chain(ChainFailure::Budget { .. }) => (false, None),
            PathFailure::Chain(failure) => {
                let check = ORDER.iter().position(|code| *code == failure.code()).unwrap_or(0);
                (false, Some((failure.at().position, check)))
            }
            PathFailure::Revocation(failure) => (true, Some(failure.reach())),
        };
        (trust, valid, reached)
    }
}

/// The checks of one certificate in their order (rule V-5): of two paths that fail at the same height, the one that
/// passed more checks there came further.
const ORDER: [&str; 18] = [
    "validity.disallowed",
    "validity.malformed",
    "validity.no_path",
    "validity.bad_signature",
    "validity.weak_hash",
    "validity.sha1_signature",
    "validity.unknown_algorithm",
    "validity.key_too_short",
    "validity.chain_expired",
    "validity.chain_not_yet_valid",
    "validity.untrusted_root",
    "validity.not_a_ca",
    "validity.path_length",
    "validity.key_usage_cert_sign",
    "validity.name_constraints",
    "validity.policy",
    "validity.critical_extension",
    "validity.budget",
];

impl Chains {
    /// Looks for a path that is listed (step 1), valid at `now` and not revoked (step 3), all on the same path (rule I-7).
    ///
    /// `listed` says whether a path ends at a listed root, `revocation` what revocation says about a valid path. The
    /// dates of the certificate itself are not looked at: they are rule V-1. `None` when the entry is no certificate.
    pub fn judge<F: Reach>(
        &self,
        leaf: CertId,
        now: Timestamp,
        mut listed: impl FnMut(&Path) -> bool,
        mut revocation: impl FnMut(&Path) -> Result<(), F>,
    ) -> Option<Judgement<F>> {
        self.certificate(leaf)?;
        let mut paths = self.paths(leaf);
        let mut failed: Vec<FailedPath<F>> = Vec::new();
        let mut unlisted: Vec<Path> = Vec::new();
        let mut exhausted = None;
        while let Some(path) = paths.next() {
            if !listed(&path) {
                if unlisted.len() < MAX_TRIED {
                    unlisted.push(path);
                }
                continue;
            }
            if let Err(budget) = paths.spent.path() {
                exhausted = Some(budget);
                break;
            }
            let failure = match self.validate(&path, now, &mut paths.spent) {
                Ok(warnings) => match revocation(&path) {
                    Ok(()) => return Some(Judgement::Valid { path, warnings }),
                    Err(failure) => PathFailure::Revocation(failure),
                },
                Err(failure) => PathFailure::Chain(*failure),
            };
            let spent = match &failure {
                PathFailure::Chain(ChainFailure::Budget { budget, .. }) => Some(*budget),
                _ => None,
            };
            failed.push(FailedPath { path, failure });
            if spent.is_some() {
                exhausted = spent;
                break;
            }
        }
        let exhausted = exhausted.or(paths.exhausted());
        Some(self.failed(failed, unlisted, exhausted, leaf))
    }

    /// V-10: the rejection of a certificate whose listed path was not reached before the budget was spent.
    pub(crate) fn out_of_budget(&self, leaf: CertId, budget: Option<Budget>) -> ChainFailure {
        ChainFailure::Budget { at: self.member(leaf, 0), budget: budget.unwrap_or(Budget::Paths) }
    }

    fn failed<F: Reach>(
        &self,
        mut failed: Vec<FailedPath<F>>,
        unlisted: Vec<Path>,
        exhausted: Option<Budget>,
        leaf: CertId,
    ) -> Judgement<F> {
        failed.sort_by_key(|failed| Reverse(failed.reach())); // stable: of equals, the likeliest path first
        let Some(first) = failed.first() else {
            return Judgement::NotListed { paths: unlisted, exhausted };
        };
        let best = match exhausted {
            // Paths that were not looked at may hold, so the failures of the others are not the reason (rule V-10).
            Some(budget) => {
                let at = self.member(leaf, 0);
                FailedPath {
                    path: first.path.clone(),
                    failure: PathFailure::Chain(ChainFailure::Budget { at, budget }),
                }
            }
            None => failed.remove(0),
        };
        failed.truncate(MAX_TRIED - 1);
        Judgement::Failed { best, others: failed }
    }
}
