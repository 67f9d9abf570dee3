//! The one writer of JSON: a document a line, in which nothing can steer a terminal or end a line.
//!
//! JSON itself asks for escapes of U+0000 to U+001F only. The rest of the control characters, the separators of lines and
//! paragraphs and the marks of bidirectional text are escaped as well: names come from certificates, people look at the
//! output in terminals and editors, and some readers take U+0085, U+2028 and U+2029 for the end of a line.

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter};
use std::io::{self, Write};

/// A document on a line of its own.
pub(crate) fn line(document: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    // Strings and numbers always serialize, and writing to memory cannot fail.
    let _ = document.serialize(&mut Serializer::with_formatter(&mut bytes, Escaping(CompactFormatter)));
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}

struct Escaping(CompactFormatter);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // The bytes of what is escaped here begin with DEL or a byte beyond ASCII; nearly all texts have neither.
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return self.0.write_string_fragment(writer, fragment);
        }
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_escaped(*c)) {
            let (plain, behind) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = behind.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Control characters, separators of lines and paragraphs, and what changes the direction of a text or is not seen.
fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_reads_back() {
        let text = "a\u{7f}b\u{85}\u{9b}\u{2028}\u{2029}\u{202e}\u{61c}\u{200f}\u{2066}\u{e0001}\"\\\u{1b}\n ä ＝ 😀";
        let json = line(&[text]);
        assert_eq!(
            json,
            "[\"a\\u007fb\\u0085\\u009b\\u2028\\u2029\\u202e\\u061c\\u200f\\u2066\\udb40\\udc01\\\"\\\\\\u001b\\n ä ＝ 😀\"]\n"
        );
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
        assert_eq!(line(&["a\u{7f}", "plain"]), "[\"a\\u007f\",\"plain\"]\n");
    }
}
