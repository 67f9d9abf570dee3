//! The one reader: the same bytes mean the same, wherever they stand (a folder, an argument, an inventory, an export).

use super::detect::{Format, base64_der, detect};
use super::problem::{ImportProblemKind, Place};
use super::{ImportError, ImportOptions, Imported, pem, pkcs7, registry, sst};
use crate::asn1::Der;
use crate::certificate::CertificateError;
use crate::store::Entry;
use crate::{Certificate, Rule, StoredCertificate, UnreadableEntry};

/// Reads any of the formats, recognised by content.
pub(super) fn read(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    match detect(bytes).ok_or(ImportError::Unknown)? {
        Format::Registry => return registry(bytes),
        Format::SerializedStore => return sst(bytes, options),
        Format::Pkcs7 => return pkcs7(bytes, options),
        Format::Pkcs12 => return pkcs12(bytes, options),
        Format::Pem => pem::read(bytes, &mut imported, options),
        Format::Base64 => {
            let der = base64_der(bytes).ok_or(ImportError::Unknown)?;
            imported = read(&der, options)?;
        }
        Format::Certificate => certificate(bytes, 0, &mut imported, options),
        Format::Crl => crl(bytes, 0, &mut imported),
    }
    Ok(imported)
}

#[cfg(feature = "import")]
fn pkcs12(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    super::pkcs12(bytes, options)
}

#[cfg(not(feature = "import"))]
fn pkcs12(_: &[u8], _: &ImportOptions) -> Result<Imported, ImportError> {
    Err(ImportError::NotBuilt)
}

/// Reads what stands inside of another format, from this byte of it on; a whole that cannot be read is a problem.
pub(super) fn inside(format: Format, bytes: &[u8], offset: usize, imported: &mut Imported, options: &ImportOptions) {
    let (what, read) = match format {
        Format::Certificate => return certificate(bytes, offset, imported, options),
        Format::Crl => return crl(bytes, offset, imported),
        Format::Pkcs7 => ("a PKCS#7 block", pkcs7(bytes, options)),
        Format::Pkcs12 => ("a PKCS#12 block", pkcs12(bytes, options)),
        Format::SerializedStore => ("a serialized store", sst(bytes, options)),
        Format::Registry | Format::Pem | Format::Base64 => ("a text", Err(ImportError::Unknown)),
    };
    match read {
        Ok(other) => imported.append(other, offset),
        Err(error) => {
            // T-5: where certificates should be and none can be read is an unreadable entry.
            let error = CertificateError::Entry { offset, problem: format!("{what} ({error})") };
            imported.place(Entry::Unreadable(UnreadableEntry::new(bytes, error)), options);
        }
    }
}

/// A certificate about whose key nothing is known, or an unreadable entry.
pub(super) fn certificate(bytes: &[u8], offset: usize, imported: &mut Imported, options: &ImportOptions) {
    let der = without_blanks(bytes, offset, imported);
    imported.place(entry(der), options);
}

/// The certificate of a `TRUSTED CERTIFICATE`: OpenSSL's trust settings may stand behind it.
pub(super) fn trusted(bytes: &[u8], offset: usize, imported: &mut Imported, options: &ImportOptions) {
    let first = Der::new(bytes).any("a certificate").map_or(bytes, |first| first.full);
    if first.len() < bytes.len() {
        imported.problems.push(Rule::T5, Place::Byte(offset), ImportProblemKind::TrustSettings);
    }
    imported.place(entry(first), options);
}

/// A CRL; whether it decodes is found out where it is used (rule V-8).
pub(super) fn crl(bytes: &[u8], offset: usize, imported: &mut Imported) {
    let der = without_blanks(bytes, offset, imported).to_vec();
    imported.crls.push(der);
}

/// A certificate about whose key nothing is known, or an unreadable entry.
pub(super) fn entry(der: &[u8]) -> Entry {
    match Certificate::from_der(der) {
        Ok(certificate) => Entry::Certificate(StoredCertificate::new(certificate)),
        Err(error) => Entry::Unreadable(UnreadableEntry::new(der, error)),
    }
}

/// Line breaks, NULs and the like behind the DER are no part of it: text mode, padding and editors put them there.
fn without_blanks<'a>(bytes: &'a [u8], offset: usize, imported: &mut Imported) -> &'a [u8] {
    let der = super::without_blanks(bytes);
    if der.len() < bytes.len() {
        let kind = ImportProblemKind::BytesBehind { count: bytes.len() - der.len() };
        imported.problems.push(Rule::T5, Place::Byte(offset + der.len()), kind);
    }
    der
}

/// What stands behind a file that says itself where it ends.
pub(super) fn rest(bytes: &[u8], used: usize, imported: &mut Imported) {
    let rest = bytes.get(used..).unwrap_or_default();
    let count = rest.len();
    let kind = match super::are_blanks(rest) {
        true => ImportProblemKind::BytesBehind { count },
        false => ImportProblemKind::Rest { count },
    };
    if count > 0 {
        imported.problems.push(Rule::T5, Place::Byte(used), kind);
    }
}
