//! The checks of the selection, one file each: what is checked, why it rejects, and the words for it.
//!
//! Each file holds one check of the documented order with everything that is known about its reasons: the enum of reasons,
//! one row a variant (code, rule, step, result codes), its words, what was nearly right, and what to change. A
//! match over such an enum has no `_`, so the compiler asks for a new reason wherever something must be said about it. Reasons
//! are exhaustive for users as well: the specification closes the list, and a new one should be asked for in their programs, too.
//!
//! ```
//! use ccmcertsel::check::{KeyReason, Rejection};
//! use ccmcertsel::{Coded, Rule, Step};
//!
//! let rejection = Rejection::Key(KeyReason::Absent);
//! assert_eq!(rejection.code(), "validity.key_absent");
//! assert_eq!(rejection.rule(), Rule::V2);
//! assert_eq!(rejection.step(), Step::Validity);
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
