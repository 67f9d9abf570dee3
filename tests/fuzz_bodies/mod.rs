//! The bodies of the fuzz targets: plain functions, so that the ordinary tests replay them without a fuzzer.

pub mod certificate;
pub mod chain;
pub mod crl;
pub mod import;
/// In the crate itself, beside the reader that it is about.
#[cfg(all(feature = "cli", feature = "test-support"))]
pub use ccmcertsel::cli::inventory_body as inventory;
pub mod name;
pub mod spec;
pub mod text;
