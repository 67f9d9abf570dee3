//! A straight walk over the DER of a name, without allocation; decoding and name keys both stand on it.
//!
//! ```text
//! Name ::= SEQUENCE OF RelativeDistinguishedName
//! RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
//! AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }      (RFC 5280 4.1.2.4)
//! ```

use super::NameError;

/// More attributes than this is no name: X.500 gives one level per organisational layer, and directories stop at 255.
pub(crate) const MAX_ATTRIBUTES: usize = 1024;

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;

/// One attribute, where it stands in its name.
pub(super) struct RawAttribute<'a> {
    pub(super) first_in_rdn: bool,
    pub(super) last_in_rdn: bool,
    /// Offset of the OID's content bytes from the start of the name.
    pub(super) oid_offset: usize,
    pub(super) oid: &'a [u8],
    pub(super) tag: u8,
    pub(super) value: &'a [u8],
    /// Tag, length and value together.
    pub(super) encoded: &'a [u8],
}

/// The attributes of a name in encoded order; stops at the first error.
pub(super) struct Attributes<'a> {
    input: &'a [u8],
    position: usize,
    end: usize,
    rdn_end: usize,
    seen: usize,
}

impl<'a> Attributes<'a> {
    /// Starts at the SEQUENCE that must fill the input.
    pub(super) fn of(input: &'a [u8]) -> Result<Self, NameError> {
        let body = read(
            input,
            0,
            input.len(),
            SEQUENCE,
            "a SEQUENCE of relative distinguished names",
        )?;
        if body.end != input.len() {
            return Err(NameError::new(body.end, "bytes after the name", "the end of the name"));
        }
        Ok(Attributes {
            input,
            position: body.start,
            end: body.end,
            rdn_end: body.start,
            seen: 0,
        })
    }

    /// The next attribute; `None` at the end of the name.
    pub(super) fn next(&mut self) -> Result<Option<RawAttribute<'a>>, NameError> {
        let first_in_rdn = self.position == self.rdn_end;
        if first_in_rdn {
            if self.position == self.end {
                return Ok(None);
            }
            let rdn = read(self.input, self.position, self.end, SET, "a SET of attributes")?;
            if rdn.is_empty() {
                return Err(NameError::new(self.position, "an empty SET", "at least one attribute"));
            }
            (self.position, self.rdn_end) = (rdn.start, rdn.end);
        }
        if self.seen == MAX_ATTRIBUTES {
            return Err(NameError::new(
                self.position,
                "one attribute too many",
                "at most 1024 attributes",
            ));
        }
        self.seen += 1;
        let pair = read(
            self.input,
            self.position,
            self.rdn_end,
            SEQUENCE,
            "a SEQUENCE of type and value",
        )?;
        let oid = read(
            self.input,
            pair.start,
            pair.end,
            OBJECT_IDENTIFIER,
            "an OBJECT IDENTIFIER",
        )?;
        let (tag, value) = header(self.input, oid.end, pair.end)?;
        if value.end != pair.end {
            return Err(NameError::new(
                value.end,
                "bytes after an attribute's value",
                "the end of the attribute",
            ));
        }
        self.position = pair.end;
        Ok(Some(RawAttribute {
            first_in_rdn,
            last_in_rdn: self.position == self.rdn_end,
            oid_offset: oid.start,
            oid: slice(self.input, &oid),
            tag,
            encoded: slice(self.input, &(oid.end..value.end)),
            value: slice(self.input, &value),
        }))
    }
}

type Range = std::ops::Range<usize>;

fn slice<'a>(input: &'a [u8], range: &Range) -> &'a [u8] {
    // `header` has checked the range against the input.
    input.get(range.clone()).unwrap_or_default()
}

fn read(input: &[u8], at: usize, end: usize, tag: u8, expected: &'static str) -> Result<Range, NameError> {
    match header(input, at, end)? {
        (found, content) if found == tag => Ok(content),
        _ => Err(NameError::new(at, "another type", expected)),
    }
}

/// Tag and content range of the element at `at`, which must lie before `end`.
fn header(input: &[u8], at: usize, end: usize) -> Result<(u8, Range), NameError> {
    let cut = || NameError::new(at, "the end of the data", "a whole element");
    let input = input.get(..end).ok_or_else(cut)?;
    let tag = *input.get(at).ok_or_else(cut)?;
    if tag & 0x1f == 0x1f {
        return Err(NameError::new(at, "a tag of several bytes", "a type that names use"));
    }
    let first = *input.get(at + 1).ok_or_else(cut)?;
    let (length, start) = if first < 0x80 {
        (usize::from(first), at + 2)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return Err(NameError::new(
                at + 1,
                "a length that DER does not allow",
                "a definite length",
            ));
        }
        let digits = input.get(at + 2..at + 2 + count).ok_or_else(cut)?;
        let length = digits
            .iter()
            .fold(0usize, |length, digit| (length << 8) | usize::from(*digit));
        if length < 0x80 || digits.first() == Some(&0) {
            return Err(NameError::new(
                at + 1,
                "a length that DER does not allow",
                "the shortest form",
            ));
        }
        (length, at + 2 + count)
    };
    let stop = start
        .checked_add(length)
        .filter(|stop| *stop <= input.len())
        .ok_or_else(cut)?;
    Ok((tag, start..stop))
}
