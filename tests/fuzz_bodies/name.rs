//! Any bytes are a name or an error inside them; the three strings are what A-2 and C-4 say, what a site writes of a name
//! reads back and finds it, and names compare as RFC 5280 7.1 says: each judged by a plain reading of the rule.

use crate::support::der::{bit_string, explicit, int, oid, seq, set, time, tlv};
use arbitrary::Unstructured;
use ccmcertsel::check::{CertificateNames, IssuerCandidate, SearchOptions};
use ccmcertsel::name::fold;
use ccmcertsel::name::{AttributeValue, NameAttribute};
use ccmcertsel::settings::{IssuerMatch, IssuerSyntax};
use ccmcertsel::text::{AttributeTest, AttributeTests, CriteriaText, Issuer};
use ccmcertsel::{Certificate, Criteria, DistinguishedName, IssuersList, Oid, attribute};

/// What the fuzz target `name` and its replay run: the bytes as DER, and a name that is built from them.
///
/// # Panics
/// When the crate breaks a promise.
pub fn name(data: &[u8]) {
    judge(data);
    if let Ok(built) = build(&mut Unstructured::new(data)) {
        assert!(DistinguishedName::from_der(&built).is_ok(), "{built:02x?}");
        judge(&built);
    }
}

/// Types with a key, without one, and with arcs that no integer holds.
const TYPES: [&[u8]; 9] = [
    &[0x55, 4, 3],
    &[0x55, 4, 11],
    &[0x55, 4, 6],
    &[0x55, 4, 97],
    &[0x55, 29, 17],
    &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1],
    b"\x37\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    b"\x84\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00\x01",
];

/// The string types of X.680 that a name may have, and two tags that are none.
const TAGS: [u8; 10] = [12, 18, 19, 20, 22, 26, 28, 30, 4, 0x80];

/// What has a meaning somewhere: separators, quotes, blanks, letters that fold to others.
const PIECES: [&str; 24] = [
    "a",
    "B",
    "PC1",
    " ",
    "  ",
    "\t",
    "\n",
    "\"",
    ",",
    ", CN=",
    ";",
    "|",
    "+",
    "=",
    "#",
    "\\",
    "<",
    "“",
    "ß",
    "ẞ",
    "\u{212a}",
    "ς",
    "日本",
    "\u{1f512}",
];

fn build(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
    let mut rdns = Vec::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let mut members = Vec::new();
        for _ in 0..if u.ratio(1, 4)? { u.int_in_range(2..=3)? } else { 1 } {
            let tag = *u.choose(&TAGS)?;
            let mut text = String::new();
            for _ in 0..u.int_in_range(0..=4)? {
                text.push_str(u.choose(&PIECES)?);
            }
            let content = if u.ratio(1, 8)? { u.bytes(3)?.to_vec() } else { content(tag, &text) };
            members.push(seq(&[tlv(6, u.choose(&TYPES)?), tlv(tag, &content)]));
        }
        rdns.push(set(&members));
    }
    Ok(seq(&rdns))
}

/// The bytes of a text in a string type; of what the type cannot say, bytes that do not decode.
fn content(tag: u8, text: &str) -> Vec<u8> {
    match tag {
        20 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        28 => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        30 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

fn judge(der: &[u8]) {
    let name = match DistinguishedName::from_der(der) {
        Ok(name) => name,
        Err(error) => {
            assert!(error.offset() <= der.len() && !error.to_string().is_empty());
            assert!(Certificate::from_der(&certificate(der)).is_err(), "a certificate's subject is a name");
            return;
        }
    };
    assert_eq!(DistinguishedName::from_der(der).as_ref(), Ok(&name));
    assert_eq!(name.is_empty(), name.attributes().next().is_none());
    assert!(name.rdns().all(|rdn| !rdn.is_empty()));
    assert!(!format!("{name:?}").is_empty());
    strings(&name);
    searches(&name);
    issuers(der, &name);
    comparisons(der, &name);
}

/// A-2 and C-4, literally.
fn strings(name: &DistinguishedName) {
    let quoted = |text: &str| {
        let blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
        let special = text.chars().any(|c| ",+=\"\n<>#;".contains(c));
        if text.is_empty() || special || blank(text.chars().next()) || blank(text.chars().last()) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let pair = |attribute: &NameAttribute| {
        let key = attribute::printed_key(attribute.oid()).map_or(format!("OID.{}", attribute.oid()), str::to_owned);
        match attribute.value().as_text() {
            Some(text) => format!("{key}={}", quoted(text)),
            None => format!("{key}={}", hexadecimal(attribute.value())),
        }
    };
    let rdns = name.rdns().rev().map(|rdn| rdn.iter().map(pair).collect::<Vec<_>>().join(" + "));
    let rdns: Vec<String> = rdns.collect();
    assert_eq!(name.to_x500_string(), rdns.join(", "));
    assert_eq!(name.to_string(), rdns.join(", "));
    assert_eq!(name.to_log_string(), rdns.join("; "));
    let value = |attribute: &NameAttribute| match attribute.value().as_text() {
        Some(text) => quoted(text),
        None => hexadecimal(attribute.value()),
    };
    let rdns = name.rdns().map(|rdn| rdn.iter().map(value).collect::<Vec<_>>().join(" + "));
    assert_eq!(name.to_simple_name(), rdns.collect::<Vec<_>>().join(", "));
}

fn hexadecimal(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Raw(der) => der.iter().fold("#".to_owned(), |text, byte| format!("{text}{byte:02X}")),
        _ => panic!("{value:?} is text"),
    }
}

/// What stands in a name is found in it (C-3, C-4, C-6, C-7).
fn searches(name: &DistinguishedName) {
    let names = CertificateNames { subject: name.clone(), ..CertificateNames::default() };
    let finds = |criteria: &Criteria| criteria.find(&names, SearchOptions::default()).is_some();
    for text in name.attributes().filter_map(|attribute| attribute.value().as_text()) {
        for text in [text.to_owned(), fold(text), text.to_ascii_uppercase()] {
            // The simple name has a quote twice (C-4).
            let Some(part) = CriteriaText::new(&text.replace('"', "\"\"")) else { continue };
            assert!(finds(&Criteria::containing(part)), "{text:?} of {name:?}");
        }
    }
    let common = name.common_names().map(str::to_owned);
    for whole in common.chain([name.to_simple_name(), name.to_x500_string()]) {
        // A criterion's own blanks at its ends are trimmed, those of a name are not.
        if let Some(whole) = CriteriaText::new(&whole).filter(|text| text.as_str() == whole) {
            assert!(finds(&Criteria::exact(whole)), "{name:?}");
        }
    }
    let tests = name.attributes().filter(|attribute| !attribute::is_subject_alt_name(attribute.oid()));
    let tests: Vec<AttributeTest> = tests
        .filter_map(|attribute| AttributeTest::equals(attribute.oid().clone(), attribute.value().as_text()?))
        .collect();
    let exact = |test: &AttributeTest| {
        name.attributes().any(|one| one.oid() == test.oid() && one.value().as_text() == test.value())
    };
    if let Some(tests) = AttributeTests::new(tests.into_iter().filter(exact)) {
        assert!(finds(&Criteria::with_attributes(tests)), "{name:?}");
    }
}

/// What a site writes of a root reads back under both readings of the comma, and lists that root (I-4, I-8 to I-10).
fn issuers(der: &[u8], name: &DistinguishedName) {
    let root = Certificate::from_der(&certificate(der)).expect("a certificate of any name");
    let candidate = IssuerCandidate::new(&root);
    let list = IssuersList::from_certificates([&root]).expect("a list of one");
    for mode in IssuerMatch::ALL {
        assert_eq!(list.position(&candidate, *mode), Some(0), "{name:?}");
    }
    if name.is_empty() || name.attributes().any(|attribute| attribute.oid().to_string().contains('(')) {
        return; // nothing to print, or an arc of more digits than are printed
    }
    let printed = list.to_string();
    let all_text = name.attributes().all(|attribute| attribute.value().as_text().is_some());
    for syntax in IssuerSyntax::ALL {
        let read = IssuersList::parse(&printed, *syntax).unwrap_or_else(|error| panic!("{printed:?}: {error}"));
        let [Issuer::Attributes(listed)] = read.iter().as_slice() else {
            panic!("{printed:?} is {read:?}");
        };
        assert_eq!(listed.len(), name.attributes().count());
        let of_rdns = name.rdns().rev().flatten();
        for (listed, attribute) in listed.iter().zip(of_rdns) {
            assert_eq!(listed.oid(), attribute.oid());
            assert!(attribute.value().as_text().is_none_or(|text| text == listed.value()), "{printed:?}");
        }
        for mode in IssuerMatch::ALL {
            assert_eq!(read.position(&candidate, *mode).is_some(), all_text, "{printed:?}");
        }
    }
}

/// Equal and unequal as the plain reading says: the name in other letters, string types and orders, and other names.
fn comparisons(der: &[u8], name: &DistinguishedName) {
    let root = Certificate::from_der(&certificate(der)).expect("a certificate of any name");
    let list = IssuersList::from_certificates([&root]).expect("a list of one");
    let retyped = |tag: u8, change: fn(&str) -> String| {
        move |attribute: &NameAttribute| match attribute.value().as_text() {
            Some(text) => tlv(tag, &content(tag, &change(text))),
            None => raw(attribute),
        }
    };
    let equal = [
        rewrite(name, false, retyped(12, str::to_owned)),
        rewrite(name, true, retyped(30, str::to_ascii_uppercase)),
        rewrite(name, false, retyped(28, |text| format!(" \t{}  ", text.replace(' ', "\u{a0} ")))),
        rewrite(name, true, retyped(12, fold)),
    ];
    for other in &equal {
        assert!(same(&list, other, name), "{other:02x?}");
    }
    let different = [
        rewrite(name, false, retyped(12, |text| format!("{text}x"))),
        rewrite(name, false, retyped(4, str::to_owned)),
        seq(&name.rdns().rev().map(|rdn| set(&members(rdn, &raw))).collect::<Vec<_>>()),
        seq(&[set(&members(name.attributes(), &raw))]),
    ];
    for other in &different {
        same(&list, other, name);
    }
}

/// Whether the list holds a root of another name; the plain reading must say the same. Bytes that are no name are equal
/// to none.
fn same(list: &IssuersList, other: &[u8], name: &DistinguishedName) -> bool {
    let Ok(decoded) = DistinguishedName::from_der(other) else {
        return false;
    };
    let root = Certificate::from_der(&certificate(other)).expect("a certificate of any name");
    let same = list.position(&IssuerCandidate::new(&root), IssuerMatch::default()).is_some();
    assert_eq!(same, plain(&decoded) == plain(name), "{decoded:?} and {name:?}");
    same
}

/// The value as it may be compared: characters, or the element.
type Plain = (Oid, Result<String, Vec<u8>>);

/// RFC 5280 7.1 with C-7: RDNs in order, the attributes of each in any, texts folded and their blanks made one.
fn plain(name: &DistinguishedName) -> Vec<Vec<Plain>> {
    let value = |attribute: &NameAttribute| match attribute.value().as_text() {
        Some(text) => Ok(fold(&text.split_whitespace().collect::<Vec<_>>().join(" "))),
        None => Err(raw(attribute)),
    };
    let rdn = |attributes: &[NameAttribute]| {
        let mut members: Vec<Plain> = attributes.iter().map(|one| (one.oid().clone(), value(one))).collect();
        members.sort();
        members
    };
    name.rdns().map(rdn).collect()
}

/// The value's element as it may have stood there.
fn raw(attribute: &NameAttribute) -> Vec<u8> {
    match attribute.value() {
        AttributeValue::Raw(der) => der.to_vec(),
        value => tlv(12, value.as_text().unwrap_or_default().as_bytes()),
    }
}

fn members<'a>(
    attributes: impl IntoIterator<Item = &'a NameAttribute>,
    value: &impl Fn(&NameAttribute) -> Vec<u8>,
) -> Vec<Vec<u8>> {
    attributes.into_iter().map(|one| seq(&[tlv(6, one.oid().as_bytes()), value(one)])).collect()
}

/// The name with other values, and the attributes of each RDN turned round.
fn rewrite(name: &DistinguishedName, turned: bool, value: impl Fn(&NameAttribute) -> Vec<u8>) -> Vec<u8> {
    let rdn = |attributes: &[NameAttribute]| {
        let mut members = members(attributes, &value);
        if turned {
            members.reverse();
        }
        set(&members)
    };
    seq(&name.rdns().map(rdn).collect::<Vec<_>>())
}

/// A certificate of this subject, and otherwise always the same.
fn certificate(subject: &[u8]) -> Vec<u8> {
    let algorithm = seq(&[oid("1.2.840.10045.4.3.2")]);
    let key = seq(&[seq(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]), bit_string(&[4; 65])]);
    let (begin, end) = (time(0), time(1_900_000_000));
    let version = explicit(0, &int(2));
    let parts = [version, int(1), algorithm.clone(), seq(&[]), seq(&[begin, end]), subject.to_vec(), key];
    seq(&[seq(&parts), algorithm, bit_string(&[0; 8])])
}
