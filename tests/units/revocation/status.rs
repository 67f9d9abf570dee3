//! What the CRLs at hand say together: cleared, revoked, on hold, unknown (rules V-7 to V-9).

use super::*;
use crate::Coded;

#[test]
fn v7_a_crl_without_the_certificate_clears_it() {
    let evidence = World::new().crl(&crl(5).revoke(8)).clears();
    assert_eq!(evidence.crl().complete.number().unwrap().to_string(), "5");
    assert_eq!(evidence.crls().count(), 1);
    assert_eq!(evidence.good_until().unwrap().to_string(), "2026-02-01T00:00:00Z");
    assert_eq!(evidence.crl().weakness, None);
}

#[test]
fn v7_a_revoked_certificate_is_revoked() {
    let failure = World::new().crl(&crl(5).entry(Entry::new(7).with(extension::reason(1)))).code("validity.revoked");
    assert_eq!(
        (failure.rule(), failure.is_unknown(), failure.row().log),
        (Rule::V7, false, Some(crate::Hresult(0x8009_2010)))
    );
    assert_eq!(
        failure.to_string(),
        "revoked at 2025-06-01T00:00:00Z (keyCompromise), says CRL 5 of `CN=Contoso Issuing CA`"
    );
}

#[test]
fn v9_certificate_hold_is_on_hold() {
    let failure = World::new().crl(&crl(5).entry(Entry::on_hold(7))).code("validity.on_hold");
    assert_eq!(failure.rule(), Rule::V9);
    assert_eq!(failure.to_string(), "on hold since 2025-06-01T00:00:00Z, says CRL 5 of `CN=Contoso Issuing CA`");
}

#[test]
fn v8_without_a_crl_the_status_is_unknown_and_the_place_named() {
    let failure = World::new().code("validity.revocation_unknown");
    assert!(failure.is_unknown());
    assert_eq!(failure.row().log, Some(crate::Hresult(0x8009_2013)));
    assert_eq!(failure.missing()[0].urls[0].as_str(), HTTP);
    assert_eq!(failure.to_string(), format!("revocation status unknown: no CRL of `{HTTP}`"));
}

#[test]
fn v8_without_a_distribution_point_it_has_its_own_code() {
    let bare = || leaf().without("2.5.29.31");
    let failure = World::of(bare()).code("validity.no_distribution_point");
    assert_eq!(failure.row().log, Some(crate::Hresult(0x8009_2012)));
    assert!(matches!(failure, RevocationFailure::NoDistributionPoint { ocsp: Ocsp::NotNamed, .. }));
    let failure = World::of(bare().with(extension::ocsp("http://ocsp/"))).code("validity.no_distribution_point");
    assert!(matches!(failure, RevocationFailure::NoDistributionPoint { ocsp: Ocsp::Named, .. }));
    World::of(bare()).crl(&crl(1)).clears();
}

#[test]
fn v8_unknown_may_be_accepted_and_revoked_may_not() {
    let accept = |world: World| {
        let world = world.set(|settings| settings.unknown = UnknownStatus::Accept);
        world.check(|check, path| check.path(path, &Spent::default()))
    };
    let status = accept(World::new());
    assert!(matches!(&status.passed[..], [MemberStatus::Accepted(1, _), MemberStatus::Accepted(0, _)]));
    assert_eq!(status.rejected, []);
    let root_crl = CrlBuilder::of(&root(), 1).revoke(20);
    assert_eq!(rejected(&accept(World::new().crl_by(&root_crl, ROOT))), [(1, "validity.revoked")]);
}

#[test]
fn v7_the_whole_path_but_the_root_is_checked() {
    let world = World::new().crl(&crl(1));
    let status = world.check(|check, path| check.path(path, &Spent::default()));
    assert_eq!(rejected(&status), [(1, "validity.no_distribution_point")]);
    let world = world.crl_by(&CrlBuilder::of(&root(), 1), ROOT);
    assert_eq!(world.check(|check, path| check.path(path, &Spent::default())).passed.len(), 2);
}

fn rejected(status: &PathStatus) -> Vec<(usize, &'static str)> {
    status.rejected.iter().map(|(position, failure)| (*position, failure.code())).collect()
}

/// Rule V-0: the fault nearest the root is the reason; V-8: whatever else is missing beneath it is named as well.
#[test]
fn v0_revocation_is_looked_at_from_the_root_down() {
    let status = |world: World| rejected(&world.check(|check, path| check.path(path, &Spent::default())));
    assert_eq!(status(World::new()), [(1, "validity.no_distribution_point"), (0, "validity.revocation_unknown")]);
    // what is known to be bad beneath an unknown status is not missing
    let revoked = || World::new().crl(&crl(5).revoke(7));
    assert_eq!(status(revoked()), [(1, "validity.no_distribution_point")]);
    let root_crl = CrlBuilder::of(&root(), 1);
    assert_eq!(status(revoked().crl_by(&root_crl, ROOT)), [(0, "validity.revoked")]);
    // nothing beneath a revoked CA has a say
    assert_eq!(status(World::new().crl_by(&root_crl.revoke(20), ROOT)), [(1, "validity.revoked")]);
}

#[test]
fn v9_dates_are_inclusive() {
    let world = || World::new().crl(&crl(1));
    world().at("2026-01-01T00:00:00Z").clears();
    world().at("2026-02-01T00:00:00Z").clears();
    let failure = world().at("2026-02-01T00:00:01Z").code("validity.crl_expired");
    assert_eq!(failure.rule(), Rule::V8);
    assert_eq!(
        failure.to_string(),
        "revocation status unknown: CRL 1 of `CN=Contoso Issuing CA` was valid until 2026-02-01T00:00:00Z, and it is 2026-02-01T00:00:01Z"
    );
    let failure = world().at("2025-12-31T23:59:59Z").code("validity.crl_not_yet_valid");
    assert!(failure.is_unknown() && !failure.missing().is_empty());
    assert_eq!(
        failure.to_string(),
        "revocation status unknown: CRL 1 of `CN=Contoso Issuing CA` is valid from 2026-01-01T00:00:00Z, and it is 2025-12-31T23:59:59Z"
    );
    // of a CRL that is out of date and one that is early, the former is the reason
    let both = world().crl(&crl(2).current("2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z"));
    both.at("2025-12-31T23:59:59Z").code("validity.crl_expired");
    // an early CRL of another key is not the reason
    let foreign = World::new().crl_by(&crl(1), OTHER).at("2025-12-31T23:59:59Z");
    foreign.code("validity.revocation_unknown");
    let endless = World::new().crl(&crl(1).change(|crl| crl.next_update = None));
    assert_eq!(endless.problem(), CrlProblem::NoNextUpdate);
}

#[test]
fn v9_crls_of_another_issuer_are_not_looked_at() {
    let failure = World::new().crl(&CrlBuilder::new("CN=Other CA")).code("validity.revocation_unknown");
    assert_eq!(failure.not_counted(), []);
}

#[test]
fn v9_critical_extensions_must_be_understood() {
    let world = World::new().crl(&crl(1).with(extension::unknown().critical()));
    assert!(matches!(world.problem(), CrlProblem::CriticalExtension(_)));
    let world = World::new().crl(&crl(1).entry(Entry::new(99).with(extension::unknown().critical())));
    assert!(matches!(world.problem(), CrlProblem::CriticalExtension(_)));
    World::new().crl(&crl(1).with(extension::unknown())).clears();
}

#[test]
fn v9_the_highest_number_counts_then_the_latest() {
    let world = World::new().crl(&crl(9)).crl(&crl(10)).crl(&crl(8).revoke(7));
    assert_eq!(world.clears().crl().complete.number().unwrap().to_string(), "10");
    World::new().crl(&crl(256).revoke(7)).crl(&crl(255)).code("validity.revoked");
    let later = crl(5).revoke(7).current("2026-01-02T00:00:00Z", "2026-02-01T00:00:00Z");
    World::new().crl(&crl(5)).crl(&later).code("validity.revoked");
    // An older one that is current stands in for a newer one that is not.
    let future = crl(11).revoke(7).current("2026-01-20T00:00:00Z", "2026-02-01T00:00:00Z");
    World::new().crl(&crl(5)).crl(&future).clears();
}
