//! What should be known although it decides nothing.

use super::lint::Lint;
use super::requirement::Requirement;
use crate::chain::ChainWarning;
use crate::name::DistinguishedName;
use crate::revocation::CrlError;
use crate::store::StoreWarning;
use crate::{HashAlgorithm, Thumbprint};

/// Something that an administrator should know although it decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Noticed while the stores were filled (rules T-8, V-8).
    Store(StoreWarning),
    /// A CRL does not decode (rule V-8).
    UnreadableCrl(CrlError),
    /// The chain passed, and something in it should be known (rules V-11, V-12).
    Chain(ChainWarning),
    /// A CRL that cleared the chain is signed with SHA-1 (rule V-11).
    WeakCrl {
        /// Whose CRL it is.
        issuer: DistinguishedName,
        /// The hash of its signature.
        hash: HashAlgorithm,
    },
    /// An ECC key is stated to be in a CSP, and no CSP holds ECC keys (rule V-4).
    EccKeyInCsp,
    /// The Subject contains the computer name inside a longer name (rule P-6).
    LongerName {
        /// The computer's name.
        computer: String,
        /// The name that matched.
        longer: String,
    },
    /// A listed certificate and a root of the machine have name and key in common (rule I-11).
    RootRenewed {
        /// The listed certificate.
        listed: Thumbprint,
        /// The root of the machine.
        actual: Thumbprint,
    },
    /// The certificate does not meet a requirement that the selection does not test (rules P-2, P-7, P-9, P-10).
    Requirement(Requirement),
    /// Something suspicious in the texts of the settings.
    Lint(Lint),
}
