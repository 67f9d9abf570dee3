//! What all CRLs of one issuer say about a serial number, for those who ask about many: a hostile machine has thousands of
//! CRLs of one CA, or a CRL that lists one serial number a hundred thousand times.

use super::crl::Crl;
use super::entry::Effect;
use super::index::significant;
use crate::name::NameKey;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Gravest {
    /// By serial number.
    known: Mutex<HashMap<Box<[u8]>, Option<Effect>>>,
    /// The serial numbers of all entries, where there are many CRLs and few entries.
    listed: OnceLock<Option<HashSet<Box<[u8]>>>>,
}

/// A machine has some dozen certificates that are asked about; a serial number is at most as long as a certificate.
const MAX_KNOWN: usize = 1024;
/// So few CRLs are asked one by one.
const FEW_CRLS: usize = 16;
/// More entries are not copied: some megabytes.
const MAX_LISTED: usize = 50_000;

/// A clone is asked on its own.
impl Clone for Gravest {
    fn clone(&self) -> Self {
        Gravest::default()
    }
}

impl Gravest {
    /// The gravest that these CRLs say about a certificate of this issuer.
    pub(super) fn of(&self, crls: [&[Crl]; 2], issuer: NameKey, serial: &[u8]) -> Option<Effect> {
        let listed = self.listed.get_or_init(|| serial_numbers(crls));
        if listed.as_ref().is_some_and(|listed| !listed.contains(significant(serial))) {
            return None;
        }
        // A thread that panicked while it held the lock left a map of whole results behind.
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(serial) {
            return *known;
        }
        let mut gravest = None;
        for entry in crls.into_iter().flatten().flat_map(|crl| crl.looked_up(issuer, serial)).flatten() {
            gravest = gravest.max(Some(entry.reason().effect()));
            if gravest == Some(Effect::Final) {
                break; // nothing is graver
            }
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_KNOWN {
            known.insert(serial.into(), gravest);
        }
        gravest
    }
}

fn serial_numbers(crls: [&[Crl]; 2]) -> Option<HashSet<Box<[u8]>>> {
    let all = || crls.into_iter().flatten();
    let entries = all().fold(0usize, |sum, crl| sum.saturating_add(crl.len()));
    (all().count() > FEW_CRLS && entries <= MAX_LISTED)
        .then(|| all().flat_map(Crl::entries).map(|entry| significant(entry.serial_number()).into()).collect())
}
