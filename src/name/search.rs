//! The searched text of a name, written without the name being decoded: ten thousand of them are searched at once.

use super::NameKey;
use super::fold::fold_char;

/// Appends the simple name (rule C-4) in simple case folding (rule C-7), and gives the name's key, which stands on the
/// same reading; `None` where the bytes are no name, of which the text then has the beginning.
pub(crate) fn push_folded_simple_name(der: &[u8], text: &mut Vec<u8>) -> Option<NameKey> {
    let mut between = false;
    NameKey::and_values(der, |attribute, value| {
        if std::mem::replace(&mut between, true) {
            text.extend(b", ");
        }
        match value {
            Some(value) => push_folded(value, text),
            None => {
                text.push(b'#');
                let digit = |nibble: u8| char::from_digit(nibble.into(), 16).map_or(b'0', |digit| digit as u8);
                text.extend(attribute.value.full.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
            }
        }
    })
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
