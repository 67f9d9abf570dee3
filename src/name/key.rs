//! Names as chains compare them: a fixed-size key that is equal for names that are equal (RFC 5280, section 7.1).

use super::fold::fold_char;
use super::value::StringType;
use super::walk::{Attributes, RawAttribute};
use sha2::{Digest, Sha256};

/// A digest of a name, normalised as comparison asks: equal names in different string types have equal keys.
///
/// Per attribute the type counts and the value: of strings the characters in simple case folding (C-7) without leading
/// and trailing blanks and with inner runs of white space as one blank, of other types the bytes with their tag. The
/// order inside a multi-valued RDN does not count. 16 bytes of SHA-256: no one can make two names collide to any use,
/// since signatures are verified with the certificates' own keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameKey([u8; 16]);

impl NameKey {
    /// The key of a name in DER (the whole SEQUENCE); `None` where it is not one.
    pub(crate) fn from_der(name: &[u8]) -> Option<NameKey> {
        let mut attributes = Attributes::at(name, 0).ok()?;
        let mut whole = Feed::new();
        let mut members: Vec<[u8; 32]> = Vec::new();
        while let Some(attribute) = attributes.next().ok()? {
            if attribute.first_in_rdn && attribute.last_in_rdn {
                whole.bytes(&[1]);
                whole.attribute(&attribute);
                continue;
            }
            let mut member = Feed::new();
            member.attribute(&attribute);
            members.push(member.finish());
            if attribute.last_in_rdn {
                members.sort_unstable();
                whole.bytes(&[2]);
                whole.bytes(&(members.len() as u64).to_be_bytes());
                members.iter().for_each(|member| whole.bytes(member));
                members.clear();
            }
        }
        let digest = whole.finish();
        digest.first_chunk::<16>().map(|key| NameKey(*key))
    }
}

impl std::fmt::Debug for NameKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NameKey({:032x})", u128::from_be_bytes(self.0))
    }
}

/// SHA-256 behind a small buffer: a character at a time would cost more than the digest.
struct Feed {
    digest: Sha256,
    buffer: [u8; 128],
    used: usize,
}

impl Feed {
    fn new() -> Self {
        Feed { digest: Sha256::new(), buffer: [0; 128], used: 0 }
    }

    fn attribute(&mut self, attribute: &RawAttribute<'_>) {
        let (oid, value) = (attribute.oid.value, &attribute.value);
        self.bytes(&(oid.len() as u64).to_be_bytes());
        self.bytes(oid);
        let text = StringType::from_tag(value.tag).and_then(|kind| kind.decode(value.value));
        match text {
            Some(text) => {
                self.bytes(&[0]);
                self.text(&text);
                self.bytes(&[END_OF_TEXT]);
            }
            None => {
                self.bytes(&[1]);
                self.bytes(&(value.full.len() as u64).to_be_bytes());
                self.bytes(value.full);
            }
        }
    }

    fn text(&mut self, text: &str) {
        let text = text.trim();
        if text.is_ascii() && self.ascii(text) {
            return;
        }
        let mut blank_before = false;
        let mut utf8 = [0; 4];
        for word_char in text.chars() {
            if word_char.is_whitespace() {
                blank_before = true;
                continue;
            }
            if blank_before {
                self.bytes(b" ");
                blank_before = false;
            }
            self.bytes(fold_char(word_char).encode_utf8(&mut utf8).as_bytes());
        }
    }

    /// The same byte by byte, for nearly every name; whether there was room. The result is never longer than the text.
    fn ascii(&mut self, text: &str) -> bool {
        let Some(room) = self.buffer.get_mut(self.used..self.used + text.len()) else {
            return false;
        };
        let (mut room, before) = (room.iter_mut(), text.len());
        let mut blank_before = false;
        for byte in text.bytes() {
            // Those of `char::is_whitespace`.
            if matches!(byte, b' ' | b'\t'..=b'\r') {
                blank_before = true;
                continue;
            }
            if std::mem::take(&mut blank_before)
                && let Some(place) = room.next()
            {
                *place = b' ';
            }
            if let Some(place) = room.next() {
                *place = byte.to_ascii_lowercase();
            }
        }
        self.used += before - room.len();
        true
    }

    fn bytes(&mut self, bytes: &[u8]) {
        match self.buffer.get_mut(self.used..self.used + bytes.len()) {
            Some(free) => {
                free.copy_from_slice(bytes);
                self.used += bytes.len();
            }
            None => {
                self.flush();
                self.digest.update(bytes);
            }
        }
    }

    fn flush(&mut self) {
        self.digest.update(self.buffer.get(..self.used).unwrap_or_default());
        self.used = 0;
    }

    fn finish(mut self) -> [u8; 32] {
        self.flush();
        self.digest.finalize().into()
    }
}

/// No byte of UTF-8, so no text can hold it.
const END_OF_TEXT: u8 = 0xff;
