//! What the inputs of one machine held.

use crate::{Crl, CrlError, StoresBuilder};

/// Everything of a machine but its names and settings.
#[derive(Default)]
pub(crate) struct Collected {
    pub stores: StoresBuilder,
    pub crls: Vec<Crl>,
    /// CRLs that do not decode: a warning each (rule V-8), with the place that they came from.
    pub bad_crls: Vec<(String, CrlError)>,
    /// What an input held beside that, for the reader on stderr.
    pub notes: Vec<String>,
}
