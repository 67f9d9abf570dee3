//! The report for people: the answer first, then one row a certificate with the step that ended it and why.
//!
//! ```
//! use ccmcertsel::report::text::{Colour, TextOptions};
//!
//! let options = TextOptions::default().with_width(120).with_colour(Colour::Ansi);
//! assert_eq!(options.width(), 120);
//! ```

pub use super::page::{Colour, TextOptions};
pub(crate) use super::page::{Page, Tone};

use super::answer::under_reading;
use super::readiness::{NowSource, ReadinessReport, deciding};

use crate::select::Reading;
use crate::settings::Ruleset;
use crate::shown::{Shown, one_line};
use crate::{Basis, Rule, Verdict, VerdictKind, Warning};
use std::fmt::Write;

/// From this width on a row is one line.
const ONE_LINE_WIDTH: usize = 132;

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
pub fn render(report: &ReadinessReport<'_>, options: TextOptions) -> String {
    let mut page = Page::new(options);
    let tone = match (report.is_ready(), report.selection().undecided()) {
        (_, Some(_)) => Tone::Doubtful,
        (true, None) => Tone::Good,
        (false, None) => Tone::Bad,
    };
    page.wrapped(&report.answer(), 0, 2, Some(tone));
    page.wrapped(&conditions(report), 0, 2, None);
    for line in context(report) {
        page.wrapped(&line, 0, 2, Some(Tone::Quiet));
    }
    for line in depends_on(report) {
        page.wrapped(&line, 0, 2, Some(Tone::Quiet));
    }
    table(&mut page, report);
    for (id, plan) in report.plans() {
        let named = super::answer::named(report.stores(), id);
        super::plan::write(&mut page, plan, &format!("what to do for {named} (tried on a model of this machine)"));
    }
    warnings(&mut page, report);
    if let Some(fallback) = report.fallback() {
        page.blank();
        let sent: Vec<String> = report.state_messages().iter().map(ToString::to_string).collect();
        page.wrapped(&format!("state messages: {}", sent.join(", ")), 0, 2, None);
        page.wrapped(&format!("the client {fallback} {}", mark(Rule::L3)), 0, 2, None);
    }
    page.finish()
}

/// The settings that are not the default, and the texts that decide.
pub(super) fn context(report: &ReadinessReport<'_>) -> Vec<String> {
    let settings = report.settings();
    let changed: Vec<String> = settings
        .choices()
        .filter(|choice| choice.value != choice.default && choice.setting != Ruleset::SETTING)
        .map(|choice| format!("{}={}", choice.setting, choice.value))
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

/// R-5: one line a reading that changes the answer.
pub(crate) fn depends_on(report: &ReadinessReport<'_>) -> Vec<String> {
    let Some(depends_on) = report.selection().depends_on() else {
        return Vec::new();
    };
    if depends_on.readings().is_empty() {
        return vec![match depends_on.tried().is_empty() {
            true => format!("no reading is open: every setting was stated [{}]", Rule::R5),
            false => format!("the same under every reading [{}]", Rule::R5),
        }];
    }
    let line = |reading: &Reading| {
        let selects = under_reading(report.stores(), reading.outcome());
        format!("with {}={} instead {selects} {}", reading.setting(), reading.value(), mark(reading.rule()))
    };
    depends_on.readings().iter().map(line).collect()
}

fn word(verdict: &Verdict) -> (&'static str, Tone) {
    match verdict.kind() {
        VerdictKind::Selected => ("selected", Tone::Good),
        VerdictKind::Candidate => {
            (deciding(verdict).map_or("longest", |finding| finding.step().name()), Tone::Doubtful)
        }
        VerdictKind::Rejected | VerdictKind::Unreadable => {
            (deciding(verdict).map_or("rejected", |finding| finding.step().name()), Tone::Bad)
        }
    }
}

/// Step 8 characters, rule 4, then two blanks between columns.
const STEP_WIDTH: usize = 8;
const RULE_WIDTH: usize = 4;

fn table(page: &mut Page, report: &ReadinessReport<'_>) {
    if report.selection().verdicts().is_empty() {
        return;
    }
    page.blank();
    let digits = thumbprint_digits(report);
    let before = STEP_WIDTH + 2 + RULE_WIDTH + 2 + digits + 2;
    let one_line = page.width() >= ONE_LINE_WIDTH;
    let issued_width = if one_line { 32 } else { page.width().saturating_sub(before) };
    let mut header = format!("{:STEP_WIDTH$}  {:RULE_WIDTH$}  {:digits$}  ISSUED TO", "STEP", "RULE", "THUMBPRINT");
    if digits < "THUMBPRINT".len() {
        header = format!("{:STEP_WIDTH$}  {:RULE_WIDTH$}  {:digits$}  ISSUED TO", "STEP", "RULE", "CERT");
    }
    if one_line {
        header = format!("{header:width$}  REASON", width = before + issued_width);
    }
    let header = page.tone(Tone::Strong, &header);
    page.line(&header);
    for verdict in report.selection().verdicts() {
        let (step, tone) = word(verdict);
        let rule = deciding(verdict).map(|finding| finding.rule().id()).unwrap_or_default();
        let thumbprint: String = report
            .thumbprint(verdict.id())
            .map(|thumbprint| thumbprint.to_string().chars().take(digits).collect())
            .unwrap_or_default();
        let issued_to = issued_to(report, verdict, issued_width);
        let step = page.tone(tone, &format!("{step:STEP_WIDTH$}"));
        page.put(&format!("{step}  {rule:RULE_WIDTH$}  {thumbprint}  "));
        if one_line {
            let fill = issued_width.saturating_sub(issued_to.chars().count());
            page.put(&format!("{issued_to}{}  ", " ".repeat(fill)));
            let used = before + issued_width + 2;
            reason(page, verdict, used, used);
        } else {
            page.line(&issued_to);
            let used = STEP_WIDTH + 2;
            page.put(&" ".repeat(used));
            reason(page, verdict, used, used);
        }
    }
}

fn issued_to(report: &ReadinessReport<'_>, verdict: &Verdict, width: usize) -> String {
    let Some(stored) = report.stores().get(verdict.id()) else {
        return "(unreadable)".to_owned();
    };
    let certificate = stored.certificate();
    let mut name = certificate.issued_to();
    if name.is_empty() {
        let subject = certificate.subject();
        name = match subject.is_empty() {
            true => "(no name)".to_owned(),
            false => format!("({subject})"),
        };
    }
    let name = one_line(&name);
    if name.chars().count() <= width {
        return name;
    }
    let kept: String = name.chars().take(width.saturating_sub(3)).collect();
    format!("{kept}...")
}

fn reason(page: &mut Page, verdict: &Verdict, used: usize, hang: usize) {
    let Some(finding) = deciding(verdict) else {
        page.line("nothing was checked");
        return;
    };
    let mut text = finding.to_string();
    if let basis @ (Basis::Observed | Basis::Assumed) = finding.rule().basis()
        && finding.rejection().is_some()
        && !text.contains("(assumed)")
    {
        let _ = write!(text, " ({})", basis.name());
    }
    page.wrapped(&text, used, hang, None);
    if let Some(near_miss) = finding.near_miss() {
        page.put(&" ".repeat(hang));
        page.wrapped(&format!("near miss: {near_miss}"), hang, hang, Some(Tone::Doubtful));
    }
    for warning in verdict.warnings() {
        page.put(&" ".repeat(hang));
        page.wrapped(&warning_line(warning), hang, hang, Some(Tone::Quiet));
    }
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
