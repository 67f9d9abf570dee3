//! The text of the specification, as far as tests hold the code to it: its rules, and the codes of its annex A.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The specification, as the documentation of `ccmcertsel::rules` has it.
pub const TEXT: &str = include_str!("../../src/rules.md");

/// The codes of annex A, in its order.
pub static ANNEX_A: LazyLock<Vec<&'static str>> = LazyLock::new(|| rows().into_iter().map(|(code, _)| code).collect());

/// The identifiers that stand in a text, each with the place behind it: a capital letter, a hyphen, at most two digits.
///
/// Longer numbers belong to names of the field, such as the curve P-256 or the hash SHA-384.
pub fn ids(text: &str) -> Vec<(&str, usize)> {
    let bytes = text.as_bytes();
    let part_of_a_word = |at: Option<usize>| {
        let byte = at.and_then(|at| bytes.get(at));
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let mut found = Vec::new();
    for (hyphen, _) in text.match_indices('-') {
        let Some(letter) = hyphen.checked_sub(1).filter(|at| bytes[*at].is_ascii_uppercase()) else { continue };
        let digits = bytes[hyphen + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = hyphen + 1 + digits;
        let goes_on = bytes.get(end).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        if (1..=2).contains(&digits) && !goes_on && !part_of_a_word(letter.checked_sub(1)) {
            found.push((&text[letter..end], end));
        }
    }
    found
}

/// Every rule that the text defines, with its tag: `V-1 (documented)`, `V-0:` without one.
///
/// A tag is the first word of the brackets behind an identifier that begins a sentence; a rule without a tag begins a
/// line and is followed by a colon. Everything else that looks like an identifier refers to a rule.
pub fn rules(text: &str) -> BTreeMap<&str, &str> {
    let mut rules = BTreeMap::new();
    for (id, end) in ids(text) {
        let rest = &text[end..];
        let before = &text[..end - id.len()];
        let begins_a_line = before.is_empty() || before.ends_with('\n');
        let begins_a_sentence = begins_a_line || before.ends_with(". ");
        let word = rest.strip_prefix(" (").map(|rest| rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or(""));
        let word = word.filter(|_| begins_a_sentence);
        let tag = word.filter(|word| ["documented", "observed", "assumed", "ours"].contains(word));
        let tag = tag.or_else(|| (begins_a_line && rest.starts_with(':')).then_some("ours"));
        if let Some(tag) = tag {
            let before = rules.insert(id, tag);
            assert!(before.is_none(), "{id} is defined twice");
        }
    }
    rules
}

/// The rows of annex A: each code with the rules that may give it.
pub fn rows() -> Vec<(&'static str, Vec<String>)> {
    let annex = TEXT.split_once("## Annex A").and_then(|(_, annex)| annex.split_once("|---|"));
    let (_, annex) = annex.expect("the specification has an annex A with a table");
    let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
    let mut waiting = Vec::new();
    let mut parts = annex.split('`');
    parts.next(); // what stands before the first code
    while let (Some(code), after) = (parts.next(), parts.next().unwrap_or_default()) {
        if code.contains('.') && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c))
        {
            waiting.push(code);
        }
        if let Some((_, rules)) = after.split_once('(') {
            let rules = expand(rules.split(')').next().unwrap_or_default());
            rows.extend(waiting.drain(..).map(|code| (code, rules.clone())));
        }
    }
    assert!(waiting.is_empty(), "codes without a rule: {waiting:?}");
    rows
}

/// `V-8, V-9` and `C-1 to C-6` as single rules.
fn expand(text: &str) -> Vec<String> {
    let number = |id: &str| id.split_once('-').and_then(|(_, number)| number.parse::<u32>().ok()).expect("a number");
    let mut rules = Vec::new();
    for part in text.split(',').map(str::trim) {
        let (first, last) = part.split_once(" to ").unwrap_or((part, part));
        let letter = &first[..1];
        rules.extend((number(first)..=number(last)).map(|number| format!("{letter}-{number}")));
    }
    rules
}
