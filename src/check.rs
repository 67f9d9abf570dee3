//! The checks of the selection, one file each: what is checked, why it rejects, and the words for it.
//!
//! Each file holds one check of the documented order with everything that is known about its reasons: the enum of reasons,
//! one row a variant (code, rule, step, result codes), its words, what was nearly right, and what to change. A
//! match over such an enum has no `_`, so the compiler asks for a new reason wherever something must be said about it. Reasons
//! are exhaustive for users as well: the specification closes the list, and a new one should be asked for in their programs, too.
//! Each reason holds both sides of its comparison. This tells what a certificate has, and what was asked of it:
//!
//! ```
//! use ccmcertsel::check::{
//!     AlternativeSearch, CriteriaMismatch, CriteriaReason, DatesReason, IssuersReason, KeyReason, KspReason, NameReason, Place, PurposeReason,
//!     Ranking, RankReason, RevokedChain, StoreReason, TemplateEvidence, TemplateReason, UsageSource,
//! };
//! use ccmcertsel::chain::{ChainEku, EkuSource};
//! use ccmcertsel::select::RankKey;
//! use ccmcertsel::{Coded, Rejection, Step};
//!
//! fn sides(rejection: &Rejection) -> [String; 2] {
//!     match rejection {
//!         Rejection::Issuers(IssuersReason::NotListed { top, listed, .. }) => {
//!             [top.to_string(), format!("an entry of {listed}")]
//!         }
//!         Rejection::Issuers(IssuersReason::IncompleteChain { top, missing, .. }) => {
//!             [top.to_string(), missing.to_string()]
//!         }
//!         Rejection::Store(StoreReason::OtherStore { store, chosen }) => [store.to_string(), chosen.to_string()],
//!         Rejection::Store(no @ StoreReason::Unreadable(_)) => [no.to_string(), "a certificate".into()],
//!         Rejection::Store(own @ (StoreReason::Archived | StoreReason::ConfigurationManager)) => {
//!             [own.to_string(), "one that is shown to the client".into()]
//!         }
//!         Rejection::Dates(DatesReason::NotYetValid { not_before, now }) => [not_before.to_string(), now.to_string()],
//!         Rejection::Dates(DatesReason::Expired { not_after, now }) => [not_after.to_string(), now.to_string()],
//!         Rejection::Key(KeyReason::Absent) => ["no key".into(), "a key".into()],
//!         Rejection::Key(KeyReason::Inaccessible) => ["a key".into(), "one that SYSTEM can use".into()],
//!         Rejection::Template(TemplateReason::Version { evidence, ruleset }) => {
//!             let version = match evidence {
//!                 TemplateEvidence::Stated(version) | TemplateEvidence::Table { version, .. } => *version,
//!                 TemplateEvidence::Version1 { .. } | TemplateEvidence::Unknown { .. } => 1,
//!             };
//!             [format!("template version {version}"), ruleset.to_string()]
//!         }
//!         Rejection::Template(TemplateReason::KeyStorageProvider(KspReason::Ruleset(ruleset))) => {
//!             ["KSP".into(), ruleset.to_string()]
//!         }
//!         Rejection::Template(TemplateReason::KeyStorageProvider(KspReason::CngOff)) => ["KSP".into(), "no CNG".into()],
//!         Rejection::Template(TemplateReason::Ecc { .. }) => ["ECC".into(), "RSA".into()],
//!         Rejection::Chain(failure) => [failure.to_string(), "a valid chain".into()],
//!         Rejection::Revocation(chain) => {
//!             let RevokedChain { at, failure, .. } = &**chain; // where in the chain, and what is wrong there
//!             [format!("{at}: {failure}"), "a status that is good".into()]
//!         }
//!         Rejection::Purpose(PurposeReason::NotClientAuth { usages, source, computer, .. }) => {
//!             let by = if *source == UsageSource::Extension { "EKU" } else { "application policies or property" };
//!             [format!("{} usages by {by}", usages.len()), format!("client authentication or one of {computer:?}")]
//!         }
//!         Rejection::Purpose(PurposeReason::ChainEku(limit)) => {
//!             let ChainEku { at, source, purposes } = &**limit;
//!             let read = !matches!(source, EkuSource::Damaged(_));
//!             [format!("{at}: {} purposes, readable: {read}", purposes.len()), "client authentication".into()]
//!         }
//!         Rejection::Purpose(PurposeReason::KeyUsage(usage)) => {
//!             [usage.names().collect::<Vec<_>>().join(" "), "digitalSignature".into()]
//!         }
//!         Rejection::Criteria(reason) => {
//!             let (CriteriaReason::Subject(mismatch)
//!             | CriteriaReason::SubjectString(mismatch)
//!             | CriteriaReason::SubjectAttribute(mismatch)) = &**reason;
//!             let CriteriaMismatch { wanted, compared, alternatives, .. } = mismatch;
//!             let with_san = matches!(alternatives, AlternativeSearch::Searched(_));
//!             let texts: Vec<_> = compared.iter().map(|(_, text)| text.as_str()).collect();
//!             [texts.join(" "), format!("{wanted}, SAN included: {with_san}")]
//!         }
//!         Rejection::Name(NameReason::NotInSubject { computer, subject }) => [subject.clone(), computer.clone()],
//!         Rejection::Rank(RankReason::Outranked { ranking, place: Place { rank, of } }) => {
//!             let Ranking { own, other: RankKey { not_after, .. }, .. } = &**ranking;
//!             [format!("rank {rank} of {of}: {}", own.not_after), not_after.to_string()]
//!         }
//!         Rejection::Rank(RankReason::NotFirst { place, thumbprint, .. }) => {
//!             [place.rank.to_string(), thumbprint.to_string()]
//!         }
//!         Rejection::Rank(RankReason::Ambiguous { place, .. }) => [place.of.to_string(), "one".into()],
//!     }
//! }
//!
//! # #[cfg(feature = "machine")] {
//! let pc1 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/contoso-pc1")?;
//! let selection = pc1.selector().select(pc1.now.expect("its machine.toml states an instant"));
//! let rejections: Vec<&Rejection> = selection.verdicts().iter().filter_map(|verdict| verdict.rejection()).collect();
//! let of = |code: &str| rejections.iter().find(|one| one.code() == code).map(|one| sides(one)).unwrap();
//! assert_eq!(of("validity.expired"), ["2025-03-05T09:00:00Z", "2026-01-15T09:00:00Z"]);
//! assert_eq!(of("validity.template_version"), ["template version 3", "cb1706"]);
//! assert_eq!(of("longest.outranked"), ["rank 2 of 7: 2026-03-01T09:00:00Z", "2027-01-10T09:00:00Z"]);
//! let by_issuers = rejections.iter().filter(|one| one.step() == Step::Issuers);
//! assert_eq!(by_issuers.count(), 5);
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
