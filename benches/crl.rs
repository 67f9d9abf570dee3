//! Target 2: a CRL of 100,000 entries, loaded and asked.

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
    let serials: Vec<Vec<u8>> = crl.entries().map(|entry| entry.serial_number().to_vec()).collect();
    let absent: Vec<Vec<u8>> = serials
        .iter()
        .map(|serial| {
            let mut absent = serial.clone();
            absent[0] ^= 0x11;
            absent
        })
        .collect();
    // Every seventh of the list, so that neither is next to the other in memory.
    for (name, serials) in [("look-up/listed", &serials), ("look-up/not-listed", &absent)] {
        group.bench_function(name, |b| {
            let mut at = 0;
            b.iter(|| {
                at = (at + 7) % serials.len();
                black_box(crl.find(&serials[at]))
            })
        });
    }
    group.finish();
}

criterion_group!(benches, crl);
criterion_main!(benches);
