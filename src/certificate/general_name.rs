//! General names (RFC 5280 4.2.1.6), with the Microsoft other names that administrators meet.

use crate::asn1::{self, Der, DerError, DerProblem};
use crate::name::{DistinguishedName, StringType};
use crate::{Oid, oid};
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// One value of a subject alternative name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum GeneralName {
    /// rfc822Name `[1]`.
    Rfc822(String),
    /// dNSName `[2]`.
    Dns(String),
    /// uniformResourceIdentifier `[6]`.
    Uri(String),
    /// iPAddress `[7]`: 4 or 16 bytes in a certificate, twice as many in a name constraint.
    Ip(Vec<u8>),
    /// directoryName `[4]`.
    Directory(DistinguishedName),
    /// registeredID `[8]`.
    RegisteredId(Oid),
    /// otherName `[0]` 1.3.6.1.4.1.311.20.2.3: the user principal name.
    Upn(String),
    /// otherName `[0]` of another type: its identifier and the DER of its value.
    Other(Oid, Vec<u8>),
    /// x400Address `[3]` or ediPartyName `[5]`: the tag number and the DER, which nobody reads.
    Unread(u8, Vec<u8>),
}

impl GeneralName {
    /// The number of its tag.
    pub(crate) fn tag(&self) -> u8 {
        match self {
            GeneralName::Upn(_) | GeneralName::Other(..) => 0,
            GeneralName::Rfc822(_) => 1,
            GeneralName::Dns(_) => 2,
            GeneralName::Directory(_) => 4,
            GeneralName::Uri(_) => 6,
            GeneralName::Ip(_) => 7,
            GeneralName::RegisteredId(_) => 8,
            GeneralName::Unread(tag, _) => *tag,
        }
    }

    /// The type of an other name that has no variant of its own.
    pub(crate) fn other_type(&self) -> Option<&Oid> {
        if let GeneralName::Other(oid, _) = self { Some(oid) } else { None }
    }

    /// The text of a dNSName.
    pub fn as_dns(&self) -> Option<&str> {
        if let GeneralName::Dns(name) = self { Some(name) } else { None }
    }

    /// The name of a directoryName.
    pub fn as_directory(&self) -> Option<&DistinguishedName> {
        if let GeneralName::Directory(name) = self { Some(name) } else { None }
    }
}

impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GeneralName::Rfc822(text) | GeneralName::Dns(text) | GeneralName::Uri(text) | GeneralName::Upn(text) => {
                f.write_str(text)
            }
            GeneralName::Ip(bytes) => write_ip(bytes, f),
            GeneralName::Directory(name) => write!(f, "{name}"),
            GeneralName::RegisteredId(oid) => write!(f, "{oid}"),
            GeneralName::Other(_, bytes) | GeneralName::Unread(_, bytes) => write_hex(bytes, f),
        }
    }
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("#")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
}

fn write_ip(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        write!(f, "{}", Ipv4Addr::from(v4))
    } else if let Ok(v6) = <[u8; 16]>::try_from(bytes) {
        write!(f, "{}", Ipv6Addr::from(v6))
    } else if matches!(bytes.len(), 8 | 32) {
        let (address, mask) = bytes.split_at(bytes.len() / 2);
        write_ip(address, f)?;
        f.write_str("/")?;
        write_ip(mask, f)
    } else {
        write_hex(bytes, f)
    }
}

/// What an iPAddress of a certificate consists of; one of a name constraint has a mask as well.
pub(crate) const ADDRESS: &str = "an address of 4 or 16 bytes";

/// Reads general names to the end of their list.
pub(crate) fn general_names(mut list: Der<'_>) -> Result<Vec<GeneralName>, DerError> {
    let mut names = Vec::new();
    while !list.is_empty() {
        let start = list.offset();
        let name = general_name(&mut list)?;
        if matches!(&name, GeneralName::Ip(bytes) if !matches!(bytes.len(), 4 | 16)) {
            return Err(DerError::new(start, DerProblem::Value, ADDRESS));
        }
        names.push(name);
    }
    Ok(names)
}

/// Reads one `GeneralName ::= CHOICE`.
pub(crate) fn general_name(list: &mut Der<'_>) -> Result<GeneralName, DerError> {
    let element = list.any("a GeneralName")?;
    // IA5String by the standard; UTF-8 is seen and shown as what it is.
    let text = || String::from_utf8_lossy(element.value).into_owned();
    Ok(match element.tag {
        0xa0 => {
            let mut fields = element.inside();
            let oid = super::extension::read_oid(&fields.expect(asn1::OID, "the type-id of an otherName")?)?;
            let value = fields.expect(asn1::context_constructed(0), "the value of an otherName")?;
            fields.finish("the end of the otherName")?;
            let upn = || {
                let string = Der::new(value.value).any("a string").ok()?;
                Some(StringType::from_tag(string.tag)?.decode(string.value)?.into_owned())
            };
            match upn().filter(|_| oid.as_bytes() == oid::MS_UPN) {
                Some(upn) => GeneralName::Upn(upn),
                None => GeneralName::Other(oid, value.value.to_vec()),
            }
        }
        0x81 => GeneralName::Rfc822(text()),
        0x82 => GeneralName::Dns(text()),
        0x86 => GeneralName::Uri(text()),
        0x87 => GeneralName::Ip(element.value.to_vec()),
        0xa4 => {
            let name = asn1::single(element.value, element.value_start, asn1::SEQUENCE, "a directoryName")?;
            let damaged = |_| element.error(DerProblem::Value, "a directoryName");
            GeneralName::Directory(DistinguishedName::from_der(name.full).map_err(damaged)?)
        }
        0x88 => GeneralName::RegisteredId(
            Oid::from_bytes(element.value).ok_or_else(|| element.error(DerProblem::Value, "a registeredID"))?,
        ),
        0xa3 | 0xa5 => GeneralName::Unread(element.tag & 0x1f, element.value.to_vec()),
        tag => return Err(element.error(DerProblem::UnexpectedTag(tag), "a GeneralName, [0] to [8]")),
    })
}
