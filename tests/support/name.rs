//! Distinguished names to order.

use super::der::{oid, seq, set, tlv};
use super::hostile;

/// The string types of attribute values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StringKind {
    Utf8,
    Printable,
    Teletex,
    Ia5,
    Bmp,
    Universal,
    /// Any other tag, with the text's UTF-8 bytes as value.
    Tag(u8),
}

impl StringKind {
    /// The six that rule C-7 names.
    pub const ALL: [StringKind; 6] = [
        StringKind::Utf8,
        StringKind::Printable,
        StringKind::Teletex,
        StringKind::Ia5,
        StringKind::Bmp,
        StringKind::Universal,
    ];

    /// The element.
    pub fn encode(self, text: &str) -> Vec<u8> {
        let one_byte = !matches!(self, StringKind::Utf8 | StringKind::Bmp | StringKind::Universal);
        let text = &*hostile::made(text, one_byte);
        match self {
            StringKind::Utf8 => tlv(0x0c, text.as_bytes()),
            StringKind::Printable => tlv(0x13, text.as_bytes()),
            StringKind::Teletex => tlv(0x14, &text.chars().map(|c| c as u32 as u8).collect::<Vec<u8>>()),
            StringKind::Ia5 => tlv(0x16, text.as_bytes()),
            StringKind::Bmp => tlv(0x1e, &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>()),
            StringKind::Universal => {
                tlv(0x1c, &text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect::<Vec<u8>>())
            }
            StringKind::Tag(tag) => tlv(tag, text.as_bytes()),
        }
    }
}

/// One attribute: type and encoded value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Atv {
    pub oid: String,
    pub value: Vec<u8>,
}

/// The keys that [`Atv::new`] and [`Name::parse`] know; anything else is a dotted identifier.
const KEYS: &[(&str, &str)] = &[
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("E", "1.2.840.113549.1.9.1"),
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("SERIALNUMBER", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("S", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("T", "2.5.4.12"),
    ("G", "2.5.4.42"),
    ("I", "2.5.4.43"),
];

impl Atv {
    /// In the string type that is usual for the attribute.
    pub fn new(key: &str, text: &str) -> Self {
        let kind = match key {
            "DC" | "E" => StringKind::Ia5,
            "C" | "SERIALNUMBER" => StringKind::Printable,
            _ => StringKind::Utf8,
        };
        Atv::of_kind(key, kind, text)
    }

    pub fn of_kind(key: &str, kind: StringKind, text: &str) -> Self {
        let known = KEYS.iter().find(|(known, _)| *known == key);
        Atv { oid: known.map_or(key, |(_, oid)| oid).to_owned(), value: kind.encode(text) }
    }

    fn encode(&self) -> Vec<u8> {
        seq(&[oid(&self.oid), self.value.clone()])
    }
}

/// A name: relative distinguished names in encoded order, each with one attribute or more.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Name(pub Vec<Vec<Atv>>);

impl Name {
    /// No attribute at all.
    pub fn empty() -> Self {
        Name::default()
    }

    /// One common name.
    pub fn cn(text: &str) -> Self {
        Name(vec![vec![Atv::new("CN", text)]])
    }

    /// One attribute an RDN, in encoded order.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Name(pairs.iter().map(|(key, text)| vec![Atv::new(key, text)]).collect())
    }

    /// One attribute an RDN, all in this string type.
    pub fn of_kind(kind: StringKind, pairs: &[(&str, &str)]) -> Self {
        Name(pairs.iter().map(|(key, text)| vec![Atv::of_kind(key, kind, text)]).collect())
    }

    /// From `DC=com; DC=contoso; CN=PC1 + OU=Servers`, in encoded order. `CN:bmp=PC1` asks for a string type (`utf8`,
    /// `printable`, `teletex`, `ia5`, `bmp`, `universal`). No quoting: build odd values with [`Name::of`].
    ///
    /// # Panics
    /// When an attribute has no `=` or an unknown string type: tests write it.
    pub fn parse(text: &str) -> Self {
        if text.trim().is_empty() {
            return Name::empty();
        }
        let attribute = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap_or_else(|| panic!("`{pair}` in `{text}` has no ="));
            let (key, kind) = match key.split_once(':') {
                None => return Atv::new(key.trim(), value.trim()),
                Some((key, kind)) => (key.trim(), kind.trim()),
            };
            let kind = match kind {
                "utf8" => StringKind::Utf8,
                "printable" => StringKind::Printable,
                "teletex" => StringKind::Teletex,
                "ia5" => StringKind::Ia5,
                "bmp" => StringKind::Bmp,
                "universal" => StringKind::Universal,
                other => panic!("`{other}` in `{text}` is no string type"),
            };
            Atv::of_kind(key, kind, value.trim())
        };
        Name(text.split(';').map(|rdn| rdn.split(" + ").map(|pair| attribute(pair.trim())).collect()).collect())
    }

    /// The Name, header included.
    pub fn encode(&self) -> Vec<u8> {
        let rdns: Vec<Vec<u8>> =
            self.0.iter().map(|rdn| set(&rdn.iter().map(Atv::encode).collect::<Vec<_>>())).collect();
        seq(&rdns)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Name::parse(text)
    }
}
