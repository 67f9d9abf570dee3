//! What kinds of public keys there are, and the numbers of an RSA key.

use crate::oid::Oid;
use std::fmt;

/// The kind and size of a public key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum KeyKind {
    /// RSA, with the length of its modulus in bits.
    Rsa {
        /// Length of the modulus in bits.
        bits: u32,
    },
    /// ECDSA or ECDH on a named curve.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
    /// Anything else, by its object identifier.
    Other(Oid),
}

/// A named elliptic curve (RFC 5480 2.1.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum Curve {
    /// secp256r1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
    /// A curve that is not understood (rule V-12), by its object identifier.
    Other(Oid),
}

impl KeyKind {
    /// Rule V-4: whether this is an ECC key, which no CSP holds. Ed25519 counts.
    pub(crate) fn is_ecc(&self) -> bool {
        matches!(self, KeyKind::Ec(_) | KeyKind::Ed25519)
    }

    /// Rule V-11: length of an RSA modulus in bits; `None` for other kinds.
    pub(crate) fn rsa_bits(&self) -> Option<u32> {
        if let KeyKind::Rsa { bits } = *self { Some(bits) } else { None }
    }
}

/// As people write it: `P-256`.
impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Curve::P256 => f.write_str("P-256"),
            Curve::P384 => f.write_str("P-384"),
            Curve::P521 => f.write_str("P-521"),
            Curve::Other(curve) => write!(f, "curve {curve}"),
        }
    }
}

/// As people write it: `RSA-2048`, `ECDSA P-256`, `Ed25519`, or a dotted object identifier.
impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyKind::Rsa { bits } => write!(f, "RSA-{bits}"),
            KeyKind::Ec(curve @ Curve::Other(_)) => write!(f, "ECDSA on {curve}"),
            KeyKind::Ec(curve) => write!(f, "ECDSA {curve}"),
            KeyKind::Ed25519 => f.write_str("Ed25519"),
            KeyKind::Other(algorithm) => write!(f, "{algorithm}"),
        }
    }
}

/// Modulus and exponent, big-endian, without leading zeros.
pub(super) struct RsaNumbers {
    pub modulus: Box<[u8]>,
    pub exponent: u64,
}
