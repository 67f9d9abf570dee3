//! One row a machine, for spreadsheets. The columns and cells are here; quoting is the writer's.

use super::fleet::{Risk, reasons};
use super::readiness::ReadinessReport;
use crate::select::Outcome;
use crate::shown::{beginning, is_plain, is_unsafe};

/// The columns, in order. Columns may be added at the end, never changed.
pub(crate) const COLUMNS: [&str; 16] = [
    "machine",
    "ready",
    "outcome",
    "hresult",
    "emptied_at",
    "selected",
    "issued_to",
    "issuer",
    "not_after",
    "certificates",
    "reasons",
    "risks",
    "ruleset",
    "now",
    "error",
    "depends_on",
];

/// The most characters of a cell, in UTF-16 units: Excel takes 32,767, and drops or refuses what is longer.
const CELL_UNITS: usize = 32_000;

/// With one of these in front a spreadsheet computes; one of East Asia takes the full-width and small signs as well.
const FORMULA: &str = "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}\u{fe66}\u{fe62}\u{fe63}\u{fe6b}";

/// A text as a cell: one that a spreadsheet would take for a formula gets a `'` in front, control characters become
/// escapes, and it is cut after 32,000 characters. Names come from certificates, which may hold anything.
pub(crate) fn cell(text: &str) -> String {
    if text.len() <= CELL_UNITS && is_plain(text) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return text.to_owned(); // nearly all
    }
    // A spreadsheet drops blanks before it looks for a formula, and another program may undo the escapes.
    let leading = text.trim_start_matches(|c: char| c.is_whitespace() || is_unsafe(c));
    let mut cell = if leading.starts_with(|c| FORMULA.contains(c)) { "'".to_owned() } else { String::new() };
    // Of a text of megabytes only what fits is escaped.
    let mut units = cell.len();
    for c in beginning(text, CELL_UNITS).chars() {
        units += c.len_utf16();
        if units > CELL_UNITS {
            cell.push_str("...");
            break;
        }
        cell.push(c);
    }
    cell
}

/// The row of a machine, one cell a column.
pub(crate) fn row(report: &ReadinessReport<'_>, risks: &[Risk]) -> [String; 16] {
    let selection = report.selection();
    let certificate = report.selected().map(crate::store::StoredCertificate::certificate);
    let text = |text: Option<String>| text.map(|text| cell(&text)).unwrap_or_default();
    let (outcome, emptied_at) = match selection.outcome() {
        Outcome::Selected(_) => ("selected", None),
        Outcome::Ambiguous(_) => ("ambiguous", None),
        Outcome::Nothing { emptied_at, .. } => ("nothing", *emptied_at),
    };
    let reasons: Vec<&str> = reasons(report).into_iter().collect();
    let readings = selection.depends_on().map(|depends_on| depends_on.readings.as_slice()).unwrap_or_default();
    let depends_on: Vec<String> = readings
        .iter()
        .map(|reading| {
            let selected = reading.outcome.selected().and_then(|id| report.thumbprint(id));
            let selected = selected.map_or_else(|| "none".to_owned(), |thumbprint| thumbprint.to_string());
            format!("{}={}:{selected}", reading.choice.setting, reading.choice.value)
        })
        .collect();
    let risks: Vec<&str> = risks.iter().map(|risk| risk.name()).collect();
    [
        cell(report.machine().name()),
        report.is_ready().to_string(),
        outcome.to_owned(),
        report.hresult().to_string(),
        emptied_at.map(|step| step.name().to_owned()).unwrap_or_default(),
        text(certificate.map(|certificate| certificate.thumbprint().to_string())),
        text(certificate.map(crate::certificate::Certificate::issued_to)),
        text(certificate.map(|certificate| certificate.issuer().to_x500_string())),
        text(certificate.map(|certificate| certificate.not_after().to_string())),
        selection.verdicts().len().to_string(),
        reasons.join(" "),
        risks.join(" "),
        selection.ruleset().name().to_owned(),
        selection.now().to_string(),
        String::new(),
        depends_on.join(" "),
    ]
}

/// The row of a machine that cannot be judged.
pub(crate) fn unjudged_row(machine: &str, message: &str) -> [String; 16] {
    let mut row: [String; 16] = Default::default();
    let [first, ready, .., error, _] = &mut row;
    *first = cell(machine);
    *ready = "false".to_owned();
    *error = cell(message);
    row
}
