//! Which signatures of the model count, although no key made them.

use std::collections::HashSet;
use std::sync::Arc;

/// Digests (SHA-256) of certificates and CRLs that count as signed: by whatever issuer, or by one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signed(Arc<HashSet<Given>>);

/// What is signed, and by whom where it matters.
type Given = ([u8; 32], Option<[u8; 32]>);

impl Signed {
    /// It counts as signed by its issuer, whichever that is: nothing outside of the model has these bytes.
    pub(crate) fn add(&mut self, digest: &[u8; 32]) {
        Arc::make_mut(&mut self.0).insert((*digest, None));
    }

    /// It counts as signed by this issuer, whose key the model does not have.
    pub(crate) fn add_under(&mut self, digest: &[u8; 32], signer: &[u8; 32]) {
        Arc::make_mut(&mut self.0).insert((*digest, Some(*signer)));
    }

    pub(crate) fn counts(&self, digest: &[u8; 32], signer: &[u8; 32]) -> bool {
        self.0.contains(&(*digest, None)) || self.0.contains(&(*digest, Some(*signer)))
    }
}
