//! The answer about one machine, for people, for programs and for the log viewer.
//!
//! [`ReadinessReport`] is data; [`text`], [`log`] and, with the feature `serde`, `json` render it. The words of a finding
//! stand beside its check, in [`check`](crate::check).
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
pub mod calendar;
#[doc = include_str!("report/codes.md")]
pub mod codes {}
pub mod csv;
pub mod explain;
pub mod fleet;
#[cfg(feature = "cli")]
pub mod html;
#[cfg(feature = "serde")]
pub mod json;
pub mod log;
pub mod needs;
mod order;
pub mod over_time;
mod page;
mod plan;
mod readiness;
pub mod reality;
pub mod text;
pub mod transition;
pub mod what_if;

pub use assumed::Assumption;
pub use readiness::{Connection, FailedConnection, Fallback, NowSource, ReadinessReport, StateMessage, StatePhase};
