//! The judgement itself: the chain is built in the server's stores, on one straight line.

use super::outcome::{Presented, ServerJudgement, ServerRejection, ServerWarning};
use super::{Role, Server};
use crate::budget::{Budget, Spent};
use crate::certificate::{Certificate, Thumbprint};
use crate::chain::{Chain, ChainFailure, Chains, Path, PathEnd, allows};
use crate::check::IssuerCandidate;
use crate::choices::{IssuerMatch, Revocation};
use crate::name::NameKey;
use crate::oid;
use crate::revocation::{RevocationCheck, RevocationSettings, SignerPaths, Signers};
use crate::store::{CertId, StoreKind, StoreName, Stores};
use crate::text::IssuersList;
use crate::time::Timestamp;
use std::sync::Arc;

pub(super) struct Judge<'a> {
    pub server: &'a Server,
    pub now: Timestamp,
}

/// The store for what the client presents. No store of Windows can have this name.
const PRESENTED: &str = "\\presented";

/// At most this many certificates of a presented chain are looked at; OpenSSL's and Schannel's own limits are near 100.
const MAX_PRESENTED: usize = 100;

/// A server asks for the CRL of the key that signed the certificate (`CrlSigner::SameKey`), so no other signer counts.
struct NoOtherSigner;

impl SignerPaths for NoOtherSigner {
    fn signer_paths(&self, _: NameKey, _: &Certificate, _: &mut Spent) -> Result<Signers, Budget> {
        Ok(Signers::default())
    }
}

impl Judge<'_> {
    pub(super) fn judge(&self, presented: &[Certificate]) -> ServerJudgement {
        let mut warnings = self.warnings(presented.first());
        let (rejection, chain) = match presented.split_first() {
            None => (Some(ServerRejection::NoCertificate), Vec::new()),
            Some((leaf, others)) => match self.before_the_chain(leaf) {
                Some(rejection) => (Some(rejection), vec![leaf.thumbprint()]),
                None => self.chain(leaf, others, &mut warnings),
            },
        };
        let status = rejection.as_ref().and_then(ServerRejection::status);
        let status = status.filter(|_| self.server.role != Role::SoftwareUpdates);
        ServerJudgement { rejection, status, chain, warnings }
    }

    /// What refuses before a chain is built, in the order in which it is met: TLS, the web server's list of trusted
    /// issuers, the dates.
    fn before_the_chain(&self, leaf: &Certificate) -> Option<ServerRejection> {
        let thumbprint = leaf.thumbprint();
        let purpose = match self.server.role {
            Role::ManagementPoint | Role::Gateway if !is_for(leaf, oid::CLIENT_AUTH) => {
                Some(ServerRejection::NotClientAuthentication { thumbprint })
            }
            Role::SoftwareUpdates if !is_for(leaf, oid::CODE_SIGNING) => {
                Some(ServerRejection::NotCodeSigning { thumbprint })
            }
            Role::ManagementPoint | Role::Gateway | Role::SoftwareUpdates => None,
        };
        purpose.or_else(|| self.root_not_self_signed()).or_else(|| self.in_date(leaf))
    }

    /// M-4: one certificate in `ROOT` that is not a root, and IIS refuses every client. What was uploaded to a gateway is no
    /// store of a web server.
    fn root_not_self_signed(&self) -> Option<ServerRejection> {
        if self.server.role != Role::ManagementPoint {
            return None;
        }
        let stores = &self.server.stores;
        let chains = Chains::new(Arc::clone(stores), self.server.algorithms.clone());
        let in_root = stores.roots().filter_map(|id| stores.get(id)).map(|stored| stored.certificate());
        let mut not_roots = in_root.filter(|certificate| !chains.is_anchor(certificate));
        let first = not_roots.next()?;
        Some(ServerRejection::RootNotSelfSigned {
            subject: first.subject(),
            thumbprint: first.thumbprint(),
            count: 1 + not_roots.count(),
        })
    }

    fn warnings(&self, leaf: Option<&Certificate>) -> Vec<ServerWarning> {
        let mut warnings = Vec::new();
        match self.server.role {
            Role::ManagementPoint if self.server.trust_list.is_none() => {
                let roots = self.server.stores.roots().count();
                warnings.push(ServerWarning::NoTrustList { roots });
            }
            Role::ManagementPoint => {}
            Role::SoftwareUpdates if self.server.revocation == Revocation::Off => {
                warnings.push(ServerWarning::SignaturesNotChecked)
            }
            Role::SoftwareUpdates => {}
            Role::Gateway if self.server.revocation == Revocation::Off => {
                warnings.push(ServerWarning::RevocationNotVerified)
            }
            Role::Gateway => warnings.extend(leaf.filter(|leaf| !has_crl_by_http(leaf)).map(|leaf| {
                let thumbprint = leaf.thumbprint();
                ServerWarning::RevocationNotPublished { thumbprint }
            })),
        }
        warnings
    }

    /// V-1, as for the client.
    fn in_date(&self, leaf: &Certificate) -> Option<ServerRejection> {
        let (now, not_before, not_after) = (self.now, leaf.not_before(), leaf.not_after());
        if now < not_before {
            Some(ServerRejection::NotYetValid { not_before, now })
        } else if now > not_after {
            Some(ServerRejection::Expired { not_after, now })
        } else {
            None
        }
    }

    /// The server's stores with the presented certificates beside them.
    fn stores(&self, leaf: &Certificate, others: &[Certificate]) -> (Stores, Option<CertId>) {
        let mut builder = Stores::builder();
        for name in self.server.stores.names() {
            let counts = matches!(name.kind(), StoreKind::Root | StoreKind::Ca | StoreKind::Disallowed);
            for id in self.server.stores.entries_of(name).unwrap_or_default() {
                if let Some(stored) = self.server.stores.get(*id).filter(|_| counts) {
                    builder.add(name.clone(), stored.clone());
                }
            }
        }
        let presented = StoreName::new(PRESENTED);
        builder.add(presented.clone(), leaf.clone());
        for other in others.iter().take(MAX_PRESENTED) {
            builder.add(presented.clone(), other.clone());
        }
        let stores = builder.build();
        let id = stores.entries_of(&presented).and_then(|entries| entries.first().copied());
        (stores, id)
    }

    fn chain(
        &self,
        leaf: &Certificate,
        others: &[Certificate],
        warnings: &mut Vec<ServerWarning>,
    ) -> (Option<ServerRejection>, Vec<Thumbprint>) {
        // M-2: a gateway builds the chain from what was uploaded to it.
        let used = match self.server.role {
            Role::ManagementPoint | Role::SoftwareUpdates => others,
            Role::Gateway => &[],
        };
        let (stores, id) = self.stores(leaf, used);
        let stores = Arc::new(stores);
        let Some(id) = id else {
            return (Some(ServerRejection::NoCertificate), Vec::new());
        };
        let chains = Chains::new(Arc::clone(&stores), self.server.algorithms.clone());
        let Some(built) = chains.chain(id, self.now) else {
            return (Some(ServerRejection::NoCertificate), Vec::new());
        };
        let path = built.path();
        let rejection = if built.exhausted().is_none() && !self.is_listed(&stores, path) {
            Some(self.not_listed(&stores, leaf, path, others))
        } else if let Some(failure) = built.failure() {
            Some(self.failed(&stores, path, failure, others))
        } else {
            warnings.extend(built.warnings().iter().cloned().map(ServerWarning::Chain));
            self.revocation(&stores, &built)
        };
        (rejection, certificates(&stores, path).map(Certificate::thumbprint).collect())
    }

    /// M-1: the root is in the certificate trust list. A chain that cannot be completed is not a question of the list.
    fn is_listed(&self, stores: &Stores, path: &Path) -> bool {
        let Some(list) = &self.server.trust_list else {
            return true;
        };
        let last = path.last().and_then(|id| stores.get(id));
        last.is_some_and(|root| {
            list.position(&IssuerCandidate::new(root.certificate()), IssuerMatch::default()).is_some()
        })
    }

    fn not_listed(&self, stores: &Stores, leaf: &Certificate, path: &Path, others: &[Certificate]) -> ServerRejection {
        let top = certificates(stores, path).last().unwrap_or(leaf);
        if path.end() == PathEnd::Incomplete {
            return missing(top, others);
        }
        let list = self.server.trust_list.as_ref();
        let in_list = |id: &CertId| {
            let root = stores.get(*id).map(|stored| IssuerCandidate::new(stored.certificate()));
            list.zip(root).is_some_and(|(list, root)| list.position(&root, IssuerMatch::default()).is_some())
        };
        ServerRejection::NotInTrustList {
            root: top.subject(),
            thumbprint: top.thumbprint(),
            listed: list.map_or(0, IssuersList::len),
            trusted: stores.roots().filter(in_list).count(),
            near_miss: list
                .and_then(|list| list.near_miss(&IssuerCandidate::new(top), IssuerMatch::default()))
                .map(Box::new),
        }
    }

    fn failed(&self, stores: &Stores, path: &Path, failure: &ChainFailure, others: &[Certificate]) -> ServerRejection {
        match (failure, certificates(stores, path).last()) {
            (ChainFailure::NoPath { .. }, Some(top)) => missing(top, others),
            _ => ServerRejection::Chain(Box::new(failure.clone())),
        }
    }

    /// M-2: the whole chain below the root, as V-7 to V-9 have it for clients.
    fn revocation(&self, stores: &Stores, chain: &Chain) -> Option<ServerRejection> {
        if self.server.revocation == Revocation::Off {
            return None;
        }
        let path: Vec<&Certificate> = certificates(stores, chain.path()).collect();
        let check = RevocationCheck {
            crls: &self.server.crls,
            now: self.now,
            settings: RevocationSettings { unknown: self.server.unknown, ..RevocationSettings::default() },
            signatures: &self.server.algorithms,
            signer_paths: &NoOtherSigner,
            walks: None,
        };
        let rejected = check.path(&path, chain.spent()).rejected.into_iter();
        let mut rejected = rejected.filter_map(|(position, failure)| {
            Some((position, path.get(position)?.thumbprint(), failure)) // a place of the path
        });
        let (position, thumbprint, failure) = rejected.next()?;
        let (failure, further) = (Box::new(failure), rejected.collect());
        Some(ServerRejection::Revocation { position, thumbprint, failure, further, scope: self.server.role.scope() })
    }
}

fn certificates<'a>(stores: &'a Stores, path: &'a Path) -> impl Iterator<Item = &'a Certificate> {
    let ids = path.certificates().iter();
    ids.filter_map(|id| stores.get(*id).map(|stored| stored.certificate()))
}

/// P-1, P-2, P-4: whether a certificate allows a use, by itself or as one of every. A damaged extension allows nothing.
fn is_for(certificate: &Certificate, usage: &[u8]) -> bool {
    let usages = match certificate.application_policies() {
        Ok(Some(policies)) => Ok(Some(policies)),
        Ok(None) => certificate.extended_key_usage(),
        Err(error) => Err(error),
    };
    usages.is_ok_and(|usages| usages.is_none_or(|usages| allows(&usages, usage)))
}

fn missing(top: &Certificate, others: &[Certificate]) -> ServerRejection {
    let issuer = NameKey::from_der(top.issuer_der());
    let presents = |other: &Certificate| issuer.is_some() && NameKey::from_der(other.subject_der()) == issuer;
    ServerRejection::IssuerMissing {
        at: top.thumbprint(),
        issuer: top.issuer(),
        presented: if others.iter().any(presents) { Presented::ByClient } else { Presented::Nowhere },
    }
}

/// Whether the certificate names a CRL that a gateway, which is on the Internet and in no domain, could fetch.
fn has_crl_by_http(certificate: &Certificate) -> bool {
    certificate.crl_distribution_points().is_ok_and(|mut points| {
        points.any(|point| point.urls().iter().any(|url| matches!(url.scheme().as_str(), "http" | "https")))
    })
}
