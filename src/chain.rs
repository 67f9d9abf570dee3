//! Chains: which paths lead from a certificate to a root, and whether they hold (rules I-5, I-7, V-5, V-10 to V-12).
//!
//! Three questions are kept apart. *Which paths are there?* A link is a name and a signature that is not false (rule I-7);
//! it depends neither on the time nor on how strict signatures are judged. *Does a path hold?* RFC 5280 section 6 as one
//! straight line of named checks, from the certificate up to the root (rule V-5). *Which of them is the chain?* The one
//! that Windows would build (rule I-7): the issuers list, revocation and purposes look at it and have no say in its choice.
//!
//! What is public are the reasons; the chain of a certificate is judged with everything else by a [`Selector`](crate::Selector).
//!
//! ```
//! use ccmcertsel::chain::{Budget, CaStatus, ChainFailure, ChainMember, Malformation, NameViolation, PolicyProblem};
//! use ccmcertsel::{Machine, Rejection, Selector, Settings, Stores, Timestamp};
//!
//! /// Whom a chain that does not hold is for.
//! fn queue(failure: &ChainFailure) -> String {
//!     match failure {
//!         ChainFailure::NoPath { issuer, .. } => format!("machines: install {issuer}"),
//!         ChainFailure::UntrustedRoot { at: ChainMember { thumbprint, .. } } => format!("machines: trust {thumbprint}"),
//!         ChainFailure::NotACa { at, found: CaStatus::EndEntity } => format!("security: {at} signs like a CA"),
//!         ChainFailure::NameConstraints { name, violation: NameViolation::Excluded(_), .. } => format!("PKI: {name}"),
//!         ChainFailure::Policy { problem: PolicyProblem::NoneValid, .. } => "PKI: policies".into(),
//!         ChainFailure::Malformed { problem: Malformation::Extension(error), .. } => format!("PKI: {error}"),
//!         ChainFailure::Budget { budget: budget @ Budget::Depth, .. } => format!("security: over {} CAs", budget.limit()),
//!         other => format!("PKI: {other}"),
//!     }
//! }
//!
//! let mut stores = Stores::builder();
//! stores.add_file("MY", &std::fs::read("testdata/machines/contoso-pc1/MY/01-workstation-current.cer")?);
//! let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
//! let selection = selector.select("2026-01-15T09:00:00Z".parse::<Timestamp>()?);
//! let Some(Rejection::Chain(failure)) = selection.verdicts()[0].rejection() else { panic!("its CA is not there") };
//! assert_eq!(queue(failure), "machines: install CN=Contoso Issuing CA 1, DC=contoso, DC=com");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod best;
mod eku;
mod facts;
mod failure;
mod inputs;
mod known;
mod links;
mod message;
mod name_constraints;
mod namesakes;
mod near_miss;
mod path;
mod policies;
mod reason;
mod search;
mod signers;
mod trusted;
mod validate;

pub(crate) use self::best::Chain;
pub use self::best::Preference;
pub use self::eku::{ChainEku, EkuSource};
pub(crate) use self::eku::{allows, is_any_purpose};
pub use self::failure::{
    CaStatus, ChainFailure, ChainMember, ChainWarning, Malformation, NameViolation, PolicyProblem,
};
pub(crate) use self::inputs::PolicyInputs;
pub use self::near_miss::ChainNearMiss;
pub(crate) use self::path::{Path, PathEnd};
pub use crate::budget::Budget;

use self::links::Node;
use self::trusted::Trusted;
use crate::asn1::DerError;
use crate::certificate::{Certificate, Thumbprint};
use crate::choices::{Anchors, SignaturePolicy};
use crate::crypto::{Algorithms, ParsedKey, SignatureResult};
use crate::store::{CertId, Stores};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

/// Whoever remembers the signatures of CAs: the selection's memo, for every machine of a fleet.
///
/// Chain and revocation take this and keep no cache of their own beyond one machine (the design's second obligation:
/// laziness lives in one place).
pub(crate) trait SharedSignatures: Send + Sync {
    /// Whether the issuer's key made the certificate's signature.
    fn verify_signature(&self, certificate: &Certificate, issuer: &Certificate) -> SignatureResult;

    /// The issuer's key, parsed.
    fn parse_key(&self, issuer: &Certificate) -> Result<Arc<ParsedKey>, DerError>;

    /// Whether it is also asked for certificates that issue nothing: while a machine is judged many times over.
    fn answers_for_all(&self) -> bool {
        false
    }
}

/// The chains of one machine's certificates, with everything about its CAs read and verified at most once.
///
/// `Send + Sync`; what it remembers depends on neither the time nor the certificate asked about, so every answer is the
/// one that a new value would give.
pub(crate) struct Chains {
    stores: Arc<Stores>,
    algorithms: Algorithms,
    anchors: Anchors,
    signatures: SignaturePolicy,
    policies: PolicyInputs,
    /// Answers for the signatures of CAs in place of `algorithms`.
    shared: Option<Arc<dyn SharedSignatures>>,
    /// Those of the same machine under other settings: no signature depends on them.
    others: Weak<Chains>,
    /// Certificates of `ROOT` that count as anchors.
    trusted: Trusted,
    nodes: Box<[OnceLock<Box<Node>>]>,
    /// Where each certificate stands, for those who know it from another machine's stores.
    places: OnceLock<HashMap<Thumbprint, CertId>>,
    /// How many keys are tried for one signature.
    share: OnceLock<usize>,
    /// The certificates whose property takes client authentication from them (rule P-8): rarely any.
    restricted: OnceLock<HashMap<Thumbprint, CertId>>,
}

impl fmt::Debug for Chains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chains")
            .field("algorithms", &self.algorithms)
            .field("anchors", &self.anchors)
            .field("signatures", &self.signatures)
            .field("policies", &self.policies)
            .finish_non_exhaustive()
    }
}

impl Chains {
    /// The chains in these stores, with every setting at its default.
    pub(crate) fn new(stores: Arc<Stores>, algorithms: Algorithms) -> Self {
        let nodes = stores.entries().map(|_| OnceLock::new()).collect();
        let chains = Chains {
            stores,
            algorithms,
            anchors: Anchors::default(),
            signatures: SignaturePolicy::default(),
            policies: PolicyInputs::default(),
            shared: None,
            others: Weak::new(),
            trusted: Trusted::default(),
            nodes,
            places: OnceLock::new(),
            share: OnceLock::new(),
            restricted: OnceLock::new(),
        };
        chains.with_anchors(Anchors::default())
    }

    /// What counts as an anchor (rule V-5).
    pub(crate) fn with_anchors(mut self, anchors: Anchors) -> Self {
        self.anchors = anchors;
        self.trusted = self
            .stores
            .roots()
            .filter(|id| anchors == Anchors::AnyInRoot || self.node(*id).is_some_and(|node| node.looks_self_signed))
            .filter_map(|id| self.certificate(id))
            .collect();
        self
    }

    /// How weak signatures and keys are judged (rule V-11).
    pub(crate) fn with_signature_policy(mut self, signatures: SignaturePolicy) -> Self {
        self.signatures = signatures;
        self
    }

    /// The inputs of policy processing (RFC 5280 6.1.1).
    pub(crate) fn with_policies(mut self, policies: PolicyInputs) -> Self {
        self.policies = policies;
        self
    }

    /// Asks this for the signatures of CAs: results kept there serve every machine of a fleet.
    pub(crate) fn with_shared(mut self, shared: Arc<dyn SharedSignatures>) -> Self {
        self.shared = Some(shared);
        self
    }

    /// Asks these for what they have verified, as long as somebody keeps them.
    pub(crate) fn with_others(mut self, others: &Arc<Chains>) -> Self {
        self.others = Arc::downgrade(others);
        self
    }

    /// The stores that the paths run through.
    #[cfg(any(test, feature = "test-support"))]
    pub(crate) fn stores(&self) -> &Stores {
        &self.stores
    }

    /// Whether this very certificate is in `ROOT` and counts as an anchor (rule V-5).
    pub(crate) fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.trusted.contains(certificate)
    }

    fn certificate(&self, id: CertId) -> Option<&Certificate> {
        Some(self.stores.get(id)?.certificate())
    }
}
