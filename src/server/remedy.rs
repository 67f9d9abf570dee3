//! What has to be done until a server accepts a certificate, proven by doing it on a copy of the server (rule E-1).

use super::chain_fault::ChainFault;
use super::judge::Judge;
use super::message::called;
use super::outcome::ServerRejection;
use super::{Role, Server};
use crate::certificate::{Certificate, Thumbprint};
use crate::check::IssuerCandidate;
use crate::choices::{IssuerMatch, UnknownStatus};
use crate::shown::Quoted;
use crate::store::{StoreName, Stores};
use crate::text::{Issuer, IssuersList, RootIssuer};
use crate::time::Timestamp;
use std::borrow::Cow;
use std::sync::Arc;

/// The most changes that are tried one after another.
const MAX_CHANGES: usize = 8;

/// A server on which changes are carried out.
pub(super) struct Copy {
    pub server: Server,
    pub now: Timestamp,
}

impl Copy {
    pub(super) fn remedy(
        mut self,
        presented: &[Certificate],
        authorities: &[Certificate],
    ) -> Option<Vec<Cow<'static, str>>> {
        let mut done = Vec::new();
        for _ in 0..MAX_CHANGES {
            let judgement = Judge { server: &self.server, now: self.now }.judge(presented);
            let Some(rejection) = judgement.rejection() else {
                return (!done.is_empty()).then_some(done);
            };
            let (changed, advice) = self.carry_out(rejection, presented, authorities)?;
            self = changed;
            done.push(advice.map_or_else(|| rejection.advice(), Cow::Owned));
        }
        None
    }

    /// The server after what is advised against a rejection, with the advice where it is more than that of the rejection
    /// alone; `None` where that is not the server's to do, or changes nothing.
    fn carry_out(
        mut self,
        rejection: &ServerRejection,
        presented: &[Certificate],
        authorities: &[Certificate],
    ) -> Option<(Self, Option<String>)> {
        let stores = Arc::clone(&self.server.stores);
        let root = StoreName::new(StoreName::ROOT);
        match rejection {
            ServerRejection::RootNotSelfSigned { thumbprint, .. } => {
                let moved = stores.find(thumbprint)?;
                let certificate = stores.get(moved)?.certificate().clone();
                let moved = vec![(StoreName::CA, certificate)];
                Some((self.with_stores(|store, one| *store != root || one != *thumbprint, moved)?, None))
            }
            ServerRejection::NotInTrustList { thumbprint, .. } => {
                let certificate = stores.get(stores.find(thumbprint)?)?.certificate();
                self.server.trust_list = Some(self.with_listed(certificate)?);
                Some((self, None))
            }
            ServerRejection::IssuerMissing { .. } => self.give(presented, authorities),
            ServerRejection::Chain(failure) => match ChainFault::of(failure) {
                ChainFault::AuthoritiesMissing => self.give(presented, authorities),
                ChainFault::ClientDisallowed | ChainFault::AuthorityDisallowed => {
                    let (disallowed, at) = (StoreName::new(StoreName::DISALLOWED), failure.at().thumbprint);
                    Some((self.with_stores(|store, one| *store != disallowed || one != at, Vec::new())?, None))
                }
                ChainFault::AuthorityPeriod
                | ChainFault::AuthorityProfile
                | ChainFault::Crowded
                | ChainFault::Certificate => None,
            },
            // A CRL that is at hand and does not list the certificate rejects nothing, as little as one that is not asked
            // for. What another one lists stays revoked.
            ServerRejection::Revocation { failure, .. } if failure.is_unknown() => {
                self.server.unknown = UnknownStatus::Accept;
                Some((self, None))
            }
            ServerRejection::Revocation { .. }
            | ServerRejection::NoCertificate
            | ServerRejection::NotClientAuthentication { .. }
            | ServerRejection::NotCodeSigning { .. }
            | ServerRejection::Expired { .. }
            | ServerRejection::NotYetValid { .. } => None,
        }
    }

    fn lists(&self, root: &Certificate) -> bool {
        let root = IssuerCandidate::new(root);
        self.server.trust_list.as_ref().is_some_and(|list| list.position(&root, IssuerMatch::default()).is_some())
    }

    /// The list with one more root.
    fn with_listed(&self, root: &Certificate) -> Option<IssuersList> {
        let (subject, key) = (root.subject_der(), root.spki_der());
        let entry = RootIssuer::new(subject, key, *root.thumbprint().as_bytes())?;
        IssuersList::new(
            self.server.trust_list.iter().flat_map(IssuersList::iter).cloned().chain([Issuer::Root(entry)]),
        )
    }

    /// Every CA certificate of the client's chain that the server lacks; a root also in the site's list, where it lacks it.
    fn give(mut self, presented: &[Certificate], authorities: &[Certificate]) -> Option<(Self, Option<String>)> {
        let stores = Arc::clone(&self.server.stores);
        let presented = presented.get(1..).unwrap_or_default();
        let is_presented = |one: &Certificate| presented.iter().any(|other| other.thumbprint() == one.thumbprint());
        let mut given: Vec<(&str, Certificate)> = Vec::new();
        for one in presented.iter().chain(authorities) {
            // What the client presents the server has, but a gateway uses only what was uploaded (M-2).
            let sent = self.server.role != Role::Gateway && is_presented(one);
            let store = if one.subject_der() == one.issuer_der() { StoreName::ROOT } else { StoreName::CA };
            let held = stores.entries_of(&StoreName::new(store)).unwrap_or_default();
            let is_held = held.iter().any(|id| stores.entry(*id).is_some_and(|it| it.thumbprint() == one.thumbprint()));
            let is_given = given.iter().any(|(_, other)| other.thumbprint() == one.thumbprint());
            if !sent && !is_held && !is_given {
                given.push((store, one.clone()));
            }
        }
        given.sort_by_key(|(store, _)| *store != StoreName::ROOT); // the root says most
        if given.is_empty() {
            return None;
        }
        let mut advice = Vec::new();
        for (store, certificate) in &given {
            let is_root = *store == StoreName::ROOT;
            let what = if is_root { "root" } else { "CA certificate" };
            let what = format!("the {what} {}", Quoted(&called(certificate)));
            let is_new = is_root && self.server.trust_list.is_some() && !self.lists(certificate);
            if is_new {
                self.server.trust_list = Some(self.with_listed(certificate)?);
            }
            advice.push(match (self.server.role, is_new) {
                (Role::ManagementPoint | Role::SoftwareUpdates, true) => {
                    format!("import {what} there and in the site's list")
                }
                (Role::ManagementPoint | Role::SoftwareUpdates, false) => format!("import {what} there"),
                (Role::Gateway, _) => format!("upload {what} to the gateway"),
            });
        }
        Some((self.with_stores(|_, _| true, given)?, Some(advice.join("; "))))
    }

    fn with_stores(
        mut self,
        keep: impl Fn(&StoreName, Thumbprint) -> bool,
        more: Vec<(&str, Certificate)>,
    ) -> Option<Self> {
        let old = Arc::clone(&self.server.stores);
        let mut new = Stores::builder();
        let mut changed = !more.is_empty();
        for (id, stored) in old.certificates() {
            let store = old.store_of(id)?;
            if keep(store, stored.certificate().thumbprint()) {
                _ = new.add(store.clone(), stored.clone())
            } else {
                changed = true
            }
        }
        for (store, certificate) in more {
            new.add(store, certificate);
        }
        self.server.stores = Arc::new(new.build());
        changed.then_some(self)
    }
}
