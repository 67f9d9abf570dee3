//! The work is bounded (rule V-10), and the order of what is given never matters.

use super::delta::{base, delta};
use super::*;
use crate::Coded;

#[test]
fn v10_work_is_bounded() {
    let mut world = World::new().same_name();
    for number in 0..200 {
        world = world.crl_by(&crl(number), OTHER);
    }
    let failure = world.code("validity.budget");
    assert_eq!(failure.rule(), Rule::V10);
    assert_eq!(failure.to_string(), "revocation checking gave up: more than 100 signatures of CRLs");
    let names: Vec<San> = (0..2000).map(|n| San::Uri(format!("http://{n}/"))).collect();
    let many = || Point { full_name: names.clone(), ..Point::default() };
    let leaf = leaf().replace(extension::crl_distribution_points(&[many()]));
    let elsewhere = scoped(|point| {
        point.point =
            Point { full_name: (0..2000).map(|n| San::Uri(format!("ldap://{n}/"))).collect(), ..Point::default() }
    });
    World::of(leaf.clone()).crl(&elsewhere).code("validity.revocation_unknown");
    let world = (0..60)
        .fold(World::of(leaf), |world, number| world.crl(&elsewhere.clone().change(|crl| crl.this_update += number)));
    let failure = world.code("validity.budget");
    assert_eq!(failure, RevocationFailure::Budget { budget: Budget::PointNames });
}

#[test]
fn an_archive_of_old_crls_costs_one_signature() {
    let mut world = World::new().crl(&crl(500));
    for number in 0..300 {
        world = world.crl(&crl(number).current("2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z"));
    }
    world.clears();
    world.at("2027-01-01T00:00:00Z").code("validity.crl_expired");
}

#[test]
fn the_order_in_which_crls_are_given_never_matters() {
    let crls = [crl(9), crl(10).revoke(7), crl(10), base(12), delta(13, 12), crl(1).revoke(7)];
    let forward = crls.iter().fold(World::new(), World::crl);
    let backward = crls.iter().rev().fold(World::new(), World::crl);
    assert_eq!(forward.status(), backward.status());
    assert_eq!(instant("2026-01-01T00:00:00Z"), 1_767_225_600);
}
