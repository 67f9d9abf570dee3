//! "Did you mean": the known key that is nearest to an unknown one.

use crate::attribute::nearest;

/// The sentence about an unknown key.
pub(crate) fn unknown_key<'a>(what: &str, key: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let key: String = key.chars().take(80).collect();
    match nearest(&key, known.clone()) {
        Some(near) => format!("unknown {what} `{key}`: did you mean `{near}`?"),
        None => {
            let known: Vec<&str> = known.into_iter().collect();
            format!("unknown {what} `{key}`: known are {}", known.join(", "))
        }
    }
}

/// A reader's sentence in our words: an unknown field gets the nearest known one, any other sentence stays.
///
/// serde names the known fields in backticks behind "expected", and is the only one that knows them. It repeats whole what
/// it did not expect, so a long sentence is cut in its middle.
pub(crate) fn rephrase(message: &str) -> String {
    let known_fields = || {
        // The key may be anything, so it ends at the last such words.
        let (key, expected) = message.strip_prefix("unknown field `")?.rsplit_once("`, expected ")?;
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        Some(unknown_key("key", key, known.iter().copied()))
    };
    shortened(known_fields().unwrap_or_else(|| message.to_owned()))
}

/// No more characters than a reader takes in.
pub(crate) const MAX_MESSAGE: usize = 300;

/// Of a long sentence the beginning and the end, where what was expected stands.
fn shortened(message: String) -> String {
    let count = message.chars().count();
    if count <= MAX_MESSAGE {
        return message;
    }
    let half = MAX_MESSAGE / 2 - 1;
    message.chars().take(half).chain(['…']).chain(message.chars().skip(count - half)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serdes_sentence_becomes_a_question() {
        let message = "unknown field `fqnd`, expected one of `schema`, `name`, `fqdn`";
        assert_eq!(rephrase(message), "unknown key `fqnd`: did you mean `fqdn`?");
        let message = "unknown field `zzzzzzzz`, expected `name` or `fqdn`";
        assert_eq!(rephrase(message), "unknown key `zzzzzzzz`: known are name, fqdn");
        assert_eq!(rephrase("missing field `name`"), "missing field `name`");
    }
}
