//! A plan's words: what was seen at its end, and why there is none.

use super::{End, NoPlan, Plan};
use std::fmt;

impl End {
    /// The stable code, which is the word in JSON.
    pub fn code(self) -> &'static str {
        match self {
            End::Selected => "selected",
            End::Ranked { .. } => "ranked",
            End::Ambiguous { .. } => "ambiguous",
        }
    }
}

impl NoPlan {
    /// The stable code, in snake case.
    pub fn code(self) -> &'static str {
        match self {
            NoPlan::Unreadable => "unreadable",
            NoPlan::ConfigurationManager => "configuration_manager",
            NoPlan::DeviceManagement => "device_management",
            NoPlan::Twin(_) => "twin",
            NoPlan::NothingHelps => "nothing_helps",
            NoPlan::Budget => "budget",
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Selected => f.write_str("then it is selected"),
            End::Ranked { rank, of, behind } => write!(f, "then it qualifies, rank {rank} of {of}, behind {behind}"),
            End::Ambiguous { of, with } => {
                write!(f, "then {of} qualify, {with} too, and the client takes none of several")
            }
        }
    }
}

impl std::error::Error for NoPlan {}

impl fmt::Display for NoPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoPlan::Unreadable => f.write_str("it is not a certificate: export it again"),
            NoPlan::ConfigurationManager => {
                f.write_str("it is one of Configuration Manager's own, which it makes itself")
            }
            NoPlan::DeviceManagement => {
                f.write_str("it belongs to the device's join to Entra ID or its management by Intune, and stays theirs")
            }
            NoPlan::Twin(other) => write!(f, "{other} has the same names and ranks before it, so nothing is wrong"),
            NoPlan::NothingHelps => {
                f.write_str("nothing that is known helps: no CA of this machine could issue another one")
            }
            NoPlan::Budget => f.write_str("the search for one ended at its bound"),
        }
    }
}

/// One line a change.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in (1..).zip(&self.steps) {
            writeln!(f, "{number}. {}", step.change)?;
        }
        self.end.fmt(f)
    }
}
