//! A file that holds a trusted root key: the bare hexadecimal (rule K-1), or what PowerShell prints of the client's.

use crate::machine::error::InputError;
use crate::machine::{bytes, text};
use serde_json::Value;
use std::path::Path;

/// The names under which a key is printed.
const NAMES: [&str; 2] = ["TrustedRootKey", "SMSPublicRootKey"];

/// The text of the key; `None` where the file holds none, as the class of a client without a key prints.
///
/// # Errors
/// The file cannot be read, or is JSON of another kind.
pub(crate) fn read(path: &Path) -> Result<Option<String>, InputError> {
    let text = text::decode(bytes::named(path)?);
    text.and_then(|text| key(&text)).map_err(|error| error.in_file(path))
}

fn key(text: &str) -> Result<Option<String>, InputError> {
    let text = text.trim();
    let found = match of_list(text) {
        Some(found) => found,
        None if text.starts_with(['{', '[', '"']) => {
            let value: Value = serde_json::from_str(text).map_err(|error| {
                InputError::at_line_column(format!("not JSON: {error}"), text, error.line(), error.column())
            })?;
            in_json(&value).ok_or_else(|| {
                InputError::new("there is no `TrustedRootKey` in it, as ConvertTo-Json prints one (K-2)")
            })?
        }
        None => text.to_owned(),
    };
    Ok(Some(found).filter(|found| !found.is_empty()))
}

/// The string itself, the member of an object, or that of the only object of an array.
fn in_json(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Null => Some(String::new()),
        Value::Object(object) => object
            .iter()
            .find(|(name, _)| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)))
            .and_then(|(_, value)| in_json(value)),
        Value::Array(values) => match values.as_slice() {
            [] => Some(String::new()),
            [value] => in_json(value),
            _ => None,
        },
        Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The value behind `TrustedRootKey :` as Format-List prints it, which breaks the line, or of a line of mobileclient.tcf.
fn of_list(text: &str) -> Option<String> {
    let is_name = |line: &str| {
        let name = line.split([':', '=']).next().unwrap_or_default().trim();
        NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let first = text.lines().position(is_name)?;
    let mut lines = text.lines().skip(first);
    let (_, head) = lines.next()?.split_once([':', '='])?;
    let rest = lines.take_while(|line| !line.trim().is_empty() && !line.contains([':', '=']));
    Some([head].into_iter().chain(rest).flat_map(str::split_whitespace).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k2_a_key_as_powershell_prints_it() {
        for text in [
            "0602AB\r\n",
            "\"0602AB\"",
            "{\"TrustedRootKey\":\"0602AB\",\"PSComputerName\":null}",
            "[{\"trustedrootkey\":\"0602AB\"}]",
            "\r\nTrustedRootKey : 0602\r\n                 AB\r\nPSComputerName : \r\n",
            "[site]\r\nSMSPublicRootKey=0602AB\r\nOther=1",
        ] {
            assert_eq!(key(text).unwrap().as_deref(), Some("0602AB"), "{text}");
        }
        for nothing in ["", "\r\n", "[]", "{\"TrustedRootKey\":null}", "TrustedRootKey :\r\n"] {
            assert_eq!(key(nothing).unwrap(), None, "{nothing}");
        }
        assert!(key("{\"a\":1}").unwrap_err().message.contains("no `TrustedRootKey`"));
        assert!(key("[1,2]").is_err() && key("{").is_err());
    }
}
