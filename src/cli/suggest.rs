//! `suggest`: criteria under which a certificate is the only one that passes; over a fleet, one of a template or issuer.

use super::args::{Format, OutputArgs, SettingArgs, SourceArgs};
use super::io::{ExitStatus, Io};
use super::jobs::Jobs;
use super::prepare::Context;
use super::single::{self, OneMachine};
use ccmcertsel::report::ReadinessReport;
use ccmcertsel::report::what_if::property;
use ccmcertsel::select::{FleetSuggestion, Goal};
use ccmcertsel::{Criteria, Oid};
use clap::Args;
use std::io;
use std::path::PathBuf;

/// The arguments of `suggest`.
#[derive(Debug, Args)]
#[command(
    after_help = "With --template or --issuer every argument is a machine, and the criteria are those under which \
                        every machine selects such a certificate.\n\n\
                        Exit status: 0 there are suggestions, 1 there is none, 2 bad input."
)]
pub struct SuggestArgs {
    /// A machine and a THUMBPRINT|FILE; with --template or --issuer: machines
    #[arg(value_name = "MACHINE", required = true, num_args = 1..)]
    arguments: Vec<PathBuf>,
    /// Of a fleet: certificates of this template (object identifier, or name of a version 1 template)
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "issuer")]
    template: Option<String>,
    /// Of a fleet: certificates whose issuer has this CN or X.500 string
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(serde::Serialize)]
struct Document<'a> {
    schema: u32,
    machine: Option<&'a str>,
    thumbprint: Option<String>,
    machines: u64,
    criteria: Vec<String>,
    problem: Option<String>,
}

/// Finds criteria.
///
/// # Errors
/// Standard output or error cannot be written.
pub fn run(args: &SuggestArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let goal = match (&args.template, &args.issuer) {
        (Some(template), _) => match template.parse::<Oid>() {
            Ok(oid) => Goal::Template(oid),
            Err(_) => Goal::TemplateName(template.clone()),
        },
        (None, Some(issuer)) => Goal::Issuer(issuer.clone()),
        (None, None) => return one(args, io),
    };
    fleet(args, goal, io)
}

fn one(args: &SuggestArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let [machine, certificate] = args.arguments.as_slice() else {
        writeln!(io.stderr, "error: write a machine and a thumbprint, or machines with --template or --issuer")?;
        return Ok(ExitStatus::BadInput);
    };
    let machine = OneMachine { machine: machine.clone(), source: args.source.clone(), settings: args.settings.clone() };
    let prepared = match single::read(&machine, io) {
        Ok(prepared) => prepared,
        Err(error) => return single::bad_input(&error, io),
    };
    single::notes(&prepared, io)?;
    let selector = &prepared.selector;
    let selection = selector.select(prepared.now.into());
    let report = ReadinessReport::new(selector.stores(), selector.machine(), selector.settings(), selection);
    let id = match single::certificate(&report, &certificate.to_string_lossy()) {
        Ok(id) => id,
        Err(error) => return single::bad_input(&error, io),
    };
    let (criteria, problem) = match selector.suggest(id, prepared.now) {
        Ok(criteria) => (criteria, None),
        Err(problem) => (Vec::new(), Some(problem.to_string())),
    };
    let document = Document {
        schema: 1,
        machine: Some(&prepared.name),
        thumbprint: selector.stores().entry(id).map(|entry| entry.thumbprint().to_string()),
        machines: 1,
        criteria: criteria.iter().map(ToString::to_string).collect(),
        problem,
    };
    let title = format!(
        "{}: criteria under which {} is the only one that passes",
        prepared.name,
        document.thumbprint.as_deref().unwrap_or_default()
    );
    answer(args, &document, &title, &criteria, io)
}

fn fleet(args: &SuggestArgs, goal: Goal, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = match Context::new(&args.source, &args.settings, io.clock) {
        Ok(context) => context,
        Err(error) => return single::bad_input(&error, io),
    };
    let mut suggestion = FleetSuggestion::new(goal);
    let mut broken = false;
    for job in Jobs::new(args.arguments.clone(), &mut *io.stdin) {
        match context.read(job).and_then(|input| context.prepare(input)) {
            Ok(prepared) => suggestion.add(&prepared.selector, prepared.now),
            Err(error) => {
                broken = true;
                writeln!(io.stderr, "error: {error}")?;
            }
        }
    }
    let problem =
        suggestion.struck_out_at().map(|machine| format!("no criteria are left after the machine `{machine}`"));
    let document = Document {
        schema: 1,
        machine: None,
        thumbprint: None,
        machines: suggestion.machines(),
        criteria: suggestion.criteria().iter().map(ToString::to_string).collect(),
        problem,
    };
    let title = format!("criteria under which each of {} machines selects such a certificate", suggestion.machines());
    let status = answer(args, &document, &title, suggestion.criteria(), io)?;
    Ok(if broken { ExitStatus::BadInput } else { status })
}

fn answer(
    args: &SuggestArgs,
    document: &Document<'_>,
    title: &str,
    criteria: &[Criteria],
    io: &mut Io<'_>,
) -> io::Result<ExitStatus> {
    match args.output.format {
        Format::Json => writeln!(io.stdout, "{}", serde_json::to_string(document).unwrap_or_default())?,
        Format::Text | Format::Log | Format::Csv => {
            writeln!(io.stdout, "{title}")?;
            for criteria in criteria {
                writeln!(io.stdout, "  {}", property(criteria))?;
            }
            if criteria.is_empty() {
                writeln!(io.stdout, "  none: {}", document.problem.as_deref().unwrap_or("there is no machine"))?;
            }
        }
    }
    io.stdout.flush()?;
    Ok(match criteria.is_empty() {
        true => ExitStatus::NotReady,
        false => ExitStatus::Ready,
    })
}
