//! Which CAs of the machine could issue a new certificate (rule E-1).

use super::model::Model;
use crate::certificate::Certificate;
use crate::store::{CertId, StoredCertificate};
use std::cmp::Reverse;
use std::collections::HashSet;

/// CAs that are looked at for a new certificate; a machine has two or three. Each costs a chain (rule V-10).
pub(super) const MAX_AUTHORITIES: usize = 64;

impl Model {
    /// The CAs that could issue, the likeliest first: their own chain holds and, where there is a list, ends at a listed root.
    pub(super) fn authorities(&self) -> impl Iterator<Item = &Certificate> {
        let (selector, now) = (self.selector(), self.now());
        let looked_at = self.candidates().into_iter().take(MAX_AUTHORITIES);
        let good = looked_at.filter(move |id| selector.issues_well(*id, now));
        good.filter_map(|id| selector.stores().get(id)).map(StoredCertificate::certificate)
    }

    /// Whether there are more CAs than are looked at.
    pub(super) fn has_more_authorities(&self) -> bool {
        self.candidates().len() > MAX_AUTHORITIES
    }

    /// That of the asked certificate first, then those that are not roots, then those that last. A root counts only where it
    /// has issued to this machine: most are offline, and issue only to CAs.
    fn candidates(&self) -> Vec<CertId> {
        let (stores, now) = (self.selector().stores(), self.now());
        let asked = self.asked().and_then(|id| stores.get(id));
        let issuer = asked.map(|stored| stored.certificate().issuer_der());
        let all = || stores.certificates().map(|(id, stored)| (id, StoredCertificate::certificate(stored)));
        let issued: HashSet<&[u8]> =
            all().filter(|(_, certificate)| !certificate.is_ca()).map(|(_, leaf)| leaf.issuer_der()).collect();
        let is_root = |certificate: &Certificate| certificate.subject_der() == certificate.issuer_der();
        let mut candidates: Vec<_> = all()
            .filter(|(_, ca)| may_issue(ca) && (!is_root(ca) || issued.contains(ca.subject_der())))
            .filter(|(_, ca)| ca.not_before() <= now && now < ca.not_after())
            .map(|(id, ca)| (issuer != Some(ca.subject_der()), is_root(ca), Reverse(ca.not_after()), id))
            .collect();
        candidates.sort_unstable();
        candidates.into_iter().map(|(.., id)| id).collect()
    }
}

/// Whether what it issues is valid as far as it depends on itself (rule V-5).
fn may_issue(ca: &Certificate) -> bool {
    let usage = ca.key_usage();
    ca.is_ca() && ca.version() == 3 && usage.is_ok_and(|usage| usage.is_none_or(|usage| usage.key_cert_sign()))
}
