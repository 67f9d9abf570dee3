//! Certificate issuers lists as text: `CCMCERTISSUERS`, `/Issuers:`, `CertificateIssuers=` (rules I-8 to I-10).

use super::error::{ParseError, ParseErrorKind};
use super::issuer::{Issuer, ListedAttribute};
use super::listed::{ByContent, RootsOfName};
use super::pairs::{Presence, Separator, SourceText};
use crate::choices::IssuerSyntax;
use crate::name::{DistinguishedName, NameKey};
use crate::oid::Oid;
use crate::rules::Rule;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// A certificate issuers list (I-1); at least one entry.
#[derive(Debug, Clone)]
pub struct IssuersList {
    entries: Arc<[Issuer]>,
    /// Entries whose attributes a comma separated (I-9).
    comma_separated: Arc<[usize]>,
    /// Entries whose attributes stand on lines of their own.
    line_separated: Arc<[usize]>,
    /// Which reading of the comma this is (I-9).
    syntax: IssuerSyntax,
    /// The other reading of the same text, where the two differ (I-9).
    other: Option<Box<IssuersList>>,
    by_content: Arc<Lookup>,
}

/// Entries by content, made when that pays.
#[derive(Debug, Default)]
struct Lookup {
    /// How many certificates were looked for.
    asked: AtomicUsize,
    content: OnceLock<ByContent>,
}

/// Lists have two or three entries, and machines two or three roots: for so few nothing is sorted by content.
const FEW: usize = 16;

impl IssuersList {
    /// A list of these entries; `None` where there are none, which is not the same as no list (I-2), or where an entry lists no
    /// attribute.
    pub(crate) fn new(entries: impl IntoIterator<Item = Issuer>) -> Option<Self> {
        let entries: Arc<[Issuer]> = entries.into_iter().collect();
        let says_nothing = |entry: &Issuer| matches!(entry, Issuer::Attributes(listed) if listed.is_empty());
        if entries.is_empty() || entries.iter().any(says_nothing) {
            return None;
        }
        let (comma_separated, line_separated) = (Arc::default(), Arc::default());
        Some(IssuersList {
            entries,
            comma_separated,
            line_separated,
            syntax: IssuerSyntax::Documented,
            other: None,
            by_content: Arc::default(),
        })
    }

    /// Reads a list (I-8, I-10) under one of the two readings of the comma (I-9).
    ///
    /// # Errors
    ///
    /// [`ParseError`] with its place; an empty text is one (I-2).
    pub fn parse(input: &str, syntax: IssuerSyntax) -> Result<Self, ParseError> {
        let source = SourceText { input, rule: Rule::I8, separators: b"|;,", presence: Presence::NotAllowed };
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
            entries: Arc::new([Issuer::Attributes(whole.into_iter().collect())]),
            comma_separated: Arc::default(),
            line_separated: Arc::default(),
            syntax: IssuerSyntax::SemicolonOnly,
            other: None,
            by_content: Arc::default(),
        }
    }

    /// The list under one of the two readings of the comma (I-9): the other one of the same text, where that differs.
    pub(crate) fn under(&self, syntax: IssuerSyntax) -> &IssuersList {
        match &self.other {
            Some(other) if syntax != self.syntax => other,
            _ => self,
        }
    }

    fn read(source: &SourceText<'_>, separators: &[Separator], syntax: IssuerSyntax) -> Result<Self, ParseError> {
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
            let listed: Result<Arc<[ListedAttribute]>, ParseError> = parts
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
        Ok(IssuersList {
            entries: entries.into(),
            comma_separated,
            line_separated,
            syntax,
            other: None,
            by_content: Arc::default(),
        })
    }

    fn by_content(&self) -> &ByContent {
        self.by_content.content.get_or_init(|| ByContent::new(&self.entries))
    }

    /// Whether so many certificates were looked for that the next is better found [by content](Self::like) than by a look
    /// at each entry.
    pub(crate) fn is_asked_often(&self) -> bool {
        // Which of several threads counts first is of no importance: both ways find the same entry.
        self.entries.len() > FEW && self.by_content.asked.fetch_add(1, Ordering::Relaxed) >= FEW
    }

    /// The positions of the entries that are text and may name this subject, in order: all that do are among them.
    pub(crate) fn like(&self, subject: &DistinguishedName) -> Vec<usize> {
        self.by_content().like(subject)
    }

    /// The same without regard to case.
    pub(crate) fn like_folded(&self, subject: &DistinguishedName) -> Vec<usize> {
        self.by_content().like_folded(&self.entries, subject)
    }

    /// The entries that are certificates of this subject.
    pub(crate) fn roots_named(&self, name: &NameKey) -> Option<&RootsOfName> {
        self.by_content().roots(name)
    }

    /// The entry at a position.
    pub(crate) fn get(&self, position: usize) -> Option<&Issuer> {
        self.entries.get(position)
    }

    /// The entries in order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Issuer> {
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
    pub(crate) fn documented_reading(&self) -> Option<&IssuersList> {
        self.other.as_deref().filter(|_| self.syntax == IssuerSyntax::SemicolonOnly)
    }

    /// The positions of entries whose attributes were separated by commas: real clients found nothing then (I-9).
    pub(crate) fn comma_separated(&self) -> &[usize] {
        &self.comma_separated
    }

    /// The positions of entries whose attributes stand on lines of their own, as a certificate's dialog shows them.
    pub(crate) fn line_separated(&self) -> &[usize] {
        &self.line_separated
    }
}

/// The group after the last `|`, which `split_inclusive` leaves out when no separator is in it.
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
        Arc::ptr_eq(&self.entries, &other.entries) || self.entries == other.entries
    }
}

impl Eq for IssuersList {}

impl std::hash::Hash for IssuersList {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.entries.hash(state);
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
