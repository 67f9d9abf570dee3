//! Rules V-11 and V-12, on vectors that OpenSSL made (testdata/crypto/make.sh).

mod hostile;

use super::*;
use crate::asn1::DerProblem;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature};

struct Vector {
    name: &'static str,
    spki: Vec<u8>,
    algorithm: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Vector {
    fn input(&self) -> SignatureInput<'_> {
        SignatureInput {
            issuer_spki: &self.spki,
            algorithm: &self.algorithm,
            message: &self.message,
            signature: &self.signature,
        }
    }
}

fn vectors() -> Vec<Vector> {
    let parse = |line: &'static str| {
        let mut fields = line.split('\t');
        let name = fields.next().unwrap();
        let mut bytes = || BASE64_STANDARD.decode(fields.next().unwrap()).unwrap();
        Vector { name, spki: bytes(), algorithm: bytes(), message: bytes(), signature: bytes() }
    };
    include_str!("../../../testdata/crypto/vectors.tsv").lines().map(parse).collect()
}

fn vector(name: &str) -> Vector {
    vectors().into_iter().find(|vector| vector.name == name).unwrap()
}

fn backends() -> Vec<Algorithms> {
    vec![
        Algorithms::rust_crypto(),
        #[cfg(feature = "aws-lc-rs")]
        Algorithms::aws_lc_rs(),
    ]
}

/// The verdict, after making sure that every back-end gives the same.
fn verdict(input: &SignatureInput<'_>) -> SignatureResult {
    let mut verdicts: Vec<_> = backends().iter().map(|algorithms| algorithms.verify(input)).collect();
    let first = verdicts.pop().unwrap();
    assert!(verdicts.iter().all(|verdict| *verdict == first), "the back-ends disagree: {first:?}, {verdicts:?}");
    first
}

#[test]
fn v12_every_algorithm_and_size_verifies() {
    let vectors = vectors();
    assert!(vectors.len() >= 80);
    for vector in &vectors {
        assert_eq!(verdict(&vector.input()), SignatureResult::Valid, "{}", vector.name);
    }
}

#[test]
fn v12_one_flipped_bit_is_invalid() {
    for vector in vectors() {
        let flipped = |bytes: &[u8], at: usize| {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1;
            bytes
        };
        let message = flipped(&vector.message, vector.message.len() / 2);
        let input = SignatureInput { message: &message, ..vector.input() };
        assert_eq!(verdict(&input), SignatureResult::Invalid, "message of {}", vector.name);
        for at in [vector.signature.len() / 2, vector.signature.len() - 1] {
            let signature = flipped(&vector.signature, at);
            let input = SignatureInput { signature: &signature, ..vector.input() };
            assert_eq!(verdict(&input), SignatureResult::Invalid, "signature of {} at {at}", vector.name);
        }
        let cut = SignatureInput { signature: &vector.signature[1..], ..vector.input() };
        assert_eq!(verdict(&cut), SignatureResult::Invalid, "short signature of {}", vector.name);
        let empty = SignatureInput { signature: &[], ..vector.input() };
        assert_eq!(verdict(&empty), SignatureResult::Invalid, "empty signature of {}", vector.name);
    }
}

#[test]
fn v12_a_key_of_another_kind_made_no_signature() {
    let names =
        ["rsa2048-pkcs1-sha256", "ecdsa-P-256-sha256", "ecdsa-P-384-sha384", "ed25519", "rsapss2048-pss-sha256"];
    for signed in names.map(vector) {
        for other in names.map(vector).iter().filter(|other| other.name != signed.name) {
            let input = SignatureInput { issuer_spki: &other.spki, ..signed.input() };
            assert_eq!(verdict(&input), SignatureResult::Invalid, "{} under {}", signed.name, other.name);
        }
    }
}

#[test]
fn v12_a_key_for_pss_alone_makes_nothing_else() {
    let pkcs1 = vector("rsa2048-pkcs1-sha256");
    let restricted = vector("rsapss2048sha256-pss-sha256");
    let input = SignatureInput { algorithm: &pkcs1.algorithm, ..restricted.input() };
    assert_eq!(verdict(&input), SignatureResult::Invalid);
    // The key demands SHA-256: a signature that names SHA-512 is refused before any arithmetic.
    let sha512 = vector("rsa2048-pss-sha512");
    let input = SignatureInput { algorithm: &sha512.algorithm, ..restricted.input() };
    assert_eq!(verdict(&input), SignatureResult::Invalid);
}

#[test]
fn v12_one_key_serves_several_schemes() {
    let vectors: Vec<_> = vectors().into_iter().filter(|vector| vector.name.starts_with("rsa2048-")).collect();
    for algorithms in backends() {
        let key = ParsedKey::from_spki(&vectors[0].spki).unwrap();
        for vector in &vectors {
            let result = algorithms.verify_with(&key, &vector.algorithm, &vector.message, &vector.signature);
            assert_eq!(result, SignatureResult::Valid, "{} by {algorithms:?}", vector.name);
        }
    }
}

#[test]
fn v11_strength_is_read_without_verifying() {
    for (name, hash, key) in [
        ("rsa512-pkcs1-sha1", Some(HashAlgorithm::Sha1), "RSA-512"),
        ("rsa1024-pss-sha256", Some(HashAlgorithm::Sha256), "RSA-1024"),
        ("rsa2047-pkcs1-sha384", Some(HashAlgorithm::Sha384), "RSA-2047"),
        ("rsa8192-pss-sha512", Some(HashAlgorithm::Sha512), "RSA-8192"),
        ("rsa2048-pss-sha1", Some(HashAlgorithm::Sha1), "RSA-2048"),
        ("ecdsa-P-521-sha256", Some(HashAlgorithm::Sha256), "ECDSA P-521"),
        ("ed25519", None, "Ed25519"),
    ] {
        let vector = vector(name);
        let kind = key_kind(&vector.spki).unwrap();
        assert_eq!((signature_hash(&vector.algorithm), kind.to_string().as_str()), (hash, key), "{name}");
    }
}

#[test]
fn v11_old_hashes_are_named_and_v12_not_verified() {
    for (oid, dotted, hash) in [
        (&b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02"[..], "1.2.840.113549.1.1.2", Some(HashAlgorithm::Md2)),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "1.2.840.113549.1.1.4", Some(HashAlgorithm::Md5)),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", "1.2.840.113549.1.1.14", Some(HashAlgorithm::Sha224)),
        (b"\x2a\x86\x48\xce\x3d\x04\x01", "1.2.840.10045.4.1", Some(HashAlgorithm::Sha1)),
        (b"\x2a\x86\x48\xce\x38\x04\x03", "1.2.840.10040.4.3", Some(HashAlgorithm::Sha1)),
        (b"\x2b\x65\x71", "1.3.101.113", None),
    ] {
        let algorithm = sequence(&[&element(0x06, oid)]);
        assert_eq!(strength::signature_hash(&algorithm), hash, "{dotted}");
        let vector = vector("rsa2048-pkcs1-sha256");
        let input = SignatureInput { algorithm: &algorithm, ..vector.input() };
        assert_eq!(verdict(&input), SignatureResult::Unknown { algorithm: dotted.parse().unwrap() });
    }
}

fn element(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match value.len() {
        length @ 0..0x80 => bytes.push(length as u8),
        length => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    if (0x80..0x100).contains(&value.len()) {
        bytes.splice(1.., [0x81, value.len() as u8]);
    }
    bytes.extend(value);
    bytes
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

#[test]
fn v12_parameters_are_checked() {
    let vector = vector("rsa2048-pkcs1-sha256");
    let result = |algorithm: &[u8]| verdict(&SignatureInput { algorithm, ..vector.input() });
    let oid = element(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b");
    // RFC 4055 5: NULL is written, and an absent one is taken.
    assert_eq!(result(&sequence(&[&oid, b"\x05\x00"])), SignatureResult::Valid);
    assert_eq!(result(&sequence(&[&oid])), SignatureResult::Valid);
    let problem = |algorithm: &[u8]| match result(algorithm) {
        SignatureResult::Malformed(error) => error.problem(),
        other => panic!("{other:?}"),
    };
    assert_eq!(problem(&sequence(&[&oid, b"\x02\x01\x00"])), DerProblem::Value);
    assert_eq!(problem(&sequence(&[&oid, b"\x05\x01\x00"])), DerProblem::Value);
    assert_eq!(problem(&sequence(&[&oid, b"\x05\x00", b"\x05\x00"])), DerProblem::Trailing);
    assert_eq!(problem(&sequence(&[])), DerProblem::Truncated);
    assert_eq!(problem(&[]), DerProblem::Truncated);
    let ecdsa = element(0x06, b"\x2a\x86\x48\xce\x3d\x04\x03\x02");
    // Rule V-12: NULL where RFC 5758 wants nothing.
    assert_eq!(result(&sequence(&[&ecdsa, b"\x05\x00"])), result(&sequence(&[&ecdsa])));
    assert_eq!(problem(&sequence(&[&ecdsa, b"\x05\x01\x00"])), DerProblem::Value);
    let pss = element(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a");
    assert_eq!(problem(&sequence(&[&pss])), DerProblem::Value);
    assert_eq!(problem(&sequence(&[&pss, b"\x05\x00"])), DerProblem::UnexpectedTag(5));
    // SHA-256 for the message and, by default, SHA-1 for MGF1.
    let sha256 = sequence(&[&element(0x06, b"\x60\x86\x48\x01\x65\x03\x04\x02\x01")]);
    assert_eq!(problem(&sequence(&[&pss, &sequence(&[&element(0xa0, &sha256)])])), DerProblem::Value);
    let salt = |salt: &[u8]| sequence(&[&pss, &sequence(&[&element(0xa2, &element(0x02, salt))])]);
    assert_eq!(problem(&salt(b"\x04\x01")), DerProblem::Value);
    assert_eq!(problem(&salt(b"\xff")), DerProblem::Value);
    assert_eq!(result(&salt(b"\x04\x00")), SignatureResult::Invalid);
    let trailer = sequence(&[&pss, &sequence(&[&element(0xa3, b"\x02\x01\x02")])]);
    assert_eq!(problem(&trailer), DerProblem::Value);
    // A hash that is not understood inside the parameters is named.
    let sha224 = sequence(&[&element(0x06, b"\x60\x86\x48\x01\x65\x03\x04\x02\x04")]);
    let unknown = SignatureResult::Unknown { algorithm: "2.16.840.1.101.3.4.2.4".parse().unwrap() };
    assert_eq!(result(&sequence(&[&pss, &sequence(&[&element(0xa0, &sha224)])])), unknown);
}

#[test]
fn v12_sha1_under_its_oiw_name_is_the_same_algorithm() {
    let vector = vector("rsa2048-pkcs1-sha1");
    let algorithm = sequence(&[&element(0x06, b"\x2b\x0e\x03\x02\x1d"), b"\x05\x00"]);
    let input = SignatureInput { algorithm: &algorithm, ..vector.input() };
    assert_eq!(verdict(&input), SignatureResult::Valid);
}

/// A signature is the message's length in one byte.
#[derive(Debug)]
struct Toy;

impl SignatureVerificationAlgorithm for Toy {
    fn verify_signature(&self, _: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        if signature == [message.len() as u8] { Ok(()) } else { Err(InvalidSignature) }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(b"\x06\x03\x2a\x03\x04")
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(b"\x06\x03\x2a\x03\x05")
    }
}

#[test]
fn plugged_algorithms_are_asked_first() {
    let algorithms = Algorithms::default().with_plugged([&Toy as &dyn SignatureVerificationAlgorithm]);
    let spki = sequence(&[b"\x30\x05\x06\x03\x2a\x03\x04", b"\x03\x01\x00"]);
    let verify = |spki: &[u8], signature: &[u8]| {
        let algorithm = b"\x30\x05\x06\x03\x2a\x03\x05";
        algorithms.verify(&SignatureInput { issuer_spki: spki, algorithm, message: b"four", signature })
    };
    assert_eq!(verify(&spki, &[4]), SignatureResult::Valid);
    assert_eq!(verify(&spki, &[5]), SignatureResult::Invalid);
    let rsa = vector("rsa2048-pkcs1-sha256");
    assert_eq!(verify(&rsa.spki, &[4]), SignatureResult::Invalid);
    assert_eq!(algorithms.verify(&rsa.input()), SignatureResult::Valid);
}

#[test]
fn v11_judges_hashes_and_key_lengths() {
    use crate::settings::SignaturePolicy::{Strict, Windows};
    let sha1 = Weakness::Hash(HashAlgorithm::Sha1);
    let md5 = Weakness::Hash(HashAlgorithm::Md5);
    assert_eq!(judge_hash(Some(HashAlgorithm::Sha1), Windows), Judgement::Accepted(sha1));
    assert_eq!(judge_hash(Some(HashAlgorithm::Sha1), Strict), Judgement::Refused(sha1));
    assert_eq!(judge_hash(Some(HashAlgorithm::Md5), Windows), Judgement::Refused(md5));
    assert_eq!(judge_hash(Some(HashAlgorithm::Sha256), Strict), Judgement::Strong);
    assert_eq!(judge_hash(None, Strict), Judgement::Strong);
    let length = |bits, minimum| Weakness::KeyLength { bits, minimum };
    let judge = |bits, policy| judge_key(&KeyKind::Rsa { bits }, policy);
    assert_eq!(judge(1023, Windows), Judgement::Refused(length(1023, 1024)));
    assert_eq!(judge(1024, Windows), Judgement::Accepted(length(1024, 1024)));
    assert_eq!(judge(2047, Windows), Judgement::Accepted(length(2047, 1024)));
    assert_eq!(judge(2047, Strict), Judgement::Refused(length(2047, 2048)));
    assert_eq!(judge(2048, Strict), Judgement::Strong);
    assert_eq!(judge_key(&KeyKind::Ed25519, Strict), Judgement::Strong);
}
