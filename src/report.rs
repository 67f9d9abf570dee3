//! The answer about one machine, for people, for programs and for the log viewer.
//!
//! [`ReadinessReport`] is data and prints itself; [`log`] has it as lines of the product's log. The words of a finding stand
//! beside its check, in [`check`](crate::check). With the feature `serde` the report serialises and nothing else does: its
//! JSON is [schema 1](crate::docs::output), and every other value prints itself.
//!
//! ```
//! use ccmcertsel::ReadinessReport;
//! use ccmcertsel::report::log::{self, LogOptions};
//! use ccmcertsel::text::SslState;
//!
//! # #[cfg(feature = "machine")] {
//! let pc7 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/issuers-no-match")?;
//! let (selector, now) = (pc7.selector(), pc7.now.expect("its machine.toml states an instant"));
//! let report = selector.report(now);
//! assert_eq!(report.answer(), "PC7: not ready, no certificate chains to an entry of the issuers list (0x87D00281)");
//! # #[cfg(feature = "serde")]
//! assert_eq!(serde_json::to_value(&report)?["outcome"]["hresult"], "0x87D00281");
//!
//! // As the product's log has it, one hour east of Greenwich, in a site that allows HTTPS only.
//! let options = LogOptions::default().with_utc_offset_minutes(60).with_ssl_state(SslState::new(63));
//! assert!(log::render(&report, options).contains("time=\"10:00:00.000-060\""));
//!
//! // Every check, with a plan for one certificate.
//! let id = selector.stores().find(&"A7828DFF3FC809EE8980D5E032F263BF7B096855".parse()?).expect("it is in MY");
//! let audit = ReadinessReport::new(&selector, selector.audit(now)).with_plan(id, selector.plan(id, now));
//! assert!(audit.to_string().contains("then it is selected") && !audit.is_ready());
//! assert!(audit.selection().verdict(id).is_some());
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
pub(crate) mod assumed;
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
pub(crate) mod json;
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
pub(crate) mod text;
#[cfg(feature = "cli")]
pub(crate) mod transition;
#[cfg(feature = "cli")]
pub(crate) mod what_if;

pub(crate) use readiness::NowSource;
pub use readiness::{ReadinessReport, StateMessage, StatePhase};
