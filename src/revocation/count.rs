//! Whether a CRL counts for a certificate (rule V-9): its scope, its contents, its signer, its dates.

use super::check::{RevocationCheck, issuer_key};
use super::crl::Crl;
use super::outcome::CrlProblem;
use super::point::{JudgedCertificate, PointAt};
use super::scope::{CertificateKind, Indirect, IssuingDistributionPoint};
use super::work::Work;
use crate::budget::Budget;
use crate::certificate::Certificate;
use crate::choices::CrlSigner;
use crate::crypto::{
    Judgement, SignatureResult, Weakness, algorithm_error, judge_hash, judge_key, key_kind, signature_hash,
};
use crate::name::NameKey;

/// Whose key verified a CRL.
pub(super) enum Signer<'s> {
    /// A certificate of the judged path.
    InPath(&'s Certificate, Option<Weakness>),
    /// A certificate with a path of its own.
    Separate(Certificate, Option<Weakness>),
}

impl Signer<'_> {
    pub(super) fn certificate(&self) -> &Certificate {
        match self {
            Signer::InPath(certificate, _) => certificate,
            Signer::Separate(certificate, _) => certificate,
        }
    }

    pub(super) fn weakness(&self) -> Option<Weakness> {
        match self {
            Signer::InPath(_, weakness) | Signer::Separate(_, weakness) => *weakness,
        }
    }
}

/// The outer error ends the judgement of the certificate, the inner one that of the CRL.
type Counts<T> = Result<Result<T, CrlProblem>, Budget>;

impl RevocationCheck<'_> {
    /// Rule V-9 for a complete CRL. Once one out-of-date CRL was found that otherwise counts, the signatures of other
    /// out-of-date ones are not looked at (`expired_known`): an archive of old CRLs should cost nothing.
    pub(super) fn counts<'s>(
        &self,
        judged: &JudgedCertificate<'s>,
        crl: &Crl,
        scope: Option<&IssuingDistributionPoint<'_>>,
        point: &PointAt<'_>,
        expired_known: bool,
        work: &mut Work,
    ) -> Counts<Signer<'s>> {
        if scope.is_some_and(|scope| scope.indirect() == Indirect::Yes) && self.settings.signer == CrlSigner::SameKey {
            return Ok(Err(CrlProblem::Indirect));
        }
        if let Some(problem) = covers(judged, crl, scope, point, work)? {
            return Ok(Err(problem));
        }
        if let Err(problem) = self.content(crl) {
            return Ok(Err(problem));
        }
        let current = self.current(crl);
        if let Err(problem @ CrlProblem::Expired { .. }) = &current
            && expired_known
        {
            return Ok(Err(problem.clone()));
        }
        let signer = self.signer(judged, crl, point, work)?;
        Ok(signer.and_then(|signer| current.map(|()| signer)))
    }

    /// `thisUpdate <= now <= nextUpdate` (and the grace), and a nextUpdate there must be.
    pub(super) fn current(&self, crl: &Crl) -> Result<(), CrlProblem> {
        let (this_update, now) = (crl.this_update(), self.now);
        match crl.next_update() {
            _ if now < this_update => Err(CrlProblem::NotYetValid { this_update, now }),
            None => Err(CrlProblem::NoNextUpdate),
            Some(next_update)
                if next_update.plus_seconds(self.settings.grace) < now && !self.crls.assumes_renewal() =>
            {
                Err(CrlProblem::Expired { next_update, now })
            }
            Some(_) => Ok(()),
        }
    }

    /// Nothing in it that is not understood, and one signature algorithm throughout.
    pub(super) fn content(&self, crl: &Crl) -> Result<(), CrlProblem> {
        if let Some(unknown) = crl.unknown_critical_extension() {
            return Err(CrlProblem::CriticalExtension(unknown.clone()));
        }
        if crl.signature_algorithm_der() != crl.inner_signature_algorithm_der() {
            return Err(CrlProblem::Algorithms);
        }
        Ok(())
    }

    /// Who signed the CRL, among those who may.
    ///
    /// `CrlSigner::SameKey`: the key that signed the certificate, since AD CS splits its CRLs by key without saying so.
    /// `SameName`: RFC 5280 6.3.3 (f), any certificate of the CRL's issuer whose own path leads to the same root; only
    /// then do indirect CRLs count, which have another issuer.
    fn signer<'s>(
        &self,
        judged: &JudgedCertificate<'s>,
        crl: &Crl,
        point: &PointAt<'_>,
        work: &mut Work,
    ) -> Counts<Signer<'s>> {
        let indirect = point.crl_issuer().is_some() && crl.issuer_key() != judged.issuer_key;
        let any_key = self.settings.signer == CrlSigner::SameName;
        let mut problem = None;
        let in_path = if any_key { judged.above } else { judged.above.get(..1).unwrap_or_default() };
        for &certificate in in_path {
            // The judged certificate's issuer has the name already; whoever stands above it may.
            let direct = !indirect && std::ptr::eq(certificate, judged.issuer);
            if !direct && NameKey::from_der(certificate.subject_der()) != Some(crl.issuer_key()) {
                continue;
            }
            match self.signed_by(crl, certificate, work)? {
                Ok(weakness) => return Ok(Ok(Signer::InPath(certificate, weakness))),
                Err(other) => nearer(&mut problem, other),
            }
        }
        if any_key && let Some(root) = judged.above.last() {
            for path in work.signers(self.signer_paths, crl.issuer_key(), root)?.iter() {
                let Some(certificate) = path.first() else {
                    continue;
                };
                if judged.above.contains(&certificate) {
                    continue;
                }
                // A certificate may name its own subject as the issuer of its CRLs: whoever issued it wanted it so. Then
                // its status depends on the CRL that it signs, and only those above it are left to look at.
                let own = judged.certificate == certificate && point.crl_issuer().is_some();
                match self.signed_by(crl, certificate, work)? {
                    Ok(weakness) => match self.signer_is_good(path, usize::from(own), work)? {
                        Ok(()) => return Ok(Ok(Signer::Separate(certificate.clone(), weakness))),
                        Err(other) => nearer(&mut problem, other),
                    },
                    Err(other) => nearer(&mut problem, other),
                }
            }
        }
        Ok(Err(problem.unwrap_or(CrlProblem::Signature { authority_key: None })))
    }

    /// Whether this certificate's key made the signature and may have (rules V-9, V-11, V-12).
    pub(super) fn signed_by(&self, crl: &Crl, signer: &Certificate, work: &mut Work) -> Counts<Option<Weakness>> {
        work.spend(Budget::CrlSignatures, 1)?;
        if work.in_vain > 0 && work.in_vain >= self.signer_paths.crl_share() {
            return Err(Budget::MachineCrlSignatures);
        }
        Ok(match self.signatures.verify(crl, signer) {
            SignatureResult::Valid => self.may_sign(crl, signer),
            SignatureResult::Invalid => {
                work.in_vain += 1;
                Err(CrlProblem::Signature { authority_key: other_key(crl, signer) })
            }
            // A hash that is refused under every policy need not be verified to be refused (rule V-11).
            SignatureResult::Unknown { algorithm } => match judge_hash(crl_hash(crl), self.settings.signatures) {
                Judgement::Refused(weakness) => Err(CrlProblem::Weak(weakness)),
                Judgement::Strong | Judgement::Accepted(_) => Err(CrlProblem::UnknownAlgorithm(algorithm)),
            },
            SignatureResult::KeyTooLong { bits } => Err(CrlProblem::KeyTooLong { bits }),
            SignatureResult::Malformed(error) => Err(match algorithm_error(crl.signature_algorithm_der()) {
                Some(error) => CrlProblem::Malformed(error.further(crl.signature_algorithm_offset())),
                None => {
                    let error = error.further(signer.spki_offset());
                    CrlProblem::SignerKey { signer: signer.thumbprint(), error }
                }
            }),
        })
    }

    fn may_sign(&self, crl: &Crl, signer: &Certificate) -> Result<Option<Weakness>, CrlProblem> {
        match signer.key_usage() {
            Ok(None) => {}
            Ok(Some(usage)) if usage.crl_sign() => {}
            _ => {
                return Err(CrlProblem::KeyUsage { signer: signer.thumbprint() });
            }
        }
        let policy = self.settings.signatures;
        let of_key = key_kind(signer.spki_der()).map_or(Judgement::Strong, |kind| judge_key(&kind, policy));
        let judgements = [judge_hash(crl_hash(crl), policy), of_key];
        let mut weakness = None;
        for judgement in judgements {
            match judgement {
                Judgement::Refused(weakness) => return Err(CrlProblem::Weak(weakness)),
                Judgement::Accepted(accepted) => weakness = weakness.or(Some(accepted)),
                Judgement::Strong => {}
            }
        }
        Ok(weakness)
    }

    /// A separate signer's own path must not be revoked either, from this place of it up to below the root.
    fn signer_is_good(&self, path: &[Certificate], from: usize, work: &mut Work) -> Counts<()> {
        let path: Vec<&Certificate> = path.iter().collect();
        for (position, certificate) in path.iter().enumerate().take(path.len().saturating_sub(1)).skip(from) {
            let Some(entered) = work.enter(certificate) else {
                return Ok(Err(CrlProblem::Circular));
            };
            let status = self.status(&path, position, issuer_key(certificate), work);
            work.leave(entered);
            match status {
                Ok(_) => {}
                Err(super::RevocationFailure::Budget { budget }) => return Err(budget),
                Err(failure) => {
                    let signer = certificate.thumbprint();
                    return Ok(Err(CrlProblem::Signer { signer, failure: Box::new(failure) }));
                }
            }
        }
        Ok(Ok(()))
    }
}

fn crl_hash(crl: &Crl) -> Option<crate::crypto::HashAlgorithm> {
    signature_hash(crl.signature_algorithm_der())
}

/// Of several problems with signers, the one that says most: a signature by nobody's key says least.
fn nearer(problem: &mut Option<CrlProblem>, other: CrlProblem) {
    let says_least = |problem: &CrlProblem| matches!(problem, CrlProblem::Signature { .. });
    match problem {
        Some(known) if !says_least(known) || says_least(&other) => {}
        _ => *problem = Some(other),
    }
}

/// A digest; of a longer one the beginning is shown.
const MAX_KEY_IDENTIFIER: usize = 64;

/// The key identifier that the CRL names, where it is another one than the signer's.
fn other_key(crl: &Crl, signer: &Certificate) -> Option<Vec<u8>> {
    let named = crl.authority_key_identifier()?.key_identifier?;
    let own = signer.subject_key_identifier().ok()??;
    (named != own).then(|| named.get(..MAX_KEY_IDENTIFIER).unwrap_or(named).to_vec())
}

/// RFC 5280 6.3.3 (b): why a CRL is not about this certificate, for this distribution point.
fn covers(
    judged: &JudgedCertificate<'_>,
    crl: &Crl,
    scope: Option<&IssuingDistributionPoint<'_>>,
    point: &PointAt<'_>,
    work: &mut Work,
) -> Result<Option<CrlProblem>, Budget> {
    let indirect = scope.is_some_and(|scope| scope.indirect() == Indirect::Yes);
    if point.crl_issuer().is_some() && !indirect {
        return Ok(Some(CrlProblem::NotIndirect));
    }
    let Some(scope) = scope else {
        return Ok(None);
    };
    let ca = || judged.certificate.is_ca();
    match scope.only() {
        Some(CertificateKind::User) if !ca() => {}
        Some(CertificateKind::Ca) if ca() => {}
        None => {}
        Some(kind) => return Ok(Some(CrlProblem::OtherKind(kind))),
    }
    let Some(of_crl) = crl.point_names() else {
        return Ok(None);
    };
    let of_certificate = point.names(judged, work)?;
    work.spend(Budget::PointNames, of_crl.len().min(of_certificate.len()))?;
    Ok((!of_crl.share(of_certificate)).then_some(CrlProblem::OtherDistributionPoint))
}
