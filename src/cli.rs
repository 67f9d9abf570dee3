//! The command line: arguments and files become values of the library, and its report becomes text.

mod args;
mod check_log;
mod choose;
mod compare;
mod connect;
mod convert;
mod explain;
mod export;
mod fleet;
mod html;
mod ics;
mod io;
mod isolated;
mod jobs;
mod json;
mod judge;
mod manual;
mod members;
mod merge;
mod needs;
mod over_time;
mod plans;
mod prepare;
mod render;
mod settings;
mod single;
mod site;
mod slash;
mod stream;
mod suggest;
mod this_computer;
mod timeline;
mod transition;

pub use io::{ExitStatus, Io, Terminal};

use clap::{CommandFactory, Parser, Subcommand};
use io::Unfailing;
use std::ffi::OsString;

/// Says which PKI certificate a Configuration Manager client selects, and why not the others.
#[derive(Debug, Parser)]
#[command(
    name = "cmhttpsreadiness",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    max_term_width = 100,
    after_help = "The product's own options work as well, in any case: /Store:NAME /Issuers:LIST /Criteria:CRITERIA \
                  /SelectFirstCert. A machine folder that is called like a command is written ./explain.\n\n\
                  Exit status: 0 every machine is ready, 1 some machine is not ready, 2 bad input, or the answer cannot be \
                  written. When the reader of the answers goes away, as head does, it is the status of those before."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    judge: judge::JudgeArgs,
}

/// Each command is one file of the folder `cli`, with the arguments that are its own.
#[derive(Debug, Subcommand)]
enum Command {
    /// Why not this certificate (or why this one), and what would have to change
    Explain(explain::ExplainArgs),
    /// Which machines change, gain or lose their certificate under other settings
    Compare(compare::CompareArgs),
    /// When the selected certificate changes
    Timeline(timeline::TimelineArgs),
    /// Criteria under which a certificate is the only one that passes
    Suggest(suggest::SuggestArgs),
    /// Writes inventories, one JSON document a line, from folders, exports and inventories
    Convert(convert::ConvertArgs),
    /// Says which certificate the client selects for a server, whether that accepts it, and which side to change
    Connect(connect::ConnectArgs),
    /// What a site tells its clients, and whether a client knows the site by its keys
    Site(site::SiteArgs),
    /// Writes the completions of a shell
    Completions(manual::CompletionsArgs),
    /// Writes a page of the manual
    Man(manual::ManArgs),
    /// Adds up summaries of parts of a fleet (--format summary)
    Merge(merge::MergeArgs),
    /// What the answers depend on: CRLs, CA certificates and templates, by number of machines
    Needs(needs::NeedsArgs),
    /// Whether a client's log agrees with what is predicted for it
    CheckLog(check_log::CheckLogArgs),
    /// Which machines are ready, and which would be lost, in each phase of the way to HTTPS only
    Transition(transition::TransitionArgs),
}

/// Runs one command line; the first argument is the program's name.
pub fn run(args: impl Iterator<Item = OsString>, io: &mut Io<'_>) -> ExitStatus {
    isolated::quieten();
    let mut stderr = Unfailing(&mut *io.stderr);
    let mut io = Io { stdin: &mut *io.stdin, stdout: &mut *io.stdout, stderr: &mut stderr, ..*io };
    let done = isolated::isolated(|| command(args, &mut io));
    let problem = match done {
        Ok(Ok(status)) => return status,
        Ok(Err(error)) => format!("cannot write the answer: {error}"),
        Err(fault) => fault.to_string(),
    };
    // Nothing more can be said where stderr is gone as well.
    let _ = writeln!(io.stderr, "error: {problem}");
    ExitStatus::BadInput
}

fn command(args: impl Iterator<Item = OsString>, io: &mut Io<'_>) -> std::io::Result<ExitStatus> {
    let cli = match Cli::try_parse_from(slash::rewrite(args)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, io),
    };
    match cli.command {
        Some(Command::Explain(args)) => explain::run(&args, io),
        Some(Command::Compare(args)) => compare::run(&args, io),
        Some(Command::Timeline(args)) => timeline::run(&args, io),
        Some(Command::Suggest(args)) => suggest::run(&args, io),
        Some(Command::Convert(args)) => convert::run(&args, io),
        Some(Command::Connect(args)) => connect::run(&args, io),
        Some(Command::Site(args)) => site::run(&args, io),
        Some(Command::Completions(args)) => manual::completions(&args, Cli::command(), io),
        Some(Command::Man(args)) => manual::man(&args, Cli::command(), io),
        Some(Command::Merge(args)) => merge::run(&args, io),
        Some(Command::Needs(args)) => needs::run(&args, io),
        Some(Command::CheckLog(args)) => check_log::run(&args, io),
        Some(Command::Transition(args)) => transition::run(&args, io),
        None => match cli.judge.output.format {
            args::OutputFormat::Html => html::run(&cli.judge, io),
            args::OutputFormat::Ics => ics::run(&cli.judge, io),
            args::OutputFormat::Text
            | args::OutputFormat::Json
            | args::OutputFormat::Log
            | args::OutputFormat::Csv
            | args::OutputFormat::Summary => judge::run(&cli.judge, io),
        },
    }
}

/// Help and version are answers; anything else that clap says is bad input.
fn usage(error: &clap::Error, io: &mut Io<'_>) -> std::io::Result<ExitStatus> {
    let text = error.render();
    if error.use_stderr() {
        write!(io.stderr, "{text}")?;
        return Ok(ExitStatus::BadInput);
    }
    let written = write!(io.stdout, "{text}");
    io::ended(written, ExitStatus::Ready, io)
}
