//! What a file holds that should be a certificate or a CRL and is not: what people really find there.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::fmt;

/// What bytes are that are not DER, by how they begin.
///
/// ```
/// use ccmcertsel::{Crl, CrlError, OtherContent};
///
/// let page = b"<!DOCTYPE html><title>Sign in</title>"; // what a proxy gives in place of a CRL
/// assert_eq!(Crl::from_der(page), Err(CrlError::Other(OtherContent::Html)));
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
    /// A request for a certificate.
    Request,
    /// A private key.
    PrivateKey,
    /// A public key without a certificate.
    PublicKey,
    /// A key store of Java.
    JavaKeyStore,
    /// A shortcut of Windows.
    Shortcut,
    /// PEM whose armour is damaged.
    Armour,
    /// DER whose line ends were changed.
    LineEnds,
    /// DER that was taken for a text and written in another encoding.
    Recoded,
    /// Another text.
    Text,
}

/// So many bytes decide whether something is a text.
pub(super) const LOOKED_AT: usize = 512;

impl OtherContent {
    /// What bytes are; `None` where they may be DER, or are nothing known.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        const KNOWN: [(&[u8], OtherContent); 10] = [
            (b"\xfe\xed\xfe\xed", OtherContent::JavaKeyStore),
            (b"L\0\0\0\x01\x14\x02\0", OtherContent::Shortcut),
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
            Some(0x30) if bytes.get(1).is_none_or(|length| *length >= 0x80) => return of_sequence(bytes),
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
            is_recoded(text).then_some(OtherContent::Recoded)
        } else if begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body") {
            Some(OtherContent::Html)
        } else if begins("<?xml") {
            Some(if text.to_ascii_lowercase().contains("<html") { OtherContent::Html } else { OtherContent::Xml })
        } else if text.contains("-----BEGIN ") {
            Some(OtherContent::Pem)
        } else if ["BEGIN CERTIFICATE", "BEGIN X509", "BEGIN TRUSTED", "BEGIN PKCS7", "BEGIN CMS", "-----BEGIN-----"]
            .into_iter()
            .any(|mark| text.contains(mark))
        {
            Some(OtherContent::Armour)
        } else if is_hexadecimal(text) {
            Some(OtherContent::Hexadecimal)
        } else if is_numbers(text) {
            Some(OtherContent::Numbers)
        } else {
            Some(in_base64(text).unwrap_or(OtherContent::Text))
        }
    }
}

/// Version 0 or 1, then an algorithm, a number or the key itself; or an algorithm and what is encrypted by it.
pub(super) fn is_private_key(bytes: &[u8]) -> bool {
    let inside = content(bytes).and_then(|start| bytes.get(start..)).unwrap_or_default();
    let encrypted = || -> Option<bool> {
        let algorithm = content(inside)?.checked_add(usize::from(*inside.get(1).filter(|length| **length < 0x80)?))?;
        let is_algorithm = inside.first() == Some(&0x30) && inside.get(content(inside)?) == Some(&0x06);
        Some(is_algorithm && inside.get(algorithm) == Some(&0x04))
    };
    let is_plain = matches!(inside, [0x02, 0x01, 0x00 | 0x01, 0x30 | 0x02 | 0x04, ..]);
    bytes.first() == Some(&0x30) && (is_plain || encrypted() == Some(true))
}

/// Where the contents of the first element begin.
pub(super) fn content(bytes: &[u8]) -> Option<usize> {
    match *bytes.get(1)? {
        0..=0x7f => Some(2),
        length @ 0x81..=0x84 => Some(2 + usize::from(length & 0x7f)),
        _ => None,
    }
}

/// What was DER, by the length that its first bytes state.
fn of_sequence(bytes: &[u8]) -> Option<OtherContent> {
    match stated_length(bytes) {
        Some(length) if length == bytes.len() => of_other_der(bytes),
        // Behind the end there may be a line end or zeros.
        Some(length) if bytes.get(length..).is_some_and(|rest| rest.iter().all(|byte| *byte <= b' ')) => None,
        Some(_) => {
            // A line feed became two bytes wherever it stood: what is left without them is as long as it says.
            let pairs = || memchr::memmem::find_iter(bytes, b"\r\n");
            let mut before = Vec::with_capacity(bytes.len());
            let mut from = 0;
            for at in pairs() {
                before.extend(bytes.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            before.extend(bytes.get(from..).unwrap_or_default());
            let changed = before.len() < bytes.len() && stated_length(&before) == Some(before.len());
            changed.then_some(OtherContent::LineEnds)
        }
        // No length has so many bytes as these would say.
        None => {
            let beginning = bytes.get(..LOOKED_AT).unwrap_or(bytes);
            let text = match std::str::from_utf8(beginning) {
                Ok(text) => text,
                // The last character is cut in two.
                Err(error) if error.error_len().is_none() => {
                    std::str::from_utf8(beginning.get(..error.valid_up_to())?).ok()?
                }
                Err(_) => return None,
            };
            is_recoded(text).then_some(OtherContent::Recoded)
        }
    }
}

/// DER that is neither a certificate nor a CRL, by its first fields.
fn of_other_der(bytes: &[u8]) -> Option<OtherContent> {
    if let [0x30, 0x82, _, _, 0x30, 0x82, _, _, 0xa0, ..] = bytes {
        return None; // almost every certificate
    }
    if is_private_key(bytes) {
        return Some(OtherContent::PrivateKey);
    }
    let inside = bytes.get(content(bytes)?..)?;
    match *inside {
        [0x30, ..] => match *inside.get(content(inside)?..)? {
            // An algorithm, and bits behind it.
            [0x06, ..] => {
                let algorithm = content(inside)? + usize::from(*inside.get(1).filter(|length| **length < 0x80)?);
                (inside.get(algorithm) == Some(&0x03)).then_some(OtherContent::PublicKey)
            }
            // Version 0, then a name (SETs), where a certificate of version 1 has an algorithm.
            [0x02, 0x01, 0x00, ref name @ ..] => match *name.get(content(name)?..)? {
                [0x31, ..] => Some(OtherContent::Request),
                [..] => (name.starts_with(&[0x30, 0])).then_some(OtherContent::Request),
            },
            _ => None,
        },
        _ => None,
    }
}

/// How long a SEQUENCE of at least 128 bytes is by its own words, all in all.
fn stated_length(bytes: &[u8]) -> Option<usize> {
    let (length, header) = match *bytes {
        [0x30, 0x81, a, ..] => ([0, 0, 0, a], 3),
        [0x30, 0x82, a, b, ..] => ([0, 0, a, b], 4),
        [0x30, 0x83, a, b, c, ..] => ([0, a, b, c], 5),
        [0x30, 0x84, a, b, c, d, ..] => ([a, b, c, d], 6),
        _ => return None,
    };
    usize::try_from(u32::from_be_bytes(length)).ok()?.checked_add(header)
}

/// `0` and 0x82 as an encoding has it that takes every byte for a character: Latin 1, Windows 1252, or none (a replacement).
fn is_recoded(text: &str) -> bool {
    let mut chars = text.chars();
    let second =
        |c: char| matches!(c, '\u{81}'..='\u{84}' | '\u{201a}' | '\u{192}' | '\u{201e}' | char::REPLACEMENT_CHARACTER);
    chars.next() == Some('0') && chars.next().is_some_and(second) && text.contains(char::is_control)
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
pub(super) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
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
            OtherContent::Request => "it is a request for a certificate: what the CA makes of it is needed",
            OtherContent::PrivateKey => "it is a private key, without a certificate",
            OtherContent::PublicKey => "it is a public key, without a certificate",
            OtherContent::JavaKeyStore => {
                "it is a key store of Java: keytool -importkeystore -deststoretype PKCS12 makes a .pfx of it"
            }
            OtherContent::Shortcut => "it is a shortcut of Windows, and not the file that it leads to",
            OtherContent::Armour => {
                "its BEGIN line is damaged: it reads `-----BEGIN CERTIFICATE-----`, with five hyphens on each side"
            }
            OtherContent::LineEnds => {
                "its line ends were changed when it was copied as a text: copy it again, as a binary file"
            }
            OtherContent::Recoded => {
                "it was read as a text and written in another encoding, so that bytes are lost: copy it as a binary file"
            }
            OtherContent::Text => "it is a text, and neither PEM nor base64",
        })
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/other_content.rs"]
mod tests;
