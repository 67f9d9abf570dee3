//! Lints of a command line, whatever the machine (rules, I-2, K-4).

use super::Lint;
use crate::text::{Criteria, CriteriaKind, Issuer, Properties, Property, PropertyNote};

pub(super) fn command_line(properties: &Properties, found: &mut Vec<Lint>) {
    for note in properties.notes() {
        found.push(match note {
            PropertyNote::Dropped { property: Property::CertIssuers, .. } => Lint::EmptyIssuersProperty,
            PropertyNote::Dropped { property, .. } => Lint::EmptyProperty { property: *property },
            PropertyNote::Repeated { property, .. } => Lint::PropertyRepeated { property: *property },
            PropertyNote::ForeignQuotes { property, .. } => Lint::ForeignQuotes { property: *property },
            PropertyNote::HoldsAnother { property, held, .. } => Lint::HoldsAnother { property: *property, held },
            PropertyNote::FileLine { property, .. } => Lint::FileLine { property: *property },
        });
    }
    for unknown in properties.unknown_items() {
        let seen = || unknown.text().to_owned();
        if let Some(nearest) = unknown.nearest() {
            found.push(Lint::SimilarProperty { seen: seen(), nearest });
        } else if let Some(held) = unknown.held() {
            found.push(Lint::NameNotRead { seen: seen(), held });
        } else if unknown.is_cut_off() {
            found.push(Lint::StrayWord { word: seen() });
        }
    }
    values(properties, found);
    let key = match (properties.root_key_path(), properties.public_root_key()) {
        (Some(_), _) => Some(Property::RootKeyPath),
        (None, Some(_)) => Some(Property::PublicRootKey),
        (None, None) => None,
    };
    if let Some(property) = key.filter(|_| properties.site_code().is_none()) {
        found.push(Lint::RootKeyWithoutSiteCode { property });
    }
}

fn values(properties: &Properties, found: &mut Vec<Lint>) {
    if let Some(criteria) = properties.criteria() {
        criteria_text(criteria, found);
    }
    if let Some(list) = properties.issuers() {
        list.iter().for_each(|issuer| issuer_text(issuer, found));
        super::issuers::line_breaks(list, found);
    }
    let texts = [
        (Property::CertStore, properties.store()),
        (Property::SiteCode, properties.site_code()),
        (Property::FallbackStatusPoint, properties.fallback_status_point()),
        (Property::RootKeyPath, properties.root_key_path()),
        (Property::SignCert, properties.sign_cert()),
    ];
    let before = found.len();
    for (property, text) in texts {
        not_expanded(property, text.unwrap_or_default(), found);
    }
    let code = properties.site_code().filter(|code| !is_site_code(code));
    if let Some(seen) = code.filter(|_| found.len() == before) {
        found.push(Lint::SiteCodeForm { seen: seen.to_owned() });
    }
}

/// Wildcards and variables in a criterion: the client takes both as they are.
pub(super) fn criteria_text(criteria: &Criteria, found: &mut Vec<Lint>) {
    let values: Vec<&str> = match criteria.kind() {
        CriteriaKind::Subject(text) | CriteriaKind::SubjectContains(text) => vec![text.as_str()],
        CriteriaKind::SubjectAttributes(tests) => tests.iter().filter_map(|test| test.value()).collect(),
    };
    values.into_iter().for_each(|value| plain(Property::CertSel, value, found));
}

/// The same in an entry of an issuers list.
pub(super) fn issuer_text(issuer: &Issuer, found: &mut Vec<Lint>) {
    if let Issuer::Attributes(listed) = issuer {
        listed.iter().for_each(|one| plain(Property::CertIssuers, one.value(), found));
    }
}

fn plain(property: Property, value: &str, found: &mut Vec<Lint>) {
    not_expanded(property, value, found);
    if value.contains(['*', '?']) {
        let lint = Lint::Wildcard { property, value: value.to_owned() };
        if !found.contains(&lint) {
            found.push(lint);
        }
    }
}

fn not_expanded(property: Property, value: &str, found: &mut Vec<Lint>) {
    if let Some(variable) = variable(value) {
        let lint = Lint::NotExpanded { property, variable: variable.to_owned() };
        if !found.contains(&lint) {
            found.push(lint);
        }
    }
}

/// The first thing that looks like a variable: `%NAME%`, `$env:NAME`, `$NAME`, `${NAME}`, `$(...)`, `{{name}}`,
/// `{name}`, `#{name}`, `[NAME]`, `!NAME!`, `<name>`.
fn variable(text: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '(' | ')' | '.' | ' ');
    for (at, c) in text.char_indices() {
        let rest = text.get(at..)?;
        let closed = |open: &str, close: &str| {
            let inside = rest.strip_prefix(open)?;
            let end = inside.find(|c: char| !is_name(c))?;
            let whole = inside.get(end..)?.starts_with(close) && inside.starts_with(|c: char| c.is_ascii_alphabetic());
            whole.then(|| rest.get(..open.len() + end + close.len())).flatten()
        };
        let found = match c {
            '%' => closed("%", "%"),
            '<' => closed("<", ">"),
            '{' => closed("{{", "}}").or_else(|| closed("{", "}")),
            '[' => closed("[", "]"),
            '!' => closed("!", "!"),
            '#' => closed("#{", "}"),
            '$' => closed("${", "}").or_else(|| dollar(rest)),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// `$env:NAME`, `$NAME` or the head of `$(...)`.
fn dollar(rest: &str) -> Option<&str> {
    let behind = rest.strip_prefix('$')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let end = behind.find(|c: char| !is_name(c)).unwrap_or(behind.len());
    let named = behind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match (named, behind.starts_with('(')) {
        (true, _) => rest.get(..end + 1),
        (false, true) => rest.get(..2),
        (false, false) => None,
    }
}

/// Three letters or digits; CCMSetup also takes `AUTO`.
fn is_site_code(text: &str) -> bool {
    text.eq_ignore_ascii_case("AUTO") || (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(all(test, repository))]
#[path = "../../../tests/units/lint_command_line.rs"]
mod tests;
