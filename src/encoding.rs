//! The one reader of text files as Windows tools write them: UTF-8 with or without a byte order mark, or UTF-16.

mod other_content;
mod secret;

pub use other_content::OtherContent;
pub(crate) use secret::without_secret;
use std::borrow::Cow;

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    /// Little-endian, as PowerShell 5 and `reg export` write.
    Utf16Le,
    /// Big-endian.
    Utf16Be,
    /// UTF-8, or ASCII.
    Utf8,
}

impl Encoding {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Utf8 => "UTF-8",
        }
    }

    /// By the byte order mark, else by where the zero byte of the first character stands: what is read here begins with
    /// ASCII. The bytes behind the mark come with it.
    pub(crate) fn of(bytes: &[u8]) -> (Self, &[u8]) {
        match bytes {
            [0xff, 0xfe, rest @ ..] => (Encoding::Utf16Le, rest),
            [0xfe, 0xff, rest @ ..] => (Encoding::Utf16Be, rest),
            [0xef, 0xbb, 0xbf, rest @ ..] => (Encoding::Utf8, rest),
            [1..=0x7f, 0, ..] => (Encoding::Utf16Le, bytes),
            [0, 1..=0x7f, ..] => (Encoding::Utf16Be, bytes),
            _ => (Encoding::Utf8, bytes),
        }
    }

    fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Encoding::Utf16Be => u16::from_be_bytes(pair),
            Encoding::Utf16Le | Encoding::Utf8 => u16::from_le_bytes(pair),
        }
    }
}

/// A text, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    text: Cow<'a, str>,
    encoding: Encoding,
    mark: usize,
    replaced: usize,
    first_replaced: Option<usize>,
}

impl<'a> Decoded<'a> {
    /// The text without its byte order mark; what does not decode is U+FFFD.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The text.
    pub(crate) fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    /// How it was encoded.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// How many characters do not decode and were replaced.
    pub(crate) fn replaced(&self) -> usize {
        self.replaced
    }

    /// Where in the file, in bytes, the first of those stands.
    pub(crate) fn first_replaced(&self) -> Option<usize> {
        self.first_replaced
    }

    /// The byte of the file at which a byte of the text stands.
    pub(crate) fn file_offset(&self, text_offset: usize) -> usize {
        let units = |text: &str| 2 * text.encode_utf16().count();
        self.mark
            + match self.encoding {
                Encoding::Utf8 => text_offset,
                Encoding::Utf16Le | Encoding::Utf16Be => self.text.get(..text_offset).map_or(0, units),
            }
    }
}

/// Decodes a text.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    let (encoding, body) = Encoding::of(bytes);
    let mark = bytes.len() - body.len();
    let (mut replaced, mut first_replaced) = (0, None);
    let text = match encoding {
        Encoding::Utf8 => match std::str::from_utf8(body) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => {
                first_replaced = Some(mark + error.valid_up_to());
                replaced = body.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
                String::from_utf8_lossy(body)
            }
        },
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let (pairs, rest) = body.as_chunks::<2>();
            let mut text = String::with_capacity(body.len() / 2);
            let mut at = mark;
            for unit in char::decode_utf16(pairs.iter().map(|pair| encoding.unit(*pair))) {
                let c = unit.unwrap_or_else(|_| {
                    replaced += 1;
                    first_replaced.get_or_insert(at);
                    char::REPLACEMENT_CHARACTER
                });
                at += 2 * c.len_utf16();
                text.push(c);
            }
            if !rest.is_empty() {
                replaced += 1;
                first_replaced.get_or_insert(at);
            }
            Cow::Owned(text)
        }
    };
    Decoded { text, encoding, mark, replaced, first_replaced }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_not_part_of_the_text_and_offsets_are_those_of_the_file() {
        for (bytes, encoding, offset) in [
            (&b"{}"[..], Encoding::Utf8, 1),
            (b"\xEF\xBB\xBF{}", Encoding::Utf8, 4),
            (b"\xFF\xFE{\0}\0", Encoding::Utf16Le, 4),
            (b"\xFE\xFF\0{\0}", Encoding::Utf16Be, 4),
            (b"{\0}\0", Encoding::Utf16Le, 2),
            (b"\0{\0}", Encoding::Utf16Be, 2),
        ] {
            let decoded = decode(bytes);
            assert_eq!((decoded.text(), decoded.encoding(), decoded.replaced()), ("{}", encoding, 0), "{bytes:?}");
            assert_eq!(decoded.file_offset(1), offset, "{bytes:?}");
        }
    }

    #[test]
    fn what_does_not_decode_is_counted_and_placed() {
        assert_eq!(decode(b"caf\xE9 \xE9").replaced(), 2);
        assert_eq!(decode(b"caf\xE9").first_replaced(), Some(3));
        // A lone surrogate, and half a unit.
        let decoded = decode(b"\xFF\xFEa\0\x00\xD8b\0c");
        assert_eq!((decoded.text(), decoded.replaced(), decoded.first_replaced()), ("a\u{fffd}b", 2, Some(4)));
        assert_eq!(decode(b"").text(), "");
    }
}
