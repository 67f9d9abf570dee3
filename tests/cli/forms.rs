//! The same bytes mean the same wherever they stand: each form of one certificate gives the answer of its DER (T-5, T-8).

use super::{copy_machine, path, run, run_with};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// An element of DER.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let mut out = vec![tag, 0x84];
    out.extend(&length[4..]);
    match content.len() {
        0..0x80 => out = vec![tag, content.len() as u8],
        0x80..0x100 => out = vec![tag, 0x81, content.len() as u8],
        0x100..0x1_0000 => out = vec![tag, 0x82, length[6], length[7]],
        _ => {}
    }
    [out, content.to_vec()].concat()
}

/// An element of indefinite length.
fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

/// A PKCS#7 file that carries certificates (0xa0) or CRLs (0xa1).
fn p7b(tag: u8, der: &[u8], wrap: fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let parts = [b"\x02\x01\x01".to_vec(), element(0x31, b""), wrap(0x30, DATA), wrap(tag, der), element(0x31, b"")];
    let signed = wrap(0x30, &parts.concat());
    wrap(0x30, &[SIGNED_DATA, &wrap(0xa0, &signed)].concat())
}

fn armour(label: &str, der: &[u8], line_end: &str) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let body = lines.join(line_end);
    format!("-----BEGIN {label}-----{line_end}{body}{line_end}-----END {label}-----{line_end}")
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn text_forms(label: &str, der: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let pem = armour(label, der, "\n");
    let base64 = BASE64_STANDARD.encode(der);
    let wrapped =
        armour("", der, "\r\n").lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\r\n");
    let begin = format!("-----BEGIN {label}-----\n");
    vec![
        ("DER", der.to_vec()),
        ("a line feed behind", [der, b"\n"].concat()),
        ("a line break behind", [der, b"\r\n"].concat()),
        ("NULs behind", [der, &[0; 12]].concat()),
        ("PEM", pem.clone().into_bytes()),
        ("PEM with CR LF", armour(label, der, "\r\n").into_bytes()),
        ("PEM with CR", armour(label, der, "\r").into_bytes()),
        ("PEM on one line", pem.replace('\n', " ").into_bytes()),
        ("PEM with blanks", pem.replace('\n', "  \n  ").into_bytes()),
        ("text before", format!("subject=CN = x\nissuer=-----\n{pem}").into_bytes()),
        ("a bracket before", format!("[issuing CA]\n{pem}").into_bytes()),
        ("a brace before", format!("{{issuing CA}}\n\n{pem}").into_bytes()),
        ("text behind", format!("{pem}notes").into_bytes()),
        ("headers inside", pem.replace(&begin, &format!("{begin}Comment: x\n y\n\n")).into_bytes()),
        ("UTF-8 with a mark", format!("\u{feff}{pem}").into_bytes()),
        ("UTF-16LE", utf16(&format!("\u{feff}{pem}"), u16::to_le_bytes)),
        ("UTF-16BE", utf16(&format!("\u{feff}{pem}"), u16::to_be_bytes)),
        ("UTF-16LE without a mark", utf16(&pem, u16::to_le_bytes)),
        ("Latin-1 before", [b"caf\xe9\n", pem.as_bytes()].concat()),
        ("base64", base64.clone().into_bytes()),
        ("base64 in lines", wrapped.into_bytes()),
        ("base64 in UTF-16", utf16(&format!("\u{feff}{base64}\r\n"), u16::to_le_bytes)),
    ]
}

fn certificate_forms(der: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut forms = text_forms("CERTIFICATE", der);
    let (definite, ber) = (p7b(0xa0, der, element), p7b(0xa0, der, indefinite));
    let aux = [der, &element(0x30, &element(0x30, b"\x06\x01\x2a"))].concat();
    let request = armour("CERTIFICATE REQUEST", b"\x30\x00", "\n") + &armour("CERTIFICATE", der, "\n");
    forms.extend([
        ("X509 CERTIFICATE", armour("X509 CERTIFICATE", der, "\n").into_bytes()),
        ("X.509 CERTIFICATE", armour("X.509 CERTIFICATE", der, "\n").into_bytes()),
        ("CA CERTIFICATE", armour("CA CERTIFICATE", der, "\n").into_bytes()),
        ("lower case", armour("certificate", der, "\n").into_bytes()),
        ("CERTIFICATE CHAIN", armour("CERTIFICATE CHAIN", der, "\n").into_bytes()),
        ("CERTIFICATE CHAIN round PKCS#7", armour("CERTIFICATE CHAIN", &definite, "\n").into_bytes()),
        ("PKCS #7 SIGNED DATA", armour("PKCS #7 SIGNED DATA", &definite, "\n").into_bytes()),
        ("PKCS7 SIGNED DATA", armour("PKCS7 SIGNED DATA", &definite, "\n").into_bytes()),
        ("a serialized store in base64", BASE64_STANDARD.encode(store_of(der)).into_bytes()),
        ("CERTIFICATE round a serialized store", armour("CERTIFICATE", &store_of(der), "\n").into_bytes()),
        ("TRUSTED CERTIFICATE", armour("TRUSTED CERTIFICATE", &aux, "\n").into_bytes()),
        ("PKCS#7", definite.clone()),
        ("PKCS#7 and a line break", [&definite[..], b"\r\n"].concat()),
        ("PKCS#7 in BER", ber.clone()),
        ("PKCS7", armour("PKCS7", &definite, "\n").into_bytes()),
        ("CMS", armour("CMS", &ber, "\r\n").into_bytes()),
        ("CERTIFICATE round PKCS#7", armour("CERTIFICATE", &definite, "\n").into_bytes()),
        ("PKCS#7 in base64", BASE64_STANDARD.encode(&definite).into_bytes()),
        ("a request beside it", request.into_bytes()),
        ("a serialized store", store_of(der)),
    ]);
    forms
}

/// A serialized store of one certificate (W-1).
fn store_of(der: &[u8]) -> Vec<u8> {
    let header: Vec<u8> = [32u32, 1, der.len() as u32].iter().flat_map(|field| field.to_le_bytes()).collect();
    [b"\0\0\0\0CERT", &header[..], der, &[0; 12]].concat()
}

fn judged(path: &Path) -> Value {
    let run = run(&["--format", "json", path.to_str().unwrap()]);
    assert_ne!(run.status, 2, "{}", run.stderr);
    run.document()
}

#[test]
fn t5_each_form_of_a_certificate_is_the_certificate() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("issuers-by-certificate", scratch.path());
    let file = fs::read_dir(machine.join("CA")).unwrap().next().unwrap().unwrap().path();
    let der = fs::read(&file).unwrap();
    let expected = judged(&machine);
    assert!(expected["selected"].is_string(), "{expected}");
    let inventory: Value = run(&["convert", machine.to_str().unwrap()]).document();
    let forms = certificate_forms(&der);
    assert!(forms.len() >= 25);
    let (mut arguments, argument) = (Vec::new(), scratch.path().join("argument"));
    for (form, bytes) in forms {
        // A file of a store's folder.
        fs::write(&file, &bytes).unwrap();
        assert_eq!(judged(&machine), expected, "{form} in a folder");
        // A field of an inventory: base64 of the bytes, or the text as it stands.
        let texts = [Some(BASE64_STANDARD.encode(&bytes)), String::from_utf8(bytes.clone()).ok()];
        for text in texts.into_iter().flatten().filter(|text| !text.contains('\0')) {
            let mut inventory = inventory.clone();
            inventory["stores"]["CA"] = serde_json::json!([{ "der": text }]);
            let answer = run_with(&["-", "--format", "json"], &inventory.to_string()).document();
            assert_eq!(answer, expected, "{form} in an inventory");
        }
        // An argument.
        fs::write(&argument, &bytes).unwrap();
        let name = argument.to_str().unwrap();
        let converted = run(&["convert", name, "--name", "PC1"]);
        assert_eq!(converted.status, 0, "{form}: {}", converted.stderr);
        arguments.push((form, converted.stdout));
    }
    let (_, first) = &arguments[0];
    assert!(first.contains(r#""CA":[{"der""#), "{first}");
    for (form, converted) in &arguments {
        assert_eq!(converted, first, "{form} as an argument");
    }
}

/// T-5: what was damaged on its way, or is something else, is called so in a folder, an inventory and an argument alike.
#[test]
fn t5_what_is_no_certificate_any_more_is_told_everywhere_alike() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("issuers-by-certificate", scratch.path());
    let file = fs::read_dir(machine.join("CA")).unwrap().next().unwrap().unwrap().path();
    let der = fs::read(&file).unwrap();
    // A comment of a tool in the middle of it, so that there is a line feed to be changed.
    let lines = [&[0x30, 0x82, 0x01, 0x04][..], &[0xaa; 100], b"\n", &[0xaa; 58], b"\n", &[0xaa; 100]].concat();
    let changed: Vec<u8> =
        lines.iter().flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] }).collect();
    let latin1: String = der.iter().map(|byte| char::from(*byte)).collect();
    let inventory: Value = run(&["convert", machine.to_str().unwrap()]).document();
    for (what, bytes, words) in [
        ("line ends", changed, "its line ends were changed when it was copied as a text"),
        ("Latin 1", latin1.into_bytes(), "it was read as a text and written in another encoding"),
        ("replaced", String::from_utf8_lossy(&der).into_owned().into_bytes(), "written in another encoding"),
        ("a request", armour("NEW CERTIFICATE REQUEST", b"\x30\x00", "\n").into_bytes(), "`NEW CERTIFICATE REQUEST`"),
        ("an attribute", armour("ATTRIBUTE CERTIFICATE", &der, "\n").into_bytes(), "`ATTRIBUTE CERTIFICATE`"),
    ] {
        fs::write(&file, &bytes).unwrap();
        let folder = run(&[machine.to_str().unwrap()]);
        let said = (folder.stdout + &folder.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{what} in a folder: {said}");
        let mut inventory = inventory.clone();
        inventory["stores"]["CA"] = serde_json::json!([{ "der": BASE64_STANDARD.encode(&bytes) }]);
        let member = run_with(&["-"], &inventory.to_string());
        let said = (member.stdout + &member.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{what} in an inventory: {said}");
        let argument = scratch.path().join("argument");
        fs::write(&argument, &bytes).unwrap();
        let judged = run(&[argument.to_str().unwrap(), "--name", "PC1"]);
        let said = (judged.stdout + &judged.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(words), "{what} as an argument: {said}");
    }
}

#[test]
fn v8_each_form_of_a_crl_is_the_crl() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("contoso-pc1", scratch.path());
    let file = machine.join("crl/Contoso Root CA.crl");
    let der = fs::read(&file).unwrap();
    let expected = judged(&machine);
    assert!(expected["selected"].is_string(), "{expected}");
    let mut forms = text_forms("X509 CRL", &der);
    forms.extend([
        ("X.509 CRL", armour("X.509 CRL", &der, "\n").into_bytes()),
        ("CERTIFICATE REVOCATION LIST", armour("CERTIFICATE REVOCATION LIST", &der, "\n").into_bytes()),
        ("CERTIFICATE round a CRL", armour("CERTIFICATE", &der, "\n").into_bytes()),
        ("PKCS#7", p7b(0xa1, &der, element)),
        ("PKCS#7 in BER", p7b(0xa1, &der, indefinite)),
        ("PKCS7", armour("PKCS7", &p7b(0xa1, &der, element), "\n").into_bytes()),
    ]);
    let outside = scratch.path().join("outside.crl");
    for (form, bytes) in forms {
        fs::write(&file, &bytes).unwrap();
        assert_eq!(judged(&machine), expected, "{form} in crl/");
        fs::remove_file(&file).unwrap();
        fs::write(&outside, &bytes).unwrap();
        let args = ["--format", "json", machine.to_str().unwrap(), "--crl", outside.to_str().unwrap()];
        assert_eq!(run(&args).document(), expected, "{form} by --crl");
    }
}

#[test]
fn each_form_of_an_issuers_list_is_the_list() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("issuers-by-certificate", scratch.path());
    let file = fs::read_dir(machine.join("issuers")).unwrap().next().unwrap().unwrap().path();
    let der = fs::read(&file).unwrap();
    let expected = judged(&machine);
    for (form, bytes) in certificate_forms(&der) {
        fs::write(&file, &bytes).unwrap();
        assert_eq!(judged(&machine), expected, "{form}");
    }
    fs::write(&file, armour("PRIVATE KEY", b"\x30\x00", "\n")).unwrap();
    let run = run(&[machine.to_str().unwrap()]);
    assert!(run.status == 2 && run.stderr.contains("there is no certificate in it"), "{}", run.stderr);
}

/// The text of an inventory's field is another machine's file, and both are judged in one run.
#[test]
fn what_was_read_before_changes_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = copy_machine("issuers-by-certificate", scratch.path());
    let inventory = run(&["convert", folder.to_str().unwrap()]).stdout;
    let first = scratch.path().join("first.json");
    fs::write(&first, &inventory).unwrap();
    for store in ["MY", "CA"] {
        let file = fs::read_dir(folder.join(store))
            .unwrap()
            .flatten()
            .find(|file| file.path().extension().is_some_and(|extension| extension == "cer"));
        let file = file.unwrap().path();
        // The text with a character that is none of base64 behind it is no certificate, whatever was read before.
        for end in ["", "*"] {
            let der = fs::read(&file).unwrap();
            fs::write(&file, BASE64_STANDARD.encode(&der) + end).unwrap();
            let alone = judged(&folder);
            let args = ["--format", "json", "--full", first.to_str().unwrap(), folder.to_str().unwrap()];
            assert_eq!(run(&args).documents()[1], alone, "{store} {end}");
            fs::write(&file, &der).unwrap();
        }
    }
}

/// Of several certificates in a text the key is that of the one whose public key it has, wherever the text stands.
#[test]
fn v2_the_key_of_a_text_belongs_to_its_own_certificate() {
    let scratch = tempfile::tempdir().unwrap();
    let machine = copy_machine("pem-with-key", scratch.path());
    let expected = judged(&machine);
    let client = fs::read_to_string(machine.join("MY/client.pem")).unwrap();
    let roots = fs::read_to_string(path("testdata/machines/pem-with-key/ROOT/roots.pem")).unwrap();
    let mixed = format!("{roots}\n{client}");
    let key_of = |inventory: &Value, thumbprint: &Value| {
        let entries: Vec<Value> = inventory["stores"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|store| store.as_array().unwrap().clone())
            .collect();
        let with_key: Vec<&Value> = entries.iter().filter(|entry| entry["private_key"] == "accessible").collect();
        assert_eq!(with_key.len(), 1, "{inventory}");
        let der = BASE64_STANDARD.decode(with_key[0]["der"].as_str().unwrap()).unwrap();
        let found = ccmcertsel::Certificate::from_der(&der).unwrap().thumbprint();
        assert_eq!(found.to_string(), thumbprint.as_str().unwrap());
    };
    fs::write(machine.join("MY/client.pem"), &mixed).unwrap();
    key_of(&run(&["convert", machine.to_str().unwrap()]).document(), &expected["selected"]);
    let argument = scratch.path().join("all.pem");
    fs::write(&argument, &mixed).unwrap();
    key_of(&run(&["convert", argument.to_str().unwrap()]).document(), &expected["selected"]);
    let field = serde_json::json!({ "schema": 1, "name": "PC1", "stores": { "MY": [{ "der": mixed }] } });
    key_of(&run_with(&["convert", "-"], &field.to_string()).document(), &expected["selected"]);
}
