//! Each distinct certificate and CRL is decoded once, however many machines of a fleet carry it.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ccmcertsel::{Certificate, CertificateError, Crl, CrlError};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Bytes of keys that one generation of certificates holds: some ten thousand certificates.
const CERTIFICATE_BYTES: usize = 24 << 20;
/// The same for CRLs, which are few and large.
const CRL_BYTES: usize = 24 << 20;

/// What was decoded lately: by its DER, and by the base64 text of an inventory. The two kinds of key never share a map: the
/// bytes of a file may be the text of an inventory, and what was read before must not change what they mean.
#[derive(Default)]
pub(crate) struct DecodeCache {
    certificates: Mutex<Generations<Certificate>>,
    certificate_texts: Mutex<Generations<Certificate>>,
    crls: Mutex<Generations<Crl>>,
    crl_texts: Mutex<Generations<Crl>>,
}

/// Two generations: the young one becomes the old one when it is full, and what is still used moves back. So memory is
/// bounded, what every machine carries stays, and what one machine carries goes.
struct Generations<V> {
    young: HashMap<Box<[u8]>, V>,
    old: HashMap<Box<[u8]>, V>,
    bytes: usize,
}

impl<V> Default for Generations<V> {
    fn default() -> Self {
        Generations { young: HashMap::new(), old: HashMap::new(), bytes: 0 }
    }
}

impl<V: Clone> Generations<V> {
    fn get(&mut self, key: &[u8], limit: usize) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.insert(key, value.clone(), limit);
        Some(value)
    }

    fn insert(&mut self, key: Box<[u8]>, value: V, limit: usize) {
        if self.bytes + key.len() > limit {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += key.len();
        self.young.insert(key, value);
    }
}

/// Looks a key up, or decodes outside of the lock and keeps the result.
fn cached<V: Clone, E>(
    generations: &Mutex<Generations<V>>,
    key: &[u8],
    limit: usize,
    decode: impl FnOnce() -> Result<V, E>,
) -> Result<V, E> {
    // A panic elsewhere leaves the maps whole: each operation on them is one insertion.
    let lock = || generations.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = lock().get(key, limit) {
        return Ok(value);
    }
    let value = decode()?;
    if key.len() <= limit {
        lock().insert(key.into(), value.clone(), limit);
    }
    Ok(value)
}

impl DecodeCache {
    /// A certificate from its DER.
    pub(crate) fn certificate(&self, der: &[u8]) -> Option<Certificate> {
        // A certificate is a SEQUENCE: a text is not looked up.
        let is_sequence = der.first() == Some(&0x30);
        let decode = || Certificate::from_der(der).map_err(|_| ());
        is_sequence.then(|| cached(&self.certificates, der, CERTIFICATE_BYTES, decode).ok()).flatten()
    }

    /// A certificate from the base64 text of an inventory.
    pub(crate) fn certificate_base64(&self, text: &str) -> Option<Certificate> {
        let decode = || Certificate::from_vec(base64(text).map_err(|_| ())?).map_err(|_| ());
        cached(&self.certificate_texts, text.as_bytes(), CERTIFICATE_BYTES, decode).ok()
    }

    /// A CRL from its DER.
    pub(crate) fn crl(&self, der: &[u8]) -> Result<Crl, CrlError> {
        cached(&self.crls, der, CRL_BYTES, || Crl::from_der(der))
    }

    /// A CRL from the base64 text of an inventory.
    pub(crate) fn crl_base64(&self, text: &str) -> Option<Crl> {
        let decode = || Crl::from_vec(base64(text).map_err(|_| ())?).map_err(|_| ());
        cached(&self.crl_texts, text.as_bytes(), CRL_BYTES, decode).ok()
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

/// The reason of an entry whose text is no base64.
pub(crate) fn not_base64(offset: usize) -> CertificateError {
    CertificateError::Pem { offset, problem: "the text is not base64 (A-Z, a-z, 0-9, +, /, padded with =)".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_survives_and_what_is_not_goes() {
        let mut generations = Generations::default();
        generations.insert(Box::from(*b"ca"), 1, 100);
        for n in 0..1000u32 {
            generations.insert(n.to_be_bytes().into(), n, 100);
            assert_eq!(generations.get(b"ca", 100), Some(1));
        }
        assert!(generations.young.len() + generations.old.len() <= 52);
        assert_eq!(generations.get(&0u32.to_be_bytes(), 100), None);
    }

    #[test]
    fn base64_says_where_it_ends() {
        assert_eq!(base64("QUJD"), Ok(b"ABC".to_vec()));
        assert_eq!(base64("QU\nJD"), Ok(b"ABC".to_vec()));
        assert_eq!(base64("QU*D"), Err(2));
        assert_eq!(base64("QUJ"), Err(3));
    }
}
