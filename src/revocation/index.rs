//! Serial number -> entry, in six bytes an entry and half a byte of bucket.
//!
//! Fingerprints and offsets side by side, sorted into buckets by the fingerprint's high bits with one counting sort. That
//! takes time linear in the number of entries whatever the serial numbers are, so a CRL made to collide costs its reader
//! nothing while it is built, and one linear look-up at worst; a hash table with open addressing would not.
//!
//! Of 100,000 entries it is two thirds of a megabyte, which stays in the processor's cache. A bucket is looked at without a
//! branch on what is in it; of the CRL itself nothing is read but the entry that is found.

/// Where the entries of a CRL with a given serial number may stand.
pub(super) struct SerialIndex {
    /// How far a fingerprint is shifted to give its bucket.
    shift: u32,
    /// Where each bucket begins in the rows, and where the last one ends.
    starts: Box<[u32]>,
    /// The entries by bucket. A window of rows that belong to none follows them.
    rows: Box<[IndexRow]>,
}

/// An entry in six bytes: the low half of its fingerprint, since the bucket knows the high bits, and its byte offset in
/// the CRL, the high half first.
#[derive(Clone, Copy, Default)]
struct IndexRow {
    fingerprint: u16,
    offset: [u16; 2],
}

impl IndexRow {
    fn new(fingerprint: u32, offset: u32) -> Self {
        IndexRow { fingerprint: fingerprint as u16, offset: [(offset >> 16) as u16, offset as u16] }
    }

    fn offset(self) -> u32 {
        let [high, low] = self.offset;
        u32::from(high) << 16 | u32::from(low)
    }
}

/// So many rows are compared at once, without a branch that the processor could guess wrong.
const WINDOW: usize = 8;

/// An index to be, while the entries are read.
pub(super) struct Slots {
    shift: u32,
    /// How many slots there are for each bucket.
    counts: Box<[u32]>,
    slots: Vec<Slot>,
}

/// One entry: the fingerprint of its serial number and its byte offset in the CRL.
struct Slot {
    fingerprint: u32,
    offset: u32,
}

impl Slots {
    /// For about so many entries. Only memory and speed depend on the number, so it may be a guess.
    pub(super) fn about(entries: usize) -> Self {
        // Buckets of four to eight.
        let bits = entries.checked_ilog2().unwrap_or(0).saturating_sub(2).clamp(1, 24);
        Slots {
            shift: u32::BITS - bits,
            counts: vec![0; (1 << bits) + 1].into_boxed_slice(),
            slots: Vec::with_capacity(entries),
        }
    }

    #[inline] // once an entry
    pub(super) fn push(&mut self, serial: &[u8], offset: u32) {
        let fingerprint = fingerprint(serial);
        if let Some(count) = self.counts.get_mut((fingerprint >> self.shift) as usize) {
            *count += 1;
        }
        self.slots.push(Slot { fingerprint, offset });
    }

    /// The index of slots that were given in encoded order; equal serial numbers keep their order.
    pub(super) fn sort(self) -> SerialIndex {
        // Counts become ends, which the placing below turns into starts, last slot first.
        let Slots { shift, counts: mut starts, slots } = self;
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut rows = vec![IndexRow::default(); slots.len() + WINDOW].into_boxed_slice();
        for slot in slots.iter().rev() {
            if let Some(start) = starts.get_mut((slot.fingerprint >> shift) as usize) {
                *start = start.saturating_sub(1);
                if let Some(row) = rows.get_mut(*start as usize) {
                    *row = IndexRow::new(slot.fingerprint, slot.offset);
                }
            }
        }
        SerialIndex { shift, starts, rows }
    }
}

impl SerialIndex {
    /// Byte offsets of the entries that may have this serial number, in encoded order. All that have it are among them.
    pub(super) fn candidates(&self, serial: &[u8]) -> impl Iterator<Item = u32> {
        let fingerprint = fingerprint(serial);
        let bucket = (fingerprint >> self.shift) as usize;
        let (mut next, end) = match (self.starts.get(bucket), self.starts.get(bucket + 1)) {
            (Some(&start), Some(&end)) => (start as usize, end as usize),
            _ => (0, 0),
        };
        let (mut window, mut same) = (next, 0);
        std::iter::from_fn(move || {
            while same == 0 {
                if next >= end {
                    return None;
                }
                window = next;
                same = self.same(fingerprint as u16, window) & !(u32::MAX << (end - window).min(WINDOW));
                next += WINDOW;
            }
            let place = window + same.trailing_zeros() as usize;
            same &= same - 1;
            self.rows.get(place).map(|row| row.offset())
        })
    }

    /// Which rows of the window that begins here have this fingerprint: one bit each, the first the lowest.
    fn same(&self, fingerprint: u16, window: usize) -> u32 {
        let rows = self.rows.get(window..).and_then(|rest| rest.first_chunk::<WINDOW>());
        let bits = rows.into_iter().flatten().zip(0u32..);
        bits.fold(0, |all, (row, bit)| all | u32::from(row.fingerprint == fingerprint) << bit)
    }

    /// What tells whether [`candidates`](Self::candidates) finds anything, an entry each: [`known_of_serial`], and the shift.
    pub(super) fn known(&self) -> impl Iterator<Item = (u32, u32)> {
        let buckets = self.starts.windows(2).zip(0u32..);
        buckets.flat_map(move |(ends, bucket)| {
            let rows = match ends {
                &[start, end] => self.rows.get(start as usize..end as usize).unwrap_or_default(),
                _ => &[],
            };
            let high = bucket << self.shift;
            rows.iter().map(move |row| (self.shift, high | u32::from(row.fingerprint)))
        })
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len().saturating_sub(WINDOW)
    }

    /// Heap in bytes.
    #[cfg(test)]
    pub(super) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.starts) + size_of_val(&*self.rows)
    }
}

/// What an index of this shift knows of the fingerprint of a serial number: its bucket, and the low half.
pub(super) fn known_of_serial(serial: &[u8], shift: u32) -> u32 {
    fingerprint(serial) & (u32::MAX << shift | u32::from(u16::MAX))
}

/// An INTEGER's content without superfluous leading bytes: Windows writes and reads serial numbers in both forms.
pub(super) fn significant(serial: &[u8]) -> &[u8] {
    let mut rest = serial;
    while let [first, after @ ..] = rest
        && let [second, ..] = after
        && ((*first == 0 && second & 0x80 == 0) || (*first == 0xff && second & 0x80 != 0))
    {
        rest = after;
    }
    rest
}

/// Thirty-two bits that spread serial numbers, consecutive ones as well; no secret is in it, and none is needed.
fn fingerprint(serial: &[u8]) -> u32 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15; // 2^64 divided by the golden ratio
    let serial = significant(serial);
    let mix = |hash: u64, word: u64| (hash ^ (hash >> 32) ^ word).wrapping_mul(MULTIPLIER);
    let (words, _) = serial.as_chunks::<8>();
    let hash = words.iter().fold(serial.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    // The last eight bytes may overlap the words: then no byte is looked at on its own.
    let end = match serial.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => serial.iter().fold(0, |end, &byte| (end << 8) | u64::from(byte)),
    };
    // A product carries only upwards, so this is done again for what was in the high bits.
    let hash = mix(mix(hash, end), 0);
    (hash >> 32) as u32
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/revocation_index.rs"]
mod tests;
