//! Words for criteria that match or do not.

use super::Quoted;
use crate::attribute;
use crate::select::{AlternativeSearch, SearchedField, SelectorMatch, SelectorMismatch};
use crate::settings::SanValues;
use std::fmt;

/// More compared values than this are counted.
const SHOWN_COMPARED: usize = 6;

impl fmt::Display for SearchedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchedField::CommonName => f.write_str("CN"),
            SearchedField::SimpleName => f.write_str("simple name"),
            SearchedField::X500Name => f.write_str("whole name"),
            SearchedField::SubjectAttribute(oid) => f.write_str(&attribute::label(oid)),
            SearchedField::AlternativeName => f.write_str("alternative name"),
            SearchedField::AlternativeAttribute(oid) => write!(f, "{} of the alternative name", attribute::label(oid)),
        }
    }
}

impl fmt::Display for SelectorMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.wanted.is_empty() {
            return write!(f, "the criteria match: {} is there, {}", self.field, Quoted(&self.actual));
        }
        write!(f, "the criteria match: {} found in {} {}", Quoted(&self.wanted), self.field, Quoted(&self.actual))
    }
}

impl fmt::Display for SelectorMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the criteria ask for {}, the certificate has ", Quoted(&self.wanted))?;
        if self.compared.is_empty() {
            f.write_str("nothing to compare it with")?;
        }
        let mut shown: Vec<&str> = Vec::new();
        for (field, value) in &self.compared {
            // The CN, the simple name and the whole name are often the same text.
            if shown.contains(&value.as_str()) {
                continue;
            }
            if shown.len() == SHOWN_COMPARED {
                f.write_str(" and more")?;
                break;
            }
            if !shown.is_empty() {
                f.write_str(", ")?;
            }
            write!(f, "{field} {}", Quoted(value))?;
            shown.push(value);
        }
        match self.alternatives {
            AlternativeSearch::Searched(SanValues::FirstOnly) => {
                f.write_str("; of the alternative names the first of each kind was searched")
            }
            AlternativeSearch::Searched(SanValues::All) | AlternativeSearch::Absent => Ok(()),
            AlternativeSearch::NotAllowed => {
                f.write_str("; the alternative names were not searched, since criteria of the site do not")
            }
        }
    }
}
