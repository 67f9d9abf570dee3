//! Comparison without regard to case: Unicode simple case folding (rule C-7).

use memchr::{memchr2_iter, memmem};

/// The text in Unicode simple case folding (C-7), character by character: the length in characters never changes.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(fold_char).collect()
}

/// Appends a text in simple case folding (rule C-7).
#[inline] // once a value
pub(crate) fn push_folded(value: &str, text: &mut Vec<u8>) {
    if value.is_ascii() {
        text.extend(value.bytes().map(|byte| byte.to_ascii_lowercase()));
        return;
    }
    let mut utf8 = [0; 4];
    for c in value.chars() {
        text.extend(fold_char(c).encode_utf8(&mut utf8).as_bytes());
    }
}

/// One character in Unicode simple case folding.
fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    unicode_case_mapping::case_folded(c).and_then(|folded| char::from_u32(folded.get())).unwrap_or(c)
}

/// Whether two texts are equal without regard to case (C-7).
pub(crate) fn eq_folded(a: &str, b: &str) -> bool {
    // Folding keeps the number of characters, each of one to four bytes: a text of megabytes is not read to say no.
    if a.len() / 4 > b.len() || b.len() / 4 > a.len() {
        return false;
    }
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars().map(fold_char).eq(b.chars().map(fold_char))
}

/// Whether `needle` occurs in `haystack` without regard to case (C-7). An empty needle occurs everywhere.
pub(crate) fn contains_folded(haystack: &str, needle: &str) -> bool {
    // Two characters outside ASCII fold into it (the Kelvin sign, the long s), so both texts must be ASCII here.
    if haystack.is_ascii() && needle.is_ascii() {
        return contains_ascii(haystack.as_bytes(), needle.as_bytes());
    }
    memmem::find(fold(haystack).as_bytes(), fold(needle).as_bytes()).is_some()
}

fn contains_ascii(haystack: &[u8], needle: &[u8]) -> bool {
    let Some(&first) = needle.first() else {
        return true;
    };
    let Some(last_start) = haystack.len().checked_sub(needle.len()) else {
        return false;
    };
    // Quadratic only in texts made for it; beyond this length the linear search on folded copies is taken.
    if haystack.len() > 256 {
        return memmem::find(&haystack.to_ascii_lowercase(), &needle.to_ascii_lowercase()).is_some();
    }
    memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), haystack)
        .take_while(|start| *start <= last_start)
        .any(|start| {
            haystack.get(start..start + needle.len()).is_some_and(|window| window.eq_ignore_ascii_case(needle))
        })
}
