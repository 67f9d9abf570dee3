//! Password-based decryption and the check value of PKCS#12 (RFC 7292 appendices B and C, RFC 8018).

use super::kdf::{Purpose, derive};
use super::{ImportError, MAX_ITERATIONS, damaged, unknown};
use crate::asn1::{self, Der, DerError, DerProblem, Element};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use hmac::digest::{Digest, FixedOutputReset, block_api::BlockSizeUser};
use hmac::{Mac, SimpleHmac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03];
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// The arc of RFC 7292 appendix C: below it 3 is pbeWithSHAAnd3-KeyTripleDES-CBC, what Windows writes by default, and 6
/// pbeWithSHAAnd40BitRC2-CBC, what older Windows and OpenSSL put certificates in. RC4, 1 and 2, nobody is known to write.
const PBE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
/// The arc of hmacWithSHA1 (7) to hmacWithSHA512 (11), RFC 8018 B.1.
const HMAC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02];
/// AES-CBC of 128, 192 and 256 bits, and triple DES: what PBES2 decrypts with here, and the bytes of the key.
const CIPHERS: [(&[u8], usize); 4] = [
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02], 16),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16], 24),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a], 32),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07], 24),
];

/// What a hash costs: the bytes of its output, of its block, and its time for one block beside that of SHA-1.
#[derive(Clone, Copy)]
struct HashCost {
    output: usize,
    block: usize,
    weight: u64,
}

const COST_SHA1: HashCost = HashCost { output: 20, block: 64, weight: 1 };
const COST_SHA224: HashCost = HashCost { output: 28, block: 64, weight: 2 };
const COST_SHA256: HashCost = HashCost { output: 32, block: 64, weight: 2 };
const COST_SHA384: HashCost = HashCost { output: 48, block: 128, weight: 3 };
const COST_SHA512: HashCost = HashCost { output: 64, block: 128, weight: 3 };

impl HashCost {
    /// The key derivation of RFC 7292 B.2: for each output one hash a round, and one over the salt.
    fn pkcs12(self, iterations: u32, salt: &[u8], bytes: usize) -> u64 {
        let salt = salt.len().div_ceil(self.block) as u64;
        let outputs = bytes.div_ceil(self.output) as u64;
        u64::from(iterations).saturating_add(salt).saturating_mul(outputs).saturating_mul(self.weight)
    }

    /// PBKDF2: for each output two hashes a round.
    fn pbkdf2(self, iterations: u32, bytes: usize) -> u64 {
        let outputs = bytes.div_ceil(self.output) as u64;
        u64::from(iterations).saturating_mul(2).saturating_mul(outputs).saturating_mul(self.weight)
    }
}

/// A password, and how much may still be derived from it.
pub(super) struct Derivation<'a> {
    password: &'a str,
    /// The password as RFC 7292 B.1 wants it: UTF-16BE with a final NUL. An empty one is also written as no bytes at all,
    /// so the check value decides.
    utf16: Vec<u8>,
    spent: u64,
}

impl<'a> Derivation<'a> {
    pub(super) fn new(password: &'a str) -> Self {
        let units = password.encode_utf16().chain([0]);
        Derivation { password, utf16: units.flat_map(u16::to_be_bytes).collect(), spent: 0 }
    }

    /// Counts what is about to be hashed; over the limit, nothing is.
    fn spend(&mut self, hashes: u64) -> Result<(), ImportError> {
        self.spent = self.spent.saturating_add(hashes);
        if self.spent > MAX_ITERATIONS {
            return Err(ImportError::Iterations { iterations: self.spent, limit: MAX_ITERATIONS });
        }
        Ok(())
    }

    /// Checks the MAC over the contents:
    /// `MacData ::= SEQUENCE { DigestInfo { AlgorithmIdentifier, OCTET STRING }, salt OCTET STRING, iterations DEFAULT 1 }`
    pub(super) fn check(&mut self, mac: &Element<'_>, contents: &[u8]) -> Result<(), ImportError> {
        let mac = MacData::read(mac).map_err(damaged)?;
        let (fits, cost): (MacFits, _) = match mac.hash.value {
            SHA1 => (mac_fits::<Sha1>, COST_SHA1),
            SHA256 => (mac_fits::<Sha256>, COST_SHA256),
            SHA384 => (mac_fits::<Sha384>, COST_SHA384),
            SHA512 => (mac_fits::<Sha512>, COST_SHA512),
            other => return Err(unknown("the hash of the check value", other, mac.hash)),
        };
        let cost = cost.pkcs12(mac.iterations, mac.salt, cost.output);
        self.spend(cost)?;
        if fits(&self.utf16, &mac, contents) {
            return Ok(());
        }
        if self.password.is_empty() {
            self.spend(cost)?;
            if fits(&[], &mac, contents) {
                self.utf16.clear();
                return Ok(());
            }
        }
        Err(ImportError::Password)
    }

    /// Decrypts by the AlgorithmIdentifier.
    pub(super) fn decrypt(&mut self, algorithm: &Element<'_>, encrypted: &[u8]) -> Result<Vec<u8>, ImportError> {
        let mut fields = algorithm.inside();
        let oid = fields.expect(asn1::OID, "the algorithm").map_err(damaged)?;
        let parameters = fields.expect(asn1::SEQUENCE, "the parameters").map_err(damaged)?;
        if oid.value == PBES2 {
            return self.pbes2(algorithm, &parameters, encrypted);
        }
        match oid.value.strip_prefix(PBE) {
            Some([3]) => self.pbes1::<des::TdesEde3>(&parameters, encrypted, 24),
            Some([4]) => self.pbes1::<des::TdesEde2>(&parameters, encrypted, 16),
            Some([5]) => self.pbes1::<rc2::Rc2>(&parameters, encrypted, 16),
            Some([6]) => self.pbes1::<rc2::Rc2>(&parameters, encrypted, 5),
            _ => Err(unknown("the cipher", oid.value, oid)),
        }
    }

    /// RFC 7292 appendix C: `SEQUENCE { salt OCTET STRING, iterations INTEGER }`; key and vector are derived apart.
    fn pbes1<C>(&mut self, parameters: &Element<'_>, encrypted: &[u8], key_bytes: usize) -> Result<Vec<u8>, ImportError>
    where
        C: KeyInit + BlockCipherDecrypt,
    {
        let (salt, iterations) = salt_and_iterations(&mut parameters.inside()).map_err(damaged)?;
        self.spend(COST_SHA1.pkcs12(iterations, salt, key_bytes))?;
        self.spend(COST_SHA1.pkcs12(iterations, salt, 8))?;
        let key = derive::<Sha1>(&self.utf16, salt, Purpose::Key, iterations, key_bytes);
        let vector = derive::<Sha1>(&self.utf16, salt, Purpose::Vector, iterations, 8);
        let cipher = cbc::Decryptor::<C>::new_from_slices(&key, &vector).map_err(|_| ImportError::Password)?;
        cipher.decrypt_padded_vec::<Pkcs7>(encrypted).map_err(|_| ImportError::Password)
    }

    /// RFC 8018 6.2, with PBKDF2 only: scrypt's memory is chosen by the file.
    fn pbes2(
        &mut self,
        algorithm: &Element<'_>,
        parameters: &Element<'_>,
        encrypted: &[u8],
    ) -> Result<Vec<u8>, ImportError> {
        let Pbes2 { derivation, derivation_parameters, cipher } = Pbes2::read(parameters).map_err(damaged)?;
        if derivation.value != PBKDF2 {
            return Err(unknown("the key derivation", derivation.value, derivation));
        }
        let Some((_, key_bytes)) = CIPHERS.into_iter().find(|(oid, _)| *oid == cipher.value) else {
            return Err(unknown("the cipher", cipher.value, cipher));
        };
        let (iterations, hash) = pbkdf2(&derivation_parameters).map_err(damaged)?;
        let cost = match hash.map(|hash| (hash, hash.value.strip_prefix(HMAC))) {
            None | Some((_, Some([7]))) => COST_SHA1,
            Some((_, Some([8]))) => COST_SHA224,
            Some((_, Some([9]))) => COST_SHA256,
            Some((_, Some([10]))) => COST_SHA384,
            Some((_, Some([11]))) => COST_SHA512,
            Some((hash, _)) => return Err(unknown("the hash of the key derivation", hash.value, hash)),
        };
        self.spend(cost.pbkdf2(iterations, key_bytes))?;
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

/// [`mac_fits`] of one hash: password, what the file says, and the contents.
type MacFits = fn(&[u8], &MacData<'_>, &[u8]) -> bool;

fn mac_fits<D>(password: &[u8], mac: &MacData<'_>, contents: &[u8]) -> bool
where
    D: Digest + FixedOutputReset + BlockSizeUser,
{
    let key = derive::<D>(password, mac.salt, Purpose::Mac, mac.iterations, <D as Digest>::output_size());
    <SimpleHmac<D> as KeyInit>::new_from_slice(&key)
        .is_ok_and(|hmac| hmac.chain_update(contents).verify_slice(mac.digest).is_ok())
}

fn salt_and_iterations<'a>(fields: &mut Der<'a>) -> Result<(&'a [u8], u32), DerError> {
    let salt = fields.expect(asn1::OCTET_STRING, "the salt")?;
    let iterations = fields.expect(asn1::INTEGER, "the iterations")?;
    Ok((salt.value, asn1::small_integer(&iterations)?))
}

/// `PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier }`
struct Pbes2<'a> {
    derivation: Element<'a>,
    derivation_parameters: Element<'a>,
    cipher: Element<'a>,
}

impl<'a> Pbes2<'a> {
    fn read(parameters: &Element<'a>) -> Result<Self, DerError> {
        let mut fields = parameters.inside();
        let function = fields.expect(asn1::SEQUENCE, "the keyDerivationFunc")?;
        let scheme = fields.expect(asn1::SEQUENCE, "the encryptionScheme")?;
        let mut function = function.inside();
        Ok(Pbes2 {
            derivation: function.expect(asn1::OID, "the key derivation function")?,
            derivation_parameters: function.expect(asn1::SEQUENCE, "the parameters of the key derivation")?,
            cipher: scheme.inside().expect(asn1::OID, "the cipher")?,
        })
    }
}

/// The rounds and the hash, where it is not hmacWithSHA1, of
/// `PBKDF2-params ::= SEQUENCE { salt, iterationCount INTEGER, keyLength INTEGER OPTIONAL, prf DEFAULT hmacWithSHA1 }`.
fn pbkdf2<'a>(parameters: &Element<'a>) -> Result<(u32, Option<Element<'a>>), DerError> {
    let mut fields = parameters.inside();
    let (_, iterations) = salt_and_iterations(&mut fields)?;
    fields.optional(asn1::INTEGER, "the keyLength")?;
    let hash = match fields.optional(asn1::SEQUENCE, "the prf")? {
        Some(identifier) => Some(identifier.inside().expect(asn1::OID, "the prf")?),
        None => None,
    };
    Ok((iterations, hash))
}
