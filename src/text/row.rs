//! Single lines that people copy out of files: one of `mobileclient.tcf`, one of the client's state as PowerShell lists it, and
//! a row of ccmsetup.log with one value (rule Q-4).

use super::Property;
use super::property::file_key;
use std::ops::Range;

/// One property with its value, which is the rest of the line, blanks and all.
pub(super) struct PropertyRow {
    pub(super) property: Property,
    /// The place of the value in the line.
    pub(super) value: Range<usize>,
    /// The place of the key, where the line is one of `mobileclient.tcf` or of the client's state.
    pub(super) key: Option<Range<usize>>,
}

/// The row that a line is, where it is one.
pub(super) fn of(line: &str) -> Option<PropertyRow> {
    file_line(line).or_else(|| log_row(line))
}

/// `CertificateIssuers=CN=a; O=b`, or `HttpsStateFlags : 31`.
fn file_line(line: &str) -> Option<PropertyRow> {
    let (key, behind, known) = ['=', ':'].into_iter().find_map(|sign| {
        let (key, behind) = line.split_once(sign)?;
        Some((key, behind, file_key(key.trim())?))
    })?;
    let value = behind.trim();
    if value.is_empty() || value.contains(['\n', '\r']) {
        return None;
    }
    let start = key.len() + 1 + (behind.len() - behind.trim_start().len());
    // The Windows profile functions take off a pair of quotes round all of it.
    let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let value = inside.map_or(start..start + value.len(), |inside| start + 1..start + 1 + inside.len());
    Some(PropertyRow { property: known.property, value, key: Some(0..key.len()) })
}

/// How ccmsetup.log calls the SSL state of the site that it found.
const STATE_LABEL: &str = "SslState value";

/// `CCMHTTPSSTATE:    224`, as ccmsetup.log lists what it found: a colon, blanks, the value. It can be empty.
pub(super) fn log_row(line: &str) -> Option<PropertyRow> {
    const START: &str = "<![LOG[";
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let framed = trimmed.strip_prefix(START);
    let lead = indent + framed.map_or(0, |_| START.len());
    let message = framed.map_or(trimmed, |message| message.split("]LOG]!>").next().unwrap_or_default()).trim_end();
    let (name, behind) = message.split_once(':')?;
    let is_state = name.eq_ignore_ascii_case(STATE_LABEL);
    let property = if is_state { Property::HttpsState } else { Property::by_name(name)? };
    let listed = framed.is_some() || is_state || behind.starts_with("  ");
    if !listed || message.contains(['\n', '\r']) {
        return None;
    }
    let value = behind.trim_start();
    let start = lead + name.len() + 1 + (behind.len() - value.len());
    Some(PropertyRow { property, value: start..start + value.len(), key: None })
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/text_row.rs"]
mod tests;
