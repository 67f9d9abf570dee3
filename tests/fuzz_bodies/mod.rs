//! The bodies of the fuzz targets: plain functions, so that the ordinary tests replay them without a fuzzer.

pub mod certificate;
pub mod chain;
/// The program as a whole on generated inventories.
#[cfg(feature = "cli")]
pub mod command_line;
pub mod crl;
pub mod import;
/// Beside the reader that it is about.
#[cfg(feature = "machine")]
pub use crate::machine::inventory_body as inventory;
pub mod name;
pub mod spec;
pub mod text;
