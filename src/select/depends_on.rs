//! under which other reading of what is not documented the answer would be another.
//!
//! The readings are the alternatives of every setting that nobody stated and that no documentation gives: the other
//! rulesets, and what the specification tags *assumed* or *observed*. They are tried one at a time, by selecting again.

use super::outcome::Outcome;
use crate::settings::Chosen;

/// What an answer depends on (rule R-5).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DependsOn {
    /// The readings that were tried, each as the setting with the value that it then has. Settings that somebody stated
    /// are never varied.
    pub tried: Vec<Chosen>,
    /// The readings that change the answer; none where it is the same under every reading.
    pub readings: Vec<Reading>,
}

/// A reading under which another certificate, or none, is selected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Reading {
    /// The setting that is read in another way, with its value under this reading and the rule that leaves it open.
    pub choice: Chosen,
    /// What is selected under this reading.
    pub outcome: Outcome,
}
