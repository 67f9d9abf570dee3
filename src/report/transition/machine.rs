//! One machine on its way: whether it is ready in each phase, and what stands in the way.

use super::phase::{Signing, Standing, TransitionPhase};
use crate::reason::Coded;
use crate::report::csv::cell;
use crate::report::fleet::{NO_CERTIFICATE, decisive};
use crate::report::readiness::ReadinessReport;
use crate::shown::Shown;
use crate::text::IssuersList;

/// The columns of a machine's row, in order. Columns may be added at the end, never changed.
pub(crate) const COLUMNS: [&str; 7] = ["machine", "mixed", "https_only", "internet", "signing", "reason", "change"];

/// What has to change so that a machine connects over HTTPS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TransitionPlan {
    /// The code of what stands in the way: a reason of the client (annex A), or of a server.
    pub code: &'static str,
    /// What to change, in words.
    pub change: String,
}

/// The root that a selected certificate chains to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Root {
    /// Its entry in an issuers list, as CCMCERTISSUERS and the readiness tool take it (rule I-8).
    pub entry: String,
    /// Its SHA-1: the certificate to import in the site's properties.
    pub thumbprint: String,
}

/// One machine on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MachineTransition {
    /// Its name.
    pub name: String,
    standings: [Standing; 3],
    /// What signing means for it in the mixed phase.
    pub signing: Signing,
    /// What makes it ready in every phase, or brings it nearer to that; `None` where it is.
    pub plan: Option<TransitionPlan>,
    /// The root of what it selects.
    pub root: Option<Root>,
}

impl MachineTransition {
    /// By what the machine selects, and what the servers of each phase want changed about that (`None`: they accept it).
    pub(crate) fn of(
        report: &ReadinessReport<'_>,
        refusal: impl Fn(TransitionPhase) -> Option<TransitionPlan>,
    ) -> MachineTransition {
        let machine = report.machine();
        let standings = TransitionPhase::ALL.map(|phase| {
            if report.is_ready() && refusal(phase).is_none() {
                Standing::Ready
            } else {
                Standing::without_https(phase, machine.device())
            }
        });
        let [mixed, ..] = standings;
        MachineTransition {
            name: Shown(machine.name()).to_string(),
            standings,
            signing: Signing::of(mixed, machine.os()),
            plan: if report.is_ready() {
                TransitionPhase::ALL.into_iter().find_map(&refusal)
            } else {
                Some(own_plan(report))
            },
            root: root(report),
        }
    }

    /// Whether it is ready in a phase.
    pub(crate) fn standing(&self, phase: TransitionPhase) -> Standing {
        let [mixed, https_only, internet] = self.standings;
        match phase {
            TransitionPhase::Mixed => mixed,
            TransitionPhase::HttpsOnly => https_only,
            TransitionPhase::Internet => internet,
        }
    }

    /// Its row, one cell a column.
    pub(crate) fn row(&self) -> [String; 7] {
        let [mixed, https_only, internet] = self.standings.map(|standing| standing.name().to_owned());
        let (code, change) = self.plan.as_ref().map(|plan| (plan.code, plan.change.as_str())).unwrap_or_default();
        [cell(&self.name), mixed, https_only, internet, self.signing.name().to_owned(), code.to_owned(), cell(change)]
    }
}

/// What keeps a certificate back that got furthest, and what mends that.
fn own_plan(report: &ReadinessReport<'_>) -> TransitionPlan {
    let proven = report.plans().find_map(|(_, plan)| plan.as_ref().ok());
    let found = proven.and_then(|plan| {
        let first = plan.steps.first()?;
        let changes: Vec<String> = plan.steps.iter().map(|step| step.change.to_string()).collect();
        Some(TransitionPlan { code: first.because.code(), change: changes.join("; then ") })
    });
    if let Some(plan) = found {
        return plan;
    }
    let code = decisive(report).next().map_or(NO_CERTIFICATE.0, crate::check::Finding::code);
    let changes: Vec<String> = report.request().iter().map(ToString::to_string).collect();
    let change = if changes.is_empty() {
        "no plan was found: no CA of this machine could issue a certificate that is selected".to_owned()
    } else {
        changes.join("; then ")
    };
    TransitionPlan { code, change }
}

fn root(report: &ReadinessReport<'_>) -> Option<Root> {
    let selection = report.selection();
    let top = selection.selected().and_then(|id| selection.verdict(id))?.path().last()?;
    let certificate = report.stores().get(*top)?.certificate();
    let entry = IssuersList::from_certificates([certificate])?.to_string();
    Some(Root { entry, thumbprint: certificate.thumbprint().to_string() })
}
