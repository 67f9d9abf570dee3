//! rustls-webpki as a second opinion on 10,000 generated hierarchies: client authentication, no names, the toy signature.
//!
//! The two agree on every hierarchy without these differences, each of which has its reason:
//! - webpki counts self-issued certificates against pathLenConstraint; RFC 5280 6.1.4 (l) does not;
//! - webpki does not look at keyUsage keyCertSign, and at no date of an anchor; rule V-5 asks for both.
//!
//! Where they occur, each disagreement must be of that kind.

use crate::support::hierarchy::{Hierarchy, Oddities, seeded_bytes};
use crate::support::pki::{TOY, toy_algorithms};
use arbitrary::Unstructured;
use ccmcertsel::chain::Chains;
use ccmcertsel::{CertId, Certificate, Coded, oid};
use rustls_pki_types::{CertificateDer, UnixTime};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const VALID: &str = "valid";
/// Valid, over a certificate below the root that a CA issued to itself.
const SELF_ISSUED: &str = "valid, self-issued";

/// The codes of the rejections, that of the best path first.
fn ours(hierarchy: &Hierarchy) -> Vec<&'static str> {
    let (stores, id) = hierarchy.machine();
    let leaf = stores.get(id).expect("it was added").certificate().clone();
    let now = hierarchy.now();
    if now < leaf.not_before() || now > leaf.not_after() {
        return vec!["validity.expired"];
    }
    if !is_for_clients(&leaf) {
        return vec!["purpose.not_client_auth"];
    }
    let chains = Chains::new(Arc::new(stores), toy_algorithms());
    // webpki looks for any path that holds and satisfies the purpose; the one chain of Windows is no question here.
    let self_issued = |id: &CertId| {
        let certificate = chains.stores().get(*id).expect("it is in a path").certificate();
        certificate.issuer_der() == certificate.subject_der()
    };
    let mut failures = Vec::new();
    for path in chains.paths(id) {
        let purpose = |_| chains.eku_nesting(&path).map_err(|_| "purpose.chain_eku");
        let validity = chains.validate(&path, now).expect("a path of these stores");
        match validity.map_err(|failure| failure.code()).and_then(purpose) {
            Ok(()) if path.certificates().iter().rev().skip(1).any(self_issued) => return vec![SELF_ISSUED],
            Ok(()) => return vec![VALID],
            Err(code) => failures.push(code),
        }
    }
    failures
}

fn is_for_clients(leaf: &Certificate) -> bool {
    let purposes = leaf.extended_key_usage().expect("it decodes");
    purposes.is_none_or(|purposes| purposes.iter().any(|purpose| purpose.as_bytes() == oid::CLIENT_AUTH))
}

fn webpki(hierarchy: &Hierarchy) -> Result<(), ::webpki::Error> {
    let der = |bytes: &Vec<u8>| CertificateDer::from(bytes.clone());
    let roots: Vec<CertificateDer<'_>> = hierarchy.roots.iter().map(der).collect();
    let intermediates: Vec<CertificateDer<'_>> = hierarchy.intermediates.iter().map(der).collect();
    let anchors: Vec<_> =
        roots.iter().map(|root| ::webpki::anchor_from_trusted_cert(root).expect("roots are well-formed")).collect();
    let leaf = der(&hierarchy.leaf);
    let leaf = ::webpki::EndEntityCert::try_from(&leaf)?;
    let now = UnixTime::since_unix_epoch(Duration::from_secs(hierarchy.now.try_into().expect("after 1970")));
    let usage = ::webpki::KeyUsage::client_auth();
    leaf.verify_for_usage(&[TOY], &anchors, &intermediates, now, usage, None, None).map(drop)
}

struct Tally {
    valid: usize,
    ours: BTreeMap<&'static str, usize>,
    /// What we say, what webpki says, the seed.
    differences: Vec<(Vec<&'static str>, String, u64)>,
}

fn compare(oddities: Oddities, seeds: std::ops::Range<u64>) -> Tally {
    let mut tally = Tally { valid: 0, ours: BTreeMap::new(), differences: Vec::new() };
    for seed in seeds {
        let bytes = seeded_bytes(seed, 256);
        let hierarchy = Hierarchy::arbitrary(&mut Unstructured::new(&bytes), oddities).expect("enough bytes");
        let (ours, theirs) = (ours(&hierarchy), webpki(&hierarchy));
        tally.valid += usize::from(theirs.is_ok());
        *tally.ours.entry(ours[0]).or_default() += 1;
        if [VALID, SELF_ISSUED].contains(&ours[0]) != theirs.is_ok() {
            tally.differences.push((ours, format!("{theirs:?}"), seed));
        }
    }
    tally
}

#[test]
fn v5_webpki_judges_ten_thousand_hierarchies_alike() {
    for (oddities, seeds) in [(Oddities::PathLengths, 0..5_000), (Oddities::SelfIssued, 5_000..10_000)] {
        let tally = compare(oddities, seeds);
        println!("{oddities:?}: {} valid of 5000; {:?}", tally.valid, tally.ours);
        assert!(tally.differences.is_empty(), "{:?}", tally.differences);
        assert!((1_000..4_000).contains(&tally.valid), "{} valid", tally.valid);
    }
}

#[test]
fn v5_where_webpki_differs_it_is_for_a_reason_that_is_listed() {
    let tally = compare(Oddities::All, 10_000..15_000);
    println!("{:?}", tally.ours);
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (ours, theirs, seed) in tally.differences {
        let reason = if ours.contains(&"validity.key_usage_cert_sign") {
            "webpki does not look at keyCertSign"
        } else if ours.contains(&"validity.chain_expired") {
            "webpki's anchors have no dates"
        } else if ours == [SELF_ISSUED] {
            "webpki counts self-issued certificates"
        } else {
            panic!("seed {seed}: {ours:?} against {theirs}");
        };
        *reasons.entry(reason).or_default() += 1;
    }
    println!("differences: {reasons:?}");
    assert_eq!(reasons.len(), 3, "{reasons:?}");
}
