//! The pure-Rust verifiers: always there, and what aws-lc-rs falls back on.

use super::key::{Curve, KeyKind, ParsedKey};
use super::scheme::{Hash, Scheme};
use crate::asn1::DerError;
use ed25519_dalek::Verifier;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::Digest as _;

/// A key in the form that its own crate wants.
#[derive(Clone)]
pub(super) enum RustCryptoKey {
    Rsa(RsaPublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl RustCryptoKey {
    fn from_parsed(key: &ParsedKey) -> Option<Self> {
        let point = key.bit_string();
        match key.kind() {
            KeyKind::Rsa { .. } => {
                let numbers = key.rsa()?;
                let modulus = BigUint::from_bytes_be(&numbers.modulus);
                let max_bits = usize::try_from(super::MAX_RSA_BITS).ok()?;
                let key = RsaPublicKey::new_with_max_size(modulus, BigUint::from(numbers.exponent), max_bits);
                key.ok().map(RustCryptoKey::Rsa)
            }
            KeyKind::Ec(Curve::P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(RustCryptoKey::P256),
            KeyKind::Ec(Curve::P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(RustCryptoKey::P384),
            KeyKind::Ec(Curve::P521) => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(RustCryptoKey::P521),
            KeyKind::Ed25519 => {
                let bytes = point.try_into().ok()?;
                ed25519_dalek::VerifyingKey::from_bytes(bytes).ok().map(RustCryptoKey::Ed25519)
            }
            KeyKind::Ec(Curve::Other(_)) | KeyKind::Other(_) => None,
        }
    }
}

/// Whether the key made the signature; an error when the key's bytes are no key of its kind.
pub(super) fn verify(key: &ParsedKey, scheme: Scheme, message: &[u8], signature: &[u8]) -> Result<bool, DerError> {
    let parsed = key.rust_crypto.get_or_init(|| RustCryptoKey::from_parsed(key));
    let Some(parsed) = parsed else {
        return match key.kind() {
            // Thirty-two bytes that are no point: aws-lc-rs finds that out while verifying.
            KeyKind::Ed25519 => Ok(false),
            _ => Err(key.not_a_key()),
        };
    };
    Ok(match (parsed, scheme) {
        (RustCryptoKey::Rsa(key), Scheme::Pkcs1(hash)) => {
            key.verify(pkcs1_padding(hash), digest(hash, message).as_ref(), signature).is_ok()
        }
        (RustCryptoKey::Rsa(key), Scheme::Pss { hash, salt }) => {
            key.verify(pss_padding(hash, salt), digest(hash, message).as_ref(), signature).is_ok()
        }
        (RustCryptoKey::P256(key), Scheme::Ecdsa(hash)) => p256::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest(hash, message).as_ref(), &signature).is_ok()),
        (RustCryptoKey::P384(key), Scheme::Ecdsa(hash)) => p384::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest(hash, message).as_ref(), &signature).is_ok()),
        (RustCryptoKey::P521(key), Scheme::Ecdsa(hash)) => p521::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest(hash, message).as_ref(), &signature).is_ok()),
        (RustCryptoKey::Ed25519(key), Scheme::Ed25519) => ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        _ => false,
    })
}

/// A digest of any of the four lengths, without allocation.
struct Digest {
    bytes: [u8; 64],
    length: usize,
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

fn digest(hash: Hash, message: &[u8]) -> Digest {
    let mut digest = Digest { bytes: [0; 64], length: usize::from(hash.length()) };
    let mut fill = |bytes: &[u8]| {
        for (to, from) in digest.bytes.iter_mut().zip(bytes) {
            *to = *from;
        }
    };
    match hash {
        Hash::Sha1 => fill(&sha1::Sha1::digest(message)),
        Hash::Sha256 => fill(&sha2::Sha256::digest(message)),
        Hash::Sha384 => fill(&sha2::Sha384::digest(message)),
        Hash::Sha512 => fill(&sha2::Sha512::digest(message)),
    }
    digest
}

/// rsa 0.9 would take the prefix from digest types of an older generation than those used here, so it is written out:
/// the DER of DigestInfo up to the digest itself (RFC 8017 9.2, note 1).
fn pkcs1_padding(hash: Hash) -> Pkcs1v15Sign {
    let prefix: &[u8] = match hash {
        Hash::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
        Hash::Sha256 => b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
        Hash::Sha384 => b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
        Hash::Sha512 => b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
    };
    Pkcs1v15Sign { hash_len: Some(usize::from(hash.length())), prefix: prefix.into() }
}

fn pss_padding(hash: Hash, salt: u16) -> Pss {
    let salt = usize::from(salt);
    match hash {
        Hash::Sha1 => Pss::new_with_salt::<sha1_10::Sha1>(salt),
        Hash::Sha256 => Pss::new_with_salt::<sha2_10::Sha256>(salt),
        Hash::Sha384 => Pss::new_with_salt::<sha2_10::Sha384>(salt),
        Hash::Sha512 => Pss::new_with_salt::<sha2_10::Sha512>(salt),
    }
}
