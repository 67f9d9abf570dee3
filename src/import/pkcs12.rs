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

mod bag;
mod cipher;
mod kdf;

use super::{ImportError, ImportOptions, Imported, check_size, single};
use crate::asn1::{self, Der, DerError, DerProblem, Element, ber};
use crate::oid::Oid;
use bag::Safe;
use cipher::Derivation;
use std::borrow::Cow;

/// At most this many hashes of one block for the keys of one file, in all its parts together: less than a second, with
/// SHA-256 counted as two of SHA-1 and SHA-512 as three. Windows and OpenSSL use about 2,000 rounds for each of three
/// keys, the most careful writers 600,000 of PBKDF2 with SHA-256 (2,400,000 here); a hostile file may ask for billions.
pub(crate) const MAX_ITERATIONS: u64 = 5_000_000;

// RFC 5652 4, 8
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];

/// Reads a PKCS#12 file.
///
/// A certificate whose key is in the file has an accessible key (rule V-2), of the provider that the key's attribute names
/// (rule V-3), else of unknown provider; the others have none in it, and whether they have one elsewhere is unknown. A
/// damaged bag is one problem, and the others are read; offsets count in the file, of what is encrypted as well.
///
/// # Errors
///
/// A wrong password, a cipher that is not read, too many rounds of key derivation (more than 5,000,000), or damage to the
/// structure, with its byte offset.
pub(crate) fn pkcs12(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    check_size(bytes)?;
    let mut derivation = Derivation::new(options.password().unwrap_or_default());
    let (der, used) = match ber::to_der(bytes, None) {
        Ok(read) => read,
        Err(error) if bytes.get(1) == Some(&INDEFINITE) => return Err(damaged(error)),
        // A length that is cut or wrong further in: the readers of each part name it.
        Err(_) => (Cow::Borrowed(bytes), bytes.len()),
    };
    let mut safe = Safe::default();
    safe.ber = matches!(der, Cow::Owned(_));
    for (offset, content) in open(&der, &mut derivation, &mut safe)? {
        let content = normal(&content, &mut safe);
        safe.read(&content, offset, 0);
    }
    let mut imported = safe.into_imported(options);
    single::rest(bytes, used, &mut imported);
    Ok(imported)
}

/// The second byte of an element whose length is indefinite.
const INDEFINITE: u8 = 0x80;

/// The content of an OCTET STRING in DER: Firefox and Java write BER there as well. What is not an element is left to its
/// reader.
fn normal<'a>(content: &'a [u8], safe: &mut Safe) -> Cow<'a, [u8]> {
    match ber::to_der(content, None) {
        Ok((Cow::Owned(der), used)) => {
            safe.ber = true;
            let behind = content.get(used..).unwrap_or_default();
            Cow::Owned([der.as_slice(), behind].concat())
        }
        Ok((Cow::Borrowed(_), _)) | Err(_) => Cow::Borrowed(content),
    }
}

fn damaged(error: DerError) -> ImportError {
    let format = "PKCS#12 file";
    ImportError::Damaged { format, error }
}

/// Checks the password and decrypts: the SafeContents of the file, each with its offset. In CBC a byte stands where its
/// ciphertext stood, so offsets inside are offsets of the file.
fn open(bytes: &[u8], derivation: &mut Derivation<'_>, read: &mut Safe) -> Result<Vec<(usize, Vec<u8>)>, ImportError> {
    let pfx = Der::new(bytes).expect(asn1::SEQUENCE, "a PFX SEQUENCE").map_err(damaged)?;
    let mut fields = pfx.inside();
    fields.expect(asn1::INTEGER, "the version").map_err(damaged)?;
    let safe = fields.expect(asn1::SEQUENCE, "the authSafe").map_err(damaged)?;
    let safe = data(&safe).map_err(damaged)?;
    if let Some(mac) = fields.optional(asn1::SEQUENCE, "the macData").map_err(damaged)? {
        derivation.check(&mac, safe.value)?;
    }
    let list = normal(safe.value, read);
    let list = asn1::single(&list, safe.value_start, asn1::SEQUENCE, "the AuthenticatedSafe").map_err(damaged)?;
    let mut infos = list.inside();
    let mut contents = Vec::new();
    while !infos.is_empty() {
        let info = infos.expect(asn1::SEQUENCE, "a ContentInfo").map_err(damaged)?;
        let content_type = info.inside().expect(asn1::OID, "the contentType").map_err(damaged)?;
        match content_type.value {
            DATA => {
                let octets = data(&info).map_err(damaged)?;
                contents.push((octets.value_start, octets.value.to_vec()));
            }
            ENCRYPTED_DATA => {
                let (algorithm, encrypted) = encrypted_data(&info).map_err(damaged)?;
                let pieces = if encrypted.tag == asn1::context(0) {
                    Cow::Borrowed(encrypted.value)
                } else {
                    Cow::Owned(ber::join_octets(encrypted.value).ok_or_else(|| {
                        damaged(encrypted.error(DerProblem::Value, "the encryptedContent, in OCTET STRINGs"))
                    })?)
                };
                contents.push((encrypted.value_start, derivation.decrypt(&algorithm, &pieces)?));
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
fn encrypted_data<'a>(info: &Element<'a>) -> Result<(Element<'a>, Element<'a>), DerError> {
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
    // In BER it may be in pieces.
    let octets = match fields.optional(asn1::context_constructed(0), "the encryptedContent")? {
        Some(pieces) => pieces,
        None => fields.expect(asn1::context(0), "the encryptedContent")?,
    };
    Ok((algorithm, octets))
}
