//! Text files as they come from Windows: UTF-8 with or without a byte order mark, or UTF-16.

use super::error::InputError;
use crate::encoding::{self, Encoding};

/// The text of a file.
///
/// # Errors
/// The place at which it is neither UTF-8 nor UTF-16.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, InputError> {
    let bytes = match Encoding::of(&bytes) {
        // Nearly all: no copy.
        (Encoding::Utf8, body) if body.len() == bytes.len() => match String::from_utf8(bytes) {
            Ok(text) => return Ok(text),
            Err(error) => error.into_bytes(),
        },
        _ => bytes,
    };
    let decoded = encoding::decode(&bytes);
    match (decoded.first_replaced(), decoded.encoding()) {
        (None, _) => Ok(decoded.into_text().into_owned()),
        (Some(at), Encoding::Utf8) => {
            Err(InputError::new(format!("not UTF-8 at byte {at}: save the file as UTF-8 or UTF-16")))
        }
        (Some(at), _) => Err(InputError::new(format!("damaged UTF-16 at byte {at}: save the file as UTF-8"))),
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
