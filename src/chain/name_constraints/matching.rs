//! Whether a name lies inside a subtree, form by form (RFC 5280 4.2.1.10).

use super::{Base, Form, Subtree, form_of, shown, upn};
use crate::asn1::{self, Der, DerError, Element};
use crate::budget::{Budget, Spent};
use crate::certificate::GeneralName;
use crate::name::{DistinguishedName, NameKey};
use std::borrow::Cow;

/// A name that is compared with subtrees.
pub(crate) struct Name<'a> {
    pub form: Form,
    value: ConstrainedValue<'a>,
}

enum ConstrainedValue<'a> {
    Text(Cow<'a, [u8]>),
    Directory(Directory<'a>),
    /// A value of a form that is not understood: the DER of the general name.
    Other(&'a [u8]),
}

/// A distinguished name, with the keys of its beginnings as far as they were asked for.
struct Directory<'a> {
    der: &'a [u8],
    /// Where each relative distinguished name ends, from the first on, in the value of the name.
    ends: Vec<usize>,
    keys: Vec<(usize, Option<NameKey>)>,
}

impl<'a> Name<'a> {
    pub(super) fn directory(der: &'a [u8]) -> Self {
        Name { form: Form::Directory, value: ConstrainedValue::Directory(Directory::new(der)) }
    }

    /// The address in an emailAddress attribute of the subject.
    pub(super) fn mail(address: &str) -> Self {
        Name { form: Form::Rfc822, value: ConstrainedValue::Text(Cow::Owned(address.as_bytes().to_vec())) }
    }

    pub(super) fn of(element: &Element<'a>) -> Result<Self, DerError> {
        let form = form_of(element)?;
        let value = match form {
            Form::Rfc822 | Form::Dns | Form::Uri | Form::Ip => ConstrainedValue::Text(Cow::Borrowed(element.value)),
            Form::Upn => ConstrainedValue::Text(Cow::Owned(upn(element).unwrap_or_default().into_bytes())),
            Form::Directory => {
                let name = asn1::single(element.value, element.value_start, asn1::SEQUENCE, "a directoryName")?;
                ConstrainedValue::Directory(Directory::new(name.full))
            }
            Form::Other(_) => ConstrainedValue::Other(element.full),
        };
        Ok(Name { form, value })
    }

    /// How many bytes a comparison may look at; a directoryName is compared by its key.
    fn bytes(&self) -> usize {
        match &self.value {
            ConstrainedValue::Text(text) => text.len(),
            ConstrainedValue::Directory(_) | ConstrainedValue::Other(_) => 0,
        }
    }

    /// The name as messages show it.
    pub(crate) fn shown(&self) -> GeneralName {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match (&self.value, self.form) {
            (ConstrainedValue::Directory(name), _) => {
                GeneralName::Directory(DistinguishedName::from_der(name.der).unwrap_or_default())
            }
            (ConstrainedValue::Other(der), _) => shown(der),
            (ConstrainedValue::Text(bytes), Form::Ip) => GeneralName::Ip(bytes.to_vec()),
            (ConstrainedValue::Text(bytes), Form::Dns) => GeneralName::Dns(text(bytes)),
            (ConstrainedValue::Text(bytes), Form::Uri) => GeneralName::Uri(text(bytes)),
            (ConstrainedValue::Text(bytes), Form::Upn) => GeneralName::Upn(text(bytes)),
            (ConstrainedValue::Text(bytes), _) => GeneralName::Rfc822(text(bytes)),
        }
    }
}

impl<'a> Directory<'a> {
    fn new(der: &'a [u8]) -> Self {
        let mut ends = Vec::new();
        if let Ok(name) = asn1::single(der, 0, asn1::SEQUENCE, "a Name") {
            let mut rdns = Der::new(name.value);
            while let Ok(rdn) = rdns.expect(asn1::SET, "a RelativeDistinguishedName") {
                ends.push(rdn.end());
            }
        }
        Directory { der, ends, keys: Vec::new() }
    }

    /// The key of the first `count` relative distinguished names; `None` when there are fewer.
    fn beginning(&mut self, count: usize, spent: &mut Spent) -> Result<Option<NameKey>, Budget> {
        if let Some((_, key)) = self.keys.iter().find(|(known, _)| *known == count) {
            return Ok(*key);
        }
        spent.spend(Budget::NameComparisons, count)?;
        spent.spend(Budget::NameBytes, self.der.len())?;
        let key = self.read_beginning(count);
        self.keys.push((count, key));
        Ok(key)
    }

    fn read_beginning(&self, count: usize) -> Option<NameKey> {
        let end = match count {
            0 => 0,
            count => *self.ends.get(count - 1)?,
        };
        let name = asn1::single(self.der, 0, asn1::SEQUENCE, "a Name").ok()?;
        let mut beginning = vec![asn1::SEQUENCE];
        push_length(&mut beginning, end);
        beginning.extend_from_slice(name.value.get(..end)?);
        NameKey::from_der(&beginning)
    }
}

fn push_length(der: &mut Vec<u8>, length: usize) {
    let bytes = length.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    let significant = bytes.get(first..).unwrap_or_default();
    if length >= 0x80 {
        der.push(0x80 + significant.len() as u8); // at most eight
    }
    der.extend_from_slice(significant);
}

/// Whether a name lies inside a subtree of its form; `None` when it cannot be compared, such as a URI without a host.
pub(super) fn matches(name: &mut Name<'_>, subtree: &Subtree, spent: &mut Spent) -> Result<Option<bool>, Budget> {
    spent.spend(Budget::NameComparisons, 1)?;
    spent.spend(Budget::NameBytes, name.bytes())?;
    Ok(match (&mut name.value, &subtree.base) {
        (ConstrainedValue::Directory(name), Base::Directory(count, key)) => {
            let beginning = name.beginning(*count, spent)?;
            key.is_some().then(|| beginning == *key)
        }
        (ConstrainedValue::Text(name), Base::Ip(base)) => Some(ip(name, base)),
        (ConstrainedValue::Text(name), Base::Text(base)) => match subtree.form {
            Form::Dns => Some(dns(name, base)),
            Form::Rfc822 | Form::Upn => mailbox(name, base),
            Form::Uri => uri_host(name).map(|host| host_or_domain(host, base)),
            Form::Directory | Form::Ip | Form::Other(_) => None,
        },
        _ => None,
    })
}

/// "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side of the name".
///
/// A leading dot asks for at least one label more; RFC 5280 does not know it here, Windows and OpenSSL take it.
fn dns(name: &[u8], base: &[u8]) -> bool {
    match base {
        [] => true,
        [b'.', ..] => ends_with(name, base) && name.len() > base.len(),
        _ => name.eq_ignore_ascii_case(base) || below(name, base),
    }
}

/// Whether `name` is `base` with labels in front.
fn below(name: &[u8], base: &[u8]) -> bool {
    let Some(dot) = name.len().checked_sub(base.len() + 1) else {
        return false;
    };
    name.get(dot) == Some(&b'.') && ends_with(name, base)
}

fn ends_with(name: &[u8], end: &[u8]) -> bool {
    name.len()
        .checked_sub(end.len())
        .and_then(|start| name.get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// A particular mailbox (`root@example.com`), all at a host (`example.com`), or all within a domain (`.example.com`). The
/// local part keeps its case (RFC 5321 2.4). User principal names are compared alike; there `@example.com` is also seen.
fn mailbox(name: &[u8], base: &[u8]) -> Option<bool> {
    if base.is_empty() {
        return Some(true);
    }
    let (local, host) = split_mailbox(name)?;
    Some(match split_mailbox(base) {
        Some(([], base_host)) => host.eq_ignore_ascii_case(base_host),
        Some((base_local, base_host)) => local == base_local && host.eq_ignore_ascii_case(base_host),
        None => host_or_domain(host, base),
    })
}

fn split_mailbox(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.iter().rposition(|byte| *byte == b'@')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// A host (`host.example.com`), or with a leading dot every host that has labels in front of the domain.
fn host_or_domain(host: &[u8], base: &[u8]) -> bool {
    match base {
        [] => true,
        [b'.', ..] => ends_with(host, base) && host.len() > base.len(),
        _ => host.eq_ignore_ascii_case(base),
    }
}

/// The host of a URI; `None` without an authority or where an address stands in place of a name (RFC 5280 4.2.1.10: "the
/// application MUST reject").
fn uri_host(uri: &[u8]) -> Option<&[u8]> {
    let scheme_end = memchr::memmem::find(uri, b"://")?;
    let rest = uri.get(scheme_end + 3..)?;
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host_port = match authority.iter().rposition(|byte| *byte == b'@') {
        Some(at) => authority.get(at + 1..)?,
        None => authority,
    };
    let host_end = host_port.iter().position(|byte| *byte == b':').unwrap_or(host_port.len());
    let host = host_port.get(..host_end)?;
    let is_name = host.iter().any(u8::is_ascii_alphabetic) && !host.starts_with(b"[");
    is_name.then_some(host)
}

/// An address inside a network: both of version 4 or both of version 6.
fn ip(address: &[u8], base: &[u8]) -> bool {
    let (network, mask) = base.split_at(base.len() / 2);
    address.len() == network.len()
        && address.iter().zip(network.iter().zip(mask)).all(|(byte, (network, mask))| byte & mask == network & mask)
}

#[cfg(all(test, repository))]
#[path = "../../../tests/units/name_matching.rs"]
mod tests;
