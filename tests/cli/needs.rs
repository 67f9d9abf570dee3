//! `needs`, run as a user runs it.

use super::{machine, run};

#[test]
fn a_machine_without_its_crl_says_what_to_fetch() {
    let text = run(&["needs", &machine("missing-crl")]);
    assert_eq!(text.status, 1, "{}{}", text.stdout, text.stderr);
    assert!(
        text.stdout.contains("CRLs to fetch") && text.stdout.contains("ldap:///CN=Contoso%20Issuing%20CA%201"),
        "{}",
        text.stdout
    );
    let json = run(&["needs", "--format", "json", &machine("missing-crl"), &machine("contoso-pc1")]).document();
    assert_eq!((&json["schema"], &json["machines"], &json["complete"]), (&1.into(), &2.into(), &false.into()));
    let first = &json["crls"][0];
    assert!(
        first["missing"].as_u64() > Some(0) && first["urls"][0].as_str().is_some_and(|url| url.starts_with("ldap:")),
        "{json}"
    );
    let csv = run(&["needs", "--format", "csv", &machine("missing-crl")]);
    let mut lines = csv.stdout.lines();
    assert_eq!(lines.next(), Some("kind,name,url,machines,missing,out_of_date,not_counted,good_until,what"));
    assert!(lines.next().is_some_and(|line| line.starts_with("crl_")), "{}", csv.stdout);
}

#[test]
fn a_machine_that_has_everything_needs_nothing() {
    let old = run(&["needs", &machine("contoso-pc1")]);
    assert_eq!(old.status, 1, "{}", old.stdout);
    assert!(old.stdout.contains("templates whose version decides"), "{}", old.stdout);
    let run = run(&["needs", "--ruleset", "cb1710", &machine("contoso-pc1")]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(
        run.stdout.contains("CRLs that are good") && run.stdout.ends_with("1 machine looked at: nothing is missing\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_does_not_read_is_said_and_the_rest_is_counted() {
    let run = run(&["needs", "--format", "json", "no-such-file", &machine("contoso-pc1")]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("no-such-file"), "{}", run.stderr);
    let nothing = super::run(&["needs", "no-such-file"]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (2, "no machine could be looked at\n"));
    assert_eq!(run.document()["machines"], 1);
}

/// V-8: what is lacking is said in the same words by the answer and in the data.
#[test]
fn v8_what_is_lacking_has_one_sentence() {
    for name in ["missing-crl", "delta-missing"] {
        let document = run(&["--format", "json", &machine(name)]).document();
        let because = document["undecided"]["because"].as_array().expect("sentences");
        let answer = document["answer"].as_str().expect("an answer");
        assert!(!because.is_empty(), "{name}");
        for sentence in because.iter().filter_map(|sentence| sentence.as_str()) {
            assert!(answer.contains(sentence), "{name}: {sentence}: {answer}");
        }
    }
}
