//! `site`: what a site writes for its clients, and how a client knows the site by its keys (I-9, Q-3, K-1 to K-4).

use super::{machine, path, run, run_with};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::path::Path;

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let file = folder.join(name);
    std::fs::write(&file, bytes).expect("a file");
    file.to_str().expect("UTF-8").to_owned()
}

fn root_key() -> String {
    let hex = std::fs::read_to_string(path("testdata/site/root-key.hex")).expect("the key");
    hex.trim().to_owned()
}

/// The same key but for one digit of its modulus.
fn other_key() -> String {
    let key = root_key();
    let (head, last) = key.split_at(key.len() - 1);
    format!("{head}{}", if last == "A" { "B" } else { "A" })
}

/// An inventory of a machine with these settings, and with the certificate of the site server in its store `SMS`.
fn client(settings: &str, more: &str) -> String {
    let der = BASE64_STANDARD.encode(std::fs::read(path("testdata/site/site-server.cer")).expect("the certificate"));
    let sms = format!(r#"{{"der":"{der}","friendly_name":"Site Server Signing Certificate"}}"#);
    format!(r#"{{"schema":1,"name":"PC1","stores":{{"MY":[],"SMS":[{sms}]}},"settings":{{{settings}}}{more}}}"#)
}

#[test]
fn the_sites_file_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "[Site]\r\nCertificateIssuers=CN=Contoso Root CA, O=Contoso, C=US\r\nSSLState=95\r\nHTTPPort=80\r\n\
         HTTPSPort=443\r\nSMSPublicRootKey={}\r\n",
        root_key()
    );
    let tcf = write(folder.path(), "mobileclient.tcf", text);
    let shown = run(&["site", "--tcf", &tcf]);
    assert_eq!((shown.status, shown.stderr.as_str()), (0, ""));
    for line in [
        "issuers list: the two readings of the comma differ (I-9)",
        "documented: CN=Contoso Root CA; O=Contoso; C=US (3 attributes)",
        "semicolon-only: CN=\"Contoso Root CA, O=Contoso, C=US\" (1 attribute)",
        "SSL state: 95: https only, fallback to http (Q-3)",
        "ports: HTTPPort=80, HTTPSPort=443",
        "the site's: RSA, 2048 bits, SHA-256 ",
        "a client that is installed with this file is given it",
        "not needed: management points are reached over HTTPS only",
    ] {
        assert!(shown.stdout.contains(line), "`{line}` is not in\n{}", shown.stdout);
    }
    let json = run(&["site", "--tcf", &tcf, "--format", "json"]).document();
    assert_eq!(json["mobile_client_file"]["issuers"]["same"], false);
    assert_eq!(json["mobile_client_file"]["ssl_state"]["fallback_to_http"], true);
    assert_eq!(json["mobile_client_file"]["ports"]["HTTPSPort"], "443");
    assert_eq!(json["trusted_root_key"]["site"]["bits"], 2048);
    assert_eq!(json["trusted_root_key"]["client"], serde_json::Value::Null);
}

#[test]
fn k2_the_clients_key_is_held_against_the_sites() {
    let folder = tempfile::tempdir().expect("a folder");
    let tcf = write(folder.path(), "m.tcf", format!("SMSPublicRootKey={}\r\n", root_key()));
    let utf16 = |text: String| {
        let units = [0xfeff].into_iter().chain(text.encode_utf16().collect::<Vec<_>>());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let same = write(folder.path(), "same.txt", utf16(format!("{}\r\n", root_key().to_lowercase())));
    let shown = run(&["site", "--tcf", &tcf, "--client-key", &same]);
    assert_eq!(shown.status, 0, "{}{}", shown.stdout, shown.stderr);
    assert!(shown.stdout.contains("the client's: the same"), "{}", shown.stdout);

    let other = write(folder.path(), "other.json", format!("{{\"TrustedRootKey\":\"{}\"}}", other_key()));
    let shown = run(&["site", "--tcf", &tcf, "--client-key", &other]);
    assert_eq!(shown.status, 1, "{}", shown.stdout);
    assert!(shown.stdout.contains("problem: the client trusts another key than the site's"), "{}", shown.stdout);
    assert!(shown.stdout.contains("the first management point"), "{}", shown.stdout);
    let json = run(&["site", "--tcf", &tcf, "--client-key", &other, "--format", "json"]).document();
    assert_eq!(json["trusted_root_key"]["is_the_sites"], false);
    assert_eq!(json["warnings"][0]["code"], "root_key.taken_on_first_use");

    let wrong = write(folder.path(), "wrong.txt", "0702000000A4");
    let refused = run(&["site", "--tcf", &tcf, "--client-key", &wrong]);
    assert_eq!(refused.status, 2);
    assert!(
        refused.stderr.contains("not a trusted root key") && refused.stderr.contains("(K-1)"),
        "{}",
        refused.stderr
    );
    let none = write(folder.path(), "none.txt", "\r\n");
    let shown = run(&["site", "--tcf", &tcf, "--client-key", &none]);
    assert!(shown.stdout.contains("the client's: it has none"), "{}", shown.stdout);
}

#[test]
fn k2_the_key_says_where_the_client_has_it_from() {
    let key = root_key();
    let origin = |settings: &str| {
        let json = run_with(&["site", "-", "--format", "json"], &client(settings, "")).document();
        let origin = json["trusted_root_key"]["origin"].as_str().expect("an origin").to_owned();
        (origin, json["warnings"].as_array().expect("warnings").len())
    };
    assert_eq!(origin(""), ("the first management point that the client saw".to_owned(), 1));
    assert_eq!(origin(r#""active_directory":"SMSSITECODE=ABC""#), ("Active Directory".to_owned(), 0));
    assert_eq!(origin(r#""client_push":"SMSSITECODE=ABC""#).1, 0);
    let given = format!(r#""properties":"SMSSITECODE=ABC SMSPublicRootKey={key}""#);
    assert_eq!(origin(&given), ("provisioned by SMSPublicRootKey or SMSROOTKEYPATH".to_owned(), 0));
    assert_eq!(origin(r#""properties":"SMSSITECODE=ABC SMSROOTKEYPATH=C:\\k.txt""#).1, 0);
    // K-4: the key needs the site's code.
    let lint = run_with(&["site", "-"], &client(&format!(r#""properties":"SMSPublicRootKey={key}""#), ""));
    assert!(lint.stdout.contains("(K-4)") && lint.stderr.is_empty(), "{}{}", lint.stdout, lint.stderr);
    let json =
        run_with(&["site", "-", "--format", "json"], &client(&format!(r#""properties":"SMSPublicRootKey={key}""#), ""));
    assert_eq!(json.document()["warnings"][0]["rule"], "K-4");
    let reset = run_with(&["site", "-"], &client(r#""properties":"SMSSITECODE=ABC RESETKEYINFORMATION=TRUE""#, ""));
    assert!(reset.stdout.contains("removes the key that the client had"), "{}", reset.stdout);
}

#[test]
fn k3_the_certificate_of_the_site_server_in_the_store_sms() {
    let shown = run_with(&["site", "-"], &client(r#""active_directory":"SMSSITECODE=ABC""#, ""));
    assert_eq!(shown.status, 0, "{}", shown.stdout);
    assert!(shown.stdout.contains("`Site Server`"), "{}", shown.stdout);
    let internet = r#","client_state":{"ClientAlwaysOnInternet":1,"HttpsStateFlags":63}"#;
    let shown = run_with(&["site", "-"], &client("", internet));
    assert!(shown.stdout.contains("from: a management point on the Internet"), "{}", shown.stdout);
    assert!(shown.stdout.contains("provision it by `SMSSIGNCERT` (K-3)"), "{}", shown.stdout);
    assert!(shown.stdout.contains("not needed"), "{}", shown.stdout);
    // Another certificate than the file's, and one that cannot be a site server's.
    let another = format!("{}/MY/01-workstation-current.cer", machine("contoso-pc1"));
    let shown = run_with(&["site", "-", "--sign-cert", &another], &client("", ""));
    assert_eq!(shown.status, 1, "{}", shown.stdout);
    assert!(shown.stdout.contains("holds another site server signing certificate"), "{}", shown.stdout);
    assert!(shown.stdout.contains("is no site server signing certificate"), "{}", shown.stdout);
    let shown = run(&["site", &machine("contoso-pc1")]);
    assert!(shown.stdout.contains("the store SMS is not in what was collected"), "{}", shown.stdout);
}

#[test]
fn without_a_file_and_a_machine_nothing_is_asked() {
    let empty = run(&["site"]);
    assert_eq!(empty.status, 2);
    assert!(empty.stderr.contains("MACHINE"), "{}", empty.stderr);
}
