//! The one error of words that do not read: an instant, a thumbprint, a value of a setting.

use crate::shown::Quoted;
use std::borrow::Cow;

/// Why a word is not what it should be. Every type of this crate whose text form is a word or a number has this error:
/// [`Timestamp`](crate::Timestamp), [`Thumbprint`](crate::Thumbprint), [`Oid`](crate::Oid), [`Rule`](crate::Rule), the values of
/// the [settings](crate::settings) and the like. It says what was given and what would be right.
///
/// ```
/// use ccmcertsel::settings::Ruleset;
/// use ccmcertsel::{Rule, Thumbprint, Timestamp, ValueError};
///
/// fn read(line: &str) -> Result<(Thumbprint, Timestamp, Ruleset), ValueError> {
///     let mut words = line.split(' ');
///     let mut word = || words.next().unwrap_or_default();
///     Ok((word().parse()?, word().parse()?, word().parse()?))
/// }
///
/// let line = "7afe1c7f5226691f4a725afed0aae4ba979a0b32 2026-01-15T09:00:00Z cb2107";
/// assert_eq!(read(line)?.2, Ruleset::Cb2107);
/// let told = read(&line.replace("cb2107", "2107")).unwrap_err().to_string();
/// assert_eq!(told, "`2107` is not a value of `ruleset`: write `cb1706` or `cb1710` or `cb2107`");
/// let told = read("7afe1c7f").unwrap_err().to_string();
/// assert_eq!(told, "`7afe1c7f` is not a thumbprint: write 40 hexadecimal digits");
/// # Ok::<(), ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is not {what}: write {write}", Quoted(input))]
pub struct ValueError {
    input: String,
    what: Cow<'static, str>,
    write: Cow<'static, str>,
}

impl ValueError {
    /// The text, with article what it should be, and what to write instead.
    pub(crate) fn new(input: &str, what: impl Into<Cow<'static, str>>, write: impl Into<Cow<'static, str>>) -> Self {
        // A message repeats no more of it.
        ValueError { input: input.chars().take(80).collect(), what: what.into(), write: write.into() }
    }
}
