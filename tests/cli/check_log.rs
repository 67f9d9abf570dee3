//! `check-log`, run as a user runs it: the log that the tool writes agrees with the machine that it is about.

use super::{copy_machine, machine, run};
use std::path::Path;

fn log(folder: &Path, name: &str) -> String {
    let path = folder.join(format!("{name}.log"));
    std::fs::write(&path, run(&["--format", "log", &machine(name)]).stdout).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_log_of_every_example_machine_agrees() {
    let scratch = tempfile::tempdir().unwrap();
    for name in ["contoso-pc1", "issuers-no-match", "missing-crl", "two-equal-candidates", "wrong-store", "empty-store"]
    {
        let log = log(scratch.path(), name);
        let run = run(&["check-log", &log, "--machine", &machine(name), "--format", "json"]);
        assert_eq!(run.status, 0, "{name}: {}{}", run.stdout, run.stderr);
        let document = run.document();
        assert_eq!((&document["agreement"], &document["selections"]), (&"agrees".into(), &1.into()), "{document}");
        assert!(document["items"].as_array().is_some_and(|items| !items.is_empty()), "{document}");
    }
}

#[test]
fn a_machine_that_lacks_the_selected_certificate_differs() {
    let scratch = tempfile::tempdir().unwrap();
    let log = log(scratch.path(), "contoso-pc1");
    let machine = copy_machine("contoso-pc1", scratch.path());
    for file in ["02-workstation-renewed.cer", "02-workstation-renewed.cer.toml"] {
        std::fs::remove_file(machine.join("MY").join(file)).unwrap();
    }
    let run = run(&["check-log", &log, "--machine", machine.to_str().unwrap()]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.starts_with("PC1: the log differs from the prediction\n"), "{}", run.stdout);
    assert!(run.stdout.contains("differs: outcome\n  log:       selected 68C54BD5"), "{}", run.stdout);
}

#[test]
fn a_log_alone_is_told_in_utf_16_as_well() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("startup.log");
    let text = "\u{feff}HTTPS is enforced for Client. The current state is 63.\r\n\
        Begin searching client certificates based on Certificate Issuers\r\nCertificate Issuer 1 [CN=R\u{e4}t]\r\n\
        Something of another wording\r\n>>> Client selected the PKI Certificate [Thumbprint T1] issued to 'pc1'\r\n";
    std::fs::write(&path, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).unwrap();
    let run = run(&["check-log", path.to_str().unwrap()]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for words in ["4 lines read, 1 of unknown wording", "issuers CN=R\u{e4}t", "selected T1"] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
}

#[test]
fn a_log_that_cannot_be_read_is_bad_input() {
    let run = run(&["check-log", "no-such.log"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("no-such.log"), "{}", run.stderr);
}

#[test]
fn r5_the_reading_that_explains_a_difference_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let other = run(&["--format", "log", "--setting", "longest-by=not-after", &machine("contoso-ecc")]).stdout;
    let path = scratch.path().join("startup.log");
    std::fs::write(&path, other).unwrap();
    let arguments = ["check-log", path.to_str().unwrap(), "--machine", &machine("contoso-ecc")];
    let text = run(&arguments);
    assert_eq!(text.status, 1, "{}", text.stderr);
    assert!(text.stdout.contains("with longest_by=not-after nothing differs [L-1]\n"), "{}", text.stdout);
    let document = run(&[&arguments[..], &["--format", "json"]].concat()).document();
    let explained = serde_json::json!([{ "setting": "longest_by", "value": "not-after", "rule": "L-1" }]);
    assert_eq!(document["explained_by"], explained, "{document}");

    // A certificate that is gone is no question of a reading.
    let machine = copy_machine("contoso-ecc", scratch.path());
    std::fs::remove_dir_all(machine.join("MY")).unwrap();
    std::fs::create_dir(machine.join("MY")).unwrap();
    let text = run(&["check-log", path.to_str().unwrap(), "--machine", machine.to_str().unwrap()]);
    assert!(text.stdout.ends_with("no other reading explains it [R-5]\n"), "{}", text.stdout);
    // What is true of each of them is said once.
    assert_eq!(text.stdout.matches("the inventory does not hold it in this store").count(), 1, "{}", text.stdout);
    assert!(text.stdout.contains("\nnot comparable, 4 times:\n  "), "{}", text.stdout);
}

#[test]
fn what_is_no_log_of_a_client_is_asked_about() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("other.log");
    std::fs::write(&path, "2026-01-15 09:00 something else\n").unwrap();
    let text = run(&["check-log", path.to_str().unwrap(), "--machine", &machine("contoso-ecc")]);
    let words =
        "no selection in the log; 0 lines read, 1 of unknown wording\nis it a log of the client's (ClientIDManager";
    assert!(text.status == 1 && text.stdout.starts_with(words), "{}", text.stdout);
}
