//! `explain`, run as a user runs it: which machine is meant, the chain, what stands behind the first reason, and a plan of
//! several steps.

use super::{machine, run};
use crate::support::pki::*;
use std::fs;
use std::path::Path;

/// A machine with a CA that has expired below a root that it does not trust.
fn broken(folder: &Path) -> (String, String) {
    let root = Cert::ca("CN=Contoso Root CA", Key::P256(1));
    let issuing = Cert::ca("CN=Contoso Issuing CA", Key::P256(2)).serial(2);
    let expired = issuing.clone().valid("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    let leaf = Cert::client("CN=pc1.contoso.com", Key::Rsa2048(0)).serial(3).issued_by(&issuing);
    let thumbprint = ccmcertsel::Certificate::from_der(&leaf).expect("a certificate").thumbprint().to_string();
    for (file, bytes) in [
        ("CA/root.cer", root.clone().self_sign()),
        ("CA/issuing.cer", expired.issued_by(&root)),
        ("MY/leaf.cer", leaf),
        ("MY/leaf.cer.toml", b"private_key = \"csp\"".to_vec()),
        (
            "machine.toml",
            b"name = \"PC1\"\nfqdn = \"pc1.contoso.com\"\nnow = \"2026-01-15T09:00:00Z\"\n\
              [settings]\nproperties = \"/NoCRLCheck\"\n"
                .to_vec(),
        ),
    ] {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, bytes).expect("written");
    }
    (folder.to_str().expect("UTF-8").to_owned(), thumbprint)
}

#[test]
fn e1_the_document_has_what_is_behind_the_first_reason_and_each_step_of_the_plan() {
    let scratch = tempfile::tempdir().unwrap();
    let (folder, thumbprint) = broken(scratch.path());
    let explained = run(&["explain", &folder, &thumbprint, "--format", "json"]);
    assert_eq!(explained.status, 1, "{}", explained.stderr);
    let document = explained.document();
    let codes = |name: &str| -> Vec<String> {
        let list = document[name].as_array().unwrap_or_else(|| panic!("no {name} in {document}"));
        list.iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert_eq!(codes("defects"), ["validity.chain_expired"]);
    assert_eq!(codes("beyond"), ["validity.untrusted_root"]);
    let steps = document["plan"]["steps"].as_array().expect("steps");
    let steps: Vec<_> = steps.iter().map(|step| (step["change"].as_str(), step["because"].as_str())).collect();
    assert_eq!(
        steps,
        [
            (Some("renew_authority"), Some("validity.chain_expired")),
            (Some("trust_root"), Some("validity.untrusted_root"))
        ]
    );
    assert_eq!(document["plan"]["end"]["kind"], "selected");
    let chain = document["chain"].as_array().expect("a chain");
    let chain: Vec<_> = chain.iter().map(|link| (link["issued_to"].as_str(), link["fault"].as_str())).collect();
    assert_eq!(
        chain,
        [
            (Some("pc1.contoso.com"), None),
            (Some("Contoso Issuing CA"), Some("validity.chain_expired")),
            (Some("Contoso Root CA"), None)
        ]
    );
}

#[test]
fn e3_what_was_not_checked_is_not_said_to_have_passed() {
    let scratch = tempfile::tempdir().unwrap();
    let (folder, thumbprint) = broken(scratch.path());
    let text = run(&["explain", &folder, &thumbprint]).stdout;
    let (passed, others) = text.split_once("\nwhat was not checked\n").expect("both");
    assert!(passed.contains("\nwhat passed\n") && !passed.contains("no issuers list"), "{text}");
    assert!(others.contains("I-2   no issuers list, so every root counts"), "{text}");
}

#[test]
fn one_of_several_machines_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let (folder, _) = broken(&scratch.path().join("pc"));
    let fleet = scratch.path().join("fleet.jsonl");
    fs::write(&fleet, run(&["convert", &machine("wrong-store"), &machine("contoso-ecc"), &folder]).stdout).unwrap();
    let fleet = fleet.to_str().unwrap();
    let names: Vec<String> = run(&["--format", "json", fleet])
        .documents()
        .iter()
        .map(|document| document["machine"].as_str().expect("a name").to_owned())
        .collect();
    let [first, second, _] = &names[..] else { panic!("{names:?}") };
    assert_ne!(first, second);

    let several = run(&["explain", fleet, "7AFE"]);
    assert_eq!(several.status, 2);
    assert!(several.stderr.contains("there are several machines: choose one with --name NAME"), "{}", several.stderr);
    for name in [first, second] {
        let all = run(&["--format", "json", fleet]).documents();
        let document = all.iter().find(|document| document["machine"] == **name).expect("the machine");
        let thumbprint = document["certificates"][0]["thumbprint"].as_str().expect("a thumbprint");
        // Names of computers have no case.
        let named = name.to_lowercase();
        let explained = run(&["explain", fleet, thumbprint, "--name", &named, "--format", "json"]).document();
        assert_eq!((&explained["machine"], &explained["thumbprint"]), (&document["machine"], &thumbprint.into()));
    }
    let nobody = run(&["explain", fleet, "7AFE", "--name", "NOBODY"]);
    assert_eq!(nobody.status, 2);
    assert!(nobody.stderr.contains("NOBODY"), "{}", nobody.stderr);
}
