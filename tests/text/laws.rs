//! Laws over generated texts and names: printing and reading are inverse, any text gives a value or a placed error,
//! matching is what a character-wise reading of the rules says.

use super::corpus;
use crate::fuzz_bodies::name::name as name_body;
use crate::fuzz_bodies::text as bodies;
use crate::support::pki::{Atv, Name, StringKind};
use ccmcertsel::check::{CertificateNames, SearchOptions};
use ccmcertsel::settings::{CriteriaSource, SanValues, SubjectText};
use ccmcertsel::text::{AttributeTest, AttributeTests, CriteriaText, Issuer, ListedAttribute};
use ccmcertsel::{Criteria, DistinguishedName, GeneralName, IssuersList, Oid};
use proptest::prelude::*;

/// Texts of everything that has a meaning somewhere, so that short ones already collide with the grammar.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\"",
        "\"\"",
        ";",
        ",",
        "|",
        "=",
        ":",
        " ",
        "  ",
        "\t",
        "\n",
        "/",
        "-",
        "\\",
        "CN",
        "OU=",
        "O = ",
        "2.5.4.3",
        "OID.",
        "Subject:",
        "SubjectStr:",
        "SubjectAttr:",
        "CCMCERTSEL=",
        "CCMCERTISSUERS=",
        "/Issuers:",
        "/UsePKICert",
        "FSP=x",
        "a",
        "Contoso, Ltd",
        "“",
        "”",
        "’",
        "–",
        "ß",
        "日本",
        "\u{1f512}",
        "\u{a0}",
        "\u{212a}",
        "1.2.3=",
        "XX=",
        "E-mail=",
    ]);
    prop_oneof![
        4 => prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn oid() -> impl Strategy<Value = Oid> {
    let dotted = prop::sample::select(vec![
        "2.5.4.3",
        "2.5.4.10",
        "2.5.4.11",
        "2.5.29.17",
        "2.5.4.97",
        "1.2.840.113549.1.9.1",
        "0.9.2342.19200300.100.1.25",
        "1.3.6.1.4.1.311.60.2.1.3",
        "2.999.340282366920938463463374607431768211455",
    ]);
    dotted.prop_map(|text| text.parse().expect("an object identifier"))
}

fn criteria() -> impl Strategy<Value = Criteria> {
    let text = || soup().prop_filter_map("a value", |text| CriteriaText::new(&text));
    let test = (oid(), prop::option::of(soup())).prop_filter_map("a value", |(oid, value)| match value {
        None => Some(AttributeTest::present(oid)),
        Some(value) => AttributeTest::equals(oid, &value),
    });
    prop_oneof![
        text().prop_map(Criteria::exact),
        text().prop_map(Criteria::containing),
        prop::collection::vec(test, 1..4)
            .prop_filter_map("a test", AttributeTests::new)
            .prop_map(Criteria::with_attributes),
    ]
}

fn issuers() -> impl Strategy<Value = IssuersList> {
    let listed = (oid(), soup()).prop_map(|(oid, value)| ListedAttribute::new(oid, &value));
    let entry = prop::collection::vec(listed, 1..4).prop_map(|listed| Issuer::Attributes(listed.into()));
    prop::collection::vec(entry, 1..4).prop_filter_map("a list", IssuersList::new)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn criteria_print_what_reads_back(criteria in criteria()) {
        prop_assert_eq!(criteria.to_string().parse::<Criteria>(), Ok(criteria));
    }

    #[test]
    fn issuers_print_what_reads_back(list in issuers()) {
        let printed = list.to_string();
        for syntax in ccmcertsel::settings::IssuerSyntax::ALL {
            let again = IssuersList::parse(&printed, *syntax);
            prop_assert_eq!(again.as_ref(), Ok(&list), "{}", printed);
        }
    }

    #[test]
    fn any_text_gives_a_value_or_a_placed_error(text in soup()) {
        bodies::criteria(text.as_bytes());
        bodies::issuers(text.as_bytes());
        bodies::properties(text.as_bytes());
    }

    #[test]
    fn matching_is_what_the_rules_say_character_by_character(world in world()) {
        let (criteria, names, options) = world;
        let found = criteria.find(&names.real(), options).is_some();
        prop_assert_eq!(found, naive::matches(&criteria, &names, options), "{} {:?}", criteria, names);
    }
}

/// Pairs of characters that fold to one another, and characters that fold to nothing else.
const ALPHABET: [(char, char); 12] = [
    ('a', 'A'),
    ('b', 'B'),
    ('k', '\u{212a}'),
    ('s', 'ſ'),
    ('ß', 'ẞ'),
    ('σ', 'ς'),
    ('ж', 'Ж'),
    ('ü', 'Ü'),
    ('1', '1'),
    (' ', ' '),
    (',', ','),
    ('中', '中'),
];

fn word() -> impl Strategy<Value = String> {
    let letter = (prop::sample::select(ALPHABET.to_vec()), any::<bool>());
    let letter = letter.prop_map(|((lower, upper), up)| if up { upper } else { lower });
    prop::collection::vec(letter, 0..4).prop_map(String::from_iter)
}

/// Names as plain data, which the naive reading needs.
#[derive(Debug, Clone)]
struct Names {
    /// In encoded order: key, string type, text.
    subject: Vec<(&'static str, StringKind, String)>,
    alternatives: Vec<Alternative>,
}

#[derive(Debug, Clone)]
enum Alternative {
    Dns(String),
    Upn(String),
    Directory(&'static str, String),
}

impl Names {
    fn real(&self) -> CertificateNames {
        let rdns = self.subject.iter().map(|(key, kind, text)| vec![Atv::of_kind(key, *kind, text)]);
        let der = Name(rdns.collect()).encode();
        let alternative = |alternative: &Alternative| match alternative {
            Alternative::Dns(text) => GeneralName::Dns(text.clone()),
            Alternative::Upn(text) => GeneralName::Upn(text.clone()),
            Alternative::Directory(key, text) => {
                let der = Name(vec![vec![Atv::of_kind(key, StringKind::Bmp, text)]]).encode();
                GeneralName::Directory(DistinguishedName::from_der(&der).expect("a name"))
            }
        };
        CertificateNames {
            subject: DistinguishedName::from_der(&der).expect("a name"),
            alternatives: self.alternatives.iter().map(alternative).collect(),
            ..CertificateNames::default()
        }
    }
}

fn world() -> impl Strategy<Value = (Criteria, Names, SearchOptions)> {
    let key = || prop::sample::select(vec!["CN", "OU", "O"]);
    let kind = prop::sample::select(vec![StringKind::Utf8, StringKind::Bmp, StringKind::Universal]);
    let subject = prop::collection::vec((key(), kind, word()), 0..4);
    let alternative = prop_oneof![
        word().prop_map(Alternative::Dns),
        word().prop_map(Alternative::Upn),
        (key(), word()).prop_map(|(key, text)| Alternative::Directory(key, text)),
    ];
    let names = (subject, prop::collection::vec(alternative, 0..4))
        .prop_map(|(subject, alternatives)| Names { subject, alternatives });
    let options = (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(site, x500, all)| SearchOptions {
        source: if site { CriteriaSource::Site } else { CriteriaSource::CcmSetup },
        subject_text: if x500 { SubjectText::X500 } else { SubjectText::SimpleName },
        san_values: if all { SanValues::All } else { SanValues::FirstOnly },
    });
    let test = (prop::sample::select(vec!["CN", "OU", "O", "2.5.29.17"]), prop::option::of(word()));
    let criteria = prop_oneof![
        word().prop_map(|text| format!("Subject:{text}")),
        word().prop_map(|text| format!("SubjectStr:{text}")),
        prop::collection::vec(test, 1..3).prop_map(|tests| {
            let tests = tests.into_iter().map(|(key, value)| match value {
                Some(value) => format!("{key} = \"{value}\""),
                None => key.to_owned(),
            });
            format!("SubjectAttr:{}", tests.collect::<Vec<String>>().join("; "))
        }),
    ];
    let criteria = criteria.prop_filter_map("criteria", |text| text.parse::<Criteria>().ok());
    (criteria, names, options)
}

/// The rules, one character at a time.
mod naive {
    use super::{ALPHABET, Alternative, Names};
    use ccmcertsel::Criteria;
    use ccmcertsel::check::SearchOptions;
    use ccmcertsel::settings::{CriteriaSource, SanValues, SubjectText};
    use ccmcertsel::text::CriteriaKind;

    fn folded(text: &str) -> Vec<char> {
        let fold = |c: char| ALPHABET.iter().find(|(_, upper)| *upper == c).map_or(c, |(lower, _)| *lower);
        text.chars().map(|c| if c.is_ascii() { c.to_ascii_lowercase() } else { fold(c) }).collect()
    }

    fn contains(text: &str, part: &str) -> bool {
        let (text, part) = (folded(text), folded(part));
        (0..=text.len()).any(|start| text[start..].starts_with(&part))
    }

    fn quoted(text: &str) -> String {
        let special = text.is_empty() || text.starts_with(' ') || text.ends_with(' ') || text.contains(',');
        if special { format!("\"{text}\"") } else { text.to_owned() }
    }

    fn x500(names: &Names) -> String {
        let parts: Vec<String> =
            names.subject.iter().rev().map(|(key, _, text)| format!("{key}={}", quoted(text))).collect();
        parts.join(", ")
    }

    fn simple(names: &Names) -> String {
        let parts: Vec<String> = names.subject.iter().map(|(_, _, text)| quoted(text)).collect();
        parts.join(", ")
    }

    fn counted(names: &Names, options: SearchOptions) -> Vec<&Alternative> {
        let mut counted: Vec<&Alternative> = Vec::new();
        for alternative in &names.alternatives {
            let kind = std::mem::discriminant(alternative);
            let seen = counted.iter().any(|other| std::mem::discriminant(*other) == kind);
            if options.san_values == SanValues::All || !seen {
                counted.push(alternative);
            }
        }
        counted
    }

    fn text(alternative: &Alternative) -> String {
        match alternative {
            Alternative::Dns(text) | Alternative::Upn(text) => text.clone(),
            Alternative::Directory(key, text) => format!("{key}={}", quoted(text)),
        }
    }

    pub fn matches(criteria: &Criteria, names: &Names, options: SearchOptions) -> bool {
        let counted = counted(names, options);
        match criteria.kind() {
            CriteriaKind::Subject(wanted) => {
                let wanted = wanted.as_str();
                let common = names.subject.iter().any(|(key, _, text)| *key == "CN" && text == wanted);
                let san = counted.iter().any(|alternative| folded(&text(alternative)) == folded(wanted));
                common || simple(names) == wanted || x500(names) == wanted || san
            }
            CriteriaKind::SubjectContains(wanted) => {
                let subject = match options.subject_text {
                    SubjectText::SimpleName => simple(names),
                    SubjectText::X500 => x500(names),
                };
                let searched = options.source == CriteriaSource::CcmSetup;
                let san = || counted.iter().any(|alternative| contains(&text(alternative), wanted.as_str()));
                contains(&subject, wanted.as_str()) || (searched && san())
            }
            CriteriaKind::SubjectAttributes(tests) => tests.iter().all(|test| {
                let equal = |text: &str| test.value().is_none_or(|value| value == text);
                if test.is_subject_alt_name() {
                    return counted.iter().any(|alternative| equal(&text(alternative)));
                }
                let key = ccmcertsel::attribute::printed_key(test.oid()).expect("a key");
                let subject = names.subject.iter().any(|(other, _, text)| *other == key && equal(text));
                let san = counted.iter().any(|alternative| match alternative {
                    Alternative::Directory(other, text) => *other == key && equal(text),
                    _ => false,
                });
                subject || san
            }),
        }
    }
}

/// What a fuzz target runs.
type Body = fn(&[u8]);

#[derive(serde::Deserialize)]
struct Input {
    input: String,
}

/// Every input of the corpora, every one of its beginnings, and every one with a byte left out.
#[test]
fn the_corpora_and_their_damaged_copies_keep_the_promises() {
    let targets: [(&str, Body); 3] = [
        ("criteria/parse.toml", bodies::criteria),
        ("issuers/parse.toml", bodies::issuers),
        ("properties/command-line.toml", bodies::properties),
    ];
    for (path, body) in targets {
        for Input { input } in corpus::<Input>(path) {
            let bytes = input.as_bytes();
            body(bytes);
            for at in 0..bytes.len() {
                body(&bytes[..at]);
                body(&[&bytes[..at], &bytes[at + 1..]].concat());
            }
        }
    }
}

#[test]
fn damaged_names_keep_the_promises() {
    let name = Name::of(&[("C", "US"), ("O", "Contoso, Ltd"), ("CN", "Müller")]);
    let der = name.encode();
    for at in 0..der.len() {
        name_body(&der[..at]);
        for bit in 0..8 {
            let mut damaged = der.clone();
            damaged[at] ^= 1 << bit;
            name_body(&damaged);
        }
    }
}

/// Whatever a fuzzer once found lies in `testdata/regressions/<target>`.
#[test]
fn what_the_fuzzers_found_stays_fixed() {
    let targets: [(&str, Body); 4] = [
        ("criteria", bodies::criteria),
        ("issuers", bodies::issuers),
        ("properties", bodies::properties),
        ("name", name_body),
    ];
    for (target, body) in targets {
        let folder = format!("{}/testdata/regressions/{target}", env!("CARGO_MANIFEST_DIR"));
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            body(&std::fs::read(entry.path()).expect("a file"));
        }
    }
}

/// Work is linear: texts of 100 kB in each shape that could be quadratic would take hours if one were.
#[test]
fn long_texts_are_read_in_linear_time() {
    for piece in [",", ";", "|", "\"", "\"\"", " ", "CN=a,", ", ", "=", "a, ", "CN=a; ", "2.", "CN=\"a\",", "日本"] {
        let long = piece.repeat(100_000 / piece.len());
        for prefix in ["", "CN=", "CN=\"", "SubjectAttr:", "SubjectAttr:CN=", "CCMCERTISSUERS=\""] {
            let text = format!("{prefix}{long}");
            bodies::criteria(text.as_bytes());
            bodies::issuers(text.as_bytes());
            bodies::properties(text.as_bytes());
        }
    }
}

/// Random splices of the corpora, for when no fuzzer is at hand: `cargo test --test main -- --ignored soak`.
#[test]
#[ignore = "takes minutes; the fuzz targets do the same with coverage"]
fn soak() {
    const ROUNDS: usize = 400_000;
    let inputs = |path| corpus::<Input>(path).into_iter().map(|case| case.input.into_bytes()).collect();
    let names = [
        Name::of(&[("C", "US"), ("O", "Contoso, Ltd"), ("CN", "Müller")]).encode(),
        Name::of_kind(StringKind::Bmp, &[("DC", "com"), ("OU", "ß")]).encode(),
        Name(vec![vec![Atv::new("CN", "a"), Atv::new("OU", "b")]]).encode(),
    ];
    let targets: [(Vec<Vec<u8>>, Body); 4] = [
        (inputs("criteria/parse.toml"), bodies::criteria),
        (inputs("issuers/parse.toml"), bodies::issuers),
        (inputs("properties/command-line.toml"), bodies::properties),
        (names.to_vec(), name_body),
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = move |bound: usize| {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits") % bound.max(1)
    };
    for (seeds, body) in targets {
        for _ in 0..ROUNDS {
            let mut input = seeds[below(seeds.len())].clone();
            for _ in 0..1 + below(4) {
                let other = &seeds[below(seeds.len())];
                let (at, from) = (below(input.len() + 1), below(other.len() + 1));
                let to = from + below(other.len() + 1 - from);
                match below(4) {
                    0 => drop(input.splice(at..at, other[from..to].iter().copied())),
                    1 => input.truncate(at),
                    2 if at < input.len() => drop(input.remove(at)),
                    _ if at < input.len() => input[at] ^= 1 << below(8),
                    _ => {}
                }
            }
            body(&input);
        }
    }
}
