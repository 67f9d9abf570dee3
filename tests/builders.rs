//! What `tests/support` writes is what others read: x509-parser decodes it, rustls-webpki accepts the chains.

use crate::support::extension::{self, IssuingPoint, usage};
use crate::support::pki::*;
use ccmcertsel::Certificate;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use std::time::Duration;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

fn webpki_accepts(key: fn(u32) -> Key, algorithms: &[&dyn SignatureVerificationAlgorithm]) {
    let root = Cert::ca("DC=com; DC=contoso; CN=Root", key(0));
    let issuing = Cert::ca("CN=Issuing", key(1)).replace(extension::basic_constraints(true, Some(0)));
    let leaf = Cert::client("CN:bmp=PC1", key(2)).with(extension::san(&[San::dns("pc1.contoso.com")]));
    let root_der = CertificateDer::from(root.self_sign());
    let issuing_der = CertificateDer::from(issuing.clone().issued_by(&root));
    let leaf_der = CertificateDer::from(leaf.clone().issued_by(&issuing));
    for der in [&root_der, &issuing_der, &leaf_der] {
        let (rest, _) = x509_parser::parse_x509_certificate(der).expect("a certificate");
        assert!(rest.is_empty());
        Certificate::from_der(der).expect("a certificate");
    }
    let anchors = [anchor_from_trusted_cert(&root_der).expect("an anchor")];
    let now = UnixTime::since_unix_epoch(Duration::from_secs(instant("2026-01-15T09:00:00Z") as u64));
    let crl = CrlBuilder::of(&issuing, 1).revoke(77).sign(issuing.key);
    webpki::BorrowedCertRevocationList::from_der(&crl).expect("a CRL");
    let verify = |leaf: &CertificateDer<'_>| {
        let leaf = EndEntityCert::try_from(leaf).expect("a leaf");
        let intermediates = [issuing_der.clone()];
        leaf.verify_for_usage(algorithms, &anchors, &intermediates, now, KeyUsage::client_auth(), None, None)
            .map(|_| ())
    };
    verify(&leaf_der).expect("a valid chain");
    let damaged = leaf.change(|cert| cert.damaged_signature = true).issued_by(&issuing);
    verify(&damaged.into()).expect_err("a damaged signature");
}

#[test]
fn webpki_accepts_toy_chains() {
    webpki_accepts(Key::Toy, &[TOY]);
}

#[test]
fn webpki_accepts_p256_and_rsa_chains() {
    webpki_accepts(Key::P256, &[webpki::aws_lc_rs::ECDSA_P256_SHA256]);
    webpki_accepts(|index| Key::Rsa2048(index as u8), &[webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256]);
}

#[test]
fn every_extension_parses() {
    let name = Name::parse("O=Contoso; CN=A + OU:universal=B");
    let point = Point { relative: vec![Atv::new("CN", "P")], ..Point::default() };
    let cert = Cert::ca(name.clone(), Key::Toy(0))
        .with(extension::eku(&[extension::CLIENT_AUTH, extension::ANY_EKU]))
        .with(extension::san(&[
            San::Rfc822("a@b.c".into()),
            San::Uri("http://a".into()),
            San::Ip(vec![10, 0, 0, 1]),
            San::Directory(name.clone()),
            San::RegisteredId("1.2.3".into()),
            San::upn("pc1$@contoso.com"),
        ]))
        .with(extension::aki_full(Some(b"id"), &name, &[1]))
        .with(extension::crl_distribution_points(&[
            Point::uri("http://crl/a.crl").with_reasons(&[1, 2]).with_crl_issuer(name.clone()),
            point.clone(),
        ]))
        .with(extension::freshest_crl(&[Point::uri("http://crl/a+.crl")]))
        .with(extension::name_constraints(&[San::dns("contoso.com").into()], &[San::Ip(vec![0; 8]).into()]))
        .with(extension::certificate_policies(&["1.2.3"]))
        .with(extension::policy_mappings(&[("1.2.3", "1.2.4")]))
        .with(extension::policy_constraints(Some(0), Some(1)))
        .with(extension::inhibit_any_policy(0))
        .with(extension::ocsp("http://ocsp"))
        .with(extension::template("1.3.6.1.4.1.311.21.8.1", 100, 3))
        .with(extension::template_name(StringKind::Bmp, "Workstation"))
        .with(extension::application_policies(&[extension::CLIENT_AUTH]))
        .with(extension::unknown().critical())
        .self_sign();
    let (_, parsed) = x509_parser::parse_x509_certificate(&cert).expect("a certificate");
    for extension in parsed.extensions() {
        assert!(extension.parsed_extension().error().is_none(), "{extension:?}");
    }
    assert_eq!(parsed.extensions().len(), 18);
    let ours = Certificate::from_der(&cert).expect("a certificate");
    assert_eq!(ours.extensions().count(), 18);
    assert!(ours.key_usage().expect("a key usage").is_some_and(|bits| bits.names().any(|name| name == "keyCertSign")));
    assert_eq!(usage::KEY_CERT_SIGN, 5);

    let ca = Cert::ca(name.clone(), Key::Toy(0));
    let crl = CrlBuilder::of(&ca, 300)
        .with(extension::delta_indicator(200))
        .with(extension::issuing_distribution_point(&IssuingPoint {
            point,
            only_ca: true,
            only_reasons: Some(vec![1]),
            indirect: true,
            ..IssuingPoint::default()
        }))
        .entry(Entry::removed(5).with(extension::certificate_issuer(&name)))
        .entry(Entry::on_hold(128).with(extension::invalidity_date(0)))
        .sign(ca.key);
    let (rest, crl) = x509_parser::parse_x509_crl(&crl).expect("a CRL");
    assert!(rest.is_empty());
    assert_eq!(crl.iter_revoked_certificates().count(), 2);
    assert_eq!(crl.extensions().len(), 4);
}
