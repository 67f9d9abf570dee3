//! Criteria under which one certificate is the only one that passes, or under which machines select one of a kind.
//!
//! Candidates are built from whole attribute values and dot-separated suffixes of the certificate's names. Each is first
//! tried on the names of the rivals, which costs little, and then verified by running the selection with it. Both the
//! number of candidates and the number of runs are bounded.

mod fleet;

pub(crate) use fleet::{CriteriaEffect, FleetSuggestion, Obstacle};

use super::Selector;
use crate::certificate::{Certificate, GeneralName, Template, Thumbprint};
use crate::check::criteria::find;
use crate::check::purpose::AllowedUsages;
use crate::check::{CertificateNames, Finding, Rejection, SearchOptions};
use crate::name::AttributeValue;
use crate::oid::{self, Oid};
use crate::reason::Coded;
use crate::rules::Step;
use crate::store::CertId;
use crate::text::{AttributeTest, AttributeTests, Criteria, CriteriaText};
use crate::time::Timestamp;
use std::collections::BTreeSet;
use std::fmt;

/// The most suggestions of one call: what a person can choose from.
pub(super) const MAX_SUGGESTIONS: usize = 10;
/// Attribute tests that are combined; names of machines have about six. With three tests in a criterion that makes at
/// most 2,324 combinations.
const MAX_TESTS: usize = 24;
/// Tests in one `SubjectAttr:`; more would hardly be maintained by anyone.
const MAX_PAIRS: usize = 3;
/// Values of which suffixes are taken, and suffixes of one value.
const MAX_VALUES: usize = 32;
const MAX_SUFFIXES: usize = 16;
/// A longer value is not a name that anyone would type.
const MAX_CHARACTERS: usize = 200;
/// Runs of the selection, each of which judges every certificate.
pub(super) const MAX_RUNS: usize = 64;

/// Why there is no suggestion: an answer about the certificate, and so not named as an error, although `?` takes it as one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoSuggestion {
    /// The certificate would not pass whatever the criteria: what else rejects it, in documented order.
    RejectedAnyway(Vec<Rejection>),
    /// It is not a candidate: not in the chosen store, archived or unreadable.
    NoCandidate,
    /// Whatever matches it matches another one as well.
    NotUnique,
    /// These have the very same names, so that no criteria tell them apart.
    Twins(Vec<Thumbprint>),
    /// The device has no selection criteria (rule R-4).
    DeviceWithoutCriteria,
}

/// More twins than this are counted.
const SHOWN_TWINS: usize = 5;

impl std::error::Error for NoSuggestion {}

impl fmt::Display for NoSuggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoSuggestion::RejectedAnyway(rejections) => {
                f.write_str("no criteria can help, since it is rejected anyway: ")?;
                for (index, rejection) in rejections.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{rejection} ({})", rejection.rule())?;
                }
                Ok(())
            }
            NoSuggestion::NoCandidate => f.write_str(
                "no criteria can help, since it is no candidate: not in the chosen store, or archived, or unreadable",
            ),
            NoSuggestion::NotUnique => f.write_str("criteria cannot tell it apart from others"),
            NoSuggestion::Twins(twins) => {
                let named: Vec<String> = twins.iter().take(SHOWN_TWINS).map(Thumbprint::short).collect();
                f.write_str(&named.join(", "))?;
                match twins.len().saturating_sub(SHOWN_TWINS) {
                    0 => {}
                    more => write!(f, " and {more} more")?,
                }
                let have = if twins.len() == 1 { "has" } else { "have" };
                let them = if twins.len() == 1 { "it" } else { "them" };
                write!(f, " {have} the same names; criteria cannot tell {them} apart")
            }
            NoSuggestion::DeviceWithoutCriteria => f.write_str("this kind of device has no selection criteria (R-4)"),
        }
    }
}

/// Whatever a fleet should select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Goal {
    /// A certificate of this template, by object identifier.
    Template(Oid),
    /// A certificate of a version 1 template of this name.
    TemplateName(String),
    /// A certificate whose issuer has this CN, or this X.500 string.
    Issuer(String),
}

impl Goal {
    /// Whether a certificate is one of those wanted.
    pub(crate) fn is_met_by(&self, certificate: &Certificate) -> bool {
        match self {
            Goal::Issuer(wanted) => {
                let issuer = certificate.issuer();
                issuer.common_names().any(|name| name == wanted) || issuer.to_x500_string() == *wanted
            }
            Goal::Template(wanted) => {
                matches!(certificate.template(), Ok(Some(Template::Later { oid, .. })) if oid == *wanted)
            }
            Goal::TemplateName(wanted) => {
                matches!(certificate.template(), Ok(Some(Template::Version1 { name })) if name == *wanted)
            }
        }
    }

    /// What a certificate is by that by which the goal asks: its issuer, or its template.
    fn kind_of(&self, certificate: &Certificate) -> Option<String> {
        match (self, certificate.template()) {
            (Goal::Issuer(_), _) => {
                let issuer = certificate.issuer();
                Some(issuer.common_names().next().map_or_else(|| issuer.to_x500_string(), str::to_owned))
            }
            (Goal::Template(_) | Goal::TemplateName(_), Ok(Some(Template::Later { oid, .. }))) => Some(oid.to_string()),
            (Goal::Template(_) | Goal::TemplateName(_), Ok(Some(Template::Version1 { name }))) => Some(name),
            (Goal::Template(_) | Goal::TemplateName(_), Ok(None) | Err(_)) => None,
        }
    }
}

impl Selector {
    /// Criteria under which this certificate is the only one that passes: `SubjectAttr:` first, then `SubjectStr:`, then
    /// `Subject:`; of each kind fewest tests first, then fewest characters; at most 10.
    ///
    /// ```
    /// use ccmcertsel::select::NoSuggestion;
    ///
    /// # #[cfg(feature = "machine")] {
    /// let folder = |name: &str| ccmcertsel::machine::Reader::new().read_folder(format!("testdata/machines/{name}"));
    /// let (pc8, pc2) = (folder("issuers-with-commas")?, folder("contoso-ecc")?);
    /// let suggested = |machine: &ccmcertsel::machine::MachineRecord| {
    ///     let (selector, now) = (machine.selector(), machine.now.expect("its machine.toml states an instant"));
    ///     selector.suggest(selector.winner(now).expect("it is ready"), now)
    /// };
    /// assert_eq!(suggested(&pc8)?[0].to_string(), "SubjectAttr:CN = pc8.contoso.com");
    /// assert!(matches!(suggested(&pc2), Err(NoSuggestion::Twins(twins)) if twins.len() == 1));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Why there is none.
    pub fn suggest(&self, id: CertId, now: impl Into<Timestamp>) -> Result<Vec<Criteria>, NoSuggestion> {
        let now = now.into();
        if !self.world.is_windows() {
            return Err(NoSuggestion::DeviceWithoutCriteria);
        }
        let rivals = self.rivals(id, now)?;
        let certificate = self.stores().get(id).ok_or(NoSuggestion::NoCandidate)?.certificate();
        let options = SearchOptions::of(&self.world.settings);
        let names = CertificateNames::of(certificate);
        let named = |rival: &CertId| self.stores().get(*rival).map(|stored| CertificateNames::of(stored.certificate()));
        let others: Vec<CertificateNames> = rivals.iter().map(|rival| named(rival).unwrap_or_default()).collect();
        let unique = |criteria: &Criteria| {
            find(criteria, &names, options).is_some()
                && others.iter().all(|other| find(criteria, other, options).is_none())
        };
        let mut suggestions = Vec::new();
        for criteria in built_from(&names).filter(unique).take(MAX_RUNS) {
            if self.only_one_passes(&criteria, id, now) {
                suggestions.push(criteria);
            }
            if suggestions.len() == MAX_SUGGESTIONS {
                break;
            }
        }
        if !suggestions.is_empty() {
            return Ok(suggestions);
        }
        let same = rivals.iter().zip(&others).filter(|(_, other)| **other == names).map(|(rival, _)| rival);
        let twins: Vec<Thumbprint> = same
            .filter_map(|id| self.stores().entry(*id))
            .map(|entry| entry.thumbprint())
            .take(MAX_SUGGESTIONS)
            .collect();
        Err(if twins.is_empty() { NoSuggestion::NotUnique } else { NoSuggestion::Twins(twins) })
    }

    /// The certificates that would pass under criteria that match them, the one asked about left out.
    fn rivals(&self, id: CertId, now: Timestamp) -> Result<Vec<CertId>, NoSuggestion> {
        // Any criterion will do: it replaces what criteria replace (R-3), and its own mismatch is left aside below.
        let probe = CriteriaText::new("ccmcertsel").map(Criteria::exact);
        let audit = self.with_settings(self.settings().clone().with_criteria(probe)).audit(now);
        let asked = audit.verdict(id).ok_or(NoSuggestion::NoCandidate)?;
        let decided_by_criteria = |rejection: &&Rejection| !matches!(rejection.step(), Step::Purpose | Step::Longest);
        let otherwise: Vec<Rejection> =
            asked.findings().iter().filter_map(Finding::rejection).filter(decided_by_criteria).cloned().collect();
        if otherwise.iter().any(|rejection| rejection.step() == Step::Store) {
            return Err(NoSuggestion::NoCandidate);
        }
        if !otherwise.is_empty() {
            return Err(NoSuggestion::RejectedAnyway(otherwise));
        }
        let passing = audit.verdicts().iter().filter(|verdict| {
            let mut rejections = verdict.findings().iter().filter_map(Finding::rejection);
            verdict.id() != id && !rejections.any(|rejection| decided_by_criteria(&rejection))
        });
        Ok(passing.map(|verdict| verdict.id()).collect())
    }

    fn only_one_passes(&self, criteria: &Criteria, id: CertId, now: Timestamp) -> bool {
        // Several are an error here, so the winner is the only one.
        let settings = self.settings().clone().with_criteria(criteria.clone()).with(crate::choices::OnMultiple::Fail);
        self.with_settings(settings).winner(now) == Some(id)
    }

    /// Whether a certificate allows client authentication (P-1 to P-4): criteria take the place of that check (R-3), so
    /// that they can select one that no server accepts.
    pub(crate) fn allows_client_authentication(&self, id: CertId) -> bool {
        self.stores()
            .get(id)
            .is_some_and(|stored| AllowedUsages::of(stored, &self.world.settings).allow_client_authentication())
    }
}

/// All criteria that names give, in the order of preference. What half of the world has in its name (`.com`) comes last: a
/// certificate that is enrolled tomorrow has it as well.
pub(super) fn built_from(names: &CertificateNames) -> impl Iterator<Item = Criteria> {
    let attributes = combinations(&tests(names)).into_iter().map(Criteria::with_attributes);
    let parts = by_length(values(names).iter().flat_map(|value| suffixes(value)).map(str::to_owned));
    let (broad, parts): (Vec<String>, Vec<String>) = parts.into_iter().partition(|text| is_broad(text));
    let contains = |text: String| CriteriaText::new(&text).map(Criteria::containing);
    let (parts, broad) = (parts.into_iter().filter_map(contains), broad.into_iter().filter_map(contains));
    let exact = by_length(exact(names).into_iter());
    let exact = exact.into_iter().filter_map(|text| CriteriaText::new(&text).map(Criteria::exact));
    attributes.chain(parts).chain(exact).chain(broad)
}

/// `.com`, `.local`, `.co.uk`: the end of a domain name that does not say whose it is.
fn is_broad(text: &str) -> bool {
    let Some(labels) = text.strip_prefix('.') else { return false };
    !labels.contains('.') || labels.split('.').all(|label| label.chars().count() <= 3)
}

/// One test for each attribute of the Subject and each value of the SAN.
fn tests(names: &CertificateNames) -> Vec<AttributeTest> {
    let mut tests: Vec<AttributeTest> = Vec::new();
    let subject = names.subject.attributes().rev().filter_map(|attribute| match attribute.value() {
        AttributeValue::Text { text, .. } => {
            usable(text).then(|| AttributeTest::equals(attribute.oid().clone(), text))?
        }
        AttributeValue::Raw(_) => None,
    });
    let alternative = Oid::from_bytes(oid::SUBJECT_ALT_NAME);
    let alternatives = names.alternatives.iter().filter_map(|name| {
        let text = alternative_text(name)?;
        AttributeTest::equals(alternative.clone()?, &text)
    });
    for test in subject.chain(alternatives).take(MAX_TESTS) {
        if !tests.contains(&test) {
            tests.push(test);
        }
    }
    tests.sort_by_key(|test| AttributeTests::new([test.clone()]).map(|one| length(&Criteria::with_attributes(one))));
    tests
}

fn combinations(tests: &[AttributeTest]) -> Vec<AttributeTests> {
    let mut found = Vec::new();
    for pairs in 1..=MAX_PAIRS {
        let mut of_this_size: Vec<AttributeTests> = Vec::new();
        choose(tests, pairs, &mut Vec::new(), &mut of_this_size);
        of_this_size.sort_by_cached_key(|tests| length(&Criteria::with_attributes(tests.clone())));
        found.append(&mut of_this_size);
    }
    found
}

fn choose(rest: &[AttributeTest], pairs: usize, chosen: &mut Vec<AttributeTest>, found: &mut Vec<AttributeTests>) {
    if pairs == 0 {
        found.extend(AttributeTests::new(chosen.iter().cloned()));
        return;
    }
    for (index, test) in rest.iter().enumerate() {
        chosen.push(test.clone());
        choose(rest.get(index + 1..).unwrap_or_default(), pairs - 1, chosen, found);
        chosen.pop();
    }
}

fn length(criteria: &Criteria) -> usize {
    criteria.to_string().chars().count()
}

/// Shortest first, then by text, each once.
fn by_length(texts: impl Iterator<Item = String>) -> Vec<String> {
    let sorted: BTreeSet<(usize, String)> = texts.map(|text| (text.chars().count(), text)).collect();
    sorted.into_iter().map(|(_, text)| text).collect()
}

fn usable(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_CHARACTERS && !text.chars().any(char::is_control)
}

/// Names that people write; the others are bytes.
fn alternative_text(name: &GeneralName) -> Option<String> {
    let text = match name {
        GeneralName::Dns(_) | GeneralName::Rfc822(_) | GeneralName::Uri(_) | GeneralName::Upn(_) => name.to_string(),
        GeneralName::Ip(_)
        | GeneralName::Directory(_)
        | GeneralName::RegisteredId(_)
        | GeneralName::Other(..)
        | GeneralName::Unread(..) => return None,
    };
    usable(&text).then_some(text)
}

fn values(names: &CertificateNames) -> Vec<String> {
    let subject = names.subject.attributes().filter_map(|attribute| attribute.value().as_text());
    let subject = subject.filter(|text| usable(text)).map(str::to_owned);
    subject.chain(names.alternatives.iter().filter_map(alternative_text)).take(MAX_VALUES).collect()
}

/// The whole value, and what follows each of its dots: `pc1.contoso.com`, `.contoso.com`, `.com`.
fn suffixes(value: &str) -> impl Iterator<Item = &str> {
    let dotted = value.match_indices('.').filter_map(|(at, _)| value.get(at..));
    std::iter::once(value).chain(dotted.filter(|suffix| suffix.len() > 1).take(MAX_SUFFIXES))
}

fn exact(names: &CertificateNames) -> Vec<String> {
    let mut texts: Vec<String> = names.subject.common_names().map(str::to_owned).collect();
    texts.push(names.subject.to_simple_name());
    texts.push(names.subject.to_x500_string());
    texts.extend(names.alternatives.iter().filter_map(alternative_text));
    texts.retain(|text| usable(text));
    texts
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/suggest.rs"]
mod tests;
