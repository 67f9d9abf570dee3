//! Hostile texts in everything that the program reads (names, stores, files, arguments), in every command and format.

use super::{Run, run, run_with};
use crate::support::hostile::{self, fault, fault_within};
use crate::support::pki::*;
use std::path::Path;

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// As long as the name of a computer may be.
fn short() -> String {
    hostile::text().chars().take(250).collect()
}

/// The text as a JSON string, every character of it as an escape where JSON asks for that.
fn json(text: &str) -> String {
    serde_json::to_string(text).expect("JSON")
}

/// A JSON document a line, and nothing raw: JSON has its own escapes, and the data in it are whole.
fn assert_json(run: &Run, what: &str) {
    assert_eq!(fault_within(usize::MAX, &run.stdout), None, "{what}: stdout");
    for document in run.documents() {
        assert!(document.is_object(), "{what}");
    }
    assert_errors(run, what);
}

fn assert_text(run: &Run, what: &str) {
    assert_eq!(fault(&run.stdout), None, "{what}: stdout");
    assert_errors(run, what);
}

fn assert_errors(run: &Run, what: &str) {
    assert_eq!(fault(&run.stderr), None, "{what}: stderr");
}

/// Machines whose texts are hostile: one that is ready, one whose CRL is missing, one whose certificate is for servers.
struct Fleet {
    inventories: Vec<String>,
    root: Vec<u8>,
    leaf: Vec<u8>,
}

fn fleet() -> Fleet {
    hostile::poisoned(hostile::LONG, || {
        let root = Cert::ca("CN=Root", Key::P256(1));
        let issuing = Cert::ca("CN=Issuing", Key::P256(2)).serial(2);
        let san = extension::san(&[San::dns("pc1.contoso.com"), San::upn("pc1"), San::Uri("http://pc1".into())]);
        let leaf = Cert::client("CN=PC1", Key::Rsa2048(0)).serial(3).with(san).with(extension::cdp("http://crl/"));
        let server = leaf.clone().serial(4).replace(extension::eku(&[extension::SERVER_AUTH]));
        let crls = [CrlBuilder::of(&root, 4).sign(root.key), CrlBuilder::of(&issuing, 5).sign(issuing.key)];
        let issued = |cert: &Cert| cert.clone().issued_by(&issuing);
        let inventory = |number: usize, leaves: &[&Cert], crls: &[Vec<u8>]| {
            let entry = |der: Vec<u8>| {
                let (der, name) = (base64(&der), json(&hostile::text()));
                format!(r#"{{"der":"{der}","friendly_name":{name},"private_key":"csp"}}"#)
            };
            let leaves: Vec<String> = leaves.iter().map(|leaf| entry(issued(leaf))).collect();
            let crls: Vec<String> = crls.iter().map(|crl| format!("\"{}\"", base64(crl))).collect();
            format!(
                r#"{{"schema":1,"name":{},"fqdn":{},"now":"2026-01-15T09:00:00Z","stores":{{"MY":[{}],{}:[{},{{"der":"AAAA"}}],"CA":[{}],"ROOT":[{}]}},"crls":[{},"AAAA"]}}"#,
                json(&format!("PC{number}{}", short())),
                json(&short()),
                leaves.join(","),
                json(&format!("s{}", short())),
                leaves.join(","),
                entry(issuing.clone().issued_by(&root)),
                entry(root.self_sign()),
                crls.join(","),
            )
        };
        Fleet {
            inventories: vec![
                inventory(1, &[&leaf], &crls),
                inventory(2, &[&leaf], &crls[..1]),
                inventory(3, &[&server], &crls),
                inventory(4, &[&leaf, &leaf.clone().serial(5)], &crls),
            ],
            root: root.self_sign(),
            leaf: issued(&leaf),
        }
    })
}

/// A folder whose own name is hostile, as far as a file system lets it.
fn hostile_folder(scratch: &Path) -> std::path::PathBuf {
    let folder = scratch.join("f\u{1b}[31m\r\n\u{85}\u{202e}\u{200f}");
    std::fs::create_dir(&folder).expect("a folder");
    folder
}

#[test]
fn e4_no_command_passes_on_what_its_input_holds() {
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = hostile_folder(scratch.path());
    let fleet = fleet();
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    let all = path("all.jsonl");
    std::fs::write(&all, fleet.inventories.join("\n")).expect("a file");
    let mut singles = Vec::new();
    for (number, inventory) in fleet.inventories.iter().enumerate() {
        let single = path(&format!("{number}.json"));
        std::fs::write(&single, inventory).expect("a file");
        singles.push(single);
    }
    std::fs::write(path("root.cer"), &fleet.root).expect("a file");
    std::fs::write(path("leaf.cer"), &fleet.leaf).expect("a file");
    let server = path("mp.toml");
    let toml = |roots: &str| {
        let name = json(&hostile::text());
        format!("role = \"management-point\"\nname = {name}\ntrust_list = \"CN=Root\"\nroots = [{roots}]\n")
    };
    std::fs::write(&server, toml("\"root.cer\"")).expect("a file");

    for format in ["text", "log", "csv", "html", "json", "summary"] {
        for arguments in [&[][..], &["--audit"], &["--explain-settings"]] {
            let run = run(&[&["--format", format, &all], arguments].concat());
            let what = format!("--format {format} {arguments:?}");
            match format {
                "json" | "summary" => assert_json(&run, &what),
                "csv" => {
                    let rows = run.stdout.replace("\r\n", "\n");
                    assert_eq!(fault_within(hostile::CELL, &rows), None, "{what}");
                }
                "log" => assert_eq!(fault_within(hostile::LOG, &run.stdout), None, "{what}"),
                _ => assert_text(&run, &what),
            }
            assert_errors(&run, &what);
            assert!(run.stdout.len() > 100, "{what}: {}{}", run.stdout, run.stderr);
        }
    }
    let leaf = path("leaf.cer");
    for single in &singles {
        for (what, arguments) in [
            ("explain", vec!["explain", single, &leaf]),
            ("timeline", vec!["timeline", single, "--until", "2030-01-01T00:00:00Z"]),
            ("compare", vec!["compare", single, "--with", "CCMCERTSEL=SubjectStr:nobody"]),
            ("connect", vec!["connect", "--to", &server, single]),
            ("suggest", vec!["suggest", single, &leaf]),
        ] {
            assert_text(&run(&arguments), what);
            let in_json = run(&[&arguments[..], &["--format", "json"]].concat());
            assert_json(&in_json, what);
        }
    }
    assert_text(&run(&["suggest", &all, "--issuer", &hostile::text().replace('\0', "")]), "suggest for a fleet");
    assert_json(&run(&["convert", &all]), "convert");
}

#[test]
fn e4_no_error_passes_on_what_it_is_about() {
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = hostile_folder(scratch.path());
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    let word = hostile::text().replace('\0', "");
    let inventory =
        |name: &str, more: &str| format!(r#"{{"schema":1,"name":{},"stores":{{"MY":[]}}{more}}}"#, json(name));
    let file = |name: &str, text: &str| {
        let path = path(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let good = file("good.json", &inventory("PC1", ",\"now\":\"2026-01-15T09:00:00Z\""));
    let odd_key = file("key.json", &inventory("PC1", &format!(",{}:1", json(&hostile::text()))));
    let odd_now = file("now.json", &inventory(&hostile::text(), &format!(",\"now\":{}", json(&hostile::text()))));
    let settings = format!(",\"settings\":{{{}:\"1\"}}", json(&hostile::text()));
    let odd_setting = file("setting.json", &inventory("PC1", &settings));
    let settings = format!(",\"settings\":{{\"ruleset\":{}}}", json(&hostile::text()));
    let odd_value = file("value.json", &inventory("PC1", &settings));
    let registry = file("a.reg", &format!("Windows Registry Editor Version 5.00\n\n[{word}]\n{word}\n"));
    let pem = file("a.pem", &format!("-----BEGIN {word}-----\n{word}\n-----END {word}-----\n"));
    let toml = file("mp.toml", &format!("role = \"management-point\"\n{word} = 1\n"));
    let missing = path("missing\u{1b}[31m\u{202e}.json");
    let setting = format!("{word}=1");
    let value = format!("ruleset={word}");
    let cases: Vec<Vec<&str>> = vec![
        vec![&missing],
        vec![&odd_key],
        vec![&odd_now],
        vec![&odd_setting],
        vec![&odd_value],
        vec![&registry],
        vec![&pem],
        vec![&good, "--now", &word],
        vec![&good, "--criteria", &word],
        vec![&good, "--issuers", &word],
        vec![&good, "--store", &word],
        vec![&good, "--properties", &word],
        vec![&good, "--ruleset", &word],
        vec![&good, "--setting", &setting],
        vec![&good, "--setting", &value],
        vec![&good, "--crl", &missing],
        vec![&good, "--name", &word],
        vec!["explain", &good, &word],
        vec!["suggest", &good, &word],
        vec!["timeline", &good, "--until", &word],
        vec!["compare", &good, "--with", &word],
        vec!["connect", "--to", &toml, &good],
        vec!["connect", "--to", &missing, &good],
        vec!["convert", &registry, "--into", &word],
        vec!["merge", &missing],
        vec!["merge", &good],
    ];
    for arguments in &cases {
        let shown: Vec<String> = arguments.iter().map(|word| word.escape_debug().take(60).collect()).collect();
        assert_text(&run(arguments), &format!("{shown:?}"));
        if arguments[0] != "merge" && arguments[0] != "convert" {
            let run = run(&[&arguments[..], &["--format", "json"]].concat());
            assert_eq!(fault_within(usize::MAX, &run.stdout), None, "{shown:?} in JSON");
            assert_errors(&run, &format!("{shown:?} in JSON"));
        }
    }
    assert_text(&run_with(&["-"], &hostile::text()), "stdin");
    assert_text(&run_with(&["merge", "-"], &hostile::text()), "merge of stdin");
}
