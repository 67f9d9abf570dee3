//! The searched text of a name, written without the name being decoded: ten thousand of them are searched at once.

use super::fold::fold_char;
use super::value::StringType;
use super::walk::Attributes;

/// Appends the simple name (rule C-4) in simple case folding (rule C-7); nothing where the bytes are no name.
pub(crate) fn push_folded_simple_name(der: &[u8], text: &mut Vec<u8>) {
    let Ok(mut attributes) = Attributes::at(der, 0) else {
        return;
    };
    let mut between = false;
    while let Ok(Some(attribute)) = attributes.next() {
        if std::mem::replace(&mut between, true) {
            text.extend(b", ");
        }
        let value = &attribute.value;
        match StringType::from_tag(value.tag).and_then(|kind| kind.decode(value.value)) {
            Some(value) => push_folded(&value, text),
            None => {
                text.push(b'#');
                let digit = |nibble: u8| char::from_digit(nibble.into(), 16).map_or(b'0', |digit| digit as u8);
                text.extend(value.full.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
            }
        }
    }
}

/// Appends a text in simple case folding (rule C-7).
pub(crate) fn push_folded(value: &str, text: &mut Vec<u8>) {
    if value.is_ascii() {
        text.extend(value.bytes().map(|byte| byte.to_ascii_lowercase()));
        return;
    }
    let mut utf8 = [0; 4];
    for c in value.chars() {
        text.extend(fold_char(c).encode_utf8(&mut utf8).as_bytes());
    }
}
