//! A fleet is answered in memory that does not grow with the number of its machines.

use crate::support::pki::*;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::io::{BufWriter, Write};
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
    let output = scratch.path().join("out.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_cmhttpsreadiness"))
        .arg(&path)
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

#[test]
#[ignore = "a minute in a debug build: run with --ignored"]
fn ten_thousand_machines_in_constant_memory() {
    let (peak, text) = peak_of_fleet(10_000);
    assert!(text.contains("   10000  machines are ready for HTTPS"));
    println!("10,000 machines: peak {} MB", peak >> 20);
    assert!(peak < 200 << 20, "{peak}");
}
