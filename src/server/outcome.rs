//! What a server says to a client's certificate: data with both sides, the rule, and which side to change.

use super::RevocationScope;
use super::chain_fault::ChainFault;
use super::side::Side;
use super::status::IisStatus;
use crate::certificate::Thumbprint;
use crate::chain::{ChainFailure, ChainWarning};
use crate::check::IssuersNearMiss;
use crate::name::DistinguishedName;
use crate::reason::Coded;
use crate::revocation::RevocationFailure;
use crate::rules::Rule;
use crate::time::Timestamp;

/// Whether a server accepts a presented chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerJudgement {
    pub(super) rejection: Option<ServerRejection>,
    pub(super) status: Option<IisStatus>,
    pub(super) chain: Vec<Thumbprint>,
    pub(super) warnings: Vec<ServerWarning>,
}

impl ServerJudgement {
    /// Whether the server accepts.
    pub fn is_accepted(&self) -> bool {
        self.rejection.is_none()
    }

    /// Why it does not.
    pub fn rejection(&self) -> Option<&ServerRejection> {
        self.rejection.as_ref()
    }

    /// What the web server's log has about the refusal (rule M-4); `None` where it accepts, and where no web server takes
    /// part.
    pub fn status(&self) -> Option<IisStatus> {
        self.status
    }

    /// The chain that the server built, the client's certificate first.
    pub(crate) fn chain(&self) -> &[Thumbprint] {
        &self.chain
    }

    /// What the security articles warn of, whether or not the server accepts.
    pub fn warnings(&self) -> &[ServerWarning] {
        &self.warnings
    }
}

/// Why a server rejects a client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerRejection {
    /// The client presents no certificate.
    NoCertificate,
    /// The certificate is not for client authentication: TLS refuses it, and none reaches the web server (rule M-5).
    NotClientAuthentication {
        /// The certificate.
        thumbprint: Thumbprint,
    },
    /// The certificate of a signature is not for code signing (rule M-3).
    NotCodeSigning {
        /// The certificate.
        thumbprint: Thumbprint,
    },
    /// A certificate in the server's `ROOT` is not self-signed, so IIS refuses every client certificate (rule M-4).
    RootNotSelfSigned {
        /// The certificate's name.
        subject: DistinguishedName,
        /// The certificate's SHA-1.
        thumbprint: Thumbprint,
        /// How many such certificates there are.
        count: usize,
    },
    /// The client's certificate has expired.
    Expired {
        /// Its last instant.
        not_after: Timestamp,
        /// The instant of the connection.
        now: Timestamp,
    },
    /// The client's certificate is not yet valid.
    NotYetValid {
        /// Its first instant.
        not_before: Timestamp,
        /// The instant of the connection.
        now: Timestamp,
    },
    /// The chain ends at a root that is not in the certificate trust list.
    NotInTrustList {
        /// The root's name.
        root: DistinguishedName,
        /// The root's SHA-1.
        thumbprint: Thumbprint,
        /// How many entries the list has.
        listed: usize,
        /// How many roots of the server the list has.
        trusted: usize,
        /// What was nearly right about the root: an entry that differs in case only, or another key of the same name.
        near_miss: Option<Box<IssuersNearMiss>>,
    },
    /// A CA certificate of the chain is not on the server.
    IssuerMissing {
        /// The highest certificate that was found.
        at: Thumbprint,
        /// The CA that issued it.
        issuer: DistinguishedName,
        /// Whether the client presented the missing certificate, which a gateway does not use.
        presented: Presented,
    },
    /// The chain does not hold.
    Chain(Box<ChainFailure>),
    /// Revocation rejects the chain.
    Revocation {
        /// The certificate, by its place in the chain: 0 is the client's.
        position: usize,
        /// The certificate.
        thumbprint: Thumbprint,
        /// Why.
        failure: Box<RevocationFailure>,
        /// The certificates beneath it whose status is unknown as well: each needs its own CRL.
        further: Vec<(usize, Thumbprint, RevocationFailure)>,
        /// Who checks.
        scope: RevocationScope,
    },
}

/// Whether the client presented a CA certificate that the server lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presented {
    /// It did.
    ByClient,
    /// It did not.
    Nowhere,
}

impl ServerRejection {
    /// The code of what is behind it: that of the chain or of revocation where one of them fails, else its own.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            ServerRejection::Chain(failure) => failure.code(),
            ServerRejection::Revocation { failure, .. } => failure.code(),
            ServerRejection::NoCertificate
            | ServerRejection::NotClientAuthentication { .. }
            | ServerRejection::NotCodeSigning { .. }
            | ServerRejection::RootNotSelfSigned { .. }
            | ServerRejection::Expired { .. }
            | ServerRejection::NotYetValid { .. }
            | ServerRejection::NotInTrustList { .. }
            | ServerRejection::IssuerMissing { .. } => self.code(),
        }
    }

    /// What is then true of each connection that is counted under one cause.
    pub(crate) fn counted(&self) -> &'static str {
        match self {
            ServerRejection::NoCertificate => "the client presents no certificate",
            ServerRejection::NotClientAuthentication { .. } => "the certificate is not for client authentication",
            ServerRejection::NotCodeSigning { .. } => "the certificate is not for code signing",
            ServerRejection::RootNotSelfSigned { .. } => "a certificate in the server's `ROOT` is not self-signed",
            ServerRejection::Expired { .. } => "the certificate has expired",
            ServerRejection::NotYetValid { .. } => "the certificate is not valid yet",
            ServerRejection::NotInTrustList { .. } => "the root is not in the site's list",
            ServerRejection::IssuerMissing { .. } => "the server does not have or trust a CA of the chain",
            ServerRejection::Chain(failure) => failure.row().counted.unwrap_or(failure.code()),
            ServerRejection::Revocation { failure, .. } => failure.row().counted.unwrap_or(failure.code()),
        }
    }

    /// The status of a refusal, where a web server makes it: what signs software updates never meets one.
    pub(super) fn status(&self) -> Option<IisStatus> {
        Some(match self {
            // What is without client authentication fails in TLS, so nothing reaches IIS (rule M-5).
            ServerRejection::NoCertificate | ServerRejection::NotClientAuthentication { .. } => {
                IisStatus::NoCertificate
            }
            ServerRejection::Expired { .. } | ServerRejection::NotYetValid { .. } => IisStatus::Expired,
            ServerRejection::NotInTrustList { .. }
            | ServerRejection::IssuerMissing { .. }
            | ServerRejection::RootNotSelfSigned { .. } => IisStatus::Untrusted,
            ServerRejection::Revocation { .. } => IisStatus::Revoked,
            ServerRejection::NotCodeSigning { .. } => return None,
            ServerRejection::Chain(failure) => ChainFault::of(failure).status(),
        })
    }

    /// Which side to change.
    pub fn side(&self) -> Side {
        match self {
            ServerRejection::NoCertificate
            | ServerRejection::NotClientAuthentication { .. }
            | ServerRejection::NotCodeSigning { .. }
            | ServerRejection::Expired { .. }
            | ServerRejection::NotYetValid { .. } => Side::Client,
            ServerRejection::NotInTrustList { .. }
            | ServerRejection::IssuerMissing { .. }
            | ServerRejection::RootNotSelfSigned { .. } => Side::Server,
            ServerRejection::Chain(failure) => ChainFault::of(failure).side(),
            ServerRejection::Revocation { failure, .. } if failure.is_unknown() => Side::Infrastructure,
            ServerRejection::Revocation { .. } => Side::Client,
        }
    }
}

impl Coded for ServerRejection {
    fn code(&self) -> &'static str {
        match self {
            ServerRejection::NoCertificate => "server.no_certificate",
            ServerRejection::NotClientAuthentication { .. } => "server.not_client_auth",
            ServerRejection::NotCodeSigning { .. } => "server.not_code_signing",
            ServerRejection::RootNotSelfSigned { .. } => "server.root_not_self_signed",
            ServerRejection::Expired { .. } => "server.expired",
            ServerRejection::NotYetValid { .. } => "server.not_yet_valid",
            ServerRejection::NotInTrustList { .. } => "server.not_in_trust_list",
            ServerRejection::IssuerMissing { .. } => "server.issuer_missing",
            ServerRejection::Chain(_) => "server.chain",
            ServerRejection::Revocation { .. } => "server.revocation",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            ServerRejection::NoCertificate | ServerRejection::NotInTrustList { .. } => Rule::M1,
            ServerRejection::NotClientAuthentication { .. } => Rule::M5,
            ServerRejection::NotCodeSigning { .. } => Rule::M3,
            ServerRejection::RootNotSelfSigned { .. } => Rule::M4,
            ServerRejection::Expired { .. } | ServerRejection::NotYetValid { .. } => Rule::V1,
            ServerRejection::IssuerMissing { .. } => Rule::M2,
            ServerRejection::Revocation { scope, .. } => scope.rule(),
            ServerRejection::Chain(failure) => failure.rule(),
        }
    }
}

/// What the security articles warn of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerWarning {
    /// There is no certificate trust list: every root that the server trusts is accepted (rule M-1).
    NoTrustList {
        /// How many roots that is.
        roots: usize,
    },
    /// The gateway does not check revocation: a revoked certificate is accepted (rule M-2).
    RevocationNotVerified,
    /// The gateway checks revocation, and the certificate names no CRL that can be had over the Internet (rule M-2).
    RevocationNotPublished {
        /// The certificate.
        thumbprint: Thumbprint,
    },
    /// Revocation of the certificates that sign software updates is not checked (rule M-3).
    SignaturesNotChecked,
    /// Something about the chain that was accepted.
    Chain(ChainWarning),
}

impl Coded for ServerWarning {
    fn code(&self) -> &'static str {
        match self {
            ServerWarning::NoTrustList { .. } => "server.no_trust_list",
            ServerWarning::RevocationNotVerified => "server.revocation_not_verified",
            ServerWarning::RevocationNotPublished { .. } => "server.revocation_not_published",
            ServerWarning::SignaturesNotChecked => "server.signatures_not_checked",
            ServerWarning::Chain(warning) => warning.code(),
        }
    }

    fn rule(&self) -> Rule {
        match self {
            ServerWarning::NoTrustList { .. } => Rule::M1,
            ServerWarning::RevocationNotVerified | ServerWarning::RevocationNotPublished { .. } => Rule::M2,
            ServerWarning::SignaturesNotChecked => Rule::M3,
            ServerWarning::Chain(warning) => warning.rule(),
        }
    }
}
