//! The CRLs at hand, by issuer, best first.

use super::crl::Crl;
use super::entry::Effect;
use super::error::CrlError;
use super::gravest::Gravest;
use super::listed::ListedSerials;
use super::outcome::MissingCrl;
use super::partitions::Partitions;
use super::places::missing;
use super::warning::CrlWarning;
use crate::name::NameKey;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// All CRLs that a selection may use.
///
/// ```
/// use ccmcertsel::{Crl, Crls};
///
/// let file = std::fs::read("testdata/machines/contoso-pc1/crl/Contoso Root CA.crl")?;
/// let mut crls: Crls = [Crl::from_der(&file)?].into_iter().collect();
/// crls.extend([Crl::from_der(&file)?]); // a second copy of one is dropped
/// assert_eq!(crls.iter().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Crls {
    /// Shared: a copy that assumes renewal is made for each certificate whose time comes.
    sorted: Arc<Sorted>,
    unreadable: Arc<Vec<CrlError>>,
    renewed: bool,
}

#[derive(Debug, Default)]
struct Sorted {
    by_issuer: HashMap<NameKey, OfIssuer>,
    /// The issuers as they first came: a map's own order differs from process to process.
    order: Vec<NameKey>,
    count: usize,
    listed: OnceLock<ListedSerials>,
    delta_places: Mutex<HashMap<usize, Arc<[MissingCrl]>>>,
}

/// The CRLs of one issuer, each list in descending CRL number, then descending thisUpdate (rule V-9).
#[derive(Debug, Clone, Default)]
pub(super) struct OfIssuer {
    pub complete: Vec<Crl>,
    pub deltas: Vec<Crl>,
    gravest: Gravest,
    partitions: Arc<OnceLock<Partitions>>,
}

impl OfIssuer {
    /// The complete ones, by the names of their distribution points.
    pub(super) fn partitions(&self) -> &Partitions {
        self.partitions.get_or_init(|| Partitions::of(&self.complete))
    }
}

impl FromIterator<Crl> for Crls {
    fn from_iter<I: IntoIterator<Item = Crl>>(crls: I) -> Self {
        Crls::new(crls)
    }
}

/// All of them are sorted anew.
impl Extend<Crl> for Crls {
    fn extend<I: IntoIterator<Item = Crl>>(&mut self, crls: I) {
        let sorted = Crls::new(self.iter().cloned().chain(crls)).sorted;
        self.sorted = sorted;
    }
}

impl<'a> IntoIterator for &'a Crls {
    type Item = &'a Crl;
    type IntoIter = Box<dyn Iterator<Item = &'a Crl> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl PartialEq for Crls {
    fn eq(&self, other: &Self) -> bool {
        let same = self.len() == other.len() && self.renewed == other.renewed && self.unreadable == other.unreadable;
        same && self.iter().eq(other)
    }
}

impl Eq for Crls {}

impl Crls {
    /// Sorts CRLs by issuer; a second copy of one is dropped.
    pub fn new(crls: impl IntoIterator<Item = Crl>) -> Self {
        let mut by_issuer: HashMap<NameKey, OfIssuer> = HashMap::new();
        let mut order = Vec::new();
        for crl in crls {
            let of_issuer = by_issuer.entry(crl.issuer_key()).or_insert_with(|| {
                order.push(crl.issuer_key());
                OfIssuer::default()
            });
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
        Crls {
            sorted: Arc::new(Sorted { by_issuer, order, count, ..Sorted::default() }),
            unreadable: Arc::default(),
            renewed: false,
        }
    }

    /// Remembers that bytes were given that are not a CRL, for the warning of rule V-8.
    #[must_use]
    pub fn with_unreadable(mut self, errors: impl IntoIterator<Item = CrlError>) -> Self {
        Arc::make_mut(&mut self.unreadable).extend(errors);
        self
    }

    /// Why bytes that were given are not CRLs (rule V-8).
    pub fn unreadable(&self) -> &[CrlError] {
        &self.unreadable
    }

    /// What should be known about CRLs that are used all the same (rule V-9).
    pub(crate) fn warnings(&self) -> impl Iterator<Item = CrlWarning> {
        self.iter().flat_map(CrlWarning::of)
    }

    /// How many different CRLs there are.
    pub(crate) fn len(&self) -> usize {
        self.sorted.count
    }

    /// Whether some CRL, whoever's it is, may list this serial number. `false` is certain.
    pub(crate) fn may_list(&self, serial: &[u8]) -> bool {
        let entries = || self.iter().fold(0usize, |sum, crl| sum.saturating_add(crl.len()));
        self.sorted.listed.get_or_init(|| ListedSerials::of(entries(), self.iter())).may_hold(serial)
    }

    /// Where delta CRLs of this one are published, read once: thousands of certificates may lack the same.
    pub(super) fn delta_places(&self, complete: &Crl) -> Arc<[MissingCrl]> {
        // A thread that panicked while it held the lock left a map of whole lists behind.
        let mut known = self.sorted.delta_places.lock().unwrap_or_else(PoisonError::into_inner);
        let places = known
            .entry(complete.place_in_memory())
            .or_insert_with(|| missing(complete.freshest_crl(), &complete.issuer()));
        Arc::clone(places)
    }

    /// The same, of which each is looked at.
    #[cfg(test)]
    pub(super) fn without_partitions(self) -> Self {
        for of_issuer in self.sorted.by_issuer.values() {
            of_issuer.partitions.get_or_init(Partitions::default);
        }
        self
    }

    /// All of them: the issuers in the order in which they first came, of each the complete ones before the deltas, best
    /// first.
    pub fn iter(&self) -> impl Iterator<Item = &Crl> {
        let of_issuers = self.sorted.order.iter().filter_map(|issuer| self.sorted.by_issuer.get(issuer));
        of_issuers.flat_map(|of_issuer| of_issuer.complete.iter().chain(&of_issuer.deltas))
    }

    /// The same CRLs, assuming that each CA publishes the next one in time and that it lists nobody else: a CRL that was
    /// current once stays so. For questions about the future; the client asks for CRLs that are current.
    #[must_use]
    pub fn with_renewal_assumed(mut self) -> Self {
        self.renewed = true;
        self
    }

    /// Whether CRLs count after their nextUpdate.
    pub(crate) fn assumes_renewal(&self) -> bool {
        self.renewed
    }

    pub(super) fn of(&self, issuer: NameKey) -> Option<&OfIssuer> {
        self.sorted.by_issuer.get(&issuer)
    }

    /// The gravest that any CRL of this issuer says of a certificate, whether the CRL counts or not.
    pub(crate) fn gravest(&self, issuer: NameKey, serial: &[u8]) -> Option<Effect> {
        let of_issuer = self.of(issuer)?;
        of_issuer.gravest.of([&of_issuer.complete, &of_issuer.deltas], issuer, serial)
    }

    /// The names of the issuers, and how many CRLs of each there are.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (NameKey, usize)> {
        let of_issuers = self.sorted.by_issuer.iter();
        of_issuers.map(|(name, of_issuer)| (*name, of_issuer.complete.len() + of_issuer.deltas.len()))
    }
}
