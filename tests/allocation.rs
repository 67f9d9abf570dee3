//! What is allocated: a test binary of its own, because the allocator of a binary is one for all its tests.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
#[path = "../benches/corpus/counting.rs"]
mod counting;
#[path = "support/mod.rs"]
mod support;

use ccmcertsel::settings::{OnMultiple, Revocation};
use ccmcertsel::{Certificate, Machine, Selector, Settings, Stores, Timestamp, VerificationCache};
use counting::Counting;
use std::sync::{Arc, Mutex};
use support::pki::{Cert, Key, San, extension, instant, toy_algorithms};

#[global_allocator]
static ALLOCATOR: Counting = Counting::new();

/// The counts are those of the whole binary, so the tests take turns.
static TURN: Mutex<()> = Mutex::new(());

fn leaves(ca: &Cert, count: usize) -> Vec<Vec<u8>> {
    let leaf = |number: usize| {
        let host = format!("PC{number:06}.contoso.com");
        let name = format!("DC=com; DC=contoso; OU=Workstations; CN={host}");
        Cert::client(name.as_str(), Key::Toy(9))
            .serial(number as i128 + 1000)
            .with(extension::san(&[San::dns(&host)]))
            .issued_by(ca)
    };
    (0..count).map(leaf).collect()
}

#[test]
fn a_warm_winner_allocates_nothing() {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let ca = Cert::ca("CN=Root", Key::Toy(1));
    let mut stores = Stores::builder();
    stores.add_der("ROOT", &ca.self_sign());
    for leaf in leaves(&ca, 100) {
        stores.add_der("MY", &leaf);
    }
    let stores = Arc::new(stores.build());
    let now = Timestamp::from_unix_seconds(instant("2026-01-15T00:00:00Z"));
    let settings = Settings::site_managed().with(Revocation::Off);
    let criteria = |text: &str| settings.clone().with_criteria(text.parse::<ccmcertsel::Criteria>().ok());
    for (settings, selects) in [
        (settings.clone(), true),
        (settings.clone().with(OnMultiple::Fail), false),
        (criteria("SubjectStr:PC000050."), true),
        (criteria("SubjectStr:fabrikam"), false),
    ] {
        let cache = Arc::new(VerificationCache::new(toy_algorithms()));
        let selector = Selector::with_cache(Arc::clone(&stores), Machine::new("PC1"), settings, cache);
        let first = selector.winner(now);
        assert_eq!(first.is_some(), selects);
        let before = ALLOCATOR.calls();
        assert_ne!(before, 0, "the first call is counted");
        for _ in 0..1000 {
            assert_eq!(selector.winner(now), first);
        }
        assert_eq!(ALLOCATOR.calls(), before);
    }
}

#[test]
fn a_loaded_certificate_takes_at_most_300_bytes_beside_its_der() {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let leaves = leaves(&Cert::ca("CN=Root", Key::Toy(1)), 5000);
    let der: usize = leaves.iter().map(Vec::len).sum();
    let before = ALLOCATOR.held();
    let mut builder = Stores::builder();
    for leaf in &leaves {
        builder.add("MY", Certificate::from_der(leaf).expect("a certificate"));
    }
    let stores = builder.build();
    let beside = (ALLOCATOR.held() - before - der) / leaves.len();
    assert!(beside <= 300, "{beside} bytes");
    drop(stores);
}
