//! Rules I-5, I-7 and V-5: which paths there are, which is preferred, and which is reported.

use super::*;
use ccmcertsel::chain::{PathEnd, Preference};

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
    let chain = chain(&chains);
    assert_eq!(chain.failure(), None);
    assert!(members(&chains, chain.path()).contains(&good.issued_by(&root())));
}

#[test]
fn v5_a_path_to_a_trusted_root_explains_more_than_one_to_another() {
    let stranger = Cert::ca("CN=Stranger", Key::Toy(5));
    let machine = three(expired(root()), issuing(), leaf())
        .with("CA", issuing().serial(20).issued_by(&stranger))
        .with("CA", stranger.self_sign());
    assert_eq!(machine.verdict(), ("validity.chain_expired", 2));
}

/// Rule I-7: paths of one leaf that differ in one thing each, the best first. Each is the chain once those before it are
/// gone, whatever the order of the stores, and what tells it from the next one is why.
#[test]
fn i7_the_chain_is_the_best_path() {
    let other = Cert::ca("CN=Other Root", Key::Toy(5));
    let middle = Cert::ca("CN=Middle", Key::Toy(6)).serial(40);
    let from = |cert: Cert, year: &str| cert.valid(&format!("{year}-01-01T00:00:00Z"), "2040-01-01T00:00:00Z");
    let stranger = Cert::ca("CN=Stranger", Key::Toy(7));
    let in_order = [
        from(issuing(), "2025").serial(20).issued_by(&root()), // the latest notBefore
        from(issuing(), "2024").serial(21).issued_by(&root()), // shorter than
        from(issuing(), "2025").serial(22).issued_by(&middle), // which holds, unlike
        issuing().serial(23).replace(extension::basic_constraints(false, None)).issued_by(&root()), // fails later than
        expired(issuing()).serial(24).issued_by(&root()),      // trusted, unlike
        from(issuing(), "2025").serial(25).issued_by(&stranger), // complete, unlike
        from(issuing(), "2025").serial(26).issuer("CN=Nobody").sign(Key::Toy(30)),
    ];
    let why = ["newer", "shorter", "valid", "fails later", "trusted", "trusted"];
    for first in 0..in_order.len() {
        for turn in 0..in_order.len() - first {
            let mut machine = Machine::new(leaf().issued_by(&issuing())).with("ROOT", root().self_sign());
            let left = &in_order[first..];
            for der in left.iter().cycle().skip(turn).take(left.len()) {
                machine = machine.with("CA", der.clone());
            }
            let machine = machine
                .with("CA", middle.clone().issued_by(&root()))
                .with("CA", stranger.self_sign())
                .with("ROOT", other.self_sign());
            let chains = machine.chains();
            let chosen = chain(&chains);
            assert_eq!(members(&chains, chosen.path())[1], in_order[first], "{first}");
            let next = in_order.get(first + 1).and_then(|next| {
                let mut paths = chains.paths(leaf_of(&chains));
                paths.find(|path| members(&chains, path).get(1) == Some(next))
            });
            let Some(next) = next else { continue }; // an incomplete path is none beside complete ones
            let found = match chains.preference(&chosen, &next, now()) {
                Preference::Trusted => "trusted",
                Preference::Valid(_) => "valid",
                Preference::FailsLater(_) => "fails later",
                Preference::Shorter { own: 3, other: 4 } => "shorter",
                Preference::Newer { .. } => "newer",
                another => panic!("{another:?}"),
            };
            assert_eq!(found, why[first]);
        }
    }
}

/// Rule I-7: where nothing else does, the thumbprints decide, leaf upward.
#[test]
fn i7_thumbprints_decide_at_last() {
    let twins: Vec<Vec<u8>> = (50..54).map(|serial| issuing().serial(serial).issued_by(&root())).collect();
    let thumbprint = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate").thumbprint();
    let smallest = twins.iter().min_by_key(|der| thumbprint(der)).expect("four of them");
    for turn in 0..twins.len() {
        let mut machine = Machine::new(leaf().issued_by(&issuing())).with("ROOT", root().self_sign());
        for der in twins.iter().cycle().skip(turn).take(twins.len()) {
            machine = machine.with("CA", der.clone());
        }
        let chains = machine.chains();
        let chosen = chain(&chains);
        assert_eq!(&members(&chains, chosen.path())[1], smallest, "{turn}");
        let second = chains.paths(leaf_of(&chains)).nth(1).expect("four paths");
        let Preference::Thumbprint { own, other } = chains.preference(&chosen, &second, now()) else { panic!() };
        assert!(own < other && own == thumbprint(smallest));
    }
}

/// Rules I-7 and P-8: usages have no say in the choice, so a shorter chain may take away what a longer one would leave.
#[test]
fn p8_looks_at_the_one_chain() {
    let middle = Cert::ca("CN=Middle", Key::Toy(2)).serial(4);
    let near = issuing().with(extension::eku(&[extension::SERVER_AUTH])).issued_by(&root());
    let machine = Machine::new(leaf().issued_by(&issuing()))
        .with("CA", issuing().serial(5).issued_by(&middle))
        .with("CA", near)
        .with("CA", middle.issued_by(&root()))
        .with("ROOT", root().self_sign());
    let chains = machine.chains();
    let chosen = chain(&chains);
    assert_eq!((chosen.path().certificates().len(), chosen.failure()), (3, None));
    assert_eq!(chains.eku_nesting(chosen.path()).map_err(|taken| taken.at.position), Err(1));
}

/// Rule V-5: a key identifier is a hint. It says which key is tried first, and excludes none.
#[test]
fn v5_key_identifiers_exclude_no_issuer() {
    let named = extension::aki(Key::Toy(1));
    let right = Cert::ca("CN=Issuing", Key::Toy(1)).replace(extension::ski_raw(&[1, 2, 3])).serial(10);
    let wrong = Cert::ca("CN=Issuing", Key::Toy(2)).replace(extension::ski_raw(&Key::Toy(1).id())).serial(11);
    let machine = Machine::new(leaf().issuer("CN=Issuing").with(named).sign(Key::Toy(1)))
        .with("ROOT", wrong.self_sign())
        .with("ROOT", right.self_sign());
    assert_eq!(machine.verdict(), ("valid", 0));
}
