//! Target 6: the verifiers in pure Rust, which are there without any feature, against those libraries alone.

#![allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    reason = "it runs on inputs of its own"
)]
mod corpus;

use ccmcertsel::settings::Revocation;
use ccmcertsel::{Algorithms, Certificate, Selector, VerificationCache};
use corpus::{CaKey, Pki, size};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sha2::Sha256;
use std::sync::Arc;

/// One check of a leaf's signature with a parsed key, by the library that the crate uses.
fn signature_check(pki: &Pki) -> Box<dyn Fn(&Certificate)> {
    match pki.kind {
        CaKey::Rsa2048 => {
            use rsa::pkcs1::DecodeRsaPublicKey;
            let key = rsa::PublicKey::from_pkcs1_der(&pki.issuing.public_key()).expect("a key");
            Box::new(move |certificate| {
                let (signed, signature) = corpus::signed(certificate);
                key.pkcs1v15_verify::<Sha256>(signed, signature).expect("a good signature")
            })
        }
        CaKey::P256 => {
            use p256::ecdsa::signature::Verifier;
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&pki.issuing.public_key()).expect("a key");
            Box::new(move |certificate| {
                let (signed, signature) = corpus::signed(certificate);
                let signature = p256::ecdsa::DerSignature::try_from(signature).expect("a signature");
                key.verify(signed, &signature).expect("a good signature")
            })
        }
    }
}

fn default_features(c: &mut Criterion) {
    for kind in CaKey::BOTH {
        let pki = Pki::new(kind);
        let leaves = pki.leaves(size(1_000));
        let stores = pki.stores(&leaves);
        let read = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate");
        let certificates: Vec<Certificate> = leaves.iter().map(read).collect();
        let cache = Arc::new(VerificationCache::new(Algorithms::rust_crypto()));
        let mut group = c.benchmark_group(format!("default-features/{}", kind.name()));
        group.sample_size(10).throughput(Throughput::Elements(leaves.len() as u64));
        let check = signature_check(&pki);
        group.bench_function("signatures-alone", |b| b.iter(|| certificates.iter().for_each(&check)));
        group.bench_function("select", |b| {
            b.iter_with_large_drop(|| {
                let settings = corpus::settings(Revocation::Off);
                let selector =
                    Selector::with_cache(Arc::clone(&stores), corpus::machine(), settings, Arc::clone(&cache));
                selector.select(corpus::now())
            })
        });
        group.finish();
    }
}

criterion_group!(benches, default_features);
criterion_main!(benches);
