//! What the fuzz targets start from and what they once found, `testdata/regressions/TARGET`, through the same functions;
//! and a driver of each target without a fuzzer.

use crate::fuzz_bodies as bodies;
use crate::support::world::seeded;
use proptest::prelude::*;
use std::path::PathBuf;

type Body = fn(&[u8]);

/// Every target of `fuzz/`.
fn targets() -> Vec<(&'static str, Body)> {
    #[cfg_attr(not(feature = "import"), expect(unused_mut))]
    let mut targets: Vec<(&'static str, Body)> = vec![
        ("certificate", bodies::certificate::certificate),
        ("chain", bodies::chain::chain),
        ("chain_vs_spec", bodies::spec::chain_vs_spec),
        ("criteria", bodies::text::criteria),
        ("crl", bodies::crl::crl),
        ("issuers", bodies::text::issuers),
        ("name", bodies::text::name),
        ("properties", bodies::text::properties),
        ("select_vs_spec", bodies::spec::select_vs_spec),
    ];
    #[cfg(feature = "import")]
    targets.extend([
        ("p7b", bodies::import::p7b as Body),
        ("pfx", bodies::import::pfx),
        ("reg", bodies::import::reg),
        ("sst", bodies::import::sst),
    ]);
    targets
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn every_target_is_replayed() {
    let mut names: Vec<String> = std::fs::read_dir(folder("fuzz/fuzz_targets"))
        .expect("the targets")
        .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let replayed: Vec<&str> = targets().into_iter().map(|(name, _)| name).collect();
    let import = ["p7b", "pfx", "reg", "sst"];
    names.retain(|name| cfg!(feature = "import") || !import.contains(&name.as_str()));
    let mut replayed: Vec<String> = replayed.into_iter().map(str::to_owned).collect();
    replayed.sort();
    assert_eq!(replayed, names);
}

#[test]
fn what_the_fuzzers_found_stays_found() {
    for (target, body) in targets() {
        let Ok(files) = std::fs::read_dir(folder("testdata/regressions").join(target)) else {
            continue;
        };
        for file in files {
            let path = file.expect("a file").path();
            println!("{}", path.display());
            body(&std::fs::read(&path).expect("a file"));
        }
    }
}

#[test]
fn random_bytes_break_nothing() {
    for (_, body) in targets() {
        for seed in 0..200 {
            let bytes = seeded(5_000_000 + seed);
            body(&bytes);
            body(&bytes[..(seed as usize * 5).min(bytes.len())]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn short_bytes_break_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for (_, body) in targets() {
            body(&bytes);
        }
    }
}
