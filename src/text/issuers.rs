//! Certificate issuers lists as text: `CCMCERTISSUERS`, `/Issuers:`, `CertificateIssuers=` (rules I-8 to I-10).

use super::error::{ParseError, ParseErrorKind};
use super::pairs::{Presence, Separator, Source, Style, write_pairs};
use crate::attribute;
use crate::name::{AttributeValue, DistinguishedName, NameKey};
use crate::settings::IssuerSyntax;
use crate::{Oid, Rule};
use std::fmt;
use std::str::FromStr;

/// A certificate issuers list (I-1); at least one entry.
#[derive(Debug, Clone)]
pub struct IssuersList {
    entries: Box<[Issuer]>,
    /// Entries whose attributes a comma separated (I-9).
    comma_separated: Box<[usize]>,
    /// Entries whose attributes stand on lines of their own.
    line_separated: Box<[usize]>,
    /// Which reading of the comma this is (I-9).
    syntax: IssuerSyntax,
    /// The other reading of the same text, where the two differ (I-9).
    other: Option<Box<IssuersList>>,
}

/// An entry of an issuers list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Issuer {
    /// Attributes of the root's subject, from text (I-4); at least one.
    Attributes(Box<[ListedAttribute]>),
    /// A root certificate itself (I-6).
    Root(RootIssuer),
}

/// One attribute of an entry that is text: the root's subject must have this value (I-4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListedAttribute {
    oid: Oid,
    value: Box<str>,
}

impl ListedAttribute {
    /// An attribute and its value.
    pub fn new(oid: Oid, value: &str) -> Self {
        ListedAttribute { oid, value: value.into() }
    }

    /// The attribute's type.
    pub fn oid(&self) -> &Oid {
        &self.oid
    }

    /// The value.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// An entry that is a root certificate: subject and public key must be equal (I-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootIssuer {
    subject: DistinguishedName,
    subject_key: NameKey,
    public_key: Box<[u8]>,
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
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// The subject as chains compare it.
    pub(crate) fn subject_key(&self) -> NameKey {
        self.subject_key
    }

    /// The SubjectPublicKeyInfo in DER.
    pub fn public_key_der(&self) -> &[u8] {
        &self.public_key
    }

    /// The SHA-1 of the certificate, which tells a renewed root from the listed one (I-11).
    pub fn thumbprint(&self) -> &[u8; 20] {
        &self.thumbprint
    }

    /// The subject's attributes as a site writes them: most specific first. Values that are no text print as `#` and
    /// hexadecimal, which no text entry can match.
    fn listed(&self) -> Vec<ListedAttribute> {
        let attributes = self.subject.rdns().iter().rev().flat_map(|rdn| rdn.attributes());
        attributes
            .map(|attribute| match attribute.value() {
                AttributeValue::Text { text, .. } => ListedAttribute::new(attribute.oid().clone(), text),
                raw => ListedAttribute::new(attribute.oid().clone(), &raw.to_string()),
            })
            .collect()
    }
}

/// A list of no entries at all, which is not the same as no list (I-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("issuers list is empty: name a root CA, or give no list at all (I-2)")]
pub struct EmptyIssuersList;

impl IssuersList {
    /// A list of these entries.
    ///
    /// # Errors
    ///
    /// [`EmptyIssuersList`] where there are none, or where an entry lists no attribute.
    pub fn new(entries: impl IntoIterator<Item = Issuer>) -> Result<Self, EmptyIssuersList> {
        let entries: Box<[Issuer]> = entries.into_iter().collect();
        let says_nothing = |entry: &Issuer| matches!(entry, Issuer::Attributes(listed) if listed.is_empty());
        if entries.is_empty() || entries.iter().any(says_nothing) {
            return Err(EmptyIssuersList);
        }
        let (comma_separated, line_separated) = (Box::default(), Box::default());
        Ok(IssuersList { entries, comma_separated, line_separated, syntax: IssuerSyntax::Documented, other: None })
    }

    /// Reads a list (I-8, I-10) under one of the two readings of the comma (I-9).
    ///
    /// # Errors
    ///
    /// [`ParseError`] with its place; an empty text is one (I-2).
    pub fn parse(input: &str, syntax: IssuerSyntax) -> Result<Self, ParseError> {
        let source = Source { input, rule: Rule::I8, separators: b"|;,", presence: Presence::NotAllowed };
        if input.trim().is_empty() {
            return Err(ParseError::new(ParseErrorKind::EmptyList, Rule::I2, 0..input.len(), input));
        }
        let separators = source.scan(0)?;
        let mut list = Self::read(&source, &separators, syntax)?;
        let other = match syntax {
            IssuerSyntax::SemicolonOnly => Self::read(&source, &separators, IssuerSyntax::Documented).ok(),
            IssuerSyntax::Documented if list.comma_separated.is_empty() => None,
            IssuerSyntax::Documented => match Self::read(&source, &separators, IssuerSyntax::SemicolonOnly) {
                Ok(other) => Some(other),
                // `CN="a", O=b` has no reading without commas: such a client finds nothing, and so does this entry.
                Err(_) => Some(Self::unread(input)),
            },
        };
        if let Some(mut other) = other.filter(|other| *other != list) {
            // Each knows the other, since a near miss names what the other reading would have been.
            other.other = Some(Box::new(list.clone()));
            list.other = Some(Box::new(other));
        }
        Ok(list)
    }

    /// A list that matches no name: its only entry wants the whole text as a value.
    fn unread(input: &str) -> Self {
        let whole = Oid::from_bytes(crate::oid::COMMON_NAME).map(|oid| ListedAttribute::new(oid, input));
        IssuersList {
            entries: Box::new([Issuer::Attributes(whole.into_iter().collect())]),
            comma_separated: Box::default(),
            line_separated: Box::default(),
            syntax: IssuerSyntax::SemicolonOnly,
            other: None,
        }
    }

    /// The list under one of the two readings of the comma (I-9): the other one of the same text, where that differs.
    pub fn under(&self, syntax: IssuerSyntax) -> &IssuersList {
        match &self.other {
            Some(other) if syntax != self.syntax => other,
            _ => self,
        }
    }

    fn read(source: &Source<'_>, separators: &[Separator], syntax: IssuerSyntax) -> Result<Self, ParseError> {
        let input = source.input;
        let mut entries = Vec::new();
        let mut comma_separated = Vec::new();
        let mut line_separated = Vec::new();
        let mut start = 0;
        for group in separators.split_inclusive(|separator| separator.byte == b'|').chain(trailing(separators)) {
            let (end, inner) = match group.split_last() {
                Some((last, inner)) if last.byte == b'|' => (last.at, inner),
                _ => (input.len(), group),
            };
            if source.trim(&(start..end)).is_empty() {
                // Point at the bar that has nothing beside it.
                let bar = if end < input.len() { end } else { start.saturating_sub(1) };
                return Err(source.error(ParseErrorKind::EmptyIssuer, bar..bar + 1));
            }
            let parts = source.attributes(start..end, inner, syntax);
            if parts.by_comma {
                comma_separated.push(entries.len());
            }
            if parts.by_line {
                line_separated.push(entries.len());
            }
            let listed: Result<Box<[ListedAttribute]>, ParseError> = parts
                .ranges
                .into_iter()
                .map(|part| {
                    let pair = source.pair(part)?;
                    // Presence is not allowed, so there is a value.
                    let value = pair.value.unwrap_or_default();
                    Ok(ListedAttribute::new(pair.oid, &value))
                })
                .collect();
            entries.push(Issuer::Attributes(listed?));
            start = end + 1;
        }
        let (comma_separated, line_separated) = (comma_separated.into(), line_separated.into());
        Ok(IssuersList { entries: entries.into(), comma_separated, line_separated, syntax, other: None })
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Issuer> {
        self.entries.iter()
    }

    /// The number of entries; never zero.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Always false: an empty list is an error (I-2).
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The documented reading of a list that was read under [`IssuerSyntax::SemicolonOnly`], where it differs (I-9).
    pub fn documented_reading(&self) -> Option<&IssuersList> {
        self.other.as_deref().filter(|_| self.syntax == IssuerSyntax::SemicolonOnly)
    }

    /// The positions of entries whose attributes were separated by commas: real clients found nothing then (I-9).
    pub fn comma_separated(&self) -> &[usize] {
        &self.comma_separated
    }

    /// The positions of entries whose attributes stand on lines of their own, as a certificate's dialog shows them.
    pub fn line_separated(&self) -> &[usize] {
        &self.line_separated
    }
}

/// The group after the last `|`, which `split_inclusive` leaves out when no separator stands in it.
fn trailing(separators: &[Separator]) -> Option<&[Separator]> {
    separators.last().is_none_or(|last| last.byte == b'|').then_some(&[])
}

impl FromStr for IssuersList {
    type Err = ParseError;

    /// Reads a list under [`IssuerSyntax::Documented`].
    fn from_str(input: &str) -> Result<Self, ParseError> {
        IssuersList::parse(input, IssuerSyntax::Documented)
    }
}

/// Lists are equal when their entries are; how the text separated them does not count.
impl PartialEq for IssuersList {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for IssuersList {}

impl<'a> IntoIterator for &'a IssuersList {
    type Item = &'a Issuer;
    type IntoIter = std::slice::Iter<'a, Issuer>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
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

/// The list as a site writes it: entries joined by ` | `.
impl fmt::Display for IssuersList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, entry) in self.entries.iter().enumerate() {
            if index > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "{entry}")?;
        }
        Ok(())
    }
}

/// `CN=Contoso Root CA`, without quotes.
impl fmt::Display for ListedAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", attribute::label(&self.oid), self.value)
    }
}
