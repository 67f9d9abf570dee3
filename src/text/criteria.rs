//! Selection criteria: `CCMCERTSEL`, `/Criteria:`, the site's setting (rules C-1, C-6).

use super::error::{ParseError, ParseErrorKind, excerpt};
use super::pairs::{Pair, Presence, SourceText, Style, write_pairs};
use crate::attribute;
use crate::choices::IssuerSyntax;
use crate::name::fold;
use crate::oid::Oid;
use crate::rules::Rule;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A selection criterion (C-1), by its verb: `Subject:`, `SubjectStr:` or `SubjectAttr:`. It is read from the text that an
/// administrator writes, and prints as it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Criteria(CriteriaKind);

/// What a criterion asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum CriteriaKind {
    /// `Subject:VALUE`: exact.
    Subject(CriteriaText),
    /// `SubjectStr:VALUE`: partial.
    SubjectContains(CriteriaText),
    /// `SubjectAttr:KEY = VALUE`: by attribute.
    SubjectAttributes(AttributeTests),
}

/// The value of `Subject:` or `SubjectStr:`: not empty, without blanks at its ends, otherwise as it was written. Settings
/// are copied for every reading of R-5, and a text may be of any length, so copies share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CriteriaText {
    text: Arc<str>,
    folded: Arc<str>,
}

impl CriteriaText {
    /// Trims a text; `None` where nothing is left (C-1).
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| CriteriaText { text: text.into(), folded: fold(text).into() })
    }

    /// The text as written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The text in simple case folding (C-7).
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }
}

/// The tests of `SubjectAttr:`, which must all hold (C-6); at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AttributeTests(Arc<[AttributeTest]>);

impl AttributeTests {
    /// `None` where there is no test.
    pub(crate) fn new(tests: impl IntoIterator<Item = AttributeTest>) -> Option<Self> {
        let tests: Arc<[AttributeTest]> = tests.into_iter().collect();
        (!tests.is_empty()).then_some(AttributeTests(tests))
    }

    /// The tests in the order in which they were written.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, AttributeTest> {
        self.0.iter()
    }
}

/// One test of `SubjectAttr:`: an attribute has this value, or is there at all (C-6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AttributeTest {
    oid: Oid,
    value: Option<Arc<str>>,
}

impl AttributeTest {
    /// The attribute must have this value; `None` where the value is empty (C-1).
    pub(crate) fn equals(oid: Oid, value: &str) -> Option<Self> {
        let value = (!value.is_empty()).then(|| value.into())?;
        Some(AttributeTest { oid, value: Some(value) })
    }

    /// The attribute must be there, with any value.
    pub(crate) fn present(oid: Oid) -> Self {
        AttributeTest { oid, value: None }
    }

    /// The attribute's type; 2.5.29.17 stands for the subject alternative name.
    pub(crate) fn oid(&self) -> &Oid {
        &self.oid
    }

    /// The value asked for; `None` where presence is enough.
    pub(crate) fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Whether the test asks for the subject alternative name.
    pub(crate) fn is_subject_alt_name(&self) -> bool {
        attribute::is_subject_alt_name(&self.oid)
    }
}

/// The test as the only one of a criterion: `SubjectAttr:OU = Computers`.
impl fmt::Display for AttributeTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectAttr:")?;
        write_pairs(f, Style::Criteria, std::iter::once((self.oid(), self.value())))
    }
}

const VERBS: [&str; 3] = ["Subject", "SubjectStr", "SubjectAttr"];

impl Criteria {
    /// `Subject:` with this text.
    pub(crate) fn exact(text: CriteriaText) -> Self {
        Criteria(CriteriaKind::Subject(text))
    }

    /// `SubjectStr:` with this text.
    pub(crate) fn containing(text: CriteriaText) -> Self {
        Criteria(CriteriaKind::SubjectContains(text))
    }

    /// `SubjectAttr:` with these tests.
    pub(crate) fn with_attributes(tests: AttributeTests) -> Self {
        Criteria(CriteriaKind::SubjectAttributes(tests))
    }

    /// What it asks for.
    pub(crate) fn kind(&self) -> &CriteriaKind {
        &self.0
    }

    /// The verb, without its `:`.
    pub(crate) fn verb(&self) -> &'static str {
        match self.kind() {
            CriteriaKind::Subject(_) => "Subject",
            CriteriaKind::SubjectContains(_) => "SubjectStr",
            CriteriaKind::SubjectAttributes(_) => "SubjectAttr",
        }
    }
}

impl FromStr for Criteria {
    type Err = ParseError;

    fn from_str(input: &str) -> Result<Self, ParseError> {
        let source = SourceText { input, rule: Rule::C1, separators: b";,", presence: Presence::Tested };
        let Some(colon) = input.find(':') else {
            return Err(missing_verb(&source));
        };
        let verb_range = source.trim(&(0..colon));
        let verb = source.slice(&verb_range);
        if verb.is_empty() {
            let kind = ParseErrorKind::MissingVerb { nearest: None };
            return Err(source.error(kind, colon..colon + 1));
        }
        let Some(known) = VERBS.into_iter().find(|known| known.eq_ignore_ascii_case(verb)) else {
            let kind = ParseErrorKind::UnknownVerb { seen: excerpt(verb), nearest: attribute::nearest(verb, VERBS) };
            return Err(source.error(kind, verb_range));
        };
        let after_verb = colon + 1;
        let value_range = source.trim(&(after_verb..input.len()));
        let value = source.slice(&value_range);
        let Some(text) = CriteriaText::new(value) else {
            let after = format!("{known}:");
            return Err(source.error(ParseErrorKind::EmptyValue { after }, after_verb..after_verb));
        };
        match known {
            "Subject" => Ok(Criteria::exact(text)),
            "SubjectStr" => Ok(Criteria::containing(text)),
            _ => parse_tests(input, after_verb).map(Criteria::with_attributes),
        }
    }
}

fn missing_verb(source: &SourceText<'_>) -> ParseError {
    let all = source.trim(&(0..source.input.len()));
    let word = source.slice(&all).split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let nearest = attribute::nearest(word, VERBS);
    let span = match nearest {
        Some(_) => all.start..all.start + word.len(),
        None => all,
    };
    source.error(ParseErrorKind::MissingVerb { nearest }, span)
}

fn parse_tests(input: &str, from: usize) -> Result<AttributeTests, ParseError> {
    // `|` is an ordinary character here (C-6).
    let source = SourceText { input, rule: Rule::C6, separators: b";,", presence: Presence::Tested };
    let separators = source.scan(from)?;
    let parts = source.attributes(from..input.len(), &separators, IssuerSyntax::Documented).ranges;
    let mut tests = Vec::with_capacity(parts.len());
    for part in parts {
        let Pair { oid, value } = source.pair(part.clone())?;
        tests.push(match value {
            None => AttributeTest::present(oid),
            Some(value) => AttributeTest::equals(oid, &value).ok_or_else(|| {
                // `KEY = ""`: an empty value is an empty value, quoted or not (C-1).
                let span = source.trim(&part);
                let after = excerpt(source.slice(&span).split('=').next().unwrap_or_default().trim());
                source.error(ParseErrorKind::EmptyValue { after: after + "=" }, span)
            })?,
        });
    }
    // `split` gives at least one part, and each part one test or an error.
    Ok(AttributeTests(tests.into()))
}

/// The criterion as an administrator writes it: `SubjectAttr:OU = Computers`.
impl fmt::Display for Criteria {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.verb())?;
        match self.kind() {
            CriteriaKind::Subject(text) | CriteriaKind::SubjectContains(text) => f.write_str(text.as_str()),
            CriteriaKind::SubjectAttributes(tests) => {
                write_pairs(f, Style::Criteria, tests.iter().map(|test| (test.oid(), test.value())))
            }
        }
    }
}
