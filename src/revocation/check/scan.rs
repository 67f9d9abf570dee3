//! One certificate against all CRLs at hand: RFC 5280 6.3.3 as one loop.

use super::RevocationCheck;
use super::delta::Delta;
use crate::budget::Budget;
use crate::certificate::{Certificate, DistributionPoint, ReasonFlags};
use crate::choices::{CrlSigner, DeltaCrl};
use crate::name::NameKey;
use crate::oid;
use crate::revocation::crl::Crl;
use crate::revocation::crls::OfIssuer;
use crate::revocation::entry::{Effect, RevocationReason, RevokedCertificate, directory_names};
use crate::revocation::notes::Notes;
use crate::revocation::outcome::{CountedCrl, CrlNotCounted, CrlProblem, Ocsp, RevocationEvidence, RevocationFailure};
use crate::revocation::places::missing;
use crate::revocation::point::{JudgedCertificate, PointAt};
use crate::revocation::recall::{Record, Walk, WalkEnd, WalkKey, Walks};
use crate::revocation::work::Work;
use std::collections::HashSet;

/// One certificate's walk over its distribution points and the CRLs at hand.
pub(super) struct Scan<'s> {
    check: &'s RevocationCheck<'s>,
    judged: JudgedCertificate<'s>,
    /// The reasons that CRLs have cleared so far.
    covered: ReasonFlags,
    counted: Option<RevocationEvidence>,
    notes: Notes,
    /// Kept for the next certificate of which the same is known.
    record: Option<Record>,
}

/// Why a walk ends early.
enum Stop {
    Listed(RevocationFailure),
    Exhausted(Budget),
}

impl Stop {
    fn failure(self) -> RevocationFailure {
        match self {
            Stop::Listed(failure) => failure,
            Stop::Exhausted(budget) => RevocationFailure::Budget { budget },
        }
    }
}

impl From<Budget> for Stop {
    fn from(budget: Budget) -> Self {
        Stop::Exhausted(budget)
    }
}

/// What one CRL says about the certificate.
enum CrlSays<'c> {
    No,
    /// Its delta takes it off the list again.
    Removed,
    Revoking(RevokedCertificate<'c>),
}

impl<'s> Scan<'s> {
    pub(super) fn of(check: &'s RevocationCheck<'s>, judged: JudgedCertificate<'s>) -> Self {
        let (covered, counted, notes) = (ReasonFlags::NONE, None, Notes::default());
        Scan { check, judged, covered, counted, notes, record: None }
    }

    pub(super) fn run(mut self, work: &mut Work) -> Result<RevocationEvidence, RevocationFailure> {
        let (check, judged) = (self.check, self.judged);
        let points = judged.certificate.crl_distribution_points().map_err(RevocationFailure::Malformed)?;
        let shares = check.crls.len() > Walks::FEW_CRLS && self.is_like_others(work);
        let walks = check.walks.filter(|_| shares);
        let key = || WalkKey::of(judged.certificate, judged.above.iter().copied());
        let Some((walks, key)) = walks.and_then(|walks| Some((walks, key()?))) else {
            return match self.walk(points, work) {
                Ok(()) => self.conclude(),
                Err(stop) => Err(stop.failure()),
            };
        };
        if let Some(walk) = walks.at(&key, check.now) {
            let before = work.spent.clone();
            if let Some(status) = self.recall(&walk, work) {
                return status;
            }
            work.spent = before;
        }
        self.record = Some(Record::begin(&work.spent));
        let stop = self.walk(points, work).err();
        let end = |before| match &stop {
            Some(Stop::Listed(_)) => WalkEnd::Open,
            Some(Stop::Exhausted(budget)) => WalkEnd::Exhausted { before, budget: *budget },
            None => WalkEnd::Walked { covered: self.covered, counted: self.counted.clone(), notes: self.notes.clone() },
        };
        if let Some(walk) = self.record.take().and_then(|record| record.end(&work.spent, end)) {
            walks.remember(key, check.now, walk);
        }
        stop.map_or_else(|| self.conclude(), |stop| Err(stop.failure()))
    }

    /// Whether all that decides, but the serial number, is in the key of the walk. A signer apart (`CrlSigner::SameName`)
    /// may be the very certificate that is judged, or depend on it; one that has no CRL issuer's name and is not a CA is
    /// neither. And what was found for it before, or depends on it, is not in the key.
    fn is_like_others(&self, work: &Work) -> bool {
        let (check, certificate) = (self.check, self.judged.certificate);
        match check.settings.signer {
            CrlSigner::SameKey => true,
            CrlSigner::SameName => {
                let issues_crls =
                    || NameKey::from_der(certificate.subject_der()).is_none_or(|name| check.crls.of(name).is_some());
                work.has_just_begun() && !certificate.is_ca() && !issues_crls()
            }
        }
    }

    /// Over all distribution points and CRLs, as far as need be.
    fn walk(&mut self, points: impl Iterator<Item = DistributionPoint<'s>>, work: &mut Work) -> Result<(), Stop> {
        // RFC 5280 6.3.3, last paragraph: after the certificate's own points, CRLs that it names nowhere.
        for point in points.map(Some).chain([None]) {
            self.point(&PointAt::new(point), work)?;
            if self.covered == ReasonFlags::ALL {
                break;
            }
        }
        Ok(())
    }

    /// What a walk says that was another certificate's, of which the same is known; `None` where it does not say it to the
    /// end, or says it only of what was spent on the other.
    fn recall(&self, walk: &Walk, work: &mut Work) -> Option<Result<RevocationEvidence, RevocationFailure>> {
        for one in &walk.looked_up {
            work.spent.add(&one.spent).ok()?;
            match self.listed(&one.complete, one.delta.as_ref(), work) {
                Ok(None) => {}
                Ok(Some(RevocationFailure::OnHold { .. })) if one.lacks_delta => return None,
                Ok(Some(failure)) => return Some(Err(failure)),
                Err(budget) => return Some(Err(RevocationFailure::Budget { budget })),
            }
        }
        match &walk.end {
            WalkEnd::Open => None,
            WalkEnd::Exhausted { before, budget } => {
                let same = work.spent == *before;
                let _ = work.spent.add(&walk.last); // what ran out first is known
                same.then_some(Err(RevocationFailure::Budget { budget: *budget }))
            }
            WalkEnd::Walked { covered, counted, notes } => {
                work.spent.add(&walk.last).ok()?;
                let scan = Scan::of(self.check, self.judged);
                let (covered, counted, notes) = (*covered, counted.clone(), notes.clone());
                Some(Scan { covered, counted, notes, ..scan }.conclude())
            }
        }
    }

    fn conclude(mut self) -> Result<RevocationEvidence, RevocationFailure> {
        match self.counted.take() {
            Some(evidence) if self.covered == ReasonFlags::ALL => Ok(evidence),
            _ => Err(self.failure()),
        }
    }

    /// All CRLs of one distribution point; of the default one when there is none.
    fn point(&mut self, point: &PointAt<'s>, work: &mut Work) -> Result<(), Stop> {
        work.spend(Budget::Crls, 1)?;
        match point.crl_issuer() {
            Some(names) => {
                // RFC 5280 4.2.1.13: cRLIssuer is a directoryName; where it cannot be read, no CRL is found.
                for name in directory_names(names).unwrap_or_default() {
                    self.crls_of(name, point, work)?;
                }
                Ok(())
            }
            None => self.crls_of(self.judged.issuer_key, point, work),
        }
    }

    fn crls_of(&mut self, issuer: NameKey, point: &PointAt<'s>, work: &mut Work) -> Result<(), Stop> {
        let check = self.check;
        let Some(of_issuer) = check.crls.of(issuer) else {
            return Ok(());
        };
        // Signer and scope of the CRLs that counted: of one signer and scope, the first in this order does (rule V-9).
        let mut counted = HashSet::new();
        let mut place = 0;
        while let Some(crl) = of_issuer.complete.get(place) {
            place += 1;
            if self.covered == ReasonFlags::ALL {
                return Ok(());
            }
            work.spend(Budget::Crls, 1)?;
            let scope = crl.issuing_distribution_point();
            let some = scope.as_ref().and_then(|scope| scope.only_some_reasons());
            let of_point = point.get().and_then(DistributionPoint::reasons);
            // RFC 5280 6.3.3 (d): the reasons that this CRL speaks about for this point.
            let reasons = some.unwrap_or(ReasonFlags::ALL).intersection(of_point.unwrap_or(ReasonFlags::ALL));
            if reasons.difference(self.covered).is_empty() {
                continue;
            }
            let expired_known = self.notes.expired.is_some();
            match check.counts(&self.judged, crl, scope.as_ref(), point, expired_known, work)? {
                Ok(signer) => {
                    let of = (signer.certificate().thumbprint(), crl.issuing_distribution_point_der());
                    if !counted.insert(of) {
                        continue;
                    }
                    let delta = check.delta(&of_issuer.deltas, crl, signer.certificate(), work)?;
                    let counted = CountedCrl {
                        complete: crl.clone(),
                        delta: None,
                        signer: signer.certificate().thumbprint(),
                        weakness: signer.weakness(),
                    };
                    self.look_up(counted, delta, reasons, work)?;
                }
                Err(problem) => {
                    let other_point = problem == CrlProblem::OtherDistributionPoint;
                    self.notes.add(crl, problem);
                    if other_point {
                        place = self.past_other_points(of_issuer, place, point, work)?;
                    }
                }
            }
        }
        if of_issuer.complete.is_empty() {
            for delta in &of_issuer.deltas {
                work.spend(Budget::Crls, 1)?;
                self.notes.add(delta, CrlProblem::OtherBase);
            }
        }
        Ok(())
    }

    /// The next place of the list, past CRLs that are only for other distribution points: what is known of each of them
    /// beforehand is noted, and its cost counted (rule V-10), as if it had been looked at.
    fn past_other_points(
        &mut self,
        of_issuer: &OfIssuer,
        from: usize,
        point: &PointAt<'s>,
        work: &mut Work,
    ) -> Result<usize, Budget> {
        let partitions = of_issuer.partitions();
        let names = point.names(&self.judged, work)?;
        let next = match partitions.next(from, names) {
            Some(next) if names.len() <= MAX_NAMES && next > from => next,
            Some(_) | None => return Ok(from),
        };
        let (count, compared) = (next - from, (next - from) * names.len().min(1));
        let within = work.spent.has_left(Budget::Crls, count) && work.spent.has_left(Budget::PointNames, compared);
        let stand = |crl: &Crl| partitions.place(crl).is_some_and(|place| (from..next).contains(&place));
        if !within || !self.notes.add_others(stand) {
            return Ok(from); // one by one, to the end of what is left or kept
        }
        work.spend(Budget::Crls, count)?;
        work.spend(Budget::PointNames, compared)?;
        Ok(next)
    }

    /// RFC 5280 6.3.3 (i) to (l): what a complete CRL and its delta say about the certificate.
    fn look_up(
        &mut self,
        mut counted: CountedCrl,
        delta: Delta<'_>,
        reasons: ReasonFlags,
        work: &mut Work,
    ) -> Result<(), Stop> {
        if let Delta::Applies(delta) = delta {
            counted.delta = Some(delta.clone());
        }
        let lacks_delta = matches!(delta, Delta::Missing(_)) && self.check.settings.delta == DeltaCrl::Required;
        if let Some(record) = &mut self.record {
            record.look_up(&counted.complete, counted.delta.as_ref(), lacks_delta, &work.spent);
        }
        let listed = self.listed(&counted.complete, counted.delta.as_ref(), work)?;
        if let Some(record) = &mut self.record {
            record.go_on(&work.spent);
        }
        match (listed, delta) {
            // To clear, a complete CRL needs its delta; and a hold may be over there (rule V-8). What it revokes for good is
            // revoked whether or not the delta is at hand.
            (listed @ (None | Some(RevocationFailure::OnHold { .. })), Delta::Missing(deltas)) if lacks_delta => {
                let held = match listed {
                    // Where its date does not read: at the latest since this CRL.
                    Some(RevocationFailure::OnHold { revoked_at, crl }) => {
                        Some(revoked_at.unwrap_or(crl.this_update()))
                    }
                    _ => None,
                };
                if let (Some(_), Some(record)) = (held, &mut self.record) {
                    record.is_own();
                }
                self.notes.add(&counted.complete, CrlProblem::DeltaMissing);
                self.notes.add_all(deltas);
                self.notes.without_delta.get_or_insert((counted.complete, held));
                return Ok(());
            }
            (Some(failure), _) => return Err(Stop::Listed(failure)),
            (None, _) => {}
        }
        self.covered = self.covered.union(reasons);
        match &mut self.counted {
            Some(evidence) => evidence.further.push(counted),
            none => *none = Some(RevocationEvidence { first: counted, further: Vec::new() }),
        }
        Ok(())
    }

    /// Whether a complete CRL lists the certificate, brought up to date by its delta.
    fn listed(
        &self,
        complete: &Crl,
        delta: Option<&Crl>,
        work: &mut Work,
    ) -> Result<Option<RevocationFailure>, Budget> {
        if let Some(delta) = delta {
            match self.listed_in(delta, work)? {
                CrlSays::Revoking(entry) => return Ok(Some(listed_as(delta, &entry))),
                CrlSays::Removed => return Ok(None),
                CrlSays::No => {}
            }
        }
        // removeFromCRL means nothing in a complete CRL (rule V-9).
        Ok(match self.listed_in(complete, work)? {
            CrlSays::Revoking(entry) => Some(listed_as(complete, &entry)),
            CrlSays::Removed | CrlSays::No => None,
        })
    }

    /// Any revoking entry of the serial number counts, wherever it stands (rule V-9); of several one that is final.
    fn listed_in<'c>(&self, crl: &'c Crl, work: &mut Work) -> Result<CrlSays<'c>, Budget> {
        let (issuer, serial) = (self.judged.issuer_key, self.judged.certificate.serial_number());
        let (mut held, mut removed) = (None, false);
        for looked_at in crl.looked_up(issuer, serial) {
            work.spend(Budget::EqualSerials, 1)?;
            let Some(entry) = looked_at else { continue };
            match entry.reason().effect() {
                Effect::Released => removed = true,
                Effect::Held => held = held.or(Some(entry)),
                Effect::Final => return Ok(CrlSays::Revoking(entry)),
            }
        }
        Ok(match held {
            Some(entry) => CrlSays::Revoking(entry),
            None if removed => CrlSays::Removed,
            None => CrlSays::No,
        })
    }

    /// Rule V-8: what is reported where nothing cleared the certificate, the nearest miss first.
    fn failure(self) -> RevocationFailure {
        let (certificate, now) = (self.judged.certificate, self.check.now);
        let points = || missing(points(certificate), &certificate.issuer());
        let mut notes = self.notes;
        if let Some((complete, on_hold)) = notes.without_delta.take() {
            let missing = self.check.crls.delta_places(&complete);
            let mut not_counted = notes.kept();
            not_counted.retain(|not| not.crl.is_delta());
            return RevocationFailure::DeltaMissing { complete, on_hold, missing, not_counted };
        }
        if let Some((crl, next_update)) = notes.expired {
            return RevocationFailure::CrlExpired { crl, next_update, now, missing: points() };
        }
        if let Some(crl) = notes.early {
            return RevocationFailure::CrlNotYetValid { this_update: crl.this_update(), crl, now, missing: points() };
        }
        if certificate.extension(oid::CRL_DISTRIBUTION_POINTS).is_none() {
            return no_point(certificate, notes.kept());
        }
        RevocationFailure::Unknown {
            missing: points(),
            not_counted: notes.kept(),
            uncovered: ReasonFlags::ALL.difference(self.covered),
        }
    }
}

/// A distribution point of more names is compared with each CRL.
const MAX_NAMES: usize = 16;

fn listed_as(crl: &Crl, entry: &RevokedCertificate<'_>) -> RevocationFailure {
    let (revoked_at, crl) = (entry.revoked_at(), crl.clone());
    let reason = entry.reason();
    if reason == RevocationReason::CertificateHold {
        RevocationFailure::OnHold { revoked_at, crl }
    } else {
        RevocationFailure::Revoked { reason, revoked_at, crl }
    }
}

/// What is said of a certificate that names no place of a CRL.
pub(super) fn no_point(certificate: &Certificate, not_counted: Vec<CrlNotCounted>) -> RevocationFailure {
    RevocationFailure::NoDistributionPoint {
        ocsp: if certificate.names_ocsp() { Ocsp::Named } else { Ocsp::NotNamed },
        issuer: certificate.issuer(),
        not_counted,
    }
}

fn points(certificate: &Certificate) -> impl Iterator<Item = DistributionPoint<'_>> {
    certificate.crl_distribution_points().into_iter().flatten()
}
