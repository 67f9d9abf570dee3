//! The result of one check on one certificate, with its evidence.

use super::evidence::{ChainEvidence, ClearedChain, RevokedChain};
use super::near_miss::NearMiss;
use super::selector::{SelectorMatch, SelectorMismatch};
use crate::certificate::{CertificateError, KeyUsage};
use crate::chain::{ChainEku, ChainFailure};
use crate::name::DistinguishedName;
use crate::settings::Ruleset;
use crate::store::{CertId, KeyProvider, StoreName};
use crate::store::{RankCriterion, RankKey};
use crate::{Oid, Rule, Step, Thumbprint, Timestamp};
use std::sync::Arc;

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It passed, with the evidence.
    Passed(Pass),
    /// It did not apply, with the reason.
    NotApplicable(Exemption),
    /// It failed.
    Rejected {
        /// Both sides of the comparison.
        rejection: Rejection,
        /// What was nearly right, where something was.
        near_miss: Option<Box<NearMiss>>,
    },
}

impl Finding {
    /// The step that the check belongs to.
    pub fn step(&self) -> Step {
        match self {
            Finding::Passed(pass) => pass.step(),
            Finding::NotApplicable(exemption) => exemption.step(),
            Finding::Rejected { rejection, .. } => rejection.step(),
        }
    }

    /// The rule behind the result.
    pub fn rule(&self) -> Rule {
        match self {
            Finding::Passed(pass) => pass.rule(),
            Finding::NotApplicable(exemption) => exemption.rule(),
            Finding::Rejected { rejection, .. } => rejection.rule(),
        }
    }

    /// The stable code, `step.reason`; for rejections those of annex A.
    pub fn code(&self) -> &'static str {
        match self {
            Finding::Passed(pass) => pass.code(),
            Finding::NotApplicable(exemption) => exemption.code(),
            Finding::Rejected { rejection, .. } => rejection.code(),
        }
    }

    /// `passed`, `rejected` or `not_applicable`.
    pub fn result(&self) -> &'static str {
        match self {
            Finding::Passed(_) => "passed",
            Finding::NotApplicable(_) => "not_applicable",
            Finding::Rejected { .. } => "rejected",
        }
    }

    /// The rejection, if the check failed.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Finding::Rejected { rejection, .. } => Some(rejection),
            Finding::Passed(_) | Finding::NotApplicable(_) => None,
        }
    }

    /// What was nearly right.
    pub fn near_miss(&self) -> Option<&NearMiss> {
        match self {
            Finding::Rejected { near_miss, .. } => near_miss.as_deref(),
            Finding::Passed(_) | Finding::NotApplicable(_) => None,
        }
    }
}

/// What a template check rests on (rule V-3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TemplateEvidence {
    /// The caller stated the schema version.
    Stated(u32),
    /// The caller's table has the template's identifier.
    Table {
        /// The template.
        template: Oid,
        /// Its schema version.
        version: u32,
    },
    /// Extension 1.3.6.1.4.1.311.20.2 names a version 1 template.
    Version1 {
        /// The template's name.
        name: String,
    },
    /// Nothing says which version it is.
    Unknown {
        /// The template's identifier, where the certificate has one.
        template: Option<Oid>,
    },
}

/// Where the usages of a certificate come from (rules P-2 to P-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageSource {
    /// The extended key usage extension.
    Extension,
    /// Application policies, used in its place (rule P-4).
    ApplicationPolicies,
    /// The property of the store alone (rule P-3).
    Property,
    /// The property of the store and what the certificate says, intersected (rule P-3).
    PropertyAndCertificate,
    /// Nothing: every purpose (rule P-2).
    Nothing,
}

/// Which name made a certificate "issued to the computer" (rule P-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComputerNameField {
    /// A CN of the Subject.
    CommonName,
    /// A dNSName of the SAN.
    DnsName,
}

/// Why a check passed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pass {
    /// The chain ends at a listed issuer (rules I-4, I-6).
    IssuerListed {
        /// Which entry of the list, counted from 1.
        entry: usize,
        /// The certificate that was compared with it.
        compared: Thumbprint,
        /// Whether the chain is complete (rule I-5).
        chain: ChainCompleteness,
        /// Whether the entry is text (rule I-4) or a certificate (rule I-6).
        form: IssuerForm,
    },
    /// It is in the chosen store (rule T-1).
    InStore(StoreName),
    /// Now lies within the validity period (rule V-1).
    InDate {
        /// Its first instant.
        not_before: Timestamp,
        /// Its last instant.
        not_after: Timestamp,
    },
    /// The private key is accessible (rule V-2).
    KeyAccessible(KeyProvider),
    /// A key belongs to the certificate; that it is accessible is assumed (rule W-4).
    KeyPresent(KeyProvider),
    /// Nothing is known about the key; that it is accessible is assumed (rule V-2).
    KeyAssumed,
    /// The template is accepted (rule V-3).
    Template(TemplateEvidence),
    /// The key provider is supported (rule V-4).
    Provider(Option<KeyProvider>),
    /// The chain is valid (rule V-5).
    Chain(Arc<ChainEvidence>),
    /// Nothing in the chain is revoked (rule V-7).
    NotRevoked(Arc<ClearedChain>),
    /// The revocation status is unknown and accepted (rule V-8, `UnknownStatus::Accept`).
    RevocationUnknownAccepted(Arc<RevokedChain>),
    /// It is for client authentication (rules P-1 to P-4).
    ClientAuthentication(UsageSource),
    /// It is issued to the computer (rule P-5).
    ComputerName {
        /// The name that matched, as the certificate has it.
        name: String,
        /// Where it stands.
        field: ComputerNameField,
    },
    /// No CA above takes client authentication away (rule P-8).
    ChainUsage,
    /// Key usage allows digitalSignature (rule P-7); `None` when the extension is absent.
    KeyUsage(Option<KeyUsage>),
    /// The selector matches (section 6).
    Selector(Box<SelectorMatch>),
    /// The subject contains the computer name (rule P-6).
    NameInSubject {
        /// The text that was searched.
        subject: String,
    },
    /// The longest validity period (rule L-1).
    Longest(Box<Ranking>),
    /// The only one that passed every other step (rule L-1).
    OnlyCandidate,
    /// The first in store order, on a device without a selection method (rule R-4).
    FirstInStore,
}

/// Whether a chain reaches a root (rule I-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChainCompleteness {
    /// It does.
    Complete,
    /// It ends at the highest certificate found.
    Incomplete,
}

/// The form of an entry of the issuers list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IssuerForm {
    /// Subject attributes (rule I-4).
    Text,
    /// A root certificate (rule I-6).
    Certificate,
}

/// The winner against its runner-up (rule L-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranking {
    /// The certificate.
    pub own: RankKey,
    /// The one it is compared with: the runner-up for the winner, the winner for everyone else.
    pub other: RankKey,
    /// The other certificate.
    pub other_id: CertId,
    /// What decided.
    pub decided_by: RankCriterion,
}

/// Why a check did not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Exemption {
    /// There is no issuers list (rule I-2).
    NoIssuersList,
    /// The budget was spent before the chain was chosen (rule V-10): where it ends is not known.
    ChainNotChosen,
    /// The device has no selection method (rule R-4).
    DeviceWithout(Step),
    /// The ruleset accepts templates of every version (rule V-3).
    TemplateNotChecked(Ruleset),
    /// Revocation is off (rule V-7).
    RevocationOff,
    /// A selector replaces the check (rule R-3).
    ReplacedBySelector(Step),
    /// Qualified by the computer name: neither nested usage nor key usage for client authentication matters (rule P-8).
    QualifiedByName,
    /// Key usage is not looked at (rule P-7).
    KeyUsageIgnored,
    /// The computer name check is waived (rule R-2).
    NameCheckWaived,
    /// The Subject is empty (rule P-6).
    EmptySubject,
}

/// Why a key in a key storage provider is rejected (rules V-3, V-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KspReason {
    /// The client of this ruleset opens keys through CryptoAPI only.
    Ruleset(Ruleset),
    /// `/CCMPKICERTOPTIONS=0` turned CNG support off.
    CngOff,
}

/// Why a certificate is rejected, with both sides of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// The chain ends at a certificate that is not listed (rules I-3, I-4).
    NotListed {
        /// The subject that was compared.
        top: DistinguishedName,
        /// Its certificate.
        thumbprint: Thumbprint,
        /// The number of entries of the list.
        listed: usize,
    },
    /// The chain cannot be completed, and its highest certificate is not listed (rule I-5).
    IncompleteChain {
        /// The highest certificate found.
        top: DistinguishedName,
        /// Its certificate.
        thumbprint: Thumbprint,
        /// The issuer that was not found.
        missing: DistinguishedName,
    },
    /// It is in another store (rule T-4).
    OtherStore {
        /// Where it is.
        store: StoreName,
        /// Where it should be.
        chosen: StoreName,
    },
    /// It is archived (rule T-7).
    Archived,
    /// It is no certificate (rule T-5).
    Unreadable(CertificateError),
    /// Its validity period has not begun (rule V-1).
    NotYetValid {
        /// First instant of the period.
        not_before: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
    /// Its validity period is over (rule V-1).
    Expired {
        /// Last instant of the period.
        not_after: Timestamp,
        /// The instant of the selection.
        now: Timestamp,
    },
    /// There is no private key (rule V-2).
    KeyAbsent,
    /// The client cannot use the private key (rule V-2).
    KeyInaccessible,
    /// It comes from a version 3 template (rule V-3).
    TemplateVersion {
        /// How that is known.
        evidence: TemplateEvidence,
        /// The ruleset that bans it.
        ruleset: Ruleset,
    },
    /// Its key is in a key storage provider (rules V-3, V-4).
    KeyStorageProvider(KspReason),
    /// Its key is ECC (rule V-4).
    KeyEcc {
        /// The provider that is stated, if one is.
        provider: Option<KeyProvider>,
    },
    /// The chain is not valid (rules V-5, V-10, V-11, V-12).
    Chain(Arc<ChainFailure>),
    /// Revoked, or not known not to be (rules V-7 to V-9).
    Revocation(Arc<RevokedChain>),
    /// It is not for client authentication, nor (where that is enough) issued to the computer (rules P-1 to P-5).
    NotClientAuth {
        /// The usages that it has; empty means "no purpose".
        usages: Vec<Oid>,
        /// Where they come from.
        source: UsageSource,
        /// The computer's names that were compared; empty where the name does not count (`cb2107`).
        computer: Vec<String>,
        /// The names of the certificate that they were compared with.
        names: Vec<String>,
    },
    /// A CA above takes client authentication away (rule P-8).
    ChainEku(Box<ChainEku>),
    /// Key usage does not allow digitalSignature (rule P-7).
    KeyUsage(KeyUsage),
    /// `Subject:` does not match (section 6).
    Subject(Box<SelectorMismatch>),
    /// `SubjectStr:` does not match.
    SubjectString(Box<SelectorMismatch>),
    /// `SubjectAttr:` does not match.
    SubjectAttribute(Box<SelectorMismatch>),
    /// The Subject does not contain the computer name (rule P-6).
    NotInSubject {
        /// The computer name that was looked for.
        computer: String,
        /// The text that was searched.
        subject: String,
    },
    /// Another one has the longer validity period (rule L-1).
    Outranked(Box<Ranking>),
    /// Another one comes first in the store, on a device without a selection method (rule R-4).
    NotFirst {
        /// The first.
        first: CertId,
        /// Its thumbprint.
        thumbprint: Thumbprint,
    },
    /// Several passed every step, and that is an error (rule L-2).
    Ambiguous {
        /// How many passed every step, this one included. The outcome lists them; a list in each of them would grow with
        /// the square of their number.
        passed: usize,
        /// The best-ranked of the others.
        other: CertId,
        /// Its thumbprint.
        thumbprint: Thumbprint,
    },
}
