//! The pure-Rust verifiers: always there, and what aws-lc-rs falls back on.

use super::kind::{Curve, KeyKind, RsaNumbers};
use super::scheme::{Hash, Scheme};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, Pss};
use sha2::Digest as _;

/// A key in the form that its own crate wants.
#[derive(Clone)]
pub(super) enum RustCryptoKey {
    Rsa(rsa::PublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl RustCryptoKey {
    /// `None` where the bytes of the subjectPublicKey are not a key of this kind.
    pub(super) fn new(kind: &KeyKind, bits: &[u8], rsa: Option<&RsaNumbers>) -> Option<Self> {
        match kind {
            KeyKind::Rsa { .. } => {
                let numbers = rsa?;
                let modulus = BoxedUint::from_be_slice_vartime(&numbers.modulus);
                // Strength is rule V-11's to judge, so the crate's own lower limit of 1024 bits does not hold here.
                let sizes = 0..=usize::try_from(super::MAX_RSA_BITS).ok()?;
                let key = rsa::PublicKey::new_with_size_limits(modulus, BoxedUint::from(numbers.exponent), sizes);
                key.ok().map(RustCryptoKey::Rsa)
            }
            KeyKind::Ec(Curve::P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok().map(RustCryptoKey::P256),
            KeyKind::Ec(Curve::P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok().map(RustCryptoKey::P384),
            KeyKind::Ec(Curve::P521) => p521::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok().map(RustCryptoKey::P521),
            KeyKind::Ed25519 => {
                let bytes = bits.try_into().ok()?;
                ed25519_dalek::VerifyingKey::from_bytes(bytes).ok().map(RustCryptoKey::Ed25519)
            }
            KeyKind::Ec(Curve::Other(_)) | KeyKind::Other(_) => None,
        }
    }
}

/// Whether the key made the signature.
pub(super) fn verify(key: &RustCryptoKey, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
    match (key, scheme) {
        (RustCryptoKey::Rsa(key), Scheme::Pkcs1(hash)) => pkcs1(key, hash, message, signature),
        (RustCryptoKey::Rsa(key), Scheme::Pss { hash, salt }) => pss(key, hash, salt.into(), message, signature),
        (RustCryptoKey::P256(key), Scheme::Ecdsa(hash)) => p256::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest(hash, message).as_ref(), &signature).is_ok()),
        (RustCryptoKey::P384(key), Scheme::Ecdsa(hash)) => p384::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest(hash, message).as_ref(), &signature).is_ok()),
        (RustCryptoKey::P521(key), Scheme::Ecdsa(hash)) => p521::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(digest(hash, message).as_ref(), &signature).is_ok()),
        // Strictly: a key or an R of small order would fit many messages, or every one.
        (RustCryptoKey::Ed25519(key), Scheme::Ed25519) => ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
        _ => false,
    }
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

fn pkcs1(key: &rsa::PublicKey, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
    let verdict = match hash {
        Hash::Sha1 => key.pkcs1v15_verify::<sha1::Sha1>(message, signature),
        Hash::Sha256 => key.pkcs1v15_verify::<sha2::Sha256>(message, signature),
        Hash::Sha384 => key.pkcs1v15_verify::<sha2::Sha384>(message, signature),
        Hash::Sha512 => key.pkcs1v15_verify::<sha2::Sha512>(message, signature),
    };
    verdict.is_ok()
}

fn pss(key: &rsa::PublicKey, hash: Hash, salt: usize, message: &[u8], signature: &[u8]) -> bool {
    let digest = digest(hash, message);
    let verdict = match hash {
        Hash::Sha1 => key.verify(Pss::<sha1::Sha1>::new_with_salt(salt), digest.as_ref(), signature),
        Hash::Sha256 => key.verify(Pss::<sha2::Sha256>::new_with_salt(salt), digest.as_ref(), signature),
        Hash::Sha384 => key.verify(Pss::<sha2::Sha384>::new_with_salt(salt), digest.as_ref(), signature),
        Hash::Sha512 => key.verify(Pss::<sha2::Sha512>::new_with_salt(salt), digest.as_ref(), signature),
    };
    verdict.is_ok()
}
