#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]
// What only the program uses is part of the crate, and not of its API: with the feature `cli` nothing may be unused.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]
// Some is there for the contract tests, which the published package does not have.
#![cfg_attr(not(repository), allow(dead_code))]
#![cfg_attr(
    test,
    allow(clippy::indexing_slicing, clippy::wildcard_enum_match_arm, unreachable_pub, reason = "a test may panic")
)]
// The README links to files; here the same words link to items, and of two definitions the first counts.
//! [specification]: rules
//! [collecting]: docs::collecting
//! [command]: docs::command
//! [inputs]: docs::inputs
//! [settings]: docs::settings
//! [output]: docs::output
//! [codes]: report::codes
//! [spec]: spec
//!
#![doc = include_str!("../README.md")]

pub(crate) mod asn1;
pub(crate) mod attribute;
mod budget;
pub mod certificate;
pub mod chain;
pub mod change;
pub mod check;
mod choices;
/// The program `cmhttpsreadiness`: no part of the library's API, which has no clock, no files and no network.
#[cfg(feature = "cli")]
#[doc(hidden)]
#[allow(clippy::disallowed_methods, reason = "the program reads files; the library does not")]
pub mod cli;
mod computer;
mod crypto;
pub mod docs;
pub(crate) mod encoding;
mod hresult;
pub mod import;
#[cfg(feature = "machine")]
#[allow(clippy::disallowed_methods, reason = "this feature reads files; the library without it does not")]
pub mod machine;
pub mod name;
pub(crate) mod oid;
pub mod plan;
mod proposal;
mod reason;
pub mod report;
pub mod revocation;
pub mod rules;
#[cfg(feature = "rustls")]
pub mod rustls;
pub mod select;
pub mod server;
pub mod settings;
pub(crate) mod shown;
pub mod site;
#[allow(
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "the specification says what is meant; nothing but tests runs it"
)]
pub mod spec;
pub mod store;
pub mod text;
mod time;
mod value_error;
mod words;

pub use crate::certificate::{Certificate, CertificateError, GeneralName, Thumbprint};
pub use crate::chain::ChainFailure;
pub use crate::check::{Finding, NearMiss, Pass, Rejection};
#[doc(inline)]
pub use crate::choices::{OnMultiple, Revocation, Ruleset};
pub use crate::computer::{DeviceKind, Machine};
pub use crate::crypto::{Algorithms, HashAlgorithm};
pub use crate::encoding::OtherContent;
pub use crate::hresult::Hresult;
pub use crate::name::{DistinguishedName, NameError};
pub use crate::oid::Oid;
pub use crate::reason::Coded;
#[doc(inline)]
pub use crate::report::ReadinessReport;
pub use crate::revocation::{Crl, CrlError, Crls, RevocationEvidence, RevocationFailure};
pub use crate::rules::{Basis, Rule, Step};
pub use crate::select::{Outcome, Selection, Selector, Verdict, VerdictKind, VerificationCache, Warning};
#[doc(inline)]
pub use crate::settings::Settings;
pub use crate::store::{
    CertId, Entry, Enumeration, KeyProvider, PrivateKey, StoreName, StoredCertificate, Stores, StoresBuilder,
    UnreadableEntry,
};
pub use crate::text::{Criteria, IssuersList, ParseError, Properties};
pub use crate::time::Timestamp;
pub use crate::value_error::ValueError;

/// The builders and the fuzz bodies name the crate as its users do.
#[cfg(any(test, feature = "test-support"))]
extern crate self as ccmcertsel;
/// What the fuzz targets run.
#[cfg(all(repository, any(test, feature = "test-support")))]
#[doc(hidden)]
#[allow(clippy::indexing_slicing, clippy::wildcard_enum_match_arm, unreachable_pub, reason = "a test may panic")]
#[allow(clippy::disallowed_methods, reason = "the tests read what was found")]
#[path = "../tests/fuzz_bodies/mod.rs"]
pub mod fuzz_bodies;
/// The contract tests of what is not public. Like their data, they are not in the package.
#[cfg(all(test, repository))]
#[allow(clippy::disallowed_methods, reason = "the tests read their corpora")]
#[path = "../tests/inside.rs"]
mod inside;
/// Certificates, CRLs and machines to order.
#[cfg(any(test, feature = "test-support"))]
#[doc(hidden)]
#[allow(clippy::indexing_slicing, clippy::wildcard_enum_match_arm, unreachable_pub, reason = "a test may panic")]
#[path = "../tests/support/mod.rs"]
pub mod support;
