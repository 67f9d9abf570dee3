//! `convert`: machines become inventories, one line each, so that a fleet can be collected into one `.jsonl`.

use super::args::{InputArgs, SettingArgs};
use super::inventory::{Inventory, InventoryEntry, Ordered, SCHEMA, Text};
use super::io::{ExitStatus, Io};
use super::jobs::{Job, Jobs};
use super::machine::MachineInput;
use super::prepare::{Context, MachineError};
use super::{properties, stream};
use base64ct::{Base64, Encoding};
use ccmcertsel::{DeviceKind, Entry, Enumeration, PrivateKey, Stores};
use clap::Args;
use std::borrow::Cow;
use std::io;

/// The arguments of `convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    #[command(flatten)]
    input: InputArgs,
}

/// Converts all inputs.
///
/// # Errors
/// Standard output or error cannot be written.
pub fn run(args: &ConvertArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = match Context::new(&args.input.source, &SettingArgs::default(), io.clock) {
        Ok(context) => context,
        Err(error) => {
            writeln!(io.stderr, "error: {error}")?;
            return Ok(ExitStatus::BadInput);
        }
    };
    let mut status = ExitStatus::Ready;
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    let written = stream::in_order(
        jobs,
        |job| convert(job, &context),
        |converted| match converted {
            Ok((line, notes)) => {
                writeln!(io.stdout, "{line}")?;
                write!(io.stderr, "{notes}")
            }
            Err(error) => {
                status = ExitStatus::BadInput;
                writeln!(io.stderr, "error: {}: {}", error.machine, error.error)
            }
        },
    );
    match written.and_then(|()| io.stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        Err(error) => Err(error),
        Ok(()) => Ok(status),
    }
}

fn convert(job: Job, context: &Context) -> Result<(String, String), MachineError> {
    let mut input = context.read(job)?;
    let name = input.machine.name().to_owned();
    let mut notes: String = input.collected.notes.iter().map(|note| format!("{name}: {note}\n")).collect();
    for (place, error) in &input.collected.bad_crls {
        notes += &format!("{name}: {place}: {error}; it is left out (V-8)\n");
    }
    input.collected.crls.extend(context.crls().iter().cloned());
    // Strings and numbers always serialize.
    let line = serde_json::to_string(&inventory(input, context.given_now())).unwrap_or_default();
    Ok((line, notes))
}

fn inventory(input: MachineInput, now: Option<ccmcertsel::Timestamp>) -> Inventory<'static> {
    let machine = &input.machine;
    let stores = input.collected.stores.build();
    let base64 = |der: &[u8]| Text(Cow::Owned(Base64::encode_string(der)));
    Inventory {
        schema: SCHEMA,
        name: machine.name().to_owned(),
        fqdn: machine.fqdn().map(str::to_owned),
        now: now.or(input.now).map(|now| now.to_string()),
        device: (machine.device() != DeviceKind::Windows).then(|| machine.device().name().to_owned()),
        stores: Ordered(entries(&stores)),
        crls: input.collected.crls.iter().map(|crl| base64(crl.as_der())).collect(),
        issuers_der: input.issuers.map(|issuers| issuers.iter().map(|issuer| base64(issuer.as_der())).collect()),
        templates: Ordered(input.templates.iter().map(|(oid, version)| (oid.to_string(), *version)).collect()),
        settings: Ordered(input.settings),
    }
}

fn entries(stores: &Stores) -> Vec<(String, Vec<InventoryEntry<'static>>)> {
    let of_store = |name| {
        let ids = stores.entries_of(name).unwrap_or_default().iter();
        ids.filter_map(|id| stores.entry(*id)).map(entry).collect()
    };
    stores.names().map(|name| (name.to_string(), of_store(name))).collect()
}

fn entry(entry: &Entry) -> InventoryEntry<'static> {
    let der = match entry {
        Entry::Certificate(stored) => stored.certificate().as_der(),
        Entry::Unreadable(entry) => entry.as_bytes(),
    };
    let stored = entry.certificate();
    let known = |key: &PrivateKey| *key != PrivateKey::Unknown;
    InventoryEntry {
        der: Text(Cow::Owned(Base64::encode_string(der))),
        private_key: stored
            .map(|stored| stored.private_key())
            .filter(known)
            .map(|key| properties::private_key_word(key).to_owned()),
        template_schema: stored.and_then(|stored| stored.template_schema()),
        eku: stored
            .and_then(|stored| stored.eku_property())
            .map(|purposes| purposes.iter().map(ToString::to_string).collect()),
        friendly_name: stored.and_then(|stored| stored.friendly_name()).map(str::to_owned),
        archived: stored.is_some_and(|stored| stored.enumeration() == Enumeration::Archived).then_some(true),
    }
}
