//! What revocation checking gives: which CRL cleared a certificate, or why none did, with both sides.

use super::crl::Crl;
use super::entry::RevocationReason;
use super::scope::CertificateKind;
use crate::budget::Budget;
use crate::certificate::{CrlUrl, ExtensionError, ReasonFlags, Thumbprint};
use crate::crypto::Weakness;
use crate::name::DistinguishedName;
use crate::oid::Oid;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::time::Timestamp;
use crate::words::List;
use std::fmt;
use std::sync::Arc;

/// A complete CRL that counted, and the delta CRL that brought it up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CountedCrl {
    /// The complete CRL.
    pub complete: Crl,
    /// The delta CRL that was applied to it.
    pub delta: Option<Crl>,
    /// The certificate whose key verified the CRL.
    pub signer: Thumbprint,
    /// What rule V-11 would warn of in the CRL's signature or its signer's key.
    pub(crate) weakness: Option<Weakness>,
}

/// Which CRLs cleared a certificate (rules V-7 and V-9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationEvidence {
    pub(super) first: CountedCrl,
    pub(super) further: Vec<CountedCrl>,
}

impl RevocationEvidence {
    /// The CRL that cleared the certificate; the first of several where each covers some reasons.
    pub(crate) fn crl(&self) -> &CountedCrl {
        &self.first
    }

    /// The CRL that cleared the certificate; several where each covers some reasons.
    pub fn crls(&self) -> impl Iterator<Item = &CountedCrl> {
        std::iter::once(&self.first).chain(&self.further)
    }

    /// The instant after which some CRL that was needed is out of date: the status is good up to and with it.
    pub fn good_until(&self) -> Option<Timestamp> {
        let both = |counted: &CountedCrl| {
            let delta = counted.delta.as_ref().and_then(Crl::next_update);
            [counted.complete.next_update(), delta].into_iter().flatten().min()
        };
        self.crls().filter_map(both).min()
    }
}

/// Where a CRL that is missing is published (rule V-8).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingCrl {
    /// Who would have signed it.
    pub issuer: DistinguishedName,
    /// Its addresses, as the certificate has them; empty where the point has no address.
    pub urls: Vec<CrlUrl>,
    /// How many more there are, which nobody will try one after the other.
    pub more: usize,
}

impl MissingCrl {
    /// Each address, else the issuer's name: whatever is missing is named completely (rule V-8).
    pub(crate) fn places(&self) -> impl Iterator<Item = String> {
        let issuer = self.urls.is_empty().then(|| self.issuer.to_string());
        let more = (self.more > 0).then(|| format!("(and {} more addresses)", self.more));
        self.urls.iter().map(ToString::to_string).chain(issuer).chain(more)
    }
}

/// The first address, else the issuer's name.
impl fmt::Display for MissingCrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.urls.first() {
            Some(url) => write!(f, "{url}"),
            None => write!(f, "{}", self.issuer),
        }
    }
}

/// Why a CRL at hand did not count for a certificate (rule V-9).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlProblem {
    /// It holds another kind of certificates.
    OtherKind(CertificateKind),
    /// It is for another distribution point than the certificate's.
    OtherDistributionPoint,
    /// The certificate names this issuer for its CRLs, but the CRL does not say that it is indirect.
    NotIndirect,
    /// It is indirect, which Windows does not support (`CrlSigner::SameKey`).
    Indirect,
    /// An extension is critical and not understood.
    CriticalExtension(Oid),
    /// The signature algorithm inside the signed part differs from the one outside.
    Algorithms,
    /// No key of the issuer made its signature.
    Signature {
        /// The key identifier that the CRL names, where it is not the issuer's: the CRL of another key of this CA.
        authority_key: Option<Vec<u8>>,
    },
    /// The signature or the key is of a kind that is not understood (rule V-12).
    UnknownAlgorithm(Oid),
    /// An RSA key longer than is understood (rule V-12).
    KeyTooLong {
        /// Length of the key in bits.
        bits: u32,
    },
    /// The algorithm of its signature does not decode: the offset counts in the CRL.
    Malformed(crate::asn1::DerError),
    /// The key of its signer does not decode, or is not a key of its kind: the offset counts in the signer's certificate.
    SignerKey {
        /// The signer.
        signer: Thumbprint,
        /// What is wrong with the key.
        error: crate::asn1::DerError,
    },
    /// The signature or the signer's key is weaker than the policy allows (rule V-11).
    Weak(Weakness),
    /// The signer's keyUsage does not allow cRLSign.
    KeyUsage {
        /// The signer.
        signer: Thumbprint,
    },
    /// The signer's own revocation status is not good.
    Signer {
        /// The signer, or the certificate above it, whose status is not good.
        signer: Thumbprint,
        /// What is wrong with it.
        failure: Box<RevocationFailure>,
    },
    /// The signer's own status depends on this very CRL.
    Circular,
    /// It is not yet valid.
    NotYetValid {
        /// When it was issued.
        this_update: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
    /// It is out of date.
    Expired {
        /// When the next one was due.
        next_update: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
    /// It does not say when the next one is due, which RFC 5280 requires.
    NoNextUpdate,
    /// It names a freshest CRL, and no current delta CRL is at hand.
    DeltaMissing,
    /// A delta CRL that starts from a later complete CRL than the one at hand, or from one without a number.
    OtherBase,
    /// A delta CRL whose issuing distribution point is not its base's.
    OtherScope,
}

impl fmt::Display for CrlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CrlProblem::OtherKind(inner) => write!(f, "it covers {} alone", kind_name(*inner)),
            CrlProblem::OtherDistributionPoint => f.write_str("it is for another distribution point"),
            CrlProblem::NotIndirect => f.write_str("it does not say that it is an indirect CRL"),
            CrlProblem::Indirect => f.write_str("it is an indirect CRL, which Windows does not use"),
            CrlProblem::CriticalExtension(inner) => {
                write!(f, "its critical extension {} is not understood", crate::shown::ShownBy(inner))
            }
            CrlProblem::Algorithms => f.write_str("its two signature algorithms differ"),
            CrlProblem::Signature { authority_key } => write!(f, "{}", not_signed(authority_key)),
            CrlProblem::UnknownAlgorithm(inner) => {
                write!(f, "its signature algorithm {} is not understood", crate::shown::ShownBy(inner))
            }
            CrlProblem::KeyTooLong { bits } => write!(f, "its signer's key has {bits} bits, more than is understood"),
            CrlProblem::Malformed(inner) => write!(f, "the algorithm of its signature does not read: {inner}"),
            CrlProblem::SignerKey { signer, error } => {
                write!(f, "the key of its signer {signer} does not read: {error}")
            }
            CrlProblem::Weak(_) => f.write_str("its signature is too weak"),
            CrlProblem::KeyUsage { .. } => f.write_str("its signer may not sign CRLs"),
            CrlProblem::Signer { failure, .. } => write!(f, "its signer is not good: {failure}"),
            CrlProblem::Circular => f.write_str("its signer's own status hangs on it"),
            CrlProblem::NotYetValid { this_update, now } => {
                write!(f, "it is valid from {this_update}, and it is {now}")
            }
            CrlProblem::Expired { next_update, now } => write!(f, "it was valid until {next_update}, and it is {now}"),
            CrlProblem::NoNextUpdate => f.write_str("it has no nextUpdate"),
            CrlProblem::DeltaMissing => f.write_str("no current delta CRL is at hand"),
            CrlProblem::OtherBase => f.write_str("it starts from another complete CRL"),
            CrlProblem::OtherScope => f.write_str("its scope is not that of the complete CRL"),
        }
    }
}

fn kind_name(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::User => "certificates of users",
        CertificateKind::Ca => "certificates of CAs",
        CertificateKind::Attribute => "attribute certificates",
        CertificateKind::Contradictory => "several kinds of certificates at once, each of them",
    }
}

fn not_signed(authority_key: &Option<Vec<u8>>) -> &'static str {
    match authority_key {
        Some(_) => "it belongs to another key of the same CA (was the CA renewed?)",
        None => "its signature was not made by the issuer's key",
    }
}

impl CrlProblem {
    /// Whether the CRL is simply about other certificates.
    pub(super) fn is_scope(&self) -> bool {
        matches!(self, CrlProblem::OtherKind(_) | CrlProblem::OtherDistributionPoint | CrlProblem::NotIndirect)
    }
}

/// A CRL of the right issuer that did not count, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrlNotCounted {
    /// The CRL.
    pub crl: Crl,
    /// Why it did not count.
    pub problem: CrlProblem,
}

/// Whether a certificate without CRLs names an OCSP responder, which is not modelled (rule V-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ocsp {
    /// It names one.
    Named,
    /// It does not.
    NotNamed,
}

/// Why revocation checking does not pass a certificate (rules V-7, V-8, V-9).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationFailure {
    /// A CRL lists it.
    Revoked {
        /// Why.
        reason: RevocationReason,
        /// When.
        revoked_at: Option<Timestamp>,
        /// The CRL with the entry.
        crl: Crl,
    },
    /// A CRL lists it as on hold.
    OnHold {
        /// Since when.
        revoked_at: Option<Timestamp>,
        /// The CRL with the entry.
        crl: Crl,
    },
    /// No CRL at hand counts, or those that count do not cover every reason.
    Unknown {
        /// Where the missing CRLs are published.
        missing: Arc<[MissingCrl]>,
        /// The CRLs of the right issuers that did not count.
        not_counted: Vec<CrlNotCounted>,
        /// The reasons that no CRL covers.
        uncovered: ReasonFlags,
    },
    /// The certificate names no place where CRLs are published, and none of its issuer is at hand.
    NoDistributionPoint {
        /// Whether it names an OCSP responder instead.
        ocsp: Ocsp,
        /// Who would have signed the CRL.
        issuer: DistinguishedName,
        /// The CRLs of the issuer that did not count.
        not_counted: Vec<CrlNotCounted>,
    },
    /// A CRL would count if it were not out of date.
    CrlExpired {
        /// The CRL.
        crl: Crl,
        /// When the next one was due.
        next_update: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
        /// Where the missing CRL is published.
        missing: Arc<[MissingCrl]>,
    },
    /// A CRL would count if it were valid already: a clock is behind, the machine's or the CA's.
    CrlNotYetValid {
        /// The CRL.
        crl: Crl,
        /// When it was issued.
        this_update: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
        /// Where the CRL is published.
        missing: Arc<[MissingCrl]>,
    },
    /// A complete CRL does not revoke the certificate for good, but it names a freshest CRL, and no current delta CRL is at
    /// hand.
    DeltaMissing {
        /// The complete CRL.
        complete: Crl,
        /// Since when it lists the certificate as on hold, which the delta CRL may have ended; where it does not list it, it
        /// alone would have cleared it.
        on_hold: Option<Timestamp>,
        /// Where the delta CRL is published.
        missing: Arc<[MissingCrl]>,
        /// The delta CRLs at hand that did not count.
        not_counted: Vec<CrlNotCounted>,
    },
    /// The distribution points do not decode.
    Malformed(ExtensionError),
    /// The work that one certificate may cost was used up (rule V-10).
    Budget {
        /// What ran out.
        budget: Budget,
    },
}

/// What is lacking where a status is unknown (rule V-8): five reasons with five remedies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Lack {
    /// A CRL that counts, published at this address, or by this issuer where there is none.
    Crl,
    /// A CRL of this issuer that is not out of date.
    CurrentCrl,
    /// A CRL of this issuer that is valid already.
    ValidCrl,
    /// A delta CRL, published at this address.
    DeltaCrl,
    /// A place where a CRL of this issuer is published.
    DistributionPoint,
    /// Somebody who verifies the signature of this certificate: its hash is broken, and Windows may accept it (rule V-11).
    Signature,
}

impl Lack {
    /// What is lacking of these CAs, in words: `the CRL of X is out of date`.
    pub(crate) fn sentence(self, of: &[String]) -> String {
        let (crls, are) = if of.len() == 1 { ("CRL", "is") } else { ("CRLs", "are") };
        let of = List(of);
        match self {
            Lack::Crl => format!("the {crls} of {of} {are} missing"),
            Lack::CurrentCrl => format!("the {crls} of {of} {are} out of date"),
            Lack::ValidCrl => format!("the {crls} of {of} {are} not valid yet"),
            Lack::DeltaCrl => format!("the delta {crls} of {of} {are} missing"),
            Lack::DistributionPoint => format!("the {crls} of {of} {are} missing, and nothing says where to get it"),
            Lack::Signature => format!("the signature of {of}, by a broken hash, is not verified here"),
        }
    }
}

impl RevocationFailure {
    /// What is lacking, and where it would be; nothing where the status is known (rule V-8).
    pub(crate) fn lacks(&self) -> Option<(Lack, Vec<String>)> {
        let places = |missing: &[MissingCrl]| missing.iter().flat_map(MissingCrl::places).collect();
        match self {
            RevocationFailure::Unknown { missing, .. } => Some((Lack::Crl, places(missing))),
            RevocationFailure::CrlExpired { crl, .. } => Some((Lack::CurrentCrl, vec![crl.issuer().to_string()])),
            RevocationFailure::CrlNotYetValid { crl, .. } => Some((Lack::ValidCrl, vec![crl.issuer().to_string()])),
            RevocationFailure::DeltaMissing { missing, .. } => Some((Lack::DeltaCrl, places(missing))),
            RevocationFailure::NoDistributionPoint { issuer, .. } => {
                Some((Lack::DistributionPoint, vec![issuer.to_string()]))
            }
            RevocationFailure::Revoked { .. }
            | RevocationFailure::OnHold { .. }
            | RevocationFailure::Malformed(_)
            | RevocationFailure::Budget { .. } => None,
        }
    }

    /// Whether the status is unknown rather than bad: what `UnknownStatus::Accept` accepts (rule V-8).
    pub fn is_unknown(&self) -> bool {
        self.lacks().is_some()
    }

    /// Where the CRLs are published that are missing, so that the answer can name them (rule V-8).
    pub(crate) fn missing(&self) -> &[MissingCrl] {
        match self {
            RevocationFailure::Unknown { missing, .. }
            | RevocationFailure::CrlExpired { missing, .. }
            | RevocationFailure::CrlNotYetValid { missing, .. }
            | RevocationFailure::DeltaMissing { missing, .. } => missing,
            RevocationFailure::Revoked { .. }
            | RevocationFailure::OnHold { .. }
            | RevocationFailure::NoDistributionPoint { .. }
            | RevocationFailure::Malformed(_)
            | RevocationFailure::Budget { .. } => &[],
        }
    }

    /// The CRLs of the right issuers that did not count, and why.
    pub(crate) fn not_counted(&self) -> &[CrlNotCounted] {
        match self {
            RevocationFailure::Unknown { not_counted, .. }
            | RevocationFailure::NoDistributionPoint { not_counted, .. }
            | RevocationFailure::DeltaMissing { not_counted, .. } => not_counted,
            RevocationFailure::Revoked { .. }
            | RevocationFailure::OnHold { .. }
            | RevocationFailure::CrlExpired { .. }
            | RevocationFailure::CrlNotYetValid { .. }
            | RevocationFailure::Malformed(_)
            | RevocationFailure::Budget { .. } => &[],
        }
    }
}

impl Coded for RevocationFailure {
    fn code(&self) -> &'static str {
        self.row().code
    }

    fn rule(&self) -> Rule {
        self.row().rule
    }
}
