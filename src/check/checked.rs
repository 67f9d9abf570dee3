//! What one check says, in its own words: below every list of all checks, so that a check needs none of them.

use super::Exemption;

/// The result of a check that may not apply.
pub(crate) enum Checked<P, R> {
    /// It passed.
    Passed(P),
    /// It did not apply.
    NotApplicable(Exemption),
    /// It failed.
    Rejected(R),
}
