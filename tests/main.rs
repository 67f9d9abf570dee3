//! The contract tests, in one binary so that they link once.

#![allow(clippy::indexing_slicing, clippy::wildcard_enum_match_arm, unreachable_pub, reason = "a test may panic")]
#![allow(clippy::disallowed_methods)] // the tests read their corpora; the ban is on the library

mod architecture;
#[cfg(feature = "cli")]
mod browser;
mod builders;
mod chain;
#[cfg(feature = "cli")]
mod cli;
mod corpus;
mod crl;
mod fuzz_bodies;
mod hostile;
mod import;
mod machine_budget;
mod memo;
mod metamorphic;
mod openssl;
mod oracle;
mod pkits;
mod plan;
mod regressions;
mod report;
mod rules;
#[cfg(feature = "rustls")]
mod rustls;
mod server;
mod site;
mod support;
mod text;
mod webpki;
