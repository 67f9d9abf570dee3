//! Words for checks that passed or did not apply.

use super::{Duration, Quoted};
use crate::select::{
    ChainCompleteness, ComputerNameField, Exemption, IssuerForm, Pass, RankCriterion, Ranking, TemplateEvidence,
    UsageSource,
};
use crate::{KeyProvider, Step};
use std::fmt;

pub(super) fn provider(provider: KeyProvider) -> &'static str {
    match provider {
        KeyProvider::Csp => "in a CryptoAPI provider (CSP)",
        KeyProvider::Ksp => "in a key storage provider (KSP)",
        KeyProvider::Unknown => "provider not stated",
    }
}

impl fmt::Display for TemplateEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplateEvidence::Stated(version) => {
                write!(f, "template version {version}, as stated for this certificate")
            }
            TemplateEvidence::Table { template, version } => {
                write!(f, "template version {version}, from the table for `{template}`")
            }
            TemplateEvidence::Version1 { name } => {
                write!(f, "template version 1: the certificate names the template {}", Quoted(name))
            }
            TemplateEvidence::Unknown { template: Some(template) } => {
                write!(f, "template version unknown: no provider or schema given for template `{template}`")
            }
            TemplateEvidence::Unknown { template: None } => {
                f.write_str("template version unknown: no provider or schema given")
            }
        }
    }
}

/// How the winner of a comparison won: both sides, and what decided.
pub(super) fn ranking(ranking: &Ranking, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (own, other) = (&ranking.own, &ranking.other);
    match ranking.decided_by {
        RankCriterion::Period => {
            write!(f, "{} against {} of {}", Duration(own.period()), Duration(other.period()), other.thumbprint)
        }
        RankCriterion::NotAfter => {
            write!(f, "same period, ends {}, {} ends {}", own.not_after, other.thumbprint, other.not_after)
        }
        RankCriterion::NotBefore => write!(
            f,
            "same period and end, begins {}, {} begins {}",
            own.not_before, other.thumbprint, other.not_before
        ),
        RankCriterion::Thumbprint => {
            write!(f, "same dates as {}, so the smaller thumbprint decides (assumed)", other.thumbprint)
        }
    }
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pass::IssuerListed { entry, compared, chain, form } => {
                match (chain, form) {
                    (ChainCompleteness::Complete, IssuerForm::Text) => write!(f, "root {compared} is listed")?,
                    (ChainCompleteness::Complete, IssuerForm::Certificate) => {
                        write!(f, "root {compared} has the name and key of a listed certificate")?;
                    }
                    (ChainCompleteness::Incomplete, _) => {
                        write!(f, "chain is incomplete, and its highest certificate {compared} is listed")?;
                    }
                }
                write!(f, ": entry {entry} of the issuers list")
            }
            Pass::InStore(store) => write!(f, "in the store {}", Quoted(store.as_str())),
            Pass::InDate { not_before, not_after } => write!(f, "valid {not_before} to {not_after}"),
            Pass::KeyAccessible(at) => write!(f, "private key accessible, {}", provider(*at)),
            Pass::KeyPresent(at) => {
                write!(f, "private key present, {}; that the client can use it is assumed", provider(*at))
            }
            Pass::KeyAssumed => f.write_str("private key assumed to be accessible: nothing is known about it"),
            Pass::Template(evidence) => evidence.fmt(f),
            Pass::Provider(Some(at)) => write!(f, "key provider supported: {}", provider(*at)),
            Pass::Provider(None) => f.write_str("key provider not known, taken as supported"),
            Pass::Chain(evidence) => evidence.fmt(f),
            Pass::NotRevoked(evidence) => evidence.fmt(f),
            Pass::RevocationUnknownAccepted(failure) => write!(f, "accepted as set, although {failure}"),
            Pass::ClientAuthentication(source) => match source {
                UsageSource::Extension => f.write_str("for client authentication, by its extended key usage"),
                UsageSource::ApplicationPolicies => {
                    f.write_str("for client authentication, by its application policies")
                }
                UsageSource::Property => f.write_str("for client authentication, by the usages set in the store"),
                UsageSource::PropertyAndCertificate => {
                    f.write_str("for client authentication, by the certificate and the usages set in the store")
                }
                UsageSource::Nothing => {
                    f.write_str("for every purpose: it names no usage (assumed to include this client)")
                }
            },
            Pass::ComputerName { name, field } => {
                let field = match field {
                    ComputerNameField::CommonName => "CN",
                    ComputerNameField::DnsName => "DNS name",
                };
                write!(f, "issued to the computer: {field} {}", Quoted(name))
            }
            Pass::ChainUsage => f.write_str("every CA above it allows client authentication"),
            Pass::KeyUsage(Some(_)) => f.write_str("key usage allows digitalSignature"),
            Pass::KeyUsage(None) => f.write_str("no key usage extension, so every use is allowed"),
            Pass::Selector(evidence) => evidence.fmt(f),
            Pass::NameInSubject { subject } => write!(f, "computer name found in the subject {}", Quoted(subject)),
            Pass::Longest(rank) => {
                f.write_str("longest validity period: ")?;
                ranking(rank, f)
            }
            Pass::OnlyCandidate => f.write_str("the only certificate that passed every other step"),
            Pass::FirstInStore => f.write_str("first in store order, which is all that this kind of device looks at"),
        }
    }
}

impl fmt::Display for Exemption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exemption::NoIssuersList => f.write_str("no issuers list, so every root counts"),
            Exemption::ChainNotChosen => f.write_str("not checked: the search for the chain was ended by its limit"),
            Exemption::DeviceWithout(step) => write!(f, "this kind of device has no step `{step}`"),
            Exemption::TemplateNotChecked(ruleset) => write!(f, "`{ruleset}` accepts every template version"),
            Exemption::RevocationOff => f.write_str("revocation is not checked"),
            Exemption::ReplacedBySelector(Step::Name) => f.write_str("the criteria replace the computer name check"),
            Exemption::ReplacedBySelector(_) => f.write_str("the criteria replace the purpose check"),
            Exemption::QualifiedByName => f.write_str("qualified by the computer name, so the usage does not matter"),
            Exemption::KeyUsageIgnored => f.write_str("key usage is not looked at"),
            Exemption::NameCheckWaived => f.write_str("the computer name check is waived by CCMCERTNAMECHECK=0"),
            Exemption::EmptySubject => f.write_str("the subject is empty, which is exempt"),
        }
    }
}
