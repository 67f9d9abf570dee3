//! Target 1: certificates from DER to stores that can be asked, against decoders that do nothing else.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
mod corpus;

use ccmcertsel::{Certificate, Thumbprint};
use corpus::{CaKey, Pki, size, timed};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rustls_pki_types::CertificateDer;
use std::hint::black_box;

fn load(c: &mut Criterion) {
    let pki = Pki::new(CaKey::Rsa2048);
    let leaves = pki.leaves(size(10_000));
    let bytes: usize = leaves.iter().map(Vec::len).sum();
    println!("{} certificates of {} bytes on average", leaves.len(), bytes / leaves.len());

    let handed_over = |leaves: Vec<Vec<u8>>| {
        pki.stores_of(leaves.into_iter().map(|der| Certificate::from_vec(der).expect("a certificate")))
    };
    let copied = || {
        let read = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate");
        leaves.iter().map(read).collect::<Vec<_>>()
    };
    let peer = || {
        for der in &leaves {
            black_box(x509_parser::parse_x509_certificate(der).expect("a certificate"));
        }
    };
    let thumbprints = || leaves.iter().for_each(|der| _ = black_box(Thumbprint::of(der)));

    let times = corpus::taking_turns(
        20,
        [
            &mut || {
                let leaves = leaves.clone();
                timed(|| drop(black_box(handed_over(leaves))))
            },
            &mut || timed(|| drop(black_box(pki.stores(&leaves)))),
            &mut || timed(|| drop(black_box(copied()))),
            &mut || timed(thumbprints),
            &mut || timed(peer),
        ],
    );
    let [own, stores, certificates, digests, parser] = times.map(|time| time.as_secs_f64() * 1e6 / leaves.len() as f64);
    println!(
        "us a certificate, in turns, what was built dropped as well: stores {own:.2} of bytes handed over, {stores:.2} of \
         bytes copied (certificates alone {certificates:.2}), thumbprints {digests:.2}, x509-parser {parser:.2}; ratio {:.2}, \
         copied {:.2}",
        own / parser,
        stores / parser
    );

    let mut group = c.benchmark_group("load");
    group.sample_size(20).throughput(Throughput::Elements(leaves.len() as u64));
    group.bench_function("stores", |b| b.iter_batched(|| leaves.clone(), handed_over, BatchSize::LargeInput));
    group.bench_function("stores/copied", |b| b.iter_with_large_drop(|| pki.stores(&leaves)));
    group.bench_function("certificates/copied", |b| b.iter_with_large_drop(copied));
    group.bench_function("thumbprints", |b| b.iter(thumbprints));
    group.bench_function("x509-parser", |b| b.iter(peer));
    group.bench_function("x509-cert", |b| {
        use x509_cert::der::Decode;
        b.iter(|| {
            for der in &leaves {
                black_box(x509_cert::Certificate::from_der(der).expect("a certificate"));
            }
        })
    });
    group.bench_function("rustls-webpki", |b| {
        b.iter(|| {
            for der in &leaves {
                let der = CertificateDer::from(der.as_slice());
                black_box(webpki::EndEntityCert::try_from(&der).expect("a certificate"));
            }
        })
    });
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
