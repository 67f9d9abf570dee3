//! The bags of a PKCS#12 file and their attributes (RFC 7292 4.2; RFC 2985 5.5).

use crate::asn1::{self, DerError, Element};
use crate::import::problem::{ImportProblemKind, ProblemPlace, Problems};
use crate::import::{ImportOptions, Imported, pkcs7, single};
use crate::oid::Oid;
use crate::rules::Rule;
use crate::store::{Entry, KeyProvider, PrivateKey};
use std::collections::{BTreeMap, BTreeSet};

/// Safe contents nest in safe contents; nobody writes that, so little of it is followed.
const MAX_NESTING: usize = 4;

// RFC 7292 4.2, 4.2.3, 4.2.4; RFC 2985 5.5
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
const X509_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
const X509_CRL: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x17, 0x01];
const FRIENDLY_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14];
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];
/// szOID_PKCS_12_KEY_PROVIDER_NAME_ATTR, 1.3.6.1.4.1.311.17.1 (wincrypt.h): the provider that Windows imports the key into.
const KEY_PROVIDER_NAME: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x11, 0x01];

/// What the bags held.
#[derive(Default)]
pub(super) struct Safe {
    certificates: Vec<(Entry, Option<Vec<u8>>)>,
    /// The keys by their local key ids.
    keys: BTreeMap<Vec<u8>, BagKey>,
    keys_without_id: Vec<BagKey>,
    crls: Vec<Vec<u8>>,
    not_read: Vec<(usize, String)>,
    /// Some part of the file is BER, and was read as DER.
    pub ber: bool,
}

/// A private key: where its bag is in the file, and what holds the key once it is imported.
#[derive(Clone, Copy)]
struct BagKey {
    offset: usize,
    provider: KeyProvider,
}

impl Safe {
    /// Takes in SafeContents that stand at `offset` of the file. A damaged bag is passed over, with its reason; only where
    /// the length of a bag is lost, the bags behind it are lost as well.
    pub(super) fn read(&mut self, contents: &[u8], offset: usize, depth: usize) {
        let list = match asn1::single(contents, offset, asn1::SEQUENCE, "the SafeContents") {
            Ok(list) => list,
            Err(error) => return self.not_read.push((error.offset(), format!("damaged safe contents ({error})"))),
        };
        let mut bags = list.inside();
        while !bags.is_empty() {
            let start = bags.offset();
            let bag = match bags.any("a SafeBag") {
                Ok(bag) => bag,
                Err(error) => {
                    let what = format!("a damaged bag, and what stands behind it ({error})");
                    return self.not_read.push((start, what));
                }
            };
            if let Err(error) = self.bag(&bag, depth) {
                self.not_read.push((bag.start, format!("a damaged bag ({error})")));
            }
        }
    }

    fn bag(&mut self, bag: &Element<'_>, depth: usize) -> Result<(), DerError> {
        let bag = asn1::single(bag.full, bag.start, asn1::SEQUENCE, "a SafeBag")?;
        let mut fields = bag.inside();
        let id = fields.expect(asn1::OID, "the bagId")?;
        let value = fields.expect(asn1::context_constructed(0), "the bagValue")?;
        // What the bag holds is worth more than its attributes.
        let attributes = match fields.optional(asn1::SET, "the bagAttributes").and_then(BagAttributes::read) {
            Ok(attributes) => attributes,
            Err(error) => {
                self.not_read.push((bag.start, format!("what a bag says of itself ({error})")));
                BagAttributes::default()
            }
        };
        match id.value.strip_prefix(BAG) {
            Some([1 | 2]) => {
                let key = BagKey { offset: bag.start, provider: attributes.provider };
                match attributes.key_id {
                    Some(id) => {
                        self.keys.insert(id, key);
                    }
                    None => self.keys_without_id.push(key),
                }
            }
            Some([3]) => match octets(&value, X509_CERTIFICATE)? {
                Some(der) => {
                    let mut entry = single::entry(der);
                    if let (Entry::Certificate(stored), Some(name)) = (&entry, attributes.friendly_name) {
                        entry = Entry::Certificate(stored.clone().with_friendly_name(name));
                    }
                    self.certificates.push((entry, attributes.key_id));
                }
                None => self.not_read.push((bag.start, "a certificate of another kind".to_owned())),
            },
            Some([4]) => match octets(&value, X509_CRL)? {
                Some(der) => self.crls.push(der.to_vec()),
                None => self.not_read.push((bag.start, "a CRL of another kind".to_owned())),
            },
            Some([6]) if depth < MAX_NESTING => self.read(value.value, value.value_start, depth + 1),
            _ => {
                let oid = Oid::from_bytes(id.value).map_or_else(|| "?".to_owned(), |oid| oid.to_string());
                self.not_read.push((bag.start, format!("a bag of type {oid}")));
            }
        }
        Ok(())
    }

    pub(super) fn into_imported(self, options: &ImportOptions) -> Imported {
        let mut imported = Imported::new(Problems::default());
        let mut used = BTreeSet::new();
        // A lone key that names nothing belongs to the lone certificate that names nothing.
        let lone = match (&self.keys_without_id[..], self.certificates.len(), self.keys.is_empty()) {
            (&[key], 1, true) => Some(key),
            _ => None,
        };
        for (entry, key_id) in self.certificates {
            let key = lone.or_else(|| key_id.as_ref().and_then(|id| self.keys.get(id)).copied());
            let entry = match (entry, key) {
                (Entry::Certificate(stored), Some(key)) => {
                    Entry::Certificate(stored.with_private_key(PrivateKey::Accessible(key.provider)))
                }
                (entry, _) => entry,
            };
            if key.is_some() {
                used.extend(key_id);
            }
            imported.place(entry, options);
        }
        let unused = self.keys.iter().filter(|(id, _)| !used.contains(*id)).map(|(_, key)| key);
        let unnamed = self.keys_without_id.iter().filter(|_| lone.is_none());
        for key in unused.chain(unnamed) {
            imported.problems.push(Rule::V2, ProblemPlace::Byte(key.offset), ImportProblemKind::KeyWithoutCertificate);
        }
        imported.crls = self.crls;
        if self.ber {
            imported.problems.push(Rule::T5, ProblemPlace::Byte(0), ImportProblemKind::Ber);
        }
        for (offset, what) in self.not_read {
            pkcs7::not_read(&mut imported, offset, what);
        }
        imported
    }
}

/// `SEQUENCE { id OID, value [0] EXPLICIT OCTET STRING }` of the wanted id.
fn octets<'a>(value: &Element<'a>, wanted: &[u8]) -> Result<Option<&'a [u8]>, DerError> {
    let bag = value.inside().expect(asn1::SEQUENCE, "a CertBag or CRLBag")?;
    let mut fields = bag.inside();
    let id = fields.expect(asn1::OID, "the type of the certificate or CRL")?;
    if id.value != wanted {
        return Ok(None);
    }
    let content = fields.expect(asn1::context_constructed(0), "the certificate or CRL")?;
    let octets = content.inside().expect(asn1::OCTET_STRING, "an OCTET STRING")?;
    Ok(Some(octets.value))
}

struct BagAttributes {
    friendly_name: Option<String>,
    key_id: Option<Vec<u8>>,
    provider: KeyProvider,
}

impl Default for BagAttributes {
    fn default() -> Self {
        BagAttributes { friendly_name: None, key_id: None, provider: KeyProvider::Unknown }
    }
}

impl BagAttributes {
    /// `SET OF SEQUENCE { attrId OID, attrValues SET OF ANY }`
    fn read(set: Option<Element<'_>>) -> Result<Self, DerError> {
        let mut attributes = BagAttributes::default();
        let Some(set) = set else {
            return Ok(attributes);
        };
        let mut list = set.inside();
        while !list.is_empty() {
            let attribute = list.expect(asn1::SEQUENCE, "an attribute")?;
            let mut fields = attribute.inside();
            let id = fields.expect(asn1::OID, "the attrId")?;
            let values = fields.expect(asn1::SET, "the attrValues")?;
            let Ok(value) = values.inside().any("a value") else {
                continue;
            };
            match id.value {
                FRIENDLY_NAME => attributes.friendly_name = Some(text(&value)).filter(|name| !name.is_empty()),
                LOCAL_KEY_ID => attributes.key_id = Some(value.value.to_vec()),
                KEY_PROVIDER_NAME => attributes.provider = provider(&text(&value)),
                _ => {}
            }
        }
        Ok(attributes)
    }
}

/// A text up to its first NUL, as Windows shows it: a BMPString, as the standard wants, or what else writers put there.
fn text(value: &Element<'_>) -> String {
    const UTF8_STRING: u8 = 0x0c;
    const BMP_STRING: u8 = 0x1e;
    let text = match value.tag {
        BMP_STRING => {
            let pairs = value.value.chunks_exact(2);
            let units: Vec<u16> =
                pairs.filter_map(|pair| Some(u16::from_be_bytes(*pair.first_chunk::<2>()?))).collect();
            String::from_utf16_lossy(&units)
        }
        UTF8_STRING => String::from_utf8_lossy(value.value).into_owned(),
        // PrintableString, IA5String, and TeletexString, which everybody takes for Latin 1.
        _ => value.value.iter().copied().map(char::from).collect(),
    };
    text.split('\0').next().unwrap_or_default().to_owned()
}

/// Rule V-3: what the name of a provider says. Key storage providers are called that, but for Microsoft's of the TPM; the
/// names of CryptoAPI's providers are those of wincrypt.h and their like; of any other name nothing is known.
fn provider(name: &str) -> KeyProvider {
    let name = name.to_ascii_lowercase();
    let has = |words: &str| name.contains(words);
    if has("key storage provider") || has("platform crypto provider") || name.ends_with(" ksp") {
        KeyProvider::Ksp
    } else if has("cryptographic provider") || has("smart card crypto provider") || name.ends_with(" csp") {
        KeyProvider::Csp
    } else {
        KeyProvider::Unknown
    }
}

#[cfg(all(test, repository))]
#[path = "../../../tests/units/import_pkcs12_bag.rs"]
mod tests;
