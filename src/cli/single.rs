//! The commands about one machine: which one is meant, and which of its certificates.

use super::args::{SettingArgs, SourceArgs};
use super::io::{ExitStatus, Io};
use super::jobs::Jobs;
use super::prepare::{Context, MachineError, Prepared};
use crate::certificate::Thumbprint;
use crate::import::{self, ImportOptions};
use crate::machine::bytes;
use crate::machine::error::InputError;
use crate::machine::input::MachineInput;
use crate::report::ReadinessReport;
use crate::report::explain::find;
use crate::shown::Shown;
use crate::store::{CertId, Entry};
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// One machine, and what is given for it.
#[derive(Debug, Args, Clone)]
pub(crate) struct OneMachine {
    /// A machine folder or an inventory (.json); of a file of inventories, --name chooses one
    #[arg(value_name = "MACHINE")]
    pub machine: PathBuf,
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// Reads the one machine that is meant.
///
/// # Errors
/// It does not read, or there are several, or none of this name.
pub(crate) fn read(args: &OneMachine, io: &mut Io<'_>) -> Result<Prepared, InputError> {
    let context = Context::new(&args.source, &args.settings, io.clock)?;
    let input = input(args, &context, io)?;
    context.prepare(input).map_err(named)
}

/// The same, before its settings are settled.
///
/// # Errors
/// It does not read, or there are several, or none of this name.
pub(crate) fn input(args: &OneMachine, context: &Context, io: &mut Io<'_>) -> Result<MachineInput, InputError> {
    let mut jobs = Jobs::new(vec![args.machine.clone()], &mut *io.stdin);
    let Some(wanted) = &args.source.export.name else {
        let job = jobs.next();
        if jobs.next().is_some() {
            return Err(
                InputError::new("there are several machines: choose one with --name NAME").in_file(&args.machine)
            );
        }
        let job = job.ok_or_else(|| InputError::new("there is no machine").in_file(&args.machine))?;
        return context.read(job).map_err(named);
    };
    let mut broken = None;
    for job in jobs {
        match context.read(job) {
            Ok(input) if input.machine.name().eq_ignore_ascii_case(wanted) => {
                return Ok(input);
            }
            Ok(_) => {}
            Err(error) if error.machine.eq_ignore_ascii_case(wanted) => broken = Some(error),
            Err(_) => {}
        }
    }
    Err(match broken {
        Some(error) => named(error),
        None => InputError::new(format!("there is no machine `{wanted}`")).in_file(&args.machine),
    })
}

fn named(error: MachineError) -> InputError {
    error.error
}

/// The certificate that a THUMBPRINT|FILE argument means.
///
/// # Errors
/// None of the machine's certificates, or several.
pub(crate) fn certificate(report: &ReadinessReport<'_>, text: &str) -> Result<CertId, InputError> {
    let path = Path::new(text);
    if path.is_file() {
        let bytes = bytes::named(path)?;
        let thumbprint = thumbprint_of(&bytes).map_err(|error| error.in_file(path))?;
        let found = report.stores().find(&thumbprint).filter(|id| report.selection().verdict(*id).is_some());
        return found.ok_or_else(|| {
            InputError::new(format!("the machine has no certificate {thumbprint} outside of its trust stores"))
                .in_file(path)
        });
    }
    match find(report, text).as_slice() {
        [id] => Ok(*id),
        [] => {
            let message = if text.contains(['.', '/', '\\']) {
                "there is no such file"
            } else {
                "no certificate of this machine has this thumbprint: write it, its first digits (at least 4), or a file"
            };
            Err(InputError::new(message).at(text, 0..text.len()))
        }
        // The same certificate may be in several stores; the chosen one comes first.
        [first, rest @ ..] => {
            let thumbprint = |id: &CertId| report.stores().entry(*id).map(|entry| entry.thumbprint());
            if rest.iter().all(|id| thumbprint(id) == thumbprint(first)) {
                Ok(*first)
            } else {
                Err(InputError::new(format!(
                    "{} certificates begin with these digits: write more of them",
                    rest.len() + 1
                ))
                .at(text, 0..text.len()))
            }
        }
    }
}

fn thumbprint_of(bytes: &[u8]) -> Result<Thumbprint, InputError> {
    let imported = import::import(bytes, &ImportOptions::default());
    let imported = imported.map_err(|error| InputError::new(error.to_string()))?;
    let mut entries = imported.stores().flat_map(|(_, entries)| entries);
    let mut unreadable = None;
    let certificate = entries.find_map(|entry| match entry {
        Entry::Certificate(stored) => Some(stored.certificate().thumbprint()),
        Entry::Unreadable(entry) => {
            unreadable.get_or_insert_with(|| entry.error().to_string());
            None
        }
    });
    certificate.ok_or_else(|| InputError::new(unreadable.unwrap_or_else(|| "there is no certificate in it".to_owned())))
}

/// Says what is wrong with the input.
///
/// # Errors
/// Standard error cannot be written.
pub(crate) fn bad_input(error: &InputError, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    writeln!(io.stderr, "error: {error}")?;
    Ok(ExitStatus::BadInput)
}

/// Says what is worth saying about the input.
///
/// # Errors
/// Standard error cannot be written.
pub(crate) fn notes(prepared: &Prepared, io: &mut Io<'_>) -> io::Result<()> {
    prepared.notes.iter().try_for_each(|note| writeln!(io.stderr, "{}: {note}", Shown(prepared.name.as_str())))
}
