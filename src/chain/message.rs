//! The sentences of chain failures and warnings: lower case, no full stop, input in backticks.

use super::best::Preference;
use super::failure::{CaStatus, ChainFailure, ChainWarning, Malformation, NameViolation, PolicyProblem};
use crate::certificate::GeneralName;
use crate::shown::{Quoted, QuotedBy, ShownBy};
use std::fmt;

impl fmt::Display for ChainFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainFailure::NoPath { at, issuer } => {
                write!(f, "the issuer of {at} was not found: {}", Quoted(&issuer.to_log_string()))
            }
            ChainFailure::UntrustedRoot { at } => {
                write!(f, "{at} ends the chain and is not among the trusted roots of the machine")
            }
            ChainFailure::Disallowed { at } => write!(f, "{at} stands in the store `Disallowed`"),
            ChainFailure::BadSignature { at, issuer } => {
                write!(f, "the signature of {at} was not made by the key of {}", Quoted(&issuer.issued_to))
            }
            ChainFailure::Expired { at, not_after, now } => {
                write!(f, "{at} expired at {not_after}, and now is {now}")
            }
            ChainFailure::NotYetValid { at, not_before, now } => {
                write!(f, "{at} is valid from {not_before} on, and now is {now}")
            }
            ChainFailure::NotACa { at, found } => write!(f, "{at} is no CA: {found}"),
            ChainFailure::PathLength { at, allowed, found } => {
                write!(f, "{at} allows {allowed} CAs beneath it, and {found} follow")
            }
            ChainFailure::KeyUsageCertSign { at, found } => write!(
                f,
                "the key usage of {at} does not allow keyCertSign, only {}",
                if found.is_empty() { "nothing".to_owned() } else { found.join(", ") }
            ),
            ChainFailure::NameConstraints { at, constrained_by, name, violation } => {
                write!(
                    f,
                    "the name {} of {at} is not allowed by {}: {violation}",
                    QuotedBy(name),
                    Quoted(&constrained_by.issued_to)
                )
            }
            ChainFailure::Policy { at, problem } => write!(f, "the certificate policies fail at {at}: {problem}"),
            ChainFailure::CriticalExtension { at, extension } => {
                write!(f, "{at} has the critical extension {}, which is not understood", ShownBy(extension))
            }
            ChainFailure::Malformed { at, problem } => write!(f, "{at} is malformed: {problem}"),
            ChainFailure::Budget { at: _, budget } => {
                write!(f, "no valid chain was found within the limit of {} {budget}", budget.limit())
            }
            ChainFailure::Sha1Signature { at } => {
                write!(f, "{at} is signed with SHA-1, which the strict policy refuses")
            }
            ChainFailure::WeakHash { at, hash } => {
                write!(
                    f,
                    "{at} is signed with {}, not verified here; Windows may accept it under a private root",
                    hash.name()
                )
            }
            ChainFailure::KeyTooShort { at, bits, minimum } => {
                write!(f, "the RSA key of {at} has {bits} bits, at least {minimum} are needed")
            }
            ChainFailure::UnknownAlgorithm { at, algorithm } => {
                write!(f, "the signature of {at} needs the algorithm {}, which is not understood", ShownBy(algorithm))
            }
            ChainFailure::KeyTooLong { at, bits, maximum } => write!(
                f,
                "the signature of {at} was made by an RSA key of {bits} bits, at most {maximum} are understood"
            ),
        }
    }
}

impl fmt::Display for ChainWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainWarning::Sha1Signature { at } => {
                write!(f, "{at} is signed with SHA-1: Windows accepts it from a private CA only")
            }
            ChainWarning::ShortKey { at, bits } => {
                write!(f, "the RSA key of {at} has {bits} bits: Windows accepts it from a private CA only")
            }
            ChainWarning::UnknownKey { at, algorithm } => {
                write!(
                    f,
                    "the key of {at} is of the kind {}, which is not understood here; Windows may know it",
                    ShownBy(algorithm)
                )
            }
            ChainWarning::NullParameters { at } => {
                write!(f, "the signature algorithm of {at} has NULL parameters where none are due")
            }
            ChainWarning::UnusualTimes { at, not_before, not_after } => write!(
                f,
                "the validity of {at} is not written as RFC 5280 wants it: read as Windows does, {not_before} to {not_after}"
            ),
            ChainWarning::DamagedExtension { at, error } => {
                write!(f, "{at} cannot be read in one place: {}", ShownBy(error))
            }
            ChainWarning::NotEvaluated { at, extension } => {
                write!(f, "the critical extension {} of {at} is understood and not evaluated", ShownBy(extension))
            }
            ChainWarning::PolicyQualifier { at, qualifier } => {
                write!(
                    f,
                    "the critical certificate policies of {at} have the qualifier {}, which is not understood",
                    ShownBy(qualifier)
                )
            }
            ChainWarning::Ed25519 { at } => {
                write!(f, "the key of {at} is of the kind Ed25519, which Windows clients may not know")
            }
            ChainWarning::NotSelfSignedInRoot { at } => write!(
                f,
                "{at} stands in `ROOT` and is not self-signed: it is no anchor, and on a server the cause of 403.16"
            ),
        }
    }
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Preference::Trusted => f.write_str("the other ends at no trusted root of the machine"),
            Preference::Valid(failure) => write!(f, "the other does not hold: {failure}"),
            Preference::FailsLater(failure) => write!(f, "neither holds, and the other fails earlier: {failure}"),
            Preference::Shorter { own, other } => write!(f, "it has {own} certificates, the other {other}"),
            Preference::Newer { own, other } => {
                write!(f, "where they part, its certificate is valid from {own} on, the other's from {other} on")
            }
            Preference::Thumbprint { own, other } => {
                write!(f, "they are alike but for the thumbprints where they part, {own} before {other}")
            }
        }
    }
}

impl fmt::Display for CaStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CaStatus::Version(version) => write!(f, "it is of version {version}"),
            CaStatus::NoBasicConstraints => f.write_str("it has no basic constraints"),
            CaStatus::EndEntity => f.write_str("its basic constraints say so"),
        }
    }
}

impl fmt::Display for NameViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameViolation::NotPermitted { permitted, more } => {
                f.write_str("permitted is ")?;
                list(permitted, f)?;
                if *more > 0 { write!(f, " and {more} more") } else { Ok(()) }
            }
            NameViolation::Excluded(subtree) => write!(f, "{} is excluded", QuotedBy(subtree)),
            NameViolation::NotUnderstood(subtree) => {
                write!(f, "the critical constraint {} is of a form that is not understood", QuotedBy(subtree))
            }
        }
    }
}

fn list(names: &[GeneralName], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    names.iter().enumerate().try_for_each(|(index, name)| {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{}", QuotedBy(name))
    })
}

impl fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyProblem::NoneValid => f.write_str("a policy is required, and none holds for the whole chain"),
            PolicyProblem::NoneAcceptable { initial } => {
                f.write_str("none of the policies asked for holds:")?;
                initial.iter().try_for_each(|policy| write!(f, " {}", ShownBy(policy)))
            }
            PolicyProblem::MappingOfAnyPolicy => f.write_str("anyPolicy must not be mapped"),
        }
    }
}

impl fmt::Display for Malformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformation::Extension(error) => write!(f, "{}", ShownBy(error)),
            Malformation::DuplicateExtension => f.write_str("an extension occurs twice"),
            Malformation::Algorithms { .. } => {
                f.write_str("the signature algorithm inside the signed part differs from the one outside")
            }
            Malformation::Key(error) => write!(f, "its public key does not read: {error}"),
            Malformation::SignatureAlgorithm(error) => {
                write!(f, "the algorithm of its signature does not read: {error}")
            }
        }
    }
}
