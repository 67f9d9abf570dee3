//! Password-based decryption and the check value of PKCS#12 (RFC 7292 appendices B and C, RFC 8018).

use super::{ImportError, MAX_ITERATIONS, damaged, unknown};
use crate::asn1::{self, Der, DerError, DerProblem, Element};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit};
use hmac::digest::{Digest, FixedOutputReset, core_api::BlockSizeUser};
use hmac::{Mac, SimpleHmac};
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use sha1_10::Sha1;
use sha2_10::{Sha256, Sha384, Sha512};

const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// pbeWithSHAAnd3-KeyTripleDES-CBC, what Windows writes by default.
const PBE_3DES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03];
/// pbeWithSHAAnd40BitRC2-CBC, what older Windows and OpenSSL put certificates in.
const PBE_RC2_40: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x06];

/// A password, and how much may still be derived from it.
pub(super) struct Derivation<'a> {
    password: &'a str,
    /// The password as RFC 7292 B.1 wants it: UTF-16BE with a final NUL. An empty one is also written as no bytes at all,
    /// so the check value decides.
    utf16: Vec<u8>,
    spent: u64,
}

impl<'a> Derivation<'a> {
    pub fn new(password: &'a str) -> Self {
        let units = password.encode_utf16().chain([0]);
        Derivation { password, utf16: units.flat_map(u16::to_be_bytes).collect(), spent: 0 }
    }

    fn spend(&mut self, iterations: u64) -> Result<i32, ImportError> {
        self.spent = self.spent.saturating_add(iterations);
        match i32::try_from(iterations) {
            Ok(rounds) if self.spent <= MAX_ITERATIONS => Ok(rounds),
            _ => Err(ImportError::Iterations { iterations: self.spent, limit: MAX_ITERATIONS }),
        }
    }

    /// Checks the MAC over the contents:
    /// `MacData ::= SEQUENCE { DigestInfo { AlgorithmIdentifier, OCTET STRING }, salt OCTET STRING, iterations DEFAULT 1 }`
    pub fn check(&mut self, mac: &Element<'_>, contents: &[u8]) -> Result<(), ImportError> {
        let MacData { hash, digest, salt, iterations } = MacData::read(mac).map_err(damaged)?;
        let rounds = self.spend(u64::from(iterations))?;
        let fits = |password: &[u8]| {
            Some(match hash.value {
                SHA1 => mac_fits::<Sha1>(password, salt, rounds, contents, digest),
                SHA256 => mac_fits::<Sha256>(password, salt, rounds, contents, digest),
                SHA384 => mac_fits::<Sha384>(password, salt, rounds, contents, digest),
                SHA512 => mac_fits::<Sha512>(password, salt, rounds, contents, digest),
                _ => return None,
            })
        };
        let unknown_hash = || unknown("the hash of the check value", hash.value, hash);
        if fits(&self.utf16).ok_or_else(unknown_hash)? {
            return Ok(());
        }
        if self.password.is_empty() {
            self.spend(u64::from(iterations))?;
            if fits(&[]).ok_or_else(unknown_hash)? {
                self.utf16.clear();
                return Ok(());
            }
        }
        Err(ImportError::Password)
    }

    /// Decrypts by the AlgorithmIdentifier.
    pub fn decrypt(&mut self, algorithm: &Element<'_>, encrypted: &[u8]) -> Result<Vec<u8>, ImportError> {
        let mut fields = algorithm.inside();
        let oid = fields.expect(asn1::OID, "the algorithm").map_err(damaged)?;
        let parameters = fields.expect(asn1::SEQUENCE, "the parameters").map_err(damaged)?;
        match oid.value {
            PBES2 => self.pbes2(algorithm, &parameters, encrypted),
            PBE_3DES => self.pbes1::<des::TdesEde3>(&parameters, encrypted, 24),
            PBE_RC2_40 => self.pbes1::<rc2::Rc2>(&parameters, encrypted, 5),
            other => Err(unknown("the cipher", other, oid)),
        }
    }

    /// RFC 7292 appendix C: `SEQUENCE { salt OCTET STRING, iterations INTEGER }`; key and vector are derived apart.
    fn pbes1<C>(&mut self, parameters: &Element<'_>, encrypted: &[u8], key_bytes: usize) -> Result<Vec<u8>, ImportError>
    where
        C: KeyInit + BlockCipher + BlockDecryptMut,
    {
        let (salt, iterations) = salt_and_iterations(&mut parameters.inside()).map_err(damaged)?;
        let rounds = self.spend(u64::from(iterations))?;
        self.spend(u64::from(iterations))?;
        let derive = |kind, bytes| derive_key::<Sha1>(&self.utf16, salt, kind, rounds, bytes);
        let key = derive(Pkcs12KeyType::EncryptionKey, key_bytes);
        let vector = derive(Pkcs12KeyType::Iv, 8);
        let cipher = cbc::Decryptor::<C>::new_from_slices(&key, &vector).map_err(|_| ImportError::Password)?;
        cipher.decrypt_padded_vec_mut::<Pkcs7>(encrypted).map_err(|_| ImportError::Password)
    }

    /// RFC 8018 6.2, with PBKDF2 only: scrypt's memory is chosen by the file.
    fn pbes2(
        &mut self,
        algorithm: &Element<'_>,
        parameters: &Element<'_>,
        encrypted: &[u8],
    ) -> Result<Vec<u8>, ImportError> {
        let (function, iterations) = pbkdf2(parameters).map_err(damaged)?;
        if function.value != PBKDF2 {
            return Err(unknown("the key derivation", function.value, function));
        }
        self.spend(u64::from(iterations))?;
        let scheme = pkcs5::EncryptionScheme::try_from(algorithm.full)
            .map_err(|_| damaged(algorithm.error(DerProblem::Value, "PBES2 with PBKDF2 and AES-CBC or 3DES-CBC")))?;
        scheme.decrypt(self.password, encrypted).map_err(|_| ImportError::Password)
    }
}

struct MacData<'a> {
    hash: Element<'a>,
    digest: &'a [u8],
    salt: &'a [u8],
    iterations: u32,
}

impl<'a> MacData<'a> {
    fn read(mac: &Element<'a>) -> Result<Self, DerError> {
        let mut fields = mac.inside();
        let info = fields.expect(asn1::SEQUENCE, "the DigestInfo")?;
        let mut digest_fields = info.inside();
        let algorithm = digest_fields.expect(asn1::SEQUENCE, "the AlgorithmIdentifier")?;
        let hash = algorithm.inside().expect(asn1::OID, "the hash")?;
        let digest = digest_fields.expect(asn1::OCTET_STRING, "the digest")?.value;
        let salt = fields.expect(asn1::OCTET_STRING, "the salt")?.value;
        let iterations = match fields.optional(asn1::INTEGER, "the iterations")? {
            Some(iterations) => asn1::small_integer(&iterations)?,
            None => 1,
        };
        Ok(MacData { hash, digest, salt, iterations })
    }
}

fn mac_fits<D>(password: &[u8], salt: &[u8], rounds: i32, contents: &[u8], digest: &[u8]) -> bool
where
    D: Digest + FixedOutputReset + BlockSizeUser,
{
    let key = derive_key::<D>(password, salt, Pkcs12KeyType::Mac, rounds, <D as Digest>::output_size());
    <SimpleHmac<D> as Mac>::new_from_slice(&key)
        .is_ok_and(|mac| mac.chain_update(contents).verify_slice(digest).is_ok())
}

fn salt_and_iterations<'a>(fields: &mut Der<'a>) -> Result<(&'a [u8], u32), DerError> {
    let salt = fields.expect(asn1::OCTET_STRING, "the salt")?;
    let iterations = fields.expect(asn1::INTEGER, "the iterations")?;
    Ok((salt.value, asn1::small_integer(&iterations)?))
}

/// `PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier { PBKDF2-params }, encryptionScheme }`
fn pbkdf2<'a>(parameters: &Element<'a>) -> Result<(Element<'a>, u32), DerError> {
    let function = parameters.inside().expect(asn1::SEQUENCE, "the keyDerivationFunc")?;
    let mut fields = function.inside();
    let oid = fields.expect(asn1::OID, "the key derivation function")?;
    if oid.value != PBKDF2 {
        return Ok((oid, 0));
    }
    let parameters = fields.expect(asn1::SEQUENCE, "the PBKDF2-params")?;
    let (_, iterations) = salt_and_iterations(&mut parameters.inside())?;
    Ok((oid, iterations))
}
