//! The report: exact words for every code, the log against published lines, what if, suggestions, fleets.

pub mod codes;
mod fleet;
#[cfg(feature = "cli")]
mod hostile;
mod layout;
mod log;
mod near_miss;
mod needs;
mod reality;
pub mod scene;
mod sufficiency;
mod suggest;
mod what_if;
