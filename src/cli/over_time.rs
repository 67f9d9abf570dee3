//! `compare OLD --against NEW`: two collections of a fleet, and what happened to each machine between them.

use super::args::{AnswerArgs, AnswerFormat, InputArgs, SettingArgs};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::{fleet, json, single, stream};
use crate::report::ReadinessReport;
use crate::report::fleet::{Risk, risks};
use crate::report::over_time::{MachineMovement, Movement, Snapshot};
use crate::report::text::TextOptions;
use crate::shown::Shown;
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A risk of expiry is one of the next month, as for a judgement without options.
const EXPIRING_WITHIN: u32 = 30;

/// The earlier collection: by the name in capitals, the name as it stands there and how the machine stood.
type Earlier = BTreeMap<String, (String, Snapshot)>;

/// Judges a machine and hands its report on.
fn judged<R>(
    job: Job,
    context: &Context,
    then: impl FnOnce(&ReadinessReport<'_>, &[Risk]) -> R,
) -> Result<(R, String), MachineError> {
    let prepared = context.read(job).and_then(|input| context.prepare(input))?;
    let selector = &prepared.selector;
    let selection = selector.select(prepared.now);
    let report = ReadinessReport::new(selector, selection);
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", Shown(prepared.name.as_str()))).collect();
    Ok((then(&report, &risks(&report, EXPIRING_WITHIN)), notes))
}

/// Reads the earlier collection, then tells the later one against it.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(
    earlier: &InputArgs,
    later: &[PathBuf],
    settings: &SettingArgs,
    output: &AnswerArgs,
    io: &mut Io<'_>,
) -> io::Result<ExitStatus> {
    let context = match Context::new(&earlier.source, settings, io.clock) {
        Ok(context) => context,
        Err(error) => return single::bad_input(&error, io),
    };
    let mut broken = false;
    let mut before = read(earlier, &context, &mut broken, io)?;
    let (format, layout) = (output.format, output.layout.options(io.terminal));
    let mut counts: BTreeMap<Movement, u64> = BTreeMap::new();
    let progress = fleet::progress(io.terminal, true);
    let later = InputArgs { machines: later.to_vec(), source: earlier.source.clone() };
    let jobs = Jobs::of(&later, &mut *io.stdin);
    let known = &before;
    let mut met: HashSet<String> = HashSet::new();
    let written = stream::in_order(
        jobs,
        |job| {
            let of = |report: &ReadinessReport<'_>, risks: &[Risk]| {
                let snapshot = known.get(&key(report.machine().name())).map(|(_, snapshot)| snapshot.clone());
                MachineMovement::of(snapshot, report, risks)
            };
            judged(job, &context, of)
        },
        |compared| {
            progress.inc(1);
            let (change, notes) = compared.unwrap_or_else(|error| {
                broken = true;
                let snapshot = known.get(&key(&error.machine)).map(|(_, snapshot)| snapshot.clone());
                (MachineMovement::unjudged(&error.machine, snapshot, &error.error.message), format!("error: {error}\n"))
            });
            met.insert(key(change.machine()));
            *counts.entry(change.movement()).or_default() += 1;
            write!(io.stdout, "{}", told(&change, format, layout))?;
            write!(io.stderr, "{notes}")
        },
    );
    progress.finish_and_clear();
    before.retain(|name, _| !met.contains(name));
    let written = written.and_then(|()| {
        for (name, snapshot) in before.into_values() {
            *counts.entry(Movement::Gone).or_default() += 1;
            write!(io.stdout, "{}", told(&MachineMovement::gone(&name, snapshot), format, layout))?;
        }
        if format == AnswerFormat::Text {
            writeln!(io.stdout, "summary")?;
            for (movement, count) in &counts {
                writeln!(io.stdout, "{count:>8}  {}", movement.words())?;
            }
        }
        Ok(())
    });
    let lost = counts.contains_key(&Movement::Lost) || counts.contains_key(&Movement::Broken);
    let status = match (broken, lost) {
        (true, _) => ExitStatus::BadInput,
        (false, true) => ExitStatus::NotReady,
        (false, false) => ExitStatus::Ready,
    };
    ended(written, status, io)
}

/// In text, machines that are as before are counted only.
fn told(change: &MachineMovement, format: AnswerFormat, layout: TextOptions) -> String {
    match format {
        AnswerFormat::Json => json::line(change),
        AnswerFormat::Text if change.movement() == Movement::Same && change.because().is_empty() => String::new(),
        AnswerFormat::Text => change.render(layout) + "\n",
    }
}

fn read(earlier: &InputArgs, context: &Context, broken: &mut bool, io: &mut Io<'_>) -> io::Result<Earlier> {
    let mut known: Earlier = BTreeMap::new();
    let mut settings: HashSet<Arc<[String]>> = HashSet::new();
    let progress = fleet::progress(io.terminal, true);
    let jobs = Jobs::of(earlier, &mut *io.stdin);
    let keep = |report: &ReadinessReport<'_>, risks: &[Risk]| {
        (report.machine().name().to_owned(), Snapshot::of(report, risks))
    };
    stream::in_order(
        jobs,
        |job| judged(job, context, keep),
        |kept| {
            progress.inc(1);
            let ((name, snapshot), notes) = kept.unwrap_or_else(|error| {
                *broken = true;
                let snapshot = Snapshot::unjudged(&error.error.message);
                ((error.machine.clone(), snapshot), format!("error: {error}\n"))
            });
            write!(io.stderr, "{notes}")?;
            let snapshot = snapshot.sharing(&mut settings);
            // Of two documents about a machine the later one counts, as with the collection itself.
            match known.get(&key(&name)) {
                Some((_, other)) if other.now() > snapshot.now() => {}
                _ => drop(known.insert(key(&name), (name, snapshot))),
            }
            Ok::<_, io::Error>(())
        },
    )?;
    progress.finish_and_clear();
    Ok(known)
}

/// Names of computers are compared without case.
fn key(name: &str) -> String {
    name.to_ascii_uppercase()
}
