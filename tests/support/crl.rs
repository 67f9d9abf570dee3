//! CRLs to order.

use super::certificate::{Cert, instant};
use super::der::{bit_string, explicit, int, seq, time, tlv};
use super::extension::{self, Ext};
use super::key::{Hash, Key};
use super::name::Name;

/// One revoked certificate.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Content bytes of the INTEGER.
    pub serial: Vec<u8>,
    /// Seconds since 1970.
    pub date: i64,
    /// In place of the date.
    pub raw_date: Option<Vec<u8>>,
    pub extensions: Vec<Ext>,
}

impl Entry {
    pub fn new(serial: i128) -> Self {
        Entry {
            serial: int(serial)[2..].to_vec(),
            date: instant("2025-06-01T00:00:00Z"),
            raw_date: None,
            extensions: Vec::new(),
        }
    }

    pub fn with(mut self, extension: Ext) -> Self {
        self.extensions.push(extension);
        self
    }

    /// reasonCode 6, certificateHold.
    pub fn on_hold(serial: i128) -> Self {
        Entry::new(serial).with(extension::reason(6))
    }

    /// reasonCode 8, removeFromCRL.
    pub fn removed(serial: i128) -> Self {
        Entry::new(serial).with(extension::reason(8))
    }

    fn encode(&self) -> Vec<u8> {
        let mut parts = vec![tlv(2, &self.serial), self.raw_date.clone().unwrap_or_else(|| time(self.date))];
        if !self.extensions.is_empty() {
            parts.push(Ext::encode_list(&self.extensions));
        }
        seq(&parts)
    }
}

/// A CRL before it is signed. Every field can be set to anything.
#[derive(Debug, Clone)]
pub struct CrlBuilder {
    /// The number in the version field (1 is version 2); `None` leaves the field out (version 1).
    pub version: Option<u8>,
    pub issuer: Name,
    /// Seconds since 1970.
    pub this_update: i64,
    /// Seconds since 1970; `None` leaves the field out.
    pub next_update: Option<i64>,
    /// `None` leaves the list out, an empty one is written as an empty SEQUENCE.
    pub entries: Option<Vec<Entry>>,
    pub extensions: Vec<Ext>,
    pub hash: Hash,
    pub inner_algorithm: Option<Vec<u8>>,
    pub outer_algorithm: Option<Vec<u8>>,
    /// Flips a bit of the signature.
    pub damaged_signature: bool,
}

impl CrlBuilder {
    /// Version 2 without entries and extensions, current from 2026-01-01 to 2026-02-01.
    pub fn new(issuer: impl Into<Name>) -> Self {
        CrlBuilder {
            version: Some(1),
            issuer: issuer.into(),
            this_update: instant("2026-01-01T00:00:00Z"),
            next_update: Some(instant("2026-02-01T00:00:00Z")),
            entries: None,
            extensions: Vec::new(),
            hash: Hash::Sha256,
            inner_algorithm: None,
            outer_algorithm: None,
            damaged_signature: false,
        }
    }

    /// [`CrlBuilder::new`] in the name of that CA, with the identifier of its key and this number.
    pub fn of(ca: &Cert, number: u64) -> Self {
        CrlBuilder::new(ca.subject.clone()).with(extension::aki(ca.key)).with(extension::crl_number(number))
    }

    pub fn with(mut self, extension: Ext) -> Self {
        self.extensions.push(extension);
        self
    }

    pub fn entry(mut self, entry: Entry) -> Self {
        self.entries.get_or_insert_default().push(entry);
        self
    }

    pub fn revoke(self, serial: i128) -> Self {
        self.entry(Entry::new(serial))
    }

    /// Both ends, RFC 3339.
    pub fn current(mut self, this_update: &str, next_update: &str) -> Self {
        (self.this_update, self.next_update) = (instant(this_update), Some(instant(next_update)));
        self
    }

    /// Sets fields that have no method.
    pub fn change(mut self, change: impl FnOnce(&mut CrlBuilder)) -> Self {
        change(&mut self);
        self
    }

    /// The CRL, signed by this key, in DER.
    pub fn sign(&self, signer: Key) -> Vec<u8> {
        let algorithm = signer.signature_algorithm(self.hash);
        let mut fields = Vec::new();
        fields.extend(self.version.map(|version| int(version.into())));
        fields.push(self.inner_algorithm.clone().unwrap_or_else(|| algorithm.clone()));
        fields.push(self.issuer.encode());
        fields.push(time(self.this_update));
        fields.extend(self.next_update.map(time));
        fields.extend(self.entries.as_ref().map(|list| seq(&list.iter().map(Entry::encode).collect::<Vec<_>>())));
        if !self.extensions.is_empty() {
            fields.push(explicit(0, &Ext::encode_list(&self.extensions)));
        }
        let tbs = seq(&fields);
        let mut signature = signer.sign(self.hash, &tbs);
        if self.damaged_signature
            && let Some(last) = signature.last_mut()
        {
            *last ^= 1;
        }
        seq(&[tbs, self.outer_algorithm.clone().unwrap_or(algorithm), bit_string(&signature)])
    }
}
