//! SubjectPublicKeyInfo -> a key that is parsed once (RFC 5280 4.1.2.7, RFC 3279, RFC 5480, RFC 8410).

use super::kind::{Curve, KeyKind, RsaNumbers};
use super::rustcrypto::RustCryptoKey;
use super::scheme::{self, Hash, Identifier, Scheme, SchemeError};
use crate::asn1::{self, DerError, DerProblem};
use crate::oid::Oid;
use const_oid::db::{rfc5912, rfc8410};
use std::sync::OnceLock;

/// A public key, decoded once; the back-ends' own forms are made at first use and kept.
pub(crate) struct ParsedKey {
    kind: KeyKind,
    /// Content of the key's AlgorithmIdentifier.
    algorithm: Box<[u8]>,
    /// Bytes of the subjectPublicKey BIT STRING.
    bits: Box<[u8]>,
    rsa: Option<RsaNumbers>,
    /// `Some` when the key's algorithm is id-RSASSA-PSS, which makes no other signatures (RFC 4055 1.2).
    pss: Option<PssOnly>,
    rust_crypto: OnceLock<Option<RustCryptoKey>>,
    #[cfg(feature = "aws-lc-rs")]
    pub(super) aws_lc: OnceLock<(Scheme, Option<aws_lc_rs::signature::ParsedPublicKey>)>,
}

/// What the parameters of an id-RSASSA-PSS key demand of its signatures (RFC 4055 3.3): nothing, or a hash and a shortest
/// salt in bytes.
struct PssOnly(Option<(Hash, u16)>);

/// The largest public exponent that both back-ends take (2^33 - 1): a larger one would make each verification cost more
/// than signing does, and Windows CAs write 65537 or 3.
const MAX_RSA_EXPONENT: u64 = (1 << 33) - 1;

/// A SubjectPublicKeyInfo taken apart, without a copy.
struct KeyParts<'a> {
    kind: KeyKind,
    algorithm: &'a [u8],
    bits: &'a [u8],
    rsa: Option<(&'a [u8], u64)>,
    pss: Option<PssOnly>,
}

/// Kind and size of the key in a SubjectPublicKeyInfo (header included); rules V-4 and V-11.
pub(crate) fn key_kind(spki: &[u8]) -> Result<KeyKind, DerError> {
    KeyParts::read(spki).map(|parts| parts.kind)
}

impl<'a> KeyParts<'a> {
    /// `SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }`
    fn read(spki: &'a [u8]) -> Result<Self, DerError> {
        let mut der = asn1::single(spki, 0, asn1::SEQUENCE, "a SubjectPublicKeyInfo")?.inside();
        let sequence = der.expect(asn1::SEQUENCE, "the algorithm of a public key")?;
        let bit_string = der.expect(asn1::BIT_STRING, "a subjectPublicKey")?;
        der.finish("the end of a SubjectPublicKeyInfo")?;
        let (unused, bits) = asn1::bit_string(&bit_string)?;
        if unused != 0 {
            return Err(bit_string.error(DerProblem::Value, "a subjectPublicKey of whole bytes"));
        }
        let identifier = scheme::identifier(&sequence)?;
        let mut parts = KeyParts { kind: KeyKind::Ed25519, algorithm: sequence.value, bits, rsa: None, pss: None };
        let rsa = |parts: &mut KeyParts<'a>| {
            let (modulus, exponent, length) = rsa_numbers(bits, bit_string.value_start + 1)?;
            parts.rsa = Some((modulus, exponent));
            Ok(KeyKind::Rsa { bits: length })
        };
        parts.kind = if identifier.is(rfc5912::RSA_ENCRYPTION) {
            identifier.parameters_null_or_absent()?;
            rsa(&mut parts)?
        } else if identifier.is(rfc5912::ID_RSASSA_PSS) {
            match pss_demands(&identifier) {
                Ok(demands) => {
                    parts.pss = Some(demands);
                    rsa(&mut parts)?
                }
                Err(SchemeError::Malformed(error)) => return Err(error),
                Err(SchemeError::Unknown(algorithm)) => KeyKind::Other(algorithm),
            }
        } else if identifier.is(rfc5912::ID_EC_PUBLIC_KEY) {
            KeyKind::Ec(curve(&identifier)?)
        } else if identifier.is(rfc8410::ID_ED_25519) {
            identifier.parameters_null_or_absent()?;
            if bits.len() != 32 {
                return Err(bit_string.error(DerProblem::Value, "an Ed25519 public key of 32 bytes"));
            }
            KeyKind::Ed25519
        } else {
            KeyKind::Other(identifier.to_oid()?)
        };
        Ok(parts)
    }
}

impl ParsedKey {
    /// Decodes a SubjectPublicKeyInfo (header included); offsets of an error count from its start.
    pub(crate) fn from_spki(spki: &[u8]) -> Result<Self, DerError> {
        let parts = KeyParts::read(spki)?;
        Ok(ParsedKey {
            kind: parts.kind,
            algorithm: parts.algorithm.into(),
            bits: parts.bits.into(),
            rsa: parts.rsa.map(|(modulus, exponent)| RsaNumbers { modulus: modulus.into(), exponent }),
            pss: parts.pss,
            rust_crypto: OnceLock::new(),
            #[cfg(feature = "aws-lc-rs")]
            aws_lc: OnceLock::new(),
        })
    }

    pub(crate) fn kind(&self) -> &KeyKind {
        &self.kind
    }

    /// Content of the key's AlgorithmIdentifier, the form that `rustls_pki_types::AlgorithmIdentifier` has.
    pub(crate) fn algorithm_content(&self) -> &[u8] {
        &self.algorithm
    }

    /// Bytes of the subjectPublicKey: an RSAPublicKey, an elliptic curve point, or 32 bytes of Ed25519.
    pub(crate) fn bit_string(&self) -> &[u8] {
        &self.bits
    }

    /// The key in the form that the verifiers in pure Rust want, or why its bytes are not a key of its kind.
    pub(super) fn rust_crypto(&self) -> Result<&RustCryptoKey, DerError> {
        let prepare = || RustCryptoKey::new(&self.kind, &self.bits, self.rsa.as_ref());
        self.rust_crypto.get_or_init(prepare).as_ref().ok_or_else(|| self.not_a_key())
    }

    /// Whether a key of this kind can have made a signature of this scheme at all.
    pub(super) fn can_make(&self, scheme: Scheme) -> bool {
        match (&self.kind, scheme) {
            (KeyKind::Rsa { .. }, Scheme::Pkcs1(_)) => self.pss.is_none(),
            (KeyKind::Rsa { .. }, Scheme::Pss { hash, salt }) => match self.pss {
                Some(PssOnly(Some((demanded, shortest)))) => hash == demanded && salt >= shortest,
                _ => true,
            },
            (KeyKind::Ec(_), Scheme::Ecdsa(_)) => true,
            (KeyKind::Ed25519, Scheme::Ed25519) => true,
            _ => false,
        }
    }

    /// The error of a key whose bytes are not a key of its kind, such as a point that is not on its curve.
    fn not_a_key(&self) -> DerError {
        let expected = match self.kind {
            KeyKind::Ec(_) => "a point on the key's curve",
            KeyKind::Rsa { .. } => "an RSA public key",
            KeyKind::Ed25519 | KeyKind::Other(_) => "a public key of its kind",
        };
        DerError::new(0, DerProblem::Value, expected)
    }
}

fn pss_demands(identifier: &Identifier<'_>) -> Result<PssOnly, SchemeError> {
    match &identifier.parameters {
        Some(parameters) => scheme::pss_parameters(parameters).map(|demands| PssOnly(Some(demands))),
        None => Ok(PssOnly(None)),
    }
}

/// `ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER }` (RFC 5480 2.1.1): curves by formula are forbidden there.
fn curve(identifier: &Identifier<'_>) -> Result<Curve, DerError> {
    let expected = "the object identifier of a named curve";
    let name = match identifier.parameters {
        Some(name) if name.tag == asn1::OID => name,
        Some(other) => return Err(other.error(DerProblem::UnexpectedTag(other.tag), expected)),
        None => return Err(identifier.oid.error(DerProblem::Value, expected)),
    };
    let is = |known: const_oid::ObjectIdentifier| name.value == known.as_bytes();
    if is(rfc5912::SECP_256_R_1) {
        Ok(Curve::P256)
    } else if is(rfc5912::SECP_384_R_1) {
        Ok(Curve::P384)
    } else if is(rfc5912::SECP_521_R_1) {
        Ok(Curve::P521)
    } else {
        Oid::from_bytes(name.value).map(Curve::Other).ok_or_else(|| name.error(DerProblem::Value, expected))
    }
}

/// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` (RFC 8017 A.1.1): the
/// modulus without leading zeros, the exponent, and the modulus's length in bits.
///
/// Numbers that no RSA key has are refused here, so that neither back-end meets an even modulus or an exponent of one.
fn rsa_numbers(bytes: &[u8], base: usize) -> Result<(&[u8], u64, u32), DerError> {
    let mut der = asn1::single(bytes, base, asn1::SEQUENCE, "an RSAPublicKey")?.inside();
    let modulus = der.expect(asn1::INTEGER, "an RSA modulus")?;
    let exponent = der.expect(asn1::INTEGER, "an RSA public exponent")?;
    der.finish("the end of an RSAPublicKey")?;
    let bad_modulus = || modulus.error(DerProblem::Value, "an odd RSA modulus above its exponent");
    let digits = positive(modulus.value).ok_or_else(bad_modulus)?;
    let bits = digits
        .first()
        .and_then(|first| u32::try_from(digits.len()).ok()?.checked_mul(8)?.checked_sub(first.leading_zeros()))
        .ok_or_else(bad_modulus)?;
    let value = positive(exponent.value)
        .filter(|digits| digits.len() <= 8)
        .map(|digits| digits.iter().fold(0u64, |n, &digit| (n << 8) | u64::from(digit)))
        .filter(|&value| value >= 3 && value % 2 == 1 && value <= MAX_RSA_EXPONENT)
        .ok_or_else(|| exponent.error(DerProblem::Value, "an odd RSA exponent from 3 to 8589934591"))?;
    // Shorter moduli than this could be below the exponent, or leave no room for any padding.
    if bits < 64 || digits.last().is_none_or(|last| last % 2 == 0) {
        return Err(bad_modulus());
    }
    Ok((digits, value, bits))
}

/// The significant bytes of an INTEGER above zero; superfluous leading zeros are read, as Windows does.
fn positive(value: &[u8]) -> Option<&[u8]> {
    if value.first()? & 0x80 != 0 {
        return None;
    }
    let start = value.iter().position(|&byte| byte != 0)?;
    value.get(start..)
}
