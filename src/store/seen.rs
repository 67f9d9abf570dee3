//! Which entries a store has already (rule T-8).

use super::Entry;
use crate::certificate::Thumbprint;
use siphasher::sip128::SipHasher13;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// The entries of one store.
///
/// Equal entries have equal thumbprints. But a thumbprint costs as much as everything else that is read of a certificate when
/// it is loaded, and many are never asked for. So certificates are told apart by their signatures first, which are a few
/// hundred bytes; thumbprints are made once a signature occurs again, or an entry is not a certificate.
#[derive(Debug, Default)]
pub(super) struct SeenEntries {
    signatures: HashSet<u128>,
    thumbprints: Option<HashSet<Thumbprint>>,
}

impl SeenEntries {
    /// Adds an entry to those that the store has so far; `false` where it is one of them.
    pub(super) fn insert(
        &mut self,
        entry: &Entry,
        so_far: impl Iterator<Item = Thumbprint>,
        signatures: &SignatureDigest,
    ) -> bool {
        if self.thumbprints.is_none()
            && let Some(stored) = entry.certificate()
            && self.signatures.insert(signatures.of(stored.certificate().signature()))
        {
            return true;
        }
        let thumbprints = self.thumbprints.get_or_insert_with(|| so_far.collect());
        thumbprints.insert(entry.thumbprint())
    }
}

/// Digests under a key that nobody knows, so that nobody can make two equal.
#[derive(Debug)]
pub(super) struct SignatureDigest(SipHasher13);

impl Default for SignatureDigest {
    fn default() -> Self {
        let random = RandomState::new();
        SignatureDigest(SipHasher13::new_with_keys(random.hash_one(0), random.hash_one(1)))
    }
}

impl SignatureDigest {
    fn of(&self, signature: &[u8]) -> u128 {
        self.0.hash(signature).as_u128()
    }
}
