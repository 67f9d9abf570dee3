//! The report as one HTML page, for those who decide: it loads nothing, and everything in it is escaped.
//!
//! A machine becomes a [`MachinePart`], which threads can make at the same time; a [`FleetPage`] adds them up in their
//! order and is written at the end. One machine is a fleet of one.

mod expiry;
mod machine;
mod page;

#[cfg(all(test, repository))]
pub(crate) use super::fleet::State;
pub(crate) use machine::MachinePart;
pub(crate) use page::{DetailPage, FleetPage, PageOptions};
