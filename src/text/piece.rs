//! A part of a command line, unquoted, with the place that each of its bytes came from.

use std::ops::Range;

/// Text cut out of a line. An error in it is placed in the line, through however many wrappings it was read.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    origins: Vec<usize>,
    span: Range<usize>,
}

impl Piece {
    /// A whole line.
    pub(super) fn whole(line: &str) -> Piece {
        Piece { text: line.to_owned(), origins: (0..line.len()).collect(), span: 0..line.len() }
    }

    /// Nothing yet; `at` is where it begins.
    pub(super) fn empty(at: usize) -> Piece {
        Piece { text: String::new(), origins: Vec::new(), span: at..at }
    }

    /// Adds a character of another piece, which stands there at `index`.
    pub(super) fn push_from(&mut self, from: &Piece, index: usize, c: char) {
        self.text.push(c);
        let origin = from.place(index);
        self.origins.extend(origin..origin + c.len_utf8());
    }

    /// Ends the piece in front of a place of the line.
    pub(super) fn end_at(&mut self, place: usize) {
        self.span.end = place.max(self.span.start);
    }

    /// A part of this piece.
    pub(super) fn part(&self, range: Range<usize>) -> Piece {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let origins = self.origins.get(range.clone()).unwrap_or_default().to_vec();
        Piece { text, origins, span: self.origin(range) }
    }

    /// The place of the whole piece in the line, quotes included.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The place in the line of a byte of the text; behind the last one the end.
    pub(super) fn place(&self, index: usize) -> usize {
        self.origins.get(index).copied().unwrap_or(self.span.end)
    }

    /// The place in the line of a range of the unquoted text.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let end_of_piece = self.span.end;
        let start = self.origins.get(range.start).copied();
        if range.is_empty() {
            // Something is missing: point behind the byte before, inside the quotes if there are any.
            let before = range.start.checked_sub(1).and_then(|last| self.origins.get(last));
            let at = start.or(before.map(|last| last + 1)).unwrap_or(end_of_piece);
            return at..at;
        }
        let last = self.origins.get(range.end.saturating_sub(1)).copied();
        start.unwrap_or(end_of_piece)..last.map_or(end_of_piece, |last| last + 1)
    }
}

/// What stands behind an element of an array or block.
pub(super) const ELEMENT_ENDS: [char; 5] = [',', ';', ')', '}', ']'];
