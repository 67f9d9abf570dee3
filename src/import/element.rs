//! The entries of a serialized store, one after the other (rules W-1, W-2).
//!
//! ```text
//! entry = u32 id, u32 encoding (1), u32 length, value     all little-endian; MS-OSHARED 2.3.2.5 and 2.3.9.1
//! ```

use super::problem::EntryDamage;

/// Bytes of an entry before its value.
const HEADER: usize = 12;
/// X509_ASN_ENCODING, the only value of the second field.
const ENCODING: u32 = 1;

pub(super) const CERTIFICATE: u32 = 32;
pub(super) const CRL: u32 = 33;
pub(super) const CTL: u32 = 34;

/// Whether an end entry is expected: files have one (W-1), registry values do not (W-2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    EndEntry,
    EndOfBytes,
}

pub(super) enum StoreElement<'a> {
    Entry {
        id: u32,
        value: &'a [u8],
        /// Offset of the value from the start of the whole input.
        offset: usize,
    },
    Damaged {
        problem: EntryDamage,
        bytes: &'a [u8],
        offset: usize,
    },
}

/// Reads entries, and finds the next one after damage.
pub(super) struct EntryReader<'a> {
    bytes: &'a [u8],
    position: usize,
    ending: Ending,
    finished: bool,
}

struct ElementHeader {
    id: u32,
    encoding: u32,
    length: u32,
}

impl<'a> EntryReader<'a> {
    /// Entries that begin at `start`.
    pub(super) fn new(bytes: &'a [u8], start: usize, ending: Ending) -> Self {
        EntryReader { bytes, position: start, ending, finished: false }
    }

    fn header(&self, at: usize) -> Option<ElementHeader> {
        let mut fields = self
            .bytes
            .get(at..at.checked_add(HEADER)?)?
            .chunks_exact(4)
            .filter_map(|field| Some(u32::from_le_bytes(field.try_into().ok()?)));
        Some(ElementHeader { id: fields.next()?, encoding: fields.next()?, length: fields.next()? })
    }

    fn value(&self, at: usize, length: u32) -> Option<&'a [u8]> {
        let start = at.checked_add(HEADER)?;
        self.bytes.get(start..start.checked_add(length as usize)?)
    }

    /// Whether an entry can begin here: used after damage only, so it is stricter than reading. What follows the value
    /// must look like an entry, too, or be the end.
    fn is_plausible(&self, at: usize) -> bool {
        const LAST_ID: u32 = 0xffff; // CERT_FIRST_USER_PROP_ID is 0x8000
        let sound = |header: &ElementHeader| (1..=LAST_ID).contains(&header.id) && header.encoding == ENCODING;
        let Some(header) = self.header(at).filter(sound) else {
            return false;
        };
        let Some(value) = self.value(at, header.length) else {
            return false;
        };
        if (CERTIFICATE..=CTL).contains(&header.id) && value.first() != Some(&0x30) {
            return false;
        }
        let next = at + HEADER + value.len();
        next == self.bytes.len()
            || self.header(next).is_some_and(|following| {
                sound(&following) || (following.id, following.encoding, following.length) == (0, 0, 0)
            })
    }

    fn damaged(&mut self, problem: EntryDamage) -> StoreElement<'a> {
        let offset = self.position;
        let end = self.bytes.len();
        let next = (offset + 1..end).find(|&at| self.is_plausible(at)).unwrap_or_else(|| {
            // Nothing to go on with; the end entry, if it stands where it should, is no part of the damage.
            let before_end = end.saturating_sub(HEADER);
            let has_end = self.ending == Ending::EndEntry
                && before_end > offset
                && self.bytes.get(before_end..).is_some_and(|last| last.iter().all(|&byte| byte == 0));
            if has_end { before_end } else { end }
        });
        self.position = next;
        if next == end {
            self.finished = true;
        }
        let bytes = self.bytes.get(offset..next).unwrap_or_default();
        StoreElement::Damaged { problem, bytes, offset }
    }
}

impl<'a> Iterator for EntryReader<'a> {
    type Item = StoreElement<'a>;

    fn next(&mut self) -> Option<StoreElement<'a>> {
        if self.finished {
            return None;
        }
        let at = self.position;
        let left = self.bytes.len().saturating_sub(at);
        if left == 0 {
            self.finished = true;
            return (self.ending == Ending::EndEntry).then_some(StoreElement::Damaged {
                problem: EntryDamage::NoEnd,
                bytes: &[],
                offset: at,
            });
        }
        let Some(ElementHeader { id, encoding, length }) = self.header(at) else {
            return Some(self.damaged(EntryDamage::Header { left }));
        };
        if self.ending == Ending::EndEntry && (id, encoding, length) == (0, 0, 0) {
            self.finished = true;
            let bytes = self.bytes.get(at + HEADER..).unwrap_or_default();
            return (!bytes.is_empty()).then_some(StoreElement::Damaged {
                problem: EntryDamage::Trailing { bytes: bytes.len() },
                bytes,
                offset: at + HEADER,
            });
        }
        if id == 0 {
            return Some(self.damaged(EntryDamage::ZeroId { length }));
        }
        if encoding != ENCODING {
            return Some(self.damaged(EntryDamage::Encoding { found: encoding }));
        }
        match self.value(at, length) {
            Some(value) => {
                self.position = at + HEADER + value.len();
                let offset = at + HEADER;
                Some(StoreElement::Entry { id, value, offset })
            }
            None => Some(self.damaged(EntryDamage::Length { length, left: left - HEADER })),
        }
    }
}
