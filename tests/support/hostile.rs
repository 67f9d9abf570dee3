//! Texts that no message may pass on as they are: in names, addresses, files and arguments (rule E-4).

use std::borrow::Cow;
use std::cell::Cell;

/// What steers a terminal, ends a line or makes one text read as another. The first four are ASCII.
pub const RAW: [char; 11] =
    ['\u{1b}', '\r', '\n', '\0', '\u{85}', '\u{9b}', '\u{2028}', '\u{2029}', '\u{202e}', '\u{61c}', '\u{200f}'];

/// More characters than any message repeats of one text.
pub const LONG: usize = 10_000;

/// The most characters of a line of the log, and of a cell of CSV.
pub const LOG: usize = 4_000;
pub const CELL: usize = 32_000;

/// The most characters of one text that a message repeats.
pub const SHOWN: usize = 240;

/// A text with each of [`RAW`], and of [`LONG`] more characters.
pub fn text() -> String {
    of(&RAW, LONG)
}

fn of(characters: &[char], length: usize) -> String {
    let mut text: String = characters.iter().map(|c| format!("{c}[31m")).collect();
    text.extend(std::iter::repeat_n('x', length));
    text
}

thread_local! {
    /// How long the texts are that are made hostile.
    static POISONED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// What this makes has a hostile text behind each text of its names and addresses, of this many characters: alike
/// everywhere, so that the names of issuers and subjects stay equal.
pub fn poisoned<T>(length: usize, make: impl FnOnce() -> T) -> T {
    POISONED.set(Some(length));
    let made = make();
    POISONED.set(None);
    made
}

/// A text of a certificate or CRL that is made, hostile inside of [`poisoned`].
pub fn made(text: &str, ascii_only: bool) -> Cow<'_, str> {
    match POISONED.get() {
        None => Cow::Borrowed(text),
        Some(length) => Cow::Owned(text.to_owned() + &of(if ascii_only { &RAW[..4] } else { &RAW }, length)),
    }
}

/// What is wrong with a printed text: it holds something raw, or more of a text than is shown of one. Line ends between its
/// lines are its own.
pub fn fault(printed: &str) -> Option<String> {
    fault_within(SHOWN, printed)
}

/// The same, where this many characters of one text are shown: a line of the log, a cell of CSV, data in JSON.
pub fn fault_within(shown: usize, printed: &str) -> Option<String> {
    let raw = printed.chars().find(|c| *c != '\n' && RAW.contains(c));
    if let Some(c) = raw {
        let at = printed.find(c).unwrap_or_default();
        let before: String = printed[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
        return Some(format!("U+{:04X} is raw behind `{before}`", u32::from(c)));
    }
    // A line that begins with the text between two hostile characters was broken by one of them.
    if printed.lines().any(|line| line.starts_with("[31m")) {
        return Some("a line was broken by a text".to_owned());
    }
    let longest = longest(printed);
    (longest > shown).then(|| format!("{longest} characters of one text are shown"))
}

/// The longest run of the letter that makes texts long.
fn longest(printed: &str) -> usize {
    printed.split(|c| c != 'x').map(str::len).max().unwrap_or_default()
}
