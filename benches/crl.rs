//! Target 2: a CRL of 100,000 entries, loaded and asked.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
mod corpus;

use ccmcertsel::Crl;
use corpus::counting::Counting;
use corpus::peers::webpki_crl;
use corpus::{CaKey, Pki, size};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

fn crl(c: &mut Criterion) {
    let pki = Pki::new(CaKey::Rsa2048);
    let entries = size(100_000);
    let der = pki.issuing.crl(entries);
    let before = ALLOCATOR.held();
    let crl = Crl::from_der(&der).expect("a CRL");
    let beside = ALLOCATOR.held() - before - der.len();
    println!("beside the DER {:.1} bytes of heap an entry", beside as f64 / entries as f64);
    let before = ALLOCATOR.held();
    let owned = webpki_crl(&der);
    let held = ALLOCATOR.held() - before;
    println!("rustls-webpki, owned: {:.1} bytes of heap an entry", held as f64 / entries as f64);
    drop(owned);

    let mut group = c.benchmark_group("crl");
    group.sample_size(10);
    group.bench_function("load", |b| {
        b.iter_batched(|| der.clone(), |der| Crl::from_vec(der).expect("a CRL"), BatchSize::LargeInput)
    });
    group.bench_function("load/rustls-webpki-owned", |b| b.iter_with_large_drop(|| webpki_crl(&der)));
    group.bench_function("load/x509-cert", |b| {
        use x509_cert::der::Decode;
        b.iter_with_large_drop(|| {
            x509_cert::crl::CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&der).expect("a CRL")
        })
    });
    // Serial numbers that stand side by side, as that of a certificate stands with the rest of it, and are asked for in
    // an order that leads all over the CRL and its index.
    let of_entries: Vec<&[u8]> = crl.entries().map(|entry| entry.serial_number()).collect();
    let listed: Vec<[u8; 19]> =
        (0..entries).map(|at| of_entries[at * 7_919 % entries].try_into().expect("a serial number")).collect();
    let absent: Vec<[u8; 19]> = listed.iter().map(|serial| serial.map(|byte| byte ^ 0x11)).collect();
    // Of a few, what is looked at stays in the processor's cache.
    let few = &listed[..entries.min(1_000)];
    for (name, serials) in
        [("look-up/listed", listed.as_slice()), ("look-up/listed-of-1000", few), ("look-up/not-listed", &absent)]
    {
        group.bench_function(name, |b| {
            let mut asked = serials.iter().cycle();
            b.iter(|| black_box(crl.find(asked.next().expect("a serial number"))))
        });
    }
    group.finish();
}

criterion_group!(benches, crl);
criterion_main!(benches);
