//! Many machines: one line each, and the two counts that the product's reports have, in constant memory.

mod state;

pub(crate) use state::State;

use super::readiness::ReadinessReport;
use super::text::{Page, TextOptions, Tone};
use crate::check::{CriteriaMatch, Finding, Pass, Row, SearchedField};
use crate::rules::{Basis, Rule, Step};
use crate::select::{Outcome, Reading, Selection, Verdict, VerdictKind};
use crate::shown::is_unsafe;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Why a machine that is ready today may not be tomorrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub(crate) enum Risk {
    /// The selected certificate expires within the asked time.
    Expiring(Timestamp),
    /// Several certificates pass; the number counts the selected one.
    SeveralCandidates(usize),
    /// The criteria match by a rule that is assumed.
    AssumedCriteria(Rule),
    /// The answer depends on CRLs that were not given (rule V-8).
    Undecided,
}

impl Risk {
    /// The word in JSON and CSV.
    pub(crate) fn name(self) -> &'static str {
        self.row().0
    }

    /// What is true of each machine that is counted under it.
    pub(crate) fn words(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Risk::Expiring(_) => ("expiring", "the selected certificate expires soon"),
            Risk::SeveralCandidates(_) => ("several_candidates", "several certificates qualify"),
            Risk::AssumedCriteria(_) => ("assumed_criteria", "the criteria match by an assumed rule"),
            Risk::Undecided => ("undecided", "not decided: a CRL is missing, or a signature is not verified here"),
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Risk::Expiring(at) => write!(f, "expires {at}"),
            Risk::SeveralCandidates(count) => write!(f, "{count} candidates"),
            Risk::AssumedCriteria(rule) => write!(f, "criteria match by an assumed rule ({rule})"),
            Risk::Undecided => f.write_str("not decided without what is missing"),
        }
    }
}

/// The risks of a selection; `expiring_within_days` counts from the instant of the selection.
pub(crate) fn risks(report: &ReadinessReport<'_>, expiring_within_days: u32) -> Vec<Risk> {
    let selection = report.selection();
    let mut risks = Vec::new();
    if let Some(stored) = report.selected() {
        let not_after = stored.certificate().not_after();
        let left = not_after.seconds_since(selection.now());
        if left <= i64::from(expiring_within_days) * 86_400 {
            risks.push(Risk::Expiring(not_after));
        }
    }
    let passed = |kind| matches!(kind, VerdictKind::Selected | VerdictKind::Candidate);
    let candidates = selection.verdicts().iter().filter(|verdict| passed(verdict.kind())).count();
    if candidates > 1 {
        risks.push(Risk::SeveralCandidates(candidates));
    }
    if let Some(rule) = assumed_criteria(selection) {
        risks.push(Risk::AssumedCriteria(rule));
    }
    if selection.undecided().is_some() {
        risks.push(Risk::Undecided);
    }
    risks
}

fn assumed_criteria(selection: &Selection) -> Option<Rule> {
    let verdict = selection.verdict(selection.selected()?)?;
    verdict.findings().iter().find_map(|finding| {
        let Pass::Criteria(evidence) = finding.pass()? else { return None };
        is_assumed(evidence).then(|| evidence.rule())
    })
}

/// Rules C-3 and, for the text that is searched, C-4 are readings of this crate; so is a test for mere presence (C-6).
fn is_assumed(evidence: &CriteriaMatch) -> bool {
    evidence.rule().basis() == Basis::Assumed
        || evidence.rule() == Rule::C4 && evidence.field == SearchedField::SimpleName
        || evidence.rule() == Rule::C6 && evidence.wanted.is_empty()
}

/// What is true of a machine of which no certificate was judged: its code, and its words.
pub(super) const NO_CERTIFICATE: (&str, &str) = ("store.empty", "the store holds no certificate");

/// Why a machine is not ready, as codes: of the candidates, those that got furthest.
pub(crate) fn reasons(report: &ReadinessReport<'_>) -> BTreeSet<&'static str> {
    reasons_in_words(report).into_keys().collect()
}

/// Why a machine is not ready, by code: what is then true of it, in a few words.
pub(crate) fn reasons_in_words(report: &ReadinessReport<'_>) -> BTreeMap<&'static str, &'static str> {
    let of_row = |row: Row| (row.code, row.counted.unwrap_or(row.code)); // a rejection has words
    let reasons: BTreeMap<&'static str, &'static str> = decisive(report).map(|finding| of_row(finding.row())).collect();
    if reasons.is_empty() && !report.is_ready() { BTreeMap::from([NO_CERTIFICATE]) } else { reasons }
}

/// What ended the candidates that got furthest, where none is selected.
pub(super) fn decisive<'a>(report: &'a ReadinessReport<'_>) -> impl Iterator<Item = &'a Finding> {
    let selection = report.selection();
    let furthest = match selection.outcome() {
        Outcome::Selected(_) => None,
        Outcome::Ambiguous(_) => Some(Step::Longest),
        Outcome::Nothing { emptied_at, .. } => Some(emptied_at.unwrap_or(Step::Store)),
    };
    selection
        .verdicts()
        .iter()
        .filter(|verdict| report.stores().store_of(verdict.id()) == Some(selection.store()))
        .filter_map(Verdict::deciding)
        .filter(move |finding| finding.rejection().is_some() && Some(finding.step()) == furthest)
}

/// One line of text about one machine.
pub(crate) fn line(report: &ReadinessReport<'_>, risks: &[Risk], options: TextOptions) -> String {
    let mut page = Page::new(options);
    let (word, tone) = match (report.is_ready(), risks.is_empty()) {
        (true, true) => ("ready", Tone::Good),
        (true, false) => ("at risk", Tone::Doubtful),
        (false, _) => ("not ready", Tone::Bad),
    };
    let word = page.tone(tone, &format!("{word:9}"));
    let mut parts = vec![report.answer()];
    if !report.is_ready() {
        let reasons: Vec<&str> = reasons(report).into_iter().collect();
        parts.push(reasons.join(", "));
    }
    parts.extend(risks.iter().map(ToString::to_string));
    page.line(&format!("{word}  {}", parts.join("; ")));
    page.finish()
}

/// What a fleet's summary counts. Its size does not grow with the number of machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FleetSummary {
    pub(super) capable: u64,
    pub(super) incapable: u64,
    pub(super) unjudged: u64,
    pub(super) at_risk: u64,
    /// T-4: machines that select nothing and have the right certificate in another store.
    pub(super) wrong_store: u64,
    pub(super) outcomes: BTreeMap<String, u64>,
    pub(super) reasons: BTreeMap<String, u64>,
    /// The words of the reasons and risks, by code.
    pub(super) words: BTreeMap<String, String>,
    pub(super) risks: BTreeMap<String, u64>,
    /// By `setting.value`: machines that would be ready under that reading (rule R-5).
    pub(super) ready_under: BTreeMap<String, u64>,
    /// By `setting.value`: machines that would select another certificate, or none, under that reading (rule R-5).
    pub(super) other_under: BTreeMap<String, u64>,
}

/// Why a document is not a summary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum SummaryError {
    /// Another schema than 1.
    #[error("schema {0} is not known")]
    Schema(u32),
    /// Something is counted that no summary counts: codes have few, printable characters.
    #[error("`{0}` has a key that is no code")]
    NoCode(&'static str),
    /// Words of a reason that no summary writes: they are few, and nothing in them is invisible.
    #[error("`words` has what are no words of a reason")]
    NoWords,
    /// More different codes than there can be.
    #[error("`{0}` has more than {MAX_CODES} keys")]
    TooMany(&'static str),
}

/// The most codes of a kind; there are about a hundred.
const MAX_CODES: usize = 1000;

impl SummaryError {
    pub(super) fn check(what: &'static str, counts: &BTreeMap<String, u64>) -> Result<(), SummaryError> {
        let is_code = |key: &String| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
            (1..=64).contains(&key.len()) && key.bytes().all(plain)
        };
        if counts.len() > MAX_CODES {
            return Err(SummaryError::TooMany(what));
        }
        counts.keys().all(is_code).then_some(()).ok_or(SummaryError::NoCode(what))
    }

    pub(super) fn check_words(words: &BTreeMap<String, String>) -> Result<(), SummaryError> {
        let counts = words.keys().map(|code| (code.clone(), 0)).collect();
        SummaryError::check("words", &counts)?;
        let is_sentence = |words: &String| words.len() <= 200 && !words.chars().any(is_unsafe);
        words.values().all(is_sentence).then_some(()).ok_or(SummaryError::NoWords)
    }
}

impl FleetSummary {
    /// An empty summary.
    pub(crate) fn new() -> Self {
        FleetSummary::default()
    }

    /// Counts a machine.
    pub(crate) fn add(&mut self, report: &ReadinessReport<'_>, risks: &[Risk]) {
        if report.is_ready() {
            self.capable += 1
        } else {
            self.incapable += 1
        }
        *self.outcomes.entry(report.hresult().to_string()).or_default() += 1;
        for (code, words) in reasons_in_words(report) {
            self.words.insert(code.to_owned(), words.to_owned());
            *self.reasons.entry(code.to_owned()).or_default() += 1;
        }
        if !risks.is_empty() {
            self.at_risk += 1;
        }
        self.wrong_store += u64::from(report.wrong_store().is_some());
        if let Some(depends_on) = report.selection().depends_on() {
            for choice in &depends_on.tried {
                let is_it = |reading: &&Reading| reading.choice == *choice;
                let other = depends_on.readings.iter().find(is_it);
                let ready = other.map_or(report.is_ready(), |reading| reading.outcome.selected().is_some());
                let key = format!("{}.{}", choice.setting, choice.value);
                *self.other_under.entry(key.clone()).or_default() += u64::from(other.is_some());
                *self.ready_under.entry(key).or_default() += u64::from(ready);
            }
        }
        let names: BTreeMap<&'static str, &'static str> =
            risks.iter().map(|risk| (risk.name(), risk.words())).collect();
        for (name, words) in names {
            self.words.insert(name.to_owned(), words.to_owned());
            *self.risks.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// Counts a machine that could not be judged.
    pub(crate) fn add_unjudged(&mut self) {
        self.unjudged += 1;
    }

    /// Adds the counts of another summary, as one thread's to another's.
    pub(crate) fn merge(&mut self, other: FleetSummary) {
        // A document may hold any number.
        let add = |mine: &mut u64, theirs: u64| *mine = mine.saturating_add(theirs);
        add(&mut self.capable, other.capable);
        add(&mut self.incapable, other.incapable);
        add(&mut self.unjudged, other.unjudged);
        add(&mut self.at_risk, other.at_risk);
        add(&mut self.wrong_store, other.wrong_store);
        for (code, words) in other.words {
            self.words.entry(code).or_insert(words);
        }
        let maps = [
            (&mut self.outcomes, other.outcomes),
            (&mut self.reasons, other.reasons),
            (&mut self.risks, other.risks),
            (&mut self.ready_under, other.ready_under),
            (&mut self.other_under, other.other_under),
        ];
        for (mine, theirs) in maps {
            for (key, count) in theirs {
                add(mine.entry(key).or_default(), count);
            }
        }
    }

    /// Machines that select a certificate.
    pub(crate) fn capable(&self) -> u64 {
        self.capable
    }

    /// Machines that select none.
    pub(crate) fn incapable(&self) -> u64 {
        self.incapable
    }

    /// Machines whose file or settings do not read.
    pub(crate) fn unjudged(&self) -> u64 {
        self.unjudged
    }

    /// Machines with at least one risk.
    #[cfg(test)]
    pub(crate) fn at_risk(&self) -> u64 {
        self.at_risk
    }

    /// Machines that select nothing and have the right certificate in another store (rule T-4).
    pub(crate) fn wrong_store(&self) -> u64 {
        self.wrong_store
    }

    /// What is true of the machines that are counted under a reason or a risk.
    pub(crate) fn words(&self, code: &str) -> Option<&str> {
        self.words.get(code).map(String::as_str)
    }

    /// Reasons by number of machines, the most frequent first. A machine counts once for each of its reasons.
    pub(crate) fn reasons(&self) -> Vec<(&str, u64)> {
        descending(&self.reasons)
    }

    /// Risks by number of machines, the most frequent first.
    pub(crate) fn risks(&self) -> Vec<(&str, u64)> {
        descending(&self.risks)
    }

    /// Readings under which some machine would select another certificate, or none, as `setting.value`: the number of such
    /// machines, and how many of all would be ready; the most important first (rule R-5).
    pub(crate) fn depends_on(&self) -> Vec<(&str, u64, u64)> {
        let rows = descending(&self.other_under).into_iter().filter(|(_, others)| *others > 0);
        rows.map(|(key, others)| (key, others, self.ready_under.get(key).copied().unwrap_or(0))).collect()
    }

    /// The summary for people.
    pub(crate) fn render(&self, options: TextOptions) -> String {
        let mut page = Page::new(options);
        let title = page.tone(Tone::Strong, "summary");
        page.line(&title);
        let judged = self.capable.saturating_add(self.incapable);
        let rows = [
            (self.capable, "machines are ready for HTTPS", Tone::Good),
            (self.incapable, "machines are not", Tone::Bad),
            (self.unjudged, "machines could not be judged", Tone::Bad),
            (self.at_risk, "machines have a risk", Tone::Doubtful),
        ];
        for (count, what, tone) in rows {
            page.put(&format!("{count:>8}  "));
            page.wrapped(what, 10, 10, Some(tone));
        }
        if self.wrong_store > 0 {
            page.put(&format!("{:>8}  ", self.wrong_store));
            page.wrapped("of these have the right certificate in the wrong store", 10, 10, Some(Tone::Doubtful));
        }
        for (title, counts) in [("why not, by machines", self.reasons()), ("at risk, by machines", self.risks())] {
            if counts.is_empty() {
                continue;
            }
            page.blank();
            let title = page.tone(Tone::Strong, title);
            page.line(&title);
            for (name, count) in counts {
                let share = count.saturating_mul(100) / judged.max(1);
                page.put(&format!("{count:>8}  {share:>3} %  "));
                match self.words(name) {
                    Some(words) => page.wrapped(&format!("{words} ({name})"), 17, 17, None),
                    None => page.wrapped(name, 17, 17, None),
                }
            }
        }
        let readings = self.depends_on();
        if !readings.is_empty() {
            page.blank();
            page.wrapped("under other readings, by machines with another answer", 0, 2, Some(Tone::Strong));
        }
        for (reading, others, ready) in readings {
            let reading = reading.replacen('.', "=", 1);
            page.put(&format!("{others:>8}  "));
            page.wrapped(&format!("{reading}: {ready} of {judged} would be ready"), 10, 10, None);
        }
        page.finish()
    }
}

fn descending(counts: &BTreeMap<String, u64>) -> Vec<(&str, u64)> {
    let mut rows: Vec<(&str, u64)> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    rows
}
