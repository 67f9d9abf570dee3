//! Which format some bytes have: by content, never by a file's name.

use super::registry_text::{Encoding, HEADERS};
use super::sst::MAGIC;
use crate::asn1::{self, Der};

/// id-signedData (RFC 5652 5.1), as the content of the OBJECT IDENTIFIER.
pub(super) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A registry export, `.reg`.
    Registry,
    /// A serialized store, `.sst`.
    SerializedStore,
    /// PKCS#7 (CMS SignedData), `.p7b`, in DER.
    Pkcs7,
    /// PKCS#12, `.pfx`.
    Pkcs12,
    /// One certificate in DER.
    Certificate,
    /// One CRL in DER.
    Crl,
    /// A PEM text: certificates, CRLs, PKCS#7 or keys.
    Pem,
}

/// Recognises a format by its content, `None` when it is none of them.
///
/// ```
/// use ccmcertsel::import::{Format, detect};
///
/// assert_eq!(detect(b"REGEDIT4\r\n"), Some(Format::Registry));
/// assert_eq!(detect(b"text\n-----BEGIN CERTIFICATE-----\n"), Some(Format::Pem));
/// assert_eq!(detect(b"name,thumbprint\n"), None);
/// ```
pub fn detect(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(&MAGIC) {
        return Some(Format::SerializedStore);
    }
    if is_registry(bytes) {
        return Some(Format::Registry);
    }
    if let Some(format) = detect_der(bytes) {
        return Some(format);
    }
    memchr::memmem::find(bytes, b"-----BEGIN ").map(|_| Format::Pem)
}

fn is_registry(bytes: &[u8]) -> bool {
    let (encoding, body) = Encoding::of(bytes);
    // Enough for the longer header with some empty lines before it.
    let start = body.get(..256).unwrap_or(body);
    let ascii: Vec<u8> = match encoding {
        Encoding::Utf8 => start.to_vec(),
        Encoding::Utf16Le => start.iter().step_by(2).copied().collect(),
        Encoding::Utf16Be => start.iter().skip(1).step_by(2).copied().collect(),
    };
    let ascii = ascii.trim_ascii_start();
    HEADERS
        .iter()
        .any(|header| ascii.get(..header.len()).is_some_and(|start| start.eq_ignore_ascii_case(header.as_bytes())))
}

/// The four DER formats are told apart by their first fields; whether the rest is sound is for the reader of each.
fn detect_der(bytes: &[u8]) -> Option<Format> {
    const EXPECTED: &str = "a field";
    let mut outside = Der::new(bytes);
    let outer = outside.expect(asn1::SEQUENCE, EXPECTED);
    let outer = match outer {
        Ok(outer) => outer,
        // A cut file still begins like a certificate, and is then shown as a damaged one.
        Err(_) => return matches!(bytes, [0x30, 0x80..=0xff, ..]).then_some(Format::Certificate),
    };
    let mut fields = outer.inside();
    let first = fields.any(EXPECTED).ok()?;
    match first.tag {
        asn1::OID => (first.value == SIGNED_DATA).then_some(Format::Pkcs7),
        // PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo, ... }
        asn1::INTEGER => (first.value == [3]).then_some(Format::Pkcs12),
        asn1::SEQUENCE => {
            let mut inside = first.inside();
            let mut field = inside.any(EXPECTED).ok()?;
            if field.tag == asn1::context_constructed(0) {
                return Some(Format::Certificate); // only a certificate's version is tagged
            }
            if field.tag == asn1::INTEGER {
                field = inside.any(EXPECTED).ok()?; // a serial number, or a CRL's version
            }
            let _issuer = inside.any(EXPECTED).ok()?;
            let next = inside.any(EXPECTED).ok()?;
            match (field.tag, next.tag) {
                (asn1::SEQUENCE, asn1::UTC_TIME | asn1::GENERALIZED_TIME) => Some(Format::Crl),
                (asn1::SEQUENCE, asn1::SEQUENCE) => Some(Format::Certificate),
                _ => None,
            }
        }
        _ => None,
    }
}
