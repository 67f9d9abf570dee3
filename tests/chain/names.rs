//! Rule V-5, name constraints: each form permitted and excluded, on subject and SAN.

use super::*;
use crate::support::der::{seq, set};
use ccmcertsel::chain::NameViolation;

const FAILS: (&str, usize) = ("validity.name_constraints", 0);
const HOLDS: (&str, usize) = ("valid", 0);

fn constrained(permitted: &[San], excluded: &[San], leaf: Cert) -> Machine {
    let subtrees = |bases: &[San]| -> Vec<GeneralSubtree> { bases.iter().cloned().map(Into::into).collect() };
    let constraints = extension::name_constraints(&subtrees(permitted), &subtrees(excluded));
    three(root(), issuing().with(constraints), leaf)
}

fn san(name: San) -> Cert {
    leaf().with(extension::san(&[name]))
}

fn directory(text: &str) -> San {
    San::Directory(Name::parse(text))
}

/// Form by form: a base, a name inside of it, a name outside of it.
fn cases() -> Vec<(San, San, San)> {
    let mail = |text: &str| San::Rfc822(text.to_owned());
    let uri = |text: &str| San::Uri(text.to_owned());
    vec![
        (San::dns("contoso.com"), San::dns("pc1.CONTOSO.com"), San::dns("pc1.fabrikam.com")),
        (mail("contoso.com"), mail("joe@contoso.com"), mail("joe@sub.contoso.com")),
        (uri(".contoso.com"), uri("http://www.contoso.com/a"), uri("http://contoso.com/a")),
        (San::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]), San::Ip(vec![10, 1, 2, 3]), San::Ip(vec![11, 1, 2, 3])),
        (directory("O=Contoso"), directory("O=CONTOSO; CN=PC1"), directory("O=Fabrikam; CN=PC1")),
        (San::upn("contoso.com"), San::upn("joe@contoso.com"), San::upn("joe@fabrikam.com")),
    ]
}

#[test]
fn v5_each_form_permitted_and_excluded() {
    for (base, inside, outside) in cases() {
        // the leaf's subject is no name of these forms, but for directoryName, where the base permits nothing else
        let named = |name: &San| match base {
            San::Directory(_) => san(name.clone()).change(|cert| cert.subject = Name::empty()),
            _ => san(name.clone()),
        };
        let permitted = |name: &San| constrained(std::slice::from_ref(&base), &[], named(name)).verdict();
        let excluded = |name: &San| constrained(&[], std::slice::from_ref(&base), named(name)).verdict();
        assert_eq!(permitted(&inside), HOLDS, "{base:?}");
        assert_eq!(permitted(&outside), FAILS, "{base:?}");
        assert_eq!(excluded(&inside), FAILS, "{base:?}");
        assert_eq!(excluded(&outside), HOLDS, "{base:?}");
    }
}

#[test]
fn v5_constraints_bind_the_subject_and_its_mail_addresses() {
    let subject = |text: &str| leaf().change(|cert| cert.subject = Name::parse(text));
    let base = [directory("O=Contoso")];
    assert_eq!(constrained(&base, &[], subject("O=Contoso; CN=PC1")).verdict(), HOLDS);
    assert_eq!(constrained(&base, &[], subject("O=Fabrikam; CN=PC1")).verdict(), FAILS);
    assert_eq!(constrained(&base, &[], subject("CN=PC1; O=Contoso")).verdict(), FAILS, "a beginning, in order");
    let base = [San::Rfc822("contoso.com".into())];
    assert_eq!(constrained(&base, &[], subject("CN=PC1; E=joe@contoso.com")).verdict(), HOLDS);
    assert_eq!(constrained(&base, &[], subject("CN=PC1; E=joe@fabrikam.com")).verdict(), FAILS);
    let with_san = subject("CN=PC1; E=joe@fabrikam.com").with(extension::san(&[San::dns("pc1")]));
    assert_eq!(constrained(&base, &[], with_san).verdict(), HOLDS, "a SAN stands in for the attribute");
}

#[test]
fn v5_names_of_other_forms_are_not_bound() {
    assert_eq!(constrained(&[San::dns("contoso.com")], &[], san(San::upn("joe@fabrikam.com"))).verdict(), HOLDS);
}

#[test]
fn v5_another_form_in_a_critical_constraint_fails_for_a_name_of_that_form() {
    let registered = San::RegisteredId("1.2.3".into());
    let machine = constrained(std::slice::from_ref(&registered), &[], san(registered.clone()));
    assert_eq!(machine.verdict(), FAILS);
    assert!(matches!(
        machine.failure(),
        ChainFailure::NameConstraints { violation: NameViolation::NotUnderstood(_), .. }
    ));
    assert_eq!(constrained(&[], std::slice::from_ref(&registered), san(registered.clone())).verdict(), FAILS);
    assert_eq!(constrained(&[registered], &[], leaf()).verdict(), HOLDS);
}

#[test]
fn v5_every_ca_above_constrains() {
    let constraint = |name: &str| extension::name_constraints(&[San::dns(name).into()], &[]);
    let low = Cert::ca("CN=Low", Key::Toy(2)).serial(4).with(constraint("a.contoso.com"));
    let high = issuing().with(constraint("contoso.com"));
    let machine = |name: &str| {
        Machine::new(san(San::dns(name)).issued_by(&low))
            .with("CA", low.clone().issued_by(&high))
            .with("CA", high.clone().issued_by(&root()))
            .with("ROOT", root().self_sign())
    };
    assert_eq!(machine("pc1.a.contoso.com").verdict(), HOLDS);
    assert_eq!(machine("pc1.b.contoso.com").verdict(), FAILS);
}

#[test]
fn v5_a_ca_in_the_middle_is_bound_unless_self_issued() {
    let constraint = extension::name_constraints(&[directory("O=Contoso").into()], &[]);
    let high = Cert::ca("O=Contoso; CN=High", Key::Toy(1)).with(constraint.clone());
    let machine = |low: Cert| {
        let leaf = Cert::client("O=Contoso; CN=PC1", Key::Toy(9));
        Machine::new(leaf.issued_by(&low))
            .with("CA", low.issued_by(&high))
            .with("CA", high.clone().issued_by(&root()))
            .with("ROOT", root().self_sign())
    };
    assert_eq!(machine(Cert::ca("O=Contoso; CN=Low", Key::Toy(2))).verdict(), HOLDS);
    assert_eq!(machine(Cert::ca("O=Fabrikam; CN=Low", Key::Toy(2))).verdict(), ("validity.name_constraints", 1));
    let high = Cert::ca("CN=High", Key::Toy(1)).with(constraint);
    let renewed = Cert::ca("CN=High", Key::Toy(2)).serial(7);
    let leaf = Cert::client("O=Contoso; CN=PC1", Key::Toy(9));
    let machine = Machine::new(leaf.issued_by(&renewed))
        .with("CA", renewed.issued_by(&high))
        .with("CA", high.issued_by(&root()))
        .with("ROOT", root().self_sign());
    assert_eq!(machine.verdict(), HOLDS);
}

#[test]
fn v5_what_cannot_be_compared_is_outside_of_the_permitted_and_inside_of_the_excluded() {
    let base = || San::Uri(".contoso.com".into());
    let odd = || san(San::Uri("urn:x".into()));
    assert_eq!(constrained(&[base()], &[], odd()).verdict(), FAILS);
    assert_eq!(constrained(&[], &[base()], odd()).verdict(), FAILS);
}

#[test]
fn v5_a_damaged_constraint_is_no_constraint_that_is_passed() {
    let short = San::Ip(vec![10, 0, 0]);
    assert_eq!(constrained(&[short], &[], leaf()).verdict(), ("validity.malformed", 1));
    let minimum = GeneralSubtree { minimum: Some(1), ..San::dns("a").into() };
    let machine = three(root(), issuing().with(extension::name_constraints(&[minimum], &[])), leaf());
    assert_eq!(machine.verdict(), ("validity.malformed", 1));
    let broken_san = leaf().with(Ext::raw("2.5.29.17", seq(&[set(&[])])));
    assert_eq!(constrained(&[San::dns("a")], &[], broken_san).verdict(), ("validity.malformed", 0));
}

#[test]
fn v5_the_message_names_both_sides() {
    let machine = constrained(&[San::dns("contoso.com")], &[], san(San::dns("pc1.fabrikam.com")));
    assert_eq!(
        machine.failure().to_string(),
        "the name `pc1.fabrikam.com` of the certificate is not allowed by `Issuing`: permitted is `contoso.com`"
    );
}
