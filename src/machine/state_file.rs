//! The files that say what a client's settings are: its own state as JSON or CSV (rule Q-5), and the site's mobileclient.tcf.

use super::bytes::{self, Limits};
use super::client_state::{from_json, state};
use super::error::InputError;
use super::reported::Reported;
use super::text;
use crate::settings::{ClientState, IssuerSyntax};
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
    match begin.starts_with(['{', '[']) || begin == "null" {
        true => {
            let value = serde_json::from_str(&text).map_err(|error| {
                InputError::at_line_column(format!("not JSON: {error}"), &text, error.line(), error.column())
            })?;
            from_json(&value)
        }
        false => match of_list(&text)? {
            Some(values) => state(values.iter().map(|(name, value)| (name.as_str(), Some(value.as_str())))),
            None => from_csv(&text, machine),
        },
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

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: Vec<u8>, machine: &str) -> Result<String, String> {
        from_bytes(bytes, machine).map(|state| state.properties().to_string()).map_err(|error| error.message)
    }

    const OBJECT: &str = r#"{"InstanceKey":"1","CertificateSelectionCriteria":"SubjectStr:contoso","CertificateStore":null,
        "ClientAlwaysOnInternet":0,"HttpsStateFlags":480,"InternetMPHostName":"","SelectFirstCertificate":1,
        "PSComputerName":null,"CimClass":{"CimSuperClassName":null},"CimInstanceProperties":["x"]}"#;
    const EXPECTED: &str = "CCMCERTSEL=SubjectStr:contoso CCMFIRSTCERT=1 CCMHTTPSSTATE=480";

    #[test]
    fn q5_an_object_or_an_array_of_one_in_every_encoding() {
        let utf16 = |text: &str| [vec![0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
        assert_eq!(line(OBJECT.into(), "").as_deref(), Ok(EXPECTED));
        assert_eq!(line(format!("[{OBJECT}]").into(), "").as_deref(), Ok(EXPECTED));
        assert_eq!(line(utf16(OBJECT), "").as_deref(), Ok(EXPECTED));
        assert_eq!(line(format!("{{\"value\":[{OBJECT}],\"Count\":1}}").into(), "").as_deref(), Ok(EXPECTED));
        for none in ["[]", "null", " \r\n", "{\"value\":[],\"Count\":0}"] {
            assert!(line(none.into(), "").unwrap_err().contains("no instance"), "{none}");
        }
        assert!(line("<Objs Version=\"1.1.0.1\"/>".into(), "").unwrap_err().contains("ConvertTo-Json"));
        assert!(line(format!("[{OBJECT},{OBJECT}]").into(), "").unwrap_err().contains("one object"));
        assert!(line("{\"a\":1}".into(), "").unwrap_err().contains("not the state of a client"));
        assert!(line("{\"HttpsStateFlags\":\"x\"}".into(), "").unwrap_err().starts_with("HttpsStateFlags: `x`"));
        assert!(line("{".into(), "").unwrap_err().starts_with("not JSON"));
    }

    #[test]
    fn q5_the_object_as_a_list() {
        let list = "\r\n\r\nCertificateSelectionCriteria : SubjectStr:\r\n                               contoso\r\n\
                    CertificateStore             : \r\nHttpsStateFlags              : 480\r\n\
                    SelectFirstCertificate       : 1\r\nPSComputerName               : \r\n\r\n";
        assert_eq!(line(list.into(), "").as_deref(), Ok(EXPECTED));
        assert!(line(list.repeat(2).into(), "").unwrap_err().contains("one object"));
    }

    #[test]
    fn q5_a_row_of_the_inventory_by_its_machine() {
        let table = "Name0,CertificateSelectionCriteria0,HttpsStateFlags0,SelectFirstCertificate0\r\n\
                     PC1,SubjectStr:contoso,480,1\r\nPC2,,31,0\r\n";
        assert_eq!(line(table.into(), "pc1").as_deref(), Ok(EXPECTED));
        assert_eq!(line(table.into(), "PC2").as_deref(), Ok("CCMFIRSTCERT=0 CCMHTTPSSTATE=31"));
        assert!(line(table.into(), "PC3").unwrap_err().contains("none is of `PC3`"));
        let export = "#TYPE Microsoft.Management.Infrastructure.CimInstance\r\n\"HttpsStateFlags\";\"CertificateStore\"\r\n\
                      \"63\";\"MY\"\r\n";
        assert_eq!(line(export.into(), "any").as_deref(), Ok("CCMCERTSTORE=MY CCMHTTPSSTATE=63"));
        let report = "Machine Name,Certificate Store,Https State Flags\r\nPC1,MY,63\r\n";
        assert_eq!(line(report.into(), "PC1").as_deref(), Ok("CCMCERTSTORE=MY CCMHTTPSSTATE=63"));
        assert!(line("HttpsStateFlags\r\n".into(), "").unwrap_err().contains("no row"));
    }
}
