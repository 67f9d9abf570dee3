//! Lints in words.

use super::Lint;
use crate::rules::Rule;
use crate::shown::{Quoted, Shown};
use crate::text::{Property, excerpt};
use std::fmt;

/// One sentence, without its rule.
impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lint::CommasInIssuers { entry, with_semicolons } => write!(
                f,
                "issuer {entry} is separated by commas, with which real clients found nothing: write {}",
                Quoted(with_semicolons)
            ),
            Lint::CaseOnly { rule, wanted, actual } => {
                let what = if *rule == Rule::I4 { "issuer" } else { "criterion" };
                write!(f, "{what} {} differs only in case from {}", Quoted(wanted), Quoted(actual))
            }
            Lint::KeyInSubjectString { key } => write!(
                f,
                "`SubjectStr:` looks for {}, and the text that it searches has values without keys: use `SubjectAttr:`",
                Quoted(key)
            ),
            Lint::CriterionMatchesNothing { criterion } => {
                write!(f, "criterion {} matches no certificate of the chosen store", Quoted(criterion))
            }
            Lint::CriterionMatchesSeveral { criterion, certificates } => {
                let count = certificates.len();
                write!(f, "criterion {} matches {count} certificates of the chosen store", Quoted(criterion))
            }
            Lint::LongerNameMatches { text, longer: Some(longer) } => {
                write!(f, "`SubjectStr:{}` also matches the longer name {}", Shown(text), Quoted(longer))
            }
            Lint::LongerNameMatches { text, longer: None } => {
                let text = Shown(text);
                write!(f, "`SubjectStr:{text}` would match longer names as well, such as `{text}0`")
            }
            Lint::EdgeBlank { value } => write!(f, "{} begins or ends with a blank, which counts inside quotes", Quoted(value)),
            Lint::IssuerIsIntermediate { entry, subject } => write!(
                f,
                "issuer {entry} is the intermediate CA {}: only the root of a chain is compared",
                Quoted(subject)
            ),
            Lint::IssuerSharedByRoots { entry, roots } => {
                write!(f, "issuer {entry} is the name of {} roots: ", roots.len())?;
                for (index, root) in roots.iter().enumerate() {
                    let lead = if index == 0 { "" } else { ", " };
                    write!(f, "{lead}`{root}`")?;
                }
                Ok(())
            }
            Lint::AttributeRepeated { key, .. } => write!(f, "{} is written twice", Quoted(key)),
            Lint::WithoutClientAuthentication { certificate } => write!(
                f,
                "criterion lets certificate `{certificate}` through, which is not for client authentication"
            ),
            Lint::SanNotSearched { value: Some(value) } => write!(
                f,
                "`SubjectStr:` from the site does not search the subject alternative name, which has {}",
                Quoted(value)
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
                write!(
                    f,
                    "{} belongs to no property: a value with blanks needs quotes, and no blank stands behind `=`",
                    Quoted(word)
                )
            }
            Lint::NameNotRead { seen, held } => {
                write!(f, "`{}` holds `{held}` and is not read: write it as an item of its own", excerpt(seen))
            }
            Lint::HoldsAnother { property, held } => write!(
                f,
                "the value of `{property}` holds `{held}`, which is not read there: is a quote missing before it?"
            ),
            Lint::ForeignQuotes { property } => write!(
                f,
                "the quotes of `{property}` are another shell's, and were read as `\"`: where no such shell takes them off, \
                 they become part of the value"
            ),
            Lint::FileLine { property } => write!(
                f,
                "a line of the site's file or of the client's state, read as such: on a command line write `{property}` in its place"
            ),
            Lint::NotExpanded { property, variable } => {
                write!(
                    f,
                    "{} in `{property}` is not expanded by the client, which looks for it as it is written",
                    Quoted(variable)
                )
            }
            Lint::Wildcard { property: Property::CertSel, value } => write!(
                f,
                "`{}`: the client knows no wildcards, `*` and `?` are looked for as they are: `SubjectStr:` finds a part",
                excerpt(value)
            ),
            Lint::Wildcard { property, value } => write!(
                f,
                "`{}` in `{property}`: the client knows no wildcards, `*` and `?` are compared as they are",
                excerpt(value)
            ),
            Lint::SiteCodeForm { seen } => {
                write!(f, "`{}` is not a site code: three letters or digits, or `AUTO`", excerpt(seen))
            }
            Lint::LineBreaksInIssuers { entry, with_semicolons } => write!(
                f,
                "issuer {entry} is separated by line breaks, as a certificate's dialog shows it: write {}",
                Quoted(with_semicolons)
            ),
            Lint::SimilarProperty { seen, nearest } => {
                write!(f, "{} is not known: did you mean `{nearest}`?", Quoted(seen))
            },
        }
    }
}
