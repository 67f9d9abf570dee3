//! Chains: what is remembered changes nothing, and each check has a case that fails without it.

mod checks;
mod paths;

use crate::fuzz_bodies;
use crate::support::hierarchy::seeded_bytes;

/// Design obligation 6 and the promises of the fuzz target, on hierarchies that everybody has.
#[test]
fn what_is_remembered_changes_nothing() {
    for seed in 0..400 {
        fuzz_bodies::chain::chain(&seeded_bytes(seed, 150)); // undamaged
        fuzz_bodies::chain::chain(&seeded_bytes(seed, 300)); // damaged
    }
}
