//! What one check says, in its own words: below every list of all checks, so that a check needs none of them.

use super::Exemption;

/// The result of a check that may not apply, or may be nearly right.
pub(crate) enum Checked<P, R, N> {
    /// It passed.
    Passed(P),
    /// It did not apply.
    NotApplicable(Exemption),
    /// It failed, and this was nearly right.
    Rejected(R, Option<N>),
}

impl<P, R, N> Checked<P, R, N> {
    pub(crate) fn is_rejected(&self) -> bool {
        matches!(self, Checked::Rejected(..))
    }
}
