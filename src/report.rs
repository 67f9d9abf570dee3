//! The answer about one machine, for people, for programs and for the log viewer.
//!
//! [`ReadinessReport`] is data; [`text`], [`log`] and, with the feature `serde`, `json` render it. The words of a finding
//! stand beside its check, in [`check`](crate::check). With `serde` the report serialises and nothing else does: its JSON is
//! versioned, and every other value prints itself.
//!
//! ```
//! use ccmcertsel::report::{StateMessage, StatePhase};
//! use ccmcertsel::Hresult;
//!
//! let messages = StateMessage::of(Hresult::STORE_EMPTY);
//! assert_eq!((messages[0].topic_type, messages[0].id), (1001, 2));
//! assert_eq!(messages[2].phase, StatePhase::Setup);
//! ```

mod answer;
mod assumed;
#[cfg(feature = "cli")]
pub(crate) mod calendar;
#[doc = include_str!("report/codes.md")]
pub mod codes {}
#[cfg(feature = "cli")]
pub(crate) mod csv;
#[cfg(feature = "cli")]
pub(crate) mod explain;
#[cfg(feature = "cli")]
pub(crate) mod fleet;
#[cfg(feature = "cli")]
pub(crate) mod html;
#[cfg(feature = "serde")]
pub mod json;
pub mod log;
#[cfg(feature = "cli")]
pub(crate) mod needs;
mod order;
#[cfg(feature = "cli")]
pub(crate) mod over_time;
mod page;
mod plan;
mod readiness;
#[cfg(feature = "cli")]
pub(crate) mod reality;
pub mod text;
#[cfg(feature = "cli")]
pub(crate) mod transition;
#[cfg(feature = "cli")]
pub(crate) mod what_if;

pub use assumed::Assumption;
pub(crate) use readiness::NowSource;
pub use readiness::{ReadinessReport, StateMessage, StatePhase};
