//! The engine against the executable specification, on generated machines (the obligations of the design).
//!
//! `CCMCERTSEL_WORLDS` sets how many machines a run judges, `CCMCERTSEL_SEED` the first seed; a failure prints its seed.

use crate::support::pki::toy_algorithms;
use crate::support::world::{self, Recipe};
use arbitrary::Unstructured;
use ccmcertsel::{CertId, Crls, Outcome, Selection, Selector, Step, VerificationCache, spec};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many machines an ordinary run judges.
const WORLDS: u64 = 100_000;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
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

fn rejections(selection: &Selection) -> Vec<(CertId, Option<&'static str>)> {
    let verdicts = selection.verdicts().iter();
    verdicts
        .map(|verdict| (verdict.id(), verdict.rejection().map(|one| one.code())))
        .collect()
}

/// What is wrong with the engine's answers about a machine; nothing where they are those of the specification.
pub fn differences(recipe: &Recipe) -> Option<String> {
    let expected = answer(recipe);
    let selector = selector(recipe);
    let now = recipe.now.into();
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
        let of_candidates = select
            .verdicts()
            .iter()
            .filter(|verdict| candidates.contains(&verdict.id()));
        let latest = of_candidates
            .filter_map(|verdict| Some(verdict.rejection()?.step()))
            .max();
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

fn of_bytes(bytes: &[u8]) -> Option<String> {
    let recipe = world::recipe(&mut Unstructured::new(bytes)).expect("a machine");
    differences(&recipe)
}

/// Fails with the smallest machine that shows a difference.
fn fail(seed: u64, bytes: &[u8]) -> ! {
    let small = world::shrink(bytes, |bytes| of_bytes(bytes).is_some());
    let recipe = world::recipe(&mut Unstructured::new(&small)).expect("a machine");
    let stores = recipe.stores();
    println!("{:#?}\n{:?} {}", recipe.settings, recipe.machine, recipe.now);
    for (id, entry) in stores.entries() {
        println!("{id:?} in {:?}: {:?}", stores.store_of(id), entry.certificate());
        if let Some(stored) = entry.certificate() {
            let certificate = stored.certificate();
            println!("    `{}` by `{}`", certificate.subject(), certificate.issuer());
        }
    }
    for crl in recipe.crls() {
        let (number, base, next) = (crl.number(), crl.base_number(), crl.next_update());
        let (freshest, listed) = (crl.names_freshest_crl(), crl.entries().count());
        println!("{crl:?} number {number:?} base {base:?} until {next:?} freshest {freshest} lists {listed}");
        println!(
            "    {:?} {:?}",
            crl.authority_key_identifier(),
            crl.unknown_critical_extension()
        );
    }
    panic!("seed {seed}: {}", of_bytes(&small).unwrap_or_default());
}

#[test]
fn the_engine_is_the_specification() {
    let (first, worlds) = (number("CCMCERTSEL_SEED", 0), number("CCMCERTSEL_WORLDS", WORLDS));
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                for seed in (first + thread..first + worlds).step_by(threads as usize) {
                    let bytes = world::seeded(seed);
                    if of_bytes(&bytes).is_some() {
                        fail(seed, &bytes);
                    }
                }
            });
        }
    });
    println!("{worlds} machines from seed {first}");
}

/// The codes of annex A that the specification can give and generated machines show. The others: name constraints and
/// policies are outside of both, budgets are the engine's alone, and RSA signatures, for weak hashes, are slow to make.
const SHOWN: [&str; 40] = [
    "issuers.not_listed",
    "issuers.incomplete_chain",
    "store.other_store",
    "store.archived",
    "store.unreadable",
    "validity.not_yet_valid",
    "validity.expired",
    "validity.key_absent",
    "validity.key_inaccessible",
    "validity.template_version",
    "validity.key_storage_provider",
    "validity.key_ecc",
    "validity.no_path",
    "validity.untrusted_root",
    "validity.disallowed",
    "validity.bad_signature",
    "validity.chain_expired",
    "validity.chain_not_yet_valid",
    "validity.not_a_ca",
    "validity.path_length",
    "validity.key_usage_cert_sign",
    "validity.critical_extension",
    "validity.malformed",
    "validity.revoked",
    "validity.on_hold",
    "validity.revocation_unknown",
    "validity.no_distribution_point",
    "validity.crl_expired",
    "validity.delta_missing",
    "validity.key_too_short",
    "validity.unknown_algorithm",
    "purpose.not_client_auth",
    "purpose.chain_eku",
    "purpose.key_usage",
    "purpose.subject",
    "purpose.subject_string",
    "purpose.subject_attribute",
    "name.not_in_subject",
    "longest.outranked",
    "longest.ambiguous",
];

#[test]
fn generated_machines_reach_every_rule() {
    let mut codes: BTreeMap<&str, u32> = BTreeMap::new();
    let mut selected = 0;
    for seed in 0..20_000 {
        let recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
        let answer = answer(&recipe);
        selected += u32::from(answer.outcome.selected().is_some());
        for code in answer.rejections.iter().filter_map(|(_, code)| *code) {
            *codes.entry(code).or_default() += 1;
        }
    }
    println!("{selected} selected; {codes:#?}");
    assert!(selected > 1_000, "the machines are too broken");
    for code in SHOWN {
        assert!(codes.contains_key(code), "no machine shows `{code}`");
    }
}
