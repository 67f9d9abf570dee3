//! What must not change does not: each test changes generated machines in a way whose effect is known.

use crate::fuzz_bodies::spec::selector;
use crate::support::pki::*;
use crate::support::world::{self, EntryRecipe, NOW, Recipe};
use arbitrary::Unstructured;
use ccmcertsel::select::NothingReason;
use ccmcertsel::settings::{EmptySubject, OnMultiple, Ruleset};
use ccmcertsel::{
    CertId, Coded, DeviceKind, Enumeration, KeyProvider, Outcome, PrivateKey, Selection, Settings, Thumbprint,
    Timestamp, VerdictKind,
};
use std::collections::BTreeMap;

const MACHINES: u64 = 4_000;

fn machines() -> impl Iterator<Item = (u64, Recipe)> {
    // Other machines than those of the oracle tests.
    (1_000_000..1_000_000 + MACHINES).map(|seed| {
        let bytes = world::seeded(seed);
        (seed, world::recipe(&mut Unstructured::new(&bytes)).expect("a machine"))
    })
}

fn select(recipe: &Recipe) -> Selection {
    selector(recipe).select(recipe.now)
}

/// An outcome by thumbprints: identifiers are positions and move when entries do.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    Selected(Thumbprint),
    Nothing(Option<ccmcertsel::Step>, NothingReason),
    Ambiguous(Vec<Thumbprint>),
}

fn named(recipe: &Recipe, outcome: &Outcome) -> Named {
    let stores = recipe.stores();
    let name = |id: &CertId| stores.entry(*id).expect("an entry").thumbprint();
    match outcome {
        Outcome::Selected(id) => Named::Selected(name(id)),
        Outcome::Nothing { emptied_at, reason } => Named::Nothing(*emptied_at, *reason),
        Outcome::Ambiguous(ids) => Named::Ambiguous(ids.iter().map(name).collect()),
    }
}

fn outcome(recipe: &Recipe) -> Named {
    named(recipe, select(recipe).outcome())
}

/// First rejections by thumbprint, of the chosen store alone.
fn codes(recipe: &Recipe) -> BTreeMap<Thumbprint, Option<&'static str>> {
    let stores = recipe.stores();
    let selection = select(recipe);
    let chosen = stores.entries_of(recipe.settings.store()).unwrap_or_default();
    let verdicts = selection.verdicts().iter().filter(|verdict| chosen.contains(&verdict.id()));
    verdicts
        .map(|verdict| {
            let thumbprint = stores.entry(verdict.id()).expect("an entry").thumbprint();
            (thumbprint, verdict.rejection().map(|rejection| rejection.code()))
        })
        .collect()
}

fn is_windows(recipe: &Recipe) -> bool {
    recipe.machine.device() == DeviceKind::Windows
}

#[test]
fn an_ineligible_certificate_changes_nothing() {
    let alone = Cert::client("CN=Nobody else", Key::Toy(900));
    for (seed, recipe) in machines() {
        let before = outcome(&recipe);
        if let Named::Nothing(..) = before {
            continue;
        }
        let entry = |der| EntryRecipe { key: PrivateKey::Absent, ..EntryRecipe::new("MY", der) };
        let expired = alone.clone().valid("2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z").self_sign();
        let archived = EntryRecipe { enumeration: Enumeration::Archived, ..entry(alone.clone().serial(2).self_sign()) };
        let mut with = recipe.clone();
        with.entries.extend([entry(expired), archived, EntryRecipe::new("MY", b"noise".to_vec())]);
        assert_eq!(outcome(&with), before, "seed {seed}");
    }
}

#[test]
fn removing_a_loser_changes_nothing() {
    for (seed, recipe) in machines().filter(|(_, recipe)| is_windows(recipe)) {
        let selection = select(&recipe);
        let Outcome::Selected(winner) = *selection.outcome() else {
            continue;
        };
        let stores = recipe.stores();
        // A loser may be the issuer of the winner's chain, so only leaves are taken away.
        let winners_path = selection.verdict(winner).expect("shown").path().to_vec();
        let losers = selection.verdicts().iter().filter(|verdict| verdict.kind() == VerdictKind::Rejected);
        let Some(loser) = losers.map(|verdict| verdict.id()).find(|id| {
            let thumbprint = stores.entry(*id).expect("an entry").thumbprint();
            winners_path.iter().all(|id| stores.entry(*id).expect("an entry").thumbprint() != thumbprint)
        }) else {
            continue;
        };
        let bytes = stores.get(loser).expect("a certificate").certificate().as_der().to_vec();
        let store = stores.store_of(loser).expect("a store").clone();
        let mut without = recipe.clone();
        without.entries.retain(|entry| entry.der != bytes || store != entry.store.into());
        assert_eq!(outcome(&without), outcome(&recipe), "seed {seed}");
    }
}

#[test]
fn the_order_of_entries_and_stores_does_not_matter() {
    for (seed, recipe) in machines().filter(|(_, recipe)| is_windows(recipe)) {
        let mut turned = recipe.clone();
        turned.entries.reverse();
        turned.crls.reverse();
        let half = turned.entries.len() / 2;
        turned.entries.rotate_left(half);
        // Of two copies in one store the first is kept, with its properties.
        if turned.stores().warnings().is_empty() {
            assert_eq!(outcome(&turned), outcome(&recipe), "seed {seed}");
            assert_eq!(codes(&turned), codes(&recipe), "seed {seed}");
        }
    }
}

#[test]
fn a_store_may_be_split() {
    for (seed, recipe) in machines() {
        // Intermediates come from every store (V-5): CA may be spread over other stores that are not shown.
        let mut split = recipe.clone();
        for entry in split.entries.iter_mut().filter(|entry| entry.store == "CA").step_by(2) {
            entry.store = "TrustedPeople";
        }
        let from_ca = recipe.settings.store() == &"CA".into();
        if !from_ca && split.stores().warnings().is_empty() && recipe.stores().warnings().is_empty() {
            assert_eq!(outcome(&split), outcome(&recipe), "seed {seed}");
        }
    }
}

/// Survivors of steps 1 to 5.
fn survivors(recipe: &Recipe, settings: Settings) -> Vec<Thumbprint> {
    let mut recipe = recipe.clone();
    recipe.settings = settings.with(OnMultiple::Fail);
    match outcome(&recipe) {
        Named::Selected(one) => vec![one],
        Named::Ambiguous(mut all) => {
            all.sort();
            all
        }
        Named::Nothing(..) => Vec::new(),
    }
}

#[test]
fn relaxing_one_setting_loses_nobody() {
    const RELAXED: &[(&str, &str)] = &[
        ("revocation", "off"),
        ("unknown_status", "accept"),
        ("delta_crl", "optional"),
        ("signature_policy", "windows"),
        ("anchors", "any-in-root"),
        ("ecc_keys", "accept"),
        ("cng_keys", "by-ruleset"),
        ("no_eku", "all-purposes"),
        ("key_usage", "ignore"),
        ("name_check", "waived"),
        ("empty_subject", "exempt"),
        ("san_values", "all"),
        ("issuer_match", "listed-attributes"),
        ("issuer_scope", "any-ca-in-chain"),
        ("criteria_source", "ccm-setup"),
    ];
    for (seed, recipe) in machines().filter(|(_, recipe)| is_windows(recipe)) {
        let before = survivors(&recipe, recipe.settings.clone());
        for (name, value) in RELAXED {
            let mut settings = recipe.settings.clone();
            settings.set(name, value).expect("a setting");
            // More anchors make more paths complete, and then incomplete ones no longer count (I-5).
            if settings == recipe.settings || (*name == "anchors" && settings.issuers().is_some()) {
                continue;
            }
            let after = survivors(&recipe, settings);
            assert!(before.iter().all(|one| after.contains(one)), "seed {seed}: {name} = {value} loses a certificate");
        }
    }
}

#[test]
fn dropping_the_list_or_renaming_the_store_loses_nobody() {
    for (seed, recipe) in machines().filter(|(_, recipe)| is_windows(recipe)) {
        let before = survivors(&recipe, recipe.settings.clone());
        let after = survivors(&recipe, recipe.settings.clone().with_issuers(None));
        assert!(before.iter().all(|one| after.contains(one)), "seed {seed}");
        let mut moved = recipe.clone();
        moved.settings = moved.settings.with_store("ConfigMgr");
        let chosen = recipe.settings.store().clone();
        let plain = chosen == "MY".into() || chosen == "Other".into();
        if plain && recipe.stores().entries_of(&chosen).is_some() {
            moved.empty_stores = vec!["ConfigMgr"];
            for entry in moved.entries.iter_mut().filter(|entry| chosen == entry.store.into()) {
                entry.store = "ConfigMgr";
            }
            assert_eq!(outcome(&moved), outcome(&recipe), "seed {seed}");
        }
    }
}

/// A machine whose names are all in one string type.
fn spelled(kind: StringKind, ruleset: Ruleset) -> Recipe {
    let name = |pairs: &[(&str, &str)]| Name::of_kind(kind, pairs);
    let root = Cert::ca(name(&[("O", "Contoso"), ("CN", "Root")]), Key::Toy(0));
    let leaf = Cert::client(name(&[("OU", "Computers"), ("CN", "PC1")]), Key::Toy(1));
    let other = Cert::client(name(&[("OU", "Users"), ("CN", "PC1")]), Key::Toy(2)).serial(2);
    let key = PrivateKey::Accessible(KeyProvider::Csp);
    let entry = |der| EntryRecipe { key, ..EntryRecipe::new("MY", der) };
    let settings = Settings::default()
        .with(ruleset)
        .with_issuers(Some("CN=Root; O=Contoso".parse().expect("a list")))
        .with_criteria(Some("SubjectAttr:OU = Computers".parse().expect("criteria")));
    let crl = CrlBuilder::of(&root, 1).current("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").sign(root.key);
    Recipe {
        entries: vec![
            EntryRecipe::new("ROOT", root.self_sign()),
            entry(leaf.issued_by(&root)),
            entry(other.issued_by(&root)),
        ],
        empty_stores: Vec::new(),
        crls: vec![crl],
        machine: ccmcertsel::Machine::new("PC1"),
        settings,
        now: NOW.parse::<Timestamp>().expect("an instant"),
    }
}

#[test]
fn the_string_type_of_names_does_not_matter() {
    for ruleset in Ruleset::ALL {
        for kind in StringKind::ALL {
            let recipe = spelled(kind, *ruleset);
            let selection = select(&recipe);
            assert_eq!(selection.outcome().selected(), recipe.stores().entries().nth(1).map(|(id, _)| id), "{kind:?}");
            let other = selection.verdicts().get(1).and_then(|verdict| verdict.rejection());
            assert_eq!(other.map(|one| one.code()), Some("purpose.subject_attribute"), "{kind:?}");
        }
    }
}

#[test]
fn a_shared_memory_changes_nothing() {
    // One cache for all machines, as a fleet has it, against a cache for each.
    let shared = std::sync::Arc::new(ccmcertsel::VerificationCache::new(toy_algorithms()));
    for (seed, recipe) in machines() {
        let selector = ccmcertsel::Selector::with_cache(
            recipe.stores(),
            recipe.machine.clone(),
            recipe.settings.clone(),
            std::sync::Arc::clone(&shared),
        )
        .with_crls(ccmcertsel::Crls::new(recipe.crls()));
        let selection = selector.select(recipe.now);
        assert_eq!(named(&recipe, selection.outcome()), outcome(&recipe), "seed {seed}");
    }
}

#[test]
fn a_timeline_is_the_selection_at_each_instant() {
    const DAY: i64 = 86_400;
    for (seed, recipe) in machines().filter(|(_, recipe)| is_windows(recipe)).take(400) {
        let selector = selector(&recipe);
        let at = |days: i64| Timestamp::from_unix_seconds(recipe.now.unix_seconds() + days * DAY);
        let timeline = selector.timeline(at(-40), at(420));
        let mut instants: Vec<Timestamp> = (-40..=420).step_by(7).map(at).collect();
        for change in &timeline.changes {
            let second = |by: i64| Timestamp::from_unix_seconds(change.at.unix_seconds() + by);
            instants.extend([second(-1), change.at]);
        }
        for instant in instants {
            let expected = crate::fuzz_bodies::spec::answer(&Recipe { now: instant, ..recipe.clone() });
            let found = timeline.at(instant).and_then(Outcome::selected);
            assert_eq!(found, expected.outcome.selected(), "seed {seed} at {instant}");
        }
    }
}

#[test]
fn an_empty_subject_is_exempt_unless_rejected() {
    let mut recipe = spelled(StringKind::Utf8, Ruleset::Cb2107);
    recipe.settings = Settings::default().with(Ruleset::Cb2107);
    let root = Cert::ca(Name::of_kind(StringKind::Utf8, &[("O", "Contoso"), ("CN", "Root")]), Key::Toy(0));
    let nameless = Cert::client(Name::empty(), Key::Toy(3)).serial(3).issued_by(&root);
    recipe.entries.truncate(1);
    recipe
        .entries
        .push(EntryRecipe { key: PrivateKey::Accessible(KeyProvider::Csp), ..EntryRecipe::new("MY", nameless) });
    assert!(matches!(outcome(&recipe), Named::Selected(_)));
    recipe.settings = recipe.settings.with(EmptySubject::Rejected);
    assert!(matches!(outcome(&recipe), Named::Nothing(..)));
}
