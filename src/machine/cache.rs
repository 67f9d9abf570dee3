//! Each distinct certificate and CRL is decoded once, however many machines of a fleet carry it.

use crate::certificate::{Certificate, CertificateError};
use crate::revocation::{Crl, CrlError};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

/// Bytes of keys that one generation of certificates holds: some ten thousand certificates.
const CERTIFICATE_BYTES: usize = 24 << 20;
/// The same for CRLs, which are few and large.
const CRL_BYTES: usize = 24 << 20;

/// What was decoded lately: by its DER, and by the base64 text of an inventory. The two kinds of key never share a map: the
/// bytes of a file may be the text of an inventory, and what was read before must not change what they mean.
#[derive(Default)]
pub(crate) struct DecodeCache {
    certificates: Cached<Certificate>,
    certificate_texts: Cached<Certificate>,
    crls: Cached<Crl>,
    crl_texts: Cached<Crl>,
}

/// How much of the end of a key is hashed: a signature stands there, so keys that differ end differently. A hash of the whole
/// costs as much as decoding what it would save.
const ENDING: usize = 64;
/// How many keys of one length and ending are kept: no more than these are compared, however many are made to be alike.
const ALIKE: usize = 4;

/// A kind of key. Its hash is made once for a question, outside of the lock, with a seed that no input knows.
struct Cached<V> {
    hasher: RandomState,
    generations: Mutex<Generations<V>>,
}

impl<V> Default for Cached<V> {
    fn default() -> Self {
        Cached { hasher: RandomState::default(), generations: Mutex::default() }
    }
}

/// Two generations: the young one becomes the old one when it is full, and what is still used moves back. So memory is
/// bounded, what every machine carries stays, and what one machine carries goes.
struct Generations<V> {
    young: HashTable<KeptCertificate<V>>,
    old: HashTable<KeptCertificate<V>>,
    bytes: usize,
    seen: SeenOnce,
}

struct KeptCertificate<V> {
    hash: u64,
    key: Box<[u8]>,
    value: V,
}

/// What was asked for lately and not kept, by its hash: nearly all that a fleet carries is there once, and copying it costs more
/// than decoding again what comes a second time. A hash that meets another decides what is kept, never what an answer is.
struct SeenOnce(Box<[u64]>);

impl SeenOnce {
    const HASHES: usize = 1 << 14;

    /// Whether it was asked for before; from now on it was.
    fn again(&mut self, hash: u64) -> bool {
        let place = hash as usize % Self::HASHES; // the low bits are as good as any
        self.0.get_mut(place).is_some_and(|seen| std::mem::replace(seen, hash) == hash)
    }
}

impl<V> Default for Generations<V> {
    fn default() -> Self {
        let seen = SeenOnce(vec![0; SeenOnce::HASHES].into());
        Generations { young: HashTable::new(), old: HashTable::new(), bytes: 0, seen }
    }
}

impl<V: Clone> Generations<V> {
    fn get(&mut self, hash: u64, key: &[u8], limit: usize) -> Option<V> {
        let is_it = |kept: &KeptCertificate<V>| *kept.key == *key;
        if let Some(kept) = self.young.find(hash, is_it) {
            return Some(kept.value.clone());
        }
        let (kept, _) = self.old.find_entry(hash, is_it).ok()?.remove();
        let value = kept.value.clone();
        self.insert(kept, limit);
        Some(value)
    }

    fn insert(&mut self, kept: KeptCertificate<V>, limit: usize) {
        if self.bytes + kept.key.len() > limit {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += kept.key.len();
        self.young.insert_unique(kept.hash, kept, |kept| kept.hash);
    }

    /// Whether there is room for one more key of this hash.
    fn has_room(&self, hash: u64) -> bool {
        self.young.iter_hash(hash).filter(|kept| kept.hash == hash).count() < ALIKE
    }
}

impl<V: Clone> Cached<V> {
    /// Looks a key up, or decodes outside of the lock and keeps the result where the key comes again.
    fn of<E>(&self, key: &[u8], limit: usize, decode: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        // A panic elsewhere leaves the maps whole: each operation on them is one insertion.
        let lock = || self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let ending = key.get(key.len().saturating_sub(ENDING)..);
        let hash = self.hasher.hash_one((key.len(), ending));
        if let Some(value) = lock().get(hash, key, limit) {
            return Ok(value);
        }
        let value = decode()?;
        if key.len() <= limit {
            let mut generations = lock();
            // Another thread may have kept it meanwhile.
            let again = generations.seen.again(hash) && generations.get(hash, key, limit).is_none();
            if again && generations.has_room(hash) {
                generations.insert(KeptCertificate { hash, key: key.into(), value: value.clone() }, limit);
            }
        }
        Ok(value)
    }
}

impl DecodeCache {
    /// A certificate from its DER.
    pub(crate) fn certificate(&self, der: &[u8]) -> Option<Certificate> {
        // A certificate is a SEQUENCE: a text is not looked up.
        let is_sequence = der.first() == Some(&0x30);
        let decode = || Certificate::from_der(der).map_err(|_| ());
        is_sequence.then(|| self.certificates.of(der, CERTIFICATE_BYTES, decode).ok()).flatten()
    }

    /// A certificate from the base64 text of an inventory.
    pub(crate) fn certificate_base64(&self, text: &str) -> Option<Certificate> {
        let decode = || Certificate::from_vec(base64(text).map_err(|_| ())?).map_err(|_| ());
        self.certificate_texts.of(text.as_bytes(), CERTIFICATE_BYTES, decode).ok()
    }

    /// A CRL from its DER.
    pub(crate) fn crl(&self, der: &[u8]) -> Result<Crl, CrlError> {
        self.crls.of(der, CRL_BYTES, || Crl::from_der(der))
    }

    /// A CRL from the base64 text of an inventory.
    pub(crate) fn crl_base64(&self, text: &str) -> Option<Crl> {
        let decode = || Crl::from_vec(base64(text).map_err(|_| ())?).map_err(|_| ());
        self.crl_texts.of(text.as_bytes(), CRL_BYTES, decode).ok()
    }
}

/// Decodes base64; line breaks inside are allowed, because copied text has them.
///
/// # Errors
/// The byte at which the text stops being base64.
pub(crate) fn base64(text: &str) -> Result<Vec<u8>, usize> {
    if let Ok(bytes) = BASE64_STANDARD.decode(text) {
        return Ok(bytes);
    }
    let stripped: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let alphabet = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    BASE64_STANDARD.decode(&stripped).map_err(|_| {
        let wrong = text.find(|c: char| !alphabet(c) && !c.is_ascii_whitespace() && c != '=');
        wrong.unwrap_or(text.len())
    })
}

/// The reason of an entry whose text is not base64.
pub(crate) fn not_base64(offset: usize) -> CertificateError {
    CertificateError::Pem { offset, problem: "the text is not base64 (A-Z, a-z, 0-9, +, /, padded with =)".to_owned() }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/machine_cache.rs"]
mod tests;
