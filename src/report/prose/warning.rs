//! Words for warnings.

use super::Quoted;
use crate::Warning;
use crate::select::Requirement;
use std::fmt;

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Chain(warning) => warning.fmt(f),
            Warning::UnreadableCrl(error) => write!(f, "a CRL was left out: {error}"),
            Warning::WeakCrl { issuer, hash } => write!(
                f,
                "the CRL of {} is signed with {}: Windows accepts it from a private CA only",
                Quoted(&issuer.x500_string()),
                hash.name()
            ),
            Warning::Store(warning) => warning.fmt(f),
            Warning::EccKeyInCsp => {
                f.write_str("the key is ECC and stated to be in a CSP, which no CSP can hold: judged as stated")
            }
            Warning::LongerName { computer, longer } => write!(
                f,
                "computer name {} was found inside {}, which is the name of another computer",
                Quoted(computer),
                Quoted(longer)
            ),
            Warning::RootRenewed { listed, actual } => write!(
                f,
                "root {actual} has the name and key of the listed {listed} but is another certificate: import it again"
            ),
            Warning::Requirement(requirement) => requirement.fmt(f),
            Warning::Lint(lint) => lint.fmt(f),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Requirement::NoUsage => f.write_str(
                "no extended key usage: Windows takes that for every purpose, the certificate requirements ask for client \
                 authentication",
            ),
            Requirement::NoKeyEncipherment(usage) => {
                let names: Vec<&str> = usage.names().collect();
                let names = if names.is_empty() { "empty".to_owned() } else { names.join(", ") };
                write!(f, "key usage is {names}: the certificate requirements ask for keyEncipherment as well (a0)")
            }
            Requirement::MultiByteName { place, name } => write!(
                f,
                "{} in the {} has characters of several bytes: the certificate requirements allow single-byte ones only",
                Quoted(name),
                place.name()
            ),
            Requirement::WithoutClientAuthentication => f.write_str(
                "qualifies by the computer name alone: without client authentication a TLS server refuses it as a client's",
            ),
        }
    }
}
