//! What is public is taught: every type, trait, function and method that a user can name occurs in an example of the
//! documentation, which is compiled and run with the other tests.

use crate::architecture::{all_files, library, root};
use std::collections::BTreeSet;

/// Public, and in no example, each for its reason.
const NOT_SHOWN: [(&str, &str); 1] = [("Kept", "it seals `Choice`: nobody else can name it")];

/// The code of the examples: blocks of Rust in documentation comments and in the pages that are included.
fn examples() -> String {
    let mut files = vec![root().join("README.md")];
    all_files(&root().join("src"), &mut files);
    let mut code = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text");
        let is_rust = file.extension().is_some_and(|extension| extension == "rs");
        let documentation = text.lines().filter_map(|line| {
            if is_rust {
                line.trim_start().strip_prefix("///").or_else(|| line.trim_start().strip_prefix("//!"))
            } else {
                Some(line)
            }
        });
        let mut block = None;
        for line in documentation {
            match (line.trim().strip_prefix("```"), block) {
                (Some(language), None) => {
                    let rust = language.is_empty() || language.starts_with("rust") || language == "no_run";
                    block = Some(rust && (is_rust || !language.is_empty()));
                }
                (Some(_), Some(_)) => block = None,
                (None, Some(true)) => code.extend([line.split("// ").next().unwrap_or_default(), "\n"]),
                (None, _) => {}
            }
        }
    }
    code
}

/// Words, each with what stands before it where that is a dot or a path: `.select`, `::new`, `Selector`.
fn words(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = code;
    let mut before = String::new();
    while let Some(start) = rest.find(is_word) {
        before.push_str(&rest[..start]);
        let word = &rest[start..];
        let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
        let word = &word[..end];
        found.insert(word.to_owned());
        if before.ends_with('.') || before.ends_with("::") {
            found.insert(format!(".{word}"));
        }
        before.clear();
        rest = &rest[start + end..];
    }
    found
}

/// The items of a file that are public, methods with a dot before them. The lint `unreachable_pub` sees to it that what says
/// `pub` can be reached.
fn public(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut hidden = false;
    for line in code.lines() {
        let (indented, line) = (line.starts_with(' '), line.trim());
        if line.starts_with("#[") {
            hidden |= line.contains("hidden");
            continue;
        }
        let was_hidden = std::mem::take(&mut hidden);
        let Some(item) = line.strip_prefix("pub ").filter(|_| !was_hidden) else { continue };
        let mut words = item.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let kind = words.find(|word| ["fn", "struct", "enum", "trait", "type", "mod", "use"].contains(word));
        match (kind, words.next()) {
            (Some("fn"), Some(name)) if indented => found.push(format!(".{name}")),
            (Some("fn" | "struct" | "enum" | "trait" | "type"), Some(name)) => found.push(name.to_owned()),
            _ => {}
        }
    }
    found
}

#[test]
fn every_public_item_is_in_an_example() {
    let shown = words(&examples());
    let excused: Vec<&str> = NOT_SHOWN.iter().map(|(item, _)| *item).collect();
    let mut missing = Vec::new();
    let mut count = 0;
    for (file, code) in library() {
        for item in public(&code) {
            count += 1;
            if !shown.contains(&item) && !excused.contains(&item.as_str()) {
                missing.push(format!("{item} of src/{file}"));
            }
        }
    }
    assert!(count > 300, "the library has more public items than {count}");
    assert!(missing.is_empty(), "{} of {count} items are in no example:\n{}", missing.len(), missing.join("\n"));
    for (item, _) in NOT_SHOWN {
        assert!(!shown.contains(item), "{item} is in an example and needs no excuse");
    }
}
