//! Settings: everything that the specification leaves to the administrator or to an assumption.

mod choice;
mod choices;

pub use choice::ChoiceError;
pub use choices::*;
