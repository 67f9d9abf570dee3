use super::*;
use proptest::prelude::*;

proptest! {
    /// What is read in one look is what the reader of every form reads.
    #[test]
    fn both_readers_agree(
        id in prop_oneof![Just(oid::KEY_USAGE), Just(oid::MS_TEMPLATE)],
        critical in prop_oneof![Just([].as_slice()), Just([asn1::BOOLEAN, 1, 0xff].as_slice())],
        value in proptest::collection::vec(any::<u8>(), 0..8),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in 0usize..3,
    ) {
        let (id_length, value_length) = (id.len() as u8, value.len() as u8);
        let fields = [&[asn1::OID, id_length], id, critical, &[asn1::OCTET_STRING, value_length], &value].concat();
        let mut bytes = [&[asn1::SEQUENCE, fields.len() as u8], fields.as_slice(), &[asn1::SEQUENCE]].concat();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut);
        let (mut usual, mut any_form) = (Der::at(&bytes, 100), Der::at(&bytes, 100));
        match Extension::usual(&mut usual) {
            Some(extension) => {
                let read = Extension::any_form(&mut any_form).unwrap();
                prop_assert_eq!(format!("{:?}", read), format!("{:?}", extension));
                prop_assert_eq!(usual.offset(), any_form.offset());
            }
            None => prop_assert_eq!(usual.offset(), 100),
        }
    }
}

#[test]
fn the_usual_form_is_read_in_one_look() {
    let bytes = b"\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x05\xa0";
    let extension = Extension::usual(&mut Der::at(bytes, 100)).expect("the usual form");
    assert_eq!((extension.oid, extension.critical), (oid::KEY_USAGE, true));
    assert_eq!((extension.value, extension.offset), (b"\x03\x02\x05\xa0".as_slice(), 112));
}
