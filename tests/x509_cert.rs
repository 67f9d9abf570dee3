//! x509-cert is the oracle of every extension that this crate reads: both read the same from the example machines, from PKITS
//! and real certificates where they are there, and from what these tests write. What is read in rooms that show nothing of it
//! (policies, name constraints) is compared beside the reader, with the same certificates.

use ccmcertsel::certificate::{AuthorityKeyIdentifier, BasicConstraints, ExtensionError, GeneralName, PointName};
use ccmcertsel::name::StringType;
use ccmcertsel::revocation::{CertificateKind, Indirect};
use ccmcertsel::support::extension::IssuingPoint;
use ccmcertsel::support::pki::*;
use ccmcertsel::{Certificate, Crl, DistinguishedName, Oid, oid};
use std::fmt::Debug;
use std::path::Path;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix;

/// Every certificate at hand, with how it is called.
pub(crate) fn certificates() -> Vec<(String, Certificate)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["testdata/machines", "../shared/suites/real-certs"] {
        files(&root.join(folder), &mut |name, bytes| {
            if let Ok(certificate) = Certificate::from_der(bytes) {
                found.push((name.to_owned(), certificate));
            }
        });
    }
    for (index, der) in pkits("_der").into_iter().enumerate() {
        if let Ok(certificate) = Certificate::from_der(&der) {
            found.push((format!("PKITS {index}"), certificate));
        }
    }
    for (index, extensions) in written().into_iter().enumerate() {
        let der = extensions.into_iter().fold(Cert::new("CN=PC1", Key::Toy(0)), Cert::with).self_sign();
        found.push((format!("written {index}"), Certificate::from_der(&der).expect("a certificate")));
    }
    found
}

fn crls() -> Vec<(String, Crl)> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/machines"), &mut |name, bytes| {
        found.extend(Crl::from_der(bytes).ok().map(|crl| (name.to_owned(), crl)));
    });
    for (index, der) in pkits("crls_der").into_iter().enumerate() {
        found.extend(Crl::from_der(&der).ok().map(|crl| (format!("PKITS {index}"), crl)));
    }
    for (index, fields) in issuing_points().iter().enumerate() {
        let crl = CrlBuilder::of(&Cert::ca("CN=Root", Key::Toy(0)), 1);
        let der = crl.with(extension::issuing_distribution_point(fields)).sign(Key::Toy(0));
        found.push((format!("written {index}"), Crl::from_der(&der).expect("a CRL")));
    }
    found
}

fn files(folder: &Path, take: &mut dyn FnMut(&str, &[u8])) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, take)
        } else {
            take(&path.display().to_string(), &std::fs::read(&path).expect("a file"))
        }
    }
}

/// What PKITS has under keys that end so.
fn pkits(key: &str) -> Vec<Vec<u8>> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites/pkits/pkits.json");
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let all: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&text).expect("the suite is JSON");
    let mut found: Vec<&str> = Vec::new();
    for value in all.iter().flatten().filter(|(name, _)| name.ends_with(key)).map(|(_, value)| value) {
        found.extend(value.as_str());
        found.extend(value.as_array().into_iter().flatten().filter_map(|one| one.as_str()));
    }
    found.sort_unstable();
    found.dedup();
    found.iter().map(|text| BASE64_STANDARD.decode(text).expect("base64")).collect()
}

/// Extensions of each kind, in each of their shapes: a list is a certificate.
fn written() -> Vec<Vec<Ext>> {
    let name = Name::parse("O=Contoso; CN=A + OU=B");
    let names = [
        San::Rfc822("a@b.c".into()),
        San::dns("pc1.contoso.com"),
        San::Uri("http://a".into()),
        San::Ip(vec![10, 0, 0, 1]),
        San::Ip(vec![7; 16]),
        San::Directory(Name::cn("Directory")),
        San::RegisteredId("1.2.3".into()),
        San::upn("pc1$@contoso.com"),
        San::Other("1.2.3.4".into(), vec![4, 1, 9]),
    ];
    let relative = Point { relative: vec![Atv::new("CN", "P")], ..Point::default() };
    let mut written: Vec<Vec<Ext>> = Vec::new();
    for (ca, length) in [(false, None), (true, None), (true, Some(0)), (true, Some(1)), (true, Some(255))] {
        written.push(vec![extension::basic_constraints(ca, length)]);
    }
    for bit in 0..9 {
        written.push(vec![extension::key_usage(&[bit])]);
        written.push(vec![extension::key_usage(&[0, bit])]);
        let point = Point::uri("http://crl/a.crl").with_reasons(&[bit.max(1), 8]);
        let points = [point];
        written.push(vec![extension::crl_distribution_points(&points), extension::freshest_crl(&points)]);
    }
    for count in 1..4 {
        let purposes = [extension::CLIENT_AUTH, extension::ANY_EKU, "1.2.840.113556.1.4.1"];
        written.push(vec![extension::eku(&purposes[..count])]);
        let policies = ["1.2.3", "2.5.29.32.0", "2.16.840.1.101.3.2.1.48.1"];
        written.push(vec![
            extension::certificate_policies(&policies[..count]),
            extension::inhibit_any_policy(count as u32 - 1),
        ]);
        let mappings = [("1.2.3", "1.2.4"), ("1.2.3", "1.2.5"), ("2.16.840.1.101.3.2.1.48.1", "1.2.4")];
        written.push(vec![extension::policy_mappings(&mappings[..count])]);
    }
    for (explicit, mapping) in [(Some(0), None), (None, Some(3)), (Some(300), Some(0)), (Some(1), Some(70_000))] {
        written.push(vec![extension::policy_constraints(explicit, mapping)]);
    }
    written.extend(names.iter().map(|one| vec![extension::san(std::slice::from_ref(one))]));
    written.push(vec![extension::san(&names)]);
    written.push(vec![extension::aki_raw(b"identifier"), extension::ski_raw(b"own")]);
    written.push(vec![extension::aki_full(Some(b"id"), &name, &[1])]);
    written.push(vec![extension::aki_full(None, &name, &[0, 0x80, 1])]);
    written.push(vec![extension::crl_distribution_points(&[
        Point::uri("http://crl/a.crl").with_reasons(&[1, 2]).with_crl_issuer(Name::cn("Other")),
        relative,
        Point { full_name: names.to_vec(), ..Point::default() },
    ])]);
    let subtrees = [
        San::dns("contoso.com"),
        San::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]),
        San::Directory(Name::cn("Directory")),
        San::Rfc822("contoso.com".into()),
        San::Uri(".contoso.com".into()),
        San::upn("contoso.com"),
        San::RegisteredId("1.2.3".into()),
    ];
    for (index, subtree) in subtrees.iter().enumerate() {
        let other = subtrees[(index + 1) % subtrees.len()].clone();
        written.push(vec![extension::name_constraints(&[subtree.clone().into()], &[])]);
        written.push(vec![extension::name_constraints(&[], &[subtree.clone().into(), other.clone().into()])]);
        written.push(vec![extension::name_constraints(&[subtree.clone().into()], &[other.into()])]);
    }
    written
}

fn issuing_points() -> Vec<IssuingPoint> {
    let base = IssuingPoint { point: Point::uri("http://crl/a.crl"), ..IssuingPoint::default() };
    let relative = Point { relative: vec![Atv::new("CN", "P")], ..Point::default() };
    let mut points = vec![base.clone(), IssuingPoint { point: relative, ..base.clone() }];
    for (user, ca, attribute, indirect) in [
        (true, false, false, false),
        (false, true, false, true),
        (false, false, true, false),
        (true, true, false, true),
        (false, false, false, true),
    ] {
        let flags = IssuingPoint { only_user: user, only_ca: ca, only_attribute: attribute, indirect, ..base.clone() };
        points.push(flags);
    }
    points.extend((1..9).map(|bit| IssuingPoint { only_reasons: Some(vec![bit]), ..base.clone() }));
    points
}

/// Compares what is read of an extension in every certificate that has it. What x509-cert refuses is counted, since it follows
/// the letter where Windows does not; what it reads must be read here, and the same.
pub(crate) fn compare<T, V>(
    oid: &[u8],
    at_least: usize,
    ours: impl Fn(&Certificate) -> Result<Option<V>, ExtensionError>,
    theirs: impl Fn(T) -> V,
) where
    T: for<'a> Decode<'a>,
    V: PartialEq + Debug,
{
    let (mut compared, mut refused) = (0, Vec::new());
    for (name, certificate) in certificates() {
        let Some(extension) = certificate.extensions().find(|extension| extension.oid == oid) else { continue };
        let Ok(read) = T::from_der(extension.value) else {
            refused.push(name);
            continue;
        };
        let own = match ours(&certificate) {
            Ok(own) => own,
            // x509-cert takes an address of any length, RFC 5280 4.2.1.6 and 4.2.1.10 do not.
            Err(error) if error.to_string().contains("an address") => continue,
            Err(error) => panic!("{name}: x509-cert reads what is refused: {error}"),
        };
        assert_eq!(own, Some(theirs(read)), "{name}");
        compared += 1;
    }
    assert!(compared >= at_least, "only {compared} extensions were compared");
    assert!(refused.iter().all(|name| !name.starts_with("written")), "x509-cert refuses {refused:?}");
    assert!(refused.len() * 10 <= compared, "x509-cert refuses {refused:?}");
}

/// An object identifier as this crate has it.
pub(crate) fn own_oid(oid: &ObjectIdentifier) -> Oid {
    Oid::from_bytes(oid.as_bytes()).expect("an object identifier")
}

/// A general name as this crate has it.
pub(crate) fn own_name(name: &pkix::name::GeneralName) -> GeneralName {
    use pkix::name::GeneralName as Theirs;
    match name {
        Theirs::OtherName(other) => {
            let value = other.value.to_der().expect("DER");
            let text = StringType::from_tag(value[0]).and_then(|kind| kind.decode(other.value.value()));
            match (other.type_id.to_string().as_str(), text) {
                ("1.3.6.1.4.1.311.20.2.3", Some(text)) => GeneralName::Upn(text.into_owned()),
                _ => GeneralName::Other(own_oid(&other.type_id), value),
            }
        }
        Theirs::Rfc822Name(text) => GeneralName::Rfc822(text.to_string()),
        Theirs::DnsName(text) => GeneralName::Dns(text.to_string()),
        Theirs::DirectoryName(name) => {
            let der = name.to_der().expect("DER");
            GeneralName::Directory(DistinguishedName::from_der(&der).expect("a name"))
        }
        Theirs::EdiPartyName(name) => GeneralName::Unread(5, name.to_der().expect("DER")),
        Theirs::UniformResourceIdentifier(text) => GeneralName::Uri(text.to_string()),
        Theirs::IpAddress(bytes) => GeneralName::Ip(bytes.as_bytes().to_vec()),
        Theirs::RegisteredId(oid) => GeneralName::RegisteredId(own_oid(oid)),
    }
}

fn own_names(names: &[pkix::name::GeneralName]) -> Vec<GeneralName> {
    names.iter().map(own_name).collect()
}

/// The bits of reason flags, without the one that means nothing.
fn reasons(flags: pkix::crl::dp::ReasonFlags) -> String {
    let names = [
        "keyCompromise",
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "privilegeWithdrawn",
        "aACompromise",
    ];
    let set = names.iter().zip(1..).filter(|(_, bit)| flags.bits() >> bit & 1 == 1);
    set.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// The name of a distribution point: its general names, or the content of a relative name.
type PointParts = Option<Result<Vec<GeneralName>, Vec<u8>>>;

fn own_point(name: Option<PointName<'_>>, full_name: Vec<GeneralName>) -> PointParts {
    Some(match name? {
        PointName::Full(_) => Ok(full_name),
        PointName::Relative(content) => Err(content.to_vec()),
    })
}

fn their_point(name: &Option<pkix::name::DistributionPointName>) -> PointParts {
    Some(match name.as_ref()? {
        pkix::name::DistributionPointName::FullName(names) => Ok(own_names(names)),
        pkix::name::DistributionPointName::NameRelativeToCRLIssuer(rdn) => {
            let set = rdn.to_der().expect("DER");
            Err(set[2..].to_vec()) // shorter than 128 bytes
        }
    })
}

type Points = Vec<(PointParts, Option<String>, Vec<GeneralName>)>;

fn own_points(points: ccmcertsel::certificate::DistributionPoints<'_>) -> Points {
    let point = |point: ccmcertsel::certificate::DistributionPoint<'_>| {
        let reasons = point.reasons().map(|flags| flags.to_string());
        (own_point(point.name, point.full_name()), reasons, point.crl_issuer())
    };
    points.map(point).collect()
}

fn their_points(points: &[pkix::crl::dp::DistributionPoint]) -> Points {
    let point = |point: &pkix::crl::dp::DistributionPoint| {
        let issuer = point.crl_issuer.as_deref().map(own_names).unwrap_or_default();
        (their_point(&point.distribution_point), point.reasons.map(reasons), issuer)
    };
    points.iter().map(point).collect()
}

#[test]
fn basic_constraints() {
    let theirs = |read: pkix::BasicConstraints| BasicConstraints {
        ca: read.ca,
        path_length: read.path_len_constraint.map(u32::from),
    };
    compare(oid::BASIC_CONSTRAINTS, 15, Certificate::basic_constraints, theirs);
}

#[test]
fn key_usage() {
    const NAMES: [&str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];
    let ours = |certificate: &Certificate| Ok(certificate.key_usage()?.map(|usage| usage.names().collect::<Vec<_>>()));
    let theirs = |read: pkix::KeyUsage| {
        let set = NAMES.into_iter().enumerate().filter(|(bit, _)| read.0.bits() >> bit & 1 == 1);
        set.map(|(_, name)| name).collect::<Vec<_>>()
    };
    compare(oid::KEY_USAGE, 30, ours, theirs);
}

#[test]
fn extended_key_usage() {
    let theirs = |read: pkix::ExtendedKeyUsage| read.0.iter().map(own_oid).collect::<Vec<_>>();
    compare(oid::EXTENDED_KEY_USAGE, 15, Certificate::extended_key_usage, theirs);
}

#[test]
fn subject_alternative_name() {
    let ours = |certificate: &Certificate| certificate.subject_alternative_names().map(Some);
    compare(oid::SUBJECT_ALT_NAME, 20, ours, |read: pkix::SubjectAltName| own_names(&read.0));
}

#[test]
fn key_identifiers() {
    let ours = |certificate: &Certificate| {
        let read = certificate.authority_key_identifier()?;
        let owned = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec);
        Ok(read.map(|AuthorityKeyIdentifier { key_identifier, serial_number }| {
            (owned(key_identifier), owned(serial_number))
        }))
    };
    let theirs = |read: pkix::AuthorityKeyIdentifier| {
        let serial = read.authority_cert_serial_number.map(|serial| serial.as_bytes().to_vec());
        (read.key_identifier.map(|id| id.as_bytes().to_vec()), serial)
    };
    compare(oid::AUTHORITY_KEY_IDENTIFIER, 15, ours, theirs);
    let ours = |certificate: &Certificate| Ok(certificate.subject_key_identifier()?.map(<[u8]>::to_vec));
    compare(oid::SUBJECT_KEY_IDENTIFIER, 5, ours, |read: pkix::SubjectKeyIdentifier| read.0.as_bytes().to_vec());
}

#[test]
fn distribution_points() {
    let ours = |certificate: &Certificate| certificate.crl_distribution_points().map(|points| Some(own_points(points)));
    compare(oid::CRL_DISTRIBUTION_POINTS, 15, ours, |read: pkix::CrlDistributionPoints| their_points(&read.0));
    let ours = |certificate: &Certificate| certificate.freshest_crl().map(|points| Some(own_points(points)));
    compare(oid::FRESHEST_CRL, 9, ours, |read: pkix::FreshestCrl| their_points(&read.0));
}

#[test]
fn issuing_distribution_point() {
    let mut compared = 0;
    for (name, crl) in crls() {
        let list = x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(crl.as_der());
        let list = list.unwrap_or_else(|error| panic!("{name}: {error}"));
        let extensions = list.tbs_cert_list.crl_extensions.unwrap_or_default();
        let of = |oid: &[u8]| extensions.iter().find(|extension| extension.extn_id.as_bytes() == oid);
        let key = of(oid::AUTHORITY_KEY_IDENTIFIER).map(|extension| {
            let read = pkix::AuthorityKeyIdentifier::from_der(extension.extn_value.as_bytes()).expect("an AKI");
            read.key_identifier.map(|id| id.as_bytes().to_vec())
        });
        let own_key = crl.authority_key_identifier().map(|key| key.key_identifier.map(<[u8]>::to_vec));
        assert_eq!(own_key, key, "{name}");
        let own = crl.issuing_distribution_point();
        let Some(extension) = of(oid::ISSUING_DISTRIBUTION_POINT) else {
            assert!(own.is_none(), "{name}");
            continue;
        };
        let read = pkix::crl::dp::IssuingDistributionPoint::from_der(extension.extn_value.as_bytes()).expect("read");
        let own = own.unwrap_or_else(|| panic!("{name}: x509-cert reads what is refused"));
        let kinds = [
            (read.only_contains_user_certs, CertificateKind::User),
            (read.only_contains_ca_certs, CertificateKind::Ca),
            (read.only_contains_attribute_certs, CertificateKind::Attribute),
        ];
        let only: Vec<_> = kinds.into_iter().filter_map(|(set, kind)| set.then_some(kind)).collect();
        let only = match only[..] {
            [] => None,
            [one] => Some(one),
            _ => Some(CertificateKind::Contradictory),
        };
        assert_eq!(own.only(), only, "{name}");
        assert_eq!(own.indirect() == Indirect::Yes, read.indirect_crl, "{name}");
        assert_eq!(
            own.only_some_reasons().map(|flags| flags.to_string()),
            read.only_some_reasons.map(reasons),
            "{name}"
        );
        assert_eq!(own_point(own.name, own.full_name()), their_point(&read.distribution_point), "{name}");
        compared += 1;
    }
    assert!(compared >= 15, "only {compared} were compared");
}
