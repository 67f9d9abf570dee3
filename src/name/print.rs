//! The three strings of a name (rules A-2, C-4).

use super::{AttributeValue, DistinguishedName, NameAttribute};
use crate::attribute;
use std::fmt::{self, Write};

impl DistinguishedName {
    /// The X.500 string as Windows prints it: most specific RDN first, `, ` between RDNs, ` + ` inside one.
    pub fn to_x500_string(&self) -> String {
        self.joined(", ")
    }

    /// The form of the log's issuer fields: as the X.500 string, with `; ` between RDNs.
    pub fn to_log_string(&self) -> String {
        self.joined("; ")
    }

    /// The simple name (C-4), what CertNameToStr gives for CERT_SIMPLE_NAME_STR: the values without their keys, in encoded
    /// order and quoted as in the X.500 string; `, ` between RDNs, ` + ` inside one.
    pub fn to_simple_name(&self) -> String {
        let mut text = String::with_capacity(self.room());
        for (index, rdn) in self.rdns().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            // Writing to a string cannot fail.
            let _ = write_rdn(rdn, &mut text, |_, _| Ok(()));
        }
        text
    }

    /// The bytes that a usual name takes in print.
    fn room(&self) -> usize {
        self.attributes().map(|attribute| attribute.value().as_text().map_or(0, str::len) + "OU=, ".len()).sum()
    }

    fn joined(&self, separator: &str) -> String {
        let mut text = String::with_capacity(self.room());
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, separator);
        text
    }

    fn write(&self, out: &mut impl Write, separator: &str) -> fmt::Result {
        for (index, rdn) in self.rdns().rev().enumerate() {
            if index > 0 {
                out.write_str(separator)?;
            }
            write_rdn(rdn, out, |attribute, out| match attribute::printed_key(attribute.oid()) {
                Some(key) => write!(out, "{key}="),
                None => write!(out, "OID.{}=", attribute.oid()),
            })?;
        }
        Ok(())
    }
}

/// The values of an RDN joined by ` + `, each behind its label.
fn write_rdn<W: Write>(
    rdn: &[NameAttribute],
    out: &mut W,
    label: impl Fn(&NameAttribute, &mut W) -> fmt::Result,
) -> fmt::Result {
    for (index, attribute) in rdn.iter().enumerate() {
        if index > 0 {
            out.write_str(" + ")?;
        }
        label(attribute, out)?;
        match attribute.value() {
            AttributeValue::Text { text, .. } => write_quoted(text, out)?,
            raw @ AttributeValue::Raw(_) => write!(out, "{raw}")?,
        }
    }
    Ok(())
}

/// The X.500 string.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, ", ")
    }
}

/// Writes a value, in quotes where A-2 asks for them.
fn write_quoted(value: &str, out: &mut impl Write) -> fmt::Result {
    if !needs_quotes(value) {
        return out.write_str(value);
    }
    out.write_char('"')?;
    for (index, part) in value.split('"').enumerate() {
        if index > 0 {
            out.write_str("\"\"")?;
        }
        out.write_str(part)?;
    }
    out.write_char('"')
}

/// an empty value, one with a blank at an end, one with a character that has a meaning.
pub(crate) fn needs_quotes(value: &str) -> bool {
    value.is_empty()
        || value.starts_with(char::is_whitespace)
        || value.ends_with(char::is_whitespace)
        || value.contains([',', '+', '=', '"', '\n', '<', '>', '#', ';'])
}
