//! The report as one HTML page, for those who decide: it loads nothing, and everything in it is escaped.
//!
//! A machine becomes a [`MachinePart`], which threads can make at the same time; a [`FleetPage`] adds them up in their
//! order and is written at the end. One machine is a fleet of one.
//!
//! ```
//! use ccmcertsel::report::html::{FleetPage, MachinePart, PageOptions};
//!
//! let mut page = FleetPage::new(PageOptions::default());
//! assert!(page.add(MachinePart::unjudged("<script>", "no such file")).is_none());
//! let html = page.finish().index;
//! assert!(html.contains("&#60;script&#62;") && html.contains("could not be judged"));
//! ```

mod expiry;
mod machine;
mod page;

pub use super::fleet::State;
pub use machine::MachinePart;
pub use page::{DetailPage, FinishedPage, FleetPage, PageOptions};
