//! Target 3: every certificate under one CA judged in documented order and explained, its chain checked.
//!
//! A selector is new in each round, so every leaf's signature is verified; the cache is the one of a fleet, in which the
//! CA's and the CRL's signatures are (the first round of each kind is the warm-up).

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
mod corpus;

use ccmcertsel::settings::Revocation;
use ccmcertsel::{Algorithms, Certificate, Crl, Crls, Outcome, Selector, Stores, VerificationCache};
use corpus::peers::{ParsedKey, Webpki, webpki_crl};
use corpus::{CaKey, Pki, size, timed};
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
            let certificates: Vec<Certificate> =
                leaves.iter().map(|der| Certificate::from_der(der).expect("a certificate")).collect();
            group.bench_function("signatures-alone", |b| {
                b.iter(|| certificates.iter().for_each(|certificate| key.verify(certificate)))
            });
            for (name, revocation) in [("no-crl", Revocation::Off), ("crl", Revocation::Check)] {
                let cache = Arc::new(VerificationCache::new(Algorithms::default()));
                group.bench_function(name, |b| {
                    b.iter_with_large_drop(|| {
                        let selection = selector(&stores, &cache, &crls, revocation).select(corpus::now());
                        assert!(matches!(selection.outcome(), Outcome::Selected(_)), "{:?}", selection.outcome());
                        selection
                    })
                });
            }
            group.finish();
        }

        let peers = all.get(..100).unwrap_or(&all);
        ratios(&pki, &all, &crls, entries);
        let mut group = c.benchmark_group(format!("select/{}/peers", kind.name()));
        group.sample_size(10).throughput(Throughput::Elements(peers.len() as u64));
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

/// The same things in turns, per leaf, as the targets compare them.
fn ratios(pki: &Pki, all: &[Vec<u8>], crls: &[Crl], entries: usize) {
    let cache = Arc::new(VerificationCache::new(Algorithms::default()));
    let key = ParsedKey::of(&pki.issuing, pki.kind);
    let webpki = Webpki::aws_lc_rs(pki);
    let few = all.get(..100).unwrap_or(all);
    let crl = webpki_crl(&pki.issuing.crl(entries));
    let fewer = few.get(..5).unwrap_or(few);
    for count in [size(1_000), size(10_000)] {
        let leaves = all.get(..count).unwrap_or(all);
        let stores = pki.stores(leaves);
        let read = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate");
        let certificates: Vec<Certificate> = leaves.iter().map(read).collect();
        let run = |revocation| drop(selector(&stores, &cache, crls, revocation).select(corpus::now()));
        let times = corpus::taking_turns(
            10,
            [
                &mut || timed(|| certificates.iter().for_each(|certificate| key.verify(certificate))),
                &mut || timed(|| run(Revocation::Off)),
                &mut || timed(|| run(Revocation::Check)),
                &mut || timed(|| few.iter().for_each(|leaf| webpki.validate(leaf, None))),
                &mut || timed(|| fewer.iter().for_each(|leaf| webpki.validate(leaf, Some(&[&crl])))),
            ],
        );
        let counts = [count, count, count, few.len(), fewer.len()];
        let mut each = [0.0; 5];
        for ((each, time), count) in each.iter_mut().zip(times).zip(counts) {
            *each = time.as_secs_f64() * 1e6 / count as f64;
        }
        let [signature, plain, with_crl, webpki, webpki_crl] = each;
        println!(
            "| {} | {count} | {signature:.1} | {plain:.1} | {with_crl:.1} | {webpki:.1} | {webpki_crl:.0} | {:.2} | {:.2} | {:.2} | 1/{:.0} |",
            pki.kind.name(),
            plain / signature,
            plain / webpki,
            with_crl / plain,
            webpki_crl / with_crl
        );
    }
}

criterion_group!(benches, select);
criterion_main!(benches);
