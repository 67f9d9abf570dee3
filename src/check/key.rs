//! V-2: the private key is present and accessible.

use crate::certificate::Thumbprint;
use crate::change::Change;
use crate::hresult::Hresult;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::store::{KeyProvider, PrivateKey, StoredCertificate};
use crate::words::provider;
use std::fmt;

/// Why a private key passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPass {
    /// It is accessible.
    Accessible(KeyProvider),
    /// A key belongs to the certificate; that it is accessible is assumed (rule W-4).
    Present(KeyProvider),
    /// Nothing is known about the key; that it is accessible is assumed.
    Assumed,
}

/// Why a private key rejects its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyReason {
    /// There is no private key.
    KeyAbsent,
    /// The client cannot use the private key.
    KeyInaccessible,
}

pub(crate) fn check(stored: &StoredCertificate) -> Result<KeyPass, KeyReason> {
    match stored.private_key() {
        PrivateKey::Absent => Err(KeyReason::KeyAbsent),
        PrivateKey::Inaccessible => Err(KeyReason::KeyInaccessible),
        PrivateKey::Accessible(provider) => Ok(KeyPass::Accessible(provider)),
        PrivateKey::Present(provider) => Ok(KeyPass::Present(provider)),
        PrivateKey::Unknown => Ok(KeyPass::Assumed),
    }
}

impl KeyPass {
    /// Code and rule.
    pub(crate) fn row(self) -> Row {
        match self {
            KeyPass::Accessible(_) => Row::new(Step::Validity, "validity.key_accessible", Rule::V2),
            KeyPass::Present(_) => Row::new(Step::Validity, "validity.key_present", Rule::W4),
            KeyPass::Assumed => Row::new(Step::Validity, "validity.key_assumed", Rule::V2),
        }
    }
}

impl KeyReason {
    /// Code, rule and result codes.
    pub(crate) fn row(self) -> Row {
        let row = |code| Row::new(Step::Validity, code, Rule::V2).reported(Hresult::PRIVATE_KEY_MISSING);
        match self {
            KeyReason::KeyAbsent => row("validity.key_absent").counted("the private key is missing"),
            KeyReason::KeyInaccessible => {
                row("validity.key_inaccessible").counted("the client cannot use the private key")
            }
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(self, certificate: Thumbprint) -> Vec<Proposal> {
        match self {
            KeyReason::KeyAbsent => vec![Proposal::Change(Change::BringKey { certificate }), Proposal::request([])],
            KeyReason::KeyInaccessible => {
                vec![Proposal::Change(Change::GrantKey { certificate }), Proposal::request([])]
            }
        }
    }
}

impl fmt::Display for KeyPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyPass::Accessible(at) => write!(f, "private key accessible, {}", provider(*at)),
            KeyPass::Present(at) => {
                write!(f, "private key present, {}; that the client can use it is assumed", provider(*at))
            }
            KeyPass::Assumed => f.write_str("private key assumed to be accessible: nothing is known about it"),
        }
    }
}

impl fmt::Display for KeyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyReason::KeyAbsent => f.write_str("no private key belongs to it, the client needs one that it can use"),
            KeyReason::KeyInaccessible => {
                f.write_str("the client cannot use its private key, the account SYSTEM needs access to it")
            }
        }
    }
}
