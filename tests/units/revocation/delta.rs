//! Base and delta CRLs (rule V-9, RFC 5280 5.2.4).

use super::*;
use crate::Coded;

pub(super) fn base(number: u64) -> CrlBuilder {
    crl(number).with(extension::freshest_crl(&[Point::uri("http://pki.contoso.com/CA+.crl")]))
}

pub(super) fn delta(number: u64, base: u64) -> CrlBuilder {
    crl(number).with(extension::delta_indicator(base))
}

#[test]
fn v9_a_base_that_names_a_freshest_crl_needs_a_delta() {
    let failure = World::new().crl(&base(5)).code("validity.delta_missing");
    assert_eq!(failure.rule(), Rule::V9);
    assert!(failure.is_unknown());
    assert_eq!(
        failure.to_string(),
        "revocation status unknown: CRL 5 of `CN=Contoso Issuing CA` asks for a delta CRL, and no current one is given; \
         it is published at `http://pki.contoso.com/CA+.crl`"
    );
    World::new().crl(&base(5)).set(|settings| settings.delta = DeltaCrl::Optional).clears();
    assert!(World::new().crl(&base(5)).crl(&delta(6, 5)).clears().crl().delta.is_some());
    // What the base lists stands without the delta.
    World::new().crl(&base(5).revoke(7)).code("validity.revoked");
}

#[test]
fn v8_a_hold_in_the_base_may_be_over_in_the_delta() {
    let held = || World::new().crl(&base(5).entry(Entry::on_hold(7)));
    let failure = held().code("validity.delta_missing");
    let RevocationFailure::DeltaMissing { on_hold: Some(since), .. } = &failure else { panic!("{failure:?}") };
    assert!(failure.to_string().contains(&format!("lists it as on hold since {since}")), "{failure}");
    held().set(|settings| settings.delta = DeltaCrl::Optional).code("validity.on_hold");
    World::new().crl(&crl(5).entry(Entry::on_hold(7))).code("validity.on_hold");
}

#[test]
fn v9_any_revoking_entry_counts_wherever_it_stands() {
    let twice = |first: Entry, second: Entry| crl(5).entry(first).entry(second);
    World::new().crl(&twice(Entry::removed(7), Entry::new(7))).code("validity.revoked");
    World::new().crl(&twice(Entry::on_hold(7), Entry::new(7))).code("validity.revoked");
    World::new().crl(&twice(Entry::removed(7), Entry::on_hold(7))).code("validity.on_hold");
    // In a complete CRL it means nothing; and of a delta any revoking entry counts as well.
    World::new().crl(&crl(5).entry(Entry::removed(7))).clears();
    let base = || World::new().crl(&base(5).entry(Entry::on_hold(7)));
    base().crl(&delta(6, 5).entry(Entry::removed(7)).entry(Entry::new(7))).code("validity.revoked");
}

/// What a model publishes anew, and whether a missing CRL would help, look at every entry as well (rules E-1, E-2): a
/// revocation behind a removal, or in a delta beside a hold of the base, is not forgotten.
#[test]
fn v9_the_gravest_entry_of_all_crls_at_hand_is_found_wherever_it_stands() {
    let gravest = |builders: &[CrlBuilder]| {
        let crls: Vec<Crl> = builders.iter().map(|one| Crl::from_der(&one.sign(CA)).unwrap()).collect();
        let issuer = crls[0].issuer_key();
        Crls::new(crls).gravest(issuer, &[7])
    };
    let twice = |first: Entry, second: Entry| crl(5).entry(first).entry(second);
    assert_eq!(gravest(&[twice(Entry::removed(7), Entry::new(7))]), Some(Effect::Final));
    assert_eq!(gravest(&[base(5).entry(Entry::on_hold(7)), delta(6, 5).revoke(7)]), Some(Effect::Final));
    assert_eq!(gravest(&[base(5).entry(Entry::on_hold(7)), delta(6, 5).entry(Entry::removed(7))]), Some(Effect::Held));
    assert_eq!(gravest(&[delta(6, 5).entry(Entry::removed(7))]), Some(Effect::Released));
    assert_eq!(gravest(&[crl(5).revoke(8)]), None);
}

#[test]
fn v9_a_delta_adds_and_removes() {
    World::new().crl(&base(5)).crl(&delta(6, 5).revoke(7)).code("validity.revoked");
    World::new().crl(&base(5).entry(Entry::on_hold(7))).crl(&delta(6, 5)).code("validity.on_hold");
    World::new().crl(&base(5).entry(Entry::on_hold(7))).crl(&delta(6, 5).entry(Entry::removed(7))).clears();
    World::new().crl(&base(5).entry(Entry::on_hold(7))).crl(&delta(6, 5).revoke(7)).code("validity.revoked");
    // The newest delta speaks.
    World::new().crl(&base(5)).crl(&delta(6, 5).revoke(7)).crl(&delta(7, 5)).clears();
    World::new().crl(&crl(5)).crl(&delta(6, 5).revoke(7)).code("validity.revoked");
}

#[test]
fn v9_base_and_delta_must_fit() {
    let problem = |delta: &CrlBuilder| {
        let failure = World::new().crl(&base(5)).crl(delta).code("validity.delta_missing");
        failure.not_counted()[0].problem.clone()
    };
    assert_eq!(problem(&delta(8, 6)), CrlProblem::OtherBase);
    let late = delta(6, 5).current("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    assert!(matches!(problem(&late), CrlProblem::Expired { .. }));
    let scope = IssuingPoint { only_user: true, ..IssuingPoint::default() };
    assert_eq!(problem(&delta(6, 5).with(extension::issuing_distribution_point(&scope))), CrlProblem::OtherScope);
    assert_eq!(problem(&delta(6, 5).with(extension::unknown().critical())), {
        CrlProblem::CriticalExtension("1.3.6.1.4.1.32473.3.1".parse().unwrap())
    });
    assert!(matches!(problem(&delta(6, 5).change(|crl| crl.damaged_signature = true)), CrlProblem::Signature { .. }));
    // An older base fits as well, and a delta of the same number; an older one says that the complete CRL is the newest.
    World::new().crl(&base(5)).crl(&delta(6, 3).revoke(7)).code("validity.revoked");
    World::new().crl(&base(5)).crl(&delta(5, 4).revoke(7)).code("validity.revoked");
    assert_eq!(World::new().crl(&base(5)).crl(&delta(4, 4).revoke(7)).clears().crl().delta, None);
}

#[test]
fn v9_a_delta_alone_says_nothing() {
    assert_eq!(World::new().crl(&delta(6, 5)).problem(), CrlProblem::OtherBase);
}
