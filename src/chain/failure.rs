//! Why a path does not hold: data with both sides, and the certificate of the chain that it is about.

use crate::asn1::DerError;
use crate::budget::Budget;
use crate::certificate::{Certificate, ExtensionError, GeneralName, Thumbprint};
use crate::crypto::HashAlgorithm;
use crate::name::DistinguishedName;
use crate::oid::Oid;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::store::CertId;
use crate::time::Timestamp;
use std::fmt;

/// One certificate of a chain, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainMember {
    /// Its place: 0 is the certificate that is judged, 1 its issuer, and so on.
    pub position: usize,
    /// Where it is stored.
    pub id: CertId,
    /// Its SHA-1.
    pub thumbprint: Thumbprint,
    /// Whom it was issued to (rule A-3).
    pub issued_to: Box<str>,
}

impl ChainMember {
    pub(crate) fn of(certificate: &Certificate, id: CertId, position: usize) -> ChainMember {
        ChainMember { position, id, thumbprint: certificate.thumbprint(), issued_to: certificate.issued_to().into() }
    }
}

impl fmt::Display for ChainMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.position == 0 {
            f.write_str("the certificate")
        } else {
            write!(f, "certificate {} of the chain, {}", self.position + 1, crate::shown::Quoted(&self.issued_to))
        }
    }
}

/// Why a path does not hold (rules V-5, V-10, V-11, V-12): at which certificate, which check, both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChainFailure {
    /// No certificate of any store could have issued this one.
    NoPath {
        /// The highest certificate found.
        at: ChainMember,
        /// The issuer that is missing.
        issuer: DistinguishedName,
    },
    /// The path ends at a self-signed certificate that is not an anchor.
    UntrustedRoot {
        /// The root.
        at: ChainMember,
    },
    /// The certificate is in the store `Disallowed`.
    Disallowed {
        /// Which one.
        at: ChainMember,
    },
    /// A certificate has the issuer's name, but its key did not make this signature.
    BadSignature {
        /// The certificate whose signature is wrong.
        at: ChainMember,
        /// The certificate whose key was tried.
        issuer: ChainMember,
    },
    /// A certificate above the first one has expired.
    Expired {
        /// Which one.
        at: ChainMember,
        /// Its last instant.
        not_after: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
    /// A certificate above the first one is not yet valid.
    NotYetValid {
        /// Which one.
        at: ChainMember,
        /// Its first instant.
        not_before: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
    /// An issuer is not a CA.
    NotACa {
        /// Which one.
        at: ChainMember,
        /// What it says of itself.
        found: CaStatus,
    },
    /// More CAs follow than pathLenConstraint allows; self-issued ones are not counted.
    PathLength {
        /// The certificate with the constraint.
        at: ChainMember,
        /// Its pathLenConstraint.
        allowed: u32,
        /// How many CAs follow.
        found: u32,
    },
    /// An issuer's keyUsage does not allow keyCertSign.
    KeyUsageCertSign {
        /// Which one.
        at: ChainMember,
        /// What it allows.
        found: Vec<&'static str>,
    },
    /// A name lies outside of what a CA above may certify.
    NameConstraints {
        /// The certificate with the name.
        at: ChainMember,
        /// The CA with the constraint.
        constrained_by: ChainMember,
        /// The name.
        name: GeneralName,
        /// What the constraint says.
        violation: NameViolation,
    },
    /// The policies of the chain do not hold (RFC 5280 6.1).
    Policy {
        /// Where processing failed.
        at: ChainMember,
        /// How.
        problem: PolicyProblem,
    },
    /// An extension is critical and not understood.
    CriticalExtension {
        /// Which certificate.
        at: ChainMember,
        /// The extension.
        extension: Oid,
    },
    /// The certificate breaks the structure that the checks need.
    Malformed {
        /// Which one.
        at: ChainMember,
        /// How.
        problem: Malformation,
    },
    /// The work that one certificate may cost was used up (rule V-10).
    Budget {
        /// The certificate that is judged.
        at: ChainMember,
        /// What ran out.
        budget: Budget,
    },
    /// SHA-1, under the strict policy (rule V-11).
    Sha1Signature {
        /// The certificate that is signed so.
        at: ChainMember,
    },
    /// A hash that every policy refuses (rule V-11).
    WeakHash {
        /// The certificate that is signed so.
        at: ChainMember,
        /// The hash.
        hash: HashAlgorithm,
    },
    /// An RSA key shorter than the policy allows (rule V-11).
    KeyTooShort {
        /// The certificate with the key.
        at: ChainMember,
        /// Its length in bits.
        bits: u32,
        /// The shortest length that the policy allows.
        minimum: u32,
    },
    /// A signature or key of a kind that is not understood (rule V-12).
    UnknownAlgorithm {
        /// The certificate whose signature could not be checked.
        at: ChainMember,
        /// What is not understood.
        algorithm: Oid,
    },
    /// An RSA key longer than is understood (rule V-12).
    KeyTooLong {
        /// The certificate whose signature could not be checked.
        at: ChainMember,
        /// Length of the issuer's key in bits.
        bits: u32,
        /// The greatest length that is understood.
        maximum: u32,
    },
}

/// What a certificate that is not a CA says about being one (RFC 5280 6.1.4 (k)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaStatus {
    /// It is of version 1 or 2, which has no basicConstraints.
    Version(u8),
    /// It has no basicConstraints.
    NoBasicConstraints,
    /// Its basicConstraints say that it is not a CA.
    EndEntity,
}

/// What a name constraint says against a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameViolation {
    /// The name is inside none of the permitted subtrees of its form.
    NotPermitted {
        /// The first few of them.
        permitted: Vec<GeneralName>,
        /// How many more there are.
        more: usize,
    },
    /// The name is inside this excluded subtree.
    Excluded(GeneralName),
    /// The constraint is of a form that is not understood, and critical.
    NotUnderstood(GeneralName),
}

/// How policy processing failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyProblem {
    /// An explicit policy is required, and none is left that holds for the whole chain.
    NoneValid,
    /// Policies hold, but none of those that the caller asks for.
    NoneAcceptable {
        /// The policies that the caller asks for.
        initial: Vec<Oid>,
    },
    /// A mapping from or to anyPolicy (RFC 5280 4.2.1.5).
    MappingOfAnyPolicy,
}

/// How a certificate breaks the structure that the checks need.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformation {
    /// An extension that a check reads is damaged.
    Extension(ExtensionError),
    /// An extension occurs twice (RFC 5280 4.2).
    DuplicateExtension,
    /// The signature algorithm inside the signed part differs from the one outside (RFC 5280 4.1.1.2): both in DER.
    Algorithms {
        /// Inside.
        inner: Vec<u8>,
        /// Outside.
        outer: Vec<u8>,
    },
    /// Its public key does not decode, or is not a key of its kind: offsets count in the certificate.
    Key(DerError),
    /// The algorithm of its signature does not decode: offsets count in the certificate.
    SignatureAlgorithm(DerError),
}

/// Something that passes and should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChainWarning {
    /// SHA-1, which Windows accepts from a private CA (rule V-11).
    Sha1Signature {
        /// The certificate that is signed so.
        at: ChainMember,
    },
    /// RSA of 1024 to 2047 bits, which Windows accepts from a private CA (rule V-11).
    ShortKey {
        /// The certificate with the key.
        at: ChainMember,
        /// Its length in bits.
        bits: u32,
    },
    /// Ed25519, which Windows clients may not know (rule V-12).
    Ed25519 {
        /// The certificate with the key.
        at: ChainMember,
    },
    /// The certificate's own key is of a kind that is not understood (rule V-12): Windows may know it or not.
    UnknownKey {
        /// The certificate with the key.
        at: ChainMember,
        /// The algorithm or curve.
        algorithm: Oid,
    },
    /// NULL where ECDSA or Ed25519 want no parameters (rule V-12).
    NullParameters {
        /// The certificate that is signed so.
        at: ChainMember,
    },
    /// The validity is written in a form that RFC 5280 does not allow, and Windows reads (rule V-1).
    UnusualTimes {
        /// Which certificate.
        at: ChainMember,
        /// Its first instant, as read.
        not_before: Timestamp,
        /// Its last.
        not_after: Timestamp,
    },
    /// An extension that is not critical is damaged, so that no rule can read it (rule V-5).
    DamagedExtension {
        /// Which certificate.
        at: ChainMember,
        /// Which extension, and where.
        error: ExtensionError,
    },
    /// A critical extension that is understood and not evaluated (rule V-5).
    NotEvaluated {
        /// Which certificate.
        at: ChainMember,
        /// The extension.
        extension: Oid,
    },
    /// Critical certificate policies have a qualifier that is not understood (rule V-5).
    PolicyQualifier {
        /// Which certificate.
        at: ChainMember,
        /// The qualifier's identifier.
        qualifier: Oid,
    },
    /// A certificate in `ROOT` that is not self-signed, and so no anchor (rule V-5).
    NotSelfSignedInRoot {
        /// Which one.
        at: ChainMember,
    },
}

impl ChainFailure {
    /// The certificate of the chain that the failure is about.
    pub(crate) fn at(&self) -> &ChainMember {
        match self {
            ChainFailure::NoPath { at, .. }
            | ChainFailure::UntrustedRoot { at }
            | ChainFailure::Disallowed { at }
            | ChainFailure::BadSignature { at, .. }
            | ChainFailure::Expired { at, .. }
            | ChainFailure::NotYetValid { at, .. }
            | ChainFailure::NotACa { at, .. }
            | ChainFailure::PathLength { at, .. }
            | ChainFailure::KeyUsageCertSign { at, .. }
            | ChainFailure::NameConstraints { at, .. }
            | ChainFailure::Policy { at, .. }
            | ChainFailure::CriticalExtension { at, .. }
            | ChainFailure::Malformed { at, .. }
            | ChainFailure::Budget { at, .. }
            | ChainFailure::Sha1Signature { at }
            | ChainFailure::WeakHash { at, .. }
            | ChainFailure::KeyTooShort { at, .. }
            | ChainFailure::UnknownAlgorithm { at, .. }
            | ChainFailure::KeyTooLong { at, .. } => at,
        }
    }

    /// How far a path came that fails so (rule I-7): up to which certificate, and up to which of its checks in the order of
    /// rule V-5. What is malformed comes first wherever it is found: nothing that such a certificate says can be relied on.
    pub(super) fn reach(&self) -> (usize, u8) {
        let check = match self {
            ChainFailure::Disallowed { .. } => 0,
            ChainFailure::Malformed { .. } => 1,
            ChainFailure::NoPath { .. } => 2,
            ChainFailure::BadSignature { .. } => 3,
            ChainFailure::WeakHash { .. } => 4,
            ChainFailure::Sha1Signature { .. } => 5,
            ChainFailure::UnknownAlgorithm { .. } | ChainFailure::KeyTooLong { .. } => 6,
            ChainFailure::KeyTooShort { .. } => 7,
            ChainFailure::Expired { .. } => 8,
            ChainFailure::NotYetValid { .. } => 9,
            ChainFailure::UntrustedRoot { .. } => 10,
            ChainFailure::NotACa { .. } => 11,
            ChainFailure::PathLength { .. } => 12,
            ChainFailure::KeyUsageCertSign { .. } => 13,
            ChainFailure::NameConstraints { .. } => 14,
            ChainFailure::Policy { .. } => 15,
            ChainFailure::CriticalExtension { .. } => 16,
            ChainFailure::Budget { .. } => 17,
        };
        (self.at().position, check)
    }
}

impl Coded for ChainFailure {
    fn code(&self) -> &'static str {
        self.row().code
    }

    fn rule(&self) -> Rule {
        self.row().rule
    }
}

impl ChainWarning {
    /// The certificate of the chain that the warning is about.
    #[cfg(test)]
    pub(crate) fn at(&self) -> &ChainMember {
        match self {
            ChainWarning::Sha1Signature { at }
            | ChainWarning::ShortKey { at, .. }
            | ChainWarning::Ed25519 { at }
            | ChainWarning::UnknownKey { at, .. }
            | ChainWarning::NullParameters { at }
            | ChainWarning::UnusualTimes { at, .. }
            | ChainWarning::DamagedExtension { at, .. }
            | ChainWarning::NotEvaluated { at, .. }
            | ChainWarning::PolicyQualifier { at, .. }
            | ChainWarning::NotSelfSignedInRoot { at } => at,
        }
    }
}

impl Coded for ChainWarning {
    fn code(&self) -> &'static str {
        match self {
            ChainWarning::Sha1Signature { .. } => "validity.sha1_signature",
            ChainWarning::ShortKey { .. } => "validity.short_key",
            ChainWarning::Ed25519 { .. } => "validity.ed25519",
            ChainWarning::UnknownKey { .. } => "validity.unknown_key",
            ChainWarning::NullParameters { .. } => "validity.null_parameters",
            ChainWarning::UnusualTimes { .. } => "validity.unusual_time",
            ChainWarning::DamagedExtension { .. } => "validity.damaged_extension",
            ChainWarning::NotEvaluated { .. } => "validity.extension_not_evaluated",
            ChainWarning::PolicyQualifier { .. } => "validity.policy_qualifier",
            ChainWarning::NotSelfSignedInRoot { .. } => "validity.root_not_self_signed",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            ChainWarning::Sha1Signature { .. } | ChainWarning::ShortKey { .. } => Rule::V11,
            ChainWarning::Ed25519 { .. } | ChainWarning::UnknownKey { .. } | ChainWarning::NullParameters { .. } => {
                Rule::V12
            }
            ChainWarning::UnusualTimes { .. } => Rule::V1,
            ChainWarning::DamagedExtension { .. }
            | ChainWarning::NotEvaluated { .. }
            | ChainWarning::PolicyQualifier { .. }
            | ChainWarning::NotSelfSignedInRoot { .. } => Rule::V5,
        }
    }
}
