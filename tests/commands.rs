//! The corpus of what is not a selection alone, `testdata/commands/*.toml`: each case through the library and through the
//! program, and whether every rule has a case in it or in the scenario corpus.

mod files;
mod format;
mod library;

use self::files::Files;
use self::format::{Case, File, Kind};
use crate::corpus::{self, read_corpus, report};
use crate::support::annex;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// Fewer cases than this means that a file went missing.
const AT_LEAST: usize = 80;

/// Rules that state no decision that a case could show, each with the reason. The list may only get shorter.
const WITHOUT_A_CASE: [(&str, &str); 0] = [];

fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| read_corpus::<File>("commands").into_iter().flat_map(|file| file.case).collect())
}

/// The values behind a JSON pointer, in which `*` is every element of an array, as one array.
fn at(document: &Value, pointer: &str) -> Option<Value> {
    match pointer.split_once("/*") {
        Some((list, rest)) => {
            let values = document.pointer(list)?.as_array()?;
            Some(values.iter().map(|value| at(value, rest).unwrap_or(Value::Null)).collect())
        }
        None => document.pointer(pointer).cloned(),
    }
}

/// Differences of a document from what the case expects; TOML has no null, so an empty string stands for it.
fn compare<'e>(
    place: &str,
    document: &Value,
    expected: impl IntoIterator<Item = (&'e String, &'e Value)>,
    problems: &mut Vec<String>,
) {
    for (pointer, wanted) in expected {
        let found = at(document, pointer).unwrap_or(Value::Null);
        let is_none = found.is_null() && wanted == "";
        if found != *wanted && !is_none {
            problems.push(format!("{place}: `{pointer}` is {found}, expected {wanted}"));
        }
    }
}

fn compare_text(place: &str, text: &str, wanted: &[String], files: &Files, problems: &mut Vec<String>) {
    for part in wanted.iter().map(|part| files.named(part)) {
        if !text.contains(&part) {
            problems.push(format!("{place}: `{part}` is not in\n{text}"));
        }
    }
}

#[test]
fn ids_are_unique_and_cases_are_many() {
    let mut seen = BTreeSet::new();
    for case in cases() {
        assert!(seen.insert(&case.id), "`{}` is there twice", case.id);
        assert!(!annex::ids(&case.source).is_empty(), "{}: no rule is named", case.id);
        let says = case.answer.len() + case.program.len() + case.text.len() + case.without_text.len();
        assert!(says + case.notes.len() + usize::from(case.refused.is_some()) > 0, "{}: nothing is expected", case.id);
        let alone = case.server.presented.is_some();
        assert!(!(alone && says > case.answer.len()), "{}: the program is not asked", case.id);
    }
    assert!(seen.len() >= AT_LEAST, "{} cases", seen.len());
    println!("{} cases", seen.len());
}

/// Every decision of the specification is shown by a case that would fail without it; that each *rule* has one can be counted.
#[test]
fn every_rule_has_a_case() {
    let own = cases().iter().map(|case| case.source.as_str());
    let selection = corpus::cases().iter().map(|(case, _)| case.source.as_str());
    let cited: BTreeSet<&str> = own.chain(selection).flat_map(annex::ids).map(|(id, _)| id).collect();
    let excused: BTreeSet<&str> = WITHOUT_A_CASE.iter().map(|(id, _)| *id).collect();
    let rules = annex::rules(annex::TEXT);
    let missing: Vec<_> = rules.keys().filter(|id| !cited.contains(*id) && !excused.contains(*id)).collect();
    assert!(missing.is_empty(), "no case names {missing:?} as its source");
    let idle: Vec<_> = excused.iter().filter(|id| cited.contains(*id) || !rules.contains_key(*id)).collect();
    assert!(idle.is_empty(), "{idle:?} need no excuse");
    let unknown: Vec<_> = cited.iter().filter(|id| !rules.contains_key(*id)).collect();
    assert!(unknown.is_empty(), "{unknown:?} are no rules");
}

#[test]
fn the_library_agrees() {
    let mut problems = Vec::new();
    for case in cases() {
        let files = Files::of(case);
        let place = format!("{}, library", case.id);
        match (library::answer(case, &files), &case.refused) {
            (Ok(answer), None) => {
                compare(&place, &answer.document, &case.answer, &mut problems);
                if case.kind == Kind::Import {
                    compare_text(&place, &answer.notes, &case.notes, &files, &mut problems);
                }
            }
            (Ok(answer), Some(wanted)) => {
                problems.push(format!("{place}: {}, expected the error `{wanted}`", answer.document))
            }
            (Err(error), None) => problems.push(format!("{place}: {error}")),
            (Err(error), Some(wanted)) => {
                compare_text(&place, &error, std::slice::from_ref(wanted), &files, &mut problems)
            }
        }
    }
    report(problems);
}

/// Exit status, standard output and standard error.
fn run(case: &Case, files: &Files, folder: &Path, format: Option<&str>) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmhttpsreadiness"));
    match case.kind {
        Kind::Judge => command.arg("client.json"),
        Kind::Settings => command.args(["client.json", "--explain-settings"]),
        Kind::Server => command.args(["connect", "client.json", "--to", "server.toml"]),
        Kind::Site => command.args(["site", "client.json"]),
        Kind::Import => command.arg("convert").args(files.own.keys()).args(["--name", "PC1"]),
    };
    for (file, option) in
        [("mobileclient.tcf", "--tcf"), ("root-key.txt", "--root-key"), ("client-key.txt", "--client-key")]
    {
        if files.own.contains_key(file) && case.kind != Kind::Import {
            command.args([option, file]);
        }
    }
    command.args(&case.arguments);
    if let Some(format) = format {
        command.args(["--format", format]);
    } else if case.kind != Kind::Import {
        command.args(["--width", "1000"]);
    }
    let output = command.current_dir(folder).output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit status"), text(output.stdout), text(output.stderr))
}

/// `  NAME = VALUE (SOURCE; RULE; displaced ...)` of every line, without the rule, as one document.
fn explained(text: &str) -> Value {
    let (_, lines) = text.split_once("\nsettings:\n").unwrap_or_else(|| panic!("no settings in\n{text}"));
    let line = |line: &str| {
        let (name, said) = line.trim().split_once(" = ")?;
        let (value, why) = said.rsplit_once(" (")?;
        let mut parts = why.strip_suffix(')')?.splitn(3, "; ");
        let (source, _rule, displaced) = (parts.next()?, parts.next()?, parts.next());
        let displaced = displaced.map(|displaced| format!("; {displaced}")).unwrap_or_default();
        Some((name.to_owned(), json!(format!("{value} ({source}{displaced})"))))
    };
    lines.lines().filter_map(line).collect()
}

#[test]
fn the_program_agrees() {
    let mut problems = Vec::new();
    for case in cases().iter().filter(|case| case.server.presented.is_none()) {
        let files = Files::of(case);
        let folder = tempfile::tempdir().expect("a folder");
        files.write(case, folder.path());
        let place = format!("{}, program", case.id);
        let (status, out, errors) = run(case, &files, folder.path(), None);
        let wanted = match (case.status, case.kind) {
            _ if case.refused.is_some() => 2..=2,
            (Some(status), _) => status..=status,
            (None, Kind::Settings) => 0..=1,
            (None, _) => 0..=0,
        };
        if !wanted.contains(&status) {
            problems.push(format!("{place}: exit status {status}, expected {wanted:?}\n{out}{errors}"));
            continue;
        }
        compare_text(&place, &out, &case.text, &files, &mut problems);
        compare_text(&place, &errors, &case.notes, &files, &mut problems);
        for part in case.without_text.iter().filter(|part| out.contains(&files.named(part))) {
            problems.push(format!("{place}: `{part}` is in\n{out}"));
        }
        if let Some(error) = &case.refused {
            compare_text(&place, &errors, std::slice::from_ref(error), &files, &mut problems);
        }
        if case.answer.is_empty() && case.program.is_empty() {
            continue;
        }
        let document = match case.kind {
            Kind::Settings => explained(&out),
            Kind::Import => serde_json::from_str(&out).unwrap_or_else(|error| panic!("{place}: {error} in {out}")),
            Kind::Judge | Kind::Server | Kind::Site => {
                let (_, out, errors) = run(case, &files, folder.path(), Some("json"));
                serde_json::from_str(&out).unwrap_or_else(|error| panic!("{place}: {error} in {out}{errors}"))
            }
        };
        let document = files.with_names(&document);
        compare(&place, &document, case.answer.iter().chain(&case.program), &mut problems);
    }
    report(problems);
}
