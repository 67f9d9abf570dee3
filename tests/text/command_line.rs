//! Command lines, `mobileclient.tcf` and the SSL state.

use super::{Differences, corpus, expect_error};
use ccmcertsel::Properties;
use ccmcertsel::settings::{CngKeys, NameCheck, OnMultiple, Revocation};
use ccmcertsel::text::{MobileClientFile, Property, PropertyNote, SslState};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rule: String,
    input: String,
    prints: Option<String>,
    #[serde(default)]
    unknown: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    similar: Vec<String>,
    error: Option<String>,
    span: Option<[usize; 2]>,
}

fn note(note: &PropertyNote) -> String {
    match note {
        PropertyNote::Dropped { property, .. } => format!("dropped {property}"),
        PropertyNote::Repeated { property, .. } => format!("repeated {property}"),
        PropertyNote::ForeignQuotes { property, .. } => format!("foreign quotes {property}"),
        PropertyNote::HoldsAnother { property, held, .. } => format!("{property} holds {held}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn lines_set_or_fail_as_the_corpus_says() {
    let cases: Vec<Case> = corpus("properties/command-line.toml");
    let mut differences = Differences::default();
    for case in &cases {
        match (case.input.parse::<Properties>(), &case.prints, &case.error) {
            (Ok(properties), Some(prints), None) => {
                let name = &case.name;
                differences.expect(name, "prints", properties.to_string(), prints.clone());
                differences.expect(name, "reads back", prints.parse().ok().as_ref(), Some(&properties));
                let unknown: Vec<&str> = properties.unknown().collect();
                differences.expect(name, "unknown", unknown, case.unknown.iter().map(String::as_str).collect());
                let notes: Vec<String> = properties.notes().iter().map(note).collect();
                differences.expect(name, "notes", &notes, &case.notes);
                let similar: Vec<&str> = properties.unknown_items().iter().filter_map(|item| item.nearest()).collect();
                differences.expect(name, "similar", similar, case.similar.iter().map(String::as_str).collect());
                for item in properties.unknown_items() {
                    assert!(case.input.get(item.span()).is_some());
                }
            }
            (Err(error), None, Some(message)) => {
                expect_error(&mut differences, &case.name, &error, message, case.span.expect("a span"));
                differences.expect(&case.name, "rule", error.rule().id(), case.rule.as_str());
                differences.expect(&case.name, "input", error.input(), case.input.as_str());
            }
            (result, ..) => differences.0.push(format!("{}: {result:?}", case.name)),
        }
    }
    differences.finish(cases.len(), 60);
}

#[test]
fn values_become_settings() {
    let line = "/UsePKICert /NoCRLCheck /CCMPKICERTOPTIONS=0 CCMFIRSTCERT=1 CCMCERTNAMECHECK=0 FSP=fsp1 \
                CCMCERTSTORE=ConfigMgr SMSSITECODE=ABC SMSROOTKEYPATH=C:\\k.txt SMSPublicRootKey=0602 SMSSIGNCERT=C:\\s.cer \
                 RESETKEYINFORMATION=TRUE CCMHTTPSSTATE=63 CCMLOGLEVEL=1";
    let properties: Properties = line.parse().expect("a line");
    assert!(properties.uses_pki_cert());
    assert!(properties.resets_key_information());
    assert_eq!(properties.revocation(), Some(Revocation::Off));
    assert_eq!(properties.cng_keys(), Some(CngKeys::Off));
    assert_eq!(properties.on_multiple(), Some(OnMultiple::SelectLongest));
    assert_eq!(properties.name_check(), Some(NameCheck::Waived));
    assert_eq!(properties.fallback_status_point(), Some("fsp1"));
    assert_eq!(properties.store(), Some("ConfigMgr"));
    assert_eq!(properties.site_code(), Some("ABC"));
    assert_eq!(properties.root_key_path(), Some("C:\\k.txt"));
    assert_eq!(properties.public_root_key(), Some("0602"));
    assert_eq!(properties.sign_cert(), Some("C:\\s.cer"));
    for property in Property::ALL {
        let stated = !matches!(property, Property::CertSel | Property::CertIssuers);
        assert_eq!(properties.value_text(*property).is_some(), stated, "{property}");
    }
}

#[test]
fn properties_merge_one_by_one() {
    let upper: Properties = "CCMCERTSTORE=a FSP=x".parse().expect("a line");
    let lower: Properties = "CCMCERTSTORE=b SMSSITECODE=ABC OTHER=1".parse().expect("a line");
    assert_eq!(upper.over(lower).to_string(), "CCMCERTSTORE=a FSP=x SMSSITECODE=ABC OTHER=1");
}

const FILE: &str = "; written by the site\r\n[Client Install]\r\nInstall=INSTALL=ALL SMSSITECODE=ABC CCMFIRSTCERT=1\r\n\r\n\
                    [Site]\r\nno key here\r\nCertificateIssuers=CN=Größe Root CA; O=Contoso, Ltd | CN=Litware\r\n\
                    SMSPublicRootKey=0602000000A4\r\n";

fn check_file(bytes: &[u8]) {
    let file = MobileClientFile::parse(bytes);
    let stated = file.properties().expect("properties");
    assert_eq!(stated.issuers().expect("a list").to_string(), "CN=Größe Root CA; O=Contoso, Ltd | CN=Litware");
    assert_eq!(file.public_root_key(), Some("0602000000A4"));
    assert_eq!(file.entries().len(), 3);
    assert_eq!(file.entries()[1].section(), "Site");
    let properties = file.properties().expect("properties");
    let expected = "CCMCERTISSUERS=\"CN=Größe Root CA; O=Contoso, Ltd | CN=Litware\" CCMFIRSTCERT=1 SMSSITECODE=ABC \
                    SMSPublicRootKey=0602000000A4 INSTALL=ALL";
    assert_eq!(properties.to_string(), expected);
}

#[test]
fn the_file_of_the_site_is_read_in_every_encoding() {
    check_file(FILE.as_bytes());
    check_file(FILE.replace("\r\n", "\n").as_bytes());
    check_file(&[b"\xef\xbb\xbf", FILE.as_bytes()].concat());
    let utf16 = |bytes: fn(u16) -> [u8; 2]| FILE.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    check_file(&[b"\xff\xfe".to_vec(), utf16(u16::to_le_bytes)].concat());
    check_file(&[b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat());
    let ansi: Vec<u8> = FILE.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    check_file(&ansi);
}

#[test]
fn code_page_1252_has_characters_where_latin_1_has_controls() {
    let file = MobileClientFile::parse(b"CertificateIssuers=CN=\x84\xe4\x93 \x80\r\n");
    assert_eq!(file.get("certificateissuers"), Some("CN=„ä“ €"));
}

#[test]
fn an_error_in_the_file_is_placed_in_the_file() {
    let file = MobileClientFile::parse(b"[Site]\r\nCertificateIssuers=CN=a | Litware\r\n");
    let error = file.properties().unwrap_err();
    assert_eq!(error.input().get(error.span()), Some("Litware"));
    assert!(error.annotated().starts_with("CertificateIssuers=CN=a | Litware\n                          ^^^^^^^\n"));
    // I-2: an empty list in the file is an error; only a client.msi property can mean "no list".
    let empty = MobileClientFile::parse(b"CertificateIssuers=\r\n").properties().unwrap_err();
    assert_eq!(empty.rule().id(), "I-2");
    assert_eq!(MobileClientFile::parse(b"Other=1\r\n").properties(), Ok(Properties::new()));
}

#[test]
fn the_lines_of_the_file_stand_with_section_key_and_value() {
    let file = MobileClientFile::parse(b"First=1\r\n[ Site ]\r\n; a=comment\r\n Key = two = 2 \r\nno value\r\nEmpty=");
    let line = |entry| {
        let entry: &ccmcertsel::text::MobileClientEntry = entry;
        (entry.section(), entry.key(), file.value(entry))
    };
    let lines: Vec<_> = file.entries().iter().map(line).collect();
    assert_eq!(lines, [("", "First", "1"), ("Site", "Key", "two = 2"), ("Site", "Empty", "")]);
    assert_eq!((file.get("key"), file.get("no value")), (Some("two = 2"), None));
}

/// blanks end a value; what follows it is a word of it more often than a property.
#[test]
fn q1_words_behind_a_value_without_quotes_are_cut_off() {
    let cut_off = |line: &str| -> Vec<bool> {
        let properties: Properties = line.parse().expect("properties");
        properties.unknown_items().iter().map(|unknown| unknown.is_cut_off()).collect()
    };
    assert_eq!(cut_off("SMSSITECODE=Head Office Zürich"), [true, true], "one word behind the other");
    assert_eq!(cut_off("SMSSITECODE=P01 CCM_X1 2nd"), [false, false], "a property stands alone, and ends it");
    assert_eq!(cut_off("SMSSITECODE=P01 /other -other A=b"), [false, false, false]);
    assert_eq!(cut_off("Head Office"), [false, false], "behind no value");
}

#[test]
fn quotes_round_a_whole_value_are_the_files() {
    let file = MobileClientFile::parse(b"CertificateIssuers=\"CN=a; O=b\"\r\n");
    assert_eq!(file.properties().expect("properties").issuers().expect("a list").to_string(), "CN=a; O=b");
}

#[test]
fn ssl_states_seen_in_the_field_say_what_they_mean() {
    let seen = [
        "31: https only",
        "63: https only, crl check",
        "95: https only, fallback to http",
        "127: https only, fallback to http, crl check",
        "192: http allowed",
        "224: http allowed, crl check",
        "448: http allowed, pki certificate when available",
        "480: http allowed, crl check, pki certificate when available",
        "1216: http allowed, enhanced http",
        "1248: http allowed, crl check, enhanced http",
        "1504: http allowed, crl check, pki certificate when available, enhanced http",
    ];
    for text in seen {
        let number = text.split(':').next().expect("a number");
        assert_eq!(number.parse::<SslState>().expect("a state").to_string(), text);
    }
    assert_eq!("0x3F".parse(), Ok(SslState::new(63)));
    assert_eq!(SslState::new(0).to_string(), "0");
    assert_eq!(SslState::new(0x241).to_string(), "577: fallback to http (unknown bits 0x201)");
    for wrong in ["", "x", "-1", "+1", "0x", "4294967296", "63 64"] {
        let error = wrong.parse::<SslState>().unwrap_err();
        let expected = format!("`{wrong}` is not an SSL state: write a number such as 63 or 0x3F (Q-3)");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn q4_an_error_in_a_row_of_a_file_is_placed_in_the_row() {
    let row = "CertificateIssuers=CN=a | Litware";
    let error = Properties::parse(row, ccmcertsel::settings::IssuerSyntax::Documented).unwrap_err();
    assert_eq!(error.input().get(error.span()), Some("Litware"));
}
