//! One certificate or CRL: what every format comes down to (rule T-5).

use super::problem::{ImportProblemKind, ProblemPlace};
use super::{ImportOptions, Imported};
use crate::asn1::Der;
use crate::certificate::Certificate;
use crate::rules::Rule;
use crate::store::{Entry, StoredCertificate, UnreadableEntry};

/// A certificate about whose key nothing is known, or an unreadable entry.
pub(super) fn certificate(bytes: &[u8], offset: usize, imported: &mut Imported, options: &ImportOptions) {
    let der = without_blanks(bytes, offset, imported);
    imported.place(entry(der), options);
}

/// The certificate of a `TRUSTED CERTIFICATE`: OpenSSL's trust settings may stand behind it.
pub(super) fn trusted(bytes: &[u8], offset: usize, imported: &mut Imported, options: &ImportOptions) {
    let first = Der::new(bytes).any("a certificate").map_or(bytes, |first| first.full);
    if first.len() < bytes.len() {
        imported.problems.push(Rule::T5, ProblemPlace::Byte(offset), ImportProblemKind::TrustSettings);
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

/// Line breaks, NULs and the like behind the DER are not part of it: text mode, padding and editors put them there.
fn without_blanks<'a>(bytes: &'a [u8], offset: usize, imported: &mut Imported) -> &'a [u8] {
    let der = super::without_blanks(bytes);
    if der.len() < bytes.len() {
        let kind = ImportProblemKind::BytesBehind { count: bytes.len() - der.len() };
        imported.problems.push(Rule::T5, ProblemPlace::Byte(offset + der.len()), kind);
    }
    der
}

/// What stands behind a file that says itself where it ends.
pub(super) fn rest(bytes: &[u8], used: usize, imported: &mut Imported) {
    let rest = bytes.get(used..).unwrap_or_default();
    let count = rest.len();
    let kind = if super::are_blanks(rest) {
        ImportProblemKind::BytesBehind { count }
    } else {
        ImportProblemKind::Rest { count }
    };
    if count > 0 {
        imported.problems.push(Rule::T5, ProblemPlace::Byte(used), kind);
    }
}
