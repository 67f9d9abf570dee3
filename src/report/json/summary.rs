//! The summary of a fleet as a document, which can be added to others.

use super::SCHEMA;
use crate::report::fleet::{FleetSummary, SummaryError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The counts of many machines.
///
/// Fields: `schema`, and `summary` with `ready`, `not_ready`, `unjudged`, `at_risk`, `wrong_store` (numbers of machines; the
/// last select nothing and have the right certificate in another store, rule T-4), and `outcomes` (by result code), `reasons` and `risks` (by code; `words` has the words of each), `other_under` and `ready_under` (by `setting.value`: machines with another
/// answer, and machines that would be ready, under that reading of rule R-5), each a number of machines. Adding two up field by field gives the summary
/// of both fleets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SummaryJson", into = "SummaryJson")]
pub(crate) struct SummaryDocument(FleetSummary);

impl SummaryDocument {
    /// The document of a summary.
    pub(crate) fn new(summary: FleetSummary) -> Self {
        SummaryDocument(summary)
    }

    /// The summary of a document.
    pub(crate) fn into_summary(self) -> FleetSummary {
        self.0
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryJson {
    schema: u32,
    summary: CountsJson,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountsJson {
    ready: u64,
    not_ready: u64,
    unjudged: u64,
    at_risk: u64,
    #[serde(default)]
    wrong_store: u64,
    outcomes: BTreeMap<String, u64>,
    reasons: BTreeMap<String, u64>,
    risks: BTreeMap<String, u64>,
    #[serde(default)]
    words: BTreeMap<String, String>,
    #[serde(default)]
    ready_under: BTreeMap<String, u64>,
    #[serde(default)]
    other_under: BTreeMap<String, u64>,
}

impl From<SummaryDocument> for SummaryJson {
    fn from(SummaryDocument(summary): SummaryDocument) -> Self {
        SummaryJson {
            schema: SCHEMA,
            summary: CountsJson {
                ready: summary.capable,
                not_ready: summary.incapable,
                unjudged: summary.unjudged,
                at_risk: summary.at_risk,
                wrong_store: summary.wrong_store,
                outcomes: summary.outcomes,
                reasons: summary.reasons,
                risks: summary.risks,
                words: summary.words,
                ready_under: summary.ready_under,
                other_under: summary.other_under,
            },
        }
    }
}

impl TryFrom<SummaryJson> for SummaryDocument {
    type Error = SummaryError;

    fn try_from(document: SummaryJson) -> Result<Self, SummaryError> {
        if document.schema != SCHEMA {
            return Err(SummaryError::Schema(document.schema));
        }
        let CountsJson {
            ready,
            not_ready,
            unjudged,
            at_risk,
            wrong_store,
            outcomes,
            reasons,
            risks,
            words,
            ready_under,
            other_under,
        } = document.summary;
        let maps = [
            ("outcomes", &outcomes),
            ("reasons", &reasons),
            ("risks", &risks),
            ("ready_under", &ready_under),
            ("other_under", &other_under),
        ];
        for (what, counts) in maps {
            SummaryError::check(what, counts)?;
        }
        SummaryError::check_words(&words)?;
        Ok(SummaryDocument(FleetSummary {
            capable: ready,
            incapable: not_ready,
            unjudged,
            at_risk,
            wrong_store,
            outcomes,
            reasons,
            words,
            risks,
            ready_under,
            other_under,
        }))
    }
}
