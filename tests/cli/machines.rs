//! The tables of `testdata/machines/README.md` are what the command says, certificate by certificate.

use super::{machine, path, run};
use serde_json::Value;
use sha1::{Digest, Sha1};
use std::fs;

struct Expected {
    name: String,
    outcome: String,
    rows: Vec<Row>,
}

struct Row {
    file: String,
    verdict: String,
    code: String,
}

fn expected() -> Vec<Expected> {
    let readme = fs::read_to_string(path("testdata/machines/README.md")).unwrap();
    let mut machines: Vec<Expected> = Vec::new();
    for line in readme.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            machines.push(Expected { name: name.to_owned(), outcome: String::new(), rows: Vec::new() });
        }
        let Some(machine) = machines.last_mut() else { continue };
        if let Some(outcome) = line.strip_prefix("Outcome: ") {
            machine.outcome = outcome.replace('`', "");
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        // The heads of the tables have no file.
        if let ["", file, verdict, code, _, _, ""] = cells[..]
            && file.contains('/')
        {
            machine.rows.push(Row { file: file.to_owned(), verdict: verdict.to_owned(), code: code.to_owned() });
        }
    }
    machines
}

/// The thumbprints that a file's entry may have: of the certificate in it, or of its bytes.
fn thumbprints(machine_name: &str, file: &str) -> Vec<String> {
    let bytes = fs::read(path(&machine(machine_name)).join(file)).unwrap();
    let sha1 = |bytes: &[u8]| Sha1::digest(bytes).iter().map(|byte| format!("{byte:02X}")).collect();
    let decoded = ccmcertsel::Certificate::from_pem(&bytes).ok();
    decoded.map(|certificate| sha1(certificate.as_der())).into_iter().chain([sha1(&bytes)]).collect()
}

fn find<'a>(document: &'a Value, thumbprints: &[String]) -> &'a Value {
    let certificates = document["certificates"].as_array().unwrap();
    let is_it = |entry: &&Value| thumbprints.iter().any(|print| entry["thumbprint"] == **print);
    certificates.iter().find(is_it).unwrap_or_else(|| panic!("{thumbprints:?} is not in {document:#}"))
}

/// The code that ended a certificate: its first rejection, or the last finding of a candidate.
fn code(entry: &Value) -> &str {
    let findings = entry["findings"].as_array().unwrap();
    let rejected = findings.iter().find(|finding| finding["result"] == "rejected");
    let last = rejected.or(findings.last());
    last.and_then(|finding| finding["code"].as_str()).unwrap_or_default()
}

#[test]
fn every_certificate_ends_as_the_readme_says() {
    let machines = expected();
    assert!(machines.len() >= 15, "the README's tables were not found");
    let mut wrong = Vec::new();
    for expected in machines {
        let run = run(&["--format", "json", &machine(&expected.name)]);
        let document = run.document();
        for row in &expected.rows {
            let entry = find(&document, &thumbprints(&expected.name, &row.file));
            let actual = (entry["verdict"].as_str().unwrap_or_default(), code(entry));
            let selected = row.verdict == "selected" && actual.0 == "selected";
            if !selected && actual != (row.verdict.as_str(), row.code.as_str()) {
                wrong.push(format!("{}/{}: {actual:?}: {:#}", expected.name, row.file, entry["findings"]));
            }
        }
        let outcome = &document["outcome"];
        let words: Vec<&str> = expected.outcome.split_whitespace().collect();
        let matches = match words[..] {
            ["selected", file] => {
                let prints = thumbprints(&expected.name, file);
                run.status == 0
                    && document["ready"] == true
                    && outcome["hresult"] == "0x00000000"
                    && prints.iter().any(|print| document["selected"] == **print)
            }
            ["nothing", "at", step, hresult] => {
                run.status == 1 && outcome["emptied_at"] == step && outcome["hresult"] == hresult
            }
            ["ambiguous", hresult] => {
                run.status == 1 && outcome["kind"] == "ambiguous" && outcome["hresult"] == hresult
            }
            _ => panic!("{}: no outcome in the README", expected.name),
        };
        if !matches || outcome["kind"] != words[0] {
            wrong.push(format!("{}: {outcome}, status {}: {}", expected.name, run.status, run.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_machine_folder_is_in_the_readme() {
    let known: Vec<String> = expected().into_iter().map(|machine| machine.name).collect();
    for entry in fs::read_dir(path("testdata/machines")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            assert!(known.contains(&name), "{name} has no section in testdata/machines/README.md");
        }
    }
}

#[test]
fn the_first_command_of_the_readme_names_the_selected_certificate_first() {
    let run = run(&[&machine("contoso-pc1")]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let mut lines = run.stdout.lines();
    let answer = lines.next().unwrap();
    let print = thumbprints("contoso-pc1", "MY/02-workstation-renewed.cer").remove(0);
    assert!(answer.contains(&print), "{answer}");
    let second = lines.next().unwrap();
    assert!(second.contains("cb1706") && second.contains("default"), "{second}");
    assert!(second.contains("2026-01-15T09:00:00Z"), "{second}");
    let longest = run.stdout.lines().skip(1).map(|line| line.chars().count()).max();
    assert!(longest <= Some(80), "a line of {longest:?} characters:\n{}", run.stdout);
}
