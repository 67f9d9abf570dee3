//! The command that has no name: judges each machine and says which certificate it selects.

use super::args::{Format, JudgeArgs};
use super::io::{ExitStatus, Io};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::render::{Layout, Rendering, machine_error};
use super::{fleet, stream};
use ccmcertsel::report::ReadinessReport;
use ccmcertsel::report::csv::unjudged_row;
use ccmcertsel::report::fleet::{FleetSummary, risks};
use ccmcertsel::report::text::TextOptions;
use ccmcertsel::shown::one_line;
use std::io;

/// One machine's answer, ready to be written.
struct Answer {
    status: ExitStatus,
    /// For stdout.
    text: String,
    /// For stderr.
    notes: String,
    /// For the summary.
    counted: FleetSummary,
}

/// Judges all machines.
///
/// # Errors
/// Standard output or error cannot be written.
pub fn run(args: &JudgeArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = match Context::new(&args.input.source, &args.settings, io.clock) {
        Ok(context) => context,
        Err(error) => {
            writeln!(io.stderr, "error: {error}")?;
            return Ok(ExitStatus::BadInput);
        }
    };
    let rendering = Rendering::new(&args.output, io.terminal);
    let mut status = ExitStatus::Ready;
    let mut jobs = Jobs::of(&args.input, &mut *io.stdin);
    // A fleet is a stream: two machines are enough to know that there are many.
    let ahead: Vec<Job> = jobs.by_ref().take(2).collect();
    let many = ahead.len() > 1;
    let layout = if many && !args.full { Layout::Line } else { Layout::Whole };
    let progress = fleet::progress(io.terminal, many);
    let mut summary = FleetSummary::new();
    if rendering.format == Format::Csv {
        write!(io.stdout, "{}", fleet::csv_header())?;
    }
    let mut first = true;
    let written = stream::in_order(
        ahead.into_iter().chain(jobs),
        |job| answer(job, args, &context, &rendering, layout),
        |answer| {
            status = status.max(answer.status);
            if !first && layout == Layout::Whole {
                write!(io.stdout, "{}", rendering.between())?;
            }
            first = false;
            progress.inc(1);
            summary.merge(answer.counted);
            write!(io.stdout, "{}", answer.text)?;
            write!(io.stderr, "{}", answer.notes)
        },
    );
    progress.finish_and_clear();
    let written = written.and_then(|()| match (many, rendering.format) {
        (true, Format::Text) => write!(io.stdout, "\n{}", summary.render(rendering.text())),
        (true, Format::Csv) => write!(io.stderr, "{}", summary.render(TextOptions::default())),
        _ => Ok(()),
    });
    match written.and_then(|()| io.stdout.flush()) {
        // The reader has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        Err(error) => Err(error),
        Ok(()) => Ok(status),
    }
}

fn answer(job: Job, args: &JudgeArgs, context: &Context, rendering: &Rendering, layout: Layout) -> Answer {
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
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", one_line(prepared.name.as_str())));
    let mut notes: String = notes.collect();
    let selector = &prepared.selector;
    let report = ReadinessReport::new(selector.stores(), selector.machine(), selector.settings(), selection)
        .with_now_source(prepared.now_source);
    let risks = risks(&report, args.expiring_within);
    let mut counted = FleetSummary::new();
    counted.add(&report, &risks);
    let mut text = rendering.report(&report, &risks, layout);
    if args.explain_settings {
        let explained = prepared.trace.explain(prepared.selector.settings());
        match rendering.format {
            Format::Text => text += &format!("\n{explained}"),
            Format::Json | Format::Log | Format::Csv => {
                notes += &format!("{}: {explained}", one_line(prepared.name.as_str()))
            }
        }
    }
    Answer { status, text, notes, counted }
}

fn failed(error: &MachineError, format: Format) -> Answer {
    let is_path = error.error.path.as_deref().is_some_and(|path| path.as_os_str() == error.machine.as_str());
    let sentence = match is_path {
        true => format!("error: {}\n", error.error),
        false => format!("error: {error}\n"),
    };
    let (text, notes) = match format {
        Format::Json => (machine_error(error), String::new()),
        Format::Csv => (fleet::csv_row(&unjudged_row(&error.machine, &error.error.message)), sentence),
        Format::Text | Format::Log => (String::new(), sentence),
    };
    let mut counted = FleetSummary::new();
    counted.add_unjudged();
    Answer { status: ExitStatus::BadInput, text, notes, counted }
}
