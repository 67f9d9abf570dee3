//! What the checks of a chain rest on: the root, the CRLs that cleared it, the certificate that one of them lists.

use crate::chain::{ChainMember, Path, Reach};
use crate::name::DistinguishedName;
use crate::revocation::{RevocationEvidence, RevocationFailure};
use crate::shown::QuotedBy;
use crate::{Rule, Stores, Thumbprint};
use std::fmt;

/// The root that a valid chain ends at (rule V-5). The whole path stands in the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEvidence {
    /// The root's certificate.
    pub root: Thumbprint,
    /// Its subject.
    pub name: DistinguishedName,
    /// The number of certificates, the judged one and the root included.
    pub length: usize,
}

impl ChainEvidence {
    /// `None` for a path without certificates, which no search yields.
    pub(super) fn of(stores: &Stores, path: &Path) -> Option<Self> {
        let certificate = stores.get(path.last()?)?.certificate();
        let length = path.certificates().len();
        Some(ChainEvidence { root: certificate.thumbprint(), name: certificate.subject(), length })
    }
}

impl fmt::Display for ChainEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a valid chain of {} certificates ends at the trusted root {} ({})",
            self.length,
            QuotedBy(&self.name),
            self.root
        )
    }
}

/// The CRLs that cleared a chain: of the judged certificate first, then of each CA above it but the root (rule V-7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearedChain {
    pub(super) members: Vec<RevocationEvidence>,
}

impl ClearedChain {
    /// The evidence for each certificate below the root, the judged one first.
    pub fn members(&self) -> &[RevocationEvidence] {
        &self.members
    }
}

impl fmt::Display for ClearedChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.members.first() {
            Some(first) => first.fmt(f),
            None => f.write_str("nothing below the root needs a CRL"),
        }
    }
}

/// The certificate of a chain whose revocation status is not good (rules V-7 to V-9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedChain {
    /// The certificate; the one at position 0 is the judged one.
    pub at: ChainMember,
    /// What is wrong with its status.
    pub failure: RevocationFailure,
}

impl RevokedChain {
    /// The rule that rejects.
    pub fn rule(&self) -> Rule {
        self.failure.rule()
    }

    /// The stable code (annex A).
    pub fn code(&self) -> &'static str {
        self.failure.code()
    }
}

/// What revocation says, from what says least about a certificate to what settles it.
const ORDER: [&str; 6] = [
    "validity.no_distribution_point",
    "validity.revocation_unknown",
    "validity.crl_expired",
    "validity.delta_missing",
    "validity.on_hold",
    "validity.revoked",
];

fn reach(position: usize, failure: &RevocationFailure) -> (usize, usize) {
    let order = ORDER.iter().position(|code| *code == failure.code());
    (position, order.map_or(0, |order| order + 1))
}

impl Reach for RevokedChain {
    fn reach(&self) -> (usize, usize) {
        reach(self.at.position, &self.failure)
    }
}

impl Reach for (usize, RevocationFailure) {
    fn reach(&self) -> (usize, usize) {
        reach(self.0, &self.1)
    }
}

impl fmt::Display for RevokedChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.position > 0 {
            write!(f, "{}: ", self.at)?;
        }
        self.failure.fmt(f)
    }
}
