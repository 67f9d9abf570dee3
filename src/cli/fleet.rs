//! Many machines: a line each, a summary at the end, and progress for those who wait.

use super::args::CellArgs;
use super::io::Terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// A row as a spreadsheet reads it; a cell that holds the separator is quoted.
pub(crate) fn csv_row(cells: &[impl AsRef<str>], how: CellArgs) -> String {
    let room = cells.iter().map(|cell| cell.as_ref().len() + 3).sum(); // with quotes and a separator
    let mut writer =
        ::csv::WriterBuilder::new().delimiter(how.csv_separator.byte()).buffer_capacity(room).from_writer(Vec::new());
    // Writing to memory cannot fail, and strings are UTF-8.
    let _ = writer.write_record(cells.iter().map(AsRef::as_ref));
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The first row, behind the byte order mark where one is asked for.
pub(crate) fn csv_header(columns: &[&str], how: CellArgs) -> String {
    let mark = if how.csv_bom { "\u{feff}" } else { "" };
    mark.to_owned() + &csv_row(columns, how)
}

/// Counts machines on stderr, where someone sees it and the answers do not stand on the same terminal.
pub(crate) fn progress(terminal: Terminal, many: bool) -> ProgressBar {
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
