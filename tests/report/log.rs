//! The log of a machine built like the one that was published has the published lines, thumbprints, names and times aside.

use super::scene::{Scene, now, report, selector};
use crate::support::pki::*;
use crate::support::world::EntryRecipe;
use ccmcertsel::report::log::{LogLine, LogOptions, Severity, lines, render};
use ccmcertsel::settings::LogLevel;
use ccmcertsel::text::SslState;
use ccmcertsel::{IssuersList, KeyProvider, PrivateKey, Properties};

/// The issuers stage as published, the order between certificates ours; `<T>` stands for a thumbprint.
const PUBLISHED: &str = "\
Begin searching client certificates based on Certificate Issuers
Certificate Issuer 1 [CN=Server_CA Root CA]
Analyzing 1 Chain(s) found
Chain has Certificate [Thumbprint <T>] issued to [] issued by [CN=Server_CA Issuing CA v1; DC=AD; DC=local]
Chain has Certificate [Thumbprint <T>] issued to [CN=Server_CA Issuing CA v1, DC=AD, DC=local] issued by [CN=Server_CA Root CA]
Chain has Certificate [Thumbprint <T>] issued to [CN=Server_CA Root CA] issued by [CN=Server_CA Root CA]
Based on Certificate Issuer 'CN=Server_CA Root CA' found Certificate [Thumbprint <T>] issued to 'Client1.AD.local'
Begin validation of Certificate [Thumbprint <T>] issued to 'Client1.AD.local'
CRL check enabled. \n\
Verification of Certificate chain returned 00000000
Completed validation of Certificate [Thumbprint <T>] issued to 'Client1.AD.local'
Analyzing 1 Chain(s) found
Chain has Certificate [Thumbprint <T>] issued to [CN=127.0.0.1, OU=www.Application.com, O=Application GmbH, C=DE] issued by [CN=Application GmbH Local Authority; OU=www.Application.com; O=Application GmbH; C=DE]
Chain has Certificate [Thumbprint <T>] issued to [CN=Application GmbH Local Authority, OU=www.Application.com, O=Application GmbH, C=DE] issued by [CN=Application GmbH Local Authority; OU=www.Application.com; O=Application GmbH; C=DE]
Skipping Certificate [Thumbprint <T>] issued to '127.0.0.1' as root is 'CN=Application GmbH Local Authority, OU=www.Application.com, O=Application GmbH, C=DE'
Analyzing 1 Chain(s) found
Chain has Certificate [Thumbprint <T>] issued to [CN=Cert34, DC=8b02491a-0e7c-4dce-81aa-3021dc0195eb] issued by [CN=MS-Organization-P2P-Access [2019]]
Skipping Certificate [Thumbprint <T>] issued to 'Client1.' as root is 'CN=Cert34, DC=8b02491a-0e7c-4dce-81aa-3021dc0195eb'
Completed searching client certificates based on Certificate Issuers
Begin to select client certificate
The 'Certificate Selection Criteria' was not specified, counting number of certificates present in 'MY' store of 'Local Computer'.";

fn published_machine() -> Scene {
    let mut scene = Scene::new()
        .settings(|settings| settings.with_issuers("CN=Server_CA Root CA".parse::<IssuersList>().expect("a list")));
    scene.root = Cert::ca("CN=Server_CA Root CA", Key::Toy(1));
    scene.issuing = Cert::ca("DC=local; DC=AD; CN=Server_CA Issuing CA v1", Key::Toy(2));
    scene.crl = Some(CrlBuilder::of(&scene.issuing, 1));
    scene.leaf = Cert::client(Name::default(), Key::Toy(3)).with(extension::san(&[San::dns("Client1.AD.local")]));
    let authority =
        Cert::ca("C=DE; O=Application GmbH; OU=www.Application.com; CN=Application GmbH Local Authority", Key::Toy(4));
    let web = Cert::new("C=DE; O=Application GmbH; OU=www.Application.com; CN=127.0.0.1", Key::Toy(5));
    let peer = Cert::client("DC=8b02491a-0e7c-4dce-81aa-3021dc0195eb; CN=Cert34", Key::Toy(6))
        .with(extension::san(&[San::dns("Client1.")]))
        .issuer("CN=MS-Organization-P2P-Access [2019]");
    let with_key = |der| EntryRecipe { key: PrivateKey::Accessible(KeyProvider::Csp), ..EntryRecipe::new("MY", der) };
    scene.more.push(with_key(web.issued_by(&authority)));
    scene.more.push(with_key(peer.sign(Key::Toy(7))));
    scene.more.push(EntryRecipe::new("ROOT", authority.self_sign()));
    scene
}

/// A thumbprint is no part of the wording.
fn without_thumbprint(message: &str) -> String {
    let Some((before, rest)) = message.split_once("[Thumbprint ") else {
        return message.to_owned();
    };
    let (thumbprint, after) = rest.split_once(']').expect("it is closed");
    assert_eq!(thumbprint.len(), 40);
    format!("{before}[Thumbprint <T>]{after}")
}

fn messages(scene: &Scene) -> Vec<String> {
    let selector = scene.selector();
    let report = report(&selector, selector.select(now()));
    let lines = lines(&report, LogOptions::default());
    lines.iter().map(|line| without_thumbprint(line.message())).collect()
}

#[test]
fn the_published_lines() {
    let messages = messages(&published_machine());
    let published: Vec<&str> = PUBLISHED.lines().collect();
    let begin = messages.iter().position(|message| message == published[0]).expect("the first line");
    for (published, message) in published.iter().zip(&messages[begin..]) {
        assert_eq!(message, published);
    }
    let end = &messages[begin + published.len()..];
    let selected = [
        "The Certificate [Thumbprint <T>] issued to 'Client1.AD.local' has 'Client Authentication' capability.",
        "Completed validation of Certificate [Thumbprint <T>] issued to 'Client1.AD.local'",
        ">>> Client selected the PKI Certificate [Thumbprint <T>] issued to 'Client1.AD.local'",
        "Client PKI cert is available.",
    ];
    assert!(end.windows(4).any(|window| window == selected), "{end:#?}");
    // The usage is tested in the selection stage alone.
    assert_eq!(messages.iter().filter(|message| message.contains("capability")).count(), 1);
}

/// Type 0 in the published logs: chains, the CRL line, the result, the count, the usage.
const VERBOSE: [&str; 6] = [
    "Analyzing ",
    "Chain has Certificate ",
    "CRL check ",
    "Verification of Certificate chain returned 00000000",
    "The 'Certificate Selection Criteria' was not specified",
    "The Certificate ",
];

#[test]
fn the_types_of_the_published_lines_are_as_observed() {
    let selector = published_machine().selector();
    let report = report(&selector, selector.select(now()));
    for line in lines(&report, LogOptions::default()) {
        let verbose = VERBOSE.iter().any(|begin| line.message().starts_with(begin));
        assert_eq!(line.severity() == Severity::Verbose, verbose, "{}", line.message());
    }
}

#[test]
fn ccmloglevel_chooses_whether_verbose_lines_appear() {
    let level = |text: &str| {
        let properties: Properties = text.parse().expect("properties");
        let scene = published_machine().settings(|settings| settings.with_properties(&properties));
        let selector = scene.selector();
        lines(&report(&selector, selector.select(now())), LogOptions::default())
    };
    let all = level("");
    assert_eq!(level("CCMLOGLEVEL=0"), all);
    for (text, least) in [
        ("CCMLOGLEVEL=1", Severity::Information),
        ("CCMLOGLEVEL=2", Severity::Warning),
        ("CCMLOGLEVEL=3", Severity::Error),
    ] {
        let kept: Vec<LogLine> = all.iter().filter(|line| line.severity() >= least).cloned().collect();
        assert_eq!(level(text), kept, "{text}");
    }
    let normal: Vec<String> = level("CCMLOGLEVEL=1").iter().map(|line| without_thumbprint(line.message())).collect();
    let good = [
        "Begin validation of Certificate [Thumbprint <T>] issued to 'Client1.AD.local'",
        "Completed validation of Certificate [Thumbprint <T>] issued to 'Client1.AD.local'",
    ];
    assert!(normal.windows(2).any(|window| window == good), "{normal:#?}");
    assert!("CCMLOGLEVEL=4".parse::<Properties>().is_err());
    let printed = "ccmloglevel=1".parse::<Properties>().expect("properties").to_string();
    assert_eq!(printed, "CCMLOGLEVEL=1");
    assert_eq!(published_machine().settings.get::<LogLevel>(), LogLevel::Verbose);
}

#[test]
fn an_expired_certificate_has_no_crl_line() {
    let scene = Scene::new().leaf(|leaf| leaf.valid("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"));
    let messages = messages(&scene);
    let expected = [
        "Begin validation of Certificate [Thumbprint <T>] issued to 'pc1.contoso.com'",
        "Certificate [Thumbprint <T>] issued to 'pc1.contoso.com' has expired.",
        "Completed validation of Certificate [Thumbprint <T>] issued to 'pc1.contoso.com'",
    ];
    assert!(messages.windows(3).any(|window| window == expected), "{messages:#?}");
    assert!(!messages.iter().any(|message| message.starts_with("CRL check")));
}

#[test]
fn the_result_of_a_chain_is_that_of_windows() {
    let revoked = Scene::new().change(|scene| scene.crl = scene.crl.take().map(|crl| crl.revoke(3)));
    let offline = Scene::new().leaf(|leaf| leaf.with(extension::cdp("http://pki.contoso.com/issuing.crl"))).crl(None);
    let untrusted = Scene::new().change(|scene| scene.root_store = "CA");
    for (scene, result) in [(revoked, "80092010"), (offline, "80092013"), (untrusted, "800B0109")] {
        let line = format!("Verification of Certificate chain returned {result}");
        let messages = messages(&scene);
        assert!(messages.contains(&line), "{messages:#?}");
    }
}

#[test]
fn every_line_parses_back() {
    let hostile =
        Scene::new().leaf(|leaf| leaf.replace(extension::san(&[San::dns("x]LOG]!><time=\"1\">\r\n<![LOG[y")])));
    for scene in [published_machine(), hostile] {
        let selector = scene.selector();
        let report = report(&selector, selector.select(now()));
        let options = LogOptions::default().with_utc_offset_minutes(120).with_ssl_state(SslState::new(63));
        let text = render(&report, options);
        let parsed: Vec<LogLine> = text.lines().map(|line| line.parse().expect(line)).collect();
        assert_eq!(parsed, lines(&report, options));
        assert!(parsed.iter().all(|line| line.instant() == now()));
        assert!(text.contains(r#"time="11:00:00.000-120" date="01-15-2026""#));
        assert_eq!(parsed[1].message(), "HTTPS is enforced for Client. The current state is 63.");
        assert!(parsed.iter().any(|line| line.severity() == Severity::Verbose));
    }
}

#[test]
fn a_log_without_a_candidate_still_ends() {
    let mut recipe = Scene::new().recipe();
    recipe.entries.clear();
    let selector = selector(&recipe);
    let report = report(&selector, selector.select(now()));
    let last: Vec<LogLine> = lines(&report, LogOptions::default());
    assert!(last.iter().any(|line| line.severity() == Severity::Error && line.message().contains("0x87D00280")));
}
