//! `connect`: end to end, which certificate the client selects and whether the server accepts it.

mod answer;
mod server_file;
mod summary;

use super::args::{AnswerArgs, AnswerFormat, InputArgs, SettingArgs};
use super::io::{ExitStatus, Io, ended};
use super::jobs::{Job, Jobs};
use super::prepare::{Context, MachineError};
use super::stream;
use crate::certificate::Certificate;
use crate::select::Selection;
use crate::server::ServerJudgement;
use crate::shown::Shown;
use crate::store::{StoreName, Stores};
use answer::{ConnectAnswer, SignersAnswer};
use clap::Args;
pub(super) use server_file::ServerFile;
use std::io;
use std::path::PathBuf;
use summary::{Ended, Summary};

/// The keys of a server file, for `--help`.
const SERVER_FILE: &str = "\
The server file, in TOML; paths are beside it, and may be folders:
  role = \"management-point\"            # or \"cloud-management-gateway\", \"software-updates\"
  name = \"mp1.contoso.com\"
  roots = [\"ROOT\"]                     # trusted roots; for a gateway what was uploaded to it
  intermediates = [\"CA\"]
  disallowed = []
  crls = [\"crl\"]                       # those that the server can get
  trust_list = \"CN=Contoso Root CA\"    # management point: the site's issuers list; or
  trust_list_files = [\"root.cer\"]      #   the root CA certificates themselves
  verify_client_certificate_revocation = true   # gateway
  signers = [\"updates.cer\"]            # software updates: the certificates that sign them
  check_signatures = false             # software updates: whether their CRLs are checked";

/// The arguments of `connect`: both ends of a connection.
#[derive(Debug, Args)]
#[command(after_help = SERVER_FILE)]
pub(crate) struct ConnectArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The server: a management point, a cloud management gateway or software updates, in TOML
    #[arg(long, value_name = "SERVER.toml", help_heading = "Input")]
    to: PathBuf,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    output: AnswerArgs,
}

/// Judges the connection of each machine to the server.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &ConnectArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let context = Context::new(&args.input.source, &args.settings, io.clock);
    let server = ServerFile::read(&args.to);
    let (context, server) = match (context, server) {
        (Ok(context), Ok(server)) => (context, server),
        (Err(error), _) | (_, Err(error)) => {
            writeln!(io.stderr, "error: {error}")?;
            return Ok(ExitStatus::BadInput);
        }
    };
    let mut status = ExitStatus::Ready;
    let mut summary = Summary::default();
    let jobs = Jobs::of(&args.input, &mut *io.stdin);
    let written = stream::in_order(
        jobs,
        |job| connect(job, &context, &server, args.output.format),
        |connected| {
            let (ended, text, notes) =
                connected.unwrap_or_else(|error| (Ended::Unjudged, String::new(), format!("error: {error}\n")));
            status = status.max(match ended {
                Ended::Accepted => ExitStatus::Ready,
                Ended::Rejected(..) => ExitStatus::NotReady,
                Ended::Unjudged => ExitStatus::BadInput,
            });
            summary.add(&ended);
            write!(io.stdout, "{text}")?;
            write!(io.stderr, "{}{notes}", server.notes_once())
        },
    );
    // JSON is a document a machine; whoever reads that counts for himself.
    let written = written.and_then(|()| match args.output.format {
        AnswerFormat::Json => Ok(()),
        AnswerFormat::Text => {
            write!(io.stdout, "{}", summary.text())
        }
    });
    ended(written, status, io)
}

fn connect(
    job: Job,
    context: &Context,
    server: &ServerFile,
    format: AnswerFormat,
) -> Result<(Ended, String, String), MachineError> {
    let prepared = context.read(job).and_then(|input| context.prepare(input))?;
    let now = prepared.now;
    let notes: String = prepared.notes.iter().map(|note| format!("{}: {note}\n", Shown(&prepared.name))).collect();
    if let Some(signers) = server.signers() {
        let answer = SignersAnswer {
            machine: &prepared.name,
            server,
            signers: signers
                .iter()
                .map(|signer| {
                    let presented = std::slice::from_ref(signer);
                    (signer, server.judge(presented, now), server.remedy(presented, &[], now))
                })
                .collect(),
        };
        let ended = answer.signers.iter().map(|(_, judgement, _)| how_it_ended(judgement));
        let ended = ended.fold(Ended::Accepted, |all, one| if matches!(all, Ended::Accepted) { one } else { all });
        let text = match format {
            AnswerFormat::Json => answer.json(),
            AnswerFormat::Text => answer.text(),
        };
        return Ok((ended, text, notes));
    }
    let selection = prepared.selector.select(now);
    let presented = presented(prepared.selector.stores(), &selection);
    let judgement = server.judge(&presented, now);
    let authorities = authorities(prepared.selector.stores(), &selection);
    let answer = ConnectAnswer {
        remedy: server.remedy(&presented, &authorities, now),
        machine: &prepared.name,
        selection: &selection,
        selected: presented.first(),
        server,
        judgement: &judgement,
        authorities: &authorities,
    };
    let text = match format {
        AnswerFormat::Json => answer.json(),
        AnswerFormat::Text => answer.text(),
    };
    Ok((how_it_ended(&judgement), text, notes))
}

fn how_it_ended(judgement: &ServerJudgement) -> Ended {
    match judgement.rejection() {
        None => Ended::Accepted,
        Some(rejection) => {
            Ended::Rejected(rejection.cause(), rejection.counted(), judgement.status().map(|status| status.code()))
        }
    }
}

/// The CA certificates of the client's chain, the root included.
pub(super) fn authorities(stores: &Stores, selection: &Selection) -> Vec<Certificate> {
    let verdict = selection.selected().and_then(|id| selection.verdict(id));
    let above = verdict.map(|verdict| verdict.path()).unwrap_or_default().iter().skip(1);
    above.filter_map(|id| stores.get(*id)).map(|stored| stored.certificate().clone()).collect()
}

/// What the client sends: its certificate and the intermediates; the server has the root.
pub(super) fn presented(stores: &Stores, selection: &Selection) -> Vec<Certificate> {
    let root = StoreName::new(StoreName::ROOT);
    let verdict = selection.selected().and_then(|id| selection.verdict(id));
    let path = verdict.map(|verdict| verdict.path()).unwrap_or_default().iter().enumerate();
    path.filter(|(position, id)| *position == 0 || stores.store_of(**id) != Some(&root))
        .filter_map(|(_, id)| stores.get(*id))
        .map(|stored| stored.certificate().clone())
        .collect()
}
