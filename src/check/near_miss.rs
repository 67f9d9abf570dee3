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
/// /// What can be done about it today.
/// fn today(near: &NearMiss) -> Option<String> {
///     Some(match near {
///         NearMiss::Issuers(IssuersNearMiss::IntermediateListed { root, .. }) => format!("list {root}"),
///         NearMiss::Issuers(IssuersNearMiss::OtherPath { because: Preference::Trusted, .. }) => return None,
///         NearMiss::Store(StoreNearMiss::WrongStore { chosen, .. }) => format!("move it to {chosen}"),
///         NearMiss::Dates(DatesNearMiss::NotYetValid { .. }) => return None,
///         NearMiss::Template(TemplateNearMiss::NewerRuleset(ruleset)) => format!("update to {ruleset}"),
///         NearMiss::Chain(ChainNearMiss::Unreadable { store, .. }) => format!("export {store} again"),
///         NearMiss::Revocation(RevocationNearMiss::WithCrl) => "fetch the CRL".into(),
///         NearMiss::Purpose(PurposeNearMiss::LaterSanValue { value }) => format!("put {value} first"),
///         NearMiss::Criteria(CriteriaNearMiss::CaseOnly { actual, .. }) => format!("ask for {actual}"),
///         NearMiss::Name(NameNearMiss::Account { computer, .. }) => format!("state the name {computer}"),
///         other => other.to_string(),
///     })
/// }
///
/// # #[cfg(feature = "machine")] {
/// let pc1 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/contoso-pc1")?;
/// let selection = pc1.selector().select(pc1.now.expect("its machine.toml states an instant"));
/// let nearly: Vec<&NearMiss> = selection.verdicts().iter().filter_map(|verdict| verdict.near_miss()).collect();
/// let today: Vec<String> = nearly.iter().filter_map(|near| today(near)).collect();
/// assert_eq!(today, ["update to cb1710", "update to cb1710"]);
/// assert_eq!(nearly.len(), 3); // one of them becomes valid later
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

macro_rules! by_check {
    ($($variant:ident($of:ty),)*) => {
        impl NearMiss {
            /// The stable code.
            pub fn code(&self) -> &'static str {
                match self { $(NearMiss::$variant(near) => near.code(),)* }
            }
        }

        impl fmt::Display for NearMiss {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(NearMiss::$variant(near) => near.fmt(f),)* }
            }
        }

        $(impl From<$of> for NearMiss {
            fn from(near: $of) -> Self {
                NearMiss::$variant(near)
            }
        })*
    };
}

by_check! {
    Issuers(IssuersNearMiss),
    Store(StoreNearMiss),
    Dates(DatesNearMiss),
    Template(TemplateNearMiss),
    Chain(ChainNearMiss),
    Revocation(RevocationNearMiss),
    Purpose(PurposeNearMiss),
    Criteria(CriteriaNearMiss),
    Name(NameNearMiss),
}
