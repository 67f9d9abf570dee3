//! Risks in words: what is true of each of the counted machines. Those of reasons stand beside the checks.

/// What a risk means; `None` for one that is not known.
pub fn risk_words(name: &str) -> Option<&'static str> {
    Some(match name {
        "expiring" => "the selected certificate expires soon",
        "several_candidates" => "several certificates pass",
        "assumed_criteria" => "the criteria match by an assumed rule",
        "undecided" => "not decided without the missing CRLs",
        _ => return None,
    })
}
