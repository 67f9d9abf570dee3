//! Words for rejections.

use super::pass::{provider, ranking};
use super::{Count, Entries, List, Quoted, Usages};
use crate::KeyProvider;
use crate::select::{KspReason, RankCriterion, Rejection, UsageSource};
use std::fmt;

impl fmt::Display for KspReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KspReason::Ruleset(ruleset) => {
                write!(f, "the client of `{ruleset}` opens keys through CryptoAPI only (assumed)")
            }
            KspReason::CngOff => f.write_str("/CCMPKICERTOPTIONS=0 turned their support off"),
        }
    }
}

fn source(source: UsageSource) -> &'static str {
    match source {
        UsageSource::Extension => "extended key usages",
        UsageSource::ApplicationPolicies => "application policies",
        UsageSource::Property => "usages set in the store",
        UsageSource::PropertyAndCertificate => "usages, narrowed by those set in the store,",
        UsageSource::Nothing => "no extended key usage at all",
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::NotListed { top, listed, .. } => write!(
                f,
                "chain ends at {}, which is not in the issuers list of {}",
                Quoted(&top.x500_string()),
                Entries(*listed)
            ),
            Rejection::IncompleteChain { top, missing, .. } => write!(
                f,
                "chain is incomplete: issuer {} was not found, and {}, the highest certificate found, is not listed",
                Quoted(&missing.x500_string()),
                Quoted(&top.x500_string())
            ),
            Rejection::OtherStore { store, chosen } => {
                write!(f, "in the store {}, the client looks in {}", Quoted(store.as_str()), Quoted(chosen.as_str()))
            }
            Rejection::Archived => f.write_str("archived: Windows does not show it to the client"),
            Rejection::Unreadable(error) => error.fmt(f),
            Rejection::NotYetValid { not_before, now } => write!(f, "not valid before {not_before}, now {now}"),
            Rejection::Expired { not_after, now } => write!(f, "expired {not_after}, now {now}"),
            Rejection::KeyAbsent => f.write_str("no private key belongs to it, the client needs one that it can use"),
            Rejection::KeyInaccessible => {
                f.write_str("the client cannot use its private key, the account SYSTEM needs access to it")
            }
            Rejection::TemplateVersion { evidence, ruleset } => {
                write!(f, "{evidence}; `{ruleset}` accepts versions 1 and 2")
            }
            Rejection::KeyStorageProvider(reason) => {
                write!(f, "private key in a key storage provider (KSP): {reason}")
            }
            Rejection::KeyEcc { provider: at } => write!(
                f,
                "private key is ECC, {}; of those in a KSP the client supports RSA only",
                match at {
                    None | Some(KeyProvider::Unknown) => "which no CSP can hold",
                    Some(at) => provider(*at),
                }
            ),
            Rejection::Chain(failure) => failure.fmt(f),
            Rejection::Revocation(failure) => failure.fmt(f),
            Rejection::NotClientAuth { usages, source: from, computer, names } => {
                match from {
                    UsageSource::Nothing => f.write_str("not for client authentication: it names no usage at all")?,
                    from => {
                        let only = if usages.is_empty() { "" } else { " only" };
                        let usages = Usages(usages);
                        write!(f, "not for client authentication: its {} allow {usages}{only}", source(*from))?;
                    }
                }
                match (computer.is_empty(), names.is_empty()) {
                    (true, _) => Ok(()),
                    (false, true) => write!(f, "; nor issued to {}: it has no name", List(computer)),
                    (false, false) => write!(f, "; nor issued to {}: it is for {}", List(computer), List(names)),
                }
            }
            Rejection::ChainEku(taken) => taken.fmt(f),
            Rejection::KeyUsage(usage) => {
                f.write_str("key usage is ")?;
                let mut names = usage.names();
                match names.next() {
                    None => f.write_str("empty")?,
                    Some(first) => f.write_str(first)?,
                }
                names.try_for_each(|name| write!(f, ", {name}"))?;
                f.write_str("; client authentication needs digitalSignature (assumed)")
            }
            Rejection::Subject(mismatch)
            | Rejection::SubjectString(mismatch)
            | Rejection::SubjectAttribute(mismatch) => mismatch.fmt(f),
            Rejection::NotInSubject { computer, subject } => {
                write!(f, "computer name {} is not in the subject {}", Quoted(computer), Quoted(subject))
            }
            Rejection::Outranked(rank) => {
                f.write_str(match rank.decided_by {
                    RankCriterion::Period => "passed, but another has the longer validity period: ",
                    _ => "passed, but another ranks higher: ",
                })?;
                ranking(rank, f)
            }
            Rejection::NotFirst { thumbprint, .. } => {
                write!(f, "passed, but {thumbprint} comes first in the store, and this kind of device takes the first")
            }
            Rejection::Ambiguous { passed, thumbprint, .. } => write!(
                f,
                "one of {} that passed, {thumbprint} is another, and the client is not set to select one of several",
                Count(*passed, "certificate")
            ),
        }
    }
}
