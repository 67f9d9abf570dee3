//! Rule V-10 for a machine: what its certificates may cost together, whoever is asked first.

use crate::support::pki::*;
use ccmcertsel::settings::{OnMultiple, Revocation};
use ccmcertsel::{
    Algorithms, Coded, Crl, Crls, Machine, Selection, Selector, Settings, Stores, Thumbprint, Timestamp,
    VerificationCache,
};
use rustls_pki_types::SignatureVerificationAlgorithm;
use std::collections::BTreeMap;
use std::sync::Arc;

fn now() -> time::OffsetDateTime {
    "2026-01-15T09:00:00Z".parse::<Timestamp>().expect("RFC 3339").into()
}

fn root() -> Cert {
    Cert::ca("CN=Root", Key::Toy(0))
}

fn ca(number: u32) -> Cert {
    Cert::ca("CN=Issuing", Key::Toy(number + 10)).serial(i128::from(number) + 10)
}

fn leaf(number: u32) -> Cert {
    Cert::client(format!("CN=PC1; OU=Unit {number}").as_str(), Key::Toy(1)).serial(i128::from(number) + 100_000)
}

/// So many CAs of one name, and leaves that do or do not name the key of theirs.
fn machine(leaves: impl Iterator<Item = Vec<u8>>, cas: u32, algorithms: Algorithms) -> Selector {
    let mut builder = Stores::builder();
    for der in leaves {
        builder.add_der("MY", &der);
    }
    for number in 0..cas {
        builder.add_der("CA", &ca(number).issued_by(&root()));
    }
    builder.add_der("ROOT", &root().self_sign());
    let settings = Settings::ccm_setup().with(Revocation::Off).with(OnMultiple::SelectLongest);
    let cache = Arc::new(VerificationCache::new(algorithms));
    Selector::with_cache(builder.build(), Machine::new("PC1"), settings, cache)
}

fn nameless(number: u32) -> Vec<u8> {
    leaf(number).issuer("CN=Issuing").sign(Key::Toy(number + 10))
}

/// The code of each certificate's rejection, and what ran out.
fn codes(selector: &Selector, selection: &Selection) -> BTreeMap<Thumbprint, Option<(&'static str, String)>> {
    let verdicts = selection.verdicts().iter();
    let thumbprint = |id| selector.stores().entry(id).expect("it is judged").thumbprint();
    let of = |rejection: &ccmcertsel::Rejection| (rejection.code(), rejection.to_string());
    verdicts.map(|verdict| (thumbprint(verdict.id()), verdict.rejection().map(of))).collect()
}

#[test]
fn v10_many_certificates_without_a_key_identifier_share_what_the_machine_has() {
    static COUNTED: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&COUNTED];
    const COUNT: u32 = 400;
    let algorithms = Algorithms::rust_crypto().with_plugged(PLUGGED);
    let selector = machine((0..COUNT).map(nameless), COUNT, algorithms.clone());
    let selection = selector.select(now());
    // 2,000 in vain and one good one each, and the CAs.
    let taken = COUNTED.taken();
    assert!(taken <= 2_000 + 2 * COUNT as usize + 2, "{taken} signatures");
    let found = codes(&selector, &selection);
    let (good, cut): (Vec<_>, Vec<_>) =
        found.values().partition(|code| code.as_ref().is_none_or(|(code, _)| *code == "longest.outranked"));
    assert!(!good.is_empty() && !cut.is_empty(), "{} and {}", good.len(), cut.len());
    for (code, words) in cut.into_iter().flatten() {
        assert_eq!(*code, "validity.budget");
        assert!(
            words.contains("2000 signatures tried in vain for all certificates of the machine together"),
            "{words}"
        );
    }
    // Whoever is asked first: the winner, one by its plan, the last in the store.
    assert_eq!(codes(&selector, &selector.audit(now())), found);
    let other = machine((0..COUNT).map(nameless), COUNT, algorithms.clone());
    assert_eq!(other.winner(now()), selection.selected());
    assert_eq!(codes(&other, &other.select(now())), found);
    let turned = machine((0..COUNT).rev().map(nameless), COUNT, algorithms.clone());
    let _ = turned.plan(turned.ranked().last().expect("a certificate"), now());
    assert_eq!(codes(&turned, &turned.select(now())), found);
}

#[test]
fn v10_one_certificate_more_or_few_cas_are_no_reason_to_share() {
    // A dozen renewed keys without identifiers, and certificates of each.
    let few = machine(
        (0..160).map(|number| leaf(number).issuer("CN=Issuing").sign(Key::Toy(number % 12 + 10))),
        12,
        toy_algorithms(),
    );
    assert!(codes(&few, &few.select(now())).values().flatten().all(|(code, _)| *code == "longest.outranked"));
    // Those that name their key find it at once, however many there are.
    let named = machine((0..400).map(|number| leaf(number).issued_by(&ca(number))), 400, toy_algorithms());
    assert!(codes(&named, &named.select(now())).values().flatten().all(|(code, _)| *code == "longest.outranked"));
}

#[test]
fn v10_many_cas_of_one_name_share_what_the_machine_has_for_their_crls() {
    static COUNTED: Counted = Counted::new();
    static PLUGGED: [&dyn SignatureVerificationAlgorithm; 1] = [&COUNTED];
    const COUNT: u32 = 400;
    let algorithms = Algorithms::rust_crypto().with_plugged(PLUGGED);
    let of_key = |number: u32| CrlBuilder::of(&ca(number), 1).sign(Key::Toy(number + 10));
    let crls = |numbers: &mut dyn Iterator<Item = u32>| {
        let of_root = CrlBuilder::of(&root(), 1).sign(Key::Toy(0));
        let all = numbers.map(of_key).chain([of_root]);
        Crls::new(all.map(|der| Crl::from_der(&der).expect("a CRL")).collect::<Vec<_>>())
    };
    let of = |crls: Crls| {
        let leaves = (0..COUNT).map(|number| leaf(number).issued_by(&ca(number)));
        let selector = machine(leaves, COUNT, algorithms.clone());
        let settings = selector.settings().clone().with(Revocation::Check);
        selector.with_settings(settings).with_crls(crls)
    };
    let selector = of(crls(&mut (0..COUNT)));
    let found = codes(&selector, &selector.select(now()));
    let taken = COUNTED.taken();
    assert!(taken <= 2_000 + 4 * COUNT as usize + 4, "{taken} signatures");
    let cut = found.values().flatten().filter(|(code, _)| *code == "validity.budget");
    let words: Vec<&String> = cut.map(|(_, words)| words).collect();
    assert!(words.len() > 100 && words.len() < COUNT as usize, "{}", words.len());
    for words in words {
        assert!(words.contains("2000 signatures of CRLs tried in vain for all CAs of the machine together"), "{words}");
    }
    let turned = of(crls(&mut (0..COUNT).rev()));
    let winner = turned.winner(now());
    assert_eq!(winner, selector.select(now()).selected());
    assert_eq!(codes(&turned, &turned.select(now())), found);
}
