//! The answer about one machine, for people, for programs and for the log viewer.
//!
//! [`ReadinessReport`] is data; [`text`] and [`log`] render it. The words of a finding stand beside its check, in
//! [`check`](crate::check). With the feature `serde` the report serialises and nothing else does: its JSON is
//! [schema 1](crate::docs::output), and every other value prints itself.
//!
//! ```
//! use ccmcertsel::report::log::{self, LogOptions};
//! use ccmcertsel::report::text::{self, TextOptions};
//! use ccmcertsel::text::SslState;
//! use ccmcertsel::ReadinessReport;
//!
//! # #[cfg(feature = "machine")] {
//! let pc7 = ccmcertsel::machine::Reader::new().read_folder("testdata/machines/issuers-no-match")?;
//! let (selector, now) = (pc7.selector(), pc7.now.expect("its machine.toml states an instant"));
//! let report = selector.report(now);
//! assert_eq!(report.answer(), "PC7: not ready, no certificate chains to an entry of the issuers list (0x87D00281)");
//! assert!(report.to_string().starts_with("PC7: not ready"));
//!
//! // Every check, with a plan for one certificate, on a wide page.
//! let id = selector.stores().find(&"A7828DFF3FC809EE8980D5E032F263BF7B096855".parse()?).expect("it is in MY");
//! let audit = ReadinessReport::new(&selector, selector.audit(now));
//! let audit = audit.with_plan(id, selector.plan(id, now));
//! assert!(text::render(&audit, TextOptions::default().with_width(120)).contains("then it is selected"));
//! assert!(audit.selection().verdict(id).is_some());
//!
//! // For programs.
//! # #[cfg(feature = "serde")]
//! assert_eq!(serde_json::to_value(&report)?["outcome"]["hresult"], "0x87D00281");
//!
//! // For a log viewer, one hour east of Greenwich, in a site that allows HTTPS only.
//! let options = LogOptions::default().with_utc_offset_minutes(60).with_ssl_state(SslState::new(63));
//! assert!(log::render(&report, options).contains("time=\"10:00:00.000-060\""));
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
pub mod text;
#[cfg(feature = "cli")]
pub(crate) mod transition;
#[cfg(feature = "cli")]
pub(crate) mod what_if;

pub(crate) use readiness::NowSource;
pub use readiness::{ReadinessReport, StateMessage, StatePhase};
