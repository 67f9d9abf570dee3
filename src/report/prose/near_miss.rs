//! Words for what was nearly right.

use super::Quoted;
use crate::NearMiss;
use crate::select::RevocationNearMiss;
use std::fmt;

impl fmt::Display for RevocationNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RevocationNearMiss::WithCrl => "it would pass if the missing CRL were available and did not list it",
            RevocationNearMiss::BaseAlone => "the base CRL alone would have cleared it; only the delta CRL is missing",
            RevocationNearMiss::OcspOnly => "the certificate names only OCSP, which is not modelled here",
        })
    }
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NearMiss::IssuerCaseOnly { listed, actual } => {
                write!(f, "differs only in case: listed {}, the certificate has {}", Quoted(listed), Quoted(actual))
            }
            NearMiss::IntermediateListed { intermediate, root } => write!(
                f,
                "the list names the intermediate {}; it should name the root {}",
                Quoted(&intermediate.x500_string()),
                Quoted(&root.x500_string())
            ),
            NearMiss::SameNameOtherKey { name, listed, actual } => write!(
                f,
                "same root name, other key: listed is {listed}, the machine has {actual}, both named {}",
                Quoted(&name.x500_string())
            ),
            NearMiss::OtherPath { root, thumbprint, because } => write!(
                f,
                "another path ends at the listed root {} ({thumbprint}), but Windows builds this one: {because}",
                Quoted(&root.x500_string())
            ),
            NearMiss::CommaForSemicolon => {
                f.write_str("the attributes are separated by commas; real clients were seen to read semicolons only")
            }
            NearMiss::WrongStore { store, chosen } => write!(
                f,
                "right certificate, wrong store: it passes every other step, but is in {} instead of {}",
                Quoted(store.as_str()),
                Quoted(chosen.as_str())
            ),
            NearMiss::NotYetValid { from } => write!(f, "it passes everything else, and will do from {from} on"),
            NearMiss::NewerRuleset(ruleset) => write!(f, "a client of `{ruleset}` or later accepts this key"),
            NearMiss::Revocation(near) => near.fmt(f),
            NearMiss::CriterionCaseOnly { wanted, actual } => write!(
                f,
                "differs only in case: the criteria have {}, the certificate has {}",
                Quoted(wanted),
                Quoted(actual)
            ),
            NearMiss::MatchesX500 { x500 } => {
                write!(f, "it would match {}, but values are searched without their keys (assumed)", Quoted(x500))
            }
            NearMiss::LaterSanValue { value } => write!(
                f,
                "a later value of the subject alternative name matches, {}, but only the first is used",
                Quoted(value)
            ),
            NearMiss::SanNotSearched { value } => write!(
                f,
                "the subject alternative name matches, {}, but criteria of the site do not search it",
                Quoted(value)
            ),
            NearMiss::SimilarName { computer, actual } => {
                write!(f, "the name {} resembles {}, but is another", Quoted(actual), Quoted(computer))
            }
        }
    }
}
