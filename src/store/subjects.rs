//! Subject -> certificates, in twenty bytes a certificate.

use super::{CertId, Entry};
use crate::name::NameKey;

/// The certificates of all stores by subject: two columns, sorted by name and then by identifier.
#[derive(Debug)]
pub(super) struct Subjects {
    keys: Box<[NameKey]>,
    ids: Box<[CertId]>,
}

impl Subjects {
    pub fn of(entries: &[Entry]) -> Self {
        let key = |(entry, index): (&Entry, u32)| {
            let certificate = entry.certificate()?.certificate();
            Some((NameKey::from_der(certificate.subject_der())?, CertId(index)))
        };
        let mut rows: Vec<(NameKey, CertId)> = entries.iter().zip(0u32..).filter_map(key).collect();
        rows.sort_unstable();
        Subjects { keys: rows.iter().map(|(key, _)| *key).collect(), ids: rows.iter().map(|(_, id)| *id).collect() }
    }

    /// The certificates with this subject, in the order in which they were added.
    pub fn get(&self, key: &NameKey) -> &[CertId] {
        let start = self.keys.partition_point(|known| known < key);
        let rest = self.keys.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|known| *known == key).count();
        self.ids.get(start..start + count).unwrap_or_default()
    }
}
