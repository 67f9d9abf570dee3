//! Which format some bytes have: by content, never by a file's name.

use super::registry_text::HEADERS;
use super::sst::MAGIC;
use crate::asn1::{self, Der};
use crate::certificate::pem;
use crate::encoding::{self, Encoding};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::borrow::Cow;

/// id-signedData (RFC 5652 5.1), as the content of the OBJECT IDENTIFIER.
pub(super) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum Format {
    /// A registry export, `.reg`.
    Registry,
    /// A serialized store, `.sst`.
    SerializedStore,
    /// PKCS#7 (CMS SignedData), `.p7b`, in DER or BER.
    Pkcs7,
    /// PKCS#12, `.pfx`.
    Pkcs12,
    /// One certificate in DER.
    Certificate,
    /// One CRL in DER.
    Crl,
    /// A PEM text: certificates, CRLs, PKCS#7 or keys.
    Pem,
    /// Base64 of one of the others without the armour of PEM.
    Base64,
}

/// Recognises a format by its content, `None` when it is none of them.
pub(crate) fn detect(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(&MAGIC) {
        return Some(Format::SerializedStore);
    }
    if is_registry(bytes) {
        return Some(Format::Registry);
    }
    if let Some(format) = detect_der(bytes) {
        return Some(format);
    }
    if pem::is_pem(bytes) {
        return Some(Format::Pem);
    }
    base64_inside(bytes).map(|_| Format::Base64)
}

/// The bytes behind base64 without armour, if it is some and what is behind it is one of the DER formats or a serialized
/// store.
pub(super) fn base64_inside(bytes: &[u8]) -> Option<Vec<u8>> {
    let (encoding, body) = Encoding::of(bytes);
    let text: Cow<'_, [u8]> = match encoding {
        Encoding::Utf8 => Cow::Borrowed(body),
        Encoding::Utf16Le | Encoding::Utf16Be => Cow::Owned(encoding::decode(bytes).into_text().into_owned().into()),
    };
    // A SEQUENCE begins with 0x30, a serialized store with zeros.
    if !matches!(text.trim_ascii_start().first(), Some(b'M' | b'A')) {
        return None;
    }
    let sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=') || *byte <= b' ';
    if !text.iter().all(sign) {
        return None;
    }
    let signs: String = text.iter().filter(|byte| **byte > b' ').map(|byte| char::from(*byte)).collect();
    let inside = BASE64_STANDARD.decode(&signs).ok()?;
    (inside.starts_with(&MAGIC) || detect_der(&inside).is_some()).then_some(inside)
}

fn is_registry(bytes: &[u8]) -> bool {
    // Comments and empty lines may stand before the header: this many bytes of them are looked through.
    const HEAD: usize = 1 << 16;
    let head = encoding::decode(bytes.get(..HEAD).unwrap_or(bytes));
    let is_comment = |line: &&str| line.is_empty() || line.starts_with(';');
    let first = head.text().lines().map(str::trim).find(|line| !is_comment(line));
    let begins = |line: &str, start: &str| {
        line.as_bytes().get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
    };
    first.is_some_and(|line| {
        // A key without the header before it: the reader of the format says that the header is missing.
        HEADERS.iter().chain(&["[HKEY_", "[-HKEY_", "[HKLM\\", "[-HKLM\\"]).any(|start| begins(line, start))
    })
}

/// The four DER formats are told apart by their first fields; whether the rest is sound is for the reader of each.
fn detect_der(bytes: &[u8]) -> Option<Format> {
    const EXPECTED: &str = "a field";
    let mut outside = Der::new(bytes);
    let outer = outside.expect(asn1::SEQUENCE, EXPECTED);
    let outer = match outer {
        Ok(outer) => outer,
        // A cut file still begins like a certificate, and is then shown as a damaged one.
        Err(_) => {
            return ber(bytes).or_else(|| matches!(bytes, [0x30, 0x80..=0xff, ..]).then_some(Format::Certificate));
        }
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

/// Files of indefinite length, and those that were cut, by their first field.
fn ber(bytes: &[u8]) -> Option<Format> {
    let [asn1::SEQUENCE, first, rest @ ..] = bytes else { return None };
    // What a length of the long form says is not asked: it may reach beyond the end.
    let inside = rest.get(usize::from(first & 0x7f)..)?;
    match inside {
        [asn1::INTEGER, 1, 3, ..] => Some(Format::Pkcs12),
        [asn1::OID, 9, oid @ ..] if oid.starts_with(SIGNED_DATA) => Some(Format::Pkcs7),
        _ => None,
    }
}
