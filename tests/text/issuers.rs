//! Issuers lists: the corpus of texts, the corpus of matches, and lists made from certificates.

use super::{Differences, build_name, corpus, expect_error};
use crate::support::pki::{Cert, Key, Name};
use ccmcertsel::check::{IssuerCandidate, IssuersNearMiss};
use ccmcertsel::settings::{IssuerMatch, IssuerSyntax};
use ccmcertsel::text::{CriteriaKind, Issuer};
use ccmcertsel::{Certificate, Criteria, IssuersList};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ParseCase {
    name: String,
    rule: String,
    input: String,
    syntax: Option<String>,
    prints: Option<String>,
    #[serde(default)]
    entries: Vec<Vec<String>>,
    #[serde(default)]
    comma_separated: Vec<usize>,
    error: Option<String>,
    span: Option<[usize; 2]>,
}

fn syntax(text: Option<&str>) -> IssuerSyntax {
    text.map_or(IssuerSyntax::Documented, |text| text.parse().expect("a syntax"))
}

fn plain(entry: &Issuer) -> Vec<String> {
    let Issuer::Attributes(listed) = entry else {
        panic!("text gives attributes");
    };
    listed.iter().map(ToString::to_string).collect()
}

#[test]
fn texts_are_read_or_fail_as_the_corpus_says() {
    let cases: Vec<ParseCase> = corpus("issuers/parse.toml");
    let mut differences = Differences::default();
    for case in &cases {
        let parsed = IssuersList::parse(&case.input, syntax(case.syntax.as_deref()));
        match (parsed, &case.prints, &case.error) {
            (Ok(list), Some(prints), None) => {
                let entries: Vec<Vec<String>> = list.iter().map(plain).collect();
                differences.expect(&case.name, "entries", &entries, &case.entries);
                differences.expect(&case.name, "prints", list.to_string(), prints.clone());
                differences.expect(&case.name, "commas", list.comma_separated(), &case.comma_separated[..]);
                for reading in IssuerSyntax::ALL {
                    let again = IssuersList::parse(prints, *reading).ok();
                    differences.expect(&case.name, "reads back", again.as_ref(), Some(&list));
                }
            }
            (Err(error), None, Some(message)) => {
                expect_error(&mut differences, &case.name, &error, message, case.span.expect("a span"));
                differences.expect(&case.name, "rule", error.rule().id(), case.rule.as_str());
                differences.expect(&case.name, "result code", error.hresult(), None);
            }
            (result, ..) => differences.0.push(format!("{}: {result:?}", case.name)),
        }
    }
    differences.finish(cases.len(), 100);
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchCase {
    name: String,
    #[serde(rename = "rule")]
    _rule: String,
    issuers: String,
    subject: Vec<String>,
    mode: Option<String>,
    syntax: Option<String>,
    matches: bool,
    near_miss: Option<String>,
}

fn root_with_subject(rdns: &[String]) -> Certificate {
    let mut cert = Cert::ca(Name::empty(), Key::Toy(1));
    cert.subject = build_name(rdns);
    let der = cert.self_sign();
    Certificate::from_der(&der).expect("a certificate")
}

#[test]
fn roots_match_or_nearly_as_the_corpus_says() {
    let cases: Vec<MatchCase> = corpus("issuers/match.toml");
    let mut differences = Differences::default();
    for case in &cases {
        let list = IssuersList::parse(&case.issuers, syntax(case.syntax.as_deref())).expect("a list");
        let mode = case.mode.as_deref().map_or(IssuerMatch::default(), |mode| mode.parse().expect("a mode"));
        let root = root_with_subject(&case.subject);
        let candidate = IssuerCandidate::new(&root);
        let position = list.position(&candidate, mode);
        differences.expect(&case.name, "matches", position.is_some(), case.matches);
        if position.is_none() {
            let near = list.near_miss(&candidate, mode).map(|near| near.code().to_owned());
            differences.expect(&case.name, "near miss", near, case.near_miss.clone());
        }
    }
    differences.finish(cases.len(), 40);
}

fn root(subject: &str, key: u32, serial: i128) -> Certificate {
    let der = Cert::ca(subject, Key::Toy(key)).serial(serial).self_sign();
    Certificate::from_der(&der).expect("a certificate")
}

#[test]
fn a_certificate_on_the_list_compares_name_and_key() {
    let listed = root("C=US; O=Contoso; CN=Contoso Root CA", 1, 1);
    let list = IssuersList::from_certificates([&listed]).expect("one root");
    let position =
        |certificate: &Certificate| list.position(&IssuerCandidate::new(certificate), IssuerMatch::default());

    assert_eq!(position(&listed), Some(0));
    assert_eq!(list.renewals([&listed]).count(), 0);

    // I-11: renewed with the same name and key.
    let renewed = root("C=US; O=Contoso; CN=Contoso Root CA", 1, 2);
    assert_eq!(position(&renewed), Some(0));
    let renewals: Vec<_> = list.renewals([&listed, &renewed]).collect();
    assert_eq!(renewals, [(listed.thumbprint(), renewed.thumbprint())]);

    // I-6: the same name with another key is another root.
    let other = root("C=US; O=Contoso; CN=Contoso Root CA", 2, 1);
    assert_eq!(position(&other), None);
    let near = list.near_miss(&IssuerCandidate::new(&other), IssuerMatch::default());
    assert!(matches!(near, Some(IssuersNearMiss::SameNameOtherKey { .. })), "{near:?}");

    // The same name in another string type and case is the same name (RFC 5280, section 7.1).
    let bmp = root("C=US; O=contoso; CN:bmp=Contoso Root CA", 1, 3);
    assert_eq!(position(&bmp), Some(0));
}

#[test]
fn a_list_of_certificates_prints_as_a_site_writes_it() {
    let contoso = root("C=US; O=Contoso, Ltd; OU=Servers; CN=Contoso Root CA", 1, 1);
    let litware = root("O=Litware, Inc.; CN=Litware Corporate Root CA", 2, 1);
    let list = IssuersList::from_certificates([&contoso, &litware]).expect("two roots");
    let text = list.to_string();
    let documented =
        "CN=Contoso Root CA; OU=Servers; O=Contoso, Ltd; C=US | CN=Litware Corporate Root CA; O=Litware, Inc.";
    assert_eq!(text, documented);
    let read: IssuersList = text.parse().expect("a list");
    for (index, certificate) in [&contoso, &litware].into_iter().enumerate() {
        let candidate = IssuerCandidate::new(certificate);
        assert_eq!(read.position(&candidate, IssuerMatch::WholeName), Some(index));
    }
}

#[test]
fn a_list_of_nothing_is_no_list() {
    assert_eq!(IssuersList::from_certificates([]), None);
    assert_eq!(IssuersList::new([]), None);
    assert_eq!(IssuersList::new([Issuer::Attributes([].into())]), None);
}

/// A site may list a hundred CAs: of a long line sixty characters are shown on either side, and the place stays marked.
#[test]
fn an_error_in_a_long_list_is_shown_in_its_surroundings() {
    let (before, after) = ("a".repeat(200), "b".repeat(200));
    let error = format!("CN={before} | Litware | CN={after}").parse::<IssuersList>().unwrap_err();
    let annotated = error.annotated();
    let [line, marks, message] = annotated.lines().collect::<Vec<_>>()[..] else {
        panic!("{annotated}");
    };
    let (seen_before, seen_after) = (&before[..57], &after[..54]);
    assert_eq!(line, format!("...{seen_before} | Litware | CN={seen_after}..."));
    assert_eq!(marks, format!("{:63}^^^^^^^", ""));
    assert_eq!(message, error.to_string());
}

/// A list that is asked often finds by content what it found by a look at each entry: the first of several, those but for
/// the case (I-4), and those but for the key (I-6).
#[test]
fn a_list_that_is_asked_often_answers_alike() {
    let ca = |text: &str, key: u32| Certificate::from_der(&Cert::ca(text, Key::Toy(key)).self_sign()).unwrap();
    let roots: Vec<Certificate> =
        (0..30).map(|number| ca(&format!("O=Listed; CN=Root {}", number % 20), number)).collect();
    let by_certificate = IssuersList::from_certificates(&roots).unwrap();
    let text = (0..40).map(|number| match number % 4 {
        0 => format!("CN=Root {number}; O=Contoso"),
        1 => format!("CN=ROOT {number}; O=CONTOSO"),
        2 => "O=Contoso".to_owned(),
        _ => format!("CN=Root {}", number - 3),
    });
    let by_text: IssuersList = text.collect::<Vec<_>>().join(" | ").parse().unwrap();
    let mixed = IssuersList::new(by_text.iter().chain(by_certificate.iter()).cloned()).unwrap();
    let names = |number: u32| {
        [format!("O=Contoso; CN=Root {number}"), format!("O=Listed; CN=Root {number}"), format!("CN=root {number}")]
    };
    let asked: Vec<Certificate> =
        (0..40).flat_map(|number| names(number).map(|name| ca(&name, number * 7 % 35))).chain(roots.clone()).collect();
    let mut kinds = std::collections::BTreeSet::new();
    for list in [by_text, by_certificate, mixed] {
        for certificate in &asked {
            let candidate = IssuerCandidate::new(certificate);
            for mode in IssuerMatch::ALL {
                let fresh = IssuersList::new(list.iter().cloned()).unwrap();
                let position = fresh.position(&candidate, *mode);
                assert_eq!(list.position(&candidate, *mode), position, "{}", candidate.subject());
                let fresh = IssuersList::new(list.iter().cloned()).unwrap();
                let near = fresh.near_miss(&candidate, *mode);
                assert_eq!(list.near_miss(&candidate, *mode), near, "{}", candidate.subject());
                kinds.insert((position.is_some(), near.map(|near| near.code())));
            }
        }
    }
    assert!(kinds.len() >= 4, "{kinds:?}");
}

/// Settings are copied for every reading of R-5: a text of megabytes is there once.
#[test]
fn copies_of_settings_share_their_texts() {
    let list: IssuersList = "CN=Root".parse().unwrap();
    assert!(std::ptr::eq(list.iter().as_slice(), list.clone().iter().as_slice()));
    let criteria: Criteria = "Subject:PC1".parse().unwrap();
    let CriteriaKind::Subject(text) = criteria.kind() else { panic!("criteria") };
    assert!(std::ptr::eq(text.as_str(), text.clone().as_str()));
}
