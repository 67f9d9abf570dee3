//! The scenario corpus, `testdata/selection/*.toml`: each case through the engine, the executable specification and the
//! command line.

pub mod build;
pub mod format;
pub mod scenario;

use self::build::{Built, build};
use self::format::{Case, File};
use self::scenario::{machine, now, settings, stores};
use crate::support::annex::ANNEX_A;
use ccmcertsel::{Algorithms, CertId, Coded, Crl, Crls, Outcome, Selection, Selector, Settings, Stores, spec};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

const RULESETS: [&str; 3] = ["cb1706", "cb1710", "cb2107"];
/// Fewer cases than this means that a file went missing.
const AT_LEAST: usize = 250;

/// The files of a corpus, in the order of their names.
pub fn read_corpus<F: DeserializeOwned>(folder: &str) -> Vec<F> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
    let files = std::fs::read_dir(folder).expect("the corpus").map(|file| file.expect("a file").path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a file");
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    files.iter().map(read).collect()
}

/// Every case, once for each ruleset that it is about.
pub fn cases() -> &'static [(Case, Built)] {
    static CASES: OnceLock<Vec<(Case, Built)>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut cases = Vec::new();
        for case in read_corpus::<File>("selection").into_iter().flat_map(|file| file.case) {
            let rulesets: Vec<&str> = match case.ruleset.as_str() {
                "all" => RULESETS.to_vec(),
                "" => vec![""],
                one => vec![RULESETS.into_iter().find(|known| *known == one).unwrap_or_else(|| panic!("{one}"))],
            };
            for ruleset in rulesets {
                let case = Case { ruleset: ruleset.into(), ..case.clone() };
                let built = build(&case);
                cases.push((case, built));
            }
        }
        cases
    })
}

fn crls(built: &Built) -> Vec<Crl> {
    built.crls.iter().map(|der| Crl::from_der(der).expect("a CRL")).collect()
}

/// The name and the store of each entry.
type Names = BTreeMap<CertId, (String, String)>;

fn selector(case: &Case, built: &Built) -> (Selector, Names) {
    let (stores, names) = stores(case, built);
    (Selector::new(stores, machine(case), settings(case, built)).with_crls(Crls::new(crls(built))), names)
}

/// The answer of the executable specification to a case under these settings.
fn specified(case: &Case, built: &Built, stores: &Stores, settings: &Settings) -> spec::Answer {
    let (crls, machine, algorithms) = (crls(built), machine(case), Algorithms::rust_crypto());
    let (crls, machine, algorithms) = (&crls, &machine, &algorithms);
    spec::select(&spec::World { stores, crls, machine, settings, algorithms, now: now(case) })
}

fn outcome_text(outcome: &Outcome, name: impl Fn(CertId) -> String) -> String {
    match outcome {
        Outcome::Selected(id) => format!("selected {}", name(*id)),
        Outcome::Ambiguous(_) => "ambiguous".into(),
        Outcome::Nothing { emptied_at, .. } => {
            format!("nothing {} {}", emptied_at.map_or("-".to_owned(), |step| step.to_string()), outcome.hresult())
        }
    }
}

/// What a case expects of a certificate: its code, or `selected`.
fn expected(case: &Case, name: &str) -> Option<String> {
    case.cert.iter().find(|cert| cert.name == name)?.verdict.clone()
}

/// Differences of an answer from what the case expects.
fn compare(case: &Case, who: &str, outcome: &str, codes: &[(String, Option<String>)], problems: &mut Vec<String>) {
    let place = format!("{} ({}), {who}", case.id, case.ruleset);
    if outcome != case.outcome {
        problems.push(format!("{place}: outcome `{outcome}`, expected `{}`", case.outcome));
    }
    for (name, code) in codes {
        let found = code.as_deref().unwrap_or("selected");
        match expected(case, name) {
            None => problems.push(format!("{place}: `{name}` is shown and has no verdict; it got `{found}`")),
            Some(wanted) if wanted != found => {
                problems.push(format!("{place}: `{name}` `{found}`, expected `{wanted}`"))
            }
            Some(_) => {}
        }
    }
    for cert in &case.cert {
        if cert.verdict.is_some() && !codes.iter().any(|(name, _)| *name == cert.name) {
            problems.push(format!("{place}: `{}` has a verdict and is not shown", cert.name));
        }
    }
}

/// Differences of the warnings about a certificate from those that the case expects.
fn compare_warnings(case: &Case, who: &str, name: &str, mut codes: Vec<String>, problems: &mut Vec<String>) {
    let wanted = case.cert.iter().find(|cert| cert.name == name).and_then(|cert| cert.warnings.clone());
    let Some(mut wanted) = wanted else { return };
    codes.sort_unstable();
    wanted.sort_unstable();
    if codes != wanted {
        let place = format!("{} ({}), {who}", case.id, case.ruleset);
        problems.push(format!("{place}: `{name}` warns of {codes:?}, expected {wanted:?}"));
    }
}

/// Whether a certificate is called as the case says.
fn compare_issued_to(case: &Case, who: &str, name: &str, found: &str, problems: &mut Vec<String>) {
    let wanted = case.cert.iter().find(|cert| cert.name == name).and_then(|cert| cert.issued_to.as_deref());
    if let Some(wanted) = wanted.filter(|wanted| *wanted != found) {
        problems.push(format!(
            "{} ({}), {who}: `{name}` is issued to `{found}`, expected `{wanted}`",
            case.id, case.ruleset
        ));
    }
}

/// Fails with everything that differs.
pub fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn ids_are_unique_and_cases_are_many() {
    let mut seen = BTreeSet::new();
    for (case, _) in cases() {
        assert!(seen.insert((&case.id, &case.ruleset)), "`{}` is there twice", case.id);
    }
    for (case, _) in cases() {
        assert!(!case.source.trim().is_empty(), "{}: no rule or practice is named", case.id);
    }
    let ids: BTreeSet<&String> = cases().iter().map(|(case, _)| &case.id).collect();
    assert!(ids.len() >= AT_LEAST, "{} cases", ids.len());
    println!("{} cases, {} with each ruleset that they are about", ids.len(), cases().len());
}

#[test]
fn every_code_of_annex_a_has_a_case_with_its_message() {
    let with_message = |code: &str| {
        let mut certs = cases().iter().flat_map(|(case, _)| &case.cert);
        certs.any(|cert| cert.verdict.as_deref() == Some(code) && cert.message.is_some())
    };
    for code in ANNEX_A.iter() {
        assert!(with_message(code), "no case says what `{code}` reads like");
    }
    for cert in cases().iter().flat_map(|(case, _)| &case.cert) {
        let code = cert.verdict.as_deref().filter(|verdict| *verdict != "selected");
        assert!(code.is_none_or(|code| ANNEX_A.contains(&code)), "{code:?} is no code of annex A");
    }
}

#[test]
fn the_specification_agrees() {
    let mut problems = Vec::new();
    for (case, built) in cases().iter().filter(|(case, _)| case.outside_specification.is_none()) {
        let (stores, names) = stores(case, built);
        let answer = specified(case, built, &stores, &settings(case, built));
        let codes: Vec<(String, Option<String>)> =
            answer.rejections.iter().map(|(id, code)| (names[id].0.clone(), code.map(str::to_owned))).collect();
        compare(
            case,
            "specification",
            &outcome_text(&answer.outcome, |id| names[&id].0.clone()),
            &codes,
            &mut problems,
        );
    }
    report(problems);
}

#[test]
fn the_engine_agrees() {
    let mut problems = Vec::new();
    for (case, built) in cases() {
        let (selector, names) = selector(case, built);
        let selection = selector.select(now(case));
        let codes: Vec<(String, Option<String>)> = selection
            .verdicts()
            .iter()
            .map(|verdict| (names[&verdict.id()].0.clone(), verdict.rejection().map(|one| one.code().to_owned())))
            .collect();
        compare(case, "engine", &outcome_text(selection.outcome(), |id| names[&id].0.clone()), &codes, &mut problems);
        for verdict in selection.verdicts() {
            let codes = verdict.warnings().iter().map(|warning| warning.code().to_owned()).collect();
            compare_warnings(case, "engine", &names[&verdict.id()].0, codes, &mut problems);
            let stored = selector.stores().get(verdict.id());
            let issued_to = stored.map_or_else(String::new, |stored| stored.certificate().issued_to());
            compare_issued_to(case, "engine", &names[&verdict.id()].0, &issued_to, &mut problems);
        }
    }
    report(problems);
}

/// Differences of the readings under which the answer is another from those that the case expects.
fn compare_readings(case: &Case, who: &str, found: &[String], problems: &mut Vec<String>) {
    if let Some(wanted) = case.depends_on.as_ref().filter(|wanted| *wanted != found) {
        let place = format!("{} ({}), {who}", case.id, case.ruleset);
        problems.push(format!("{place}: depends on {found:?}, expected {wanted:?}"));
    }
}

/// under which other readings the answer is another, by the engine and by the specification under each of them.
#[test]
fn r5_what_an_answer_depends_on_is_what_the_case_says() {
    let mut problems = Vec::new();
    let (mut asked, mut differing) = (0, 0);
    for (case, built) in cases().iter().filter(|(case, _)| case.depends_on.is_some()) {
        asked += 1;
        differing += usize::from(case.depends_on.as_ref().is_some_and(|readings| !readings.is_empty()));
        let (selector, names) = selector(case, built);
        let selection: Selection = selector.with_readings().select(now(case));
        let depends_on = selection.depends_on().expect("asked for");
        let told = |setting: &str, value: &str, outcome: &Outcome| {
            format!("{setting}={value} {}", outcome_text(outcome, |id| names[&id].0.clone()))
        };
        let found: Vec<String> =
            depends_on.readings.iter().map(|one| told(one.choice.setting, one.choice.value, &one.outcome)).collect();
        compare_readings(case, "engine", &found, &mut problems);
        let (stores, _) = stores(case, built);
        let mut expected = Vec::new();
        for choice in &depends_on.tried {
            let mut settings = settings(case, built);
            settings.set(choice.setting, choice.value).expect("a value of it");
            let outcome = specified(case, built, &stores, &settings).outcome;
            if outcome.selected() != selection.selected() {
                expected.push(told(choice.setting, choice.value, &outcome));
            }
        }
        compare_readings(case, "specification", &expected, &mut problems);
    }
    assert!(asked > 10 && differing > 5, "{asked} cases, {differing} of them depend on something");
    report(problems);
}

/// E-1, E-2: what is said to help, and what was nearly right.
#[test]
fn e1_what_helps_is_what_the_case_says() {
    let mut problems = Vec::new();
    let mut seen = 0;
    for (case, built) in cases() {
        let (selector, names) = selector(case, built);
        for cert in case.cert.iter().filter(|cert| cert.plan.is_some() || cert.near_miss.is_some()) {
            let id =
                names.iter().find(|(_, (name, _))| *name == cert.name).map(|(id, _)| *id).expect("the certificate");
            let place = format!("{} ({}): `{}`", case.id, case.ruleset, cert.name);
            if let Some(wanted) = &cert.plan {
                seen += 1;
                let found: Vec<&str> = match selector.plan(id, now(case)) {
                    Ok(plan) => {
                        let changes = plan.steps.iter().map(|step| step.change.code());
                        changes.chain([plan.end.code()]).collect()
                    }
                    Err(why) => vec!["none", why.code()],
                };
                if found != *wanted {
                    problems.push(format!("{place} is planned {found:?}, expected {wanted:?}"));
                }
            }
            if let Some(wanted) = &cert.near_miss {
                let selection = selector.select(now(case));
                let near = selection.verdict(id).and_then(|verdict| verdict.near_miss()).map_or("", |near| near.code());
                if near != wanted {
                    problems.push(format!("{place} has the near miss `{near}`, expected `{wanted}`"));
                }
            }
        }
    }
    assert!(seen > 20, "{seen} plans");
    report(problems);
}

#[cfg(feature = "cli")]
fn command_line() -> Vec<serde_json::Value> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_cmhttpsreadiness"))
        .args(["--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("its input");
    let writer = std::thread::spawn(move || {
        for (case, built) in cases() {
            writeln!(stdin, "{}", scenario::inventory(case, built)).expect("the binary reads");
        }
    });
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the writer ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "some machine is not ready, none is bad input: {errors}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), cases().len(), "one line a machine: {errors}");
    lines
}

#[cfg(feature = "cli")]
#[test]
fn the_command_line_agrees() {
    let mut problems = Vec::new();
    for ((case, built), document) in cases().iter().zip(command_line()) {
        if let Some(error) = document.get("error") {
            problems.push(format!("{}: {error}", case.id));
            continue;
        }
        let thumbprints: BTreeMap<(String, &str), &str> = built
            .entries
            .iter()
            .map(|entry| {
                let thumbprint = ccmcertsel::Thumbprint::of(&entry.der).to_string();
                ((thumbprint, entry.store.as_str()), entry.name.as_str())
            })
            .collect();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let mut codes = Vec::new();
        let mut selected = String::new();
        for certificate in document["certificates"].as_array().expect("a list") {
            let thumbprint = text(&certificate["thumbprint"]);
            let store = text(&certificate["store"]);
            let name = thumbprints
                .iter()
                .find(|((known, place), _)| *known == thumbprint && place.eq_ignore_ascii_case(&store))
                .map_or_else(|| format!("?{thumbprint} in {store}"), |(_, name)| (*name).to_owned());
            let findings = certificate["findings"].as_array().expect("a list");
            let rejected = findings.iter().find(|finding| finding["result"] == "rejected");
            if document["selected"] == certificate["thumbprint"] && certificate["verdict"] == "selected" {
                selected = name.clone();
            }
            let wanted = case.cert.iter().find(|cert| cert.name == name).and_then(|cert| cert.message.clone());
            let message = rejected.map(|finding| text(&finding["message"])).unwrap_or_default();
            // Where an entry that does not decode stands is known to the command line alone.
            if let Some(wanted) = wanted.filter(|wanted| !message.ends_with(wanted.as_str())) {
                problems
                    .push(format!("{} ({}): `{name}` says `{message}`, expected `{wanted}`", case.id, case.ruleset));
            }
            let warnings = certificate["warnings"].as_array().into_iter().flatten();
            let warnings = warnings.map(|warning| text(&warning["code"])).collect();
            compare_warnings(case, "command line", &name, warnings, &mut problems);
            compare_issued_to(case, "command line", &name, &text(&certificate["issued_to"]), &mut problems);
            codes.push((name, rejected.map(|finding| text(&finding["code"]))));
        }
        let outcome = |outcome: &serde_json::Value, selected: &str| match text(&outcome["kind"]).as_str() {
            "selected" => format!("selected {selected}"),
            "nothing" => {
                let step = outcome["emptied_at"].as_str().unwrap_or("-");
                format!("nothing {step} {}", text(&outcome["hresult"]))
            }
            kind => kind.to_owned(),
        };
        let readings = document["depends_on"].as_array().expect("a list").iter().map(|reading| {
            let selected = text(&reading["selected"]);
            let name = thumbprints.iter().find(|((known, _), _)| *known == selected).map_or("", |(_, name)| *name);
            let outcome = outcome(&reading["outcome"], name);
            format!("{}={} {outcome}", text(&reading["setting"]), text(&reading["value"]))
        });
        compare_readings(case, "command line", &readings.collect::<Vec<_>>(), &mut problems);
        let outcome = outcome(&document["outcome"], &selected);
        compare(case, "command line", &outcome, &codes, &mut problems);
    }
    report(problems);
}
