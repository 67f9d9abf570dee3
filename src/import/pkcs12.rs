//! PKCS#12 files, `.pfx` (RFC 7292): certificates, CRLs, and which certificates come with their keys.
//!
//! ```text
//! PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo, macData MacData OPTIONAL }
//! AuthenticatedSafe ::= SEQUENCE OF ContentInfo      data, or encryptedData
//! SafeContents ::= SEQUENCE OF SafeBag { bagId OID, bagValue [0] EXPLICIT ANY, bagAttributes SET OPTIONAL }
//! ```
//!
//! Private keys are never decrypted: that one stands beside its certificate is all that rule V-2 asks. The structure is
//! read here, and not by `p12-keystore`, which follows issuer names in a circle for ever and keeps one certificate for
//! each friendly name.

mod cipher;

use super::problem::{ImportProblemKind, Place, Problems};
use super::{ImportError, ImportOptions, Imported, check_size, pem, pkcs7};
use crate::asn1::{self, Der, DerError, DerProblem, Element};
use crate::store::Entry;
use crate::{Oid, Rule};
use cipher::Derivation;
use std::collections::BTreeSet;

/// At most this many rounds of key derivation for one file. Windows and OpenSSL use about 2,000 for each of three keys, the
/// most careful writers 600,000; a hostile file may ask for billions.
pub const MAX_ITERATIONS: u64 = 2_000_000;

/// Safe contents nest in safe contents; nobody writes that, so little of it is followed.
const MAX_NESTING: usize = 4;

// RFC 5652 4, 8; RFC 7292 4.2, 4.2.3, 4.2.4; RFC 2985 5.5
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
const BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
const X509_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
const X509_CRL: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x17, 0x01];
const FRIENDLY_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14];
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];

/// Reads a PKCS#12 file.
///
/// A certificate whose key is in the file has an accessible key of unknown provider (rule V-2); the others have none in
/// it, and whether they have one elsewhere is unknown.
///
/// ```
/// use ccmcertsel::import::{ImportError, ImportOptions, pkcs12};
///
/// let options = ImportOptions::default().with_password("kennwort");
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/import/pem-with-key.pfx"));
/// # /*
/// let bytes = std::fs::read("pc13.pfx")?;
/// # */
/// let imported = pkcs12(&bytes[..], &options)?;
/// assert!(imported.stores().any(|(name, _)| name.as_str() == "MY"));
/// assert_eq!(pkcs12(&bytes[..], &ImportOptions::default()).unwrap_err(), ImportError::Password);
/// # Ok::<(), ImportError>(())
/// ```
///
/// # Errors
///
/// A wrong password, a cipher that is not read, too many rounds of key derivation ([`MAX_ITERATIONS`]), or damage to the
/// structure, with its byte offset.
pub fn pkcs12(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    check_size(bytes)?;
    let mut derivation = Derivation::new(options.password().unwrap_or_default());
    let contents = open(bytes, &mut derivation)?;
    let mut safe = Safe::default();
    for content in &contents {
        safe.read(content, 0).map_err(damaged)?;
    }
    Ok(safe.into_imported(options))
}

fn damaged(error: DerError) -> ImportError {
    let format = "PKCS#12 file";
    ImportError::Damaged { format, error }
}

/// Checks the password and decrypts: the SafeContents of the file.
fn open(bytes: &[u8], derivation: &mut Derivation<'_>) -> Result<Vec<Vec<u8>>, ImportError> {
    let pfx = Der::new(bytes).expect(asn1::SEQUENCE, "a PFX SEQUENCE").map_err(damaged)?;
    let mut fields = pfx.inside();
    fields.expect(asn1::INTEGER, "the version").map_err(damaged)?;
    let safe = fields.expect(asn1::SEQUENCE, "the authSafe").map_err(damaged)?;
    let safe = data(&safe).map_err(damaged)?;
    if let Some(mac) = fields.optional(asn1::SEQUENCE, "the macData").map_err(damaged)? {
        derivation.check(&mac, safe.value)?;
    }
    let list = asn1::single(safe.value, safe.value_start, asn1::SEQUENCE, "the AuthenticatedSafe").map_err(damaged)?;
    let mut infos = list.inside();
    let mut contents = Vec::new();
    while !infos.is_empty() {
        let info = infos.expect(asn1::SEQUENCE, "a ContentInfo").map_err(damaged)?;
        let content_type = info.inside().expect(asn1::OID, "the contentType").map_err(damaged)?;
        match content_type.value {
            DATA => contents.push(data(&info).map_err(damaged)?.value.to_vec()),
            ENCRYPTED_DATA => {
                let (algorithm, encrypted) = encrypted_data(&info).map_err(damaged)?;
                contents.push(derivation.decrypt(&algorithm, encrypted)?);
            }
            other => return Err(unknown("the content", other, content_type)),
        }
    }
    Ok(contents)
}

fn unknown(what: &'static str, oid: &[u8], element: Element<'_>) -> ImportError {
    match Oid::from_bytes(oid) {
        Some(oid) => ImportError::Algorithm { what, oid },
        None => damaged(element.error(DerProblem::Value, "an OBJECT IDENTIFIER")),
    }
}

/// `ContentInfo { data, [0] EXPLICIT OCTET STRING }`: the octets.
fn data<'a>(info: &Element<'a>) -> Result<Element<'a>, DerError> {
    let mut fields = info.inside();
    let content_type = fields.expect(asn1::OID, "the contentType")?;
    if content_type.value != DATA {
        return Err(content_type.error(DerProblem::Value, "id-data, 1.2.840.113549.1.7.1"));
    }
    let content = fields.expect(asn1::context_constructed(0), "the content")?;
    content.inside().expect(asn1::OCTET_STRING, "an OCTET STRING")
}

/// `EncryptedData { version, EncryptedContentInfo { contentType, algorithm, [0] IMPLICIT OCTET STRING } }`
fn encrypted_data<'a>(info: &Element<'a>) -> Result<(Element<'a>, &'a [u8]), DerError> {
    let mut fields = info.inside();
    fields.expect(asn1::OID, "the contentType")?;
    let content = fields.expect(asn1::context_constructed(0), "the content")?;
    let encrypted = content.inside().expect(asn1::SEQUENCE, "an EncryptedData")?;
    let mut fields = encrypted.inside();
    fields.expect(asn1::INTEGER, "the version")?;
    let info = fields.expect(asn1::SEQUENCE, "the encryptedContentInfo")?;
    let mut fields = info.inside();
    fields.expect(asn1::OID, "the contentType")?;
    let algorithm = fields.expect(asn1::SEQUENCE, "the contentEncryptionAlgorithm")?;
    let octets = fields.expect(asn1::context(0), "the encryptedContent")?;
    Ok((algorithm, octets.value))
}

/// What the bags held.
#[derive(Default)]
struct Safe {
    certificates: Vec<(Entry, Option<Vec<u8>>)>,
    /// The local key ids of the keys.
    key_ids: BTreeSet<Vec<u8>>,
    keys_without_id: usize,
    crls: Vec<Vec<u8>>,
    not_read: Vec<(usize, String)>,
}

impl Safe {
    fn read(&mut self, contents: &[u8], depth: usize) -> Result<(), DerError> {
        let list = asn1::single(contents, 0, asn1::SEQUENCE, "the SafeContents")?;
        let mut bags = list.inside();
        while !bags.is_empty() {
            let bag = bags.expect(asn1::SEQUENCE, "a SafeBag")?;
            let mut fields = bag.inside();
            let id = fields.expect(asn1::OID, "the bagId")?;
            let value = fields.expect(asn1::context_constructed(0), "the bagValue")?;
            let attributes = match fields.optional(asn1::SET, "the bagAttributes")? {
                Some(set) => Attributes::read(&set)?,
                None => Attributes::default(),
            };
            match id.value.strip_prefix(BAG) {
                Some([1 | 2]) => match attributes.key_id {
                    Some(id) => {
                        self.key_ids.insert(id);
                    }
                    None => self.keys_without_id += 1,
                },
                Some([3]) => match octets(&value, X509_CERTIFICATE)? {
                    Some(der) => {
                        let mut entry = pkcs7::certificate(der);
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
                Some([6]) if depth < MAX_NESTING => self.read(value.value, depth + 1)?,
                _ => {
                    let oid = Oid::from_bytes(id.value).map_or_else(|| "?".to_owned(), |oid| oid.to_string());
                    self.not_read.push((bag.start, format!("a bag of type {oid}")));
                }
            }
        }
        Ok(())
    }

    fn into_imported(self, options: &ImportOptions) -> Imported {
        let mut imported = Imported::new(Problems::default());
        let mut used = BTreeSet::new();
        // A lone key that names nothing belongs to the lone certificate that names nothing.
        let lone = self.keys_without_id == 1 && self.certificates.len() == 1 && self.key_ids.is_empty();
        for (entry, key_id) in self.certificates {
            let has_key = lone || key_id.as_ref().is_some_and(|id| self.key_ids.contains(id));
            let entry = match entry {
                Entry::Certificate(stored) if has_key => Entry::Certificate(pem::with_key(stored)),
                entry => entry,
            };
            if has_key {
                used.extend(key_id);
            }
            imported.place(entry, options);
        }
        let unnamed = if lone { 0 } else { self.keys_without_id };
        for _ in 0..self.key_ids.difference(&used).count() + unnamed {
            imported.problems.push(Rule::V2, Place::Byte(0), ImportProblemKind::KeyWithoutCertificate);
        }
        imported.crls = self.crls;
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

#[derive(Default)]
struct Attributes {
    friendly_name: Option<String>,
    key_id: Option<Vec<u8>>,
}

impl Attributes {
    /// `SET OF SEQUENCE { attrId OID, attrValues SET OF ANY }`
    fn read(set: &Element<'_>) -> Result<Self, DerError> {
        let mut attributes = Attributes::default();
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
                FRIENDLY_NAME => {
                    let units: Vec<u16> = value
                        .value
                        .chunks_exact(2)
                        .filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)))
                        .collect();
                    attributes.friendly_name = Some(String::from_utf16_lossy(&units));
                }
                LOCAL_KEY_ID => attributes.key_id = Some(value.value.to_vec()),
                _ => {}
            }
        }
        Ok(attributes)
    }
}
