//! Serial number -> entry, in six bytes an entry and half a byte of bucket.
//!
//! Fingerprints and offsets in two columns, sorted into buckets by the fingerprint's high bits with one counting sort.
//! That takes time linear in the number of entries whatever the serial numbers are, so a CRL made to collide costs its
//! reader nothing while it is built, and one linear look-up at worst; a hash table with open addressing would not.
//!
//! Nearly every certificate that is asked about is not listed, and then the buckets and the low halves of fingerprints
//! are all that is looked at: of 100,000 entries they are a quarter of a megabyte, which stays in the processor's cache.

/// Where the entries of a CRL with a given serial number may stand.
pub(super) struct SerialIndex {
    /// How far a fingerprint is shifted to give its bucket.
    shift: u32,
    /// Where each bucket begins in the columns, and where the last one ends.
    starts: Box<[u32]>,
    /// The low half of each fingerprint: the bucket knows the high bits.
    fingerprints: Box<[u16]>,
    /// Where each entry stands in the CRL, in bytes.
    offsets: Box<[u32]>,
}

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
    /// For about so many entries. Only memory and speed hang on the number, so it may be a guess.
    pub fn about(entries: usize) -> Self {
        // Buckets of four to eight.
        let bits = entries.checked_ilog2().unwrap_or(0).saturating_sub(2).clamp(1, 24);
        Slots {
            shift: u32::BITS - bits,
            counts: vec![0; (1 << bits) + 1].into_boxed_slice(),
            slots: Vec::with_capacity(entries),
        }
    }

    #[inline] // once an entry
    pub fn push(&mut self, serial: &[u8], offset: u32) {
        let fingerprint = fingerprint(serial);
        if let Some(count) = self.counts.get_mut((fingerprint >> self.shift) as usize) {
            *count += 1;
        }
        self.slots.push(Slot { fingerprint, offset });
    }

    /// The index of slots that were given in encoded order; equal serial numbers keep their order.
    pub fn sort(self) -> SerialIndex {
        // Counts become ends, which the placing below turns into starts, last slot first.
        let Slots { shift, counts: mut starts, slots } = self;
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut fingerprints = vec![0; slots.len()].into_boxed_slice();
        let mut offsets = vec![0; slots.len()].into_boxed_slice();
        for slot in slots.iter().rev() {
            if let Some(start) = starts.get_mut((slot.fingerprint >> shift) as usize) {
                *start = start.saturating_sub(1);
                let place = *start as usize;
                if let (Some(fingerprint), Some(offset)) = (fingerprints.get_mut(place), offsets.get_mut(place)) {
                    (*fingerprint, *offset) = (slot.fingerprint as u16, slot.offset);
                }
            }
        }
        SerialIndex { shift, starts, fingerprints, offsets }
    }
}

impl SerialIndex {
    /// Byte offsets of the entries that may have this serial number, in encoded order. All that have it are among them.
    pub fn candidates(&self, serial: &[u8]) -> impl Iterator<Item = u32> {
        let fingerprint = fingerprint(serial);
        let bucket = (fingerprint >> self.shift) as usize;
        let range = match (self.starts.get(bucket), self.starts.get(bucket + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        };
        let offsets = self.offsets.get(range.clone()).unwrap_or_default();
        let fingerprints = self.fingerprints.get(range).unwrap_or_default();
        let same = move |(known, _): &(&u16, &u32)| **known == fingerprint as u16;
        fingerprints.iter().zip(offsets).filter(same).map(|(_, offset)| *offset)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Heap in bytes.
    pub fn heap_bytes(&self) -> usize {
        size_of_val(&*self.starts) + size_of_val(&*self.fingerprints) + size_of_val(&*self.offsets)
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
    let mix = |hash: u64, word: u64| (hash ^ (hash >> 32) ^ word).wrapping_mul(MULTIPLIER);
    let (words, _) = serial.as_chunks::<8>();
    let hash = words.iter().fold(serial.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    // The last eight bytes may overlap the words: then no byte is looked at alone.
    let end = match serial.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => serial.iter().fold(0, |end, &byte| (end << 8) | u64::from(byte)),
    };
    // A product carries upwards alone: once more, for what was in the high bits.
    let hash = mix(mix(hash, end), 0);
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CAs number their certificates one after the other, at the end, at the beginning or in the middle.
    #[test]
    fn consecutive_serial_numbers_are_spread() {
        const COUNT: u32 = 20_000;
        let shapes: [fn(u32) -> Vec<u8>; 5] = [
            |number| number.to_be_bytes().to_vec(),
            |number| u64::from(number).to_be_bytes().to_vec(),
            |number| [&[0x61; 15], &number.to_be_bytes()[..]].concat(),
            |number| [&[0x61], &number.to_be_bytes()[..], &[0; 14]].concat(),
            |number| [&[0x61, 0, 0], &number.to_be_bytes()[..], &[0x5a; 3], &number.to_be_bytes(), &[0; 5]].concat(),
        ];
        for serial in shapes {
            let mut slots = Slots::about(COUNT as usize);
            (0..COUNT).for_each(|number| slots.push(&serial(number), number));
            let index = slots.sort();
            let looked_at: usize = (0..COUNT).map(|number| index.candidates(&serial(number)).count()).sum();
            assert!((COUNT as usize..COUNT as usize + 100).contains(&looked_at), "{looked_at}, {:x?}", serial(1));
            let fullest = index.starts.windows(2).map(|ends| ends[1] - ends[0]).max();
            assert!(fullest < Some(40), "{fullest:?} in one bucket, {:x?}", serial(1));
        }
    }
}
