//! Whether a selection criterion matches a certificate's names (rules C-2 to C-7, A-4).
//!
//! Pure functions of names and settings. [`find`] is the plain answer; [`explain`] is asked only about a certificate that
//! does not match, and says what was searched and what was nearly right.

use super::{AlternativeSearch, CriteriaMatch, CriteriaMismatch, CriteriaNearMiss, SearchedField};
use crate::certificate::{Certificate, GeneralName};
use crate::choices::{CriteriaSource, SanValues, SubjectText};
use crate::name::{DistinguishedName, NameAttribute, eq_folded, fold};
use crate::oid::Oid;
use crate::rules::Rule;
use crate::settings::Settings;
use crate::text::{AttributeTest, AttributeTests, Criteria, CriteriaKind, CriteriaText};
use memchr::memmem;
use std::fmt::{self, Write};

/// The names of a certificate that criteria search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CertificateNames {
    /// The Subject.
    pub subject: DistinguishedName,
    /// The values of the subject alternative name, in encoded order.
    pub alternatives: Vec<GeneralName>,
    /// The subject alternative name does not decode, so that nothing of it is searched (rule V-5).
    pub alternatives_unread: bool,
}

impl CertificateNames {
    /// The names of a certificate. A subject alternative name that does not decode has no values.
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let alternatives = certificate.subject_alternative_names();
        CertificateNames {
            subject: certificate.subject(),
            alternatives_unread: alternatives.is_err(),
            alternatives: alternatives.unwrap_or_default(),
        }
    }
}

/// The settings that decide what a criterion searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct SearchOptions {
    /// Where the criterion comes from (C-5).
    pub source: CriteriaSource,
    /// What text `SubjectStr:` searches (C-4).
    pub subject_text: SubjectText,
    /// Which values of the subject alternative name count.
    pub san_values: SanValues,
}

impl SearchOptions {
    /// Those of these settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        SearchOptions {
            source: settings.criteria_source(),
            subject_text: settings.subject_text(),
            san_values: settings.san_values(),
        }
    }
}

/// What a finding keeps of a criterion. The criterion is one text, and each certificate of a machine has a finding with it.
const KEPT_BYTES: usize = 1024;

/// A text that takes no more than [`KEPT_BYTES`], and ends the writing there.
struct Beginning(String);

impl Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = KEPT_BYTES.saturating_sub(self.0.len());
        let whole = text.len() <= room;
        let end = if whole { text.len() } else { (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0) };
        self.0.push_str(text.get(..end).unwrap_or_default());
        if whole { Ok(()) } else { Err(fmt::Error) }
    }
}

pub(super) fn beginning(text: impl fmt::Display) -> String {
    let mut kept = Beginning(String::new());
    // An error says that the text goes on.
    let _ = write!(kept, "{text}");
    kept.0
}

/// Whether `SubjectStr:` occurs in a text (C-2). A criterion that is longer than the text is not even looked at: it may
/// have megabytes, for each of thousands of certificates.
fn occurs(wanted: &CriteriaText, text: &str) -> bool {
    let text = fold(text);
    wanted.folded().len() <= text.len() && memmem::find(text.as_bytes(), wanted.folded().as_bytes()).is_some()
}

/// The value as criteria compare it: what [`GeneralName`] prints.
fn text_of(name: &GeneralName) -> String {
    name.to_string()
}

/// The kind of a general name, for rule A-4: its tag, and for other names the type as well.
fn kind_of(name: &GeneralName) -> (u8, Option<&Oid>) {
    match name {
        GeneralName::Other(oid, _) => (0, Some(oid)),
        GeneralName::Rfc822(_) => (1, None),
        GeneralName::Dns(_) => (2, None),
        GeneralName::Directory(_) => (4, None),
        GeneralName::Uri(_) => (6, None),
        GeneralName::Ip(_) => (7, None),
        GeneralName::RegisteredId(_) => (8, None),
        GeneralName::Upn(_) => (9, None),
        GeneralName::Unread(tag, _) => (*tag, None),
    }
}

/// The values of a subject alternative name that count: all, or the first of each kind, in encoded order.
pub(crate) fn counted_alternatives(names: &[GeneralName], values: SanValues) -> impl Iterator<Item = &GeneralName> {
    // There are ten tags; only other names can have more kinds, and those beyond the limit are never a first.
    let mut seen = Vec::new();
    names.iter().filter(move |name| match values {
        SanValues::All => true,
        SanValues::FirstOnly => {
            let kind = kind_of(name);
            let first = seen.len() < MAX_KINDS && !seen.contains(&kind);
            if first {
                seen.push(kind);
            }
            first
        }
    })
}

/// Looking for a kind among those seen is linear, and a certificate can hold as many types of other names as it likes.
const MAX_KINDS: usize = 64;

/// The match of a criterion, if it matches (C-1 to C-7).
pub(crate) fn find(criteria: &Criteria, names: &CertificateNames, options: SearchOptions) -> Option<CriteriaMatch> {
    match criteria.kind() {
        CriteriaKind::Subject(wanted) => find_exact(wanted, names, options),
        CriteriaKind::SubjectContains(wanted) => find_part(wanted, names, options),
        CriteriaKind::SubjectAttributes(tests) => find_all(tests, names, options),
    }
}

/// `Subject:` (C-3): case-sensitive on the Subject, case-insensitive on the SAN (C-2).
fn find_exact(wanted: &CriteriaText, names: &CertificateNames, options: SearchOptions) -> Option<CriteriaMatch> {
    let wanted = wanted.as_str();
    let on_subject = exact_texts(names).find(|(_, text)| text == wanted);
    if let Some((field, text)) = on_subject {
        return Some(CriteriaMatch::new(Rule::C3, wanted, text, field));
    }
    counted_alternatives(&names.alternatives, options.san_values)
        .map(text_of)
        .find(|text| eq_folded(text, wanted))
        .map(|text| CriteriaMatch::new(Rule::C3, wanted, text, SearchedField::AlternativeName))
}

/// What `Subject:` is compared with on the Subject (C-3).
fn exact_texts(names: &CertificateNames) -> impl Iterator<Item = (SearchedField, String)> {
    let common = names.subject.common_names();
    common
        .map(|name| (SearchedField::CommonName, name.to_owned()))
        .chain(std::iter::once_with(|| (SearchedField::SimpleName, names.subject.to_simple_name())))
        .chain(std::iter::once_with(|| (SearchedField::X500Name, names.subject.to_x500_string())))
}

/// `SubjectStr:` (C-4): case-insensitive everywhere (C-2), on the SAN only where C-5 allows it.
fn find_part(wanted: &CriteriaText, names: &CertificateNames, options: SearchOptions) -> Option<CriteriaMatch> {
    let contains = |text: &str| occurs(wanted, text);
    let (field, subject) = part_text(names, options.subject_text);
    if contains(&subject) {
        return Some(CriteriaMatch::new(Rule::C4, wanted.as_str(), subject, field));
    }
    if options.source == CriteriaSource::Site {
        return None;
    }
    counted_alternatives(&names.alternatives, options.san_values)
        .map(text_of)
        .find(|text| contains(text))
        .map(|text| CriteriaMatch::new(Rule::C5, wanted.as_str(), text, SearchedField::AlternativeName))
}

fn part_text(names: &CertificateNames, text: SubjectText) -> (SearchedField, String) {
    match text {
        SubjectText::SimpleName => (SearchedField::SimpleName, names.subject.to_simple_name()),
        SubjectText::X500 => (SearchedField::X500Name, names.subject.to_x500_string()),
    }
}

/// `SubjectAttr:` (C-6): every test must match. The evidence is the first test's.
fn find_all(tests: &AttributeTests, names: &CertificateNames, options: SearchOptions) -> Option<CriteriaMatch> {
    let mut evidence = None;
    for test in tests.iter() {
        let found = find_test(test, names, options, |actual, wanted| actual == wanted)?;
        evidence.get_or_insert(found);
    }
    evidence
}

/// One test (C-6), case-sensitive on Subject and SAN (C-2) unless asked otherwise for a near miss.
fn find_test(
    test: &AttributeTest,
    names: &CertificateNames,
    options: SearchOptions,
    equal: impl Fn(&str, &str) -> bool,
) -> Option<CriteriaMatch> {
    let wanted = test.value();
    let matched = |actual: String, field| CriteriaMatch::new(Rule::C6, wanted.unwrap_or_default(), actual, field);
    let mut counted = counted_alternatives(&names.alternatives, options.san_values);
    if test.is_subject_alt_name() {
        let mut texts = counted.map(text_of);
        let text = texts.find(|text| wanted.is_none_or(|wanted| equal(text, wanted)))?;
        return Some(matched(text, SearchedField::AlternativeName));
    }
    // An attribute that occurs several times matches if any value does.
    let holds = |attribute: &&NameAttribute| {
        let same = attribute.oid() == test.oid();
        let value = || attribute.value().as_text();
        same && wanted.is_none_or(|wanted| value().is_some_and(|text| equal(text, wanted)))
    };
    if let Some(attribute) = names.subject.attributes().find(holds) {
        let field = SearchedField::SubjectAttribute(test.oid().clone());
        return Some(matched(attribute.value().to_string(), field));
    }
    let found = counted.find_map(|name| match name {
        GeneralName::Directory(name) => name.attributes().find(holds).map(|attribute| attribute.value().to_string()),
        GeneralName::Rfc822(_)
        | GeneralName::Dns(_)
        | GeneralName::Uri(_)
        | GeneralName::Ip(_)
        | GeneralName::RegisteredId(_)
        | GeneralName::Upn(_)
        | GeneralName::Other(..)
        | GeneralName::Unread(..) => None,
    })?;
    Some(matched(found, SearchedField::AlternativeAttribute(test.oid().clone())))
}

/// Why a criterion does not match, and what was nearly right.
pub(crate) fn explain(
    criteria: &Criteria,
    names: &CertificateNames,
    options: SearchOptions,
) -> (CriteriaMismatch, Option<CriteriaNearMiss>) {
    let searched = match options.source {
        CriteriaSource::Site if matches!(criteria.kind(), CriteriaKind::SubjectContains(_)) => {
            AlternativeSearch::NotAllowed
        }
        CriteriaSource::Site | CriteriaSource::CcmSetup if names.alternatives_unread => AlternativeSearch::Unread,
        CriteriaSource::Site | CriteriaSource::CcmSetup if names.alternatives.is_empty() => AlternativeSearch::Absent,
        CriteriaSource::Site | CriteriaSource::CcmSetup => AlternativeSearch::Searched(options.san_values),
    };
    let mismatch = |rule, wanted: String, compared: Vec<(SearchedField, String)>| CriteriaMismatch {
        rule,
        wanted,
        compared,
        alternatives: searched,
        first_dns: first_of_several(names, options),
        attribute: None,
    };
    let alternatives = || {
        counted_alternatives(&names.alternatives, options.san_values)
            .take(MAX_COMPARED)
            .map(|name| (SearchedField::AlternativeName, text_of(name)))
    };
    match criteria.kind() {
        CriteriaKind::Subject(wanted) => {
            let compared = exact_texts(names).take(MAX_COMPARED).chain(alternatives()).collect();
            (mismatch(Rule::C3, beginning(wanted.as_str()), compared), near_exact(wanted, names))
        }
        CriteriaKind::SubjectContains(wanted) => {
            let mut compared = vec![part_text(names, options.subject_text)];
            if searched != AlternativeSearch::NotAllowed {
                compared.extend(alternatives());
            }
            let rule = if searched == AlternativeSearch::NotAllowed { Rule::C5 } else { Rule::C4 };
            (mismatch(rule, beginning(wanted.as_str()), compared), near_part(wanted, names, options))
        }
        CriteriaKind::SubjectAttributes(tests) => {
            let fails = |test: &&AttributeTest| find_test(test, names, options, |a, b| a == b).is_none();
            let failing: Vec<&AttributeTest> = tests.iter().filter(fails).take(2).collect();
            let Some(first) = failing.first() else {
                return (mismatch(Rule::C6, String::new(), Vec::new()), None);
            };
            let compared = compared_values(first, names, options);
            let shown = first.value().and_then(|value| AttributeTest::equals(first.oid().clone(), &beginning(value)));
            let wanted = beginning(shown.as_ref().unwrap_or(first));
            let mismatch = mismatch(Rule::C6, wanted, compared);
            let mismatch = CriteriaMismatch { attribute: Some(first.oid().clone()), ..mismatch };
            (mismatch, near_tests(&failing, names, options))
        }
    }
}

/// of several DNS names the first, where only that counts.
fn first_of_several(names: &CertificateNames, options: SearchOptions) -> Option<String> {
    let mut dns = names.alternatives.iter().filter_map(GeneralName::as_dns);
    let (first, second) = (dns.next(), dns.next());
    (options.san_values == SanValues::FirstOnly && second.is_some()).then(|| first.map(beginning)).flatten()
}

/// What a message can show of a certificate with thousands of values.
const MAX_COMPARED: usize = 32;

/// The values that a failed test was compared with.
fn compared_values(
    test: &AttributeTest,
    names: &CertificateNames,
    options: SearchOptions,
) -> Vec<(SearchedField, String)> {
    let counted = counted_alternatives(&names.alternatives, options.san_values);
    if test.is_subject_alt_name() {
        let texts = counted.map(|name| (SearchedField::AlternativeName, text_of(name)));
        return texts.take(MAX_COMPARED).collect();
    }
    let of = |name: &DistinguishedName, field: SearchedField| -> Vec<(SearchedField, String)> {
        let same = name.attributes().filter(|attribute| attribute.oid() == test.oid());
        same.take(MAX_COMPARED).map(|attribute| (field.clone(), attribute.value().to_string())).collect()
    };
    let mut values = of(&names.subject, SearchedField::SubjectAttribute(test.oid().clone()));
    for name in counted {
        if let GeneralName::Directory(name) = name {
            values.extend(of(name, SearchedField::AlternativeAttribute(test.oid().clone())));
        }
    }
    values.truncate(MAX_COMPARED);
    values
}

fn near_exact(wanted: &CriteriaText, names: &CertificateNames) -> Option<CriteriaNearMiss> {
    let wanted = wanted.as_str();
    if let Some((_, actual)) = exact_texts(names).find(|(_, text)| eq_folded(text, wanted)) {
        return Some(case_only(wanted, actual));
    }
    // Those that count were compared without regard to case already, so a match here is in a later value.
    let mut texts = names.alternatives.iter().map(text_of);
    let value = texts.find(|text| eq_folded(text, wanted))?;
    Some(CriteriaNearMiss::LaterSanValue { value })
}

fn near_part(wanted: &CriteriaText, names: &CertificateNames, options: SearchOptions) -> Option<CriteriaNearMiss> {
    let contains = |text: &str| occurs(wanted, text);
    if options.subject_text == SubjectText::SimpleName {
        let x500 = names.subject.to_x500_string();
        if contains(&x500) {
            return Some(CriteriaNearMiss::MatchesX500 { x500 });
        }
    }
    match options.source {
        CriteriaSource::Site => {
            let mut counted = counted_alternatives(&names.alternatives, options.san_values).map(text_of);
            Some(CriteriaNearMiss::SanNotSearched { value: counted.find(|text| contains(text))? })
        }
        CriteriaSource::CcmSetup => {
            let mut all = names.alternatives.iter().map(text_of);
            Some(CriteriaNearMiss::LaterSanValue { value: all.find(|text| contains(text))? })
        }
    }
}

/// A near miss only where one test fails: mending the one that is named must not leave another.
fn near_tests(
    failing: &[&AttributeTest],
    names: &CertificateNames,
    options: SearchOptions,
) -> Option<CriteriaNearMiss> {
    let [test] = failing else { return None };
    let all = SearchOptions { san_values: SanValues::All, ..options };
    match find_test(test, names, all, |a, b| a == b) {
        Some(found) => Some(CriteriaNearMiss::LaterSanValue { value: found.actual }),
        None => find_test(test, names, options, eq_folded).map(|found| case_only(&found.wanted, found.actual)),
    }
}

fn case_only(wanted: &str, actual: String) -> CriteriaNearMiss {
    CriteriaNearMiss::CaseOnly { wanted: beginning(wanted), actual }
}
