//! What an answer depends on (rule R-5) and a plan (rule E-1) of a machine with ten certificates, against a plain selection.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
mod corpus;

use ccmcertsel::settings::{OnMultiple, Revocation};
use ccmcertsel::{Algorithms, Crl, Crls, Selector, Settings, Timestamp, VerificationCache};
use corpus::{CaKey, DAY, Pki};
use criterion::{Criterion, criterion_group, criterion_main};
use std::sync::Arc;

fn plan(c: &mut Criterion) {
    for kind in CaKey::BOTH {
        let pki = Pki::new(kind);
        let leaves = pki.leaves(10);
        let stores = pki.stores(&leaves);
        let cache = Arc::new(VerificationCache::new(Algorithms::default()));
        let selector = |settings: Settings| {
            Selector::with_cache(Arc::clone(&stores), corpus::machine(), settings, Arc::clone(&cache))
        };
        let of_site = || corpus::settings(Revocation::Off).with(OnMultiple::SelectLongest);
        let mut group = c.benchmark_group(format!("plan/{}", kind.name()));
        group.bench_function("select", |b| b.iter(|| selector(of_site()).select(corpus::now())));
        group.bench_function("depends-on", |b| {
            b.iter(|| selector(of_site()).with_readings().select(corpus::now()));
        });
        // The one that ranks last has to look past all the others.
        let last = selector(of_site()).ranked().last().expect("a certificate");
        group.bench_function("plan", |b| b.iter(|| selector(of_site()).plan(last, corpus::now())));
        // Fifty boundaries: both dates of ten certificates, of the CA, of the root, and of thirteen CRLs.
        let until = Timestamp::from_unix_seconds(corpus::NOW + 10 * 365 * 86_400);
        let crl = |ca: &corpus::Ca, week: i64| Crl::from_vec(ca.crl_from(10, corpus::NOW + (7 * week - 1) * DAY));
        let of_issuing = (0..12).map(|week| crl(&pki.issuing, week));
        let crls = of_issuing.chain([crl(&pki.root, 0)]).collect::<Result<Vec<_>, _>>().expect("CRLs");
        let selector = selector(of_site().with(Revocation::Check)).with_crls(Crls::new(crls));
        group.bench_function("timeline", |b| b.iter(|| selector.timeline(corpus::now().into(), until)));
        group.finish();
    }
}

criterion_group!(benches, plan);
criterion_main!(benches);
