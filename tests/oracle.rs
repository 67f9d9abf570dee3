//! The engine against the executable specification, on generated machines (the obligations of the design).
//!
//! `CCMCERTSEL_WORLDS` sets how many machines a run judges, `CCMCERTSEL_SEED` the first seed; a failure prints its seed.

use crate::fuzz_bodies::spec::{answer, differences, selector};
use crate::support::annex::ANNEX_A;
use crate::support::world;
use arbitrary::Unstructured;
use ccmcertsel::Settings;
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

/// The machine's settings with nothing said about what no documentation gives.
fn unstated(given: &Settings) -> Settings {
    let mut settings = Settings::default()
        .with_store(given.store().clone())
        .with_criteria(given.criteria().cloned())
        .with_issuers(given.issuers().cloned());
    let open: Vec<&str> = settings.readings().map(|(choice, _)| choice.setting).collect();
    for choice in given.choices().filter(|choice| !open.contains(&choice.setting)) {
        settings.set(choice.setting, choice.value).expect("its own value");
    }
    given.templates().iter().fold(settings, |settings, (oid, version)| settings.with_template(oid.clone(), *version))
}

/// what an answer depends on is what the specification says under each reading, one at a time.
#[test]
fn what_an_answer_depends_on_is_the_specification_under_each_reading() {
    let (first, worlds) = (7_000_000, number("CCMCERTSEL_READINGS", 20_000));
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let differing: u32 = std::thread::scope(|scope| {
        let of_thread = |thread: u64| (first + thread..first + worlds).step_by(threads as usize);
        let workers: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || of_thread(thread).map(depends_on_as_specified).sum::<u32>()))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).sum()
    });
    println!("{differing} of {worlds} machines depend on a reading");
    assert!(differing > 0);
}

/// 1 where the answer depends on a reading.
fn depends_on_as_specified(seed: u64) -> u32 {
    let mut recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
    recipe.settings = unstated(&recipe.settings);
    let selection = selector(&recipe).with_readings().select(recipe.now);
    let found = selection.depends_on().expect("asked for");
    let base = recipe.settings.clone();
    let mut expected = Vec::new();
    for choice in &found.tried {
        recipe.settings.set(choice.setting, choice.value).expect("a value of it");
        let outcome = answer(&recipe).outcome;
        if outcome.selected() != selection.selected() {
            expected.push((choice.setting, choice.value, outcome));
        }
        recipe.settings = base.clone();
    }
    let found: Vec<_> =
        found.readings.iter().map(|one| (one.choice.setting, one.choice.value, one.outcome.clone())).collect();
    assert_eq!(found, expected, "seed {seed}");
    u32::from(!found.is_empty())
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
