//! Rules V-11 and V-12: which signatures and keys pass, pass with a warning, or do not.

use super::*;
use crate::support::key::UNKNOWN_SIGNATURE;
use ccmcertsel::Coded;
use ccmcertsel::chain::{ChainWarning, Malformation};
use ccmcertsel::settings::SignaturePolicy;

fn strict(machine: &Machine) -> (&'static str, usize) {
    verdict(&chain(&machine.chains().with_signature_policy(SignaturePolicy::Strict)))
}

fn warnings(machine: &Machine) -> Vec<(&'static str, usize)> {
    let chain = machine.chain();
    assert_eq!(chain.failure(), None);
    chain.warnings().iter().map(|warning| (warning.code(), warning.at().position)).collect()
}

fn rsa(root_key: Key, leaf_key: Key, hash: Hash) -> Machine {
    let root = Cert::ca("CN=Root", root_key);
    let leaf = Cert::client("CN=PC1", leaf_key).serial(3).change(|cert| cert.hash = hash);
    Machine::new(leaf.issued_by(&root)).with("ROOT", root.self_sign())
}

#[test]
fn v11_sha1_passes_with_a_warning_unless_strict() {
    let machine = rsa(Key::Rsa2048(0), Key::Rsa2048(1), Hash::Sha1);
    assert_eq!(warnings(&machine), [("validity.sha1_signature", 0)]);
    assert_eq!(strict(&machine), ("validity.sha1_signature", 0));
    let machine = rsa(Key::Rsa2048(0), Key::Rsa2048(1), Hash::Sha256);
    assert_eq!(warnings(&machine), []);
    assert_eq!(strict(&machine), ("valid", 0));
}

#[test]
fn v11_md5_never_passes() {
    let machine = rsa(Key::Rsa2048(0), Key::Rsa2048(1), Hash::Md5);
    assert_eq!(machine.verdict(), ("validity.weak_hash", 0));
    assert_eq!(strict(&machine), ("validity.weak_hash", 0));
}

#[test]
fn v11_short_keys_pass_with_a_warning_unless_strict_and_very_short_ones_never() {
    let own = rsa(Key::Rsa2048(0), Key::Rsa1024(0), Hash::Sha256);
    assert_eq!(warnings(&own), [("validity.short_key", 0)]);
    assert_eq!(strict(&own), ("validity.key_too_short", 0));
    let roots = rsa(Key::Rsa1024(0), Key::Rsa2048(0), Hash::Sha256);
    assert_eq!(warnings(&roots), [("validity.short_key", 1)]);
    assert_eq!(strict(&roots), ("validity.key_too_short", 1));
    let tiny = rsa(Key::Rsa2048(0), Key::Rsa512(0), Hash::Sha256);
    assert_eq!(tiny.verdict(), ("validity.key_too_short", 0));
    let ChainFailure::KeyTooShort { bits, minimum, .. } = tiny.failure() else { panic!("another failure") };
    assert_eq!((bits, minimum), (512, 1024));
}

#[test]
fn v12_an_unknown_algorithm_is_a_link_and_rejected_by_name() {
    let ca = Cert::ca("CN=Root", Key::Unknown(1));
    let machine = Machine::new(leaf().issued_by(&ca)).with("ROOT", ca.self_sign());
    assert_eq!(machine.verdict(), ("validity.unknown_algorithm", 0));
    let ChainFailure::UnknownAlgorithm { algorithm, .. } = machine.failure() else { panic!("another failure") };
    assert_eq!(algorithm.to_string(), UNKNOWN_SIGNATURE);
    // rule I-7: step 1 sees a complete path
    let chains = machine.chains();
    assert!(chains.paths(leaf_of(&chains)).next().expect("a path").is_complete());
}

#[test]
fn v12_rsa_keys_above_8192_bits_are_not_understood() {
    use crate::support::der::{bit_string, int, null, oid, seq, tlv};
    let mut modulus = vec![0xff; 1025];
    modulus.insert(0, 0);
    let public = seq(&[tlv(2, &modulus), int(65537)]);
    let spki = seq(&[seq(&[oid("1.2.840.113549.1.1.1"), null()]), bit_string(&public)]);
    let ca = Cert::ca("CN=Root", Key::Rsa2048(0)).change(|cert| cert.spki = Some(spki));
    let machine = Machine::new(leaf().issuer("CN=Root").sign(Key::Rsa2048(0))).with("ROOT", ca.self_sign());
    assert_eq!(machine.verdict(), ("validity.unknown_algorithm", 0));
    assert!(matches!(machine.failure(), ChainFailure::KeyTooLong { bits: 8200, maximum: 8192, .. }));
}

#[test]
fn v12_null_where_no_parameters_are_due_passes_with_a_warning() {
    use crate::support::der::{null, oid, seq};
    let algorithm = seq(&[oid("1.2.840.10045.4.3.2"), null()]);
    let ca = Cert::ca("CN=Root", Key::P256(7));
    let leaf = Cert::client("CN=PC1", Key::Rsa2048(1)).serial(3).change(|cert| {
        cert.inner_algorithm = Some(algorithm.clone());
        cert.outer_algorithm = Some(algorithm);
    });
    let machine = Machine::new(leaf.issued_by(&ca)).with("ROOT", ca.self_sign());
    assert_eq!(warnings(&machine), [("validity.null_parameters", 0)]);
}

#[test]
fn v12_a_key_of_the_leaf_that_is_not_understood_passes_with_a_warning() {
    let root = Cert::ca("CN=Root", Key::P256(7));
    let leaf = Cert::client("CN=PC1", Key::Unknown(1)).serial(3);
    let machine = Machine::new(leaf.issued_by(&root)).with("ROOT", root.self_sign());
    assert_eq!(warnings(&machine), [("validity.unknown_key", 0)]);
}

#[test]
fn i7_a_self_issued_certificate_of_a_key_that_is_not_understood_has_its_issuer() {
    let ca = || Cert::ca("CN=Contoso", Key::P256(7));
    let leaf = || Cert::client("CN=Contoso", Key::Unknown(1)).serial(3);
    let machine = Machine::new(leaf().issued_by(&ca())).with("ROOT", ca().self_sign());
    assert_eq!(machine.chain().failure(), None);
    assert_eq!(machine.chain().path().certificates().len(), 2);
    // where there is none, it is its own root, and no trusted one
    let alone = Machine::new(leaf().sign(Key::Unknown(1)));
    assert_eq!(alone.chain().path().certificates().len(), 1);
    assert_eq!(alone.verdict(), ("validity.untrusted_root", 0));
}

#[test]
fn v12_ed25519_passes_with_a_warning() {
    use crate::support::der::{bit_string, oid, seq};
    let spki = seq(&[seq(&[oid("1.3.101.112")]), bit_string(&[9; 32])]);
    let leaf = leaf().change(|cert| cert.spki = Some(spki));
    let warnings = three(root(), issuing(), leaf).chain().warnings().to_vec();
    assert!(matches!(&warnings[..], [ChainWarning::Ed25519 { at }] if at.position == 0));
}

/// The certificate with the fault is named, and the place in it: the leaf is not blamed for the key of its CA.
#[test]
fn v5_a_bad_key_is_its_own_certificates_fault() {
    use crate::support::der::{bit_string, int, null, oid, seq, tlv};
    let rsa = |modulus: &[u8], exponent: i128| {
        let public = seq(&[tlv(2, modulus), int(exponent)]);
        seq(&[seq(&[oid("1.2.840.113549.1.1.1"), null()]), bit_string(&public)])
    };
    let (mut odd, mut even) = (vec![0x7f; 256], vec![0x7f; 256]);
    (odd[255], even[255]) = (1, 2);
    let explicit_curve = seq(&[seq(&[oid("1.2.840.10045.2.1"), seq(&[int(1)])]), bit_string(&[4; 65])]);
    let off_curve = seq(&[seq(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]), bit_string(&[4; 65])]);
    for spki in [rsa(&odd, 1), rsa(&odd, 4), rsa(&even, 65537), explicit_curve, off_curve] {
        // Of an issuing CA, and of the root itself.
        let signer = if spki.len() > 200 { Key::Rsa2048(0) } else { Key::P256(7) };
        let root = Cert::ca("CN=Root", Key::P256(3));
        let ca = Cert::ca("CN=CA", signer).change(|cert| cert.spki = Some(spki.clone())).serial(9);
        let der = ca.clone().issued_by(&root);
        let machine = Machine::new(leaf().issuer("CN=CA").sign(signer)).with("CA", der.clone());
        let machine = machine.with("ROOT", root.self_sign());
        assert_eq!(machine.verdict(), ("validity.malformed", 1));
        let failure = machine.failure();
        let ChainFailure::Malformed { problem: Malformation::Key(error), .. } = &failure else { panic!("{failure}") };
        let start = der.windows(spki.len()).position(|bytes| bytes == spki).unwrap();
        assert!((start..start + spki.len()).contains(&error.offset()), "{error}");
        assert!(failure.to_string().contains("`CA` is malformed: its public key does not read"), "{failure}");
    }
    // A fault of the certificate's own algorithm stays its own, and counts in it.
    let damaged = seq(&[oid("1.2.840.113549.1.1.11"), int(5)]);
    let root = Cert::ca("CN=Root", Key::Rsa2048(0));
    let leaf = Cert::client("CN=PC1", Key::Rsa2048(1)).serial(3).change(|cert| {
        cert.inner_algorithm = Some(damaged.clone());
        cert.outer_algorithm = Some(damaged.clone());
    });
    let der = leaf.issued_by(&root);
    let machine = Machine::new(der.clone()).with("ROOT", root.self_sign());
    assert_eq!(machine.verdict(), ("validity.malformed", 0));
    let failure = machine.failure();
    let ChainFailure::Malformed { problem: Malformation::SignatureAlgorithm(error), .. } = &failure else {
        panic!("{failure}")
    };
    let start = der.windows(damaged.len()).rposition(|bytes| bytes == damaged).unwrap();
    assert!((start..start + damaged.len()).contains(&error.offset()), "{error}");
}

#[test]
fn v1_times_in_another_form_pass_with_a_warning() {
    use crate::support::der::{seq, tlv};
    let root = Cert::ca("CN=Root", Key::Rsa2048(0))
        .change(|cert| cert.validity = Some(seq(&[tlv(0x17, b"2501010000Z"), tlv(0x18, b"2045010100Z")])));
    let machine = Machine::new(leaf().issued_by(&root)).with("ROOT", root.self_sign());
    assert_eq!(warnings(&machine), [("validity.unusual_time", 1)]);
}
