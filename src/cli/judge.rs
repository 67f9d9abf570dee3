//! The command that has no name: judges each machine and says which certificate it selects.

use super::args::{InputArgs, OutputArgs, OutputFormat, SettingArgs};
use super::choose::{ChooseArgs, MachineChoice, SummaryPlace};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::render::{Layout, Rendering, machine_error};
use super::single::bad_input;
use super::{fleet, json, plans, stream};
use crate::machine::error::InputError;
use crate::report::ReadinessReport;
use crate::report::csv::{COLUMNS, unjudged_row};
use crate::report::fleet::{FleetSummary, risks};
use crate::report::json::SummaryDocument;
use crate::report::text::{Detail, TextOptions};
use crate::shown::Shown;
use clap::Args;
use std::io;
use std::path::PathBuf;

/// Judging machines: the command that has no name.
#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub settings: SettingArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Run every step on every certificate, instead of stopping at the first rejection
    #[arg(long)]
    pub audit: bool,
    /// Also show each effective setting, its source and what it displaced
    #[arg(long)]
    pub explain_settings: bool,
    #[command(flatten)]
    pub choose: ChooseArgs,
    /// With several machines: the whole report of each, instead of a line each and a summary
    #[arg(long)]
    pub full: bool,
    /// With several machines: those are at risk whose certificate expires within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub expiring_within: u32,
    /// With --format html: write the page to DIR/index.html, and the certificates of all machines beyond the first 500 to
    /// pages beside it
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// One machine's answer, ready to be written.
struct RenderedAnswer {
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
pub(crate) fn run(args: &JudgeArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let checked = Context::new(&args.input.source, &args.settings, io.clock)
        .and_then(|context| Ok((context, MachineChoice::new(&args.choose)?)));
    let (context, choice) = match checked {
        Ok(checked) => checked,
        Err(error) => return bad_input(&error, io),
    };
    if args.out.is_some() {
        return bad_input(&InputError::new("--out is for --format html"), io);
    }
    let detail = if args.audit { Detail::Audit } else { Detail::Answer };
    let rendering = Rendering::new(&args.output, io.terminal).with_detail(detail);
    let mut status = ExitStatus::Ready;
    let mut jobs = Jobs::of(&args.input, &mut *io.stdin);
    // A fleet is a stream: two machines are enough to know that there are many.
    let ahead: Vec<Job> = jobs.by_ref().take(2).collect();
    let many = ahead.len() > 1;
    let layout = if many && !args.full { Layout::Line } else { Layout::Whole };
    let progress = fleet::progress(io.terminal, many && !args.choose.quiet);
    let place = args.choose.summary;
    let mut held = String::new();
    let mut summary = FleetSummary::new();
    if rendering.format == OutputFormat::Csv {
        write!(io.stdout, "{}", fleet::csv_header(&COLUMNS, args.output.cells))?;
    }
    let mut first = true;
    let written = stream::in_order(
        ahead.into_iter().chain(jobs),
        |job| answer(job, args, &context, &choice, &rendering, layout),
        |answered| {
            let answer = answered.unwrap_or_else(|error| failed(&error, &rendering));
            status = status.max(answer.status);
            progress.inc(1);
            summary.merge(answer.counted);
            write!(io.stderr, "{}", answer.notes)?;
            if answer.text.is_empty() {
                return Ok(());
            }
            let between = if !first && layout == Layout::Whole { rendering.between() } else { "" };
            first = false;
            match (place, rendering.format) {
                (SummaryPlace::First, OutputFormat::Text) => held += &format!("{between}{}", answer.text),
                (SummaryPlace::Only, OutputFormat::Text) => {}
                _ => write!(io.stdout, "{between}{}", answer.text)?,
            }
            Ok(())
        },
    );
    progress.finish_and_clear();
    let written = written.and_then(|()| match (rendering.format, place) {
        (OutputFormat::Summary, _) => write!(io.stdout, "{}", json::line(&SummaryDocument::new(summary))),
        (OutputFormat::Text, SummaryPlace::None) => Ok(()),
        (OutputFormat::Text, SummaryPlace::First) if many => {
            write!(io.stdout, "{}\n{held}", summary.render(rendering.text()))
        }
        (OutputFormat::Text, SummaryPlace::First) => write!(io.stdout, "{held}"),
        (OutputFormat::Text, SummaryPlace::Only) => write!(io.stdout, "{}", summary.render(rendering.text())),
        (OutputFormat::Text, SummaryPlace::Last) if many => {
            write!(io.stdout, "{}{}", if first { "" } else { "\n" }, summary.render(rendering.text()))
        }
        (OutputFormat::Csv, _) if many && !args.choose.quiet => {
            write!(io.stderr, "{}", summary.render(TextOptions::default()))
        }
        (
            OutputFormat::Text
            | OutputFormat::Json
            | OutputFormat::Log
            | OutputFormat::Csv
            | OutputFormat::Html
            | OutputFormat::Ics,
            _,
        ) => Ok(()),
    });
    ended(written, status, io)
}

fn answer(
    job: Job,
    args: &JudgeArgs,
    context: &Context,
    choice: &MachineChoice,
    rendering: &Rendering,
    layout: Layout,
) -> Result<RenderedAnswer, MachineError> {
    let prepared = context.read(job).and_then(|input| context.prepare(input))?;
    let asked = prepared.selector.clone();
    // A log says nothing about other readings.
    let asked = if rendering.format == OutputFormat::Log { asked } else { asked.with_readings() };
    let selection = if args.audit { asked.audit(prepared.now) } else { asked.select(prepared.now) };
    let status = match selection.selected() {
        Some(_) => ExitStatus::Ready,
        None => ExitStatus::NotReady,
    };
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", Shown(prepared.name.as_str())));
    let mut notes: String = notes.collect();
    let selector = &prepared.selector;
    let report = ReadinessReport::new(selector, selection).with_now_source(prepared.now_source);
    let report = if plans::are_told(rendering.format, layout) { plans::with_nearest(report, selector) } else { report };
    let risks = risks(&report, args.expiring_within);
    let mut counted = FleetSummary::new();
    counted.add(&report, &risks);
    if !choice.shows(&report, &risks) {
        return Ok(RenderedAnswer { status, text: String::new(), notes: String::new(), counted });
    }
    let mut text = rendering.report(&report, &risks, layout);
    if args.explain_settings {
        let explained = prepared.trace.explain(prepared.selector.settings());
        match rendering.format {
            OutputFormat::Text => text += &format!("\n{explained}"),
            OutputFormat::Json
            | OutputFormat::Log
            | OutputFormat::Csv
            | OutputFormat::Html
            | OutputFormat::Ics
            | OutputFormat::Summary => notes += &format!("{}: {explained}", Shown(prepared.name.as_str())),
        }
    }
    if args.choose.quiet {
        notes.clear();
    }
    Ok(RenderedAnswer { status, text, notes, counted })
}

fn failed(error: &MachineError, rendering: &Rendering) -> RenderedAnswer {
    let sentence = format!("error: {error}\n");
    let (text, notes) = match rendering.format {
        OutputFormat::Json => (machine_error(error), String::new()),
        OutputFormat::Csv => (rendering.csv_row(&unjudged_row(&error.machine, &error.error.message)), sentence),
        OutputFormat::Text | OutputFormat::Log | OutputFormat::Html | OutputFormat::Ics | OutputFormat::Summary => {
            (String::new(), sentence)
        }
    };
    let mut counted = FleetSummary::new();
    counted.add_unjudged();
    RenderedAnswer { status: ExitStatus::BadInput, text, notes, counted }
}
