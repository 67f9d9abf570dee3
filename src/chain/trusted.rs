//! The anchors among the certificates of `ROOT` (rule V-5).

use crate::certificate::{Certificate, Thumbprint};
use std::collections::HashSet;

/// Certificates that count as anchors.
///
/// It is their thumbprints that decide. But every certificate of a machine is asked about, and a thumbprint of its own costs
/// as much as reading it: the end of its signature tells nearly all others apart.
#[derive(Default)]
pub(super) struct Trusted {
    /// In order, to be searched.
    ends: Vec<[u8; 8]>,
    thumbprints: HashSet<Thumbprint>,
}

impl Trusted {
    pub(super) fn contains(&self, certificate: &Certificate) -> bool {
        self.ends.binary_search(&end(certificate)).is_ok() && self.thumbprints.contains(&certificate.thumbprint())
    }
}

impl<'a> FromIterator<&'a Certificate> for Trusted {
    fn from_iter<T: IntoIterator<Item = &'a Certificate>>(anchors: T) -> Self {
        let mut trusted = Trusted::default();
        for anchor in anchors {
            trusted.ends.push(end(anchor));
            trusted.thumbprints.insert(anchor.thumbprint());
        }
        trusted.ends.sort_unstable();
        trusted
    }
}

/// The last bytes: no certificate is shorter, and one that were would be equal to those that are.
fn end(certificate: &Certificate) -> [u8; 8] {
    certificate.as_der().last_chunk().copied().unwrap_or_default()
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/chain_trusted.rs"]
mod tests;
