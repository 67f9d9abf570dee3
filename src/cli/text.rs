//! Text files as they come from Windows: UTF-8 with or without a byte order mark, or UTF-16.

use super::error::InputError;

/// The text of a file.
///
/// # Errors
/// The place at which it is neither UTF-8 nor UTF-16.
pub fn decode(bytes: Vec<u8>) -> Result<String, InputError> {
    match bytes.get(..2) {
        Some([0xFF, 0xFE]) => utf16(&bytes, u16::from_le_bytes),
        Some([0xFE, 0xFF]) => utf16(&bytes, u16::from_be_bytes),
        _ => {
            let text = String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                InputError::new(format!("not UTF-8 at byte {at}: save the file as UTF-8 or UTF-16"))
            })?;
            match text.strip_prefix('\u{feff}') {
                Some(rest) => Ok(rest.to_owned()),
                None => Ok(text),
            }
        }
    }
}

fn utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Result<String, InputError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().skip(1).map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(InputError::new("damaged UTF-16: save the file as UTF-8")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_not_part_of_the_text() {
        assert_eq!(decode("{}".into()).unwrap(), "{}");
        assert_eq!(decode("\u{feff}{}".into()).unwrap(), "{}");
        assert_eq!(decode(b"\xFF\xFE{\0}\0".to_vec()).unwrap(), "{}");
        assert_eq!(decode(b"\xFE\xFF\0{\0}".to_vec()).unwrap(), "{}");
        assert!(decode(b"\xFF\xFE{\0}".to_vec()).is_err());
        assert!(decode(b"caf\xE9".to_vec()).unwrap_err().message.contains("byte 3"));
    }
}
