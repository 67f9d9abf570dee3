//! The engine against the executable specification on one generated machine: the obligations of the design.

use crate::support::pki::toy_algorithms;
use crate::support::world::{self, Recipe};
use arbitrary::Unstructured;
use ccmcertsel::settings::{Revocation, Ruleset};
use ccmcertsel::{CertId, Coded, Crls, Outcome, Selection, Selector, Settings, Step, VerificationCache, spec};
use std::sync::Arc;

/// What the fuzz target `select_vs_spec` and its replay run: any machine.
///
/// # Panics
/// When engine and specification differ.
pub fn select_vs_spec(data: &[u8]) {
    let Ok(recipe) = world::recipe(&mut Unstructured::new(data)) else {
        return;
    };
    if let Some(difference) = differences(&recipe) {
        panic!("{difference}");
    }
}

/// What the fuzz target `chain_vs_spec` and its replay run: the same machines under settings that leave the chain, and
/// then revocation, to decide.
///
/// # Panics
/// When engine and specification differ.
pub fn chain_vs_spec(data: &[u8]) {
    let Ok(mut recipe) = world::recipe(&mut Unstructured::new(data)) else {
        return;
    };
    for entry in &mut recipe.entries {
        (entry.key, entry.schema, entry.eku) = Default::default();
    }
    let given = &recipe.settings;
    let plain = Settings::default()
        .with(Ruleset::Cb1710)
        .with(given.anchors())
        .with(given.signature_policy())
        .with(given.crl_signer())
        .with(given.delta_crl())
        .with(given.unknown_status());
    for revocation in Revocation::ALL {
        recipe.settings = plain.clone().with(*revocation);
        if let Some(difference) = differences(&recipe) {
            panic!("{difference}");
        }
    }
}

pub fn answer(recipe: &Recipe) -> spec::Answer {
    let (stores, crls) = (recipe.stores(), recipe.crls());
    let algorithms = toy_algorithms();
    spec::select(&spec::World {
        stores: &stores,
        crls: &crls,
        machine: &recipe.machine,
        settings: &recipe.settings,
        algorithms: &algorithms,
        now: recipe.now,
    })
}

pub fn selector(recipe: &Recipe) -> Selector {
    let cache = Arc::new(VerificationCache::new(toy_algorithms()));
    Selector::with_cache(recipe.stores(), recipe.machine.clone(), recipe.settings.clone(), cache)
        .with_crls(Crls::new(recipe.crls()))
}

pub fn rejections(selection: &Selection) -> Vec<(CertId, Option<&'static str>)> {
    let verdicts = selection.verdicts().iter();
    verdicts.map(|verdict| (verdict.id(), verdict.rejection().map(|one| one.code()))).collect()
}

/// What is wrong with the engine's answers about a machine; nothing where they are those of the specification.
pub fn differences(recipe: &Recipe) -> Option<String> {
    let expected = answer(recipe);
    let selector = selector(recipe);
    let now = recipe.now;
    let (select, audit) = (selector.select(now), selector.audit(now));
    let differs = |what: &str, left: &dyn std::fmt::Debug, right: &dyn std::fmt::Debug| {
        Some(format!("{what}:\n  engine        {left:?}\n  specification {right:?}"))
    };
    for (who, selection) in [("select", &select), ("audit", &audit)] {
        if *selection.outcome() != expected.outcome {
            return differs(&format!("outcome of {who}"), selection.outcome(), &expected.outcome);
        }
        let found = rejections(selection);
        if found != expected.rejections {
            return differs(&format!("rejections of {who}"), &found, &expected.rejections);
        }
    }
    // Obligation 3 and 4: the order of checks never changes the winner.
    let winner = selector.winner(now);
    if winner != expected.outcome.selected() {
        return differs("winner", &winner, &expected.outcome);
    }
    // Obligation 2: the step at which the last candidate was lost is the latest first failing step of a candidate.
    let stores = selector.stores();
    let candidates: Vec<CertId> = stores.enumerated(recipe.settings.store()).collect();
    if let Outcome::Nothing { emptied_at, .. } = select.outcome() {
        let of_candidates = select.verdicts().iter().filter(|verdict| candidates.contains(&verdict.id()));
        let latest = of_candidates.filter_map(|verdict| Some(verdict.rejection()?.step())).max();
        if *emptied_at != Some(latest.unwrap_or(Step::Store)) {
            return differs("emptied at", emptied_at, &latest);
        }
    }
    // Obligation 5: what `select` finds is a prefix of what `audit` finds, up to the ranking.
    for (short, long) in select.verdicts().iter().zip(audit.verdicts()) {
        if !long.findings().starts_with(short.findings()) {
            return differs("prefix", &short.findings(), &long.findings());
        }
    }
    // Obligation 6: nothing depends on what was remembered; asked again, the same selector says the same.
    let again = selector.select(now);
    if again.outcome() != select.outcome() || rejections(&again) != rejections(&select) {
        return differs("asked again", again.outcome(), select.outcome());
    }
    None
}
