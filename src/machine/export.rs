//! Which files of a machine folder are exports of Windows, and what is taken from one (rules W-1 to W-4).

use super::cache::DecodeCache;
use super::collected::Collected;
use crate::import::{self, Format, Imported};

/// Whether bytes are one of the formats that hold many certificates.
pub(crate) fn is_export(bytes: &[u8]) -> bool {
    match import::detect(bytes) {
        Some(Format::Registry | Format::SerializedStore | Format::Pkcs7 | Format::Pkcs12) => true,
        Some(Format::Pem) => holds_many(bytes),
        Some(_) | None => false,
    }
}

/// Whether a PEM text has a block of PKCS#7 or PKCS#12, by its labels.
fn holds_many(bytes: &[u8]) -> bool {
    let text = crate::encoding::decode(bytes).into_text();
    ["-----BEGIN PKCS7-----", "-----BEGIN PKCS #7 SIGNED DATA-----", "-----BEGIN PKCS12-----"]
        .iter()
        .any(|label| text.contains(label))
}

impl Collected {
    /// Adds everything that exports held.
    pub(crate) fn add_import(&mut self, imported: &Imported, place: &str, cache: &DecodeCache) {
        imported.add_to(&mut self.stores);
        self.add_crls(place, imported.crls().iter().map(|der| cache.crl(der)));
    }
}
