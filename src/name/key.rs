//! Names as chains compare them: a fixed-size key that is equal for names that are equal (RFC 5280, section 7.1).

use super::fold::fold_char;
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
/// writes a name cannot know the key, so cannot make it collide with another. It costs a third of SHA-256, and every
/// subject has one. A key means nothing outside of its process.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameKey([u8; 16]);

static DIGEST: LazyLock<SipHasher13> = LazyLock::new(|| {
    let random = RandomState::new();
    SipHasher13::new_with_keys(random.hash_one(0), random.hash_one(1))
});

impl NameKey {
    /// The key of a name in DER (the whole SEQUENCE); `None` where it is not one.
    pub(crate) fn from_der(name: &[u8]) -> Option<NameKey> {
        NameKey::and_values(name, |_, _| ())
    }

    /// The same; each attribute is handed over on the way, with its text where it decodes, so that who needs the values
    /// as well reads the name once.
    pub(super) fn and_values(name: &[u8], mut value: impl FnMut(&RawAttribute<'_>, Option<&str>)) -> Option<NameKey> {
        let mut attributes = Attributes::at(name, 0).ok()?;
        let mut normal = Vec::with_capacity(USUAL_LENGTH);
        let mut members: Vec<[u8; 16]> = Vec::new();
        // Where in `normal` the attribute begins that will be the next member of a multi-valued RDN.
        let mut member = 0;
        while let Some(attribute) = attributes.next().ok()? {
            let alone = attribute.first_in_rdn && attribute.last_in_rdn;
            if alone {
                normal.push(1);
            } else {
                member = normal.len();
            }
            let text = StringType::from_tag(attribute.value.tag).and_then(|kind| kind.decode(attribute.value.value));
            push_attribute(&attribute, text.as_deref(), &mut normal);
            value(&attribute, text.as_deref());
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
        Some(NameKey(digest(&normal)))
    }
}

impl std::fmt::Debug for NameKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NameKey({:032x})", u128::from_be_bytes(self.0))
    }
}

/// Names longer than this are rare; it is no limit.
const USUAL_LENGTH: usize = 128;

fn digest(bytes: &[u8]) -> [u8; 16] {
    DIGEST.hash(bytes).as_bytes()
}

/// Both parts say where they end: the type is DER, and so is a value that is no text.
fn push_attribute(attribute: &RawAttribute<'_>, text: Option<&str>, normal: &mut Vec<u8>) {
    normal.extend(attribute.oid.full);
    match text {
        Some(text) => {
            normal.push(0);
            push_text(text.trim(), normal);
            normal.push(END_OF_TEXT);
        }
        None => {
            normal.push(1);
            normal.extend(attribute.value.full);
        }
    }
}

fn push_text(text: &str, normal: &mut Vec<u8>) {
    // Nearly every value. These blanks are those of `char::is_whitespace`.
    if text.bytes().all(|byte| byte.is_ascii() && !matches!(byte, b' ' | b'\t'..=b'\r')) {
        normal.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        return;
    }
    let mut blank_before = false;
    let mut utf8 = [0; 4];
    for c in text.chars() {
        if c.is_whitespace() {
            blank_before = true;
            continue;
        }
        if std::mem::take(&mut blank_before) {
            normal.push(b' ');
        }
        normal.extend(fold_char(c).encode_utf8(&mut utf8).as_bytes());
    }
}

/// No byte of UTF-8, so no text can hold it.
const END_OF_TEXT: u8 = 0xff;
