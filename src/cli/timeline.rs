//! `timeline`: when the selected certificate changes.

use super::args::{Format, OutputArgs};
use super::io::{ExitStatus, Io};
use super::machine::instant;
use super::render::Rendering;
use super::single::{self, OneMachine};
use ccmcertsel::report::json::TimelineDocument;
use ccmcertsel::report::what_if;
use clap::Args;
use std::io;

/// The arguments of `timeline`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 a certificate is selected all the time, 1 there is a time without one, 2 bad input."
)]
pub struct TimelineArgs {
    #[command(flatten)]
    machine: OneMachine,
    /// The last instant, such as 2027-01-15T09:00:00Z
    #[arg(long, value_name = "RFC3339")]
    until: String,
    #[command(flatten)]
    output: OutputArgs,
}

/// Shows the changes.
///
/// # Errors
/// Standard output or error cannot be written.
pub fn run(args: &TimelineArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let until = match instant(&args.until) {
        Ok(until) => until,
        Err(error) => return single::bad_input(&error, io),
    };
    let prepared = match single::read(&args.machine, io) {
        Ok(prepared) => prepared,
        Err(error) => return single::bad_input(&error, io),
    };
    single::notes(&prepared, io)?;
    let timeline = prepared.selector.timeline(prepared.now, until);
    let rendering = Rendering::new(&args.output, io.terminal);
    let text = match args.output.format {
        Format::Json => {
            let document = TimelineDocument { selector: &prepared.selector, timeline: &timeline };
            serde_json::to_string(&document).unwrap_or_default() + "\n"
        }
        Format::Text | Format::Log | Format::Csv => what_if::timeline(&prepared.selector, &timeline, rendering.text()),
    };
    write!(io.stdout, "{text}")?;
    io.stdout.flush()?;
    let outcomes = std::iter::once(&timeline.first).chain(timeline.changes.iter().map(|change| &change.outcome));
    let mut gaps = outcomes.filter(|outcome| outcome.selected().is_none());
    Ok(match gaps.next() {
        None => ExitStatus::Ready,
        Some(_) => ExitStatus::NotReady,
    })
}
