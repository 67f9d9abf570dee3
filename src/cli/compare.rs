//! `compare`: which machines change, gain or lose their certificate, before the change is made.

use super::args::{AnswerArgs, AnswerFormat, InputArgs, SettingArgs, SettingsChange};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::render::machine_error;
use super::{json, over_time, single, stream};
use crate::machine::error::InputError;
use crate::report::json::ComparisonDocument;
use crate::report::text::TextOptions;
use crate::report::what_if::{self, Loss};
use crate::select::{Comparison, Difference};
use crate::shown::Shown;
use crate::text::{ParseError, Properties, Property, PropertyNote, is_program};
use clap::Args;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// The arguments of `compare`.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 no machine loses its certificate, 1 some machine does, 2 bad input.")]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    settings: SettingArgs,
    /// The properties after the change, such as 'CCMCERTSEL="SubjectStr:contoso.com"'
    /// or one of --no-issuers, --no-criteria, --no-store
    #[arg(long, value_name = "COMMAND LINE", allow_hyphen_values = true, help_heading = "The change")]
    with: Vec<String>,
    /// The ruleset after the change: cb1706, cb1710 or cb2107, or a client version such as 2403
    #[arg(long, value_name = "RULESET", help_heading = "The change")]
    with_ruleset: Option<String>,
    /// A later collection of the same machines: says what happened to each of them since, and why. What is kept of the
    /// earlier one grows with its machines, by a few hundred bytes each
    #[arg(long, value_name = "MACHINE", help_heading = "The change", num_args = 1..,
          conflicts_with_all = ["with", "with_ruleset", "with_now", "with_setting"])]
    against: Vec<PathBuf>,
    /// The instant after the change
    #[arg(long, value_name = "RFC3339", help_heading = "The change")]
    with_now: Option<String>,
    /// Another setting after the change, such as san-values=all
    #[arg(long, value_name = "KEY=VALUE", help_heading = "The change")]
    with_setting: Vec<String>,
    #[command(flatten)]
    output: AnswerArgs,
}

struct Compared {
    difference: Difference,
    loss: Option<Loss>,
    written: WrittenAnswer,
}

/// What is written about one machine.
struct WrittenAnswer {
    /// To stdout.
    text: String,
    /// To stderr.
    notes: String,
}

/// Compares all machines.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &CompareArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    if !args.against.is_empty() {
        return over_time::run(&args.input, &args.against, &args.settings, &args.output, io);
    }
    let change = match changes(args) {
        Ok(change) => change,
        Err(error) => return single::bad_input(&error, io),
    };
    let changed = SettingArgs {
        change,
        ruleset: args.with_ruleset.clone().or_else(|| args.settings.ruleset.clone()),
        setting: args.settings.setting.iter().chain(&args.with_setting).cloned().collect(),
        ..args.settings.clone()
    };
    let mut later = args.input.source.clone();
    later.crl.clear(); // the selector before the change has them
    later.now = args.with_now.clone().or(later.now);
    let contexts = Context::new(&args.input.source, &args.settings, io.clock)
        .and_then(|before| Ok((before, Context::new(&later, &changed, io.clock)?)));
    let (before, after) = match contexts {
        Ok(contexts) => contexts,
        Err(error) => return single::bad_input(&error, io),
    };
    let (format, layout) = (args.output.format, args.output.layout.options(io.terminal));
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut losses: BTreeMap<(&'static str, &'static str), u64> = BTreeMap::new();
    let mut broken = false;
    let written = stream::in_order(
        jobs,
        |job| answer(job, &before, &after, format, layout),
        |compared| {
            let answer = match compared {
                Ok(answer) => {
                    *counts.entry(answer.difference.name()).or_default() += 1;
                    if let Some(loss) = answer.loss {
                        *losses.entry((loss.code, loss.words)).or_default() += 1;
                    }
                    answer.written
                }
                Err(error) => {
                    broken = true;
                    failed(&error, format)
                }
            };
            write!(io.stdout, "{}", answer.text)?;
            write!(io.stderr, "{}", answer.notes)
        },
    );
    let written = written.and_then(|()| {
        if format == AnswerFormat::Text && counts.values().sum::<u64>() > 1 {
            let words: Vec<String> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
            writeln!(io.stdout, "\n{}", words.join(", ").replace('_', " "))?;
            write!(io.stdout, "{}", why_lost(&losses))?;
        }
        Ok(())
    });
    let status = match (broken, counts.contains_key("lost")) {
        (true, _) => ExitStatus::BadInput,
        (false, true) => ExitStatus::NotReady,
        (false, false) => ExitStatus::Ready,
    };
    ended(written, status, io)
}

/// The reasons for which machines lose their certificates, the most frequent first.
fn why_lost(losses: &BTreeMap<(&'static str, &'static str), u64>) -> String {
    let mut rows: Vec<_> = losses.iter().collect();
    rows.sort_by_key(|(reason, count)| (Reverse(**count), **reason));
    let rows: String = rows.iter().map(|((code, words), count)| format!("{count:>8}  {words} ({code})\n")).collect();
    if rows.is_empty() { rows } else { format!("\nwhy lost, by machines\n{rows}") }
}

/// What changes of the settings; each item of it must be one of ours, or the comparison would compare nothing.
fn changes(args: &CompareArgs) -> Result<Vec<SettingsChange>, InputError> {
    let nothing = args.with.is_empty() && args.with_setting.is_empty();
    if nothing && args.with_ruleset.is_none() && args.with_now.is_none() {
        let message =
            "there is no change to compare with: name one by --with, --with-ruleset, --with-setting or --with-now";
        return Err(InputError::new(message));
    }
    args.with.iter().map(|line| change(line)).collect()
}

fn change(line: &str) -> Result<SettingsChange, InputError> {
    let without = [
        ("--no-issuers", Property::CertIssuers),
        ("--no-criteria", Property::CertSel),
        ("--no-store", Property::CertStore),
    ];
    if let Some((_, property)) = without.into_iter().find(|(option, _)| *option == line.trim()) {
        return Ok(SettingsChange::Without(property));
    }
    let properties: Properties =
        line.parse().map_err(|error: ParseError| InputError::new(error.to_string()).at(line, error.span()))?;
    let unknown = properties.unknown_items().iter().find(|item| !item.is_documented() && !is_program(item.text()));
    if let Some(item) = unknown {
        let message = match item.nearest() {
            Some(nearest) => {
                format!("`{}` is no property of a client: did you mean `{nearest}`?", shortened(item.text()))
            }
            None => format!("`{}` is no property of a client, so it changes nothing", shortened(item.text())),
        };
        return Err(InputError::new(message).at(line, item.span()));
    }
    let dropped = properties.notes().iter().any(|note| matches!(note, PropertyNote::Dropped { .. }));
    let bears = |property: &Property| !property.is_for_others() && *property != Property::LogLevel;
    let sets = Property::ALL.iter().any(|property| bears(property) && properties.value_text(*property).is_some());
    if !sets && !dropped {
        let message = "nothing of this bears on the selection, so there is no change to compare with";
        return Err(InputError::new(message).at(line, 0..line.len()));
    }
    Ok(SettingsChange::Line(line.to_owned()))
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

fn answer(
    job: Job,
    before: &Context,
    after: &Context,
    format: AnswerFormat,
    layout: TextOptions,
) -> Result<Compared, MachineError> {
    let (prepared, changed, later) = before.read(job).and_then(|input| before.prepare_with(input, after))?;
    let comparison = Comparison { before: prepared.selector.select(prepared.now), after: changed.select(later) };
    let text = match format {
        AnswerFormat::Json => {
            let document = ComparisonDocument { selector: &prepared.selector, comparison: &comparison };
            json::line(&document)
        }
        AnswerFormat::Text => what_if::comparison(&prepared.selector, &comparison, layout),
    };
    let notes = prepared.notes.iter().map(|note| format!("{}: {note}\n", Shown(prepared.name.as_str())));
    let (difference, loss) = (comparison.difference(), Loss::of(&comparison));
    Ok(Compared { difference, loss, written: WrittenAnswer { text, notes: notes.collect() } })
}

fn failed(error: &MachineError, format: AnswerFormat) -> WrittenAnswer {
    match format {
        AnswerFormat::Json => WrittenAnswer { text: machine_error(error), notes: String::new() },
        AnswerFormat::Text => WrittenAnswer { text: String::new(), notes: format!("error: {error}\n") },
    }
}
