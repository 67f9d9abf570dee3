//! Paths of certificates that sign CRLs without standing in the judged path (rule V-9, RFC 5280 6.3.3 (f)).

use super::{ChainFailure, Chains};
use crate::budget::{Budget, Spent};
use crate::certificate::Certificate;
use crate::name::NameKey;
use crate::time::Timestamp;

/// Certificates of one name that are looked at as signers of CRLs. A CA that renewed its key ten times has eleven.
const MAX_SIGNERS: usize = 32;

/// Valid paths kept for one signer: more than one is of use only where a CA in the middle is revoked.
const MAX_PATHS_PER_SIGNER: usize = 4;

impl Chains {
    /// Paths that are valid at `now` (rule V-5, without revocation), from certificates with this subject to this root: the
    /// signer first, the root last. A root counts as this one by its name and key (rule V-5).
    ///
    /// # Errors
    /// What of the judged certificate's budget ran out (rule V-10).
    pub(crate) fn paths_to_root(
        &self,
        subject: &NameKey,
        root: &Certificate,
        now: Timestamp,
        spent: &mut Spent,
    ) -> Result<Vec<Vec<Certificate>>, Budget> {
        let mut signers: Vec<_> = Vec::new();
        for id in self.stores.with_subject(subject) {
            if let Some(certificate) = self.certificate(*id)
                && !signers.iter().any(|(_, known)| *known == certificate)
                && (certificate.not_before()..=certificate.not_after()).contains(&now)
            {
                signers.push((*id, certificate));
                if signers.len() == MAX_SIGNERS {
                    break;
                }
            }
        }
        let is_root =
            |last: &Certificate| last.subject_der() == root.subject_der() && last.spki_der() == root.spki_der();
        let mut found = Vec::new();
        for (id, _) in signers {
            let mut paths = self.paths(id);
            *paths.spent() = std::mem::take(spent);
            let mut valid = 0;
            while valid < MAX_PATHS_PER_SIGNER
                && let Some(path) = paths.next()
            {
                let certificates: Vec<Certificate> =
                    path.certificates().iter().filter_map(|id| self.certificate(*id).cloned()).collect();
                if !certificates.last().is_some_and(is_root) {
                    continue;
                }
                paths.spent().spend(Budget::Paths, 1)?;
                match self.validate_within(&path, now, paths.spent()) {
                    Some(Ok(_)) => {
                        found.push(certificates);
                        valid += 1;
                    }
                    Some(Err(failure)) => {
                        if let ChainFailure::Budget { budget, .. } = *failure {
                            return Err(budget);
                        }
                    }
                    None => {}
                }
            }
            *spent = std::mem::take(paths.spent());
            if let Some(budget) = paths.exhausted() {
                return Err(budget);
            }
        }
        Ok(found)
    }
}
