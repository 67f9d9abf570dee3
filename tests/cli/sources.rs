//! Where settings come from: command lines in their wrappings, logs, the client's own state, the site's file, and none at all.

use super::{copy_machine, machine, run, run_with};

/// The line of `--explain-settings` about one setting.
fn line(text: &str, name: &str) -> String {
    let found = text.lines().find(|line| line.trim_start().starts_with(&format!("{name} = ")));
    found.unwrap_or_else(|| panic!("{name} is not in\n{text}")).trim().to_owned()
}

fn explained(args: &[&str], name: &str) -> String {
    let run = run(&[&["--explain-settings"], args].concat());
    line(&run.stdout, name)
}

#[test]
fn q4_a_wrapped_command_line_counts_as_what_it_carries() {
    let machine = machine("missing-crl");
    for wrapped in [
        r#"msiexec /i ccmsetup.msi CCMSETUPCMD="/NoCRLCheck CCMFIRSTCERT=1""#,
        r#"Start-Process ccmsetup.exe -ArgumentList "/NoCRLCheck","CCMFIRSTCERT=1""#,
        "SMSSITECODE=P01 CCMHTTPSSTATE=31 CCMFIRSTCERT=1",
    ] {
        let run = run(&[&machine, "--format", "json", "--properties", wrapped]);
        assert_eq!(run.document()["outcome"]["kind"], "selected", "{wrapped}: {}", run.stderr);
    }
    let lost = run(&[&machine, "--properties", "[whatever]CCMFIRSTCERT=1"]);
    assert!(lost.stderr.contains("holds `CCMFIRSTCERT` and is not read"), "{}", lost.stderr);
    let wildcard = run(&[&machine, "/Criteria:SubjectStr:*contoso*"]);
    assert!(wildcard.stderr.contains("no wildcards"), "{}", wildcard.stderr);
}

#[test]
fn q4_the_log_of_ccmsetup_is_a_source() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("ccmsetup.log");
    let text = "<![LOG[Ccmsetup command line: ccmsetup.exe /NoCRLCheck CCMCERTSEL=\"SubjectStr:contoso\"]LOG]!><time=\"1\">\r\n\
                <![LOG[MSI properties:    CCMFIRSTCERT=\"1\"]LOG]!><time=\"2\">\r\n";
    std::fs::write(&log, text).expect("a file");
    let log = log.to_str().expect("UTF-8");
    let machine = machine("contoso-pc1");
    assert_eq!(
        explained(&[&machine, "--ccmsetup-log", log], "criteria"),
        "criteria = SubjectStr:contoso (ccmsetup; C-1)"
    );
    std::fs::write(log, "nothing\r\n").expect("a file");
    let empty = run(&[&machine, "--ccmsetup-log", log]);
    assert_eq!(empty.status, 2);
    assert!(empty.stderr.contains("no run of CCMSetup"), "{}", empty.stderr);
}

const STATE: &str = r#"[{"CertificateSelectionCriteria":"","CertificateStore":"MY","HttpsStateFlags":31,
    "SelectFirstCertificate":1,"InternetMPHostName":null,"PSComputerName":null}]"#;

#[test]
fn q5_the_clients_state_is_a_source_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let copied = copy_machine("contoso-pc1", folder.path());
    let utf16: Vec<u8> = [vec![0xff, 0xfe], STATE.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    std::fs::write(copied.join("client.json"), utf16).expect("a file");
    let path = copied.to_str().expect("UTF-8");
    assert_eq!(explained(&[path], "revocation"), "revocation = off (client state; V-7)");
    assert_eq!(explained(&[path], "store"), "store = MY (client state; T-1)");

    let state = folder.path().join("state.json");
    std::fs::write(&state, STATE).expect("a file");
    let state = state.to_str().expect("UTF-8");
    let given = explained(&[&machine("contoso-pc1"), "--client-state", state], "on_multiple");
    assert!(given.starts_with("on_multiple = select-longest (client state; L-2"), "{given}");
    std::fs::write(state, "{\"x\":1}").expect("a file");
    let wrong = run(&[&machine("contoso-pc1"), "--client-state", state]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("not the state of a client") && wrong.stderr.contains(state), "{}", wrong.stderr);

    let state: serde_json::Value = serde_json::from_str(STATE).expect("JSON");
    let inventory = format!(
        r#"{{"schema":1,"name":"PC1","stores":{{"MY":[]}},"settings":{{"properties":"CCMCERTSEL=Subject:a"}},"client_state":{state}}}"#
    );
    let text = run_with(&["--explain-settings", "-"], &inventory).stdout;
    assert_eq!(line(&text, "criteria"), "criteria = not set (client state; C-1; displaced ccmsetup: Subject:a)");
    let again = run_with(&["convert", "-"], &inventory).stdout;
    assert_eq!(line(&run_with(&["--explain-settings", "-"], &again).stdout, "criteria"), line(&text, "criteria"));
}

#[test]
fn v7_no_crl_check_serves_until_the_sites_settings_arrive() {
    let inventory = |phase: &str, more: &str| {
        format!(
            r#"{{"schema":1,"name":"PC1","stores":{{"MY":[]}},"settings":{{"phase":"{phase}","properties":"/NoCRLCheck"{more}}}}}"#
        )
    };
    let explain = |phase: &str, more: &str, args: &[&str]| {
        let run = run_with(&[&["--explain-settings", "-"], args].concat(), &inventory(phase, more));
        (line(&run.stdout, "revocation"), run.stderr)
    };
    let (during, notes) = explain("installation", "", &[]);
    assert_eq!(during, "revocation = off (ccmsetup; V-7)");
    assert!(notes.contains("serves until the client has the site's settings"), "{notes}");
    let (after, notes) = explain("afterwards", "", &[]);
    assert_eq!(after, "revocation = check (default; V-7; displaced ccmsetup: off)");
    assert!(notes.contains("CRLs are checked (V-7)"), "{notes}");
    let (site, notes) = explain("afterwards", r#","assigned_site":"CCMHTTPSSTATE=31""#, &[]);
    assert_eq!((site.as_str(), notes.as_str()), ("revocation = off (assigned site; V-7; displaced ccmsetup: off)", ""));
    let (typed, notes) = explain("afterwards", "", &["--properties", "/NoCRLCheck"]);
    assert!(typed.starts_with("revocation = check"), "{typed}");
    assert!(notes.contains("(V-7)"), "{notes}");
    let (state, _) = explain("installation", "", &["--properties", "CCMHTTPSSTATE=31"]);
    assert!(state.starts_with("revocation = off (--properties; V-7"), "{state}");
    let (asked, notes) = explain("afterwards", "", &["--no-crl-check"]);
    assert!(asked.starts_with("revocation = off (command line"), "{asked}");
    assert!(!notes.contains("(V-7)"), "{notes}");
}

#[test]
fn the_sites_file_is_a_source() {
    let folder = tempfile::tempdir().expect("a folder");
    let copied = copy_machine("missing-crl", folder.path());
    let file = "[Site]\r\nCertificateIssuers=CN=Fabrikam Device Root\r\nSSLState=31\r\nSelectFirstCertificate=1\r\n";
    std::fs::write(copied.join("mobileclient.tcf"), file).expect("a file");
    let path = copied.to_str().expect("UTF-8");
    assert_eq!(explained(&[path], "revocation"), "revocation = off (mobileclient.tcf; V-7)");
    assert_eq!(explained(&[path], "on_multiple"), "on_multiple = select-longest (mobileclient.tcf; L-2)");
    let tcf = folder.path().join("other.tcf");
    std::fs::write(&tcf, "CertificateStoreName=ConfigMgr\r\n").expect("a file");
    let tcf = tcf.to_str().expect("UTF-8");
    assert_eq!(explained(&[path, "--tcf", tcf], "store"), "store = ConfigMgr (mobileclient.tcf; T-1)");
    let converted = run(&["convert", path]).stdout;
    assert!(converted.contains("\"mobile_client_file\":\"CCMCERTISSUERS="), "{converted}");
    // What `convert` writes means the same under the reading of the comma that the machine chooses (I-9).
    let commas = "CertificateIssuers=CN=Contoso Root CA, O=Contoso\r\n";
    std::fs::write(copied.join("mobileclient.tcf"), commas).expect("a file");
    let toml = "name = \"PC5\"\n[settings]\nissuer_syntax = \"semicolon-only\"\n";
    std::fs::write(copied.join("machine.toml"), toml).expect("a file");
    let converted = run(&["convert", path]);
    let shown = line(&run_with(&["--explain-settings", "-"], &converted.stdout).stdout, "issuers");
    assert_eq!(shown, explained(&[path], "issuers"), "{}", converted.stderr);
    assert!(shown.starts_with("issuers = CN=\"Contoso Root CA, O=Contoso\" (mobileclient.tcf"), "{shown}");
    std::fs::write(tcf, "CertificateIssuers=\r\n").expect("a file");
    assert_eq!(run(&[path, "--tcf", tcf]).status, 2);
}

#[test]
fn r1_a_client_version_is_a_ruleset_everywhere() {
    let machine = machine("contoso-pc1");
    for (version, ruleset) in
        [("2403", "cb2107"), ("1802", "cb1710"), ("5.00.8540.1000", "cb1706"), ("CB2107", "cb2107")]
    {
        let found = explained(&[&machine, "--ruleset", version], "ruleset");
        assert!(found.starts_with(&format!("ruleset = {ruleset} (command line")), "{found}");
    }
    let inventory = r#"{"schema":1,"name":"PC1","stores":{"MY":[]},"client_version":"5.00.9128.1000"}"#;
    let text = run_with(&["--explain-settings", "-"], inventory).stdout;
    assert_eq!(line(&text, "ruleset"), "ruleset = cb2107 (client_version; R-1)");
    let wrong = run_with(&["-"], &inventory.replace("5.00", "4.00"));
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("is not a client version"), "{}", wrong.stderr);
    assert_eq!(run(&[&machine, "--ruleset", "2012"]).status, 2);
}

#[test]
fn none_can_be_asked_for() {
    let no_match = machine("issuers-no-match");
    for args in [vec!["--no-issuers"], vec!["--properties", r#"CCMCERTISSUERS="""#]] {
        let run = run(&[&[no_match.as_str(), "--format", "json"], &args[..]].concat());
        assert_eq!(run.document()["outcome"]["kind"], "selected", "{args:?} {}", run.stderr);
    }
    let wrong_store = machine("wrong-store");
    assert_eq!(run(&[&wrong_store, "--no-store"]).status, 0);
    assert_eq!(
        explained(&[&no_match, "--no-issuers", "--properties", "CCMCERTSEL=Subject:x", "--no-criteria"], "criteria"),
        "criteria = not set (--no-criteria; C-1; displaced --properties: Subject:x)"
    );
    assert_eq!(run(&[&no_match, "--no-issuers", "/Issuers:CN=a"]).status, 2, "one or the other");
}

#[test]
fn compare_takes_none_and_refuses_what_changes_nothing() {
    let no_match = machine("issuers-no-match");
    let gained = run(&["compare", &no_match, "--with", "--no-issuers"]);
    assert!(gained.stdout.contains("gained") || gained.stdout.contains("->"), "{}", gained.stdout);
    let json = run(&["compare", &no_match, "--with", "--no-issuers", "--format", "json"]).document();
    assert_eq!(json["change"], "gained");
    for (with, said) in [
        (r#"CCMCERTSELL="Subject:x""#, "did you mean `CCMCERTSEL`"),
        ("FOO=1", "no property of a client"),
        ("CCMHOSTNAME=x", "nothing of this bears on the selection"),
    ] {
        let refused = run(&["compare", &no_match, "--with", with]);
        assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{with}");
        assert!(refused.stderr.contains(said), "{with}: {}", refused.stderr);
    }
    let nothing = run(&["compare", &no_match]);
    assert_eq!(nothing.status, 2);
    assert!(nothing.stderr.contains("there is no change"), "{}", nothing.stderr);
    let noted = run(&["compare", &no_match, "--with", "CCMCERTSEL=SubjectStr:%COMPUTERNAME%"]);
    assert!(noted.stderr.contains("not expanded"), "{}", noted.stderr);
    // The change is over the options of the command line too.
    let over = run(&["compare", &no_match, "--no-issuers", "--with", "CCMCERTISSUERS=CN=Nobody", "--format", "json"]);
    assert_eq!(over.document()["change"], "lost");
}

#[test]
fn a_qualified_name_gets_a_hint() {
    let inventory = r#"{"schema":1,"name":"pc1.corp.contoso.com","stores":{"MY":[]}}"#;
    let run = run_with(&["-"], inventory);
    assert!(run.stderr.contains("write the NetBIOS name as `name`"), "{}", run.stderr);
}
