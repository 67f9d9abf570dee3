//! What is fixed about a reason beside its words: the row of its variant, and what of it everything has that is found.
//!
//! These are the types; the rows themselves stand beside the check that gives the reason.

use crate::hresult::Hresult;
use crate::rules::{Rule, Step};
use std::fmt;

/// What was found, be it the result of a check, a rejection or a warning: a code for programs, the rule behind it, and a
/// sentence for people, its `Display`.
///
/// ```
/// use ccmcertsel::{Coded, Machine, Selector, Settings, Stores, Timestamp};
///
/// fn line(found: &impl Coded) -> String {
///     format!("{} ({}): {found}", found.code(), found.rule())
/// }
///
/// let mut stores = Stores::builder();
/// stores.add_der("MY", &std::fs::read("testdata/machines/contoso-pc1/MY/20-wrong-root.cer")?);
/// let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
/// let now: Timestamp = "2026-01-15T09:00:00Z".parse()?;
/// let selection = selector.select(now);
/// let rejection = selection.verdicts()[0].rejection().unwrap();
/// let told = "validity.no_path (V-5): the issuer of the certificate was not found: ";
/// assert_eq!(line(rejection), format!("{told}`CN=Fabrikam Device Root; O=Fabrikam GmbH; C=DE`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Coded: fmt::Display {
    /// The stable code, `step.reason` for results and rejections and `topic.reason` for the rest: what another version
    /// calls the same, whatever its words. [The table](crate::report::codes) has all rejections.
    fn code(&self) -> &'static str;

    /// The rule of the [specification](crate::rules) behind it.
    fn rule(&self) -> Rule;
}

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
