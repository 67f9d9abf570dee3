//! Each option changes the result as the product documents.

use super::{machine, run};
use serde_json::Value;

fn outcome(args: &[&str]) -> (Value, String) {
    let run = run(&[&["--format", "json"], args].concat());
    let document = run.document();
    (document["outcome"].clone(), document["selected"].as_str().unwrap_or_default().to_owned())
}

fn kind(args: &[&str]) -> String {
    outcome(args).0["kind"].as_str().unwrap_or("an error").to_owned()
}

#[test]
fn select_first_cert_decides_between_equal_candidates() {
    let machine = machine("two-equal-candidates");
    assert_eq!(kind(&[&machine]), "ambiguous");
    for option in ["/SelectFirstCert", "/SELECTFIRSTCERT", "--select-first-cert"] {
        let (outcome, selected) = outcome(&[&machine, option]);
        assert_eq!(outcome["kind"], "selected");
        let (_, again) = super::options::outcome(&[&machine, "--properties", "CCMFIRSTCERT=1"]);
        assert_eq!(selected, again);
    }
}

#[test]
fn store_chooses_where_to_look() {
    let machine = machine("wrong-store");
    assert_eq!(outcome(&[&machine]).0["emptied_at"], "validity");
    for option in ["/Store:MY", "/store:Personal", "--store=my"] {
        assert_eq!(kind(&[&machine, option]), "selected", "{option}");
    }
    let missing = outcome(&[&machine, "/Store:Nowhere"]).0;
    assert_eq!((&missing["emptied_at"], &missing["hresult"]), (&"store".into(), &"0x87D00280".into()));
}

/// Each option of the tool is a property of client.msi, alone and in a command line.
#[test]
fn q2_the_tools_options_are_the_properties() {
    let pairs = [
        ("two-equal-candidates", "/SelectFirstCert", "CCMFIRSTCERT=1"),
        ("wrong-store", "/Store:MY", "CCMCERTSTORE=MY"),
        ("issuers-no-match", "/Issuers:CN=Contoso Root CA", r#"CCMCERTISSUERS="CN=Contoso Root CA""#),
        ("contoso-pc1", "/Criteria:Subject:intranet.contoso.com", "CCMCERTSEL=Subject:intranet.contoso.com"),
    ];
    for (name, option, property) in pairs {
        let machine = machine(name);
        let (by_property, selected) = outcome(&[&machine, "--properties", property]);
        assert_eq!(by_property["kind"], "selected", "{property}");
        assert_ne!(outcome(&[&machine]).1, selected, "{name}");
        assert_eq!(outcome(&[&machine, option]), (by_property.clone(), selected.clone()), "{option}");
        let quoted = option.replace("CN=Contoso Root CA", r#""CN=Contoso Root CA""#);
        for line in [quoted.clone(), format!("/UsePKICert {quoted}")] {
            let (of_line, from_line) = outcome(&[&machine, "--properties", &line]);
            assert_eq!((of_line, from_line), (by_property.clone(), selected.clone()), "{line}");
        }
    }
}

#[test]
fn issuers_lists_roots() {
    let no_match = machine("issuers-no-match");
    assert_eq!(outcome(&[&no_match]).0["emptied_at"], "issuers");
    for option in ["/Issuers:CN=Contoso Root CA; C=US", "/ISSUERS:cn=Contoso Root CA", "--issuers=CN=Contoso Root CA"] {
        assert_eq!(kind(&[&no_match, option]), "selected", "{option}");
    }
    let other = outcome(&[&machine("contoso-pc1"), "/Issuers:CN=Fabrikam Device Root"]).0;
    assert_ne!(other["kind"], "selected");
}

#[test]
fn criteria_replace_the_purpose() {
    let machine = machine("contoso-pc1");
    let (_, by_default) = outcome(&[&machine]);
    let (found, selected) = outcome(&[&machine, "/Criteria:SubjectStr:PC1"]);
    assert_eq!((found["kind"].as_str(), &selected), (Some("selected"), &by_default));
    let (found, other) = outcome(&[&machine, "/criteria:SubjectAttr:OU = Büro Zürich"]);
    assert_eq!(found["kind"], "selected");
    assert_ne!(other, by_default);
    let nothing = outcome(&[&machine, "--criteria", "Subject:intranet.contoso.co"]).0;
    assert_eq!((&nothing["emptied_at"], &nothing["hresult"]), (&"purpose".into(), &"0x87D00281".into()));
    let server = outcome(&[&machine, "--criteria=Subject:intranet.contoso.com"]).0;
    assert_eq!(server["kind"], "selected", "a selector lets a server certificate through");
}

#[test]
fn properties_merge_with_the_files_and_win() {
    let machine = machine("issuers-no-match");
    let (found, _) = outcome(&[&machine, "--properties", r#"CCMCERTISSUERS="CN=Contoso Root CA" /NoCRLCheck"#]);
    assert_eq!(found["kind"], "selected");
    let machine = super::machine("contoso-pc1");
    // CCMFIRSTCERT=1 of the file stays.
    let (found, _) = outcome(&[&machine, "--properties", "CCMCERTSEL=SubjectStr:pc1"]);
    assert_eq!(found["kind"], "selected");
    assert_eq!(kind(&[&machine, "--properties", "CCMFIRSTCERT=0"]), "ambiguous");
}

#[test]
fn revocation_can_be_switched_off() {
    let machine = machine("missing-crl");
    assert_eq!(kind(&[&machine]), "nothing");
    assert_eq!(kind(&[&machine, "--no-crl-check"]), "selected");
    assert_eq!(kind(&[&machine, "--setting", "unknown-status=accept"]), "selected");
    assert_eq!(kind(&[&machine, "--setting=revocation=off"]), "selected");
}

#[test]
fn crls_come_from_a_file_or_a_folder() {
    let missing = machine("missing-crl");
    let folder = machine("contoso-pc1/crl");
    assert_eq!(kind(&[&missing, "--crl", &folder]), "selected");
    let delta = format!("{folder}/Contoso Issuing CA 1+.crl");
    assert_eq!(kind(&[&machine("delta-missing"), "--crl", &delta]), "selected");
    assert_eq!(kind(&[&machine("delta-missing"), "--setting", "delta-crl=optional"]), "selected");
}

#[test]
fn rulesets_and_now_change_the_answer() {
    let ecc = machine("contoso-ecc");
    let (_, rsa) = outcome(&[&ecc]);
    let (_, ecdsa) = outcome(&[&ecc, "--ruleset", "cb1710", "--setting", "ecc-keys=accept"]);
    assert_ne!(rsa, ecdsa);
    let later = outcome(&[&machine("contoso-pc1"), "--now", "2026-03-05T00:00:00Z", "--no-crl-check"]).0;
    assert_eq!(later["kind"], "selected");
    let now = run(&["--format=json", "--now", "2026-01-15T10:00:00+01:00", &machine("contoso-pc1")]).document();
    assert_eq!(now["now"], "2026-01-15T09:00:00Z");
}

#[test]
fn settings_of_both_spellings_work() {
    let renewed = machine("renewed-ca-key");
    let (_, by_period) = outcome(&[&renewed]);
    let (_, by_end) = outcome(&[&renewed, "--setting", "longest-by=not-after"]);
    assert_ne!(by_period, by_end);
    assert_eq!(outcome(&[&renewed, "--setting", "longest_by=not-after"]).1, by_end);
    assert_eq!(kind(&[&machine("issuers-with-commas"), "--setting", "issuer-syntax=semicolon-only"]), "nothing");
}

#[test]
fn audit_goes_on_behind_the_first_rejection() {
    let count = |args: &[&str]| {
        let document = run(args).document();
        let certificates = document["certificates"].as_array().unwrap().clone();
        certificates.iter().map(|entry| entry["findings"].as_array().unwrap().len()).sum::<usize>()
    };
    let machine = machine("contoso-pc1");
    assert!(count(&["--format=json", "--audit", &machine]) > count(&["--format=json", &machine]));
}

#[test]
fn colour_is_there_when_asked_for() {
    let machine = machine("contoso-pc1");
    assert!(!run(&[&machine]).stdout.contains('\x1b'));
    assert!(run(&["--color=always", &machine]).stdout.contains('\x1b'));
}

#[test]
fn the_settings_are_explained_with_source_and_what_they_displaced() {
    let text = run(&["--explain-settings", "/Issuers:CN=Fabrikam Device Root", &machine("contoso-pc1")]).stdout;
    let line = |name: &str| {
        text.lines().find(|line| line.strip_prefix("  ").is_some_and(|line| line.starts_with(name))).unwrap_or_default()
    };
    assert!(line("issuers = CN=Fabrikam Device Root (/Issuers; I-1; displaced ccmsetup: ").contains("Contoso Root CA"));
    assert_eq!(line("on_multiple"), "  on_multiple = select-longest (ccmsetup; L-2)");
    assert_eq!(line("ruleset"), "  ruleset = cb1706 (default; R-1)");
    assert_eq!(line("crl_grace"), "  crl_grace = 0 (default; V-9)");
}

/// A number is a setting like any: it is named where it is not the default, in text and in JSON, with its source.
#[test]
fn v9_the_grace_of_crls_is_told() {
    let machine = machine("contoso-pc1");
    let text = run(&["--explain-settings", "--setting", "crl-grace=48", &machine]).stdout;
    assert!(text.contains("  crl_grace = 48 (command line; V-9)\n"), "{text}");
    let context = text.lines().find(|line| line.starts_with("settings ")).unwrap_or_default();
    assert!(context.contains("crl_grace=48"), "{text}");
    let document = run(&["--format", "json", "--setting", "crl_grace=48", &machine]).document();
    let settings = document["settings"].as_array().expect("settings");
    let grace = settings.iter().find(|setting| setting["name"] == "crl_grace").expect("the setting");
    assert_eq!(*grace, serde_json::json!({ "name": "crl_grace", "value": "48", "default": "0", "rule": "V-9" }));
}

#[test]
fn sources_of_the_file_have_their_precedence() {
    let inventory = |phase: &str| {
        format!(
            r#"{{"schema":1,"name":"PC1","now":"2026-01-15T09:00:00Z","stores":{{"MY":[]}},"settings":{{"phase":"{phase}",
            "properties":"CCMCERTSEL=Subject:setup","assigned_site":"CCMCERTSEL=Subject:site"}}}}"#
        )
        .replace('\n', "")
    };
    let criteria = |phase: &str| {
        let text = super::run_with(&["--explain-settings", "-"], &inventory(phase)).stdout;
        text.lines().find(|line| line.starts_with("  criteria")).unwrap().to_owned()
    };
    assert_eq!(criteria("installation"), "  criteria = Subject:setup (ccmsetup; C-1)");
    assert_eq!(
        criteria("afterwards"),
        "  criteria = Subject:site (assigned site; C-1; displaced ccmsetup: Subject:setup)"
    );
}

#[test]
fn help_names_the_formats_and_the_exit_status() {
    let run = run(&["--help"]);
    assert_eq!(run.status, 0);
    for word in ["/SelectFirstCert", "--properties", ".jsonl", "Exit status: 0", "- json:"] {
        assert!(run.stdout.contains(word), "{word} is not in\n{}", run.stdout);
    }
}

#[test]
fn completions_and_pages_of_the_manual_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", shell]);
        assert_eq!((script.status, script.stderr.as_str()), (0, ""), "{shell}");
        for word in ["explain", "check-log", "properties", "client-state"] {
            assert!(script.stdout.contains(word), "{word} is not in the script of {shell}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"]).status, 2);
    let page = run(&["man"]);
    assert_eq!((page.status, page.stderr.as_str()), (0, ""));
    assert!(page.stdout.starts_with(".ie") || page.stdout.starts_with(".TH"), "{}", page.stdout);
    for word in ["cmhttpsreadiness", "explain", "Exit status: 0"] {
        assert!(page.stdout.contains(word), "{word} is not in the page");
    }
    let of_command = run(&["man", "site"]);
    assert!(of_command.stdout.contains("mobileclient.tcf"), "{}", of_command.stdout);
    let unknown = run(&["man", "sites"]);
    assert_eq!((unknown.status, unknown.stdout.as_str()), (2, ""));
    assert!(unknown.stderr.contains("did you mean `site`?"), "{}", unknown.stderr);
}
