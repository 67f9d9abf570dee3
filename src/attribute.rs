//! The one table of attributes: object identifier, accepted keys, printed key (specification, section 7; rule A-1).

use crate::oid::{self, Oid};
use const_oid::ObjectIdentifier;

/// One row of the table: an attribute type, the keys that name it in text, and the key it is printed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attribute {
    oid: &'static [u8],
    keys: &'static [&'static str],
}

impl Attribute {
    /// The object identifier, as the content bytes of its DER encoding.
    #[cfg(test)]
    pub(crate) const fn oid_bytes(&self) -> &'static [u8] {
        self.oid
    }

    /// The keys accepted in text, the printed one first; empty for the subject alternative name, which has none.
    #[cfg(test)]
    pub(crate) const fn keys(&self) -> &'static [&'static str] {
        self.keys
    }

    /// The key this attribute is printed with; `None` where it prints as `OID.1.2.3`.
    pub(crate) fn printed_key(&self) -> Option<&'static str> {
        self.keys.first().copied()
    }
}

macro_rules! table {
    ($($dotted:literal: $($key:literal),*;)*) => {
        &[$(Attribute {
            oid: {
                const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap($dotted);
                OID.as_bytes()
            },
            keys: &[$($key),*],
        }),*]
    };
}

/// Section 7 of the specification, row by row; the first key is the one printed.
///
/// The documentation calls 2.5.4.4 "Subject name"; it is surname.
pub(crate) const TABLE: &[Attribute] = table! {
    "0.9.2342.19200300.100.1.25": "DC";
    "1.2.840.113549.1.9.1": "E", "E-mail", "Email";
    "2.5.4.3": "CN";
    "2.5.4.4": "SN";
    "2.5.4.5": "SERIALNUMBER";
    "2.5.4.6": "C";
    "2.5.4.7": "L";
    "2.5.4.8": "S", "ST";
    "2.5.4.9": "STREET";
    "2.5.4.10": "O";
    "2.5.4.11": "OU";
    "2.5.4.12": "T", "Title";
    "2.5.4.42": "G", "GN", "GivenName";
    "2.5.4.43": "I", "Initials";
    "2.5.29.17": ;
};

/// The key an attribute is printed with; `None` for the subject alternative name and for types outside the table.
pub(crate) fn printed_key(oid: &Oid) -> Option<&'static str> {
    let row = TABLE.iter().find(|row| row.oid == oid.as_bytes())?;
    row.printed_key()
}

/// How an attribute type is written before the `=`: its key, or `OID.1.2.3`.
pub(crate) fn label(oid: &Oid) -> String {
    match printed_key(oid) {
        Some(key) => key.to_owned(),
        None => format!("OID.{oid}"),
    }
}

/// The attribute type that a text names: a key of the table, without regard to case, or a dotted object
/// identifier, which may carry the prefix `OID.` that printing puts there. Blanks must be trimmed by the caller.
pub(crate) fn oid_of(text: &str) -> Option<Oid> {
    let named = TABLE.iter().find(|row| row.keys.iter().any(|key| key.eq_ignore_ascii_case(text)));
    match named {
        Some(row) => Oid::from_bytes(row.oid),
        None => {
            let (prefix, rest) = text.split_at_checked(4).unwrap_or(("", text));
            let dotted = if prefix.eq_ignore_ascii_case("OID.") { rest } else { text };
            dotted.parse().ok()
        }
    }
}

/// Whether the text is a key of the table or a dotted object identifier: what makes a `,` a separator in an issuers list
/// (I-8).
pub(crate) fn is_key(text: &str) -> bool {
    oid_of(text).is_some()
}

/// Whether an attribute type stands for the subject alternative name (C-6).
pub(crate) fn is_subject_alt_name(oid: &Oid) -> bool {
    oid.as_bytes() == oid::SUBJECT_ALT_NAME
}

/// The key that a mistyped one most likely means, for "did you mean"; `None` where nothing is near.
pub(crate) fn nearest_key(text: &str) -> Option<&'static str> {
    nearest(text, TABLE.iter().flat_map(|row| row.keys.iter().copied()))
}

/// The candidate that is least different from the text, without regard to case, if it is near enough to be meant.
///
/// Near enough: at most one edit for up to four characters, two up to eight, three beyond. More would suggest keys that
/// share nothing but their length.
pub(crate) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = text.chars().take(MAX_SUGGESTION_INPUT + 1).count();
    if length == 0 || length > MAX_SUGGESTION_INPUT {
        return None;
    }
    let allowed = match length {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let lowered = text.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::osa_distance(&lowered, &candidate.to_lowercase());
            (distance, candidate)
        })
        // One edit turns any one-letter text into any one-letter key, so a single letter suggests nothing.
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count().max(length))
        .min_by_key(|(distance, candidate)| (*distance, candidate.chars().count().abs_diff(length)))
        .map(|(_, candidate)| candidate)
}

/// The edit distance is quadratic; no key or verb has half as many characters.
const MAX_SUGGESTION_INPUT: usize = 40;
