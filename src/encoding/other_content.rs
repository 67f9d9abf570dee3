//! What a file holds that should be a certificate or a CRL and is not: what people really find there.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::fmt;

/// What bytes are that are no DER, by how they begin.
///
/// ```
/// use ccmcertsel::OtherContent;
///
/// let page = b"<!DOCTYPE html><title>Sign in</title>"; // what a proxy gives in place of a CRL
/// assert_eq!(OtherContent::of(page), Some(OtherContent::Html));
/// assert_eq!(OtherContent::of(b"\x30\x82\x03\x5a"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtherContent {
    /// No bytes.
    Empty,
    /// Nothing but zeros, from the first byte to the last.
    Zeros,
    /// A page of the web.
    Html,
    /// XML.
    Xml,
    /// PEM, which is for other readers than those of DER.
    Pem,
    /// Base64 of DER, which is for other readers as well.
    Base64,
    /// Base64 of a text that is base64 or PEM itself.
    EncodedTwice,
    /// The bytes as hexadecimal digits, perhaps with their addresses.
    Hexadecimal,
    /// The bytes as decimal numbers.
    Numbers,
    /// A ZIP archive.
    Zip,
    /// Something that gzip made.
    Gzip,
    /// A PDF document.
    Pdf,
    /// A program of Windows.
    Program,
    /// A hive of the registry, as Windows itself keeps it.
    Hive,
    /// A picture.
    Picture,
    /// Another text.
    Text,
}

/// So many bytes decide whether something is a text.
const LOOKED_AT: usize = 512;

impl OtherContent {
    /// What bytes are; `None` where they may be DER, or are nothing known.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const KNOWN: [(&[u8], OtherContent); 8] = [
            (b"PK\x03\x04", OtherContent::Zip),
            (b"\x1f\x8b", OtherContent::Gzip),
            (b"%PDF-", OtherContent::Pdf),
            (b"MZ\x90\0", OtherContent::Program),
            (b"regf", OtherContent::Hive),
            (b"\x89PNG", OtherContent::Picture),
            (b"\xff\xd8\xff", OtherContent::Picture),
            (b"GIF8", OtherContent::Picture),
        ];
        match bytes.first() {
            None => return Some(OtherContent::Empty),
            // A SEQUENCE, which certificates and CRLs are, of at least 128 bytes. What is shorter may be a text that begins
            // with a zero.
            Some(0x30) if bytes.get(1).is_none_or(|length| *length >= 0x80) => return None,
            Some(_) => {}
        }
        if bytes.iter().all(|byte| *byte == 0) {
            return Some(OtherContent::Zeros);
        }
        if let Some((_, content)) = KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Some(*content);
        }
        let text = super::decode(bytes.get(..LOOKED_AT).unwrap_or(bytes)).into_text();
        // The last character may be cut in two.
        let whole = if bytes.len() > LOOKED_AT { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
        Self::of_text(whole.trim_start())
    }

    fn of_text(text: &str) -> Option<Self> {
        let begins = |with: &str| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
        let strange = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}');
        if text.contains(strange) || text.contains(char::REPLACEMENT_CHARACTER) {
            None
        } else if begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body") {
            Some(OtherContent::Html)
        } else if begins("<?xml") {
            Some(if text.to_ascii_lowercase().contains("<html") { OtherContent::Html } else { OtherContent::Xml })
        } else if text.contains("-----BEGIN ") {
            Some(OtherContent::Pem)
        } else if is_hexadecimal(text) {
            Some(OtherContent::Hexadecimal)
        } else if is_numbers(text) {
            Some(OtherContent::Numbers)
        } else {
            Some(in_base64(text).unwrap_or(OtherContent::Text))
        }
    }
}

/// What a text holds in base64, by its beginning.
fn in_base64(text: &str) -> Option<OtherContent> {
    let bytes = from_base64(text.as_bytes())?;
    match bytes.as_slice() {
        [0x30, length, ..] if *length >= 0x80 => Some(OtherContent::Base64),
        // PEM, or the beginning of a SEQUENCE in base64.
        text if text.trim_ascii_start().starts_with(b"-----BEGIN ") => Some(OtherContent::EncodedTwice),
        text => match from_base64(text)?.as_slice() {
            [0x30, length, ..] if *length >= 0x80 => Some(OtherContent::EncodedTwice),
            _ => None,
        },
    }
}

/// The beginning of a text that is base64 as far as it is looked at, decoded.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut signs: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    while signs.pop_if(|sign| *sign == b'=').is_some() {}
    signs.truncate(signs.len() / 4 * 4);
    BASE64_STANDARD.decode(signs).ok()
}

/// `30 82 03 5a`, `hex:30,82,03`, `3082035A`, or with an address and a column of text, as `certutil -encodehex` writes it.
fn is_hexadecimal(text: &str) -> bool {
    let digits = text.strip_prefix("hex:").or_else(|| text.strip_prefix("0x")).unwrap_or(text);
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '\\');
    let mut tokens = digits.split(between).filter(|token| !token.is_empty());
    let first: String = tokens.clone().flat_map(str::chars).take(3).collect();
    if first == "308" && digits.chars().all(|c| c.is_ascii_hexdigit() || between(c)) {
        return true;
    }
    let address = tokens.next().is_some_and(|token| token.len() >= 4 && token.bytes().all(|digit| digit == b'0'));
    address
        && tokens.next() == Some("30")
        && tokens.next().is_some_and(|token| token.len() == 2 && token.starts_with('8'))
}

/// `48 130 3 90`, one a line or with commas.
fn is_numbers(text: &str) -> bool {
    let text = text.trim_start_matches("Byte[]");
    let mut tokens = text.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty());
    let mut number = || tokens.next()?.parse::<u8>().ok();
    number() == Some(0x30) && number().is_some_and(|length| length >= 0x80) && number().is_some() && number().is_some()
}

/// What it is, and what to do about it.
impl fmt::Display for OtherContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OtherContent::Empty => "it is empty",
            OtherContent::Zeros => "it is zeros throughout, as a copy leaves it that was broken off: get it again",
            OtherContent::Html => {
                "it is a page of the web: a server or proxy answered the download with a page, such as one to sign in"
            }
            OtherContent::Xml => "it is an XML document",
            OtherContent::Pem => "it is PEM, and DER is read here",
            OtherContent::Base64 => "it is base64, and DER is read here",
            OtherContent::EncodedTwice => {
                "it was encoded twice: certutil -decode makes PEM or base64 of it, as it should be"
            }
            OtherContent::Hexadecimal => "it is hexadecimal: certutil -decodehex makes a file of it",
            OtherContent::Numbers => {
                "it is numbers, as PowerShell prints an array of bytes: [IO.File]::WriteAllBytes writes the file"
            }
            OtherContent::Zip => "it is a ZIP archive: unpack it",
            OtherContent::Gzip => "it is compressed by gzip: unpack it",
            OtherContent::Pdf => "it is a PDF document",
            OtherContent::Program => "it is a program",
            OtherContent::Hive => "it is a hive of the registry: load it by reg load, and export it by reg export",
            OtherContent::Picture => "it is a picture",
            OtherContent::Text => "it is a text, and neither PEM nor base64",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::OtherContent::{self, *};

    #[test]
    fn what_people_find_in_place_of_a_certificate_is_called_by_its_name() {
        let long = format!("{}é", "a".repeat(511)); // a character over the end of what is looked at
        for (bytes, is) in [
            (&b""[..], Some(Empty)),
            (&[0; 900], Some(Zeros)),
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
}
