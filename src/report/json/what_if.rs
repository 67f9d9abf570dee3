//! Timelines and comparisons for programs.

use super::{OutcomeJson, SCHEMA, outcome, thumbprint};
use crate::report::what_if::{Loss, because};
use crate::revocation::Crl;
use crate::select::{Comparison, Outcome, Selection, Selector, Timeline};
use crate::store::Stores;
use serde::{Serialize, Serializer};

/// A timeline for programs.
///
/// Fields: `schema`, `machine`, `from`, `until`, `outcome` and `selected` at the beginning, and `changes`, each with `at`,
/// `selected`, `outcome`, `cause` (`certificates`, `crls` or `both`) and `because`; `crls_renewed` says whether the CRLs are
/// assumed to be renewed in time. Of several that pass, a change lists the first [`MAX_SEVERAL`].
pub(crate) struct TimelineDocument<'a> {
    /// The selector that made it.
    pub selector: &'a Selector,
    /// The timeline.
    pub timeline: &'a Timeline,
}

#[derive(Serialize)]
struct TimelineJson<'a> {
    schema: u32,
    machine: &'a str,
    from: String,
    until: String,
    selected: Option<String>,
    outcome: OutcomeJson,
    crls_renewed: bool,
    changes: Vec<ChangeJson>,
}

#[derive(Serialize)]
struct ChangeJson {
    at: String,
    selected: Option<String>,
    outcome: OutcomeJson,
    cause: &'static str,
    because: Vec<String>,
}

/// How many of several that pass a change of a timeline lists. All of them at each change would grow with the square of
/// their number.
pub(crate) const MAX_SEVERAL: usize = 16;

impl Serialize for TimelineDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (stores, timeline) = (self.selector.stores(), self.timeline);
        let crls: Vec<&Crl> = self.selector.crls().iter().collect();
        let selected = |outcome: &Outcome| outcome.selected().and_then(|id| thumbprint(stores, id));
        let changes = timeline.changes.iter().map(|change| ChangeJson {
            at: change.at.to_string(),
            selected: selected(&change.outcome),
            outcome: shortened(&change.outcome, stores),
            cause: change.cause().name(),
            because: change.because.iter().map(|boundary| because(&crls, boundary)).collect(),
        });
        TimelineJson {
            schema: SCHEMA,
            machine: self.selector.machine().name(),
            from: timeline.from.to_string(),
            until: timeline.until.to_string(),
            selected: selected(&timeline.first),
            outcome: shortened(&timeline.first, stores),
            crls_renewed: self.selector.crls().assumes_renewal(),
            changes: changes.collect(),
        }
        .serialize(serializer)
    }
}

fn shortened(of: &Outcome, stores: &Stores) -> OutcomeJson {
    match of {
        Outcome::Ambiguous(several) => {
            outcome(&Outcome::Ambiguous(several.iter().take(MAX_SEVERAL).copied().collect()), stores)
        }
        Outcome::Selected(_) | Outcome::Nothing { .. } => outcome(of, stores),
    }
}

/// A comparison for programs.
///
/// Fields: `schema`, `machine`, `change` (`same`, `still_none`, `changed`, `gained`, `lost`), `because` (what rejects the
/// certificate that is lost, with `code` and `message`; null where none is), and `before` and `after`, each with `now`,
/// `ruleset`, `selected` and `outcome`.
pub(crate) struct ComparisonDocument<'a> {
    /// The selector of either side: both have the same stores.
    pub selector: &'a Selector,
    /// The comparison.
    pub comparison: &'a Comparison,
}

#[derive(Serialize)]
struct ComparisonJson<'a> {
    schema: u32,
    machine: &'a str,
    change: &'static str,
    because: Option<LossJson>,
    before: SideJson,
    after: SideJson,
}

#[derive(Serialize)]
struct LossJson {
    code: &'static str,
    message: String,
}

#[derive(Serialize)]
struct SideJson {
    now: String,
    ruleset: &'static str,
    selected: Option<String>,
    outcome: OutcomeJson,
}

impl Serialize for ComparisonDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stores = self.selector.stores();
        let side = |selection: &Selection| SideJson {
            now: selection.now().to_string(),
            ruleset: selection.ruleset().name(),
            selected: selection.selected().and_then(|id| thumbprint(stores, id)),
            outcome: outcome(selection.outcome(), stores),
        };
        ComparisonJson {
            schema: SCHEMA,
            machine: self.selector.machine().name(),
            change: self.comparison.difference().name(),
            because: Loss::of(self.comparison).map(|loss| LossJson { code: loss.code, message: loss.message }),
            before: side(&self.comparison.before),
            after: side(&self.comparison.after),
        }
        .serialize(serializer)
    }
}
