//! Which machines of many are shown, and where their summary stands.

use crate::machine::error::InputError;
use crate::machine::nearest;
use crate::report::ReadinessReport;
use crate::report::fleet::{Risk, reasons};
use crate::select::Goal;
use clap::{Args, ValueEnum};

/// The choice among many machines. Machines that cannot be judged are always shown.
#[derive(Debug, Args, Clone, Default)]
#[command(next_help_heading = "Which machines are shown (the summary and the exit status are of all)")]
pub(crate) struct ChooseArgs {
    /// Only machines in this state; may be given several times
    #[arg(long, value_enum, value_name = "STATE")]
    only: Vec<StateChoice>,
    /// Only machines that are not ready for this reason, such as validity.expired; may be given several times
    #[arg(long, value_name = "CODE")]
    reason: Vec<String>,
    /// Only machines whose selected certificate this CA has issued (its CN or X.500 string), or any certificate of the
    /// store where none is selected
    #[arg(long, value_name = "NAME")]
    ca: Vec<String>,
    /// Where the summary of several machines stands
    #[arg(long, value_enum, value_name = "PLACE", default_value_t)]
    pub summary: SummaryPlace,
    /// Nothing on stderr but errors: no notes, no progress
    #[arg(long, short)]
    pub quiet: bool,
}

/// How a machine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateChoice {
    /// It selects a certificate
    Ready,
    /// It selects none
    NotReady,
    /// It is ready today, and may not be tomorrow
    AtRisk,
    /// The answer depends on CRLs that were not given
    Undecided,
}

/// Where the summary of several machines stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub(crate) enum SummaryPlace {
    /// Behind the machines
    #[default]
    Last,
    /// Before them; they wait in memory until all are judged
    First,
    /// Alone, without the machines
    Only,
    /// Nowhere
    None,
}

/// The table of codes is the list of them.
const CODES: &str = include_str!("../report/codes.md");

/// The reason of a machine that has no certificate which could have one.
const WITHOUT_CERTIFICATE: &str = "store.empty";

/// What [`ChooseArgs`] say, checked.
pub(crate) struct MachineChoice {
    only: Vec<StateChoice>,
    reasons: Vec<String>,
    issuers: Vec<Goal>,
}

impl MachineChoice {
    /// # Errors
    /// A reason that no machine can have, with the nearest one that it can.
    pub(crate) fn new(args: &ChooseArgs) -> Result<Self, InputError> {
        let of_certificates = || CODES.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let known = || of_certificates().chain([WITHOUT_CERTIFICATE]);
        for reason in &args.reason {
            if !known().any(|code| code == reason) {
                let message = nearest::unknown_key("reason", reason, nearest_codes(reason, known()));
                return Err(InputError::new(message).at(reason.as_str(), 0..reason.len()));
            }
        }
        Ok(MachineChoice {
            only: args.only.clone(),
            reasons: args.reason.clone(),
            issuers: args.ca.iter().cloned().map(Goal::Issuer).collect(),
        })
    }

    /// Whether a machine is shown.
    pub(crate) fn shows(&self, report: &ReadinessReport<'_>, risks: &[Risk]) -> bool {
        let state = |state: &StateChoice| match state {
            StateChoice::Ready => report.is_ready(),
            StateChoice::NotReady => !report.is_ready(),
            StateChoice::AtRisk => report.is_ready() && !risks.is_empty(),
            StateChoice::Undecided => risks.contains(&Risk::Undecided),
        };
        let has_reason = || {
            let reasons = reasons(report);
            self.reasons.iter().any(|wanted| reasons.contains(wanted.as_str()))
        };
        (self.only.is_empty() || self.only.iter().any(state))
            && (self.reasons.is_empty() || has_reason())
            && (self.issuers.is_empty() || self.issuers.iter().any(|issuer| is_of(report, issuer)))
    }
}

fn is_of(report: &ReadinessReport<'_>, issuer: &Goal) -> bool {
    if let Some(selected) = report.selected() {
        return issuer.is_met_by(selected.certificate());
    }
    let stores = report.stores();
    let mut shown = stores.enumerated(report.selection().store()).filter_map(|id| stores.get(id));
    shown.any(|stored| issuer.is_met_by(stored.certificate()))
}

/// A list of sixty codes does not help; those of the same step do, where the step exists.
fn nearest_codes<'a>(reason: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let step = |code: &str| code.split('.').next().map(str::to_owned);
    let all: Vec<&str> = known.collect();
    let same: Vec<&str> = all.iter().copied().filter(|code| step(code) == step(reason)).collect();
    if same.is_empty() { all } else { same }
}
