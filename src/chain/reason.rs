//! What is known about each reason for which a chain does not hold: its row, and what would have to change.

use super::failure::ChainFailure;
use crate::change::{Change, Fact};
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::store::StoreName;

impl ChainFailure {
    /// Code, rule and the result that the log prints.
    ///
    /// Known from published logs are the results of expiry, untrusted root, missing chain and signature; the others are
    /// those that winerror.h documents for the same defect.
    pub(crate) fn row(&self) -> Row {
        let row = |code, rule, log| Row::new(Step::Validity, code, rule).logged(log);
        match self {
            ChainFailure::NoPath { .. } => {
                row("validity.no_path", Rule::V5, 0x800B_010A).counted("a CA certificate is missing")
            }
            ChainFailure::UntrustedRoot { .. } => {
                row("validity.untrusted_root", Rule::V5, 0x800B_0109).counted("the root is not trusted")
            }
            ChainFailure::Disallowed { .. } => {
                row("validity.disallowed", Rule::V5, 0x800B_0111).counted("a certificate of the chain is disallowed")
            }
            ChainFailure::BadSignature { .. } => {
                row("validity.bad_signature", Rule::V5, 0x8009_6004).counted("a signature is wrong")
            }
            ChainFailure::Expired { .. } => {
                row("validity.chain_expired", Rule::V5, 0x800B_0101).counted("a CA certificate has expired")
            }
            ChainFailure::NotYetValid { .. } => {
                row("validity.chain_not_yet_valid", Rule::V5, 0x800B_0101).counted("a CA certificate is not valid yet")
            }
            ChainFailure::NotACa { .. } => {
                row("validity.not_a_ca", Rule::V5, 0x8009_6019).counted("an issuer is no CA")
            }
            ChainFailure::PathLength { .. } => {
                row("validity.path_length", Rule::V5, 0x8009_6019).counted("a CA has more CAs below it than it allows")
            }
            ChainFailure::KeyUsageCertSign { .. } => row("validity.key_usage_cert_sign", Rule::V5, 0x800B_0110)
                .counted("an issuer may not sign certificates"),
            ChainFailure::NameConstraints { .. } => {
                row("validity.name_constraints", Rule::V5, 0x800B_0114).counted("the CA may not certify this name")
            }
            ChainFailure::Policy { .. } => {
                row("validity.policy", Rule::V5, 0x800B_0113).counted("the certificate policies do not hold")
            }
            ChainFailure::CriticalExtension { .. } => row("validity.critical_extension", Rule::V5, 0x800B_0105)
                .counted("a critical extension is not understood"),
            ChainFailure::Malformed { .. } => {
                row("validity.malformed", Rule::V5, 0x800B_0108).counted("a certificate of the chain is malformed")
            }
            // The budget is this crate's; Windows would have gone on.
            ChainFailure::Budget { .. } => {
                row("validity.budget", Rule::V10, 0x800B_010A).counted("the chain is too much work to check")
            }
            ChainFailure::Sha1Signature { .. } => {
                row("validity.sha1_signature", Rule::V11, 0x8009_6004).counted("a signature uses SHA-1")
            }
            ChainFailure::WeakHash { .. } => {
                row("validity.weak_hash", Rule::V11, 0x8009_6004).counted("a signature uses a broken hash")
            }
            ChainFailure::KeyTooShort { .. } => {
                row("validity.key_too_short", Rule::V11, 0x8009_6004).counted("a key is too short")
            }
            ChainFailure::UnknownAlgorithm { .. } | ChainFailure::KeyTooLong { .. } => {
                row("validity.unknown_algorithm", Rule::V12, 0x8009_6004).counted("a signature algorithm is not known")
            }
        }
    }

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
            ChainFailure::KeyTooShort { .. } if at.position == 0 => vec![Proposal::request([Fact::RsaKey])],
            // The CA signs like this, so another of the kind is signed like this as well.
            ChainFailure::Sha1Signature { .. }
            | ChainFailure::WeakHash { .. }
            | ChainFailure::UnknownAlgorithm { .. }
                if at.position == 0 =>
            {
                vec![Proposal::request([Fact::Sha2Signature]), other()]
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
}
