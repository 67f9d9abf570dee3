//! Lints in words.

use super::Lint;
use crate::Rule;
use crate::text::Property;
use std::fmt;

/// One sentence, without its rule.
impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lint::CommasInIssuers { entry, with_semicolons } => write!(
                f,
                "issuer {entry} is separated by commas, with which real clients found nothing: write `{with_semicolons}`"
            ),
            Lint::CaseOnly { rule, wanted, actual } => {
                let what = if *rule == Rule::I4 { "issuer" } else { "criterion" };
                write!(f, "{what} `{wanted}` differs only in case from `{actual}`")
            }
            Lint::KeyInSubjectString { key } => write!(
                f,
                "`SubjectStr:` looks for `{key}`, and the text that it searches has values without keys: use `SubjectAttr:`"
            ),
            Lint::CriterionMatchesNothing { criterion } => {
                write!(f, "criterion `{criterion}` matches no certificate of the chosen store")
            }
            Lint::CriterionMatchesSeveral { criterion, certificates } => {
                let count = certificates.len();
                write!(f, "criterion `{criterion}` matches {count} certificates of the chosen store")
            }
            Lint::LongerNameMatches { text, longer: Some(longer) } => {
                write!(f, "`SubjectStr:{text}` also matches the longer name `{longer}`")
            }
            Lint::LongerNameMatches { text, longer: None } => {
                write!(f, "`SubjectStr:{text}` would match longer names as well, such as `{text}0`")
            }
            Lint::EdgeBlank { value } => write!(f, "`{value}` begins or ends with a blank, which counts inside quotes"),
            Lint::IssuerIsIntermediate { entry, subject } => write!(
                f,
                "issuer {entry} is the intermediate CA `{subject}`: only the root of a chain is compared"
            ),
            Lint::IssuerSharedByRoots { entry, roots } => {
                write!(f, "issuer {entry} is the name of {} roots: ", roots.len())?;
                for (index, root) in roots.iter().enumerate() {
                    let lead = if index == 0 { "" } else { ", " };
                    write!(f, "{lead}`{root}`")?;
                }
                Ok(())
            }
            Lint::AttributeRepeated { key, .. } => write!(f, "`{key}` is written twice"),
            Lint::WithoutClientAuthentication { certificate } => write!(
                f,
                "criterion lets certificate `{certificate}` through, which is not for client authentication"
            ),
            Lint::SanNotSearched { value: Some(value) } => write!(
                f,
                "`SubjectStr:` from the site does not search the subject alternative name, which has `{value}`"
            ),
            Lint::SanNotSearched { value: None } => {
                f.write_str("`SubjectStr:` from the site does not search the subject alternative name")
            }
            Lint::RootKeyWithoutSiteCode { property } => write!(f, "`{property}` needs `{}`", Property::SiteCode),
            Lint::EmptyIssuersProperty => f.write_str(
                "`CCMCERTISSUERS` is empty, which Windows Installer takes for no list: every root is as good as another",
            ),
            Lint::EmptyProperty { property } => write!(f, "`{property}` is empty, which Windows Installer takes for absent"),
            Lint::PropertyRepeated { property } => write!(f, "`{property}` is set twice: the later one counts"),
            Lint::StrayWord { word } => {
                write!(f, "`{word}` belongs to no property: a value with blanks needs quotes")
            }
            Lint::SimilarProperty { seen, nearest } => write!(f, "`{seen}` is not known: did you mean `{nearest}`?"),
        }
    }
}
