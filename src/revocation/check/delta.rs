//! Which delta CRL brings a complete CRL up to date (RFC 5280 5.2.4 and 6.3.3 (c); rule V-9).

use super::RevocationCheck;
use crate::budget::Budget;
use crate::certificate::Certificate;
use crate::revocation::crl::Crl;
use crate::revocation::outcome::{CrlNotCounted, CrlProblem};
use crate::revocation::work::Work;

/// What there is beside a complete CRL.
pub(super) enum Delta<'d> {
    /// This delta CRL is as new or newer: AD CS publishes one of the same number together with each complete CRL.
    Applies(&'d Crl),
    /// A current delta CRL is at hand that is older, or the complete CRL names none: it is used without one.
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
    ) -> Result<Delta<'d>, Budget> {
        let mut not_counted = Vec::new();
        for delta in deltas {
            work.spend(Budget::Crls, 1)?;
            let problem = match self.delta_counts(delta, complete, signer, work)? {
                // Rule V-9; RFC 5280 5.2.4 (c) asks for a newer one, and one of the same number says nothing else.
                Ok(()) if delta.number() >= complete.number() => return Ok(Delta::Applies(delta)),
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
    ) -> Result<Result<(), CrlProblem>, Budget> {
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
