//! `transition`, run as a user runs it.

use super::{copy_machine, machine, run};
use serde_json::{Value, json};

fn group<'a>(of: &'a Value, kind: &str) -> &'a Value {
    let groups = of.as_array().expect("groups");
    groups.iter().find(|group| group["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {of}"))
}

#[test]
fn each_phase_says_who_is_ready_and_who_would_be_lost() {
    let machines = [machine("contoso-pc1"), machine("issuers-no-match"), machine("empty-store")];
    let arguments = ["transition", "--format", "json", &machines[0], &machines[1], &machines[2]];
    let json = run(&arguments);
    assert_eq!(json.status, 1, "{}", json.stderr);
    let document = json.document();
    assert_eq!((&document["schema"], &document["machines"]), (&json!(1), &json!(3)));
    let [mixed, https_only, internet] = document["phases"].as_array().expect("phases").as_slice() else {
        panic!("{document}")
    };
    assert_eq!((&mixed["phase"], &mixed["ssl_state"]), (&json!("mixed"), &json!(480)));
    assert_eq!((&https_only["ssl_state"], &https_only["ssl_state_without_crl_check"]), (&json!(63), &json!(31)));
    assert_eq!(group(&mixed["machines"], "over_http")["count"], 2);
    for phase in [https_only, internet] {
        assert_eq!(group(&phase["machines"], "ready")["names"], json!(["PC1"]));
        assert_eq!(group(&phase["machines"], "lost")["count"], 2);
    }
    let codes: Vec<&str> =
        document["changes"].as_array().expect("changes").iter().filter_map(|change| change["code"].as_str()).collect();
    assert_eq!(codes, ["issuers.not_listed", "store.empty"]);
    assert_eq!(document["encryption"], json!({"algorithm": "3DES", "machines": 2}));
    assert_eq!(group(&document["signing"], "sha256_unknown")["count"], 2);
    assert_eq!(document["issuers_property"], r#"CCMCERTISSUERS="CN=Contoso Root CA; O=Contoso, Ltd; C=US""#);

    let nothing = run(&["transition", "no-such-machine"]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (2, "no machine could be looked at\n"));
    let text = run(&["transition", &machines[0], &machines[1], &machines[2]]).stdout;
    for words in [
        "SSL state 480: http allowed, crl check",
        "2  would be lost, nothing manages them",
        "3DES",
        "(issuers.not_listed: PC7)",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn the_list_of_issuers_that_is_proposed_keeps_every_ready_machine() {
    let own = machine("contoso-pc1");
    let document = run(&["transition", "--format", "json", &own]).document();
    let property = document["issuers_property"].as_str().expect("a property");
    let run = run(&["--properties", property, &own]);
    assert_eq!(run.status, 0, "{property}: {}{}", run.stdout, run.stderr);
}

#[test]
fn a_server_that_refuses_a_client_keeps_it_from_its_phase() {
    let scratch = tempfile::tempdir().expect("a folder");
    let server = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        std::fs::write(&path, text).expect("a server file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let root = std::fs::canonicalize(machine("contoso-pc1")).expect("the machine").join("ROOT");
    let issuing = root.with_file_name("CA");
    let accepts = format!(
        "role = \"cloud-management-gateway\"\nname = \"cmg\"\nroots = [{root:?}]\nintermediates = [{issuing:?}]\nverify_client_certificate_revocation = false\n"
    );
    let refuses = "role = \"cloud-management-gateway\"\nname = \"cmg\"\nroots = []\n";
    let (accepts, refuses) = (server("good.toml", &accepts), server("bad.toml", refuses));
    let own = machine("contoso-pc1");

    let bad = run(&["transition", "--format", "json", "--to", &refuses, &own]);
    assert_eq!(bad.status, 1, "{}", bad.stderr);
    let document = bad.document();
    assert_eq!(group(&document["phases"][1]["machines"], "ready")["count"], 1, "the intranet has no such server");
    assert_eq!(group(&document["phases"][2]["machines"], "lost")["names"], json!(["PC1"]));
    assert_eq!(document["changes"][0]["count"], 1, "{document}");

    let both = run(&["transition", "--to", &refuses, "--to", &accepts, &own]);
    assert_eq!(both.status, 0, "{}{}", both.stdout, both.stderr);
    let updates = server("updates.toml", &format!("role = \"software-updates\"\nname = \"x\"\nsigners = [{root:?}]\n"));
    let none = run(&["transition", "--to", &updates, &own]);
    assert_eq!(none.status, 2);
    assert!(none.stderr.contains("no server that clients connect to"), "{}", none.stderr);
}

#[test]
fn the_operating_system_says_who_cannot_sign_with_sha256() {
    let scratch = tempfile::tempdir().expect("a folder");
    let old = copy_machine("empty-store", scratch.path());
    let toml = std::fs::read_to_string(old.join("machine.toml")).expect("machine.toml");
    std::fs::write(old.join("machine.toml"), format!("os = \"Windows Server 2003 SP2\"\n{toml}")).expect("written");
    let path = old.to_str().expect("UTF-8");
    let csv = run(&["transition", "--format", "csv", path]);
    assert_eq!(csv.status, 1, "{}", csv.stderr);
    let mut lines = csv.stdout.lines();
    assert_eq!(lines.next(), Some("machine,mixed,https_only,internet,signing,reason,change"));
    let row = lines.next().expect("a row");
    assert!(
        row.contains(",over_http,lost,lost,refused_with_sha256,store.empty,\"request a new certificate with client"),
        "{row}"
    );
    let text = run(&["transition", path]).stdout;
    assert!(text.contains("install the hotfix of KB 938397 first"), "{text}");
    // What a folder states, an inventory keeps.
    let inventory = run(&["convert", path]).document();
    assert_eq!(inventory["os"], "Windows Server 2003 SP2");
}

#[test]
fn a_device_without_a_self_signed_certificate_has_no_http_to_stay_on() {
    let mac = machine("mac-client");
    let ready = run(&["transition", &mac]);
    let none = run(&["transition", "--format", "json", "--store", "Nothing", "--now", "2040-01-01T00:00:00Z", &mac]);
    assert_eq!(none.status, 1, "{}", none.stderr);
    let mixed = &none.document()["phases"][0]["machines"];
    assert_eq!(mixed.as_array().map(Vec::len), Some(1), "{mixed}");
    assert_eq!(group(mixed, "lost")["count"], 1);
    assert_eq!(ready.status, 0, "{}{}", ready.stdout, ready.stderr);
}

#[test]
fn each_of_the_eleven_steps_has_a_line_of_help() {
    let help = run(&["transition", "--help"]).stdout;
    for step in 1..=11 {
        let line = help.lines().find(|line| line.trim_start().starts_with(&format!("{step}  ")));
        assert!(line.is_some_and(|line| line.len() > 40), "step {step}: {help}");
    }
}
