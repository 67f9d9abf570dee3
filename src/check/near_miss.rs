//! What was nearly right about a certificate that was rejected, by check: the second question after "why not?".

use super::{
    CriteriaNearMiss, DatesNearMiss, IssuersNearMiss, NameNearMiss, PurposeNearMiss, RevocationNearMiss, StoreNearMiss,
    TemplateNearMiss,
};
use crate::chain::ChainNearMiss;
use std::fmt;

/// What was nearly right, by check.
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
