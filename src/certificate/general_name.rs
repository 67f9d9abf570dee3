//! General names (RFC 5280 4.2.1.6), with the Microsoft other names that administrators meet.

use super::extension::check_oid;
use crate::asn1::{self, Der, DerError, DerProblem};
use crate::name::{self, DistinguishedName, StringType};
use crate::oid::{self, Oid};
use std::borrow::Cow;
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
    pub(crate) fn as_dns(&self) -> Option<&str> {
        if let GeneralName::Dns(name) = self { Some(name) } else { None }
    }

    /// The name of a directoryName.
    pub(crate) fn as_directory(&self) -> Option<&DistinguishedName> {
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
pub(crate) fn general_names(list: Der<'_>) -> Result<Vec<GeneralName>, DerError> {
    let mut names = Vec::new();
    each_general_name(list, |name| names.push(name.decode()))?;
    Ok(names)
}

/// Looks at general names to the end of their list, without decoding them: most are never asked for.
pub(crate) fn each_general_name<'a>(mut list: Der<'a>, mut each: impl FnMut(Encoded<'a>)) -> Result<(), DerError> {
    while !list.is_empty() {
        let start = list.offset();
        let name = Encoded::read(&mut list)?;
        if matches!(name, Encoded::Ip(bytes) if !matches!(bytes.len(), 4 | 16)) {
            return Err(DerError::new(start, DerProblem::Value, ADDRESS));
        }
        each(name);
    }
    Ok(())
}

/// Reads one `GeneralName ::= CHOICE`.
pub(crate) fn general_name(list: &mut Der<'_>) -> Result<GeneralName, DerError> {
    Encoded::read(list).map(Encoded::decode)
}

/// A general name as it stands: its form was checked, its texts are not decoded.
#[derive(Clone, Copy)]
pub(crate) enum Encoded<'a> {
    Rfc822(&'a [u8]),
    Dns(&'a [u8]),
    Uri(&'a [u8]),
    Ip(&'a [u8]),
    /// The DER of the name.
    Directory(&'a [u8]),
    RegisteredId(&'a [u8]),
    /// The identifier, and the DER of the value.
    Other(&'a [u8], &'a [u8]),
    /// The tag's number, and the contents.
    Unread(u8, &'a [u8]),
}

impl<'a> Encoded<'a> {
    fn read(list: &mut Der<'a>) -> Result<Self, DerError> {
        let element = list.any("a GeneralName")?;
        Ok(match element.tag {
            0xa0 => {
                let mut fields = element.inside();
                let id = fields.expect(asn1::OID, "the type-id of an otherName")?;
                check_oid(&id)?;
                let value = fields.expect(asn1::context_constructed(0), "the value of an otherName")?;
                fields.finish("the end of the otherName")?;
                Encoded::Other(id.value, value.value)
            }
            0x81 => Encoded::Rfc822(element.value),
            0x82 => Encoded::Dns(element.value),
            0x86 => Encoded::Uri(element.value),
            0x87 => Encoded::Ip(element.value),
            0xa4 => {
                let name = asn1::single(element.value, element.value_start, asn1::SEQUENCE, "a directoryName")?;
                name::check(name.full, 0).map_err(|_| element.error(DerProblem::Value, "a directoryName"))?;
                Encoded::Directory(name.full)
            }
            0x88 if oid::is_oid(element.value) => Encoded::RegisteredId(element.value),
            0x88 => return Err(element.error(DerProblem::Value, "a registeredID")),
            0xa3 | 0xa5 => Encoded::Unread(element.tag & 0x1f, element.value),
            tag => return Err(element.error(DerProblem::UnexpectedTag(tag), "a GeneralName, [0] to [8]")),
        })
    }

    fn decode(self) -> GeneralName {
        // IA5String by the standard; UTF-8 is seen and shown as what it is.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match self {
            Encoded::Rfc822(bytes) => GeneralName::Rfc822(text(bytes)),
            Encoded::Dns(bytes) => GeneralName::Dns(text(bytes)),
            Encoded::Uri(bytes) => GeneralName::Uri(text(bytes)),
            Encoded::Ip(bytes) => GeneralName::Ip(bytes.to_vec()),
            Encoded::Directory(der) => match DistinguishedName::from_der(der) {
                Ok(name) => GeneralName::Directory(name),
                Err(_) => GeneralName::Unread(4, der.to_vec()), // it was read before
            },
            Encoded::RegisteredId(id) => GeneralName::RegisteredId(Oid::from_checked(id)),
            Encoded::Other(id, value) => match upn(id, value) {
                Some(upn) => GeneralName::Upn(upn.into_owned()),
                None => GeneralName::Other(Oid::from_checked(id), value.to_vec()),
            },
            Encoded::Unread(tag, bytes) => GeneralName::Unread(tag, bytes.to_vec()),
        }
    }

    /// Whether what it says as text is of ASCII characters, as most names are, seen without decoding it.
    pub(crate) fn is_ascii(self) -> bool {
        match self {
            Encoded::Rfc822(bytes) | Encoded::Dns(bytes) | Encoded::Uri(bytes) => bytes.is_ascii(),
            Encoded::Directory(der) => name::is_ascii(der),
            Encoded::Other(id, value) => upn(id, value).is_none_or(|upn| upn.is_ascii()),
            Encoded::Ip(_) | Encoded::RegisteredId(_) | Encoded::Unread(..) => true,
        }
    }
}

/// The user principal name in an otherName that is one.
fn upn<'a>(id: &[u8], value: &'a [u8]) -> Option<Cow<'a, str>> {
    let string = Der::new(value).any("a string").ok().filter(|_| id == oid::MS_UPN)?;
    StringType::from_tag(string.tag)?.decode(string.value)
}
