//! AlgorithmIdentifier of a signature -> scheme, with its parameters checked (RFC 4055, RFC 5758, RFC 8410; rule V-12).

use crate::asn1::{self, Der, DerError, DerProblem, Element};
use crate::oid::Oid;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};

/// The hashes that signatures are verified with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// Length of the digest in bytes.
    pub(crate) const fn length(self) -> u16 {
        match self {
            Hash::Sha1 => 20,
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }

    fn from_oid(oid: &[u8]) -> Option<Self> {
        let hash = |known: ObjectIdentifier| known.as_bytes() == oid;
        if hash(rfc5912::ID_SHA_1) {
            Some(Hash::Sha1)
        } else if hash(rfc5912::ID_SHA_256) {
            Some(Hash::Sha256)
        } else if hash(rfc5912::ID_SHA_384) {
            Some(Hash::Sha384)
        } else if hash(rfc5912::ID_SHA_512) {
            Some(Hash::Sha512)
        } else {
            None
        }
    }
}

/// A signature scheme, complete with what its parameters said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(Hash),
    /// RSASSA-PSS; the mask generation function is MGF1 with the same hash, the salt's length is in bytes.
    Pss {
        hash: Hash,
        salt: u16,
    },
    /// ECDSA; hash and curve may be of different lengths.
    Ecdsa(Hash),
    Ed25519,
}

/// Why an AlgorithmIdentifier gives no scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SchemeError {
    Unknown(Oid),
    Malformed(DerError),
}

impl From<DerError> for SchemeError {
    fn from(error: DerError) -> Self {
        SchemeError::Malformed(error)
    }
}

/// sha1WithRSASignature of the OIW: what makecert and old Windows CAs write for sha1WithRSAEncryption.
const OIW_SHA1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.29");

const SCHEMES: &[(ObjectIdentifier, Scheme)] = &[
    (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Scheme::Pkcs1(Hash::Sha256)),
    (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, Scheme::Pkcs1(Hash::Sha384)),
    (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, Scheme::Pkcs1(Hash::Sha512)),
    (rfc5912::SHA_1_WITH_RSA_ENCRYPTION, Scheme::Pkcs1(Hash::Sha1)),
    (OIW_SHA1_WITH_RSA, Scheme::Pkcs1(Hash::Sha1)),
    (rfc5912::ECDSA_WITH_SHA_256, Scheme::Ecdsa(Hash::Sha256)),
    (rfc5912::ECDSA_WITH_SHA_384, Scheme::Ecdsa(Hash::Sha384)),
    (rfc5912::ECDSA_WITH_SHA_512, Scheme::Ecdsa(Hash::Sha512)),
    (rfc8410::ID_ED_25519, Scheme::Ed25519),
];

/// What is wrong with the AlgorithmIdentifier of a signature that gives no scheme because it does not decode.
pub(crate) fn algorithm_error(algorithm: &[u8]) -> Option<DerError> {
    match Scheme::from_der(algorithm) {
        Err(SchemeError::Malformed(error)) => Some(error),
        Err(SchemeError::Unknown(_)) | Ok(_) => None,
    }
}

/// An AlgorithmIdentifier in its two parts.
pub(super) struct Identifier<'a> {
    pub oid: Element<'a>,
    pub parameters: Option<Element<'a>>,
}

/// `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY DEFINED BY algorithm OPTIONAL }`
/// (RFC 5280 4.1.1.2)
pub(super) fn identifier<'a>(sequence: &Element<'a>) -> Result<Identifier<'a>, DerError> {
    let mut der = sequence.inside();
    let oid = der.expect(asn1::OID, "the object identifier of an algorithm")?;
    let parameters = if der.is_empty() { None } else { Some(der.any("the parameters of an algorithm")?) };
    der.finish("the end of an AlgorithmIdentifier")?;
    Ok(Identifier { oid, parameters })
}

/// The bytes inside the SEQUENCE, which is the form that `rustls_pki_types::AlgorithmIdentifier` has.
pub(super) fn identifier_content(algorithm: &[u8]) -> Option<&[u8]> {
    asn1::single(algorithm, 0, asn1::SEQUENCE, "an AlgorithmIdentifier").ok().map(|element| element.value)
}

impl Identifier<'_> {
    pub(crate) fn is(&self, known: ObjectIdentifier) -> bool {
        self.oid.value == known.as_bytes()
    }

    /// The object identifier as a value of our own.
    pub(super) fn to_oid(&self) -> Result<Oid, DerError> {
        Oid::from_bytes(self.oid.value).ok_or_else(|| self.oid.error(DerProblem::Value, "an object identifier"))
    }

    /// RFC 4055 2.1 and 5: NULL for RSA and for hashes, and whoever reads must take an absent one as well. RFC 5758 3.2 for
    /// ECDSA and RFC 8410 3 for Ed25519 want none at all; NULL is taken, as OpenSSL does (rule V-12), see [`has_stray_null`].
    pub(super) fn parameters_null_or_absent(&self) -> Result<(), DerError> {
        match &self.parameters {
            None => Ok(()),
            Some(null) if null.tag == asn1::NULL && null.value.is_empty() => Ok(()),
            Some(other) => Err(other.error(DerProblem::Value, "NULL or absent parameters")),
        }
    }
}

/// Whether a signature's AlgorithmIdentifier has NULL where the RFCs want no parameters: ECDSA and Ed25519 (rule V-12).
pub(crate) fn has_stray_null(algorithm: &[u8]) -> bool {
    let sequence = asn1::single(algorithm, 0, asn1::SEQUENCE, "an AlgorithmIdentifier");
    let Ok(identifier) = sequence.and_then(|sequence| identifier(&sequence)) else {
        return false;
    };
    let known = SCHEMES.iter().find(|(oid, _)| identifier.is(*oid));
    let without_parameters = known.is_some_and(|(_, scheme)| !matches!(scheme, Scheme::Pkcs1(_)));
    without_parameters && identifier.parameters.is_some()
}

impl Scheme {
    /// Rule V-12: the scheme that a signature's AlgorithmIdentifier (header included) names.
    pub(super) fn from_der(algorithm: &[u8]) -> Result<Self, SchemeError> {
        let sequence = asn1::single(algorithm, 0, asn1::SEQUENCE, "an AlgorithmIdentifier")?;
        let identifier = identifier(&sequence)?;
        if identifier.is(rfc5912::ID_RSASSA_PSS) {
            let parameters = identifier
                .parameters
                .ok_or_else(|| identifier.oid.error(DerProblem::Value, "the parameters of RSASSA-PSS"))?;
            let (hash, salt) = pss_parameters(&parameters)?;
            return Ok(Scheme::Pss { hash, salt });
        }
        let known = SCHEMES.iter().find(|(oid, _)| identifier.is(*oid));
        let Some(&(_, scheme)) = known else {
            return Err(SchemeError::Unknown(identifier.to_oid()?));
        };
        identifier.parameters_null_or_absent()?;
        Ok(scheme)
    }
}

/// `RSASSA-PSS-params` (RFC 4055 3.1): hash and salt length.
///
/// ```text
/// SEQUENCE { hashAlgorithm    [0] HashAlgorithm    DEFAULT sha1,
///            maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
///            saltLength       [2] INTEGER          DEFAULT 20,
///            trailerField     [3] INTEGER          DEFAULT 1 }
/// ```
pub(super) fn pss_parameters(parameters: &Element<'_>) -> Result<(Hash, u16), SchemeError> {
    let expected = "the parameters of RSASSA-PSS";
    if parameters.tag != asn1::SEQUENCE {
        return Err(parameters.error(DerProblem::UnexpectedTag(parameters.tag), expected).into());
    }
    let mut der = parameters.inside();
    let hash = match explicit(&mut der, 0, asn1::SEQUENCE)? {
        Some(element) => hash_identifier(&element)?,
        None => Hash::Sha1,
    };
    let mask = match explicit(&mut der, 1, asn1::SEQUENCE)? {
        Some(element) => {
            let function = identifier(&element)?;
            if !function.is(rfc5912::ID_MGF_1) {
                return Err(SchemeError::Unknown(function.to_oid()?));
            }
            match function.parameters {
                Some(inner) if inner.tag == asn1::SEQUENCE => hash_identifier(&inner)?,
                _ => return Err(function.oid.error(DerProblem::Value, "the hash of MGF1").into()),
            }
        }
        None => Hash::Sha1,
    };
    if mask != hash {
        // RFC 4055 3.1 recommends equal hashes, and no implementation in the field is known to write others.
        return Err(SchemeError::Malformed(parameters.error(DerProblem::Value, "MGF1 with the hash of the message")));
    }
    let salt = match explicit(&mut der, 2, asn1::INTEGER)? {
        Some(element) => u16::try_from(asn1::small_integer(&element)?)
            .ok()
            .filter(|&salt| salt <= MAX_SALT)
            .ok_or_else(|| element.error(DerProblem::Value, "a salt that fits the longest key"))?,
        None => 20,
    };
    if let Some(element) = explicit(&mut der, 3, asn1::INTEGER)?
        && asn1::small_integer(&element)? != 1
    {
        return Err(element.error(DerProblem::Value, "trailer field 1").into());
    }
    der.finish(expected)?;
    Ok((hash, salt))
}

/// A salt cannot be longer than the longest modulus.
const MAX_SALT: u16 = (super::MAX_RSA_BITS / 8) as u16;

fn explicit<'a>(der: &mut Der<'a>, number: u8, tag: u8) -> Result<Option<Element<'a>>, DerError> {
    let expected = "a parameter of RSASSA-PSS";
    match der.optional(asn1::context_constructed(number), expected)? {
        Some(wrapper) => asn1::single(wrapper.value, wrapper.value_start, tag, expected).map(Some),
        None => Ok(None),
    }
}

fn hash_identifier(sequence: &Element<'_>) -> Result<Hash, SchemeError> {
    let identifier = identifier(sequence)?;
    let Some(hash) = Hash::from_oid(identifier.oid.value) else {
        return Err(SchemeError::Unknown(identifier.to_oid()?));
    };
    identifier.parameters_null_or_absent()?;
    Ok(hash)
}
