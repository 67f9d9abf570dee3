//! Plans (rule E-1): carrying one out gives what it says, and what can be mended in three changes has a plan.

use crate::fuzz_bodies::spec::selector;
use crate::support::world;
use arbitrary::Unstructured;
use ccmcertsel::plan::{End, MAX_CHANGES, Model};
use ccmcertsel::{CertId, Selector, Timestamp, VerdictKind};
use std::collections::BTreeMap;

/// How many machines an ordinary run plans for: about 20,000 plans.
fn machines() -> u64 {
    std::env::var("CCMCERTSEL_PLANS").ok().and_then(|text| text.parse().ok()).unwrap_or(8_000)
}

/// What is seen of a certificate on a machine, by the selection alone.
fn seen(selector: &Selector, id: CertId, now: Timestamp) -> String {
    let selection = selector.select(now.into());
    match selection.verdict(id).map(|verdict| (verdict.kind(), verdict.rejection().map(|one| one.code()))) {
        Some((VerdictKind::Selected, _)) => "selected".to_owned(),
        Some((VerdictKind::Candidate, code)) => code.unwrap_or("passed").to_owned(),
        Some((_, code)) => code.unwrap_or("rejected").to_owned(),
        None => "not shown".to_owned(),
    }
}

fn expected(end: End) -> &'static str {
    match end {
        End::Selected => "selected",
        End::Ranked { .. } => "longest.outranked",
        End::Ambiguous { .. } => "longest.ambiguous",
    }
}

#[derive(Default)]
struct Tally {
    plans: u32,
    ends: BTreeMap<&'static str, u32>,
    none: BTreeMap<&'static str, u32>,
    changes: BTreeMap<&'static str, u32>,
    longest: usize,
}

fn plans_of(seed: u64, tally: &mut Tally) {
    let recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
    let (selector, now) = (selector(&recipe), recipe.now);
    let shown: Vec<CertId> = selector.select(now.into()).verdicts().iter().map(|verdict| verdict.id()).collect();
    for id in shown {
        let plan = match selector.plan(id, now) {
            Ok(plan) => plan,
            Err(why) => {
                *tally.none.entry(why.code()).or_default() += 1;
                continue;
            }
        };
        tally.plans += 1;
        tally.longest = tally.longest.max(plan.steps().len());
        *tally.ends.entry(plan.end().name()).or_default() += 1;
        let mut model = Model::new(&selector, id, now).expect("a certificate");
        for step in plan.steps() {
            *tally.changes.entry(step.change().code()).or_default() += 1;
            // What is done about a reason is done while that reason holds.
            model =
                model.apply(step.change()).unwrap_or_else(|error| panic!("seed {seed}: {error}: {}", step.change()));
        }
        let asked = model.asked().expect("a certificate");
        assert_eq!(seen(model.selector(), asked, model.now()), expected(plan.end()), "seed {seed}: {plan}");
        assert!(plan.steps().len() <= MAX_CHANGES);
        if plan.steps().is_empty() {
            assert_eq!(seen(&selector, id, now), expected(plan.end()), "seed {seed}");
        }
    }
}

#[test]
fn carrying_a_plan_out_gives_the_stated_end() {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let run = |thread: u64| {
            let mut tally = Tally::default();
            (thread..machines()).step_by(threads as usize).for_each(|seed| plans_of(8_000_000 + seed, &mut tally));
            tally
        };
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    for tally in &tallies {
        println!(
            "{} plans, {:?}, none {:?}, {:?}, longest {}",
            tally.plans, tally.ends, tally.none, tally.changes, tally.longest
        );
    }
    assert!(tallies.iter().map(|tally| tally.plans).sum::<u32>() > 0);
}
