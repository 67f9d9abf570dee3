//! Where a CRL that is missing is published (rule V-8): its issuer, and its addresses.

use super::outcome::MissingCrl;
use crate::certificate::{DistributionPoint, GeneralName};
use crate::name::DistinguishedName;
use std::sync::Arc;

/// Nobody finds a CRL better by more places than these.
const MAX_MISSING: usize = 16;

/// Nor do more addresses, of all places together: AD CS writes two or three.
const MAX_URLS: usize = 64;

/// The places that these distribution points name, of a certificate or a CRL of this issuer.
pub(super) fn missing<'p>(
    points: impl Iterator<Item = DistributionPoint<'p>>,
    issuer: &DistinguishedName,
) -> Arc<[MissingCrl]> {
    let mut missing: Vec<MissingCrl> = Vec::new();
    let mut left = MAX_URLS;
    for point in points.take(MAX_MISSING) {
        let signer = point.crl_issuer().iter().find_map(GeneralName::as_directory).unwrap_or(issuer).clone();
        let mut urls = point.urls();
        let more = urls.len().saturating_sub(left);
        urls.truncate(left);
        let place = MissingCrl { issuer: signer, urls, more };
        if !missing.contains(&place) {
            left -= place.urls.len();
            missing.push(place);
        }
    }
    missing.into()
}
