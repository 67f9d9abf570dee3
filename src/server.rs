//! The server's side: whether a management point or a cloud management gateway accepts what a client presents (rules M-1
//! to M-5).
//!
//! ```
//! use ccmcertsel::server::{ManagementPoint, ServerRejection, ServerTrust};
//! use ccmcertsel::{Coded, Stores};
//! use std::time::SystemTime;
//!
//! let mut stores = Stores::builder();
//! stores.add_store("ROOT");
//! let server = ManagementPoint::new("mp1.contoso.com", ServerTrust::new(stores.build()));
//! let judgement = server.judge(&[], SystemTime::now());
//! assert_eq!(judgement.rejection(), Some(&ServerRejection::NoCertificate));
//! assert_eq!(judgement.status().unwrap().code(), "403.7"); // what the web server's log has (M-4)
//! // Without a trust list every root that the server trusts is accepted, public ones included.
//! assert_eq!(judgement.warnings()[0].code(), "server.no_trust_list");
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
mod software_updates;
mod status;

pub use outcome::{Presented, ServerJudgement, ServerRejection, ServerWarning};
pub use side::Side;
pub use software_updates::SoftwareUpdates;
pub use status::IisStatus;

use crate::revocation::Crls;
use crate::settings::{IssuerMatch, Revocation, UnknownStatus};
use crate::text::IssuersList;
use crate::{Algorithms, Certificate, Rule, Stores, Timestamp};
use std::sync::Arc;

/// What a server trusts: its certificate stores and the CRLs that it can get.
#[derive(Debug, Clone)]
pub struct ServerTrust {
    stores: Arc<Stores>,
    crls: Arc<Crls>,
    algorithms: Algorithms,
}

impl ServerTrust {
    /// The stores of the server: `ROOT`, `CA` and `Disallowed` count. It has no CRLs yet.
    pub fn new(stores: impl Into<Arc<Stores>>) -> Self {
        ServerTrust { stores: stores.into(), crls: Arc::default(), algorithms: Algorithms::default() }
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
}

/// A management point, or another site system with IIS that wants client certificates (rules M-1, M-2).
#[derive(Debug, Clone)]
pub struct ManagementPoint {
    name: String,
    trust: ServerTrust,
    trust_list: Option<IssuersList>,
}

impl ManagementPoint {
    /// A management point without a certificate trust list.
    pub fn new(name: impl Into<String>, trust: ServerTrust) -> Self {
        ManagementPoint { name: name.into(), trust, trust_list: None }
    }

    /// The site's issuers list, which is the certificate trust list of its management points (rule M-1).
    #[must_use]
    pub fn with_trust_list(mut self, list: IssuersList) -> Self {
        self.trust_list = Some(list);
        self
    }

    /// The server's name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The certificate trust list.
    pub fn trust_list(&self) -> Option<&IssuersList> {
        self.trust_list.as_ref()
    }

    /// Judges the chain that a client presents, its own certificate first; empty when it presents none.
    ///
    /// Intermediates may come from the client or from the server's stores. IIS always checks revocation (rule M-2).
    pub fn judge(&self, presented: &[Certificate], now: impl Into<Timestamp>) -> ServerJudgement {
        judge::Judge {
            trust: &self.trust,
            trust_list: self.trust_list.as_ref(),
            issuer_match: IssuerMatch::default(),
            revocation: RevocationScope::ManagementPoint.revocation(),
            unknown: UnknownStatus::default(),
            role: judge::Role::ManagementPoint,
            now: now.into(),
        }
        .judge(presented)
    }
}

/// A cloud management gateway (rule M-2).
///
/// ```
/// use ccmcertsel::{Coded, Stores};
/// use ccmcertsel::server::{CloudManagementGateway, ServerTrust};
/// use ccmcertsel::settings::Revocation;
/// use std::time::SystemTime;
///
/// let trust = ServerTrust::new(Stores::builder().build());
/// let gateway = CloudManagementGateway::new("contoso.cloudapp.net", trust, Revocation::Off);
/// let judgement = gateway.judge(&[], SystemTime::now());
/// assert_eq!(judgement.rejection().unwrap().side().to_string(), "client");
/// assert_eq!(judgement.warnings()[0].rule().id(), "M-2"); // a revoked certificate would be accepted
/// ```
#[derive(Debug, Clone)]
pub struct CloudManagementGateway {
    name: String,
    trust: ServerTrust,
    revocation: Revocation,
}

impl CloudManagementGateway {
    /// A gateway with the root and intermediate CA certificates that were uploaded to it, and its setting "verify client
    /// certificate revocation".
    pub fn new(name: impl Into<String>, trust: ServerTrust, revocation: Revocation) -> Self {
        CloudManagementGateway { name: name.into(), trust, revocation }
    }

    /// The gateway's name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether client certificates are checked for revocation.
    pub fn revocation(&self) -> Revocation {
        self.revocation
    }

    /// Judges the chain that a client presents, its own certificate first; empty when it presents none.
    ///
    /// A gateway needs the root and every intermediate of the client's chain among the uploaded certificates (rule M-2):
    /// intermediates that the client presents do not help.
    pub fn judge(&self, presented: &[Certificate], now: impl Into<Timestamp>) -> ServerJudgement {
        judge::Judge {
            trust: &self.trust,
            trust_list: None,
            issuer_match: IssuerMatch::default(),
            revocation: self.revocation,
            unknown: UnknownStatus::default(),
            role: judge::Role::Gateway,
            now: now.into(),
        }
        .judge(presented)
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

    /// Whether an administrator can change it: IIS checks in any case (rule M-2).
    pub fn can_be_changed(self) -> bool {
        self != RevocationScope::ManagementPoint
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
