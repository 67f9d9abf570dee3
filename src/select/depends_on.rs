//! R-5: under which other reading of what is not documented the answer would be another.
//!
//! The readings are the alternatives of every setting that nobody stated and that no documentation gives: the other
//! rulesets, and what the specification tags *assumed* or *observed*. They are tried one at a time, by selecting again.
//!
//! ```
//! use ccmcertsel::{Machine, Selector, Settings, Stores};
//! use time::OffsetDateTime;
//!
//! let stores = Stores::builder().build();
//! let selector = Selector::new(stores, Machine::new("PC1"), Settings::ccm_setup()).with_readings();
//! let selection = selector.select(OffsetDateTime::UNIX_EPOCH);
//! let depends_on = selection.depends_on().unwrap();
//! assert!(depends_on.readings().is_empty()); // no certificate, whatever the reading
//! assert!(depends_on.tried().len() > 5);
//! ```

use super::outcome::Outcome;
use crate::Rule;
use crate::settings::Chosen;

/// What an answer depends on (rule R-5).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DependsOn {
    tried: Vec<Chosen>,
    readings: Vec<Reading>,
}

/// A reading under which another certificate, or none, is selected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reading {
    choice: Chosen,
    outcome: Outcome,
}

impl DependsOn {
    pub(super) fn new(tried: Vec<Chosen>, readings: Vec<Reading>) -> Self {
        DependsOn { tried, readings }
    }

    /// The readings that change the answer; none where it is the same under every reading.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// The readings that were tried, each as the setting with the value that it then has. Settings that somebody stated
    /// are never varied.
    pub fn tried(&self) -> &[Chosen] {
        &self.tried
    }
}

impl Reading {
    pub(super) fn new(choice: Chosen, outcome: Outcome) -> Self {
        Reading { choice, outcome }
    }

    /// The setting that is read in another way, in snake case.
    pub fn setting(&self) -> &'static str {
        self.choice.setting
    }

    /// Its value under this reading, in kebab case.
    pub fn value(&self) -> &'static str {
        self.choice.value
    }

    /// The rule that leaves it open.
    pub fn rule(&self) -> Rule {
        self.choice.rule
    }

    /// What is selected under this reading.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}
