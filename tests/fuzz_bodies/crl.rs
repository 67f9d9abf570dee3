//! Any bytes are a CRL or an error inside the input; a CRL answers every question without a panic.

use ccmcertsel::Crl;

/// What the fuzz target `crl` and its replay run.
///
/// # Panics
/// When the crate breaks a promise.
pub fn crl(data: &[u8]) {
    let crl = match Crl::from_der(data) {
        Ok(crl) => crl,
        Err(error) => {
            assert!(error.offset() <= data.len());
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(crl.as_der(), data);
    assert_eq!(crl.entries().count(), crl.len());
    assert_eq!(crl.is_delta(), crl.base_number().is_some());
    let _ = format!("{crl:?} {:?} {:?}", crl.number(), crl.base_number());
    let _ = (crl.next_publish(), crl.authority_key_identifier(), crl.unknown_critical_extension());
    if let Some(point) = crl.issuing_distribution_point() {
        let _ = (point.full_name(), point.only(), point.only_some_reasons(), point.indirect());
    }
    for point in crl.freshest_crl() {
        for url in point.urls() {
            let _ = (url.to_string(), url.scheme());
        }
        let _ = (point.reasons(), point.crl_issuer());
    }
    // The index finds what a walk finds. An indirect CRL may list certificates of other issuers, which `find` passes over.
    for entry in crl.entries().take(64) {
        if let Some(found) = crl.find(entry.serial_number()) {
            assert!(crl.entries().any(|walked| walked == found));
        }
    }
}
