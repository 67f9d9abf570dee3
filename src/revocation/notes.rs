//! The CRLs of the right issuers that did not count, each once, and the nearest miss among them (rule V-8).

use super::crl::Crl;
use super::outcome::{CrlNotCounted, CrlProblem};
use crate::time::Timestamp;

/// More CRLs that did not count than these are not kept: a message names one, and every certificate of a machine may meet
/// the same thousands.
const MAX_KEPT: usize = 16;

/// What was noted while the CRLs were looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    kept: Vec<CrlNotCounted>,
    /// A complete CRL that would count if it were not out of date, with its nextUpdate.
    pub expired: Option<(Crl, Timestamp)>,
    /// A complete CRL that would count if it were valid already.
    pub early: Option<Crl>,
    /// A complete CRL without the delta CRL that it asks for; since when it lists the certificate as on hold.
    pub without_delta: Option<(Crl, Option<Timestamp>)>,
}

impl Notes {
    /// Keeps one problem a CRL: one that is not merely about its scope before one that is.
    pub(super) fn add(&mut self, crl: &Crl, problem: CrlProblem) {
        if !crl.is_delta() {
            if let CrlProblem::Expired { next_update, .. } = &problem {
                self.expired.get_or_insert_with(|| (crl.clone(), *next_update));
            }
            if let CrlProblem::NotYetValid { .. } = &problem {
                self.early.get_or_insert_with(|| crl.clone());
            }
        }
        let of_crl = |known: &&mut CrlNotCounted| known.crl.place_in_memory() == crl.place_in_memory();
        if let Some(known) = self.kept.iter_mut().find(of_crl) {
            if known.problem.is_scope() {
                known.problem = problem;
            }
            return;
        }
        if self.kept.len() < MAX_KEPT {
            self.kept.push(CrlNotCounted { crl: crl.clone(), problem });
            return;
        }
        // All places are taken: what is about these certificates says more than what is about others.
        if !problem.is_scope()
            && let Some(other) = self.kept.iter_mut().find(|known| known.problem.is_scope())
        {
            *other = CrlNotCounted { crl: crl.clone(), problem };
        }
    }

    /// The same for several CRLs that are for other distribution points, of which nothing is known but where they stand; `false`
    /// where each has to be noted.
    pub(super) fn add_others(&mut self, stands_there: impl Fn(&Crl) -> bool) -> bool {
        let all_taken = self.kept.len() >= MAX_KEPT;
        if all_taken {
            let scope = |known: &&mut CrlNotCounted| known.problem.is_scope() && stands_there(&known.crl);
            self.kept.iter_mut().filter(scope).for_each(|known| known.problem = CrlProblem::OtherDistributionPoint);
        }
        all_taken
    }

    /// The first of them.
    pub(super) fn kept(self) -> Vec<CrlNotCounted> {
        self.kept
    }

    pub(super) fn add_all(&mut self, others: Vec<CrlNotCounted>) {
        others.into_iter().for_each(|not| self.add(&not.crl, not.problem));
    }
}
