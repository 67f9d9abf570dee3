use super::*;

/// More than a window of them, beside others of the same bucket: there are two.
#[test]
fn equal_serial_numbers_are_all_found_in_their_order() {
    for count in [1, 7, 8, 9, 16, 17, 40] {
        let mut slots = Slots::about(1);
        (0..count).for_each(|number| {
            slots.push(&[0x5a; 19], 0x1_0000 * number + 7);
            slots.push(&number.to_be_bytes(), 1);
        });
        let index = slots.sort();
        assert_eq!(index.len(), 2 * count as usize);
        let known: Vec<(u32, u32)> = index.known().collect();
        assert_eq!(known.len(), index.len());
        assert!(known.contains(&(index.shift, known_of_serial(&[0x5a; 19], index.shift))));
        assert!(!known.contains(&(index.shift, known_of_serial(&[0x5b; 19], index.shift))));
        let found: Vec<u32> = index.candidates(&[0x5a; 19]).collect();
        assert_eq!(found, (0..count).map(|number| 0x1_0000 * number + 7).collect::<Vec<_>>());
        assert_eq!(index.candidates(&[0x5b; 19]).count(), 0);
    }
}

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

/// Windows writes a superfluous byte; the one that says whether a number is negative is not superfluous (rule V-9).
#[test]
fn v9_a_serial_number_keeps_the_byte_that_says_its_sign() {
    let cases: [(&[u8], &[u8]); 7] = [
        (&[0, 1], &[1]),
        (&[0, 0, 1], &[1]),
        (&[0, 0x80], &[0, 0x80]),
        (&[0xff, 0x80], &[0x80]),
        (&[0xff, 1], &[0xff, 1]),
        (&[0], &[0]),
        (&[], &[]),
    ];
    for (serial, kept) in cases {
        assert_eq!(significant(serial), kept, "{serial:x?}");
    }
}
