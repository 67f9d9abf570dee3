//! Serial number -> entry, in eight bytes an entry and half a byte of bucket.
//!
//! A table of (fingerprint, offset) pairs, sorted into buckets by the fingerprint's high bits with one counting sort.
//! That takes time linear in the number of entries whatever the serial numbers are, so a CRL made to collide costs its
//! reader nothing while it is built, and one linear look-up at worst; a hash table with open addressing would not.

/// Where the entries of a CRL with a given serial number may stand.
pub(super) struct SerialIndex {
    /// How far a fingerprint is shifted to give its bucket.
    shift: u32,
    /// Where each bucket begins in `slots`, and where the last one ends.
    starts: Box<[u32]>,
    slots: Box<[Slot]>,
}

/// One entry: the fingerprint of its serial number and its byte offset in the CRL.
#[derive(Clone, Copy, Default)]
pub(super) struct Slot {
    fingerprint: u32,
    offset: u32,
}

impl Slot {
    pub fn new(serial: &[u8], offset: u32) -> Self {
        Slot { fingerprint: fingerprint(serial), offset }
    }
}

impl SerialIndex {
    /// Sorts slots, given in encoded order, into buckets of about four; equal serial numbers keep their order.
    pub fn new(slots: &[Slot]) -> Self {
        let bits = slots.len().checked_ilog2().unwrap_or(0).saturating_sub(2).clamp(1, 24);
        let shift = u32::BITS - bits;
        let mut starts = vec![0u32; (1 << bits) + 1].into_boxed_slice();
        for slot in slots {
            if let Some(count) = starts.get_mut((slot.fingerprint >> shift) as usize) {
                *count += 1;
            }
        }
        // Counts become ends, which the placing below turns into starts, last slot first.
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut sorted = vec![Slot::default(); slots.len()].into_boxed_slice();
        for slot in slots.iter().rev() {
            if let Some(start) = starts.get_mut((slot.fingerprint >> shift) as usize) {
                *start = start.saturating_sub(1);
                if let Some(place) = sorted.get_mut(*start as usize) {
                    *place = *slot;
                }
            }
        }
        SerialIndex { shift, starts, slots: sorted }
    }

    /// Byte offsets of the entries whose serial number has this one's fingerprint, in encoded order.
    pub fn candidates(&self, serial: &[u8]) -> impl Iterator<Item = u32> {
        let fingerprint = fingerprint(serial);
        let bucket = (fingerprint >> self.shift) as usize;
        let range = match (self.starts.get(bucket), self.starts.get(bucket + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        };
        let slots = self.slots.get(range).unwrap_or_default();
        slots.iter().filter(move |slot| slot.fingerprint == fingerprint).map(|slot| slot.offset)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Heap in bytes.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.starts) + size_of_val(&*self.slots)
    }
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
    let (words, rest) = serial.as_chunks::<8>();
    let tail = rest.iter().fold(serial.len() as u64, |tail, &byte| (tail << 8) | u64::from(byte));
    let mut hash = tail.wrapping_mul(MULTIPLIER);
    for word in words {
        hash = (hash ^ (hash >> 32) ^ u64::from_le_bytes(*word)).wrapping_mul(MULTIPLIER);
    }
    (hash >> 32) as u32
}
