//! What is kept of a private key that lies where a certificate should be, in every form in which it may lie there.

use super::*;
use base64::prelude::{BASE64_STANDARD, Engine as _};

fn element(tag: u8, inside: &[u8]) -> Vec<u8> {
    let length = u8::try_from(inside.len()).unwrap();
    if length < 0x80 { [&[tag, length], inside].concat() } else { [&[tag, 0x81, length], inside].concat() }
}

/// PKCS#8, SEC 1 and encrypted PKCS#8: the secret is 0x5a throughout.
fn keys() -> [Vec<u8>; 3] {
    let algorithm = element(0x30, b"\x06\x03\x2a\x03\x04\x05\0");
    let secret = element(0x04, &[0x5a; 130]);
    [
        element(0x30, &[b"\x02\x01\0", &algorithm[..], &secret].concat()),
        element(0x30, &[b"\x02\x01\x01", &secret[..]].concat()),
        element(0x30, &[algorithm, secret].concat()),
    ]
}

fn hex(bytes: &[u8], between: &str) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(between)
}

/// The ways to write bytes as a text.
fn texts(key: &[u8]) -> Vec<String> {
    let base64 = BASE64_STANDARD.encode(key);
    let addressed: String = key
        .chunks(16)
        .enumerate()
        .map(|(line, bytes)| format!("{:04x}\t{}   ................\r\n", line * 16, hex(bytes, " ")))
        .collect();
    let numbers = |between| key.iter().map(u8::to_string).collect::<Vec<_>>().join(between);
    vec![
        hex(key, ""),
        format!("0x{}", hex(key, "").to_uppercase()),
        format!("hex:{}", hex(key, ",")),
        hex(key, ":"),
        addressed,
        numbers("\r\n"),
        numbers(", "),
        BASE64_STANDARD.encode(&base64),
        BASE64_STANDARD.encode(format!("-----BEGIN PRIVATE KEY-----\n{base64}")),
        key.iter().map(|byte| char::from(*byte)).collect(),
        base64,
    ]
}

#[test]
fn of_a_key_no_more_is_kept_than_says_what_it_is() {
    for key in keys() {
        assert_eq!(OtherContent::of(&key), Some(OtherContent::PrivateKey));
        assert!(without_secret(&key).len() <= 8, "{:?}", without_secret(&key));
        for text in texts(&key) {
            let utf_16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &utf_16] {
                let kept = without_secret(bytes);
                assert!(bytes.starts_with(kept));
                assert!((4..=48).contains(&kept.len()), "{} bytes of {text}", kept.len());
                assert_eq!(OtherContent::of(kept), OtherContent::of(bytes), "{text}");
                let shown = super::super::decode(kept).into_text().to_lowercase();
                for secret in ["5a5", "5a,", "5a:", "5a ", "90, 90", "90\r\n90", "zz"] {
                    assert!(!shown.contains(secret), "{shown}");
                }
            }
        }
    }
}

#[test]
fn armour_is_cut_behind_its_label() {
    let armour = b"----BEGIN RSA PRIVATE KEY-----\nMIIE";
    assert_eq!(without_secret(armour), b"----BEGIN RSA PRIVATE KEY");
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide = |text: &str| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let kept = without_secret(&wide("-----BEGIN RSA PRIVATE KEY-----\nMIIE")).to_vec();
        assert!(wide("-----BEGIN RSA PRIVATE KEY-").starts_with(&kept), "{kept:?}");
        assert!(kept.len() >= wide("-----BEGIN RSA PRIVATE KE").len());
    }
}

#[test]
fn what_is_no_key_is_kept_whole() {
    let certificate = element(0x30, &element(0x30, &[b"\xa0\x03\x02\x01\x02", &[7; 100][..]].concat()));
    let page = "<html><title>Sign in</title>".to_owned();
    for text in texts(&certificate).into_iter().filter(|text| !text.contains("LS0t")).chain([page]) {
        assert_eq!(without_secret(text.as_bytes()), text.as_bytes());
    }
    assert_eq!(without_secret(&certificate), certificate);
}
