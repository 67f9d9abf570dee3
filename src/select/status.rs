//! The revocation part of step 3 (V-7 to V-9): the machine's settings, stores and memo, brought to the check.

use super::instant::Status;
use super::warning::Warning;
use super::world::World;
use crate::budget::{Budget, Share, Spent};
use crate::certificate::Certificate;
use crate::chain::{Chain, ChainMember};
use crate::check::{ClearedChain, RevocationPass, RevokedChain};
use crate::choices::Revocation;
use crate::crypto::Weakness;
use crate::name::NameKey;
use crate::revocation::{MemberStatus, Ocsp, PathStatus, RevocationCheck, RevocationSettings, SignerPaths, Signers};
use crate::store::CertId;
use crate::time::Timestamp;
use std::sync::Arc;

impl World {
    /// V-7: what revocation says of the chain of a certificate; `None` when it is off.
    pub(super) fn revocation(&self, judged: (CertId, &Certificate), chain: &Chain, now: Timestamp) -> Status {
        match self.settings.revocation() {
            Revocation::Off => Ok(None),
            Revocation::Check => self.instant.status(judged.0, now, || self.checked(judged, chain, now)),
        }
    }

    fn checked(&self, judged: (CertId, &Certificate), chain: &Chain, now: Timestamp) -> Status {
        let path = chain.path();
        let certificates = self.certificates(path.certificates());
        let signer_paths = ValidSigners { world: self, now };
        let check = RevocationCheck {
            crls: &self.crls,
            now,
            settings: RevocationSettings {
                signer: self.settings.crl_signer(),
                delta: self.settings.delta_crl(),
                signatures: self.settings.signature_policy(),
                unknown: self.settings.unknown_status(),
                grace: self.settings.crl_grace().seconds(),
            },
            signatures: self.cache.as_ref(),
            signer_paths: &signer_paths,
            walks: Some(&self.walks),
        };
        let at = |position: usize| {
            let id = path.certificates().get(position).copied();
            let (id, certificate) = id.zip(certificates.get(position).copied()).unwrap_or(judged);
            ChainMember::of(certificate, id, position)
        };
        let ocsp = |position: usize| match certificates.get(position) {
            Some(certificate) if certificate.names_ocsp() => Ocsp::Named,
            Some(_) | None => Ocsp::NotNamed,
        };
        let below_root = certificates.len().saturating_sub(1);
        let issuer_key = |position: usize| self.stores.issuer_key(*path.certificates().get(position)?);
        // Nothing of what is said of the CAs depends on the certificate beneath them, and a thousand may be.
        let above = path.certificates().get(1..).unwrap_or_default();
        let of_issuers = self.issuer_statuses.at(above, now).unwrap_or_else(|| {
            let all = 1..below_root.max(1);
            let found = check.go_on(PathStatus::default(), &certificates, all, &Spent::default(), issuer_key);
            let found = Arc::new(found);
            self.issuer_statuses.remember(above, now, Arc::clone(&found));
            found
        });
        let (of_issuers, own) = (PathStatus::clone(&of_issuers), 0..below_root.min(1));
        let status = check.go_on(of_issuers, &certificates, own, chain.spent(), issuer_key);
        let mut rejected = status.rejected.into_iter().map(|(position, failure)| (at(position), failure));
        if let Some((at, failure)) = rejected.next() {
            let ocsp = ocsp(at.position);
            return Err(Arc::new(RevokedChain { at, failure, further: rejected.collect(), ocsp }));
        }
        let mut members = Vec::with_capacity(status.passed.len());
        for one in status.passed.into_iter().rev() {
            match one {
                MemberStatus::Cleared(evidence) => members.push(evidence),
                MemberStatus::Accepted(position, failure) => {
                    let (at, ocsp) = (at(position), ocsp(position));
                    let accepted = RevokedChain { at, failure, further: Vec::new(), ocsp };
                    return Ok(Some(RevocationPass::UnknownAccepted(Arc::new(accepted))));
                }
            }
        }
        Ok(Some(RevocationPass::NotRevoked(Arc::new(ClearedChain { members }))))
    }

    fn certificates(&self, ids: &[CertId]) -> Vec<&Certificate> {
        ids.iter().filter_map(|id| Some(self.stores.get(*id)?.certificate())).collect()
    }
}

/// V-11: CRLs that count although their signature is weak. A short key of their signer is a warning about the signer.
pub(super) fn weak_crls(chain: &ClearedChain) -> impl Iterator<Item = Warning> {
    let counted = chain.members.iter().flat_map(|member| member.crls());
    counted.filter_map(|counted| match counted.weakness {
        Some(Weakness::Hash(hash)) => Some(Warning::WeakCrl { issuer: counted.complete.issuer(), hash }),
        _ => None,
    })
}

/// V-9, `CrlSigner::SameName`: signers of CRLs whose own path leads to the same root.
struct ValidSigners<'a> {
    world: &'a World,
    now: Timestamp,
}

impl SignerPaths for ValidSigners<'_> {
    fn signer_paths(&self, subject: NameKey, root: &Certificate, spent: &mut Spent) -> Result<Signers, Budget> {
        let of = (subject, root.thumbprint());
        let (found, cost) = self.world.signers.at(&of, self.now).unwrap_or_else(|| {
            let mut cost = Spent::default();
            let found = self.world.chains.paths_to_root(&subject, root, self.now, &mut cost).map(Signers::from);
            self.world.signers.remember(of, self.now, (found.clone(), cost.clone()));
            (found, cost)
        });
        spent.add(&cost)?;
        found
    }

    fn crl_share(&self) -> usize {
        *self.world.crl_share.get_or_init(|| {
            // Each CA of a name may have to try each CRL of that name.
            let of_name = |(name, crls)| (self.world.stores.with_subject(&name).len(), crls);
            Share::among(self.world.crls.counts().map(of_name), Budget::MachineCrlSignatures)
        })
    }
}
