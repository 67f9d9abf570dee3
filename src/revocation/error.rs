//! Why bytes are not a CRL.

use crate::asn1::DerError;
use crate::encoding::OtherContent;
use crate::name::NameError;

/// CRLs larger than this are refused: offsets are 32 bits wide, and the largest CRL ever published had 30 MB.
pub(crate) const MAX_CRL_BYTES: usize = 256 * 1024 * 1024;

/// Why bytes are not a CRL (rule V-8: a warning, with its offset).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// The DER is damaged, or is something else.
    #[error("not a CRL: {0}")]
    Der(DerError),
    /// The issuer's name is damaged.
    #[error("not a CRL: {0}")]
    Name(NameError),
    /// Something else that is known.
    #[error("not a CRL at byte 0: {0}")]
    Other(OtherContent),
    /// More than 256 MiB.
    #[error("not read: {size} bytes, a CRL has at most {MAX_CRL_BYTES}")]
    TooLarge {
        /// The size of the input in bytes.
        size: usize,
    },
    /// There is no CRL in the PEM text, or its armour is damaged.
    #[error("not a CRL in PEM at byte {offset}: {}", crate::shown::Shown(problem))]
    Pem {
        /// Where the damaged block begins.
        offset: usize,
        /// What is wrong and what would be right.
        problem: String,
    },
}

// What is inside is said in the text, so it is not a source as well: a chain of errors would say it twice.
impl From<DerError> for CrlError {
    fn from(error: DerError) -> Self {
        CrlError::Der(error)
    }
}

impl From<NameError> for CrlError {
    fn from(error: NameError) -> Self {
        CrlError::Name(error)
    }
}

impl CrlError {
    /// Where: a byte offset from the start of the input.
    pub fn offset(&self) -> usize {
        match self {
            CrlError::Der(error) => error.offset(),
            CrlError::Name(error) => error.offset(),
            CrlError::Other(_) | CrlError::TooLarge { .. } => 0,
            CrlError::Pem { offset, .. } => *offset,
        }
    }
}
