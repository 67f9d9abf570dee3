//! The whole command line, in process, on generated inventories: what one form of the answer says, every other one says.
//!
//! The command line is no part of the library's API, so its replay is with the unit tests of the crate.

use crate::cli::{ExitStatus, Io, Terminal, run};
use crate::support::world::{self, EntryRecipe, Recipe};
use arbitrary::Unstructured;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use ccmcertsel::{Enumeration, KeyProvider, PrivateKey, Settings, Timestamp};
use serde_json::{Map, Value, json};
use std::ffi::OsString;

/// What a run gave.
struct Run {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

/// Runs a command line on these inventories.
fn answer(args: &[&str], stdin: &str) -> Run {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut stdin = stdin.as_bytes();
    let mut io = Io {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        clock: world::NOW.parse::<Timestamp>().expect("RFC 3339"),
        terminal: Terminal::default(),
    };
    let args = std::iter::once("cmhttpsreadiness").chain(args.iter().copied()).map(OsString::from);
    let status = run(args, &mut io);
    drop(std::panic::take_hook()); // that of the program keeps panics quiet, those of this test too
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let run = Run { status, stdout: text(stdout), stderr: text(stderr) };
    assert!(!run.stderr.contains("a fault of this program"), "{}", run.stderr);
    assert!(!run.stdout.contains("a fault of this program"), "{}", run.stdout);
    run
}

/// What the fuzz target `command_line` and its replay run.
///
/// # Panics
/// When two forms of the answer differ.
pub fn command_line(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let count = u.int_in_range(1..=3).unwrap_or(1);
    let fleet: Vec<String> = (0..count)
        .filter_map(|number| Some(inventory(&world::signed_recipe(&mut u).ok()?, &format!("PC{number}")).to_string()))
        .collect();
    if fleet.is_empty() {
        return;
    }
    let lines = format!("{}\n", fleet.join("\n"));
    let json = answer(&["-", "--format=json"], &lines);
    let documents = documents(&json.stdout);
    assert_eq!(documents.len(), fleet.len(), "one document a machine: {}", json.stdout);
    let ready = documents.iter().filter(|document| document["ready"] == true).count();
    let expected = if ready == fleet.len() { ExitStatus::Ready } else { ExitStatus::NotReady };
    let is_bad = documents.iter().any(|document| document["error"].is_object());
    let expected = if is_bad { ExitStatus::BadInput } else { expected };
    assert_eq!(json.status, expected, "{}{}", json.stdout, json.stderr);
    for format in ["text", "csv", "log", "summary", "html"] {
        let run = answer(&["-", "--format", format, "--full"], &lines);
        assert_eq!(run.status, expected, "--format {format}: {}", run.stderr);
        let again = answer(&["-", "--format", format, "--full"], &lines);
        same(&run.stdout, &again.stdout, &format!("--format {format} twice"));
    }
    csv(&answer(&["-", "--format=csv"], &lines), &documents);
    summary(&answer(&["-", "--format=summary"], &lines), &documents);
    let audit = answer(&["-", "--format=json", "--audit"], &lines);
    audited(&self::documents(&audit.stdout), &documents);
    let converted = answer(&["convert", "-"], &lines);
    if !is_bad {
        assert_eq!(converted.status, ExitStatus::Ready, "{}", converted.stderr);
        let of_converted = answer(&["-", "--format=json"], &converted.stdout);
        same(&once(&of_converted.stdout), &once(&json.stdout), "what `convert` writes is judged alike");
        same(&answer(&["convert", "-"], &converted.stdout).stdout, &converted.stdout, "once more, the same");
    }
    for (line, document) in fleet.iter().zip(&documents).filter(|(_, document)| !document["error"].is_object()) {
        alone(line, document);
    }
}

/// The documents without what is said of second copies: `convert` leaves those out (T-8).
fn once(stdout: &str) -> String {
    let of_copies = |warning: &Value| warning["code"] == "store.duplicate";
    let without = documents(stdout).into_iter().map(|mut document| {
        if let Some(warnings) = document["warnings"].as_array_mut() {
            warnings.retain(|warning| !of_copies(warning));
        }
        document.to_string()
    });
    without.collect::<Vec<_>>().join("\n")
}

/// Two answers are the same; if not, only the place where they part is shown.
fn same(one: &str, other: &str, what: &str) {
    let parts = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| {
        String::from_utf8_lossy(text.as_bytes().get(parts.saturating_sub(120)..).unwrap_or_default())
            .chars()
            .take(300)
            .collect::<String>()
    };
    assert!(one == other, "{what}:\n{}\n{}", near(one), near(other));
}

fn documents(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("a document")).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// One machine: text, log and the explanation of each certificate say what its document says.
fn alone(line: &str, document: &Value) {
    // The text is wrapped.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = words(&answer(&["-"], line).stdout);
    let sentence = words(text(document, "answer"));
    assert!(!sentence.is_empty() && whole.contains(&sentence), "{sentence} is not in {whole}");
    let log = answer(&["-", "--format=log"], line).stdout;
    let selected = text(document, "selected");
    assert!(selected.is_empty() || log.to_uppercase().contains(selected), "{selected} is not in {log}");
    let certificates = document["certificates"].as_array().expect("certificates");
    for certificate in certificates {
        let thumbprint = text(certificate, "thumbprint");
        let same = certificates.iter().filter(|other| text(other, "thumbprint") == thumbprint);
        if same.count() > 1 {
            continue; // it stands in several stores, and which is meant is another matter
        }
        let explained = answer(&["explain", "-", thumbprint, "--format=json"], line);
        let explanation: Value = serde_json::from_str(&explained.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}{}", explained.stdout, explained.stderr);
        });
        assert_eq!(explanation["verdict"], certificate["verdict"], "{thumbprint}: {explanation}");
        assert_eq!(explanation["answer"], document["answer"], "{thumbprint}");
        let is_selected = certificate["verdict"] == "selected";
        assert_eq!(explained.status == ExitStatus::Ready, is_selected, "{thumbprint}");
        let first = certificate["findings"].as_array().expect("findings").iter().find(|it| it["result"] == "rejected");
        let defects = explanation["defects"].as_array().expect("defects");
        assert_eq!(first.map(|it| &it["code"]), defects.first().map(|it| &it["code"]), "{thumbprint}: {explanation}");
    }
}

/// Every row of the table says what the document of its machine says.
fn csv(run: &Run, documents: &[Value]) {
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    let columns = reader.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), documents.len());
    for (row, document) in rows.iter().zip(documents) {
        let cell = |name: &str| row.get(columns.iter().position(|column| column == name).expect("a column"));
        assert_eq!(cell("machine"), Some(text(document, "machine")));
        assert_eq!(cell("ready"), Some(if document["ready"] == true { "true" } else { "false" }));
        assert_eq!(cell("selected"), Some(text(document, "selected")));
        assert_eq!(cell("outcome"), Some(text(&document["outcome"], "kind")));
        assert_eq!(cell("hresult"), Some(text(&document["outcome"], "hresult")));
    }
}

fn summary(run: &Run, documents: &[Value]) {
    let document: Value = serde_json::from_str(&run.stdout).expect("a document");
    let summary = &document["summary"];
    let count = |wanted: &dyn Fn(&&Value) -> bool| Some(documents.iter().filter(wanted).count() as u64);
    let is_bad = |document: &&Value| document["error"].is_object();
    assert_eq!(summary["ready"].as_u64(), count(&|it| it["ready"] == true), "{summary}");
    assert_eq!(summary["unjudged"].as_u64(), count(&is_bad), "{summary}");
    assert_eq!(summary["not_ready"].as_u64(), count(&|it| it["ready"] != true && !is_bad(it)), "{summary}");
}

/// An audit finds the same, and more of it.
fn audited(audited: &[Value], documents: &[Value]) {
    assert_eq!(audited.len(), documents.len());
    for (audited, document) in audited.iter().zip(documents) {
        for key in ["machine", "ready", "outcome", "selected", "answer", "depends_on", "undecided"] {
            assert_eq!(audited[key], document[key], "{key} of an audit");
        }
        let certificates = |document: &Value| document["certificates"].as_array().cloned().unwrap_or_default();
        for (long, short) in certificates(audited).iter().zip(certificates(document)) {
            assert_eq!((&long["thumbprint"], &long["verdict"]), (&short["thumbprint"], &short["verdict"]));
        }
    }
}

/// A generated machine as an inventory.
fn inventory(recipe: &Recipe, name: &str) -> Value {
    let mut stores: Map<String, Value> =
        recipe.empty_stores.iter().map(|store| ((*store).to_owned(), json!([]))).collect();
    for one in &recipe.entries {
        let entries = stores.entry(one.store).or_insert_with(|| json!([]));
        entries.as_array_mut().expect("a list").push(entry(one));
    }
    let settings: Map<String, Value> =
        stated(&recipe.settings).map(|(setting, value)| (setting.to_owned(), json!(value))).collect();
    let templates: Map<String, Value> =
        recipe.settings.templates().iter().map(|(oid, version)| (oid.to_string(), json!(version))).collect();
    let mut inventory = json!({
        "schema": 1,
        "name": name,
        "now": recipe.now.to_string(),
        "stores": stores,
        "crls": recipe.crls.iter().map(|der| BASE64_STANDARD.encode(der)).collect::<Vec<_>>(),
        "templates": templates,
        "settings": settings,
    });
    if let Some(fqdn) = recipe.machine.fqdn() {
        inventory["fqdn"] = json!(fqdn);
    }
    inventory
}

fn entry(recipe: &EntryRecipe) -> Value {
    let mut entry = json!({ "der": BASE64_STANDARD.encode(&recipe.der) });
    let key = match recipe.key {
        PrivateKey::Accessible(KeyProvider::Csp) => Some("csp"),
        PrivateKey::Accessible(KeyProvider::Ksp) => Some("ksp"),
        PrivateKey::Absent => Some("absent"),
        _ => None,
    };
    if let Some(key) = key {
        entry["private_key"] = json!(key);
    }
    if let Some(version) = recipe.schema {
        entry["template_schema"] = json!(version);
    }
    if let Some(usages) = &recipe.eku {
        entry["eku"] = usages.iter().map(ToString::to_string).collect();
    }
    if recipe.enumeration == Enumeration::Archived {
        entry["archived"] = json!(true);
    }
    entry
}

/// The choices that differ from their defaults; store, criteria and issuers as a command line has them.
fn stated(settings: &Settings) -> impl Iterator<Item = (&'static str, String)> {
    let choices: Vec<(&'static str, String)> = settings
        .choices()
        .filter(|choice| choice.value != choice.default)
        .map(|choice| (choice.setting, choice.value.to_owned()))
        .collect();
    let properties = [
        ("CCMCERTSTORE", Some(settings.store().to_string())),
        ("CCMCERTSEL", settings.criteria().map(ToString::to_string)),
        ("CCMCERTISSUERS", settings.issuers().map(ToString::to_string)),
    ];
    let properties = properties.into_iter().filter_map(|(name, value)| Some((name, value?)));
    // How quotes stand in quotes is tested elsewhere.
    let properties: Vec<String> = properties
        .filter(|(_, value)| !value.contains('"'))
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    choices.into_iter().chain([("properties", properties.join(" "))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_was_found_stays_found() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/regressions/command_line");
        for file in std::fs::read_dir(folder).into_iter().flatten() {
            let path = file.expect("a file").path();
            println!("{}", path.display());
            command_line(&std::fs::read(path).expect("a file"));
        }
    }

    /// `CCMCERTSEL_COMMAND_LINES` says how many machines, as many as one has time for.
    #[test]
    fn generated_inventories_are_told_alike_in_every_form() {
        let count = std::env::var("CCMCERTSEL_COMMAND_LINES").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
        for seed in 0..count {
            println!("seed {seed}");
            command_line(&world::seeded(9_000_000 + seed));
        }
        for bytes in [&[][..], &[0xff; 40], b"PC1"] {
            command_line(bytes);
        }
    }
}
