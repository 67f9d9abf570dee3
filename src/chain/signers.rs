//! Paths of certificates that sign CRLs without standing in the judged path (rule V-9, RFC 5280 6.3.3 (f)).

use super::Chains;
use crate::name::NameKey;
use crate::{Certificate, Timestamp};

/// Certificates of one name that are looked at as signers of CRLs. A CA that renewed its key ten times has eleven.
const MAX_SIGNERS: usize = 32;

/// Valid paths kept for one signer: more than one is of use only where a CA in the middle is revoked.
const MAX_PATHS_PER_SIGNER: usize = 4;

impl Chains {
    /// Paths that are valid at `now` (rule V-5, without revocation), from certificates with this subject to this root: the
    /// signer first, the root last. A root counts as this one by its name and key (rule V-5).
    pub(crate) fn paths_to_root(&self, subject: &NameKey, root: &Certificate, now: Timestamp) -> Vec<Vec<Certificate>> {
        let mut signers: Vec<_> = Vec::new();
        for id in self.stores.with_subject(subject) {
            if let Some(certificate) = self.certificate(*id)
                && !signers.iter().any(|(_, known)| *known == certificate)
                && (certificate.not_before()..=certificate.not_after()).contains(&now)
            {
                signers.push((*id, certificate));
            }
        }
        signers.truncate(MAX_SIGNERS);
        let is_root =
            |last: &Certificate| last.subject_der() == root.subject_der() && last.spki_der() == root.spki_der();
        let mut found = Vec::new();
        for (id, _) in signers {
            let mut paths = self.paths(id);
            let mut valid = 0;
            while valid < MAX_PATHS_PER_SIGNER
                && let Some(path) = paths.next()
            {
                if paths.spent().path().is_err() {
                    break;
                }
                let certificates: Vec<Certificate> =
                    path.certificates().iter().filter_map(|id| self.certificate(*id).cloned()).collect();
                if certificates.last().is_some_and(is_root) && self.validate_within(&path, now, paths.spent()).is_ok() {
                    found.push(certificates);
                    valid += 1;
                }
            }
        }
        found
    }
}
