//! The same input gives the same bytes in every process, in every command and format; and one machine cannot take the memory
//! of the others.

use super::{machine, run, run_with};
use crate::support::certificate::Cert;
use crate::support::crl::CrlBuilder;
use crate::support::key::Key;
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// A machine of which much ends at the same instant: four CAs, each with a CRL, and leaves of each.
fn crowded() -> String {
    let b64 = |der: Vec<u8>| BASE64_STANDARD.encode(&der);
    let cas: Vec<Cert> =
        (0..4u32).map(|n| Cert::ca(format!("CN=CA {n}").as_str(), Key::Rsa2048((n % 2) as u8))).collect();
    let leaves: Vec<String> = (0..8u32)
        .map(|n| {
            let ca = &cas[n as usize % cas.len()];
            let leaf = Cert::client(format!("OU=U{n}; CN=pc1.contoso.com").as_str(), Key::Rsa2048(1))
                .serial(i128::from(n) + 10);
            let leaf = leaf.valid("2025-02-01T00:00:00Z", "2026-06-01T00:00:00Z").issued_by(ca);
            format!(r#"{{"der":"{}","private_key":"csp"}}"#, b64(leaf))
        })
        .collect();
    let roots: Vec<String> = cas.iter().map(|ca| format!(r#"{{"der":"{}"}}"#, b64(ca.self_sign()))).collect();
    let crls: Vec<String> = cas
        .iter()
        .enumerate()
        .map(|(n, ca)| format!("{:?}", b64(CrlBuilder::of(ca, 1).revoke(99).sign(Key::Rsa2048((n % 2) as u8)))))
        .collect();
    format!(
        r#"{{"schema":1,"name":"PC1","now":"2026-01-15T09:00:00Z","stores":{{"MY":[{}],"ROOT":[{}]}},"crls":[{}]}}"#,
        leaves.join(","),
        roots.join(","),
        crls.join(",")
    )
}

#[test]
fn every_process_gives_the_same_bytes() {
    let crowded = crowded();
    let document = run_with(&["-", "--format=json"], &crowded).document();
    let thumbprint = document["certificates"][0]["thumbprint"].as_str().unwrap().to_owned();
    let commands: Vec<Vec<&str>> = vec![
        vec!["-", "--audit"],
        vec!["-", "--format=json"],
        vec!["-", "--format=csv"],
        vec!["-", "--format=log"],
        vec!["-", "--format=summary"],
        vec!["-", "--format=html"],
        vec!["-", "--format=ics"],
        vec!["needs", "-"],
        vec!["needs", "-", "--format=json"],
        vec!["transition", "-"],
        vec!["transition", "-", "--format=csv"],
        vec!["site", "-"],
        vec!["explain", "-", &thumbprint, "--format=json"],
        vec!["compare", "-", "--with=CCMFIRSTCERT=1", "--format=json"],
        vec!["timeline", "-", "--until=2100-01-01T00:00:00Z"],
        vec!["timeline", "-", "--until=2100-01-01T00:00:00Z", "--format=json", "--setting=on-multiple=select-longest"],
        vec!["suggest", "-", &thumbprint, "--format=json"],
        vec!["suggest", "-", "--issuer=CA 0", "--format=json"],
        vec!["connect", "-", "--to=testdata/servers/mp.toml", "--format=json"],
        vec!["convert", "-"],
    ];
    // The other commands read what the program wrote, or nothing.
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let log = file("pc1.log", &run_with(&["-", "--format=log"], &crowded).stdout);
    let file = file("pc1.json", &crowded);
    let summaries = run_with(&["-", "--format=summary"], &crowded).stdout.repeat(3);
    let others: Vec<(Vec<&str>, &str)> = vec![
        (vec!["merge", "-"], &summaries),
        (vec!["merge", "-", "--format=summary"], &summaries),
        (vec!["check-log", &log, "--machine", &file], ""),
        (vec!["check-log", &log, "--machine", &file, "--format=json"], ""),
        (vec!["check-log", &log, "--format=json"], ""),
        (vec!["completions", "bash"], ""),
        (vec!["completions", "zsh"], ""),
        (vec!["completions", "powershell"], ""),
        (vec!["man"], ""),
        (vec!["man", "timeline"], ""),
        (vec!["--help"], ""),
    ];
    let all = commands.into_iter().map(|args| (args, crowded.as_str())).chain(others);
    for (args, input) in all {
        let first = run_with(&args, input);
        assert!(!first.stdout.is_empty(), "{args:?}: {}", first.stderr);
        for _ in 0..4 {
            let again = run_with(&args, input);
            assert_eq!((&again.stdout, &again.stderr), (&first.stdout, &first.stderr), "{args:?}");
        }
    }
}

#[test]
fn a_crl_that_runs_out_is_told_apart_and_can_be_assumed_to_be_renewed() {
    let args = ["timeline", "--until=2027-01-01T00:00:00Z"];
    let pc1 = machine("contoso-pc1");
    let text = run(&[&args[..], &[&pc1]].concat());
    assert!(text.stdout.contains("--assume-crls-renewed leaves that out"), "{}", text.stdout);
    let json = run(&[&args[..], &[&pc1, "--format=json"]].concat()).document();
    assert_eq!((&json["changes"][0]["cause"], &json["crls_renewed"]), (&"crls".into(), &false.into()), "{json}");
    let renewed = run(&[&args[..], &[&pc1, "--assume-crls-renewed", "--format=json"]].concat());
    assert_eq!(renewed.document()["crls_renewed"], true);
    let changes = renewed.document()["changes"].clone();
    assert!(changes.as_array().unwrap().iter().all(|change| change["cause"] == "certificates"), "{changes}");
    let text = run(&[&args[..], &[&pc1, "--assume-crls-renewed"]].concat()).stdout;
    assert!(text.contains("assumed: every CA publishes its next CRL in time"), "{text}");
}

/// Its address space is bounded, so that a machine which takes more ends the process.
#[cfg(target_os = "linux")]
fn run_in(kilobytes: u64, input: &str) -> std::process::Output {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -v {kilobytes}; exec \"$0\" --format csv -"),
            env!("CARGO_BIN_EXE_cmhttpsreadiness"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let text = input.to_owned();
    let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    output
}

#[cfg(target_os = "linux")]
#[test]
fn criteria_of_megabytes_cost_nothing_for_each_certificate() {
    let ca = Cert::ca("CN=CA", Key::Rsa2048(0));
    let leaf = |n: i128| Cert::client("CN=pc1.contoso.com", Key::Rsa2048(1)).serial(n).issued_by(&ca);
    // The bytes of all but the first are told apart by one of the signature, which nothing looks at before the criteria.
    let signed = leaf(10);
    let entries: Vec<String> = (0..2_500u32)
        .map(|n| {
            let mut der = signed.clone();
            let at = der.len() - 8;
            der[at..at + 4].copy_from_slice(&n.to_be_bytes());
            format!(r#"{{"der":"{}"}}"#, BASE64_STANDARD.encode(&der))
        })
        .collect();
    let long = "a".repeat(2_000_000);
    let quoted = format!("{long};{long}");
    for criteria in [format!("SubjectStr:{long}"), format!("Subject:{long}"), format!("SubjectAttr:CN={quoted}")] {
        let text = format!(
            r#"{{"schema":1,"name":"PC1","now":"2026-01-15T09:00:00Z","stores":{{"MY":[{}],"ROOT":[{{"der":"{}"}}]}},"settings":{{"revocation":"off","properties":"CCMCERTSEL=\"{criteria}\""}}}}"#,
            entries.join(","),
            BASE64_STANDARD.encode(ca.self_sign()),
        );
        let good = r#"{"schema":1,"name":"GOOD","now":"2026-01-15T09:00:00Z","stores":{"MY":[]}}"#;
        let output = run_in(1_500_000, &format!("{text}\n{good}\n"));
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code().is_some(), "it is not killed: {}", String::from_utf8_lossy(&output.stderr));
        assert!(stdout.lines().any(|line| line.starts_with("GOOD,")), "{stdout}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_ca_of_megabytes_above_many_certificates_is_the_error_of_its_machine() {
    let b64 = |der: Vec<u8>| BASE64_STANDARD.encode(&der);
    let root = Cert::ca(format!("CN={}", "r".repeat(1_000_000)).as_str(), Key::Rsa2048(0));
    let issuing = Cert::ca("CN=Issuing", Key::Rsa2048(1)).serial(2);
    let leaf = b64(Cert::client("CN=PC1", Key::Rsa2048(2)).serial(3).issued_by(&issuing));
    let machine = |count: usize| {
        let entry = format!(r#"{{"der":"{leaf}"}}"#);
        let stores: Vec<String> = (0..count).map(|n| format!(r#""S{n}":[{entry}]"#)).collect();
        format!(
            r#"{{"schema":1,"name":"PC1","now":"2026-01-15T09:00:00Z","stores":{{{},"CA":[{{"der":"{}"}}],"ROOT":[{{"der":"{}"}}]}}}}"#,
            stores.join(","),
            b64(issuing.clone().issued_by(&root)),
            b64(root.self_sign()),
        )
    };
    let good = r#"{"schema":1,"name":"GOOD","now":"2026-01-15T09:00:00Z","stores":{"MY":[]}}"#;
    let output = run_in(1_500_000, &format!("{}\n{good}\n", machine(300)));
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("PC1: the CA certificate "), "{stderr}");
    assert!(stdout.lines().any(|line| line.starts_with("GOOD,")), "{stdout}");
    let few = run_with(&["-", "--format=csv"], &machine(3));
    assert_eq!(few.status, 1, "{}", few.stderr);
}
