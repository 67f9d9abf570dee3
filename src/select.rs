//! The selection: five documented steps over the certificates of one machine, each explained.

mod checks;
mod compare;
mod depends_on;
mod engine;
mod instant;
mod judge;
mod lint;
mod memo;
mod outcome;
mod requirement;
mod signed;
mod status;
mod step_one;
mod suggest;
mod timeline;
mod verdict;
mod warning;
mod winner;
mod world;

pub use compare::{Comparison, Difference};
pub use depends_on::{DependsOn, Reading};
pub use engine::Selector;
pub use lint::Lint;
pub(crate) use lint::{Linted, lint, lint_command_line, lint_values};
pub use memo::VerificationCache;
pub use outcome::{NothingReason, Outcome};
pub use requirement::{NamePlace, Requirement};
pub(crate) use signed::Signed;
pub use suggest::NoSuggestion;
pub(crate) use suggest::{Effect, FleetSuggestion, Goal, Obstacle};
pub use timeline::{Boundary, Cause, Change, Timeline};
pub use verdict::{Selection, Undecided, Verdict, VerdictKind};
pub use warning::Warning;

pub use crate::store::{RankCriterion, RankKey};
