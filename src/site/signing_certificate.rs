//! The site server signing certificate (rule K-3).

use super::signature::{SignatureVerdict, SiteWarning, verify};
use crate::certificate::{Certificate, Thumbprint};
use crate::crypto::{Algorithms, HashAlgorithm};
use crate::store::StoredCertificate;
use std::fmt;

const SUBJECT: &str = "Site Server";
const FRIENDLY_NAME: &str = "Site Server Signing Certificate";

/// Where a client has the site server signing certificate from (rule K-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SigningCertificateOrigin {
    /// Published to Active Directory.
    ActiveDirectory,
    /// Installed by client push.
    ClientPush,
    /// The file that `SMSSIGNCERT=` names.
    SignCertProperty,
    /// Taken from a management point on the intranet.
    ManagementPoint,
    /// Taken from a management point on the Internet.
    InternetManagementPoint,
}

impl SigningCertificateOrigin {
    /// The origin as a person calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SigningCertificateOrigin::ActiveDirectory => "Active Directory",
            SigningCertificateOrigin::ClientPush => "client push",
            SigningCertificateOrigin::SignCertProperty => "the file that SMSSIGNCERT names",
            SigningCertificateOrigin::ManagementPoint => "a management point",
            SigningCertificateOrigin::InternetManagementPoint => "a management point on the Internet",
        }
    }
}

/// The origin as a person calls it.
impl fmt::Display for SigningCertificateOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The certificate with whose key a site signs policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSigningCertificate {
    stored: StoredCertificate,
    origin: SigningCertificateOrigin,
}

/// Why a certificate cannot be a site server's signing certificate (rule K-3).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SiteSigningCertificateError {
    /// It is issued by somebody else, or its own key did not sign it.
    #[error(
        "{thumbprint} is no site server signing certificate: it is issued by {}, expected self-signed (K-3)",
        crate::shown::Quoted(issuer)
    )]
    NotSelfSigned {
        /// The certificate.
        thumbprint: Thumbprint,
        /// Its issuer.
        issuer: String,
    },
}

impl SiteSigningCertificate {
    /// Takes a certificate as the site server's: one of the store [`SMS`](crate::StoreName::SMS), or of a file.
    ///
    /// # Errors
    ///
    /// A certificate that is not self-signed.
    pub fn new(
        certificate: impl Into<StoredCertificate>,
        origin: SigningCertificateOrigin,
        algorithms: &Algorithms,
    ) -> Result<Self, SiteSigningCertificateError> {
        let stored = certificate.into();
        let certificate = stored.certificate();
        let signed =
            algorithms.verify(&certificate.signature_under(certificate)) == crate::crypto::SignatureResult::Valid;
        if certificate.issuer_der() != certificate.subject_der() || !signed {
            return Err(SiteSigningCertificateError::NotSelfSigned {
                thumbprint: certificate.thumbprint(),
                issuer: certificate.issuer().to_x500_string(),
            });
        }
        Ok(SiteSigningCertificate { stored, origin })
    }

    /// Whether an entry of the store is named as the site server's certificate is, by subject or friendly name: the store holds
    /// the client's own certificates too.
    pub fn is_named(stored: &StoredCertificate) -> bool {
        stored.friendly_name() == Some(FRIENDLY_NAME) || has_subject(stored.certificate())
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        self.stored.certificate()
    }

    /// What the documentation warns of (rule K-3).
    pub fn warnings(&self) -> Vec<SiteWarning> {
        let mut warnings = Vec::new();
        if self.origin == SigningCertificateOrigin::InternetManagementPoint {
            warnings.push(SiteWarning::SigningCertificateFromInternet);
        }
        // A file says nothing of the friendly name.
        let friendly = self.stored.friendly_name().is_none_or(|name| name == FRIENDLY_NAME);
        if !has_subject(self.certificate()) || !friendly {
            warnings.push(SiteWarning::NotNamedAsSiteServer);
        }
        warnings
    }

    /// Whether the site signed these bytes: RSA PKCS#1 v1.5 with SHA-256, as signed policy has it (rule K-3).
    ///
    /// The signature is as PKCS #1 writes it; CryptoAPI writes it the other way round.
    pub fn verify_policy(&self, algorithms: &Algorithms, policy: &[u8], signature: &[u8]) -> SignatureVerdict {
        verify(algorithms, self.certificate().spki_der(), HashAlgorithm::Sha256, policy, signature)
    }
}

fn has_subject(certificate: &Certificate) -> bool {
    certificate.subject().common_names().any(|name| name == SUBJECT)
}
