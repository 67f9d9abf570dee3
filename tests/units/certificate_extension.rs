use super::*;
use crate::asn1::write::element;
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

/// An extension of this value.
fn extension(id: &[u8], value: &[u8]) -> Vec<u8> {
    element(asn1::SEQUENCE, &[&element(asn1::OID, &[id]), &element(asn1::OCTET_STRING, &[value])])
}

#[test]
fn each_extension_is_found_where_it_stands() {
    let (usage, template) = (extension(oid::KEY_USAGE, b"first"), extension(oid::MS_TEMPLATE, b""));
    let long = extension(b"\x2a\x03", &[0; 70_000]);
    let again = extension(oid::KEY_USAGE, b"second");
    let at = |list: &[&[u8]], id| {
        let (known, duplicate) = scan(Der::at(&list.concat(), 100)).expect("extensions");
        let place = match known.place(id) {
            Where::Nowhere => None,
            Where::At(place) => Some(Some(place)),
            Where::Unknown => Some(None),
        };
        (place, duplicate)
    };
    assert_eq!(at(&[&usage, &template], oid::KEY_USAGE), (Some(Some(0)), false));
    assert_eq!(at(&[&usage, &template], oid::MS_TEMPLATE), (Some(Some(usage.len())), false));
    assert_eq!(at(&[&template], oid::KEY_USAGE), (None, false));
    assert_eq!(
        at(&[&template, &usage, &again], oid::KEY_USAGE),
        (Some(Some(template.len())), true),
        "the first counts"
    );
    assert_eq!(at(&[&long, &usage], oid::KEY_USAGE), (Some(None), false), "too far in for a place of its own");
    assert_eq!(at(&[&template], b"\x2a\x03"), (Some(None), false), "no rule asks for it");
}
