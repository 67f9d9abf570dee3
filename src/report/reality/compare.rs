//! Both sides of each statement: what the log says, and what is predicted.

use super::read::{LoggedSelection, SeenCertificate};
use crate::check::{DatesReason, Finding, Pass as Passed, PurposeReason, Rejection};
use crate::report::log::shown;
use crate::report::readiness::ReadinessReport;
use crate::rules::Step;
use crate::select::{Selector, Verdict};
use crate::settings::Chosen;
use crate::shown::Shown;
use crate::store::{CertId, StoreName};
use crate::time::Timestamp;
use std::collections::HashSet;

/// Whether the log and the prediction agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// They say the same.
    Agrees,
    /// They cannot be compared: another time, or a certificate that the inventory does not hold.
    NotComparable,
    /// They say different things.
    Differs,
}

impl Agreement {
    /// The word in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Agreement::Agrees => "agrees",
            Agreement::NotComparable => "not_comparable",
            Agreement::Differs => "differs",
        }
    }
}

/// One statement, with both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// What it is about: a certificate, the issuers list, the store, the outcome.
    pub subject: String,
    /// Whether both sides say the same.
    pub agreement: Agreement,
    /// What the log says.
    pub log: String,
    /// What is predicted.
    pub predicted: String,
}

/// The comparison of one selection with the prediction for the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RealityComparison {
    items: Vec<Statement>,
    explained_by: Vec<Chosen>,
}

impl RealityComparison {
    /// Every statement that was compared.
    pub(crate) fn items(&self) -> &[Statement] {
        &self.items
    }

    /// The readings under which nothing differs, where something does as it stands (rule R-5).
    pub(crate) fn explained_by(&self) -> &[Chosen] {
        &self.explained_by
    }

    /// The whole: it differs if any statement does; it agrees only if all could be compared.
    pub(crate) fn agreement(&self) -> Agreement {
        self.items.iter().map(|item| item.agreement).max().unwrap_or(Agreement::NotComparable)
    }

    fn put(&mut self, subject: &str, agreement: Agreement, log: impl Into<String>, predicted: impl Into<String>) {
        let (log, predicted) = (Shown(&log.into()).to_string(), Shown(&predicted.into()).to_string());
        self.items.push(Statement { subject: Shown(subject).to_string(), agreement, log, predicted });
    }

    /// A statement with two sides that are the same or not.
    fn same(&mut self, subject: &str, same: bool, log: impl Into<String>, predicted: impl Into<String>) {
        self.put(subject, if same { Agreement::Agrees } else { Agreement::Differs }, log, predicted);
    }
}

/// Compares a selection of the log with the prediction. One that began more than `tolerance_seconds` from the instant of
/// the prediction is not comparable: dates and CRLs are others then.
pub(crate) fn compare(
    pass: &LoggedSelection,
    report: &ReadinessReport<'_>,
    tolerance_seconds: u64,
) -> RealityComparison {
    let mut comparison = RealityComparison { items: Vec::new(), explained_by: Vec::new() };
    let now = report.selection().now();
    if let Some(begin) = pass.begin()
        && begin.seconds_since(now).unsigned_abs() > tolerance_seconds
    {
        comparison.put("time", Agreement::NotComparable, begin.to_string(), now.to_string());
        return comparison;
    }
    issuers(&mut comparison, pass, report);
    let chosen = report.selection().store();
    if let Some(store) = pass.store() {
        comparison.same("store", StoreName::new(store) == *chosen, store, chosen.as_str());
    }
    let mut met = HashSet::new();
    for seen in pass.certificates() {
        certificate(&mut comparison, seen, report, &mut met);
    }
    // The issuers stage looks at every certificate of the store.
    if pass.is_complete() {
        for id in report.stores().enumerated(chosen).filter(|id| !met.contains(id)) {
            if let Some(stored) = report.stores().get(id) {
                let subject = format!("{} {}", stored.certificate().thumbprint(), stored.certificate().issued_to());
                comparison.put(&subject, Agreement::Differs, "not met", "in the store");
            }
        }
    }
    outcome(&mut comparison, pass, report);
    comparison
}

/// The same, and where something differs the readings that would explain it (rule R-5): each is tried, and named where nothing
/// differs under it.
pub(crate) fn compare_readings(
    pass: &LoggedSelection,
    selector: &Selector,
    now: Timestamp,
    tolerance_seconds: u64,
) -> RealityComparison {
    let under = |selector: &Selector| {
        let selection = selector.select(now);
        let report = ReadinessReport::new(selector, selection);
        compare(pass, &report, tolerance_seconds)
    };
    let mut comparison = under(selector);
    if comparison.agreement() == Agreement::Differs {
        let readings = selector.settings().readings();
        let agrees = |settings| under(&selector.with_settings(settings)).agreement() != Agreement::Differs;
        let explained = readings.filter_map(|(choice, settings)| agrees(settings).then_some(choice));
        comparison.explained_by = explained.collect();
    }
    comparison
}

fn issuers(comparison: &mut RealityComparison, pass: &LoggedSelection, report: &ReadinessReport<'_>) {
    let predicted: Option<Vec<String>> =
        report.settings().issuers().map(|list| list.iter().map(|entry| shown(&entry.to_string())).collect());
    let none = || "no list".to_owned();
    let side = |list: Option<&[String]>| list.map_or_else(none, |list| list.join(" | "));
    // A piece of a log that has neither the stage nor what follows it says nothing about the list.
    if pass.issuers().is_some() || pass.is_selecting() {
        let same = pass.issuers() == predicted.as_deref();
        comparison.same("issuers list", same, side(pass.issuers()), side(predicted.as_deref()));
    }
}

/// The entry of the chosen store that a thumbprint of the log means.
fn find(report: &ReadinessReport<'_>, thumbprint: &str) -> Option<CertId> {
    let (wanted, is_cut) = match thumbprint.trim_end_matches(['.', '\u{2026}']) {
        cut if cut.len() < thumbprint.len() => (cut, true),
        whole => (whole, false),
    };
    if wanted.len() < SHORTEST_THUMBPRINT {
        return None;
    }
    let wanted = wanted.to_ascii_uppercase();
    report.stores().enumerated(report.selection().store()).find(|id| {
        let own = report.thumbprint(*id).map(|thumbprint| thumbprint.to_string()).unwrap_or_default();
        if is_cut { own.starts_with(&wanted) } else { own == wanted }
    })
}

/// Fewer digits of a cut thumbprint tell too little.
const SHORTEST_THUMBPRINT: usize = 8;

fn certificate(
    comparison: &mut RealityComparison,
    seen: &SeenCertificate,
    report: &ReadinessReport<'_>,
    met: &mut HashSet<CertId>,
) {
    let subject = format!("{} {}", seen.thumbprint, seen.issued_to);
    let id = find(report, &seen.thumbprint);
    let Some((id, verdict)) = id.and_then(|id| Some((id, report.selection().verdict(id)?))) else {
        comparison.put(&subject, Agreement::NotComparable, "met", "the inventory does not hold it in this store");
        return;
    };
    met.insert(id);
    step_one(comparison, &subject, seen, verdict);
    validity(comparison, &subject, seen, verdict);
    if seen.client_authentication {
        let rejected = verdict.findings().iter().find(|finding| {
            matches!(
                finding.rejection(),
                Some(Rejection::Purpose(PurposeReason::NotClientAuth { .. } | PurposeReason::ChainEku(_)))
            )
        });
        let predicted = rejected.map_or_else(|| "so it is".to_owned(), ToString::to_string);
        comparison.same(&subject, rejected.is_none(), "for client authentication", predicted);
    }
}

fn step_one(comparison: &mut RealityComparison, subject: &str, seen: &SeenCertificate, verdict: &Verdict) {
    let log = match (&seen.found, &seen.skipped) {
        (Some(entry), _) => format!("chains to `{entry}`"),
        (None, Some(root)) => format!("skipped, as the root is `{root}`"),
        (None, None) => return,
    };
    let Some(finding) = verdict.findings().iter().find(|finding| finding.step() == Step::Issuers) else {
        comparison.put(subject, Agreement::NotComparable, log, "the issuers list was not looked at");
        return;
    };
    let same = match finding {
        Finding::Passed(_) => seen.found.is_some(),
        Finding::Rejected { rejection: Rejection::Issuers(reason), .. } => {
            // One that was found was not skipped, whatever its root.
            seen.found.is_none() && seen.skipped.as_deref() == Some(&*shown(&reason.top().to_x500_string()))
        }
        Finding::Rejected { .. } => seen.found.is_none(),
        Finding::NotApplicable(_) => false,
    };
    comparison.same(subject, same, log, finding.to_string());
}

fn validity(comparison: &mut RealityComparison, subject: &str, seen: &SeenCertificate, verdict: &Verdict) {
    let mut checks = verdict.findings().iter().filter(|finding| finding.step() == Step::Validity).peekable();
    if checks.peek().is_none() {
        return;
    }
    let failed = checks.find(|finding| finding.rejection().is_some());
    let predicted = failed.map_or_else(|| "valid".to_owned(), ToString::to_string);
    let expired = failed
        .is_some_and(|finding| matches!(finding.rejection(), Some(Rejection::Dates(DatesReason::Expired { .. }))));
    if seen.expired || expired && seen.validated {
        let log = if seen.expired { "expired" } else { "not expired" };
        comparison.same(subject, seen.expired == expired, log, predicted);
        return;
    }
    if let Some(code) = seen.chain_result {
        let expected =
            failed.and_then(Finding::rejection).and_then(|reason| reason.row().log).map_or(0, |result| result.0);
        let reached = expected != 0
            || failed.is_none()
            || verdict.findings().iter().any(|finding| matches!(finding, Finding::Passed(Passed::Chain(_))));
        let log = format!("verifying its chain returned {code:08X}");
        comparison.same(subject, code == expected && reached, log, predicted);
    }
}

fn outcome(comparison: &mut RealityComparison, pass: &LoggedSelection, report: &ReadinessReport<'_>) {
    let selected = report.selected().map(|stored| stored.certificate());
    let predicted = match selected {
        Some(certificate) => format!("selects {} {}", certificate.thumbprint(), certificate.issued_to()),
        None => format!("selects none ({})", report.hresult()),
    };
    match (pass.selected(), pass.result()) {
        (Some(thumbprint), _) => {
            let same = find(report, thumbprint).is_some_and(|id| report.selection().selected() == Some(id));
            comparison.same("outcome", same, format!("selected {thumbprint}"), predicted);
        }
        (None, Some(result)) => {
            let same = selected.is_none() && result == report.hresult();
            comparison.same("outcome", same, format!("selected none ({result})"), predicted);
        }
        (None, None) => comparison.put("outcome", Agreement::NotComparable, "the log does not say", predicted),
    }
}
