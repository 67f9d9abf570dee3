//! The CRLs at hand, by issuer, best first.

use super::crl::{Crl, CrlError};
use crate::name::NameKey;
use std::cmp::Reverse;
use std::collections::HashMap;

/// All CRLs that a selection may use.
///
/// ```
/// use ccmcertsel::revocation::Crls;
///
/// let crls = Crls::new([]);
/// assert!(crls.is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Crls {
    by_issuer: HashMap<NameKey, OfIssuer>,
    count: usize,
    unreadable: Vec<CrlError>,
}

/// The CRLs of one issuer, each list in descending CRL number, then descending thisUpdate (rule V-9).
#[derive(Debug, Clone, Default)]
pub(super) struct OfIssuer {
    pub complete: Vec<Crl>,
    pub deltas: Vec<Crl>,
}

impl Crls {
    /// Sorts CRLs by issuer; a second copy of one is dropped.
    pub fn new(crls: impl IntoIterator<Item = Crl>) -> Self {
        let mut by_issuer: HashMap<NameKey, OfIssuer> = HashMap::new();
        for crl in crls {
            let of_issuer = by_issuer.entry(crl.issuer_key()).or_default();
            if crl.is_delta() { of_issuer.deltas.push(crl) } else { of_issuer.complete.push(crl) }
        }
        let mut count = 0;
        for of_issuer in by_issuer.values_mut() {
            for list in [&mut of_issuer.complete, &mut of_issuer.deltas] {
                // Ties end in the bytes, so that the order in which CRLs were given never matters.
                list.sort_by(|a, b| {
                    let rank = |crl: &Crl| Reverse(crl.this_update());
                    b.number()
                        .cmp(&a.number())
                        .then_with(|| rank(a).cmp(&rank(b)))
                        .then_with(|| a.as_der().cmp(b.as_der()))
                });
                list.dedup();
                count += list.len();
            }
        }
        Crls { by_issuer, count, unreadable: Vec::new() }
    }

    /// Remembers that bytes were given that are no CRL, for the warning of rule V-8.
    pub fn with_unreadable(mut self, errors: impl IntoIterator<Item = CrlError>) -> Self {
        self.unreadable.extend(errors);
        self
    }

    /// Why bytes that were given are no CRLs (rule V-8).
    pub fn unreadable(&self) -> &[CrlError] {
        &self.unreadable
    }

    /// How many different CRLs there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All of them, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &Crl> {
        self.by_issuer.values().flat_map(|of_issuer| of_issuer.complete.iter().chain(&of_issuer.deltas))
    }

    pub(super) fn of(&self, issuer: NameKey) -> Option<&OfIssuer> {
        self.by_issuer.get(&issuer)
    }
}
