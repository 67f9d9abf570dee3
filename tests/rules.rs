//! The text of the specification, `src/rules.md`, and the code say the same: rules, what each rests on, and codes.

use crate::architecture::{all_files, library, root};
use crate::support::annex;
use ccmcertsel::{Rule, Step};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_rules_of_the_text_are_those_of_the_code_and_rest_on_the_same() {
    let text: BTreeMap<&str, String> =
        annex::rules(annex::TEXT).into_iter().map(|(id, basis)| (id, basis.to_owned())).collect();
    let code: BTreeMap<&str, String> = Rule::ALL.iter().map(|rule| (rule.id(), rule.basis().to_string())).collect();
    assert!(code.len() > 70 && code.len() == Rule::ALL.len(), "{} rules", code.len());
    let all: BTreeSet<&str> = text.keys().chain(code.keys()).copied().collect();
    let show = |side: &BTreeMap<&str, String>, id| side.get(id).map_or("missing", String::as_str).to_owned();
    let differences: Vec<String> = all
        .into_iter()
        .filter(|id| text.get(id) != code.get(id))
        .map(|id| format!("{id}: {} in the text, {} in the code", show(&text, id), show(&code, id)))
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A report that says *assumed* of what is documented sends its reader looking for nothing, and the other way round.
#[test]
fn nothing_is_called_assumed_that_the_text_does_not_call_so() {
    let text = annex::rules(annex::TEXT);
    let wrong: Vec<&str> = Rule::ALL
        .iter()
        .filter(|rule| rule.basis() == ccmcertsel::Basis::Assumed && text.get(rule.id()) != Some(&"assumed"))
        .map(|rule| rule.id())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_identifier_in_text_code_and_documents_is_a_rule() {
    let known: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    let letters: BTreeSet<&str> = known.iter().map(|id| &id[..1]).collect();
    let mut texts: Vec<(String, String)> = library();
    let mut found = Vec::new();
    all_files(&root().join("src"), &mut found);
    found.extend(["README.md", "testdata/machines/README.md"].map(|name| root().join(name)));
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        texts.push((path.display().to_string(), text));
    }
    let mut seen = BTreeSet::new();
    for (file, text) in &texts {
        for (id, _) in annex::ids(text).into_iter().filter(|(id, _)| letters.contains(&id[..1])) {
            assert!(known.contains(id), "{file} names `{id}`, which is no rule");
            seen.insert(id);
        }
    }
    assert_eq!(seen, known, "the reader of identifiers misses some");
}

/// Codes are the stable contract: each of the annex is produced, and none is produced that the annex does not have.
#[test]
fn the_codes_of_annex_a_are_those_of_the_code() {
    let text: BTreeSet<&str> = annex::rows().into_iter().map(|(code, _)| code).collect();
    assert!(text.len() >= 47, "only {} codes were read from the annex", text.len());
    let code = reason_codes();
    let produced: BTreeSet<&str> = annex::ANNEX_A.iter().copied().collect();
    let only_code: Vec<_> = code.iter().filter(|code| !text.contains(code.as_str())).collect();
    let only_text: Vec<_> = produced.iter().filter(|name| !code.contains(**name)).collect();
    assert!(only_code.is_empty(), "annex A does not have {only_code:?}");
    assert!(only_text.is_empty(), "nothing produces {only_text:?}");
}

/// Each row of the table of codes names one of the rules that the annex has for its code.
#[test]
fn the_rules_of_the_table_of_codes_are_those_of_annex_a() {
    let table = std::fs::read_to_string(root().join("src/report/codes.md")).expect("the table of codes");
    let rows: BTreeMap<&str, Vec<String>> = annex::rows().into_iter().collect();
    let mut compared = 0;
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (code, rule) = (cells.next().unwrap_or_default().trim_matches('`'), cells.next().unwrap_or_default());
        let id = rule.split(',').next().unwrap_or_default();
        assert!(rows[code].iter().any(|known| known == id), "{code} is of {:?}, the table says {id}", rows[code]);
        compared += 1;
    }
    assert_eq!(compared, annex::ANNEX_A.len());
}

/// The codes in the `impl` blocks of the enums whose values reject: a check's reasons, and the failures of a chain and of
/// revocation.
fn reason_codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for (_, code) in library() {
        let blocks = code.split("\nimpl ").skip(1).filter(|block| {
            let name = block.split([' ', '{']).next().unwrap_or_default();
            ["Reason", "Failure"].iter().any(|end| name.ends_with(end))
        });
        for block in blocks {
            let block = block.split("\n}\n").next().unwrap_or_default();
            for text in block.split('"').skip(1).step_by(2) {
                let is_code = text.split_once('.').is_some_and(|(step, reason)| {
                    let plain = reason.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                    plain && Step::ALL.iter().any(|known| known.to_string() == step)
                });
                if is_code {
                    codes.insert(text.to_owned());
                }
            }
        }
    }
    codes
}

#[test]
fn the_reader_of_rules_reads_each_form_of_the_text() {
    let text = "V-0: the order\nof V-1 (see V-2): V-3 (assumed).\nA table. R-1 (documented). P-256, SHA-1, T-100.\nK-1 (documented; x)";
    let rules: Vec<_> = annex::rules(text).into_iter().collect();
    assert_eq!(rules, [("K-1", "documented"), ("R-1", "documented"), ("V-0", "ours")]);
    let ids: Vec<&str> = annex::ids(text).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["V-0", "V-1", "V-2", "V-3", "R-1", "K-1"]);
}
