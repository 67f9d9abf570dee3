use super::OtherContent::{self, *};

#[test]
fn what_people_find_in_place_of_a_certificate_is_called_by_its_name() {
    let long = format!("{}é", "a".repeat(511)); // a character over the end of what is looked at
    for (bytes, is) in [
        (&b""[..], Some(Empty)),
        (&[0; 900], Some(Zeros)),
        (b"0\xef\xbf\xbd\x03\x3b0\xef\xbf\xbd", Some(Recoded)),
        (b"0\xc2\x82\x03\x3b0\xc2\x82", Some(Recoded)),
        (b"0\xe2\x80\x9a\x03\x3b0", Some(Recoded)),
        (b"\xff\xfe0\0\x1a\x20\x03\0", Some(Recoded)),
        (b"0\xef\xbf\xbd and more", None),
        (b"0\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", None), // BER
        (b"----BEGIN CERTIFICATE----\nMIIB", Some(Armour)),
        ("–––BEGIN CERTIFICATE-----\nMIIB".as_bytes(), Some(Armour)),
        (b"-----BEGIN-----\nMIIB", Some(Armour)),
        (b"\xfe\xed\xfe\xed\0\0\0\x02", Some(JavaKeyStore)),
        (b"\r\n<!DOCTYPE HTML PUBLIC>", Some(Html)),
        (b"\xef\xbb\xbf<html lang=en>", Some(Html)),
        (b"<?xml version='1.0'?><!DOCTYPE html><html>", Some(Html)),
        (b"<?xml version='1.0'?><Error/>", Some(Xml)),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", Some(Html)),
        (b"subject=/CN=x\n-----BEGIN CERTIFICATE-----\n", Some(Pem)),
        (b"PK\x03\x04\x14\0", Some(Zip)),
        (b"\x1f\x8b\x08\0", Some(Gzip)),
        (b"%PDF-1.7", Some(Pdf)),
        (b"MZ\x90\0\x03", Some(Program)),
        (b"regf\x21\0\0\0", Some(Hive)),
        (b"MZ is how this text begins", Some(Text)),
        (b"\x89PNG\r\n", Some(Picture)),
        (b"see the wiki", Some(Text)),
        (long.as_bytes(), Some(Text)),
        (b"0 certificates were found", Some(Text)),
        (b"MIIDWjCCAkKgAwIBAgIUQ29udG9zbw==", Some(Base64)),
        (b"TUlJRFdqQ0NBa0tnQXdJQkFnSVU=\r\n", Some(EncodedTwice)),
        (b"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", Some(EncodedTwice)),
        (b"\xff\xfeM\0I\0I\0D\0W\0j\0C\0C\0", Some(Base64)),
        (b"3082035a30820242a0030201", Some(Hexadecimal)),
        (b"30:82:03:5A", Some(Hexadecimal)),
        (b"hex:30,82,03,5a,\\\r\n  30,82", Some(Hexadecimal)),
        (b"    0000\t30 82 03 5a 30 82 02 42   0..Z0..B", Some(Hexadecimal)),
        (b"48\r\n130\r\n3\r\n90\r\n", Some(Numbers)),
        (b"\xff\xfe4\x008\x00 \x001\x003\x000\x00 \x003\x00 \x009\x000\x00", Some(Numbers)),
        (b"48 130 certificates", Some(Text)),
        (b"0\x82\x01", None),
        (b"\xa0\x03\x02\x01\x02", None),
        (b"caf\xe9", None),
    ] {
        assert_eq!(OtherContent::of(bytes), is, "{bytes:?}");
    }
}

/// A file that was copied as a text, with a line end behind it or not; what holds such bytes by nature is left alone.
#[test]
fn line_ends_that_were_changed_are_told() {
    let whole = |inside: &[u8]| {
        let length = u8::try_from(inside.len()).unwrap();
        [&[0x30, 0x81, length], inside].concat()
    };
    let inside: Vec<u8> = (0..200).map(|number| if number % 50 == 7 { b'\n' } else { number as u8 | 0x80 }).collect();
    let changed = |bytes: &[u8]| -> Vec<u8> {
        bytes.iter().flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] }).collect()
    };
    assert_eq!(OtherContent::of(&whole(&inside)), None);
    assert_eq!(OtherContent::of(&changed(&whole(&inside))), Some(LineEnds));
    let mut with_pair = inside.clone();
    with_pair[6] = b'\r'; // a CR of its own becomes CR CR LF, and comes back
    assert_eq!(OtherContent::of(&whole(&with_pair)), None);
    assert_eq!(OtherContent::of(&[whole(&with_pair), b"\r\n".to_vec()].concat()), None);
    assert_eq!(OtherContent::of(&changed(&whole(&with_pair))), Some(LineEnds));
    assert_eq!(OtherContent::of(&whole(&inside)[..150]), None, "cut");
}

#[test]
fn der_of_something_else_is_called_by_its_name() {
    let element = |tag: u8, inside: &[u8]| {
        let [high, low] = u16::try_from(inside.len()).unwrap().to_be_bytes();
        match (high, low) {
            (0, ..0x80) => [&[tag, low], inside].concat(),
            (0, _) => [&[tag, 0x81, low], inside].concat(),
            _ => [&[tag, 0x82, high, low], inside].concat(),
        }
    };
    let algorithm = element(0x30, b"\x06\x03\x2a\x03\x04\x05\0");
    let bits = element(0x03, &[0; 130]);
    let key = element(0x30, &[algorithm.clone(), bits.clone()].concat());
    assert_eq!(OtherContent::of(&key), Some(PublicKey));
    let name = element(0x30, &element(0x31, &element(0x30, b"\x06\x03\x55\x04\x03\x0c\x03PC1")));
    for name in [&name, &element(0x30, b"")] {
        let signed = |version: &[u8]| {
            let inside = element(0x30, &[version, name, &algorithm, &bits[..40]].concat());
            element(0x30, &[inside, algorithm.clone(), bits.clone()].concat())
        };
        assert_eq!(OtherContent::of(&signed(b"\x02\x01\0")), Some(Request));
        assert_eq!(OtherContent::of(&signed(b"\x02\x01\x05")), None);
    }
    // A certificate of version 1 with the serial number 0 has an algorithm where a request has a name.
    let first = element(0x30, &[b"\x02\x01\0", &algorithm[..], &name, &algorithm, &name, &key[..60]].concat());
    assert_eq!(OtherContent::of(&element(0x30, &[first, algorithm.clone(), bits.clone()].concat())), None);
    for inside in [
        [b"\x02\x01\0", &algorithm[..], &bits].concat(),
        [b"\x02\x01\x01\x04\x20", &bits[..]].concat(),
        [algorithm.clone(), element(0x04, &[0x5a; 130])].concat(), // encrypted
    ] {
        let key = element(0x30, &inside);
        assert_eq!(OtherContent::of(&key), Some(PrivateKey));
    }
    // A PKCS#12 file begins with version 3.
    assert_eq!(OtherContent::of(&element(0x30, &[b"\x02\x01\x03", &algorithm[..], &bits].concat())), None);
}
