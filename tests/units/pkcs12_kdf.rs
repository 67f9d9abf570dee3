use super::*;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

fn bytes(hex: &str) -> Vec<u8> {
    let digits = if hex == "-" { "" } else { hex };
    digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The old vectors and more, by OpenSSL: `testdata/import/pkcs12kdf.sh`.
#[test]
fn the_derivation_of_rfc_7292_is_openssls() {
    let lines = include_str!("../../testdata/import/pkcs12kdf.tsv").lines();
    let mut seen = 0;
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[hash, purpose, rounds, password, salt, expected] = &fields[..] else { panic!("{line}") };
        let purpose = [Purpose::Key, Purpose::Vector, Purpose::Mac][purpose.parse::<usize>().unwrap() - 1];
        let derive = match hash {
            "sha1" => derive::<Sha1>,
            "sha256" => derive::<Sha256>,
            "sha384" => derive::<Sha384>,
            _ => derive::<Sha512>,
        };
        let expected = bytes(expected);
        let derived = derive(&bytes(password), &bytes(salt), purpose, rounds.parse().unwrap(), expected.len());
        assert_eq!(derived, expected, "{line}");
        seen += 1;
    }
    assert_eq!(seen, 40);
}

#[test]
fn nothing_is_derived_from_nothing_without_a_panic() {
    assert_eq!(derive::<Sha1>(&[], &[], Purpose::Mac, 0, 20), derive::<Sha1>(&[], &[], Purpose::Mac, 1, 20));
    assert!(derive::<Sha1>(&[], &[], Purpose::Key, 1, 0).is_empty());
}
