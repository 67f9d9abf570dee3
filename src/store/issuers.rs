//! Issuers: each name that certificates name as their issuer, read and looked up once.

use super::subjects::{Rows, Subjects};
use super::{CertId, Entry};
use crate::name::NameKey;
use std::collections::HashMap;

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

/// The issuer of an entry that is no certificate.
const NONE: u32 = u32::MAX;

impl Issuers {
    pub fn of(entries: &[Entry], subjects: &Subjects) -> Self {
        let mut numbers: HashMap<&[u8], u32> = HashMap::new();
        let mut names = Vec::new();
        let mut last: (&[u8], u32) = (&[], NONE);
        let mut of = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(stored) = entry.certificate() else {
                of.push(NONE);
                continue;
            };
            let der = stored.certificate().issuer_der();
            // Ten thousand certificates of one CA stand side by side, and to compare bytes is cheaper than to hash them.
            if der != last.0 {
                let number = *numbers.entry(der).or_insert_with(|| {
                    let key = NameKey::from_der(der);
                    names.push(IssuerName { key, subjects: key.map(|key| subjects.rows(&key)).unwrap_or_default() });
                    names.len() as u32 - 1
                });
                last = (der, number);
            }
            of.push(last.1);
        }
        let with_name = |name: &IssuerName| subjects.certificates(name.subjects);
        let mut certificates: Vec<CertId> = names.iter().flat_map(with_name).copied().collect();
        certificates.sort_unstable();
        certificates.dedup(); // one name can be written in several ways
        Issuers { names: names.into(), of: of.into(), certificates: certificates.into() }
    }

    /// The issuer's name, as the key that names are compared by.
    pub fn key(&self, id: CertId) -> Option<NameKey> {
        self.name(id)?.key
    }

    /// Which certificates have the issuer's name as their subject.
    pub fn subjects(&self, id: CertId) -> Rows {
        self.name(id).map(|name| name.subjects).unwrap_or_default()
    }

    fn name(&self, id: CertId) -> Option<&IssuerName> {
        self.names.get(*self.of.get(id.index())? as usize)
    }

    /// The certificates that some certificate names as its issuer.
    pub fn certificates(&self) -> &[CertId] {
        &self.certificates
    }
}
