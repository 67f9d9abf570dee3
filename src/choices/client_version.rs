//! Which ruleset a client's version has: by release or by build (rule R-1).

use super::Ruleset;
use crate::value_error::ValueError;

/// The first release and the first build of a ruleset, the newest first.
const FIRST: [(Ruleset, u32, u32); 2] = [(Ruleset::Cb2107, 2107, 9058), (Ruleset::Cb1710, 1710, 8577)];

impl Ruleset {
    /// The ruleset of a client version: a release such as `2403`, or a build such as `5.00.9128.1000`.
    ///
    /// ```
    /// use ccmcertsel::settings::Ruleset;
    ///
    /// assert_eq!(Ruleset::of_client_version("2403"), Ok(Ruleset::Cb2107));
    /// assert_eq!(Ruleset::of_client_version("5.00.8577.1000"), Ok(Ruleset::Cb1710));
    /// assert!(Ruleset::of_client_version("24.03").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// Another text, such as a month that no year has.
    pub fn of_client_version(text: &str) -> Result<Ruleset, ValueError> {
        let found = release(text.trim()).or_else(|| build(text.trim()));
        found.ok_or_else(|| {
            ValueError::new(
                text,
                "a client version",
                "a release such as `2403`, or a build such as `5.00.9128.1000` (R-1)",
            )
        })
    }
}

/// Two digits of the year and two of the month, from the first release of the current branch (1511) on. `2012` is the name
/// of an older product, and was never a release.
fn release(text: &str) -> Option<Ruleset> {
    let number = number(text).filter(|_| text.len() == 4)?;
    let month = number % 100;
    let known = number >= 1511 && (1..=12).contains(&month) && number != 2012;
    known.then(|| newest(|(_, release, _)| number >= release))
}

/// `5.00.9128.1000`, or without the last part; version 5 begins with System Center 2012.
fn build(text: &str) -> Option<Ruleset> {
    let parts: Option<Vec<u32>> = text.split('.').take(5).map(number).collect();
    match parts?.as_slice() {
        [5, 0, build] | [5, 0, build, _] => Some(newest(|(_, _, first)| *build >= first)),
        _ => None,
    }
}

fn newest(has: impl Fn((Ruleset, u32, u32)) -> bool) -> Ruleset {
    FIRST.into_iter().find(|first| has(*first)).map_or(Ruleset::Cb1706, |(ruleset, ..)| ruleset)
}

/// Digits and nothing else; a sign would be read by the library.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
