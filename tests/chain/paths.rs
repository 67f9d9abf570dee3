//! Rules I-5, I-7 and V-5: which paths there are, which is preferred, and which is reported.

use super::*;
use ccmcertsel::chain::PathEnd;

fn paths(machine: &Machine) -> Vec<(usize, PathEnd)> {
    let chains = machine.chains();
    chains.paths(leaf_of(&chains)).map(|path| (path.certificates().len(), path.end())).collect()
}

fn expired(cert: Cert) -> Cert {
    cert.valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z")
}

#[test]
fn i5_the_highest_certificate_ends_an_incomplete_path() {
    let machine = Machine::new(leaf().issued_by(&issuing()));
    assert_eq!(paths(&machine), [(1, PathEnd::Incomplete)]);
    let machine = machine.with("CA", issuing().issued_by(&root()));
    assert_eq!(paths(&machine), [(2, PathEnd::Incomplete)]);
    // any complete path hides the incomplete ones
    let machine = machine.with("CA", issuing().self_sign());
    assert_eq!(paths(&machine), [(2, PathEnd::SelfSigned)]);
}

#[test]
fn i7_a_false_signature_is_no_link() {
    let stranger = Cert::ca("CN=Issuing", Key::Toy(8));
    let machine = Machine::new(leaf().issued_by(&issuing())).with("ROOT", stranger.self_sign());
    assert_eq!(paths(&machine), [(1, PathEnd::Incomplete)]);
    assert_eq!(machine.verdict(), ("validity.bad_signature", 0));
}

#[test]
fn v5_cross_certificates_give_every_path() {
    // the issuing CA is certified by two roots, one of which also certified the other
    let other = Cert::ca("CN=Other Root", Key::Toy(5));
    let machine = three(root(), issuing(), leaf())
        .with("CA", issuing().serial(20).issued_by(&other))
        .with("CA", root().serial(21).issued_by(&other))
        .with("CA", other.clone().serial(22).issued_by(&root()))
        .with("CA", other.self_sign());
    let mut found = paths(&machine);
    found.sort_by_key(|(length, end)| (*length, *end == PathEnd::Anchor));
    let ends: Vec<usize> = found.iter().map(|(length, _)| *length).collect();
    // by Root; by Other Root; by Root as Other's subordinate; by Other as Root's subordinate; and each once more round
    assert_eq!(&ends[..4], [3, 3, 4, 4]);
    assert!(found.iter().all(|(_, end)| *end != PathEnd::Incomplete));
    assert_eq!(machine.verdict(), ("valid", 0));
}

#[test]
fn v5_a_loop_ends() {
    let (a, b) = (Cert::ca("CN=A", Key::Toy(1)), Cert::ca("CN=B", Key::Toy(2)));
    let machine = Machine::new(leaf().issued_by(&a)).with("CA", a.clone().issued_by(&b)).with("CA", b.issued_by(&a));
    assert_eq!(paths(&machine), [(3, PathEnd::Incomplete)]);
    assert_eq!(machine.verdict().0, "validity.no_path");
}

#[test]
fn v5_cas_of_one_name_are_told_apart_by_the_signature() {
    for authority in [Some(Key::Toy(30)), Some(Key::Toy(1)), None] {
        // the identifier names the right key, another key, or nothing: it is a hint
        let mut cert = leaf().issuer("CN=Issuing");
        cert.extensions.extend(authority.map(extension::aki));
        let mut machine = Machine::new(cert.sign(Key::Toy(1))).with("ROOT", root().self_sign());
        for number in [30, 1, 31] {
            let ca = Cert::ca("CN=Issuing", Key::Toy(number)).serial(number.into());
            machine = machine.with("CA", ca.issued_by(&root()));
        }
        assert_eq!(machine.verdict(), ("valid", 0), "{authority:?}");
        assert_eq!(paths(&machine), [(3, PathEnd::Anchor)]);
    }
}

#[test]
fn v5_a_root_that_renewed_its_key_vouches_for_itself_both_ways() {
    let old = root();
    let new = Cert::ca("CN=Root", Key::Toy(40)).serial(40);
    // the machine trusts the old root only; the leaf comes from the new key
    let machine =
        Machine::new(leaf().issued_by(&new)).with("ROOT", old.self_sign()).with("CA", new.clone().issued_by(&old)); // new with old
    assert_eq!(machine.verdict(), ("valid", 0));
    // the machine trusts the new root only; the leaf comes from the old key
    let machine = Machine::new(leaf().issued_by(&old))
        .with("ROOT", new.self_sign())
        .with("CA", old.clone().serial(41).issued_by(&new)); // old with new
    assert_eq!(machine.verdict(), ("valid", 0));
    // without key identifiers a renewal looks self-signed, and only its signature tells
    let bare = new.clone().without("2.5.29.14").issuer("CN=Root").sign(Key::Toy(0));
    let machine = Machine::new(leaf().issued_by(&new)).with("ROOT", old.self_sign()).with("CA", bare);
    assert_eq!(machine.verdict(), ("valid", 0));
}

#[test]
fn v5_a_root_that_is_also_a_cross_certificate() {
    let other = Cert::ca("CN=Other Root", Key::Toy(5));
    let machine = Machine::new(leaf().issued_by(&root()))
        .with("CA", root().self_sign()) // here it is no anchor
        .with("CA", root().serial(9).issued_by(&other))
        .with("ROOT", other.self_sign());
    assert_eq!(machine.verdict(), ("valid", 0));
}

#[test]
fn v5_copies_in_several_stores_are_one_certificate() {
    let machine = three(root(), issuing(), leaf())
        .with("MY", issuing().issued_by(&root()))
        .with("ROOT", issuing().issued_by(&root()))
        .with("CA", root().self_sign())
        .with("Trusted Devices", leaf().issued_by(&issuing()));
    assert_eq!(paths(&machine), [(3, PathEnd::Anchor)]);
}

#[test]
fn v5_the_path_that_satisfies_everything_is_preferred() {
    // the likeliest path, by key identifier and later end, is the one that does not hold
    let good = issuing().serial(50).valid("2020-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    let bad = issuing().serial(51).replace(extension::key_usage(&[extension::usage::CRL_SIGN]));
    let machine = Machine::new(leaf().issued_by(&good))
        .with("CA", bad.issued_by(&root()))
        .with("CA", good.clone().issued_by(&root()))
        .with("ROOT", root().self_sign());
    let chains = machine.chains();
    let Judgement::Valid { path, .. } = judge(&chains) else { panic!("not valid") };
    assert!(members(&chains, &path).contains(&good.issued_by(&root())));
}

/// Rule I-7: steps 1 and 3 hold on the same path, and so does revocation.
#[test]
fn i7_listed_valid_and_not_revoked_on_the_same_path() {
    let other = Cert::ca("CN=Other Root", Key::Toy(5));
    let machine = Machine::new(leaf().issued_by(&issuing()))
        .with("CA", issuing().issued_by(&root()))
        .with("CA", issuing().serial(20).issued_by(&other))
        .with("ROOT", expired(root()).self_sign())
        .with("ROOT", other.self_sign());
    let chains = machine.chains();
    let ends_at = |path: &Path, cert: &Cert| members(&chains, path).last() == Some(&cert.self_sign());
    let leaf = leaf_of(&chains);
    // the listed root has expired: the failure of the listed path is reported, though the other path holds
    let only_first = |path: &Path| ends_at(path, &expired(root()));
    let judgement = chains.judge(leaf, now(), only_first, |_| Ok::<(), Infallible>(())).expect("it decodes");
    assert_eq!(verdict(judgement), ("validity.chain_expired", 2));
    // nothing is listed: every path is shown
    let judgement = chains.judge(leaf, now(), |_| false, |_| Ok::<(), Infallible>(())).expect("it decodes");
    assert!(matches!(judgement, Judgement::NotListed { paths, exhausted: None } if paths.len() == 2));
    // revocation rejects the path that holds: it came further than the one that has expired
    let judgement = chains.judge(leaf, now(), |_| true, |_| Err(Revoked)).expect("it decodes");
    let Judgement::Failed { best, others } = judgement else { panic!("valid") };
    assert_eq!(best.failure, PathFailure::Revocation(Revoked));
    assert_eq!(others.len(), 1);
}

#[test]
fn v5_a_path_to_a_trusted_root_explains_more_than_one_to_another() {
    let stranger = Cert::ca("CN=Stranger", Key::Toy(5));
    let machine = three(expired(root()), issuing(), leaf())
        .with("CA", issuing().serial(20).issued_by(&stranger))
        .with("CA", stranger.self_sign());
    assert_eq!(machine.verdict(), ("validity.chain_expired", 2));
}

#[test]
fn v5_at_most_eight_paths_are_kept() {
    let mut machine = Machine::new(leaf().issued_by(&issuing())).with("ROOT", root().self_sign());
    for serial in 60..80 {
        machine = machine.with("CA", expired(issuing()).serial(serial).issued_by(&root()));
    }
    let Judgement::Failed { others, .. } = machine.judge() else { panic!("valid") };
    assert_eq!(others.len(), 7);
}

/// What a caller may say of a path.
#[derive(Debug, PartialEq)]
struct Revoked;

impl ccmcertsel::chain::Reach for Revoked {
    fn reach(&self) -> (usize, usize) {
        (0, 0)
    }
}

#[test]
fn p8_of_two_paths_the_one_that_came_further_is_the_reason() {
    let server = || extension::eku(&[extension::SERVER_AUTH]);
    let middle = Cert::ca("CN=Middle", Key::Toy(2)).serial(4).with(server());
    let near = issuing().with(server()).issued_by(&root());
    let far = issuing().serial(5).issued_by(&middle);
    for cas in [[near.clone(), far.clone()], [far, near]] {
        let mut machine = Machine::new(leaf().issued_by(&issuing())).with("ROOT", root().self_sign());
        for ca in cas.into_iter().chain([middle.clone().issued_by(&root())]) {
            machine = machine.with("CA", ca);
        }
        let chains = machine.chains();
        match chains.judge(leaf_of(&chains), now(), |_| true, |path| chains.eku_nesting(path)) {
            Some(Judgement::Failed { best, others }) => {
                assert!(matches!(&best.failure, PathFailure::Revocation(taken) if taken.at.position == 2), "{best:?}");
                assert_eq!(others.len(), 1);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn v5_key_identifiers_serial_and_trust_order_issuers_and_exclude_none() {
    let ca = |serial: i128, until: &str| {
        Cert::ca("CN=Issuing", Key::Toy(1)).serial(serial).valid("2020-01-01T00:00:00Z", until)
    };
    let named = extension::aki_full(Some(&Key::Toy(1).id()), &Name::from("CN=Issuing"), &[10]);
    let leaf = leaf().issuer("CN=Issuing").with(named).sign(Key::Toy(1));
    let in_order = [
        ("ROOT", ca(10, "2028-01-01T00:00:00Z")), // key identifier and serial number
        ("ROOT", ca(13, "2033-01-01T00:00:00Z")), // key identifier, trusted, lasting longer
        ("ROOT", ca(11, "2032-01-01T00:00:00Z")),
        ("CA", ca(12, "2035-01-01T00:00:00Z")), // nobody trusts it
        ("ROOT", ca(14, "2035-01-01T00:00:00Z").without("2.5.29.14")), // no key identifier
        ("ROOT", ca(10, "2036-01-01T00:00:00Z").replace(extension::ski_raw(&[1, 2, 3]))), // another one
    ];
    let expected: Vec<Vec<u8>> = in_order.iter().map(|(_, cert)| cert.self_sign()).collect();
    for turn in 0..in_order.len() {
        let mut machine = Machine::new(leaf.clone());
        for (store, cert) in in_order.iter().cycle().skip(turn).take(in_order.len()) {
            machine = machine.with(store, cert.self_sign());
        }
        let chains = machine.chains();
        let found: Vec<Vec<u8>> =
            chains.paths(leaf_of(&chains)).filter_map(|path| members(&chains, &path).get(1).cloned()).collect();
        assert_eq!(found, expected, "from {turn}");
    }
}
