//! What has to be done until a server accepts a certificate, proven by doing it on a copy of the server (rule E-1).

use super::chain_fault::ChainFault;
use super::judge::{Judge, Role};
use super::outcome::{ServerJudgement, ServerRejection};
use super::{CloudManagementGateway, ManagementPoint, ServerTrust, SoftwareUpdates};
use crate::settings::{IssuerMatch, Revocation};
use crate::text::{Issuer, IssuersList, RootIssuer};
use crate::{Certificate, StoreName, Stores, Thumbprint, Timestamp};
use std::borrow::Cow;
use std::sync::Arc;
use time::OffsetDateTime;

/// The most changes that are tried one after another.
const MAX_CHANGES: usize = 8;

impl ManagementPoint {
    /// What has to be done on the server's side, in order, until it accepts what the client presents; `None` where nothing
    /// there helps, or nothing has to be done. `authorities` are the CA certificates that the client's chain has.
    pub fn remedy(
        &self,
        presented: &[Certificate],
        authorities: &[Certificate],
        now: OffsetDateTime,
    ) -> Option<Vec<Cow<'static, str>>> {
        let (trust, list) = (self.trust.clone(), self.trust_list.clone());
        Copy { trust, list, revocation: Revocation::Check, role: Role::ManagementPoint, now: now.into() }
            .remedy(presented, authorities)
    }
}

impl CloudManagementGateway {
    /// What has to be uploaded or set, as [`ManagementPoint::remedy`] has it.
    pub fn remedy(
        &self,
        presented: &[Certificate],
        authorities: &[Certificate],
        now: OffsetDateTime,
    ) -> Option<Vec<Cow<'static, str>>> {
        let (trust, revocation) = (self.trust.clone(), self.revocation);
        Copy { trust, list: None, revocation, role: Role::Gateway, now: now.into() }.remedy(presented, authorities)
    }
}

impl SoftwareUpdates {
    /// What has to be done until the signature is accepted, as [`ManagementPoint::remedy`] has it.
    pub fn remedy(
        &self,
        signer: &[Certificate],
        authorities: &[Certificate],
        now: OffsetDateTime,
    ) -> Option<Vec<Cow<'static, str>>> {
        let (trust, revocation) = (self.trust.clone(), self.revocation());
        Copy { trust, list: None, revocation, role: Role::SoftwareUpdates, now: now.into() }.remedy(signer, authorities)
    }
}

/// A server on which changes are carried out.
struct Copy {
    trust: ServerTrust,
    list: Option<IssuersList>,
    revocation: Revocation,
    role: Role,
    now: Timestamp,
}

impl Copy {
    fn judge(&self, presented: &[Certificate]) -> ServerJudgement {
        Judge {
            trust: &self.trust,
            trust_list: self.list.as_ref(),
            issuer_match: IssuerMatch::default(),
            revocation: self.revocation,
            role: self.role,
            now: self.now,
        }
        .judge(presented)
    }

    fn remedy(mut self, presented: &[Certificate], authorities: &[Certificate]) -> Option<Vec<Cow<'static, str>>> {
        let mut done = Vec::new();
        for _ in 0..MAX_CHANGES {
            let judgement = self.judge(presented);
            let Some(rejection) = judgement.rejection() else {
                return (!done.is_empty()).then_some(done);
            };
            self = self.carry_out(rejection, presented, authorities)?;
            done.push(rejection.advice());
        }
        None
    }

    /// The server after what is advised against a rejection; `None` where that is not the server's to do, or changes nothing.
    fn carry_out(
        mut self,
        rejection: &ServerRejection,
        presented: &[Certificate],
        authorities: &[Certificate],
    ) -> Option<Self> {
        let stores = Arc::clone(&self.trust.stores);
        let root = StoreName::new(StoreName::ROOT);
        match rejection {
            ServerRejection::RootNotSelfSigned { thumbprint, .. } => {
                let moved = stores.find(thumbprint)?;
                let certificate = stores.get(moved)?.certificate().clone();
                self.with_stores(|store, one| *store != root || one != *thumbprint, vec![(StoreName::CA, certificate)])
            }
            ServerRejection::NotInTrustList { thumbprint, .. } => {
                let certificate = stores.get(stores.find(thumbprint)?)?.certificate();
                let (subject, key) = (certificate.subject_der(), certificate.spki_der());
                let entry = RootIssuer::new(subject, key, *thumbprint.as_bytes())?;
                let entries = self.list.iter().flatten().cloned().chain([Issuer::Root(entry)]);
                self.list = Some(IssuersList::new(entries).ok()?);
                Some(self)
            }
            ServerRejection::IssuerMissing { .. } => self.give(presented, authorities),
            ServerRejection::Chain(failure) => match ChainFault::of(failure) {
                ChainFault::AuthoritiesMissing => self.give(presented, authorities),
                ChainFault::ClientDisallowed | ChainFault::AuthorityDisallowed => {
                    let (disallowed, at) = (StoreName::new(StoreName::DISALLOWED), failure.at().thumbprint);
                    self.with_stores(|store, one| *store != disallowed || one != at, Vec::new())
                }
                ChainFault::AuthorityPeriod
                | ChainFault::AuthorityProfile
                | ChainFault::Crowded
                | ChainFault::Certificate => None,
            },
            // A CRL that is at hand and does not list the certificate rejects nothing, as little as one that is not asked for.
            ServerRejection::Revocation { failure, .. } if failure.is_unknown() => {
                self.revocation = Revocation::Off;
                Some(self)
            }
            ServerRejection::Revocation { .. }
            | ServerRejection::NoCertificate
            | ServerRejection::NotClientAuthentication { .. }
            | ServerRejection::NotCodeSigning { .. }
            | ServerRejection::Expired { .. }
            | ServerRejection::NotYetValid { .. } => None,
        }
    }

    /// Every CA certificate of the client's chain that the server lacks.
    fn give(self, presented: &[Certificate], authorities: &[Certificate]) -> Option<Self> {
        let stores = Arc::clone(&self.trust.stores);
        let known = presented.iter().skip(1).chain(authorities);
        let given: Vec<(&str, Certificate)> = known
            .map(|one| (if one.subject_der() == one.issuer_der() { StoreName::ROOT } else { StoreName::CA }, one))
            .filter(|(store, one)| {
                let held = stores.entries_of(&StoreName::new(store)).unwrap_or_default();
                !held.iter().any(|id| stores.entry(*id).is_some_and(|entry| entry.thumbprint() == one.thumbprint()))
            })
            .map(|(store, one)| (store, one.clone()))
            .collect();
        match given.is_empty() {
            true => None,
            false => self.with_stores(|_, _| true, given),
        }
    }

    fn with_stores(
        mut self,
        keep: impl Fn(&StoreName, Thumbprint) -> bool,
        more: Vec<(&str, Certificate)>,
    ) -> Option<Self> {
        let old = Arc::clone(&self.trust.stores);
        let mut new = Stores::builder();
        let mut changed = !more.is_empty();
        for (id, stored) in old.certificates() {
            let store = old.store_of(id)?;
            match keep(store, stored.certificate().thumbprint()) {
                true => _ = new.add(store.clone(), stored.clone()),
                false => changed = true,
            }
        }
        for (store, certificate) in more {
            new.add(store, certificate);
        }
        self.trust.stores = Arc::new(new.build());
        changed.then_some(self)
    }
}
