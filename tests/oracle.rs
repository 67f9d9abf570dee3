//! The engine against the executable specification, on generated machines.

use crate::support::pki::toy_algorithms;
use crate::support::world::{self, Recipe};
use arbitrary::Unstructured;
use ccmcertsel::spec;
use std::collections::BTreeMap;

fn answer(recipe: &Recipe) -> spec::Answer {
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

#[test]
fn generated_machines_reach_every_rule() {
    let mut codes: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..20_000 {
        let bytes = world::seeded(seed);
        let recipe = world::recipe(&mut Unstructured::new(&bytes)).expect("a machine");
        let answer = answer(&recipe);
        let outcome = format!("{:?}", answer.outcome);
        *codes
            .entry(outcome.split(['(', '{']).next().unwrap_or_default().to_owned())
            .or_default() += 1;
        for (_, code) in answer.rejections {
            *codes.entry(code.unwrap_or("passed").to_owned()).or_default() += 1;
        }
    }
    println!("{codes:#?}");
}
