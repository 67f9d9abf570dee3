//! The three generations of the documentation as data: a table of steps, never a fork of the code.

use super::Ruleset;
use crate::rules::Step;

/// What the purpose step asks for when no selector replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PurposeRule {
    /// Client authentication, or issued to the computer name.
    ClientAuthenticationOrComputerName,
    /// Client authentication, required.
    ClientAuthentication,
}

/// Whether certificates of version 3 templates are banned (rule V-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TemplateRule {
    /// Version 3 templates, and with them key storage providers, are rejected.
    NoVersion3,
    /// Every template version is accepted.
    AnyVersion,
}

/// One generation of the documentation as data (rule R-1): the steps in order, and what two of them ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RulesetTable {
    /// The steps in documented order.
    pub steps: &'static [Step],
    /// What the validity step says about templates.
    pub template: TemplateRule,
    /// What the purpose step asks for.
    pub purpose: PurposeRule,
}

const WITHOUT_NAME: &[Step] = &[Step::Issuers, Step::Store, Step::Validity, Step::Purpose, Step::Longest];

impl Ruleset {
    /// The steps of this generation (rule R-1).
    pub(crate) const fn table(self) -> &'static RulesetTable {
        match self {
            Ruleset::Cb1706 => &RulesetTable {
                steps: WITHOUT_NAME,
                template: TemplateRule::NoVersion3,
                purpose: PurposeRule::ClientAuthenticationOrComputerName,
            },
            Ruleset::Cb1710 => &RulesetTable {
                steps: WITHOUT_NAME,
                template: TemplateRule::AnyVersion,
                purpose: PurposeRule::ClientAuthenticationOrComputerName,
            },
            Ruleset::Cb2107 => &RulesetTable {
                steps: &Step::ALL,
                template: TemplateRule::AnyVersion,
                purpose: PurposeRule::ClientAuthentication,
            },
        }
    }
}
