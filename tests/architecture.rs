//! The rooms of the crate depend on each other one way, and nothing of a dependency shows in the public API.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// From the bottom up: a room may use those before it. `choices` are the plain enums of `settings`.
const ROOMS: [&str; 22] = [
    "oid",
    "shown",
    "time",
    "rules",
    "choices",
    "attribute",
    "asn1",
    "name",
    "machine",
    "text",
    "crypto",
    "certificate",
    "store",
    "chain",
    "revocation",
    "settings",
    "select",
    "spec",
    "report",
    "import",
    "site",
    "server",
];

/// Rooms outside the line: the adapter on top of everything.
const ON_TOP: [&str; 1] = ["rustls"];

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The library's files with their text, comments and unit tests left out.
pub fn library() -> Vec<(String, String)> {
    let src = root().join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    found.sort();
    let names = found.iter().map(|path| path.strip_prefix(&src).expect("below src").to_string_lossy().into_owned());
    names
        .zip(&found)
        .filter(|(name, _)| !name.starts_with("cli") && !name.contains("tests") && name != "main.rs")
        .map(|(name, path)| {
            let text = std::fs::read_to_string(path).expect("a source file");
            let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
            (name, code.join("\n"))
        })
        .collect()
}

/// The paths behind each `crate::`, braces spread out: `crate::{a::B, c}` gives `a::B` and `c`.
fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let mut stack = vec![String::new()];
        let mut word = String::new();
        for c in rest.chars() {
            match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | ':' | '*' => word.push(c),
                '{' => stack.push(std::mem::take(&mut word)),
                ',' | '}' => {
                    if !word.is_empty() {
                        paths.push(stack.concat() + &std::mem::take(&mut word));
                    }
                    if c == '}' {
                        stack.pop();
                    }
                }
                _ if stack.len() == 1 => break,
                _ => {}
            }
            if stack.len() == 1 && matches!(c, ',' | '}') {
                break;
            }
        }
        if stack.len() == 1 && !word.is_empty() {
            paths.push(word);
        }
    }
    paths
}

/// Which room each name of `lib.rs` comes from.
fn re_exports() -> BTreeMap<String, String> {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("lib.rs");
    crate_paths(&lib)
        .into_iter()
        .filter_map(|path| {
            let (room, name) = path.split_once("::")?;
            Some((name.rsplit("::").next()?.to_owned(), room.to_owned()))
        })
        .collect()
}

/// The plain enums among the names of `settings`.
fn choices() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("src/settings/choices.rs")).expect("choices.rs");
    let names = text.lines().filter_map(|line| line.trim().split_once(" \"")).map(|(name, _)| name.to_owned());
    names.chain(["ChoiceError".to_owned()]).collect()
}

#[test]
fn rooms_depend_on_each_other_one_way() {
    let (exports, choices) = (re_exports(), choices());
    let rank = |room: &str| ROOMS.iter().position(|known| *known == room);
    let (mut wrong, mut edges) = (Vec::new(), 0);
    for (file, code) in library() {
        let room = match file.as_str() {
            "settings/choice.rs" | "settings/choices.rs" => "choices",
            name => name.split(['/', '.']).next().unwrap_or_default(),
        };
        if room == "lib" || ON_TOP.contains(&room) {
            continue;
        }
        let own = rank(room).unwrap_or_else(|| panic!("{file}: the room `{room}` has no place in the line"));
        for path in crate_paths(&code) {
            let first = path.split("::").next().unwrap_or_default();
            let name = path.split("::").nth(1).unwrap_or_default();
            let mut target = exports.get(first).map_or(first, String::as_str);
            if target == "settings" && (choices.contains(name) || choices.contains(first) || name == "choice") {
                target = "choices";
            }
            match rank(target) {
                Some(other) if other > own => {
                    wrong.push(format!("{file}: `{room}` uses `{target}` above it (crate::{path})"))
                }
                Some(_) => edges += 1,
                None => wrong.push(format!("{file}: nothing in the line is called `{target}` (crate::{path})")),
            }
        }
    }
    assert!(edges > 200, "only {edges} uses were read: the reader is broken");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_paths_reads_nested_braces() {
    let code = "use crate::{a::{B, C}, d, E}; fn f() -> crate::g::H { crate::i() }";
    assert_eq!(crate_paths(code), ["a::B", "a::C", "d", "E", "g::H", "i"]);
}

/// Only `time` and `rustls_pki_types` show in the public API, rustls and serde behind their features.
#[test]
fn no_type_of_a_dependency_is_public() {
    const PRIVATE: [&str; 19] = [
        "der",
        "der07",
        "cms",
        "const_oid",
        "spki",
        "rsa",
        "p256",
        "p384",
        "p521",
        "ed25519_dalek",
        "sha1",
        "sha2",
        "sha1_10",
        "sha2_10",
        "x509_cert",
        "memchr",
        "base64ct",
        "pem_rfc7468",
        "aws_lc_rs",
    ];
    let mut shown = Vec::new();
    for (file, code) in library() {
        let mut names: BTreeSet<String> = PRIVATE.iter().map(|name| format!("{name}::")).collect();
        for line in code.lines().filter(|line| line.trim_start().starts_with("use ")) {
            let path = line.trim_start().trim_start_matches("use ").trim_start_matches("::");
            if PRIVATE.contains(&path.split("::").next().unwrap_or_default()) {
                let words = path.split(|c: char| !c.is_alphanumeric() && c != '_').skip(1);
                names.extend(words.filter(|word| word.starts_with(char::is_uppercase)).map(str::to_owned));
            }
        }
        let public =
            code.lines().map(str::trim_start).filter(|line| line.starts_with("pub ") && !line.starts_with("pub const"));
        for line in public {
            let signature = line.split('{').next().unwrap_or_default();
            let words: BTreeSet<&str> =
                signature.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').collect();
            for name in &names {
                let seen =
                    words.iter().any(|word| *word == name || (name.ends_with("::") && word.starts_with(name.as_str())));
                if seen {
                    shown.push(format!("{file}: {}", line.trim_end()));
                }
            }
        }
    }
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn public_types_are_send_and_sync() {
    fn both<T: Send + Sync + 'static>() {}
    both::<ccmcertsel::Certificate>();
    both::<ccmcertsel::Stores>();
    both::<ccmcertsel::StoresBuilder>();
    both::<ccmcertsel::Machine>();
    both::<ccmcertsel::Settings>();
    both::<ccmcertsel::Selector>();
    both::<ccmcertsel::Selection>();
    both::<ccmcertsel::Verdict>();
    both::<ccmcertsel::Finding>();
    both::<ccmcertsel::Rejection>();
    both::<ccmcertsel::Outcome>();
    both::<ccmcertsel::Criteria>();
    both::<ccmcertsel::IssuersList>();
    both::<ccmcertsel::Properties>();
    both::<ccmcertsel::ParseError>();
    both::<ccmcertsel::Crl>();
    both::<ccmcertsel::Crls>();
    both::<ccmcertsel::VerificationCache>();
    both::<ccmcertsel::Algorithms>();
    both::<ccmcertsel::chain::Chains>();
    both::<ccmcertsel::chain::ChainFailure>();
    both::<ccmcertsel::RevocationFailure>();
}

/// The fast subset is written down twice, for cargo and for cargo-mutants; a test that is renamed would come back in.
#[test]
fn the_fast_subset_leaves_out_the_same_tests_everywhere() {
    let skipped = |file: &str| -> Vec<String> {
        let text = std::fs::read_to_string(root().join(file)).expect("a file");
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("\"--skip\", \""));
        lines.map(|rest| rest.trim_end_matches([',', '"']).to_owned()).collect()
    };
    let skipped_by_cargo = skipped(".cargo/config.toml");
    assert_eq!(skipped_by_cargo, skipped(".cargo/mutants.toml"));
    assert!(!skipped_by_cargo.is_empty());
    for test in skipped_by_cargo {
        let (module, name) = test.rsplit_once("::").expect("a module and a test");
        let file = root().join("tests").join(module.replace("::", "/")).with_extension("rs");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(text.contains(&format!("fn {name}()")), "{test} is not in {}", file.display());
    }
}

/// A reader holds the whole selection in one file, with lines as rustfmt breaks them.
#[test]
fn the_specification_is_one_file_of_at_most_600_lines() {
    let text = std::fs::read_to_string(root().join("src/spec.rs")).expect("spec.rs");
    let lines = text.lines().count();
    assert!(lines <= 600, "src/spec.rs has {lines} lines");
    let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    assert!(longest <= 120, "src/spec.rs has a line of {longest} characters");
    assert!(!root().join("src/spec").exists(), "src/spec.rs is not one file");
    for hidden in ["macro_rules!", "rustfmt::skip", "include!"] {
        assert!(!text.contains(hidden), "src/spec.rs hides code with `{hidden}`");
    }
}

/// Rules that the code does not follow yet: a rule leaves the list with the change that follows it.
const NOT_FOLLOWED: [&str; 9] = ["R-5", "Q-4", "Q-5", "M-4", "M-5", "E-1", "E-2", "E-3", "E-4"];

/// Every rule of the specification is named in the code, and by a test or a corpus (one home per rule).
#[test]
fn every_rule_is_named_in_code_and_in_tests() {
    let mut texts = BTreeMap::from([("src", String::new()), ("tests", String::new())]);
    // The specification itself names every rule.
    let own = [root().join("src/rules.rs"), root().join("src/rules.md")];
    for (folder, place) in [("src", "src"), ("tests", "tests"), ("testdata", "tests")] {
        let mut found = Vec::new();
        all_files(&root().join(folder), &mut found);
        for path in found.iter().filter(|path| !own.contains(path)) {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            texts.entry(place).or_default().push_str(&text);
        }
    }
    let named = |text: &str, id: &str| {
        text.match_indices(id).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + id.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(|c| c.is_ascii_digit())
        })
    };
    let missing: Vec<String> = ccmcertsel::Rule::ALL
        .iter()
        .filter(|rule| !NOT_FOLLOWED.contains(&rule.id()))
        .flat_map(|rule| ["src", "tests"].map(|place| (rule.id(), place)))
        .filter(|(id, place)| !named(&texts[place], id) && !named(&texts[place], &id.replace('-', "")))
        .map(|(id, place)| format!("{id} is not named in {place}"))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

pub fn all_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let text = ["rs", "toml", "md", "sh"];
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all_files(&path, found);
        } else if path.extension().is_some_and(|extension| text.iter().any(|known| extension == *known)) {
            found.push(path);
        }
    }
}
