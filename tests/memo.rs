//! What is remembered, and that it changes no answer (obligation 6 of the design).

use crate::fuzz_bodies::spec::rejections;
use crate::support::pki::*;
use crate::support::world;
use arbitrary::Unstructured;
use ccmcertsel::plan::NoPlan;
use ccmcertsel::settings::{OnMultiple, Revocation, SignaturePolicy};
use ccmcertsel::{
    Algorithms, Certificate, Coded, Crl, Crls, KeyProvider, Machine, Outcome, PrivateKey, Selector, Settings,
    StoredCertificate, Stores, Timestamp, VerificationCache,
};
use rustls_pki_types::SignatureVerificationAlgorithm;
use std::sync::Arc;

fn root() -> Cert {
    Cert::ca("CN=Root", Key::Toy(0))
}

fn issuing() -> Cert {
    Cert::ca("CN=Issuing", Key::Toy(1)).serial(2)
}

/// A machine with certificates of one CA, and the CRLs of this CA and of its root.
fn machine(leaves: i128, cache: &Arc<VerificationCache>) -> Selector {
    let mut builder = Stores::builder();
    for serial in 0..leaves {
        builder.add_der("MY", &Cert::client("CN=PC1", Key::Toy(9)).serial(10 + serial).issued_by(&issuing()));
    }
    builder.add_der("CA", &issuing().issued_by(&root())).add_der("ROOT", &root().self_sign());
    let crls = [(root(), Key::Toy(0)), (issuing(), Key::Toy(1))]
        .map(|(ca, key)| Crl::from_der(&CrlBuilder::new(ca.subject.clone()).sign(key)).expect("a CRL"));
    let settings = Settings::default().with(OnMultiple::SelectLongest);
    Selector::with_cache(Arc::new(builder.build()), Machine::new("PC1"), settings, Arc::clone(cache))
        .with_crls(Crls::new(crls.to_vec()))
}

fn now() -> time::OffsetDateTime {
    "2026-01-15T09:00:00Z".parse::<Timestamp>().expect("RFC 3339").into()
}

#[test]
fn a_ca_and_its_crl_are_verified_once_and_a_leaf_once_for_each_machine() {
    static TOY: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&TOY];
    let cache = Arc::new(VerificationCache::new(Algorithms::rust_crypto().with_plugged(PLUGGED)));
    let first = machine(5, &cache);
    assert!(first.select(now()).outcome().selected().is_some());
    assert_eq!(TOY.taken(), 5 + 1 + 2, "five leaves, their CA, two CRLs");
    // Leaves are rarely met again; what is kept for other machines is the CA and the CRLs.
    assert!(format!("{cache:?}").ends_with("3 results, 2 keys)"), "{cache:?}");
    let _ = (first.select(now()), first.audit(now()));
    assert_eq!(TOY.taken(), 0, "a selector asks once");
    let second = machine(5, &cache);
    let _ = second.select(now());
    assert_eq!(TOY.taken(), 5, "another machine of the fleet: its leaves alone");
    assert_eq!(cache.len(), 3);
}

/// V-0 is the order of reasons; `winner` gives none, so it asks what costs least first.
#[test]
fn a_plan_verifies_nothing_that_the_selection_verified() {
    static COUNTED: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&COUNTED];
    let cache = Arc::new(VerificationCache::new(Algorithms::rust_crypto().with_plugged(PLUGGED)));
    let selector = machine(20, &cache);
    assert!(selector.select(now()).outcome().selected().is_some());
    assert!(COUNTED.taken() > 20);
    for id in selector.ranked() {
        let _ = selector.plan(id, now());
    }
    assert_eq!(COUNTED.taken(), 0);
}

#[test]
fn another_reading_verifies_nothing_again() {
    static COUNTED: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&COUNTED];
    let cache = Arc::new(VerificationCache::new(Algorithms::rust_crypto().with_plugged(PLUGGED)));
    let selector = machine(20, &cache);
    let _ = selector.select(now());
    assert!(COUNTED.taken() > 20);
    for (_, settings) in selector.settings().readings() {
        let _ = selector.with_settings(settings).audit(now());
    }
    assert_eq!(COUNTED.taken(), 0);
    // The first selector is gone: then there is nobody to ask.
    let strict = selector.settings().clone().with(SignaturePolicy::Strict);
    let alone = machine(20, &cache).with_settings(strict);
    let _ = alone.audit(now());
    assert_eq!(COUNTED.taken(), 20);
}

#[test]
fn v10_a_plan_looks_at_a_bounded_number_of_cas_that_could_issue() {
    static COUNTED: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&COUNTED];
    let cache = Arc::new(VerificationCache::new(Algorithms::rust_crypto().with_plugged(PLUGGED)));
    let mut builder = Stores::builder();
    builder.add_der("MY", &Cert::client("CN=PC1", Key::Toy(9)).issuer("CN=CA 5").sign(Key::Toy(5)));
    builder.add_der("ROOT", &root().self_sign());
    for number in 0..1000 {
        let ca = Cert::ca(format!("CN=CA {number}").as_str(), Key::Toy(number + 10)).issuer("CN=Root");
        builder.add_der("CA", &ca.sign(Key::Toy(7)));
    }
    let settings = Settings::ccm_setup().with(Revocation::Off);
    let selector = Selector::with_cache(builder.build(), Machine::new("PC1"), settings, cache);
    let id = selector.ranked().next().expect("a certificate");
    // Nobody looked at the others, so it is not said that none of them could issue one.
    assert_eq!(selector.plan(id, now()), Err(NoPlan::Budget));
    assert!(COUNTED.taken() < 200);
}

/// The winner looks for the beginning of a long criterion, which is no verdict.
#[test]
fn a_long_criterion_selects_what_holds_all_of_it_c3() {
    let cache = Arc::new(VerificationCache::new(toy_algorithms()));
    let long = "Ärger ".repeat(100);
    let mut builder = Stores::builder();
    let subjects = [format!("CN={long}first"), format!("CN={long}second")];
    for (serial, subject) in (10..).zip(&subjects) {
        builder.add_der("MY", &Cert::client(subject.as_str(), Key::Toy(9)).serial(serial).issued_by(&root()));
    }
    builder.add_der("ROOT", &root().self_sign());
    let stores = Arc::new(builder.build());
    for (end, expected) in [("FIRST", Some("first")), ("second", Some("second")), ("third", None)] {
        let criteria: ccmcertsel::Criteria =
            format!("SubjectStr:{}{end}", long.to_uppercase()).parse().expect("criteria");
        let settings = Settings::default().with(Revocation::Off).with_criteria(criteria);
        let selector = Selector::with_cache(Arc::clone(&stores), Machine::new("PC1"), settings, Arc::clone(&cache))
            .with_readings();
        let selected = selector.winner(now());
        let subject = selected.map(|id| stores.get(id).expect("a certificate").certificate().subject().to_string());
        assert_eq!(subject.as_deref().and_then(|subject| subject.rsplit(' ').next()), expected);
        assert_eq!(selector.select(now()).selected(), selected);
    }
}

#[test]
fn the_winner_builds_no_chain_for_a_certificate_that_a_cheaper_check_rejects() {
    static TOY: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&TOY];
    let client = |serial: i128| Cert::client("CN=PC2", Key::Toy(9)).serial(serial);
    let stored = |cert: Cert| {
        let certificate = Certificate::from_der(&cert.issued_by(&root())).expect("a certificate");
        StoredCertificate::new(certificate).with_private_key(PrivateKey::Accessible(KeyProvider::Csp))
    };
    let server = || client(6).replace(extension::eku(&["1.3.6.1.5.5.7.3.1"]));
    let rejected = [
        ("V-1", stored(client(1).valid("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"))),
        ("V-1", stored(client(2).valid("2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"))),
        ("V-2", stored(client(3)).with_private_key(PrivateKey::Absent)),
        ("V-3", stored(client(4)).with_private_key(PrivateKey::Accessible(KeyProvider::Ksp))),
        ("V-3", stored(client(5)).with_template_schema(3)),
        ("P-1", stored(server())),
        ("P-7", stored(client(7).replace(extension::key_usage(&[2])))),
    ];
    for (rule, certificate) in rejected {
        let thumbprint = certificate.certificate().thumbprint();
        let mut builder = Stores::builder();
        builder.add("MY", certificate).add_der("ROOT", &root().self_sign());
        let cache = Arc::new(VerificationCache::new(Algorithms::rust_crypto().with_plugged(PLUGGED)));
        let settings = Settings::default().with(Revocation::Off);
        let selector = Selector::with_cache(Arc::new(builder.build()), Machine::new("PC1"), settings, cache);
        TOY.taken();
        assert_eq!(selector.winner(now()), None);
        assert_eq!(TOY.taken(), 0, "{rule} needs no chain");
        let audit = selector.audit(now());
        let only = audit.verdicts().iter().find_map(|verdict| verdict.rejection()).expect("a rejection");
        assert_eq!(only.rule().id(), rule, "{thumbprint}: {only}");
        assert_eq!(TOY.taken(), 1, "an audit builds it");
    }
}

#[test]
fn with_no_room_nothing_is_kept() {
    static TOY: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&TOY];
    let cache = Arc::new(VerificationCache::with_capacity(Algorithms::rust_crypto().with_plugged(PLUGGED), 0));
    for _ in 0..2 {
        assert!(machine(2, &cache).select(now()).outcome().selected().is_some());
        assert!(TOY.taken() >= 2 + 1 + 2, "each is asked again");
        assert!(format!("{cache:?}").ends_with(" 0 results, 0 keys)"), "{cache:?}");
    }
}

#[test]
fn the_cache_is_bounded_and_keeps_what_is_used() {
    static TOY: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&TOY];
    // Room for eight results in each of two generations, and for no key.
    let algorithms = Algorithms::rust_crypto().with_plugged(PLUGGED);
    let cache = Arc::new(VerificationCache::with_capacity(algorithms, 16 * 192));
    let used = machine(1, &cache);
    let _ = used.select(now());
    for number in 100..200 {
        let ca = Cert::ca("CN=Other", Key::Toy(number)).serial(number.into());
        let mut builder = Stores::builder();
        builder.add_der("MY", &Cert::client("CN=PC1", Key::Toy(9)).issued_by(&ca));
        builder.add_der("CA", &ca.issued_by(&root())).add_der("ROOT", &root().self_sign());
        let stores = Arc::new(builder.build());
        let other = Selector::with_cache(stores, Machine::new("PC1"), Settings::default(), Arc::clone(&cache));
        let _ = other.select(now());
        TOY.taken();
        let _ = used.with_settings(Settings::default()).select(now());
        assert_eq!(TOY.taken(), 0, "the same chains under other settings are not built again");
        let _ = machine(1, &cache).select(now());
        assert_eq!(
            TOY.taken(),
            1,
            "the CA and the CRLs that are used again and again are kept: the leaf alone is asked"
        );
        assert!(cache.len() <= 16, "{}", cache.len());
    }
}

#[test]
fn with_the_memory_off_every_answer_is_the_same() {
    let off = Arc::new(VerificationCache::with_capacity(toy_algorithms(), 0));
    let small = Arc::new(VerificationCache::with_capacity(toy_algorithms(), 4 * 192));
    let large = Arc::new(VerificationCache::new(toy_algorithms()));
    for seed in 2_000_000..2_001_000 {
        let recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
        let answer = |cache: &Arc<VerificationCache>| {
            let (machine, settings) = (recipe.machine.clone(), recipe.settings.clone());
            let selector = Selector::with_cache(recipe.stores(), machine, settings, Arc::clone(cache))
                .with_crls(Crls::new(recipe.crls()));
            let selection = selector.select(recipe.now);
            (selection.outcome().clone(), rejections(&selection), selector.winner(recipe.now))
        };
        let expected = answer(&off);
        assert_eq!(answer(&small), expected, "seed {seed}");
        assert_eq!(answer(&large), expected, "seed {seed}");
    }
}

/// The dates of CRLs concern certificates alike that no CRL lists: they are judged for one another, and what is said of each is
/// what a selection says at that instant.
#[test]
fn a_timeline_over_many_crls_of_a_ca_is_what_selections_say() {
    let start = instant("2026-01-01T00:00:00Z");
    for seed in 0..60u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut below = |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % bound
        };
        let mut builder = Stores::builder();
        for serial in 0..6 + i128::from(below(4)) {
            let begin = start - 86_400 + 3_600 * below(60) as i64;
            let leaf = Cert::client("CN=PC1", Key::Toy(9)).serial(10 + serial);
            let leaf = leaf.valid_seconds(begin, begin + 86_400 * (2 + below(30) as i64));
            let point = format!("http://pki.contoso.com/{}.crl", below(2));
            builder.add_der("MY", &leaf.with(extension::cdp(&point)).issued_by(&issuing()));
        }
        builder.add_der("CA", &issuing().issued_by(&root())).add_der("ROOT", &root().self_sign());
        let of_root = (0..3).map(|number| (root(), Key::Toy(0), number));
        let of_ca = (0..6 + below(6)).map(|number| (issuing(), Key::Toy(1), number));
        let crls: Vec<Crl> = of_root
            .chain(of_ca)
            .map(|(ca, key, number)| {
                let mut crl = CrlBuilder::of(&ca, number);
                crl.this_update = start + 3_600 * below(300) as i64;
                crl.next_update = Some(crl.this_update + 3_600 * below(200) as i64);
                if below(3) == 0 {
                    crl = crl.revoke(10 + i128::from(below(4)));
                }
                if below(4) == 0 {
                    let url = format!("http://pki.contoso.com/{}.crl", below(2));
                    let point = extension::IssuingPoint { point: Point::uri(&url), ..Default::default() };
                    crl = crl.with(extension::issuing_distribution_point(&point));
                }
                Crl::from_der(&crl.sign(key)).expect("a CRL")
            })
            .collect();
        let several = if below(2) == 0 { OnMultiple::Fail } else { OnMultiple::SelectLongest };
        let settings = Settings::default().with(several);
        let cache = Arc::new(VerificationCache::new(toy_algorithms()));
        let selector = Selector::with_cache(Arc::new(builder.build()), Machine::new("PC1"), settings, cache);
        let selector = selector.with_crls(Crls::new(crls));
        let (from, until) = (start - 3_600, start + 3_600 * 600);
        let timeline = selector.timeline(Timestamp::from_unix_seconds(from), Timestamp::from_unix_seconds(until));
        for hour in 0..=601 {
            for at in [from + 3_600 * hour, from + 3_600 * hour + 1] {
                let Some(said) = timeline.at(Timestamp::from_unix_seconds(at)) else { continue };
                let now = Timestamp::from_unix_seconds(at);
                let selected = selector.select(now);
                match (said, selected.outcome()) {
                    // Which of several pass is no other answer.
                    (Outcome::Ambiguous(_), Outcome::Ambiguous(_)) => {}
                    (said, selected) => assert_eq!(said, selected, "seed {seed} at {now}"),
                }
            }
        }
    }
}

/// What a certificate keeps of its extensions says the same to the next selector, and to one that never saw them.
#[test]
fn a_second_selector_is_told_the_same_of_extensions() {
    let leaf = |serial: i128| Cert::client("CN=PC1", Key::Toy(9)).serial(serial);
    let unknown = Ext::raw("1.2.3.4.5", vec![5, 0]);
    let odd = [
        leaf(1),
        leaf(2).with(unknown.critical()),
        leaf(3).with(Ext::raw("2.5.29.31", vec![0x30, 5]).not_critical()),
        leaf(4).with(Ext::raw("1.3.6.1.4.1.311.21.12", vec![5, 0]).critical()),
    ];
    let stores = || {
        let mut builder = Stores::builder();
        for leaf in odd.clone() {
            builder.add_der("MY", &leaf.issued_by(&root()));
        }
        builder.add_der("ROOT", &root().self_sign());
        Arc::new(builder.build())
    };
    let settings = Settings::ccm_setup().with(Revocation::Off).with(OnMultiple::SelectLongest);
    let select = |stores: &Arc<Stores>| {
        let cache = Arc::new(VerificationCache::new(toy_algorithms()));
        let selector = Selector::with_cache(Arc::clone(stores), Machine::new("PC1"), settings.clone(), cache);
        selector.audit(Timestamp::from_unix_seconds(instant("2026-01-01T00:00:00Z")))
    };
    let same = stores();
    let first = select(&same);
    let said = |code: &str| {
        let verdicts = || first.verdicts().iter();
        let findings = verdicts().flat_map(|verdict| verdict.findings()).map(|finding| finding.code());
        let warnings = verdicts().flat_map(|verdict| verdict.warnings()).map(|warning| warning.code());
        findings.chain(warnings).filter(|said| *said == code).count()
    };
    for code in ["validity.critical_extension", "validity.damaged_extension", "validity.extension_not_evaluated"] {
        assert_eq!(said(code), 1, "{code}");
    }
    assert_eq!((&select(&same), &select(&stores())), (&first, &first));
}
