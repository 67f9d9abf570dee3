//! What the inputs of one machine held.

use crate::revocation::{Crl, CrlError, Crls};
use crate::store::{Stores, StoresBuilder};

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

impl Collected {
    /// The CRLs, those among them that are given for every machine, and what is worth saying.
    pub(crate) fn settled(mut self, given: &Collected) -> (Stores, Crls, Vec<String>) {
        let mut notes = self.notes;
        let bad_crls = self.bad_crls.iter().chain(&given.bad_crls);
        // The report warns of each, and cannot know the file.
        notes.extend(bad_crls.clone().map(|(place, error)| format!("{place}: {error} (V-8)")));
        let crls = Crls::new(self.crls.into_iter().chain(given.crls.iter().cloned()))
            .with_unreadable(bad_crls.map(|(_, error)| error.clone()));
        notes.extend(given.notes.iter().cloned());
        (self.stores.build(), crls, notes)
    }
}
