//! Prediction against reality: what a client's log says that it saw and chose, compared with what is predicted for it.
//!
//! Read are the lines whose wording published logs show (section 11 of the specification), in ClientIDManagerStartup.log,
//! CcmMessaging.log, CMHttpsReadiness.log and smsts.log, as CMTrace lines or as plain messages. Lines of any other wording
//! are counted and never guessed at.
//!
//! ```
//! use ccmcertsel::report::reality::LogReading;
//!
//! let reading = LogReading::of(
//!     "Begin searching client certificates based on Certificate Issuers\n\
//!      Certificate Issuer 1 [CN=Contoso Root CA]\n\
//!      Skipping Certificate [Thumbprint 68C5] issued to 'pc1' as root is 'CN=Other Root'\n\
//!      something else\n",
//! );
//! let pass = &reading.passes()[0];
//! assert_eq!(pass.issuers(), Some(&["CN=Contoso Root CA".to_owned()][..]));
//! assert_eq!(pass.certificates()[0].skipped.as_deref(), Some("CN=Other Root"));
//! assert_eq!(reading.unknown_lines(), 1);
//! ```

mod compare;
#[cfg(feature = "serde")]
mod json;
mod lines;
mod read;
mod text;

pub use compare::{Agreement, Comparison, Item, compare, compare_readings};
#[cfg(feature = "serde")]
pub use json::RealityDocument;
pub use read::{LogReading, Pass, SeenCertificate};
pub use text::render;
