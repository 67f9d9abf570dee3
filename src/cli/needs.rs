//! `needs`: what the answers of a fleet depend on, before a rollout and for a second run.

use super::args::{InputArgs, SettingArgs, TableArgs, TableFormat};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::{fleet, json, single, stream};
use crate::report::ReadinessReport;
use crate::report::needs::{COLUMNS, Needs, render, rows};
use crate::shown::Shown;
use clap::Args;
use std::io;

/// The arguments of `needs`.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 nothing is missing, 1 something has to be fetched, installed or found out, \
                        2 bad input.")]
pub(crate) struct NeedsArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    output: TableArgs,
}

/// Collects what all machines need.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &NeedsArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = match Context::new(&args.input.source, &args.settings, io.clock) {
        Ok(context) => context,
        Err(error) => return single::bad_input(&error, io),
    };
    let mut needs = Needs::new();
    let mut broken = false;
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    stream::in_order(
        jobs,
        |job| collect(job, &context),
        |collected| match collected {
            Ok((machine, notes)) => {
                needs.merge(machine);
                write!(io.stderr, "{notes}")
            }
            Err(error) => {
                broken = true;
                writeln!(io.stderr, "error: {error}")
            }
        },
    )?;
    let text = match args.output.format {
        TableFormat::Json => json::line(&needs),
        TableFormat::Csv => {
            let rows: String = rows(&needs).iter().map(|row| fleet::csv_row(row, args.output.cells)).collect();
            fleet::csv_header(&COLUMNS, args.output.cells) + &rows
        }
        TableFormat::Text => render(&needs, args.output.layout.options(io.terminal)),
    };
    let status = match (broken, needs.is_complete()) {
        (true, _) => ExitStatus::BadInput,
        (false, false) => ExitStatus::NotReady,
        (false, true) => ExitStatus::Ready,
    };
    ended(write!(io.stdout, "{text}"), status, io)
}

/// One machine's needs, and what is worth saying about its input.
fn collect(job: Job, context: &Context) -> Result<(Needs, String), MachineError> {
    let prepared = context.read(job).and_then(|input| context.prepare(input))?;
    let selector = &prepared.selector;
    let audit = selector.audit(prepared.now);
    let report = ReadinessReport::new(selector, audit);
    let mut needs = Needs::new();
    needs.add(&report, selector.crls());
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", Shown(prepared.name.as_str()))).collect();
    Ok((needs, notes))
}
