//! `timeline`: when the selected certificate changes.

use super::args::{AnswerArgs, AnswerFormat};
use super::io::{ExitStatus, Io, ended};
use super::json;
use super::single::{self, OneMachine};
use crate::machine::error::InputError;
use crate::machine::input::instant;
use crate::report::json::TimelineDocument;
use crate::report::what_if;
use crate::revocation::Crls;
use crate::time::Timestamp;
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
    /// The last instant, such as 2027-01-15T09:00:00Z; a year from the first one, where it is not given
    #[arg(long, value_name = "RFC3339")]
    until: Option<String>,
    /// Assume that every CA publishes its next CRL in time: collected CRLs run out within days
    #[arg(long)]
    assume_crls_renewed: bool,
    #[command(flatten)]
    output: AnswerArgs,
}

/// Shows the changes.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &TimelineArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let prepared = match single::read(&args.machine, io) {
        Ok(prepared) => prepared,
        Err(error) => return single::bad_input(&error, io),
    };
    let until = match end(args.until.as_deref(), prepared.now) {
        Ok(until) => until,
        Err(error) => return single::bad_input(&error, io),
    };
    single::notes(&prepared, io)?;
    let crls = prepared.selector.crls();
    let crls =
        if args.assume_crls_renewed { Arc::new(Crls::clone(crls).with_renewal_assumed()) } else { Arc::clone(crls) };
    let selector = prepared.selector.with_crls(crls);
    let timeline = selector.timeline(prepared.now, until);
    let text = match args.output.format {
        AnswerFormat::Json => {
            let document = TimelineDocument { selector: &selector, timeline: &timeline };
            json::line(&document)
        }
        AnswerFormat::Text => what_if::timeline(&selector, &timeline, args.output.layout.options(io.terminal)),
    };
    let outcomes = std::iter::once(&timeline.first).chain(timeline.changes.iter().map(|change| &change.outcome));
    let mut gaps = outcomes.filter(|outcome| outcome.selected().is_none());
    let status = match gaps.next() {
        None => ExitStatus::Ready,
        Some(_) => ExitStatus::NotReady,
    };
    ended(write!(io.stdout, "{text}"), status, io)
}

/// The last instant, which is none before the first.
fn end(given: Option<&str>, now: Timestamp) -> Result<Timestamp, InputError> {
    let Some(given) = given else {
        return Ok(now.plus_seconds(365 * 86400));
    };
    let until = instant(given)?;
    if until < now {
        return Err(InputError::new(format!("is before {now}, the machine's instant, where the timeline begins"))
            .at(given, 0..given.len()));
    }
    Ok(until)
}
