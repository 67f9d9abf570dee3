//! What the web server's log has about a refused client certificate (rule M-4).

use std::fmt;

/// The status and sub-status with which IIS refuses a client certificate (rule M-4).
///
/// ```
/// use ccmcertsel::server::IisStatus;
///
/// assert_eq!(IisStatus::Revoked.code(), "403.13");
/// assert_eq!(IisStatus::Revoked.to_string(), "403.13, the client certificate is revoked or its revocation is unknown");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IisStatus {
    /// 403.7: no certificate was sent.
    NoCertificate,
    /// 403.13: it is revoked, or whether it is cannot be known.
    Revoked,
    /// 403.16: it is not trusted, or invalid.
    Untrusted,
    /// 403.17: it has expired, or is not yet valid.
    Expired,
}

impl IisStatus {
    /// As the log has it.
    pub fn code(self) -> &'static str {
        match self {
            IisStatus::NoCertificate => "403.7",
            IisStatus::Revoked => "403.13",
            IisStatus::Untrusted => "403.16",
            IisStatus::Expired => "403.17",
        }
    }

    /// What it means.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            IisStatus::NoCertificate => "no client certificate was sent",
            IisStatus::Revoked => "the client certificate is revoked or its revocation is unknown",
            IisStatus::Untrusted => "the client certificate is untrusted or invalid",
            IisStatus::Expired => "the client certificate has expired or is not yet valid",
        }
    }
}

impl fmt::Display for IisStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.code(), self.meaning())
    }
}
