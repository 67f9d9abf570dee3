//! The rooms of the crate depend on each other one way, and nothing of a dependency shows in the public API.

mod paths;

use paths::{Tree, circles, every_file, files_naming, is_below, paths_behind, room_of};
pub use paths::{library, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// From the bottom up: a room may use those before it.
const ROOMS: [&str; 34] = [
    "shown",
    "value_error",
    "oid",
    "time",
    "encoding",
    "rules",
    "hresult",
    "reason",
    "attribute",
    "asn1",
    "name",
    "computer",
    "choices",
    "text",
    "crypto",
    "certificate",
    "store",
    "words",
    "change",
    "proposal",
    "budget",
    "chain",
    "revocation",
    "settings",
    "check",
    "select",
    "spec",
    "plan",
    "report",
    "import",
    "machine",
    "site",
    "server",
    "docs",
];

/// Rooms outside the line: the adapter and the program on top of everything.
const ON_TOP: [&str; 2] = ["rustls", "cli"];

#[test]
fn rooms_depend_on_each_other_one_way() {
    let rank = |room: &str| ROOMS.iter().position(|known| *known == room);
    let tree = Tree::of(every_file());
    let is_outside = |file: &str| matches!(file, "lib.rs" | "main.rs") || ON_TOP.contains(&room_of(file));
    for file in tree.files().filter(|file| !is_outside(file)) {
        assert!(rank(room_of(file)).is_some(), "{file}: its room has no place in the line");
    }
    let (mut wrong, mut read) = (Vec::new(), 0);
    for (file, target, path) in tree.uses() {
        if is_outside(&file) {
            continue;
        }
        read += 1;
        if rank(room_of(&target)) > rank(room_of(&file)) {
            wrong.push(format!("{file} uses {target}, which is above it ({path})"));
        } else if ON_TOP.contains(&room_of(&target)) {
            wrong.push(format!("{file} uses {target}, which is on top of everything ({path})"));
        }
    }
    assert!(read > 1_000, "only {read} uses were read: the reader is broken");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `lib.rs` lists what is public and is on top of every room: inside, a name comes from its home.
#[test]
fn nothing_inside_goes_through_the_list_of_what_is_public() {
    let through: Vec<String> = Tree::of(every_file())
        .uses()
        .into_iter()
        .filter(|(file, _, path)| file != "lib.rs" && path.starts_with(char::is_uppercase))
        .map(|(file, home, path)| format!("{file} takes crate::{path}, whose home is {home}"))
        .collect();
    assert!(through.is_empty(), "{}", through.join("\n"));
}

#[test]
fn files_depend_on_each_other_without_circles() {
    let uses = Tree::of(every_file()).uses();
    let told = circles(&uses).into_iter().map(|circle| {
        let inside = |file: &String, target: &String| circle.contains(file) && circle.contains(target);
        let edges: Vec<String> = uses
            .iter()
            .filter(|(file, target, _)| inside(file, target) && !is_below(file, target))
            .map(|(file, target, path)| format!("{file} uses {target} ({path})"))
            .collect();
        format!("a circle of {} files:\n{}", circle.len(), edges.join("\n"))
    });
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::of(files.iter().map(|(file, code)| ((*file).to_owned(), (*code).to_owned())).collect())
}

fn uses(files: &[(&str, &str)]) -> Vec<String> {
    tree(files).uses().into_iter().map(|(file, target, _)| format!("{file} {target}")).collect()
}

#[test]
fn the_reader_of_paths_reads_nested_braces() {
    let code =
        "use crate::{a::{B, C}, d, E}; fn f() -> crate::g::H { crate::i() } mycrate::x(); use crate::{j as k, l};";
    assert_eq!(paths_behind(code, "crate::"), ["a::B", "a::C", "d", "E", "g::H", "i", "j", "l"]);
}

#[test]
fn the_reader_of_paths_follows_super_and_what_is_passed_on() {
    let files = [
        ("lib.rs", "mod a; mod b; pub use crate::a::Low;"),
        ("a.rs", "mod low; mod high; pub use low::Low; pub use self::high::*; pub struct Own;"),
        ("a/low.rs", "pub struct Low;"),
        ("a/high.rs", "use super::{Low, Own}; pub struct High(super::low::Low);"),
        ("b.rs", "use crate::a::High; fn f(_: crate::Low, _: crate::a::Own) {}"),
    ];
    let uses = uses(&files);
    for expected in ["a/high.rs a/low.rs", "a/high.rs a.rs", "b.rs a/high.rs", "b.rs a/low.rs", "b.rs a.rs"] {
        assert!(uses.iter().any(|found| found == expected), "{expected} is not among {uses:#?}");
    }
    assert!(!uses.iter().any(|found| found.starts_with("a/low.rs")), "{uses:#?}");
}

#[test]
fn a_circle_is_found_through_super_and_a_sub_file_makes_none() {
    let sub_file = [
        ("lib.rs", "mod a;"),
        ("a.rs", "mod b; use self::b::B; pub struct A;"),
        ("a/b.rs", "use super::A; pub struct B;"),
    ];
    assert!(circles(&tree(&sub_file).uses()).is_empty());
    let siblings = [
        ("lib.rs", "mod a;"),
        ("a.rs", "mod b; mod c;"),
        ("a/b.rs", "use super::c::C; pub struct B;"),
        ("a/c.rs", "fn f() { super::b::B }"),
    ];
    let found = circles(&tree(&siblings).uses());
    assert_eq!(found, [BTreeSet::from(["a/b.rs".to_owned(), "a/c.rs".to_owned()])]);
}

/// Who reads a type's name knows which type it is. The specification has names of its own: it is the same once more.
#[test]
fn a_name_is_that_of_one_type() {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, code) in every_file().into_iter().filter(|(file, _)| file != "spec.rs") {
        let words: Vec<&str> = code.split_whitespace().collect();
        for pair in words.windows(2).filter(|pair| matches!(pair[0], "struct" | "enum" | "trait" | "union")) {
            let name: String = pair[1].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            homes.entry(name).or_default().push(file.clone());
        }
    }
    assert!(homes.len() > 500, "only {} types were found", homes.len());
    homes.retain(|name, files| files.len() > 1 && !name.is_empty());
    assert!(homes.is_empty(), "{homes:#?}");
}

/// A reason has one home, so its name is in one file; this is how that is looked for.
#[test]
fn the_finder_of_names_finds_whole_words() {
    let files =
        [("a.rs", "Reason::KeyAbsent => 1"), ("b.rs", "KeyAbsentee, key_absent"), ("c.rs", "use a::{KeyAbsent}")];
    let files = files.map(|(file, code)| (file.to_owned(), code.to_owned())).into();
    assert_eq!(files_naming(&files, "KeyAbsent"), ["a.rs", "c.rs"]);
    assert_eq!(files_naming(&files, "Missing"), [] as [&str; 0]);
}

/// What is known about a reason stands in its check's file alone: a new one is asked for by the compiler, there.
#[test]
fn a_reason_has_one_home() {
    let files = every_file();
    for (reason, home) in [
        ("NotInSubject", "check/name.rs"),
        ("KeyStorageProvider", "check/template.rs"),
        ("TemplateReason", "check/template.rs"),
        ("KeyReason", "check/key.rs"),
        ("KeyAbsent", "check/key.rs"),
        ("KeyInaccessible", "check/key.rs"),
    ] {
        let lists = ["check.rs", "check/finding.rs"]; // the checks, not their reasons
        let mut named = files_naming(&files, reason);
        named.retain(|file| !lists.contains(file));
        assert_eq!(named, [home], "{reason}");
    }
}

/// Engine and specification each have a list of the extensions that are understood (V-5), and it is the same but for what
/// the specification does not evaluate: name constraints and policies.
#[test]
fn engine_and_specification_understand_the_same_extensions() {
    let files = every_file();
    let understood = |file: &str| -> BTreeSet<String> {
        let (_, list) = files[file].split_once("const UNDERSTOOD").expect("a list");
        let (list, _) = list.split_once("\n];").expect("its end");
        let names = list.split("oid::").skip(1);
        names.map(|name| name.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect()).collect()
    };
    let (engine, specification) = (understood("chain/facts.rs"), understood("spec.rs"));
    assert!(specification.len() > 10 && specification.is_subset(&engine), "{specification:?}");
    let engine_alone: Vec<&str> = engine.difference(&specification).map(String::as_str).collect();
    let constraints = ["INHIBIT_ANY_POLICY", "NAME_CONSTRAINTS", "POLICY_CONSTRAINTS", "POLICY_MAPPINGS"];
    assert_eq!(engine_alone, constraints);
}

/// Only `time` and `rustls_pki_types` show in the public API, rustls and serde behind their features.
#[test]
fn no_type_of_a_dependency_is_public() {
    const PRIVATE: [&str; 17] = [
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
        "x509_cert",
        "memchr",
        "base64",
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

/// An error whose text says what is inside has no source: a chain of errors would say it twice (C-GOOD-ERR).
#[test]
fn an_error_says_what_is_inside_once() {
    let mut twice = Vec::new();
    let mut read = 0;
    for (file, code) in library() {
        for (at, _) in code.match_indices("thiserror::Error") {
            let body = code[at..].split("\n}\n").next().unwrap_or_default();
            let lines: Vec<&str> = body.lines().map(str::trim_start).collect();
            read += 1;
            for (index, line) in lines.iter().enumerate() {
                let is_source = line.contains("#[source]")
                    || line.contains("#[from]")
                    || line.starts_with("source:")
                    || line.starts_with("pub source:");
                let is_transparent = index > 0 && lines[index - 1] == "#[error(transparent)]";
                if is_source && !is_transparent {
                    twice.push(format!("{file}: {line}"));
                }
            }
        }
    }
    assert!(read > 14, "only {read} errors were read: the reader is broken");
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

/// What implements `Error` is called so, but for these answers: no plan, no suggestion.
#[test]
fn an_error_is_called_one() {
    const ANSWERS: [&str; 2] = ["NoPlan", "NoSuggestion"];
    let mut named = BTreeSet::new();
    for (_, code) in library() {
        let derived = code.match_indices("thiserror::Error").filter_map(|(at, _)| {
            let item = code[at..].lines().find(|line| line.starts_with("pub"))?;
            item.split_once("enum ").or_else(|| item.split_once("struct "))
        });
        let written = code.match_indices("std::error::Error for ").map(|(at, found)| ("", &code[at + found.len()..]));
        let types = derived.chain(written).map(|(_, rest)| rest.chars().take_while(|c| c.is_alphanumeric()).collect());
        named.extend(types.collect::<Vec<String>>());
    }
    assert!(named.len() > 15, "only {named:?} were read: the reader is broken");
    named.retain(|name| !name.ends_with("Error"));
    assert_eq!(named.into_iter().collect::<Vec<_>>(), ANSWERS);
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
