//! The bodies of the fuzz targets: plain functions, so that the ordinary tests replay them without a fuzzer.

pub mod certificate;
pub mod chain;
pub mod crl;
pub mod import;
pub mod inventory;
pub mod name;
mod reader;
pub mod spec;
pub mod text;
