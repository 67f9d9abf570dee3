//! Who may sign a CRL, and how strong the signature must be (rules V-9, V-11, V-12).

use super::*;

#[test]
fn v9_an_expired_crl_of_another_key_is_not_the_reason() {
    let world = World::new().crl_by(&crl(1), OTHER).at("2026-03-01T00:00:00Z");
    assert!(matches!(world.problem(), CrlProblem::Signature { .. }));
}

#[test]
fn v9_a_crl_of_another_key_does_not_count() {
    let world = World::new().crl_by(&CrlBuilder::new(ca().subject).with(extension::aki(OTHER)), OTHER);
    let CrlProblem::Signature { authority_key: Some(key) } = world.problem() else { panic!() };
    assert_eq!(key, OTHER.id());
    // The right key's CRL counts beside it, whatever their numbers.
    world.crl(&crl(1)).clears();
    let damaged = World::new().crl(&crl(1).change(|crl| crl.damaged_signature = true));
    assert_eq!(damaged.problem(), CrlProblem::Signature { authority_key: None });
}

#[test]
fn v9_the_signer_must_be_allowed_to_sign_crls() {
    let mut world = World::new().crl(&crl(1));
    let no_crls = ca().replace(extension::key_usage(&[crate::support::extension::usage::KEY_CERT_SIGN]));
    world.path[1] = read(&no_crls.issued_by(&root()));
    assert!(matches!(world.problem(), CrlProblem::KeyUsage { .. }));
    world.path[1] = read(&ca().without("2.5.29.15").issued_by(&root()));
    world.clears();
}

#[test]
fn v9_both_signature_algorithms_are_the_same() {
    let other = Key::P256(1).signature_algorithm(Hash::Sha256);
    let world = World::new().crl(&crl(1).change(|crl| crl.inner_algorithm = Some(other)));
    assert_eq!(world.problem(), CrlProblem::Algorithms);
}

#[test]
fn v9_crl_signers_of_the_same_name() {
    let signer = || Cert::new(ca().subject, OTHER).serial(21).with(extension::key_usage(&[6]));
    let own = |world: World| world.crl_by(&CrlBuilder::of(&root(), 1), ROOT);
    let world = || own(World::new().crl_by(&crl(1), OTHER).signer(signer()));
    world().code("validity.revocation_unknown");
    let evidence = world().same_name().clears();
    assert_eq!(evidence.crl().signer, read(&signer().issued_by(&root())).thumbprint());
    // The signer itself must not be revoked, nor its status unknown.
    let revoked =
        World::new().crl_by(&crl(1), OTHER).signer(signer()).crl_by(&CrlBuilder::of(&root(), 1).revoke(21), ROOT);
    assert!(matches!(revoked.same_name().problem(), CrlProblem::Signer { .. }));
    let unknown = World::new().crl_by(&crl(1), OTHER).signer(signer()).same_name();
    assert!(matches!(unknown.problem(), CrlProblem::Signer { .. }));
    let no_usage = own(World::new().crl_by(&crl(1), OTHER).signer(signer().replace(extension::key_usage(&[5]))));
    assert!(matches!(no_usage.same_name().problem(), CrlProblem::KeyUsage { .. }));
}

#[test]
fn v9_a_signer_does_not_clear_itself() {
    let signer = Cert::new(ca().subject, OTHER).serial(21).with(extension::key_usage(&[6]));
    let mut world = World::new().crl_by(&crl(1), OTHER).same_name();
    let own = read(&signer.issued_by(&ca()));
    world.signers.push(vec![own, world.path[1].clone(), world.path[2].clone()]);
    assert!(matches!(world.problem(), CrlProblem::Signer { .. } | CrlProblem::Circular), "{}", world.problem());
}

#[test]
fn v11_holds_for_crls() {
    let path = |key| {
        vec![
            read(&leaf().issuer(ca().subject).sign(key)),
            read(&Cert::ca(ca().subject, key).issued_by(&root())),
            read(&root().self_sign()),
        ]
    };
    let world = |key, hash| {
        let mut world = World::new().crl_by(&CrlBuilder::new(ca().subject).change(|crl| crl.hash = hash), key);
        world.path = path(key);
        world
    };
    let strict = |world: World| world.set(|settings| settings.signatures = SignaturePolicy::Strict);
    let sha1 = Weakness::Hash(HashAlgorithm::Sha1);
    assert_eq!(world(Key::Rsa2048(0), Hash::Sha1).clears().crl().weakness, Some(sha1));
    assert_eq!(strict(world(Key::Rsa2048(0), Hash::Sha1)).problem(), CrlProblem::Weak(sha1));
    let md5 = Weakness::Hash(HashAlgorithm::Md5);
    assert_eq!(world(Key::Rsa2048(0), Hash::Md5).problem(), CrlProblem::Weak(md5));
    let length = |bits, minimum| Weakness::KeyLength { bits, minimum };
    assert_eq!(world(Key::Rsa1024(0), Hash::Sha256).clears().crl().weakness, Some(length(1024, 1024)));
    assert_eq!(strict(world(Key::Rsa1024(0), Hash::Sha256)).problem(), CrlProblem::Weak(length(1024, 2048)));
    assert_eq!(world(Key::Rsa512(0), Hash::Sha256).problem(), CrlProblem::Weak(length(512, 1024)));
    assert_eq!(strict(world(Key::Rsa2048(0), Hash::Sha256)).clears().crl().weakness, None);
    let unknown = world(Key::Unknown(1), Hash::Sha256).problem();
    assert_eq!(unknown, CrlProblem::UnknownAlgorithm("1.3.6.1.4.1.32473.2.2".parse().unwrap()));
}

/// As OpenSSL reads it, and as a certificate is read: the CRL is there, and its signature false.
#[test]
fn v9_a_signature_that_ends_inside_a_byte_is_a_false_one() {
    let mut der = CrlBuilder::of(&ca(), 1).sign(CA);
    let unused = der.len() - Crl::from_der(&der).unwrap().signature().len() - 1;
    assert_eq!(der[unused], 0);
    der[unused] = 1;
    let mut world = World::new();
    world.crls.push(Crl::from_der(&der).unwrap());
    assert!(matches!(world.problem(), CrlProblem::Signature { .. }), "{:?}", world.problem());
}
