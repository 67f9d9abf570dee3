//! From entries to certificates: what a serialized store and a registry value have in common (rules W-1 to W-3).

use super::element::{self, Ending, EntryReader, StoreElement};
use super::problem::{EntryDamage, ImportProblemKind, ProblemPlace, Problems};
use super::properties::{ElementProperties, NoKeyProperty};
use crate::certificate::{Certificate, CertificateError, Thumbprint};
use crate::rules::Rule;
use crate::store::{Entry, StoredCertificate, UnreadableEntry};

/// What a run of entries holds.
#[derive(Default)]
pub(super) struct CollectedEntries {
    pub entries: Vec<Entry>,
    pub crls: Vec<Vec<u8>>,
    trust_lists: usize,
}

/// How a run of entries is to be read.
pub(super) struct Run<'a> {
    pub bytes: &'a [u8],
    pub start: usize,
    pub ending: Ending,
    pub rule: Rule,
    pub no_key: NoKeyProperty,
    /// The thumbprint that the registry key names.
    pub named: Option<&'a str>,
    /// Turns an offset into a place.
    pub place: &'a dyn Fn(usize) -> ProblemPlace,
}

impl Run<'_> {
    /// Whether some certificate of the run has key provider information.
    pub(super) fn has_key_property(&self) -> bool {
        EntryReader::new(self.bytes, self.start, self.ending)
            .any(|item| matches!(item, StoreElement::Entry { id, .. } if ElementProperties::is_key(id)))
    }

    /// Reads everything; damage is an unreadable entry, and the rest is read.
    pub(super) fn collect(&self, into: &mut CollectedEntries, problems: &mut Problems) {
        let before = into.entries.len() + into.crls.len() + into.trust_lists;
        let mut pending = ElementProperties::default();
        for item in EntryReader::new(self.bytes, self.start, self.ending) {
            match item {
                StoreElement::Entry { id, value, offset } => match id {
                    element::CERTIFICATE => {
                        let entry = self.certificate(value, offset, std::mem::take(&mut pending), problems);
                        into.entries.push(entry);
                    }
                    element::CRL => {
                        pending = ElementProperties::default();
                        into.crls.push(value.to_vec());
                    }
                    element::CTL => {
                        pending = ElementProperties::default();
                        into.trust_lists += 1;
                        problems.push(self.rule, (self.place)(offset), ImportProblemKind::TrustList);
                    }
                    id => pending.read(id, value, (self.place)(offset), problems),
                },
                StoreElement::Damaged { problem, bytes, offset } => {
                    pending.incomplete = true;
                    let skipped = bytes.len();
                    let kind = ImportProblemKind::Damaged { problem, skipped };
                    problems.push(self.rule, (self.place)(offset), kind);
                    if !bytes.is_empty() && !matches!(problem, EntryDamage::Trailing { .. }) {
                        into.entries.push(unreadable(bytes, offset, problem.to_string()));
                    }
                }
            }
        }
        let end = self.bytes.len();
        if !pending.is_empty() {
            problems.push(self.rule, (self.place)(end), ImportProblemKind::StrayProperties);
        }
        if self.named.is_some() && into.entries.len() + into.crls.len() + into.trust_lists == before {
            let problem = EntryDamage::Empty;
            let kind = ImportProblemKind::Damaged { problem, skipped: end };
            problems.push(self.rule, (self.place)(0), kind);
            into.entries.push(unreadable(self.bytes, 0, problem.to_string()));
        }
    }

    fn certificate(&self, der: &[u8], offset: usize, properties: ElementProperties, problems: &mut Problems) -> Entry {
        let certificate = match Certificate::from_der(der) {
            Ok(certificate) => certificate,
            Err(error) => return Entry::Unreadable(UnreadableEntry::new(der, error)),
        };
        // Rule W-3: a key that names another certificate is reported, and the entry is not a candidate.
        let actual = certificate.thumbprint();
        if let Some(stated) = self.named
            && stated.parse::<Thumbprint>().ok() != Some(actual)
        {
            let stated: String = stated.chars().take(80).collect();
            let entry = misnamed(der, offset, &stated, actual);
            let kind = ImportProblemKind::Thumbprint { stated_by: KEY_NAME, stated, actual };
            problems.push(Rule::W3, (self.place)(offset), kind);
            return Entry::Unreadable(entry);
        }
        let stored = StoredCertificate::new(certificate);
        Entry::Certificate(properties.apply(stored, self.no_key, (self.place)(offset), problems))
    }
}

/// What states a thumbprint that is another certificate's.
const KEY_NAME: &str = "the key's name";

/// A certificate under a registry key that names another one: it is not a candidate (rule W-3).
pub(crate) fn misnamed(der: &[u8], offset: usize, stated: &str, actual: Thumbprint) -> UnreadableEntry {
    let problem = format!("{KEY_NAME} says {stated}, the certificate is {actual}");
    UnreadableEntry::new(der, CertificateError::Entry { offset, problem })
}

/// An entry that could not be read, with its offset (rule T-5).
pub(super) fn unreadable(bytes: &[u8], offset: usize, problem: String) -> Entry {
    Entry::Unreadable(UnreadableEntry::new(bytes, CertificateError::Entry { offset, problem }))
}
