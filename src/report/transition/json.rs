//! The transition for programs: one document, schema 1.

use super::{Group, Signing, Standing, Transition, TransitionPhase};
use crate::report::json::SCHEMA;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct TransitionJson<'a> {
    schema: u32,
    machines: u64,
    phases: Vec<PhaseJson<'a>>,
    changes: Vec<NeededChangeJson<'a>>,
    signing: Vec<GroupJson<'a>>,
    encryption: EncryptionJson,
    roots: Vec<RootJson<'a>>,
    further_roots: u64,
    issuers_property: Option<String>,
}

#[derive(Serialize)]
struct PhaseJson<'a> {
    phase: &'static str,
    ssl_state: u32,
    ssl_state_without_crl_check: u32,
    machines: Vec<GroupJson<'a>>,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    kind: &'static str,
    count: u64,
    names: &'a [String],
}

#[derive(Serialize)]
struct NeededChangeJson<'a> {
    code: &'static str,
    count: u64,
    example: &'a str,
    names: &'a [String],
}

#[derive(Serialize)]
struct EncryptionJson {
    algorithm: &'static str,
    machines: u64,
}

#[derive(Serialize)]
struct RootJson<'a> {
    entry: &'a str,
    thumbprint: &'a str,
    machines: u64,
}

fn group<'a>(kind: &'static str, group: &'a Group) -> GroupJson<'a> {
    GroupJson { kind, count: group.count(), names: group.names() }
}

/// Fields: `schema`, `machines`, `phases` (each with `phase`, its two SSL states, and its `machines` by `ready`, `over_http`
/// and `lost`), `changes` (what makes the others ready), `signing` (by `not_needed`, `self_signed`, `sha256_unknown` and
/// `refused_with_sha256`), `encryption`, `roots`, `further_roots` and `issuers_property`. `names` are those of the first
/// thousand machines of a group; `--format csv` has a row for every machine.
impl Serialize for Transition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let phases = TransitionPhase::ALL.into_iter().map(|phase| {
            let of = |standing: Standing| Some(group(standing.name(), self.group(phase, standing)?));
            PhaseJson {
                phase: phase.name(),
                ssl_state: phase.ssl_state().bits(),
                ssl_state_without_crl_check: phase.ssl_state_without_crl_check().bits(),
                machines: Standing::ALL.into_iter().filter_map(of).collect(),
            }
        });
        let signing = Signing::ALL.into_iter().filter_map(|kind| Some(group(kind.name(), self.signing(kind)?)));
        let changes = self.changes().map(|(code, change)| NeededChangeJson {
            code,
            count: change.machines.count(),
            example: &change.example,
            names: change.machines.names(),
        });
        let over_http = self.group(TransitionPhase::Mixed, Standing::OverHttp).map(Group::count).unwrap_or_default();
        let roots = self.roots();
        TransitionJson {
            schema: SCHEMA,
            machines: self.machines(),
            phases: phases.collect(),
            changes: changes.collect(),
            signing: signing.collect(),
            encryption: EncryptionJson { algorithm: "3DES", machines: over_http },
            roots: roots
                .map(|(root, machines)| RootJson { entry: &root.entry, thumbprint: &root.thumbprint, machines })
                .collect(),
            further_roots: self.further_roots(),
            issuers_property: self.issuers_property(),
        }
        .serialize(serializer)
    }
}
