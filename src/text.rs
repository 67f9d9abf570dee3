//! The three small languages that administrators write: selection criteria, issuers lists, client.msi properties; and
//! the two forms around them, `mobileclient.tcf` and the site's SSL state.
//!
//! Each language parses with [`FromStr`](std::str::FromStr) and prints with [`Display`](std::fmt::Display), and the two
//! are inverse. What does not parse is a [`ParseError`] that knows its place.
//!
//! ```
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
//! # Ok::<(), ccmcertsel::ParseError>(())
//! ```

mod command_line;
mod criteria;
mod entry;
mod error;
mod issuers;
mod mobile_client;
mod pairs;
mod properties;
mod property;
mod ssl_state;

pub use self::criteria::{AttributeTest, AttributeTests, Criteria, CriteriaText};
pub use self::error::{ParseError, ParseErrorKind};
pub use self::issuers::{EmptyIssuersList, Issuer, IssuersList, ListedAttribute, RootIssuer};
pub use self::mobile_client::{MobileClientEntry, MobileClientFile};
pub use self::properties::{Properties, PropertyNote, UnknownProperty};
pub use self::property::Property;
pub use self::ssl_state::{SslState, SslStateError};
