//! The facts that rule V-11 judges, read without verifying anything.

use super::kind::KeyKind;
use super::scheme::{self, Hash, Scheme};
use crate::asn1;
use crate::choices::SignaturePolicy;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;

/// The hash that a signature algorithm names, whether or not it is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// MD2, refused under every policy (rule V-11).
    Md2,
    /// MD4, which no policy would take either: it is not understood (rule V-12).
    Md4,
    /// MD5, refused under every policy (rule V-11).
    Md5,
    /// SHA-1, accepted with a warning as Windows does, or refused by the strict policy (rule V-11).
    Sha1,
    /// SHA-224, which is not understood (rule V-12).
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// The usual name, such as `SHA-256`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            HashAlgorithm::Md2 => "MD2",
            HashAlgorithm::Md4 => "MD4",
            HashAlgorithm::Md5 => "MD5",
            HashAlgorithm::Sha1 => "SHA-1",
            HashAlgorithm::Sha224 => "SHA-224",
            HashAlgorithm::Sha256 => "SHA-256",
            HashAlgorithm::Sha384 => "SHA-384",
            HashAlgorithm::Sha512 => "SHA-512",
        }
    }
}

impl std::fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Hash> for HashAlgorithm {
    fn from(hash: Hash) -> Self {
        match hash {
            Hash::Sha1 => HashAlgorithm::Sha1,
            Hash::Sha256 => HashAlgorithm::Sha256,
            Hash::Sha384 => HashAlgorithm::Sha384,
            Hash::Sha512 => HashAlgorithm::Sha512,
        }
    }
}

/// Algorithms that are recognised only to be refused by name.
const NOT_VERIFIED: &[(ObjectIdentifier, HashAlgorithm)] = &[
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.2"), HashAlgorithm::Md2),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.3"), HashAlgorithm::Md4),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"), HashAlgorithm::Md5),
    (ObjectIdentifier::new_unwrap("1.3.14.3.2.2"), HashAlgorithm::Md4), // md4WithRSA of the OIW
    (ObjectIdentifier::new_unwrap("1.3.14.3.2.3"), HashAlgorithm::Md5), // md5WithRSA of the OIW
    (ObjectIdentifier::new_unwrap("1.2.840.10040.4.3"), HashAlgorithm::Sha1), // dsa-with-sha1
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"), HashAlgorithm::Sha1),
    (rfc5912::ECDSA_WITH_SHA_224, HashAlgorithm::Sha224),
    (rfc5912::SHA_224_WITH_RSA_ENCRYPTION, HashAlgorithm::Sha224),
];

/// The hash that a signature's AlgorithmIdentifier (header included) names.
pub(crate) fn signature_hash(algorithm: &[u8]) -> Option<HashAlgorithm> {
    match Scheme::from_der(algorithm) {
        Ok(Scheme::Pkcs1(hash) | Scheme::Ecdsa(hash) | Scheme::Pss { hash, .. }) => Some(hash.into()),
        Ok(Scheme::Ed25519) => None,
        Err(_) => {
            let sequence = asn1::single(algorithm, 0, asn1::SEQUENCE, "an AlgorithmIdentifier").ok()?;
            let identifier = scheme::identifier(&sequence).ok()?;
            NOT_VERIFIED.iter().find(|(oid, _)| identifier.is(*oid)).map(|&(_, hash)| hash)
        }
    }
}

/// What rule V-11 objects to in a signature or a key.
///
/// ```
/// use ccmcertsel::certificate::Weakness;
/// use ccmcertsel::revocation::CrlProblem;
///
/// let problem = CrlProblem::Weak(Weakness::KeyLength { bits: 512, minimum: 1024 });
/// let CrlProblem::Weak(Weakness::KeyLength { bits, minimum }) = problem else { panic!("its CA needs another key") };
/// assert!(bits < minimum);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Weakness {
    /// The signature's hash.
    Hash(HashAlgorithm),
    /// The length of an RSA key.
    KeyLength {
        /// Length of the modulus in bits.
        bits: u32,
        /// The shortest length that the policy allows.
        minimum: u32,
    },
}

/// How rule V-11 judges a signature or a key under a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Nothing to say.
    Strong,
    /// Accepted, because Windows accepts it from a private CA; worth a warning.
    Accepted(Weakness),
    Refused(Weakness),
}

/// Windows blocks RSA keys below this length (rule V-11), whatever the policy.
const SHORTEST_RSA_BITS: u32 = 1024;

/// What the strict policy asks of RSA keys (rule V-11).
const STRICT_RSA_BITS: u32 = 2048;

/// Rule V-11 for the hash of a signature. Hashes that are not understood at all are left to rule V-12.
pub(crate) fn judge_hash(hash: Option<HashAlgorithm>, policy: SignaturePolicy) -> Judgement {
    match (hash, policy) {
        (Some(hash @ (HashAlgorithm::Md2 | HashAlgorithm::Md4 | HashAlgorithm::Md5)), _) => {
            Judgement::Refused(Weakness::Hash(hash))
        }
        (Some(hash @ HashAlgorithm::Sha1), SignaturePolicy::Strict) => Judgement::Refused(Weakness::Hash(hash)),
        (Some(hash @ HashAlgorithm::Sha1), SignaturePolicy::Windows) => Judgement::Accepted(Weakness::Hash(hash)),
        _ => Judgement::Strong,
    }
}

/// Rule V-11 for a key.
pub(crate) fn judge_key(key: &KeyKind, policy: SignaturePolicy) -> Judgement {
    let Some(bits) = key.rsa_bits() else {
        return Judgement::Strong;
    };
    let minimum = match policy {
        SignaturePolicy::Windows => SHORTEST_RSA_BITS,
        SignaturePolicy::Strict => STRICT_RSA_BITS,
    };
    if bits < minimum {
        Judgement::Refused(Weakness::KeyLength { bits, minimum })
    } else if bits < STRICT_RSA_BITS {
        Judgement::Accepted(Weakness::KeyLength { bits, minimum })
    } else {
        Judgement::Strong
    }
}
