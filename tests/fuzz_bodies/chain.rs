//! Chains over anything: a damaged hierarchy, and bytes that are a certificate of every store at once.

use crate::support::hierarchy::{Hierarchy, Oddities};
use crate::support::pki::toy_algorithms;
use arbitrary::Unstructured;
use ccmcertsel::chain::{Chains, Judgement, PathEnd, PathFailure};
use ccmcertsel::{CertId, Stores, Timestamp};
use std::convert::Infallible;
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
        let judged = judge(&remembering, id, hierarchy.now());
        assert_eq!(judged.is_some(), entry.certificate().is_some());
        let fresh = Chains::new(Arc::clone(&stores), toy_algorithms());
        assert_eq!(judged, judge(&fresh, id, hierarchy.now()), "what is remembered changes nothing");
        if let Some(judgement) = judged {
            explain(&remembering, id, judgement);
        }
    }
}

fn judge(chains: &Chains, id: CertId, now: Timestamp) -> Option<Judgement<Infallible>> {
    chains.judge(id, now, |_| true, |_| Ok(()))
}

fn explain(chains: &Chains, id: CertId, judgement: Judgement<Infallible>) {
    match judgement {
        Judgement::Valid { path, warnings } => {
            assert_eq!(path.certificates()[0], id);
            assert_eq!(path.end(), PathEnd::Anchor);
            let root = path.last().and_then(|root| chains.stores().get(root)).expect("a path ends somewhere");
            assert!(chains.is_anchor(root.certificate()));
            warnings.iter().for_each(|warning| assert!(!warning.to_string().is_empty()));
            let _ = chains.eku_nesting(&path).map_err(|taken| taken.to_string());
        }
        Judgement::Failed { best, others } => {
            assert!(others.len() < 8);
            for failed in std::iter::once(best).chain(others) {
                let PathFailure::Chain(failure) = failed.failure;
                assert!(failure.code().starts_with("validity."));
                assert!(!failure.to_string().is_empty());
                assert!(failure.at().position < failed.path.certificates().len());
            }
        }
        Judgement::NotListed { .. } => panic!("every path is listed"),
    }
}
