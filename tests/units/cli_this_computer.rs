use super::*;
use crate::import::{Format, ImportOptions, detect, import};

/// Rule W-2: what is written is what `reg export` writes, as far as the reader of exports is concerned.
#[test]
fn stores_are_written_as_an_export_writes_them() {
    let key = |name: &str| format!(r"SOFTWARE\Microsoft\SystemCertificates\MY\Certificates\{name}");
    let blobs = [
        Blob { key: key("00"), bytes: vec![0x20, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0x30] },
        Blob { key: key("0\n1"), bytes: Vec::new() },
        Blob { key: key("02"), bytes: Vec::new() },
    ];
    let mut notes = Vec::new();
    let text = text(&blobs, &mut notes);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(detect(text.as_bytes()), Some(Format::Registry));
    let imported = import(text.as_bytes(), &ImportOptions::default()).unwrap();
    let entries: Vec<usize> = imported.stores().map(|(_, entries)| entries.len()).collect();
    assert_eq!(
        (entries, imported.problems().len()),
        (vec![2], 1),
        "two entries, neither a certificate; one has no bytes"
    );
}

#[cfg(not(windows))]
#[test]
fn elsewhere_it_says_how_to_collect() {
    let error = export().unwrap_err();
    assert!(error.message.contains("reg export"), "{}", error.message);
}
