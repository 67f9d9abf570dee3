//! The CRLs of a CA that has divided them by distribution points, found by the names of these: it may publish thousands, and a
//! certificate names one.

use super::crl::Crl;
use super::point::PointNames;
use super::scope::Indirect;
use crate::name::NameKey;
use std::collections::HashMap;

/// The places in a list of the CRLs that only one name of a distribution point tells from the others.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    /// The next CRL that is of another kind, from each place of the list on.
    next_other: Box<[u32]>,
    by_name: HashMap<NameKey, Vec<u32>>,
    places: HashMap<usize, u32>,
}

/// So few CRLs are gone through sooner.
const FEW_CRLS: usize = 32;

impl Partitions {
    pub(super) fn of(crls: &[Crl]) -> Self {
        let mut partitions = Partitions::default();
        let Ok(count) = u32::try_from(crls.len()) else { return partitions };
        if crls.len() <= FEW_CRLS {
            return partitions;
        }
        let mut next_other = vec![count; crls.len()].into_boxed_slice();
        let mut other = count;
        for ((place, crl), next) in (0..count).zip(crls).zip(&mut next_other).rev() {
            match only_name(crl) {
                Some(name) => partitions.by_name.entry(name).or_default().push(place),
                None => other = place,
            }
            *next = other;
            partitions.places.insert(crl.place_in_memory(), place);
        }
        partitions.by_name.values_mut().for_each(|places| places.reverse());
        partitions.next_other = next_other;
        partitions
    }

    /// The next CRL, from this place on, that is not only for a distribution point of another name.
    pub(super) fn next(&self, from: usize, names: &PointNames) -> Option<usize> {
        let next_other = *self.next_other.get(from)? as usize;
        let of_name = |name: &NameKey| {
            let places = self.by_name.get(name)?;
            let after = places.partition_point(|place| (*place as usize) < from);
            places.get(after).map(|place| *place as usize)
        };
        Some(names.iter().filter_map(of_name).fold(next_other, usize::min))
    }

    /// Where a CRL stands.
    pub(super) fn place(&self, crl: &Crl) -> Option<usize> {
        self.places.get(&crl.place_in_memory()).map(|place| *place as usize)
    }
}

/// The one name of the distribution point of a CRL that is restricted in nothing else.
fn only_name(crl: &Crl) -> Option<NameKey> {
    let scope = crl.issuing_distribution_point()?;
    if scope.indirect() == Indirect::Yes || scope.only().is_some() || scope.only_some_reasons().is_some() {
        return None;
    }
    let mut names = crl.point_names()?.iter();
    names.next().copied().filter(|_| names.next().is_none())
}
