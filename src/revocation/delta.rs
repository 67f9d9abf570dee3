//! Which delta CRL brings a complete CRL up to date (RFC 5280 5.2.4 and 6.3.3 (c); rule V-9).

use super::check::RevocationCheck;
use super::crl::Crl;
use super::outcome::{CrlNotCounted, CrlProblem};
use super::work::{Exhausted, Work};
use crate::Certificate;

/// What there is beside a complete CRL.
pub(super) enum Delta<'d> {
    /// This delta CRL is newer.
    Applies(&'d Crl),
    /// A current delta CRL is at hand that is no newer, or the complete CRL names none: it stands alone. AD CS publishes
    /// a delta of the same number together with each complete CRL.
    NotNeeded,
    /// The complete CRL names a freshest CRL, and none at hand is current; with the reason of each.
    Missing(Vec<CrlNotCounted>),
}

impl RevocationCheck<'_> {
    /// Deltas are given in descending number, so the first that counts is the newest.
    pub(super) fn delta<'d>(
        &self,
        deltas: &'d [Crl],
        complete: &Crl,
        signer: &Certificate,
        work: &mut Work,
    ) -> Result<Delta<'d>, Exhausted> {
        let mut not_counted = Vec::new();
        for delta in deltas {
            work.step()?;
            let problem = match self.delta_counts(delta, complete, signer, work)? {
                // RFC 5280 5.2.4 (c): to be applied, it must be newer than the complete CRL.
                Ok(()) if delta.number() > complete.number() => return Ok(Delta::Applies(delta)),
                Ok(()) => return Ok(Delta::NotNeeded),
                Err(problem) => problem,
            };
            not_counted.push(CrlNotCounted { crl: delta.clone(), problem });
        }
        let needed = complete.names_freshest_crl();
        Ok(if needed { Delta::Missing(not_counted) } else { Delta::NotNeeded })
    }

    fn delta_counts(
        &self,
        delta: &Crl,
        complete: &Crl,
        signer: &Certificate,
        work: &mut Work,
    ) -> Result<Result<(), CrlProblem>, Exhausted> {
        // RFC 5280 wants equal authority key identifiers as well; the same key's signature, below, says more.
        if delta.issuing_distribution_point_der() != complete.issuing_distribution_point_der() {
            return Ok(Err(CrlProblem::OtherScope));
        }
        // A complete CRL without a number can be nobody's base.
        if complete.number().is_none_or(|number| delta.base_number().is_none_or(|base| base > number)) {
            return Ok(Err(CrlProblem::OtherBase));
        }
        if let Err(problem) = self.current(delta) {
            return Ok(Err(problem));
        }
        if let Err(problem) = self.content(delta) {
            return Ok(Err(problem));
        }
        Ok(self.signed_by(delta, signer, work)?.map(|_| ()))
    }
}
