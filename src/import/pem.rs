//! Single certificates and CRLs, and PEM texts of any of them.

use super::detect::{Format, detect};
use super::problem::{ImportProblemKind, Place, Problems};
use super::{ImportError, ImportOptions, Imported, pkcs7};
use crate::certificate::pem_blocks;
use crate::store::Entry;
use crate::{KeyProvider, PrivateKey, Rule, StoredCertificate};

/// Reads DER or PEM. A private key in the same text belongs to the first certificate of it, as OpenSSL users expect:
/// its presence counts as accessible, with an unknown provider (rule V-2).
pub(super) fn certificates(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    let mut imported = Imported::new(Problems::default());
    match detect(bytes) {
        Some(Format::Certificate) => imported.place(pkcs7::certificate(bytes), options),
        Some(Format::Crl) => imported.crls.push(bytes.to_vec()),
        _ => texts(bytes, &mut imported, options),
    }
    Ok(imported)
}

fn texts(bytes: &[u8], imported: &mut Imported, options: &ImportOptions) {
    let blocks = pem_blocks(bytes);
    let is_key = |label: &str| label.ends_with("PRIVATE KEY");
    let mut key_waits = blocks.iter().flatten().any(|block| is_key(&block.label));
    for block in blocks {
        let block = match block {
            Ok(block) => block,
            Err(error) => {
                let problem = error.to_string();
                let place = Place::Byte(error.offset());
                imported.problems.push(Rule::T5, place, ImportProblemKind::Pem { problem });
                continue;
            }
        };
        match block.label.as_str() {
            // certutil writes `CERTIFICATE` round a PKCS#7 as well.
            _ if pkcs7::is_pkcs7(&block.der) => {
                if let Err(error) = pkcs7::read(&block.der, imported, options) {
                    pkcs7::not_read(imported, block.offset, format!("a PKCS#7 block ({error})"));
                }
            }
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                let mut entry = pkcs7::certificate(&block.der);
                if let Entry::Certificate(stored) = &entry
                    && std::mem::take(&mut key_waits)
                {
                    entry = Entry::Certificate(with_key(stored.clone()));
                }
                imported.place(entry, options);
            }
            "X509 CRL" => imported.crls.push(block.der),
            label if is_key(label) => {}
            label => {
                let what = format!("a PEM block `{}`", label.chars().take(40).collect::<String>());
                pkcs7::not_read(imported, block.offset, what);
            }
        }
    }
}

/// A certificate that was exported with its key.
pub(super) fn with_key(stored: StoredCertificate) -> StoredCertificate {
    stored.with_private_key(PrivateKey::Accessible(KeyProvider::Unknown))
}
