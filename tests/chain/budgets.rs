//! Rule V-10: what is hostile ends, as a rejection of its own.

use super::*;
use ccmcertsel::chain::Budget;

fn spent(machine: &Machine) -> Budget {
    match machine.failure() {
        ChainFailure::Budget { budget, .. } => budget,
        other => panic!("{other}"),
    }
}

#[test]
fn v10_signatures_of_many_cas_of_one_name() {
    let mut machine = Machine::new(leaf().issuer("CN=Issuing").sign(Key::Toy(7))).with("ROOT", root().self_sign());
    for number in 1000..1200 {
        let ca = Cert::ca("CN=Issuing", Key::Toy(number)).serial(number.into());
        machine = machine.with("CA", ca.issued_by(&root()));
    }
    assert_eq!(spent(&machine), Budget::Signatures);
    // with a key identifier the right one is tried first, and the budget is not touched
    let right = Cert::ca("CN=Issuing", Key::Toy(7)).serial(7);
    machine.0[0].1 = leaf().issued_by(&right);
    let machine = machine.with("CA", right.issued_by(&root()));
    assert_eq!(machine.verdict(), ("valid", 0));
}

#[test]
fn v10_steps_through_cross_signed_cas() {
    // fifteen CAs of each of two names, each name's key certified by the other name
    let ca =
        |name: &str, number: u32| Cert::ca(name, Key::Toy(if name == "CN=A" { 1 } else { 2 })).serial(number.into());
    let mut machine = Machine::new(leaf().issued_by(&ca("CN=A", 0)));
    for number in 0..15 {
        machine = machine
            .with("CA", ca("CN=A", number).issued_by(&ca("CN=B", 0)))
            .with("CA", ca("CN=B", number).issued_by(&ca("CN=A", 0)));
    }
    assert!(matches!(spent(&machine), Budget::Steps | Budget::Depth));
    // one of them leads to a root: the likeliest first, it is found although the mesh has no end
    let machine = machine.with("CA", ca("CN=B", 99).issued_by(&root())).with("ROOT", root().self_sign());
    assert_eq!(machine.verdict(), ("valid", 0));
}

#[test]
fn v10_comparisons_with_name_constraints() {
    let subtrees: Vec<GeneralSubtree> = (0..1000).map(|n| San::dns(&format!("n{n}.example")).into()).collect();
    let names: Vec<San> = (0..1000).map(|n| San::dns(&format!("pc{n}.contoso.com"))).collect();
    let ca = issuing().with(extension::name_constraints(&[], &subtrees));
    assert_eq!(spent(&three(root(), ca.clone(), leaf().with(extension::san(&names)))), Budget::NameComparisons);
    assert_eq!(three(root(), ca, leaf().with(extension::san(&names[..100]))).verdict(), ("valid", 0));
}

#[test]
fn v10_policies_and_mappings() {
    let many: Vec<String> = (0..30_000).map(|n| format!("1.2.3.{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let ca = issuing().with(extension::certificate_policies(&many)).with(extension::policy_constraints(Some(0), None));
    assert_eq!(spent(&three(root(), ca, leaf())), Budget::Policies);
}

#[test]
fn v10_a_chain_too_deep() {
    let mut machine = Machine::new(leaf().issued_by(&Cert::ca("CN=CA 0", Key::Toy(0))));
    for level in 0..40u32 {
        let ca = Cert::ca(format!("CN=CA {level}").as_str(), Key::Toy(level));
        let above = Cert::ca(format!("CN=CA {}", level + 1).as_str(), Key::Toy(level + 1));
        machine = machine.with("CA", ca.issued_by(&above));
    }
    let machine = machine.with("ROOT", Cert::ca("CN=CA 40", Key::Toy(40)).self_sign());
    assert_eq!(spent(&machine), Budget::Depth);
}

#[test]
fn v10_paths_to_many_roots_of_one_name() {
    // one key, many expired certificates of it: each is the end of a path, and costs one signature
    let mut machine = Machine::new(leaf().issued_by(&issuing())).with("CA", issuing().issued_by(&root()));
    for number in 0..70 {
        machine = machine.with(
            "ROOT",
            root().serial(1000 + number).valid("2010-01-01T00:00:00Z", "2011-01-01T00:00:00Z").self_sign(),
        );
    }
    assert_eq!(spent(&machine), Budget::Paths);
}
