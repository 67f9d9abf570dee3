//! `connect`: end to end, which certificate the client selects and whether the server accepts it.

mod answer;
mod server_file;

use super::args::{Format, InputArgs, OutputArgs, SettingArgs};
use super::io::{ExitStatus, Io};
use super::jobs::{Job, Jobs};
use super::prepare::Context;
use super::stream;
use answer::Answer;
use ccmcertsel::{Certificate, Selection, StoreName, Stores};
use clap::Args;
use server_file::Server;
use std::io;
use std::path::PathBuf;

/// The arguments of `connect`: both ends of a connection.
#[derive(Debug, Args)]
pub struct ConnectArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The server: a management point or a cloud management gateway, in TOML
    #[arg(long, value_name = "SERVER.toml", help_heading = "Input")]
    to: PathBuf,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Judges the connection of each machine to the server.
///
/// # Errors
/// Standard output or error cannot be written.
pub fn run(args: &ConnectArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = Context::new(&args.input.source, &args.settings, io.clock);
    let server = Server::read(&args.to);
    let (context, server) = match (context, server) {
        (Ok(context), Ok(server)) => (context, server),
        (Err(error), _) | (_, Err(error)) => {
            writeln!(io.stderr, "error: {error}")?;
            return Ok(ExitStatus::BadInput);
        }
    };
    let mut status = ExitStatus::Ready;
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    let written = stream::in_order(
        jobs,
        |job| connect(job, &context, &server, args.output.format),
        |(one, text, notes)| {
            status = status.max(one);
            write!(io.stdout, "{text}")?;
            write!(io.stderr, "{}{notes}", server.notes_once())
        },
    );
    match written.and_then(|()| io.stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        Err(error) => Err(error),
        Ok(()) => Ok(status),
    }
}

fn connect(job: Job, context: &Context, server: &Server, format: Format) -> (ExitStatus, String, String) {
    let prepared = match context.read(job).and_then(|input| context.prepare(input)) {
        Ok(prepared) => prepared,
        Err(error) => {
            let sentence = format!("error: {error}\n");
            return (ExitStatus::BadInput, String::new(), sentence);
        }
    };
    let now = prepared.now.into();
    let selection = prepared.selector.select(now);
    let presented = presented(prepared.selector.stores(), &selection);
    let judgement = server.judge(&presented, now);
    let status = match judgement.is_accepted() {
        true => ExitStatus::Ready,
        false => ExitStatus::NotReady,
    };
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", prepared.name)).collect();
    let answer = Answer {
        machine: &prepared.name,
        selection: &selection,
        selected: presented.first(),
        server,
        judgement: &judgement,
    };
    let text = match format {
        Format::Json => answer.json(),
        Format::Text | Format::Log | Format::Csv => answer.text(),
    };
    (status, text, notes)
}

/// What the client sends: its certificate and the intermediates; the server has the root.
fn presented(stores: &Stores, selection: &Selection) -> Vec<Certificate> {
    let root = StoreName::new(StoreName::ROOT);
    let verdict = selection.selected().and_then(|id| selection.verdict(id));
    let path = verdict.map(|verdict| verdict.path()).unwrap_or_default().iter().enumerate();
    path.filter(|(position, id)| *position == 0 || stores.store_of(**id) != Some(&root))
        .filter_map(|(_, id)| stores.get(*id))
        .map(|stored| stored.certificate().clone())
        .collect()
}
