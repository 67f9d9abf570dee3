//! What if: two selections of one machine, before and after a change of settings, ruleset or instant.

use super::Selection;
use crate::CertId;
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

/// Two selections of one machine.
///
/// ```
/// use ccmcertsel::select::{Comparison, Difference};
/// use ccmcertsel::{Machine, Selector, Settings, Stores};
/// use time::OffsetDateTime;
///
/// let before = Selector::new(Stores::builder().build(), Machine::new("PC1"), Settings::ccm_setup());
/// let after = before.with_settings(Settings::site_managed());
/// let now = OffsetDateTime::UNIX_EPOCH;
/// let comparison = Comparison::new(before.select(now), after.select(now));
/// assert_eq!(comparison.difference(), Difference::StillNone);
/// ```
#[derive(Debug, Clone)]
pub struct Comparison {
    before: Selection,
    after: Selection,
}

impl Comparison {
    /// The selection before a change and the one after it, both from the same stores.
    pub fn new(before: Selection, after: Selection) -> Self {
        Comparison { before, after }
    }

    /// The selection before the change.
    pub fn before(&self) -> &Selection {
        &self.before
    }

    /// The selection after it.
    pub fn after(&self) -> &Selection {
        &self.after
    }

    /// What the change does.
    pub fn difference(&self) -> Difference {
        match (self.before.selected(), self.after.selected()) {
            (None, None) => Difference::StillNone,
            (None, Some(to)) => Difference::Gained(to),
            (Some(from), None) => Difference::Lost(from),
            (Some(from), Some(to)) if from == to => Difference::Same(to),
            (Some(from), Some(to)) => Difference::Changed { from, to },
        }
    }
}
