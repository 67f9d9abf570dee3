//! `convert`: machines become inventories, one line each, so that a fleet can be collected into one `.jsonl`.

use super::args::{InputArgs, SettingArgs};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::{json, stream};
use crate::shown::{Shown, one_line};
use clap::Args;
use std::io;

/// The arguments of `convert`.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 every input is written, 2 bad input.")]
pub(crate) struct ConvertArgs {
    #[command(flatten)]
    input: InputArgs,
}

/// Converts all inputs.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &ConvertArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = match Context::new(&args.input.source, &SettingArgs::default(), io.clock) {
        Ok(context) => context,
        Err(error) => {
            writeln!(io.stderr, "error: {error}")?;
            return Ok(ExitStatus::BadInput);
        }
    };
    let mut status = ExitStatus::Ready;
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    let written = stream::in_order(
        jobs,
        |job| convert(job, &context),
        |converted| match converted {
            Ok((line, notes)) => {
                write!(io.stdout, "{line}")?;
                write!(io.stderr, "{notes}")
            }
            Err(error) => {
                status = ExitStatus::BadInput;
                writeln!(io.stderr, "error: {error}")
            }
        },
    );
    ended(written, status, io)
}

fn convert(job: Job, context: &Context) -> Result<(String, String), MachineError> {
    let mut input = context.read(job)?;
    let name = input.machine.name().to_owned();
    let name = Shown(&name);
    // A note names its file, whose name may hold anything.
    let mut notes: String = input.collected.notes.iter().map(|note| format!("{name}: {}\n", one_line(note))).collect();
    for (place, error) in &input.collected.bad_crls {
        notes += &format!("{name}: {}: {error}; it is left out (V-8)\n", one_line(place));
    }
    input.collected.crls.extend(context.crls().iter().cloned());
    let line = json::line(&input.into_inventory(context.given_now()));
    Ok((line, notes))
}
