//! Whether a CRL's issuing distribution point is the certificate's (RFC 5280 6.3.3 (b)(2)(i)).

use crate::asn1::{self, Der};
use crate::certificate::PointName;
use crate::name::NameKey;

/// A general name as it is compared: a directoryName by its key, any other by its bytes.
#[derive(PartialEq, Eq)]
enum Comparable<'a> {
    Directory(NameKey),
    Bytes(u8, &'a [u8]),
}

/// The names of a point, ready to be compared.
pub(super) struct PointNames<'a>(Vec<Comparable<'a>>);

impl<'a> PointNames<'a> {
    pub fn none() -> Self {
        PointNames(Vec::new())
    }

    /// A point's name; a relative one is completed by the name that it is relative to (in DER).
    pub fn of(name: PointName<'a>, relative_to: &[u8]) -> Self {
        match name {
            PointName::Full(names) => Self::general(names),
            PointName::Relative(rdn) => {
                PointNames(completed(rdn, relative_to).map(Comparable::Directory).into_iter().collect())
            }
        }
    }

    /// General names, to the end of their list.
    pub fn general(mut names: Der<'a>) -> Self {
        let mut list = Vec::new();
        while let Ok(name) = names.any("a GeneralName") {
            let comparable = if name.tag == asn1::context_constructed(4) {
                NameKey::from_der(name.value).map(Comparable::Directory)
            } else {
                Some(Comparable::Bytes(name.tag, name.value))
            };
            list.extend(comparable);
        }
        PointNames(list)
    }

    /// Adds one directoryName.
    pub fn and_directory(mut self, name: NameKey) -> Self {
        self.0.push(Comparable::Directory(name));
        self
    }

    /// How many comparisons [`share`](Self::share) may need.
    pub fn comparisons(&self, other: &PointNames<'_>) -> usize {
        self.0.len().saturating_mul(other.0.len())
    }

    /// Whether a name occurs in both.
    pub fn share(&self, other: &PointNames<'_>) -> bool {
        self.0.iter().any(|name| other.0.contains(name))
    }
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
