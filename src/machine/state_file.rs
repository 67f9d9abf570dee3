//! The files that say what a client's settings are: its own state as JSON or CSV (rule Q-5), and the site's mobileclient.tcf.

use super::bytes::{self, Limits};
use super::client_state::{from_json, state};
use super::error::InputError;
use super::reported::Reported;
use super::text;
use crate::choices::IssuerSyntax;
use crate::settings::ClientState;
use crate::text::MobileClientFile;
use std::path::Path;

/// The file of a machine folder that holds the client's state.
const CLIENT_STATE_FILE: &str = "client.json";
/// The file of a machine folder that the site writes.
const TCF_FILE: &str = "mobileclient.tcf";

impl Reported {
    /// Takes in a file of a machine folder; false where it is another file.
    ///
    /// # Errors
    /// It cannot be read, or does not read.
    pub(crate) fn take_file(&mut self, name: &str, path: &Path, machine: &str) -> Result<bool, InputError> {
        if name.eq_ignore_ascii_case(CLIENT_STATE_FILE) {
            let state = from_bytes(bytes::inside(path, Limits::default().file)?, machine)
                .map_err(|error| error.in_file(path))?;
            self.client_state = Some((state, None));
            return Ok(true);
        }
        if name.eq_ignore_ascii_case(TCF_FILE) {
            self.tcf = Some(read_tcf(path)?);
            return Ok(true);
        }
        Ok(false)
    }
}

/// The site's file.
///
/// # Errors
/// It cannot be read, or one of its values does not read.
pub(crate) fn read_tcf(path: &Path) -> Result<MobileClientFile, InputError> {
    let file = MobileClientFile::parse(&bytes::inside(path, Limits::default().file)?);
    // Which of the two readings of the comma counts, the settings say (I-9).
    match file.properties().or_else(|error| file.properties_under(IssuerSyntax::SemicolonOnly).map_err(|_| error)) {
        Ok(_) => Ok(file),
        Err(error) => Err(InputError::new(error.to_string()).at(error.input(), error.span()).in_file(path)),
    }
}

/// The columns by which a table of several machines says whose row it is.
const NAMES: [&str; 6] = ["Name0", "Name", "Netbios_Name0", "MachineName", "PSComputerName", "ResourceName"];

/// Reads the bytes of a file; of a table with several machines the row of this name.
///
/// # Errors
/// It is not a client's state.
pub(crate) fn from_bytes(bytes: Vec<u8>, machine: &str) -> Result<ClientState, InputError> {
    let text = text::decode(bytes)?;
    let begin = text.trim();
    if begin.is_empty() {
        return Err(InputError::new(
            "it is empty: the query failed, or the class has no instance on this computer (Q-5)",
        ));
    }
    if begin.starts_with('<') {
        return Err(InputError::new("it is XML: write it by ConvertTo-Json, or as CSV (Q-5)"));
    }
    if begin.starts_with(['{', '[']) || begin == "null" {
        let value = serde_json::from_str(&text).map_err(|error| {
            InputError::at_line_column(format!("not JSON: {error}"), &text, error.line(), error.column())
        })?;
        from_json(&value)
    } else {
        match of_list(&text)? {
            Some(values) => state(values.iter().map(|(name, value)| (name.as_str(), Some(value.as_str())))),
            None => from_csv(&text, machine),
        }
    }
}

/// The names and values that Format-List prints, `Name : value`, where they are those of a client's state. What is too long
/// for its line goes on in the next.
fn of_list(text: &str) -> Result<Option<Vec<(String, String)>>, InputError> {
    let mut values: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match line.split_once(':').map(|(name, value)| (name.trim_end(), value.trim())) {
            Some((name, value)) if is_name(name) => values.push((name.to_owned(), value.to_owned())),
            _ if line.starts_with(' ') => {
                values.iter_mut().next_back().into_iter().for_each(|last| last.1 += line.trim())
            }
            _ => {}
        }
    }
    let flags = values.iter().filter(|(name, _)| name.eq_ignore_ascii_case("HttpsStateFlags")).count();
    match flags {
        0 => Ok(None),
        1 => Ok(Some(values)),
        _ => Err(InputError::new("one object is expected: write one file a computer (Q-5)")),
    }
}

fn from_csv(text: &str, machine: &str) -> Result<ClientState, InputError> {
    // Export-Csv of PowerShell 5 says the type in a line of its own.
    let table = match text.strip_prefix("#TYPE") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, table)| table),
        None => text,
    };
    let head = table.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().find(|byte| head.as_bytes().contains(byte)).unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).from_reader(table.as_bytes());
    let bad = |error: ::csv::Error| InputError::new(format!("neither JSON nor CSV: {error} (Q-5)"));
    // A report writes `Certificate Store` for CertificateStore.
    let headers = reader.headers().map_err(bad)?;
    let headers: ::csv::StringRecord =
        headers.iter().map(|name| name.chars().filter(|c| !c.is_whitespace()).collect::<String>()).collect();
    let name_column = headers.iter().position(|header| NAMES.iter().any(|name| name.eq_ignore_ascii_case(header)));
    let (mut first, mut own, mut rows) = (None, None, 0usize);
    for record in reader.records() {
        let record = record.map_err(bad)?;
        rows += 1;
        let named = name_column.and_then(|column| record.get(column)).map(str::trim).unwrap_or_default();
        if !named.is_empty() && named.eq_ignore_ascii_case(machine) {
            own = Some(record);
            break;
        }
        if rows == 1 {
            first = Some((record.clone(), named.is_empty()));
        }
    }
    match (own, first) {
        (Some(record), _) => state(headers.iter().zip(record.iter().map(Some))),
        // A table of one row without a name is this machine's.
        (None, Some((record, true))) if rows == 1 => state(headers.iter().zip(record.iter().map(Some))),
        (None, Some(_)) => {
            Err(InputError::new(format!("the table has rows ({rows}), and none is of `{machine}` (Q-5)")))
        }
        (None, None) => Err(InputError::new("the table has no row (Q-5)")),
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/state_file.rs"]
mod tests;
