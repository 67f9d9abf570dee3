//! How a machine stands, in one word.

use super::Risk;
use crate::report::readiness::ReadinessReport;

/// How a machine stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum State {
    /// It selects a certificate, and nothing is known that would change it soon.
    Ready,
    /// It selects a certificate, and a risk is known.
    AtRisk,
    /// The answer depends on CRLs that were not given (rule V-8).
    Undecided,
    /// It selects none.
    NotReady,
    /// Its file or its settings do not read.
    Unjudged,
}

impl State {
    /// Every state, best first.
    pub(crate) const ALL: [State; 5] =
        [State::Ready, State::AtRisk, State::Undecided, State::NotReady, State::Unjudged];

    /// The state of a report.
    pub(crate) fn of(report: &ReadinessReport<'_>, risks: &[Risk]) -> State {
        match (report.selection().undecided(), report.is_ready(), risks.is_empty()) {
            (Some(_), ..) => State::Undecided,
            (None, true, true) => State::Ready,
            (None, true, false) => State::AtRisk,
            (None, false, _) => State::NotReady,
        }
    }

    /// The word in JSON and in markup.
    pub(crate) fn key(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::AtRisk => "at-risk",
            State::Undecided => "undecided",
            State::NotReady => "not-ready",
            State::Unjudged => "unjudged",
        }
    }

    /// The words for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::AtRisk => "ready, at risk",
            State::Undecided => "not decided",
            State::NotReady => "not ready",
            State::Unjudged => "could not be judged",
        }
    }
}
