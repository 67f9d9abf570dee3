//! The server's side: whether a management point, a cloud management gateway or the check of software updates accepts what is
//! presented to it (rules M-1 to M-5).
//!
//! ```
//! use ccmcertsel::server::{IisStatus, Presented, Server, ServerJudgement, ServerRejection, ServerWarning, Side};
//! use ccmcertsel::settings::Revocation;
//! use ccmcertsel::{Algorithms, Certificate, Coded, Crl, Crls, IssuersList, Stores, Timestamp};
//! use std::sync::Arc;
//!
//! let file = |name: &str| std::fs::read(format!("testdata/machines/contoso-pc1/{name}"));
//! let client = Certificate::from_der(&file("MY/02-workstation-renewed.cer")?)?;
//! let issuing = Certificate::from_der(&file("CA/contoso-issuing-ca-1.cer")?)?;
//! let root = Certificate::from_der(&file("ROOT/contoso-root-ca.cer")?)?;
//! let mut crls = Vec::new();
//! for name in ["Contoso Root CA", "Contoso Issuing CA 1", "Contoso Issuing CA 1+"] {
//!     crls.push(Crl::from_der(&file(&format!("crl/{name}.crl"))?)?);
//! }
//! let crls = Arc::new(Crls::new(crls));
//! let now: Timestamp = "2026-01-15T09:00:00Z".parse()?;
//!
//! // A management point with the site's issuers list: what the client selects is accepted.
//! let stores = Arc::new(Stores::builder().add("ROOT", root.clone()).build());
//! let list = IssuersList::from_certificates([&root]).expect("one certificate");
//! let point = Server::management_point(Arc::clone(&stores)).with_trust_list(list);
//! let presented = [client, issuing];
//! let judgement: ServerJudgement = point.clone().with_crls(Arc::clone(&crls)).judge(&presented, now);
//! assert!(judgement.is_accepted() && judgement.warnings().is_empty());
//!
//! // Where it cannot get the CRLs it refuses: the log of its web server has why, and it is not the client's fault.
//! let judgement = point.judge(&presented, now);
//! assert_eq!(judgement.status(), Some(IisStatus::Revoked));
//! assert_eq!(judgement.status().unwrap().code(), "403.13");
//! assert_eq!(judgement.rejection().map(ServerRejection::side), Some(Side::Infrastructure));
//!
//! // A gateway does not use the CA certificates that the client presents; what helps was carried out on a copy of it.
//! let gateway = Server::cloud_management_gateway(stores).with_revocation(Revocation::Off);
//! let gateway = gateway.with_algorithms(Algorithms::rust_crypto());
//! let judgement = gateway.judge(&presented, now);
//! match judgement.rejection() {
//!     Some(ServerRejection::IssuerMissing { issuer, presented, .. }) => {
//!         assert_eq!(issuer.to_simple_name(), "com, contoso, Contoso Issuing CA 1");
//!         assert_eq!(*presented, Presented::ByClient);
//!     }
//!     other => panic!("{other:?}"),
//! }
//! assert_eq!(judgement.warnings(), [ServerWarning::RevocationNotVerified]);
//! let remedy = gateway.remedy(&presented, &[root], now).expect("something helps");
//! assert_eq!(remedy, ["upload the CA certificate `Contoso Issuing CA 1` to the gateway"]);
//!
//! // The certificate that signs updates is for code signing, which that of a client is not.
//! let updates = Server::software_updates(Stores::builder().build());
//! let judgement = updates.judge(&presented, now);
//! assert_eq!(judgement.rejection().unwrap().code(), "server.not_code_signing");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A server judges with its own stores and CRLs, at an instant that the caller gives. What the client selects is decided
//! by [`Selector`](crate::Selector) on the client's; both together say whether they can talk to each other.

mod chain_fault;
mod judge;
mod message;
mod outcome;
mod remedy;
mod side;
mod status;

pub use outcome::{Presented, ServerJudgement, ServerRejection, ServerWarning};
pub use side::Side;
pub use status::IisStatus;

use crate::certificate::Certificate;
use crate::choices::{Revocation, UnknownStatus};
use crate::crypto::Algorithms;
use crate::revocation::Crls;
use crate::rules::Rule;
use crate::store::Stores;
use crate::text::IssuersList;
use crate::time::Timestamp;
use std::borrow::Cow;
use std::sync::Arc;

/// Who judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    ManagementPoint,
    Gateway,
    SoftwareUpdates,
}

impl Role {
    fn scope(self) -> RevocationScope {
        match self {
            Role::ManagementPoint => RevocationScope::ManagementPoint,
            Role::Gateway => RevocationScope::CloudManagementGateway,
            Role::SoftwareUpdates => RevocationScope::SoftwareUpdates,
        }
    }
}

/// Who judges a presented certificate, with what it trusts. The [module](self) has an example of each kind.
#[derive(Debug, Clone)]
pub struct Server {
    role: Role,
    stores: Arc<Stores>,
    crls: Arc<Crls>,
    algorithms: Algorithms,
    trust_list: Option<IssuersList>,
    revocation: Revocation,
    /// What is done about a status that is unknown.
    unknown: UnknownStatus,
}

impl Server {
    fn new(role: Role, stores: Arc<Stores>) -> Self {
        Server {
            role,
            stores,
            crls: Arc::default(),
            algorithms: Algorithms::default(),
            trust_list: None,
            revocation: role.scope().revocation(),
            unknown: UnknownStatus::default(),
        }
    }

    /// A management point, or another site system with IIS that wants client certificates, with the stores of its computer, of
    /// which `ROOT`, `CA` and `Disallowed` count (rules M-1, M-2). It has no CRLs and no certificate trust list yet, and always
    /// checks revocation.
    pub fn management_point(stores: impl Into<Arc<Stores>>) -> Self {
        Server::new(Role::ManagementPoint, stores.into())
    }

    /// A cloud management gateway with the root and intermediate CA certificates that were uploaded to it, in `ROOT` and `CA`. It
    /// needs every one of the client's chain (rule M-2).
    pub fn cloud_management_gateway(stores: impl Into<Arc<Stores>>) -> Self {
        Server::new(Role::Gateway, stores.into())
    }

    /// Who verifies the signatures of software updates: like any certificate, that of the signer must chain to a trusted root,
    /// be in date and be for code signing; its revocation is checked only where the setting asks for it (rule M-3).
    pub fn software_updates(stores: impl Into<Arc<Stores>>) -> Self {
        Server::new(Role::SoftwareUpdates, stores.into())
    }

    /// The CRLs that the server can get.
    #[must_use]
    pub fn with_crls(mut self, crls: impl Into<Arc<Crls>>) -> Self {
        self.crls = crls.into();
        self
    }

    /// Other signature verifiers than the default ones.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: Algorithms) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// The site's issuers list, which is the certificate trust list of its management points (rule M-1). Nothing else has one:
    /// of others it is not kept.
    #[must_use]
    pub fn with_trust_list(mut self, list: IssuersList) -> Self {
        self.trust_list = (self.role == Role::ManagementPoint).then_some(list);
        self
    }

    /// A gateway's setting "verify client certificate revocation", which is on, or that of software updates, "check the certificate
    /// revocation list", which is off. It is not a setting of a management point: IIS checks in any case (rule M-2).
    #[must_use]
    pub fn with_revocation(mut self, revocation: Revocation) -> Self {
        match self.role {
            Role::ManagementPoint => {}
            Role::Gateway | Role::SoftwareUpdates => self.revocation = revocation,
        }
        self
    }

    /// Judges the chain that a client presents, or that comes with a signature: its own certificate first, empty where there is
    /// none. Intermediates may come from there or from the server's stores.
    pub fn judge(&self, presented: &[Certificate], now: impl Into<Timestamp>) -> ServerJudgement {
        judge::Judge { server: self, now: now.into() }.judge(presented)
    }

    /// What has to be done on the server's side, in order, until it accepts what the client presents; `None` where nothing
    /// there helps, or nothing has to be done. `authorities` are the CA certificates that the client's chain has.
    pub fn remedy(
        &self,
        presented: &[Certificate],
        authorities: &[Certificate],
        now: impl Into<Timestamp>,
    ) -> Option<Vec<Cow<'static, str>>> {
        remedy::Copy { server: self.clone(), now: now.into() }.remedy(presented, authorities)
    }
}

/// What is checked for revocation, and what is not, unless an administrator says otherwise (rules V-7, M-2, M-3).
///
/// ```
/// use ccmcertsel::server::RevocationScope;
/// use ccmcertsel::settings::Revocation;
///
/// assert_eq!(RevocationScope::ManagementPoint.revocation(), Revocation::Check);
/// assert_eq!(RevocationScope::SoftwareUpdates.revocation(), Revocation::Off);
/// assert_eq!(RevocationScope::SoftwareUpdates.rule().id(), "M-3");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationScope {
    /// The client's own selection, and its check of site systems' certificates (rule V-7).
    Client,
    /// Client certificates on a management point: IIS checks them always (rule M-2).
    ManagementPoint,
    /// Client certificates on a cloud management gateway: by its setting (rule M-2).
    CloudManagementGateway,
    /// The signatures of software updates (rule M-3).
    SoftwareUpdates,
    /// Out of band management of AMT computers (rule M-3).
    OutOfBandManagement,
}

impl RevocationScope {
    /// Every scope.
    pub const ALL: [RevocationScope; 5] = [
        RevocationScope::Client,
        RevocationScope::ManagementPoint,
        RevocationScope::CloudManagementGateway,
        RevocationScope::SoftwareUpdates,
        RevocationScope::OutOfBandManagement,
    ];

    /// Whether revocation is checked there unless somebody changes it. A gateway's setting is a choice of its own each
    /// time; that it is on until turned off is assumed.
    pub fn revocation(self) -> Revocation {
        match self {
            RevocationScope::Client | RevocationScope::ManagementPoint | RevocationScope::CloudManagementGateway => {
                Revocation::Check
            }
            RevocationScope::SoftwareUpdates | RevocationScope::OutOfBandManagement => Revocation::Off,
        }
    }

    /// The rule that says so.
    pub fn rule(self) -> Rule {
        match self {
            RevocationScope::Client => Rule::V7,
            RevocationScope::ManagementPoint | RevocationScope::CloudManagementGateway => Rule::M2,
            RevocationScope::SoftwareUpdates | RevocationScope::OutOfBandManagement => Rule::M3,
        }
    }
}
