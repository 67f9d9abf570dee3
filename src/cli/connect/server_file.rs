//! The server of `connect`, from its TOML: `mp.toml` or `cmg.toml`.
//!
//! ```toml
//! role = "management-point"            # or "cloud-management-gateway", "software-updates"
//! name = "mp1.contoso.com"
//! trust_list = "CN=Contoso Root CA"    # the site's issuers list; or trust_list_files = ["root.cer"]
//! roots = ["ROOT"]                     # files or folders, beside this file
//! intermediates = ["CA"]
//! disallowed = []
//! crls = ["crl"]                       # those that the server can get
//! verify_client_certificate_revocation = true   # a gateway's setting
//! signers = ["updates.cer"]            # software updates: the certificates that sign them, instead of the client's
//! check_signatures = false             # software updates: whether their CRLs are checked
//! ```

use crate::certificate::Certificate;
use crate::choices::{IssuerSyntax, Revocation};
use crate::import::{self, ImportOptions};
use crate::machine::bytes::{self, Limits};
use crate::machine::error::InputError;
use crate::machine::folder;
use crate::reason::Coded;
use crate::revocation::{Crl, Crls};
use crate::server::{self, ServerJudgement};
use crate::shown::one_line;
use crate::store::{StoreName, Stores, StoresBuilder};
use crate::text::IssuersList;
use crate::time::Timestamp;
use serde::Deserialize;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerToml {
    role: ServerRole,
    name: String,
    trust_list: Option<String>,
    #[serde(default)]
    trust_list_files: Vec<PathBuf>,
    #[serde(default)]
    roots: Vec<PathBuf>,
    #[serde(default)]
    intermediates: Vec<PathBuf>,
    #[serde(default)]
    disallowed: Vec<PathBuf>,
    #[serde(default)]
    crls: Vec<PathBuf>,
    verify_client_certificate_revocation: Option<bool>,
    #[serde(default)]
    signers: Vec<PathBuf>,
    check_signatures: Option<bool>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum ServerRole {
    ManagementPoint,
    CloudManagementGateway,
    SoftwareUpdates,
}

/// The other end of the connection.
pub(crate) struct ServerFile {
    name: String,
    role: ServerRole,
    judge: server::Server,
    /// Of software updates the certificates that sign them.
    signers: Vec<Certificate>,
    /// For stderr, once.
    notes: Mutex<String>,
}

impl ServerFile {
    /// Reads the file and everything that it names.
    ///
    /// # Errors
    /// Something that does not read, with its file.
    pub(crate) fn read(path: &Path) -> Result<Self, InputError> {
        let text = crate::machine::text::decode(bytes::named(path)?).map_err(|error| error.in_file(path))?;
        let toml: Result<ServerToml, _> = toml::from_str(&text);
        let toml = toml.map_err(|error| folder::toml_error(&text, &error).in_file(path))?;
        let base = path.parent().unwrap_or(Path::new("."));
        let (mut notes, mut told) = (String::new(), Vec::new());
        let mut stores = Stores::builder();
        for (store, paths) in [
            (StoreName::ROOT, &toml.roots),
            (StoreName::CA, &toml.intermediates),
            (StoreName::DISALLOWED, &toml.disallowed),
        ] {
            stores.add_store(store);
            for (file, bytes) in files(base, paths, &mut told)? {
                add(&mut stores, store, &file, &bytes)?;
            }
        }
        let mut crls = Vec::new();
        for (file, bytes) in files(base, &toml.crls, &mut told)? {
            let imported = import::import(&bytes, &ImportOptions::default());
            let imported = imported.map_err(|error| InputError::new(error.to_string()).in_file(&file))?;
            for der in imported.crls() {
                match Crl::from_der(der) {
                    Ok(crl) => crls.push(crl),
                    Err(error) => notes += &format!("{}: {error} (V-8)\n", one_line(&file.to_string_lossy())),
                }
            }
        }
        let stores = stores.build();
        told.extend(stores.warnings().iter().map(|warning| format!("{warning} ({})", warning.rule())));
        told.iter().for_each(|line| notes += &format!("{}\n", one_line(line)));
        let (name, role) = (toml.name.clone(), toml.role);
        let (judge, signers) = judge(toml, stores, base).map_err(|error| error.in_file(path))?;
        Ok(ServerFile { name, role, judge: judge.with_crls(Crls::new(crls)), signers, notes: Mutex::new(notes) })
    }

    /// What the server says to a presented chain.
    pub(crate) fn judge(&self, presented: &[Certificate], now: Timestamp) -> ServerJudgement {
        self.judge.judge(presented, now)
    }

    /// What has to be done on this side until it accepts, each change carried out on a copy of the server.
    pub(crate) fn remedy(
        &self,
        presented: &[Certificate],
        authorities: &[Certificate],
        now: Timestamp,
    ) -> Option<Vec<Cow<'static, str>>> {
        self.judge.remedy(presented, authorities, now)
    }

    /// The certificates that sign software updates, where it is these that are judged and no connection (rule M-3).
    pub(crate) fn signers(&self) -> Option<&[Certificate]> {
        (self.role == ServerRole::SoftwareUpdates).then_some(&self.signers)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn role(&self) -> &'static str {
        match self.role {
            ServerRole::ManagementPoint => "management point",
            ServerRole::CloudManagementGateway => "cloud management gateway",
            ServerRole::SoftwareUpdates => "software updates",
        }
    }

    /// Whether clients reach it over the Internet.
    pub(crate) fn is_gateway(&self) -> bool {
        self.role == ServerRole::CloudManagementGateway
    }

    /// What is worth saying about the server's files: all of it the first time, nothing later.
    pub(crate) fn notes_once(&self) -> String {
        let mut notes = self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::take(&mut *notes)
    }
}

/// Who judges, and of software updates the certificates that it judges.
fn judge(toml: ServerToml, stores: Stores, base: &Path) -> Result<(server::Server, Vec<Certificate>), InputError> {
    if toml.role == ServerRole::SoftwareUpdates {
        return software_updates(&toml, stores, base);
    }
    if toml.check_signatures.is_some() || !toml.signers.is_empty() {
        return Err(InputError::new(
            "`signers` and `check_signatures` are keys of `role = \"software-updates\"` (M-3)",
        ));
    }
    if toml.role == ServerRole::CloudManagementGateway {
        if toml.trust_list.is_some() || !toml.trust_list_files.is_empty() {
            return Err(InputError::new(
                "a gateway has no trust list of its own: its `roots` are what was uploaded to it",
            ));
        }
        let gateway = server::Server::cloud_management_gateway(stores);
        return Ok((checking(gateway, toml.verify_client_certificate_revocation), Vec::new()));
    }
    if toml.verify_client_certificate_revocation.is_some() {
        let message = "`verify_client_certificate_revocation` is a gateway's setting: IIS always checks (M-2)";
        return Err(InputError::new(message));
    }
    let mut server = server::Server::management_point(stores);
    let mut listed = Stores::builder();
    for (file, bytes) in files(base, &toml.trust_list_files, &mut Vec::new())? {
        add(&mut listed, StoreName::ROOT, &file, &bytes)?;
    }
    let listed = listed.build();
    let certificates: Vec<&Certificate> =
        listed.entries().filter_map(|(_, entry)| Some(entry.certificate()?.certificate())).collect();
    let list = match (toml.trust_list, certificates.is_empty()) {
        (Some(_), false) => return Err(InputError::new("write either `trust_list` or `trust_list_files`")),
        (Some(text), true) => Some(
            IssuersList::parse(&text, IssuerSyntax::Documented).map_err(|error| InputError::new(error.to_string()))?,
        ),
        (None, false) => IssuersList::from_certificates(certificates),
        (None, true) => None,
    };
    if let Some(list) = list {
        server = server.with_trust_list(list);
    }
    Ok((server, Vec::new()))
}

/// The server with its setting about revocation, where the file states it.
fn checking(server: server::Server, stated: Option<bool>) -> server::Server {
    match stated {
        Some(true) => server.with_revocation(Revocation::Check),
        Some(false) => server.with_revocation(Revocation::Off),
        None => server,
    }
}

/// Each signer comes without others; intermediates come from the file's own list.
fn software_updates(
    toml: &ServerToml,
    stores: Stores,
    base: &Path,
) -> Result<(server::Server, Vec<Certificate>), InputError> {
    let connection = toml.trust_list.is_some()
        || !toml.trust_list_files.is_empty()
        || toml.verify_client_certificate_revocation.is_some();
    if connection {
        return Err(InputError::new(
            "software updates have no trust list and no client: their keys are `signers` and `check_signatures` (M-3)",
        ));
    }
    let mut signers = Stores::builder();
    for (file, bytes) in files(base, &toml.signers, &mut Vec::new())? {
        add(&mut signers, StoreName::MY, &file, &bytes)?;
    }
    let signers = signers.build();
    if let Some((_, entry)) = signers.unreadable().next() {
        return Err(InputError::new(format!("`signers`: {}", entry.error())));
    }
    let signers: Vec<Certificate> =
        signers.entries().filter_map(|(_, entry)| Some(entry.certificate()?.certificate().clone())).collect();
    if signers.is_empty() {
        return Err(InputError::new("name the certificates that sign software updates: `signers = [\"updates.cer\"]`"));
    }
    Ok((checking(server::Server::software_updates(stores), toml.check_signatures), signers))
}

/// The files of these paths, folders opened.
fn files(base: &Path, paths: &[PathBuf], notes: &mut Vec<String>) -> Result<Vec<(PathBuf, Vec<u8>)>, InputError> {
    let mut found = Vec::new();
    for path in paths {
        let path = base.join(path);
        let inside = if path.is_dir() { folder::files(&path, notes)? } else { vec![path] };
        for file in inside {
            let bytes = bytes::inside(&file, Limits::default().file)?;
            found.push((file, bytes));
        }
    }
    Ok(found)
}

fn add(stores: &mut StoresBuilder, store: &str, file: &Path, bytes: &[u8]) -> Result<(), InputError> {
    let options = ImportOptions::default().with_store(store);
    let imported = import::import(bytes, &options).map_err(|error| InputError::new(error.to_string()).in_file(file))?;
    imported.with_source(&file.display().to_string()).add_to(stores);
    Ok(())
}
