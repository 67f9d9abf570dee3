//! `site`: what a site writes for its clients, and how a client knows the site's keys (rules I-9, Q-3, K-1 to K-4).

mod answer;
mod key_file;

use super::args::{AnswerArgs, AnswerFormat, SettingArgs, SourceArgs};
use super::io::{ExitStatus, Io, ended};
use super::prepare::Context;
use super::settings::Client;
use super::single::{self, OneMachine};
use crate::crypto::Algorithms;
use crate::machine::error::InputError;
use crate::machine::input::MachineInput;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::select::lint_command_line;
use crate::settings::SettingSource;
use crate::shown::one_line;
use crate::site::{
    KeyOrigin, RootKeySources, SigningCertificateOrigin, SiteSigningCertificate, TrustedRootKey, TrustedRootKeyError,
};
use crate::store::{StoreName, StoredCertificate};
use answer::{SiteAnswer, SiteFile, SiteKey, SiteSigning};
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// The arguments of `site`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 nothing is wrong, 1 the client does not know the site by its keys, 2 bad input."
)]
pub(crate) struct SiteArgs {
    /// The machine whose client is looked at: a machine folder, an inventory (.json) or an export of Windows
    #[arg(value_name = "MACHINE", required_unless_present = "tcf")]
    machine: Option<PathBuf>,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    settings: SettingArgs,
    /// The key that the client reports: (Get-CimInstance -Namespace root/ccm/locationservices TrustedRootKey).TrustedRootKey
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    client_key: Option<PathBuf>,
    /// The file that the client's SMSROOTKEYPATH names
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    root_key: Option<PathBuf>,
    /// The file that the client's SMSSIGNCERT names
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    sign_cert: Option<PathBuf>,
    #[command(flatten)]
    output: AnswerArgs,
}

/// Answers about the site and one client.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &SiteArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let mut notes = Vec::new();
    let answer = match answer(args, io, &mut notes) {
        Ok(answer) => answer,
        Err(error) => return single::bad_input(&error, io),
    };
    for note in &notes {
        writeln!(io.stderr, "{}", one_line(note))?;
    }
    let text = match args.output.format {
        AnswerFormat::Json => answer.json(),
        AnswerFormat::Text => answer.text(),
    };
    let written = write!(io.stdout, "{text}");
    let status = if answer.problems().is_empty() { ExitStatus::Ready } else { ExitStatus::NotReady };
    ended(written, status, io)
}

fn answer(args: &SiteArgs, io: &mut Io<'_>, notes: &mut Vec<String>) -> Result<SiteAnswer, InputError> {
    let context = Context::new(&args.source, &args.settings, io.clock)?;
    let mut input = match &args.machine {
        Some(machine) => {
            let (source, settings) = (args.source.clone(), args.settings.clone());
            single::input(&OneMachine { machine: machine.clone(), source, settings }, &context, io)?
        }
        // Only the site's file: no client is looked at.
        None => MachineInput::unknown(),
    };
    notes.append(&mut input.collected.notes);
    let client = context.client(&input, notes)?;
    // The command line's own lints are notes, but this one is about the key.
    let setup = client.sources.of(SettingSource::CcmSetup);
    let mut lints = setup.map(lint_command_line).unwrap_or_default();
    lints.retain(|lint| lint.rule() == Rule::K4);
    notes.retain(|note| !lints.iter().any(|lint| note.starts_with(&lint.to_string())));
    let file = client.tcf.as_ref().map(SiteFile::read).transpose().map_err(|error| in_tcf(error, args))?;
    let key = key(args, &client)?;
    let stores = std::mem::take(&mut input.collected.stores).build();
    let store = StoreName::new(StoreName::SMS);
    let stored: Option<Vec<StoredCertificate>> = stores.entries_of(&store).map(|entries| {
        let certificates = entries.iter().filter_map(|id| stores.get(*id));
        certificates.filter(|one| SiteSigningCertificate::is_named(one)).cloned().collect()
    });
    let given = match &args.sign_cert {
        Some(path) => context.certificates(path, notes)?,
        None => Vec::new(),
    };
    let algorithms = Algorithms::default();
    let origin = signing_origin(&client, args.sign_cert.is_some());
    let signing = SiteSigning::new(origin, stored, &given, &algorithms);
    let machine = args.machine.is_some().then(|| input.machine.name().to_owned());
    Ok(SiteAnswer { machine, file, https_state: client.resolved.https_state(), key, signing, lints })
}

/// Which trusted root key the client has, and where it has it from (rules K-1, K-2).
fn key(args: &SiteArgs, client: &Client) -> Result<SiteKey, InputError> {
    let site_text = client.tcf.as_ref().and_then(|file| file.public_root_key());
    let site = site_text.map(|text| TrustedRootKey::from_hex(text, KeyOrigin::ClientPush)).transpose();
    let site = site.map_err(|error| in_tcf(InputError::new(error.to_string()), args))?;
    let given = args.root_key.as_deref().map(key_file::read).transpose()?.flatten();
    let sources = provisioned(client, site.as_ref(), given.as_deref());
    let sources = sources.map_err(|error| InputError::new(error.to_string()))?;
    let reported = match &args.client_key {
        Some(path) => Some(reported(path, &sources)?),
        None => None,
    };
    Ok(SiteKey { site, sources, reported })
}

/// The key that the client reports, if it has one.
fn reported(path: &Path, sources: &RootKeySources) -> Result<Option<TrustedRootKey>, InputError> {
    let Some(text) = key_file::read(path)? else { return Ok(None) };
    let key = |origin| {
        let key = TrustedRootKey::from_hex(&text, origin);
        key.map_err(|error| InputError::new(error.to_string()).in_file(path))
    };
    let origin = sources.origin_of(Some(&key(KeyOrigin::FirstManagementPoint)?));
    key(origin).map(Some)
}

/// What a client that is set up this way is given, the stronger first.
fn provisioned(
    client: &Client,
    site: Option<&TrustedRootKey>,
    root_key: Option<&str>,
) -> Result<RootKeySources, TrustedRootKeyError> {
    let mut sources = RootKeySources::default();
    if let Some(setup) = client.sources.of(SettingSource::CcmSetup) {
        sources = sources.with_properties(setup)?;
        if setup.root_key_path().is_some() && root_key.is_none() {
            sources = sources.with_origin(KeyOrigin::PreProvisioned);
        }
    }
    if let Some(text) = root_key {
        sources = sources.with_key(TrustedRootKey::from_hex(text, KeyOrigin::PreProvisioned)?);
    }
    let ways = [
        (SettingSource::ActiveDirectory, KeyOrigin::ActiveDirectory),
        (SettingSource::ClientPush, KeyOrigin::ClientPush),
        // The file is what client push and CCMSetup install with.
        (SettingSource::MobileClientFile, KeyOrigin::ClientPush),
    ];
    for (source, origin) in ways {
        let Some(stated) = client.sources.of(source) else { continue };
        sources = match (stated.public_root_key(), site) {
            (Some(text), _) => sources.with_key(TrustedRootKey::from_hex(text, origin)?),
            (None, Some(site)) => sources.with_key(site.clone().of_origin(origin)),
            // A file without the key gives none.
            (None, None) if source == SettingSource::MobileClientFile => sources,
            (None, None) => sources.with_origin(origin),
        };
    }
    Ok(sources)
}

/// Where the client has the certificate of the site server from (rule K-3).
fn signing_origin(client: &Client, given: bool) -> SigningCertificateOrigin {
    let setup = client.sources.of(SettingSource::CcmSetup);
    let stated = |source| client.sources.of(source).is_some();
    let on_internet = client.state.as_ref().and_then(|state| state.always_on_internet()).unwrap_or_default();
    if stated(SettingSource::ActiveDirectory) {
        SigningCertificateOrigin::ActiveDirectory
    } else if stated(SettingSource::ClientPush) {
        SigningCertificateOrigin::ClientPush
    } else if given || setup.is_some_and(|setup| setup.sign_cert().is_some()) {
        SigningCertificateOrigin::SignCertProperty
    } else if on_internet {
        SigningCertificateOrigin::InternetManagementPoint
    } else {
        SigningCertificateOrigin::ManagementPoint
    }
}

fn in_tcf(error: InputError, args: &SiteArgs) -> InputError {
    match &args.settings.tcf {
        Some(path) => error.in_file(path),
        None => error.in_file(Path::new("mobileclient.tcf")),
    }
}
