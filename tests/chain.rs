//! Chains: each check has a case that fails without it; every path is found; what is remembered changes nothing.

mod algorithms;
mod budgets;
mod checks;
mod names;
mod paths;
mod policies;

use crate::fuzz_bodies;
use crate::support::hierarchy::seeded_bytes;
use crate::support::pki::*;
use ccmcertsel::chain::{Chain, ChainFailure, Chains, Path};
use ccmcertsel::{CertId, Certificate, Coded, Stores, Timestamp};
use std::sync::Arc;

const NOW: &str = "2026-01-15T09:00:00Z";

/// Certificates with their stores; the judged one stands first.
struct Machine(Vec<(&'static str, Vec<u8>)>);

impl Machine {
    fn new(leaf: Vec<u8>) -> Self {
        Machine(vec![("MY", leaf)])
    }

    fn with(mut self, store: &'static str, der: Vec<u8>) -> Self {
        self.0.push((store, der));
        self
    }

    fn chains(&self) -> Chains {
        let mut builder = Stores::builder();
        for (store, der) in &self.0 {
            builder.add_der(*store, der);
        }
        Chains::new(Arc::new(builder.build()), toy_algorithms())
    }

    fn chain(&self) -> Chain {
        chain(&self.chains())
    }

    /// `valid`, or the code of the chain's failure and the place of the certificate that it is about.
    fn verdict(&self) -> (&'static str, usize) {
        verdict(&self.chain())
    }

    fn failure(&self) -> ChainFailure {
        self.chain().failure().expect("it does not hold").clone()
    }
}

fn now() -> Timestamp {
    NOW.parse().expect("RFC 3339")
}

fn leaf_of(chains: &Chains) -> CertId {
    chains.stores().entries().next().expect("the judged one stands first").0
}

fn chain(chains: &Chains) -> Chain {
    chains.chain(leaf_of(chains), now()).expect("it decodes")
}

fn verdict(chain: &Chain) -> (&'static str, usize) {
    match chain.failure() {
        None => ("valid", 0),
        Some(failure) => {
            assert!(!failure.to_string().is_empty());
            (failure.code(), failure.at().position)
        }
    }
}

/// The certificates of a path in DER.
fn members(chains: &Chains, path: &Path) -> Vec<Vec<u8>> {
    let der = |id: &CertId| chains.stores().get(*id).expect("it is in a path").certificate().as_der().to_vec();
    path.certificates().iter().map(der).collect()
}

fn root() -> Cert {
    Cert::ca("CN=Root", Key::Toy(0))
}

fn issuing() -> Cert {
    Cert::ca("CN=Issuing", Key::Toy(1)).serial(2)
}

fn leaf() -> Cert {
    Cert::client("CN=PC1", Key::Toy(9)).serial(3)
}

/// Root, issuing CA and certificate, with one of them changed.
fn three(root: Cert, issuing: Cert, leaf: Cert) -> Machine {
    Machine::new(leaf.issued_by(&issuing)).with("CA", issuing.clone().issued_by(&root)).with("ROOT", root.self_sign())
}

/// Design obligation 6 and the promises of the fuzz target, on hierarchies that everybody has.
#[test]
fn what_is_remembered_changes_nothing() {
    for seed in 0..400 {
        fuzz_bodies::chain::chain(&seeded_bytes(seed, 150)); // undamaged
        fuzz_bodies::chain::chain(&seeded_bytes(seed, 300)); // damaged
    }
}

#[test]
fn certificates_of_the_suite_judge_without_a_panic() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites/real-certs");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("the real certificates were not judged: {} is not there", folder.display());
        return;
    };
    let mut builder = Stores::builder();
    let mut readable = 0;
    for file in
        files.map(|file| file.expect("a file").path()).filter(|file| file.extension().is_some_and(|e| e == "der"))
    {
        let der = std::fs::read(&file).expect("a readable file");
        readable += usize::from(Certificate::from_der(&der).is_ok());
        builder.add_der("MY", &der).add_der("CA", &der);
    }
    let stores = Arc::new(builder.build());
    let chains = Chains::new(Arc::clone(&stores), toy_algorithms());
    for (id, entry) in stores.entries() {
        let judged = chains.chain(id, now());
        assert_eq!(judged.is_some(), entry.certificate().is_some());
    }
    println!("{readable} real certificates were judged");
}
