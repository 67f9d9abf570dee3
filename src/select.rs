//! The selection: five documented steps over the certificates of one machine, each explained.

mod codes;
mod compare;
mod engine;
mod evidence;
mod finding;
mod issuer_match;
mod judge;
mod lint;
mod memo;
mod name;
mod near_miss;
mod purpose;
mod rank;
mod requirement;
mod selector;
mod status;
mod step_one;
mod suggest;
mod timeline;
mod validity;
mod verdict;
mod warning;
mod winner;

pub use compare::{Comparison, Difference};
pub use engine::Selector;
pub use evidence::{ChainEvidence, ClearedChain, RevokedChain};
pub use finding::{
    ChainCompleteness, ComputerNameField, Exemption, Finding, IssuerForm, KspReason, Pass, Ranking, Rejection,
    TemplateEvidence, UsageSource,
};
pub use issuer_match::{IssuerCandidate, form as issuer_form, matches as issuer_matches};
pub use lint::{Lint, Linted, lint, lint_command_line};
pub use memo::VerificationCache;
pub use near_miss::{NearMiss, RevocationNearMiss};
pub use requirement::{NamePlace, Requirement};
pub use selector::{
    AlternativeSearch, CertificateNames, SearchOptions, SearchedField, SelectorMatch, SelectorMismatch,
    counted_alternatives, explain as explain_criteria, find as find_criteria,
};
pub use suggest::{Effect, FleetSuggestion, Goal, MAX_SUGGESTIONS, NoSuggestion};
pub use timeline::{Boundary, Cause, Change, Timeline};
pub use verdict::{Hresult, NothingReason, Outcome, Selection, Undecided, Verdict, VerdictKind};
pub use warning::Warning;

pub use crate::store::{RankCriterion, RankKey};
