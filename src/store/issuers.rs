//! Issuers: each name that certificates name as their issuer, read and looked up once.

use super::subjects::{Rows, Subjects};
use super::{CertId, Entry};
use crate::name::NameKey;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Issuers {
    names: Box<[IssuerName]>,
    /// Which of the names each entry has as its issuer, by identifier.
    of: Box<[u32]>,
    /// The certificates that have one of the names as their subject.
    certificates: Box<[CertId]>,
}

#[derive(Debug)]
struct IssuerName {
    key: Option<NameKey>,
    /// The certificates that have it as their subject.
    subjects: Rows,
}

/// The issuer of an entry that is not a certificate.
const NONE: u32 = u32::MAX;

/// The names, while the entries are added.
#[derive(Debug, Default)]
pub(super) struct IssuerNames {
    numbers: HashMap<Arc<[u8]>, u32>,
    last: Option<(Arc<[u8]>, u32)>,
    of: Vec<u32>,
}

impl IssuerNames {
    /// Takes the next entry.
    pub(super) fn push(&mut self, entry: &Entry) {
        let number = entry.certificate().map_or(NONE, |stored| self.number(stored.certificate().issuer_der()));
        self.of.push(number);
    }

    fn number(&mut self, name: &[u8]) -> u32 {
        // Ten thousand certificates of one CA come one after the other, and to compare bytes is cheaper than to hash them.
        if let Some((last, number)) = &self.last
            && **last == *name
        {
            return *number;
        }
        let next = self.numbers.len() as u32;
        let name: Arc<[u8]> = name.into();
        let number = *self.numbers.entry(Arc::clone(&name)).or_insert(next);
        self.last = Some((name, number));
        number
    }
}

impl Issuers {
    pub(super) fn of(names: IssuerNames, subjects: &Subjects) -> Self {
        let mut by_number: Vec<(Arc<[u8]>, u32)> = names.numbers.into_iter().collect();
        by_number.sort_unstable_by_key(|(_, number)| *number);
        let read = |(name, _): &(Arc<[u8]>, u32)| {
            let key = NameKey::from_der(name);
            IssuerName { key, subjects: key.map(|key| subjects.rows(&key)).unwrap_or_default() }
        };
        let found: Box<[IssuerName]> = by_number.iter().map(read).collect();
        let with_name = |name: &IssuerName| subjects.certificates(name.subjects);
        let mut certificates: Vec<CertId> = found.iter().flat_map(with_name).copied().collect();
        certificates.sort_unstable();
        certificates.dedup(); // one name can be written in several ways
        Issuers { names: found, of: names.of.into(), certificates: certificates.into() }
    }

    /// The issuer's name, as the key that names are compared by.
    pub(super) fn key(&self, id: CertId) -> Option<NameKey> {
        self.name(id)?.key
    }

    /// Which certificates have the issuer's name as their subject.
    pub(super) fn subjects(&self, id: CertId) -> Rows {
        self.name(id).map(|name| name.subjects).unwrap_or_default()
    }

    fn name(&self, id: CertId) -> Option<&IssuerName> {
        self.names.get(*self.of.get(id.index())? as usize)
    }

    /// The certificates that some certificate names as its issuer.
    pub(super) fn certificates(&self) -> &[CertId] {
        &self.certificates
    }
}
