//! What is fixed about a reason beside its words: the row of its variant.
//!
//! This is the type; the rows themselves stand beside the check that gives the reason.

use crate::{Hresult, Rule, Step};

/// What is fixed about one result of a check; its words are its `Display`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) struct Row {
    /// The step that the check belongs to.
    pub step: Step,
    /// The stable code, `step.reason`; for rejections those of annex A.
    pub code: &'static str,
    /// The rule behind the result.
    pub rule: Rule,
    /// What verifying the chain returns in the client's log, for reasons of the chain and of revocation.
    pub log: Option<Hresult>,
    /// What the client reports where this is all that is wrong (section 8 of the specification).
    pub hresult: Hresult,
    /// For a reason: what is true of each machine that a report counts under it.
    pub counted: Option<&'static str>,
}

impl Row {
    /// A reason for which the client reports that nothing matched.
    pub(crate) const fn new(step: Step, code: &'static str, rule: Rule) -> Self {
        Row { step, code, rule, log: None, hresult: Hresult::NOTHING_MATCHED, counted: None }
    }

    /// With what is true of the machines that are counted under it.
    pub(crate) const fn counted(self, words: &'static str) -> Self {
        Row { counted: Some(words), ..self }
    }

    /// With another report.
    pub(crate) const fn reported(self, hresult: Hresult) -> Self {
        Row { hresult, ..self }
    }

    /// With what the log says of the chain.
    pub(crate) const fn logged(self, chain: u32) -> Self {
        Row { log: Some(Hresult(chain)), ..self }
    }
}
