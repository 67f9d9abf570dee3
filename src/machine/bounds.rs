//! What one machine may cost: it is refused before it takes the memory of the others.

use super::error::InputError;
use crate::certificate::Certificate;
use crate::store::{StoredCertificate, Stores};
use std::collections::HashSet;

/// No ordinary CA certificate has this size: they have two to four kilobytes.
const LARGE_CA_BYTES: usize = 16 << 10;
/// What findings may repeat of it in all. Each certificate's findings name the CAs above it, with their names and addresses.
const REPEATED_BYTES: usize = 64 << 20;

/// Whether the answer about a machine fits into memory beside those of others.
///
/// # Errors
/// A CA certificate is so large, and so many certificates may be under it, that naming it with each of them would not.
pub(crate) fn affordable(stores: &Stores) -> Result<(), InputError> {
    let certificates =
        || stores.entries().filter_map(|(_, entry)| entry.certificate()).map(StoredCertificate::certificate);
    let count = certificates().count();
    let is_costly = |size: usize| size > LARGE_CA_BYTES && size.saturating_mul(count) > REPEATED_BYTES;
    let costly: Vec<&Certificate> =
        certificates().filter(|certificate| is_costly(certificate.as_der().len())).collect();
    if costly.is_empty() {
        return Ok(());
    }
    let issuers: HashSet<&[u8]> = certificates().map(Certificate::issuer_der).collect();
    if let Some(ca) = costly.into_iter().find(|certificate| issuers.contains(certificate.subject_der())) {
        let (size, thumbprint) = (ca.as_der().len() >> 10, ca.thumbprint());
        return Err(InputError::new(format!(
            "the CA certificate {thumbprint} has {size} kB, and {count} certificates may repeat its names"
        )));
    }
    Ok(())
}
