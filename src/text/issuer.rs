//! An entry of an issuers list: attributes, as text states them, or a root certificate (rules I-4, I-6).

use super::pairs::{Style, write_pairs};
use crate::attribute;
use crate::name::{AttributeValue, DistinguishedName, NameKey};
use crate::oid::Oid;
use std::fmt;
use std::sync::Arc;

/// An entry of an issuers list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Issuer {
    /// Attributes of the root's subject, from text (I-4); at least one.
    Attributes(Arc<[ListedAttribute]>),
    /// A root certificate itself (I-6).
    Root(RootIssuer),
}

/// One attribute of an entry that is text: the root's subject must have this value (I-4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ListedAttribute {
    oid: Oid,
    value: Box<str>,
}

impl ListedAttribute {
    /// An attribute and its value.
    pub(crate) fn new(oid: Oid, value: &str) -> Self {
        ListedAttribute { oid, value: value.into() }
    }

    /// The attribute's type.
    pub(crate) fn oid(&self) -> &Oid {
        &self.oid
    }

    /// The value.
    pub(crate) fn value(&self) -> &str {
        &self.value
    }
}

/// An entry that is a root certificate: subject and public key must be equal (I-6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RootIssuer {
    subject: DistinguishedName,
    subject_key: NameKey,
    public_key: Arc<[u8]>,
    thumbprint: [u8; 20],
}

impl RootIssuer {
    /// From the parts of a certificate; `None` where the subject is not a name.
    pub(crate) fn new(subject_der: &[u8], public_key_der: &[u8], thumbprint: [u8; 20]) -> Option<Self> {
        Some(RootIssuer {
            subject: DistinguishedName::from_der(subject_der).ok()?,
            subject_key: NameKey::from_der(subject_der)?,
            public_key: public_key_der.into(),
            thumbprint,
        })
    }

    /// The subject.
    pub(crate) fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// The subject as chains compare it.
    pub(crate) fn subject_key(&self) -> NameKey {
        self.subject_key
    }

    /// The SubjectPublicKeyInfo in DER.
    pub(crate) fn public_key_der(&self) -> &[u8] {
        &self.public_key
    }

    /// The SHA-1 of the certificate, which tells a renewed root from the listed one (I-11): bytes, because texts know nothing
    /// of certificates; a [`Thumbprint`](crate::Thumbprint) is made from them.
    pub(crate) fn thumbprint(&self) -> &[u8; 20] {
        &self.thumbprint
    }

    /// The subject's attributes as a site writes them: most specific first. Values that are not text print as `#` and
    /// hexadecimal, which no text entry can match.
    fn listed(&self) -> Vec<ListedAttribute> {
        let attributes = self.subject.rdns().rev().flatten();
        attributes
            .map(|attribute| match attribute.value() {
                AttributeValue::Text { text, .. } => ListedAttribute::new(attribute.oid().clone(), text),
                raw @ AttributeValue::Raw(_) => ListedAttribute::new(attribute.oid().clone(), &raw.to_string()),
            })
            .collect()
    }
}

/// The entry as a site writes it: `CN=Contoso Root CA; O=Contoso, Ltd; C=US`.
impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |listed: &[ListedAttribute], f: &mut fmt::Formatter<'_>| {
            write_pairs(f, Style::Issuers, listed.iter().map(|one| (one.oid(), Some(one.value()))))
        };
        match self {
            Issuer::Attributes(listed) => write(listed, f),
            Issuer::Root(root) => write(&root.listed(), f),
        }
    }
}

/// `CN=Contoso Root CA`, without quotes.
impl fmt::Display for ListedAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", attribute::label(&self.oid), self.value)
    }
}
