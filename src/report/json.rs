//! The report for programs: schema 1. Fields may be added under schema 1, never changed.
//!
//! Times are RFC 3339 in whole seconds with `Z`; thumbprints are upper-case hexadecimal; `span` counts UTF-8 bytes, half
//! open. The types of this module are the schema; the rest of the crate may change without changing it.

#[cfg(feature = "cli")]
mod summary;
#[cfg(feature = "cli")]
mod what_if;

#[cfg(feature = "cli")]
pub(crate) use summary::SummaryDocument;
#[cfg(feature = "cli")]
pub(crate) use what_if::{ComparisonDocument, TimelineDocument};

use super::answer::answer;
use super::assumed::Assumption;
use super::readiness::{NowSource, ReadinessReport};
use crate::check::Finding;
use crate::hresult::Hresult;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::select::{NothingReason, Outcome, Reading, Undecided, Verdict, Warning};
use crate::settings::{CrlGrace, Settings};
use crate::store::Stores;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// The schema that the documents name.
pub(crate) const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct ReportJson<'a> {
    schema: u32,
    machine: &'a str,
    now: String,
    now_source: &'static str,
    ruleset: &'static str,
    ready: bool,
    outcome: OutcomeJson,
    selected: Option<String>,
    answer: String,
    store: &'a str,
    certificates: Vec<CertificateJson<'a>>,
    assumed: Vec<AssumedJson>,
    wrong_store: Option<String>,
    warnings: Vec<WarningJson>,
    settings: Vec<SettingJson>,
    undecided: Option<UndecidedJson>,
    depends_on: Option<Vec<ReadingJson>>,
    state_messages: Vec<StateMessageJson>,
    fallback: Option<Vec<FallbackJson>>,
}

/// What was taken for granted, and of how many certificates.
#[derive(Serialize)]
struct AssumedJson {
    code: &'static str,
    certificates: Option<usize>,
    message: String,
}

/// A place among those that pass every other step.
#[derive(Serialize)]
struct RankJson {
    rank: usize,
    of: usize,
}

#[derive(Serialize)]
struct OutcomeJson {
    kind: &'static str,
    emptied_at: Option<&'static str>,
    hresult: String,
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    several: Vec<String>,
}

#[derive(Serialize)]
struct UndecidedJson {
    missing: Vec<String>,
    because: Vec<String>,
    without_revocation: OutcomeJson,
    selected: Option<String>,
}

/// A reading under which another certificate, or none, is selected.
#[derive(Serialize)]
struct ReadingJson {
    setting: &'static str,
    value: &'static str,
    rule: &'static str,
    outcome: OutcomeJson,
    selected: Option<String>,
}

#[derive(Serialize)]
struct CertificateJson<'a> {
    thumbprint: Option<String>,
    store: Option<&'a str>,
    issued_to: Option<String>,
    subject: Option<String>,
    not_before: Option<String>,
    not_after: Option<String>,
    friendly_name: Option<&'a str>,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<RankJson>,
    findings: Vec<FindingJson>,
    warnings: Vec<WarningJson>,
}

#[derive(Serialize)]
pub(super) struct FindingJson {
    step: &'static str,
    rule: &'static str,
    basis: &'static str,
    result: &'static str,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    near_miss: Option<NearMissJson>,
}

#[derive(Serialize)]
struct NearMissJson {
    code: &'static str,
    message: String,
}

#[derive(Serialize)]
pub(super) struct WarningJson {
    rule: &'static str,
    basis: &'static str,
    code: &'static str,
    message: String,
}

#[derive(Serialize)]
struct SettingJson {
    name: &'static str,
    value: Cow<'static, str>,
    default: &'static str,
    rule: &'static str,
}

#[derive(Serialize)]
struct StateMessageJson {
    topic_type: u16,
    id: u16,
    phase: &'static str,
}

#[derive(Serialize)]
struct FallbackJson {
    failed: &'static str,
    next: &'static str,
}

fn reason(reason: NothingReason) -> &'static str {
    match reason {
        NothingReason::StoreMissing => "store_missing",
        NothingReason::StoreEmpty => "store_empty",
        NothingReason::IssuersWithoutMatch => "issuers_without_match",
        NothingReason::NothingMatched => "nothing_matched",
        NothingReason::PrivateKeyMissing => "private_key_missing",
    }
}

fn thumbprint(stores: &Stores, id: crate::store::CertId) -> Option<String> {
    stores.entry(id).map(|entry| entry.thumbprint().to_string())
}

fn outcome(outcome: &Outcome, stores: &Stores) -> OutcomeJson {
    let mut json = OutcomeJson {
        kind: "selected",
        emptied_at: None,
        hresult: outcome.hresult().to_string(),
        reason: None,
        several: Vec::new(),
    };
    match outcome {
        Outcome::Selected(_) => {}
        Outcome::Nothing { emptied_at, reason: why } => {
            json.kind = "nothing";
            json.emptied_at = emptied_at.map(crate::rules::Step::name);
            json.reason = Some(reason(*why));
        }
        Outcome::Ambiguous(several) => {
            json.kind = "ambiguous";
            json.several = several.iter().filter_map(|id| thumbprint(stores, *id)).collect();
        }
    }
    json
}

fn undecided(undecided: &Undecided, report: &ReadinessReport<'_>) -> UndecidedJson {
    let stores = report.stores();
    UndecidedJson {
        missing: undecided.missing.clone(),
        because: answer(report.machine().name(), stores, report.selection()).lacks(),
        without_revocation: outcome(&undecided.without_revocation, stores),
        selected: undecided.without_revocation.selected().and_then(|id| thumbprint(stores, id)),
    }
}

fn reading(reading: &Reading, stores: &Stores) -> ReadingJson {
    ReadingJson {
        setting: reading.choice.setting,
        value: reading.choice.value,
        rule: reading.choice.rule.id(),
        outcome: outcome(&reading.outcome, stores),
        selected: reading.outcome.selected().and_then(|id| thumbprint(stores, id)),
    }
}

pub(super) fn finding(finding: &Finding) -> FindingJson {
    FindingJson {
        step: finding.step().name(),
        rule: finding.rule().id(),
        basis: finding.rule().basis().name(),
        result: finding.result(),
        code: finding.code(),
        message: finding.to_string(),
        near_miss: finding
            .near_miss()
            .map(|near_miss| NearMissJson { code: near_miss.code(), message: near_miss.to_string() }),
    }
}

pub(super) fn warning(warning: &Warning) -> WarningJson {
    WarningJson {
        rule: warning.rule().id(),
        basis: warning.rule().basis().name(),
        code: warning.code(),
        message: warning.to_string(),
    }
}

fn certificate<'a>(verdict: &Verdict, stores: &'a Stores) -> CertificateJson<'a> {
    let stored = stores.get(verdict.id());
    let certificate = stored.map(crate::store::StoredCertificate::certificate);
    CertificateJson {
        thumbprint: thumbprint(stores, verdict.id()),
        store: stores.store_of(verdict.id()).map(crate::store::StoreName::as_str),
        issued_to: certificate.map(crate::certificate::Certificate::issued_to),
        subject: certificate.map(|certificate| certificate.subject().to_x500_string()),
        not_before: certificate.map(|certificate| certificate.not_before().to_string()),
        not_after: certificate.map(|certificate| certificate.not_after().to_string()),
        friendly_name: stored.and_then(crate::store::StoredCertificate::friendly_name),
        verdict: verdict.kind().name(),
        place: verdict.place().map(|place| RankJson { rank: place.rank, of: place.of }),
        findings: verdict.findings().iter().map(finding).collect(),
        warnings: verdict.warnings().iter().map(warning).collect(),
    }
}

/// V-9: a number, and so no choice between a few words.
fn grace(settings: &Settings) -> Option<SettingJson> {
    settings.set_crl_grace().map(|grace| SettingJson {
        name: CrlGrace::SETTING,
        value: Cow::Owned(grace.to_string()),
        default: "0",
        rule: Rule::V9.id(),
    })
}

fn document<'a>(report: &'a ReadinessReport<'a>) -> ReportJson<'a> {
    let (stores, selection) = (report.stores(), report.selection());
    let choices = report.settings().choices();
    ReportJson {
        schema: SCHEMA,
        machine: report.machine().name(),
        now: selection.now().to_string(),
        now_source: match report.now_source() {
            NowSource::Given => "given",
            NowSource::Clock => "clock",
        },
        ruleset: selection.ruleset().name(),
        ready: report.is_ready(),
        outcome: outcome(selection.outcome(), stores),
        selected: selection.selected().and_then(|id| thumbprint(stores, id)),
        answer: report.answer(),
        store: selection.store().as_str(),
        certificates: selection.verdicts().iter().map(|verdict| certificate(verdict, stores)).collect(),
        assumed: Assumption::of(report)
            .into_iter()
            .map(|one| AssumedJson { code: one.code(), certificates: one.certificates(), message: one.to_string() })
            .collect(),
        wrong_store: report.wrong_store().and_then(|id| thumbprint(stores, id)),
        warnings: report.warnings().iter().map(warning).collect(),
        settings: choices
            .filter(|choice| choice.value != choice.default)
            .map(|choice| SettingJson {
                name: choice.setting,
                value: Cow::Borrowed(choice.value),
                default: choice.default,
                rule: choice.rule.id(),
            })
            .chain(grace(report.settings()))
            .collect(),
        undecided: selection.undecided().map(|it| undecided(it, report)),
        depends_on: selection.depends_on().map(|it| it.readings.iter().map(|one| reading(one, stores)).collect()),
        state_messages: report
            .state_messages()
            .iter()
            .map(|message| StateMessageJson {
                topic_type: message.topic_type,
                id: message.id,
                phase: message.phase.name(),
            })
            .collect(),
        fallback: report.fallback().map(|fallback| {
            let connections = fallback.connections.iter();
            connections.map(|step| FallbackJson { failed: step.failed.name(), next: step.next.name() }).collect()
        }),
    }
}

/// Schema 1.
impl Serialize for ReadinessReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document(self).serialize(serializer)
    }
}

/// A machine that cannot be judged: its settings or its file do not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Unjudged {
    schema: u32,
    machine: String,
    error: ErrorJson,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ErrorJson {
    message: String,
    input: Option<String>,
    span: Option<[usize; 2]>,
    line: Option<usize>,
    hresult: Option<String>,
}

impl Unjudged {
    /// The machine (its path where it has no name) and what is wrong.
    pub(crate) fn new(machine: impl Into<String>, message: impl Into<String>) -> Self {
        Unjudged {
            schema: SCHEMA,
            machine: machine.into(),
            error: ErrorJson { message: message.into(), input: None, span: None, line: None, hresult: None },
        }
    }

    /// The text that does not read, and where in it, in UTF-8 bytes.
    pub(crate) fn at(mut self, input: impl Into<String>, span: std::ops::Range<usize>) -> Self {
        self.error.input = Some(input.into());
        self.error.span = Some([span.start, span.end]);
        self
    }

    /// The line of the file, counted from 1.
    pub(crate) fn on_line(mut self, line: usize) -> Self {
        self.error.line = Some(line);
        self
    }

    /// What the client would report.
    pub(crate) fn with_hresult(mut self, hresult: Hresult) -> Self {
        self.error.hresult = Some(hresult.to_string());
        self
    }
}
