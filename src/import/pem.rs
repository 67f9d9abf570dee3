//! PEM texts: certificates, CRLs, PKCS#7 and PKCS#12 under the labels in use, and whose the private keys are.

use super::detect::{Format, detect};
use super::private_key::PublicHalf;
use super::problem::{ImportProblemKind, ProblemPlace};
use super::{ImportError, ImportOptions, Imported, pkcs7, pkcs12_or_not, single, sst, usual_store};
use crate::certificate::{Certificate, CertificateError, pem};
use crate::rules::Rule;
use crate::store::{Entry, KeyProvider, PrivateKey, StoreName, StoredCertificate, UnreadableEntry};

/// How much of a label is repeated.
const SHOWN: usize = 40;

/// Reads the blocks of a text. What a block holds decides, as far as its label is one under which such things are written:
/// certutil writes `CERTIFICATE` round CRLs and PKCS#7 as well.
pub(super) fn read(bytes: &[u8], imported: &mut Imported, options: &ImportOptions) {
    let mut keys = Vec::new();
    let mut labels = Vec::new();
    for block in pem::armoured(bytes) {
        let place = ProblemPlace::Byte(block.offset);
        let is_key = pem::is_private_key(&block.label);
        match block.bytes {
            Err(problem) if is_key || pem::is_crl(&block.label) => {
                if is_key {
                    keys.push(None);
                }
                let problem = format!("`{}`: {problem}", shown(&block.label));
                imported.problems.push(Rule::T5, place, ImportProblemKind::Pem { problem });
            }
            Err(problem) => {
                let error = CertificateError::Pem { offset: block.offset, problem };
                imported.place(Entry::Unreadable(UnreadableEntry::new(&block.text, error)), options);
            }
            Ok(der) if is_key => keys.push(PublicHalf::of(&block.label, &der)),
            Ok(der) => {
                if !one(&block.label, &der, block.offset, imported, options) {
                    let what = if pem::is_request(&block.label) {
                        format!("`{}`, which a CA makes a certificate of,", shown(&block.label))
                    } else {
                        format!("a PEM block `{}`", shown(&block.label))
                    };
                    imported.problems.push(Rule::T5, place, ImportProblemKind::NotRead { what });
                }
            }
        }
        labels.push(block.label);
    }
    if imported.entries() == 0 && imported.crls.is_empty() {
        nothing(bytes, &labels, imported, options);
    }
    give(&keys, imported);
}

fn shown(label: &str) -> String {
    label.chars().take(SHOWN).collect()
}

/// Reads one block; `false` if its label is not one under which certificates or CRLs are written.
fn one(label: &str, der: &[u8], offset: usize, imported: &mut Imported, options: &ImportOptions) -> bool {
    let format = detect(der).filter(|format| {
        matches!(format, Format::Certificate | Format::Crl | Format::Pkcs7 | Format::Pkcs12 | Format::SerializedStore)
    });
    if pem::is_trusted_certificate(label) {
        single::trusted(der, offset, imported, options);
    } else if pem::is_certificate(label) {
        match format {
            Some(format) => inside(format, der, offset, imported, options),
            None => single::certificate(der, offset, imported, options),
        }
    } else if pem::is_crl(label) {
        single::crl(der, offset, imported);
    } else if pem::is_pkcs7(label) {
        inside(Format::Pkcs7, der, offset, imported, options);
    } else if pem::is_pkcs12(label) {
        inside(Format::Pkcs12, der, offset, imported, options);
    } else {
        return false;
    }
    true
}

/// Reads what stands inside of another format, from this byte of it on; a whole that cannot be read is a problem.
fn inside(format: Format, bytes: &[u8], offset: usize, imported: &mut Imported, options: &ImportOptions) {
    let (what, read) = match format {
        Format::Certificate => return single::certificate(bytes, offset, imported, options),
        Format::Crl => return single::crl(bytes, offset, imported),
        Format::Pkcs7 => ("a PKCS#7 block", pkcs7(bytes, options)),
        Format::Pkcs12 => ("a PKCS#12 block", pkcs12_or_not(bytes, options)),
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

/// A text without any certificate or CRL is an unreadable entry (rule T-5); one with a private key is not kept.
fn nothing(bytes: &[u8], labels: &[String], imported: &mut Imported, options: &ImportOptions) {
    if labels.iter().any(|label| pem::is_private_key(label)) {
        return;
    }
    let problem = match labels.first() {
        Some(label) => format!("there is no CERTIFICATE block, only `{}`", shown(label)),
        None => "there is no CERTIFICATE block: `-----BEGIN` has to be the first on its line, without a quote, `>` or `\\n` before \
                 it"
            .to_owned(),
    };
    let error = CertificateError::Pem { offset: 0, problem };
    imported.place(Entry::Unreadable(UnreadableEntry::new(bytes, error)), options);
}

/// Gives each key to the certificate whose public key it has: its presence counts as accessible, with an unknown provider
/// (rule V-2). Of an encrypted key that cannot be told: it goes to the first certificate that is not a CA's, with a problem.
fn give(keys: &[Option<PublicHalf>], imported: &mut Imported) {
    for half in keys.iter().flatten() {
        let mut found = false;
        for entry in imported.entries_mut() {
            if let Entry::Certificate(stored) = entry
                && half.is_of(stored.certificate())
            {
                *stored = with_key(stored.clone());
                found = true;
            }
        }
        if !found {
            imported.problems.push(Rule::V2, ProblemPlace::Byte(0), ImportProblemKind::KeyOfNoCertificate);
        }
    }
    for _ in keys.iter().filter(|half| half.is_none()) {
        let waits = |entry: &Entry, wanted: fn(&Certificate) -> bool| {
            let stored = entry.certificate();
            stored.is_some_and(|stored| stored.private_key() == PrivateKey::Unknown && wanted(stored.certificate()))
        };
        let leaf = |certificate: &Certificate| usual_store(certificate) == StoreName::MY;
        let kind = match imported.first_mut(|entry| waits(entry, leaf)) {
            Some(entry) => assume(entry),
            None => {
                imported.first_mut(|entry| waits(entry, |_| true)).map_or(ImportProblemKind::KeyOfNoCertificate, assume)
            }
        };
        imported.problems.push(Rule::V2, ProblemPlace::Byte(0), kind);
    }
}

fn assume(entry: &mut Entry) -> ImportProblemKind {
    let thumbprint = entry.thumbprint();
    if let Entry::Certificate(stored) = entry {
        *stored = with_key(stored.clone());
    }
    ImportProblemKind::KeyAssumed { thumbprint }
}

/// A certificate that was exported with its key.
pub(super) fn with_key(stored: StoredCertificate) -> StoredCertificate {
    stored.with_private_key(PrivateKey::Accessible(KeyProvider::Unknown))
}
