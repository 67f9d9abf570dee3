//! Names as chains compare them: a fixed-size key that is equal for names that are equal (RFC 5280, section 7.1).

use super::fold::push_folded;
use super::print::needs_quotes;
use super::value::StringType;
use super::walk::{Attributes, RawAttribute};
use siphasher::sip128::SipHasher13;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// A digest of a name, normalised as comparison asks: equal names in different string types have equal keys.
///
/// Per attribute the type counts and the value: of strings the characters in simple case folding (C-7) without leading
/// and trailing blanks and with inner runs of white space as one blank, of other types the bytes with their tag. The
/// order inside a multi-valued RDN does not count. SipHash of 128 bits under a key that every process draws anew: who
/// writes a name cannot know the key, so cannot make it collide with another; and every subject of a store has one, for
/// which a digest without a secret would have to be a slow one. A key means nothing outside of its process.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameKey([u8; 16]);

static DIGEST: LazyLock<SipHasher13> = LazyLock::new(|| {
    let random = RandomState::new();
    SipHasher13::new_with_keys(random.hash_one(0), random.hash_one(1))
});

impl NameKey {
    /// The key of a name in DER (the whole SEQUENCE); `None` where it is not one.
    pub(crate) fn from_der(name: &[u8]) -> Option<NameKey> {
        NameKey::in_room(name, &mut Vec::with_capacity(USUAL_LENGTH))
    }

    /// The same, with room for the folded text of each value: who loads ten thousand certificates makes it once.
    pub(crate) fn in_room(name: &[u8], room: &mut Vec<u8>) -> Option<NameKey> {
        NameKey::read::<false>(name, room).map(|(key, _)| key)
    }

    /// The key of a general name of another kind: its tag and its bytes.
    pub(crate) fn of_other(tag: u8, value: &[u8]) -> NameKey {
        let mut bytes = Vec::with_capacity(value.len() + 2);
        bytes.extend([3, tag]); // names begin with 1 or 2
        bytes.extend(value);
        NameKey(digest(&bytes))
    }

    /// The same as [`from_der`](Self::from_der), and appends the values in simple case folding (rule C-7), of which the key is
    /// made, joined by `, `. Where the bytes are not a name the text has its beginning.
    ///
    /// The answer's second part says whether that is the folded simple name (rule C-4), as it nearly always is: no value
    /// needs quotes, and no RDN has several.
    pub(crate) fn and_text(name: &[u8], text: &mut Vec<u8>) -> Option<(NameKey, bool)> {
        NameKey::read::<true>(name, text)
    }

    /// Whether the whole text is wanted, and whether it is the simple name; else only the key.
    fn read<const TEXT: bool>(name: &[u8], text: &mut Vec<u8>) -> Option<(NameKey, bool)> {
        let mut attributes = Attributes::at(name, 0).ok()?;
        let mut normal = Vec::with_capacity(USUAL_LENGTH);
        let mut members: Vec<[u8; 16]> = Vec::new();
        // Where in `normal` the attribute begins that will be the next member of a multi-valued RDN.
        let mut member = 0;
        let mut between = false;
        let mut simple = true;
        while let Some(attribute) = attributes.next().ok()? {
            if !TEXT {
                text.clear();
            } else if std::mem::replace(&mut between, true) {
                text.extend(b", ");
            }
            let alone = attribute.first_in_rdn && attribute.last_in_rdn;
            if alone {
                normal.push(1);
            } else {
                member = normal.len();
            }
            simple &= push_attribute::<TEXT>(&attribute, text, &mut normal) && alone;
            if alone {
                continue;
            }
            members.push(digest(normal.get(member..).unwrap_or_default()));
            normal.truncate(member);
            if attribute.last_in_rdn {
                members.sort_unstable();
                normal.push(2);
                normal.extend((members.len() as u64).to_be_bytes());
                members.drain(..).for_each(|member| normal.extend(member));
            }
        }
        Some((NameKey(digest(&normal)), simple))
    }
}

impl std::fmt::Debug for NameKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NameKey({:032x})", u128::from_be_bytes(self.0))
    }
}

/// Longer names are rare; this is not a limit.
const USUAL_LENGTH: usize = 128;

fn digest(bytes: &[u8]) -> [u8; 16] {
    DIGEST.hash(bytes).as_bytes()
}

/// Both parts of what is compared say where they end: the type is DER, and so is a value that is not text. Whether the
/// simple name has the value without quotes.
fn push_attribute<const TEXT: bool>(attribute: &RawAttribute<'_>, text: &mut Vec<u8>, normal: &mut Vec<u8>) -> bool {
    let value = &attribute.value;
    normal.extend(attribute.oid.full);
    match StringType::from_tag(value.tag).and_then(|kind| kind.decode(value.value)) {
        Some(string) => {
            let start = text.len();
            push_folded(&string, text);
            normal.push(0);
            push_normal(text.get(start..).unwrap_or_default(), normal);
            normal.push(END_OF_TEXT);
            TEXT && !needs_quotes(&string)
        }
        None => {
            if TEXT {
                text.push(b'#');
                let digit = |nibble: u8| char::from_digit(nibble.into(), 16).map_or(b'0', |digit| digit as u8);
                text.extend(value.full.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
            }
            normal.push(1);
            normal.extend(value.full);
            true
        }
    }
}

/// A folded text without blanks at its ends, and with one where there are several.
fn push_normal(folded: &[u8], normal: &mut Vec<u8>) {
    // Nearly every value has none of the blanks of `char::is_whitespace`.
    if folded.iter().all(|byte| byte.is_ascii() && !matches!(byte, b' ' | b'\t'..=b'\r')) {
        normal.extend(folded);
        return;
    }
    let mut words = std::str::from_utf8(folded).unwrap_or_default().split_whitespace();
    normal.extend(words.next().unwrap_or_default().as_bytes());
    for word in words {
        normal.push(b' ');
        normal.extend(word.as_bytes());
    }
}

/// No byte of UTF-8, so no text can hold it.
const END_OF_TEXT: u8 = 0xff;
