//! What Microsoft's PKI certificate requirements ask of every certificate and the selection does not: a certificate that
//! lacks it is selected, with a warning (rules P-2, P-7, P-9, P-10).

use crate::certificate::{Certificate, GeneralName, KeyUsage};
use crate::check::purpose::AllowedUsages;
use crate::name::DistinguishedName;
use crate::reason::Coded;
use crate::rules::Rule;
use crate::words::Quoted;
use std::fmt;

/// A requirement that a certificate does not meet although it passes the purpose step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirement {
    /// It has no extended key usage: to Windows every purpose, and the requirements demand client authentication (rule
    /// P-2).
    NoUsage,
    /// Its key usage lacks keyEncipherment (rule P-7).
    NoKeyEncipherment(KeyUsage),
    /// A name holds characters of several bytes (rule P-9).
    MultiByteName {
        /// Where the name stands.
        place: NamePlace,
        /// The name.
        name: String,
    },
    /// It qualifies only by the computer name: a TLS server refuses it as a client certificate (rule P-10).
    WithoutClientAuthentication,
}

/// Where a name of a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamePlace {
    /// In the Subject.
    Subject,
    /// In the subject alternative name.
    AlternativeName,
}

impl NamePlace {
    /// `Subject` or `SAN`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            NamePlace::Subject => "Subject",
            NamePlace::AlternativeName => "SAN",
        }
    }
}

/// `Subject` or `SAN`.
impl fmt::Display for NamePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Coded for Requirement {
    fn code(&self) -> &'static str {
        match self {
            Requirement::NoUsage => "purpose.no_usage",
            Requirement::NoKeyEncipherment(_) => "purpose.no_key_encipherment",
            Requirement::MultiByteName { .. } => "purpose.multi_byte_name",
            Requirement::WithoutClientAuthentication => "purpose.without_client_auth",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Requirement::NoUsage => Rule::P2,
            Requirement::NoKeyEncipherment(_) => Rule::P7,
            Requirement::MultiByteName { .. } => Rule::P9,
            Requirement::WithoutClientAuthentication => Rule::P10,
        }
    }
}

/// What a certificate lacks whatever qualifies it: P-2, P-7, P-9. An extension that cannot be read is not thereby absent;
/// that it cannot be read is said by V-5.
pub(super) fn lacking(certificate: &Certificate, usages: &AllowedUsages) -> Vec<Requirement> {
    let mut lacking = Vec::new();
    if usages.are_absent() {
        lacking.push(Requirement::NoUsage);
    }
    if let Ok(Some(usage)) = certificate.key_usage()
        && !usage.key_encipherment()
    {
        lacking.push(Requirement::NoKeyEncipherment(usage));
    }
    lacking.extend(multi_byte_name(certificate));
    lacking
}

/// P-9, the first name that is not of single bytes; one is enough to request another certificate.
fn multi_byte_name(certificate: &Certificate) -> Option<Requirement> {
    if certificate.has_ascii_names() {
        return None;
    }
    let subject = multi_byte_value(&certificate.subject()).map(|name| (NamePlace::Subject, name));
    let (place, name) = subject.or_else(|| {
        let names = certificate.subject_alternative_names().unwrap_or_default();
        names.iter().find_map(multi_byte_alternative).map(|name| (NamePlace::AlternativeName, name))
    })?;
    Some(Requirement::MultiByteName { place, name })
}

fn multi_byte_alternative(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Rfc822(text) | GeneralName::Dns(text) | GeneralName::Uri(text) | GeneralName::Upn(text) => {
            is_multi_byte(text).then(|| text.clone())
        }
        GeneralName::Directory(name) => multi_byte_value(name),
        // No text: addresses, identifiers and what nobody reads.
        GeneralName::Ip(_) | GeneralName::RegisteredId(_) | GeneralName::Other(..) | GeneralName::Unread(..) => None,
    }
}

fn multi_byte_value(name: &DistinguishedName) -> Option<String> {
    let mut values = name.attributes().filter_map(|attribute| attribute.value().as_text());
    values.find(|text| is_multi_byte(text)).map(str::to_owned)
}

/// The documentation does not say which code page it means. Latin-1, one byte a character in the code page of western
/// Windows, is the reading that warns of nothing that works there.
fn is_multi_byte(text: &str) -> bool {
    text.chars().any(|c| u32::from(c) > 0xff)
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Requirement::NoUsage => f.write_str(
                "no extended key usage: Windows takes that for every purpose, the certificate requirements ask for client \
                 authentication",
            ),
            Requirement::NoKeyEncipherment(usage) => {
                let names: Vec<&str> = usage.names().collect();
                let names = if names.is_empty() { "empty".to_owned() } else { names.join(", ") };
                write!(f, "key usage is {names}: the certificate requirements ask for keyEncipherment as well (a0)")
            }
            Requirement::MultiByteName { place, name } => write!(
                f,
                "{} in the {} has characters of several bytes: the certificate requirements allow single-byte ones only",
                Quoted(name),
                place.name()
            ),
            Requirement::WithoutClientAuthentication => f.write_str(
                "qualifies by the computer name alone: without client authentication a TLS server refuses it as a client's",
            ),
        }
    }
}
