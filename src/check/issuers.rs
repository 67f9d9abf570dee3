//! Step 1, the certificate issuers list (I-2 to I-7): the reasons and their words. What an entry matches is in `matching`.

mod matching;

pub(crate) use self::matching::IssuerCandidate;
pub(crate) use self::matching::form;

use crate::certificate::Thumbprint;
use crate::chain::Preference;
use crate::change::{Change, Fact};
use crate::name::DistinguishedName;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::words::{Entries, Quoted};
use std::fmt;

/// The chain ends at a listed issuer (rules I-4, I-6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IssuersPass {
    /// Which entry of the list, counted from 1.
    pub entry: usize,
    /// The certificate that was compared with it.
    pub compared: Thumbprint,
    /// Whether the chain is complete (rule I-5).
    pub chain: ChainCompleteness,
    /// Whether the entry is text (rule I-4) or a certificate (rule I-6).
    pub form: IssuerForm,
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

/// Why the issuers list rejects a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssuersReason {
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
}

/// What was nearly right about the issuers list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssuersNearMiss {
    /// A listed issuer differs only in case (rule I-4).
    CaseOnly {
        /// As listed.
        listed: String,
        /// As in the certificate.
        actual: String,
    },
    /// The list names an intermediate of this chain instead of its root (rule I-5).
    IntermediateListed {
        /// The intermediate.
        intermediate: DistinguishedName,
        /// The root that should be listed.
        root: DistinguishedName,
    },
    /// Another path of the certificate ends at a listed root, but Windows builds the one that does not (rule I-7).
    OtherPath {
        /// The subject of the listed root.
        root: DistinguishedName,
        /// Its certificate.
        thumbprint: Thumbprint,
        /// Why Windows prefers the chain that it builds.
        because: Preference,
    },
    /// A listed certificate has the root's name and another key (rule I-6).
    SameNameOtherKey {
        /// The name.
        name: DistinguishedName,
        /// The listed certificate.
        listed: Thumbprint,
        /// The root of the machine.
        actual: Thumbprint,
    },
    /// The list uses commas, which real clients were seen not to read (rule I-9).
    CommaForSemicolon,
}

impl IssuersPass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        let rule = match self.form {
            IssuerForm::Text => Rule::I4,
            IssuerForm::Certificate => Rule::I6,
        };
        Row::new(Step::Issuers, "issuers.listed", rule)
    }
}

impl IssuersReason {
    /// Code, rule and result codes.
    pub(crate) fn row(&self) -> Row {
        match self {
            IssuersReason::NotListed { .. } => Row::new(Step::Issuers, "issuers.not_listed", Rule::I4)
                .counted("no certificate chains to a listed root"),
            IssuersReason::IncompleteChain { .. } => Row::new(Step::Issuers, "issuers.incomplete_chain", Rule::I5)
                .counted("the chain to the root cannot be completed"),
        }
    }

    /// The certificate at the end of the chain, which was compared with the list.
    pub(crate) fn top(&self) -> &DistinguishedName {
        match self {
            IssuersReason::NotListed { top, .. } | IssuersReason::IncompleteChain { top, .. } => top,
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self) -> Vec<Proposal> {
        match self {
            IssuersReason::NotListed { top, thumbprint, .. } => vec![
                Proposal::request([Fact::OtherAuthority]),
                Proposal::ListRoot { certificate: *thumbprint, name: top.clone() },
            ],
            IssuersReason::IncompleteChain { missing, .. } => vec![
                Proposal::Change(Change::ImportIssuer { name: missing.clone() }),
                Proposal::request([Fact::OtherAuthority]),
            ],
        }
    }
}

impl IssuersNearMiss {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            IssuersNearMiss::CaseOnly { .. } => "issuer_case_only",
            IssuersNearMiss::IntermediateListed { .. } => "intermediate_listed",
            IssuersNearMiss::OtherPath { .. } => "other_path",
            IssuersNearMiss::SameNameOtherKey { .. } => "same_name_other_key",
            IssuersNearMiss::CommaForSemicolon => "comma_for_semicolon",
        }
    }
}

impl fmt::Display for IssuersPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let IssuersPass { entry, compared, .. } = self;
        match (self.chain, self.form) {
            (ChainCompleteness::Complete, IssuerForm::Text) => write!(f, "root {compared} is listed")?,
            (ChainCompleteness::Complete, IssuerForm::Certificate) => {
                write!(f, "root {compared} has the name and key of a listed certificate")?;
            }
            (ChainCompleteness::Incomplete, IssuerForm::Text | IssuerForm::Certificate) => {
                write!(f, "chain is incomplete, and its highest certificate {compared} is listed")?;
            }
        }
        write!(f, ": entry {entry} of the issuers list")
    }
}

impl fmt::Display for IssuersReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IssuersReason::NotListed { top, listed, .. } => write!(
                f,
                "chain ends at {}, which is not in the issuers list of {}",
                Quoted(&top.to_x500_string()),
                Entries(*listed)
            ),
            IssuersReason::IncompleteChain { top, missing, .. } => write!(
                f,
                "chain is incomplete: issuer {} was not found, and {}, the highest certificate found, is not listed",
                Quoted(&missing.to_x500_string()),
                Quoted(&top.to_x500_string())
            ),
        }
    }
}

impl fmt::Display for IssuersNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IssuersNearMiss::CaseOnly { listed, actual } => {
                write!(f, "differs only in case: listed {}, the certificate has {}", Quoted(listed), Quoted(actual))
            }
            IssuersNearMiss::IntermediateListed { intermediate, root } => write!(
                f,
                "the list names the intermediate {}; it should name the root {}",
                Quoted(&intermediate.to_x500_string()),
                Quoted(&root.to_x500_string())
            ),
            IssuersNearMiss::OtherPath { root, thumbprint, because } => write!(
                f,
                "another path ends at the listed root {} ({thumbprint}), but Windows builds this one: {because}",
                Quoted(&root.to_x500_string())
            ),
            IssuersNearMiss::SameNameOtherKey { name, listed, actual } => write!(
                f,
                "same root name, other key: listed is {listed}, the machine has {actual}, both named {}",
                Quoted(&name.to_x500_string())
            ),
            IssuersNearMiss::CommaForSemicolon => {
                f.write_str("the attributes are separated by commas; real clients were seen to read semicolons only")
            }
        }
    }
}
