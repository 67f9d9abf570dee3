#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]
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
pub mod attribute;
mod budget;
pub mod certificate;
pub mod chain;
pub mod change;
pub mod check;
/// The program `cmhttpsreadiness`: no part of the library's API, which has no clock, no files and no network.
#[cfg(feature = "cli")]
#[doc(hidden)]
#[allow(clippy::disallowed_methods, reason = "the program reads files; the library does not")]
pub mod cli;
mod crypto;
pub mod docs;
pub mod encoding;
mod hresult;
pub mod import;
mod machine;
pub mod name;
pub mod oid;
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
pub mod shown;
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
mod words;

pub use crate::asn1::{DerError, DerProblem};
pub use crate::certificate::{Certificate, CertificateError, GeneralName, Thumbprint};
pub use crate::check::{Finding, NearMiss, Pass, Rejection};
pub use crate::crypto::{Algorithms, Curve, HashAlgorithm, KeyKind, Weakness};
pub use crate::hresult::{Hresult, HresultError};
pub use crate::machine::{DeviceKind, DeviceKindError, Machine};
pub use crate::name::{
    AttributeValue, DistinguishedName, NameAttribute, NameError, RelativeDistinguishedName, StringType,
};
pub use crate::oid::Oid;
pub use crate::revocation::{Crl, CrlError, Crls, RevocationEvidence, RevocationFailure};
pub use crate::rules::{Basis, Rule, RuleError, Step};
pub use crate::select::{Outcome, Selection, Selector, Verdict, VerdictKind, VerificationCache, Warning};
pub use crate::settings::Settings;
pub use crate::store::{
    CertId, Entry, Enumeration, KeyProvider, PrivateKey, StoreName, StoredCertificate, Stores, StoresBuilder,
    UnreadableEntry,
};
pub use crate::text::{Criteria, IssuersList, ParseError, Properties};
pub use crate::time::{Timestamp, TimestampError};

#[cfg(test)]
extern crate self as ccmcertsel; // the builders below name the crate as the contract tests do
/// The program as a whole on generated inventories; the fuzzer runs the same.
#[cfg(all(test, feature = "cli"))]
#[path = "../tests/fuzz_bodies/command_line.rs"]
mod command_line;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
