//! Where a choice is kept in the settings: what makes the trait `Choice` one that only this room can implement.

use super::Settings;

/// A field of the settings.
#[allow(unnameable_types, reason = "it seals `Choice`")]
pub trait Kept {
    /// The value that is set.
    fn of(settings: &Settings) -> Self;

    /// Sets it, and that somebody stated it (rule R-5).
    fn state(self, settings: &mut Settings);
}
