//! What should be known although it decides nothing.

use super::lint::Lint;
use super::requirement::Requirement;
use crate::certificate::Thumbprint;
use crate::chain::ChainWarning;
use crate::check::LongerName;
use crate::crypto::HashAlgorithm;
use crate::name::DistinguishedName;
use crate::reason::Coded;
use crate::revocation::{CrlError, CrlWarning};
use crate::rules::Rule;
use crate::store::StoreWarning;
use crate::words::Quoted;
use std::fmt;

/// Something that an administrator should know although it decides nothing.
///
/// ```
/// use ccmcertsel::chain::ChainWarning;
/// use ccmcertsel::check::LongerName;
/// use ccmcertsel::revocation::CrlWarning;
/// use ccmcertsel::select::{Lint, NamePlace, Requirement};
/// use ccmcertsel::{Coded, ReadinessReport, Warning};
///
/// fn advice(warning: &Warning) -> String {
///     match warning {
///         Warning::Lint(Lint::IssuerIsIntermediate { entry, .. }) => format!("list a root in place of entry {entry}"),
///         Warning::Chain(ChainWarning::Sha1Signature { at }) => format!("renew {at}"),
///         Warning::Crl(CrlWarning::UnusualTimes { crl }) => crl.issuer().to_string(),
///         Warning::LongerName(LongerName { longer, .. }) => longer.clone(),
///         Warning::Requirement(Requirement::MultiByteName { place: NamePlace::Subject, name }) => name.clone(),
///         other => format!("{other} [{}]", other.rule()),
///     }
/// }
///
/// # #[cfg(feature = "machine")] {
/// let pc7 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/issuers-no-match")?;
/// let selector = pc7.selector();
/// let report: ReadinessReport = selector.report(pc7.now.expect("its machine.toml states an instant"));
/// let advice: Vec<String> = report.warnings().iter().map(advice).collect();
/// assert_eq!(advice[1], "list a root in place of entry 2");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Noticed while the stores were filled (rules T-8, V-8).
    Store(StoreWarning),
    /// A CRL does not decode (rule V-8).
    UnreadableCrl(CrlError),
    /// A CRL that is used has something odd (rule V-9).
    Crl(CrlWarning),
    /// The chain passed, and something in it should be known (rules V-11, V-12).
    Chain(ChainWarning),
    /// A CRL that cleared the chain is signed with SHA-1 (rule V-11).
    WeakCrl {
        /// Whose CRL it is.
        issuer: DistinguishedName,
        /// The hash of its signature.
        hash: HashAlgorithm,
    },
    /// An ECC key is stated to be in a CSP, and no CSP holds ECC keys (rule V-4).
    EccKeyInCsp,
    /// The Subject contains the computer name inside a longer name (rule P-6).
    LongerName(LongerName),
    /// A listed certificate and a root of the machine have name and key in common (rule I-11).
    RootRenewed {
        /// The listed certificate.
        listed: Thumbprint,
        /// The root of the machine.
        actual: Thumbprint,
    },
    /// The certificate does not meet a requirement that the selection does not test (rules P-2, P-7, P-9, P-10).
    Requirement(Requirement),
    /// Something suspicious in the texts of the settings.
    Lint(Lint),
}

impl Warning {
    fn row(&self) -> (Rule, &'static str) {
        match self {
            Warning::Store(warning) => (warning.rule(), warning.code()),
            Warning::Chain(warning) => (warning.rule(), warning.code()),
            Warning::Crl(warning) => (warning.rule(), warning.code()),
            Warning::UnreadableCrl(_) => (Rule::V8, "validity.unreadable_crl"),
            Warning::WeakCrl { .. } => (Rule::V11, "validity.weak_crl"),
            Warning::EccKeyInCsp => (Rule::V4, "validity.ecc_key_in_csp"),
            Warning::LongerName(_) => (Rule::P6, "name.longer_name"),
            Warning::RootRenewed { .. } => (Rule::I11, "issuers.root_renewed"),
            Warning::Requirement(requirement) => (requirement.rule(), requirement.code()),
            Warning::Lint(lint) => (lint.rule(), lint.code()),
        }
    }
}

impl Coded for Warning {
    fn code(&self) -> &'static str {
        self.row().1
    }

    fn rule(&self) -> Rule {
        self.row().0
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Chain(warning) => warning.fmt(f),
            Warning::Crl(warning) => warning.fmt(f),
            Warning::UnreadableCrl(error) => write!(f, "a CRL was left out: {}", crate::shown::ShownBy(error)),
            Warning::WeakCrl { issuer, hash } => write!(
                f,
                "the CRL of {} is signed with {}: Windows accepts it from a private CA only",
                Quoted(&issuer.to_x500_string()),
                hash.name()
            ),
            Warning::Store(warning) => warning.fmt(f),
            Warning::EccKeyInCsp => {
                f.write_str("the key is ECC and stated to be in a CSP, which no CSP can hold: judged as stated")
            }
            Warning::LongerName(LongerName { computer, longer }) => write!(
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
