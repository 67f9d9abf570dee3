//! What a selection looks at: one machine's stores, names, settings and CRLs, with what is remembered about its CAs.

use super::instant::Instant;
use super::memo::{OfIssuers, OfSigners, VerificationCache};
use crate::certificate::Certificate;
use crate::chain::{Chain, Chains, Path, PolicyInputs};
use crate::check::ChainEvidence;
use crate::choices::{Anchors, SignaturePolicy};
use crate::computer::{DeviceKind, Machine};
use crate::oid::Oid;
use crate::revocation::{Crls, PathStatus, Walks};
use crate::settings::Settings;
use crate::store::{CertId, Enumeration, StoredCertificate, Stores};
use crate::text::Criteria;
use crate::time::Timestamp;
use std::sync::{Arc, OnceLock};

/// One machine, as the checks see it. What is remembered changes no answer.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub stores: Arc<Stores>,
    pub machine: Arc<Machine>,
    pub settings: Settings,
    pub cache: Arc<VerificationCache>,
    pub chains: Arc<Chains>,
    pub crls: Arc<Crls>,
    /// What revocation says of the CAs of a chain.
    pub issuer_statuses: Arc<OfIssuers<Arc<PathStatus>>>,
    /// Which CRLs count for certificates that differ only in their serial numbers.
    pub walks: Arc<Walks>,
    /// The certificates that may sign CRLs without standing in the chain.
    pub signers: Arc<OfSigners>,
    /// How many signatures of CRLs are tried in vain for one certificate.
    pub crl_share: Arc<OnceLock<usize>>,
    /// The root that a path ends at.
    pub chain_evidence: Arc<OfIssuers<Arc<ChainEvidence>>>,
    /// Which entry of the issuers list a CA certificate matches, asked once.
    pub listed: Arc<[OnceLock<Option<u32>>]>,
    /// The chains and their revocation at the instant of one selection, which all its readings share (rule R-5).
    pub instant: Instant,
}

/// Everything in the settings that chains depend on (rules V-5, V-11): where it is the same, so are they.
fn of_chains(settings: &Settings) -> (Anchors, SignaturePolicy, PolicyInputs) {
    let policies = PolicyInputs {
        initial: settings.initial_policies().map(<[Oid]>::to_vec),
        explicit: settings.explicit_policy(),
        mapping: settings.policy_mapping(),
        any_policy: settings.any_policy(),
    };
    (settings.anchors(), settings.signature_policy(), policies)
}

impl World {
    pub(super) fn new(
        stores: Arc<Stores>,
        machine: Machine,
        settings: Settings,
        cache: Arc<VerificationCache>,
    ) -> Self {
        Self::of(stores, Arc::new(machine), settings, cache, None)
    }

    /// With what the chains of the same machine under other settings have verified.
    fn of(
        stores: Arc<Stores>,
        machine: Arc<Machine>,
        settings: Settings,
        cache: Arc<VerificationCache>,
        others: Option<&Arc<Chains>>,
    ) -> Self {
        let (anchors, signatures, policies) = of_chains(&settings);
        let chains = Chains::new(Arc::clone(&stores), cache.algorithms())
            .with_anchors(anchors)
            .with_signature_policy(signatures)
            .with_policies(policies)
            .with_shared(Arc::clone(&cache) as Arc<_>);
        let chains = match others {
            Some(others) => chains.with_others(others),
            None => chains,
        };
        let listed = stores.entries().map(|_| OnceLock::new()).collect();
        World {
            stores,
            machine,
            cache,
            chains: Arc::new(chains),
            crls: Arc::default(),
            issuer_statuses: Arc::default(),
            walks: Arc::default(),
            signers: Arc::default(),
            crl_share: Arc::default(),
            chain_evidence: Arc::default(),
            settings,
            listed,
            instant: Instant::default(),
        }
    }

    /// The same machine under other settings. Signature results are kept, and chains and their revocation too where the
    /// settings that bear on them are the same.
    pub(super) fn with_settings(&self, settings: Settings) -> World {
        if of_chains(&settings) != of_chains(&self.settings) {
            let (stores, cache) = (Arc::clone(&self.stores), Arc::clone(&self.cache));
            let world = World::of(stores, Arc::clone(&self.machine), settings, cache, Some(&self.chains));
            return world.with_crls(Arc::clone(&self.crls));
        }
        let listed = if settings.same_issuers(&self.settings) {
            Arc::clone(&self.listed)
        } else {
            self.stores.entries().map(|_| OnceLock::new()).collect()
        };
        let (issuer_statuses, walks, instant) = if settings.same_statuses(&self.settings) {
            (Arc::clone(&self.issuer_statuses), Arc::clone(&self.walks), self.instant.clone())
        } else {
            (Arc::default(), Arc::default(), self.instant.without_statuses())
        };
        World {
            stores: Arc::clone(&self.stores),
            machine: Arc::clone(&self.machine),
            cache: Arc::clone(&self.cache),
            chains: Arc::clone(&self.chains),
            crls: Arc::clone(&self.crls),
            issuer_statuses,
            walks,
            signers: Arc::clone(&self.signers),
            crl_share: Arc::clone(&self.crl_share),
            chain_evidence: Arc::clone(&self.chain_evidence),
            listed,
            instant,
            settings,
        }
    }

    /// With these CRLs, and nothing remembered of others.
    pub(super) fn with_crls(mut self, crls: Arc<Crls>) -> Self {
        self.crls = crls;
        self.issuer_statuses = Arc::default();
        self.walks = Arc::default();
        self.crl_share = Arc::default();
        self.instant = Instant::default();
        self
    }

    pub(super) fn is_windows(&self) -> bool {
        self.machine.device() == DeviceKind::Windows
    }

    /// The criteria that take the place of step 4; a device without a selection method knows none.
    pub(super) fn criteria(&self) -> Option<&Criteria> {
        self.settings.criteria().filter(|_| self.is_windows())
    }

    /// T-1, T-6, T-7: the certificate is enumerated in the chosen store.
    pub(super) fn is_candidate(&self, id: CertId) -> bool {
        self.stores.store_of(id) == Some(self.settings.store())
            && self.stores.get(id).is_some_and(|stored| stored.enumeration() == Enumeration::Listed)
    }

    pub(super) fn certificate(&self, id: CertId) -> Option<&Certificate> {
        Some(self.stores.get(id)?.certificate())
    }

    /// The last certificate of a path: the root, or the highest one found (rule I-5).
    pub(super) fn top(&self, path: &Path) -> Option<&Certificate> {
        self.certificate(path.last()?)
    }

    /// The one chain of a certificate (rule I-7), every member of it a certificate. Where no search yields such a chain it
    /// fails as it does where no issuer is found.
    pub(super) fn chain(&self, id: CertId, stored: &StoredCertificate, now: Timestamp) -> Arc<Chain> {
        let members_exist =
            |chain: &Chain| chain.path().certificates().iter().all(|member| self.certificate(*member).is_some());
        self.instant.chain(id, now, || {
            let found = self.chains.chain(id, now).filter(members_exist);
            found.unwrap_or_else(|| self.chains.alone(id, stored.certificate()))
        })
    }
}
