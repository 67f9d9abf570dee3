//! `compare OLD --against NEW` and `--format ics`, run as a user runs them.

use super::{machine, run};
use serde_json::{Value, json};
use std::path::Path;

/// The inventory of an example machine under another name, at an instant, changed.
fn inventory(of: &str, name: &str, now: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut document = run(&["convert", &machine(of)]).document();
    document["name"] = json!(name);
    document["now"] = json!(now);
    change(&mut document);
    document.to_string() + "\n"
}

fn collection(folder: &Path, name: &str, inventories: &[String]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, inventories.concat()).expect("a collection");
    path.to_str().expect("UTF-8").to_owned()
}

const NOW: &str = "2026-01-15T09:00:00Z";
const LATER: &str = "2026-01-16T09:00:00Z";

/// What the machine of the tests selects, without which it is not ready.
const RENEWED: &str = "68C54BD52764CAA0DC9B8F34F7328939CB4ABD84";

fn without_my(document: &mut Value) {
    document["stores"]["MY"] = json!([]);
}

#[test]
fn what_happened_to_each_machine_is_said_with_the_reason() {
    let scratch = tempfile::tempdir().expect("a folder");
    let old = [
        inventory("contoso-pc1", "PC1", NOW, |_| {}),
        inventory("contoso-pc1", "PC2", NOW, |_| {}),
        inventory("contoso-pc1", "PC3", NOW, without_my),
        inventory("contoso-pc1", "PC4", NOW, |_| {}),
        inventory("issuers-no-match", "PC5", NOW, |_| {}),
        inventory("contoso-pc1", "PC6", NOW, |_| {}),
    ];
    let new = [
        inventory("contoso-pc1", "pc1", LATER, |_| {}), // names are compared without case
        inventory("contoso-pc1", "PC2", LATER, without_my),
        inventory("contoso-pc1", "PC3", LATER, |_| {}),
        inventory("issuers-no-match", "PC5", LATER, without_my),
        inventory("contoso-pc1", "PC6", "2029-01-15T09:00:00Z", |_| {}),
        inventory("contoso-pc1", "PC7", LATER, |_| {}),
    ];
    let (old, new) = (collection(scratch.path(), "old.jsonl", &old), collection(scratch.path(), "new.jsonl", &new));
    let json = run(&["compare", "--format", "json", &old, "--against", &new]);
    assert_eq!(json.status, 1, "{}", json.stderr);
    let documents = json.documents();
    let told: Vec<(&str, &str)> = documents
        .iter()
        .map(|document| (document["machine"].as_str().expect("a name"), document["movement"].as_str().expect("a word")))
        .collect();
    let expected = [
        ("pc1", "same"),
        ("PC2", "lost"),
        ("PC3", "gained"),
        ("PC5", "other_reasons"),
        ("PC6", "lost"),
        ("PC7", "new"),
        ("PC4", "gone"),
    ];
    assert_eq!(told, expected);
    let of = |name: &str| documents.iter().find(|document| document["machine"] == name).expect("the machine");
    assert_eq!(of("PC2")["before"]["selected"], RENEWED);
    let because = of("PC2")["because"][0].as_str().expect("a reason");
    assert!(because.starts_with(RENEWED) && because.ends_with("is no longer in its stores"), "{because}");
    let because = of("PC6")["because"][0].as_str().expect("a reason");
    assert!(because.starts_with(RENEWED) && because.contains("expired"), "{because}");
    assert_eq!((&of("PC4")["after"], &of("PC7")["before"]), (&Value::Null, &Value::Null));

    let text = run(&["compare", &old, "--against", &new]).stdout;
    assert!(!text.contains("pc1 is as before") && text.contains("       1  is as before"), "{text}");
    assert!(text.contains("PC2 lost its certificate\n  before  68C54BD5"), "{text}");
}

#[test]
fn another_setting_is_named_and_the_same_collection_has_no_news() {
    let scratch = tempfile::tempdir().expect("a folder");
    let old = collection(scratch.path(), "old.jsonl", &[inventory("contoso-pc1", "PC1", NOW, |_| {})]);
    let same = run(&["compare", &old, "--against", &old]);
    assert_eq!((same.status, same.stdout.as_str()), (0, "summary\n       1  is as before\n"), "{}", same.stderr);
    let stricter = inventory("contoso-pc1", "PC1", NOW, |document| {
        document["settings"]["properties"] = json!("CCMCERTSEL=\"SubjectStr:nowhere\"");
    });
    let new = collection(scratch.path(), "new.jsonl", &[stricter]);
    let changed = run(&["compare", &old, "--against", &new]);
    assert_eq!(changed.status, 1, "{}", changed.stderr);
    assert!(changed.stdout.contains("criteria SubjectStr:nowhere"), "{}", changed.stdout);
    let both = run(&["compare", &old, "--against", &new, "--with", "CCMFIRSTCERT=1"]);
    assert_eq!(both.status, 2);
}

#[test]
fn a_machine_that_no_longer_reads_is_said() {
    let scratch = tempfile::tempdir().expect("a folder");
    let old = collection(scratch.path(), "old.jsonl", &[inventory("contoso-pc1", "PC1", NOW, |_| {})]);
    let broken = inventory("contoso-pc1", "PC1", NOW, |document| document["device"] = json!("toaster"));
    let new = collection(scratch.path(), "new.jsonl", &[broken]);
    let run = run(&["compare", "--format", "json", &old, "--against", &new]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("toaster"), "{}", run.stderr);
    assert_eq!(run.document()["movement"], "broken");
}

#[test]
fn the_ends_of_selected_certificates_are_a_calendar() {
    let run = run(&["--format", "ics", &machine("contoso-pc1"), &machine("empty-store")]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    let unfolded = run.stdout.replace("\r\n ", "");
    assert!(unfolded.starts_with("BEGIN:VCALENDAR\r\n") && unfolded.ends_with("END:VCALENDAR\r\n"), "{unfolded}");
    assert_eq!(unfolded.matches("BEGIN:VEVENT\r\n").count(), 1, "{unfolded}");
    assert!(unfolded.contains("SUMMARY:1 certificate of CN=Contoso Issuing CA 1"), "{unfolded}");
    let selected = super::run(&["--format", "json", &machine("contoso-pc1")]).document();
    let end =
        selected["certificates"].as_array().expect("certificates").iter().find(|one| one["verdict"] == "selected");
    let end = end.and_then(|one| one["not_after"].as_str()).expect("an end");
    assert!(unfolded.contains(&format!("DESCRIPTION:PC1: {end}\r\n")), "{unfolded}");
}
