//! The contract tests, in one binary so that they link once.

#![allow(clippy::disallowed_methods)] // the tests read their corpora; the ban is on the library

mod builders;
#[cfg(feature = "cli")]
mod cli;
mod chain;
mod crl;
mod fuzz_bodies;
mod import;
mod oracle;
mod pkits;
mod support;
mod webpki;
