use super::super::entry::{CrlEntry, RevokedCertificate};
use super::*;
use proptest::prelude::*;

fn entry(serial: &[u8], date: &[u8], reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map(|code| [REASON_ALONE.as_slice(), &[code]].concat()).unwrap_or_default();
    let time = [&[asn1::UTC_TIME, date.len() as u8 + 1], date, b"Z"].concat();
    let fields = [&[asn1::INTEGER, serial.len() as u8], serial, &time, &reason].concat();
    [&[asn1::SEQUENCE, fields.len() as u8], fields.as_slice()].concat()
}

#[test]
fn the_usual_entry_is_stepped_over() {
    for reason in [None, Some(4)] {
        let bytes = [entry(&[0x5a; 19], b"260228235959", reason), vec![0x30]].concat();
        let mut list = Der::new(&bytes);
        assert_eq!(step_over(&mut list), Some([0x5a; 19].as_slice()));
        assert_eq!(list.offset(), bytes.len() - 1);
    }
}

proptest! {
    /// Whatever is stepped over, the reader of entries reads, and keeps nothing else of.
    #[test]
    fn what_is_stepped_over_is_an_entry(
        serial in proptest::collection::vec(any::<u8>(), 0..24),
        date in "[0-9]{2}[01][0-9][0-3][0-9][0-2][0-9][0-6][0-9][0-6][0-9]",
        reason in any::<Option<u8>>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in 0usize..3,
    ) {
        let mut bytes = entry(&serial, date.as_bytes(), reason);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() - cut);
        let (mut glance, mut list) = (Der::new(&bytes), Der::new(&bytes));
        match step_over(&mut glance) {
            Some(serial) => {
                let entry = CrlEntry::read(&mut list).unwrap();
                prop_assert_eq!(entry.serial, serial);
                prop_assert_eq!(RevokedCertificate::at(&bytes).unwrap().serial_number(), serial);
                prop_assert_eq!(glance.offset(), list.offset());
                prop_assert!(entry.certificate_issuer.is_none() && entry.unknown_critical.is_none());
            }
            None => prop_assert_eq!(glance.offset(), 0),
        }
    }
}
