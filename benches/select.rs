//! Target 3: every certificate under one CA judged in documented order and explained, its chain checked.
//!
//! A selector is new in each round, so every leaf's signature is verified; the cache is the one of a fleet, in which the
//! CA's and the CRL's signatures are (the first round of each kind is the warm-up).

mod corpus;

use ccmcertsel::settings::Revocation;
use ccmcertsel::{Algorithms, Certificate, Crl, Crls, Outcome, Selector, Stores, VerificationCache};
use corpus::peers::{ParsedKey, Webpki, webpki_crl};
use corpus::{CaKey, Pki, size};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::sync::Arc;

fn selector(stores: &Arc<Stores>, cache: &Arc<VerificationCache>, crls: &[Crl], revocation: Revocation) -> Selector {
    let settings = corpus::settings(revocation);
    Selector::with_cache(Arc::clone(stores), corpus::machine(), settings, Arc::clone(cache))
        .with_crls(Crls::new(crls.to_vec()))
}

fn select(c: &mut Criterion) {
    for kind in CaKey::BOTH {
        let pki = Pki::new(kind);
        let all = pki.leaves(size(10_000));
        let entries = size(100_000);
        let crls = pki.crls(entries);
        for count in [size(1_000), size(10_000)] {
            let leaves = all.get(..count).unwrap_or(&all);
            let stores = pki.stores(leaves);
            let mut group = c.benchmark_group(format!("select/{}/{count}", kind.name()));
            group.sample_size(10).throughput(Throughput::Elements(count as u64));
            let key = ParsedKey::of(&pki.issuing, kind);
            let certificates: Vec<Certificate> = leaves
                .iter()
                .map(|der| Certificate::from_der(der).expect("a certificate"))
                .collect();
            group.bench_function("signatures-alone", |b| {
                b.iter(|| certificates.iter().for_each(|certificate| key.verify(certificate)))
            });
            for (name, revocation) in [("no-crl", Revocation::Off), ("crl", Revocation::Check)] {
                let cache = Arc::new(VerificationCache::new(Algorithms::default()));
                group.bench_function(name, |b| {
                    b.iter_with_large_drop(|| {
                        let selection = selector(&stores, &cache, &crls, revocation).select(corpus::now());
                        assert!(
                            matches!(selection.outcome(), Outcome::Selected(_)),
                            "{:?}",
                            selection.outcome()
                        );
                        selection
                    })
                });
            }
            group.finish();
        }

        let peers = all.get(..100).unwrap_or(&all);
        let mut group = c.benchmark_group(format!("select/{}/peers", kind.name()));
        group
            .sample_size(10)
            .throughput(Throughput::Elements(peers.len() as u64));
        for (name, webpki) in [("aws-lc-rs", Webpki::aws_lc_rs(&pki)), ("ring", Webpki::ring(&pki))] {
            group.bench_function(format!("rustls-webpki-{name}"), |b| {
                b.iter(|| peers.iter().for_each(|leaf| webpki.validate(leaf, None)))
            });
        }
        let few = peers.get(..10).unwrap_or(peers);
        group.throughput(Throughput::Elements(few.len() as u64));
        let crl = webpki_crl(&pki.issuing.crl(entries));
        let webpki = Webpki::aws_lc_rs(&pki);
        group.bench_function("rustls-webpki-aws-lc-rs-crl", |b| {
            b.iter(|| few.iter().for_each(|leaf| webpki.validate(leaf, Some(&[&crl]))))
        });
        group.finish();
    }
}

criterion_group!(benches, select);
criterion_main!(benches);
