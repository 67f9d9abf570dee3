//! Chains over anything: a damaged hierarchy, and bytes that are a certificate of every store at once.

use crate::support::hierarchy::{Hierarchy, Oddities};
use crate::support::pki::toy_algorithms;
use arbitrary::Unstructured;
use ccmcertsel::chain::{Chain, Chains, PathEnd};
use ccmcertsel::{CertId, Coded, Stores, Timestamp};
use std::sync::Arc;

/// What the fuzz target `chain` and its replay run.
///
/// # Panics
/// When the crate breaks a promise.
pub fn chain(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok(mut hierarchy) = Hierarchy::arbitrary(&mut u, Oddities::All) else {
        return;
    };
    // What is left of the input damages bytes of the certificates.
    while let (Ok(which), Ok(place), Ok(value)) = (u.arbitrary::<u8>(), u.arbitrary::<u16>(), u.arbitrary::<u8>()) {
        if u.is_empty() {
            break;
        }
        let all = hierarchy.intermediates.iter_mut().chain(&mut hierarchy.roots).chain([&mut hierarchy.leaf]);
        let mut all: Vec<&mut Vec<u8>> = all.collect();
        let count = all.len();
        let der = &mut all[usize::from(which) % count];
        let length = der.len();
        der[usize::from(place) % length] ^= value;
    }
    let mut builder = Stores::builder();
    builder.add_der("MY", &hierarchy.leaf).add_der("MY", data).add_der("ROOT", data).add_der("CA", data);
    for der in &hierarchy.roots {
        builder.add_der("ROOT", der);
    }
    for der in &hierarchy.intermediates {
        builder.add_der("CA", der);
    }
    let stores = Arc::new(builder.build());
    let remembering = Chains::new(Arc::clone(&stores), toy_algorithms());
    for (id, entry) in stores.entries() {
        let chain = remembering.chain(id, hierarchy.now());
        assert_eq!(chain.is_some(), entry.certificate().is_some());
        let fresh = Chains::new(Arc::clone(&stores), toy_algorithms());
        assert_eq!(chain, fresh.chain(id, hierarchy.now()), "what is remembered changes nothing");
        if let Some(chain) = chain {
            explain(&remembering, id, &chain, hierarchy.now());
        }
    }
}

fn explain(chains: &Chains, id: CertId, chain: &Chain, now: Timestamp) {
    let path = chain.path();
    assert_eq!(path.certificates()[0], id);
    match chain.failure() {
        None => {
            assert_eq!(path.end(), PathEnd::Anchor);
            let root = path.last().and_then(|root| chains.stores().get(root)).expect("a path ends somewhere");
            assert!(chains.is_anchor(root.certificate()));
            chain.warnings().iter().for_each(|warning| assert!(!warning.to_string().is_empty()));
            let _ = chains.eku_nesting(path).map_err(|taken| taken.to_string());
        }
        Some(failure) => {
            assert!(failure.code().starts_with("validity."));
            assert!(!failure.to_string().is_empty());
            assert!(failure.at().position < path.certificates().len());
        }
    }
    if chain.exhausted().is_none() {
        for other in chains.paths(id).filter(|other| other != path) {
            assert!(!chains.preference(chain, &other, now).to_string().is_empty());
        }
    }
}
