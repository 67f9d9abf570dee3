//! The reference of the program `cmhttpsreadiness`, for reading.
//!
//! [`command`] has its options and commands, [`inputs`] what a machine is given as, [`settings`] every setting, [`output`] the
//! JSON, [`collecting`] how to get the files from Windows, [`changes`] what changed, [`security`] what may be hostile.
//! [`rules`](crate::rules) is the specification, and [`report::codes`](crate::report::codes) the table of reasons. There is nothing
//! to call here:
//!
//! ```
//! # use ccmcertsel::{Rule, docs as _};
//! assert_eq!(Rule::V8.id(), "V-8", "what stands in brackets after a message");
//! ```

#[doc = include_str!("docs/command.md")]
pub mod command {}

#[doc = include_str!("docs/inputs.md")]
pub mod inputs {}

#[doc = include_str!("docs/settings.md")]
pub mod settings {}

#[doc = include_str!("docs/output.md")]
pub mod output {}

#[doc = include_str!("docs/collecting.md")]
pub mod collecting {}

#[doc = include_str!("docs/changes.md")]
pub mod changes {}

#[doc = include_str!("docs/security.md")]
pub mod security {}
