//! One certificate through the checks, in documented order, and what each of them says.

use super::checks::{Check, Flow, Judged, Listener};
use super::verdict::{Verdict, VerdictKind};
use super::warning::Warning;
use super::world::World;
use crate::certificate::Certificate;
use crate::check::{
    DatesNearMiss, DatesReason, Exemption, Finding, NearMiss, Pass, Rejection, StoreNearMiss, StoreReason,
};
use crate::choices::Anchors;
use crate::revocation::Effect;
use crate::store::{CertId, Entry, Enumeration, StoreKind};
use crate::time::Timestamp;
use std::sync::Arc;

/// How far a certificate is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Up to its first rejection.
    FirstRejection,
    /// Every check.
    Everything,
}

/// The verdict about one entry, ranking left out; `None` where there is no such entry.
pub(super) fn judge(world: &World, id: CertId, now: Timestamp, depth: Depth) -> Option<Verdict> {
    let outside = |reason: StoreReason, kind| Verdict {
        id,
        kind,
        path: Vec::new(),
        findings: vec![Finding::rejected(reason)],
        warnings: Vec::new(),
    };
    match world.stores.entry(id)? {
        Entry::Unreadable(entry) => {
            return Some(outside(StoreReason::Unreadable(Box::new(entry.not_read())), VerdictKind::Unreadable));
        }
        Entry::Certificate(stored) if stored.enumeration() == Enumeration::Archived => {
            return Some(outside(StoreReason::Archived, VerdictKind::Rejected));
        }
        Entry::Certificate(_) => {}
    }
    let judged = Judged::of(world, id, now)?;
    let certificate = world.certificate(id)?;
    // One of each check or two, and the rank's: more are rare.
    let findings = Vec::with_capacity(Check::DOCUMENTED.len() + 3);
    let mut heard = Heard { certificate, depth, findings, warnings: Vec::new(), first: None };
    let _ = Check::DOCUMENTED.iter().try_for_each(|check| check.run(&judged, &mut heard)); // how far it came is heard
    let (findings, warnings) = heard.finish(|near_miss| is_near_still(world, id, now, near_miss));
    let rejected = findings.iter().any(|finding| finding.rejection().is_some());
    let kind = if rejected { VerdictKind::Rejected } else { VerdictKind::Candidate };
    Some(Verdict { id, kind, path: judged.into_path(), findings, warnings })
}

/// What is nearly right about a certificate that has this rejection and no other: T-4, "right certificate, wrong store",
/// and V-1, a renewed certificate whose time comes.
fn near_miss_if_alone(rejection: &Rejection, certificate: &Certificate) -> Option<NearMiss> {
    match rejection {
        // A CA's own certificate is not a client's, wherever it is.
        Rejection::Store(StoreReason::OtherStore { .. }) if certificate.is_ca() => None,
        Rejection::Store(StoreReason::OtherStore { store, chosen }) => {
            Some(StoreNearMiss::WrongStore { store: store.clone(), chosen: chosen.clone() }.into())
        }
        Rejection::Dates(DatesReason::NotYetValid { not_before, .. }) => {
            Some(DatesNearMiss::NotYetValid { from: *not_before }.into())
        }
        Rejection::Store(StoreReason::ConfigurationManager | StoreReason::Archived | StoreReason::Unreadable(_))
        | Rejection::Dates(DatesReason::Expired { .. })
        | Rejection::Issuers(_)
        | Rejection::Key(_)
        | Rejection::Template(_)
        | Rejection::Chain(_)
        | Rejection::Revocation(_)
        | Rejection::Purpose(_)
        | Rejection::Criteria(_)
        | Rejection::Name(_)
        | Rejection::Rank(_) => None,
    }
}

/// Whether a near miss still is one (E-2): a certificate whose time comes may meet a CA whose time is over, where CRLs are taken
/// as renewed by then.
fn is_near_still(world: &World, id: CertId, now: Timestamp, near_miss: &NearMiss) -> bool {
    match near_miss {
        NearMiss::Dates(DatesNearMiss::NotYetValid { from }) => {
            let renewed = Arc::new(world.crls.as_ref().clone().with_renewal_assumed());
            let world = world.clone().with_crls(renewed);
            judge(&world, id, *from, Depth::FirstRejection).is_some_and(|verdict| verdict.rejection().is_none())
        }
        // A CRL at hand that does not count, such as a delta without its base, may say what the missing one would.
        NearMiss::Revocation(_) => !is_listed(world, id, now, Hold::Counts),
        // Where it is trusted or refused by standing there, its chain is another one.
        NearMiss::Store(StoreNearMiss::WrongStore { chosen, .. }) => match chosen.kind() {
            StoreKind::Root => world.settings.anchors() != Anchors::AnyInRoot,
            StoreKind::Disallowed => false,
            StoreKind::Ca | StoreKind::Trusted | StoreKind::Other => true,
        },
        NearMiss::Issuers(_)
        | NearMiss::Chain(_)
        | NearMiss::Template(_)
        | NearMiss::Purpose(_)
        | NearMiss::Criteria(_)
        | NearMiss::Name(_) => true,
    }
}

/// Whether a hold in a CRL stands in the way, or is what a missing delta CRL may end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    Counts,
    MayEnd,
}

/// Whether any CRL at hand, counted or not, lists the certificate or a CA above it.
pub(super) fn is_listed(world: &World, id: CertId, now: Timestamp, hold: Hold) -> bool {
    let Some(stored) = world.stores.get(id) else { return false };
    let chain = world.chain(id, stored, now);
    let (_root, below) = chain.path().certificates().split_last().unwrap_or((&id, &[]));
    below.iter().any(|id| {
        let named = world.stores.issuer_key(*id).zip(world.certificate(*id));
        match named.and_then(|(issuer, certificate)| world.crls.gravest(issuer, certificate.serial_number())) {
            Some(Effect::Final) => true,
            Some(Effect::Held) => hold == Hold::Counts,
            Some(Effect::Released) | None => false,
        }
    })
}

/// Everything that the checks say.
struct Heard<'a> {
    certificate: &'a Certificate,
    depth: Depth,
    findings: Vec<Finding>,
    warnings: Vec<Warning>,
    /// How many findings and warnings there were with the first rejection.
    first: Option<(usize, usize)>,
}

impl Heard<'_> {
    /// What was heard, near misses only where nothing else stands in the way (rule E-2).
    fn finish(self, holds: impl Fn(&NearMiss) -> bool) -> (Vec<Finding>, Vec<Warning>) {
        let Heard { certificate, depth, mut findings, mut warnings, first } = self;
        let alone = findings.iter().filter(|finding| finding.rejection().is_some()).count() == 1;
        for finding in &mut findings {
            let Finding::Rejected { rejection, near_miss } = finding else { continue };
            if near_miss.is_none() {
                *near_miss = near_miss_if_alone(rejection, certificate).map(Box::new);
            }
            // T-5: what could not be read is said beside the issuer that is not found, whatever else stands in the way.
            let is_unread = matches!(near_miss.as_deref(), Some(NearMiss::Chain(_)));
            if !is_unread && (!alone || !near_miss.as_deref().is_some_and(&holds)) {
                *near_miss = None;
            }
        }
        if let (Depth::FirstRejection, Some((said, warned))) = (depth, first) {
            findings.truncate(said);
            warnings.truncate(warned);
        }
        (findings, warnings)
    }
}

impl Listener for Heard<'_> {
    fn passed<P: Into<Pass>>(&mut self, pass: impl FnOnce() -> P) {
        self.findings.push(Finding::Passed(pass().into()));
    }

    fn exempt(&mut self, exemption: Exemption) {
        self.findings.push(Finding::NotApplicable(exemption));
    }

    fn rejected(&mut self, finding: impl FnOnce() -> Finding) -> Flow {
        let finding = finding();
        // To know that nothing else stands in the way of a near miss, it is judged to the end.
        let near = |one: &Rejection| near_miss_if_alone(one, self.certificate).is_some();
        let looked_past = finding.near_miss().is_some() || finding.rejection().is_some_and(near);
        self.findings.push(finding);
        let is_first = self.first.is_none();
        self.first.get_or_insert((self.findings.len(), self.warnings.len()));
        match self.depth {
            Depth::FirstRejection if is_first && !looked_past => Flow::Break(()),
            Depth::FirstRejection | Depth::Everything => Flow::Continue(()),
        }
    }

    fn is_lost(&mut self) -> Flow {
        Flow::Continue(())
    }

    fn warn<W: IntoIterator<Item = Warning>>(&mut self, warnings: impl FnOnce() -> W) {
        self.warnings.extend(warnings());
    }
}
