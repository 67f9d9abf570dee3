//! Criteria: the corpus of texts and the corpus of matches.

use super::{Differences, corpus, expect_error, general_name, name};
use ccmcertsel::Criteria;
use ccmcertsel::check::{CertificateNames, CriteriaNearMiss, SearchOptions, SearchedField};
use ccmcertsel::settings::{CriteriaSource, SanValues, SubjectText};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ParseCase {
    name: String,
    rule: String,
    input: String,
    prints: Option<String>,
    error: Option<String>,
    span: Option<[usize; 2]>,
    hresult: Option<String>,
}

#[test]
fn texts_print_or_fail_as_the_corpus_says() {
    let cases: Vec<ParseCase> = corpus("criteria/parse.toml");
    let mut differences = Differences::default();
    for case in &cases {
        match (case.input.parse::<Criteria>(), &case.prints, &case.error) {
            (Ok(criteria), Some(prints), None) => {
                differences.expect(&case.name, "prints", criteria.to_string(), prints.clone());
                differences.expect(&case.name, "reads back", prints.parse().ok(), Some(criteria));
            }
            (Err(error), None, Some(message)) => {
                expect_error(&mut differences, &case.name, &error, message, case.span.expect("a span"));
                let hresult = error.hresult().map(|code| code.to_string());
                differences.expect(&case.name, "result code", hresult, case.hresult.clone());
                differences.expect(&case.name, "rule", error.rule().id(), case.rule.as_str());
            }
            (result, ..) => differences.0.push(format!("{}: {result:?}", case.name)),
        }
    }
    differences.finish(cases.len(), 150);
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchCase {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    criterion: String,
    subject: Vec<String>,
    #[serde(default)]
    san: Vec<String>,
    source: Option<String>,
    subject_text: Option<String>,
    san_values: Option<String>,
    matches: bool,
    field: Option<String>,
    near_miss: Option<String>,
    near_value: Option<String>,
}

fn field_name(field: &SearchedField) -> &'static str {
    match field {
        SearchedField::CommonName => "common_name",
        SearchedField::SimpleName => "simple_name",
        SearchedField::X500Name => "x500_name",
        SearchedField::SubjectAttribute(_) => "subject_attribute",
        SearchedField::AlternativeName => "alternative_name",
        SearchedField::AlternativeAttribute(_) => "alternative_attribute",
    }
}

fn near_value(near: &CriteriaNearMiss) -> Option<String> {
    Some(match near {
        CriteriaNearMiss::CaseOnly { actual, .. } => actual.clone(),
        CriteriaNearMiss::MatchesX500 { x500 } => x500.clone(),
        CriteriaNearMiss::LaterSanValue { value } | CriteriaNearMiss::SanNotSearched { value } => value.clone(),
    })
}

#[test]
fn names_match_or_nearly_as_the_corpus_says() {
    let cases: Vec<MatchCase> = corpus("criteria/match.toml");
    let mut differences = Differences::default();
    for case in &cases {
        let criteria: Criteria = case.criterion.parse().unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let names = CertificateNames {
            subject: name(&case.subject),
            alternatives: case.san.iter().map(|value| general_name(value)).collect(),
            ..CertificateNames::default()
        };
        let options = SearchOptions {
            source: match case.source.as_deref() {
                Some("site") => CriteriaSource::Site,
                _ => CriteriaSource::CcmSetup,
            },
            subject_text: match case.subject_text.as_deref() {
                Some("x500") => SubjectText::X500,
                _ => SubjectText::SimpleName,
            },
            san_values: match case.san_values.as_deref() {
                Some("all") => SanValues::All,
                _ => SanValues::FirstOnly,
            },
        };
        let found = criteria.find(&names, options);
        differences.expect(&case.name, "matches", found.is_some(), case.matches);
        if let Some(found) = found {
            let field = Some(field_name(&found.field).to_owned());
            differences.expect(&case.name, "field", field, case.field.clone());
        } else {
            let (mismatch, near) = criteria.explain(&names, options);
            assert!(!mismatch.wanted.is_empty());
            let code = near.as_ref().map(|near| near.code().to_owned());
            differences.expect(&case.name, "near miss", code, case.near_miss.clone());
            if case.near_value.is_some() {
                let value = near.as_ref().and_then(near_value);
                differences.expect(&case.name, "near value", value, case.near_value.clone());
            }
        }
    }
    differences.finish(cases.len(), 80);
}

#[test]
fn c6_a_mismatch_says_which_attribute_was_compared() {
    let criteria: Criteria = "SubjectAttr:OU = Computers".parse().expect("criteria");
    let (mismatch, _) = criteria.explain(&CertificateNames::default(), SearchOptions::default());
    assert_eq!(mismatch.attribute.map(|oid| oid.to_string()).as_deref(), Some("2.5.4.11"));
}
