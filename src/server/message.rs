//! The words for what a server says, each with what to change.

use super::outcome::{Presented, ServerRejection, ServerWarning, Side};
use std::fmt;

impl fmt::Display for ServerRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServerRejection::NoCertificate => f.write_str("the client presents no certificate"),
            ServerRejection::Expired { not_after, now } => {
                write!(f, "the certificate ended at {not_after}, the connection is at {now}")
            }
            ServerRejection::NotYetValid { not_before, now } => {
                write!(f, "the certificate begins at {not_before}, the connection is at {now}")
            }
            ServerRejection::NotInTrustList { root, thumbprint, listed, .. } => write!(
                f,
                "the chain ends at `{}` ({thumbprint}), which is none of the {listed} entries of the certificate trust list",
                root.x500_string()
            ),
            ServerRejection::IssuerMissing { at, issuer, presented } => {
                write!(f, "the server does not have `{}`, which issued {at}", issuer.x500_string())?;
                match presented {
                    Presented::ByClient => {
                        f.write_str("; the client presents it, but a gateway uses only uploaded certificates")
                    }
                    Presented::Nowhere => Ok(()),
                }
            }
            ServerRejection::Chain(failure) => write!(f, "{failure}"),
            ServerRejection::Revocation { position: 0, failure, .. } => write!(f, "the certificate: {failure}"),
            ServerRejection::Revocation { thumbprint, failure, .. } => {
                write!(f, "the CA certificate {thumbprint}: {failure}")
            }
        }
    }
}

impl ServerRejection {
    /// What to change, in one sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            ServerRejection::NoCertificate => "let the client select a certificate: see its own report",
            ServerRejection::Expired { .. } => "renew the client's certificate",
            ServerRejection::NotYetValid { .. } => "wait, or correct the clocks of client and CA",
            ServerRejection::NotInTrustList { trusted: 0, .. } => {
                "import the root CA certificate in the site's properties: no listed root is trusted by the server"
            }
            ServerRejection::NotInTrustList { .. } => {
                "import the root CA certificate in the site's properties, or let the client select a certificate of a listed root"
            }
            ServerRejection::IssuerMissing { .. } => "give the server every CA certificate of the client's chain",
            ServerRejection::Chain(_) => match self.side() {
                Side::Server => {
                    "give the server the CA certificates of the client's chain, the root among its trusted ones"
                }
                _ => "issue another certificate to the client",
            },
            ServerRejection::Revocation { failure, .. } if failure.is_unknown() => {
                "publish the CRLs where the server can get them"
            }
            ServerRejection::Revocation { .. } => "issue another certificate to the client: this one is revoked",
        }
    }
}

impl fmt::Display for ServerWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServerWarning::NoTrustList { roots } => write!(
                f,
                "there is no certificate trust list: client certificates of each of the {roots} roots that the server trusts are \
                 accepted, well-known public ones included"
            ),
            ServerWarning::RevocationNotVerified => {
                f.write_str("the gateway does not verify revocation: a revoked client certificate is accepted")
            }
            ServerWarning::RevocationNotPublished { thumbprint } => write!(
                f,
                "{thumbprint} names no CRL that can be had by HTTP: a gateway that verifies revocation cannot get it"
            ),
            ServerWarning::Chain(warning) => write!(f, "{warning}"),
        }
    }
}
