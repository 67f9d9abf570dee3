//! `explain`: why not this certificate, or why this one.

use super::args::{AnswerArgs, AnswerFormat};
use super::io::{ExitStatus, Io, ended};
use super::json;
use super::single::{self, OneMachine};
use crate::report::ReadinessReport;
use crate::report::explain::{Explanation, render};
use crate::select::VerdictKind;
use clap::Args;
use std::io;

/// The arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 this certificate is selected, 1 it is not, 2 bad input.\n\n\
                        A machine folder that is called like a command is written ./explain.")]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    machine: OneMachine,
    /// The certificate: its thumbprint, the first digits of it (at least 4), or a file
    #[arg(value_name = "THUMBPRINT|FILE")]
    certificate: String,
    #[command(flatten)]
    output: AnswerArgs,
}

/// Explains one certificate.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &ExplainArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let prepared = match single::read(&args.machine, io) {
        Ok(prepared) => prepared,
        Err(error) => return single::bad_input(&error, io),
    };
    single::notes(&prepared, io)?;
    let selector = &prepared.selector;
    let audit = selector.clone().with_readings().audit(prepared.now);
    let report = ReadinessReport::new(selector, audit).with_now_source(prepared.now_source);
    let id = match single::certificate(&report, &args.certificate) {
        Ok(id) => id,
        Err(error) => return single::bad_input(&error, io),
    };
    let report = report
        .with_plan(id, selector.plan(id, prepared.now))
        .with_beyond(id, selector.rejections_beyond(id, prepared.now));
    let Some(explanation) = Explanation::of(&report, id) else {
        return Ok(ExitStatus::BadInput);
    };
    let text = match args.output.format {
        AnswerFormat::Json => json::line(&explanation),
        AnswerFormat::Text => render(&explanation, args.output.layout.options(io.terminal)),
    };
    let status = match explanation.verdict().kind() {
        VerdictKind::Selected => ExitStatus::Ready,
        VerdictKind::Candidate | VerdictKind::Rejected | VerdictKind::Unreadable => ExitStatus::NotReady,
    };
    ended(write!(io.stdout, "{text}"), status, io)
}
