//! The value of an attribute: decoded where its type is a string type, raw where it is not.

use crate::asn1::Element;
use std::borrow::Cow;
use std::fmt;

/// The ASN.1 string types that names use (X.680 41; RFC 5280 4.1.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum StringType {
    /// UTF8String, tag 12.
    Utf8,
    /// NumericString, tag 18.
    Numeric,
    /// PrintableString, tag 19.
    Printable,
    /// TeletexString, tag 20, read as Latin-1 as Windows and every browser do.
    Teletex,
    /// IA5String, tag 22.
    Ia5,
    /// VisibleString, tag 26.
    Visible,
    /// UniversalString, tag 28: four bytes a character.
    Universal,
    /// BMPString, tag 30: two bytes a character; surrogate pairs are read, since Windows writes them.
    Bmp,
}

impl StringType {
    /// The string type of an identifier byte; `None` for every other type.
    pub(crate) const fn from_tag(tag: u8) -> Option<Self> {
        Some(match tag {
            12 => StringType::Utf8,
            18 => StringType::Numeric,
            19 => StringType::Printable,
            20 => StringType::Teletex,
            22 => StringType::Ia5,
            26 => StringType::Visible,
            28 => StringType::Universal,
            30 => StringType::Bmp,
            _ => return None,
        })
    }

    /// Decodes content bytes; `None` where they are not text of this type. Characters that a type forbids but that can be
    /// read (an `@` in a PrintableString) are read: they are frequent in the field.
    pub(crate) fn decode(self, content: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            StringType::Utf8 => std::str::from_utf8(content).ok().map(Cow::Borrowed),
            StringType::Numeric | StringType::Printable | StringType::Ia5 | StringType::Visible => {
                let ascii = content.is_ascii().then_some(content)?;
                std::str::from_utf8(ascii).ok().map(Cow::Borrowed)
            }
            StringType::Teletex => match std::str::from_utf8(content) {
                Ok(text) if text.is_ascii() => Some(Cow::Borrowed(text)),
                _ => Some(content.iter().map(|byte| char::from(*byte)).collect()),
            },
            StringType::Universal => {
                let (units, rest) = content.as_chunks::<4>();
                let decoded: Option<String> =
                    units.iter().map(|unit| char::from_u32(u32::from_be_bytes(*unit))).collect();
                rest.is_empty().then_some(decoded?).map(Cow::Owned)
            }
            StringType::Bmp => {
                let (units, rest) = content.as_chunks::<2>();
                let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
                let decoded: Result<String, _> = char::decode_utf16(units).collect();
                rest.is_empty().then_some(decoded.ok()?).map(Cow::Owned)
            }
        }
    }
}

/// The value of an attribute of a name.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum AttributeValue {
    /// A string that decodes.
    #[non_exhaustive]
    Text {
        /// The type it is encoded as.
        string_type: StringType,
        /// The decoded characters.
        text: Box<str>,
    },
    /// Another type, or a string that does not decode: the whole DER element.
    Raw(Box<[u8]>),
}

impl AttributeValue {
    pub(super) fn decode(element: &Element<'_>) -> Self {
        let text = StringType::from_tag(element.tag).and_then(|string_type| {
            let text = string_type.decode(element.value)?.into();
            Some(AttributeValue::Text { string_type, text })
        });
        text.unwrap_or_else(|| AttributeValue::Raw(element.full.into()))
    }

    /// The decoded characters; `None` for a value that is not a string, or does not decode.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            AttributeValue::Text { text, .. } => Some(text),
            AttributeValue::Raw(_) => None,
        }
    }
}

/// The text without quoting, or `#` and the DER element in hexadecimal.
impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttributeValue::Text { text, .. } => f.write_str(text),
            AttributeValue::Raw(bytes) => {
                f.write_str("#")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
            }
        }
    }
}

impl fmt::Debug for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttributeValue::Text { string_type, text } => write!(f, "{string_type:?}({text:?})"),
            AttributeValue::Raw(_) => fmt::Display::fmt(self, f),
        }
    }
}
