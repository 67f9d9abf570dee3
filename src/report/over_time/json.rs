//! A change for programs: one document a machine, schema 1.

use super::{MachineMovement, Snapshot};
use crate::report::json::SCHEMA;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct OverTimeJson<'a> {
    schema: u32,
    machine: &'a str,
    movement: &'static str,
    before: Option<SnapshotJson<'a>>,
    after: Option<SnapshotJson<'a>>,
    because: &'a [String],
}

#[derive(Serialize)]
struct SnapshotJson<'a> {
    state: &'static str,
    now: Option<String>,
    selected: Option<String>,
    issued_to: Option<&'a str>,
    not_after: Option<String>,
    reasons: Vec<&'static str>,
}

fn side(snapshot: &Snapshot) -> SnapshotJson<'_> {
    let selected = snapshot.selected.as_ref();
    SnapshotJson {
        state: snapshot.state.key(),
        now: snapshot.now.map(|now| now.to_string()),
        selected: selected.map(|selected| selected.thumbprint.to_string()),
        issued_to: selected.map(|selected| selected.issued_to.as_str()),
        not_after: selected.map(|selected| selected.not_after.to_string()),
        reasons: snapshot.reasons.iter().copied().collect(),
    }
}

/// Fields: `schema`, `machine`, `movement`, `before` and `after` (each with `state`, `now`, `selected`, `issued_to`,
/// `not_after` and `reasons`; null where the machine is not in that collection), and `because`.
impl Serialize for MachineMovement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        OverTimeJson {
            schema: SCHEMA,
            machine: &self.machine,
            movement: self.movement.name(),
            before: self.before.as_ref().map(side),
            after: self.after.as_ref().map(side),
            because: &self.because,
        }
        .serialize(serializer)
    }
}
