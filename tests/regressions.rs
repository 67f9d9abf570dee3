//! What the fuzz targets start from and what they once found, `testdata/regressions/TARGET`, through the same functions;
//! and a driver of each target without a fuzzer.

use crate::fuzz_bodies as bodies;
use crate::support::world::seeded;
use proptest::prelude::*;
use std::path::PathBuf;

type Body = fn(&[u8]);

/// Every target of `fuzz/`.
fn targets() -> Vec<(&'static str, Body)> {
    #[cfg_attr(not(feature = "import"), allow(unused_mut))]
    let mut targets: Vec<(&'static str, Body)> = vec![
        ("certificate", bodies::certificate::certificate),
        ("chain", bodies::chain::chain),
        ("chain_vs_spec", bodies::spec::chain_vs_spec),
        ("criteria", bodies::text::criteria),
        ("crl", bodies::crl::crl),
        ("issuers", bodies::text::issuers),
        ("name", bodies::name::name),
        ("properties", bodies::text::properties),
        ("select_vs_spec", bodies::spec::select_vs_spec),
    ];
    #[cfg(feature = "import")]
    targets.extend([
        ("p7b", bodies::import::p7b as Body),
        ("pfx", bodies::import::pfx),
        ("ber", bodies::import::ber),
        ("reg", bodies::import::reg),
        ("sst", bodies::import::sst),
    ]);
    #[cfg(feature = "machine")]
    targets.push(("inventory", bodies::inventory::inventory));
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
    // The command line belongs to the program, and has its replay beside it.
    names.retain(|name| name != "command_line");
    names.sort();
    let replayed: Vec<&str> = targets().into_iter().map(|(name, _)| name).collect();
    let import = ["ber", "p7b", "pfx", "reg", "sst"];
    names.retain(|name| cfg!(feature = "machine") || name != "inventory");
    names.retain(|name| cfg!(feature = "import") || !import.contains(&name.as_str()));
    let mut replayed: Vec<String> = replayed.into_iter().map(str::to_owned).collect();
    replayed.sort();
    assert_eq!(replayed, names);
}

/// What lies in `testdata/regressions/TARGET`.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let files = std::fs::read_dir(folder("testdata/regressions").join(target)).into_iter().flatten();
    let paths = files.map(|file| file.expect("a file").path());
    paths.map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect()
}

#[test]
fn what_the_fuzzers_found_stays_found() {
    for (target, body) in targets() {
        for (path, bytes) in seeds(target) {
            println!("{}", path.display());
            body(&bytes);
        }
    }
}

/// Every seed cut short, with bytes left out, changed or there twice: what a fuzzer does first.
#[test]
fn damaged_seeds_break_nothing() {
    const PLACES: usize = 40;
    for (target, body) in targets().into_iter().filter(|(target, _)| !target.starts_with("chain")) {
        for (path, bytes) in seeds(target).into_iter().filter(|_| target != "select_vs_spec") {
            println!("{}", path.display());
            for at in (0..bytes.len()).step_by(bytes.len().div_ceil(PLACES).max(1)) {
                let (before, rest) = bytes.split_at(at);
                let (byte, behind) = rest.split_first().expect("a byte");
                body(before);
                body(&[before, behind].concat());
                for changed in [byte ^ 0x80, byte ^ 1, b'"', b'\n', 0xff] {
                    body(&[before, &[changed], behind].concat());
                }
                body(&[before, rest, &rest[..rest.len().min(9)], rest].concat());
            }
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
