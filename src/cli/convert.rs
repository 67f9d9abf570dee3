//! `convert`: machines become inventories, one line each, so that a fleet can be collected into one `.jsonl`.

use super::args::{InputArgs, SettingArgs};
use super::io::{ExitStatus, Io};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::stream;
use clap::Args;
use std::io;

/// The arguments of `convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    #[command(flatten)]
    input: InputArgs,
}

/// Converts all inputs.
///
/// # Errors
/// Standard output or error cannot be written.
pub fn run(args: &ConvertArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
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
                writeln!(io.stdout, "{line}")?;
                write!(io.stderr, "{notes}")
            }
            Err(error) => {
                status = ExitStatus::BadInput;
                writeln!(io.stderr, "error: {error}")
            }
        },
    );
    match written.and_then(|()| io.stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        Err(error) => Err(error),
        Ok(()) => Ok(status),
    }
}

fn convert(job: Job, context: &Context) -> Result<(String, String), MachineError> {
    let mut input = context.read(job)?;
    let name = input.machine.name().to_owned();
    let mut notes: String = input.collected.notes.iter().map(|note| format!("{name}: {note}\n")).collect();
    for (place, error) in &input.collected.bad_crls {
        notes += &format!("{name}: {place}: {error}; it is left out (V-8)\n");
    }
    input.collected.crls.extend(context.crls().iter().cloned());
    // Strings and numbers always serialize.
    let line = serde_json::to_string(&input.into_inventory(context.given_now())).unwrap_or_default();
    Ok((line, notes))
}
