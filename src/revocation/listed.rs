//! Which serial numbers no CRL at hand lists, for those who ask about thousands of certificates.

use super::crl::Crl;
use super::index::known_of_serial;
use std::collections::{HashMap, HashSet};

/// What the indexes of all CRLs know of serial numbers, by the width of their buckets; `None` of too many entries.
#[derive(Debug)]
pub(super) struct ListedSerials(Option<HashMap<u32, HashSet<u32>>>);

/// Of more entries nothing is copied: a megabyte.
const MAX_ENTRIES: usize = 50_000;

impl ListedSerials {
    /// Of CRLs with so many entries in all.
    pub(super) fn of<'c>(entries: usize, crls: impl Iterator<Item = &'c Crl>) -> Self {
        ListedSerials((entries <= MAX_ENTRIES).then(|| {
            let mut by_shift: HashMap<u32, HashSet<u32>> = HashMap::new();
            for (shift, known) in crls.flat_map(Crl::known_serials) {
                by_shift.entry(shift).or_default().insert(known);
            }
            by_shift
        }))
    }

    /// Whether some CRL may have an entry that has to be looked at for this serial number.
    pub(super) fn may_hold(&self, serial: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|by_shift| {
            by_shift.iter().any(|(shift, known)| known.contains(&known_of_serial(serial, *shift)))
        })
    }
}
