//! Keys that nobody should have: refused before any arithmetic, and never a panic (rule V-12).

use super::*;

fn rsa_spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&element(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), b"\x05\x00"]);
    let key = sequence(&[&element(0x02, modulus), &element(0x02, exponent)]);
    sequence(&[&algorithm, &element(0x03, &[&[0][..], &key].concat())])
}

#[test]
fn v12_hostile_rsa_keys_are_refused_before_any_arithmetic() {
    let vector = vector("rsa2048-pkcs1-sha256");
    let result = |spki: &[u8]| verdict(&SignatureInput { issuer_spki: spki, ..vector.input() });
    let modulus = |bits: usize| {
        let mut modulus = vec![0xff; bits / 8];
        modulus.insert(0, 0);
        modulus
    };
    assert_eq!(result(&rsa_spki(&modulus(8192), b"\x03")), SignatureResult::Invalid);
    let mut longer = modulus(8192);
    longer[0] = 1;
    assert_eq!(result(&rsa_spki(&longer, b"\x03")), SignatureResult::KeyTooLong { bits: 8193 });
    assert_eq!(result(&rsa_spki(&modulus(400_000), b"\x03")), SignatureResult::KeyTooLong { bits: 400_000 });
    let malformed = |spki: &[u8]| matches!(result(spki), SignatureResult::Malformed(_));
    for exponent in [&b"\x01"[..], b"\x00", b"\x02", b"\x04", b"\xff", b"", b"\x02\x00\x00\x00\x01", &[0x7f; 2048]] {
        assert!(malformed(&rsa_spki(&modulus(2048), exponent)), "exponent {exponent:02x?}");
    }
    assert!(!malformed(&rsa_spki(&modulus(2048), b"\x01\xff\xff\xff\xff")), "the largest exponent is taken");
    for modulus in [&b"\x00"[..], b"", b"\x03", b"\xff", &[0x80; 256], &[0x7e; 256]] {
        assert!(malformed(&rsa_spki(modulus, b"\x03")), "modulus {modulus:02x?}");
    }
}

#[test]
fn v12_points_that_are_on_no_curve_are_malformed() {
    for name in ["ecdsa-P-256-sha256", "ecdsa-P-384-sha384", "ecdsa-P-521-sha512"] {
        let mut vector = vector(name);
        *vector.spki.last_mut().unwrap() ^= 1;
        assert!(matches!(verdict(&vector.input()), SignatureResult::Malformed(_)), "{name}");
    }
}

#[test]
fn v12_unknown_curves_and_keys_are_named() {
    let vector = vector("ecdsa-P-256-sha256");
    let ec = element(0x06, b"\x2a\x86\x48\xce\x3d\x02\x01");
    let curve = element(0x06, b"\x2b\x81\x04\x00\x0a"); // secp256k1
    let spki = sequence(&[&sequence(&[&ec, &curve]), &element(0x03, &[0, 4])]);
    assert_eq!(key_kind(&spki).unwrap(), KeyKind::Ec(Curve::Other("1.3.132.0.10".parse().unwrap())));
    assert!(key_kind(&spki).unwrap().is_ecc(), "V-4 counts every curve");
    let result = verdict(&SignatureInput { issuer_spki: &spki, ..vector.input() });
    assert_eq!(result, SignatureResult::Unknown { algorithm: "1.3.132.0.10".parse().unwrap() });
    let dsa = sequence(&[&sequence(&[&element(0x06, b"\x2a\x86\x48\xce\x38\x04\x01")]), &element(0x03, &[0, 4])]);
    let result = verdict(&SignatureInput { issuer_spki: &dsa, ..vector.input() });
    assert_eq!(result, SignatureResult::Unknown { algorithm: "1.2.840.10040.4.1".parse().unwrap() });
}

#[test]
fn damaged_keys_never_panic() {
    for name in
        ["rsa1024-pkcs1-sha256", "rsa2048-pss-sha256", "rsapss2048sha256-pss-sha256", "ecdsa-P-256-sha256", "ed25519"]
    {
        let vector = vector(name);
        for at in 0..vector.spki.len() {
            assert!(ParsedKey::from_spki(&vector.spki[..at]).is_err(), "{name} cut at {at}");
        }
        for at in 0..vector.spki.len().min(64) {
            for value in [0x00, 0x7f, 0x80, 0xff] {
                let mut spki = vector.spki.clone();
                spki[at] = value;
                let _ = verdict(&SignatureInput { issuer_spki: &spki, ..vector.input() });
            }
        }
        for at in 0..vector.algorithm.len() {
            for value in [0x00, 0x7f, 0x80, 0xff] {
                let mut algorithm = vector.algorithm.clone();
                algorithm[at] = value;
                let _ = verdict(&SignatureInput { algorithm: &algorithm, ..vector.input() });
            }
        }
    }
}
