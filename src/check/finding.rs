//! The result of one check on one certificate, with its evidence.

use super::{
    ChainEvidence, CriteriaMatch, CriteriaReason, DatesPass, DatesReason, Exemption, IssuersPass, IssuersReason,
    KeyPass, KeyReason, NamePass, NameReason, NearMiss, PurposePass, PurposeReason, RankPass, RankReason,
    RevocationPass, RevokedChain, StorePass, StoreReason, TemplatePass, TemplateReason,
};
use crate::chain::ChainFailure;
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::{Coded, Rule, Step, StoreName, Thumbprint};
use std::fmt;
use std::sync::Arc;

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It passed, with the evidence.
    Passed(Pass),
    /// It did not apply, with the reason.
    NotApplicable(Exemption),
    /// It failed.
    Rejected {
        /// Both sides of the comparison.
        rejection: Rejection,
        /// What was nearly right, where something was.
        near_miss: Option<Box<NearMiss>>,
    },
}

impl Finding {
    /// The evidence of a check that passed.
    pub(crate) fn pass(&self) -> Option<&Pass> {
        if let Finding::Passed(pass) = self { Some(pass) } else { None }
    }

    /// What is fixed about the result: step, code, rule, result codes.
    pub(crate) fn row(&self) -> Row {
        match self {
            Finding::Passed(pass) => pass.row(),
            Finding::NotApplicable(exemption) => exemption.row(),
            Finding::Rejected { rejection, .. } => rejection.row(),
        }
    }

    /// The step that the check belongs to.
    pub fn step(&self) -> Step {
        self.row().step
    }

    /// `passed`, `rejected` or `not_applicable`.
    pub(crate) fn result(&self) -> &'static str {
        match self {
            Finding::Passed(_) => "passed",
            Finding::NotApplicable(_) => "not_applicable",
            Finding::Rejected { .. } => "rejected",
        }
    }

    /// A rejection without a near miss.
    pub(crate) fn rejected(rejection: impl Into<Rejection>) -> Self {
        Finding::Rejected { rejection: rejection.into(), near_miss: None }
    }

    /// A rejection, and what was nearly right.
    pub(crate) fn rejected_near(rejection: impl Into<Rejection>, near_miss: Option<impl Into<NearMiss>>) -> Self {
        let near_miss = near_miss.map(|near| Box::new(near.into()));
        Finding::Rejected { rejection: rejection.into(), near_miss }
    }

    /// The rejection, if the check failed.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Finding::Rejected { rejection, .. } => Some(rejection),
            Finding::Passed(_) | Finding::NotApplicable(_) => None,
        }
    }

    /// What was nearly right.
    pub(crate) fn near_miss(&self) -> Option<&NearMiss> {
        match self {
            Finding::Rejected { near_miss, .. } => near_miss.as_deref(),
            Finding::Passed(_) | Finding::NotApplicable(_) => None,
        }
    }
}

impl Coded for Finding {
    fn code(&self) -> &'static str {
        self.row().code
    }

    fn rule(&self) -> Rule {
        self.row().rule
    }
}

/// Why a check passed, by check. A variant a check is the whole list: each check says more in its own type.
///
/// ```
/// use ccmcertsel::check::{
///     ChainCompleteness, ChainEvidence, ClearedChain, ComputerNameField, CriteriaMatch, DatesPass, Exemption, IssuerForm,
///     IssuersPass, KeyPass, NamePass, PurposePass, RankPass, RevocationPass, SearchedField, StorePass, TemplatePass,
/// };
/// use ccmcertsel::select::RankCriterion;
/// use ccmcertsel::{Finding, Pass};
///
/// /// What speaks for a certificate.
/// fn evidence(finding: &Finding) -> String {
///     let pass = match finding {
///         Finding::Passed(pass) => pass,
///         Finding::NotApplicable(Exemption::RevocationOff) => return "nobody asked for revocation".into(),
///         Finding::NotApplicable(other) => return other.to_string(),
///         Finding::Rejected { rejection, .. } => return format!("nothing: {rejection}"),
///     };
///     match pass {
///         Pass::Issuers(IssuersPass { entry, form: IssuerForm::Text, chain: ChainCompleteness::Complete, .. }) => {
///             format!("text of entry {entry}")
///         }
///         Pass::Issuers(IssuersPass { entry, compared, .. }) => format!("entry {entry} is {compared}"),
///         Pass::Store(StorePass(store)) => format!("in {store}"),
///         Pass::Dates(DatesPass { not_after, .. }) => format!("until {not_after}"),
///         Pass::Key(KeyPass::Accessible(provider) | KeyPass::Present(provider)) => format!("{provider:?}"),
///         Pass::Key(KeyPass::Assumed) => "a key, presumably".into(),
///         Pass::Template(TemplatePass::Accepted(_)) => "its template".into(),
///         Pass::Template(TemplatePass::Provider(provider)) => format!("{provider:?}"),
///         Pass::Chain(chain) => {
///             let ChainEvidence { name, length, .. } = &**chain;
///             format!("{length} certificates up to {name}")
///         }
///         Pass::Revocation(RevocationPass::NotRevoked(chain)) => {
///             let ClearedChain { members, .. } = &**chain;
///             let ends = members.iter().filter_map(|evidence| evidence.good_until()).min();
///             format!("good until {}", ends.map(|end| end.to_string()).unwrap_or_default())
///         }
///         Pass::Revocation(RevocationPass::UnknownAccepted(chain)) => format!("nothing known: {chain}"),
///         Pass::Purpose(PurposePass::ClientAuthentication(_)) => "client authentication".into(),
///         Pass::Purpose(PurposePass::ComputerName { name, field: ComputerNameField::DnsName }) => format!("SAN {name}"),
///         Pass::Purpose(other) => other.to_string(),
///         Pass::Criteria(found) => {
///             let CriteriaMatch { wanted, field, .. } = &**found;
///             let of_subject = *field != SearchedField::AlternativeName;
///             format!("{wanted}, in the Subject: {of_subject}")
///         }
///         Pass::Name(NamePass { subject }) => subject.clone(),
///         Pass::Rank(RankPass::Longest(ranking)) if ranking.decided_by == RankCriterion::Period => "longest".into(),
///         Pass::Rank(RankPass::Longest(ranking)) => format!("{:?} decides", ranking.decided_by),
///         Pass::Rank(RankPass::OnlyCandidate | RankPass::FirstInStore) => "no other".into(),
///     }
/// }
///
/// # #[cfg(feature = "machine")] {
/// let pc1 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/contoso-pc1")?;
/// let selection = pc1.selector().select(pc1.now.expect("its machine.toml states an instant"));
/// let selected = selection.selected().and_then(|id| selection.verdict(id)).expect("it is ready");
/// let evidence: Vec<String> = selected.findings().iter().map(evidence).collect();
/// for expected in ["text of entry 1", "in MY", "client authentication"] {
///     assert!(evidence.iter().any(|one| one == expected), "{evidence:#?}");
/// }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// The issuers list (step 1).
    Issuers(IssuersPass),
    /// The store (step 2).
    Store(StorePass),
    /// The dates (V-1).
    Dates(DatesPass),
    /// The private key (V-2).
    Key(KeyPass),
    /// The template and provider (V-3, V-4).
    Template(TemplatePass),
    /// The chain (V-5, V-10 to V-12).
    Chain(Arc<ChainEvidence>),
    /// The revocation (V-7 to V-9).
    Revocation(RevocationPass),
    /// The purpose (P-1 to P-8).
    Purpose(PurposePass),
    /// The criteria in its place (section 6).
    Criteria(Box<CriteriaMatch>),
    /// The computer name (P-6).
    Name(NamePass),
    /// The ranking (step 6).
    Rank(RankPass),
}

/// Why a certificate is rejected, by check, with both sides of the comparison. A variant a check is the whole list, so it
/// can be matched without `_`.
///
/// ```
/// use ccmcertsel::chain::ChainFailure;
/// use ccmcertsel::{Coded, Machine, Rejection, Selector, Settings, Stores, Timestamp};
///
/// /// Who gets the ticket.
/// fn queue(rejection: &Rejection) -> &'static str {
///     match rejection {
///         Rejection::Issuers(_) | Rejection::Criteria(_) => "site",
///         Rejection::Store(_) | Rejection::Dates(_) | Rejection::Key(_) => "desktop",
///         Rejection::Chain(failure) => match &**failure {
///             ChainFailure::NoPath { .. } | ChainFailure::UntrustedRoot { .. } => "desktop",
///             _ => "pki",
///         },
///         Rejection::Revocation(chain) if chain.failure.is_unknown() => "pki",
///         Rejection::Revocation(_) | Rejection::Rank(_) => "nobody",
///         Rejection::Template(_) | Rejection::Purpose(_) | Rejection::Name(_) => "pki",
///     }
/// }
///
/// let mut stores = Stores::builder();
/// stores.add_der("MY", &std::fs::read("testdata/machines/contoso-pc1/MY/20-wrong-root.cer")?);
/// let settings = Settings::ccm_setup().with_properties(&"CCMCERTISSUERS=\"CN=Contoso Root CA\"".parse()?);
/// let now: Timestamp = "2026-01-15T09:00:00Z".parse()?;
/// let selection = Selector::new(stores.build(), Machine::new("PC1"), settings).select(now);
/// for rejection in selection.verdicts().iter().filter_map(|verdict| verdict.rejection()) {
///     assert_eq!((queue(rejection), rejection.code()), ("site", "issuers.incomplete_chain"), "{rejection}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The issuers list (step 1).
    Issuers(IssuersReason),
    /// The store (step 2).
    Store(StoreReason),
    /// The dates (V-1).
    Dates(DatesReason),
    /// The private key (V-2).
    Key(KeyReason),
    /// The template and provider (V-3, V-4).
    Template(TemplateReason),
    /// The chain (V-5, V-10 to V-12).
    Chain(Arc<ChainFailure>),
    /// The revocation (V-7 to V-9).
    Revocation(Arc<RevokedChain>),
    /// The purpose (P-1 to P-8).
    Purpose(PurposeReason),
    /// The criteria in its place (section 6).
    Criteria(Box<CriteriaReason>),
    /// The computer name (P-6).
    Name(NameReason),
    /// The ranking (step 6).
    Rank(RankReason),
}

impl Pass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        match self {
            Pass::Issuers(pass) => pass.row(),
            Pass::Store(pass) => pass.row(),
            Pass::Dates(pass) => pass.row(),
            Pass::Key(pass) => pass.row(),
            Pass::Template(pass) => pass.row(),
            Pass::Chain(pass) => pass.row(),
            Pass::Revocation(pass) => pass.row(),
            Pass::Purpose(pass) => pass.row(),
            Pass::Criteria(pass) => pass.row(),
            Pass::Name(pass) => pass.row(),
            Pass::Rank(pass) => pass.row(),
        }
    }
}

impl Rejection {
    /// What is fixed about the reason: step, code, rule, result codes.
    pub(crate) fn row(&self) -> Row {
        match self {
            Rejection::Issuers(reason) => reason.row(),
            Rejection::Store(reason) => reason.row(),
            Rejection::Dates(reason) => reason.row(),
            Rejection::Key(reason) => reason.row(),
            Rejection::Template(reason) => reason.row(),
            Rejection::Chain(reason) => reason.row(),
            Rejection::Revocation(reason) => reason.row(),
            Rejection::Purpose(reason) => reason.row(),
            Rejection::Criteria(reason) => reason.row(),
            Rejection::Name(reason) => reason.row(),
            Rejection::Rank(reason) => reason.row(),
        }
    }

    /// The step that rejected.
    pub fn step(&self) -> Step {
        self.row().step
    }

    /// The reason in a few words: for CRLs without the addresses of each, which the whole sentence has.
    pub(crate) fn brief(&self) -> String {
        match self {
            Rejection::Revocation(chain) => chain.brief(),
            Rejection::Issuers(_)
            | Rejection::Store(_)
            | Rejection::Dates(_)
            | Rejection::Key(_)
            | Rejection::Template(_)
            | Rejection::Chain(_)
            | Rejection::Purpose(_)
            | Rejection::Criteria(_)
            | Rejection::Name(_)
            | Rejection::Rank(_) => self.to_string(),
        }
    }

    /// What may help a certificate of this thumbprint, of this store (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self, certificate: Thumbprint, store: &StoreName) -> Vec<Proposal> {
        match self {
            Rejection::Issuers(reason) => reason.proposals(),
            Rejection::Store(reason) => reason.proposals(certificate),
            Rejection::Dates(reason) => reason.proposals(),
            Rejection::Key(reason) => reason.proposals(certificate),
            Rejection::Template(reason) => reason.proposals(),
            Rejection::Chain(reason) => reason.proposals(),
            Rejection::Revocation(reason) => reason.proposals(),
            Rejection::Purpose(reason) => reason.proposals(certificate),
            Rejection::Criteria(reason) => reason.proposals(),
            Rejection::Name(reason) => reason.proposals(),
            Rejection::Rank(reason) => reason.proposals(store),
        }
    }
}

impl Coded for Rejection {
    fn code(&self) -> &'static str {
        self.row().code
    }

    fn rule(&self) -> Rule {
        self.row().rule
    }
}

/// The message alone; the rule, the code and the near miss have accessors of their own.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Passed(pass) => pass.fmt(f),
            Finding::NotApplicable(exemption) => exemption.fmt(f),
            Finding::Rejected { rejection, .. } => rejection.fmt(f),
        }
    }
}

impl fmt::Display for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pass::Issuers(pass) => pass.fmt(f),
            Pass::Store(pass) => pass.fmt(f),
            Pass::Dates(pass) => pass.fmt(f),
            Pass::Key(pass) => pass.fmt(f),
            Pass::Template(pass) => pass.fmt(f),
            Pass::Chain(pass) => pass.fmt(f),
            Pass::Revocation(pass) => pass.fmt(f),
            Pass::Purpose(pass) => pass.fmt(f),
            Pass::Criteria(pass) => pass.fmt(f),
            Pass::Name(pass) => pass.fmt(f),
            Pass::Rank(pass) => pass.fmt(f),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::Issuers(reason) => reason.fmt(f),
            Rejection::Store(reason) => reason.fmt(f),
            Rejection::Dates(reason) => reason.fmt(f),
            Rejection::Key(reason) => reason.fmt(f),
            Rejection::Template(reason) => reason.fmt(f),
            Rejection::Chain(reason) => reason.fmt(f),
            Rejection::Revocation(reason) => reason.fmt(f),
            Rejection::Purpose(reason) => reason.fmt(f),
            Rejection::Criteria(reason) => reason.fmt(f),
            Rejection::Name(reason) => reason.fmt(f),
            Rejection::Rank(reason) => reason.fmt(f),
        }
    }
}

impl From<IssuersReason> for Rejection {
    fn from(reason: IssuersReason) -> Self {
        Rejection::Issuers(reason)
    }
}

impl From<StoreReason> for Rejection {
    fn from(reason: StoreReason) -> Self {
        Rejection::Store(reason)
    }
}

impl From<DatesReason> for Rejection {
    fn from(reason: DatesReason) -> Self {
        Rejection::Dates(reason)
    }
}

impl From<KeyReason> for Rejection {
    fn from(reason: KeyReason) -> Self {
        Rejection::Key(reason)
    }
}

impl From<TemplateReason> for Rejection {
    fn from(reason: TemplateReason) -> Self {
        Rejection::Template(reason)
    }
}

impl From<Arc<ChainFailure>> for Rejection {
    fn from(reason: Arc<ChainFailure>) -> Self {
        Rejection::Chain(reason)
    }
}

impl From<Arc<RevokedChain>> for Rejection {
    fn from(reason: Arc<RevokedChain>) -> Self {
        Rejection::Revocation(reason)
    }
}

impl From<PurposeReason> for Rejection {
    fn from(reason: PurposeReason) -> Self {
        Rejection::Purpose(reason)
    }
}

impl From<Box<CriteriaReason>> for Rejection {
    fn from(reason: Box<CriteriaReason>) -> Self {
        Rejection::Criteria(reason)
    }
}

impl From<NameReason> for Rejection {
    fn from(reason: NameReason) -> Self {
        Rejection::Name(reason)
    }
}

impl From<RankReason> for Rejection {
    fn from(reason: RankReason) -> Self {
        Rejection::Rank(reason)
    }
}

impl From<IssuersPass> for Pass {
    fn from(pass: IssuersPass) -> Self {
        Pass::Issuers(pass)
    }
}

impl From<StorePass> for Pass {
    fn from(pass: StorePass) -> Self {
        Pass::Store(pass)
    }
}

impl From<DatesPass> for Pass {
    fn from(pass: DatesPass) -> Self {
        Pass::Dates(pass)
    }
}

impl From<KeyPass> for Pass {
    fn from(pass: KeyPass) -> Self {
        Pass::Key(pass)
    }
}

impl From<TemplatePass> for Pass {
    fn from(pass: TemplatePass) -> Self {
        Pass::Template(pass)
    }
}

impl From<Arc<ChainEvidence>> for Pass {
    fn from(pass: Arc<ChainEvidence>) -> Self {
        Pass::Chain(pass)
    }
}

impl From<RevocationPass> for Pass {
    fn from(pass: RevocationPass) -> Self {
        Pass::Revocation(pass)
    }
}

impl From<PurposePass> for Pass {
    fn from(pass: PurposePass) -> Self {
        Pass::Purpose(pass)
    }
}

impl From<Box<CriteriaMatch>> for Pass {
    fn from(pass: Box<CriteriaMatch>) -> Self {
        Pass::Criteria(pass)
    }
}

impl From<NamePass> for Pass {
    fn from(pass: NamePass) -> Self {
        Pass::Name(pass)
    }
}

impl From<RankPass> for Pass {
    fn from(pass: RankPass) -> Self {
        Pass::Rank(pass)
    }
}
