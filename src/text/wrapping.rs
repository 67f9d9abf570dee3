//! Command lines inside command lines, each read as what it carries (rule Q-4): `CCMSETUPCMD="..."`, `-ArgumentList "..."`, an
//! array of arguments, `cmd /c "..."`, a task sequence's variable.

use super::Property;
use super::command_line::{Comma, LineItem, items};
use super::entry::CommandEntry;
use super::error::{ParseError, ParseErrorKind};
use super::markup::without_markup;
use super::piece::Piece;
use super::property::{is_ours, is_wrapper};
use crate::rules::Rule;
use std::ops::Range;

/// A command line inside another, in one inside a third, and so on: anything deeper is not a command line.
const MAX_DEPTH: usize = 8;

/// The items of a line, with those of every command line inside it in their place.
pub(super) fn flat_items(line: &str) -> Result<Vec<LineItem>, ParseError> {
    let mut found = Vec::new();
    let whole = Piece::whole(line);
    let piece = without_markup(&whole).unwrap_or(whole);
    unwrap(&piece, line, Comma::Character, MAX_DEPTH, &mut found)?;
    Ok(found)
}

fn unwrap(piece: &Piece, line: &str, comma: Comma, depth: usize, found: &mut Vec<LineItem>) -> Result<(), ParseError> {
    for item in items(piece, line, comma)? {
        let Some((inner, comma, always)) = carried(&item, line) else {
            found.push(item);
            continue;
        };
        let Some(depth) = depth.checked_sub(1) else {
            return Err(ParseError::new(ParseErrorKind::TooDeep, Rule::Q4, item.piece.span(), line));
        };
        let before = found.len();
        unwrap(&item.piece.part(inner), line, comma, depth, found)?;
        let read = found.iter().skip(before).any(|item| is_read(item, line));
        if !read && !always {
            // Nothing of ours was inside after all: it stays whole.
            found.truncate(before);
            found.push(item);
        }
    }
    Ok(())
}

fn is_read(item: &LineItem, line: &str) -> bool {
    let entry = CommandEntry::of(&item.piece, line);
    entry.property.is_some() || entry.colon_for_equals().is_some()
}

/// The part of an item that is a command line, how commas count in it, and whether it is one whatever it holds.
fn carried(item: &LineItem, line: &str) -> Option<(Range<usize>, Comma, bool)> {
    let text = item.piece.text.as_str();
    let entry = CommandEntry::of(&item.piece, line);
    let all = 0..text.len();
    if entry.property.is_some() {
        // Quotes round `NAME=value with blanks` are one argument; round `NAME=value /Switch` or `NAME="value"` they are a
        // command line.
        let value = entry.value_range().and_then(|range| text.get(range)).unwrap_or_default();
        let several = item.whole && (value.starts_with('"') || has_second(text));
        return several.then_some((all, Comma::Character, true));
    }
    let value = value_of(text);
    if let Some((_, value)) = value.clone().filter(|(name, _)| is_wrapper(name)) {
        return (!text.get(value.clone())?.trim().is_empty()).then_some((value, Comma::Character, true));
    }
    Property::held_by(text)?;
    if entry.colon_for_equals().is_some() {
        return None;
    }
    let begins = |range: &Range<usize>| text.get(range.clone()).is_some_and(|value| is_ours(value.trim_start()));
    if let Some((_, value)) = value.filter(|(_, value)| begins(value)) {
        return Some((value, Comma::Character, false));
    }
    if text.contains(char::is_whitespace) {
        return Some((all, Comma::Character, false));
    }
    if text.contains(',') {
        return Some((all, Comma::Separator, false));
    }
    let stripped = text.trim_start_matches(PUNCTUATION);
    let start = text.len() - stripped.len();
    let inner = start..start + stripped.trim_end_matches(PUNCTUATION).len();
    (inner != all).then_some((inner, Comma::Character, false))
}

/// Brackets and quotes that are left over where an array or a block was cut.
const PUNCTUATION: [char; 11] = ['(', ')', '[', ']', '{', '}', '@', '&', ';', '\'', '"'];

/// The name before the first `=`, or behind a dash the first `:`, and the range behind it.
fn value_of(text: &str) -> Option<(&str, Range<usize>)> {
    let cut = if text.starts_with(['/', '-']) { text.find([':', '='])? } else { text.find('=')? };
    let name = text.get(..cut)?.trim_end();
    (!name.contains(char::is_whitespace)).then_some((name, cut + 1..text.len()))
}

/// Whether one of our items begins behind a blank.
fn has_second(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.next();
    words.any(is_ours)
}
