//! The groups of arguments that commands share.

use crate::text::Property;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What an export of Windows does not say.
#[derive(Debug, Args, Clone, Default)]
#[command(next_help_heading = "Exports of Windows (.reg, .sst, .p7b, .pfx)")]
pub(crate) struct ExportArgs {
    /// The computer's name, without which it is called after the file; of several machines in a file, the one that is meant
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The computer's fully qualified domain name
    #[arg(long, value_name = "NAME")]
    pub fqdn: Option<String>,
    /// The domain behind the computer's name, such as contoso.com: for the machines of a folder of exports
    #[arg(long, value_name = "DOMAIN", conflicts_with = "fqdn")]
    pub fqdn_suffix: Option<String>,
    /// Put every certificate into this store; without it CA certificates go to CA and ROOT, the rest to MY
    #[arg(long, value_name = "STORE")]
    pub into: Option<String>,
    /// A file whose first line is the password of .pfx files; without it the password is asked for
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// All exports belong to one machine
    #[arg(long)]
    pub merge: bool,
}

/// Where the machines come from.
#[derive(Debug, Args, Clone)]
pub(crate) struct InputArgs {
    /// A machine folder, an inventory (.json), a file of inventories, one a line (.jsonl, or - for stdin), an export of
    /// Windows, or a folder of exports (PC1.reg, and PC1.json as --client-state has it); without one, on Windows, this
    /// computer
    #[arg(value_name = "MACHINE")]
    pub machines: Vec<PathBuf>,
    #[command(flatten)]
    pub source: SourceArgs,
}

/// What is given for every machine.
#[derive(Debug, Args, Clone)]
pub(crate) struct SourceArgs {
    /// A CRL, or a folder of them, for every machine
    #[arg(long, value_name = "FILE|FOLDER", help_heading = "Input")]
    pub crl: Vec<PathBuf>,
    /// The instant to judge at, instead of the machine's own `now`, such as 2026-01-15T09:00:00Z
    #[arg(long, value_name = "RFC3339", help_heading = "Input")]
    pub now: Option<String>,
    /// Read no more of one file of a folder than so many megabytes
    #[arg(long, value_name = "MB", help_heading = "Input", default_value_t = 64)]
    pub max_file_mb: u32,
    /// Read no more of one CRL than so many megabytes
    #[arg(long, value_name = "MB", help_heading = "Input", default_value_t = 256)]
    pub max_crl_mb: u32,
    #[command(flatten)]
    pub export: ExportArgs,
}

/// Settings that come before those of the machine's file.
#[derive(Debug, Args, Clone, Default)]
#[command(next_help_heading = "Settings (they win over the machine's own)")]
pub(crate) struct SettingArgs {
    /// The certificate store (CCMCERTSTORE)
    #[arg(long, value_name = "NAME")]
    pub store: Option<String>,
    /// The certificate issuers list (CCMCERTISSUERS)
    #[arg(long, value_name = "LIST")]
    pub issuers: Option<String>,
    /// The selection criteria (CCMCERTSEL): Subject:, SubjectStr: or SubjectAttr:
    #[arg(long, value_name = "CRITERIA")]
    pub criteria: Option<String>,
    /// Select the longest validity period among several (CCMFIRSTCERT=1)
    #[arg(long)]
    pub select_first_cert: bool,
    /// A client.msi command line, such as 'CCMCERTSEL="..." CCMCERTISSUERS="..." /NoCRLCheck'
    #[arg(long, value_name = "COMMAND LINE", allow_hyphen_values = true)]
    pub properties: Vec<String>,
    /// No issuers list, whatever the machine's own settings say
    #[arg(long, conflicts_with = "issuers")]
    pub no_issuers: bool,
    /// No selection criteria, whatever the machine's own settings say
    #[arg(long, conflicts_with = "criteria")]
    pub no_criteria: bool,
    /// The default store (MY), whatever the machine's own settings say
    #[arg(long, conflicts_with = "store")]
    pub no_store: bool,
    /// The log of CCMSetup: the properties of its last run, in place of the machine's `properties`
    #[arg(long, value_name = "FILE")]
    pub ccmsetup_log: Option<PathBuf>,
    /// The client's own settings: Get-CimInstance -Namespace root/cimv2 Win32Reg_SMSAdvancedClientSSLConfiguration |
    /// ConvertTo-Json, or a row of the inventory as CSV
    #[arg(long, value_name = "FILE")]
    pub client_state: Option<PathBuf>,
    /// The site's mobileclient.tcf
    #[arg(long, value_name = "FILE")]
    pub tcf: Option<PathBuf>,
    /// Which generation of the documentation applies: cb1706, cb1710 or cb2107, or a client version such as 2403 or
    /// 5.00.9128.1000
    #[arg(long, value_name = "RULESET")]
    pub ruleset: Option<String>,
    /// Do not check revocation
    #[arg(long)]
    pub no_crl_check: bool,
    /// Any other setting, such as issuer-match=whole-name; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub setting: Vec<String>,
    /// What a comparison changes, over everything else.
    #[arg(skip)]
    pub change: Vec<SettingsChange>,
}

/// A change of the settings.
#[derive(Debug, Clone)]
pub(crate) enum SettingsChange {
    /// A command line of properties.
    Line(String),
    /// A property that has no value any more.
    Without(Property),
}

/// How the answers about machines are written.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
    #[command(flatten)]
    pub layout: LayoutArgs,
    #[command(flatten)]
    pub cells: CellArgs,
}

/// How an answer is written that is for people or for programs: `--format html` is an error where there is no page.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Output")]
pub(crate) struct AnswerArgs {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    pub format: AnswerFormat,
    #[command(flatten)]
    pub layout: LayoutArgs,
}

/// How an answer is written that a spreadsheet can hold, too.
#[derive(Debug, Args, Clone)]
#[command(next_help_heading = "Output")]
pub(crate) struct TableArgs {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    pub format: TableFormat,
    #[command(flatten)]
    pub layout: LayoutArgs,
    #[command(flatten)]
    pub cells: CellArgs,
}

/// How text is laid out.
#[derive(Debug, Args, Clone, Copy, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct LayoutArgs {
    /// Whether the text is coloured
    #[arg(long, value_enum, default_value_t)]
    pub color: ColorChoice,
    /// In which order certificates are listed: the selected one and the nearest first, or as the store holds them
    #[arg(long, value_enum, default_value_t)]
    pub order: OrderChoice,
    /// The width of the text in columns, from 40 on; that of the terminal, or 80, where it is not given
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
}

/// How cells of CSV are written.
#[derive(Debug, Args, Clone, Copy)]
#[command(next_help_heading = "Output")]
pub(crate) struct CellArgs {
    /// Begin CSV with a byte order mark, by which Excel knows UTF-8
    #[arg(long)]
    pub csv_bom: bool,
    /// What stands between the cells of CSV; Excel expects a semicolon where the comma is the decimal sign
    #[arg(long, value_enum, default_value_t)]
    pub csv_separator: CellSeparator,
}

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum CellSeparator {
    /// `,`
    #[default]
    Comma,
    /// `;`
    Semicolon,
    /// A tabulator
    Tab,
}

impl CellSeparator {
    /// The character itself.
    pub(crate) fn byte(self) -> u8 {
        match self {
            CellSeparator::Comma => b',',
            CellSeparator::Semicolon => b';',
            CellSeparator::Tab => b'\t',
        }
    }
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document a machine, each on a line
    Json,
    /// CMTrace lines, as in CMHttpsReadiness.log
    Log,
    /// One line a machine, for spreadsheets
    Csv,
    /// The counts of all machines as one JSON document, which `merge` adds to others
    Summary,
    /// One page to look at, for all machines
    Html,
    /// When selected certificates end, by CA and week, as a calendar (RFC 5545)
    Ics,
}

/// The form of an answer that is one text, or one JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum AnswerFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document; one a machine, each on a line, where the answer is about machines
    Json,
}

/// The form of an answer that is a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum TableFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// For spreadsheets
    Csv,
}

/// In which order certificates are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum OrderChoice {
    /// What is selected, what qualifies, and what is nearest to that first
    #[default]
    Nearest,
    /// As the store holds them
    Store,
}

/// When the text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
