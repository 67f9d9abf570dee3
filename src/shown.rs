//! Foreign text in a message: the one way from a certificate, a CRL, a file or an argument into words (rule E-4).
//!
//! Names come from certificates, which may hold anything: a control character moves the cursor of a terminal or ends a line
//! of a log, and a mark of bidirectional text makes one name read as another. They are shown as escapes, so that a reader
//! sees that they are there; and what is long is cut, so that one name cannot fill a report.

use std::fmt::{self, Write};
use std::ops::Range;

/// The most characters of one foreign text that a message repeats. A distinguished name of a real CA has fewer than 200.
pub(crate) const SHOWN_CHARACTERS: usize = 240;

/// A foreign text on one line: escapes in place of what a terminal, a log or a reader would not take as text, and cut
/// after [`SHOWN_CHARACTERS`] characters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() <= SHOWN_CHARACTERS && is_plain(self.0) {
            return f.write_str(self.0);
        }
        let mut characters = self.0.chars();
        for c in characters.by_ref().take(SHOWN_CHARACTERS) {
            write_escaped(c, f)?;
        }
        if characters.next().is_some() {
            f.write_str("...")?;
        }
        Ok(())
    }
}

/// A foreign text in backticks, as [`Shown`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", Shown(self.0))
    }
}

/// What prints foreign text (a name, an address, an error about either), on one line and cut as [`Shown`].
///
/// Nothing is built in between: a distinguished name of a megabyte stops being printed where it is cut.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShownBy<T>(pub T);

impl<T: fmt::Display> fmt::Display for ShownBy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cut = Cut { out: f, left: SHOWN_CHARACTERS };
        match write!(cut, "{}", self.0) {
            Err(fmt::Error) if cut.left == 0 => cut.out.write_str("..."),
            result => result,
        }
    }
}

/// What prints foreign text, in backticks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QuotedBy<T>(pub T);

impl<T: fmt::Display> fmt::Display for QuotedBy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", ShownBy(&self.0))
    }
}

/// Passes on what fits, escaped, and ends the writing with an error when nothing is left.
struct Cut<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    left: usize,
}

impl fmt::Write for Cut<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() <= self.left && is_plain(text) {
            self.left -= text.len();
            return self.out.write_str(text);
        }
        for c in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            write_escaped(c, self.out)?;
        }
        Ok(())
    }
}

/// A whole line that is made of words and of foreign text: nothing raw is in it afterwards, and what was escaped already
/// stays as it is.
pub(crate) fn one_line(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = write_escaped(c, &mut line);
    }
    line
}

/// The beginning of a foreign text, escaped: at most this many of its characters, and `...` where there are more.
pub(crate) fn beginning(text: &str, characters: usize) -> String {
    // A byte a character at least: the usual text is not counted.
    let counted = (text.len() > characters).then(|| text.char_indices().nth(characters));
    let cut = counted.flatten().map(|(at, _)| at);
    let mut line = one_line(cut.and_then(|at| text.get(..at)).unwrap_or(text));
    if cut.is_some() {
        line.push_str("...");
    }
    line
}

/// The line of a text that holds a place, and carets under the place: two lines, cut to what stands near it. The place
/// counts UTF-8 bytes, half open; an empty one is where something is missing. What a terminal would not take as text is shown
/// as a blank, so that the carets stand where they should.
pub(crate) fn caret_view(input: &str, place: Range<usize>) -> String {
    let start = floor_boundary(input, place.start);
    let end = floor_boundary(input, place.end.max(start));
    let before = input.get(..start).unwrap_or_default();
    let line_start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let from_line = input.get(line_start..).unwrap_or_default();
    let line = from_line.split(['\n', '\r']).next().unwrap_or_default();
    let lead = before.get(line_start..).unwrap_or_default().chars().count();
    let marked = input.get(start..end).unwrap_or_default();
    let marked = marked.split(['\n', '\r']).next().unwrap_or_default().chars().count();

    let cut = lead.saturating_sub(CONTEXT);
    let (mut text, indent) = match cut {
        0 => (String::new(), lead),
        _ => (String::from(ELLIPSIS), lead - cut + ELLIPSIS.len()),
    };
    let shown = lead - cut + marked.min(CONTEXT) + CONTEXT;
    let mut rest = line.chars().skip(cut);
    text.extend(rest.by_ref().take(shown).map(|c| if is_unsafe(c) { ' ' } else { c }));
    if rest.next().is_some() {
        text.push_str(ELLIPSIS);
    }
    let carets = "^".repeat(marked.clamp(1, CONTEXT));
    format!("{text}\n{:indent$}{carets}", "")
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Characters shown on either side of the place, so that a long list stays readable on a terminal.
const CONTEXT: usize = 60;
const ELLIPSIS: &str = "...";

/// Whether a text stands as it is, a byte a character: nearly all do.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn write_escaped(c: char, out: &mut impl Write) -> fmt::Result {
    match c {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        c if is_unsafe(c) => write!(out, "\\u{{{:x}}}", u32::from(c)),
        c => out.write_char(c),
    }
}

/// Control characters (Unicode categories Cc), separators of lines and paragraphs (Zl, Zp) and format characters (Cf), the
/// marks of bidirectional text among them: none of them is seen, and each changes how the rest is.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control() || FORMAT.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Zl, Zp and Cf of Unicode 16, first and last of each run.
const FORMAT: [(char, char); 22] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{2064}'),
    ('\u{2066}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0001}', '\u{e0001}'),
    ('\u{e0020}', '\u{e007f}'),
    ('\u{2065}', '\u{2065}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e4_a_foreign_text_is_one_line_of_bounded_length_with_escapes() {
        assert_eq!(Quoted("a\r\nb\u{1b}[31m\u{202e}c").to_string(), "`a\\r\\nb\\u{1b}[31m\\u{202e}c`");
        assert_eq!(Shown(&"ä".repeat(1000)).to_string(), format!("{}...", "ä".repeat(240)));
        assert_eq!(ShownBy("ä".repeat(1000)).to_string(), format!("{}...", "ä".repeat(240)));
        assert_eq!(ShownBy("ä".repeat(240)).to_string(), "ä".repeat(240));
        assert_eq!(QuotedBy("\u{61c}x\u{85}").to_string(), "`\\u{61c}x\\u{85}`");
    }

    #[test]
    fn e4_escaping_a_line_twice_changes_nothing() {
        let once = one_line("a\tb\u{2028}c\u{0}");
        assert_eq!(once, "a\\tb\\u{2028}c\\u{0}");
        assert_eq!(one_line(&once), once);
    }
}
