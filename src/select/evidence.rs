//! What the checks of a chain rest on: the root, the CRLs that cleared it, the certificate that one of them lists.

use crate::chain::{ChainMember, Path};
use crate::name::DistinguishedName;
use crate::revocation::{MissingCrl, RevocationEvidence, RevocationFailure};
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
    /// What is wrong with its status: the fault nearest the root (rule V-0).
    pub failure: RevocationFailure,
    /// The certificates beneath it whose status is unknown as well, nearest the root first: what is missing is named
    /// completely (rule V-8).
    pub further: Vec<(ChainMember, RevocationFailure)>,
}

impl RevokedChain {
    /// Where every CRL is published that is missing anywhere in the chain (rule V-8).
    pub fn missing(&self) -> impl Iterator<Item = &MissingCrl> {
        let further = self.further.iter().map(|(_, failure)| failure);
        std::iter::once(&self.failure).chain(further).flat_map(|failure| failure.missing())
    }

    /// The rule that rejects.
    pub fn rule(&self) -> Rule {
        self.failure.rule()
    }

    /// The stable code (annex A).
    pub fn code(&self) -> &'static str {
        self.failure.code()
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
