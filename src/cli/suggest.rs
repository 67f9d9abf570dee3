//! `suggest`: criteria under which a certificate is the only one that passes; over a fleet, one of a template or issuer.

use super::args::{AnswerArgs, AnswerFormat, SettingArgs, SourceArgs};
use super::io::{ExitStatus, Io, ended};
use super::jobs::Jobs;
use super::json;
use super::prepare::Context;
use super::single::{self, OneMachine};
use super::stream;
use crate::certificate::Thumbprint;
use crate::oid::Oid;
use crate::report::ReadinessReport;
use crate::report::what_if::property;
use crate::select::{CriteriaEffect, FleetSuggestion, Goal, Obstacle};
use crate::shown::{Quoted, Shown};
use crate::text::Criteria;
use clap::Args;
use std::io;
use std::path::PathBuf;

/// The arguments of `suggest`.
#[derive(Debug, Args)]
#[command(
    after_help = "With --template or --issuer every argument is a machine, and the criteria are those under which \
                        every machine that has such a certificate selects it, and none loses what it has.\n\n\
                        Exit status: 0 there are suggestions, 1 there is none, 2 bad input."
)]
pub(crate) struct SuggestArgs {
    /// A machine and a THUMBPRINT|FILE; with --template or --issuer: machines
    #[arg(value_name = "MACHINE", required = true, num_args = 1..)]
    arguments: Vec<PathBuf>,
    /// Of a fleet: certificates of this template (object identifier, or name of a version 1 template)
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "issuer")]
    template: Option<String>,
    /// Of a fleet: certificates whose issuer has this CN or X.500 string
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Also propose criteria under which a machine loses its certificate, or selects one without client authentication
    #[arg(long)]
    allow_loss: bool,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    output: AnswerArgs,
}

#[derive(serde::Serialize)]
struct SuggestJson<'a> {
    schema: u32,
    machine: Option<&'a str>,
    thumbprint: Option<String>,
    machines: u64,
    skipped: u64,
    unchecked: u64,
    criteria: Vec<String>,
    effects: Vec<EffectJson>,
    problem: Option<String>,
}

/// Numbers of machines, for the criteria in the same place.
#[derive(serde::Serialize)]
struct EffectJson {
    reached: u64,
    changed: u64,
    gained: u64,
    lost: u64,
    without_client_authentication: u64,
}

impl From<CriteriaEffect> for EffectJson {
    fn from(effect: CriteriaEffect) -> Self {
        EffectJson {
            reached: effect.reached,
            changed: effect.changed,
            gained: effect.gained,
            lost: effect.lost,
            without_client_authentication: effect.without_client_authentication,
        }
    }
}

/// What criteria do, in a line.
fn told(effect: CriteriaEffect, machines: u64) -> String {
    let mut text = match machines {
        1 => "the machine selects such a certificate".to_owned(),
        _ => format!("{} of {machines} machines select such a certificate", effect.reached),
    };
    let parts = [
        (effect.changed, "selects another one than now", "select another one than now"),
        (effect.gained, "selects one, and none now", "select one, and none now"),
        (effect.lost, "loses the one that it has", "lose the one that they have"),
        (
            effect.without_client_authentication,
            "selects one without client authentication",
            "select one without client authentication",
        ),
    ];
    for (count, one, several) in parts.into_iter().filter(|(count, ..)| *count > 0) {
        text += &format!("; {count} {}", if count == 1 { one } else { several });
    }
    text
}

/// Issuers or templates that a message names.
const SHOWN_KINDS: usize = 5;

/// Why there are no criteria; `None` where there are, or no machine.
fn problem(suggestion: &FleetSuggestion) -> Option<String> {
    let (machines, met) = (suggestion.machines(), suggestion.met());
    if let Some((machine, obstacle)) = suggestion.struck_out_at() {
        let machine = Quoted(machine);
        let left = "those that work for the machines before it";
        return Some(match obstacle {
            Obstacle::Twins(twins) => {
                let twins: Vec<String> = twins.iter().take(SHOWN_KINDS).map(Thumbprint::short).collect();
                format!(
                    "no criteria are left after the machine {machine}: its certificates {} have the same names, and \
                     criteria cannot tell them apart; with CCMFIRSTCERT=1 it takes one of them",
                    twins.join(", ")
                )
            }
            Obstacle::Loss => format!(
                "no criteria are left after the machine {machine}, which would lose its certificate under {left}: \
                 --allow-loss suggests all the same"
            ),
            Obstacle::WithoutClientAuthentication => format!(
                "no criteria are left after the machine {machine}, which would select a certificate without client \
                 authentication under {left}: --allow-loss suggests all the same"
            ),
            Obstacle::NotSelected => format!(
                "no criteria are left after the machine {machine}, which selects no such certificate under {left}"
            ),
        });
    }
    if machines == 0 || suggestion.skipped() < machines {
        return None;
    }
    let mut text = match machines {
        1 => "the machine has no usable certificate of this kind".to_owned(),
        _ => format!("none of {machines} machines has a usable certificate of this kind"),
    };
    let kinds: Vec<(&str, u64)> = suggestion.seen();
    if met > 0 {
        text += &match met {
            1 => "; 1 has one that is not usable: judge it to see why".to_owned(),
            _ => format!("; {met} have one that is not usable: judge them to see why"),
        };
    } else if !kinds.is_empty() {
        let named: Vec<String> =
            kinds.iter().take(SHOWN_KINDS).map(|(kind, count)| format!("{} ({count})", Quoted(kind))).collect();
        let more = match kinds.len().saturating_sub(SHOWN_KINDS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let have = if machines == 1 { "it has" } else { "they have" };
        text += &format!("; what {have} is of {}{more}", named.join(", "));
    }
    Some(text)
}

/// Finds criteria.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &SuggestArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
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
    let selection = selector.select(prepared.now);
    let report = ReadinessReport::new(selector, selection);
    let id = match single::certificate(&report, &certificate.to_string_lossy()) {
        Ok(id) => id,
        Err(error) => return single::bad_input(&error, io),
    };
    let (criteria, problem) = match selector.suggest(id, prepared.now) {
        Ok(_) if !args.allow_loss && !selector.allows_client_authentication(id) => {
            let why =
                "it is not for client authentication, and no server accepts it: --allow-loss suggests all the same";
            (Vec::new(), Some(why.to_owned()))
        }
        Ok(criteria) => (criteria, None),
        Err(problem) => (Vec::new(), Some(problem.to_string())),
    };
    let document = SuggestJson {
        schema: 1,
        machine: Some(&prepared.name),
        thumbprint: selector.stores().entry(id).map(|entry| entry.thumbprint().to_string()),
        machines: 1,
        skipped: 0,
        unchecked: 0,
        effects: Vec::new(),
        criteria: criteria.iter().map(ToString::to_string).collect(),
        problem,
    };
    let title = format!(
        "{}: criteria under which {} is the only one that passes",
        Shown(&prepared.name),
        document.thumbprint.as_deref().unwrap_or_default()
    );
    answer(args, &document, &title, &criteria, &[], io)
}

fn fleet(args: &SuggestArgs, goal: Goal, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = match Context::new(&args.source, &args.settings, io.clock) {
        Ok(context) => context,
        Err(error) => return single::bad_input(&error, io),
    };
    let mut suggestion = FleetSuggestion::new(goal);
    if args.allow_loss {
        suggestion = suggestion.with_loss_allowed();
    }
    let mut broken = false;
    for job in Jobs::new(args.arguments.clone(), &mut *io.stdin) {
        let tried = stream::alone(job, |job| {
            let prepared = context.read(job).and_then(|input| context.prepare(input))?;
            suggestion.add(&prepared.selector, prepared.now);
            Ok(())
        });
        if let Err(error) = tried {
            broken = true;
            writeln!(io.stderr, "error: {error}")?;
        }
    }
    let (machines, skipped) = (suggestion.machines(), suggestion.skipped());
    let document = SuggestJson {
        schema: 1,
        machine: None,
        thumbprint: None,
        machines,
        skipped,
        unchecked: suggestion.unchecked(),
        effects: suggestion.effects().iter().copied().map(EffectJson::from).collect(),
        criteria: suggestion.criteria().iter().map(ToString::to_string).collect(),
        problem: problem(&suggestion),
    };
    let mut title = match (machines, skipped) {
        (0 | 1, _) => "criteria under which the machine selects such a certificate".to_owned(),
        (_, 0) => format!("criteria under which each of {machines} machines selects such a certificate"),
        _ if skipped == machines => "criteria under which machines select such a certificate".to_owned(),
        (_, 1) => format!(
            "criteria under which {} of {machines} machines select such a certificate; the other one has none that is usable",
            machines - 1
        ),
        _ => format!(
            "criteria under which {} of {machines} machines select such a certificate; the other {skipped} have none that is usable",
            machines - skipped
        ),
    };
    if suggestion.unchecked() > 0 {
        title += &format!(", and {} of them were not tried", suggestion.unchecked());
    }
    let told: Vec<String> = suggestion.effects().iter().map(|effect| told(*effect, machines)).collect();
    let status = answer(args, &document, &title, suggestion.criteria(), &told, io)?;
    Ok(if broken { ExitStatus::BadInput } else { status })
}

fn answer(
    args: &SuggestArgs,
    document: &SuggestJson<'_>,
    title: &str,
    criteria: &[Criteria],
    told: &[String],
    io: &mut Io<'_>,
) -> io::Result<ExitStatus> {
    let mut text = String::new();
    match args.output.format {
        AnswerFormat::Json => text = json::line(document),
        AnswerFormat::Text => {
            text += &format!("{title}\n");
            for (index, criteria) in criteria.iter().enumerate() {
                text += &format!("  {}\n", property(criteria));
                text += &told.get(index).map(|told| format!("      {told}\n")).unwrap_or_default();
            }
            if criteria.is_empty() {
                text += &format!("  none: {}\n", document.problem.as_deref().unwrap_or("there is no machine"));
            }
        }
    }
    let status = if criteria.is_empty() { ExitStatus::NotReady } else { ExitStatus::Ready };
    ended(write!(io.stdout, "{text}"), status, io)
}
