//! Step, rule and code of every result: annex A in one place.

use super::finding::{Exemption, IssuerForm, Pass, Rejection, UsageSource};
use super::near_miss::{NearMiss, RevocationNearMiss};
use super::warning::Warning;
use crate::{Rule, Step};

impl Pass {
    /// The step that the check belongs to.
    pub fn step(&self) -> Step {
        match self {
            Pass::IssuerListed { .. } => Step::Issuers,
            Pass::InStore(_) => Step::Store,
            Pass::InDate { .. }
            | Pass::KeyAccessible(_)
            | Pass::KeyPresent(_)
            | Pass::KeyAssumed
            | Pass::Template(_)
            | Pass::Provider(_)
            | Pass::Chain(_)
            | Pass::NotRevoked(_)
            | Pass::RevocationUnknownAccepted(_) => Step::Validity,
            Pass::ClientAuthentication(_)
            | Pass::ComputerName { .. }
            | Pass::ChainUsage
            | Pass::KeyUsage(_)
            | Pass::Selector(_) => Step::Purpose,
            Pass::NameInSubject { .. } => Step::Name,
            Pass::Longest(_) | Pass::OnlyCandidate | Pass::FirstInStore => Step::Longest,
        }
    }

    /// The rule behind it.
    pub fn rule(&self) -> Rule {
        match self {
            Pass::IssuerListed { form: IssuerForm::Text, .. } => Rule::I4,
            Pass::IssuerListed { form: IssuerForm::Certificate, .. } => Rule::I6,
            Pass::InStore(_) => Rule::T1,
            Pass::InDate { .. } => Rule::V1,
            Pass::KeyAccessible(_) | Pass::KeyAssumed => Rule::V2,
            Pass::KeyPresent(_) => Rule::W4,
            Pass::Template(_) => Rule::V3,
            Pass::Provider(_) => Rule::V4,
            Pass::Chain(_) => Rule::V5,
            Pass::NotRevoked(_) => Rule::V7,
            Pass::RevocationUnknownAccepted(_) => Rule::V8,
            Pass::ClientAuthentication(source) => match source {
                UsageSource::Extension => Rule::P1,
                UsageSource::Nothing => Rule::P2,
                UsageSource::Property | UsageSource::PropertyAndCertificate => Rule::P3,
                UsageSource::ApplicationPolicies => Rule::P4,
            },
            Pass::ComputerName { .. } => Rule::P5,
            Pass::ChainUsage => Rule::P8,
            Pass::KeyUsage(_) => Rule::P7,
            Pass::Selector(evidence) => evidence.rule(),
            Pass::NameInSubject { .. } => Rule::P6,
            Pass::Longest(_) | Pass::OnlyCandidate => Rule::L1,
            Pass::FirstInStore => Rule::R4,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Pass::IssuerListed { .. } => "issuers.listed",
            Pass::InStore(_) => "store.chosen",
            Pass::InDate { .. } => "validity.in_date",
            Pass::KeyAccessible(_) => "validity.key_accessible",
            Pass::KeyPresent(_) => "validity.key_present",
            Pass::KeyAssumed => "validity.key_assumed",
            Pass::Template(_) => "validity.template_accepted",
            Pass::Provider(_) => "validity.provider_accepted",
            Pass::Chain(_) => "validity.chain",
            Pass::NotRevoked(_) => "validity.not_revoked",
            Pass::RevocationUnknownAccepted(_) => "validity.revocation_unknown_accepted",
            Pass::ClientAuthentication(_) => "purpose.client_auth",
            Pass::ComputerName { .. } => "purpose.computer_name",
            Pass::ChainUsage => "purpose.chain_eku_allows",
            Pass::KeyUsage(_) => "purpose.key_usage_allows",
            Pass::Selector(_) => "purpose.selector",
            Pass::NameInSubject { .. } => "name.in_subject",
            Pass::Longest(_) => "longest.longest",
            Pass::OnlyCandidate => "longest.only",
            Pass::FirstInStore => "longest.first",
        }
    }
}

impl Exemption {
    /// The step that the check belongs to.
    pub fn step(&self) -> Step {
        match self {
            Exemption::NoIssuersList | Exemption::ChainNotChosen => Step::Issuers,
            Exemption::DeviceWithout(step) | Exemption::ReplacedBySelector(step) => *step,
            Exemption::TemplateNotChecked(_) | Exemption::RevocationOff => Step::Validity,
            Exemption::QualifiedByName | Exemption::KeyUsageIgnored => Step::Purpose,
            Exemption::NameCheckWaived | Exemption::EmptySubject => Step::Name,
        }
    }

    /// The rule behind it.
    pub fn rule(&self) -> Rule {
        match self {
            Exemption::NoIssuersList => Rule::I2,
            Exemption::ChainNotChosen => Rule::V10,
            Exemption::DeviceWithout(_) => Rule::R4,
            Exemption::TemplateNotChecked(_) => Rule::V3,
            Exemption::RevocationOff => Rule::V7,
            Exemption::ReplacedBySelector(_) => Rule::R3,
            Exemption::QualifiedByName => Rule::P8,
            Exemption::KeyUsageIgnored => Rule::P7,
            Exemption::NameCheckWaived => Rule::R2,
            Exemption::EmptySubject => Rule::P6,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Exemption::NoIssuersList => "issuers.no_list",
            Exemption::ChainNotChosen => "issuers.chain_not_chosen",
            Exemption::DeviceWithout(Step::Issuers) => "issuers.device",
            Exemption::DeviceWithout(Step::Store) => "store.device",
            Exemption::DeviceWithout(Step::Validity) => "validity.device",
            Exemption::DeviceWithout(Step::Purpose) => "purpose.device",
            Exemption::DeviceWithout(Step::Name) => "name.device",
            Exemption::DeviceWithout(Step::Longest) => "longest.device",
            Exemption::TemplateNotChecked(_) => "validity.template_not_checked",
            Exemption::RevocationOff => "validity.revocation_off",
            Exemption::ReplacedBySelector(Step::Name) => "name.replaced_by_selector",
            Exemption::ReplacedBySelector(_) => "purpose.replaced_by_selector",
            Exemption::QualifiedByName => "purpose.qualified_by_name",
            Exemption::KeyUsageIgnored => "purpose.key_usage_ignored",
            Exemption::NameCheckWaived => "name.waived",
            Exemption::EmptySubject => "name.empty_subject",
        }
    }
}

impl Rejection {
    /// The step that rejected.
    pub fn step(&self) -> Step {
        match self {
            Rejection::NotListed { .. } | Rejection::IncompleteChain { .. } => Step::Issuers,
            Rejection::OtherStore { .. } | Rejection::Archived | Rejection::Unreadable(_) => Step::Store,
            Rejection::NotYetValid { .. }
            | Rejection::Expired { .. }
            | Rejection::KeyAbsent
            | Rejection::KeyInaccessible
            | Rejection::TemplateVersion { .. }
            | Rejection::KeyStorageProvider(_)
            | Rejection::KeyEcc { .. }
            | Rejection::Chain(_)
            | Rejection::Revocation(_) => Step::Validity,
            Rejection::NotClientAuth { .. }
            | Rejection::ChainEku(_)
            | Rejection::KeyUsage(_)
            | Rejection::Subject(_)
            | Rejection::SubjectString(_)
            | Rejection::SubjectAttribute(_) => Step::Purpose,
            Rejection::NotInSubject { .. } => Step::Name,
            Rejection::Outranked(_) | Rejection::NotFirst { .. } | Rejection::Ambiguous { .. } => Step::Longest,
        }
    }

    /// The rule that rejected.
    pub fn rule(&self) -> Rule {
        use super::finding::KspReason;
        match self {
            Rejection::NotListed { .. } => Rule::I4,
            Rejection::IncompleteChain { .. } => Rule::I5,
            Rejection::OtherStore { .. } => Rule::T4,
            Rejection::Archived => Rule::T7,
            Rejection::Unreadable(_) => Rule::T5,
            Rejection::NotYetValid { .. } | Rejection::Expired { .. } => Rule::V1,
            Rejection::KeyAbsent | Rejection::KeyInaccessible => Rule::V2,
            Rejection::TemplateVersion { .. } => Rule::V3,
            Rejection::KeyStorageProvider(KspReason::Ruleset(_)) => Rule::V3,
            Rejection::KeyStorageProvider(KspReason::CngOff) | Rejection::KeyEcc { .. } => Rule::V4,
            Rejection::Chain(failure) => failure.rule(),
            Rejection::Revocation(failure) => failure.rule(),
            Rejection::NotClientAuth { source, .. } => match source {
                UsageSource::Extension => Rule::P1,
                UsageSource::Nothing => Rule::P2,
                UsageSource::Property | UsageSource::PropertyAndCertificate => Rule::P3,
                UsageSource::ApplicationPolicies => Rule::P4,
            },
            Rejection::ChainEku(_) => Rule::P8,
            Rejection::KeyUsage(_) => Rule::P7,
            Rejection::Subject(mismatch)
            | Rejection::SubjectString(mismatch)
            | Rejection::SubjectAttribute(mismatch) => mismatch.rule(),
            Rejection::NotInSubject { .. } => Rule::P6,
            Rejection::Outranked(_) => Rule::L1,
            Rejection::NotFirst { .. } => Rule::R4,
            Rejection::Ambiguous { .. } => Rule::L2,
        }
    }

    /// The stable code (annex A).
    pub fn code(&self) -> &'static str {
        match self {
            Rejection::NotListed { .. } => "issuers.not_listed",
            Rejection::IncompleteChain { .. } => "issuers.incomplete_chain",
            Rejection::OtherStore { .. } => "store.other_store",
            Rejection::Archived => "store.archived",
            Rejection::Unreadable(_) => "store.unreadable",
            Rejection::NotYetValid { .. } => "validity.not_yet_valid",
            Rejection::Expired { .. } => "validity.expired",
            Rejection::KeyAbsent => "validity.key_absent",
            Rejection::KeyInaccessible => "validity.key_inaccessible",
            Rejection::TemplateVersion { .. } => "validity.template_version",
            Rejection::KeyStorageProvider(_) => "validity.key_storage_provider",
            Rejection::KeyEcc { .. } => "validity.key_ecc",
            Rejection::Chain(failure) => failure.code(),
            Rejection::Revocation(failure) => failure.code(),
            Rejection::NotClientAuth { .. } => "purpose.not_client_auth",
            Rejection::ChainEku(_) => "purpose.chain_eku",
            Rejection::KeyUsage(_) => "purpose.key_usage",
            Rejection::Subject(_) => "purpose.subject",
            Rejection::SubjectString(_) => "purpose.subject_string",
            Rejection::SubjectAttribute(_) => "purpose.subject_attribute",
            Rejection::NotInSubject { .. } => "name.not_in_subject",
            Rejection::Outranked(_) | Rejection::NotFirst { .. } => "longest.outranked",
            Rejection::Ambiguous { .. } => "longest.ambiguous",
        }
    }
}

impl NearMiss {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NearMiss::IssuerCaseOnly { .. } => "issuer_case_only",
            NearMiss::IntermediateListed { .. } => "intermediate_listed",
            NearMiss::SameNameOtherKey { .. } => "same_name_other_key",
            NearMiss::OtherPath { .. } => "other_path",
            NearMiss::CommaForSemicolon => "comma_for_semicolon",
            NearMiss::WrongStore { .. } => "wrong_store",
            NearMiss::NotYetValid { .. } => "valid_later",
            NearMiss::NewerRuleset(_) => "newer_ruleset",
            NearMiss::Revocation(RevocationNearMiss::WithCrl) => "with_crl",
            NearMiss::Revocation(RevocationNearMiss::BaseAlone) => "base_alone",
            NearMiss::Revocation(RevocationNearMiss::OcspOnly) => "ocsp_only",
            NearMiss::CriterionCaseOnly { .. } => "criterion_case_only",
            NearMiss::MatchesX500 { .. } => "matches_x500",
            NearMiss::LaterSanValue { .. } => "later_san_value",
            NearMiss::SanNotSearched { .. } => "san_not_searched",
            NearMiss::SimilarName { .. } => "similar_name",
        }
    }
}

impl Warning {
    /// The rule behind the warning.
    pub fn rule(&self) -> Rule {
        match self {
            Warning::Store(warning) => warning.rule(),
            Warning::Chain(warning) => warning.rule(),
            Warning::UnreadableCrl(_) => Rule::V8,
            Warning::WeakCrl { .. } => Rule::V11,
            Warning::EccKeyInCsp => Rule::V4,
            Warning::LongerName { .. } => Rule::P6,
            Warning::RootRenewed { .. } => Rule::I11,
            Warning::Requirement(requirement) => requirement.rule(),
            Warning::Lint(lint) => lint.rule(),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Warning::Store(warning) => warning.code(),
            Warning::Chain(warning) => warning.code(),
            Warning::UnreadableCrl(_) => "validity.unreadable_crl",
            Warning::WeakCrl { .. } => "validity.weak_crl",
            Warning::EccKeyInCsp => "validity.ecc_key_in_csp",
            Warning::LongerName { .. } => "name.longer_name",
            Warning::RootRenewed { .. } => "issuers.root_renewed",
            Warning::Requirement(requirement) => requirement.code(),
            Warning::Lint(lint) => lint.code(),
        }
    }
}
