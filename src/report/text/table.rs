//! The rows: one certificate each, with the step that ended it and why.

use super::{Page, Tone, thumbprint_digits, warning_line};
use crate::certificate::Template;
use crate::reason::Coded;
use crate::report::order::{self, Order};
use crate::report::readiness::ReadinessReport;
use crate::rules::Basis;
use crate::select::{Verdict, VerdictKind};
use crate::shown::{beginning, one_line};
use crate::words::day;
use std::fmt::Write;

/// From this width on a row is one line.
const ONE_LINE_WIDTH: usize = 172;
/// From this width on a row has its template and its friendly name, where a certificate has one.
const NAMES_WIDTH: usize = 104;
/// From this width on a row has its end.
const ENDS_WIDTH: usize = 72;
/// From this width on a row has its rule.
const RULE_WIDTH: usize = 56;
/// Between two columns.
const GAP: usize = 2;
/// What a name takes in a row of one line.
const NAME: usize = 32;
/// What a template, and what a friendly name takes.
const EXTRA: usize = 18;

/// What a column says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Step,
    Rule,
    Thumbprint,
    Ends,
    IssuedTo,
    Template,
    FriendlyName,
}

impl Column {
    fn title(self, width: usize) -> &'static str {
        match self {
            Column::Step => "STEP",
            Column::Rule => "RULE",
            Column::Thumbprint if width < "THUMBPRINT".len() => "CERT",
            Column::Thumbprint => "THUMBPRINT",
            Column::Ends => "ENDS",
            Column::IssuedTo => "ISSUED TO",
            Column::Template => "TEMPLATE",
            Column::FriendlyName => "FRIENDLY NAME",
        }
    }

    fn text(self, report: &ReadinessReport<'_>, verdict: &Verdict, digits: usize) -> String {
        let stored = report.stores().get(verdict.id());
        match self {
            Column::Step => word(verdict).0,
            Column::Rule => verdict.deciding().map(|finding| finding.rule().id()).unwrap_or_default().to_owned(),
            Column::Thumbprint => {
                let thumbprint = report.thumbprint(verdict.id()).map(|thumbprint| thumbprint.to_string());
                thumbprint.unwrap_or_default().chars().take(digits).collect()
            }
            Column::Ends => stored.map(|stored| day(stored.certificate().not_after())).unwrap_or_default(),
            Column::IssuedTo => issued_to(report, verdict),
            Column::Template => {
                let template = stored.and_then(|stored| stored.certificate().template().ok().flatten());
                template.map_or_else(String::new, |template| match template {
                    Template::Version1 { name } => name,
                    Template::Later { oid, .. } => oid.to_string(),
                })
            }
            Column::FriendlyName => stored.and_then(|stored| stored.friendly_name()).unwrap_or_default().to_owned(),
        }
    }
}

/// The columns for a page, each with its width.
fn columns(page: &Page, report: &ReadinessReport<'_>, digits: usize) -> Vec<(Column, usize)> {
    let width = page.width();
    let verdicts = report.selection().verdicts();
    let some = |column: Column| verdicts.iter().any(|verdict| !column.text(report, verdict, digits).is_empty());
    let mut columns = vec![(Column::Step, STEP)];
    columns.extend((width >= RULE_WIDTH).then_some((Column::Rule, 4)));
    columns.push((Column::Thumbprint, digits));
    columns.extend((width >= ENDS_WIDTH).then_some((Column::Ends, 10)));
    let extra: Vec<(Column, usize)> = [Column::Template, Column::FriendlyName]
        .into_iter()
        .filter(|column| width >= NAMES_WIDTH && some(*column))
        .map(|column| (column, EXTRA))
        .collect();
    let used = |columns: &[(Column, usize)]| columns.iter().map(|(_, width)| width + GAP).sum::<usize>();
    let left = width.saturating_sub(used(&columns) + used(&extra));
    columns.push((Column::IssuedTo, if width >= ONE_LINE_WIDTH { NAME } else { left.max(8) }));
    columns.extend(extra);
    columns
}

/// The width of `validity`, and of `rank 10`.
const STEP: usize = 8;

/// How a certificate ended: its step, or its rank.
fn word(verdict: &Verdict) -> (String, Tone) {
    let step = |otherwise: &str| verdict.deciding().map_or(otherwise, |finding| finding.step().name()).to_owned();
    match verdict.kind() {
        VerdictKind::Selected => ("selected".to_owned(), Tone::Good),
        VerdictKind::Candidate => {
            let rank = verdict.place().map(|place| format!("rank {}", place.rank));
            (rank.unwrap_or_else(|| step("longest")), Tone::Doubtful)
        }
        VerdictKind::Rejected | VerdictKind::Unreadable => (step("rejected"), Tone::Bad),
    }
}

/// A row a certificate.
pub(super) fn write(page: &mut Page, report: &ReadinessReport<'_>, order: Order) {
    if report.selection().verdicts().is_empty() {
        return;
    }
    page.blank();
    if let Some(counts) = order::counts(report) {
        page.wrapped(&counts, 0, 2, Some(Tone::Strong));
    }
    let digits = thumbprint_digits(report);
    let columns = columns(page, report, digits);
    let one_line = page.width() >= ONE_LINE_WIDTH;
    let mut header: String = columns.iter().map(|(column, width)| padded(column.title(*width), width + GAP)).collect();
    if one_line {
        header.push_str("REASON");
    }
    let header = page.tone(Tone::Strong, header.trim_end());
    page.line(&header);
    for verdict in order::ordered(report, order) {
        let tone = word(verdict).1;
        let mut row = String::new();
        let mut used = 0;
        for (column, width) in &columns {
            let cell = padded(&cut(&column.text(report, verdict, digits), *width), *width);
            row.push_str(&if *column == Column::Step { page.tone(tone, &cell) } else { cell });
            row.push_str(&" ".repeat(GAP));
            used += width + GAP;
        }
        if !one_line {
            page.line(&row);
            // Where it is narrow the reason needs the room.
            used = if page.width() >= ENDS_WIDTH { STEP + GAP } else { GAP };
            row = " ".repeat(used);
        }
        page.put(&row);
        reason(page, verdict, used);
    }
}

fn padded(text: &str, width: usize) -> String {
    let fill = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(fill))
}

/// On one line, and no wider than the column.
fn cut(text: &str, width: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= width { line } else { beginning(&line, width.saturating_sub(3)) }
}

fn issued_to(report: &ReadinessReport<'_>, verdict: &Verdict) -> String {
    let Some(stored) = report.stores().get(verdict.id()) else {
        return "(unreadable)".to_owned();
    };
    let certificate = stored.certificate();
    match certificate.issued_to() {
        name if !name.is_empty() => name,
        _ => match certificate.subject() {
            subject if subject.is_empty() => "(no name)".to_owned(),
            subject => format!("({subject})"),
        },
    }
}

fn reason(page: &mut Page, verdict: &Verdict, hang: usize) {
    let Some(finding) = verdict.deciding() else {
        page.line("nothing was checked");
        return;
    };
    let mut text = finding.to_string();
    if let basis @ (Basis::Observed | Basis::Assumed) = finding.rule().basis()
        && finding.rejection().is_some()
        && !text.contains("(assumed)")
    {
        // Writing to a string cannot fail.
        let _ = write!(text, " ({})", basis.name());
    }
    page.wrapped(&text, hang, hang, None);
    if let Some(near_miss) = finding.near_miss() {
        page.put(&" ".repeat(hang));
        page.wrapped(&format!("near miss: {near_miss}"), hang, hang, Some(Tone::Doubtful));
    }
    for warning in verdict.warnings() {
        page.put(&" ".repeat(hang));
        page.wrapped(&warning_line(warning), hang, hang, Some(Tone::Quiet));
    }
}
