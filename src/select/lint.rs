//! What is suspicious about the texts of the settings, given a machine's stores: data with rule ids, never a decision.

mod command_line;
mod criteria;
mod issuers;
mod prose;

use crate::attribute;
use crate::certificate::Thumbprint;
use crate::computer::Machine;
use crate::oid::Oid;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::settings::Settings;
use crate::store::{CertId, Stores};
use crate::text::{Criteria, IssuersList, Properties, Property};

/// What is linted; what is absent is not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linted<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The selection criterion.
    pub criteria: Option<&'a Criteria>,
    /// The issuers list.
    pub issuers: Option<&'a IssuersList>,
    /// The command line that they come from.
    pub properties: Option<&'a Properties>,
    /// The machine.
    pub machine: &'a Machine,
    /// Its stores.
    pub stores: &'a Stores,
}

/// Something suspicious.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lint {
    /// Commas separate the attributes of an entry, and real clients were seen not to read that (I-9).
    CommasInIssuers {
        /// The entry, counted from 1.
        entry: usize,
        /// The entry with semicolons.
        with_semicolons: String,
    },
    /// A value differs only in case from one that is present (C-2, I-4).
    CaseOnly {
        /// I-4 for an issuer, C-2 for a criterion.
        rule: Rule,
        /// As written.
        wanted: String,
        /// As present.
        actual: String,
    },
    /// `SubjectStr:` looks for `KEY=`, and the simple name has no keys (C-4).
    KeyInSubjectString {
        /// The key with its `=`.
        key: String,
    },
    /// The criterion matches no certificate of the chosen store (C-1).
    CriterionMatchesNothing {
        /// The criterion.
        criterion: String,
    },
    /// The criterion matches several certificates of the chosen store (L-2).
    CriterionMatchesSeveral {
        /// The criterion.
        criterion: String,
        /// The certificates, in store order.
        certificates: Vec<CertId>,
    },
    /// The criterion also matches a longer computer name (P-6).
    LongerNameMatches {
        /// What the criterion looks for.
        text: String,
        /// A longer name of the store, where there is one.
        longer: Option<String>,
    },
    /// A quoted value begins or ends with a blank, which counts (I-10).
    EdgeBlank {
        /// The value.
        value: String,
    },
    /// An entry names an intermediate and no root (I-5).
    IssuerIsIntermediate {
        /// The entry, counted from 1.
        entry: usize,
        /// The intermediate's subject.
        subject: String,
    },
    /// Two roots have the name that an entry lists (I-6).
    IssuerSharedByRoots {
        /// The entry, counted from 1.
        entry: usize,
        /// The roots.
        roots: Vec<Thumbprint>,
    },
    /// An attribute that occurs once in names is written twice (I-8, C-6).
    AttributeRepeated {
        /// I-8 for an issuer, C-6 for a criterion.
        rule: Rule,
        /// The attribute, as it prints.
        key: String,
    },
    /// A selector lets a certificate through that is not for client authentication.
    WithoutClientAuthentication {
        /// The certificate.
        certificate: Thumbprint,
    },
    /// `SubjectStr:` would search the SAN, and the source of the criteria does not allow it (C-5).
    SanNotSearched {
        /// A value of the store that would match, where there is one.
        value: Option<String>,
    },
    /// A trusted root key without `SMSSITECODE` (K-4).
    RootKeyWithoutSiteCode {
        /// The property that needs it.
        property: Property,
    },
    /// `CCMCERTISSUERS=""`: Windows Installer drops it, so every root is as good as another (I-2).
    EmptyIssuersProperty,
    /// A property with an empty value, which Windows Installer drops.
    EmptyProperty {
        /// The property.
        property: Property,
    },
    /// A property is set twice; the later one counts.
    PropertyRepeated {
        /// The property.
        property: Property,
    },
    /// A word that belongs to no property: a value with blanks and without quotes.
    StrayWord {
        /// The word.
        word: String,
    },
    /// A property that nobody knows, and one that it resembles.
    SimilarProperty {
        /// As written.
        seen: String,
        /// The known one.
        nearest: &'static str,
    },
    /// An item that holds one of our names in a form that no rule reads.
    NameNotRead {
        /// As written.
        seen: String,
        /// The name in it.
        held: &'static str,
    },
    /// A value that holds another property or switch: a quote is missing or stands wrong.
    HoldsAnother {
        /// The property.
        property: Property,
        /// The name inside its value.
        held: &'static str,
    },
    /// A value in single quotes, or in quotes that another shell escaped.
    ForeignQuotes {
        /// The property.
        property: Property,
    },
    /// A line of `mobileclient.tcf` on a command line.
    FileLine {
        /// The property that says the same on a command line.
        property: Property,
    },
    /// A variable that nothing expands.
    NotExpanded {
        /// The property.
        property: Property,
        /// The variable.
        variable: String,
    },
    /// `*` or `?`, which are ordinary characters to the client.
    Wildcard {
        /// The property.
        property: Property,
        /// The value.
        value: String,
    },
    /// A site code that is not three letters or digits.
    SiteCodeForm {
        /// As written.
        seen: String,
    },
    /// An entry whose attributes stand on lines of their own (I-8).
    LineBreaksInIssuers {
        /// The entry, counted from 1.
        entry: usize,
        /// The same entry with semicolons.
        with_semicolons: String,
    },
}

impl Coded for Lint {
    fn code(&self) -> &'static str {
        match self {
            Lint::CommasInIssuers { .. } => "lint.commas_in_issuers",
            Lint::CaseOnly { .. } => "lint.case_only",
            Lint::KeyInSubjectString { .. } => "lint.key_in_subject_string",
            Lint::CriterionMatchesNothing { .. } => "lint.criterion_matches_nothing",
            Lint::CriterionMatchesSeveral { .. } => "lint.criterion_matches_several",
            Lint::LongerNameMatches { .. } => "lint.longer_name_matches",
            Lint::EdgeBlank { .. } => "lint.edge_blank",
            Lint::IssuerIsIntermediate { .. } => "lint.issuer_is_intermediate",
            Lint::IssuerSharedByRoots { .. } => "lint.issuer_shared_by_roots",
            Lint::AttributeRepeated { .. } => "lint.attribute_repeated",
            Lint::WithoutClientAuthentication { .. } => "lint.without_client_authentication",
            Lint::SanNotSearched { .. } => "lint.san_not_searched",
            Lint::RootKeyWithoutSiteCode { .. } => "lint.root_key_without_site_code",
            Lint::EmptyIssuersProperty => "lint.empty_issuers_property",
            Lint::EmptyProperty { .. } => "lint.empty_property",
            Lint::PropertyRepeated { .. } => "lint.property_repeated",
            Lint::StrayWord { .. } => "lint.stray_word",
            Lint::SimilarProperty { .. } => "lint.similar_property",
            Lint::NameNotRead { .. } => "lint.name_not_read",
            Lint::HoldsAnother { .. } => "lint.holds_another",
            Lint::ForeignQuotes { .. } => "lint.foreign_quotes",
            Lint::FileLine { .. } => "lint.file_line",
            Lint::NotExpanded { .. } => "lint.not_expanded",
            Lint::Wildcard { .. } => "lint.wildcard",
            Lint::SiteCodeForm { .. } => "lint.site_code_form",
            Lint::LineBreaksInIssuers { .. } => "lint.line_breaks_in_issuers",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Lint::CommasInIssuers { .. } => Rule::I9,
            Lint::CaseOnly { rule, .. } | Lint::AttributeRepeated { rule, .. } => *rule,
            Lint::KeyInSubjectString { .. } => Rule::C4,
            Lint::CriterionMatchesNothing { .. } => Rule::C1,
            Lint::CriterionMatchesSeveral { .. } => Rule::L2,
            Lint::LongerNameMatches { .. } => Rule::P6,
            Lint::EdgeBlank { .. } => Rule::I10,
            Lint::IssuerIsIntermediate { .. } => Rule::I5,
            Lint::IssuerSharedByRoots { .. } => Rule::I6,
            Lint::WithoutClientAuthentication { .. } => Rule::R3,
            Lint::SanNotSearched { .. } => Rule::C5,
            Lint::RootKeyWithoutSiteCode { .. } => Rule::K4,
            Lint::EmptyIssuersProperty => Rule::I2,
            Lint::LineBreaksInIssuers { .. } => Rule::I8,
            Lint::NameNotRead { .. }
            | Lint::HoldsAnother { .. }
            | Lint::ForeignQuotes { .. }
            | Lint::FileLine { .. }
            | Lint::NotExpanded { .. }
            | Lint::Wildcard { .. }
            | Lint::SiteCodeForm { .. } => Rule::Q4,
            Lint::EmptyProperty { .. }
            | Lint::PropertyRepeated { .. }
            | Lint::StrayWord { .. }
            | Lint::SimilarProperty { .. } => Rule::Q1,
        }
    }
}

/// Everything suspicious, in the order issuers, criteria, command line.
pub(crate) fn lint(linted: &Linted<'_>) -> Vec<Lint> {
    let mut found = Vec::new();
    if let Some(issuers) = linted.issuers {
        issuers::lint(issuers, linted, &mut found);
    }
    if let Some(criteria) = linted.criteria {
        criteria::lint(criteria, linted, &mut found);
    }
    if let Some(properties) = linted.properties {
        command_line::command_line(properties, &mut found);
    }
    found
}

/// What is suspicious about one command line, whatever the machine.
pub(crate) fn lint_command_line(properties: &Properties) -> Vec<Lint> {
    let mut found = Vec::new();
    command_line::command_line(properties, &mut found);
    found
}

/// What is suspicious about criteria and an issuers list as texts, whatever the machine.
pub(crate) fn lint_values(criteria: Option<&Criteria>, issuers: Option<&IssuersList>) -> Vec<Lint> {
    let mut found = Vec::new();
    if let Some(criteria) = criteria {
        command_line::criteria_text(criteria, &mut found);
    }
    if let Some(issuers) = issuers {
        issuers.iter().for_each(|issuer| command_line::issuer_text(issuer, &mut found));
        issuers::line_breaks(issuers, &mut found);
    }
    found
}

fn edge_blanks<'t>(values: impl Iterator<Item = &'t str>, found: &mut Vec<Lint>) {
    let blank = values.filter(|value| value.trim() != *value);
    found.extend(blank.map(|value| Lint::EdgeBlank { value: value.to_owned() }));
}

/// Domain components and organisational units occur several times in ordinary names.
fn repeated<'o>(oids: impl Iterator<Item = &'o Oid>, rule: Rule, found: &mut Vec<Lint>) {
    let mut seen: Vec<&Oid> = Vec::new();
    for oid in oids.take(MAX_ATTRIBUTES) {
        let key = attribute::label(oid);
        let several = matches!(key.as_str(), "DC" | "OU");
        if seen.contains(&oid) && !several {
            let lint = Lint::AttributeRepeated { rule, key };
            if !found.contains(&lint) {
                found.push(lint);
            }
        }
        seen.push(oid);
    }
}

/// Looking among those seen is linear; no real name has a thousand attributes.
const MAX_ATTRIBUTES: usize = crate::name::MAX_ATTRIBUTES;
