//! What is known about each reason for which a chain does not hold: its row, and what would have to change.

use super::failure::{ChainFailure, Malformation};
use crate::change::{Change, Fact};
use crate::proposal::Proposal;
use crate::reason::{Action, Remedy, Row};
use crate::{Rule, Step, StoreName};

impl ChainFailure {
    /// Code, rule and the result that the log prints.
    ///
    /// Known from published logs are the results of expiry, untrusted root, missing chain and signature; the others are
    /// those that winerror.h documents for the same defect.
    pub fn row(&self) -> Row {
        let row = |code, rule, log| Row::new(Step::Validity, code, rule).logged(log);
        match self {
            ChainFailure::NoPath { .. } => row("validity.no_path", Rule::V5, 0x800B_010A),
            ChainFailure::UntrustedRoot { .. } => row("validity.untrusted_root", Rule::V5, 0x800B_0109),
            ChainFailure::Disallowed { .. } => row("validity.disallowed", Rule::V5, 0x800B_0111),
            ChainFailure::BadSignature { .. } => row("validity.bad_signature", Rule::V5, 0x8009_6004),
            ChainFailure::Expired { .. } => row("validity.chain_expired", Rule::V5, 0x800B_0101),
            ChainFailure::NotYetValid { .. } => row("validity.chain_not_yet_valid", Rule::V5, 0x800B_0101),
            ChainFailure::NotACa { .. } => row("validity.not_a_ca", Rule::V5, 0x8009_6019),
            ChainFailure::PathLength { .. } => row("validity.path_length", Rule::V5, 0x8009_6019),
            ChainFailure::KeyUsageCertSign { .. } => row("validity.key_usage_cert_sign", Rule::V5, 0x800B_0110),
            ChainFailure::NameConstraints { .. } => row("validity.name_constraints", Rule::V5, 0x800B_0114),
            ChainFailure::Policy { .. } => row("validity.policy", Rule::V5, 0x800B_0113),
            ChainFailure::CriticalExtension { .. } => row("validity.critical_extension", Rule::V5, 0x800B_0105),
            ChainFailure::Malformed { .. } => row("validity.malformed", Rule::V5, 0x800B_0108),
            // The budget is this crate's; Windows would have gone on.
            ChainFailure::Budget { .. } => row("validity.budget", Rule::V10, 0x800B_010A),
            ChainFailure::Sha1Signature { .. } => row("validity.sha1_signature", Rule::V11, 0x8009_6004),
            ChainFailure::WeakHash { .. } => row("validity.weak_hash", Rule::V11, 0x8009_6004),
            ChainFailure::KeyTooShort { .. } => row("validity.key_too_short", Rule::V11, 0x8009_6004),
            ChainFailure::UnknownAlgorithm { .. } | ChainFailure::KeyTooLong { .. } => {
                row("validity.unknown_algorithm", Rule::V12, 0x8009_6004)
            }
        }
    }

    /// What would have to change, by the failure itself: two that share a code may need different things.
    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self) -> Vec<Proposal> {
        let other = || Proposal::request([Fact::OtherAuthority]);
        let at = self.at();
        // A fault of the certificate itself is mended by another one, a fault above it by another CA as well.
        let again = || if at.position == 0 { Proposal::request([]) } else { other() };
        match self {
            ChainFailure::NoPath { issuer, .. } => {
                vec![Proposal::Change(Change::ImportIssuer { name: issuer.clone() }), other()]
            }
            ChainFailure::UntrustedRoot { .. } => {
                let (certificate, name) = (at.thumbprint, at.issued_to.clone());
                vec![Proposal::Change(Change::TrustRoot { certificate, name }), other()]
            }
            ChainFailure::Disallowed { .. } => {
                let store = StoreName::new(StoreName::DISALLOWED);
                vec![Proposal::Change(Change::Remove { certificate: at.thumbprint, store }), again()]
            }
            ChainFailure::Expired { .. } => {
                let (certificate, name) = (at.thumbprint, at.issued_to.clone());
                vec![other(), Proposal::Change(Change::RenewAuthority { certificate, name })]
            }
            ChainFailure::NotYetValid { not_before, .. } => vec![Proposal::Change(Change::Wait(*not_before)), other()],
            ChainFailure::NameConstraints { .. } => vec![Proposal::request([Fact::ComputerName]), other()],
            ChainFailure::KeyTooShort { .. } | ChainFailure::KeyTooLong { .. } if at.position == 0 => {
                vec![Proposal::request([Fact::RsaKey])]
            }
            ChainFailure::BadSignature { .. }
            | ChainFailure::NotACa { .. }
            | ChainFailure::PathLength { .. }
            | ChainFailure::KeyUsageCertSign { .. }
            | ChainFailure::Policy { .. }
            | ChainFailure::CriticalExtension { .. }
            | ChainFailure::Malformed { .. }
            | ChainFailure::Sha1Signature { .. }
            | ChainFailure::WeakHash { .. }
            | ChainFailure::KeyTooShort { .. }
            | ChainFailure::KeyTooLong { .. }
            | ChainFailure::UnknownAlgorithm { .. } => vec![again(), other()],
            ChainFailure::Budget { .. } => vec![other()],
        }
    }

    pub(crate) fn remedy(&self) -> Remedy {
        use Action::*;
        let of_leaf = self.at().position == 0;
        let (action, text) = match self {
            ChainFailure::NoPath { .. } => (ChangeMachine, "import the missing CA certificate into the store `CA`"),
            ChainFailure::UntrustedRoot { .. } => {
                (ChangeMachine, "import the root into the store `ROOT` (Trusted Root Certification Authorities)")
            }
            ChainFailure::Disallowed { .. } => {
                (ChangeMachine, "remove the certificate from the store `Disallowed`, if it stands there by mistake")
            }
            ChainFailure::BadSignature { .. } => {
                (RequestCertificate, "request it again; if the CA's certificate is damaged, import that one again")
            }
            ChainFailure::Expired { .. } => {
                (ChangeAuthority, "renew the CA's certificate, and install it on the machine")
            }
            ChainFailure::NotYetValid { .. } => {
                (Wait, "wait until the CA's certificate is valid, or correct the machine's clock")
            }
            ChainFailure::NotACa { .. } | ChainFailure::PathLength { .. } | ChainFailure::KeyUsageCertSign { .. } => {
                (ChangeAuthority, "issue the CA's certificate again as that of a CA that may issue this one")
            }
            ChainFailure::NameConstraints { .. } => {
                (RequestCertificate, "request it with names that its CA may certify")
            }
            ChainFailure::Policy { .. } => {
                (RequestCertificate, "request it under a policy that the whole chain shares")
            }
            ChainFailure::CriticalExtension { .. } if of_leaf => {
                (RequestCertificate, "request it without the extension that is named, or with it not critical")
            }
            ChainFailure::CriticalExtension { .. } => (
                ChangeAuthority,
                "issue the CA's certificate again without the extension that is named, or with it not critical",
            ),
            ChainFailure::Malformed { problem, .. } => match (problem, of_leaf) {
                (Malformation::Extension(_) | Malformation::DuplicateExtension, true) => {
                    (RequestCertificate, "request it again with that extension mended")
                }
                (Malformation::Extension(_) | Malformation::DuplicateExtension, false) => {
                    (ChangeAuthority, "issue the CA's certificate again with that extension mended")
                }
                (Malformation::Algorithms { .. } | Malformation::KeyOrAlgorithm(_), true) => {
                    (RequestCertificate, "request it again: the CA made a damaged certificate")
                }
                (Malformation::Algorithms { .. } | Malformation::KeyOrAlgorithm(_), false) => {
                    (ChangeAuthority, "issue the CA's certificate again, and install it on the machine")
                }
            },
            ChainFailure::Budget { .. } => {
                (ChangeMachine, "remove superfluous CA certificates of the same name from the stores")
            }
            ChainFailure::Sha1Signature { .. } | ChainFailure::WeakHash { .. } => {
                (ChangeAuthority, "let the CA sign with SHA-256 and issue it again")
            }
            ChainFailure::KeyTooShort { .. } if of_leaf => {
                (RequestCertificate, "request it with a key of 2048 bits or more")
            }
            ChainFailure::KeyTooShort { .. } => {
                (ChangeAuthority, "renew the CA's certificate with a key of 2048 bits or more")
            }
            ChainFailure::UnknownAlgorithm { .. } => (
                RequestCertificate,
                "request it from a CA that signs with RSA, or with ECDSA on a NIST curve, and SHA-2",
            ),
            ChainFailure::KeyTooLong { .. } => {
                (ChangeAuthority, "renew the CA's certificate with an RSA key of at most 8192 bits")
            }
        };
        Remedy::new(action, text)
    }
}
