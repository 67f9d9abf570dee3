//! The status of one certificate, and of a path (rules V-0, V-7).

mod delta;
mod scan;

use self::scan::{Scan, no_point};
use super::crl::Crl;
use super::crls::Crls;
use super::outcome::{RevocationEvidence, RevocationFailure};
use super::point::JudgedCertificate;
use super::recall::Walks;
use super::work::{SignerPaths, Work};
use crate::budget::Spent;
use crate::certificate::{Certificate, ReasonFlags};
use crate::choices::{CrlSigner, DeltaCrl, SignaturePolicy, UnknownStatus};
use crate::crypto::SignatureResult;
use crate::name::NameKey;
use crate::time::Timestamp;
use std::ops::Range;
use std::sync::Arc;

/// The settings that decide which CRLs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RevocationSettings {
    pub signer: CrlSigner,
    pub delta: DeltaCrl,
    pub signatures: SignaturePolicy,
    pub unknown: UnknownStatus,
    /// How many seconds a CRL counts after its end.
    pub grace: i64,
}

/// The signature results of CRLs. Whoever implements it remembers them: each CRL's signature is verified once.
pub(crate) trait CrlSignatures {
    /// The result of verifying this CRL with this certificate's key.
    fn verify(&self, crl: &Crl, signer: &Certificate) -> SignatureResult;
}

/// Verifies at each call.
impl CrlSignatures for crate::crypto::Algorithms {
    fn verify(&self, crl: &Crl, signer: &Certificate) -> SignatureResult {
        Self::verify(self, &crl.signature_under(signer))
    }
}

/// Everything that revocation checking needs beside the path.
#[derive(Clone, Copy)]
pub(crate) struct RevocationCheck<'a> {
    pub crls: &'a Crls,
    pub now: Timestamp,
    pub settings: RevocationSettings,
    pub signatures: &'a dyn CrlSignatures,
    pub signer_paths: &'a dyn SignerPaths,
    /// What is known of certificates that differ only in their serial numbers, under these settings.
    pub walks: Option<&'a Walks>,
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
    /// What that cost (rule V-10).
    pub spent: Spent,
}

impl PathStatus {
    /// Whether what is beneath has any say: not once a certificate above it is known to be bad.
    fn goes_on(&self) -> bool {
        self.rejected.last().is_none_or(|(_, failure)| failure.is_unknown())
    }
}

impl RevocationCheck<'_> {
    /// Rule V-7: every certificate of a path to a trusted root except the root, from the root down (rule V-0). `spent` is
    /// what it cost to find the path (rule V-10).
    pub(crate) fn path(&self, path: &[&Certificate], spent: &Spent) -> PathStatus {
        let issuer_key = |position: usize| issuer_key(path.get(position)?);
        self.go_on(PathStatus::default(), path, 0..path.len().saturating_sub(1), spent, issuer_key)
    }

    /// Rule V-7 for a part of a path, after what is known of those above it: what revocation says of a certificate depends
    /// only on them. Whoever asks about thousands of certificates of one issuer knows the key of its name.
    pub(crate) fn go_on(
        &self,
        mut status: PathStatus,
        path: &[&Certificate],
        positions: Range<usize>,
        spent: &Spent,
        issuer_key: impl Fn(usize) -> Option<NameKey>,
    ) -> PathStatus {
        let mut work = Work::after(std::mem::take(&mut status.spent));
        let within = work.spent.add(spent).map_err(|budget| RevocationFailure::Budget { budget });
        for position in positions.rev() {
            if !status.goes_on() {
                break;
            }
            let known = within.clone().and_then(|()| self.certificate(path, position, issuer_key(position), &mut work));
            match known {
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
        status.spent = work.spent;
        status
    }

    /// The status of the certificate at this place of a valid path.
    pub(super) fn certificate(
        &self,
        path: &[&Certificate],
        position: usize,
        issuer_key: Option<NameKey>,
        work: &mut Work,
    ) -> Result<RevocationEvidence, RevocationFailure> {
        let entered = path.get(position).and_then(|certificate| work.enter(certificate));
        let status = self.status(path, position, issuer_key, work);
        if let Some(entered) = entered {
            work.leave(entered);
        }
        status
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
                missing: Arc::default(),
                not_counted: Vec::new(),
                uncovered: ReasonFlags::ALL,
            });
        };
        let Some(issuer_key) = issuer_key else {
            return Err(no_point(certificate, Vec::new()));
        };
        let judged = JudgedCertificate { certificate, issuer_key, above, issuer };
        let before = std::mem::take(&mut work.in_vain);
        let status = Scan::of(self, judged).run(work);
        work.in_vain = before;
        status
    }
}

/// The name of a certificate's issuer, as names are compared.
pub(super) fn issuer_key(certificate: &Certificate) -> Option<NameKey> {
    NameKey::from_der(certificate.issuer_der())
}
