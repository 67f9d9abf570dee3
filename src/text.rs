//! The three small languages that administrators write: selection criteria, issuers lists, client.msi properties; and
//! the two forms around them, `mobileclient.tcf` and the site's SSL state.
//!
//! Each language parses with [`FromStr`](std::str::FromStr) and prints with [`Display`](std::fmt::Display), and the two
//! are inverse. What does not parse is a [`ParseError`] that knows its place.
//!
//! ```
//! use ccmcertsel::text::ParseErrorKind;
//! use ccmcertsel::{Criteria, IssuersList};
//!
//! let criteria: Criteria = "subjectattr: ou=Computers".parse()?;
//! assert_eq!(criteria.to_string(), "SubjectAttr:OU = Computers");
//!
//! let list: IssuersList =
//!     "CN=Contoso Root CA; OU=Servers; O=Contoso, Ltd; C=US | CN=Litware Corporate Root CA; O=Litware, Inc.".parse()?;
//! assert_eq!(list.len(), 2);
//!
//! let error = "SubjectAttrs:OU = Computers".parse::<Criteria>().unwrap_err();
//! assert_eq!(
//!     error.annotated(),
//!     "SubjectAttrs:OU = Computers\n\
//!      ^^^^^^^^^^^^\n\
//!      unknown verb `SubjectAttrs`: did you mean `SubjectAttr:`? (C-1)"
//! );
//! assert_eq!(&error.input()[error.span()], "SubjectAttrs");
//! match error.kind() {
//!     ParseErrorKind::UnknownVerb { nearest, .. } => assert_eq!(*nearest, Some("SubjectAttr")),
//!     other => panic!("{other}"),
//! }
//! # Ok::<(), ccmcertsel::ParseError>(())
//! ```

mod command_line;
mod criteria;
mod entry;
mod error;
mod issuer;
mod issuers;
mod listed;
mod markup;
mod mobile_client;
mod note;
mod pairs;
mod piece;
mod properties;
mod property;
mod quoting;
mod row;
mod setup_log;
mod ssl_state;
mod wrapping;

pub use self::criteria::Criteria;
pub(crate) use self::criteria::{AttributeTest, AttributeTests, CriteriaKind, CriteriaText};
pub(crate) use self::error::excerpt;
pub use self::error::{ParseError, ParseErrorKind};
pub(crate) use self::issuer::{Issuer, ListedAttribute, RootIssuer};
pub use self::issuers::IssuersList;
#[cfg(all(test, repository))]
pub(crate) use self::mobile_client::MobileClientEntry;
pub use self::mobile_client::MobileClientFile;
pub(crate) use self::note::PropertyNote;
pub(crate) use self::note::is_program;
pub use self::properties::Properties;
pub use self::property::Property;
pub(crate) use self::quoting::{quote_for_cmd, quote_for_powershell};
pub(crate) use self::setup_log::{CcmSetupLog, CcmSetupRun};
pub use self::ssl_state::SslState;
