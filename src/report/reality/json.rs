//! A reading, and its comparison with a prediction, for programs: schema 1.

use super::compare::RealityComparison;
use super::read::{LogReading, LoggedSelection};
use crate::report::json::SCHEMA;
use serde::{Serialize, Serializer};

/// Fields: `schema`, `machine`, `agreement` (`agrees`, `differs`, `not_comparable`, or null where nothing was compared),
/// `selections`, `known_lines`, `unknown_lines`, `last` (what the last selection says) and `items`, each with `subject`,
/// `agreement`, `log` and `predicted`; `explained_by`, the readings (rule R-5) under which nothing differs, each with `setting`,
/// `value` and `rule`.
pub(crate) struct RealityDocument<'a> {
    /// What was read.
    pub reading: &'a LogReading,
    /// The machine that it was compared with.
    pub machine: Option<&'a str>,
    /// The comparison.
    pub comparison: Option<&'a RealityComparison>,
}

#[derive(Serialize)]
struct RealityJson<'a> {
    schema: u32,
    machine: Option<&'a str>,
    agreement: Option<&'static str>,
    selections: usize,
    known_lines: usize,
    unknown_lines: usize,
    last: Option<PassJson<'a>>,
    items: Vec<ItemJson<'a>>,
    explained_by: Vec<ExplainingJson>,
}

#[derive(Serialize)]
struct ExplainingJson {
    setting: &'static str,
    value: &'static str,
    rule: &'static str,
}

#[derive(Serialize)]
struct PassJson<'a> {
    begin: Option<String>,
    issuers: Option<&'a [String]>,
    store: Option<&'a str>,
    certificates: Vec<SeenJson<'a>>,
    selected: Option<&'a str>,
    hresult: Option<String>,
}

#[derive(Serialize)]
struct SeenJson<'a> {
    thumbprint: &'a str,
    issued_to: &'a str,
    found: Option<&'a str>,
    skipped: Option<&'a str>,
    expired: bool,
    chain_result: Option<String>,
    client_authentication: bool,
}

#[derive(Serialize)]
struct ItemJson<'a> {
    subject: &'a str,
    agreement: &'static str,
    log: &'a str,
    predicted: &'a str,
}

fn pass(pass: &LoggedSelection) -> PassJson<'_> {
    PassJson {
        begin: pass.begin().map(|begin| begin.to_string()),
        issuers: pass.issuers(),
        store: pass.store(),
        certificates: pass
            .certificates()
            .iter()
            .map(|seen| SeenJson {
                thumbprint: &seen.thumbprint,
                issued_to: &seen.issued_to,
                found: seen.found.as_deref(),
                skipped: seen.skipped.as_deref(),
                expired: seen.expired,
                chain_result: seen.chain_result.map(|code| format!("0x{code:08X}")),
                client_authentication: seen.client_authentication,
            })
            .collect(),
        selected: pass.selected(),
        hresult: pass.result().map(|result| result.to_string()),
    }
}

impl Serialize for RealityDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let items = self.comparison.map(RealityComparison::items).unwrap_or_default();
        let explained_by = self.comparison.map(RealityComparison::explained_by).unwrap_or_default();
        RealityJson {
            schema: SCHEMA,
            machine: self.machine,
            agreement: self.comparison.map(|comparison| comparison.agreement().name()),
            selections: self.reading.passes().len() + self.reading.left_out(),
            known_lines: self.reading.known_lines(),
            unknown_lines: self.reading.unknown_lines(),
            last: self.reading.last().map(pass),
            items: items
                .iter()
                .map(|item| ItemJson {
                    subject: &item.subject,
                    agreement: item.agreement.name(),
                    log: &item.log,
                    predicted: &item.predicted,
                })
                .collect(),
            explained_by: explained_by
                .iter()
                .map(|choice| ExplainingJson { setting: choice.setting, value: choice.value, rule: choice.rule.id() })
                .collect(),
        }
        .serialize(serializer)
    }
}
