//! The TOML of a case, as `testdata/commands/README.md` documents it. Unknown fields are errors.

use crate::corpus::format::{CertCase, CrlCase};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub case: Vec<Case>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The report on the machine: `Selector::report`, `cmhttpsreadiness client.json`.
    Judge,
    /// What counts of what its sources say: `Settings::resolve`, `--explain-settings`.
    Settings,
    /// What a server says to what the client presents: `server`, `connect`.
    Server,
    /// Whether the client knows its site: `site`, `site`.
    Site,
    /// What the files of the case hold: `import`, `convert`.
    Import,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique: `topic/what-is-tried`.
    pub id: String,
    /// The rule, or rules, behind the case.
    pub source: String,
    pub kind: Kind,
    /// Keys of the client's inventory, over the usual ones.
    #[serde(default)]
    pub client: Map<String, Value>,
    /// As in `testdata/selection`, and so are the next three.
    #[serde(default)]
    pub cert: Vec<CertCase>,
    #[serde(default)]
    pub crl: Vec<CrlCase>,
    #[serde(default)]
    pub without: Vec<String>,
    #[serde(default)]
    pub without_crl: Vec<String>,
    /// The server of the case; the usual management point where nothing is said.
    #[serde(default)]
    pub server: Server,
    /// Files by name: UTF-8, and in the next two UTF-16LE with a byte order mark, and bytes.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    #[serde(default)]
    pub utf16: BTreeMap<String, String>,
    #[serde(default)]
    pub bytes: BTreeMap<String, String>,
    /// More arguments of the program.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The exit status of the program; 0 where nothing is said, and of settings 1 as well, since no certificate is asked for.
    #[serde(default)]
    pub status: Option<i32>,
    /// Values of the library's document and of the program's, by JSON pointer.
    #[serde(default)]
    pub answer: BTreeMap<String, Value>,
    /// Values of the program's document alone.
    #[serde(default)]
    pub program: BTreeMap<String, Value>,
    /// What stands in the program's text.
    #[serde(default)]
    pub text: Vec<String>,
    /// What does not stand in the program's text.
    #[serde(default)]
    pub without_text: Vec<String>,
    /// What the program writes to standard error, and an import among its problems.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What stands in the error, where the input is none.
    #[serde(default)]
    pub refused: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    #[default]
    ManagementPoint,
    CloudManagementGateway,
    SoftwareUpdates,
}

/// Certificates are named.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    #[serde(default)]
    pub role: Role,
    /// `root` where nothing is said.
    #[serde(default)]
    pub roots: Option<Vec<String>>,
    /// `issuing` where nothing is said.
    #[serde(default)]
    pub intermediates: Option<Vec<String>>,
    #[serde(default)]
    pub disallowed: Vec<String>,
    /// Whether it gets no CRL; it gets all of the case where nothing is said.
    #[serde(default)]
    pub without_crls: bool,
    #[serde(default)]
    pub trust_list: Option<String>,
    /// The list as root certificates.
    #[serde(default)]
    pub trust_list_certificates: Vec<String>,
    #[serde(default)]
    pub verify_client_certificate_revocation: Option<bool>,
    #[serde(default)]
    pub signers: Vec<String>,
    #[serde(default)]
    pub check_signatures: Option<bool>,
    /// What is presented in place of what the client selects: the library alone is asked, since no client presents it.
    #[serde(default)]
    pub presented: Option<Vec<String>>,
}

impl Server {
    pub fn roots(&self) -> Vec<String> {
        self.roots.clone().unwrap_or_else(|| vec!["root".into()])
    }

    pub fn intermediates(&self) -> Vec<String> {
        self.intermediates.clone().unwrap_or_else(|| vec!["issuing".into()])
    }
}
