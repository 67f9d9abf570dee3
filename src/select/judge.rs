//! One certificate through the checks, in documented order, and what each of them says.

use super::checks::{Check, Flow, Judged, Listener};
use super::verdict::{Verdict, VerdictKind};
use super::warning::Warning;
use super::world::World;
use crate::Timestamp;
use crate::check::{
    DatesNearMiss, DatesReason, Exemption, Finding, NearMiss, Pass, Rejection, StoreNearMiss, StoreReason,
};
use crate::store::{CertId, Entry, Enumeration};

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
            return Some(outside(StoreReason::Unreadable(entry.error().clone()), VerdictKind::Unreadable));
        }
        Entry::Certificate(stored) if stored.enumeration() == Enumeration::Archived => {
            return Some(outside(StoreReason::Archived, VerdictKind::Rejected));
        }
        Entry::Certificate(_) => {}
    }
    let judged = Judged::of(world, id, now)?;
    let mut heard = Heard { depth, findings: Vec::new(), warnings: Vec::new(), first: None };
    let _ = Check::DOCUMENTED.iter().try_for_each(|check| check.run(&judged, &mut heard)); // how far it came is heard
    let (findings, warnings) = heard.finish();
    let rejected = findings.iter().any(|finding| finding.rejection().is_some());
    let kind = if rejected { VerdictKind::Rejected } else { VerdictKind::Candidate };
    Some(Verdict { id, kind, path: judged.into_path(), findings, warnings })
}

/// What is nearly right about a certificate that has this rejection and no other: T-4, "right certificate, wrong store",
/// and V-1, a renewed certificate whose time comes. To know that it has no other, it is judged to the end.
fn near_miss_if_alone(rejection: &Rejection) -> Option<NearMiss> {
    match rejection {
        Rejection::Store(StoreReason::OtherStore { store, chosen }) => {
            Some(StoreNearMiss::WrongStore { store: store.clone(), chosen: chosen.clone() }.into())
        }
        Rejection::Dates(DatesReason::NotYetValid { not_before, .. }) => {
            Some(DatesNearMiss::NotYetValid { from: *not_before }.into())
        }
        Rejection::Store(StoreReason::Archived | StoreReason::Unreadable(_))
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

/// Everything that the checks say.
struct Heard {
    depth: Depth,
    findings: Vec<Finding>,
    warnings: Vec<Warning>,
    /// How many findings and warnings there were with the first rejection.
    first: Option<(usize, usize)>,
}

impl Heard {
    fn finish(self) -> (Vec<Finding>, Vec<Warning>) {
        let Heard { depth, mut findings, mut warnings, first } = self;
        let mut rejected = findings.iter_mut().filter(|finding| finding.rejection().is_some());
        if let (Some(Finding::Rejected { rejection, near_miss }), None) = (rejected.next(), rejected.next())
            && let Some(near) = near_miss_if_alone(rejection)
        {
            *near_miss = Some(Box::new(near));
        }
        if let (Depth::FirstRejection, Some((said, warned))) = (depth, first) {
            findings.truncate(said);
            warnings.truncate(warned);
        }
        (findings, warnings)
    }
}

impl Listener for Heard {
    fn passed<P: Into<Pass>>(&mut self, pass: impl FnOnce() -> P) {
        self.findings.push(Finding::Passed(pass().into()));
    }

    fn exempt(&mut self, exemption: Exemption) {
        self.findings.push(Finding::NotApplicable(exemption));
    }

    fn rejected(&mut self, finding: impl FnOnce() -> Finding) -> Flow {
        let finding = finding();
        let looked_past = finding.rejection().and_then(near_miss_if_alone).is_some();
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
