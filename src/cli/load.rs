//! From the bytes of a file to entries of stores: the content decides what a file is, never its name.

use super::cache::DecodeCache;
use super::error::InputError;
use super::export::{self, Exports};
use super::inventory::Sidecar;
use super::machine::Collected;
use super::properties;
use ccmcertsel::certificate::pem_blocks;
use ccmcertsel::{
    Certificate, CertificateError, Crl, CrlError, KeyProvider, PrivateKey, StoredCertificate, UnreadableEntry,
};

/// What files are read with.
#[derive(Default)]
pub struct Loader {
    pub cache: DecodeCache,
    pub exports: Exports,
}

/// What bytes turned out to be.
#[derive(Default)]
pub struct Contents {
    pub certificates: Vec<Result<Certificate, UnreadableEntry>>,
    pub crls: Vec<Result<Crl, CrlError>>,
    /// Private keys stand beside the certificates; the keys themselves are not read.
    pub private_keys: usize,
}

/// Decodes DER or PEM, certificates and CRLs.
///
/// Bytes that are neither are one unreadable certificate (rule T-5): someone put the file where certificates stand.
pub fn load_bytes(bytes: &[u8], cache: &DecodeCache) -> Contents {
    let mut contents = Contents::default();
    if memchr::memmem::find(bytes, b"-----BEGIN ").is_some() {
        load_pem(bytes, cache, &mut contents);
        return contents;
    }
    match cache.certificate(bytes) {
        Ok(certificate) => contents.certificates.push(Ok(certificate)),
        Err(unreadable) => match cache.crl(bytes) {
            Ok(crl) => contents.crls.push(Ok(crl)),
            Err(_) => contents.certificates.push(Err(unreadable)),
        },
    }
    contents
}

fn load_pem(text: &[u8], cache: &DecodeCache, contents: &mut Contents) {
    let mut labels = Vec::new();
    for block in pem_blocks(text) {
        match block {
            Ok(block) => match block.label.as_str() {
                "CERTIFICATE" | "X509 CERTIFICATE" => contents.certificates.push(cache.certificate(&block.der)),
                "X509 CRL" => contents.crls.push(cache.crl(&block.der)),
                label if label.ends_with("PRIVATE KEY") => contents.private_keys += 1,
                label => labels.push(label.to_owned()),
            },
            Err(error) => {
                // The thumbprint is of the text from the damaged block on, so that two of them are two entries.
                let rest = text.get(error.offset()..).unwrap_or(text);
                contents.certificates.push(Err(UnreadableEntry::new(rest, error)));
            }
        }
    }
    if contents.certificates.is_empty() && contents.crls.is_empty() {
        let problem = match labels.first() {
            Some(label) => format!("there is no CERTIFICATE block, only `{label}`"),
            None => "there is no CERTIFICATE block".to_owned(),
        };
        let error = CertificateError::Pem { offset: 0, problem };
        contents.certificates.push(Err(UnreadableEntry::new(text, error)));
    }
}

impl Collected {
    /// Adds the certificates and CRLs of a file to a store.
    ///
    /// # Errors
    /// A property of the sidecar that does not read.
    pub fn add_to_store(
        &mut self,
        store: &str,
        place: &str,
        bytes: &[u8],
        sidecar: &Sidecar,
        loader: &Loader,
    ) -> Result<(), InputError> {
        if export::is_export(bytes) {
            return self.add_export_to_store(store, place, bytes, sidecar, loader);
        }
        let contents = load_bytes(bytes, &loader.cache);
        let found = match contents.private_keys {
            0 => PrivateKey::Unknown,
            _ => PrivateKey::Accessible(KeyProvider::Unknown),
        };
        for certificate in contents.certificates {
            match certificate {
                Ok(certificate) => {
                    let stored = StoredCertificate::new(certificate).with_private_key(found);
                    self.stores.add(store, properties::apply(stored, sidecar)?);
                }
                Err(unreadable) => {
                    self.stores.add_unreadable(store, unreadable);
                }
            }
        }
        self.add_crls(place, contents.crls);
        Ok(())
    }

    /// Adds the CRLs of a file; certificates in it are no CRLs, which is said.
    pub fn add_crl_file(&mut self, place: &str, bytes: &[u8], cache: &DecodeCache) {
        if memchr::memmem::find(bytes, b"-----BEGIN ").is_none() {
            self.add_crls(place, [cache.crl(bytes)]);
            return;
        }
        let contents = load_bytes(bytes, cache);
        if contents.crls.is_empty() {
            self.notes.push(format!("{place}: there is no X509 CRL block"));
        }
        self.add_crls(place, contents.crls);
    }

    /// Adds CRLs; those that do not decode are warnings.
    pub fn add_crls(&mut self, place: &str, crls: impl IntoIterator<Item = Result<Crl, CrlError>>) {
        for crl in crls {
            match crl {
                Ok(crl) => self.crls.push(crl),
                Err(error) => self.bad_crls.push((place.to_owned(), error)),
            }
        }
    }
}
