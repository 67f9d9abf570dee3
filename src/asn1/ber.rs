//! BER to DER: what Firefox, Java and older CAs write round certificates has indefinite lengths and strings in pieces.
//!
//! Only what carries certificates is rewritten. Whatever is signed keeps its bytes: elements at a given depth are copied
//! as they stand, and so is every element that has no such form inside.

use super::{BIT_STRING, DerError, DerProblem, OCTET_STRING};
use std::borrow::Cow;

/// Elements nest at most this deep: the structures that are read here have eight levels.
const MAX_DEPTH: usize = 32;
/// The constructed form of a tag.
const CONSTRUCTED: u8 = 0x20;
/// Ends an element of indefinite length.
const ENDING: &[u8; 2] = &[0, 0];

/// One header: the tag byte, the length where it is definite, and how many bytes it takes.
struct Header {
    tag: u8,
    length: Option<usize>,
    bytes: usize,
}

impl Header {
    /// The header at the beginning of `rest`; lengths need not be minimal.
    fn read(rest: &[u8], offset: usize) -> Result<Self, DerError> {
        const EXPECTED: &str = "a BER element";
        let error = |problem| DerError::new(offset, problem, EXPECTED);
        let (&tag, rest) = rest.split_first().ok_or_else(|| error(DerProblem::Truncated))?;
        if tag & 0x1f == 0x1f {
            return Err(error(DerProblem::UnexpectedTag(tag)));
        }
        let (&first, rest) = rest.split_first().ok_or_else(|| error(DerProblem::Truncated))?;
        let count = usize::from(first & 0x7f);
        match first {
            0x80 if tag & CONSTRUCTED == 0 => Err(error(DerProblem::Length)),
            0x80 => Ok(Header { tag, length: None, bytes: 2 }),
            0..0x80 => Ok(Header { tag, length: Some(count), bytes: 2 }),
            _ => {
                let octets = rest.get(..count).ok_or_else(|| error(DerProblem::Truncated))?;
                let octets = octets.iter().skip_while(|octet| **octet == 0);
                if octets.clone().count() > 4 {
                    return Err(error(DerProblem::Length));
                }
                let length = octets.fold(0usize, |n, &octet| (n << 8) | usize::from(octet));
                Ok(Header { tag, length: Some(length), bytes: 2 + count })
            }
        }
    }
}

/// An element that is open.
struct Frame {
    tag: u8,
    start: usize,
    /// Where it ends; `None` until its end is met.
    end: Option<usize>,
    content: Vec<u8>,
    /// Something inside is not DER, or its own length is not.
    rewritten: bool,
}

/// The first element of the input as DER, and how many bytes of the input it takes.
///
/// Elements at `verbatim` levels below the outermost are copied as they stand (certificates are signed).
///
/// # Errors
/// Damage, with its offset; more than [`MAX_DEPTH`] levels.
pub(crate) fn to_der(input: &[u8], verbatim: Option<usize>) -> Result<(Cow<'_, [u8]>, usize), DerError> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut at = 0;
    loop {
        // What is open and definite ends what is open and indefinite inside of it.
        let limit = frames.iter().filter_map(|frame| frame.end).next_back().unwrap_or(input.len());
        let rest = input.get(at..limit).unwrap_or_default();
        let depth = frames.len();
        let closes = match frames.last() {
            Some(Frame { end: Some(end), .. }) => at == *end,
            Some(Frame { end: None, .. }) => rest.starts_with(ENDING),
            None => false,
        };
        if closes {
            let Some(frame) = frames.pop() else { break };
            at += if frame.end.is_none() { ENDING.len() } else { 0 };
            let is_outermost = frames.is_empty();
            if !frame.rewritten {
                if is_outermost {
                    return Ok((Cow::Borrowed(input.get(frame.start..at).unwrap_or_default()), at));
                }
                append(&mut frames, input.get(frame.start..at).unwrap_or_default(), false);
                continue;
            }
            let (tag, content) = match string_tag(frame.tag) {
                Some(tag) => (tag, pieces(&frame)?),
                None => (frame.tag, frame.content),
            };
            let element = super::write::element(tag, &[&content]);
            if is_outermost {
                return Ok((Cow::Owned(element), at));
            }
            append(&mut frames, &element, true);
            continue;
        }
        let header = Header::read(rest, at)?;
        let end = match header.length {
            Some(length) => {
                let end = at.checked_add(header.bytes).and_then(|start| start.checked_add(length));
                let end = end.filter(|end| *end <= limit);
                Some(end.ok_or_else(|| DerError::new(at, DerProblem::Truncated, "an element that fits"))?)
            }
            None => None,
        };
        let is_verbatim = verbatim == Some(depth) && depth > 0;
        match end {
            // Primitive, or one whose bytes are kept: nothing inside is looked at.
            Some(end) if header.tag & CONSTRUCTED == 0 || is_verbatim => {
                let element = input.get(at..end).unwrap_or_default();
                if frames.is_empty() {
                    return Ok((Cow::Borrowed(element), end));
                }
                append(&mut frames, element, false);
                at = end;
            }
            _ if depth >= MAX_DEPTH => {
                return Err(DerError::new(at, DerProblem::Length, "at most 32 levels of elements"));
            }
            end => {
                let rewritten = end.is_none() || string_tag(header.tag).is_some();
                frames.push(Frame { tag: header.tag, start: at, end, content: Vec::new(), rewritten });
                at += header.bytes;
            }
        }
    }
    Err(DerError::new(at, DerProblem::Truncated, "an element"))
}

fn append(frames: &mut [Frame], element: &[u8], rewritten: bool) {
    if let Some(parent) = frames.last_mut() {
        parent.content.extend_from_slice(element);
        parent.rewritten |= rewritten;
    }
}

/// The primitive tag of a string in pieces.
fn string_tag(tag: u8) -> Option<u8> {
    let primitive = tag & !CONSTRUCTED;
    (tag & CONSTRUCTED != 0 && matches!(primitive, OCTET_STRING | BIT_STRING)).then_some(primitive)
}

/// The pieces of a constructed string, joined; those inside are primitive by now.
fn pieces(frame: &Frame) -> Result<Vec<u8>, DerError> {
    let wrong = || DerError::new(frame.start, DerProblem::Value, "a string in pieces of its own type");
    // A BIT STRING counts its unused bits in each piece; nothing that is read here has one in pieces.
    if frame.tag & !CONSTRUCTED != OCTET_STRING {
        return Err(wrong());
    }
    join_octets(&frame.content).ok_or_else(wrong)
}

/// The values of a run of OCTET STRINGs, joined; `None` if something else is among them.
pub(crate) fn join_octets(content: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(content.len());
    let mut rest = content;
    while !rest.is_empty() {
        let header = Header::read(rest, 0).ok()?;
        let end = header.bytes.checked_add(header.length?)?;
        if header.tag != OCTET_STRING {
            return None;
        }
        joined.extend_from_slice(rest.get(header.bytes..end)?);
        rest = rest.get(end..)?;
    }
    Some(joined)
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/asn1_ber.rs"]
mod tests;
