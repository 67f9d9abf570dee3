//! A folder of exports as a fleet: a machine for each base name, with its client's state beside it.

use super::{path, run};
use std::path::Path;

/// A folder with the export of PC1 under these names.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in names {
        std::fs::copy(path("testdata/import/contoso-pc1.reg"), folder.path().join(name)).expect("a copy");
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a file");
}

const STATE: &str =
    r#"{"CertificateSelectionCriteria":"SubjectStr:contoso","HttpsStateFlags":31,"SelectFirstCertificate":1}"#;

#[test]
fn each_base_name_is_a_machine_and_the_json_beside_it_its_clients_state() {
    let folder = folder(&["PC1.reg", "PC2.reg"]);
    write(folder.path(), "pc1.JSON", STATE);
    write(folder.path(), "readme.txt", "");
    let given = folder.path().to_str().expect("UTF-8");
    let run_all = run(&[given, "--fqdn-suffix", "contoso.com", "--format", "json"]);
    let documents = run_all.documents();
    let names: Vec<_> = documents.iter().map(|document| document["machine"].clone()).collect();
    assert_eq!(names.len(), 2, "{}", run_all.stderr);
    assert!(names[0].to_string().contains("PC1") && names[1].to_string().contains("PC2"), "{names:?}");
    assert!(run_all.stderr.contains("left aside: 1, such as `readme.txt`"), "{}", run_all.stderr);
    assert!(!run_all.stderr.contains("use --name"), "{}", run_all.stderr);
    let explained = run(&[given, "--explain-settings", "--full", "--quiet"]).stdout;
    assert!(explained.contains("criteria = SubjectStr:contoso (client state; C-1)"), "{explained}");
    assert!(explained.contains("criteria = not set (default; C-1)"), "{explained}");
    // The same bytes as an argument are the same machine.
    let alone = format!("{given}/PC2.reg");
    let alone = run(&[&alone, "--name", "PC2", "--fqdn", "PC2.contoso.com", "--format", "json"]).document();
    assert_eq!(alone["outcome"], documents[1]["outcome"]);
    let converted = run(&["convert", given, "--fqdn-suffix", ".contoso.com"]).documents();
    assert_eq!(converted[0]["fqdn"], "PC1.contoso.com");
    assert_eq!(converted[0]["client_state"]["HttpsStateFlags"], 31);
    let one = run(&["timeline", given, "--name", "PC2", "--until", "2027-01-01T00:00:00Z"]);
    assert_ne!(one.status, 2, "{}", one.stderr);
}

#[test]
fn what_is_wrong_with_one_machine_is_wrong_with_that_machine_alone() {
    let folder = folder(&["PC1.reg", "PC3.reg"]);
    write(folder.path(), "PC1.json", "{\"x\":1}");
    write(folder.path(), "PC2.json", STATE);
    write(folder.path(), "PC3.json", "\r\n");
    let given = folder.path().to_str().expect("UTF-8");
    let answered = run(&[given, "--format", "json"]);
    assert_eq!(answered.status, 2);
    let documents = answered.documents();
    assert_eq!(documents.len(), 3, "{}", answered.stderr);
    assert!(documents[0]["error"]["message"].as_str().expect("an error").contains("not the state of a client"));
    assert!(documents[1]["error"]["message"].as_str().expect("an error").contains("no export with this name"));
    assert_eq!(documents[2]["error"], serde_json::Value::Null);
    assert!(answered.stderr.contains("the client's settings are not known (Q-5)"), "{}", answered.stderr);
    let merged = run(&[given, "--merge"]);
    assert_eq!(merged.status, 2);
    assert!(merged.stderr.contains("each is a machine of its own"), "{}", merged.stderr);
    assert_eq!(run(&[given, "--fqdn", "a.b", "--fqdn-suffix", "b"]).status, 2);
}

#[test]
fn several_branches_in_one_file_are_one_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read(path("testdata/import/contoso-pc1.reg")).expect("the export");
    let branch = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\EnterpriseCertificates\\CA]\r\n";
    let branch: Vec<u8> = branch.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("PC1.reg"), [text, branch].concat()).expect("a file");
    let given = folder.path().to_str().expect("UTF-8");
    let answered = run(&[given, "--format", "json"]);
    assert_eq!(answered.document()["error"], serde_json::Value::Null, "{}", answered.stderr);
}
