//! `--format ics`: when the selected certificates of the chosen machines end, as a calendar.

use super::choose::MachineChoice;
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::judge::JudgeArgs;
use super::prepare::{Context, MachineError};
use super::{fleet, single, stream};
use crate::machine::error::InputError;
use crate::report::ReadinessReport;
use crate::report::calendar::Calendar;
use crate::report::fleet::risks;
use crate::shown::Shown;
use crate::time::Timestamp;
use std::io;

/// One machine: whether it is ready, what goes into the calendar, and what is said on stderr.
struct MachineEnds {
    status: ExitStatus,
    machine: String,
    /// When it was judged.
    now: Timestamp,
    /// The CA and the end of what it selects.
    selected: Option<(String, Timestamp)>,
    notes: String,
}

/// Judges all machines and writes the calendar.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &JudgeArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    if args.out.is_some() {
        return single::bad_input(&InputError::new("--out is for --format html"), io);
    }
    let checked = Context::new(&args.input.source, &args.settings, io.clock)
        .and_then(|context| Ok((context, MachineChoice::new(&args.choose)?)));
    let (context, choice) = match checked {
        Ok(checked) => checked,
        Err(error) => return single::bad_input(&error, io),
    };
    let mut calendar = Calendar::default();
    let mut status = ExitStatus::Ready;
    // The same machines at the same instant give the same calendar, whenever that is written.
    let mut stamp = None;
    let progress = fleet::progress(io.terminal, !args.choose.quiet);
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    stream::in_order(
        jobs,
        |job| ends(job, args, &context, &choice),
        |judged| {
            progress.inc(1);
            match judged {
                Ok(ends) => {
                    status = status.max(ends.status);
                    stamp = stamp.max(Some(ends.now));
                    if let Some((ca, end)) = ends.selected {
                        calendar.add(&ends.machine, &ca, end);
                    }
                    write!(io.stderr, "{}", ends.notes)
                }
                Err(error) => {
                    status = ExitStatus::BadInput;
                    writeln!(io.stderr, "error: {error}")
                }
            }
        },
    )?;
    progress.finish_and_clear();
    ended(write!(io.stdout, "{}", calendar.render(stamp.unwrap_or(io.clock))), status, io)
}

fn ends(job: Job, args: &JudgeArgs, context: &Context, choice: &MachineChoice) -> Result<MachineEnds, MachineError> {
    let prepared = context.read(job).and_then(|input| context.prepare(input))?;
    let selector = &prepared.selector;
    let selection = selector.select(prepared.now);
    let report = ReadinessReport::new(selector, selection);
    let shown = choice.shows(&report, &risks(&report, args.expiring_within));
    let notes = prepared.notes.iter().filter(|_| shown && !args.choose.quiet);
    let selected = report.selected().map(|stored| stored.certificate()).filter(|_| shown);
    Ok(MachineEnds {
        status: if report.is_ready() { ExitStatus::Ready } else { ExitStatus::NotReady },
        machine: prepared.name.clone(),
        now: prepared.now,
        selected: selected.map(|certificate| (certificate.issuer().to_x500_string(), certificate.not_after())),
        notes: notes.map(|note| format!("{}: {note}\n", Shown(prepared.name.as_str()))).collect(),
    })
}
