//! Criteria in place of the purpose (R-3, C-1 to C-7, A-4): the reasons and their words. What matches is in `search`.

mod search;

pub(crate) use self::search::{CertificateNames, SearchOptions};
pub(crate) use self::search::{counted_alternatives, explain, find};

use crate::attribute;
use crate::choices::SanValues;
use crate::oid::Oid;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::shown::{Shown, ShownBy};
use crate::text::Criteria;
use crate::words::Quoted;
use std::fmt;

/// What of a certificate was compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchedField {
    /// A CN of the Subject (C-3).
    CommonName,
    /// The simple name of the Subject (C-3, C-4).
    SimpleName,
    /// The X.500 string of the Subject (C-3, C-4).
    X500Name,
    /// An attribute of the Subject (C-6).
    SubjectAttribute(Oid),
    /// A value of the subject alternative name.
    AlternativeName,
    /// An attribute of a directoryName of the subject alternative name (C-6).
    AlternativeAttribute(Oid),
}

/// A match, with both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteriaMatch {
    rule: Rule,
    /// What the criterion asks for; the beginning of it, where it is longer than 1,024 bytes.
    pub wanted: String,
    /// What the certificate has.
    pub actual: String,
    /// Where it stands.
    pub field: SearchedField,
}

impl CriteriaMatch {
    fn new(rule: Rule, wanted: &str, actual: impl Into<String>, field: SearchedField) -> Self {
        CriteriaMatch { rule, wanted: search::beginning(wanted), actual: actual.into(), field }
    }

    /// The rule that found it.
    pub(crate) fn rule(&self) -> Rule {
        self.rule
    }
}

/// Whether the values of the subject alternative name were searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlternativeSearch {
    /// They were; all of them, or the first of each kind.
    Searched(SanValues),
    /// The certificate has none.
    Absent,
    /// They do not decode (V-5).
    Unread,
    /// The source of the criterion does not allow it (C-5).
    NotAllowed,
}

/// No match: what was asked for, and what it was compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteriaMismatch {
    rule: Rule,
    /// The criterion, or for `SubjectAttr:` the first test that fails.
    pub wanted: String,
    /// What the certificate has in the fields that were compared.
    pub compared: Vec<(SearchedField, String)>,
    /// Whether the subject alternative name was searched.
    pub alternatives: AlternativeSearch,
    /// Of several DNS names the first, where only that counts.
    pub first_dns: Option<String>,
    /// The attribute that the failing test looks at (C-6).
    pub attribute: Option<Oid>,
}

/// Why criteria reject a certificate, by the verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CriteriaReason {
    /// `Subject:` does not match.
    Subject(CriteriaMismatch),
    /// `SubjectStr:` does not match.
    SubjectString(CriteriaMismatch),
    /// `SubjectAttr:` does not match.
    SubjectAttribute(CriteriaMismatch),
}

/// What was nearly right about the names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CriteriaNearMiss {
    /// The criterion differs only in case (rule C-2).
    CaseOnly {
        /// As in the criterion.
        wanted: String,
        /// As in the certificate.
        actual: String,
    },
    /// `SubjectStr:` would match the X.500 string, which has keys (rule C-4).
    MatchesX500 {
        /// The X.500 string.
        x500: String,
    },
    /// A later value of the SAN matches (rule A-4).
    LaterSanValue {
        /// The value.
        value: String,
    },
    /// The SAN matches, and the source of the criteria does not allow searching it (rule C-5).
    SanNotSearched {
        /// The value that would match.
        value: String,
    },
}

impl Criteria {
    /// The match of the criteria among a certificate's names, if they match (C-1 to C-7).
    #[cfg(any(test, feature = "test-support"))]
    pub(crate) fn find(&self, names: &CertificateNames, options: SearchOptions) -> Option<CriteriaMatch> {
        find(self, names, options)
    }

    /// Why the criteria do not match, and what was nearly right; to be asked only where they do not.
    #[cfg(test)]
    pub(crate) fn explain(
        &self,
        names: &CertificateNames,
        options: SearchOptions,
    ) -> (CriteriaMismatch, Option<CriteriaNearMiss>) {
        explain(self, names, options)
    }
}

impl CriteriaMatch {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        Row::new(Step::Purpose, "purpose.selector", self.rule)
    }
}

impl CriteriaReason {
    /// What was asked for and what it was compared with.
    pub(crate) fn mismatch(&self) -> &CriteriaMismatch {
        match self {
            CriteriaReason::Subject(mismatch)
            | CriteriaReason::SubjectString(mismatch)
            | CriteriaReason::SubjectAttribute(mismatch) => mismatch,
        }
    }

    /// Code, rule and result codes.
    pub(crate) fn row(&self) -> Row {
        let (code, counted) = match self {
            CriteriaReason::Subject(_) => ("purpose.subject", "the criteria (Subject:) do not match"),
            CriteriaReason::SubjectString(_) => ("purpose.subject_string", "the criteria (SubjectStr:) do not match"),
            CriteriaReason::SubjectAttribute(_) => {
                ("purpose.subject_attribute", "the criteria (SubjectAttr:) do not match")
            }
        };
        Row::new(Step::Purpose, code, self.mismatch().rule).counted(counted)
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self) -> Vec<Proposal> {
        match self {
            CriteriaReason::Subject(_) | CriteriaReason::SubjectString(_) | CriteriaReason::SubjectAttribute(_) => {
                vec![Proposal::Criteria]
            }
        }
    }
}

impl CriteriaNearMiss {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            CriteriaNearMiss::CaseOnly { .. } => "criterion_case_only",
            CriteriaNearMiss::MatchesX500 { .. } => "matches_x500",
            CriteriaNearMiss::LaterSanValue { .. } => "later_san_value",
            CriteriaNearMiss::SanNotSearched { .. } => "san_not_searched",
        }
    }
}

/// More compared values than this are counted.
const SHOWN_COMPARED: usize = 6;

impl fmt::Display for SearchedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchedField::CommonName => f.write_str("CN"),
            SearchedField::SimpleName => f.write_str("simple name"),
            SearchedField::X500Name => f.write_str("whole name"),
            SearchedField::SubjectAttribute(oid) => ShownBy(attribute::label(oid)).fmt(f),
            SearchedField::AlternativeName => f.write_str("alternative name"),
            SearchedField::AlternativeAttribute(oid) => {
                write!(f, "{} of the alternative name", ShownBy(attribute::label(oid)))
            }
        }
    }
}

impl fmt::Display for CriteriaMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.wanted.is_empty() {
            return write!(f, "the criteria match: {} is there, {}", self.field, Quoted(&self.actual));
        }
        write!(f, "the criteria match: {} found in {} {}", Quoted(&self.wanted), self.field, Quoted(&self.actual))
    }
}

impl fmt::Display for CriteriaMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the criteria ask for {}, ", Quoted(&self.wanted))?;
        match (self.compared.is_empty(), &self.attribute) {
            (true, Some(attribute)) => write!(f, "it has no {}", ShownBy(attribute::label(attribute)))?,
            (true, None) => f.write_str("it has no name")?,
            (false, _) => f.write_str("the certificate has ")?,
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
        match (self.alternatives, &self.first_dns) {
            (AlternativeSearch::Searched(_), Some(first)) => {
                write!(f, "; of its DNS names only the first counts: {}", Shown(first))
            }
            (AlternativeSearch::Searched(_) | AlternativeSearch::Absent, _) => Ok(()),
            (AlternativeSearch::Unread, _) => f.write_str("; its alternative names could not be read"),
            (AlternativeSearch::NotAllowed, _) => {
                f.write_str("; criteria of the site do not search its alternative names")
            }
        }
    }
}

impl fmt::Display for CriteriaReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.mismatch().fmt(f)
    }
}

impl fmt::Display for CriteriaNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CriteriaNearMiss::CaseOnly { wanted, actual } => write!(
                f,
                "differs only in case: the criteria have {}, the certificate has {}",
                Quoted(wanted),
                Quoted(actual)
            ),
            CriteriaNearMiss::MatchesX500 { x500 } => {
                write!(f, "it would match {}, but values are searched without their keys (assumed)", Quoted(x500))
            }
            CriteriaNearMiss::LaterSanValue { value } => write!(
                f,
                "a later value of the subject alternative name matches, {}, but only the first is used",
                Quoted(value)
            ),
            CriteriaNearMiss::SanNotSearched { value } => write!(
                f,
                "the subject alternative name matches, {}, but criteria of the site do not search it",
                Quoted(value)
            ),
        }
    }
}
