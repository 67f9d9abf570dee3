//! The result of one check on one certificate, with its evidence.

use super::{
    ChainEvidence, CriteriaMatch, CriteriaReason, DatesPass, DatesReason, Exemption, IssuersPass, IssuersReason,
    KeyPass, KeyReason, NamePass, NameReason, NearMiss, PurposePass, PurposeReason, RankPass, RankReason,
    RevocationPass, RevokedChain, StorePass, StoreReason, TemplatePass, TemplateReason,
};
use crate::certificate::Thumbprint;
use crate::chain::ChainFailure;
use crate::proposal::Proposal;
use crate::reason::{Coded, Row};
use crate::rules::{Rule, Step};
use crate::store::StoreName;
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
///     match finding {
///         Finding::Passed(Pass::Issuers(IssuersPass { entry, form, chain: ChainCompleteness::Complete, .. })) => {
///             format!("entry {entry}, text: {}", *form == IssuerForm::Text)
///         }
///         Finding::Passed(Pass::Store(StorePass(store))) => format!("in {store}"),
///         Finding::Passed(Pass::Dates(DatesPass { not_after, .. })) => format!("until {not_after}"),
///         Finding::Passed(Pass::Key(KeyPass::Assumed) | Pass::Template(TemplatePass::Provider(None))) => "a guess".into(),
///         Finding::Passed(Pass::Chain(chain)) => {
///             let ChainEvidence { name, length, .. } = &**chain;
///             format!("{length} certificates up to {name}")
///         }
///         Finding::Passed(Pass::Revocation(RevocationPass::NotRevoked(chain))) => {
///             let ClearedChain { members, .. } = &**chain;
///             format!("good until {:?}", members.iter().filter_map(|member| member.good_until()).min())
///         }
///         Finding::Passed(Pass::Purpose(PurposePass::ComputerName { name, field: ComputerNameField::DnsName })) => name.clone(),
///         Finding::Passed(Pass::Criteria(found)) => {
///             let CriteriaMatch { actual, field, .. } = &**found;
///             format!("{actual}, in the SAN: {}", *field == SearchedField::AlternativeName)
///         }
///         Finding::Passed(Pass::Name(NamePass { subject })) => subject.clone(),
///         Finding::Passed(Pass::Rank(RankPass::Longest(ranking))) if ranking.decided_by == RankCriterion::NotAfter => {
///             "as long as another, and ends later".into()
///         }
///         Finding::NotApplicable(Exemption::RevocationOff) => "nobody asked for revocation".into(),
///         other => other.to_string(),
///     }
/// }
///
/// # #[cfg(feature = "machine")] {
/// let pc1 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/contoso-pc1")?;
/// let selection = pc1.selector().select(pc1.now.expect("its machine.toml states an instant"));
/// let selected = selection.selected().and_then(|id| selection.verdict(id)).expect("it is ready");
/// let evidence: Vec<String> = selected.findings().iter().map(evidence).collect();
/// for expected in ["entry 1, text: true", "in MY", "as long as another, and ends later"] {
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
/// can be matched without `_`: [`check`](crate::check) has an example.
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

impl Rejection {
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

/// Only the message; the rule, the code and the near miss have accessors of their own.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Passed(pass) => pass.fmt(f),
            Finding::NotApplicable(exemption) => exemption.fmt(f),
            Finding::Rejected { rejection, .. } => rejection.fmt(f),
        }
    }
}

/// What is the same of every check in an enum with a variant for each: its row, its words, and the way into it.
macro_rules! by_check {
    ($name:ident { $($variant:ident($of:ty),)* }) => {
        impl $name {
            /// What is fixed about it: step, code, rule, result codes.
            pub(crate) fn row(&self) -> Row {
                match self { $($name::$variant(of) => of.row(),)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $($name::$variant(of) => of.fmt(f),)* }
            }
        }

        $(impl From<$of> for $name {
            fn from(of: $of) -> Self {
                $name::$variant(of)
            }
        })*
    };
}

by_check! {
    Pass {
        Issuers(IssuersPass),
        Store(StorePass),
        Dates(DatesPass),
        Key(KeyPass),
        Template(TemplatePass),
        Chain(Arc<ChainEvidence>),
        Revocation(RevocationPass),
        Purpose(PurposePass),
        Criteria(Box<CriteriaMatch>),
        Name(NamePass),
        Rank(RankPass),
    }
}

by_check! {
    Rejection {
        Issuers(IssuersReason),
        Store(StoreReason),
        Dates(DatesReason),
        Key(KeyReason),
        Template(TemplateReason),
        Chain(Arc<ChainFailure>),
        Revocation(Arc<RevokedChain>),
        Purpose(PurposeReason),
        Criteria(Box<CriteriaReason>),
        Name(NameReason),
        Rank(RankReason),
    }
}
