//! Target 1: certificates from DER to stores that can be asked, against decoders that do nothing else.

mod corpus;

use ccmcertsel::{Certificate, Thumbprint};
use corpus::{CaKey, Pki, size};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rustls_pki_types::CertificateDer;
use std::hint::black_box;

fn load(c: &mut Criterion) {
    let pki = Pki::new(CaKey::Rsa2048);
    let leaves = pki.leaves(size(10_000));
    let bytes: usize = leaves.iter().map(Vec::len).sum();
    println!("{} certificates of {} bytes on average", leaves.len(), bytes / leaves.len());

    let [stores, certificates, thumbprints, peer] = corpus::taking_turns(
        20,
        [
            &mut || drop(black_box(pki.stores(&leaves))),
            &mut || {
                let read = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate");
                drop(black_box(leaves.iter().map(read).collect::<Vec<_>>()))
            },
            &mut || leaves.iter().for_each(|der| _ = black_box(Thumbprint::of(der))),
            &mut || {
                for der in &leaves {
                    black_box(x509_parser::parse_x509_certificate(der).expect("a certificate"));
                }
            },
        ],
    )
    .map(|time| time.as_secs_f64() * 1e6 / leaves.len() as f64);
    println!(
        "us a certificate, in turns, what was built dropped as well: stores {stores:.2}, certificates {certificates:.2}, \
         thumbprints {thumbprints:.2}, x509-parser {peer:.2}; ratio {:.2}",
        stores / peer
    );

    let mut group = c.benchmark_group("load");
    group.sample_size(20).throughput(Throughput::Elements(leaves.len() as u64));
    group.bench_function("stores", |b| b.iter_with_large_drop(|| pki.stores(&leaves)));
    group.bench_function("certificates", |b| {
        b.iter_with_large_drop(|| {
            let read = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate");
            leaves.iter().map(read).collect::<Vec<_>>()
        })
    });
    group
        .bench_function("thumbprints", |b| b.iter(|| leaves.iter().for_each(|der| _ = black_box(Thumbprint::of(der)))));
    group.bench_function("x509-parser", |b| {
        b.iter(|| {
            for der in &leaves {
                black_box(x509_parser::parse_x509_certificate(der).expect("a certificate"));
            }
        })
    });
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
