//! Rule V-5, certificate policies; PKITS 4.8 to 4.12 judge the whole of RFC 5280 6.1, these cases name the checks.

use super::*;
use ccmcertsel::chain::{PolicyInputs, PolicyProblem};
use ccmcertsel::settings::{AnyPolicy, ExplicitPolicy, PolicyMapping};

const A: &str = "1.2.3.1";
const B: &str = "1.2.3.2";
const ANY: &str = "2.5.29.32.0";
const NONE: (&str, usize) = ("validity.policy", 0);
const HOLDS: (&str, usize) = ("valid", 0);

fn policies(ca: &[&str], own: &[&str]) -> Machine {
    three(
        root(),
        issuing().with(extension::certificate_policies(ca)),
        leaf().with(extension::certificate_policies(own)),
    )
}

fn explicit() -> PolicyInputs {
    PolicyInputs { explicit: ExplicitPolicy::Required, ..PolicyInputs::default() }
}

fn judged(machine: &Machine, inputs: PolicyInputs) -> (&'static str, usize) {
    verdict(&chain(&machine.chains().with_policies(inputs)))
}

#[test]
fn v5_policies_count_where_one_is_required() {
    assert_eq!(policies(&[A], &[B]).verdict(), HOLDS, "nothing is required by default");
    assert_eq!(judged(&policies(&[A], &[A]), explicit()), HOLDS);
    assert_eq!(judged(&policies(&[A], &[B]), explicit()), NONE);
    assert_eq!(judged(&policies(&[ANY], &[B]), explicit()), HOLDS);
    assert_eq!(judged(&three(root(), issuing(), leaf()), explicit()), ("validity.policy", 1));
    let demanding =
        issuing().with(extension::certificate_policies(&[A])).with(extension::policy_constraints(Some(0), None));
    let machine = three(root(), demanding, leaf().with(extension::certificate_policies(&[B])));
    assert_eq!(machine.verdict(), NONE, "a CA requires one");
}

#[test]
fn v5_only_policies_that_were_asked_for_are_acceptable() {
    let asked = |policy: &str| PolicyInputs { initial: Some(vec![policy.parse().expect("an OID")]), ..explicit() };
    assert_eq!(judged(&policies(&[A], &[A]), asked(A)), HOLDS);
    let machine = policies(&[A], &[A]);
    assert_eq!(judged(&machine, asked(B)), NONE);
    let chain = chain(&machine.chains().with_policies(asked(B)));
    let failure = chain.failure().expect("no policy holds");
    assert!(matches!(failure, ChainFailure::Policy { problem: PolicyProblem::NoneAcceptable { .. }, .. }));
    assert_eq!(judged(&policies(&[A], &[A]), asked(ANY)), HOLDS);
    assert_eq!(judged(&policies(&[ANY], &[ANY]), asked(B)), HOLDS);
}

#[test]
fn v5_policies_are_mapped_unless_inhibited() {
    let mapping = issuing().with(extension::certificate_policies(&[A])).with(extension::policy_mappings(&[(A, B)]));
    let machine = three(root(), mapping, leaf().with(extension::certificate_policies(&[B])));
    let asked = PolicyInputs { initial: Some(vec![A.parse().expect("an OID")]), ..explicit() };
    assert_eq!(judged(&machine, asked.clone()), HOLDS, "asked for in the root's domain");
    assert_eq!(judged(&machine, PolicyInputs { mapping: PolicyMapping::Inhibited, ..asked }), NONE);
    let any = issuing().with(extension::certificate_policies(&[A])).with(extension::policy_mappings(&[(ANY, B)]));
    assert_eq!(three(root(), any, leaf()).verdict(), ("validity.policy", 1), "anyPolicy is not mapped");
}

#[test]
fn v5_a_policy_that_any_policy_stands_for_is_mapped() {
    let mapping = issuing().with(extension::certificate_policies(&[ANY])).with(extension::policy_mappings(&[(A, B)]));
    let machine = three(root(), mapping, leaf().with(extension::certificate_policies(&[B])));
    let asked = |policy: &str| PolicyInputs { initial: Some(vec![policy.parse().expect("an OID")]), ..explicit() };
    assert_eq!(judged(&machine, asked(A)), HOLDS);
    assert_eq!(judged(&machine, asked(B)), NONE, "what the leaf calls B is A in the root's domain");
}

#[test]
fn v5_any_policy_counts_unless_inhibited() {
    let machine = policies(&[A], &[ANY]);
    assert_eq!(judged(&machine, explicit()), HOLDS);
    assert_eq!(judged(&machine, PolicyInputs { any_policy: AnyPolicy::Inhibited, ..explicit() }), NONE);
    let inhibiting = issuing().with(extension::certificate_policies(&[A])).with(extension::inhibit_any_policy(0));
    let machine = three(root(), inhibiting, leaf().with(extension::certificate_policies(&[ANY])));
    assert_eq!(judged(&machine, explicit()), NONE);
}
