//! Target 4: the selected certificate and nothing else, first and again.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
mod corpus;

use ccmcertsel::settings::{OnMultiple, Revocation};
use ccmcertsel::{Algorithms, Certificate, Crl, Crls, Selector, Settings, Stores, VerificationCache};
use corpus::peers::{ParsedKey, Webpki, webpki_crl};
use corpus::{CaKey, Pki, size};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::sync::Arc;

/// The settings of each case.
fn cases(count: usize) -> [(&'static str, Settings); 5] {
    let base = || corpus::settings(Revocation::Check);
    let one = format!("SubjectStr:PC{:06}.", count / 2);
    let parse = |text: &str| text.parse::<ccmcertsel::Criteria>().expect("a criterion");
    [
        ("first", base()),
        ("two", base().with(OnMultiple::Fail)),
        ("one-hit", base().with_criteria(parse(&one))),
        ("no-hit", base().with_criteria(parse("SubjectStr:fabrikam"))),
        ("all-hit", base().with_criteria(parse("SubjectStr:contoso"))),
    ]
}

fn winner(c: &mut Criterion) {
    for kind in CaKey::BOTH {
        let pki = Pki::new(kind);
        let count = size(10_000);
        let leaves = pki.leaves(count);
        let stores = pki.stores(&leaves);
        let crls = pki.crls(size(10_000));
        let mut group = c.benchmark_group(format!("winner/{}", kind.name()));
        let key = ParsedKey::of(&pki.issuing, kind);
        let first = Certificate::from_der(&leaves[0]).expect("a certificate");
        group.bench_function("one-signature", |b| b.iter(|| key.verify(&first)));
        // In a fleet the signatures of CAs and CRLs are in the cache.
        let cache = Arc::new(VerificationCache::new(Algorithms::default()));
        let make = |settings: &Settings, stores: &Arc<Stores>, cache: &Arc<VerificationCache>| {
            Selector::with_cache(Arc::clone(stores), corpus::machine(), settings.clone(), Arc::clone(cache))
                .with_crls(Crls::new(crls.clone()))
        };
        for (name, settings) in cases(count) {
            let expected = !matches!(name, "two" | "no-hit");
            let run = |selector: &Selector| {
                let winner = selector.winner(corpus::now());
                assert_eq!(winner.is_some(), expected, "{name}");
                winner
            };
            let warm = make(&settings, &stores, &cache);
            run(&warm);
            group.bench_function(format!("{name}/first"), |b| {
                b.iter_batched_ref(
                    || make(&settings, &stores, &cache),
                    |selector| run(selector),
                    BatchSize::PerIteration,
                )
            });
            group.bench_function(format!("{name}/again"), |b| b.iter(|| run(&warm)));
        }
        group.bench_function("first/empty-cache", |b| {
            let settings = corpus::settings(Revocation::Check);
            b.iter_batched_ref(
                || make(&settings, &stores, &Arc::default()),
                |selector| selector.winner(corpus::now()),
                BatchSize::PerIteration,
            )
        });

        group.sample_size(10);
        let crl_ders = [pki.root.crl(3), pki.issuing.crl(size(10_000))];
        group.bench_function("cold", |b| {
            b.iter_with_large_drop(|| {
                let stores = pki.stores(&leaves);
                let crls: Vec<Crl> = crl_ders.iter().map(|der| Crl::from_der(der).expect("a CRL")).collect();
                let settings = corpus::settings(Revocation::Check);
                let selector = Selector::new(stores, corpus::machine(), settings).with_crls(Crls::new(crls));
                assert!(selector.winner(corpus::now()).is_some());
                selector
            })
        });
        let few = leaves.get(..20).unwrap_or(&leaves);
        let webpki = Webpki::aws_lc_rs(&pki);
        let crl = webpki_crl(&crl_ders[1]);
        group.throughput(criterion::Throughput::Elements(few.len() as u64));
        group.bench_function("cold/rustls-webpki-aws-lc-rs", |b| {
            b.iter(|| few.iter().for_each(|leaf| webpki.validate(leaf, Some(&[&crl]))))
        });
        group.finish();
    }
}

criterion_group!(benches, winner);
criterion_main!(benches);
