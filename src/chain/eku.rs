//! Extended key usage nests: what a CA may not do, nobody beneath it may (rule P-8, judged at the step purpose).

use super::Chains;
use super::failure::ChainMember;
use super::path::{Path, PathEnd};
use crate::certificate::{ExtensionError, Thumbprint};
use crate::oid::{self, Oid};
use crate::store::CertId;
use std::collections::HashMap;
use std::fmt;

/// A CA that takes client authentication from everything beneath it (rule P-8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEku {
    /// The CA.
    pub at: ChainMember,
    /// Where its purposes stand.
    pub source: EkuSource,
    /// Its purposes, client authentication not among them.
    pub purposes: Vec<Oid>,
}

/// Where the purposes of a certificate stand.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EkuSource {
    /// In the extension extendedKeyUsage.
    Extension,
    /// In the extension application policies, which is used in place of extendedKeyUsage (rule P-4).
    ApplicationPolicies,
    /// In the property that the store keeps for the certificate (rule P-3).
    Property,
    /// In an extension that is damaged.
    Damaged(ExtensionError),
}

/// What a CA takes from everything beneath it, read once.
pub(super) struct EkuLimits {
    property: Option<(EkuSource, Vec<Oid>)>,
    extension: Option<(EkuSource, Vec<Oid>)>,
}

impl fmt::Display for ChainEku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            EkuSource::Damaged(error) => return write!(f, "the purposes of {} cannot be read: {error}", self.at),
            EkuSource::Extension => write!(f, "the extended key usage of {}", self.at)?,
            EkuSource::ApplicationPolicies => write!(f, "the application policies of {}", self.at)?,
            EkuSource::Property => write!(f, "the extended key usage property of {}", self.at)?,
        }
        f.write_str(" takes client authentication from everything beneath it")
    }
}

impl Chains {
    /// Rule P-8: whether every CA of the path leaves client authentication to the certificates beneath it.
    ///
    /// # Errors
    /// The lowest CA that does not.
    pub(crate) fn eku_nesting(&self, path: &Path) -> Result<(), Box<ChainEku>> {
        let last = path.certificates().len().saturating_sub(1);
        for (position, id) in path.certificates().iter().enumerate().skip(1) {
            let (Some(limits), Some(certificate)) = (self.limits(*id), self.certificate(*id)) else { continue };
            // Only the name, key and dates of an anchor count (rule V-5), and what the store says of it.
            let is_root = position == last && path.end() != PathEnd::Incomplete;
            let taken = limits.property.as_ref().or(limits.extension.as_ref().filter(|_| !is_root));
            if let Some((source, purposes)) = taken {
                let at = ChainMember::of(certificate, *id, position);
                return Err(Box::new(ChainEku { at, source: source.clone(), purposes: purposes.clone() }));
            }
        }
        Ok(())
    }

    fn limits(&self, id: CertId) -> Option<&EkuLimits> {
        let read = || {
            Box::new(EkuLimits {
                property: self.property_without_client_auth(id),
                extension: self.extension_without_client_auth(id),
            })
        };
        Some(self.node(id)?.limits.get_or_init(read))
    }

    fn extension_without_client_auth(&self, id: CertId) -> Option<(EkuSource, Vec<Oid>)> {
        let certificate = self.certificate(id)?;
        let (source, purposes) = match certificate.application_policies() {
            Ok(Some(policies)) => (EkuSource::ApplicationPolicies, Ok(policies)),
            Ok(None) => (EkuSource::Extension, certificate.extended_key_usage().transpose()?),
            Err(error) => (EkuSource::ApplicationPolicies, Err(error)),
        };
        match purposes {
            Ok(purposes) if allows_client_auth(&purposes) => None,
            Ok(purposes) => Some((source, purposes)),
            Err(error) => Some((EkuSource::Damaged(error), Vec::new())),
        }
    }

    /// The property may be set on any copy of the certificate.
    fn property_without_client_auth(&self, id: CertId) -> Option<(EkuSource, Vec<Oid>)> {
        let restricted = self.restricted.get_or_init(|| self.find_restricted());
        let copy = restricted.get(&self.certificate(id)?.thumbprint())?;
        Some((EkuSource::Property, self.stores.get(*copy)?.eku_property()?.to_vec()))
    }

    /// Of several copies of a certificate the first.
    fn find_restricted(&self) -> HashMap<Thumbprint, CertId> {
        let mut restricted = HashMap::new();
        for (id, stored) in self.stores.certificates() {
            if stored.eku_property().is_some_and(|purposes| !allows_client_auth(purposes)) {
                let first = restricted.entry(stored.certificate().thumbprint()).or_insert(id);
                *first = id.min(*first);
            }
        }
        restricted
    }
}

fn allows_client_auth(purposes: &[Oid]) -> bool {
    allows(purposes, oid::CLIENT_AUTH)
}

/// P-1, P-2: whether these usages or application policies hold this one, by itself or as any purpose.
pub(crate) fn allows(purposes: &[Oid], wanted: &[u8]) -> bool {
    purposes.iter().any(|purpose| purpose.as_bytes() == wanted || is_any_purpose(purpose))
}

/// P-2: anyExtendedKeyUsage, or Microsoft's any application policy.
pub(crate) fn is_any_purpose(purpose: &Oid) -> bool {
    [oid::ANY_EXTENDED_KEY_USAGE, oid::MS_ANY_APPLICATION_POLICY].contains(&purpose.as_bytes())
}
