//! One machine of the page: its row, its details and its counts.

use super::expiry::ExpiryCalendar;
use crate::certificate::Certificate;
use crate::reason::Coded;
use crate::report::fleet::{FleetSummary, Risk, State, reasons, reasons_in_words};
use crate::report::needs::Needs;
use crate::report::readiness::ReadinessReport;
use crate::report::text;
use crate::select::Verdict;
use crate::shown::Shown;
use crate::time::Timestamp;
use crate::words::day;
use askama::Template;
use std::collections::BTreeMap;

/// One machine, rendered, and what it adds to the counts.
#[derive(Debug, Clone)]
pub(crate) struct MachinePart {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) reasons: String,
    pub(super) row: String,
    pub(super) details: String,
    pub(super) counted: FleetSummary,
    pub(super) expiry: ExpiryCalendar,
    pub(super) needs: Needs,
    pub(super) ruleset: Option<&'static str>,
    pub(super) now: Option<Timestamp>,
    pub(super) listing: Listing,
}

/// Whether a machine has a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Listing {
    Listed,
    CountedOnly,
}

#[derive(Template)]
#[template(path = "row.html", config = "src/report/html/askama.toml")]
struct TableRow<'a> {
    name: &'a str,
    state: State,
    what: String,
    issuer: String,
    expires: String,
}

#[derive(Template)]
#[template(path = "details.html", config = "src/report/html/askama.toml")]
struct Details {
    answer: String,
    conditions: String,
    context: Vec<String>,
    warnings: Vec<String>,
    certificates: Vec<CertificateView>,
    left_out: usize,
    fallback: Option<String>,
}

struct CertificateView {
    verdict: &'static str,
    name: String,
    facts: Vec<(&'static str, String)>,
    findings: Vec<FindingView>,
    changes: Vec<String>,
    warnings: Vec<String>,
}

struct FindingView {
    result: &'static str,
    rule: &'static str,
    message: String,
    near_miss: Option<String>,
}

/// A machine has a dozen certificates; one with thousands is an attack or a server farm, and a page has to open.
const SHOWN_CERTIFICATES: usize = 50;

pub(super) fn plain(text: &str) -> String {
    Shown(text).to_string()
}

/// Writing to memory does not fail; a template that did would leave a gap, never a page cut short.
pub(super) fn rendered(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

/// Whom a certificate was issued to, or what stands in its place.
fn name_of(certificate: &Certificate) -> String {
    match certificate.issued_to() {
        name if !name.is_empty() => plain(&name),
        _ => match certificate.subject() {
            subject if subject.is_empty() => "(no name)".to_owned(),
            subject => format!("({})", plain(&subject.to_x500_string())),
        },
    }
}

impl MachinePart {
    /// The part of a machine that was judged.
    pub(crate) fn of(report: &ReadinessReport<'_>, risks: &[Risk]) -> Self {
        let state = State::of(report, risks);
        let codes = reasons(report);
        let selected = report.selected().map(crate::store::StoredCertificate::certificate);
        let mut counted = FleetSummary::new();
        counted.add(report, risks);
        let mut expiry = ExpiryCalendar::default();
        if let Some(certificate) = selected {
            expiry.add(&plain(&certificate.issuer().to_x500_string()), certificate.not_after());
        }
        let name = plain(report.machine().name());
        let row = TableRow {
            name: &name,
            state,
            what: what(report, risks, selected),
            issuer: selected.map(|certificate| plain(&certificate.issuer().to_x500_string())).unwrap_or_default(),
            expires: selected.map(|certificate| day(certificate.not_after())).unwrap_or_default(),
        };
        MachinePart {
            row: rendered(&row),
            details: rendered(&details(report)),
            state,
            reasons: codes.into_iter().collect::<Vec<_>>().join(" "),
            counted,
            expiry,
            needs: Needs::new(),
            ruleset: Some(report.selection().ruleset().name()),
            now: Some(report.selection().now()),
            listing: Listing::Listed,
            name,
        }
    }

    /// The same with what its answer depends on.
    pub(crate) fn with_needs(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// The same without a row: the machine is counted, and the reader has asked to see others.
    pub(crate) fn counted_only(mut self) -> Self {
        self.listing = Listing::CountedOnly;
        self
    }

    /// The part of a machine that cannot be judged: its name, or its path where it has none, and what is wrong.
    pub(crate) fn unjudged(machine: &str, message: &str) -> Self {
        let mut counted = FleetSummary::new();
        counted.add_unjudged();
        let name = plain(machine);
        let row = TableRow {
            name: &name,
            state: State::Unjudged,
            what: plain(message),
            issuer: String::new(),
            expires: String::new(),
        };
        MachinePart {
            row: rendered(&row),
            details: String::new(),
            state: State::Unjudged,
            reasons: String::new(),
            counted,
            expiry: ExpiryCalendar::default(),
            needs: Needs::new(),
            ruleset: None,
            now: None,
            listing: Listing::Listed,
            name,
        }
    }
}

/// What the row says: the certificate and its risks, or the reasons in words.
fn what(report: &ReadinessReport<'_>, risks: &[Risk], selected: Option<&Certificate>) -> String {
    let mut parts = Vec::new();
    if let Some(certificate) = selected {
        let digits: String = certificate.thumbprint().to_string().chars().take(8).collect();
        parts.push(format!("{} ({digits})", name_of(certificate)));
    }
    parts.extend(reasons_in_words(report).into_values().map(str::to_owned));
    let expiry = |risk: &&Risk| !matches!(risk, Risk::Expiring(_)); // the last column has it
    parts.extend(risks.iter().filter(expiry).map(ToString::to_string));
    parts.join("; ")
}

fn details(report: &ReadinessReport<'_>) -> Details {
    let verdicts = report.selection().verdicts();
    let mut context = text::context(report);
    context.extend(text::depends_on(report));
    context.extend(text::assumptions(report));
    Details {
        answer: report.answer(),
        conditions: text::conditions(report),
        context,
        warnings: report.warnings().iter().map(|warning| format!("{} ({})", warning, warning.rule())).collect(),
        certificates: verdicts.iter().take(SHOWN_CERTIFICATES).map(|verdict| view(report, verdict)).collect(),
        left_out: verdicts.len().saturating_sub(SHOWN_CERTIFICATES),
        fallback: report.fallback().map(|fallback| format!("the client {fallback}")),
    }
}

fn view(report: &ReadinessReport<'_>, verdict: &Verdict) -> CertificateView {
    let stored = report.stores().get(verdict.id());
    let certificate = stored.map(crate::store::StoredCertificate::certificate);
    let mut facts = Vec::new();
    facts.extend(report.thumbprint(verdict.id()).map(|thumbprint| ("thumbprint", thumbprint.to_string())));
    facts.extend(report.stores().store_of(verdict.id()).map(|store| ("store", plain(store.as_str()))));
    if let Some(certificate) = certificate {
        facts.push(("subject", plain(&certificate.subject().to_x500_string())));
        facts.push(("issuer", plain(&certificate.issuer().to_x500_string())));
        facts.push(("valid", format!("{} to {}", certificate.not_before(), certificate.not_after())));
    }
    facts.extend(stored.and_then(|stored| stored.friendly_name()).map(|name| ("friendly name", plain(name))));
    let findings = verdict.findings().iter().map(|finding| FindingView {
        result: finding.result(),
        rule: finding.rule().id(),
        message: finding.to_string(),
        near_miss: finding.near_miss().map(ToString::to_string),
    });
    let changes = match report.plan(verdict.id()) {
        Some(Ok(plan)) if plan.steps.is_empty() => Vec::new(),
        Some(Ok(plan)) => plan.steps.iter().map(|step| step.change.to_string()).chain([plan.end.to_string()]).collect(),
        Some(Err(why)) => vec![format!("no plan: {why}")],
        None => Vec::new(),
    };
    CertificateView {
        verdict: verdict.kind().name(),
        name: certificate.map_or_else(|| "(unreadable)".to_owned(), name_of),
        facts,
        findings: findings.collect(),
        changes,
        warnings: verdict.warnings().iter().map(|warning| format!("{} ({})", warning, warning.rule())).collect(),
    }
}

/// How many machines have each ruleset.
pub(super) type Rulesets = BTreeMap<&'static str, u64>;
