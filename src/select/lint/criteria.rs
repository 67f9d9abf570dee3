//! Lints of a criterion, alone and against the certificates of the chosen store (rules C-1 to C-6, P-6, R-3).

use super::{Lint, Linted, edge_blanks, repeated};
use crate::attribute;
use crate::check::criteria::{counted_alternatives, explain, find};
use crate::check::purpose::AllowedUsages;
use crate::check::{CertificateNames, CriteriaMatch, CriteriaNearMiss, SearchOptions};
use crate::choices::{CriteriaSource, SubjectText};
use crate::name::{eq_folded, fold};
use crate::rules::Rule;
use crate::store::CertId;
use crate::text::{AttributeTest, Criteria, CriteriaKind};

pub(super) fn lint(criteria: &Criteria, linted: &Linted<'_>, found: &mut Vec<Lint>) {
    texts(criteria, linted, found);
    in_store(criteria, linted, found);
}

fn texts(criteria: &Criteria, linted: &Linted<'_>, found: &mut Vec<Lint>) {
    match criteria.kind() {
        CriteriaKind::Subject(_) => {}
        CriteriaKind::SubjectContains(text) => {
            let simple = linted.settings.subject_text() == SubjectText::SimpleName;
            if let Some(key) = key_in(text.as_str()).filter(|_| simple) {
                found.push(Lint::KeyInSubjectString { key });
            }
        }
        CriteriaKind::SubjectAttributes(tests) => {
            edge_blanks(tests.iter().filter_map(AttributeTest::value), found);
            repeated(tests.iter().map(AttributeTest::oid), Rule::C6, found);
        }
    }
}

/// The first `KEY=` of a text.
fn key_in(text: &str) -> Option<String> {
    let is_key_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    text.match_indices('=').find_map(|(equals, _)| {
        let before = text.get(..equals)?.trim_end();
        let start = before.trim_end_matches(is_key_char).len();
        let key = before.get(start..)?;
        attribute::is_key(key).then(|| format!("{key}="))
    })
}

fn in_store(criteria: &Criteria, linted: &Linted<'_>, found: &mut Vec<Lint>) {
    let options = SearchOptions::of(linted.settings);
    let mut matched: Vec<(CertId, CriteriaMatch)> = Vec::new();
    let mut near: Option<CriteriaNearMiss> = None;
    let mut unsearched: Option<String> = None;
    for id in linted.stores.enumerated(linted.settings.store()) {
        let Some(stored) = linted.stores.get(id) else { continue };
        let names = CertificateNames::of(stored.certificate());
        match find(criteria, &names, options) {
            Some(evidence) => matched.push((id, evidence)),
            None => match explain(criteria, &names, options).1 {
                Some(CriteriaNearMiss::SanNotSearched { value }) => unsearched = unsearched.or(Some(value)),
                other => near = near.or(other),
            },
        }
    }
    if let Some(CriteriaNearMiss::CaseOnly { wanted, actual }) = near {
        let rule = Rule::C2;
        found.push(Lint::CaseOnly { rule, wanted, actual });
    }
    if matches!(criteria.kind(), CriteriaKind::SubjectContains(_)) && options.source == CriteriaSource::Site {
        found.push(Lint::SanNotSearched { value: unsearched });
    }
    longer_name(criteria, &matched, linted, found);
    let criterion = criteria.to_string();
    if matched.is_empty() {
        found.push(Lint::CriterionMatchesNothing { criterion });
    } else if matched.len() > 1 {
        let certificates = matched.iter().map(|(id, _)| *id).collect();
        found.push(Lint::CriterionMatchesSeveral { criterion, certificates });
    }
    for (id, _) in matched {
        if let Some(stored) = linted
            .stores
            .get(id)
            .filter(|stored| !AllowedUsages::of(stored, linted.settings).allow_client_authentication())
        {
            let certificate = stored.certificate().thumbprint();
            found.push(Lint::WithoutClientAuthentication { certificate });
        }
    }
}

/// P-6's trap in a criterion: `SubjectStr:PC1` also matches PC10.
fn longer_name(criteria: &Criteria, matched: &[(CertId, CriteriaMatch)], linted: &Linted<'_>, found: &mut Vec<Lint>) {
    let CriteriaKind::SubjectContains(text) = criteria.kind() else {
        return;
    };
    let text = text.as_str();
    let own = [Some(linted.machine.name()), Some(linted.machine.netbios_name()), linted.machine.fqdn()];
    let is_own = own.into_iter().flatten().any(|name| eq_folded(name, text));
    let longer = matched.iter().find_map(|(id, _)| {
        let names = CertificateNames::of(linted.stores.get(*id)?.certificate());
        let alternatives = counted_alternatives(&names.alternatives, linted.settings.san_values());
        let mut words = names.subject.common_names().map(str::to_owned).chain(alternatives.map(ToString::to_string));
        words.find(|word| continues(word, text))
    });
    if is_own || longer.is_some() {
        let text = text.to_owned();
        found.push(Lint::LongerNameMatches { text, longer });
    }
}

/// Whether a name goes on with a letter or digit where the text that was found ends.
fn continues(name: &str, text: &str) -> bool {
    let (name, text) = (fold(name), fold(text));
    let ends_in_word = text.ends_with(char::is_alphanumeric);
    let mut rest = name.match_indices(text.as_str()).filter_map(|(at, part)| name.get(at + part.len()..));
    ends_in_word && rest.any(|rest| rest.starts_with(char::is_alphanumeric))
}
