//! The selection: five documented steps over the certificates of one machine, each explained.
//!
//! ```
//! use ccmcertsel::select::{DependsOn, Difference, NothingReason, Reading};
//! use ccmcertsel::settings::IssuerScope;
//! use ccmcertsel::{Finding, Outcome, Selection, Verdict, VerdictKind};
//!
//! # #[cfg(feature = "machine")] {
//! let pc7 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/issuers-no-match")?;
//! let now = pc7.now.expect("its machine.toml states an instant");
//! let selector = pc7.selector().with_readings();
//!
//! // Which certificate? None, and the client reports why.
//! let selection = selector.select(now);
//! let Outcome::Nothing { reason: NothingReason::IssuersWithoutMatch, .. } = selection.outcome() else { panic!() };
//!
//! // Why not mine? The certificate has one verdict, with its chain, the reason, and what was nearly right.
//! let mine = selector.stores().find(&"A7828DFF3FC809EE8980D5E032F263BF7B096855".parse()?).expect("it is in MY");
//! let verdict: &Verdict = selection.verdict(mine).expect("it is shown");
//! assert_eq!((verdict.kind(), verdict.path().len()), (VerdictKind::Rejected, 3));
//! assert!(matches!(verdict.deciding(), Some(Finding::Rejected { .. })));
//! assert_eq!(verdict.near_miss().map(|near| near.code()), Some("intermediate_listed"));
//! assert!(verdict.warnings().is_empty()); // nothing else about it has to be known
//!
//! // What else? `select` stops at the first reason, `audit` asks every check.
//! let rejections = |of: &Selection| {
//!     let findings = of.verdicts().iter().flat_map(|verdict| verdict.findings());
//!     findings.filter_map(Finding::rejection).count()
//! };
//! assert_eq!((rejections(&selection), rejections(&selector.audit(now))), (2, 3)); // the other one has expired as well
//!
//! // How sure is that? One reading of what is not documented would select it.
//! let DependsOn { tried, readings, .. } = selection.depends_on().expect("asked for");
//! let [Reading { choice, outcome, .. }] = &readings[..] else { panic!("{readings:?}") };
//! assert_eq!((choice.setting, choice.value), ("issuer_scope", "any-ca-in-chain"));
//! assert!(outcome.selected() == Some(mine) && tried.len() > 5);
//!
//! // What would another setting change?
//! let other = selector.with_settings(pc7.settings.clone().with(IssuerScope::AnyCaInChain));
//! assert_eq!(Difference::between(&selection, &other.select(now)), Difference::Gained(mine));
//! assert_eq!(other.ranked().next(), Some(mine)); // the candidate that ranks first
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Whoever builds on it can hold what is built against the [specification](crate::spec), which is a program as well. Here
//! certificates of many kinds are made, and both are asked:
//!
//! ```
//! use ccmcertsel::settings::{EccKeys, OnMultiple, Revocation, Ruleset};
//! use ccmcertsel::{Algorithms, Certificate, Coded, KeyProvider, Machine, PrivateKey, Selector, Settings};
//! use ccmcertsel::{StoredCertificate, Stores, Timestamp, spec};
//! use proptest::prelude::*;
//! use proptest::test_runner::{Config, TestRunner};
//! use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
//! use std::sync::Arc;
//!
//! let ca_key = KeyPair::generate()?;
//! let mut ca = CertificateParams::new(vec![])?;
//! ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
//! let root = ca.self_signed(&ca_key)?.der().to_vec();
//! let (issuer, key) = (Issuer::new(ca, ca_key), KeyPair::generate()?);
//! let certificate = |begin: i64, days: i64, name: &str, usage| {
//!     let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
//!     leaf.distinguished_name.push(DnType::CommonName, name);
//!     leaf.not_before = time::OffsetDateTime::from_unix_timestamp(begin * 86_400).unwrap();
//!     leaf.not_after = leaf.not_before + time::Duration::days(days);
//!     leaf.extended_key_usages = vec![usage];
//!     Certificate::from_der(leaf.signed_by(&key, &issuer).unwrap().der()).unwrap()
//! };
//!
//! let names = prop::sample::select(vec!["pc1.contoso.com", "PC1", "pc10.contoso.com"]);
//! let usages = prop_oneof![Just(ExtendedKeyUsagePurpose::ClientAuth), Just(ExtendedKeyUsagePurpose::ServerAuth)];
//! let keys = prop_oneof![Just(PrivateKey::Absent), Just(PrivateKey::Accessible(KeyProvider::Ksp))];
//! let leaves = prop::collection::vec((20_000i64..20_500, 1i64..700, names, usages, keys), 0..5);
//! let rulesets = prop::sample::select(vec![Ruleset::Cb1706, Ruleset::Cb1710, Ruleset::Cb2107]);
//! let several = prop::sample::select(vec![OnMultiple::Fail, OnMultiple::SelectLongest]);
//! let config = Config { cases: 50, failure_persistence: None, ..Config::default() };
//! TestRunner::new(config).run(&(leaves, 20_000i64..21_000, rulesets, several), |(leaves, day, ruleset, several)| {
//!     let mut stores = Stores::builder();
//!     stores.add_store("MY").add_der("ROOT", &root);
//!     for (begin, days, name, usage, key) in leaves {
//!         let stored = StoredCertificate::new(certificate(begin, days, name, usage));
//!         stores.add("MY", stored.with_private_key(key));
//!     }
//!     let (stores, machine) = (Arc::new(stores.build()), Machine::new("PC1").with_fqdn("pc1.contoso.com"));
//!     let settings = Settings::ccm_setup()
//!         .with(ruleset)
//!         .with(several)
//!         .with(EccKeys::Accept)
//!         .with(Revocation::Off);
//!     let (algorithms, now) = (&Algorithms::rust_crypto(), Timestamp::from_unix_seconds(day * 86_400));
//!     let world = spec::World { stores: &stores, crls: &[], machine: &machine, settings: &settings, algorithms, now };
//!     let meant = spec::select(&world);
//!     let selector = Selector::new(Arc::clone(&stores), machine.clone(), settings.clone());
//!     let selection = selector.select(now);
//!     prop_assert_eq!(selection.outcome(), &meant.outcome);
//!     prop_assert_eq!(selection.selected(), selector.winner(now));
//!     let verdicts = selection.verdicts().iter();
//!     let codes: Vec<_> = verdicts.map(|one| (one.id(), one.rejection().map(|why| why.code()))).collect();
//!     prop_assert_eq!(codes, meant.rejections);
//!     Ok(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checks;
mod compare;
mod depends_on;
mod engine;
mod instant;
mod judge;
mod lint;
mod memo;
mod outcome;
mod requirement;
mod signed;
mod status;
mod step_one;
mod suggest;
mod timeline;
mod verdict;
mod warning;
mod winner;
mod world;

pub(crate) use compare::Comparison;
pub use compare::Difference;
pub use depends_on::{DependsOn, Reading};
pub use engine::Selector;
pub use lint::Lint;
pub(crate) use lint::{Linted, lint, lint_command_line, lint_values};
pub use memo::VerificationCache;
pub use outcome::{NothingReason, Outcome};
pub use requirement::{NamePlace, Requirement};
pub(crate) use signed::Signed;
pub use suggest::NoSuggestion;
pub(crate) use suggest::{CriteriaEffect, FleetSuggestion, Goal, Obstacle};
pub(crate) use timeline::Cause;
pub use timeline::{Boundary, Timeline, TimelineChange};
pub use verdict::{Selection, Undecided, Verdict, VerdictKind};
pub use warning::Warning;

pub use crate::store::{RankCriterion, RankKey};
