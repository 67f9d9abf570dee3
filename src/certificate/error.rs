//! Why bytes are not a certificate.

use crate::asn1::DerError;
use crate::encoding::OtherContent;
use crate::name::NameError;

/// Certificates larger than this are refused. Windows stores hold certificates of a few kilobytes; the largest ones in
/// public test suites reach some hundred.
pub(crate) const MAX_CERTIFICATE_BYTES: usize = 16 * 1024 * 1024;

/// Why bytes are not a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The DER is damaged, or is something else.
    #[error("not a certificate: {0}")]
    Der(DerError),
    /// A name inside is damaged.
    #[error("not a certificate: {0}")]
    Name(NameError),
    /// Something else that is known.
    #[error("not a certificate at byte 0: {0}")]
    Other(OtherContent),
    /// More than 16 MiB.
    #[error("not read: {size} bytes, a certificate has at most {MAX_CERTIFICATE_BYTES}")]
    TooLarge {
        /// The size of the input in bytes.
        size: usize,
    },
    /// What carries the certificate is damaged: the entry of a serialized store, or a registry value (rules W-1 to W-3).
    #[error("not read, at byte {offset} of the entry: {}", crate::shown::Shown(problem))]
    Entry {
        /// Where in the entry.
        offset: usize,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The PEM armour is damaged.
    #[error("not a certificate in PEM at byte {offset}: {}", crate::shown::Shown(problem))]
    Pem {
        /// Where the damaged block begins.
        offset: usize,
        /// What is wrong and what would be right.
        problem: String,
    },
}

// What is inside is said in the text, so it is not a source as well: a chain of errors would say it twice.
impl From<DerError> for CertificateError {
    fn from(error: DerError) -> Self {
        CertificateError::Der(error)
    }
}

impl From<NameError> for CertificateError {
    fn from(error: NameError) -> Self {
        CertificateError::Name(error)
    }
}

impl CertificateError {
    /// Where: a byte offset from the start of the input.
    pub fn offset(&self) -> usize {
        match self {
            CertificateError::Der(error) => error.offset(),
            CertificateError::Name(error) => error.offset(),
            CertificateError::Other(_) | CertificateError::TooLarge { .. } => 0,
            CertificateError::Entry { offset, .. } | CertificateError::Pem { offset, .. } => *offset,
        }
    }
}
