//! What a chain that does not hold means for a server: one row for each failure, from which the status, the side, the advice
//! and what is carried out follow.

use super::side::Side;
use super::status::IisStatus;
use crate::chain::ChainFailure;

/// Where the fault of a chain lies, as a server sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChainFault {
    /// The server lacks CA certificates of the chain, or does not trust its root.
    AuthoritiesMissing,
    /// The client's certificate is in the server's `Disallowed`.
    ClientDisallowed,
    /// A CA's certificate does.
    AuthorityDisallowed,
    /// A CA's certificate is out of date.
    AuthorityPeriod,
    /// A CA's certificate is not that of a CA that may issue this one.
    AuthorityProfile,
    /// The server holds too many CA certificates that may have issued this one.
    Crowded,
    /// The certificate, or how it was signed.
    Certificate,
}

impl ChainFault {
    pub(super) fn of(failure: &ChainFailure) -> Self {
        match failure {
            ChainFailure::NoPath { .. } | ChainFailure::UntrustedRoot { .. } => ChainFault::AuthoritiesMissing,
            ChainFailure::Disallowed { at } if at.position == 0 => ChainFault::ClientDisallowed,
            ChainFailure::Disallowed { .. } => ChainFault::AuthorityDisallowed,
            ChainFailure::Expired { .. } | ChainFailure::NotYetValid { .. } => ChainFault::AuthorityPeriod,
            ChainFailure::NotACa { .. } | ChainFailure::PathLength { .. } | ChainFailure::KeyUsageCertSign { .. } => {
                ChainFault::AuthorityProfile
            }
            ChainFailure::Budget { .. } => ChainFault::Crowded,
            ChainFailure::BadSignature { .. }
            | ChainFailure::NameConstraints { .. }
            | ChainFailure::Policy { .. }
            | ChainFailure::CriticalExtension { .. }
            | ChainFailure::Malformed { .. }
            | ChainFailure::Sha1Signature { .. }
            | ChainFailure::WeakHash { .. }
            | ChainFailure::KeyTooShort { .. }
            | ChainFailure::UnknownAlgorithm { .. }
            | ChainFailure::KeyTooLong { .. } => ChainFault::Certificate,
        }
    }

    /// The status of the refusal (rule M-4).
    pub(super) fn status(self) -> IisStatus {
        match self {
            ChainFault::AuthorityPeriod => IisStatus::Expired,
            ChainFault::AuthoritiesMissing
            | ChainFault::ClientDisallowed
            | ChainFault::AuthorityDisallowed
            | ChainFault::AuthorityProfile
            | ChainFault::Crowded
            | ChainFault::Certificate => IisStatus::Untrusted,
        }
    }

    /// Which side to change.
    pub(super) fn side(self) -> Side {
        match self {
            ChainFault::AuthoritiesMissing
            | ChainFault::ClientDisallowed
            | ChainFault::AuthorityDisallowed
            | ChainFault::Crowded => Side::Server,
            ChainFault::AuthorityPeriod | ChainFault::AuthorityProfile => Side::Infrastructure,
            ChainFault::Certificate => Side::Client,
        }
    }

    /// What to change.
    pub(super) fn advice(self) -> &'static str {
        match self {
            ChainFault::AuthoritiesMissing => {
                "give the server the CA certificates of the client's chain, the root among its trusted ones"
            }
            ChainFault::ClientDisallowed => {
                "remove the client's certificate from the server's store `Disallowed` if it was put there by mistake; else issue \
                 another one to the client"
            }
            ChainFault::AuthorityDisallowed => {
                "remove the CA's certificate from the server's store `Disallowed` if it was put there by mistake; else use another \
                 CA"
            }
            ChainFault::AuthorityPeriod => "renew the CA's certificate, or correct the server's clock",
            ChainFault::AuthorityProfile => "issue the CA's certificate again as that of a CA that may issue this one",
            ChainFault::Crowded => "remove superfluous CA certificates of the same name from the server's stores",
            ChainFault::Certificate => "issue another certificate to the client",
        }
    }
}
