//! Certificates and CRLs to order, for the tests, the benches and the fuzz targets.
//!
//! Everything is written as raw DER by the few lines of `der.rs`, so that damaged and odd structures are as easy to make
//! as good ones and nothing that is judged here was written by the code that reads it.

#![allow(dead_code, unused_imports)] // each user takes the part that it needs

#[cfg(repository)] // of the contract tests, which are not in the package
pub mod annex;
pub mod certificate;
pub mod crl;
pub mod der;
pub mod extension;
pub mod hierarchy;
pub mod hostile;
pub mod key;
pub mod name;
pub mod world;

/// All of the builders under one name.
pub mod pki {
    pub use super::certificate::{Cert, instant};
    pub use super::crl::{CrlBuilder, Entry};
    pub use super::extension::{self, Ext, GeneralSubtree, Point, San};
    pub use super::key::{Counted, Hash, Key, TOY, toy_algorithms};
    pub use super::name::{Atv, Name, StringKind};
}
