//! Rule V-5, check by check: a chain that holds, and the same with one thing wrong.

use super::*;
use ccmcertsel::chain::{CaStatus, ChainWarning, Malformation};
use ccmcertsel::settings::Anchors;

#[test]
fn v5_a_plain_chain_holds() {
    assert_eq!(three(root(), issuing(), leaf()).verdict(), ("valid", 0));
    // key identifiers are hints: without them the chain holds as well
    let bare = |cert: Cert| cert.without("2.5.29.14");
    assert_eq!(three(bare(root()), bare(issuing()), leaf()).verdict(), ("valid", 0));
}

#[test]
fn v5_no_issuer_at_all() {
    let machine = Machine::new(leaf().issued_by(&issuing()));
    assert_eq!(machine.verdict(), ("validity.no_path", 0));
    let machine = machine.with("CA", issuing().issued_by(&root()));
    assert_eq!(machine.verdict(), ("validity.no_path", 1));
    let ChainFailure::NoPath { issuer, .. } = machine.failure() else { panic!("another failure") };
    assert_eq!(issuer.to_x500_string(), "CN=Root");
}

#[test]
fn v5_a_root_outside_of_the_root_store_is_not_trusted() {
    let machine = Machine::new(leaf().issued_by(&root())).with("CA", root().self_sign());
    assert_eq!(machine.verdict(), ("validity.untrusted_root", 1));
    assert_eq!(machine.with("ROOT", root().self_sign()).verdict(), ("valid", 0));
    assert_eq!(Machine::new(leaf().self_sign()).verdict(), ("validity.untrusted_root", 0));
}

#[test]
fn v5_nothing_in_disallowed() {
    for (position, der) in
        [leaf().issued_by(&issuing()), issuing().issued_by(&root()), root().self_sign()].into_iter().enumerate()
    {
        let machine = three(root(), issuing(), leaf()).with("Disallowed", der);
        assert_eq!(machine.verdict(), ("validity.disallowed", position));
    }
}

#[test]
fn v5_a_false_signature() {
    let damaged = |cert: Cert| cert.change(|cert| cert.damaged_signature = true);
    assert_eq!(three(root(), issuing(), damaged(leaf())).verdict(), ("validity.bad_signature", 0));
    assert_eq!(three(root(), damaged(issuing()), leaf()).verdict(), ("validity.bad_signature", 1));
    // an anchor's own signature is not verified
    assert_eq!(three(damaged(root()), issuing(), leaf()).verdict(), ("valid", 0));
    // and a self-signed certificate that is no anchor is no root unless it signed itself
    let machine = Machine::new(damaged(leaf()).self_sign());
    assert_eq!(machine.verdict(), ("validity.no_path", 0));
}

#[test]
fn v5_inner_and_outer_algorithm_are_equal() {
    let other = Key::P256(0).signature_algorithm(Hash::Sha256);
    let odd = |cert: Cert| cert.change(|cert| cert.inner_algorithm = Some(other.clone()));
    let machine = three(root(), issuing(), odd(leaf()));
    assert_eq!(machine.verdict(), ("validity.malformed", 0));
    assert!(matches!(machine.failure(), ChainFailure::Malformed { problem: Malformation::Algorithms { .. }, .. }));
    assert_eq!(three(root(), odd(issuing()), leaf()).verdict(), ("validity.malformed", 1));
}

#[test]
fn v5_the_dates_of_every_certificate_above_count_to_the_second() {
    let until = |cert: Cert, end: &str| cert.valid("2020-01-01T00:00:00Z", end);
    let from = |cert: Cert, start: &str| cert.valid(start, "2030-01-01T00:00:00Z");
    assert_eq!(three(root(), until(issuing(), NOW), leaf()).verdict(), ("valid", 0));
    assert_eq!(three(root(), from(issuing(), NOW), leaf()).verdict(), ("valid", 0));
    let (before, after) = ("2026-01-15T08:59:59Z", "2026-01-15T09:00:01Z");
    assert_eq!(three(root(), until(issuing(), before), leaf()).verdict(), ("validity.chain_expired", 1));
    assert_eq!(three(root(), from(issuing(), after), leaf()).verdict(), ("validity.chain_not_yet_valid", 1));
    assert_eq!(three(until(root(), before), issuing(), leaf()).verdict(), ("validity.chain_expired", 2));
    assert_eq!(three(from(root(), after), issuing(), leaf()).verdict(), ("validity.chain_not_yet_valid", 2));
    let ChainFailure::Expired { not_after, now, .. } = three(root(), until(issuing(), before), leaf()).failure() else {
        panic!("another failure")
    };
    assert_eq!((not_after.to_string().as_str(), now.to_string().as_str()), (before, NOW));
    // its own dates are rule V-1
    assert_eq!(three(root(), issuing(), until(leaf(), before)).verdict(), ("valid", 0));
}

#[test]
fn v5_an_issuer_is_a_ca() {
    let found = |issuing: Cert| match three(root(), issuing, leaf()).failure() {
        ChainFailure::NotACa { at, found } => (at.position, found),
        other => panic!("{other}"),
    };
    let not_a_ca = issuing().replace(extension::basic_constraints(false, None));
    assert_eq!(found(not_a_ca), (1, CaStatus::EndEntity));
    assert_eq!(found(issuing().without("2.5.29.19")), (1, CaStatus::NoBasicConstraints));
    let version_1 = issuing().change(|cert| {
        cert.version = None;
        cert.extensions.clear();
    });
    assert_eq!(three(root(), version_1.clone(), leaf()).verdict().0, "validity.not_a_ca");
}

#[test]
fn v5_path_length_counts_cas_that_are_not_self_issued() {
    let limited = |length| root_to_leaf(issuing().replace(extension::basic_constraints(true, Some(length))));
    assert_eq!(limited(0).verdict(), ("validity.path_length", 2));
    assert_eq!(limited(1).verdict(), ("valid", 0));
    let ChainFailure::PathLength { allowed, found, .. } = limited(0).failure() else { panic!("another failure") };
    assert_eq!((allowed, found), (0, 1));
    // a renewal that the CA issued to itself is not counted
    let issuing = issuing().replace(extension::basic_constraints(true, Some(0)));
    let renewed = Cert::ca("CN=Issuing", Key::Toy(7)).serial(8);
    let machine = Machine::new(leaf().issued_by(&renewed))
        .with("CA", renewed.clone().issued_by(&issuing))
        .with("CA", issuing.issued_by(&root()))
        .with("ROOT", root().self_sign());
    assert_eq!(machine.verdict(), ("valid", 0));
}

/// Root, this CA, a CA beneath it, and the certificate.
fn root_to_leaf(middle: Cert) -> Machine {
    let low = Cert::ca("CN=Low", Key::Toy(2)).serial(4);
    Machine::new(leaf().issued_by(&low))
        .with("CA", low.clone().issued_by(&middle))
        .with("CA", middle.issued_by(&root()))
        .with("ROOT", root().self_sign())
}

#[test]
fn v5_key_usage_allows_signing_certificates() {
    let usage = |bits: &[u8]| issuing().replace(extension::key_usage(bits));
    let crl_only = usage(&[extension::usage::CRL_SIGN]);
    let machine = three(root(), crl_only, leaf());
    assert_eq!(machine.verdict(), ("validity.key_usage_cert_sign", 1));
    let ChainFailure::KeyUsageCertSign { found, .. } = machine.failure() else { panic!("another failure") };
    assert_eq!(found, ["cRLSign"]);
    assert_eq!(three(root(), issuing().without("2.5.29.15"), leaf()).verdict(), ("valid", 0));
}

#[test]
fn v5_critical_extensions_are_understood() {
    let unknown = extension::unknown();
    let odd = |cert: Cert| cert.with(unknown.clone().critical());
    assert_eq!(three(root(), issuing(), odd(leaf())).verdict(), ("validity.critical_extension", 0));
    assert_eq!(three(root(), odd(issuing()), leaf()).verdict(), ("validity.critical_extension", 1));
    assert_eq!(three(odd(root()), issuing(), leaf()).verdict(), ("valid", 0));
    let harmless = leaf().with(unknown.clone().not_critical());
    assert_eq!(three(root(), issuing(), harmless).verdict(), ("valid", 0));
}

#[test]
fn v5_what_ad_cs_writes_is_understood() {
    let ca = issuing()
        .with(Ext::raw("1.3.6.1.4.1.311.21.1", vec![2, 1, 0]).critical())
        .with(Ext::raw("1.3.6.1.4.1.311.21.2", vec![4, 1, 0]).critical());
    let leaf = leaf()
        .with(extension::template("1.3.6.1.4.1.311.21.8.1", 100, 5).critical())
        .with(extension::application_policies(&[extension::CLIENT_AUTH]).critical());
    assert_eq!(three(root(), ca, leaf).verdict(), ("valid", 0));
}

/// OpenSSL reads such a certificate too, and refuses its signature.
#[test]
fn v5_a_signature_that_ends_inside_a_byte_is_a_false_one() {
    let mut der = leaf().issued_by(&issuing());
    let length = ccmcertsel::Certificate::from_der(&der).expect("a certificate").signature().len();
    let unused = der.len() - length - 1;
    assert_eq!(der[unused], 0);
    der[unused] = 1;
    let machine = Machine::new(der).with("CA", issuing().issued_by(&root())).with("ROOT", root().self_sign());
    assert_eq!(machine.verdict(), ("validity.bad_signature", 0));
}

#[test]
fn v5_damage_is_found_where_a_check_reads() {
    let broken = |oid: &str| Ext::raw(oid, vec![0x30, 0x05]);
    let critical = |oid: &str| broken(oid).critical();
    let policies = ["2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"];
    // Whether somebody is a CA, and of what, has to be read.
    for broken in ["2.5.29.19", "2.5.29.15", "2.5.29.30"].map(broken).into_iter().chain(policies.map(critical)) {
        let oid = broken.oid.clone();
        let machine = three(root(), issuing().replace(broken), leaf());
        assert_eq!(machine.verdict(), ("validity.malformed", 1), "{oid}");
        let ChainFailure::Malformed { problem: Malformation::Extension(error), .. } = machine.failure() else {
            panic!("another failure")
        };
        assert_eq!(error.extension.to_string(), oid);
    }
    for oid in policies {
        assert_eq!(three(root(), issuing(), leaf().with(critical(oid))).verdict(), ("validity.malformed", 0), "{oid}");
        // What is not critical is a warning at its certificate.
        for (place, machine) in [
            (0, three(root(), issuing(), leaf().with(broken(oid)))),
            (1, three(root(), issuing().with(broken(oid)), leaf())),
        ] {
            assert_eq!(machine.verdict(), ("valid", 0), "{oid}");
            let chain = machine.chain();
            let warnings = chain.warnings();
            let [ChainWarning::DamagedExtension { at, error }] = warnings else { panic!("{oid}: {warnings:?}") };
            assert_eq!((at.position, error.extension.to_string().as_str()), (place, oid));
        }
    }
    // Policies that do not read are none where one is required.
    let asserts = |cert: Cert| cert.with(extension::certificate_policies(&["1.3.6.1.4.1.32473.5.1"]));
    let demanding = asserts(issuing()).with(extension::policy_constraints(Some(0), None));
    assert_eq!(three(root(), demanding.clone(), asserts(leaf())).verdict(), ("valid", 0));
    assert_eq!(three(root(), demanding, leaf().with(broken("2.5.29.32"))).verdict().0, "validity.policy");
    let twice = leaf().with(extension::unknown().not_critical()).with(extension::unknown().not_critical());
    assert_eq!(three(root(), issuing(), twice).verdict(), ("validity.malformed", 0));
    let key = issuing().change(|cert| cert.spki = Some(vec![0x30, 0x00]));
    assert_eq!(three(root(), key, leaf()).verdict().0, "validity.malformed");
}

#[test]
fn v5_an_anchor_counts_by_name_key_and_dates_alone() {
    let subtree = extension::GeneralSubtree::from(San::dns("nowhere.example"));
    let odd = root()
        .replace(extension::basic_constraints(true, Some(0)))
        .replace(extension::key_usage(&[extension::usage::CRL_SIGN]))
        .with(extension::name_constraints(&[subtree], &[]))
        .with(extension::policy_constraints(Some(0), None));
    assert_eq!(three(odd, issuing(), leaf()).verdict(), ("valid", 0));
    let version_1 = root().change(|cert| {
        cert.version = None;
        cert.extensions.clear();
    });
    assert_eq!(three(version_1, issuing(), leaf()).verdict(), ("valid", 0));
}

#[test]
fn v5_what_is_not_self_signed_is_no_anchor() {
    let machine = Machine::new(leaf().issued_by(&issuing())).with("ROOT", issuing().issued_by(&root()));
    assert_eq!(machine.verdict(), ("validity.no_path", 1));
    let any = machine.chains().with_anchors(Anchors::AnyInRoot);
    assert_eq!(verdict(&chain(&any)), ("valid", 0));
    // with its root it serves as an intermediate, and is worth a warning
    let machine = machine.with("ROOT", root().self_sign());
    let chain = machine.chain();
    assert!(matches!(chain.warnings(), [ChainWarning::NotSelfSignedInRoot { at }] if at.position == 1));
    // an authority key identifier of another key says that it is not self-signed
    let other = root().with(extension::aki(Key::Toy(5)));
    let machine = Machine::new(leaf().issued_by(&root())).with("ROOT", other.self_sign());
    assert_eq!(machine.verdict().0, "validity.no_path");
}

#[test]
fn v5_names_compare_without_case_and_inner_blanks() {
    let spaced = Name::of_kind(StringKind::Utf8, &[("CN", "ISSUING  ca")]);
    let plain = Name::of_kind(StringKind::Printable, &[("CN", " Issuing CA ")]);
    let issuing = Cert::ca(spaced, Key::Toy(1)).serial(2);
    let machine = Machine::new(leaf().issuer(plain).sign(Key::Toy(1)))
        .with("CA", issuing.issued_by(&root()))
        .with("ROOT", root().self_sign());
    assert_eq!(machine.verdict(), ("valid", 0));
}

/// Rule V-0: the lowest certificate's failure is the reason, and within it the first check that V-5 names.
#[test]
fn v0_the_first_failure_from_the_leaf_up_is_the_reason() {
    let bad = |cert: Cert| {
        cert.valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z")
            .replace(extension::basic_constraints(false, None))
            .with(extension::unknown().critical())
    };
    assert_eq!(three(bad(root()), bad(issuing()), leaf()).verdict(), ("validity.chain_expired", 1));
    assert_eq!(three(bad(root()), bad(issuing()), bad(leaf())).verdict(), ("validity.critical_extension", 0));
}
