//! Hostile shapes (rule V-10): each ends within the budget, and each in under a second from its bytes to the verdict.
//!
//! `cargo bench --bench hostile`; the limit is asserted before each shape is measured.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
#![allow(clippy::disallowed_methods, missing_docs)] // a bench reads the clock; the ban is on the library

#[path = "../tests/support/mod.rs"]
mod support;

use ccmcertsel::settings::KeyUsagePolicy;
use ccmcertsel::{Coded, Crl, Crls, Machine, Selector, Settings, Stores, Timestamp};
use criterion::{Criterion, criterion_group, criterion_main};
use std::time::{Duration, Instant};
use support::der::{bit_string, int, null, oid, seq, set, tlv};
use support::pki::*;

const NOW: &str = "2026-01-15T09:00:00Z";
const LIMIT: Duration = Duration::from_secs(1);

/// A machine in DER.
struct Shape {
    name: &'static str,
    /// The code of the rejection; `None` when the certificate is selected.
    expected: Option<&'static str>,
    leaf: Vec<u8>,
    cas: Vec<Vec<u8>>,
    root: Vec<u8>,
    crls: Vec<Vec<u8>>,
}

/// From bytes to the verdict: nothing is remembered from one run to the next.
fn judge(shape: &Shape) -> Option<&'static str> {
    let mut builder = Stores::builder();
    builder.add_der("MY", &shape.leaf).add_der("ROOT", &shape.root);
    for ca in &shape.cas {
        builder.add_der("CA", ca);
    }
    let settings = Settings::ccm_setup().with(KeyUsagePolicy::Ignore);
    let settings = if shape.crls.is_empty() { settings.with(ccmcertsel::settings::Revocation::Off) } else { settings };
    let crls = Crls::new(shape.crls.iter().filter_map(|der| Crl::from_der(der).ok()));
    let cache = std::sync::Arc::new(ccmcertsel::VerificationCache::new(toy_algorithms()));
    let selector = Selector::with_cache(builder.build(), Machine::new("PC1"), settings, cache).with_crls(crls);
    let now: Timestamp = NOW.parse().expect("RFC 3339");
    let selection = selector.select(now);
    let verdict = selection.verdicts().first().expect("one certificate");
    verdict.rejection().map(|rejection| rejection.code())
}

fn root() -> Cert {
    Cert::ca("CN=Root", Key::Toy(0))
}

fn issuing() -> Cert {
    Cert::ca("CN=Issuing", Key::Toy(1)).serial(2)
}

fn leaf() -> Cert {
    Cert::client("CN=PC1", Key::Toy(9)).serial(3)
}

fn shape(name: &'static str, expected: Option<&'static str>, leaf: Vec<u8>, cas: Vec<Vec<u8>>) -> Shape {
    Shape { name, expected, leaf, cas, root: root().self_sign(), crls: Vec::new() }
}

/// Each of thirty CAs of one name certifies each other one: 870 certificates, and no way out.
fn cross_signed() -> Shape {
    let ca = |number: u32| Cert::ca("CN=Mesh", Key::Toy(number));
    let pairs = (0..30u32).flat_map(|a| (0..30u32).filter(move |b| a != *b).map(move |b| (a, b)));
    let cas = pairs.map(|(a, b)| ca(a).serial(i128::from(a * 100 + b)).issued_by(&ca(b))).collect();
    shape("30 cross-signed CAs of one name", Some("validity.budget"), leaf().issued_by(&ca(0)), cas)
}

fn name_constraints() -> Shape {
    let subtrees: Vec<GeneralSubtree> = (0..10_000).map(|n| San::dns(&format!("n{n}.example")).into()).collect();
    let names: Vec<San> = (0..10_000).map(|n| San::dns(&format!("pc{n}.contoso.com"))).collect();
    let ca = issuing().with(extension::name_constraints(&[], &subtrees));
    let leaf = leaf().with(extension::san(&names)).issued_by(&ca);
    let cas = vec![ca.issued_by(&root())];
    shape("10,000 constraints, 10,000 names", Some("validity.budget"), leaf, cas)
}

/// RSA keys of 2048 bits that differ, so that every check is a real one, in pure Rust.
fn same_name() -> Shape {
    let spki = |number: u32| {
        let mut modulus = vec![0xd5; 256];
        modulus[8..12].copy_from_slice(&number.to_be_bytes());
        modulus.insert(0, 0);
        let public = seq(&[tlv(2, &modulus), int(65537)]);
        seq(&[seq(&[oid("1.2.840.113549.1.1.1"), null()]), bit_string(&public)])
    };
    let ca = |number: u32| {
        Cert::ca("CN=Issuing", Key::Toy(number))
            .without("2.5.29.14")
            .serial(number.into())
            .change(|cert| cert.spki = Some(spki(number)))
            .issued_by(&root())
    };
    let leaf = leaf().issuer("CN=Issuing").sign(Key::Rsa2048(0));
    shape("2,000 CAs of one name", Some("validity.budget"), leaf, (0..2000).map(ca).collect())
}

fn long_crl() -> Shape {
    let mut crl = CrlBuilder::of(&root(), 1);
    crl.entries = Some((10..1_000_010).map(Entry::new).collect());
    let mut shape = shape("a CRL of 1,000,000 entries", None, leaf().issued_by(&root()), Vec::new());
    shape.crls.push(crl.sign(root().key));
    shape
}

fn large_certificate() -> Shape {
    let names: Vec<San> = (0..400_000).map(|n| San::dns(&format!("pc{n:06}.corp.contoso.com"))).collect();
    let leaf = leaf().with(extension::san(&names)).issued_by(&root());
    assert!(leaf.len() > 10_000_000);
    shape("a certificate of 10 MB", None, leaf, Vec::new())
}

fn nested() -> Shape {
    let mut deep = null();
    for level in 0..1000 {
        deep = if level % 2 == 0 { seq(&[deep]) } else { set(&[deep]) };
    }
    let critical = Ext::raw("2.5.29.32", deep.clone()).critical();
    let ca = issuing().with(Ext::raw("2.5.29.30", deep.clone()));
    let leaf = leaf().with(Ext::raw("2.5.29.17", seq(&[tlv(0xa4, &deep)]))).with(critical).issued_by(&ca);
    shape("1,000 levels of nesting", Some("validity.malformed"), leaf, vec![ca.issued_by(&root())])
}

fn hostile(criterion: &mut Criterion) {
    let shapes = [cross_signed, name_constraints, same_name, long_crl, large_certificate, nested];
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for shape in shapes {
        let shape = shape();
        let start = Instant::now();
        let verdict = judge(&shape);
        let elapsed = start.elapsed();
        println!("{}: {elapsed:?}, {verdict:?}", shape.name);
        assert_eq!(verdict, shape.expected, "{}", shape.name);
        if !cfg!(debug_assertions) {
            assert!(elapsed < LIMIT, "{} took {elapsed:?}", shape.name);
        }
        group.bench_function(shape.name, |bencher| bencher.iter(|| judge(&shape)));
    }
    group.finish();
}

criterion_group!(benches, hostile);
criterion_main!(benches);
