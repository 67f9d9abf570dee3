//! The report for people: the answer first, what qualifies and what does not, then one row a certificate: the selected one,
//! those that qualify by rank, the nearest of the others, and last those of other products.

mod table;

pub(crate) use super::order::Order;
pub(crate) use super::page::{Colour, TextOptions};
pub(crate) use super::page::{Detail, Page, Tone};

use super::answer::under_reading;
use super::assumed::Assumption;
use super::readiness::{NowSource, ReadinessReport};
use crate::choices::Ruleset;
use crate::reason::Coded;
use crate::rules::{Basis, Rule};
use crate::select::{Reading, Warning};
use crate::settings::CrlGrace;
use crate::shown::{Shown, one_line};

/// `[V-1]`, and how far the rule can be trusted where it is neither documented nor a choice of this crate.
pub(crate) fn mark(rule: Rule) -> String {
    match rule.basis() {
        Basis::Documented | Basis::Ours => format!("[{rule}]"),
        basis @ (Basis::Observed | Basis::Assumed) => format!("[{rule}, {}]", basis.name()),
    }
}

/// The second line: which generation of the rules, and when.
pub(crate) fn conditions(report: &ReadinessReport<'_>) -> String {
    let ruleset = report.selection().ruleset();
    let default = if ruleset == Ruleset::default() { " (the default)" } else { "" };
    let clock = match report.now_source() {
        NowSource::Given => "",
        NowSource::Clock => " (from the clock)",
    };
    format!("ruleset {ruleset}{default}, now {}{clock}", report.selection().now())
}

/// How many hexadecimal digits tell all shown certificates apart; at least eight.
pub(crate) fn thumbprint_digits(report: &ReadinessReport<'_>) -> usize {
    let mut all: Vec<String> = report
        .selection()
        .verdicts()
        .iter()
        .filter_map(|verdict| report.thumbprint(verdict.id()))
        .map(|thumbprint| thumbprint.to_string())
        .collect();
    all.sort();
    all.dedup();
    let common = |pair: &[String]| match pair {
        [a, b] => a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count(),
        _ => 0,
    };
    all.windows(2).map(common).max().unwrap_or_default().max(7) + 1
}

/// Renders a report.
pub(crate) fn render(report: &ReadinessReport<'_>, options: TextOptions) -> String {
    let mut page = Page::new(options);
    let tone = match (report.is_ready(), report.selection().undecided()) {
        (_, Some(_)) => Tone::Doubtful,
        (true, None) => Tone::Good,
        (false, None) => Tone::Bad,
    };
    page.wrapped(&report.answer(), 0, 2, Some(tone));
    missing(&mut page, report);
    page.wrapped(&conditions(report), 0, 2, None);
    for line in context(report) {
        page.wrapped(&line, 0, 2, Some(Tone::Quiet));
    }
    for line in depends_on(report) {
        page.wrapped(&line, 0, 2, Some(Tone::Quiet));
    }
    if let Some(line) = assumptions(report) {
        page.wrapped(&line, 0, 2, Some(Tone::Quiet));
    }
    table::write(&mut page, report, options.order());
    for (id, plan) in report.plans() {
        let named = super::answer::named(report.stores(), id);
        super::plan::write(&mut page, plan, &format!("what to do for {named} (tried on a model of this machine)"));
    }
    super::plan::write_request(&mut page, report.request());
    warnings(&mut page, report);
    if let Some(fallback) = report.fallback() {
        page.blank();
        if options.detail() == Detail::Audit {
            let sent: Vec<String> = report.state_messages().iter().map(ToString::to_string).collect();
            page.wrapped(&format!("reported to the fallback status point as {}", sent.join(", ")), 0, 2, None);
        }
        page.wrapped(&format!("the client {fallback} {}", mark(Rule::L3)), 0, 2, None);
    }
    page.finish()
}

/// V-8: where the missing CRLs are published, one a line, so that each can be copied.
fn missing(page: &mut Page, report: &ReadinessReport<'_>) {
    let Some(undecided) = report.selection().undecided() else { return };
    for place in undecided.missing.iter().filter(|place| place.contains(':')) {
        page.line(&format!("  {}", Shown(place)));
    }
}

/// What was taken for granted, in one line.
pub(crate) fn assumptions(report: &ReadinessReport<'_>) -> Option<String> {
    let assumed: Vec<String> = Assumption::of(report).iter().map(ToString::to_string).collect();
    (!assumed.is_empty()).then(|| format!("assumed: {}", assumed.join("; ")))
}

/// The settings that are not the default, and the texts that decide.
pub(super) fn context(report: &ReadinessReport<'_>) -> Vec<String> {
    let settings = report.settings();
    let changed: Vec<String> = settings
        .choices()
        .filter(|choice| choice.value != choice.default && choice.setting != Ruleset::SETTING)
        .map(|choice| format!("{}={}", choice.setting, choice.value))
        .chain(settings.set_crl_grace().map(|grace| format!("{}={grace}", CrlGrace::SETTING)))
        .collect();
    let mut lines = Vec::new();
    if !changed.is_empty() {
        lines.push(format!("settings {}", changed.join(", ")));
    }
    if let Some(issuers) = settings.issuers() {
        lines.push(format!("issuers {}", Shown(&issuers.to_string())));
    }
    if let Some(criteria) = settings.criteria() {
        lines.push(format!("criteria {}", Shown(&criteria.to_string())));
    }
    lines
}

/// one line a reading that changes the answer.
pub(crate) fn depends_on(report: &ReadinessReport<'_>) -> Vec<String> {
    let Some(depends_on) = report.selection().depends_on() else {
        return Vec::new();
    };
    if depends_on.readings.is_empty() {
        return vec![if depends_on.tried.is_empty() {
            format!("no reading is open: every setting was stated [{}]", Rule::R5)
        } else {
            format!("the same under every reading [{}]", Rule::R5)
        }];
    }
    let line = |reading: &Reading| {
        let (choice, selects) = (reading.choice, under_reading(report.stores(), &reading.outcome));
        format!("with {}={} instead {selects} {}", choice.setting, choice.value, mark(choice.rule))
    };
    depends_on.readings.iter().map(line).collect()
}

fn warning_line(warning: &Warning) -> String {
    format!("warning: {warning} {}", mark(warning.rule()))
}

fn warnings(page: &mut Page, report: &ReadinessReport<'_>) {
    let warnings = report.warnings();
    if !warnings.is_empty() {
        page.blank();
    }
    for warning in &warnings {
        let line = one_line(&warning_line(warning));
        page.wrapped(&line, 0, 2, Some(Tone::Doubtful));
    }
}

/// At 80 columns, without colour.
impl std::fmt::Display for ReadinessReport<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&render(self, TextOptions::default()))
    }
}
