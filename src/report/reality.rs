//! Prediction against reality: what a client's log says that it saw and chose, compared with what is predicted for it.
//!
//! Read are the lines whose wording published logs show (section 11 of the specification), in ClientIDManagerStartup.log,
//! CcmMessaging.log, CMHttpsReadiness.log and smsts.log, as CMTrace lines or as plain messages. Lines of any other wording
//! are counted and never guessed at.

mod compare;
mod json;
mod lines;
mod read;
mod text;

pub(crate) use compare::{Agreement, compare_readings};
#[cfg(all(test, repository))]
pub(crate) use compare::{RealityComparison, compare};
pub(crate) use json::RealityDocument;
pub(crate) use read::LogReading;
pub(crate) use text::render;
