//! PKCS#7 files, `.p7b`: the certificates and CRLs of a CMS SignedData (RFC 5652 5.1).
//!
//! ```text
//! ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
//! SignedData  ::= SEQUENCE { version INTEGER, digestAlgorithms SET, encapContentInfo SEQUENCE,
//!                            certificates [0] IMPLICIT SET OPTIONAL, crls [1] IMPLICIT SET OPTIONAL, signerInfos SET }
//! ```
//!
//! The structure is read here and not by the `cms` crate, which decodes every certificate on the way and refuses the
//! whole file for one that it does not like; here such a one is an unreadable entry (rule T-5).

use super::detect::SIGNED_DATA;
use super::problem::{ImportProblemKind, ProblemPlace, Problems};
use super::{ImportError, ImportOptions, Imported, check_size, collect, single};
use crate::asn1::{self, Der, DerError, DerProblem, Element, ber};
use crate::rules::Rule;
use std::borrow::Cow;

/// szOID_CTL, 1.3.6.1.4.1.311.10.1 (wincrypt.h): the content of a certificate trust list, `.stl`, whose certificates are
/// its signer's.
const TRUST_LIST: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x01];

/// Where the certificates and CRLs stand, in levels below the outermost: they are signed, so their bytes are kept.
const SIGNED_LEVEL: usize = 4;

/// Reads a PKCS#7 file: DER or BER, and as text in PEM or base64. It holds no keys: whether they exist is unknown (rule V-2).
///
/// # Errors
///
/// [`ImportError::Damaged`] when the structure round the certificates is damaged, with the byte offset.
pub(crate) fn pkcs7(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    check_size(bytes)?;
    if bytes.first() != Some(&asn1::SEQUENCE) {
        return super::import(bytes, options);
    }
    let mut imported = Imported::new(Problems::default());
    let damaged = |error| ImportError::Damaged { format: "PKCS#7 file", error };
    let der = match ber::to_der(bytes, Some(SIGNED_LEVEL)) {
        Ok((der, used)) => {
            single::rest(bytes, used, &mut imported);
            if matches!(der, Cow::Owned(_)) {
                imported.problems.push(Rule::T5, ProblemPlace::Byte(0), ImportProblemKind::Ber);
            }
            der
        }
        // A length that is cut or wrong further in: what stands before it is read.
        Err(error) if bytes.get(1) == Some(&0x80) => return Err(damaged(error)),
        Err(_) => Cow::Borrowed(bytes),
    };
    read(&der, &mut imported, options).map_err(damaged)?;
    Ok(imported)
}

fn read(bytes: &[u8], imported: &mut Imported, options: &ImportOptions) -> Result<(), DerError> {
    let info = Der::new(bytes).expect(asn1::SEQUENCE, "a ContentInfo SEQUENCE")?;
    let mut fields = info.inside();
    let content_type = fields.expect(asn1::OID, "the contentType")?;
    if content_type.value != SIGNED_DATA {
        return Err(content_type.error(DerProblem::Value, "id-signedData, 1.2.840.113549.1.7.2"));
    }
    let content = fields.expect(asn1::context_constructed(0), "the content")?;
    let signed = asn1::single(content.value, content.value_start, asn1::SEQUENCE, "a SignedData SEQUENCE")?;
    let mut fields = signed.inside();
    fields.expect(asn1::INTEGER, "the version")?;
    fields.expect(asn1::SET, "the digestAlgorithms")?;
    let content = fields.expect(asn1::SEQUENCE, "the encapContentInfo")?;
    if content.inside().expect(asn1::OID, "the eContentType").is_ok_and(|kind| kind.value == TRUST_LIST) {
        imported.problems.push(Rule::T5, ProblemPlace::Byte(content.start), ImportProblemKind::TrustList);
    }
    if let Some(list) = fields.optional(asn1::context_constructed(0), "the certificates")? {
        certificates(&list, imported, options);
    }
    if let Some(list) = fields.optional(asn1::context_constructed(1), "the CRLs")? {
        crls(&list, imported);
    }
    Ok(())
}

fn certificates(list: &Element<'_>, imported: &mut Imported, options: &ImportOptions) {
    let mut elements = list.inside();
    while !elements.is_empty() {
        let offset = elements.offset();
        match elements.any("a Certificate SEQUENCE") {
            Ok(element) if element.tag == asn1::SEQUENCE => {
                imported.place(single::entry(element.full), options);
            }
            Ok(element) => {
                not_read(imported, element.start, format!("a certificate of another kind (tag 0x{:02X})", element.tag))
            }
            Err(error) => {
                // Where the next one begins is lost.
                let rest = list.value.get(offset.saturating_sub(list.value_start)..).unwrap_or_default();
                imported.place(collect::unreadable(rest, offset, error.to_string()), options);
                return;
            }
        }
    }
}

fn crls(list: &Element<'_>, imported: &mut Imported) {
    let mut elements = list.inside();
    while !elements.is_empty() {
        let offset = elements.offset();
        match elements.any("a CertificateList SEQUENCE") {
            Ok(element) if element.tag == asn1::SEQUENCE => imported.crls.push(element.full.to_vec()),
            Ok(element) => not_read(imported, element.start, "revocation information of another kind".to_owned()),
            Err(error) => return not_read(imported, offset, format!("a CRL ({error})")),
        }
    }
}

pub(super) fn not_read(imported: &mut Imported, offset: usize, what: String) {
    let kind = ImportProblemKind::NotRead { what };
    imported.problems.push(Rule::T5, ProblemPlace::Byte(offset), kind);
}
