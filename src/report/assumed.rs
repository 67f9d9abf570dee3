//! What an answer takes for granted, because nothing says otherwise: a line of the report, and a field of its document.

use super::readiness::ReadinessReport;
use crate::check::{Exemption, Finding, KeyPass, Pass, TemplateEvidence, TemplatePass};
use crate::words::Count;
use std::fmt;

/// Something that was taken for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Assumption {
    /// Nothing is known about the private keys of so many certificates; each is taken to be there and usable (rule V-2).
    KeysUnknown(usize),
    /// So many certificates have a private key, and that the client can use it is taken for granted (rule W-4).
    KeysPresent(usize),
    /// So many certificates do not say which version their template has; it is taken as acceptable (rule V-3).
    Templates(usize),
    /// There is no issuers list, and a site may have one (rule I-2).
    NoIssuersList,
}

impl Assumption {
    /// What an answer takes for granted.
    pub(crate) fn of(report: &ReadinessReport<'_>) -> Vec<Assumption> {
        let (mut unknown, mut present, mut templates, mut no_list) = (0, 0, 0, false);
        for verdict in report.selection().verdicts() {
            for finding in verdict.findings() {
                match finding {
                    Finding::Passed(Pass::Key(KeyPass::Assumed)) => unknown += 1,
                    Finding::Passed(Pass::Key(KeyPass::Present(_))) => present += 1,
                    Finding::Passed(Pass::Template(TemplatePass::Accepted(TemplateEvidence::Unknown { .. }))) => {
                        templates += 1;
                    }
                    Finding::NotApplicable(Exemption::NoIssuersList) => no_list = true,
                    Finding::Passed(_) | Finding::NotApplicable(_) | Finding::Rejected { .. } => {}
                }
            }
        }
        let counted = [
            (unknown, Assumption::KeysUnknown(unknown)),
            (present, Assumption::KeysPresent(present)),
            (templates, Assumption::Templates(templates)),
            (usize::from(no_list), Assumption::NoIssuersList),
        ];
        counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, assumption)| assumption).collect()
    }

    /// The stable code, in snake case.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Assumption::KeysUnknown(_) => "keys_unknown",
            Assumption::KeysPresent(_) => "keys_present",
            Assumption::Templates(_) => "templates",
            Assumption::NoIssuersList => "no_issuers_list",
        }
    }

    /// Of how many certificates it was assumed.
    pub(crate) fn certificates(self) -> Option<usize> {
        match self {
            Assumption::KeysUnknown(count) | Assumption::KeysPresent(count) | Assumption::Templates(count) => {
                Some(count)
            }
            Assumption::NoIssuersList => None,
        }
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Assumption::KeysUnknown(count) => {
                write!(f, "the client can use the key of {} (nothing says so)", Count(*count, "certificate"))
            }
            Assumption::KeysPresent(count) => {
                write!(f, "the client can use the key of {} (the key is there)", Count(*count, "certificate"))
            }
            Assumption::Templates(count) => {
                write!(f, "the template of {} is of version 1 or 2", Count(*count, "certificate"))
            }
            Assumption::NoIssuersList => f.write_str("the site has no issuers list, so every trusted root counts"),
        }
    }
}
