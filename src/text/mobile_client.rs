//! `mobileclient.tcf`, in which a site writes what its clients are installed with (rules I-1, K-1).

use super::error::{ParseError, ParseErrorKind, excerpt};
use super::{IssuersList, Properties, SslState};
use crate::choices::{IssuerSyntax, OnMultiple};
use crate::encoding::{self, Encoding};
use crate::rules::Rule;
use std::ops::Range;

/// A `mobileclient.tcf`: sections of `key=value` lines. Keys compare without regard to case.
///
/// ```
/// use ccmcertsel::text::{MobileClientFile, Property};
///
/// let file = MobileClientFile::parse(b"\xef\xbb\xbf[Site]\r\nCertificateIssuers=CN=Contoso Root CA; O=Contoso\r\n");
/// let stated = file.properties()?;
/// assert_eq!(stated.value_text(Property::CertIssuers).as_deref(), Some("CN=Contoso Root CA; O=Contoso"));
/// # Ok::<(), ccmcertsel::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MobileClientFile {
    text: String,
    entries: Vec<MobileClientEntry>,
}

/// One `key=value` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MobileClientEntry {
    section: String,
    key: String,
    value: Range<usize>,
}

impl MobileClientEntry {
    /// The section it is in; empty before the first.
    #[cfg(any(test, feature = "test-support"))]
    pub(crate) fn section(&self) -> &str {
        &self.section
    }

    /// The key as written.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }
}

impl MobileClientFile {
    /// Reads the bytes of the file: UTF-16 or UTF-8 by its byte order mark, otherwise UTF-8 where that decodes and the
    /// ANSI code page 1252 where it does not. Lines that are neither section, comment nor `key=value` are skipped.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = decode(bytes);
        let mut entries = Vec::new();
        let mut section = String::new();
        let mut at = 0;
        for line in text.split_inclusive(['\n', '\r']) {
            let start = at;
            at += line.len();
            let content = line.trim();
            if let Some(name) = content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name.trim().to_owned();
            } else if !content.starts_with([';', '#'])
                && let Some(equals) = line.find('=')
            {
                let key = line.get(..equals).unwrap_or_default().trim().to_owned();
                let value = unquoted(&text, start + equals + 1..at);
                entries.push(MobileClientEntry { section: section.clone(), key, value });
            }
        }
        MobileClientFile { text, entries }
    }

    /// The decoded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Every `key=value` line in order.
    pub(crate) fn entries(&self) -> &[MobileClientEntry] {
        &self.entries
    }

    /// The value of an entry.
    pub(crate) fn value(&self, entry: &MobileClientEntry) -> &str {
        self.text.get(entry.value.clone()).unwrap_or_default()
    }

    /// The value of the first line with this key, in any section.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.entry(key).map(|entry| self.value(entry))
    }

    /// `SMSPublicRootKey=`: the trusted root key in hexadecimal (K-1).
    pub(crate) fn public_root_key(&self) -> Option<&str> {
        self.get("SMSPublicRootKey").filter(|key| !key.is_empty())
    }

    /// What clients that are installed with this file are given: the properties of `Install=`, and below them the site's own
    /// keys: `CertificateIssuers=`, `CertificateSelectionCriteria=`, `CertificateStoreName=`, `SelectFirstCertificate=`,
    /// `SSLState=` (Q-3) and
    /// `SMSPublicRootKey=`.
    ///
    /// # Errors
    ///
    /// [`ParseError`] with its place in the file's text; an empty list of issuers is one (I-2).
    pub fn properties(&self) -> Result<Properties, ParseError> {
        self.properties_under(IssuerSyntax::Documented)
    }

    /// The same, issuers under one of the two readings of the comma (I-9).
    ///
    /// # Errors
    ///
    /// [`ParseError`] with its place in the file's text.
    pub(crate) fn properties_under(&self, syntax: IssuerSyntax) -> Result<Properties, ParseError> {
        let install = self.parsed("Install", |line| Properties::parse(line, syntax))?.unwrap_or_default();
        let mut site = Properties {
            issuers: self.parsed("CertificateIssuers", |value| IssuersList::parse(value, syntax))?,
            public_root_key: self.public_root_key().map(str::to_owned),
            ..Properties::default()
        };
        if self.get("CertificateSelectionCriteria").is_some_and(|text| !text.is_empty()) {
            site.criteria = self.parsed("CertificateSelectionCriteria", str::parse)?;
        }
        site.store = self.get("CertificateStoreName").filter(|name| !name.is_empty()).map(str::to_owned);
        site.https_state = self.ssl_state()?;
        site.on_multiple = self.on_multiple()?;
        Ok(install.over(site))
    }

    /// `SelectFirstCertificate=`: whether the longest of several is selected (L-2).
    fn on_multiple(&self) -> Result<Option<OnMultiple>, ParseError> {
        if self.get("SelectFirstCertificate").is_none_or(str::is_empty) {
            return Ok(None);
        }
        self.parsed("SelectFirstCertificate", |text| match text {
            "0" => Ok(OnMultiple::Fail),
            "1" => Ok(OnMultiple::SelectLongest),
            _ => {
                let (property, allowed) = ("SelectFirstCertificate", "`0` or `1`");
                let kind = ParseErrorKind::BadValue { property, seen: excerpt(text), allowed };
                Err(ParseError::new(kind, Rule::L2, 0..text.len(), text))
            }
        })
    }

    /// `SSLState=`: the site's SSL state (Q-3).
    ///
    /// # Errors
    ///
    /// [`ParseError`] with its place in [`text`](Self::text): a value that is not a number.
    pub(crate) fn ssl_state(&self) -> Result<Option<SslState>, ParseError> {
        if self.get("SSLState").is_none_or(str::is_empty) {
            return Ok(None);
        }
        self.parsed("SSLState", |text| {
            text.parse().map_err(|_| {
                let allowed = "a number such as `63` or `0x3F`";
                let kind = ParseErrorKind::BadValue { property: "SSLState", seen: excerpt(text), allowed };
                ParseError::new(kind, Rule::Q3, 0..text.len(), text)
            })
        })
    }

    fn entry(&self, key: &str) -> Option<&MobileClientEntry> {
        self.entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key))
    }

    fn parsed<T>(&self, key: &str, parse: impl FnOnce(&str) -> Result<T, ParseError>) -> Result<Option<T>, ParseError> {
        let Some(entry) = self.entry(key) else {
            return Ok(None);
        };
        let start = entry.value.start;
        let parsed = parse(self.value(entry));
        parsed.map(Some).map_err(|error| error.within(&self.text, |span| start + span.start..start + span.end))
    }
}

/// A value without blanks and without the pair of quotes round all of it, which the Windows profile functions drop too.
fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let value = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (value.len() - value.trim_start().len());
    let value = value.trim();
    let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inside {
        Some(inside) => start + 1..start + 1 + inside.len(),
        None => start..start + value.len(),
    }
}

fn decode(bytes: &[u8]) -> String {
    let decoded = encoding::decode(bytes);
    match (decoded.encoding(), decoded.first_replaced()) {
        // Neither UTF-8 nor UTF-16, and without a mark.
        (Encoding::Utf8, Some(_)) if !bytes.starts_with(b"\xef\xbb\xbf") => {
            bytes.iter().map(|byte| windows_1252(*byte)).collect()
        }
        _ => decoded.into_text().into_owned(),
    }
}

/// Code page 1252: Latin-1, with printable characters where Latin-1 has the C1 controls.
fn windows_1252(byte: u8) -> char {
    const C1: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let special = byte.checked_sub(0x80).and_then(|index| C1.get(usize::from(index)));
    special.copied().unwrap_or(char::from(byte))
}
