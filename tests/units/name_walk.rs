use super::*;
use proptest::prelude::*;

proptest! {
    /// What is read in one look is what the reader of every form reads.
    #[test]
    fn both_readers_agree(
        value in proptest::collection::vec(any::<u8>(), 0..8),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in 0usize..3,
    ) {
        let length = value.len() as u8;
        let mut bytes = vec![SET, length + 9, SEQUENCE, length + 7, OID, 3, 0x55, 4, 3, 12, length];
        bytes.extend(value);
        bytes.push(SET);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut);
        let mut rdns = Der::at(&bytes, 100);
        let mut walk = Attributes { rdns, members: Der::new(&[]), seen: 0 };
        match usual(&mut rdns) {
            Some(attribute) => {
                let read = walk.any_form().unwrap();
                prop_assert_eq!(format!("{:?}", read), format!("{:?}", Some(attribute)));
                prop_assert_eq!(rdns.offset(), walk.rdns.offset());
                prop_assert!(walk.members.is_empty());
            }
            None => prop_assert_eq!(rdns.offset(), 100),
        }
    }
}
