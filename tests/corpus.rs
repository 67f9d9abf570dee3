//! The scenario corpus, `testdata/selection/*.toml`: each case through the engine, the executable specification and the
//! command line.

mod build;
mod format;

use self::build::{Built, build, purposes};
use self::format::{Case, File};
use crate::support::annex::ANNEX_A;
use ccmcertsel::settings::{IssuerSyntax, Settings};
use ccmcertsel::{
    Algorithms, CertId, Certificate, Criteria, Crl, Crls, DeviceKind, Enumeration, IssuersList, KeyProvider, Machine,
    Outcome, PrivateKey, Selector, StoredCertificate, Stores, Timestamp, spec,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

const RULESETS: [&str; 3] = ["cb1706", "cb1710", "cb2107"];
/// Fewer cases than this means that a file went missing.
const AT_LEAST: usize = 250;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/selection")
}

/// Every case, once for each ruleset that it is about.
fn cases() -> &'static [(Case, Built)] {
    static CASES: OnceLock<Vec<(Case, Built)>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder()).expect("the corpus").map(|file| file.unwrap().path()).collect();
        files.sort();
        let mut cases = Vec::new();
        for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
            let text = std::fs::read_to_string(path).expect("a file");
            let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            for case in file.case {
                let rulesets: Vec<&str> = match case.ruleset.as_str() {
                    "all" => RULESETS.to_vec(),
                    one => vec![RULESETS.into_iter().find(|known| *known == one).unwrap_or_else(|| panic!("{one}"))],
                };
                for ruleset in rulesets {
                    let case = Case { ruleset: ruleset.into(), ..case.clone() };
                    let built = build(&case);
                    cases.push((case, built));
                }
            }
        }
        cases
    })
}

fn private_key(text: Option<&str>) -> PrivateKey {
    match text {
        None | Some("csp") => PrivateKey::Accessible(KeyProvider::Csp),
        Some("ksp") => PrivateKey::Accessible(KeyProvider::Ksp),
        Some("accessible") => PrivateKey::Accessible(KeyProvider::Unknown),
        Some("absent") => PrivateKey::Absent,
        Some("inaccessible") => PrivateKey::Inaccessible,
        Some("unknown") => PrivateKey::Unknown,
        Some(other) => panic!("private key `{other}`"),
    }
}

fn now(case: &Case) -> Timestamp {
    case.now.as_deref().unwrap_or("2026-01-15T09:00:00Z").parse().expect("an instant")
}

fn machine(case: &Case) -> Machine {
    let machine = Machine::new(case.machine.as_deref().unwrap_or("PC1"));
    let device: DeviceKind = case.device.as_deref().unwrap_or("windows").parse().expect("a device");
    match case.fqdn.as_deref().unwrap_or("pc1.contoso.com") {
        "" => machine.with_device(device),
        fqdn => machine.with_fqdn(fqdn).with_device(device),
    }
}

fn settings(case: &Case, built: &Built) -> Settings {
    let mut settings = Settings::ccm_setup();
    settings.set("ruleset", &case.ruleset).expect("a ruleset");
    for (name, value) in &case.settings {
        settings.set(name, value).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    }
    for (template, version) in &case.templates {
        settings = settings.with_template(template.parse().expect("an identifier"), *version);
    }
    if let Some(store) = &case.store {
        settings = settings.with_store(store.as_str());
    }
    if let Some(criteria) = &case.criteria {
        settings = settings.with_criteria(criteria.parse::<Criteria>().expect("criteria"));
    }
    if let Some(issuers) = &case.issuers {
        let syntax: IssuerSyntax = settings.issuer_syntax();
        settings = settings.with_issuers(IssuersList::parse(issuers, syntax).expect("a list"));
    }
    if !case.issuers_certificates.is_empty() {
        let roots: Vec<Certificate> = case
            .issuers_certificates
            .iter()
            .map(|name| Certificate::from_der(&built.by_name[name]).expect("a root"))
            .collect();
        settings = settings.with_issuers(IssuersList::from_certificates(&roots).expect("a list"));
    }
    settings
}

/// The stores, and the name of each entry.
fn stores(case: &Case, built: &Built) -> (Stores, BTreeMap<CertId, (String, String)>) {
    let mut builder = Stores::builder();
    let mut names = Vec::new();
    for store in &case.empty_stores {
        builder.add_store(store.as_str());
    }
    for entry in &built.entries {
        names.push((entry.name.clone(), entry.store.clone()));
        let Ok(certificate) = Certificate::from_der(&entry.der) else {
            builder.add_der(entry.store.as_str(), &entry.der);
            continue;
        };
        let mut stored = StoredCertificate::new(certificate);
        if let Some(case) = case.cert.iter().find(|cert| cert.name == entry.name) {
            stored = stored.with_private_key(private_key(case.private_key.as_deref()));
            if let Some(schema) = case.template_schema {
                stored = stored.with_template_schema(schema);
            }
            if let Some(list) = &case.eku_property {
                let list = purposes(list).into_iter().map(|one| one.parse().expect("an identifier"));
                stored = stored.with_eku_property(list.collect());
            }
            if case.archived {
                stored = stored.with_enumeration(Enumeration::Archived);
            }
        }
        builder.add(entry.store.as_str(), stored);
    }
    let stores = builder.build();
    assert_eq!(stores.entries().len(), names.len(), "{}: a store holds a certificate twice", case.id);
    let ids: Vec<CertId> = stores.entries().map(|(id, _)| id).collect();
    (stores, ids.into_iter().zip(names).collect())
}

fn outcome_text(outcome: &Outcome, name: impl Fn(CertId) -> String) -> String {
    match outcome {
        Outcome::Selected(id) => format!("selected {}", name(*id)),
        Outcome::Ambiguous(_) => "ambiguous".into(),
        Outcome::Nothing { emptied_at, .. } => {
            format!("nothing {} {}", emptied_at.map_or("-", |step| step.name()), outcome.hresult())
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

fn report(problems: Vec<String>) {
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
    let algorithms = Algorithms::rust_crypto();
    let mut problems = Vec::new();
    for (case, built) in cases().iter().filter(|(case, _)| case.outside_specification.is_none()) {
        let (stores, names) = stores(case, built);
        let crls: Vec<Crl> = built.crls.iter().map(|der| Crl::from_der(der).expect("a CRL")).collect();
        let (machine, settings) = (machine(case), settings(case, built));
        let world = spec::World {
            stores: &stores,
            crls: &crls,
            machine: &machine,
            settings: &settings,
            algorithms: &algorithms,
            now: now(case),
        };
        let answer = spec::select(&world);
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
        let (stores, names) = stores(case, built);
        let crls: Vec<Crl> = built.crls.iter().map(|der| Crl::from_der(der).expect("a CRL")).collect();
        let selector = Selector::new(stores, machine(case), settings(case, built)).with_crls(Crls::new(crls));
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
        }
    }
    report(problems);
}

/// E-1, E-2: what is said to help, and what was nearly right.
#[test]
fn e1_what_helps_is_what_the_case_says() {
    let mut problems = Vec::new();
    let mut seen = 0;
    for (case, built) in cases() {
        let (stores, names) = stores(case, built);
        let crls: Vec<Crl> = built.crls.iter().map(|der| Crl::from_der(der).expect("a CRL")).collect();
        let selector = Selector::new(stores, machine(case), settings(case, built)).with_crls(Crls::new(crls));
        for cert in case.cert.iter().filter(|cert| cert.plan.is_some() || cert.near_miss.is_some()) {
            let id =
                names.iter().find(|(_, (name, _))| *name == cert.name).map(|(id, _)| *id).expect("the certificate");
            let place = format!("{} ({}): `{}`", case.id, case.ruleset, cert.name);
            if let Some(wanted) = &cert.plan {
                seen += 1;
                let found: Vec<&str> = match selector.plan(id, now(case)) {
                    Ok(plan) => {
                        let changes = plan.steps().iter().map(|step| step.change().code());
                        changes.chain([plan.end().name()]).collect()
                    }
                    Err(why) => vec!["none", why.code()],
                };
                if found != *wanted {
                    problems.push(format!("{place} is planned {found:?}, expected {wanted:?}"));
                }
            }
            if let Some(wanted) = &cert.near_miss {
                let selection = selector.select(now(case));
                let findings = selection.verdict(id).map(|verdict| verdict.findings()).unwrap_or_default();
                let near = findings.iter().find_map(|finding| finding.near_miss()).map_or("", |near| near.code());
                if near != wanted {
                    problems.push(format!("{place} has the near miss `{near}`, expected `{wanted}`"));
                }
            }
        }
    }
    assert!(seen > 20, "{seen} plans");
    report(problems);
}

/// The inventory that says the same as the case.
#[cfg(feature = "cli")]
fn inventory(case: &Case, built: &Built) -> serde_json::Value {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use serde_json::{Map, Value, json};
    let base64 = |der: &[u8]| BASE64_STANDARD.encode(der);
    let mut stores = Map::new();
    for store in &case.empty_stores {
        stores.insert(store.clone(), json!([]));
    }
    for entry in &built.entries {
        let mut item = json!({ "der": base64(&entry.der) });
        if let Some(cert) = case.cert.iter().find(|cert| cert.name == entry.name && cert.bytes.is_none()) {
            item["private_key"] = json!(cert.private_key.as_deref().unwrap_or("csp"));
            if let Some(schema) = cert.template_schema {
                item["template_schema"] = json!(schema);
            }
            if let Some(list) = &cert.eku_property {
                item["eku"] = json!(purposes(list));
            }
            if cert.archived {
                item["archived"] = json!(true);
            }
        }
        let list = stores.entry(entry.store.clone()).or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(item);
    }
    let mut settings: Map<String, Value> =
        case.settings.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    settings.insert("ruleset".into(), json!(case.ruleset));
    let quoted = |text: &str| text.replace('"', "\"\"");
    let mut properties = String::new();
    for (name, value) in
        [("CCMCERTSEL", &case.criteria), ("CCMCERTISSUERS", &case.issuers), ("CCMCERTSTORE", &case.store)]
    {
        if let Some(value) = value {
            properties.push_str(&format!("{name}=\"{}\" ", quoted(value)));
        }
    }
    settings.insert("properties".into(), json!(properties.trim()));
    let mut document = json!({
        "schema": 1,
        "name": case.machine.as_deref().unwrap_or("PC1"),
        "now": now(case).to_string(),
        "device": case.device.as_deref().unwrap_or("windows"),
        "stores": stores,
        "crls": built.crls.iter().map(|der| base64(der)).collect::<Vec<_>>(),
        "templates": case.templates,
        "settings": settings,
    });
    match case.fqdn.as_deref().unwrap_or("pc1.contoso.com") {
        "" => {}
        fqdn => document["fqdn"] = json!(fqdn),
    }
    if !case.issuers_certificates.is_empty() {
        let roots: Vec<String> = case.issuers_certificates.iter().map(|name| base64(&built.by_name[name])).collect();
        document["issuers_der"] = json!(roots);
    }
    document
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
            writeln!(stdin, "{}", inventory(case, built)).expect("the binary reads");
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
            codes.push((name, rejected.map(|finding| text(&finding["code"]))));
        }
        let outcome = match text(&document["outcome"]["kind"]).as_str() {
            "selected" => format!("selected {selected}"),
            "nothing" => {
                let step = document["outcome"]["emptied_at"].as_str().unwrap_or("-");
                format!("nothing {step} {}", text(&document["outcome"]["hresult"]))
            }
            kind => kind.to_owned(),
        };
        compare(case, "command line", &outcome, &codes, &mut problems);
    }
    report(problems);
}
