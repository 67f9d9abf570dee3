//! Timelines and comparisons for programs.

use super::{OutcomeJson, SCHEMA, outcome, thumbprint};
use crate::report::what_if::because;
use crate::select::{Comparison, Timeline};
use crate::{Outcome, Selection, Selector};
use serde::{Serialize, Serializer};

/// A timeline for programs.
///
/// Fields: `schema`, `machine`, `from`, `until`, `outcome` and `selected` at the beginning, and `changes`, each with `at`,
/// `selected`, `outcome` and `because`.
pub struct TimelineDocument<'a> {
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
    changes: Vec<ChangeJson>,
}

#[derive(Serialize)]
struct ChangeJson {
    at: String,
    selected: Option<String>,
    outcome: OutcomeJson,
    because: Vec<String>,
}

impl Serialize for TimelineDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (stores, timeline) = (self.selector.stores(), self.timeline);
        let selected = |outcome: &Outcome| outcome.selected().and_then(|id| thumbprint(stores, id));
        let changes = timeline.changes.iter().map(|change| ChangeJson {
            at: change.at.to_string(),
            selected: selected(&change.outcome),
            outcome: outcome(&change.outcome, stores),
            because: change.because.iter().map(|boundary| because(self.selector, boundary)).collect(),
        });
        TimelineJson {
            schema: SCHEMA,
            machine: self.selector.machine().name(),
            from: timeline.from.to_string(),
            until: timeline.until.to_string(),
            selected: selected(&timeline.first),
            outcome: outcome(&timeline.first, stores),
            changes: changes.collect(),
        }
        .serialize(serializer)
    }
}

/// A comparison for programs.
///
/// Fields: `schema`, `machine`, `change` (`same`, `still_none`, `changed`, `gained`, `lost`), and `before` and `after`,
/// each with `now`, `ruleset`, `selected` and `outcome`.
pub struct ComparisonDocument<'a> {
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
    before: SideJson,
    after: SideJson,
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
            before: side(self.comparison.before()),
            after: side(self.comparison.after()),
        }
        .serialize(serializer)
    }
}
