//! Many machines: a line each, a summary at the end, and progress for those who wait.

use super::io::Terminal;
use ccmcertsel::report::csv;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// Rows as a spreadsheet reads them.
pub fn csv_row(cells: &[impl AsRef<str>]) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and strings are UTF-8.
    let _ = writer.write_record(cells.iter().map(AsRef::as_ref));
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The first row.
pub fn csv_header() -> String {
    csv_row(&csv::COLUMNS)
}

/// Counts machines on stderr, where someone sees it and the answers do not stand on the same terminal.
pub fn progress(terminal: Terminal, many: bool) -> ProgressBar {
    if !many || !terminal.progress || terminal.width.is_some() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} machines, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
