//! Which certificate a private key belongs to: its public half is read or computed, compared, and dropped (rule V-2).
//!
//! ```text
//! PrivateKeyInfo ::= SEQUENCE { version, privateKeyAlgorithm AlgorithmIdentifier, privateKey OCTET STRING, ... }  RFC 5208
//! RSAPrivateKey  ::= SEQUENCE { version, modulus INTEGER, publicExponent INTEGER, ... }                           RFC 8017
//! ECPrivateKey   ::= SEQUENCE { version 1, privateKey OCTET STRING, [0] parameters, [1] publicKey BIT STRING }    RFC 5915
//! ```

use crate::asn1::{self, Der, Element};
use crate::certificate::Certificate;
use const_oid::db::{rfc5912, rfc8410};

/// The public half of a private key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicHalf {
    /// The modulus, without leading zeros.
    Rsa(Vec<u8>),
    /// The point without compression, or the bytes of an Ed25519 key.
    Bits(Vec<u8>),
}

impl PublicHalf {
    /// The public half; `None` where the key is encrypted, damaged, or of a kind that is not understood.
    pub(super) fn of(label: &str, der: &[u8]) -> Option<Self> {
        let fields = || Some(asn1::single(der, 0, asn1::SEQUENCE, "a private key").ok()?.inside());
        match label {
            "RSA PRIVATE KEY" => rsa(fields()?),
            "EC PRIVATE KEY" => ec(fields()?, None),
            "PRIVATE KEY" => pkcs8(fields()?),
            _ => None,
        }
    }

    /// Whether the certificate has this key.
    pub(super) fn is_of(&self, certificate: &Certificate) -> bool {
        let spki = || {
            let mut fields =
                asn1::single(certificate.spki_der(), 0, asn1::SEQUENCE, "a SubjectPublicKeyInfo").ok()?.inside();
            fields.expect(asn1::SEQUENCE, "the algorithm").ok()?;
            let bits = fields.expect(asn1::BIT_STRING, "the key").ok()?;
            Some(asn1::bit_string(&bits).ok()?.1)
        };
        let Some(bits) = spki() else { return false };
        match self {
            PublicHalf::Rsa(modulus) => {
                let key = asn1::single(bits, 0, asn1::SEQUENCE, "an RSAPublicKey");
                let found = key.and_then(|key| key.inside().expect(asn1::INTEGER, "the modulus"));
                found.is_ok_and(|found| significant(found.value) == modulus)
            }
            PublicHalf::Bits(point) => bits == point || is_compressed(bits, point),
        }
    }
}

/// Whether the first is the compressed form of the second (SEC 1 2.3.3).
fn is_compressed(compressed: &[u8], point: &[u8]) -> bool {
    let (Some((sign, x)), Some((4, coordinates))) = (compressed.split_first(), point.split_first()) else {
        return false;
    };
    let odd = coordinates.last().is_some_and(|last| last & 1 == 1);
    coordinates.len() == 2 * x.len() && coordinates.starts_with(x) && *sign == 2 + u8::from(odd)
}

fn significant(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|byte| **byte == 0).count();
    integer.get(zeros..).unwrap_or_default()
}

fn pkcs8(mut fields: Der<'_>) -> Option<PublicHalf> {
    fields.expect(asn1::INTEGER, "the version").ok()?;
    let mut algorithm = fields.expect(asn1::SEQUENCE, "the algorithm").ok()?.inside();
    let oid = algorithm.expect(asn1::OID, "the algorithm").ok()?;
    let key = fields.expect(asn1::OCTET_STRING, "the key").ok()?;
    let inside = |tag| asn1::single(key.value, 0, tag, "the key").ok();
    if oid.value == rfc5912::RSA_ENCRYPTION.as_bytes() {
        rsa(inside(asn1::SEQUENCE)?.inside())
    } else if oid.value == rfc5912::ID_EC_PUBLIC_KEY.as_bytes() {
        let curve = algorithm.expect(asn1::OID, "the curve").ok();
        ec(inside(asn1::SEQUENCE)?.inside(), curve)
    } else if oid.value == rfc8410::ID_ED_25519.as_bytes() {
        let seed = <&[u8; 32]>::try_from(inside(asn1::OCTET_STRING)?.value).ok()?;
        let key = ed25519_dalek::SigningKey::from_bytes(seed).verifying_key();
        Some(PublicHalf::Bits(key.to_bytes().to_vec()))
    } else {
        None
    }
}

fn rsa(mut fields: Der<'_>) -> Option<PublicHalf> {
    fields.expect(asn1::INTEGER, "the version").ok()?;
    let modulus = fields.expect(asn1::INTEGER, "the modulus").ok()?;
    Some(PublicHalf::Rsa(significant(modulus.value).to_vec()))
}

fn ec(mut fields: Der<'_>, curve: Option<Element<'_>>) -> Option<PublicHalf> {
    fields.expect(asn1::INTEGER, "the version").ok()?;
    let scalar = fields.expect(asn1::OCTET_STRING, "the key").ok()?.value;
    let stated = fields.optional(asn1::context_constructed(0), "the curve").ok()?;
    let curve = curve.or_else(|| stated?.inside().expect(asn1::OID, "the curve").ok())?.value;
    // A stated public key is not believed: another one beside the scalar would give the key to the wrong certificate.
    let point = if curve == rfc5912::SECP_256_R_1.as_bytes() {
        p256::SecretKey::from_slice(scalar).ok()?.public_key().to_sec1_bytes()
    } else if curve == rfc5912::SECP_384_R_1.as_bytes() {
        p384::SecretKey::from_slice(scalar).ok()?.public_key().to_sec1_bytes()
    } else if curve == rfc5912::SECP_521_R_1.as_bytes() {
        p521::SecretKey::from_slice(scalar).ok()?.public_key().to_sec1_bytes()
    } else {
        return None;
    };
    Some(PublicHalf::Bits(point.into_vec()))
}
