//! The command that has no name: judges each machine and says which certificate it selects.

use super::args::{Format, JudgeArgs};
use super::io::{ExitStatus, Io};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::render::{Rendering, machine_error};
use super::stream;
use std::io;

/// One machine's answer, ready to be written.
struct Answer {
    status: ExitStatus,
    /// For stdout.
    text: String,
    /// For stderr.
    notes: String,
}

/// Judges all machines.
///
/// # Errors
/// Standard output or error cannot be written.
pub fn run(args: &JudgeArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = match Context::new(&args.input, &args.settings, io.clock) {
        Ok(context) => context,
        Err(error) => {
            writeln!(io.stderr, "error: {error}")?;
            return Ok(ExitStatus::BadInput);
        }
    };
    let rendering = Rendering::new(&args.output, io.terminal);
    let mut status = ExitStatus::Ready;
    let mut first = true;
    let jobs = Jobs::new(args.input.machines.clone(), &mut *io.stdin);
    let written = stream::in_order(
        jobs,
        |job| answer(job, args, &context, &rendering),
        |answer| {
            status = status.max(answer.status);
            if !first {
                write!(io.stdout, "{}", rendering.between())?;
            }
            first = false;
            write!(io.stdout, "{}", answer.text)?;
            write!(io.stderr, "{}", answer.notes)
        },
    );
    match written.and_then(|()| io.stdout.flush()) {
        // The reader has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        Err(error) => Err(error),
        Ok(()) => Ok(status),
    }
}

fn answer(job: Job, args: &JudgeArgs, context: &Context, rendering: &Rendering) -> Answer {
    let prepared = match context.read(job).and_then(|input| context.prepare(input)) {
        Ok(prepared) => prepared,
        Err(error) => return failed(&error, rendering.format),
    };
    let selection = match args.audit {
        true => prepared.selector.audit(prepared.now.into()),
        false => prepared.selector.select(prepared.now.into()),
    };
    let status = match selection.selected() {
        Some(_) => ExitStatus::Ready,
        None => ExitStatus::NotReady,
    };
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", prepared.name));
    let mut notes: String = notes.collect();
    let mut text = rendering.selection(&prepared, selection);
    if args.explain_settings {
        let explained = prepared.trace.explain(prepared.selector.settings());
        match rendering.format {
            Format::Text => text += &format!("\n{explained}"),
            Format::Json | Format::Log | Format::Csv => notes += &format!("{}: {explained}", prepared.name),
        }
    }
    Answer { status, text, notes }
}

fn failed(error: &MachineError, format: Format) -> Answer {
    let is_path = error
        .error
        .path
        .as_deref()
        .is_some_and(|path| path.as_os_str() == error.machine.as_str());
    let sentence = match is_path {
        true => format!("error: {}\n", error.error),
        false => format!("error: {}: {}\n", error.machine, error.error),
    };
    let (text, notes) = match format {
        Format::Json => (machine_error(error), String::new()),
        Format::Text | Format::Log | Format::Csv => (String::new(), sentence),
    };
    Answer {
        status: ExitStatus::BadInput,
        text,
        notes,
    }
}
