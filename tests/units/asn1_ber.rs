use super::*;

fn der(input: &[u8]) -> Vec<u8> {
    let (der, used) = to_der(input, None).unwrap();
    assert_eq!(used, input.len());
    der.into_owned()
}

#[test]
fn der_stays_as_it_is() {
    for input in [&b"\x30\x00"[..], b"\x30\x03\x02\x01\x05", b"\x04\x02\xff\xff", b"\x30\x81\x03\x02\x01\x05"] {
        assert!(matches!(to_der(input, None), Ok((Cow::Borrowed(same), used)) if same == input && used == input.len()));
    }
    // What follows is the caller's.
    assert_eq!(to_der(b"\x30\x00\r\n", None).unwrap().1, 2);
}

#[test]
fn indefinite_lengths_and_pieces_become_der() {
    assert_eq!(der(b"\x30\x80\x02\x01\x05\0\0"), b"\x30\x03\x02\x01\x05");
    assert_eq!(der(b"\x30\x80\x30\x80\0\0\x05\0\0\0"), b"\x30\x04\x30\x00\x05\x00");
    assert_eq!(der(b"\x24\x80\x04\x01a\x24\x80\x04\x02bc\0\0\0\0"), b"\x04\x03abc");
    // Definite outside, pieces inside.
    assert_eq!(der(b"\x30\x08\x24\x06\x04\x01a\x04\x01b"), b"\x30\x04\x04\x02ab");
    let long = [b"\x30\x80\x04\x82\x01\x00".to_vec(), vec![7; 256], b"\0\0".to_vec()].concat();
    assert_eq!(der(&long)[..4], *b"\x30\x82\x01\x04");
}

#[test]
fn what_is_signed_keeps_its_bytes() {
    // At level 1, a length that is not minimal: kept for the decoder to refuse.
    let input = b"\x30\x80\x30\x81\x03\x02\x01\x05\0\0";
    assert_eq!(to_der(input, Some(1)).unwrap().0[..], *b"\x30\x06\x30\x81\x03\x02\x01\x05");
    assert_eq!(der(input), b"\x30\x06\x30\x81\x03\x02\x01\x05"); // and so elsewhere, where nothing inside is BER
}

#[test]
fn damage_is_an_error_with_its_place() {
    for (input, offset, problem) in [
        (&b"\x30\x80\x02\x01\x05"[..], 5, DerProblem::Truncated),
        (b"\x30\x80\x02\x05\x05\0\0", 2, DerProblem::Truncated),
        (b"\x30\x03\x02\x02\x05", 2, DerProblem::Truncated),
        (b"\x30\x04\x30\x80\x05\0\0\0", 6, DerProblem::Truncated),
        (b"\x04\x80\0\0", 0, DerProblem::Length),
        (b"\x24\x80\x02\x01\x05\0\0", 0, DerProblem::Value),
        (b"\x30\x80\x30\x88\x01\0\0\0\0\0\0\0\0\0", 2, DerProblem::Length),
        (b"", 0, DerProblem::Truncated),
    ] {
        let error = to_der(input, None).unwrap_err();
        assert_eq!((error.offset(), error.problem()), (offset, problem), "{input:02x?}");
    }
    let deep = b"\x30\x80".repeat(100_000);
    assert_eq!(to_der(&deep, None).unwrap_err().problem(), DerProblem::Length);
}
