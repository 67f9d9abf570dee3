//! What was nearly right about a certificate that was rejected, by check: the second question after "why not?".

use super::{
    CriteriaNearMiss, DatesNearMiss, IssuersNearMiss, NameNearMiss, PurposeNearMiss, RevocationNearMiss, StoreNearMiss,
    TemplateNearMiss,
};
use crate::chain::ChainNearMiss;
use std::fmt;

/// What was nearly right, by check.
///
/// ```
/// use ccmcertsel::NearMiss;
/// use ccmcertsel::chain::{ChainNearMiss, Preference};
/// use ccmcertsel::check::{
///     CriteriaNearMiss, DatesNearMiss, IssuersNearMiss, NameNearMiss, PurposeNearMiss, RevocationNearMiss, StoreNearMiss,
///     TemplateNearMiss,
/// };
///
/// /// What would have to be otherwise, if somebody who is asked for it can do it today.
/// fn today(near: &NearMiss) -> Option<String> {
///     match near {
///         NearMiss::Issuers(IssuersNearMiss::CaseOnly { actual, .. }) => Some(format!("list {actual}")),
///         NearMiss::Issuers(IssuersNearMiss::IntermediateListed { root, .. }) => Some(format!("list {root}")),
///         // The trusted chain is the better one for Windows: the other one has to be trusted, not listed.
///         NearMiss::Issuers(IssuersNearMiss::OtherPath { because: Preference::Trusted, .. }) => None,
///         NearMiss::Issuers(other) => Some(other.to_string()),
///         NearMiss::Store(StoreNearMiss::WrongStore { chosen, .. }) => Some(format!("move it to {chosen}")),
///         NearMiss::Dates(DatesNearMiss::NotYetValid { .. }) => None,
///         NearMiss::Template(TemplateNearMiss::NewerRuleset(ruleset)) => Some(format!("update to {ruleset}")),
///         NearMiss::Chain(ChainNearMiss::Unreadable { store, .. }) => Some(format!("export {store} again")),
///         NearMiss::Revocation(RevocationNearMiss::OcspOnly | RevocationNearMiss::OcspFirst) => None,
///         NearMiss::Revocation(crl) => Some(crl.to_string()),
///         NearMiss::Purpose(PurposeNearMiss::SimilarName { computer, .. }) => Some(format!("is it {computer}?")),
///         NearMiss::Purpose(PurposeNearMiss::LaterSanValue { value }) => Some(format!("put {value} first")),
///         NearMiss::Criteria(CriteriaNearMiss::CaseOnly { actual, .. }) => Some(format!("ask for {actual}")),
///         NearMiss::Criteria(other) => Some(other.to_string()),
///         NearMiss::Name(NameNearMiss::SimilarName { .. }) => None,
///         NearMiss::Name(NameNearMiss::Account { computer: name, .. } | NameNearMiss::FullyQualified { label: name, .. }) => {
///             Some(format!("state the name {name}"))
///         }
///     }
/// }
///
/// # #[cfg(feature = "machine")] {
/// let pc1 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/contoso-pc1")?;
/// let selection = pc1.selector().select(pc1.now.expect("its machine.toml states an instant"));
/// let nearly: Vec<&NearMiss> = selection.verdicts().iter().filter_map(|verdict| verdict.near_miss()).collect();
/// let today: Vec<String> = nearly.iter().filter_map(|near| today(near)).collect();
/// assert_eq!((nearly.len(), today.len()), (3, 2)); // one of them is not valid yet
/// assert_eq!(today[0], "update to cb1710");
/// assert!(nearly.iter().all(|near| !near.code().is_empty()));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NearMiss {
    /// The issuers list.
    Issuers(IssuersNearMiss),
    /// The store.
    Store(StoreNearMiss),
    /// The dates.
    Dates(DatesNearMiss),
    /// Template and provider.
    Template(TemplateNearMiss),
    /// The chain.
    Chain(ChainNearMiss),
    /// Revocation.
    Revocation(RevocationNearMiss),
    /// The purpose.
    Purpose(PurposeNearMiss),
    /// The criteria.
    Criteria(CriteriaNearMiss),
    /// The computer name.
    Name(NameNearMiss),
}

impl NearMiss {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NearMiss::Issuers(near) => near.code(),
            NearMiss::Store(near) => near.code(),
            NearMiss::Dates(near) => near.code(),
            NearMiss::Template(near) => near.code(),
            NearMiss::Chain(near) => near.code(),
            NearMiss::Revocation(near) => near.code(),
            NearMiss::Purpose(near) => near.code(),
            NearMiss::Criteria(near) => near.code(),
            NearMiss::Name(near) => near.code(),
        }
    }
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NearMiss::Issuers(near) => near.fmt(f),
            NearMiss::Store(near) => near.fmt(f),
            NearMiss::Dates(near) => near.fmt(f),
            NearMiss::Template(near) => near.fmt(f),
            NearMiss::Chain(near) => near.fmt(f),
            NearMiss::Revocation(near) => near.fmt(f),
            NearMiss::Purpose(near) => near.fmt(f),
            NearMiss::Criteria(near) => near.fmt(f),
            NearMiss::Name(near) => near.fmt(f),
        }
    }
}

impl From<IssuersNearMiss> for NearMiss {
    fn from(near: IssuersNearMiss) -> Self {
        NearMiss::Issuers(near)
    }
}

impl From<StoreNearMiss> for NearMiss {
    fn from(near: StoreNearMiss) -> Self {
        NearMiss::Store(near)
    }
}

impl From<DatesNearMiss> for NearMiss {
    fn from(near: DatesNearMiss) -> Self {
        NearMiss::Dates(near)
    }
}

impl From<TemplateNearMiss> for NearMiss {
    fn from(near: TemplateNearMiss) -> Self {
        NearMiss::Template(near)
    }
}

impl From<ChainNearMiss> for NearMiss {
    fn from(near: ChainNearMiss) -> Self {
        NearMiss::Chain(near)
    }
}

impl From<RevocationNearMiss> for NearMiss {
    fn from(near: RevocationNearMiss) -> Self {
        NearMiss::Revocation(near)
    }
}

impl From<PurposeNearMiss> for NearMiss {
    fn from(near: PurposeNearMiss) -> Self {
        NearMiss::Purpose(near)
    }
}

impl From<CriteriaNearMiss> for NearMiss {
    fn from(near: CriteriaNearMiss) -> Self {
        NearMiss::Criteria(near)
    }
}

impl From<NameNearMiss> for NearMiss {
    fn from(near: NameNearMiss) -> Self {
        NearMiss::Name(near)
    }
}
