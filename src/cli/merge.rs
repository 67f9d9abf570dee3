//! `merge`: the sum of summaries, so that a fleet can be judged in parts, on as many computers as there are.

use super::args::{ColorChoice, LayoutArgs};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::json;
use crate::machine::error::InputError;
use crate::report::fleet::FleetSummary;
use crate::report::json::SummaryDocument;
use clap::{Args, ValueEnum};
use std::io;
use std::path::PathBuf;

/// The arguments of `merge`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 every machine is ready, 1 some machine is not ready, 2 bad input, now or when a part \
                        was judged. What is bad is left out of the sum, and said."
)]
pub(crate) struct MergeArgs {
    /// Files of summaries as --format summary writes them, one a line, or - for stdin
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How the sum is written
    #[arg(long, value_enum, default_value_t)]
    format: MergeFormat,
    /// Whether the text is coloured
    #[arg(long, value_enum, default_value_t)]
    color: ColorChoice,
}

/// How the sum is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
enum MergeFormat {
    /// For people
    #[default]
    Text,
    /// A summary again
    Summary,
}

/// Adds up all summaries.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn run(args: &MergeArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let mut sum = FleetSummary::new();
    let mut broken = false;
    for job in Jobs::new(args.files.clone(), &mut *io.stdin) {
        match summary(job) {
            Ok(summary) => sum.merge(summary),
            Err(error) => {
                broken = true;
                writeln!(io.stderr, "error: {error}")?;
            }
        }
    }
    let layout = LayoutArgs { color: args.color, ..LayoutArgs::default() };
    let text = match args.format {
        MergeFormat::Text => sum.render(layout.options(io.terminal)),
        MergeFormat::Summary => json::line(&SummaryDocument::new(sum.clone())),
    };
    let status = match (sum.unjudged(), sum.incapable()) {
        _ if broken => ExitStatus::BadInput,
        (0, 0) => ExitStatus::Ready,
        (0, _) => ExitStatus::NotReady,
        _ => ExitStatus::BadInput,
    };
    ended(write!(io.stdout, "{text}"), status, io)
}

fn summary(job: Job) -> Result<FleetSummary, InputError> {
    let document = match job {
        Job::Inventory(document) => document,
        Job::Broken(error) => return Err(error),
        Job::Member(member) => {
            return Err(InputError::new("a folder of exports is no summary").in_file(&member.registry));
        }
        Job::Folder(path) => return Err(InputError::new("a folder is no summary").in_file(&path)),
        Job::Export(files) => {
            let error = InputError::new("no summary: --format summary writes them");
            return Err(match files.first() {
                Some(file) => error.in_file(&file.path),
                None => error,
            });
        }
    };
    match serde_json::from_str::<SummaryDocument>(&document.text) {
        Ok(summary) => Ok(summary.into_summary()),
        Err(error) => {
            let message = crate::machine::nearest::rephrase(&format!("no summary: {error}"));
            let error = InputError::new(message).in_file(&document.path);
            Err(match document.line {
                Some(line) => error.on_line(line),
                None => error,
            })
        }
    }
}
