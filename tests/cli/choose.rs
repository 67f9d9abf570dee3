//! Which machines of many are shown, how a spreadsheet gets them, and summaries that add up.

use super::{Run, machine, run, run_with};

const MACHINES: [&str; 4] = ["contoso-pc1", "missing-crl", "issuers-no-match", "empty-store"];

fn fleet(more: &[&str]) -> Run {
    let machines = MACHINES.map(machine);
    let machines: Vec<&str> = machines.iter().map(String::as_str).collect();
    run(&[more, &machines].concat())
}

/// The machines that are shown.
fn shown(more: &[&str]) -> Vec<String> {
    let run = fleet(&[&["--format=json"], more].concat());
    run.documents().iter().map(|document| document["machine"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn states_reasons_and_cas_choose_and_the_status_is_of_all() {
    let all = shown(&[]);
    assert_eq!(all.len(), 4);
    let ready = shown(&["--only=ready"]);
    assert_eq!(ready, [all[0].clone()]);
    assert_eq!(shown(&["--only=not-ready"]), all[1..]);
    assert_eq!(shown(&["--only=not-ready", "--only=ready"]), all);
    assert_eq!(shown(&["--only=undecided"]), [all[1].clone()]);
    assert_eq!(shown(&["--reason=issuers.not_listed"]), [all[2].clone()]);
    assert_eq!(shown(&["--reason=store.empty", "--reason=issuers.not_listed"]), all[2..]);
    assert_eq!(shown(&["--ca=Contoso Issuing CA 1"]), all[..3]);
    assert_eq!(shown(&["--ca=Contoso Issuing CA 1", "--only=ready"]), ready);
    assert!(shown(&["--ca=Nobody"]).is_empty());
    assert_eq!(fleet(&["--only=ready"]).status, 1);
    let summary = fleet(&["--only=ready"]).stdout;
    assert!(summary.contains("       3  machines are not"), "{summary}");
    let unknown = fleet(&["--reason=validity.expierd"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("did you mean `validity.expired`?"), "{}", unknown.stderr);
}

#[test]
fn the_summary_stands_where_it_is_asked_for() {
    let [last, first, only, none] =
        ["last", "first", "only", "none"].map(|place| fleet(&[&format!("--summary={place}")]).stdout);
    assert_eq!(fleet(&[]).stdout, last);
    assert_eq!(format!("{none}\n{only}"), last);
    assert_eq!(format!("{only}\n{none}"), first);
    assert!(only.starts_with("summary\n"), "{only}");
}

#[test]
fn quiet_is_errors_alone() {
    let broken = r#"{"schema":1,"name":"PC1","now":"2026-01-15T09:00:00Z","stores":{"MY":[]},"crls":["AAAA"]}"#;
    let loud = run_with(&["-"], broken);
    assert!(loud.stderr.contains("crls[0]"), "{}", loud.stderr);
    let quiet = run_with(&["--quiet", "-"], broken);
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (loud.stdout, ""));
    let error = run_with(&["-q", "-"], "{}");
    assert!(error.stderr.starts_with("error: "), "{}", error.stderr);
    let csv = fleet(&["-q", "--format=csv"]);
    assert_eq!(csv.stderr, "");
}

#[test]
fn a_spreadsheet_gets_its_mark_and_its_separator() {
    let plain = fleet(&["--format=csv"]).stdout;
    assert!(plain.starts_with("machine,ready,outcome,"), "{plain}");
    assert_eq!(fleet(&["--format=csv", "--csv-bom"]).stdout, format!("\u{feff}{plain}"));
    let semicolons = fleet(&["--format=csv", "--csv-separator=semicolon"]).stdout;
    assert!(semicolons.starts_with("machine;ready;outcome;"), "{semicolons}");
    let tabs = fleet(&["--format=csv", "--csv-separator=tab"]).stdout;
    assert!(tabs.starts_with("machine\tready\toutcome\t"), "{tabs}");
}

#[test]
fn cells_are_no_formulas_and_fit() {
    let machine = |name: &str| {
        let name = serde_json::to_string(name).unwrap();
        format!(r#"{{"schema":1,"name":{name},"now":"2026-01-15T09:00:00Z","stores":{{"MY":[]}}}}"#)
    };
    for name in ["=1+1", " =1+1", "\t=1+1", "\u{a0}@x", "\u{ff1d}1", "\u{ff0b}1", "\u{ff0d}1", "\u{ff20}x", "-1"] {
        let run = run_with(&["--format=csv", "-"], &machine(name));
        let row = run.stdout.lines().nth(1).unwrap_or_default().to_owned();
        assert!(row.trim_start_matches('"').starts_with('\''), "{name:?}: {row}");
    }
}

#[test]
fn summaries_of_parts_add_up_to_the_summary_of_the_whole() {
    let whole = fleet(&["--format=summary"]);
    assert_eq!(whole.status, 1);
    let of = |name: &str| run(&["--format=summary", &machine(name)]).stdout;
    let parts: String = MACHINES.iter().map(|name| of(name)).collect();
    let merged = run_with(&["merge", "--format=summary", "-"], &parts);
    assert_eq!((merged.status, &merged.stdout), (1, &whole.stdout), "{}", merged.stderr);
    let text = run_with(&["merge", "-"], &parts);
    assert_eq!(text.stdout, fleet(&["--summary=only"]).stdout);
    assert_eq!(whole.document()["summary"]["not_ready"], 3);
    let ready = run_with(&["merge", "-"], &of("contoso-pc1"));
    assert_eq!(ready.status, 0, "{}", ready.stdout);
}

#[test]
fn what_is_no_summary_is_left_out_and_said() {
    let good = run(&["--format=summary", &machine("contoso-pc1")]).stdout;
    let escape = r#"{"schema":1,"summary":{"ready":1,"not_ready":0,"unjudged":0,"at_risk":0,"outcomes":{"\u001b[2J":1},"reasons":{},"risks":{}}}"#;
    for bad in ["{}", r#"{"schema":1,"machine":"PC1"}"#, escape, &escape.replace("schema\":1", "schema\":2"), "[1"] {
        let run = run_with(&["merge", "-"], &format!("{good}{bad}\n"));
        assert_eq!(run.status, 2, "{bad}");
        assert!(run.stderr.starts_with("error: -: line 2: "), "{}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
        assert!(run.stdout.contains("       1  machines are ready"), "{}", run.stdout);
    }
    assert_eq!(run(&["merge", "testdata"]).status, 2);
    assert_eq!(run(&["merge", "Cargo.toml"]).status, 2);
}

#[test]
fn windows_users_get_help_and_no_path() {
    for option in ["/?", "/help", "/Help", "/H"] {
        let run = run(&[option]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{option}");
        assert!(run.stdout.contains("Usage:"), "{}", run.stdout);
    }
    let unknown = run(&["/Foo", &machine("contoso-pc1")]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("`/Foo` is not an option; a path is written `./Foo`"), "{}", unknown.stderr);
    let equal = machine("two-equal-candidates");
    assert_eq!(run(&[&equal, "/SelectFirstCert:1"]).status, 0);
    assert_eq!(run(&[&equal, "/SelectFirstCert", "/SelectFirstCert:0"]).status, 1);
}
