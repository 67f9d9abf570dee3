//! Any bytes are inventories, or something that is wrong at a place; and one line says nothing about another.
//!
//! The reader shows little of what it is made of, so the body is compiled with it (`src/machine.rs`).

use super::error::InputError;
use super::input::MachineInput;
use super::inventory::Inventory;
use super::lines::{self, Document, FileContent, LineMode};
use super::load::Loader;
use crate::shown::SHOWN_CHARACTERS;
use std::io::BufReader;
use std::path::Path;

/// A line that is a machine.
const MACHINE: &str = r#"{"schema":1,"name":"PC1","stores":{"MY":[]}}"#;

/// What the fuzz target `inventory` and its replay run.
///
/// # Panics
/// When the reader breaks a promise.
pub fn inventory(data: &[u8]) {
    let warm = Loader::default();
    for mode in [LineMode::Sure, LineMode::Likely, LineMode::Unknown] {
        let documents = read(data, mode, 4096);
        let of_a_pipe = read(data, mode, 3);
        assert_eq!(placed(&documents), placed(&of_a_pipe), "what is read depends on how the bytes arrive");
        for document in &documents {
            match document {
                Ok(document) => machine(document, &warm),
                Err(error) => check(error),
            }
        }
    }
    between_machines(data);
}

/// The texts of a file, as the program takes them; no inventory where it is no JSON.
fn read(data: &[u8], mode: LineMode, buffer: usize) -> Vec<Result<Document, InputError>> {
    match lines::open(Path::new("fleet"), Box::new(BufReader::with_capacity(buffer, data)), mode) {
        Ok(FileContent::Lines(lines)) => lines.collect(),
        Ok(FileContent::Whole(document)) => vec![Ok(document)],
        Ok(FileContent::Other(bytes)) => {
            assert_eq!(bytes, data, "nothing is lost");
            Vec::new()
        }
        Err(error) => vec![Err(error)],
    }
}

type Placed<'a> = Result<(Option<usize>, &'a str), &'a InputError>;

fn placed(documents: &[Result<Document, InputError>]) -> Vec<Placed<'_>> {
    let documents = documents.iter().map(Result::as_ref);
    documents.map(|document| document.map(|document| (document.line, document.text.as_str()))).collect()
}

/// Whatever stands between two machines, both are read, and it is read as if it stood alone.
fn between_machines(data: &[u8]) {
    if data.starts_with(&[0xff, 0xfe]) || data.starts_with(&[0xfe, 0xff]) {
        return; // a mark of UTF-16 is about the whole file
    }
    // A file of blank lines is an empty one, which is an error; between two machines they are nothing.
    let is_blank = |line: &[u8]| line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii().is_empty();
    let alone =
        if data.split(|byte| *byte == b'\n').all(is_blank) { Vec::new() } else { read(data, LineMode::Sure, 4096) };
    let fleet = [MACHINE.as_bytes(), data, MACHINE.as_bytes()].join(&b'\n');
    let fleet = read(&fleet, LineMode::Sure, 4096);
    let last_line = 2 + data.split(|byte| *byte == b'\n').count();
    assert_eq!(fleet.len(), alone.len() + 2);
    for (document, line) in [(fleet.first(), 1), (fleet.last(), last_line)] {
        let document = document.and_then(|document| document.as_ref().ok()).expect("a machine");
        assert_eq!((document.line, document.text.trim_end()), (Some(line), MACHINE));
        assert!(Inventory::from_json(&document.text, line).is_ok());
    }
    for (between, alone) in fleet.iter().skip(1).zip(&alone) {
        match (between, alone) {
            (Ok(between), Ok(alone)) => {
                assert_eq!(between.text, alone.text);
                assert_eq!(between.line, alone.line.map(|line| line + 1));
            }
            (Err(between), Err(alone)) => assert_eq!(between.message, alone.message),
            _ => panic!("{between:?} is not {alone:?}"),
        }
    }
}

/// A document is a machine, or an error in it; what is written of the machine is read as that machine.
fn machine(document: &Document, warm: &Loader) {
    let text = &document.text;
    let first_line = document.line.unwrap_or(1);
    drop(Inventory::name_of(text));
    let inventory = match Inventory::from_json(text, first_line) {
        Ok(inventory) => inventory,
        Err(error) => {
            let line = error.line.expect("a line").get();
            assert!((first_line..=first_line + text.matches('\n').count()).contains(&line), "{error}");
            return check(&error);
        }
    };
    let json = written(&inventory);
    assert_eq!(Inventory::from_json(&json, 1).as_ref(), Ok(&inventory), "{json}");
    let converted = convert(inventory.clone(), &Loader::default());
    assert_eq!(converted, convert(inventory, warm), "what is remembered changes nothing");
    match converted {
        Ok(converted) => {
            let again = Inventory::from_json(&converted, 1).unwrap_or_else(|error| panic!("{converted}: {error}"));
            assert_eq!(convert(again, warm).as_ref(), Ok(&converted));
        }
        Err(error) => check(&error),
    }
}

/// What `convert` writes.
fn convert(inventory: Inventory<'_>, loader: &Loader) -> Result<String, InputError> {
    let (name, crls) = (inventory.name.clone(), inventory.crls.len());
    let given: usize = inventory.stores.0.iter().map(|(_, entries)| entries.len()).sum();
    let input = MachineInput::from_inventory(inventory, loader)?;
    assert_eq!(input.machine.name(), name);
    let collected = &input.collected;
    let notes = collected.notes.len();
    assert!(collected.crls.len() + collected.bad_crls.len() + notes >= crls, "no CRL is lost (V-8)");
    let inventory = input.into_inventory(None);
    let kept: usize = inventory.stores.0.iter().map(|(_, entries)| entries.len()).sum();
    assert!(kept > 0 || notes > 0 || given == 0, "only second copies go (T-8), and what holds nothing is said");
    Ok(written(&inventory))
}

fn written(inventory: &Inventory<'_>) -> String {
    serde_json::to_string(inventory).expect("strings and numbers always serialize")
}

/// An error is one line that can be read, and a place that is there.
fn check(error: &InputError) {
    assert!(!error.message.is_empty());
    // Foreign text is cut by its characters, each of which may be shown as an escape of up to ten.
    assert!(error.message.chars().count() < 10 * SHOWN_CHARACTERS + 200, "{error}");
    assert!(!error.message.contains(char::is_control), "{:?}", error.message);
    assert_eq!(error.input.is_some(), error.span.is_some());
    if let (Some(input), Some(span)) = (&error.input, &error.span) {
        assert!(input.get(span.clone()).is_some(), "{span:?} of {input:?}");
    }
    let shown = error.to_string();
    assert!(shown.lines().count() <= 3 && shown.chars().count() < 10 * SHOWN_CHARACTERS + 800, "{shown}");
}
