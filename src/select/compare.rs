//! What if: two selections of one machine, before and after a change of settings, ruleset or instant.

use super::Selection;
use crate::store::CertId;
use std::fmt;

/// What a change does to a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Difference {
    /// The same certificate is selected.
    Same(CertId),
    /// None was selected, and none is.
    StillNone,
    /// Another certificate is selected.
    Changed {
        /// The one before.
        from: CertId,
        /// The one after.
        to: CertId,
    },
    /// A certificate is selected, where none was.
    Gained(CertId),
    /// No certificate is selected, where one was.
    Lost(CertId),
}

impl Difference {
    /// What became of one selection of a machine in another one, both from the same stores.
    pub fn between(before: &Selection, after: &Selection) -> Self {
        match (before.selected(), after.selected()) {
            (None, None) => Difference::StillNone,
            (None, Some(to)) => Difference::Gained(to),
            (Some(from), None) => Difference::Lost(from),
            (Some(from), Some(to)) if from == to => Difference::Same(to),
            (Some(from), Some(to)) => Difference::Changed { from, to },
        }
    }

    /// `same`, `still_none`, `changed`, `gained` or `lost`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Difference::Same(_) => "same",
            Difference::StillNone => "still_none",
            Difference::Changed { .. } => "changed",
            Difference::Gained(_) => "gained",
            Difference::Lost(_) => "lost",
        }
    }
}

/// `same`, `still_none`, `changed`, `gained` or `lost`.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Two selections of one machine, from the same stores.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    /// The selection before a change.
    pub before: Selection,
    /// The one after it.
    pub after: Selection,
}

impl Comparison {
    /// What the change does.
    pub(crate) fn difference(&self) -> Difference {
        Difference::between(&self.before, &self.after)
    }
}
