//! "Did you mean": the known key that is nearest to an unknown one.

/// Keys further apart than this share of their length are no misspelling of each other.
const FARTHEST: f64 = 0.5;

/// The nearest of `known`, if it is near enough to be meant.
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let unknown: String = unknown.chars().take(64).flat_map(char::to_lowercase).collect();
    known
        .into_iter()
        .map(|key| (strsim::normalized_damerau_levenshtein(&unknown, key), key))
        .filter(|(similarity, _)| *similarity >= FARTHEST)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, key)| key)
}

/// The sentence about an unknown key.
pub fn unknown_key<'a>(what: &str, key: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let key: String = key.chars().take(80).collect();
    match nearest(&key, known.clone()) {
        Some(near) => format!("unknown {what} `{key}`: did you mean `{near}`?"),
        None => {
            let known: Vec<&str> = known.into_iter().collect();
            format!("unknown {what} `{key}`: known are {}", known.join(", "))
        }
    }
}

/// Turns serde's sentence about an unknown field into ours; any other sentence stays as it is.
///
/// serde names the known fields in backticks behind "expected", and is the only one that knows them.
pub fn rephrase(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return message.to_owned();
    };
    let Some((key, expected)) = rest.split_once("`, expected ") else {
        return message.to_owned();
    };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    unknown_key("key", key, known.iter().copied())
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
