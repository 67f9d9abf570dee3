//! The small languages against their corpora, their laws and an independent printer of names.

mod command_line;
mod criteria;
mod issuers;
mod laws;
mod lints;
mod names;
mod openssl;
mod resolve;
mod wrappings;

use crate::support::name::{Atv, Name, StringKind};
use ccmcertsel::{DistinguishedName, GeneralName, Oid, ParseError};
use serde::de::DeserializeOwned;

#[derive(serde::Deserialize)]
struct Corpus<T> {
    case: Vec<T>,
}

/// The cases of a corpus under `testdata`.
fn corpus<T: DeserializeOwned>(path: &str) -> Vec<T> {
    let path = format!("{}/testdata/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let corpus: Corpus<T> = toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    corpus.case
}

/// Collects what differs over a whole corpus, so that one run shows all of it.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn expect<T: PartialEq + std::fmt::Debug>(&mut self, case: &str, what: &str, actual: T, expected: T) {
        if actual != expected {
            self.0.push(format!("{case}: {what}\n    is       {actual:?}\n    expected {expected:?}"));
        }
    }

    fn finish(self, cases: usize, at_least: usize) {
        assert!(cases >= at_least, "{cases} cases, of at least {at_least}");
        assert!(self.0.is_empty(), "{} differences\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// Checks an error against its message and place, and that its caret view holds both.
fn expect_error(differences: &mut Differences, case: &str, error: &ParseError, message: &str, span: [usize; 2]) {
    differences.expect(case, "message", error.to_string(), message.to_owned());
    differences.expect(case, "span", [error.span().start, error.span().end], span);
    crate::fuzz_bodies::text::check_error(error, error.input());
}

/// A name from its RDNs in encoded order: `CN=x`, `CN:bmp=x`, `CN:raw=x`, `CN=x + OU=y`.
fn name(rdns: &[String]) -> DistinguishedName {
    DistinguishedName::from_der(&build_name(rdns).encode()).expect("a name")
}

fn build_name(rdns: &[String]) -> Name {
    let attribute = |pair: &str| {
        let (key, value) = pair.split_once('=').expect("KEY=VALUE");
        match key.split_once(':') {
            None => Atv::new(key, value),
            Some((key, "raw")) => Atv::of_kind(key, StringKind::Tag(4), value),
            Some((key, "bmp")) => Atv::of_kind(key, StringKind::Bmp, value),
            Some((key, "universal")) => Atv::of_kind(key, StringKind::Universal, value),
            Some((key, "teletex")) => Atv::of_kind(key, StringKind::Teletex, value),
            Some((key, "printable")) => Atv::of_kind(key, StringKind::Printable, value),
            Some((key, "ia5")) => Atv::of_kind(key, StringKind::Ia5, value),
            Some((_, kind)) => panic!("{kind} is no string type"),
        }
    };
    Name(rdns.iter().map(|rdn| rdn.split(" + ").map(attribute).collect()).collect())
}

/// A SAN value: `dns:pc1`, `upn:..`, `email:..`, `uri:..`, `ip:..`, `rid:1.2.3`, `dir:O=x; CN=y`, `other:1.2.3`.
fn general_name(text: &str) -> GeneralName {
    let (kind, value) = text.split_once(':').expect("KIND:VALUE");
    let value_text = value.to_owned();
    let oid = |text: &str| text.parse::<Oid>().expect("an object identifier");
    match kind {
        "dns" => GeneralName::Dns(value_text),
        "upn" => GeneralName::Upn(value_text),
        "email" => GeneralName::Rfc822(value_text),
        "uri" => GeneralName::Uri(value_text),
        "rid" => GeneralName::RegisteredId(oid(value)),
        "other" => GeneralName::Other(oid(value), vec![5, 0]),
        "dir" => {
            let rdns: Vec<String> = value.split("; ").map(str::to_owned).collect();
            GeneralName::Directory(name(&rdns))
        }
        "ip" => match value.parse().expect("an address") {
            std::net::IpAddr::V4(address) => GeneralName::Ip(address.octets().to_vec()),
            std::net::IpAddr::V6(address) => GeneralName::Ip(address.octets().to_vec()),
        },
        _ => panic!("{kind} is no kind of general name"),
    }
}
