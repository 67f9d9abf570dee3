//! The fuzz target `certificate`: any bytes decode or fail with a place, and what decodes answers every question.

use ccmcertsel::certificate::pem_blocks;
use ccmcertsel::{Certificate, StoredCertificate, Stores};

/// Decodes the bytes as DER and as PEM, and asks a certificate everything that a rule asks.
pub fn certificate(data: &[u8]) {
    let decoded = Certificate::from_der(data);
    assert_eq!(Certificate::from_vec(data.to_vec()), decoded);
    match decoded {
        Ok(certificate) => {
            assert_eq!(certificate.as_der(), data, "the bytes are kept");
            ask(&certificate);
        }
        Err(error) => {
            assert!(error.offset() <= data.len(), "{error} at {} of {}", error.offset(), data.len());
            assert!(!error.to_string().is_empty());
        }
    }
    for block in pem_blocks(data).into_iter().flatten() {
        assert!(block.offset < data.len());
    }
    let mut builder = Stores::builder();
    builder.add_der("MY", data);
    assert_eq!(builder.build().entries().len(), 1, "nothing is dropped (T-5)");
}

fn ask(certificate: &Certificate) {
    let bounded = |error: &ccmcertsel::certificate::ExtensionError| {
        assert!(error.error.offset() <= certificate.as_der().len(), "{error}");
    };
    certificate.basic_constraints().as_ref().map_err(bounded).ok();
    certificate.key_usage().as_ref().map_err(bounded).ok();
    certificate.extended_key_usage().as_ref().map_err(bounded).ok();
    certificate.application_policies().as_ref().map_err(bounded).ok();
    certificate.subject_key_identifier().as_ref().map_err(bounded).ok();
    certificate.authority_key_identifier().as_ref().map_err(bounded).ok();
    certificate.template().as_ref().map_err(bounded).ok();
    if let Ok(names) = certificate.subject_alternative_names() {
        names.iter().for_each(|name| drop(name.to_string()));
    }
    if let Ok(points) = certificate.crl_distribution_points() {
        points.for_each(|point| point.urls().iter().for_each(|url| drop(url.to_string())));
    }
    for name in [certificate.subject(), certificate.issuer()] {
        drop((name.to_x500_string(), name.to_simple_name(), name.to_log_string()));
    }
    drop(certificate.issued_to());
    for extension in certificate.extensions() {
        drop(extension.oid().to_string());
    }
    drop(StoredCertificate::new(certificate.clone()));
}
