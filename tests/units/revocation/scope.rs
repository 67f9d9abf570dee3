//! Which certificates and reasons a CRL covers (rule V-9, RFC 5280 6.3.3 (b) and (d)).

use super::*;

#[test]
fn v9_user_ca_and_attribute_scopes() {
    let other = |world: World| {
        let problem = world.problem();
        assert!(matches!(problem, CrlProblem::OtherKind(_)), "{problem:?}");
        problem.to_string()
    };
    World::new().crl(&scoped(|point| point.only_user = true)).clears();
    let of_cas = World::new().crl(&scoped(|point| point.only_ca = true));
    assert_eq!(other(of_cas), "it covers certificates of CAs alone");
    let of_attributes = World::new().crl(&scoped(|point| point.only_attribute = true));
    assert_eq!(other(of_attributes), "it covers attribute certificates alone");
    let of_both = World::new().crl(&scoped(|point| (point.only_user, point.only_ca) = (true, true)));
    assert_eq!(other(of_both), "it covers several kinds of certificates at once, each of them alone");
    let ca_leaf = || leaf().with(extension::basic_constraints(true, None));
    World::of(ca_leaf()).crl(&scoped(|point| point.only_ca = true)).clears();
    let of_users = World::of(ca_leaf()).crl(&scoped(|point| point.only_user = true));
    assert_eq!(other(of_users), "it covers certificates of users alone");
}

#[test]
fn v9_the_distribution_point_must_be_the_certificates() {
    let at = |uri: &str| scoped(|point| point.point = Point::uri(uri));
    World::new().crl(&at(HTTP)).clears();
    // RFC 5280 7.4: scheme and host without case, the rest with it.
    World::new().crl(&at("HTTP://PKI.Contoso.com/CA.crl")).clears();
    assert_eq!(World::new().crl(&at(&HTTP.to_uppercase())).problem(), CrlProblem::OtherDistributionPoint);
    assert_eq!(World::new().crl(&at("http://elsewhere/")).problem(), CrlProblem::OtherDistributionPoint);
    // Without a point in the certificate, the CRL's must be named after the issuer.
    let named = scoped(|point| {
        point.point = Point { full_name: vec![San::Directory(ca().subject)], ..Point::default() };
    });
    World::of(leaf().without("2.5.29.31")).crl(&named).clears();
    World::of(leaf().without("2.5.29.31")).crl(&at(HTTP)).code("validity.no_distribution_point");
}

#[test]
fn v9_points_named_relative_to_the_issuer() {
    let part = |name: &str| Point { relative: Name::parse(name).0.remove(0), ..Point::default() };
    let with = |point: Point| leaf().replace(extension::crl_distribution_points(&[point]));
    let relative = scoped(|point| point.point = part("CN=Partition 1"));
    World::of(with(part("CN=Partition 1"))).crl(&relative).clears();
    World::of(with(part("CN=Partition 2"))).crl(&relative).code("validity.revocation_unknown");
    let full = Name::parse("CN=Contoso Issuing CA; CN=Partition 1");
    let spelled = Point { full_name: vec![San::Directory(full)], ..Point::default() };
    World::of(with(spelled)).crl(&relative).clears();
}

#[test]
fn v9_reason_partitions_are_combined() {
    let some = |reasons: &[u8], number| {
        let point = IssuingPoint { only_reasons: Some(reasons.to_vec()), ..IssuingPoint::default() };
        crl(number).with(extension::issuing_distribution_point(&point))
    };
    let world = World::new().crl(&some(&[1, 2], 1));
    let failure = world.code("validity.revocation_unknown");
    assert!(
        failure.to_string().contains("nothing covers affiliationChanged, superseded, cessationOfOperation, "),
        "{failure}"
    );
    let world = world.crl(&some(&[3, 4, 5, 6, 7, 8], 2));
    assert_eq!(world.clears().crls().count(), 2);
    let revoked = World::new().crl(&some(&[3, 4, 5, 6, 7, 8], 2)).crl(&some(&[1, 2], 1).revoke(7));
    revoked.code("validity.revoked");
}

#[test]
fn v9_the_points_reasons_narrow_a_crl() {
    let points = [Point::uri("http://a/").with_reasons(&[1]), Point::uri("http://b/").with_reasons(&[2, 3])];
    let leaf = || leaf().replace(extension::crl_distribution_points(&points));
    let at = |uri: &str| scoped(|point| point.point = Point::uri(uri));
    let RevocationFailure::Unknown { uncovered, .. } =
        World::of(leaf()).crl(&at("http://a/")).crl(&at("http://b/")).code("validity.revocation_unknown")
    else {
        panic!()
    };
    assert_eq!(uncovered.names().collect::<Vec<_>>()[0], "superseded");
    assert_eq!(ReasonFlags::ALL.difference(uncovered).to_string(), "keyCompromise, cACompromise, affiliationChanged");
}

#[test]
fn v9_indirect_crls() {
    let signer = || Cert::new("CN=CRL Signer", OTHER).serial(21).with(extension::key_usage(&[6]));
    let leaf = || {
        let point = Point::uri(HTTP).with_crl_issuer(signer().subject);
        leaf().replace(extension::crl_distribution_points(&[point]))
    };
    let indirect = |indirect| {
        let point = IssuingPoint { indirect, point: Point::uri(HTTP), ..IssuingPoint::default() };
        CrlBuilder::of(&signer(), 1).with(extension::issuing_distribution_point(&point))
    };
    let world = |crl: &CrlBuilder| {
        World::of(leaf()).crl_by(crl, OTHER).signer(signer()).crl_by(&CrlBuilder::of(&root(), 1), ROOT).same_name()
    };
    world(&indirect(true)).clears();
    let same_key = world(&indirect(true)).set(|settings| settings.signer = CrlSigner::SameKey);
    assert_eq!(same_key.problem(), CrlProblem::Indirect);
    assert_eq!(world(&indirect(false)).problem(), CrlProblem::NotIndirect);
    // Entries are about the certificates of the CRL's own issuer until certificateIssuer names another.
    world(&indirect(true).revoke(7)).clears();
    let named = Entry::new(7).with(extension::certificate_issuer(&ca().subject));
    world(&indirect(true).entry(named.clone())).code("validity.revoked");
    world(&indirect(true).entry(Entry { serial: vec![6], ..named }).revoke(7)).code("validity.revoked");
    let nobody = World::of(leaf()).crl_by(&indirect(true), OTHER).same_name();
    assert!(matches!(nobody.problem(), CrlProblem::Signature { .. }));
}

#[test]
fn v9_a_signer_that_names_itself_as_its_crl_issuer() {
    let signer = || {
        let point = Point::uri(HTTP).with_crl_issuer(Name::cn("CRL Signer"));
        let signer = Cert::new("CN=CRL Signer", OTHER).serial(21);
        signer.with(extension::key_usage(&[6])).with(extension::crl_distribution_points(&[point]))
    };
    let leaf = || {
        let point = Point::uri(HTTP).with_crl_issuer(signer().subject);
        leaf().replace(extension::crl_distribution_points(&[point]))
    };
    let scope = IssuingPoint { indirect: true, ..IssuingPoint::default() };
    let crl = || CrlBuilder::of(&signer(), 1).with(extension::issuing_distribution_point(&scope));
    let world = |crl: CrlBuilder| World::of(leaf()).crl_by(&crl, OTHER).signer(signer()).same_name();
    world(crl()).clears();
    let revoked = Entry::new(21).with(extension::certificate_issuer(&root().subject));
    assert!(matches!(world(crl().entry(revoked)).problem(), CrlProblem::Signer { .. }));
}

#[test]
fn v8_of_several_crls_that_do_not_count_the_one_about_this_certificate_is_named() {
    let of_cas = {
        let point = IssuingPoint { only_ca: true, ..IssuingPoint::default() };
        crl(9).with(extension::issuing_distribution_point(&point))
    };
    let both = World::new().crl(&of_cas).crl_by(&crl(5), OTHER).code("validity.revocation_unknown").to_string();
    assert!(both.contains("; CRL 5 of `CN=Contoso Issuing CA` does not count: "), "{both}");
    let only = World::new().crl(&of_cas).code("validity.revocation_unknown").to_string();
    assert!(only.contains("; CRL 9 of `CN=Contoso Issuing CA` does not count: "), "{only}");
}
