//! Keys that sign: a toy for the generated worlds, and real ones.

use super::der::{bit_string, int, null, oid, seq, tlv};
use ccmcertsel::Algorithms;
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// A key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The toy algorithm: a signature is the SHA-256 of the key's number and the message. Free, so that structured
    /// generation gets past signatures; accepted by every verifier that takes [`TOY`].
    Toy(u32),
    /// ECDSA P-256 with SHA-256, made from the number.
    P256(u32),
    /// Ed25519, made from the number.
    Ed25519(u32),
    /// RSA of 2048 bits from `testdata/keys`: numbers 0 to 5.
    Rsa2048(u8),
    /// RSA of 1024 bits from `testdata/keys`: numbers 0 and 1.
    Rsa1024(u8),
    /// RSA of 512 bits from `testdata/keys`: number 0.
    Rsa512(u8),
    /// A key and a signature algorithm that nobody knows; its signatures are empty.
    Unknown(u32),
}

/// The hash that an RSA key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// An arc that IANA gave to documentation (RFC 5612) carries the toy's identifiers.
const TOY_KEY: &str = "1.3.6.1.4.1.32473.1.1";
const TOY_SIGNATURE: &str = "1.3.6.1.4.1.32473.1.2";
/// RFC 8410: the same for a key and for its signatures.
const ED25519: &str = "1.3.101.112";
const UNKNOWN_KEY: &str = "1.3.6.1.4.1.32473.2.1";
/// The signature algorithm of [`Key::Unknown`].
pub const UNKNOWN_SIGNATURE: &str = "1.3.6.1.4.1.32473.2.2";

#[derive(Debug)]
struct Toy;

static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&Toy];

/// The toy algorithm as validators take it: for `Algorithms::with_plugged` and for rustls-webpki alike.
pub static TOY: &dyn SignatureVerificationAlgorithm = &Toy;

impl SignatureVerificationAlgorithm for Toy {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if toy_signature(public_key, message) == signature { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        // OBJECT IDENTIFIER 1.3.6.1.4.1.32473.1.1
        AlgorithmIdentifier::from_slice(b"\x06\x0a\x2b\x06\x01\x04\x01\x81\xfd\x59\x01\x01")
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        // OBJECT IDENTIFIER 1.3.6.1.4.1.32473.1.2
        AlgorithmIdentifier::from_slice(b"\x06\x0a\x2b\x06\x01\x04\x01\x81\xfd\x59\x01\x02")
    }
}

/// The toy, counted. Each test has its own, since tests run side by side.
#[derive(Debug)]
pub struct Counted(AtomicUsize);

impl Counted {
    #[allow(clippy::new_without_default)] // a static has no default
    pub const fn new() -> Self {
        Counted(AtomicUsize::new(0))
    }

    /// How often it was asked since the last time.
    pub fn taken(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl SignatureVerificationAlgorithm for Counted {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        self.0.fetch_add(1, Ordering::Relaxed);
        TOY.verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        TOY.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        TOY.signature_alg_id()
    }
}

/// The built-in verifiers and the toy.
pub fn toy_algorithms() -> Algorithms {
    Algorithms::rust_crypto().with_plugged(PLUGGED)
}

fn toy_signature(public_key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(public_key);
    hash.update(message);
    hash.finalize().to_vec()
}

const RSA_2048: [&[u8]; 6] = [
    include_bytes!("../../testdata/keys/rsa2048-0.der"),
    include_bytes!("../../testdata/keys/rsa2048-1.der"),
    include_bytes!("../../testdata/keys/rsa2048-2.der"),
    include_bytes!("../../testdata/keys/rsa2048-3.der"),
    include_bytes!("../../testdata/keys/rsa2048-4.der"),
    include_bytes!("../../testdata/keys/rsa2048-5.der"),
];
const RSA_1024: [&[u8]; 2] =
    [include_bytes!("../../testdata/keys/rsa1024-0.der"), include_bytes!("../../testdata/keys/rsa1024-1.der")];
const RSA_512: [&[u8]; 1] = [include_bytes!("../../testdata/keys/rsa512-0.der")];

impl Key {
    /// The SubjectPublicKeyInfo, header included. Kept, since an elliptic curve point costs a multiplication.
    pub fn spki(self) -> Vec<u8> {
        static KEPT: OnceLock<Mutex<HashMap<Key, Vec<u8>>>> = OnceLock::new();
        if let Key::Toy(_) | Key::Unknown(_) = self {
            return self.make_spki();
        }
        let mut kept = KEPT.get_or_init(Mutex::default).lock().unwrap();
        kept.entry(self).or_insert_with(|| self.make_spki()).clone()
    }

    fn make_spki(self) -> Vec<u8> {
        match self {
            Key::Toy(_) => seq(&[seq(&[oid(TOY_KEY)]), bit_string(&self.toy_public())]),
            Key::Unknown(number) => seq(&[seq(&[oid(UNKNOWN_KEY)]), bit_string(&number.to_be_bytes())]),
            Key::P256(_) => {
                let algorithm = seq(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]);
                let point = self.p256().verifying_key().to_sec1_point(false);
                seq(&[algorithm, bit_string(point.as_bytes())])
            }
            Key::Ed25519(_) => seq(&[seq(&[oid(ED25519)]), bit_string(self.ed25519().verifying_key().as_bytes())]),
            Key::Rsa2048(_) | Key::Rsa1024(_) | Key::Rsa512(_) => {
                use rsa::traits::PublicKeyParts;
                let modulus = tlv(2, &[&[0][..], &self.rsa().n().to_be_bytes_trimmed_vartime()].concat());
                let public = seq(&[modulus, int(65537)]);
                seq(&[seq(&[oid("1.2.840.113549.1.1.1"), null()]), bit_string(&public)])
            }
        }
    }

    fn toy_public(self) -> [u8; 4] {
        match self {
            Key::Toy(number) => number.to_be_bytes(),
            _ => [0; 4],
        }
    }

    fn p256(self) -> p256::ecdsa::SigningKey {
        let Key::P256(number) = self else { panic!("{self:?} is no P-256 key") };
        let secret = Sha256::digest([&b"P-256 test key"[..], &number.to_be_bytes()].concat());
        p256::ecdsa::SigningKey::from_slice(&secret).expect("a digest below the curve's order")
    }

    fn ed25519(self) -> ed25519_dalek::SigningKey {
        let Key::Ed25519(number) = self else { panic!("{self:?} is no Ed25519 key") };
        let secret = Sha256::digest([&b"Ed25519 test key"[..], &number.to_be_bytes()].concat());
        ed25519_dalek::SigningKey::from_bytes(&secret.into())
    }

    /// Kept, since decoding checks the primes.
    fn rsa(self) -> Arc<rsa::PrivateKey> {
        use rsa::pkcs1::DecodeRsaPrivateKey;
        static KEPT: OnceLock<Mutex<HashMap<Key, Arc<rsa::PrivateKey>>>> = OnceLock::new();
        let der = match self {
            Key::Rsa2048(index) => RSA_2048[usize::from(index)],
            Key::Rsa1024(index) => RSA_1024[usize::from(index)],
            Key::Rsa512(index) => RSA_512[usize::from(index)],
            _ => panic!("{self:?} is no RSA key"),
        };
        let decode = || Arc::new(rsa::PrivateKey::from_pkcs1_der(der).expect("a key of testdata/keys"));
        KEPT.get_or_init(Mutex::default).lock().unwrap().entry(self).or_insert_with(decode).clone()
    }

    /// A key identifier: the SHA-1 of the SubjectPublicKeyInfo.
    pub fn id(self) -> Vec<u8> {
        Sha1::digest(self.spki()).to_vec()
    }

    /// The signature's AlgorithmIdentifier, header included. The hash is heeded by RSA keys alone.
    pub fn signature_algorithm(self, hash: Hash) -> Vec<u8> {
        match self {
            Key::Toy(_) => seq(&[oid(TOY_SIGNATURE)]),
            Key::Unknown(_) => seq(&[oid(UNKNOWN_SIGNATURE)]),
            Key::P256(_) => seq(&[oid("1.2.840.10045.4.3.2")]),
            Key::Ed25519(_) => seq(&[oid(ED25519)]),
            Key::Rsa2048(_) | Key::Rsa1024(_) | Key::Rsa512(_) => {
                let scheme = match hash {
                    Hash::Md5 => "1.2.840.113549.1.1.4",
                    Hash::Sha1 => "1.2.840.113549.1.1.5",
                    Hash::Sha256 => "1.2.840.113549.1.1.11",
                    Hash::Sha384 => "1.2.840.113549.1.1.12",
                    Hash::Sha512 => "1.2.840.113549.1.1.13",
                };
                seq(&[oid(scheme), null()])
            }
        }
    }

    /// Signs. An MD5 signature is bytes of the right length: nothing here verifies it.
    pub fn sign(self, hash: Hash, message: &[u8]) -> Vec<u8> {
        match self {
            Key::Toy(_) => toy_signature(&self.toy_public(), message),
            Key::Unknown(_) => Vec::new(),
            Key::P256(_) => {
                use p256::ecdsa::signature::Signer;
                let signature: p256::ecdsa::Signature = self.p256().sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Key::Ed25519(_) => {
                use ed25519_dalek::Signer;
                self.ed25519().sign(message).to_vec()
            }
            Key::Rsa2048(_) | Key::Rsa1024(_) | Key::Rsa512(_) => {
                let signature = match hash {
                    Hash::Md5 => return vec![0x55; 64],
                    Hash::Sha1 => self.rsa().pkcs1v15_sign::<Sha1>(message),
                    Hash::Sha256 => self.rsa().pkcs1v15_sign::<Sha256>(message),
                    Hash::Sha384 => self.rsa().pkcs1v15_sign::<Sha384>(message),
                    Hash::Sha512 => self.rsa().pkcs1v15_sign::<Sha512>(message),
                };
                signature.expect("a key longer than its padding")
            }
        }
    }
}
