//! NIST PKITS 2011, read from `../shared/suites/pkits/pkits.json` when present.
//!
//! Each procedure is a machine: its root in `ROOT`, its intermediates in `CA`, the certificate in `MY`.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ccmcertsel::chain::{Chains, PolicyInputs};
use ccmcertsel::settings::{AnyPolicy, CrlSigner, ExplicitPolicy, KeyUsagePolicy, PolicyMapping};
use ccmcertsel::{
    Algorithms, Certificate, Coded, Crl, Crls, Machine, Oid, Selection, Selector, Settings, Stores, Timestamp,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

struct Procedure {
    number: String,
    expected: bool,
    stores: Arc<Stores>,
    leaf: Certificate,
    crls: Vec<Vec<u8>>,
    policies: PolicyInputs,
    now: Timestamp,
}

fn suite() -> Option<Vec<Procedure>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/suites/pkits/pkits.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("PKITS was not run: {} is not there", path.display());
        return None;
    };
    let all: Vec<Value> = serde_json::from_str(&text).expect("the suite is JSON");
    Some(all.iter().map(procedure).collect())
}

fn der(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().expect("base64")).expect("base64")
}

fn list(value: &Value) -> Vec<Vec<u8>> {
    value.as_array().expect("a list").iter().map(der).collect()
}

fn procedure(value: &Value) -> Procedure {
    let mut builder = Stores::builder();
    let leaf = der(&value["leaf_der"]);
    builder.add_der("MY", &leaf);
    builder.add_der("ROOT", &der(&value["root_der"]));
    for intermediate in list(&value["intermediates_der"]) {
        builder.add_der("CA", &intermediate);
    }
    let stores = builder.build();
    Procedure {
        number: value["number"].as_str().expect("a number").to_owned(),
        expected: value["expected"].as_bool().expect("a verdict"),
        stores: Arc::new(stores),
        leaf: Certificate::from_der(&leaf).expect("a certificate"),
        crls: list(&value["crls_der"]),
        policies: policies(&value["info"]),
        now: value["time"].as_str().expect("a time").parse().expect("RFC 3339"),
    }
}

/// The last input of each kind counts: PKITS lists several settings for some procedures in the order of its text.
fn policies(info: &Value) -> PolicyInputs {
    let set = |name: &str| info.get(name).is_some_and(|value| value == "true");
    let mut inputs = PolicyInputs::default();
    if let Some(names) = info.get("SetInitialPolicySet") {
        let texts = names.as_array().into_iter().flatten().filter_map(Value::as_str);
        let names: Vec<&str> = texts.flat_map(|text| text.split(',')).collect();
        inputs.initial = Some(names.iter().map(|name| policy(name)).collect());
    }
    if set("SetInitialExplicitPolicy") {
        inputs.explicit = ExplicitPolicy::Required;
    }
    if set("SetInitialPolicyMappingInhibit") {
        inputs.mapping = PolicyMapping::Inhibited;
    }
    if set("SetInitialInhibitAnyPolicy") {
        inputs.any_policy = AnyPolicy::Inhibited;
    }
    inputs
}

fn policy(name: &str) -> Oid {
    let name = name.trim();
    match name.strip_prefix("NIST-test-policy-") {
        Some(number) => format!("2.16.840.1.101.3.2.1.48.{number}"),
        None if name == "anyPolicy" => "2.5.29.32.0".to_owned(),
        None => panic!("`{name}` is no policy of PKITS"),
    }
    .parse()
    .expect("an object identifier")
}

/// The code of the rejection; `None` when the procedure's path is valid.
fn verdict(procedure: &Procedure) -> Option<String> {
    let leaf = &procedure.leaf;
    if procedure.now < leaf.not_before() {
        return Some("validity.not_yet_valid".to_owned());
    }
    if procedure.now > leaf.not_after() {
        return Some("validity.expired".to_owned());
    }
    let chains = Chains::new(procedure.stores.clone(), Algorithms::default()).with_policies(procedure.policies.clone());
    let id = procedure.stores.find(&leaf.thumbprint()).expect("it was added");
    let chain = chains.chain(id, procedure.now).expect("the certificate decodes");
    chain.failure().map(|failure| format!("{} {failure}", failure.code()))
}

/// The path alone, without revocation: whatever PKITS accepts must pass, and what only a CRL rejects passes as well.
#[test]
fn pkits_accepts_every_valid_path_without_revocation() {
    let Some(suite) = suite() else { return };
    let mut wrong = BTreeMap::new();
    for procedure in &suite {
        let verdict = verdict(procedure);
        let section: u32 = procedure.number.split('.').nth(1).and_then(|s| s.parse().ok()).expect("4.x.y");
        let by_crl_alone = ["4.5.2", "4.5.5", "4.5.7", "4.7.4", "4.7.5"]; // a revoked certificate, no cRLSign
        let only_revoked = matches!(section, 4 | 14 | 15) || by_crl_alone.contains(&procedure.number.as_str());
        if verdict.is_none() != (procedure.expected || only_revoked) {
            wrong.insert(procedure.number.clone(), verdict);
        }
    }
    println!("PKITS without revocation: {} of {} as expected", suite.len() - wrong.len(), suite.len());
    println!("{wrong:#?}");
    assert_eq!(wrong.keys().collect::<Vec<_>>(), ["4.1.4", "4.1.5"], "both are signed with DSA");
}

/// The whole suite through the selection: PKITS supposes `CrlSigner::SameName`, and says nothing about purposes.
fn selection(procedure: &Procedure) -> Selection {
    let policies = &procedure.policies;
    let mut settings = Settings::ccm_setup()
        .with(CrlSigner::SameName)
        .with(KeyUsagePolicy::Ignore)
        .with(policies.explicit)
        .with(policies.mapping)
        .with(policies.any_policy);
    if let Some(initial) = &policies.initial {
        settings = settings.with_initial_policies(initial.to_vec());
    }
    let crls = procedure.crls.iter().map(|crl| Crl::from_der(crl).expect("a CRL"));
    Selector::new(procedure.stores.clone(), Machine::new("PKITS"), settings)
        .with_crls(Crls::new(crls))
        .select(procedure.now)
}

/// PKITS procedures whose verdict is another here, with the reason.
const EXCEPTIONS: &str = include_str!("../testdata/pkits-exceptions.txt");

#[test]
fn pkits_agrees() {
    let Some(suite) = suite() else { return };
    let mut wrong = BTreeMap::new();
    for procedure in &suite {
        let selection = selection(procedure);
        let selected = selection.selected().is_some();
        if selected != procedure.expected {
            let rejections = selection.verdicts().iter().filter_map(|verdict| verdict.rejection());
            let said = rejections.map(|rejection| rejection.code()).collect::<Vec<_>>();
            wrong.insert(procedure.number.clone(), said);
        }
    }
    println!("PKITS: {} of {} verdicts agree", suite.len() - wrong.len(), suite.len());
    let numbers = |line: &'static str| line.split_once(' ').map(|(number, _)| number);
    let lines = EXCEPTIONS.lines().filter(|line| !line.starts_with('#'));
    let expected: Vec<&str> = lines.filter_map(numbers).collect();
    assert_eq!(wrong.keys().collect::<Vec<_>>(), expected, "{wrong:#?}");
}

/// What each procedure about CRLs is rejected for: the right verdict for a wrong reason would hide a missing check.
#[test]
fn pkits_rejects_for_the_reason_that_it_tests() {
    let Some(suite) = suite() else { return };
    let reasons: BTreeMap<&str, &str> = include_str!("../testdata/pkits-reasons.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .collect();
    let crl_sections = ["4.4.", "4.14.", "4.15."];
    let mut found: Vec<String> = Vec::new();
    for procedure in &suite {
        let about_crls = crl_sections.iter().any(|section| procedure.number.starts_with(section));
        if procedure.expected || !about_crls {
            continue;
        }
        let selection = selection(procedure);
        let code = selection.verdicts().iter().find_map(|verdict| Some(verdict.rejection()?.code()));
        let code = code.unwrap_or("none");
        if reasons.get(procedure.number.as_str()) != Some(&code) {
            found.push(format!("{} {code}", procedure.number));
        }
    }
    assert!(found.is_empty(), "other reasons than listed:\n{}", found.join("\n"));
}
