//! Signatures: which algorithms are understood, who verifies them, and how strong they are.
//!
//! A signature is judged in two separate steps, because rule I-7 needs them apart: [`signature_hash`] and [`key_kind`]
//! read the facts of rule V-11 (hash, kind and length of the key) without any arithmetic, and [`Algorithms::verify`] does
//! the arithmetic without any opinion about strength. Rule V-12 lists what is understood; anything else is
//! [`SignatureResult::Unknown`], with its object identifier.
//!
//! ```
//! use ccmcertsel::Algorithms;
//!
//! // The pure-Rust verifiers are always there; the feature `aws-lc-rs` makes faster ones the default.
//! let algorithms = Algorithms::rust_crypto();
//! assert_eq!(algorithms.to_string(), "RustCrypto");
//! ```

#[cfg(feature = "aws-lc-rs")]
mod aws_lc_rs;
mod key;
mod kind;
mod rustcrypto;
mod scheme;
mod strength;

pub(crate) use self::key::{ParsedKey, key_kind};
pub(crate) use self::kind::{Curve, KeyKind};
pub(crate) use self::scheme::{algorithm_error, has_stray_null};
pub use self::strength::{HashAlgorithm, Weakness};
pub(crate) use self::strength::{Judgement, judge_hash, judge_key, signature_hash};

use self::scheme::{Scheme, SchemeError};
use crate::asn1::DerError;
use crate::oid::Oid;
use rustls_pki_types::SignatureVerificationAlgorithm;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// One signature and everything that verifying it needs.
#[derive(Clone, Copy)]
pub(crate) struct SignatureInput<'a> {
    /// The issuer's SubjectPublicKeyInfo, header included.
    pub issuer_spki: &'a [u8],
    /// The AlgorithmIdentifier, header included.
    pub algorithm: &'a [u8],
    /// The signed bytes: a TBSCertificate or TBSCertList, header included.
    pub message: &'a [u8],
    /// The signature BIT STRING's bytes, without the count of unused bits.
    pub signature: &'a [u8],
}

/// What came of verifying a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignatureResult {
    /// The key made this signature.
    Valid,
    /// The key did not make this signature, or is of a kind that cannot have made it.
    Invalid,
    /// Rule V-12: the signature or the key uses something that is not understood.
    Unknown {
        /// The signature algorithm, the hash inside its parameters, the key's algorithm or the curve: what is unknown.
        algorithm: Oid,
    },
    /// Rule V-12: an RSA key longer than [`MAX_RSA_BITS`].
    KeyTooLong {
        /// Length of the modulus in bits.
        bits: u32,
    },
    /// The algorithm's parameters or the key do not decode; offsets count from the start of the broken element.
    Malformed(DerError),
}

/// SHA-1, by the faster of the back-ends.
pub(crate) fn sha1(bytes: &[u8]) -> [u8; 20] {
    #[cfg(feature = "aws-lc-rs")]
    return aws_lc_rs::sha1(bytes);
    #[cfg(not(feature = "aws-lc-rs"))]
    return <sha1::Sha1 as sha1::Digest>::digest(bytes).into();
}

/// Rule V-12: the longest RSA modulus that is verified. Windows's own limit is 16384; what a verification costs grows
/// with the square of the length, and no public or private CA is known to use more.
pub(crate) const MAX_RSA_BITS: u32 = 8192;

/// The set of signature verifiers that a selection uses.
///
/// Cheap to clone. The default is aws-lc-rs where the feature of that name is on, else RustCrypto; both give the same
/// verdicts.
#[derive(Clone)]
pub struct Algorithms {
    backend: Backend,
    plugged: Option<Arc<[Plugged]>>,
}

/// A verifier of the caller, however it is held.
type Plugged = Box<dyn Deref<Target = dyn SignatureVerificationAlgorithm> + Send + Sync>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backend {
    RustCrypto,
    #[cfg(feature = "aws-lc-rs")]
    AwsLcRs,
}

impl Default for Algorithms {
    fn default() -> Self {
        #[cfg(feature = "aws-lc-rs")]
        return Self::aws_lc_rs();
        #[cfg(not(feature = "aws-lc-rs"))]
        return Self::rust_crypto();
    }
}

/// The back-end's name: `RustCrypto` or `aws-lc-rs`.
impl fmt::Display for Algorithms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.backend {
            Backend::RustCrypto => "RustCrypto",
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLcRs => "aws-lc-rs",
        })
    }
}

impl fmt::Debug for Algorithms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Algorithms")
            .field("backend", &format_args!("{self}"))
            .field("plugged", &self.plugged().count())
            .finish()
    }
}

impl Algorithms {
    /// The pure-Rust verifiers (rsa, p256, p384, p521, ed25519-dalek), which are always there.
    pub const fn rust_crypto() -> Self {
        Algorithms { backend: Backend::RustCrypto, plugged: None }
    }

    /// aws-lc-rs, and the pure-Rust verifiers for what it lacks: RSA-PSS with SHA-1, with unusual salts or below
    /// 2048 bits, RSA PKCS#1 with SHA-384 below 2048 bits, RSA below 1024 bits, and Ed25519 without keys of small order.
    #[cfg(feature = "aws-lc-rs")]
    pub const fn aws_lc_rs() -> Self {
        Algorithms { backend: Backend::AwsLcRs, plugged: None }
    }

    /// Verifiers of the caller, asked before the built-in ones.
    ///
    /// One is asked when its `public_key_alg_id` equals the issuer key's AlgorithmIdentifier and its `signature_alg_id`
    /// the signature's, byte for byte, as in rustls-webpki. It replaces those plugged before.
    ///
    /// ```
    /// use ccmcertsel::{Algorithms, Coded, Machine, Selector, Settings, Stores, Timestamp, VerificationCache};
    /// use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    ///
    /// /// A module that holds no key of this kind, and counts what it is asked.
    /// #[derive(Debug)]
    /// struct Refusing(AtomicUsize);
    ///
    /// impl SignatureVerificationAlgorithm for Refusing {
    ///     fn verify_signature(&self, _key: &[u8], _message: &[u8], _signature: &[u8]) -> Result<(), InvalidSignature> {
    ///         self.0.fetch_add(1, Ordering::Relaxed);
    ///         Err(InvalidSignature)
    ///     }
    ///     fn public_key_alg_id(&self) -> AlgorithmIdentifier {
    ///         alg_id::ECDSA_P256
    ///     }
    ///     fn signature_alg_id(&self) -> AlgorithmIdentifier {
    ///         alg_id::ECDSA_SHA256
    ///     }
    /// }
    ///
    /// let refusing = Arc::new(Refusing(AtomicUsize::new(0)));
    /// let plugged: Arc<dyn SignatureVerificationAlgorithm> = refusing.clone(); // or a `&'static dyn`, as ring has them
    ///
    /// let file = |name: &str| std::fs::read(format!("testdata/machines/contoso-ecc/{name}"));
    /// let mut stores = Stores::builder();
    /// stores.add_der("MY", &file("MY/02-rsa-csp.cer")?);
    /// stores.add_der("CA", &file("CA/contoso-ecc-issuing-ca-1.cer")?);
    /// stores.add_der("ROOT", &file("ROOT/contoso-ecc-root-ca.cer")?);
    /// let cache = VerificationCache::new(Algorithms::rust_crypto().with_plugged([plugged]));
    /// let machine = Machine::new("PC2").with_fqdn("pc2.contoso.com");
    /// let selector = Selector::with_cache(stores.build(), machine, Settings::ccm_setup(), Arc::new(cache));
    /// let now: Timestamp = "2026-01-15T09:00:00Z".parse()?;
    /// let selection = selector.select(now);
    /// let codes = selection.verdicts().iter().filter_map(|verdict| Some(verdict.rejection()?.code()));
    /// assert!(codes.clone().any(|code| code == "validity.bad_signature"), "{:?}", codes.collect::<Vec<_>>());
    /// assert!(refusing.0.load(Ordering::Relaxed) > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_plugged<V>(self, plugged: impl IntoIterator<Item = V>) -> Self
    where
        V: Deref<Target = dyn SignatureVerificationAlgorithm> + Send + Sync + 'static,
    {
        let plugged: Arc<[Plugged]> = plugged.into_iter().map(|one| Box::new(one) as Plugged).collect();
        Algorithms { plugged: Some(plugged), ..self }
    }

    fn plugged(&self) -> impl Iterator<Item = &dyn SignatureVerificationAlgorithm> {
        self.plugged.iter().flat_map(|all| all.iter()).map(|one| &***one)
    }

    /// Parses the issuer's key and verifies; whoever verifies more than once with a key keeps a [`ParsedKey`] and calls
    /// [`verify_with`](Self::verify_with).
    pub(crate) fn verify(&self, input: &SignatureInput<'_>) -> SignatureResult {
        match ParsedKey::from_spki(input.issuer_spki) {
            Ok(key) => self.verify_with(&key, input.algorithm, input.message, input.signature),
            Err(error) => SignatureResult::Malformed(error),
        }
    }

    /// Verifies with a key that is already parsed.
    pub(crate) fn verify_with(
        &self,
        key: &ParsedKey,
        algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> SignatureResult {
        let mut plugged_scheme = false;
        for verifier in self.plugged() {
            if scheme::identifier_content(algorithm) != Some(verifier.signature_alg_id().as_ref()) {
                continue;
            }
            plugged_scheme = true;
            if verifier.public_key_alg_id().as_ref() == key.algorithm_content() {
                return match verifier.verify_signature(key.bit_string(), message, signature) {
                    Ok(()) => SignatureResult::Valid,
                    Err(_) => SignatureResult::Invalid,
                };
            }
        }
        match Scheme::from_der(algorithm) {
            Ok(scheme) => self.verify_scheme(key, scheme, message, signature),
            // A plugged verifier knows this signature, but not for this kind of key: the key cannot have made it.
            Err(SchemeError::Unknown(_)) if plugged_scheme => SignatureResult::Invalid,
            Err(SchemeError::Unknown(algorithm)) => SignatureResult::Unknown { algorithm },
            Err(SchemeError::Malformed(error)) => SignatureResult::Malformed(error),
        }
    }

    /// Whether a plugged verifier knows keys of this kind.
    pub(crate) fn plugs_key(&self, spki: &[u8]) -> bool {
        let plugged =
            |key: ParsedKey| self.plugged().any(|one| one.public_key_alg_id().as_ref() == key.algorithm_content());
        self.plugged().next().is_some() && ParsedKey::from_spki(spki).is_ok_and(plugged)
    }

    /// Whether verifying with this key gives a true or a false signature and nothing else: key and scheme are understood,
    /// or the key cannot have made a signature of this scheme.
    pub(crate) fn is_arithmetic(&self, key: &ParsedKey, algorithm: &[u8]) -> bool {
        let scheme = scheme::identifier_content(algorithm);
        let mut of_scheme = self.plugged().filter(|one| scheme == Some(one.signature_alg_id().as_ref())).peekable();
        let plugged = of_scheme.peek().is_some();
        if of_scheme.any(|one| one.public_key_alg_id().as_ref() == key.algorithm_content()) {
            return true;
        }
        match Scheme::from_der(algorithm) {
            Ok(_) => match key.kind() {
                KeyKind::Rsa { bits } => *bits <= MAX_RSA_BITS,
                KeyKind::Ec(Curve::Other(_)) | KeyKind::Other(_) => false,
                KeyKind::Ec(Curve::P256 | Curve::P384 | Curve::P521) | KeyKind::Ed25519 => true,
            },
            Err(SchemeError::Unknown(_)) => plugged,
            Err(SchemeError::Malformed(_)) => false,
        }
    }

    fn verify_scheme(&self, key: &ParsedKey, scheme: Scheme, message: &[u8], signature: &[u8]) -> SignatureResult {
        if let KeyKind::Other(algorithm) | KeyKind::Ec(Curve::Other(algorithm)) = key.kind() {
            return SignatureResult::Unknown { algorithm: algorithm.clone() };
        }
        if let KeyKind::Rsa { bits } = *key.kind()
            && bits > MAX_RSA_BITS
        {
            return SignatureResult::KeyTooLong { bits };
        }
        if !key.can_make(scheme) {
            return SignatureResult::Invalid;
        }
        let verdict = match self.backend {
            Backend::RustCrypto => in_pure_rust(key, scheme, message, signature),
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLcRs => match aws_lc_rs::verify(key, scheme, message, signature) {
                Some(verdict) => Ok(verdict),
                None => in_pure_rust(key, scheme, message, signature),
            },
        };
        match verdict {
            Ok(true) => SignatureResult::Valid,
            Ok(false) => SignatureResult::Invalid,
            Err(error) => SignatureResult::Malformed(error),
        }
    }
}

/// Whether the key made the signature; an error when the key's bytes are not a key of its kind.
fn in_pure_rust(key: &ParsedKey, scheme: Scheme, message: &[u8], signature: &[u8]) -> Result<bool, DerError> {
    match key.rust_crypto() {
        Ok(prepared) => Ok(rustcrypto::verify(prepared, scheme, message, signature)),
        // Thirty-two bytes that are not a point: aws-lc-rs finds that out while verifying.
        Err(_) if *key.kind() == KeyKind::Ed25519 => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(all(test, repository))]
#[path = "../tests/units/crypto/mod.rs"]
mod tests;
