//! `--format html`: one page for all machines, on stdout or in a folder with the details of a large fleet.

use super::choose::MachineChoice;
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::judge::JudgeArgs;
use super::plans;
use super::prepare::{Context, MachineError};
use super::{fleet, single, stream};
use crate::machine::error::InputError;
use crate::report::ReadinessReport;
use crate::report::fleet::risks;
use crate::report::html::{DetailPage, FleetPage, MachinePart, PageOptions};
use crate::report::needs::Needs;
use crate::shown::Shown;
use std::io;
use std::path::Path;

/// The name of the page in a folder.
const INDEX: &str = "index.html";

/// One machine's part, and what is said about it on stderr.
struct RenderedPart {
    status: ExitStatus,
    part: MachinePart,
    notes: String,
}

/// Judges all machines and writes the page.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &JudgeArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let checked = Context::new(&args.input.source, &args.settings, io.clock)
        .and_then(|context| Ok((context, MachineChoice::new(&args.choose)?)));
    let (context, choice) = match checked {
        Ok(checked) => checked,
        Err(error) => return single::bad_input(&error, io),
    };
    let mut options = PageOptions::default();
    if let Some(folder) = &args.out {
        options = options.with_detail_pages();
        if let Err(error) = std::fs::create_dir_all(folder) {
            return single::bad_input(&cannot_write(folder, &error), io);
        }
    }
    let mut page = FleetPage::new(options);
    let mut status = ExitStatus::Ready;
    let mut unwritten = None;
    let progress = fleet::progress(io.terminal, !args.choose.quiet);
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    stream::in_order(
        jobs,
        |job| answer(job, args, &context, &choice),
        |answered| {
            let answer = answered.unwrap_or_else(|error| failed(&error));
            status = status.max(answer.status);
            progress.inc(1);
            if let (Some(details), Some(folder)) = (page.add(answer.part), &args.out)
                && unwritten.is_none()
            {
                unwritten = write(folder, &details).err();
            }
            write!(io.stderr, "{}", answer.notes)
        },
    )?;
    progress.finish_and_clear();
    let finished = page.finish();
    let Some(folder) = &args.out else {
        return ended(write!(io.stdout, "{}", finished.index), status, io);
    };
    let index = DetailPage { name: INDEX.to_owned(), html: finished.index };
    for page in finished.details.iter().chain([&index]) {
        unwritten = unwritten.or_else(|| write(folder, page).err());
    }
    match unwritten {
        Some(error) => single::bad_input(&error, io),
        None => Ok(status),
    }
}

fn write(folder: &Path, page: &DetailPage) -> Result<(), InputError> {
    let path = folder.join(&page.name);
    std::fs::write(&path, &page.html).map_err(|error| cannot_write(&path, &error))
}

fn cannot_write(path: &Path, error: &io::Error) -> InputError {
    InputError::new(format!("cannot be written: {error}")).in_file(path)
}

fn failed(error: &MachineError) -> RenderedPart {
    let part = MachinePart::unjudged(&error.machine, &error.error.message);
    RenderedPart { status: ExitStatus::BadInput, part, notes: format!("error: {error}\n") }
}

fn answer(job: Job, args: &JudgeArgs, context: &Context, choice: &MachineChoice) -> Result<RenderedPart, MachineError> {
    let prepared = context.read(job).and_then(|input| context.prepare(input))?;
    let selector = &prepared.selector;
    let now = prepared.now;
    let asked = selector.clone().with_readings();
    let selection = if args.audit { asked.audit(now) } else { asked.select(now) };
    let status = match selection.selected() {
        Some(_) => ExitStatus::Ready,
        None => ExitStatus::NotReady,
    };
    // What another check rejects as well needs nothing, which an audit knows. It comes first: what it verifies is known then
    // to every model of a plan.
    let audit = ReadinessReport::new(selector, selector.audit(now));
    let report = ReadinessReport::new(selector, selection).with_now_source(prepared.now_source);
    let report = plans::with_nearest(report, selector);
    let risks = risks(&report, args.expiring_within);
    let mut needs = Needs::new();
    needs.add(&audit, selector.crls());
    let mut part = MachinePart::of(&report, &risks).with_needs(needs);
    let shown = choice.shows(&report, &risks);
    if !shown {
        part = part.counted_only();
    }
    let notes = prepared.notes.iter().filter(|_| shown && !args.choose.quiet);
    let notes = notes.map(|note| format!("{}: {note}\n", Shown(prepared.name.as_str()))).collect();
    Ok(RenderedPart { status, part, notes })
}
