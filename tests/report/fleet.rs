//! Many machines: counted by reason, in memory that does not grow with their number.

use super::scene::{Scene, now, report};
use ccmcertsel::report::csv::{COLUMNS, row, unjudged_row};
use ccmcertsel::report::fleet::{FleetSummary, Risk, reasons, risks};
use ccmcertsel::report::text::TextOptions;
use ccmcertsel::settings::OnMultiple;
use ccmcertsel::{Criteria, PrivateKey};

#[test]
fn reasons_and_risks_are_counted_by_machine() {
    let ready = Scene::new();
    let no_key = Scene::new().change(|scene| scene.key = PrivateKey::Absent);
    let several = Scene::new().settings(|settings| settings.with_on_multiple(OnMultiple::SelectLongest));
    let twin = several.leaf.clone().serial(33);
    let several = several.with_leaf("MY", twin);
    let criteria: Criteria = "SubjectStr:contoso".parse().unwrap();
    let assumed = Scene::new().settings(|settings| settings.with_criteria(criteria));
    let mut summary = FleetSummary::new();
    let mut parts = FleetSummary::new();
    let mut told = Vec::new();
    for scene in [ready, no_key, several, assumed] {
        let selector = scene.selector();
        let report = report(&selector, selector.select(now().into()));
        let risks = risks(&report, 30);
        told.push(risks.iter().map(|risk| risk.name()).collect::<Vec<_>>().join(" "));
        summary.add(&report, &risks);
        let mut one = FleetSummary::new();
        one.add(&report, &risks);
        parts.merge(one);
        assert_eq!(row(&report, &risks).len(), COLUMNS.len());
    }
    summary.add_unjudged();
    parts.add_unjudged();
    assert_eq!(summary, parts);
    assert_eq!(told, ["", "", "several_candidates", "assumed_criteria"]);
    assert_eq!((summary.capable(), summary.incapable(), summary.unjudged(), summary.at_risk()), (3, 1, 1, 2));
    assert_eq!(summary.reasons(), [("validity.key_absent", 1)]);
    let text = summary.render(TextOptions::default());
    assert!(text.contains("       3  machines are ready for HTTPS\n       1  machines are not\n"), "{text}");
}

#[test]
fn a_certificate_that_expires_soon_is_a_risk() {
    let scene = Scene::new().leaf(|leaf| leaf.valid("2025-06-01T00:00:00Z", "2026-02-14T09:00:00Z"));
    let selector = scene.selector();
    let report = report(&selector, selector.select(now().into()));
    assert!(matches!(risks(&report, 30)[..], [Risk::Expiring(_)]), "30 days to the second");
    assert!(risks(&report, 29).is_empty());
}

#[test]
fn an_empty_store_has_a_reason_too() {
    let mut recipe = Scene::new().recipe();
    recipe.entries.clear();
    let selector = super::scene::selector(&recipe);
    let report = report(&selector, selector.select(now().into()));
    assert_eq!(reasons(&report).into_iter().collect::<Vec<_>>(), ["store.empty"]);
    assert_eq!(unjudged_row("PC1", "=cmd|x")[14], "'=cmd|x");
}

/// The most memory that a run had, in bytes, as the kernel counted it, and what it wrote.
#[cfg(all(feature = "cli", target_os = "linux"))]
fn peak_of_fleet(machines: usize) -> (u64, String) {
    use crate::support::pki::*;
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use std::io::{BufWriter, Write};
    use std::process::{Command, Stdio};

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
            r#"{{"schema":1,"name":"PC{n}","now":"{}","stores":{{"MY":[{}],"ROOT":[{{"der":"{root}"}}]}},"crls":["{crl}"],"settings":{{"properties":"CCMFIRSTCERT=1","ecc_keys":"accept","ruleset":"cb1710"}}}}"#,
            super::scene::NOW,
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

#[cfg(all(feature = "cli", target_os = "linux"))]
#[test]
fn a_fleet_has_a_line_a_machine_and_a_summary() {
    let (peak, text) = peak_of_fleet(1_000);
    assert_eq!(text.lines().filter(|line| line.contains(": ready, selects ")).count(), 1_000);
    assert!(text.contains("    1000  machines are ready for HTTPS"), "{}", &text[text.len().saturating_sub(400)..]);
    println!("1,000 machines: peak {} MB", peak >> 20);
    assert!(peak < 200 << 20, "{peak}");
}

#[cfg(all(feature = "cli", target_os = "linux"))]
#[test]
#[ignore = "a minute in a debug build: run with --ignored"]
fn ten_thousand_machines_in_constant_memory() {
    let (peak, text) = peak_of_fleet(10_000);
    assert!(text.contains("   10000  machines are ready for HTTPS"));
    println!("10,000 machines: peak {} MB", peak >> 20);
    assert!(peak < 200 << 20, "{peak}");
}
