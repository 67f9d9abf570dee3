//! `compare`, `timeline` and `suggest`, run as a user runs them.

use super::{machine, run};
use serde_json::json;

const PC1: &str = "68C54BD52764CAA0DC9B8F34F7328939CB4ABD84";

#[test]
fn compare_says_who_gains_and_who_stays() {
    let machines = [machine("contoso-pc1"), machine("two-equal-candidates"), machine("wrong-store")];
    let names: Vec<&str> = machines.iter().map(String::as_str).collect();
    let change = ["--with", "CCMFIRSTCERT=1 CCMCERTSTORE=MY"];
    let text = run(&[&["compare"], &names[..], &change].concat());
    assert_eq!(text.status, 0, "{}", text.stderr);
    assert!(text.stdout.contains("PC4: none: 2 certificates qualify (0x87D00282) ->"), "{}", text.stdout);
    assert!(text.stdout.ends_with("\n2 gained, 1 same\n"), "{}", text.stdout);
    let json = run(&[&["compare", "--format", "json"], &names[..], &change].concat());
    let changes: Vec<_> = json.documents().iter().map(|document| document["change"].clone()).collect();
    assert_eq!(changes, ["same", "gained", "gained"]);
}

#[test]
fn compare_ends_with_1_where_a_machine_loses_its_certificate() {
    let machine = machine("contoso-pc1");
    let lost = run(&["compare", &machine, "--format", "json", "--with", r#"CCMCERTSEL="SubjectStr:nobody""#]);
    assert_eq!(lost.status, 1);
    let document = lost.document();
    assert_eq!(document["change"], "lost");
    assert_eq!((&document["before"]["selected"], &document["after"]["selected"]), (&PC1.into(), &().into()));
    assert_eq!(document["after"]["outcome"]["emptied_at"], "purpose");
    let expired = run(&["compare", &machine, "--with-now", "2029-01-01T00:00:00Z"]);
    assert_eq!(expired.status, 1, "{}", expired.stdout);
}

/// Of each machine what rejects the certificate that it had, and the machines counted by that.
#[test]
fn compare_says_why_machines_are_lost() {
    let machines = [machine("contoso-pc1"), machine("pem-with-key"), machine("mac-client"), machine("empty-store")];
    let names: Vec<&str> = machines.iter().map(String::as_str).collect();
    let change = ["--with", r#"CCMCERTSEL="SubjectStr:pc1.""#];
    let text = run(&[&["compare"], &names[..], &change].concat());
    assert_eq!(text.status, 1, "{}", text.stderr);
    let ends = "\n1 lost, 2 same, 1 still none\n\nwhy lost, by machines\n       1  the criteria (SubjectStr:) do not match \
                (purpose.subject_string)\n";
    assert!(text.stdout.ends_with(ends), "{}", text.stdout);
    let why = "none (0x87D00281)\n            14CB97EB: the criteria ask for `pc1.`";
    assert!(text.stdout.contains(why), "{}", text.stdout);
    let json = run(&[&["compare", "--format", "json"], &names[..], &change].concat());
    let codes: Vec<_> = json.documents().iter().map(|document| document["because"]["code"].clone()).collect();
    assert_eq!(codes, json!([null, "purpose.subject_string", null, null]).as_array().expect("codes").as_slice());
}

#[test]
fn compare_names_the_mistake_in_the_change() {
    let run = run(&["compare", &machine("contoso-pc1"), "--with", "CCMCERTSEL=Subjekt:x"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Subjekt"), "{}", run.stderr);
}

/// What sets nothing that the selection asks for would compare a machine with itself.
#[test]
fn compare_asks_for_a_change_that_bears_on_the_selection() {
    for line in ["SMSSITECODE=ABC", "FSP=fsp1.contoso.com CCMLOGLEVEL=0", "/mp:mp1.contoso.com", ""] {
        let none = run(&["compare", &machine("contoso-pc1"), "--with", line]);
        assert_eq!((none.status, none.stdout.as_str()), (2, ""), "{line}");
        assert!(none.stderr.contains("nothing of this bears on the selection"), "{line}: {}", none.stderr);
    }
    let change = run(&["compare", &machine("contoso-pc1"), "--with", "SMSSITECODE=ABC /NoCRLCheck"]);
    assert_eq!(change.status, 0, "{}", change.stderr);
}

#[test]
fn timeline_ends_where_the_crl_runs_out() {
    let machine = machine("contoso-pc1");
    let json = run(&["timeline", &machine, "--until", "2028-01-01T00:00:00Z", "--format", "json"]);
    assert_eq!(json.status, 1, "{}", json.stderr);
    let document = json.document();
    assert_eq!(document["selected"], PC1);
    let changes = document["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!((&changes[0]["at"], &changes[0]["selected"]), (&"2026-01-16T18:30:01Z".into(), &().into()));
    assert!(changes[0]["because"][0].as_str().is_some_and(|because| because.contains("CRL")), "{changes:?}");
    let text = run(&["timeline", &machine, "--until", "2028-01-01T00:00:00Z"]);
    assert!(text.stdout.contains("\n2026-01-16T18:30:01Z  none (0x87D00281)\n"), "{}", text.stdout);
    let short = run(&["timeline", &machine, "--until", "2026-01-16T00:00:00Z"]);
    assert_eq!(short.status, 0, "selected all the time: {}", short.stdout);
    let wrong = run(&["timeline", &machine, "--until", "soon"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("soon"), "{}", wrong.stderr);
    let past = run(&["timeline", &machine, "--until", "2026-01-01T00:00:00Z"]);
    assert_eq!((past.status, past.stdout.as_str()), (2, ""));
    assert!(past.stderr.contains("is before 2026-01-15T09:00:00Z"), "{}", past.stderr);
    let a_year = run(&["timeline", &machine]);
    assert!(
        a_year.stdout.starts_with("PC1: 1 change from 2026-01-15T09:00:00Z until 2027-01-15T09:00:00Z\n"),
        "{}",
        a_year.stdout
    );
}

/// An answer that is one text or one document is not written as a page or a table, and a form that is asked for is not passed over.
#[test]
fn a_command_refuses_a_form_that_it_does_not_have() {
    let machine = machine("contoso-pc1");
    for (command, forms) in [
        (vec!["explain", &machine, PC1], "text, json"),
        (vec!["timeline", &machine], "text, json"),
        (vec!["compare", &machine, "--with", "CCMFIRSTCERT=1"], "text, json"),
        (vec!["suggest", &machine, PC1], "text, json"),
        (vec!["site", &machine], "text, json"),
        (vec!["connect", &machine, "--to", "mp.toml"], "text, json"),
        (vec!["check-log", "pc1.log"], "text, json"),
        (vec!["needs", &machine], "text, json, csv"),
        (vec!["transition", &machine], "text, json, csv"),
    ] {
        let run = run(&[&command[..], &["--format", "html"]].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{command:?}: {}", run.stderr);
        let told = format!("[possible values: {forms}]");
        assert!(run.stderr.contains("html") && run.stderr.contains(&told), "{command:?}: {}", run.stderr);
    }
}

#[test]
fn what_suggest_prints_selects_the_certificate() {
    let folder = machine("contoso-pc1");
    let report = run(&[&folder, "--format", "json"]).document();
    let certificates = report["certificates"].as_array().expect("certificates");
    let mut suggested = 0;
    for thumbprint in certificates.iter().filter_map(|one| one["thumbprint"].as_str()) {
        let found = run(&["suggest", &folder, thumbprint, "--format", "json"]);
        let document = found.document();
        assert_eq!(document["thumbprint"], thumbprint);
        let criteria = document["criteria"].as_array().expect("criteria");
        assert_eq!(found.status == 0, !criteria.is_empty(), "{}", found.stdout);
        assert_eq!(found.status == 1, document["problem"].is_string(), "{}", found.stdout);
        for criteria in criteria.iter().filter_map(|criteria| criteria.as_str()) {
            let option = format!("--criteria={criteria}");
            let with = run(&[&folder, &option, "--properties", "CCMFIRSTCERT=0", "--format", "json"]).document();
            assert_eq!(with["selected"], thumbprint, "{criteria}");
            suggested += 1;
        }
    }
    assert!(suggested > 0);
}

#[test]
fn suggest_says_why_there_is_nothing_to_suggest() {
    let twins = machine("two-equal-candidates");
    let none = run(&["suggest", &twins, "0DF0288DE4ECC2A71B1A523F8F9747DBE328D2EA"]);
    assert_eq!(none.status, 1, "{}", none.stderr);
    let words = "none: 519E0600 has the same names; criteria cannot tell it apart";
    assert!(none.stdout.contains(words), "{}", none.stdout);
    let unknown = run(&["suggest", &twins, "00FF"]);
    assert_eq!((unknown.status, unknown.stdout.as_str()), (2, ""));
}

/// Twins are named, and where nobody has what is asked for, what they have is.
#[test]
fn suggest_over_a_fleet_says_why_there_is_nothing() {
    let machines = [machine("contoso-pc1"), machine("two-equal-candidates"), machine("empty-store")];
    let suggest = |issuer: &str, machines: &[String]| {
        let names: Vec<&str> = machines.iter().map(String::as_str).collect();
        let shown = run(&[&["suggest", "--issuer", issuer], &names[..]].concat());
        assert_eq!(shown.status, 1, "{}", shown.stderr);
        shown.stdout
    };
    let twins = suggest("Contoso Issuing CA 1", &machines);
    let words =
        "none: no criteria are left after the machine `PC4`: its certificates 519E0600, 0DF0288D have the same names";
    assert!(twins.contains(words) && twins.contains("the other one has none that is usable"), "{twins}");
    let misspelt = suggest("Contoso Issuing CA", &machines);
    let words = "criteria under which machines select such a certificate\n  none: none of 3 machines has a usable certificate of \
                 this kind; what they have is of `Contoso Issuing CA 1` (2), ";
    assert!(misspelt.starts_with(words), "{misspelt}");
    let unusable = suggest("Contoso Device CA", &machines[..1]);
    assert!(unusable.contains("none: the machine has no usable certificate of this kind; what it has"), "{unusable}");
    let foreign = suggest("Fabrikam Device Root", &machines[..1]);
    assert!(foreign.contains("; 1 has one that is not usable: judge it to see why"), "{foreign}");
}

#[test]
fn suggest_over_a_fleet_says_where_it_ends() {
    let machines = [machine("contoso-pc1"), machine("two-equal-candidates")];
    let fleet = run(&["suggest", "--issuer", "Contoso Issuing CA 1", &machines[0], "--format", "json"]);
    assert_eq!((fleet.status, &fleet.document()["machines"]), (0, &1.into()));
    let criteria = fleet.document()["criteria"].clone();
    let criteria = criteria.as_array().expect("criteria");
    assert!(criteria.contains(&"SubjectStr:pc1.contoso.com".into()), "{criteria:?}");
    let nobody = run(&["suggest", "--template", "1.3.6.1.4.1.311.21.8.1", &machines[0], &machines[1]]);
    assert_eq!(nobody.status, 1);
    assert!(nobody.stdout.contains("none of 2 machines has a usable certificate of this kind"), "{}", nobody.stdout);
    let neither = run(&["suggest", &machines[0]]);
    assert_eq!(neither.status, 2);
    assert!(neither.stderr.contains("--template"), "{}", neither.stderr);
}
