//! The name step of `cb2107` (P-6): the Subject contains the computer name.

use super::Exemption;
use super::checked::Checked;
use crate::certificate::Certificate;
use crate::change::{Change, Fact};
use crate::choices::{EmptySubject, NameCheck, SubjectText};
use crate::computer::{Machine, Written};
use crate::name::{contains_folded, eq_folded, fold};
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::settings::Settings;
use crate::words::Quoted;
use std::fmt;

/// The Subject contains the computer name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamePass {
    /// The text that was searched.
    pub subject: String,
}

/// Why the name rejects a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameReason {
    /// The Subject does not contain the computer name.
    NotInSubject {
        /// The computer name that was looked for.
        computer: String,
        /// The text that was searched.
        subject: String,
    },
}

/// What was nearly right about the name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameNearMiss {
    /// The name of another machine that begins alike: a renamed computer, a copied image.
    SimilarName {
        /// The computer's name.
        computer: String,
        /// The name in the certificate.
        actual: String,
    },
    /// The machine's name is that of its account, and only its own is in the Subject (rule P-5).
    Account {
        /// The machine's name as it is given.
        written: String,
        /// The NetBIOS name.
        computer: String,
    },
    /// The machine's name is a fully qualified one, and only its first label is in the Subject (rule P-5).
    FullyQualified {
        /// The machine's fully qualified name.
        written: String,
        /// Its first label, the NetBIOS name.
        label: String,
    },
}

/// The Subject contains the computer name inside a longer name: a warning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LongerName {
    /// The computer's name.
    pub computer: String,
    /// The name that matched.
    pub longer: String,
}

/// P-6 and R-2.
pub(crate) fn check(
    certificate: &Certificate,
    machine: &Machine,
    settings: &Settings,
) -> Checked<NamePass, NameReason> {
    if settings.name_check() == NameCheck::Waived {
        return Checked::NotApplicable(Exemption::NameCheckWaived);
    }
    let name = certificate.subject();
    if name.is_empty() && settings.empty_subject() == EmptySubject::Exempt {
        return Checked::NotApplicable(Exemption::EmptySubject);
    }
    let subject = match settings.subject_text() {
        SubjectText::SimpleName => name.to_simple_name(),
        SubjectText::X500 => name.to_x500_string(),
    };
    let computer = machine.netbios_name();
    if contains_folded(&subject, computer) {
        return Checked::Passed(NamePass { subject });
    }
    Checked::Rejected(NameReason::NotInSubject { computer: computer.to_owned(), subject })
}

/// What was nearly right about a certificate that rule P-6 rejects.
pub(crate) fn near_miss(certificate: &Certificate, machine: &Machine, settings: &Settings) -> Option<NameNearMiss> {
    if let Some((meant, as_what)) = machine.meant()
        && matches!(check(certificate, &meant, settings), Checked::Passed(_))
    {
        if as_what == Written::Account {
            let (written, computer) = (machine.name().to_owned(), meant.name().to_owned());
            return Some(NameNearMiss::Account { written, computer });
        }
        let (written, label) = (meant.fqdn().unwrap_or_default().to_owned(), meant.name().to_owned());
        return Some(NameNearMiss::FullyQualified { written, label });
    }
    let (name, computer) = (certificate.subject(), machine.netbios_name());
    let similar = name.common_names().find(|cn| !cn.is_empty() && fold(computer).starts_with(&fold(cn)))?;
    Some(NameNearMiss::SimilarName { computer: computer.to_owned(), actual: similar.to_owned() })
}

/// P-6: machine PC1 takes a certificate of PC10; set when every occurrence lies inside another, longer name.
pub(crate) fn longer_name(pass: &NamePass, machine: &Machine) -> Option<LongerName> {
    let computer = machine.netbios_name();
    let mut longer = None;
    for word in pass.subject.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')) {
        if eq_folded(word, computer) || eq_folded(word, machine.name()) {
            return None;
        }
        if longer.is_none() && contains_folded(word, computer) {
            longer = Some(word);
        }
    }
    longer.map(|longer| LongerName { computer: computer.to_owned(), longer: longer.to_owned() })
}

impl NamePass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        Row::new(Step::Name, "name.in_subject", Rule::P6)
    }
}

impl NameReason {
    /// Code, rule and result codes.
    pub(crate) fn row(&self) -> Row {
        match self {
            NameReason::NotInSubject { .. } => {
                Row::new(Step::Name, "name.not_in_subject", Rule::P6).counted("the computer name is not in the Subject")
            }
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self) -> Vec<Proposal> {
        vec![Proposal::MachineName, Proposal::Change(Change::WaiveName), Proposal::request([Fact::ComputerName])]
    }
}

impl NameNearMiss {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            NameNearMiss::SimilarName { .. } => "similar_name",
            NameNearMiss::Account { .. } => "account_name",
            NameNearMiss::FullyQualified { .. } => "fully_qualified_name",
        }
    }
}

impl fmt::Display for NamePass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "computer name found in the subject {}", Quoted(&self.subject))
    }
}

impl fmt::Display for NameReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameReason::NotInSubject { computer, subject } => {
                write!(f, "computer name {} is not in the subject {}", Quoted(computer), Quoted(subject))
            }
        }
    }
}

impl fmt::Display for NameNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameNearMiss::SimilarName { computer, actual } => {
                write!(f, "the name {} resembles {}, but is another", Quoted(actual), Quoted(computer))
            }
            NameNearMiss::Account { written, computer } => write!(
                f,
                "it would pass if the machine's `name` were {}: {} is the name of its account",
                Quoted(computer),
                Quoted(written)
            ),
            NameNearMiss::FullyQualified { written, label } => write!(
                f,
                "it would pass if the machine's `name` were {}, with {} as its `fqdn`",
                Quoted(label),
                Quoted(written)
            ),
        }
    }
}
