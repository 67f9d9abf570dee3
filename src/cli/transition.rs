//! `transition`: who is ready, and who would be lost, in each phase of the way to HTTPS only.

use super::args::{InputArgs, SettingArgs, TableArgs, TableFormat};
use super::connect::{ServerFile, authorities, presented};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::plans;
use super::prepare::{Context, MachineError};
use super::{fleet, json, single, stream};
use crate::report::ReadinessReport;
use crate::report::transition::{COLUMNS, MachineTransition, Transition, TransitionPhase, TransitionPlan, render};
use crate::shown::Shown;
use clap::Args;
use std::io;
use std::path::PathBuf;

/// The arguments of `transition`.
#[derive(Debug, Args)]
#[command(after_help = "\
The eleven steps of Microsoft's transition strategy, and what answers each:
   1  site systems accept HTTP and HTTPS          the settings of the mixed phase
   2  use the PKI certificate when available      its SSL state, and the site's root CA certificates
   3  pilot the client certificates               needs: CRLs, CAs, templates; explain: why not this one
   4  install clients by push                     compare --with: what their properties change
   5  monitor by reports                          --format html, --format csv of the command without a name
   6  count the clients with a PKI certificate    those that connect over HTTPS, in each phase
   7  a further management point with HTTPS       --to mp.toml: whether it accepts them
   8  verify that clients use it                  check-log: what a client's own log says
   9  the other roles, and the Internet           --to gateway.toml: the Internet phase
  10  extend the rollout                          what makes the others ready, by machines
  11  HTTPS only                                  those that would be lost, before they are

Exit status: 0 no machine is lost in any phase, 1 some machine is, 2 bad input.")]
pub(crate) struct TransitionArgs {
    #[command(flatten)]
    input: InputArgs,
    /// A server that has to accept the clients: a management point counts for the intranet, a gateway for the Internet; may
    /// be given several times, and one of the phase is enough
    #[arg(long, value_name = "SERVER.toml", help_heading = "Input")]
    to: Vec<PathBuf>,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    output: TableArgs,
}

/// Shows all phases.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &TransitionArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = Context::new(&args.input.source, &args.settings, io.clock);
    let servers: Result<Vec<ServerFile>, _> = args.to.iter().map(|path| connected(path)).collect();
    let (context, servers) = match (context, servers) {
        (Ok(context), Ok(servers)) => (context, servers),
        (Err(error), _) | (_, Err(error)) => return single::bad_input(&error, io),
    };
    for server in &servers {
        write!(io.stderr, "{}", server.notes_once())?;
    }
    let is_csv = args.output.format == TableFormat::Csv;
    if is_csv {
        write!(io.stdout, "{}", fleet::csv_header(&COLUMNS, args.output.cells))?;
    }
    let mut transition = Transition::default();
    let mut broken = false;
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    let written = stream::in_order(
        jobs,
        |job| judge(job, &context, &servers),
        |judged| match judged {
            Ok((machine, notes)) => {
                transition.add(&machine);
                if is_csv {
                    write!(io.stdout, "{}", fleet::csv_row(&machine.row(), args.output.cells))?;
                }
                write!(io.stderr, "{notes}")
            }
            Err(error) => {
                broken = true;
                writeln!(io.stderr, "error: {error}")
            }
        },
    );
    let text = match args.output.format {
        TableFormat::Json => json::line(&transition),
        TableFormat::Csv => String::new(),
        TableFormat::Text => render(&transition, args.output.layout.options(io.terminal)),
    };
    let status = match (broken, transition.loses_machines()) {
        (true, _) => ExitStatus::BadInput,
        (false, true) => ExitStatus::NotReady,
        (false, false) => ExitStatus::Ready,
    };
    ended(written.and_then(|()| write!(io.stdout, "{text}")), status, io)
}

/// A server that clients connect to.
fn connected(path: &std::path::Path) -> Result<ServerFile, crate::machine::error::InputError> {
    let server = ServerFile::read(path)?;
    match server.signers() {
        Some(_) => {
            Err(crate::machine::error::InputError::new("software updates are no server that clients connect to")
                .in_file(path))
        }
        None => Ok(server),
    }
}

/// How a machine stands, and what is worth saying about its input.
fn judge(job: Job, context: &Context, servers: &[ServerFile]) -> Result<(MachineTransition, String), MachineError> {
    let prepared = context.read(job).and_then(|input| context.prepare(input))?;
    let selector = &prepared.selector;
    let now = prepared.now;
    let selection = selector.select(now);
    let sent = presented(selector.stores(), &selection);
    let authorities = authorities(selector.stores(), &selection);
    let refusals = TransitionPhase::ALL.map(|phase| {
        let of_phase = servers.iter().filter(|server| server.is_gateway() == (phase == TransitionPhase::Internet));
        let judgements: Vec<_> = of_phase.map(|server| (server.judge(&sent, now), server)).collect();
        if judgements.iter().any(|(judgement, _)| judgement.is_accepted()) {
            None
        } else {
            judgements.into_iter().next().map(|(judgement, server)| {
                let remedy = server.remedy(&sent, &authorities, now);
                (judgement, remedy.map(|changes| changes.join("; then ")))
            })
        }
    });
    let report = ReadinessReport::new(selector, selection);
    let report = plans::with_nearest(report, selector);
    let refusal = |phase| {
        let mut of_phase = TransitionPhase::ALL.iter().zip(&refusals).filter(|(known, _)| **known == phase);
        let (judgement, remedy) = of_phase.find_map(|(_, refused)| refused.as_ref())?;
        let change = remedy.clone().unwrap_or_else(|| "nothing on the server's side alone helps".to_owned());
        Some(TransitionPlan { code: judgement.rejection()?.cause(), change })
    };
    let machine = MachineTransition::of(&report, refusal);
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", Shown(prepared.name.as_str())));
    Ok((machine, notes.collect()))
}
