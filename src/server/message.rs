//! The words for what a server says, each with what to change.

use super::RevocationScope;
use super::chain_fault::ChainFault;
use super::outcome::{Presented, ServerRejection, ServerWarning};
use crate::certificate::{Certificate, Thumbprint};
use crate::chain::ChainFailure;
use crate::check::IssuersNearMiss;
use crate::name::DistinguishedName;
use crate::shown::{Quoted, QuotedBy};
use std::borrow::Cow;
use std::fmt;

impl fmt::Display for ServerRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServerRejection::NoCertificate => f.write_str("the client presents no certificate"),
            ServerRejection::NotClientAuthentication { thumbprint } => write!(
                f,
                "{thumbprint} is not for client authentication, so TLS refuses it and no certificate reaches the web server"
            ),
            ServerRejection::NotCodeSigning { thumbprint } => {
                write!(f, "{thumbprint} is not for code signing (1.3.6.1.5.5.7.3.3)")
            }
            ServerRejection::RootNotSelfSigned { subject, thumbprint, count } => {
                write!(f, "{} ({thumbprint}) in the server's `ROOT` is not self-signed", QuotedBy(subject))?;
                if *count > 1 {
                    write!(f, ", and {} more are not", count - 1)?;
                }
                f.write_str(
                    ": IIS then refuses every client certificate, with 403.7 in place of 403.16 where it sends its trusted \
                     issuers",
                )
            }
            ServerRejection::Expired { not_after, now } => {
                write!(f, "the certificate ended at {not_after}, the connection is at {now}")
            }
            ServerRejection::NotYetValid { not_before, now } => {
                write!(f, "the certificate begins at {not_before}, the connection is at {now}")
            }
            ServerRejection::NotInTrustList { root, thumbprint, listed, near_miss, .. } => {
                write!(
                    f,
                    "the chain ends at {} ({thumbprint}), which is none of the {listed} entries of the certificate trust list",
                    QuotedBy(root)
                )?;
                match near_miss {
                    Some(near_miss) => write!(f, "; near miss: {near_miss}"),
                    None => Ok(()),
                }
            }
            ServerRejection::IssuerMissing { at, issuer, presented } => {
                write!(f, "it does not have the CA certificate {}, which issued {at}", QuotedBy(issuer))?;
                match presented {
                    Presented::ByClient => {
                        f.write_str("; the client presents it, but a gateway uses only uploaded certificates")
                    }
                    Presented::Nowhere => Ok(()),
                }
            }
            ServerRejection::Chain(failure) => write!(f, "{failure}"),
            ServerRejection::Revocation { position, thumbprint, failure, further, .. } => {
                let member = |position: usize, thumbprint: &Thumbprint| match position {
                    0 => "the certificate".to_owned(),
                    _ => format!("the CA certificate {thumbprint}"),
                };
                write!(f, "{}: {failure}", member(*position, thumbprint))?;
                further.iter().try_for_each(|(position, thumbprint, failure)| {
                    write!(f, "; {}: {failure}", member(*position, thumbprint))
                })
            }
        }
    }
}

/// A CA as a person calls it: by its CN, else by its whole name.
pub(super) fn called(authority: &Certificate) -> String {
    let name = authority.issued_to();
    if name.is_empty() { authority.subject().to_x500_string() } else { name }
}

impl ServerRejection {
    /// The reason in words, by who knows the CA certificates of the client's chain: that the missing one is a root.
    pub(crate) fn sentence(&self, authorities: &[Certificate]) -> String {
        let mut root = None;
        if let ServerRejection::IssuerMissing { issuer, .. } = self {
            let mut roots = authorities.iter().filter(|one| one.subject_der() == one.issuer_der());
            root = roots.find(|root| root.subject() == *issuer).map(called);
        } else if let ServerRejection::Chain(failure) = self
            && let ChainFailure::UntrustedRoot { at } = &**failure
        {
            root = Some(at.issued_to.to_string());
        }
        match root {
            Some(root) => format!("it does not trust the root {}", Quoted(&root)),
            None => self.to_string(),
        }
    }

    /// What to change, in one sentence.
    pub(crate) fn advice(&self) -> Cow<'static, str> {
        let text = match self {
            ServerRejection::NoCertificate => "let the client select a certificate: see its own report",
            ServerRejection::NotClientAuthentication { .. } => {
                "let the client select a certificate for client authentication (1.3.6.1.5.5.7.3.2)"
            }
            ServerRejection::NotCodeSigning { .. } => "sign with a certificate for code signing",
            ServerRejection::RootNotSelfSigned { thumbprint, .. } => {
                let text =
                    format!("move {thumbprint} from the server's store `ROOT` to `CA`: only roots belong into `ROOT`");
                return Cow::Owned(text);
            }
            ServerRejection::Expired { .. } => "renew the certificate",
            ServerRejection::NotYetValid { .. } => "wait, or correct the clocks of client and CA",
            ServerRejection::NotInTrustList { near_miss: Some(near_miss), root, .. } => match &**near_miss {
                IssuersNearMiss::CaseOnly { .. } => {
                    "write the entry of the certificate trust list as the root has its name: case counts"
                }
                IssuersNearMiss::CommaForSemicolon => "separate the attributes of the trust list's entries by `;`",
                IssuersNearMiss::SameNameOtherKey { .. } => {
                    "import this root CA certificate in the site's properties: the listed one has the name and another key"
                }
                IssuersNearMiss::IntermediateListed { .. } | IssuersNearMiss::OtherPath { .. } => {
                    return Cow::Owned(list_root(root));
                }
            },
            ServerRejection::NotInTrustList { trusted: 0, .. } => {
                "import the root CA certificate in the site's properties: no listed root is trusted by the server"
            }
            ServerRejection::NotInTrustList { root, .. } => return Cow::Owned(list_root(root)),
            ServerRejection::IssuerMissing { .. } => "give the server every CA certificate of the client's chain",
            ServerRejection::Chain(failure) => ChainFault::of(failure).advice(),
            ServerRejection::Revocation { failure, scope, .. } if failure.is_unknown() => match scope {
                RevocationScope::Client | RevocationScope::ManagementPoint => {
                    "publish the CRLs where the server can get them"
                }
                RevocationScope::CloudManagementGateway => {
                    "publish the CRLs on the Internet, where the gateway can get them by HTTP, or turn off \"verify client \
                     certificate revocation\" in the gateway's properties"
                }
                RevocationScope::SoftwareUpdates | RevocationScope::OutOfBandManagement => {
                    "publish the signer's CRLs where clients can get them, or turn the check of software updates off"
                }
            },
            ServerRejection::Revocation { scope: RevocationScope::SoftwareUpdates, .. } => {
                "sign with another certificate: this one is revoked"
            }
            ServerRejection::Revocation { .. } => "issue another certificate to the client: this one is revoked",
        };
        Cow::Borrowed(text)
    }
}

fn list_root(root: &DistinguishedName) -> String {
    let root = QuotedBy(root);
    format!("import the root {root} in the site's list, or let the client select a certificate of a listed root")
}

impl fmt::Display for ServerWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServerWarning::NoTrustList { roots } => write!(
                f,
                "there is no certificate trust list: client certificates of every root that the server trusts ({roots}) are \
                 accepted, well-known public ones included"
            ),
            ServerWarning::RevocationNotVerified => {
                f.write_str("the gateway does not verify revocation: a revoked client certificate is accepted")
            }
            ServerWarning::RevocationNotPublished { thumbprint } => write!(
                f,
                "{thumbprint} names no CRL that can be had by HTTP: a gateway that verifies revocation cannot get it"
            ),
            ServerWarning::SignaturesNotChecked => f.write_str(
                "the CRL of software updates' signatures is not checked, which is the default: a revoked signer is accepted; \
                 the check costs each scan a download of the CRLs, and fails where a client cannot get them",
            ),
            ServerWarning::Chain(warning) => write!(f, "{warning}"),
        }
    }
}
