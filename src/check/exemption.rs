//! Checks that do not apply, and why.

use crate::choices::Ruleset;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use std::fmt;

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
    /// Criteria replace the check (rule R-3).
    ReplacedByCriteria(Step),
    /// Qualified by the computer name: neither nested usage nor key usage for client authentication matters (rule P-8).
    QualifiedByName,
    /// Key usage is not looked at (rule P-7).
    KeyUsageIgnored,
    /// The computer name check is waived (rule R-2).
    NameCheckWaived,
    /// The Subject is empty (rule P-6).
    EmptySubject,
}

impl Exemption {
    /// Code and rule.
    pub(crate) fn row(self) -> Row {
        match self {
            Exemption::NoIssuersList => Row::new(Step::Issuers, "issuers.no_list", Rule::I2),
            Exemption::ChainNotChosen => Row::new(Step::Issuers, "issuers.chain_not_chosen", Rule::V10),
            Exemption::DeviceWithout(step) => {
                let code = match step {
                    Step::Issuers => "issuers.device",
                    Step::Store => "store.device",
                    Step::Validity => "validity.device",
                    Step::Purpose => "purpose.device",
                    Step::Name => "name.device",
                    Step::Longest => "longest.device",
                };
                Row::new(step, code, Rule::R4)
            }
            Exemption::TemplateNotChecked(_) => Row::new(Step::Validity, "validity.template_not_checked", Rule::V3),
            Exemption::RevocationOff => Row::new(Step::Validity, "validity.revocation_off", Rule::V7),
            Exemption::ReplacedByCriteria(step) => {
                let code = match step {
                    Step::Issuers => "issuers.replaced_by_selector",
                    Step::Store => "store.replaced_by_selector",
                    Step::Validity => "validity.replaced_by_selector",
                    Step::Purpose => "purpose.replaced_by_selector",
                    Step::Name => "name.replaced_by_selector",
                    Step::Longest => "longest.replaced_by_selector",
                };
                Row::new(step, code, Rule::R3)
            }
            Exemption::QualifiedByName => Row::new(Step::Purpose, "purpose.qualified_by_name", Rule::P8),
            Exemption::KeyUsageIgnored => Row::new(Step::Purpose, "purpose.key_usage_ignored", Rule::P7),
            Exemption::NameCheckWaived => Row::new(Step::Name, "name.waived", Rule::R2),
            Exemption::EmptySubject => Row::new(Step::Name, "name.empty_subject", Rule::P6),
        }
    }
}

impl fmt::Display for Exemption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exemption::NoIssuersList => f.write_str("no issuers list, so every root counts"),
            Exemption::ChainNotChosen => f.write_str("not checked: the search for the chain was ended by its limit"),
            Exemption::DeviceWithout(step) => write!(f, "this kind of device has no step `{step}`"),
            Exemption::TemplateNotChecked(ruleset) => write!(f, "`{ruleset}` accepts every template version"),
            Exemption::RevocationOff => f.write_str("revocation is not checked"),
            Exemption::ReplacedByCriteria(Step::Name) => f.write_str("the criteria replace the computer name check"),
            Exemption::ReplacedByCriteria(_) => f.write_str("the criteria replace the purpose check"),
            Exemption::QualifiedByName => f.write_str("qualified by the computer name, so the usage does not matter"),
            Exemption::KeyUsageIgnored => f.write_str("key usage is not looked at"),
            Exemption::NameCheckWaived => f.write_str("the computer name check is waived by CCMCERTNAMECHECK=0"),
            Exemption::EmptySubject => f.write_str("the subject is empty, which is exempt"),
        }
    }
}
