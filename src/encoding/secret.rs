//! What may be kept and written on of bytes that are not a certificate: of a private key, no more than says that it is one.

use super::Encoding;
use super::other_content::{LOOKED_AT, OtherContent, content, from_base64, is_private_key};

/// The end of each label that private keys are written under.
const PRIVATE_KEY: &[u8] = b"PRIVATE KEY";

/// The bytes, or of a private key their beginning, however it is written down: as DER, under armour that is damaged or
/// not, in base64 once or twice, in digits or numbers, or as a text in another encoding.
pub(crate) fn without_secret(bytes: &[u8]) -> &[u8] {
    if is_private_key(bytes) {
        // The header, the version, and the tag behind it.
        return content(bytes).and_then(|start| bytes.get(..start + 4)).unwrap_or_default();
    }
    let kept = end_of_label(bytes).or_else(|| {
        let (encoding, behind) = Encoding::of(bytes);
        let text = super::decode(bytes.get(..LOOKED_AT).unwrap_or(bytes)).into_text();
        let signs: usize = text.chars().take(signs_kept(OtherContent::of(bytes)?, &text)?).map(char::len_utf8).sum();
        let wide = if encoding == Encoding::Utf8 { 1 } else { 2 };
        Some(bytes.len() - behind.len() + signs * wide)
    });
    kept.map_or(bytes, |kept| bytes.get(..kept).unwrap_or_default())
}

/// Where the first label of a private key ends, in one byte or in two a character.
fn end_of_label(bytes: &[u8]) -> Option<usize> {
    let narrow = memchr::memmem::find(bytes, PRIVATE_KEY).map(|at| at + PRIVATE_KEY.len());
    narrow.or_else(|| {
        let mut wide: Vec<u8> = PRIVATE_KEY.iter().flat_map(|sign| [*sign, 0]).collect();
        wide.pop();
        // In big-endian order the zero that is left out here stands in front.
        memchr::memmem::find(bytes, &wide)
            .map(|at| at + wide.len() + usize::from(bytes.get(at + wide.len()) == Some(&0)))
    })
}

/// How many characters are kept of a text that is a private key: so many that it is still called what it is, and no byte
/// of the key is among them.
fn signs_kept(content: OtherContent, text: &str) -> Option<usize> {
    let (inside, kept) = match content {
        OtherContent::Base64 => (from_base64(text.as_bytes())?, 8),
        OtherContent::EncodedTwice => {
            let once = from_base64(text.as_bytes())?;
            if end_of_label(&once).is_some() {
                return Some(16);
            }
            (from_base64(&once)?, 12)
        }
        OtherContent::Hexadecimal => (of_digits(text), 16),
        OtherContent::Numbers => {
            let numbers = text.trim_start_matches("Byte[]").split(|c: char| c.is_whitespace() || c == ',');
            (numbers.filter_map(|number| number.parse().ok()).collect(), 16)
        }
        OtherContent::Recoded => (text.chars().map(byte_of).collect(), 4),
        OtherContent::Empty
        | OtherContent::Zeros
        | OtherContent::Html
        | OtherContent::Xml
        | OtherContent::Pem
        | OtherContent::Zip
        | OtherContent::Gzip
        | OtherContent::Pdf
        | OtherContent::Program
        | OtherContent::Hive
        | OtherContent::Picture
        | OtherContent::Request
        | OtherContent::PrivateKey
        | OtherContent::PublicKey
        | OtherContent::JavaKeyStore
        | OtherContent::Shortcut
        | OtherContent::Armour
        | OtherContent::LineEnds
        | OtherContent::Text => return None,
    };
    is_private_key(&inside).then_some(kept)
}

/// The bytes of hexadecimal digits; with addresses in front of each line, of at most sixteen a line.
fn of_digits(text: &str) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let addressed = text.split_whitespace().next().is_some_and(|first| first.bytes().all(|digit| digit == b'0'));
    if addressed {
        let of_line = |line: &str| -> Vec<u8> {
            let pairs = line.split_whitespace().skip(1).filter(|token| token.len() == 2);
            pairs.take(16).filter_map(|pair| byte(pair.as_bytes())).collect()
        };
        return text.lines().flat_map(of_line).collect();
    }
    let text = text.strip_prefix("hex:").or_else(|| text.strip_prefix("0x")).unwrap_or(text);
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).filter_map(byte).collect()
}

/// The byte that a character was, as far as the beginning of a key goes; what was lost may have been the length's.
fn byte_of(sign: char) -> u8 {
    match sign {
        '\u{201a}' | char::REPLACEMENT_CHARACTER => 0x82,
        '\u{192}' => 0x83,
        '\u{201e}' => 0x84,
        other => u8::try_from(u32::from(other)).unwrap_or(0xff),
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/secret.rs"]
mod tests;
