//! The bodies of the fuzz targets, the builders that they use, and the command line, as the ordinary tests have them.

#![allow(clippy::disallowed_methods)] // the command line reads files

#[path = "../../tests/fuzz_bodies/mod.rs"]
pub mod fuzz_bodies;
#[allow(dead_code, unused_imports)] // the targets use a part of what the tests need
#[path = "../../tests/support/mod.rs"]
pub mod support;
pub use ccmcertsel::cli;
#[path = "../../tests/fuzz_bodies/command_line.rs"]
pub mod command_line;
