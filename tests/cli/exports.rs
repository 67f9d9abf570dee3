//! Exports of Windows on the command line, `convert` and `connect`.

use super::{machine, run, run_with};
use serde_json::Value;

const NOW: &str = "2026-01-15T09:00:00Z";
const PROPERTIES: &str = r#"CCMFIRSTCERT=1 CCMCERTISSUERS="CN=Contoso Root CA; O=Contoso, Ltd; C=US""#;

fn export(name: &str) -> String {
    format!("testdata/import/{name}")
}

/// The answer about PC1 from these inputs.
fn pc1(args: &[&str]) -> Value {
    let common =
        ["--name", "PC1", "--fqdn", "pc1.contoso.com", "--now", NOW, "--properties", PROPERTIES, "--format", "json"];
    run(&[args, &common].concat()).document()
}

/// Thumbprint -> kind and rejection of every verdict.
fn verdicts(document: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let certificates = document["certificates"].as_array().expect("certificates");
    let mut found: Vec<_> = certificates
        .iter()
        .map(|one| {
            let findings = one["findings"].as_array().expect("findings");
            let rejected = findings.iter().find(|finding| finding["result"] == "rejected");
            let code = rejected.map(|finding| text(&finding["code"])).unwrap_or_default();
            (text(&one["thumbprint"]), text(&one["verdict"]), code)
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_registry_export_gives_the_answer_of_the_machine_folder() {
    let folder = run(&[&machine("contoso-pc1"), "--format", "json"]).document();
    let reg = pc1(&[&export("contoso-pc1.reg")]);
    assert_eq!(reg["selected"], folder["selected"], "{reg}");
    assert!(reg["selected"].is_string());
    let differing: Vec<_> = verdicts(&folder).into_iter().zip(verdicts(&reg)).filter(|(a, b)| a != b).collect();
    // W-4 and V-3: an export says neither that a key is inaccessible nor the template's schema version. Certificates
    // without a sidecar are `unknown` in the folder and `absent` in the registry.
    assert!(differing.len() <= 3, "{differing:?}");
}

#[test]
fn serialized_stores_merge_into_one_machine() {
    let mut machine_json = Vec::new();
    for store in ["MY", "ROOT", "CA"] {
        let run = run(&["convert", &export(&format!("contoso-pc1-{store}.sst")), "--into", store, "--name", "PC1"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        machine_json.push(run.document());
    }
    assert_eq!(machine_json[2]["crls"].as_array().unwrap().len(), 3);
    // Sorted by what the certificates are, three files are the machine.
    let files: Vec<String> =
        ["MY", "ROOT", "CA"].iter().map(|store| export(&format!("contoso-pc1-{store}.sst"))).collect();
    let merged = pc1(&[&files[0], &files[1], &files[2], "--merge"]);
    let folder = run(&[&machine("contoso-pc1"), "--format", "json"]).document();
    assert_eq!(merged["selected"], folder["selected"], "{merged}");
}

#[test]
fn a_name_for_several_machines_is_an_error() {
    let run = run(&[&export("contoso-pc1.reg"), &export("pem-with-key.p7b"), "--name", "PC1"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--name names one machine, and 2 inputs are given: add --merge"), "{}", run.stderr);
}

#[test]
fn without_crls_the_answer_says_what_is_missing() {
    let (my, root) = (export("contoso-pc1-MY.sst"), export("contoso-pc1-ROOT.sst"));
    let without = pc1(&[&my, &root, "--merge"]);
    assert_ne!(without["outcome"]["kind"], "selected");
}

#[test]
fn pkcs12_and_pkcs7_give_the_answer_of_the_machine_folder() {
    let folder = run(&[&machine("pem-with-key"), "--format", "json"]).document();
    let password = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(password.path(), "kennwort\r\n").unwrap();
    let password = password.path().to_str().unwrap();
    let crls = "testdata/machines/pem-with-key/crl";
    let issuers = r#"CCMCERTISSUERS="CN=Contoso Root CA; O=Contoso, Ltd; C=US""#;
    for name in ["pem-with-key.pfx", "pem-with-key-3des.pfx", "pem-with-key.p7b", "pem-with-key.pem.p7b"] {
        let args = ["--name", "PC13", "--now", NOW, "--crl", crls, "--properties", issuers, "--format", "json"];
        let answer = run(&[&[export(name).as_str(), "--password-file", password], &args[..]].concat()).document();
        assert_eq!(answer["selected"], folder["selected"], "{name}: {answer}");
    }
    let run = run(&[&export("pem-with-key.pfx")]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("the password is wrong, or the file was altered; give it by --password-file"),
        "{}",
        run.stderr
    );
}

#[test]
fn exports_stand_in_machine_folders_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let toml = std::fs::read_to_string("testdata/machines/contoso-pc1/machine.toml").unwrap();
    std::fs::write(folder.path().join("machine.toml"), toml).unwrap();
    std::fs::copy("testdata/import/contoso-pc1.reg", folder.path().join("anything.txt")).unwrap();
    let path = folder.path().to_str().unwrap();
    let whole = run(&[&machine("contoso-pc1"), "--format", "json"]).document();
    assert_eq!(run(&[path, "--format", "json"]).document()["selected"], whole["selected"]);
    // A serialized store inside a store's folder.
    std::fs::remove_file(folder.path().join("anything.txt")).unwrap();
    for store in ["MY", "ROOT", "CA"] {
        std::fs::create_dir(folder.path().join(store)).unwrap();
        let name = format!("contoso-pc1-{store}.sst");
        std::fs::copy(format!("testdata/import/{name}"), folder.path().join(store).join("store.bin")).unwrap();
    }
    assert_eq!(run(&[path, "--format", "json"]).document()["selected"], whole["selected"]);
}

/// A private key that lies in a store, where its certificate should be, is not carried out of the machine's folder.
#[test]
fn a_private_key_is_not_converted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("MY")).expect("a folder");
    std::fs::write(path("machine.toml"), "name = \"PC1\"\n").expect("a file");
    // PrivateKeyInfo of version 0, with an algorithm, and a secret.
    let secret = [0x5a; 120];
    let key =
        [&b"\x30\x81\x88\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x78"[..], &secret, b"\x05\x00\x05\x00"].concat();
    std::fs::write(path("MY/key.cer"), &key).expect("a file");
    let armour = b"----BEGIN PRIVATE KEY-----\nWlpaWlpa\n-----END PRIVATE KEY-----\n"; // a hyphen is lost
    std::fs::write(path("MY/key.pem"), armour).expect("a file");
    let run = run(&["convert", folder.path().to_str().expect("a path")]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let document = run.document();
    let entries = document["stores"]["MY"].as_array().expect("the entries, which are told");
    assert_eq!(entries.len(), 2, "{entries:?}");
    for der in entries.iter().map(|entry| entry["der"].as_str().expect("its bytes")) {
        assert!(der.len() <= 28 && !der.contains("Wlpa"), "{der}");
    }
}

#[test]
fn what_is_converted_gives_the_same_answer() {
    for name in ["contoso-pc1", "damaged-entries", "issuers-by-certificate", "mac-client"] {
        let folder = run(&[&machine(name), "--format", "json"]).document();
        let converted = run(&["convert", &machine(name)]);
        assert_eq!(converted.status, 0, "{}", converted.stderr);
        assert_eq!(converted.stdout.lines().count(), 1);
        let mut again = run_with(&["-", "--format", "json"], &converted.stdout).document();
        // Names of files are no part of an inventory.
        again["warnings"] = folder["warnings"].clone();
        assert_eq!(again["outcome"], folder["outcome"], "{name}");
        assert_eq!(again["selected"], folder["selected"], "{name}");
        assert_eq!(verdicts(&again), verdicts(&folder), "{name}");
    }
}

/// A registry key that names another certificate makes its entry unreadable (W-3), in the inventory as well.
#[test]
fn w3_what_stands_under_another_key_stays_unreadable_when_converted() {
    let export = std::fs::read("testdata/import/contoso-pc1.reg").expect("a file");
    let units = export[2..].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units).map(|sign| sign.expect("UTF-16")).collect();
    let judged = |arguments: &[&str], input: &str| {
        run_with(&[arguments, &["--now", NOW, "--properties", PROPERTIES, "--format", "json"]].concat(), input)
            .document()
    };
    let all = judged(&["-", "--name", "PC1"], &text);
    let selected = all["selected"].as_str().expect("a thumbprint");
    assert_eq!(text.matches(selected).count(), 1, "{selected} is the name of one key");
    for name in ["0123456789ABCDEF0123456789ABCDEF01234567", "no thumbprint"] {
        let text = text.replace(selected, name);
        let exported = judged(&["-", "--name", "PC1"], &text);
        assert_ne!(exported["selected"], all["selected"]);
        let converted = run_with(&["convert", "-", "--name", "PC1"], &text);
        assert_eq!(converted.status, 0, "{}", converted.stderr);
        let again = judged(&["-"], &converted.stdout);
        assert_eq!(again["selected"], exported["selected"], "{name}");
        assert_eq!(verdicts(&again), verdicts(&exported), "{name}");
    }
}

fn connect(machine_folder: &str, server: &str) -> Value {
    let server = format!("testdata/servers/{server}.toml");
    run(&["connect", &machine(machine_folder), "--to", &server, "--format", "json"]).document()
}

#[test]
fn connect_says_whether_the_server_accepts_and_which_side_to_change() {
    let accepted = connect("contoso-pc1", "mp");
    assert_eq!(accepted["accepted"], true, "{accepted}");
    assert_eq!(accepted["chain"].as_array().unwrap().len(), 3);
    let cases = [
        ("contoso-pc1", "mp-fabrikam", "server.not_in_trust_list", "server", "M-1", "403.16"),
        ("contoso-pc1", "mp-no-trust-list", "server.revocation", "infrastructure", "M-2", "403.13"),
        ("contoso-pc1", "cmg", "server.issuer_missing", "server", "M-2", "403.16"),
        ("empty-store", "mp", "server.no_certificate", "client", "M-1", "403.7"),
    ];
    for (client, server, code, side, rule, status) in cases {
        let answer = connect(client, server);
        assert_eq!(answer["status"], status, "{answer}");
        let rejection = &answer["rejection"];
        assert_eq!(
            (&rejection["code"], &rejection["side"], &rejection["rule"]),
            (&code.into(), &side.into(), &rule.into()),
            "{answer}"
        );
    }
    let warnings = connect("contoso-pc1", "mp-no-trust-list")["warnings"].to_string();
    assert!(warnings.contains("server.no_trust_list"), "{warnings}");
}

#[test]
fn connect_in_words() {
    let run = run(&["connect", &machine("empty-store"), "--to", "testdata/servers/mp.toml"]);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.stdout,
        "PC3: the client selects no certificate (0x87D00280)\n\
         mp1.contoso.com: the management point rejects the connection: the client presents no certificate (M-1)\n  \
         the web server's log: 403.7, no client certificate was sent (M-4)\n  \
         the client's own report says why\n"
    );
}

#[test]
fn connect_on_a_fleet_ends_with_a_summary() {
    let (ready, empty) = (machine("contoso-pc1"), machine("empty-store"));
    let run = run(&["connect", &ready, &empty, &empty, "--to", "testdata/servers/mp.toml"]);
    assert_eq!(run.status, 1);
    let summary = run.stdout.split_once("\nsummary\n").expect("a summary").1;
    assert_eq!(
        summary,
        "       1  connections are accepted\n       2  connections are rejected\n       0  machines could not be judged\n\n\
         why not, by machines\n       2   66 %  the client presents no certificate (server.no_certificate, 403.7)\n"
    );
}

#[test]
fn connect_judges_the_signers_of_software_updates() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("updates.toml");
    let pc1 = format!("{}/testdata/machines/contoso-pc1", env!("CARGO_MANIFEST_DIR"));
    let text = format!(
        "role = \"software-updates\"\nname = \"updates\"\nroots = [\"{pc1}/ROOT\"]\nintermediates = [\"{pc1}/CA\"]\n\
         signers = [\"{pc1}/MY/02-workstation-renewed.cer\"]\n"
    );
    std::fs::write(&file, text).unwrap();
    let server = file.to_str().unwrap();
    let answer = run(&["connect", &machine("empty-store"), "--to", server, "--format", "json"]).document();
    assert_eq!(answer["signers"][0]["rejection"]["code"], "server.not_code_signing", "{answer}");
    assert_eq!(answer["signers"][0]["warnings"][0]["code"], "server.signatures_not_checked", "{answer}");
    let text = run(&["connect", &machine("empty-store"), "--to", server]).stdout;
    assert!(text.contains("is not for code signing (1.3.6.1.5.5.7.3.3) (M-3)"), "{text}");
}

#[test]
fn connect_help_has_the_keys_of_a_server_file() {
    let help = run(&["connect", "--help"]).stdout;
    for key in
        ["trust_list_files", "intermediates", "verify_client_certificate_revocation", "signers", "check_signatures"]
    {
        assert!(help.contains(key), "{key} is not in: {help}");
    }
}

#[test]
fn a_wrong_server_file_is_bad_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.toml");
    let cases = [
        ("role = \"management-point\"\nname = \"x\"\ntrustlist = \"CN=A\"", "trustlist"),
        (
            "role = \"management-point\"\nname = \"x\"\nverify_client_certificate_revocation = true",
            "IIS always checks (M-2)",
        ),
        ("role = \"cloud-management-gateway\"\nname = \"x\"\ntrust_list = \"CN=A\"", "a gateway has no trust list"),
        ("role = \"management-point\"\nname = \"x\"\nroots = [\"nowhere\"]", "cannot be read"),
        ("role = \"management-point\"\nname = \"x\"\ncheck_signatures = true", "keys of `role = \"software-updates\"`"),
        ("role = \"software-updates\"\nname = \"x\"", "name the certificates that sign software updates"),
        ("role = \"software-updates\"\nname = \"x\"\ntrust_list = \"CN=A\"", "have no trust list"),
    ];
    for (text, expected) in cases {
        std::fs::write(&file, text).unwrap();
        let run = run(&["connect", &machine("empty-store"), "--to", file.to_str().unwrap()]);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}
