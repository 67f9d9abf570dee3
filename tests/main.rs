//! The contract tests, in one binary so that they link once. Those that need more than the public API are in `inside.rs`.

#![allow(clippy::indexing_slicing, clippy::wildcard_enum_match_arm, unreachable_pub, reason = "a test may panic")]
#![allow(clippy::disallowed_methods)] // the tests read their corpora; the ban is on the library

mod architecture;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod commands;
mod corpus;
mod rules;
mod support;
mod taught;
