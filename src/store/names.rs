//! All names of all certificates as one folded text, so that looking for a name in ten thousand certificates is one
//! search.

use super::{CertId, Entry};
use crate::certificate::{Certificate, GeneralName, general_name};
use crate::name::{NameKey, push_folded};
use crate::{asn1, oid};
use memchr::memmem::{self, Finder};

/// The folded values of each subject, its folded simple name, and the folded values of its subject alternative name.
///
/// A sieve, not a verdict: what a criterion finds in a certificate is in its text, but what is in its text may be
/// found there for another reason (a value that does not count, rule A-4). What passes is judged by the rules.
#[derive(Debug, Default)]
pub(crate) struct FoldedNames {
    text: Vec<u8>,
    /// Where each entry's text begins, by its identifier, and where the last one ends.
    starts: Vec<u32>,
    /// Certificates with more text than is worth keeping: they pass every sieve.
    unkept: Vec<CertId>,
}

/// No byte of UTF-8, so nothing that is looked for reaches across it.
const END_OF_VALUE: u8 = 0xff;

/// Certificates of the field have a hundred bytes and one or two values.
const MAX_TEXT: usize = 4096;
const MAX_VALUES: usize = 64;

impl FoldedNames {
    /// The names of all entries, in the order of their identifiers.
    pub(crate) fn of(entries: &[Entry]) -> Self {
        let mut names = FoldedNames::default();
        for (id, entry) in (0..).map(CertId).zip(entries) {
            names.push(id, entry);
        }
        names.starts.push(names.text.len() as u32);
        names.text.shrink_to_fit();
        names.starts.shrink_to_fit();
        names
    }

    fn push(&mut self, id: CertId, entry: &Entry) {
        let start = self.text.len();
        self.starts.push(start as u32);
        let Some(certificate) = entry.certificate().map(|stored| stored.certificate()) else { return };
        let subject = NameKey::and_text(certificate.subject_der(), &mut self.text);
        self.text.push(END_OF_VALUE);
        if let Some((_, false)) = subject {
            push_value(&certificate.subject().to_simple_name(), start, &mut self.text);
        }
        let kept = push_alternative_names(certificate, start, &mut self.text);
        if !kept || u32::try_from(self.text.len()).is_err() {
            self.text.truncate(start);
            self.unkept.push(id);
        }
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether the text of one certificate holds what is looked for, which must be folded.
    pub(crate) fn holds(&self, id: CertId, needle: &Finder<'_>) -> bool {
        let index = id.index();
        let text = match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(start), Some(end)) => self.text.get(*start as usize..*end as usize),
            _ => None,
        };
        text.is_some_and(|text| needle.find(text).is_some()) || self.unkept.contains(&id)
    }

    /// The certificates whose text holds what is looked for, which must be folded.
    pub(crate) fn containing(&self, needle: &Finder<'_>) -> impl Iterator<Item = CertId> {
        let mut position = 0;
        let found = std::iter::from_fn(move || {
            let at = position + needle.find(self.text.get(position..)?)?;
            let after = self.starts.partition_point(|start| *start as usize <= at);
            position = self.starts.get(after).map_or(self.text.len(), |start| *start as usize);
            Some(CertId(after.checked_sub(1)? as u32))
        });
        found.chain(self.unkept.iter().copied())
    }
}

/// Appends the alternative names of a certificate whose text begins at `start`; whether all its names had room.
fn push_alternative_names(certificate: &Certificate, start: usize, text: &mut Vec<u8>) -> bool {
    let list = certificate.extension(oid::SUBJECT_ALT_NAME).and_then(|extension| {
        let expected = "a GeneralNames SEQUENCE";
        asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected).ok()
    });
    let Some(list) = list else {
        return text.len() - start <= MAX_TEXT;
    };
    let mut names = list.inside();
    for _ in 0..MAX_VALUES {
        if text.len() - start > MAX_TEXT {
            return false;
        }
        let mut ahead = names;
        let Ok(name) = names.any("a GeneralName") else {
            return true; // damaged or at its end: nothing more is found there
        };
        match name.tag {
            0x81 | 0x82 | 0x86 => push_value(&String::from_utf8_lossy(name.value), start, text),
            _ => match general_name(&mut ahead) {
                Ok(name) => {
                    push_value(&name.to_string(), start, text);
                    if let GeneralName::Directory(name) = name {
                        for attribute in name.attributes() {
                            if text.len() - start > MAX_TEXT {
                                return false;
                            }
                            push_value(&attribute.value().to_string(), start, text);
                        }
                    }
                }
                Err(_) => return true,
            },
        }
    }
    names.is_empty() && text.len() - start <= MAX_TEXT
}

/// Appends a value unless it stands there already: the dNSName of a workstation is its common name.
fn push_value(value: &str, start: usize, text: &mut Vec<u8>) {
    let end = text.len();
    push_folded(value, text);
    let (before, own) = text.split_at_checked(end).unwrap_or_default();
    let before = before.get(start..).unwrap_or_default();
    let last = before.strip_suffix(&[END_OF_VALUE]).unwrap_or_default();
    if last.ends_with(own) || memmem::find(before, own).is_some() {
        text.truncate(end);
    } else {
        text.push(END_OF_VALUE);
    }
}
