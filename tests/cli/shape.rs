//! The JSON output, field by field, as the README documents it.

use super::{machine, path, run};
use serde_json::Value;
use std::fs;

const STEPS: [&str; 6] = ["issuers", "store", "validity", "purpose", "name", "longest"];

fn is_thumbprint(value: &Value) -> bool {
    let hex = |text: &str| text.len() == 40 && text.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
    value.as_str().is_some_and(hex)
}

fn is_instant(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
        text.chars().map(digits).collect::<String>() == "0000-00-00T00:00:00Z"
    })
}

fn is_text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

fn is_word(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    !text.is_empty() && text.bytes().all(letter)
}

fn is_code(value: &Value) -> bool {
    let parts: Vec<&str> = value.as_str().unwrap_or_default().split('.').collect();
    parts.len() == 2 && parts.iter().copied().all(is_word)
}

fn is_rule(value: &Value) -> bool {
    value.as_str().is_some_and(|id| id.parse::<ccmcertsel::Rule>().is_ok())
}

fn has(object: &Value, keys: &[&str]) {
    let object = object.as_object().expect("an object");
    for key in keys {
        assert!(object.contains_key(*key), "`{key}` is missing in {object:?}");
    }
}

fn finding(finding: &Value) {
    has(finding, &["step", "rule", "result", "code", "message"]);
    let step = finding["step"].as_str().unwrap();
    assert!(STEPS.contains(&step), "{finding}");
    assert!(is_rule(&finding["rule"]), "{finding}");
    assert!(["passed", "rejected", "not_applicable"].contains(&finding["result"].as_str().unwrap()), "{finding}");
    assert!(is_code(&finding["code"]), "{finding}");
    let message = finding["message"].as_str().unwrap();
    assert!(!message.is_empty() && !message.ends_with('.'), "{finding}");
    match &finding["near_miss"] {
        Value::Null => {}
        near => {
            // A near miss belongs to its finding, so its code has no step of its own.
            assert!(is_word(near["code"].as_str().unwrap()), "{finding}");
            assert!(near["message"].is_string(), "{finding}");
        }
    }
}

fn warning(warning: &Value) {
    has(warning, &["rule", "code", "message"]);
    assert!(is_rule(&warning["rule"]) && is_code(&warning["code"]) && warning["message"].is_string(), "{warning}");
}

fn certificate(entry: &Value) {
    let keys =
        ["thumbprint", "store", "issued_to", "subject", "not_before", "not_after", "verdict", "findings", "warnings"];
    has(entry, &keys);
    assert!(is_thumbprint(&entry["thumbprint"]), "{entry}");
    assert!(entry["store"].is_string(), "{entry}");
    let verdict = entry["verdict"].as_str().unwrap();
    assert!(["selected", "candidate", "rejected", "unreadable"].contains(&verdict), "{entry}");
    let unreadable = verdict == "unreadable";
    for key in ["issued_to", "subject"] {
        assert!(is_text_or_null(&entry[key]) && entry[key].is_null() == unreadable, "{entry}");
    }
    for key in ["not_before", "not_after"] {
        assert!(if unreadable { entry[key].is_null() } else { is_instant(&entry[key]) }, "{entry}");
    }
    entry["findings"].as_array().unwrap().iter().for_each(finding);
    entry["warnings"].as_array().unwrap().iter().for_each(warning);
    let rejected = entry["findings"].as_array().unwrap().iter().any(|finding| finding["result"] == "rejected");
    let expected = matches!(verdict, "rejected" | "unreadable");
    // A candidate was outranked, which is a rejection of the step longest.
    assert!(rejected == expected || verdict == "candidate", "{entry}");
}

fn document(document: &Value) {
    let keys = ["schema", "machine", "now", "ruleset", "ready", "outcome", "selected", "certificates", "warnings"];
    has(document, &keys);
    assert_eq!(document["schema"], 1);
    assert!(document["machine"].is_string() && is_instant(&document["now"]));
    assert!(["cb1706", "cb1710", "cb2107"].contains(&document["ruleset"].as_str().unwrap()));
    let outcome = &document["outcome"];
    has(outcome, &["kind", "emptied_at", "hresult"]);
    let kind = outcome["kind"].as_str().unwrap();
    assert!(["selected", "nothing", "ambiguous"].contains(&kind));
    assert_eq!(document["ready"], kind == "selected");
    assert_eq!(is_thumbprint(&document["selected"]), kind == "selected");
    let emptied = outcome["emptied_at"].as_str();
    assert!(emptied.is_none_or(|step| STEPS[..5].contains(&step)), "{outcome}");
    assert!(kind == "nothing" || emptied.is_none(), "{outcome}");
    let hresult = outcome["hresult"].as_str().unwrap();
    assert!(hresult.len() == 10 && hresult.starts_with("0x"), "{outcome}");
    document["certificates"].as_array().unwrap().iter().for_each(certificate);
    document["warnings"].as_array().unwrap().iter().for_each(warning);
}

#[test]
fn every_example_machine_gives_a_document_of_schema_1() {
    for entry in fs::read_dir(path("testdata/machines")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            let name = entry.file_name().into_string().unwrap();
            for options in [&["--format=json"][..], &["--format=json", "--audit"]] {
                document(&run(&[options, &[&machine(&name)]].concat()).document());
            }
        }
    }
}

#[test]
fn several_machines_give_one_line_each_in_input_order() {
    let names = ["contoso-ecc", "contoso-pc1", "empty-store", "contoso-ecc"];
    let folders: Vec<String> = names.iter().map(|name| machine(name)).collect();
    let mut args = vec!["--format=json"];
    args.extend(folders.iter().map(String::as_str));
    let run = run(&args);
    let machines: Vec<Value> = run.documents().iter().map(|document| document["machine"].clone()).collect();
    assert_eq!(machines, ["PC2", "PC1", "PC3", "PC2"]);
    assert_eq!(run.status, 1, "one of them is not ready");
}
