//! The checks of the selection, one file each: what is checked, why it rejects, and the words for it.
//!
//! Each file holds one check of the documented order with everything that is known about its reasons: the enum of reasons,
//! one row a variant (code, rule, step, result codes), its words, what was nearly right, and what to change. A
//! match over such an enum has no `_`, so the compiler asks for a new reason wherever something must be said about it. Reasons
//! are exhaustive for users as well: the specification closes the list, and a new one should be asked for in their programs, too.
//! Each reason holds both sides of its comparison, what the certificate has and what was asked of it:
//!
//! ```
//! use ccmcertsel::chain::{ChainEku, EkuSource};
//! use ccmcertsel::check::{
//!     AlternativeSearch, CriteriaMismatch, CriteriaReason, DatesReason, IssuersReason, KeyReason, KspReason, NameReason, Place,
//!     PurposeReason, RankReason, Ranking, RevokedChain, StoreReason, TemplateEvidence, TemplateReason, UsageSource,
//! };
//! use ccmcertsel::select::RankKey;
//! use ccmcertsel::{Coded, Rejection, Step};
//!
//! fn sides(rejection: &Rejection) -> String {
//!     match rejection {
//!         Rejection::Issuers(IssuersReason::NotListed { top, listed, .. }) => format!("{top}; {listed} others"),
//!         Rejection::Issuers(IssuersReason::IncompleteChain { top, missing, .. }) => format!("{top}; {missing}"),
//!         Rejection::Store(StoreReason::OtherStore { store, chosen }) => format!("{store}; {chosen}"),
//!         Rejection::Dates(DatesReason::NotYetValid { not_before, now }) => format!("from {not_before}; {now}"),
//!         Rejection::Dates(DatesReason::Expired { not_after, now }) => format!("until {not_after}; {now}"),
//!         Rejection::Key(KeyReason::KeyInaccessible) => "a key; one that SYSTEM can use".into(),
//!         Rejection::Template(TemplateReason::Version { evidence: TemplateEvidence::Stated(version), ruleset }) => {
//!             format!("version {version}; {ruleset}")
//!         }
//!         Rejection::Template(TemplateReason::KeyStorageProvider(KspReason::Ruleset(ruleset))) => format!("KSP; {ruleset}"),
//!         Rejection::Chain(failure) => failure.to_string(), // `chain` has more
//!         Rejection::Revocation(chain) => {
//!             let RevokedChain { at, failure, .. } = &**chain;
//!             format!("{at}: {failure}")
//!         }
//!         Rejection::Purpose(PurposeReason::NotClientAuth { source: UsageSource::Nothing, names, computer, .. }) => {
//!             format!("{names:?}; {computer:?}")
//!         }
//!         Rejection::Purpose(PurposeReason::ChainEku(ca)) => match &**ca {
//!             ChainEku { at, source: EkuSource::Damaged(error), .. } => format!("{at}: {error}"),
//!             ChainEku { at, purposes, .. } => format!("{at}: {purposes:?}"),
//!         },
//!         Rejection::Criteria(reason) => {
//!             let (CriteriaReason::Subject(mismatch)
//!             | CriteriaReason::SubjectString(mismatch)
//!             | CriteriaReason::SubjectAttribute(mismatch)) = &**reason;
//!             let CriteriaMismatch { wanted, compared, alternatives, .. } = mismatch;
//!             format!("{compared:?}, SAN left out: {}; {wanted}", *alternatives == AlternativeSearch::NotAllowed)
//!         }
//!         Rejection::Name(NameReason::NotInSubject { computer, subject }) => format!("{subject}; {computer}"),
//!         Rejection::Rank(RankReason::Outranked { ranking, place: Place { rank, of } }) => {
//!             let Ranking { own, other: RankKey { not_after, .. }, .. } = &**ranking;
//!             format!("rank {rank} of {of}: {}; {not_after}", own.not_after)
//!         }
//!         // What has no other side has words.
//!         Rejection::Store(_) | Rejection::Key(_) | Rejection::Template(_) => rejection.to_string(),
//!         Rejection::Purpose(_) | Rejection::Rank(_) => rejection.to_string(),
//!     }
//! }
//!
//! # #[cfg(feature = "machine")] {
//! let pc1 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/contoso-pc1")?;
//! let selection = pc1.selector().select(pc1.now.expect("its machine.toml states an instant"));
//! let rejections: Vec<&Rejection> = selection.verdicts().iter().filter_map(|verdict| verdict.rejection()).collect();
//! let of = |code: &str| rejections.iter().find(|one| one.code() == code).map(|one| sides(one)).unwrap();
//! assert_eq!(of("validity.expired"), "until 2025-03-05T09:00:00Z; 2026-01-15T09:00:00Z");
//! assert_eq!(of("validity.template_version"), "version 3; cb1706");
//! assert_eq!(of("longest.outranked"), "rank 2 of 7: 2026-03-01T09:00:00Z; 2027-01-10T09:00:00Z");
//! assert!(rejections.iter().any(|one| one.step() == Step::Issuers));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checked;
pub(crate) mod criteria;
pub(crate) mod dates;
mod exemption;
mod finding;
pub(crate) mod issuers;
pub(crate) mod key;
pub(crate) mod name;
mod near_miss;
pub(crate) mod purpose;
pub(crate) mod rank;
pub(crate) mod revocation;
pub(crate) mod store;
pub(crate) mod template;

pub(crate) use self::checked::Checked;
pub use self::criteria::{
    AlternativeSearch, CriteriaMatch, CriteriaMismatch, CriteriaNearMiss, CriteriaReason, SearchedField,
};
pub(crate) use self::criteria::{CertificateNames, SearchOptions};
pub use self::dates::{DatesNearMiss, DatesPass, DatesReason};
pub use self::exemption::Exemption;
pub use self::finding::{Finding, Pass, Rejection};
pub(crate) use self::issuers::IssuerCandidate;
pub use self::issuers::{ChainCompleteness, IssuerForm, IssuersNearMiss, IssuersPass, IssuersReason};
pub use self::key::{KeyPass, KeyReason};
pub use self::name::{LongerName, NameNearMiss, NamePass, NameReason};
pub use self::near_miss::NearMiss;
pub use self::purpose::{ComputerNameField, PurposeNearMiss, PurposePass, PurposeReason, UsageSource};
pub use self::rank::{Place, RankPass, RankReason, Ranking};
pub use self::revocation::{ChainEvidence, ClearedChain, RevocationNearMiss, RevocationPass, RevokedChain};
pub use self::store::{StoreNearMiss, StorePass, StoreReason};
pub use self::template::{KspReason, TemplateEvidence, TemplateNearMiss, TemplatePass, TemplateReason};
pub(crate) use crate::reason::Row;
