//! The reference of the program `cmhttpsreadiness`, for reading.
//!
//! [`command`] has its options and commands, [`inputs`] what a machine is given as, [`settings`] every setting, [`output`] the
//! JSON, [`collecting`] how to get the files from Windows. [`rules`](crate::rules) is the specification, and
//! [`report::codes`](crate::report::codes) the table of reasons. There is nothing to call here:
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
