//! `timeline`: when the selected certificate changes.

use super::args::{Format, OutputArgs};
use super::io::{ExitStatus, Io, ended};
use super::json;
use super::machine::instant;
use super::render::Rendering;
use super::single::{self, OneMachine};
use crate::Crls;
use crate::report::json::TimelineDocument;
use crate::report::what_if;
use clap::Args;
use std::io;
use std::sync::Arc;

/// The arguments of `timeline`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 a certificate is selected all the time, 1 there is a time without one, 2 bad input."
)]
pub(crate) struct TimelineArgs {
    #[command(flatten)]
    machine: OneMachine,
    /// The last instant, such as 2027-01-15T09:00:00Z
    #[arg(long, value_name = "RFC3339")]
    until: String,
    /// Assume that every CA publishes its next CRL in time: collected CRLs run out within days
    #[arg(long)]
    assume_crls_renewed: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Shows the changes.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &TimelineArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let until = match instant(&args.until) {
        Ok(until) => until,
        Err(error) => return single::bad_input(&error, io),
    };
    let prepared = match single::read(&args.machine, io) {
        Ok(prepared) => prepared,
        Err(error) => return single::bad_input(&error, io),
    };
    single::notes(&prepared, io)?;
    let crls = prepared.selector.crls();
    let crls = match args.assume_crls_renewed {
        true => Arc::new(Crls::clone(crls).with_renewal_assumed()),
        false => Arc::clone(crls),
    };
    let selector = prepared.selector.with_crls(crls);
    let timeline = selector.timeline(prepared.now, until);
    let rendering = Rendering::new(&args.output, io.terminal);
    let text = match args.output.format {
        Format::Json => {
            let document = TimelineDocument { selector: &selector, timeline: &timeline };
            json::line(&document)
        }
        Format::Text | Format::Log | Format::Csv | Format::Html | Format::Ics | Format::Summary => {
            what_if::timeline(&selector, &timeline, rendering.text())
        }
    };
    let outcomes = std::iter::once(&timeline.first).chain(timeline.changes.iter().map(|change| &change.outcome));
    let mut gaps = outcomes.filter(|outcome| outcome.selected().is_none());
    let status = match gaps.next() {
        None => ExitStatus::Ready,
        Some(_) => ExitStatus::NotReady,
    };
    ended(write!(io.stdout, "{text}"), status, io)
}
