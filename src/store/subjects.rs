//! Subject -> certificates, in twenty bytes a certificate.

use super::CertId;
use crate::name::NameKey;

/// The certificates of all stores by subject: two columns, sorted by name and then by identifier.
#[derive(Debug)]
pub(super) struct Subjects {
    keys: Box<[NameKey]>,
    ids: Box<[CertId]>,
}

/// The rows of one subject.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rows {
    start: u32,
    end: u32,
}

impl Subjects {
    pub(super) fn of(mut rows: Vec<(NameKey, CertId)>) -> Self {
        rows.sort_unstable();
        Subjects { keys: rows.iter().map(|(key, _)| *key).collect(), ids: rows.iter().map(|(_, id)| *id).collect() }
    }

    pub(super) fn rows(&self, key: &NameKey) -> Rows {
        let start = self.keys.partition_point(|known| known < key);
        let rest = self.keys.get(start..).unwrap_or_default();
        let count = rest.partition_point(|known| known == key);
        Rows { start: start as u32, end: (start + count) as u32 }
    }

    /// The certificates of these rows, in the order in which they were added.
    pub(super) fn certificates(&self, rows: Rows) -> &[CertId] {
        self.ids.get(rows.start as usize..rows.end as usize).unwrap_or_default()
    }
}
