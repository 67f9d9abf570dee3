//! What a file holds that should be a certificate or a CRL and is not: what people really find there.

use std::fmt;

/// What bytes are that are no DER, by how they begin.
///
/// ```
/// use ccmcertsel::encoding::OtherContent;
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
    /// A ZIP archive.
    Zip,
    /// Something that gzip made.
    Gzip,
    /// A PDF document.
    Pdf,
    /// A program of Windows.
    Program,
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
        const KNOWN: [(&[u8], OtherContent); 7] = [
            (b"PK\x03\x04", OtherContent::Zip),
            (b"\x1f\x8b", OtherContent::Gzip),
            (b"%PDF-", OtherContent::Pdf),
            (b"MZ\x90\0", OtherContent::Program),
            (b"\x89PNG", OtherContent::Picture),
            (b"\xff\xd8\xff", OtherContent::Picture),
            (b"GIF8", OtherContent::Picture),
        ];
        match bytes.first() {
            None => return Some(OtherContent::Empty),
            // A SEQUENCE, which certificates and CRLs are.
            Some(0x30) => return None,
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
        } else {
            Some(OtherContent::Text)
        }
    }
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
            OtherContent::Zip => "it is a ZIP archive: unpack it",
            OtherContent::Gzip => "it is compressed by gzip: unpack it",
            OtherContent::Pdf => "it is a PDF document",
            OtherContent::Program => "it is a program",
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
            (b"MZ is how this text begins", Some(Text)),
            (b"\x89PNG\r\n", Some(Picture)),
            (b"see the wiki", Some(Text)),
            (long.as_bytes(), Some(Text)),
            (b"0\x82\x01", None),
            (b"\xa0\x03\x02\x01\x02", None),
            (b"caf\xe9", None),
        ] {
            assert_eq!(OtherContent::of(bytes), is, "{bytes:?}");
        }
    }
}
