//! The status of one certificate, and of a path: RFC 5280 6.3.3 over all CRLs at hand, as one loop.

use super::crl::Crl;
use super::crls::Crls;
use super::delta::Delta;
use super::entry::{RevocationReason, RevokedCertificate};
use super::outcome::{CountedCrl, CrlNotCounted, CrlProblem, MissingCrl, Ocsp, RevocationEvidence, RevocationFailure};
use super::work::{Exhausted, Work};
use crate::certificate::{DistributionPoint, ReasonFlags};
use crate::crypto::SignatureResult;
use crate::name::NameKey;
use crate::settings::{CrlSigner, DeltaCrl, SignaturePolicy, UnknownStatus};
use crate::{Certificate, DistinguishedName, GeneralName, Thumbprint, Timestamp, oid};
use std::ops::Range;

/// The settings that decide which CRLs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RevocationSettings {
    pub signer: CrlSigner,
    pub delta: DeltaCrl,
    pub signatures: SignaturePolicy,
    pub unknown: UnknownStatus,
}

/// The signature results of CRLs. Whoever implements it remembers them: each CRL's signature is verified once.
pub(crate) trait CrlSignatures {
    /// The result of verifying this CRL with this certificate's key.
    fn verify(&self, crl: &Crl, signer: &Certificate) -> SignatureResult;
}

/// Verifies at each call.
impl CrlSignatures for crate::Algorithms {
    fn verify(&self, crl: &Crl, signer: &Certificate) -> SignatureResult {
        Self::verify(self, &crl.signature_under(signer))
    }
}

/// The paths of certificates that may sign CRLs without standing in the judged path (RFC 5280 6.3.3 (f)).
pub(crate) trait SignerPaths {
    /// Paths that are valid (rule V-5, without revocation) from certificates with this subject to this root: the signer
    /// first, the root last.
    fn signer_paths(&self, subject: NameKey, root: &Certificate) -> Vec<Vec<Certificate>>;
}

/// Everything that revocation checking needs beside the path.
#[derive(Clone, Copy)]
pub(crate) struct RevocationCheck<'a> {
    pub crls: &'a Crls,
    pub now: Timestamp,
    pub settings: RevocationSettings,
    pub signatures: &'a dyn CrlSignatures,
    pub signer_paths: &'a dyn SignerPaths,
}

/// What revocation says about a certificate that it passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MemberStatus {
    Cleared(RevocationEvidence),
    /// Unknown, and accepted by `UnknownStatus::Accept` (rule V-8), at this place of the path.
    Accepted(usize, RevocationFailure),
}

/// What revocation says about certificates of a path, nearest the root first (rule V-0).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PathStatus {
    /// Those that pass.
    pub passed: Vec<MemberStatus>,
    /// The places of those that are rejected (0 is the certificate that is judged), with the reason: every one whose
    /// status is unknown, up to the first that is revoked.
    pub rejected: Vec<(usize, RevocationFailure)>,
}

impl PathStatus {
    /// Whether what is beneath has any say: not once a certificate above it is known to be bad.
    fn goes_on(&self) -> bool {
        self.rejected.last().is_none_or(|(_, failure)| failure.is_unknown())
    }
}

/// The certificate whose status is looked at, in its path.
#[derive(Clone, Copy)]
pub(super) struct Judged<'j> {
    pub certificate: &'j Certificate,
    pub issuer_key: NameKey,
    /// The certificates above it, its issuer first, the root last.
    pub above: &'j [&'j Certificate],
    pub issuer: &'j Certificate,
}

impl RevocationCheck<'_> {
    /// Rule V-7: every certificate of a path to a trusted root except the root, from the root down (rule V-0).
    pub fn path(&self, path: &[&Certificate]) -> PathStatus {
        let issuer_key = |position: usize| issuer_key(path.get(position)?);
        self.go_on(PathStatus::default(), path, 0..path.len().saturating_sub(1), issuer_key)
    }

    /// Rule V-7 for a part of a path, after what is known of those above it: what revocation says of a certificate depends
    /// only on them. Whoever asks about thousands of certificates of one issuer knows the key of its name.
    pub fn go_on(
        &self,
        mut status: PathStatus,
        path: &[&Certificate],
        positions: Range<usize>,
        issuer_key: impl Fn(usize) -> Option<NameKey>,
    ) -> PathStatus {
        for position in positions.rev() {
            if !status.goes_on() {
                break;
            }
            match self.certificate(path, position, issuer_key(position)) {
                Ok(evidence) => status.passed.push(MemberStatus::Cleared(evidence)),
                Err(failure) if failure.is_unknown() && self.settings.unknown == UnknownStatus::Accept => {
                    status.passed.push(MemberStatus::Accepted(position, failure));
                }
                // What is known beneath an unknown status does not replace it, and is not added to what is missing.
                Err(failure) if failure.is_unknown() || status.rejected.is_empty() => {
                    status.rejected.push((position, failure));
                }
                Err(_) => break,
            }
        }
        status
    }

    /// The status of the certificate at this place of a valid path.
    pub(super) fn certificate(
        &self,
        path: &[&Certificate],
        position: usize,
        issuer_key: Option<NameKey>,
    ) -> Result<RevocationEvidence, RevocationFailure> {
        let mut work = Work::default();
        if let Some(certificate) = path.get(position) {
            work.enter(certificate.thumbprint());
        }
        self.status(path, position, issuer_key, &mut work)
    }

    pub(super) fn status(
        &self,
        path: &[&Certificate],
        position: usize,
        issuer_key: Option<NameKey>,
        work: &mut Work,
    ) -> Result<RevocationEvidence, RevocationFailure> {
        let above = path.get(position + 1..).unwrap_or_default();
        let (Some(&certificate), Some(&issuer)) = (path.get(position), above.first()) else {
            // A path that ends here has no issuer whose CRLs could be looked for.
            return Err(RevocationFailure::Unknown {
                missing: Vec::new(),
                not_counted: Vec::new(),
                uncovered: ReasonFlags::ALL,
            });
        };
        let Some(issuer_key) = issuer_key else {
            return Err(no_point(certificate, Vec::new()));
        };
        let judged = Judged { certificate, issuer_key, above, issuer };
        let scan = Scan { check: self, judged, covered: ReasonFlags::NONE, counted: None, not_counted: Vec::new() };
        scan.run(work)
    }
}

/// The name of a certificate's issuer, as names are compared.
pub(super) fn issuer_key(certificate: &Certificate) -> Option<NameKey> {
    NameKey::from_der(certificate.issuer_der())
}

/// One certificate's walk over its distribution points and the CRLs at hand.
struct Scan<'s> {
    check: &'s RevocationCheck<'s>,
    judged: Judged<'s>,
    /// The reasons that CRLs have cleared so far.
    covered: ReasonFlags,
    counted: Option<RevocationEvidence>,
    not_counted: Vec<CrlNotCounted>,
}

/// Why a walk ends early.
enum Stop {
    Listed(RevocationFailure),
    Exhausted(Exhausted),
}

impl From<Exhausted> for Stop {
    fn from(exhausted: Exhausted) -> Self {
        Stop::Exhausted(exhausted)
    }
}

impl<'s> Scan<'s> {
    fn run(mut self, work: &mut Work) -> Result<RevocationEvidence, RevocationFailure> {
        let judged = self.judged;
        let points = judged.certificate.crl_distribution_points().map_err(RevocationFailure::Malformed)?;
        // RFC 5280 6.3.3, last paragraph: after the certificate's own points, CRLs that it names nowhere.
        for point in points.map(Some).chain([None]) {
            match self.point(point.as_ref(), work) {
                Ok(()) if self.covered == ReasonFlags::ALL => break,
                Ok(()) => {}
                Err(Stop::Listed(failure)) => return Err(failure),
                Err(Stop::Exhausted(Exhausted(limit))) => return Err(RevocationFailure::Budget { limit }),
            }
        }
        match self.counted.take() {
            Some(evidence) if self.covered == ReasonFlags::ALL => Ok(evidence),
            _ => Err(self.failure()),
        }
    }

    /// All CRLs of one distribution point; of the default one when there is none.
    fn point(&mut self, point: Option<&DistributionPoint<'s>>, work: &mut Work) -> Result<(), Stop> {
        work.step()?;
        match point.and_then(|point| point.crl_issuer) {
            Some(names) => {
                // RFC 5280 4.2.1.13: cRLIssuer is a directoryName; where it cannot be read, no CRL is found.
                for name in super::entry::directory_names(names).unwrap_or_default() {
                    self.crls_of(name, point, work)?;
                }
                Ok(())
            }
            None => self.crls_of(self.judged.issuer_key, point, work),
        }
    }

    fn crls_of(&mut self, issuer: NameKey, point: Option<&DistributionPoint<'s>>, work: &mut Work) -> Result<(), Stop> {
        let check = self.check;
        let Some(of_issuer) = check.crls.of(issuer) else {
            return Ok(());
        };
        let expired_before = self.not_counted.iter().any(|not| matches!(not.problem, CrlProblem::Expired { .. }));
        let mut expired_known = expired_before;
        // Signer and scope of the CRLs that counted: of one signer and scope, the first in this order does (rule V-9).
        let mut counted: Vec<(Thumbprint, Option<&[u8]>)> = Vec::new();
        for crl in &of_issuer.complete {
            if self.covered == ReasonFlags::ALL {
                return Ok(());
            }
            work.step()?;
            let scope = crl.issuing_distribution_point();
            let some = scope.as_ref().and_then(|scope| scope.only_some_reasons());
            let of_point = point.and_then(DistributionPoint::reasons);
            // RFC 5280 6.3.3 (d): the reasons that this CRL speaks about for this point.
            let reasons = some.unwrap_or(ReasonFlags::ALL).intersection(of_point.unwrap_or(ReasonFlags::ALL));
            if reasons.difference(self.covered).is_empty() {
                continue;
            }
            match check.counts(&self.judged, crl, scope.as_ref(), point, expired_known, work)? {
                Ok(signer) => {
                    let of = (signer.certificate().thumbprint(), crl.issuing_distribution_point_der());
                    if counted.contains(&of) {
                        continue;
                    }
                    counted.push(of);
                    let delta = check.delta(&of_issuer.deltas, crl, signer.certificate(), work)?;
                    let counted = CountedCrl {
                        complete: crl.clone(),
                        delta: None,
                        signer: signer.certificate().thumbprint(),
                        weakness: signer.weakness(),
                    };
                    self.look_up(counted, delta, reasons)?;
                }
                Err(problem) => {
                    expired_known |= matches!(problem, CrlProblem::Expired { .. });
                    self.note(crl, problem);
                }
            }
        }
        if of_issuer.complete.is_empty() {
            for delta in &of_issuer.deltas {
                self.note(delta, CrlProblem::OtherBase);
            }
        }
        Ok(())
    }

    /// RFC 5280 6.3.3 (i) to (l): what a complete CRL and its delta say about the certificate.
    fn look_up(&mut self, mut counted: CountedCrl, delta: Delta<'_>, reasons: ReasonFlags) -> Result<(), Stop> {
        let (issuer, serial) = (self.judged.issuer_key, self.judged.certificate.serial_number());
        if let Delta::Applies(delta) = delta {
            counted.delta = Some(delta.clone());
        }
        let in_delta = counted.delta.as_ref().and_then(|delta| Some((delta, delta.find_of(issuer, serial)?)));
        let listed = in_delta.or_else(|| Some((&counted.complete, counted.complete.find_of(issuer, serial)?)));
        if let Some((crl, entry)) = listed
            && entry.reason() != RevocationReason::RemoveFromCrl
        {
            return Err(Stop::Listed(listed_as(crl, &entry)));
        }
        // What the complete CRL lists is revoked whether or not its delta is at hand. To clear, it needs the delta.
        if let Delta::Missing(deltas) = delta
            && self.check.settings.delta == DeltaCrl::Required
        {
            self.note(&counted.complete, CrlProblem::DeltaMissing);
            deltas.into_iter().for_each(|not| self.note(&not.crl, not.problem));
            return Ok(());
        }
        self.covered = self.covered.union(reasons);
        match &mut self.counted {
            Some(evidence) => evidence.further.push(counted),
            none => *none = Some(RevocationEvidence { first: counted, further: Vec::new() }),
        }
        Ok(())
    }

    /// Keeps one problem a CRL: one that is not merely about its scope before one that is.
    fn note(&mut self, crl: &Crl, problem: CrlProblem) {
        match self.not_counted.iter_mut().find(|not| not.crl == *crl) {
            Some(known) if known.problem.is_scope() => known.problem = problem,
            Some(_) => {}
            None => self.not_counted.push(CrlNotCounted { crl: crl.clone(), problem }),
        }
    }

    /// Rule V-8: what is reported where nothing cleared the certificate, the nearest miss first.
    fn failure(self) -> RevocationFailure {
        let certificate = self.judged.certificate;
        let mut not_counted = self.not_counted;
        if let Some(base) = not_counted.iter().position(|not| not.problem == CrlProblem::DeltaMissing) {
            let complete = not_counted.swap_remove(base).crl;
            not_counted.retain(|not| not.crl.is_delta());
            let missing = missing(complete.freshest_crl(), &complete.issuer());
            return RevocationFailure::DeltaMissing { complete, missing, not_counted };
        }
        let points = || missing(points(certificate), &certificate.issuer());
        let expired = not_counted.iter().find_map(|not| match not.problem {
            CrlProblem::Expired { next_update, now } => Some((&not.crl, next_update, now)),
            _ => None,
        });
        if let Some((crl, next_update, now)) = expired {
            return RevocationFailure::CrlExpired { crl: crl.clone(), next_update, now, missing: points() };
        }
        if certificate.extension(oid::CRL_DISTRIBUTION_POINTS).is_none() {
            return no_point(certificate, not_counted);
        }
        RevocationFailure::Unknown {
            missing: points(),
            not_counted,
            uncovered: ReasonFlags::ALL.difference(self.covered),
        }
    }
}

fn listed_as(crl: &Crl, entry: &RevokedCertificate<'_>) -> RevocationFailure {
    let (revoked_at, crl) = (entry.revoked_at(), crl.clone());
    match entry.reason() {
        RevocationReason::CertificateHold => RevocationFailure::OnHold { revoked_at, crl },
        reason => RevocationFailure::Revoked { reason, revoked_at, crl },
    }
}

fn no_point(certificate: &Certificate, not_counted: Vec<CrlNotCounted>) -> RevocationFailure {
    RevocationFailure::NoDistributionPoint {
        ocsp: if certificate.names_ocsp() { Ocsp::Named } else { Ocsp::NotNamed },
        issuer: certificate.issuer(),
        not_counted,
    }
}

fn points(certificate: &Certificate) -> impl Iterator<Item = DistributionPoint<'_>> {
    certificate.crl_distribution_points().into_iter().flatten()
}

fn missing<'p>(points: impl Iterator<Item = DistributionPoint<'p>>, issuer: &DistinguishedName) -> Vec<MissingCrl> {
    let mut missing: Vec<MissingCrl> = Vec::new();
    for point in points.take(MAX_MISSING) {
        let signer = point.crl_issuer().iter().find_map(GeneralName::as_directory).unwrap_or(issuer).clone();
        let place = MissingCrl { issuer: signer, urls: point.urls() };
        if !missing.contains(&place) {
            missing.push(place);
        }
    }
    missing
}

/// More places than this help nobody to find a CRL.
const MAX_MISSING: usize = 16;
