//! What Windows knows about a certificate beside its bytes, in the words of sidecars and inventories.

use super::error::InputError;
use super::inventory::Sidecar;
use super::nearest;
use crate::oid::Oid;
use crate::store::{Enumeration, KeyProvider, PrivateKey, StoredCertificate};

/// The words for a private key. `present-*` is what a registry export shows: a key belongs to the certificate, and that
/// the client can use it is assumed (rule W-4).
const PRIVATE_KEYS: [(&str, PrivateKey); 9] = [
    ("absent", PrivateKey::Absent),
    ("inaccessible", PrivateKey::Inaccessible),
    ("csp", PrivateKey::Accessible(KeyProvider::Csp)),
    ("ksp", PrivateKey::Accessible(KeyProvider::Ksp)),
    ("accessible", PrivateKey::Accessible(KeyProvider::Unknown)),
    ("unknown", PrivateKey::Unknown),
    ("present-csp", PrivateKey::Present(KeyProvider::Csp)),
    ("present-ksp", PrivateKey::Present(KeyProvider::Ksp)),
    ("present", PrivateKey::Present(KeyProvider::Unknown)),
];

/// The private key by its word.
///
/// # Errors
/// Another word, with the nearest of them.
pub(crate) fn private_key(word: &str) -> Result<PrivateKey, InputError> {
    let found = PRIVATE_KEYS.iter().find(|(known, _)| *known == word);
    found.map(|(_, key)| *key).ok_or_else(|| {
        let message = nearest::unknown_key("private_key", word, PRIVATE_KEYS.iter().map(|(known, _)| *known));
        InputError::new(message).at(word, 0..word.len())
    })
}

/// The word for a private key.
pub(crate) fn private_key_word(key: PrivateKey) -> &'static str {
    let found = PRIVATE_KEYS.iter().find(|(_, known)| *known == key);
    found.map_or("unknown", |(word, _)| word)
}

/// Sets what the sidecar says.
///
/// # Errors
/// A word or an object identifier that does not read.
pub(crate) fn apply(mut stored: StoredCertificate, sidecar: &Sidecar) -> Result<StoredCertificate, InputError> {
    if let Some(word) = &sidecar.private_key {
        stored = stored.with_private_key(private_key(word)?);
    }
    if let Some(version) = sidecar.template_schema {
        stored = stored.with_template_schema(version);
    }
    if let Some(eku) = &sidecar.eku {
        let oids: Result<Vec<Oid>, InputError> = eku.iter().map(|text| oid(text)).collect();
        stored = stored.with_eku_property(oids?);
    }
    if let Some(name) = &sidecar.friendly_name {
        stored = stored.with_friendly_name(name.clone());
    }
    if sidecar.archived == Some(true) {
        stored = stored.with_enumeration(Enumeration::Archived);
    }
    Ok(stored)
}

/// An object identifier.
///
/// # Errors
/// What is wrong with the text.
pub(crate) fn oid(text: &str) -> Result<Oid, InputError> {
    text.parse()
        .map_err(|error: crate::value_error::ValueError| InputError::new(error.to_string()).at(text, 0..text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_a_wrong_one_names_the_nearest() {
        for (word, key) in PRIVATE_KEYS {
            assert_eq!(private_key(word), Ok(key));
            assert_eq!((private_key_word(key), key.to_string().as_str()), (word, word));
        }
        assert_eq!(
            private_key("abscent").unwrap_err().message,
            "unknown private_key `abscent`: did you mean `absent`?"
        );
    }
}
