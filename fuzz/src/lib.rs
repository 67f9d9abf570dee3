//! The bodies of the fuzz targets, the builders that they use, and the command line, as the ordinary tests have them.

#![allow(clippy::disallowed_methods)] // the command line reads files

pub use ccmcertsel::fuzz_bodies;
