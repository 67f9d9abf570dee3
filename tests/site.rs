//! The trusted root key and the site server signing certificate, on keys and signatures that OpenSSL made (K-1 to K-4).

use ccmcertsel::settings::IssuerSyntax;
use ccmcertsel::site::{
    KeyOrigin, RootKeySources, SignatureVerdict, SigningCertificateOrigin, SiteSigningCertificate, SiteWarning,
    TrustedRootKey,
};
use ccmcertsel::text::{MobileClientFile, Property};
use ccmcertsel::{Algorithms, Certificate, HashAlgorithm, Properties, StoredCertificate};

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/site").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn hex() -> String {
    String::from_utf8(fixture("root-key.hex")).unwrap()
}

#[test]
fn k2_the_trusted_root_key_verifies_or_does_not() {
    let key = TrustedRootKey::from_hex(&hex(), KeyOrigin::ActiveDirectory).unwrap();
    assert_eq!(key.bits(), 2048);
    let (algorithms, message) = (Algorithms::default(), fixture("message.bin"));
    let verify = |hash, message: &[u8], signature: &str| key.verify(&algorithms, hash, message, &fixture(signature));
    assert_eq!(verify(HashAlgorithm::Sha1, &message, "message.root-key.sha1"), SignatureVerdict::Valid);
    assert_eq!(verify(HashAlgorithm::Sha256, &message, "message.root-key.sha256"), SignatureVerdict::Valid);
    let invalid = SignatureVerdict::Invalid;
    assert_eq!(verify(HashAlgorithm::Sha256, &message, "message.root-key.sha1"), invalid);
    assert_eq!(verify(HashAlgorithm::Sha256, b"altered", "message.root-key.sha256"), invalid);
    assert_eq!(verify(HashAlgorithm::Sha256, &message, "message.site-server.sha256"), invalid);
    let md5 = verify(HashAlgorithm::Md5, &message, "message.root-key.sha1");
    assert_eq!(md5, SignatureVerdict::NotUnderstood { algorithm: None });
}

#[test]
fn k1_another_form_says_what_was_expected() {
    let good = hex();
    let cases = [
        ("", "0 bytes, expected a PUBLICKEYBLOB of at least 20"),
        ("06 0", "3 hexadecimal digits, expected an even number"),
        ("0602xx", "`x` at character 5 is no hexadecimal digit"),
        (
            &good.replacen("0602", "0702", 1),
            "it begins with 0702000000A4000052534131, expected 0602000000A4000052534131",
        ),
        (&good[..good.len() - 2], "the modulus has 255 bytes, expected 2048 bits"),
        (&format!("{good}00"), "the modulus has 257 bytes, expected 2048 bits"),
        (&"06".repeat(10_000), "4097 bytes, expected a PUBLICKEYBLOB"),
    ];
    for (text, expected) in cases {
        let error = TrustedRootKey::from_hex(text, KeyOrigin::PreProvisioned).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("(K-1)"), "{error}");
    }
    let lower_case_and_blanks = format!("\u{feff}{}\r\n", good.to_lowercase());
    TrustedRootKey::from_hex(&lower_case_and_blanks, KeyOrigin::PreProvisioned).unwrap();
}

#[test]
fn k2_only_a_key_taken_on_first_use_warns() {
    use KeyOrigin::{ActiveDirectory, ClientPush, FirstManagementPoint, PreProvisioned};
    for origin in [ActiveDirectory, ClientPush, PreProvisioned, FirstManagementPoint] {
        let key = TrustedRootKey::from_hex(&hex(), origin).unwrap();
        let expected = (origin == FirstManagementPoint).then_some(SiteWarning::TakenOnFirstUse);
        assert_eq!(key.warning(), expected);
    }
}

#[test]
fn k2_a_provisioned_key_counts_first_and_a_reset_removes_all() {
    let key = |origin| TrustedRootKey::from_hex(&hex(), origin).unwrap();
    let sources =
        RootKeySources::default().with_key(key(KeyOrigin::FirstManagementPoint)).with_key(key(KeyOrigin::ClientPush));
    assert_eq!(sources.trusted().map(TrustedRootKey::origin), Some(KeyOrigin::ClientPush));
    let reset = Properties::parse("SMSSITECODE=ABC RESETKEYINFORMATION=TRUE", IssuerSyntax::Documented).unwrap();
    let sources = sources.with_properties(&reset).unwrap();
    assert!(sources.was_reset());
    assert_eq!(sources.trusted(), None);
    let line = format!("SMSSITECODE=ABC SMSPublicRootKey={}", hex());
    let given = Properties::parse(&line, IssuerSyntax::Documented).unwrap();
    let sources = sources.with_properties(&given).unwrap();
    assert_eq!(sources.trusted().map(TrustedRootKey::origin), Some(KeyOrigin::PreProvisioned));
}

#[test]
fn k1_the_key_of_mobileclient_tcf() {
    let text = |file: &[u8]| MobileClientFile::parse(file).properties().unwrap().value_text(Property::PublicRootKey);
    let key = TrustedRootKey::from_hex(&text(&fixture("mobileclient.tcf")).unwrap(), KeyOrigin::ClientPush).unwrap();
    assert_eq!(key, TrustedRootKey::from_hex(&hex(), KeyOrigin::ClientPush).unwrap());
    assert_eq!(text(b"[Site]\r\n"), None);
}

#[test]
fn k3_signed_policy_verifies_or_does_not() {
    let algorithms = Algorithms::default();
    let certificate = Certificate::from_der(&fixture("site-server.cer")).unwrap();
    let origin = SigningCertificateOrigin::SignCertProperty;
    let named = |name: &str| StoredCertificate::new(certificate.clone()).with_friendly_name(name);
    let stored = named("Site Server Signing Certificate");
    assert!(SiteSigningCertificate::is_named(&stored));
    let site = SiteSigningCertificate::new(stored, origin, &algorithms).unwrap();
    assert_eq!(site.warnings(), []);
    let (policy, signature) = (fixture("message.bin"), fixture("message.site-server.sha256"));
    assert_eq!(site.verify_policy(&algorithms, &policy, &signature), SignatureVerdict::Valid);
    assert_eq!(site.verify_policy(&algorithms, b"altered", &signature), SignatureVerdict::Invalid);
    let internet = SigningCertificateOrigin::InternetManagementPoint;
    let internet = SiteSigningCertificate::new(named("IIS"), internet, &algorithms).unwrap();
    assert_eq!(internet.warnings(), [SiteWarning::SigningCertificateFromInternet, SiteWarning::NotNamedAsSiteServer]);
}

#[test]
fn k3_a_certificate_of_a_ca_is_not_the_site_servers() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/machines/contoso-pc1/CA/contoso-issuing-ca-1.cer");
    let certificate = Certificate::from_der(&std::fs::read(path).unwrap()).unwrap();
    let error =
        SiteSigningCertificate::new(certificate, SigningCertificateOrigin::ActiveDirectory, &Algorithms::default());
    let error = error.unwrap_err().to_string();
    assert!(error.ends_with("expected self-signed (K-3)"), "{error}");
}
