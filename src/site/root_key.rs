//! The trusted root key (rules K-1, K-2).

use super::signature::{SignatureVerdict, SiteWarning, verify};
use crate::asn1::write::element;
use crate::crypto::{Algorithms, HashAlgorithm};
use crate::text::Properties;
use sha2::{Digest, Sha256};
use std::fmt;

/// BLOBHEADER with PUBLICKEYBLOB (6), version 2, CALG_RSA_KEYX; then `RSA1`. Rule K-1.
const HEAD: [u8; 12] = [0x06, 0x02, 0, 0, 0, 0xa4, 0, 0, b'R', b'S', b'A', b'1'];
/// The head, bit length and public exponent.
const FIXED: usize = HEAD.len() + 8;
/// Longer inputs are not a key: the longest RSA key that is verified needs 1,044 bytes.
const MAX_BYTES: usize = 4096;

/// Where a client has its trusted root key from, which decides how far it is trusted (rule K-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyOrigin {
    /// Published to Active Directory.
    ActiveDirectory,
    /// Installed by client push.
    ClientPush,
    /// Pre-provisioned by `SMSPublicRootKey` or `SMSROOTKEYPATH`.
    PreProvisioned,
    /// Taken from the first management point that the client saw.
    FirstManagementPoint,
}

impl KeyOrigin {
    /// The origin as a person calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            KeyOrigin::ActiveDirectory => "Active Directory",
            KeyOrigin::ClientPush => "client push or the site's file",
            KeyOrigin::PreProvisioned => "provisioned by SMSPublicRootKey or SMSROOTKEYPATH",
            KeyOrigin::FirstManagementPoint => "the first management point that the client saw",
        }
    }

    /// Whether nobody gave the key to the client beforehand.
    pub(crate) fn is_first_use(self) -> bool {
        self == KeyOrigin::FirstManagementPoint
    }
}

/// The origin as a person calls it.
impl fmt::Display for KeyOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The key that verifies the certificates of management points, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRootKey {
    spki: Vec<u8>,
    bits: u32,
    origin: KeyOrigin,
}

/// Why a text is not a trusted root key (rule K-1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustedRootKeyError {
    /// A character that is not a hexadecimal digit.
    #[error(
        "not a trusted root key: {} at character {at} is no hexadecimal digit (K-1)",
        crate::shown::QuotedBy(found)
    )]
    NotHexadecimal {
        /// The character.
        found: char,
        /// Its position, from 1.
        at: usize,
    },
    /// An odd number of digits.
    #[error("not a trusted root key: {digits} hexadecimal digits, expected an even number (K-1)")]
    HalfByte {
        /// How many.
        digits: usize,
    },
    /// Too short or too long for any key.
    #[error(
        "not a trusted root key: {bytes} bytes, expected a PUBLICKEYBLOB of at least {FIXED}, 0602000000A4000052534131 and \
         then bit length, public exponent and modulus (K-1)"
    )]
    Size {
        /// How many bytes were given.
        bytes: usize,
    },
    /// The first bytes are another structure's.
    #[error(
        "not a trusted root key: it begins with {}, expected 0602000000A4000052534131 (a PUBLICKEYBLOB of an RSA key) (K-1)",
        crate::shown::Shown(found)
    )]
    Head {
        /// The first twelve bytes in hexadecimal.
        found: String,
    },
    /// The modulus is not as long as stated.
    #[error("not a trusted root key: the modulus has {bytes} bytes, expected {bits} bits (K-1)")]
    Modulus {
        /// The stated length in bits.
        bits: u32,
        /// The bytes that follow.
        bytes: usize,
    },
}

impl TrustedRootKey {
    /// Reads the hexadecimal of `SMSPublicRootKey`, on a command line or in `mobileclient.tcf`, or of the file that
    /// `SMSROOTKEYPATH` names (rule K-1). Blanks and line breaks are passed over.
    ///
    /// # Errors
    ///
    /// Another form, with what was expected.
    pub fn from_hex(text: &str, origin: KeyOrigin) -> Result<Self, TrustedRootKeyError> {
        let mut digits = Vec::new();
        for (at, found) in text.chars().enumerate() {
            match found.to_digit(16) {
                Some(digit) if digits.len() < 2 * MAX_BYTES + 2 => digits.push(digit as u8),
                Some(_) => {} // too long, and reported as such below
                None if found.is_whitespace() || found == '\u{feff}' => {}
                None => return Err(TrustedRootKeyError::NotHexadecimal { found, at: at + 1 }),
            }
        }
        if digits.len() % 2 != 0 {
            return Err(TrustedRootKeyError::HalfByte { digits: digits.len() });
        }
        let bytes: Vec<u8> =
            digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        Self::from_blob(&bytes, origin)
    }

    /// Reads a CryptoAPI PUBLICKEYBLOB: `06 02 00 00 00 A4 00 00`, `RSA1`, then bit length, public exponent and modulus,
    /// little-endian (rule K-1).
    fn from_blob(blob: &[u8], origin: KeyOrigin) -> Result<Self, TrustedRootKeyError> {
        let bytes = blob.len();
        if !(FIXED..=MAX_BYTES).contains(&bytes) {
            return Err(TrustedRootKeyError::Size { bytes });
        }
        let (head, rest) = blob.split_at(HEAD.len());
        if head != HEAD {
            let found = head.iter().map(|byte| format!("{byte:02X}")).collect();
            return Err(TrustedRootKeyError::Head { found });
        }
        let (numbers, modulus) = rest.split_at(8);
        let (bits, exponent) = numbers.split_at(4);
        let bits = bits.iter().rev().fold(0u32, |n, byte| n << 8 | u32::from(*byte));
        if bits == 0 || bits as usize != modulus.len() * 8 {
            let bytes = modulus.len();
            return Err(TrustedRootKeyError::Modulus { bits, bytes });
        }
        let spki = spki(modulus, exponent);
        Ok(TrustedRootKey { spki, bits, origin })
    }

    /// Length of the modulus in bits.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// Where the key came from.
    pub fn origin(&self) -> KeyOrigin {
        self.origin
    }

    /// The same key from elsewhere.
    pub(crate) fn of_origin(self, origin: KeyOrigin) -> Self {
        TrustedRootKey { origin, ..self }
    }

    /// Whether it is the same key, wherever both came from.
    pub(crate) fn is_same_key(&self, other: &TrustedRootKey) -> bool {
        self.spki == other.spki
    }

    /// The SHA-256 of its DER SubjectPublicKeyInfo in hexadecimal, to tell keys apart wherever they came from.
    pub fn sha256(&self) -> String {
        Sha256::digest(&self.spki).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The documented risk of where it came from (rule K-2).
    pub fn warning(&self) -> Option<SiteWarning> {
        (self.origin == KeyOrigin::FirstManagementPoint).then_some(SiteWarning::TakenOnFirstUse)
    }

    /// Whether the key made this signature over these bytes: those that authenticate a management point (rule K-2).
    ///
    /// The signature is as PKCS #1 writes it; CryptoAPI writes it the other way round.
    pub fn verify(
        &self,
        algorithms: &Algorithms,
        hash: HashAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> SignatureVerdict {
        verify(algorithms, &self.spki, hash, message, signature)
    }
}

/// `SubjectPublicKeyInfo { rsaEncryption, BIT STRING { RSAPublicKey { modulus, publicExponent } } }` of little-endian
/// numbers.
fn spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    const RSA_ENCRYPTION: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let key = element(0x30, &[&integer(modulus), &integer(exponent)]);
    let bits = element(0x03, &[&[0], &key]);
    element(0x30, &[&RSA_ENCRYPTION, &bits])
}

fn integer(little_endian: &[u8]) -> Vec<u8> {
    let mut value: Vec<u8> = little_endian.iter().rev().copied().skip_while(|byte| *byte == 0).collect();
    if value.first().is_none_or(|first| first & 0x80 != 0) {
        value.insert(0, 0);
    }
    element(0x02, &[&value])
}

/// The keys that a client was given, by origin (rule K-2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RootKeySources {
    keys: Vec<TrustedRootKey>,
    unknown: Vec<KeyOrigin>,
    removed: bool,
}

impl RootKeySources {
    /// Takes in a key. A key that was provisioned in any way counts before one that was taken on first use.
    #[must_use]
    pub(crate) fn with_key(mut self, key: TrustedRootKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Takes in that the client was given a key in this way, where the key itself is not known.
    #[must_use]
    pub(crate) fn with_origin(mut self, origin: KeyOrigin) -> Self {
        self.unknown.push(origin);
        self
    }

    /// Takes in what a command line says: `SMSPublicRootKey`, and `RESETKEYINFORMATION=TRUE`, which removes every key
    /// that came before. `SMSROOTKEYPATH` names a file, which the caller reads.
    ///
    /// # Errors
    ///
    /// `SMSPublicRootKey` in another form than rule K-1 has it.
    pub(crate) fn with_properties(mut self, properties: &Properties) -> Result<Self, TrustedRootKeyError> {
        if properties.resets_key_information() {
            self.keys.clear();
            self.unknown.clear();
            self.removed = true;
        }
        if let Some(text) = properties.public_root_key() {
            self.keys.push(TrustedRootKey::from_hex(text, KeyOrigin::PreProvisioned)?);
        }
        Ok(self)
    }

    /// Whether `RESETKEYINFORMATION=TRUE` removed what was there.
    pub(crate) fn was_reset(&self) -> bool {
        self.removed
    }

    /// The key that the client trusts.
    pub(crate) fn trusted(&self) -> Option<&TrustedRootKey> {
        let on_first_use = |key: &&TrustedRootKey| key.origin == KeyOrigin::FirstManagementPoint;
        let provisioned = self.keys.iter().find(|key| !on_first_use(key));
        provisioned.or_else(|| self.keys.iter().find(on_first_use))
    }

    /// Where the client has this key from: the first way by which it was given it, then a way whose key is not known. What
    /// nobody gave it, it has taken from the first management point that it saw. Without a key: where it will have one from.
    pub(crate) fn origin_of(&self, key: Option<&TrustedRootKey>) -> KeyOrigin {
        let known = match key {
            Some(key) => self.keys.iter().find(|given| given.is_same_key(key)),
            None => self.trusted(),
        };
        let origin = known.map(TrustedRootKey::origin).or_else(|| self.unknown.first().copied());
        origin.unwrap_or(KeyOrigin::FirstManagementPoint)
    }
}
