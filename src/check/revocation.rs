//! V-5 and V-7 to V-9, as the selection sees them: what a valid chain rests on, which CRLs cleared it, and why none did.
//!
//! Chain and CRL rules themselves are in [`chain`](crate::chain) and [`revocation`](crate::revocation), and so are their
//! reasons.

use crate::certificate::{Certificate, Thumbprint};
use crate::chain::{ChainMember, Path};
use crate::name::DistinguishedName;
use crate::proposal::Proposal;
use crate::reason::{Coded, Row};
use crate::revocation::{MissingCrl, Ocsp, RevocationEvidence, RevocationFailure};
use crate::rules::{Rule, Step};
use crate::shown::QuotedBy;
use std::fmt;

/// The root that a valid chain ends at (rule V-5). The whole path is in the verdict.
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
    pub(crate) fn of(root: &Certificate, path: &Path) -> Self {
        ChainEvidence { root: root.thumbprint(), name: root.subject(), length: path.certificates().len() }
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
#[non_exhaustive]
pub struct ClearedChain {
    /// The evidence for each certificate below the root, the judged one first.
    pub members: Vec<RevocationEvidence>,
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
    /// Whether the certificate names an OCSP responder, which Windows would ask first and which is not modelled (rule V-8).
    pub ocsp: Ocsp,
}

impl RevokedChain {
    /// What is wrong anywhere in the chain, nearest the root first.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &RevocationFailure> {
        std::iter::once(&self.failure).chain(self.further.iter().map(|(_, failure)| failure))
    }

    /// Where every CRL is published that is missing anywhere in the chain (rule V-8).
    pub(crate) fn missing(&self) -> impl Iterator<Item = &MissingCrl> {
        self.failures().flat_map(RevocationFailure::missing)
    }

    /// Code, rule and result codes.
    pub(crate) fn row(&self) -> Row {
        self.failure.row()
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self) -> Vec<Proposal> {
        self.failure.proposals(self.at.position)
    }

    /// What is wrong in a few words, without addresses.
    pub(crate) fn brief(&self) -> String {
        let words = self.row().counted.unwrap_or_else(|| self.code());
        match self.at.position {
            0 => words.to_owned(),
            _ => format!("{}: {words}", self.at),
        }
    }
}

impl Coded for RevokedChain {
    fn code(&self) -> &'static str {
        self.failure.code()
    }

    fn rule(&self) -> Rule {
        self.failure.rule()
    }
}

impl fmt::Display for RevokedChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.position > 0 {
            write!(f, "{}: ", self.at)?;
        }
        self.failure.fmt(f)?;
        // Whatever is missing is named completely (rule V-8).
        self.further.iter().try_for_each(|(at, failure)| write!(f, "; {at}: {failure}"))
    }
}

/// Why revocation passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationPass {
    /// Nothing in the chain is revoked (rule V-7).
    NotRevoked(std::sync::Arc<ClearedChain>),
    /// The revocation status is unknown and accepted (rule V-8, `UnknownStatus::Accept`).
    UnknownAccepted(std::sync::Arc<RevokedChain>),
}

/// What would make an unknown revocation status pass (rules V-8, V-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationNearMiss {
    /// It would pass if the missing CRL were there and did not list it.
    WithCrl,
    /// The same of a CRL that is not out of date, or valid already.
    WithCurrentCrl,
    /// It would pass at the instant from which the CRL is valid, which does not list it.
    RightClock,
    /// It would pass if the missing delta CRL were there and ended its hold.
    WithDelta,
    /// It would pass if a CRL of its CA, which nothing says where to get, were imported and did not list it.
    WithImportedCrl,
    /// Without the delta CRL, the base CRL would have cleared the certificate.
    BaseAlone,
    /// The certificate names only OCSP, which is not modelled.
    OcspOnly,
    /// The certificate names OCSP as well, which Windows would ask first and which is not modelled.
    OcspFirst,
}

impl ChainEvidence {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        Row::new(Step::Validity, "validity.chain", Rule::V5)
    }
}

impl RevocationPass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        match self {
            RevocationPass::NotRevoked(_) => Row::new(Step::Validity, "validity.not_revoked", Rule::V7),
            RevocationPass::UnknownAccepted(_) => {
                Row::new(Step::Validity, "validity.revocation_unknown_accepted", Rule::V8)
            }
        }
    }
}

impl RevocationNearMiss {
    /// What is known beforehand to make an unknown status pass (V-8, V-9).
    pub(crate) fn of(chain: &RevokedChain) -> Option<Self> {
        if !chain.further.is_empty() {
            return None; // one change does not mend several
        }
        let first = (chain.ocsp == Ocsp::Named).then_some(RevocationNearMiss::OcspFirst);
        match &chain.failure {
            RevocationFailure::DeltaMissing { on_hold: None, .. } => Some(RevocationNearMiss::BaseAlone),
            RevocationFailure::NoDistributionPoint { ocsp: Ocsp::Named, .. } => Some(RevocationNearMiss::OcspOnly),
            RevocationFailure::Unknown { .. }
            | RevocationFailure::CrlExpired { .. }
            | RevocationFailure::CrlNotYetValid { .. }
            | RevocationFailure::DeltaMissing { on_hold: Some(_), .. } => first,
            RevocationFailure::NoDistributionPoint { ocsp: Ocsp::NotNamed, .. }
            | RevocationFailure::Revoked { .. }
            | RevocationFailure::OnHold { .. }
            | RevocationFailure::Malformed(_)
            | RevocationFailure::Budget { .. } => None,
        }
    }

    /// What would make it pass if it were there, where that is one thing; whether it would is for the selection to try.
    pub(crate) fn with_what_lacks(failure: &RevocationFailure) -> Option<Self> {
        match failure {
            RevocationFailure::Unknown { .. } => Some(RevocationNearMiss::WithCrl),
            RevocationFailure::CrlExpired { .. } => Some(RevocationNearMiss::WithCurrentCrl),
            RevocationFailure::CrlNotYetValid { .. } => Some(RevocationNearMiss::RightClock),
            RevocationFailure::DeltaMissing { .. } => Some(RevocationNearMiss::WithDelta),
            RevocationFailure::NoDistributionPoint { .. } => Some(RevocationNearMiss::WithImportedCrl),
            RevocationFailure::Revoked { .. }
            | RevocationFailure::OnHold { .. }
            | RevocationFailure::Malformed(_)
            | RevocationFailure::Budget { .. } => None,
        }
    }

    /// The stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            RevocationNearMiss::WithCrl | RevocationNearMiss::WithCurrentCrl | RevocationNearMiss::WithImportedCrl => {
                "with_crl"
            }
            RevocationNearMiss::RightClock => "right_clock",
            RevocationNearMiss::WithDelta => "with_delta",
            RevocationNearMiss::BaseAlone => "base_alone",
            RevocationNearMiss::OcspOnly => "ocsp_only",
            RevocationNearMiss::OcspFirst => "ocsp_first",
        }
    }
}

impl fmt::Display for RevocationPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RevocationPass::NotRevoked(evidence) => evidence.fmt(f),
            RevocationPass::UnknownAccepted(failure) => write!(f, "accepted as set, although {failure}"),
        }
    }
}

impl fmt::Display for RevocationNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RevocationNearMiss::WithCrl => "it would pass if the missing CRL were available and did not list it",
            RevocationNearMiss::WithCurrentCrl => "it would pass if a current CRL were available and did not list it",
            RevocationNearMiss::RightClock => "it would pass if the clock were right: the CRL does not list it",
            RevocationNearMiss::WithDelta => "it would pass if the missing delta CRL were available and ended the hold",
            RevocationNearMiss::WithImportedCrl => "it would pass if a CRL of its CA were imported and did not list it",
            RevocationNearMiss::BaseAlone => "the base CRL alone would have cleared it; only the delta CRL is missing",
            RevocationNearMiss::OcspOnly => "the certificate names only OCSP, which is not modelled here",
            RevocationNearMiss::OcspFirst => {
                "the certificate names an OCSP responder, which Windows asks first and which is not modelled here"
            }
        })
    }
}
