//! Two collections of a fleet, one later than the other: which machines changed their state, and why.
//!
//! A [`Snapshot`] is what is kept of a machine of the earlier collection: a few hundred bytes, whatever it holds. A
//! [`MachineMovement`] compares it with the same machine of the later one.

mod json;
mod text;

use super::fleet::{Risk, State, decisive, reasons};
use super::readiness::ReadinessReport;
use super::text::context;
use crate::certificate::Thumbprint;
use crate::select::Verdict;
use crate::shown::{Shown, one_line};
use crate::time::Timestamp;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// The certificate that a machine selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selected {
    /// Its SHA-1.
    pub thumbprint: Thumbprint,
    /// Whom it was issued to (rule A-3).
    pub issued_to: String,
    /// When it ends.
    pub not_after: Timestamp,
}

/// How a machine stood at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    state: State,
    now: Option<Timestamp>,
    selected: Option<Selected>,
    reasons: BTreeSet<&'static str>,
    /// Why it is not simply ready, in words.
    because: Vec<String>,
    /// Settings, in words; most machines of a fleet have the same.
    settings: Arc<[String]>,
}

/// Words of one machine that are kept; the rest is in its own report.
const KEPT_REASONS: usize = 4;

impl Snapshot {
    /// How a machine stands.
    pub(crate) fn of(report: &ReadinessReport<'_>, risks: &[Risk]) -> Snapshot {
        let selected = report.selected().map(|stored| Selected {
            thumbprint: stored.certificate().thumbprint(),
            issued_to: Shown(&stored.certificate().issued_to()).to_string(),
            not_after: stored.certificate().not_after(),
        });
        let because = if report.is_ready() {
            risks.iter().map(ToString::to_string).collect()
        } else {
            let said: Vec<String> = decisive(report).map(|finding| one_line(&finding.to_string())).collect();
            let mut seen = HashSet::new();
            let said = said.into_iter().filter(|said| seen.insert(said.clone()));
            said.take(KEPT_REASONS).collect()
        };
        Snapshot {
            state: State::of(report, risks),
            now: Some(report.selection().now()),
            selected,
            reasons: reasons(report),
            because,
            settings: context(report).into(),
        }
    }

    /// A machine that cannot be judged, and why.
    pub(crate) fn unjudged(message: &str) -> Snapshot {
        Snapshot {
            state: State::Unjudged,
            now: None,
            selected: None,
            reasons: BTreeSet::new(),
            because: vec![one_line(message)],
            settings: Arc::default(),
        }
    }

    /// Shares the words of the settings with machines that have the same.
    pub(crate) fn sharing(mut self, known: &mut HashSet<Arc<[String]>>) -> Snapshot {
        match known.get(&self.settings) {
            Some(same) => self.settings = Arc::clone(same),
            None => drop(known.insert(Arc::clone(&self.settings))),
        }
        self
    }

    /// When; `None` where it could not be judged.
    pub(crate) fn now(&self) -> Option<Timestamp> {
        self.now
    }
}

/// What happened to a machine between two collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Movement {
    /// It selected a certificate, and no longer does.
    Lost,
    /// It was judged, and can no longer be.
    Broken,
    /// It is not in the later collection.
    Gone,
    /// It selects none as before, for other reasons.
    OtherReasons,
    /// It selects the same certificate, and its state is another: a risk came or went.
    OtherState,
    /// It selects another certificate.
    OtherCertificate,
    /// It selects a certificate, and did not.
    Gained,
    /// It is not in the earlier collection, or could not be judged there.
    New,
    /// Nothing.
    Same,
}

impl Movement {
    /// The word in JSON and in the summary.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Movement::Lost => "lost",
            Movement::Broken => "broken",
            Movement::Gone => "gone",
            Movement::OtherReasons => "other_reasons",
            Movement::OtherState => "other_state",
            Movement::OtherCertificate => "other_certificate",
            Movement::Gained => "gained",
            Movement::New => "new",
            Movement::Same => "same",
        }
    }

    /// The words at the head of a machine's lines.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Movement::Lost => "lost its certificate",
            Movement::Broken => "can no longer be judged",
            Movement::Gone => "is no longer there",
            Movement::OtherReasons => "is not ready for other reasons",
            Movement::OtherState => "is in another state",
            Movement::OtherCertificate => "selects another certificate",
            Movement::Gained => "gained a certificate",
            Movement::New => "is new",
            Movement::Same => "is as before",
        }
    }
}

/// One machine of both collections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MachineMovement {
    machine: String,
    movement: Movement,
    before: Option<Snapshot>,
    after: Option<Snapshot>,
    because: Vec<String>,
}

impl MachineMovement {
    /// A machine of the later collection, and what is kept of it from the earlier one.
    pub(crate) fn of(before: Option<Snapshot>, report: &ReadinessReport<'_>, risks: &[Risk]) -> MachineMovement {
        let after = Snapshot::of(report, risks);
        let movement = movement(before.as_ref(), &after);
        let mut because = Vec::new();
        if let Some(before) = &before {
            if movement != Movement::Same {
                because.extend(fate(before, &after, report));
                because.extend(before.because.iter().map(|said| format!("before: {said}")));
            }
            if before.settings != after.settings && before.state != State::Unjudged {
                let side = |snapshot: &Snapshot| {
                    if snapshot.settings.is_empty() { "the defaults".to_owned() } else { snapshot.settings.join("; ") }
                };
                because.push(format!("its settings were {}, and are {}", side(before), side(&after)));
            }
        }
        if movement != Movement::Same {
            because.extend(after.because.iter().map(|said| format!("now: {said}")));
        }
        MachineMovement { machine: report.machine().name().to_owned(), movement, before, after: Some(after), because }
    }

    /// A machine of the later collection that cannot be judged.
    pub(crate) fn unjudged(machine: &str, before: Option<Snapshot>, message: &str) -> MachineMovement {
        let movement = match &before {
            Some(before) if before.state == State::Unjudged => Movement::Same,
            Some(_) => Movement::Broken,
            None => Movement::New,
        };
        let after = Snapshot::unjudged(message);
        MachineMovement {
            machine: machine.to_owned(),
            movement,
            before,
            because: after.because.clone(),
            after: Some(after),
        }
    }

    /// A machine that is not in the later collection.
    pub(crate) fn gone(machine: &str, before: Snapshot) -> MachineMovement {
        let because = Vec::new();
        MachineMovement {
            machine: machine.to_owned(),
            movement: Movement::Gone,
            before: Some(before),
            after: None,
            because,
        }
    }

    /// The machine.
    pub(crate) fn machine(&self) -> &str {
        &self.machine
    }

    /// What happened.
    pub(crate) fn movement(&self) -> Movement {
        self.movement
    }

    /// Why, in words.
    pub(crate) fn because(&self) -> &[String] {
        &self.because
    }
}

fn movement(before: Option<&Snapshot>, after: &Snapshot) -> Movement {
    let Some(before) = before.filter(|before| before.state != State::Unjudged) else { return Movement::New };
    match (&before.selected, &after.selected) {
        (Some(_), None) => Movement::Lost,
        (None, Some(_)) => Movement::Gained,
        (Some(old), Some(new)) if old.thumbprint != new.thumbprint => Movement::OtherCertificate,
        _ if before.state != after.state => Movement::OtherState,
        (None, None) if before.reasons != after.reasons => Movement::OtherReasons,
        _ => Movement::Same,
    }
}

/// What became of the certificate that was selected, where that is another now.
fn fate(before: &Snapshot, after: &Snapshot, report: &ReadinessReport<'_>) -> Option<String> {
    let old = before.selected.as_ref()?;
    if after.selected.as_ref().is_some_and(|new| new.thumbprint == old.thumbprint) {
        return None;
    }
    let name = format!("{} `{}`", old.thumbprint, old.issued_to);
    let stores = report.stores();
    let verdicts = report.selection().verdicts().iter();
    let verdict =
        verdicts.filter(|verdict| report.thumbprint(verdict.id()) == Some(old.thumbprint)).min_by_key(|verdict| {
            // It may be in several stores; the one that is searched counts.
            stores.store_of(verdict.id()) != Some(report.selection().store())
        });
    Some(match verdict.and_then(Verdict::deciding) {
        Some(finding) => one_line(&format!("{name}: {finding}")),
        None => format!("{name} is no longer in its stores"),
    })
}
