//! A machine with a thousand certificates, and a fleet: answered soon, in order, whatever the number.

use super::{run, run_with};
use crate::support::certificate::Cert;
use crate::support::crl::CrlBuilder;
use crate::support::extension::cdp;
use crate::support::key::Key;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::fmt::Write;
use std::time::Instant;

const NOW: &str = "2026-01-15T09:00:00Z";

/// A root, a CRL of it, and leaves under it.
struct World {
    root: String,
    crl: String,
    leaves: Vec<String>,
}

fn world(leaves: u32) -> World {
    let ca = Cert::ca("CN=Fleet Root", Key::Rsa2048(0));
    let leaf = |n: u32| {
        let subject = format!("CN=pc{n}.contoso.com");
        let cert = Cert::client(subject.as_str(), Key::Rsa2048(1)).serial(i128::from(n) + 10);
        let day = 1 + n % 28;
        cert.valid(&format!("2025-02-{day:02}T00:00:00Z"), &format!("2026-02-{day:02}T00:00:00Z"))
            .with(cdp("http://pki.contoso.com/fleet.crl"))
            .issued_by(&ca)
    };
    World {
        root: BASE64_STANDARD.encode(ca.self_sign()),
        crl: BASE64_STANDARD.encode(CrlBuilder::of(&ca, 1).revoke(10).sign(Key::Rsa2048(0))),
        leaves: (0..leaves).map(|n| BASE64_STANDARD.encode(leaf(n))).collect(),
    }
}

fn inventory(world: &World, name: &str, leaves: &[String]) -> String {
    let entries: Vec<String> = leaves.iter().map(|der| format!(r#"{{"der":"{der}","private_key":"csp"}}"#)).collect();
    format!(
        r#"{{"schema":1,"name":"{name}","now":"{NOW}","stores":{{"MY":[{}],"ROOT":[{{"der":"{}"}}]}},"crls":["{}"],"settings":{{"properties":"CCMFIRSTCERT=1"}}}}"#,
        entries.join(","),
        world.root,
        world.crl,
    )
}

#[test]
fn a_machine_with_a_thousand_certificates() {
    let world = world(1000);
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("many.json");
    std::fs::write(&file, inventory(&world, "PC1", &world.leaves)).unwrap();
    let begin = Instant::now();
    let run = run(&["--format=json", file.to_str().unwrap()]);
    let took = begin.elapsed();
    let document = run.document();
    assert_eq!(document["certificates"].as_array().unwrap().len(), 1000);
    assert_eq!(document["ready"], true, "{}", document["outcome"]);
    assert_eq!(document["certificates"][0]["findings"].as_array().unwrap().last().unwrap()["code"], "validity.revoked");
    println!("1,000 certificates in {took:?}");
    // Two seconds in a release build; this one checks its arithmetic.
    assert!(took.as_secs() < 20, "{took:?}");
}

#[test]
fn a_fleet_is_answered_in_input_order() {
    let world = world(8);
    let mut lines = String::new();
    for n in 0..600 {
        let leaf = n % world.leaves.len();
        writeln!(lines, "{}", inventory(&world, &format!("PC{n}"), &world.leaves[leaf..=leaf])).unwrap();
    }
    let run = run_with(&["--format=json", "-"], &lines);
    assert_eq!(run.status, 1, "one certificate in eight is revoked");
    for (n, document) in run.documents().iter().enumerate() {
        assert_eq!(document["machine"], format!("PC{n}"));
        assert_eq!(document["ready"], n % world.leaves.len() != 0, "{document}");
    }
    assert_eq!(run.documents().len(), 600);
}
