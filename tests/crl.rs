//! CRLs as such: what is read, what is refused and where, and that the index finds what a walk finds (rule V-9).

use crate::support::extension::IssuingPoint;
use crate::support::pki::{Cert, CrlBuilder, Entry, Ext, Key, Name, Point, San, extension, instant};
use ccmcertsel::revocation::{CertificateKind, Indirect, RevocationReason};
use ccmcertsel::{Coded, Crl, Crls, Timestamp};
use std::path::{Path, PathBuf};
use std::process::Command;

fn ca() -> Cert {
    Cert::ca(Name::parse("CN=Contoso Issuing CA 1, DC=contoso, DC=com"), Key::Toy(1))
}

fn read(builder: &CrlBuilder) -> Crl {
    Crl::from_der(&builder.sign(Key::Toy(1))).unwrap()
}

#[test]
fn an_ad_cs_crl_is_read_whole() {
    let point = Point::uri("ldap:///CN=Contoso%20Issuing%20CA%201,CN=PKI1,CN=CDP?deltaRevocationList?base");
    let crl = read(
        &CrlBuilder::of(&ca(), 41)
            .with(Ext::raw("1.3.6.1.4.1.311.21.1", vec![2, 1, 0]))
            .with(Ext::raw("1.3.6.1.4.1.311.21.4", b"\x17\x0d260125000000Z".to_vec()))
            .with(extension::freshest_crl(&[point]))
            .entry(Entry::new(0x61_0000_000a).with(extension::reason(1)))
            .entry(Entry::on_hold(0x61_0000_000b))
            .entry(Entry::new(7).with(extension::invalidity_date(instant("2025-05-01T00:00:00Z")))),
    );
    assert_eq!(crl.version(), 2);
    assert_eq!(crl.issuer(), ccmcertsel::DistinguishedName::from_der(&ca().subject.encode()).unwrap());
    assert_eq!(crl.this_update().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(crl.next_update().unwrap().to_string(), "2026-02-01T00:00:00Z");
    assert_eq!(crl.next_publish().unwrap().to_string(), "2026-01-25T00:00:00Z");
    assert_eq!(crl.number().unwrap().to_string(), "41");
    assert_eq!(crl.number().unwrap().as_bytes(), [41]);
    assert!(!crl.is_delta());
    assert_eq!(crl.len(), 3);
    assert_eq!(crl.unknown_critical_extension(), None);
    let url = &crl.freshest_crl().next().unwrap().urls()[0];
    assert_eq!(url.scheme(), "ldap");
    let found = crl.find(b"\x61\x00\x00\x00\x0a").unwrap();
    assert_eq!(found.reason(), RevocationReason::KeyCompromise);
    assert_eq!(found.revoked_at().unwrap().to_string(), "2025-06-01T00:00:00Z");
    assert_eq!(crl.find(b"\x61\x00\x00\x00\x0b").unwrap().reason(), RevocationReason::CertificateHold);
    let with_date = crl.find(b"\x07").unwrap();
    assert_eq!(with_date.reason(), RevocationReason::Unspecified);
    assert_eq!(with_date.invalid_since().unwrap(), Timestamp::from_unix_seconds(instant("2025-05-01T00:00:00Z")));
    assert_eq!(crl.find(b"\x61\x00\x00\x00\x0c"), None);
}

/// What is listed is revoked, whatever else its entry says; the CRL stays, and a warning counts such entries.
#[test]
fn v9_an_entry_with_an_odd_date_or_reason_loses_that_and_stays() {
    let reason = |der: &[u8]| Ext::raw("2.5.29.21", der.to_vec());
    let dated = |date: &[u8]| Entry { raw_date: Some([&[0x17, date.len() as u8], date].concat()), ..Entry::new(7) };
    let since = Entry::new(7).with(Ext::raw("2.5.29.24", b"\x18\x0200".to_vec()));
    for (entry, date, odd) in [
        (Entry::new(7).with(reason(b"\x02\x01\x01")), Some("2025-06-01T00:00:00Z"), true),
        (Entry::new(7).with(reason(b"\x0a\x02\x00\x01")), Some("2025-06-01T00:00:00Z"), true),
        (Entry::new(7).with(reason(b"")), Some("2025-06-01T00:00:00Z"), true),
        (since, Some("2025-06-01T00:00:00Z"), true),
        (dated(b"250231000000Z"), None, true),
        (dated(b"whenever"), None, true),
        (dated(b"2506010000Z"), Some("2025-06-01T00:00:00Z"), false),
        (Entry::new(7), Some("2025-06-01T00:00:00Z"), false),
    ] {
        let crl = read(&CrlBuilder::of(&ca(), 1).entry(Entry::new(6)).entry(entry.clone()).entry(Entry::on_hold(8)));
        let found = crl.find(&[7]).expect("it is listed");
        assert_eq!(found.revoked_at().map(|at| at.to_string()).as_deref(), date, "{entry:?}");
        assert_eq!((found.reason(), found.invalid_since()), (RevocationReason::Unspecified, None));
        assert_eq!(crl.find(&[8]).unwrap().reason(), RevocationReason::CertificateHold);
        assert_eq!(crl.odd_entries().map(|(count, _)| count), odd.then_some(1), "{entry:?}");
        let codes: Vec<&str> = Crls::new([crl]).warnings().map(|warning| warning.code()).collect();
        assert_eq!(codes, if odd { vec!["validity.odd_crl_entries"] } else { Vec::new() }, "{entry:?}");
    }
}

#[test]
fn a_version_1_crl_is_read() {
    let crl = read(&CrlBuilder::new("CN=Old CA").change(|crl| crl.version = None).revoke(5));
    assert_eq!((crl.version(), crl.len()), (1, 1));
    assert_eq!(crl.number(), None);
    assert!(crl.find(b"\x05").is_some());
}

#[test]
fn v9_the_scope_is_read() {
    let point = IssuingPoint {
        point: Point::uri("http://pki.contoso.com/1.crl"),
        only_ca: true,
        only_reasons: Some(vec![1, 4]),
        indirect: true,
        ..IssuingPoint::default()
    };
    let crl = read(&CrlBuilder::of(&ca(), 1).with(extension::issuing_distribution_point(&point)));
    let scope = crl.issuing_distribution_point().unwrap();
    assert_eq!(scope.only(), Some(CertificateKind::Ca));
    assert_eq!(scope.indirect(), Indirect::Yes);
    assert_eq!(scope.only_some_reasons().unwrap().to_string(), "keyCompromise, superseded");
    assert_eq!(scope.full_name()[0].to_string(), "http://pki.contoso.com/1.crl");
}

#[test]
fn v9_a_delta_names_its_base() {
    let crl = read(&CrlBuilder::of(&ca(), 43).with(extension::delta_indicator(41)).entry(Entry::removed(9)));
    assert!(crl.is_delta());
    assert!(crl.base_number() < crl.number());
    assert_eq!(crl.find(b"\x09").unwrap().reason(), RevocationReason::RemoveFromCrl);
}

#[test]
fn v9_indirect_entries_are_about_the_issuer_named_last() {
    let other = Name::parse("CN=Other CA");
    let crl = read(
        &CrlBuilder::of(&ca(), 1)
            .revoke(1)
            .entry(Entry::new(2).with(extension::certificate_issuer(&other)))
            .revoke(3)
            .entry(Entry::new(4).with(extension::certificate_issuer(&ca().subject))),
    );
    let listed: Vec<bool> = (1..=4u8).map(|serial| crl.find(&[serial]).is_some()).collect();
    assert_eq!(listed, [true, false, false, true]);
}

#[test]
fn v9_critical_extensions_that_are_not_understood_are_kept() {
    let of_crl = read(&CrlBuilder::of(&ca(), 1).with(extension::unknown().critical()));
    assert_eq!(of_crl.unknown_critical_extension().unwrap().to_string(), "1.3.6.1.4.1.32473.3.1");
    let of_entry = read(&CrlBuilder::of(&ca(), 1).entry(Entry::new(1).with(extension::unknown().critical())));
    assert!(of_entry.unknown_critical_extension().is_some());
    let harmless =
        read(&CrlBuilder::of(&ca(), 1).with(extension::unknown()).entry(Entry::new(1).with(extension::unknown())));
    assert_eq!(harmless.unknown_critical_extension(), None);
}

#[test]
fn serial_numbers_compare_by_value() {
    let crl = read(&CrlBuilder::of(&ca(), 1).revoke(-5).revoke(0x80).change(|crl| {
        crl.entries.get_or_insert_default().push(Entry { serial: vec![0, 0, 0x11], ..Entry::new(0) });
    }));
    assert!(crl.find(&[0xfb]).is_some());
    assert!(crl.find(&[0xff, 0xfb]).is_some());
    assert!(crl.find(&[0x00, 0x80]).is_some());
    assert!(crl.find(&[0x80]).is_none(), "-128 is not 128");
    assert!(crl.find(&[0x11]).is_some());
}

#[test]
fn the_index_finds_every_entry_and_nothing_else() {
    for count in [0u32, 1, 2, 7, 8, 9, 1000, 5000] {
        let mut builder = CrlBuilder::of(&ca(), 1);
        builder.entries = Some((0..count).map(|n| Entry::new(i128::from(n) * 2 + (i128::from(n % 3) << 70))).collect());
        let crl = read(&builder);
        assert_eq!(crl.len(), count as usize);
        for entry in crl.entries() {
            assert_eq!(crl.find(entry.serial_number()), Some(entry));
            let mut odd = entry.serial_number().to_vec();
            *odd.last_mut().unwrap() |= 1;
            assert_eq!(crl.find(&odd), None);
        }
    }
}

#[test]
fn damage_is_an_error_at_its_place() {
    let good = CrlBuilder::of(&ca(), 1).revoke(5).sign(Key::Toy(1));
    for length in 0..good.len() {
        let error = Crl::from_der(&good[..length]).unwrap_err();
        assert!(error.offset() <= length);
    }
    let mut longer = good.clone();
    longer.push(0);
    assert_eq!(Crl::from_der(&longer).unwrap_err().offset(), good.len());
    let message = |builder: &CrlBuilder| Crl::from_der(&builder.sign(Key::Toy(1))).unwrap_err().to_string();
    let twice = CrlBuilder::of(&ca(), 1).with(extension::crl_number(2));
    assert!(message(&twice).ends_with("each extension once"), "{}", message(&twice));
    let negative = CrlBuilder::new("CN=CA").with(Ext::raw("2.5.29.20", vec![2, 1, 0xff]));
    assert!(message(&negative).ends_with("a CRLNumber that is not negative"));
    let issuer = CrlBuilder::new("CN=CA").entry(Entry::new(1).with(Ext::raw("2.5.29.29", vec![10, 0])));
    assert!(message(&issuer).ends_with("a CertificateIssuer SEQUENCE of GeneralNames"));
    let certificate = ca().self_sign();
    assert!(Crl::from_der(&certificate).is_err());
}

#[test]
fn v8_the_places_of_a_certificate_are_read() {
    let certificate = Cert::client("CN=PC1", Key::Toy(9)).with(extension::crl_distribution_points(&[
        Point::uri("http://pki.contoso.com/CA(1)+.crl"),
        Point { full_name: vec![San::Directory(Name::parse("CN=CDP"))], ..Point::default() }.with_reasons(&[1, 2]),
        Point::default().with_crl_issuer(Name::parse("CN=CRL Signer")),
    ]));
    let certificate = ccmcertsel::Certificate::from_der(&certificate.issued_by(&ca())).unwrap();
    let points: Vec<_> = certificate.crl_distribution_points().unwrap().collect();
    assert_eq!(points.len(), 3);
    assert_eq!(points[0].urls()[0].as_str(), "http://pki.contoso.com/CA(1)+.crl");
    assert_eq!(points[1].reasons().unwrap().to_string(), "keyCompromise, cACompromise");
    assert!(points[1].urls().is_empty());
    assert_eq!(points[2].crl_issuer()[0].to_string(), "CN=CRL Signer");
    assert!(!certificate.names_ocsp());
    let ocsp = Cert::client("CN=PC1", Key::Toy(9)).with(extension::ocsp("http://ocsp.contoso.com"));
    assert!(ccmcertsel::Certificate::from_der(&ocsp.issued_by(&ca())).unwrap().names_ocsp());
}

#[test]
fn damaged_bytes_never_panic() {
    let point = IssuingPoint { point: Point::uri("http://a/"), only_user: true, ..IssuingPoint::default() };
    let seed = CrlBuilder::of(&ca(), 1)
        .with(extension::issuing_distribution_point(&point))
        .with(extension::freshest_crl(&[Point::uri("http://a/+")]))
        .with(extension::delta_indicator(3))
        .entry(Entry::on_hold(5))
        .entry(Entry::new(2).with(extension::certificate_issuer(&ca().subject)))
        .sign(Key::Toy(1));
    for at in 0..seed.len() {
        for value in [0x00, 0x01, 0x30, 0x7f, 0x80, 0x84, 0xa0, 0xff] {
            let mut bytes = seed.clone();
            bytes[at] = value;
            crate::fuzz_bodies::crl::crl(&bytes);
        }
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every file of the example machines' folders `crl`.
fn example_crls() -> Vec<PathBuf> {
    let files = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut crls: Vec<PathBuf> = files(folder("testdata/machines"))
        .flat_map(|machine| files(machine.path().join("crl")))
        .map(|file| file.path())
        .collect();
    crls.sort();
    crls
}

/// The serial numbers that `openssl crl -text` prints, in hexadecimal.
fn serials_by_openssl(file: &Path) -> Option<Vec<String>> {
    let form = if std::fs::read(file).ok()?.starts_with(b"-----") { "PEM" } else { "DER" };
    let mut command = Command::new("openssl");
    let output = command.args(["crl", "-noout", "-text", "-inform", form, "-in"]).arg(file).output().ok()?;
    assert!(output.status.success(), "openssl does not read {}", file.display());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let serials = text.lines().filter_map(|line| line.trim().strip_prefix("Serial Number: "));
    Some(serials.map(str::to_owned).collect())
}

#[test]
fn openssl_reads_the_same_entries() {
    let crls = example_crls();
    assert!(crls.len() > 5);
    for file in crls {
        let bytes = std::fs::read(&file).unwrap();
        let der = match ccmcertsel::certificate::pem_blocks(&bytes).into_iter().next() {
            // Of several, `openssl crl` reads the first.
            Some(block) => block.unwrap().der,
            None => bytes,
        };
        let Ok(crl) = Crl::from_der(&der) else {
            continue; // a machine may hold a damaged one on purpose
        };
        let Some(expected) = serials_by_openssl(&file) else {
            println!("not run: there is no openssl here");
            return;
        };
        let hexadecimal = |serial: &[u8]| serial.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        let ours: Vec<String> = crl.entries().map(|entry| hexadecimal(entry.serial_number())).collect();
        let positive =
            |serial: &String| serial.strip_prefix("00").filter(|rest| !rest.is_empty()).unwrap_or(serial).to_owned();
        assert_eq!(ours.iter().map(positive).collect::<Vec<_>>(), expected, "{}", file.display());
        crate::fuzz_bodies::crl::crl(&der);
    }
}

#[test]
fn the_places_of_real_certificates_are_read_or_damaged_at_an_offset() {
    let suite = folder("../shared/suites/real-certs");
    let Ok(files) = std::fs::read_dir(&suite) else {
        println!("real-certs was not run: {} is not there", suite.display());
        return;
    };
    let mut places = 0;
    for file in files.filter_map(Result::ok).filter(|file| file.path().extension().is_some_and(|end| end == "der")) {
        let bytes = std::fs::read(file.path()).unwrap();
        let Ok(certificate) = ccmcertsel::Certificate::from_der(&bytes) else {
            continue;
        };
        for points in [certificate.crl_distribution_points(), certificate.freshest_crl()] {
            match points {
                Ok(points) => places += points.map(|point| point.urls().len()).sum::<usize>(),
                Err(error) => assert!(error.error.offset() < bytes.len()),
            }
        }
        let _ = certificate.names_ocsp();
    }
    assert!(places > 10, "only {places} places");
}

/// Bytes of real CRLs, changed, cut and doubled at places that a fixed generator picks: the fuzz target's body without
/// a fuzzer.
#[test]
fn changed_crls_never_panic() {
    let seeds: Vec<Vec<u8>> = example_crls().iter().filter_map(|file| std::fs::read(file).ok()).take(8).collect();
    assert!(!seeds.is_empty());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = move |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    for round in 0..20_000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=below(3) {
            let at = below(bytes.len());
            match below(4) {
                0 => bytes[at] = below(256) as u8,
                1 => bytes.truncate(at.max(1)),
                2 => bytes[at] ^= 1 << below(8),
                _ => bytes.insert(at, [0x30, 0x80, 0xa0, 0x00][below(4)]),
            }
        }
        crate::fuzz_bodies::crl::crl(&bytes);
    }
}

#[test]
fn v9_copies_of_a_crl_are_one() {
    let crl =
        |number| Crl::from_der(&CrlBuilder::of(&Cert::ca("CN=CA", Key::Toy(1)), number).sign(Key::Toy(1))).unwrap();
    let none = Crls::new([]);
    assert_eq!((none.len(), none.iter().count()), (0, 0));
    let two = Crls::new([crl(1), crl(2), crl(1)]);
    assert_eq!((two.len(), two.iter().count()), (2, 2));
}

/// The size of the index that a fleet's memory is planned with: it grows with the entries, by at most 30 bytes each.
#[test]
fn the_index_is_small_and_grows_with_the_entries() {
    let index_bytes = |entries: i128| {
        let mut builder = CrlBuilder::of(&ca(), 1);
        for serial in 0..entries {
            builder = builder.revoke(serial * 7919);
        }
        read(&builder).index_bytes()
    };
    let (small, large) = (index_bytes(100), index_bytes(3_000));
    assert!(small >= 100 * 4 && large >= 3_000 * 4, "an offset of each entry: {small}, {large}");
    assert!(large <= 3_000 * 30, "{large}");
}
