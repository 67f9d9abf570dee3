//! A fleet is answered in memory that does not grow with the number of its machines.

use crate::support::pki::*;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The most memory that a run had, in bytes, as the kernel counted it, and what it wrote.
fn peak_of_fleet(machines: usize) -> (u64, String) {
    const CERTIFICATES: usize = 5;
    let ca = Cert::ca("CN=Fleet Root", Key::P256(0));
    let root = BASE64_STANDARD.encode(ca.self_sign());
    let crl = BASE64_STANDARD.encode(CrlBuilder::of(&ca, 1).sign(ca.key));
    let leaves: Vec<String> = (0..50)
        .map(|n| {
            let leaf = Cert::client(format!("CN=pc{n}.contoso.com").as_str(), Key::P256(1)).serial(n + 10);
            BASE64_STANDARD.encode(leaf.valid("2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z").issued_by(&ca))
        })
        .collect();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("fleet.jsonl");
    let mut file = BufWriter::new(std::fs::File::create(&path).unwrap());
    for n in 0..machines {
        let entry = |k: usize| format!(r#"{{"der":"{}","private_key":"csp"}}"#, leaves[(n + 7 * k) % leaves.len()]);
        let entries: Vec<String> = (0..CERTIFICATES).map(entry).collect();
        writeln!(
            file,
            r#"{{"schema":1,"name":"PC{n}","now":"2026-01-15T09:00:00Z","stores":{{"MY":[{}],"ROOT":[{{"der":"{root}"}}]}},"crls":["{crl}"],"settings":{{"properties":"CCMFIRSTCERT=1","ecc_keys":"accept","ruleset":"cb1710"}}}}"#,
            entries.join(",")
        )
        .unwrap();
    }
    file.into_inner().unwrap();
    measured(&[path.to_str().unwrap()], scratch.path())
}

/// The most memory that a run had, in bytes, as the kernel counted it, and what it wrote.
fn measured(args: &[&str], scratch: &Path) -> (u64, String) {
    let output = scratch.join("out.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_cmhttpsreadiness"))
        .args(args)
        .stdout(std::fs::File::create(&output).unwrap())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(&status_file).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() * 1024);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    (peak, std::fs::read_to_string(output).unwrap())
}

#[test]
fn a_fleet_has_a_line_a_machine_and_a_summary() {
    let (peak, text) = peak_of_fleet(1_000);
    assert_eq!(text.lines().filter(|line| line.contains(": ready, selects ")).count(), 1_000);
    assert!(text.contains("    1000  machines are ready for HTTPS"), "{}", &text[text.len().saturating_sub(400)..]);
    println!("1,000 machines: peak {} MB", peak >> 20);
    assert!(peak < 200 << 20, "{peak}");
}

/// V-10: what one machine asks for in its texts, thousands of certificates would repeat: a bound refuses it, or they share it,
/// and the machines before and behind are answered.
#[test]
fn v10_a_machine_that_asks_for_too_much_memory_is_its_own_error() {
    let root = Cert::ca("CN=Fleet Root", Key::P256(0));
    let addresses = |count: usize| {
        let uri = |number| San::Uri(format!("http://pki.contoso.com/{number}/{}", "a".repeat(40)));
        [Point { full_name: (0..count).map(uri).collect(), ..Point::default() }]
    };
    let issuing =
        Cert::ca("CN=Issuing", Key::P256(1)).serial(2).with(extension::crl_distribution_points(&addresses(9_000)));
    let leaf = |ca: &Cert, number: i128| {
        BASE64_STANDARD.encode(Cert::client("CN=pc1", Key::P256(2)).serial(number + 10).issued_by(ca))
    };
    let crl = CrlBuilder::of(&root, 1);
    let asking = crl.clone().with(extension::freshest_crl(&addresses(16_000)));
    let machine = |name: &str, ca: &Cert, leaves: i128, crl: &CrlBuilder| {
        let entry = |der: String| json!({ "der": der, "private_key": "csp" });
        let my: Vec<Value> = (0..leaves).map(|number| entry(leaf(ca, number))).collect();
        let intermediate = BASE64_STANDARD.encode(issuing.clone().issued_by(&root));
        let cas = if ca.subject == issuing.subject { vec![json!({ "der": intermediate })] } else { Vec::new() };
        json!({
            "schema": 1, "name": name, "now": "2026-01-15T09:00:00Z",
            "stores": { "MY": my, "CA": cas, "ROOT": [{ "der": BASE64_STANDARD.encode(root.self_sign()) }] },
            "crls": [BASE64_STANDARD.encode(crl.sign(root.key))],
            "settings": { "ecc_keys": "accept", "ruleset": "cb1710" },
        })
    };
    let fleet = [
        machine("PC1", &root, 1, &crl),
        machine("PC2", &issuing, 300, &crl),
        machine("PC3", &root, 300, &asking),
        machine("PC4", &root, 1, &crl),
    ];
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("fleet.jsonl");
    std::fs::write(&path, fleet.map(|machine| machine.to_string()).join("\n")).unwrap();
    for format in ["json", "html"] {
        let (peak, answers) = measured(&["--format", format, path.to_str().unwrap()], scratch.path());
        println!("{format}: {} MB", peak >> 20);
        assert!(peak < 150 << 20, "{format}: {peak}");
        if format == "json" {
            let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let kinds: Vec<_> = answers.iter().map(|one| one["outcome"]["kind"].as_str().unwrap_or("error")).collect();
            assert_eq!(kinds[0], "selected", "{}", answers[0]);
            assert_eq!((kinds.len(), kinds[3]), (4, "selected"), "{}", answers[3]);
            assert_eq!(kinds[1], "error");
            let message = answers[1]["error"]["message"].as_str().unwrap();
            assert!(message.contains("302 certificates may repeat its names"), "{message}");
            assert_ne!(kinds[2], "error", "{}", answers[2]);
        }
    }
}

#[test]
#[ignore = "a minute in a debug build: run with --ignored"]
fn ten_thousand_machines_in_constant_memory() {
    let (peak, text) = peak_of_fleet(10_000);
    assert!(text.contains("   10000  machines are ready for HTTPS"));
    println!("10,000 machines: peak {} MB", peak >> 20);
    assert!(peak < 200 << 20, "{peak}");
}
