#![forbid(unsafe_code)]
//! Which PKI certificate a Configuration Manager client selects, and why not the one you meant.

pub mod oid;
mod time;

pub use crate::oid::Oid;
pub use crate::time::Timestamp;
