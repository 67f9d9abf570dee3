//! A reader of DER elements that keeps absolute offsets and allocates nothing.
//!
//! The `der` crate's reader knows no UniversalString (tag 28) and stops at it; Windows reads such names, and so must we.
//! So the element header is read here, in one small function, and everything else in the crate is offsets into bytes
//! that were checked once. Lengths must be definite and minimal (X.690 10.1); nesting is never followed by recursion.

pub(crate) mod ber;
mod time;
pub(crate) mod write;

pub(crate) use self::time::time;

use std::fmt;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The tag byte of a constructed context-specific element `[n]`.
pub(crate) const fn context_constructed(n: u8) -> u8 {
    0xa0 | n
}

/// The tag byte of a primitive context-specific element `[n]`.
pub(crate) const fn context(n: u8) -> u8 {
    0x80 | n
}

/// What is wrong with some DER, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at byte {offset}: {expected}")]
pub struct DerError {
    offset: usize,
    problem: DerProblem,
    expected: &'static str,
}

/// The kinds of damage that a reader of DER meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum DerProblem {
    /// The bytes end inside an element.
    Truncated,
    /// An element of another type stands here.
    UnexpectedTag(u8),
    /// A length that is indefinite, not minimal, or larger than 4 GiB.
    Length,
    /// More bytes follow where the structure ends.
    Trailing,
    /// The element has the right type and a value that its type does not allow.
    Value,
}

impl fmt::Display for DerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DerProblem::Truncated => f.write_str("truncated"),
            DerProblem::UnexpectedTag(inner) => write!(f, "unexpected tag 0x{inner:02X}"),
            DerProblem::Length => f.write_str("bad length"),
            DerProblem::Trailing => f.write_str("trailing bytes"),
            DerProblem::Value => f.write_str("bad value"),
        }
    }
}

impl DerError {
    pub(crate) fn new(offset: usize, problem: DerProblem, expected: &'static str) -> Self {
        DerError { offset, problem, expected }
    }

    /// The same in an input in which what was read stands so many bytes further on.
    pub(crate) fn further(mut self, bytes: usize) -> Self {
        self.offset = self.offset.saturating_add(bytes);
        self
    }

    /// Where: a byte offset from the start of the whole input.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What is wrong there.
    #[cfg(test)]
    pub(crate) fn problem(&self) -> DerProblem {
        self.problem
    }

    /// What would be right there.
    #[cfg(test)]
    pub(crate) fn expected(&self) -> &'static str {
        self.expected
    }
}

/// A half-open range of the input; `u32` because what is decoded is bounded well below 4 GiB.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub(crate) fn of(element: &Element<'_>) -> Self {
        Span { start: element.start as u32, end: element.end() as u32 }
    }

    pub(crate) fn of_value(element: &Element<'_>) -> Self {
        Span { start: element.value_start as u32, end: element.end() as u32 }
    }

    /// These bytes of the input that the range was read in; of another, shorter one none.
    pub(crate) fn of_input(self, input: &[u8]) -> &[u8] {
        input.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// One element: its tag byte, its value, and where both are in the whole input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub tag: u8,
    /// Header and value.
    pub full: &'a [u8],
    pub value: &'a [u8],
    /// Absolute offset of the header.
    pub start: usize,
    /// Absolute offset of the value.
    pub value_start: usize,
}

impl<'a> Element<'a> {
    /// A reader of the elements inside this one.
    pub(crate) fn inside(&self) -> Der<'a> {
        Der { bytes: self.value, position: 0, base: self.value_start }
    }

    /// Absolute offset just after the element.
    pub(crate) fn end(&self) -> usize {
        self.value_start + self.value.len()
    }

    pub(crate) fn error(&self, problem: DerProblem, expected: &'static str) -> DerError {
        DerError::new(self.start, problem, expected)
    }
}

/// A position in a run of elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Der<'a> {
    bytes: &'a [u8],
    position: usize,
    base: usize,
}

impl<'a> Der<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Der { bytes, position: 0, base: 0 }
    }

    /// Reads bytes that stand at `base` in a larger input, so that errors name the place in the whole.
    pub(crate) fn at(bytes: &'a [u8], base: usize) -> Self {
        Der { bytes, position: 0, base }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// Absolute offset of the next element.
    pub(crate) fn offset(&self) -> usize {
        self.base + self.position
    }

    /// What is not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// Steps over whole elements that the caller has read from [`rest`](Self::rest).
    pub(crate) fn step_over(&mut self, count: usize) {
        self.position += count;
    }

    pub(crate) fn peek_tag(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// The next element, whatever its type.
    #[inline]
    pub(crate) fn any(&mut self, expected: &'static str) -> Result<Element<'a>, DerError> {
        let rest = self.rest();
        let start = self.offset();
        let error = |problem| DerError::new(start, problem, expected);
        let (&tag, after_tag) = rest.split_first().ok_or_else(|| error(DerProblem::Truncated))?;
        if tag & 0x1f == 0x1f {
            return Err(error(DerProblem::UnexpectedTag(tag))); // multi-byte tags occur in no structure of RFC 5280
        }
        let (&first, after_first) = after_tag.split_first().ok_or_else(|| error(DerProblem::Truncated))?;
        let (length, header) = if first < 0x80 {
            (usize::from(first), 2)
        } else {
            let count = usize::from(first & 0x7f);
            if count == 0 || count > 4 {
                return Err(error(DerProblem::Length));
            }
            let octets = after_first.get(..count).ok_or_else(|| error(DerProblem::Truncated))?;
            let length = octets.iter().fold(0usize, |n, &octet| (n << 8) | usize::from(octet));
            let minimal = octets.first() != Some(&0) && length >= 0x80;
            if !minimal {
                return Err(error(DerProblem::Length));
            }
            (length, 2 + count)
        };
        let end = header.checked_add(length).ok_or_else(|| error(DerProblem::Length))?;
        let full = rest.get(..end).ok_or_else(|| error(DerProblem::Truncated))?;
        let value = full.get(header..).unwrap_or_default();
        self.position += end;
        Ok(Element { tag, full, value, start, value_start: start + header })
    }

    /// The next element, which must have this tag.
    #[inline]
    pub(crate) fn expect(&mut self, tag: u8, expected: &'static str) -> Result<Element<'a>, DerError> {
        let before = *self;
        let element = self.any(expected)?;
        if element.tag != tag {
            *self = before;
            return Err(element.error(DerProblem::UnexpectedTag(element.tag), expected));
        }
        Ok(element)
    }

    /// The next element if it has this tag.
    #[inline]
    pub(crate) fn optional(&mut self, tag: u8, expected: &'static str) -> Result<Option<Element<'a>>, DerError> {
        if self.peek_tag() == Some(tag) { self.any(expected).map(Some) } else { Ok(None) }
    }

    /// The structure must end here.
    pub(crate) fn finish(&self, expected: &'static str) -> Result<(), DerError> {
        if self.is_empty() { Ok(()) } else { Err(DerError::new(self.offset(), DerProblem::Trailing, expected)) }
    }
}

/// A DER value that is one element and nothing else.
pub(crate) fn single<'a>(
    bytes: &'a [u8],
    base: usize,
    tag: u8,
    expected: &'static str,
) -> Result<Element<'a>, DerError> {
    let mut der = Der::at(bytes, base);
    let element = der.expect(tag, expected)?;
    der.finish(expected)?;
    Ok(element)
}

/// BOOLEAN. Any value but zero is true: Windows reads what DER forbids (X.690 11.1 wants 0xFF).
pub(crate) fn boolean(element: &Element<'_>) -> Result<bool, DerError> {
    match element.value {
        [value] => Ok(*value != 0),
        _ => Err(element.error(DerProblem::Value, "a BOOLEAN of one byte")),
    }
}

/// A small INTEGER that is not negative, such as a path length.
pub(crate) fn small_integer(element: &Element<'_>) -> Result<u32, DerError> {
    let error = || element.error(DerProblem::Value, "an INTEGER from 0 to 4294967295");
    match element.value {
        [] => Err(error()),
        [first, ..] if first & 0x80 != 0 => Err(error()),
        value => {
            let significant = value.strip_prefix(&[0]).unwrap_or(value);
            if significant.len() > 4 {
                return Err(error());
            }
            Ok(significant.iter().fold(0, |n, &octet| (n << 8) | u32::from(octet)))
        }
    }
}

/// BIT STRING: the number of unused bits in the last byte, and the bytes.
pub(crate) fn bit_string<'a>(element: &Element<'a>) -> Result<(u8, &'a [u8]), DerError> {
    match element.value.split_first() {
        Some((&unused, bytes)) if unused == 0 || (unused < 8 && !bytes.is_empty()) => Ok((unused, bytes)),
        _ => Err(element.error(DerProblem::Value, "a BIT STRING")),
    }
}

/// BIT STRING of named bits: its first sixteen, bit 0 the highest. Bits that the string declares unused are not set,
/// whatever stands there (X.690 11.2).
pub(crate) fn named_bits(element: &Element<'_>) -> Result<u16, DerError> {
    let (unused, bytes) = bit_string(element)?;
    let (last, whole) = bytes.split_last().unwrap_or((&0, &[]));
    let mut bytes = whole.iter().copied().chain([last & (0xff << unused)]);
    let mut byte = || u16::from(bytes.next().unwrap_or(0));
    Ok(byte() << 8 | byte())
}

/// INTEGER from 0 without an upper bound, where no count can exceed `u32::MAX`: a larger one is as good as that.
pub(crate) fn count(element: &Element<'_>) -> Result<u32, DerError> {
    match element.value {
        [first, ..] if first & 0x80 == 0 && element.value.iter().skip_while(|&&octet| octet == 0).count() > 4 => {
            Ok(u32::MAX)
        }
        _ => small_integer(element),
    }
}
