//! The engine against the executable specification, on generated machines (the obligations of the design).
//!
//! `CCMCERTSEL_WORLDS` sets how many machines a run judges, `CCMCERTSEL_SEED` the first seed; a failure prints its seed.

use crate::fuzz_bodies::spec::{answer, differences};
use crate::support::annex::ANNEX_A;
use crate::support::world;
use arbitrary::Unstructured;
use std::collections::BTreeMap;

/// How many machines an ordinary run judges.
const WORLDS: u64 = 100_000;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
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
        println!("    {:?} {:?}", crl.authority_key_identifier(), crl.unknown_critical_extension());
    }
    panic!("seed {seed}: {}", of_bytes(&small).unwrap_or_default());
}

#[test]
fn the_engine_is_the_specification_at_length() {
    agree(number("CCMCERTSEL_SEED", 0), number("CCMCERTSEL_WORLDS", WORLDS));
}

/// What the fast subset runs in place of the 100,000 (other machines than theirs).
#[test]
fn the_engine_is_the_specification_at_a_glance() {
    agree(5_000_000, 4_000);
}

fn agree(first: u64, worlds: u64) {
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

/// The codes of annex A that the specification cannot give or generated machines do not show: name constraints and
/// policies are outside of both, budgets are the engine's alone, and RSA signatures, for weak hashes, are slow to make.
const NOT_SHOWN: [&str; 5] = [
    "validity.name_constraints",
    "validity.policy",
    "validity.budget",
    "validity.sha1_signature",
    "validity.weak_hash",
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
    for code in ANNEX_A.iter().copied().filter(|code| !NOT_SHOWN.contains(code)) {
        assert!(codes.contains_key(code), "no machine shows `{code}`");
    }
}
