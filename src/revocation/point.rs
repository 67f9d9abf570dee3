//! Whether a CRL's issuing distribution point is the certificate's (RFC 5280 6.3.3 (b)(2)(i)).

use super::work::Work;
use crate::asn1::{self, Der};
use crate::budget::Budget;
use crate::certificate::{Certificate, DistributionPoint, PointName};
use crate::name::NameKey;
use crate::oid;
use std::cell::OnceCell;

const DIRECTORY: u8 = asn1::context_constructed(4);
const URI: u8 = asn1::context(6);

/// The names of a point, ready to be compared: a directoryName by its key, any other by its bytes.
#[derive(Default)]
pub(super) struct PointNames(Vec<NameKey>);

impl PointNames {
    /// A point's name; a relative one is completed by the name that it is relative to (in DER).
    pub(super) fn of(name: PointName<'_>, relative_to: &[u8]) -> Self {
        match name {
            PointName::Full(names) => Self::general(names),
            PointName::Relative(rdn) => PointNames(completed(rdn, relative_to).into_iter().collect()),
        }
    }

    /// General names, to the end of their list.
    pub(super) fn general(mut names: Der<'_>) -> Self {
        let mut keys = Vec::new();
        while let Ok(name) = names.any("a GeneralName") {
            match name.tag {
                DIRECTORY => keys.extend(NameKey::from_der(name.value)),
                URI => keys.push(NameKey::of_other(URI, &without_case(name.value))),
                tag => keys.push(NameKey::of_other(tag, name.value)),
            }
        }
        keys.sort_unstable();
        keys.dedup();
        PointNames(keys)
    }

    /// Adds one directoryName.
    pub(super) fn and_directory(mut self, name: NameKey) -> Self {
        if let Err(place) = self.0.binary_search(&name) {
            self.0.insert(place, name);
        }
        self
    }

    /// The names, in some order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &NameKey> {
        self.0.iter()
    }

    /// How many different names there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a name occurs in both: each of the shorter list is looked up in the longer one.
    pub(super) fn share(&self, other: &PointNames) -> bool {
        let (shorter, longer) = if self.len() < other.len() { (self, other) } else { (other, self) };
        shorter.0.iter().any(|name| longer.0.binary_search(name).is_ok())
    }
}

/// A URI with scheme and host in lower case, which compare without it (RFC 5280 7.4); the rest compares as it stands.
fn without_case(uri: &[u8]) -> Vec<u8> {
    let mut uri = uri.to_vec();
    let authority = memchr::memmem::find(&uri, b"://").map_or(0, |scheme| scheme + 3);
    let path = uri.iter().skip(authority).position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let end = path.map_or(uri.len(), |length| authority + length);
    if authority > 0
        && let Some(beginning) = uri.get_mut(..end)
    {
        beginning.make_ascii_lowercase();
    }
    uri
}

/// The key of a name with one more relative distinguished name, given as the content of its SET.
fn completed(rdn: &[u8], name: &[u8]) -> Option<NameKey> {
    let sequence = asn1::single(name, 0, asn1::SEQUENCE, "a Name").ok()?;
    let mut content = sequence.value.to_vec();
    push_element(&mut content, asn1::SET, rdn)?;
    let mut whole = Vec::with_capacity(content.len() + 5);
    push_element(&mut whole, asn1::SEQUENCE, &content)?;
    NameKey::from_der(&whole)
}

fn push_element(to: &mut Vec<u8>, tag: u8, value: &[u8]) -> Option<()> {
    let length = u32::try_from(value.len()).ok()?.to_be_bytes();
    to.push(tag);
    match value.len() {
        ..0x80 => to.extend(length.last()),
        _ => {
            let significant: Vec<u8> = length.into_iter().skip_while(|&byte| byte == 0).collect();
            to.push(0x80 | significant.len() as u8);
            to.extend(significant);
        }
    }
    to.extend(value);
    Some(())
}

/// The certificate whose status is looked at, in its path.
#[derive(Clone, Copy)]
pub(super) struct JudgedCertificate<'j> {
    pub certificate: &'j Certificate,
    pub issuer_key: NameKey,
    /// The certificates above it, its issuer first, the root last.
    pub above: &'j [&'j Certificate],
    pub issuer: &'j Certificate,
}

/// A distribution point of the certificate whose status is looked at, `None` for the default one; its names are read once.
pub(super) struct PointAt<'p> {
    point: Option<DistributionPoint<'p>>,
    names: OnceCell<PointNames>,
}

impl<'p> PointAt<'p> {
    pub(super) fn new(point: Option<DistributionPoint<'p>>) -> Self {
        PointAt { point, names: OnceCell::new() }
    }

    pub(super) fn get(&self) -> Option<&DistributionPoint<'p>> {
        self.point.as_ref()
    }

    pub(super) fn crl_issuer(&self) -> Option<Der<'p>> {
        self.point.as_ref()?.crl_issuer
    }

    /// The names that a CRL's distribution point is compared with.
    pub(super) fn names(&self, judged: &JudgedCertificate<'_>, work: &mut Work) -> Result<&PointNames, Budget> {
        if let Some(known) = self.names.get() {
            return Ok(known);
        }
        let names = match &self.point {
            Some(point) => match (point.name, point.crl_issuer) {
                (Some(name), Some(issuer)) => PointNames::of(name, &directory_name(issuer).unwrap_or_default()),
                (Some(name), None) => PointNames::of(name, judged.certificate.issuer_der()),
                (None, Some(issuer)) => PointNames::general(issuer),
                (None, None) => PointNames::default(),
            },
            // The default point is named after the issuer (RFC 5280 6.3.3, last paragraph).
            None => issuer_alternative_names(judged.certificate).and_directory(judged.issuer_key),
        };
        work.spend(Budget::PointNames, names.len())?;
        Ok(self.names.get_or_init(|| names))
    }
}

/// The DER of the first directoryName.
fn directory_name(mut names: Der<'_>) -> Option<Vec<u8>> {
    while let Ok(name) = names.any("a GeneralName") {
        if name.tag == DIRECTORY {
            return Some(name.value.to_vec());
        }
    }
    None
}

fn issuer_alternative_names(certificate: &Certificate) -> PointNames {
    let expected = "a GeneralNames SEQUENCE";
    certificate
        .extension(oid::ISSUER_ALT_NAME)
        .and_then(|extension| asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected).ok())
        .map_or_else(PointNames::default, |names| PointNames::general(names.inside()))
}
