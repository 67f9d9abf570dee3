//! The certificates that sign software updates (rule M-3).

use super::judge::{Judge, Role};
use super::{RevocationScope, ServerJudgement, ServerTrust};
use crate::settings::{IssuerMatch, Revocation, UnknownStatus};
use crate::{Certificate, Timestamp};

/// Who verifies the signatures of software updates: like any certificate, that of the signer must chain to a trusted root,
/// be in date and be for code signing; its revocation is checked only where the setting asks for it (rule M-3).
///
/// ```
/// use ccmcertsel::{Coded, Stores};
/// use ccmcertsel::server::{ServerTrust, SoftwareUpdates};
/// use ccmcertsel::settings::Revocation;
/// use std::time::SystemTime;
///
/// let updates = SoftwareUpdates::new("updates", ServerTrust::new(Stores::builder().build()));
/// assert_eq!(updates.revocation(), Revocation::Off);
/// let judgement = updates.judge(&[], SystemTime::now());
/// assert_eq!(judgement.status(), None); // no web server takes part
/// assert_eq!(judgement.warnings()[0].code(), "server.signatures_not_checked");
/// ```
#[derive(Debug, Clone)]
pub struct SoftwareUpdates {
    name: String,
    pub(super) trust: ServerTrust,
    revocation: Revocation,
}

impl SoftwareUpdates {
    /// With the documented default: the CRL is not checked.
    pub fn new(name: impl Into<String>, trust: ServerTrust) -> Self {
        SoftwareUpdates { name: name.into(), trust, revocation: RevocationScope::SoftwareUpdates.revocation() }
    }

    /// The setting "check the certificate revocation list" of software updates.
    #[must_use]
    pub fn with_revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
        self
    }

    /// A name for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the signer's certificate is checked for revocation.
    pub fn revocation(&self) -> Revocation {
        self.revocation
    }

    /// Judges the certificate of a signature, with the intermediates that come with it behind it; empty where a signature
    /// has none.
    pub fn judge(&self, signer: &[Certificate], now: impl Into<Timestamp>) -> ServerJudgement {
        Judge {
            trust: &self.trust,
            trust_list: None,
            issuer_match: IssuerMatch::default(),
            revocation: self.revocation,
            unknown: UnknownStatus::default(),
            role: Role::SoftwareUpdates,
            now: now.into(),
        }
        .judge(signer)
    }
}
