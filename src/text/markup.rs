//! Command lines inside of XML: a task sequence, a scheduled task, an answer file (rule Q-4).
//!
//! The tags are taken off, what is in them and between them stays, and the five entities become characters again. A
//! placeholder such as `<name>` is no XML: there must be an end.

use super::piece::Piece;

/// The entities, and character references of the quotes.
const ENTITIES: [(&str, char); 9] = [
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#x22;", '"'),
    ("&apos;", '\''),
    ("&#39;", '\''),
    ("&#x27;", '\''),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&amp;", '&'),
];

/// What stands round a text that is taken as it is.
const VERBATIM: [&str; 2] = ["<![CDATA[", "]]>"];

/// The line without its markup; `None` where there is none.
pub(super) fn without_markup(line: &Piece) -> Option<Piece> {
    let text = line.text.as_str();
    let has_end = text.contains("/>")
        || text.split("</").skip(1).any(|behind| behind.starts_with(|c: char| c.is_ascii_alphabetic()));
    let has_quote = ENTITIES.iter().take(3).any(|(entity, _)| text.contains(entity));
    if !has_end && !has_quote {
        return None;
    }
    let mut plain = Piece::empty(line.place(0));
    let mut at = 0;
    let mut in_tag = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let c = rest.chars().next()?;
        if let Some((entity, character)) = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)) {
            // Inside an attribute it does not end the attribute.
            if in_tag && *character == '"' {
                plain.push_from(line, at, '\\');
            }
            plain.push_from(line, at, *character);
            at += entity.len();
        } else if let Some(frame) = VERBATIM.iter().find(|frame| rest.starts_with(**frame)) {
            plain.push_from(line, at, ' ');
            at += frame.len();
        } else if has_end && (in_tag && c == '>' || tag_name(rest).is_some()) {
            plain.push_from(line, at, ' ');
            at += tag_name(rest).unwrap_or(1);
            in_tag = c == '<';
        } else if in_tag && rest.starts_with("/>") {
            plain.push_from(line, at, ' ');
            at += 1;
        } else {
            plain.push_from(line, at, c);
            at += c.len_utf8();
        }
    }
    plain.end_at(line.span().end);
    Some(plain)
}

/// Whether nothing in a line is taken for markup.
pub(super) fn is_read_as_it_stands(line: &str) -> bool {
    without_markup(&Piece::whole(line)).is_none_or(|plain| plain.text == line)
}

/// A line with quotes that is read as this one, whatever looks like markup in it.
pub(super) fn escaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            other => text.push(other),
        }
    }
    text
}

/// The length of `<name`, `</name` or `<?name`.
fn tag_name(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('<')?;
    let inside = inside.strip_prefix(['/', '?']).unwrap_or(inside);
    let name = inside.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '.'));
    inside.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| rest.len() - name.len())
}
