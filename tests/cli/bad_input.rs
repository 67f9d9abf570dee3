//! Bad input of each kind: exit status 2 or an unreadable entry, with what, where and what would be right.

use super::{copy_machine, machine, path, run, run_with};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use std::fs;

/// An inventory with one certificate and one root, as one line.
fn inventory(name: &str, der: &str) -> String {
    format!(r#"{{"schema":1,"name":"{name}","now":"2026-01-15T09:00:00Z","stores":{{"MY":[{{"der":"{der}"}}]}}}}"#)
}

fn unreadable(document: &Value) -> Vec<&Value> {
    let certificates = document["certificates"].as_array().unwrap();
    certificates.iter().filter(|entry| entry["verdict"] == "unreadable").collect()
}

#[test]
fn files_that_do_not_decode_are_unreadable_entries_with_reason_and_offset() {
    let run = run(&["--format=json", &machine("damaged-entries")]);
    assert_eq!(run.status, 0, "the good certificate is selected all the same");
    let document = run.document();
    let entries = unreadable(&document);
    assert_eq!(entries.len(), 3);
    for (entry, expected) in entries.iter().zip(["byte ", "byte 0", "base64"]) {
        let finding = &entry["findings"][0];
        assert_eq!((&finding["step"], &finding["code"]), (&"store".into(), &"store.unreadable".into()));
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(expected), "{expected} is not in {message}");
    }
}

#[test]
fn base64_that_is_none_is_an_unreadable_entry() {
    let run = run_with(&["--format=json", "-"], &inventory("PC1", "MIIC*"));
    let document = run.document();
    assert_eq!(run.status, 1);
    assert_eq!(document["outcome"]["hresult"], "0x87D00280", "nothing is enumerated");
    let entry = unreadable(&document)[0];
    assert!(entry["findings"][0]["message"].as_str().unwrap().contains("base64"), "{entry}");
}

/// The text must be in the message of the only document, and the status must be 2.
fn json_error(args: &[&str], stdin: &str) -> Value {
    let run = run_with(&[&["--format=json"], args].concat(), stdin);
    assert_eq!(run.status, 2, "{}{}", run.stdout, run.stderr);
    let error = run.document()["error"].clone();
    let keys: Vec<&String> = error.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["hresult", "input", "line", "message", "span"], "{error}");
    error
}

#[test]
fn a_folder_without_machine_toml() {
    let folder = tempfile::tempdir().unwrap();
    let error = json_error(&[folder.path().to_str().unwrap()], "");
    assert!(error["message"].as_str().unwrap().contains("machine.toml"), "{error}");
    let error = json_error(&["testdata/machines"], "");
    assert!(error["message"].as_str().unwrap().contains("holds machine folders"), "{error}");
}

#[test]
fn unknown_keys_are_named_with_the_nearest_known_one() {
    let line = inventory("PC1", "AAAA").replace("\"now\"", "\"nwo\"");
    let error = json_error(&["-"], &line);
    assert_eq!(error["message"], "unknown key `nwo`: did you mean `now`?");
    let span = error["span"].as_array().unwrap();
    let (start, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
    assert_eq!(&error["input"].as_str().unwrap()[start..end], "\"nwo\"");
    assert_eq!(error["line"], 1);

    let line = inventory("PC1", "AAAA").replace("}}", r#"},"settings":{"isuer_match":"whole-name"}}"#);
    let error = json_error(&["-"], &line);
    assert_eq!(error["message"], "unknown setting `isuer_match`: did you mean `issuer_match`?");
}

#[test]
fn toml_errors_point_into_their_file() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = copy_machine("empty-store", scratch.path());
    fs::write(folder.join("machine.toml"), "name = \"PC3\"\nfqnd = \"pc3\"\n").unwrap();
    let result = run(&[folder.to_str().unwrap()]);
    assert_eq!(result.status, 2);
    let view = "line 2: unknown key `fqnd`: did you mean `fqdn`?\n  fqnd = \"pc3\"\n  ^^^^\n";
    assert!(result.stderr.contains(view), "{}", result.stderr);
    assert!(result.stdout.is_empty());

    fs::write(folder.join("machine.toml"), "name = \"PC3\"\nnow = \"yesterday\"\n").unwrap();
    let result = run(&[folder.to_str().unwrap()]);
    assert!(result.status == 2 && result.stderr.contains("RFC 3339"), "{}", result.stderr);
    fs::write(folder.join("machine.toml"), "fqdn = \"pc3\"\n").unwrap();
    let result = run(&[folder.to_str().unwrap()]);
    assert!(result.status == 2 && result.stderr.contains("missing field `name`"), "{}", result.stderr);
}

#[test]
fn sidecars_are_checked() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = copy_machine("missing-crl", scratch.path());
    let sidecar = folder.join("MY/01-workstation.cer.toml");
    for (text, expected) in [
        ("private_key = \"cps\"", "unknown private_key `cps`: did you mean `csp`?"),
        ("private_kye = \"csp\"", "unknown key `private_kye`: did you mean `private_key`?"),
        ("eku = [\"client\"]", "`client`"),
        ("archived = \"yes\"", "invalid type"),
    ] {
        fs::write(&sidecar, text).unwrap();
        let result = run(&[folder.to_str().unwrap()]);
        assert_eq!(result.status, 2, "{text}");
        assert!(result.stderr.contains(expected) && result.stderr.contains(".cer.toml"), "{}", result.stderr);
    }
    fs::write(&sidecar, "private_key = \"csp\"").unwrap();
    fs::write(folder.join("MY/gone.cer.toml"), "archived = true").unwrap();
    let result = run(&[folder.to_str().unwrap()]);
    assert!(result.status == 2 && result.stderr.contains("does not exist"), "{}", result.stderr);
}

#[test]
fn criteria_without_a_verb_have_the_clients_result_code_and_a_caret() {
    let pc1 = machine("contoso-pc1");
    let error = json_error(&[&pc1, "/Criteria:contoso.com"], "");
    assert_eq!(error["hresult"], "0x87D00285");
    assert_eq!(error["input"], "contoso.com");
    let text = run(&[&pc1, "/Criteria:Subjct:contoso.com"]);
    assert_eq!(text.status, 2);
    assert!(text.stderr.contains("did you mean `Subject:`?"), "{}", text.stderr);
    assert!(text.stderr.contains("\n  Subjct:contoso.com\n  ^^^^^^\n"), "{}", text.stderr);
    assert_eq!(json_error(&[&pc1, "/Criteria:Subject:"], "")["hresult"], "0x87D00284");
}

#[test]
fn an_empty_issuers_list_is_an_error_and_not_no_list() {
    let error = json_error(&[&machine("contoso-pc1"), "/Issuers:"], "");
    assert!(error["message"].as_str().unwrap().contains("issuers list is empty"), "{error}");
    let line = inventory("PC1", "AAAA").replace(r#""stores""#, r#""issuers_der":[],"stores""#);
    let error = json_error(&["-"], &line);
    assert!(error["message"].as_str().unwrap().contains("issuers list is empty"), "{error}");
}

#[test]
fn options_are_checked_before_any_machine() {
    let pc1 = machine("contoso-pc1");
    for (args, expected) in [
        (&["--setting", "issuer-mach=x"][..], "did you mean `issuer_match`?"),
        (&["--setting", "issuer-match=half"], "write `listed-attributes` or `whole-name`"),
        (&["--setting", "issuer-match"], "takes a key and a value"),
        (&["--ruleset", "cb2012"], "`cb1706`"),
        (&["--now", "today"], "RFC 3339"),
        (&["--crl", "no/such/file"], "cannot be read"),
        (&["--frmat", "json"], "--format"),
        (&["/NoCRLCheck"], "--no-crl-check"),
        (&["/Store"], "/Store:VALUE"),
    ] {
        let result = run(&[args, &[&pc1]].concat());
        assert_eq!(result.status, 2, "{args:?}: {}", result.stdout);
        assert!(result.stderr.contains(expected), "{args:?}: {}", result.stderr);
    }
    assert_eq!(run(&[]).status, 2);
}

#[test]
fn properties_that_do_not_parse_show_the_character() {
    let result = run(&[&machine("contoso-pc1"), "--properties", "CCMCERTSEL=“Subject:pc1”"]);
    assert_eq!(result.status, 2);
    assert!(result.stderr.contains("U+201C"), "{}", result.stderr);
    let noted = run(&[&machine("contoso-pc1"), "--properties", "CCMCERTSLE=x CCMCERTISSUERS=\"\""]);
    assert_eq!(noted.status, 0, "the file's issuers list stays");
    assert!(noted.stderr.contains("did you mean `CCMCERTSEL`?"), "{}", noted.stderr);
    assert!(noted.stderr.contains("which Windows Installer takes for no list"), "{}", noted.stderr);
}

#[test]
fn a_broken_machine_does_not_stop_the_others() {
    let line = inventory("PC2", "AAAA");
    let lines = format!("{line}\n{{\"schema\":1,\"name\":\"PC7\",\"stores\":{{\"MY\":[\n\n[]\n{line}\n");
    let run = run_with(&["--format=json", "-", &machine("contoso-ecc")], &lines);
    assert_eq!(run.status, 2);
    let documents = run.documents();
    let machines: Vec<&Value> = documents.iter().map(|document| &document["machine"]).collect();
    assert_eq!(machines, ["PC2", "PC7", "-", "PC2", "PC2"]);
    assert_eq!(documents[1]["error"]["line"], 2);
    assert_eq!(documents[2]["error"]["line"], 4);
    assert_eq!(documents[4]["ready"], true);
}

#[test]
fn two_machines_of_which_one_is_broken() {
    let scratch = tempfile::tempdir().unwrap();
    let result = run(&[&machine("contoso-pc1"), scratch.path().to_str().unwrap()]);
    assert_eq!(result.status, 2);
    assert!(result.stdout.contains("PC1"), "{}", result.stdout);
    assert!(result.stderr.contains("machine.toml"), "{}", result.stderr);
}

#[test]
fn a_crl_that_does_not_decode_is_a_warning_with_its_place() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("damaged.crl");
    let bytes = fs::read(path("testdata/machines/contoso-pc1/crl/Contoso Root CA.crl")).unwrap();
    fs::write(&file, &bytes[..300]).unwrap();
    let run = run(&["--format=json", "--crl", file.to_str().unwrap(), &machine("contoso-pc1")]);
    assert_eq!(run.status, 0);
    let document = run.document();
    let warnings = document["warnings"].as_array().unwrap();
    let of_crl = |warning: &&Value| warning["rule"] == "V-8" && warning["message"].as_str().unwrap().contains("byte");
    assert!(warnings.iter().any(|warning| of_crl(&warning)), "{warnings:?}");
}

#[test]
fn a_windows_byte_order_mark_is_no_obstacle() {
    let line = inventory("PC1", "AAAA");
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("pc1.json");
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(line.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [format!("\u{feff}{line}").into_bytes(), utf16, line.replace(',', ",\r\n").into_bytes()] {
        fs::write(&file, bytes).unwrap();
        let run = run(&["--format=json", file.to_str().unwrap()]);
        assert_eq!(run.document()["machine"], "PC1", "{}", run.stderr);
    }
}

/// A terminal obeys what it is sent, and names come from machines that nobody controls.
#[test]
fn names_of_machines_do_not_steer_the_terminal() {
    let readable = inventory("PC\\u001b[2J\\r1", "MIIC*");
    let bad_instant = readable.replace("2026-01-15T09:00:00Z", "soon");
    let lines = format!("{readable}\n{bad_instant}\n");
    for args in [vec!["-"], vec!["compare", "-", "--with", "CCMFIRSTCERT=1"], vec!["convert", "-"]] {
        let run = run_with(&args, &lines);
        assert_eq!(run.status, 2, "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains("PC"), "{args:?}: {}", run.stderr);
        let obeyed = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
        assert!(!obeyed(&run.stderr) && !obeyed(&run.stdout), "{args:?}: {:?}{:?}", run.stderr, run.stdout);
    }
}

/// What is not read is named: with its file, and beside the issuer that is not found.
#[test]
fn t5_an_unreadable_ca_is_a_warning_and_a_near_miss_with_its_file() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("issuers-by-certificate", scratch.path());
    let file = fs::read_dir(machine.join("CA")).unwrap().next().unwrap().unwrap().path();
    let der = fs::read(&file).unwrap();
    for (bytes, named) in [(&der[..300], true), (&b"nonsense"[..], false)] {
        fs::write(&file, bytes).unwrap();
        let run = run(&["--format=json", "--no-issuers", machine.to_str().unwrap()]);
        let document = run.document();
        let warnings = document["warnings"].as_array().unwrap();
        let warning = warnings.iter().find(|warning| warning["code"] == "store.unreadable").expect("a warning");
        let message = warning["message"].as_str().unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(message.contains("`CA`") && message.contains(name) && message.contains("byte 0"), "{message}");
        let text = document.to_string();
        assert!(text.contains("unreadable_issuer"), "{text}");
        assert_eq!(text.contains("which holds that name"), named, "{text}");
    }
    // In the list of the certificates as well.
    let my = machine.join("MY/zz.cer");
    fs::write(&my, b"nonsense").unwrap();
    let text = run(&[machine.to_str().unwrap()]).stdout;
    assert!(text.contains("zz.cer"), "{text}");
}

/// A registry export says which key.
#[test]
fn t5_an_unreadable_value_is_named_by_its_key() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("pc1.reg");
    let text = "Windows Registry Editor Version 5.00\r\n\r\n\
        [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\CA\\Certificates\\00112233]\r\n\
        \"Blob\"=hex:20,00,00,00,01,00,00,00,02,00,00,00,30,82\r\n";
    fs::write(&file, text).unwrap();
    let text = run(&[file.to_str().unwrap()]).stdout;
    assert!(text.contains(r"CA\Certificates\00112233"), "{text}");
}

#[test]
fn t5_files_that_are_left_aside_are_named() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("issuers-by-certificate", scratch.path());
    let expected = run(&["--format=json", machine.to_str().unwrap()]).stdout;
    let certificate = fs::read_dir(machine.join("CA")).unwrap().next().unwrap().unwrap().path();
    fs::copy(&certificate, machine.join("aside.cer")).unwrap();
    fs::write(machine.join("notes.txt"), "nothing").unwrap();
    fs::create_dir_all(machine.join("CA/old")).unwrap();
    fs::copy(&certificate, machine.join("CA/old/inside.cer")).unwrap();
    fs::write(machine.join("CA/parameters.pem"), "-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n")
        .unwrap();
    let run = run(&["--format=json", machine.to_str().unwrap()]);
    assert_eq!(run.document()["selected"], serde_json::from_str::<Value>(&expected).unwrap()["selected"]);
    for name in ["aside.cer", "old", "parameters.pem"] {
        assert!(format!("{}{}", run.stderr, run.stdout).contains(name), "{name}: {}", run.stderr);
    }
}

/// A CRL beside the folders is the machine's as one in `crl` is, whatever its form; one that does not read is named.
#[test]
fn v8_a_crl_beside_the_folders_counts() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("issuers-by-certificate", scratch.path());
    let judged = || run(&["--format=json", machine.to_str().unwrap()]);
    let expected = judged();
    for crl in fs::read_dir(machine.join("crl")).unwrap().map(|entry| entry.unwrap().path()) {
        fs::rename(&crl, machine.join(crl.file_name().unwrap())).unwrap();
    }
    let beside = judged();
    assert_eq!(beside.stdout, expected.stdout);
    assert!(expected.status == 0 && beside.stderr.contains("is read as one of the folder `crl`"), "{}", beside.stderr);
    // As a text that is called otherwise.
    let issuing = machine.join("Contoso Issuing CA 1.crl");
    let base64 = BASE64_STANDARD.encode(fs::read(&issuing).unwrap());
    fs::write(machine.join("issuing.txt"), format!("-----BEGIN X509 CRL-----\n{base64}\n-----END X509 CRL-----\n"))
        .unwrap();
    fs::remove_file(&issuing).unwrap();
    assert_eq!(judged().stdout, expected.stdout);
    fs::write(machine.join("Contoso Root CA.crl"), "nonsense").unwrap();
    let damaged = judged();
    assert!(damaged.status == 1 && damaged.stderr.contains("Contoso Root CA.crl: not a CRL"), "{}", damaged.stderr);
}

/// A file that is no export is called by what it is.
#[test]
fn t5_what_is_no_machine_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("pc1.reg");
    let pem = b"-----BEGIN CERTIFICATE-----\nMIIDWjCCAkKgAwIBAgIU\n-----END CERTIFICATE-----\n";
    for (bytes, said) in [
        (b"regf\x21\0\0\0\x21\0\0\0".to_vec(), "this is no machine: it is a hive of the registry: load it by reg load"),
        (
            BASE64_STANDARD.encode(BASE64_STANDARD.encode(b"\x30\x82\x03\x5a\x30\x82\x02\x42")).into_bytes(),
            "it was encoded twice",
        ),
        (BASE64_STANDARD.encode(pem).into_bytes(), "it was encoded twice: certutil -decode makes PEM or base64 of it"),
        (b"PK\x03\x04".to_vec(), "it is a ZIP archive: unpack it; name a folder with"),
        (b"some notes".to_vec(), "this is no machine; name a folder with"),
    ] {
        fs::write(&file, bytes).unwrap();
        let run = run(&[file.to_str().unwrap()]);
        assert!(run.status == 2 && run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}

/// An error of the file system is an error, and about its own file.
#[cfg(unix)]
#[test]
fn t5_errors_of_the_file_system_are_errors() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("issuers-by-certificate", scratch.path());
    let fails = |name: &str| {
        let run = run(&[machine.to_str().unwrap()]);
        assert!(run.status == 2 && run.stderr.contains(name), "{}", run.stderr);
        fs::remove_file(machine.join(name)).unwrap();
    };
    symlink("/nonexistent", machine.join("MY/dangling.cer")).unwrap();
    fails("MY/dangling.cer");
    symlink("loop.cer", machine.join("CA/loop.cer")).unwrap();
    fails("CA/loop.cer");
    symlink("/nonexistent", machine.join("store")).unwrap();
    fails("store");
    let mut leaves = fs::read_dir(machine.join("MY")).unwrap().flatten().map(|file| file.path());
    let leaf = leaves.find(|path| path.extension().is_some_and(|extension| extension == "cer")).unwrap();
    let sidecar = format!("MY/{}.toml", leaf.file_name().unwrap().to_str().unwrap());
    let before = fs::read(machine.join(&sidecar)).ok();
    let _ = fs::remove_file(machine.join(&sidecar));
    symlink("/nonexistent", machine.join(&sidecar)).unwrap();
    fails(&sidecar);
    before.into_iter().for_each(|bytes| fs::write(machine.join(&sidecar), bytes).unwrap());
    // A name that is not UTF-8 is read as any other.
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9.cer");
    fs::write(machine.join("CA").join(odd), b"nonsense").unwrap();
    let run = super::run(&["--format=json", machine.to_str().unwrap()]);
    assert!(run.status != 2 && run.stdout.contains("caf\u{fffd}.cer"), "{}", run.stderr);
}
