//! A scenario -> certificates, CRLs and settings.
//!
//! Every scenario stands on the usual PKI: `root` (CN=Contoso Root CA, in ROOT), `issuing` (CN=Contoso Issuing CA, in CA,
//! issued by `root`), and a current CRL of each CA. Naming one of them again replaces it.

use super::format::{Case, CertCase, CrlCase};
use crate::support::der::{null, oid, seq};
use crate::support::extension::{self, GeneralSubtree, IssuingPoint};
use crate::support::pki::*;
use std::collections::BTreeMap;

pub const CDP: &str = "http://crl.contoso.com/a.crl";

/// One entry of a store, in the order of the scenario.
pub struct BuiltEntry {
    pub name: String,
    pub store: String,
    pub der: Vec<u8>,
}

/// The bytes of a scenario.
pub struct Built {
    pub entries: Vec<BuiltEntry>,
    pub crls: Vec<Vec<u8>>,
    /// Every certificate by name, whether or not it is in a store; and of each CA the last CRL, as `NAME.crl`.
    pub by_name: BTreeMap<String, Vec<u8>>,
}

impl Built {
    fn add_crl(&mut self, issuer: &str, der: Vec<u8>) {
        self.by_name.insert(format!("{issuer}.crl"), der.clone());
        self.crls.push(der);
    }
}

fn date(text: &str) -> i64 {
    if text.contains('T') { instant(text) } else { instant(&format!("{text}T00:00:00Z")) }
}

fn usual(name: &str) -> CertCase {
    let (subject, issuer, store) = match name {
        "root" => ("DC=com; DC=contoso; CN=Contoso Root CA", "self", "ROOT"),
        _ => ("DC=com; DC=contoso; CN=Contoso Issuing CA", "root", "CA"),
    };
    CertCase {
        name: name.into(),
        subject: Some(subject.into()),
        issuer: Some(issuer.into()),
        store: Some(store.into()),
        ca: true,
        ..CertCase::default()
    }
}

fn key(text: &str) -> Key {
    let (kind, number) = text.rsplit_once('-').unwrap_or((text, "0"));
    let number: u32 = number.parse().unwrap_or_else(|_| panic!("key `{text}`"));
    match kind {
        "rsa2048" => Key::Rsa2048(number as u8),
        "rsa1024" => Key::Rsa1024(number as u8),
        "rsa512" => Key::Rsa512(number as u8),
        "p256" => Key::P256(number),
        "ed25519" => Key::Ed25519(number),
        "unknown" => Key::Unknown(number),
        _ => panic!("key `{text}`"),
    }
}

fn hash(text: Option<&str>) -> Hash {
    match text {
        None => Hash::Sha256,
        Some("sha1") => Hash::Sha1,
        Some("md5") => Hash::Md5,
        Some("sha384") => Hash::Sha384,
        Some("sha512") => Hash::Sha512,
        Some(other) => panic!("hash `{other}`"),
    }
}

fn purpose(text: &str) -> &str {
    match text {
        "client" => extension::CLIENT_AUTH,
        "server" => extension::SERVER_AUTH,
        "any" => extension::ANY_EKU,
        other => other,
    }
}

pub fn purposes(list: &[String]) -> Vec<&str> {
    list.iter().map(|one| purpose(one)).collect()
}

pub fn general_name(text: &str) -> San {
    let (kind, value) = text.split_once(':').unwrap_or_else(|| panic!("general name `{text}`"));
    match kind {
        "dns" => San::dns(value),
        "upn" => San::upn(value),
        "uri" => San::Uri(value.into()),
        "email" => San::Rfc822(value.into()),
        "dir" => San::Directory(Name::parse(value)),
        "ip" => San::Ip(value.split(['.', '/']).map(|byte| byte.parse().expect("a byte")).collect()),
        _ => panic!("general name `{text}`"),
    }
}

struct Builder {
    cases: Vec<CertCase>,
    certs: BTreeMap<String, Cert>,
    now: i64,
}

/// The bytes of a scenario, deterministic.
pub fn build(case: &Case) -> Built {
    let now = date(case.now.as_deref().unwrap_or("2026-01-15T09:00:00Z"));
    let mut cases: Vec<CertCase> = Vec::new();
    for name in ["root", "issuing"] {
        if !case.cert.iter().any(|cert| cert.name == name) {
            let mut cert = usual(name);
            if case.without.iter().any(|absent| absent == name) {
                cert.store = None;
            }
            cases.push(cert);
        }
    }
    cases.extend(case.cert.iter().cloned());
    let mut builder = Builder { cases, certs: BTreeMap::new(), now };
    for index in 0..builder.cases.len() {
        let cert = builder.template(index);
        let name = builder.cases[index].name.clone();
        assert!(builder.certs.insert(name, cert).is_none(), "{}: a name twice", case.id);
    }
    let mut built = Built { entries: Vec::new(), crls: Vec::new(), by_name: BTreeMap::new() };
    for cert in &builder.cases {
        let der = match &cert.bytes {
            Some(bytes) => bytes.as_bytes().to_vec(),
            None => builder.sign(cert),
        };
        built.by_name.insert(cert.name.clone(), der.clone());
        let usual = ["root", "issuing"].contains(&cert.name.as_str());
        let absent = case.without.contains(&cert.name);
        let home = cert.store.clone().or_else(|| match (usual, cert.ca) {
            (true, _) => builder.usual_store(&cert.name),
            (_, true) => Some("CA".into()),
            _ => Some("MY".into()),
        });
        let stores = home.into_iter().filter(|_| !absent).chain(cert.also_in.iter().cloned());
        for store in stores {
            built.entries.push(BuiltEntry { name: cert.name.clone(), store, der: der.clone() });
        }
        for copy in 0..cert.crowd {
            // The same CA with other keys: every one of them must be tried.
            let mut other = builder.certs[&cert.name].clone();
            other.key = Key::P256(1000 + copy);
            let der = other.sign(other.key);
            built.entries.push(BuiltEntry { name: format!("{}-{copy}", cert.name), store: "CA".into(), der });
        }
    }
    for cert in builder.cases.iter().filter(|cert| cert.ca) {
        let own = case.crl.iter().any(|crl| crl.issuer == cert.name);
        if !own && !case.without_crl.contains(&cert.name) {
            built.add_crl(&cert.name, builder.crl(&CrlCase { issuer: cert.name.clone(), ..CrlCase::default() }));
        }
    }
    for crl in &case.crl {
        built.add_crl(&crl.issuer, builder.crl(crl));
    }
    built
}

impl Builder {
    fn usual_store(&self, name: &str) -> Option<String> {
        usual(name).store
    }

    fn cert(&self, name: &str) -> &Cert {
        self.certs.get(name).unwrap_or_else(|| panic!("no certificate `{name}`"))
    }

    /// The certificate without its issuer.
    fn template(&self, index: usize) -> Cert {
        let case = &self.cases[index];
        let subject = match (&case.subject, case.name.as_str()) {
            (Some(subject), _) => Name::parse(subject),
            (None, "root" | "issuing") => Name::parse(usual(&case.name).subject.as_deref().unwrap_or_default()),
            (None, name) if case.ca => Name::cn(name),
            (None, _) => Name::cn("PC1"),
        };
        // Leaves have RSA keys, since V-4 looks at the kind.
        let default_key = if case.ca { Key::P256(index as u32) } else { Key::Rsa2048((index % 6) as u8) };
        let own_key = case.key.as_deref().map_or(default_key, key);
        let mut cert = Cert::new(subject, own_key).serial(case.serial.unwrap_or(1000 + index as i64).into());
        let odd = |what: &str| case.odd.iter().any(|one| one == what);
        (cert.not_before, cert.not_after) = if case.ca {
            (instant("2020-01-01T00:00:00Z"), instant("2040-01-01T00:00:00Z"))
        } else {
            (instant("2025-06-01T00:00:00Z"), instant("2026-06-01T00:00:00Z"))
        };
        if let Some(text) = &case.not_before {
            cert.not_before = date(text);
        }
        if let Some(text) = &case.not_after {
            cert.not_after = date(text);
        }
        if case.ca {
            if !odd("no-basic-constraints") {
                cert = cert.with(extension::basic_constraints(true, case.path_length));
            }
            cert = cert.with(extension::ski(own_key));
        }
        let usage = case.key_usage.clone().unwrap_or(if case.ca { vec![0, 5, 6] } else { vec![0, 2] });
        if odd("broken-key-usage") {
            cert = cert.with(Ext::raw("2.5.29.15", vec![2, 1, 1]).critical());
        } else if !usage.is_empty() {
            cert = cert.with(extension::key_usage(&usage));
        }
        let eku = case.eku.clone().unwrap_or(if case.ca { Vec::new() } else { vec!["client".into()] });
        if !eku.is_empty() {
            cert = cert.with(extension::eku(&purposes(&eku)));
        }
        if let Some(list) = &case.application_policies {
            cert = cert.with(extension::application_policies(&purposes(list)));
        }
        if !case.san.is_empty() {
            let names: Vec<San> = case.san.iter().map(|one| general_name(one)).collect();
            cert = cert.with(extension::san(&names));
        }
        if let Some(template) = &case.template {
            cert = cert.with(extension::template(template, 100, 5));
        }
        if let Some(name) = &case.template_name {
            cert = cert.with(extension::template_name(StringKind::Bmp, name));
        }
        let cdp = case.cdp.clone().unwrap_or(vec![CDP.into()]);
        if !cdp.is_empty() {
            let points: Vec<Point> = cdp.iter().map(|uri| Point::uri(uri)).collect();
            cert = cert.with(extension::crl_distribution_points(&points));
        }
        if let Some(uri) = &case.ocsp {
            cert = cert.with(extension::ocsp(uri));
        }
        let trees = |list: &[String]| list.iter().map(|one| general_name(one).into()).collect::<Vec<GeneralSubtree>>();
        if !case.permitted.is_empty() || !case.excluded.is_empty() {
            cert = cert.with(extension::name_constraints(&trees(&case.permitted), &trees(&case.excluded)));
        }
        if !case.policies.is_empty() {
            cert =
                cert.with(extension::certificate_policies(&case.policies.iter().map(|one| &**one).collect::<Vec<_>>()));
        }
        if let Some(skip) = case.require_explicit_policy {
            cert = cert.with(extension::policy_constraints(Some(skip), None));
        }
        for what in &case.odd {
            match what.as_str() {
                "critical" => cert = cert.with(extension::unknown().critical()),
                "unknown" => cert = cert.with(extension::unknown()),
                "duplicate" => cert = cert.with(extension::unknown()).with(extension::unknown()),
                "damaged-signature" => cert.damaged_signature = true,
                "inner-algorithm" => cert.inner_algorithm = Some(Key::Rsa2048(0).signature_algorithm(Hash::Sha1)),
                "null-parameters" => {
                    // ECDSA with SHA-256, whose parameters are to be left out.
                    let algorithm = seq(&[oid("1.2.840.10045.4.3.2"), null()]);
                    cert.inner_algorithm = Some(algorithm.clone());
                    cert.outer_algorithm = Some(algorithm);
                }
                "version1" => {
                    cert.version = None;
                    cert.extensions.clear();
                }
                "no-basic-constraints" | "broken-key-usage" => {}
                other => panic!("oddity `{other}`"),
            }
        }
        for text in &case.raw {
            let (identifier, hex) = text.split_once('=').unwrap_or_else(|| panic!("extension `{text}`"));
            let digits: Vec<u32> = hex.chars().map(|digit| digit.to_digit(16).expect("hexadecimal")).collect();
            let value = digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect();
            cert = cert.replace(match identifier.strip_suffix('!') {
                Some(identifier) => Ext::raw(identifier, value).critical(),
                None => Ext::raw(identifier, value),
            });
        }
        cert.hash = hash(case.hash.as_deref());
        cert
    }

    fn sign(&self, case: &CertCase) -> Vec<u8> {
        let own = self.cert(&case.name);
        let default = if case.name == "root" {
            "self"
        } else if case.name == "issuing" {
            "root"
        } else {
            "issuing"
        };
        let issuer = case.issuer.as_deref().unwrap_or(default);
        let mut cert = own.clone();
        let mut signer = own.key;
        if let Some(name) = issuer.strip_prefix('=') {
            cert = cert.issuer(name);
        } else if issuer != "self" {
            let ca = self.cert(issuer);
            signer = ca.key;
            cert = cert.issuer(ca.subject.clone());
        }
        if let Some(name) = &case.signer {
            signer = self.cert(name).key;
        }
        if cert.version.is_some() {
            match case.authority_key.as_deref() {
                None | Some("right") if issuer != "self" => cert = cert.with(extension::aki(signer)),
                None | Some("none") => {}
                Some("wrong") => cert = cert.with(extension::aki_raw(b"wrong")),
                Some(other) => panic!("authority key `{other}`"),
            }
        }
        cert.sign(signer)
    }

    fn crl(&self, case: &CrlCase) -> Vec<u8> {
        let ca = self.cert(&case.issuer);
        let signer = case.signer.as_ref().map_or(ca.key, |name| self.cert(name).key);
        let odd = |what: &str| case.odd.iter().any(|one| one == what);
        let mut crl = CrlBuilder::new(ca.subject.clone()).with(extension::aki(signer));
        if !odd("no-number") {
            crl = crl.with(extension::crl_number(case.number.unwrap_or(10)));
        }
        if let Some(base) = case.base {
            crl = crl.with(extension::delta_indicator(base));
        }
        if case.freshest {
            crl = crl.with(extension::freshest_crl(&[Point::uri("http://crl.contoso.com/a+.crl")]));
        }
        if let Some(only) = &case.only {
            crl = crl.with(extension::issuing_distribution_point(&match only.as_str() {
                "user" => IssuingPoint { only_user: true, ..IssuingPoint::default() },
                "ca" => IssuingPoint { only_ca: true, ..IssuingPoint::default() },
                "attribute" => IssuingPoint { only_attribute: true, ..IssuingPoint::default() },
                // keyCompromise and cACompromise
                "reasons" => IssuingPoint { only_reasons: Some(vec![1, 2]), ..IssuingPoint::default() },
                "indirect" => IssuingPoint { indirect: true, ..IssuingPoint::default() },
                uri => IssuingPoint { point: Point::uri(uri), ..IssuingPoint::default() },
            }));
        }
        if odd("critical") {
            crl = crl.with(extension::unknown().critical());
        }
        crl.hash = hash(case.hash.as_deref());
        crl.damaged_signature = odd("damaged-signature");
        crl.this_update = case.this_update.as_deref().map_or(self.now - 5 * 86_400, date);
        crl.next_update = match case.next_update.as_deref() {
            Some("none") => None,
            Some(text) => Some(date(text)),
            None => Some(self.now + 5 * 86_400),
        };
        let serial = |name: &String| Entry { serial: self.cert(name).serial.clone(), ..Entry::new(0) };
        for name in &case.revoked {
            crl = crl.entry(serial(name));
        }
        for name in &case.on_hold {
            crl = crl.entry(serial(name).with(extension::reason(6)));
        }
        for name in &case.removed {
            crl = crl.entry(serial(name).with(extension::reason(8)));
        }
        crl.sign(signer)
    }
}
