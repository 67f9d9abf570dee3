//! Names: decoding, the three strings, errors (rules A-1 to A-3, C-4, C-7).

use super::{general_name, name};
use crate::support::der::{oid, seq, set, tlv};
use crate::support::pki::{Cert, Key, Name, San, extension};
use ccmcertsel::name::{AttributeValue, StringType};
use ccmcertsel::name::{contains_folded, eq_folded, fold};
use ccmcertsel::{Certificate, DistinguishedName, Oid, attribute};

fn named(rdns: &[&str]) -> DistinguishedName {
    let rdns: Vec<String> = rdns.iter().map(|rdn| (*rdn).to_owned()).collect();
    name(&rdns)
}

fn with_value(value: Vec<u8>) -> DistinguishedName {
    let der = seq(&[set(&[seq(&[oid("2.5.4.3"), value])])]);
    DistinguishedName::from_der(&der).expect("a name")
}

#[test]
fn every_string_type_decodes() {
    let utf16: Vec<u8> = "Ärger 𝄞".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let utf32: Vec<u8> = "Ärger 𝄞".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    let cases: [(u8, &[u8], StringType, &str); 9] = [
        (12, "Ärger 𝄞".as_bytes(), StringType::Utf8, "Ärger 𝄞"),
        (18, b"0123 45", StringType::Numeric, "0123 45"),
        (19, b"Contoso", StringType::Printable, "Contoso"),
        (19, b"pc1@contoso", StringType::Printable, "pc1@contoso"),
        (20, b"\xc4rger", StringType::Teletex, "Ärger"),
        (22, b"pc1@contoso.com", StringType::Ia5, "pc1@contoso.com"),
        (26, b"visible", StringType::Visible, "visible"),
        (28, &utf32, StringType::Universal, "Ärger 𝄞"),
        (30, &utf16, StringType::Bmp, "Ärger 𝄞"),
    ];
    for (tag, content, string_type, text) in cases {
        let name = with_value(tlv(tag, content));
        let attribute = name.attributes().next().expect("an attribute");
        assert_eq!(attribute.value().as_text(), Some(text));
        let decoded =
            matches!(attribute.value(), AttributeValue::Text { string_type: found, .. } if *found == string_type);
        assert!(decoded, "{:?}", attribute.value());
        assert_eq!(name.to_x500_string(), format!("CN={text}"));
    }
}

#[test]
fn what_does_not_decode_stays_raw() {
    let cases: [(u8, &[u8], &str); 7] = [
        (4, b"ab", "#04026162"),
        (12, b"\xff", "#0C01FF"),
        (19, b"\xe4", "#1301E4"),
        (22, b"\xe4", "#1601E4"),
        (28, b"\0\0\0", "#1C03000000"),
        (28, b"\0\x11\0\0", "#1C0400110000"),
        (30, b"\xd8\x00", "#1E02D800"),
    ];
    for (tag, content, printed) in cases {
        let name = with_value(tlv(tag, content));
        assert_eq!(name.to_x500_string(), format!("CN={printed}"));
        assert_eq!(name.to_simple_name(), printed);
        assert_eq!(name.common_names().next(), None);
    }
}

#[test]
fn names_print_in_three_forms() {
    let name = named(&["DC=com", "DC=contoso", "OU=Computers + L=Redmond", "CN=PC1"]);
    assert_eq!(name.to_x500_string(), "CN=PC1, OU=Computers + L=Redmond, DC=contoso, DC=com");
    assert_eq!(name.to_log_string(), "CN=PC1; OU=Computers + L=Redmond; DC=contoso; DC=com");
    assert_eq!(name.to_simple_name(), "com, contoso, Computers + Redmond, PC1");
    assert_eq!(DistinguishedName::default().to_x500_string(), "");
    assert!(named(&[]).is_empty());
}

#[test]
fn values_are_quoted_where_a_2_says() {
    let cases = [
        ("plain", "plain"),
        ("", "\"\""),
        (" a", "\" a\""),
        ("a ", "\"a \""),
        ("a b", "a b"),
        ("a,b", "\"a,b\""),
        ("a+b", "\"a+b\""),
        ("a=b", "\"a=b\""),
        ("a\"b", "\"a\"\"b\""),
        ("\"", "\"\"\"\""),
        ("a\nb", "\"a\nb\""),
        ("a<b", "\"a<b\""),
        ("a>b", "\"a>b\""),
        ("#a", "\"#a\""),
        ("a#b", "\"a#b\""),
        ("a;b", "\"a;b\""),
        ("a\\b", "a\\b"),
        ("a/b:c[d]", "a/b:c[d]"),
    ];
    for (value, printed) in cases {
        let name = DistinguishedName::from_der(&Name::of(&[("CN", value)]).encode()).expect("a name");
        assert_eq!(name.to_x500_string(), format!("CN={printed}"), "{value:?}");
        assert_eq!(name.to_simple_name(), printed); // C-4: Windows quotes in this form too
    }
}

/// What CertNameToStr gave for CERT_SIMPLE_NAME_STR, on certificates of public suites where these are present.
#[test]
fn c4_simple_names_are_those_of_a_windows_compatible_implementation() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let Ok(pairs) = std::fs::read_to_string(shared.join("spec/names.tsv")) else {
        return;
    };
    let mut compared = 0;
    for line in pairs.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (file, expected) = line.split_once('\t').expect("a file and a name");
        let Ok(der) = std::fs::read(shared.join("suites/real-certs").join(file)) else { continue };
        let certificate = Certificate::from_der(&der).unwrap_or_else(|error| panic!("{file}: {error}"));
        let expected = expected.replace("\\n", "\n").replace("\\t", "\t");
        assert_eq!(certificate.subject().to_simple_name(), expected, "{file}");
        compared += 1;
    }
    println!("{compared} names");
    assert!(compared > 70, "only {compared} names were compared");
}

/// What that implementation showed, made anew (C-4).
#[test]
fn c4_simple_names_quote_values_and_join_those_of_an_rdn() {
    let cases: [(&[&str], &str); 7] = [
        (&["C=US", "O=Contoso, Ltd", "CN=PC1"], r#"US, "Contoso, Ltd", PC1"#),
        (&["C=US", "CN=Test User 52 + SERIALNUMBER=8300"], "US, Test User 52 + 8300"),
        (&["DC=com + O=a+b", "CN=PC1"], r#"com + "a+b", PC1"#),
        (&["CN=PC1 \"kiosk\""], r#""PC1 ""kiosk""""#),
        (&["CN=", "O=Contoso"], r#""", Contoso"#),
        (&["CN= PC1"], r#"" PC1""#),
        (&["E=pc1@contoso.com", "CN=AB/PC1 - (x)"], "pc1@contoso.com, AB/PC1 - (x)"),
    ];
    for (rdns, simple) in cases {
        assert_eq!(named(rdns).to_simple_name(), simple, "{rdns:?}");
    }
}

#[test]
fn every_key_of_the_table_prints_as_the_table_says() {
    for row in attribute::TABLE {
        let oid = ccmcertsel::Oid::from_bytes(row.oid_bytes()).expect("an object identifier");
        let label = row.printed_key().map_or_else(|| format!("OID.{oid}"), str::to_owned);
        let pair = format!("{oid}=x");
        assert_eq!(named(&[&pair]).to_x500_string(), format!("{label}=x"));
        for key in row.keys() {
            for spelled in [key.to_lowercase(), key.to_uppercase()] {
                assert_eq!(attribute::oid_of(&spelled).as_ref(), Some(&oid), "{spelled}");
            }
        }
        assert_eq!(attribute::oid_of(&oid.to_string()).as_ref(), Some(&oid));
    }
    assert_eq!(attribute::TABLE.len(), 15);
    assert_eq!(named(&["1.2.3.4=x"]).to_x500_string(), "OID.1.2.3.4=x");
}

#[test]
fn object_identifiers_of_any_width_print_what_reads_back() {
    let wide = format!("2.5.{}", "9".repeat(200));
    let wide_first = format!("2.1{}", "0".repeat(150));
    for text in [
        "0.0",
        "0.39",
        "1.39.128",
        "2.0",
        "2.47",
        "2.48",
        "1.15.10809946675720828336390210917729902264319",
        // 80 is added to the second arc, which here still fits 128 bits, and here no longer.
        "2.340282366920938463463374607431768211375",
        "2.340282366920938463463374607431768211376",
        "2.340282366920938463463374607431768211456.1",
        &wide,
        &wide_first,
    ] {
        let oid: Oid = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(oid.to_string(), text);
        assert_eq!(Oid::from_bytes(oid.as_bytes()), Some(oid));
    }
    let beyond = format!("2.5.1{}", "0".repeat(200));
    for text in ["", "1", "1.", "0.40", "1.40", "1.168", "3.1", "1.2.01", "1.2.-1", "1.2.+1", &wide_first[1..], &beyond]
    {
        assert!(text.parse::<Oid>().is_err(), "{text}");
    }
}

#[test]
fn an_rdn_without_attributes_says_nothing_as_in_windows() {
    let common_name = |value: &[u8]| set(&[seq(&[tlv(6, b"\x55\x04\x03"), tlv(12, value)])]);
    for rdns in [
        vec![set(&[]), common_name(b"PC1")],
        vec![common_name(b"PC1"), set(&[])],
        vec![set(&[]), set(&[]), common_name(b"PC1"), set(&[])],
    ] {
        let name = DistinguishedName::from_der(&seq(&rdns)).unwrap();
        assert_eq!((name.to_x500_string().as_str(), name.rdns().count()), ("CN=PC1", 1));
    }
    assert!(DistinguishedName::from_der(&seq(&[set(&[])])).unwrap().is_empty());
}

#[test]
fn damage_is_placed() {
    let good = Name::cn("PC1").encode();
    let error = DistinguishedName::from_der(&good[..good.len() - 1]).unwrap_err();
    assert_eq!((error.offset(), error.to_string().starts_with("name is malformed: truncated at byte 0")), (0, true));
    let trailing = [good.clone(), vec![0]].concat();
    assert_eq!(DistinguishedName::from_der(&trailing).unwrap_err().offset(), good.len());
    let bad_oid = seq(&[set(&[seq(&[tlv(6, b"\x80\x01"), tlv(12, b"x")])])]);
    assert_eq!(DistinguishedName::from_der(&bad_oid).unwrap_err().offset(), 6);
    let many: Vec<Vec<u8>> = (0..1025).map(|_| set(&[seq(&[oid("2.5.4.3"), tlv(12, b"x")])])).collect();
    assert!(DistinguishedName::from_der(&seq(&many)).is_err());
    assert!(DistinguishedName::from_der(&seq(&many[..1024])).is_ok());
}

#[test]
fn folding_is_simple_folding() {
    assert_eq!(fold("Straße İ ΣΑΣ ς ſ \u{212a}"), "straße İ σασ σ s k");
    assert!(eq_folded("ẞ", "ß") && !eq_folded("ss", "ß"));
    assert!(contains_folded("PC1.CONTOSO.com", "contoso") && contains_folded("x", ""));
    assert!(!contains_folded("", "x") && !contains_folded("ab", "abc"));
    let long = "ab".repeat(400) + "ABC";
    assert!(contains_folded(&long, "babc") && !contains_folded(&long, "abcd"));
    for end in 0..long.len() {
        assert!(contains_folded(&long, &long[end..]));
    }
}

fn leaf(subject: &str, san: &[San]) -> Certificate {
    let cert = Cert::client(subject, Key::Toy(2)).with(extension::san(san));
    Certificate::from_der(&cert.sign(Key::Toy(1))).expect("a certificate")
}

#[test]
fn issued_to_is_the_first_dns_name_else_the_common_name() {
    let both = leaf("CN=PC1", &[San::upn("pc1$@contoso.com"), San::dns("a.contoso.com"), San::dns("b.contoso.com")]);
    assert_eq!(both.issued_to(), "a.contoso.com");
    assert_eq!(leaf("CN=PC1", &[San::upn("pc1$@contoso.com")]).issued_to(), "PC1");
    assert_eq!(leaf("O=Contoso", &[San::upn("pc1$@contoso.com")]).issued_to(), "");
}

#[test]
fn alternative_names_print_as_text() {
    let cases = [
        ("dns:pc1.contoso.com", "pc1.contoso.com"),
        ("email:pc1@contoso.com", "pc1@contoso.com"),
        ("uri:http://contoso.com/", "http://contoso.com/"),
        ("ip:10.0.0.1", "10.0.0.1"),
        ("ip:2001:db8::1", "2001:db8::1"),
        ("dir:O=Contoso, Ltd; CN=PC1", "CN=PC1, O=\"Contoso, Ltd\""),
        ("rid:1.2.3.4", "1.2.3.4"),
        ("upn:pc1$@contoso.com", "pc1$@contoso.com"),
        ("other:1.2.3.4", "#0500"),
    ];
    for (value, printed) in cases {
        assert_eq!(general_name(value).to_string(), printed);
    }
}
