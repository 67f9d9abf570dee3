//! Which plan a report shows: the shortest for one of the certificates that came furthest.

use super::args::OutputFormat;
use super::render::Layout;
use crate::check::Rejection;
use crate::plan::End;
use crate::report::ReadinessReport;
use crate::select::{Selector, Verdict};
use std::cmp::Reverse;

/// Certificates of a machine that is not ready for which a plan is looked for: those that came furthest.
const PLANNED: usize = 3;

/// Whether a report has room for a plan.
pub(crate) fn are_told(format: OutputFormat, layout: Layout) -> bool {
    // The page of a fleet looks for its own.
    format == OutputFormat::Text && layout == Layout::Whole
}

/// Where nothing is selected: the shortest plan for one of the certificates that came furthest (E-1).
pub(crate) fn with_nearest<'a>(report: ReadinessReport<'a>, selector: &Selector) -> ReadinessReport<'a> {
    if report.is_ready() {
        return report;
    }
    let now = report.selection().now();
    let reached = |verdict: &Verdict| verdict.rejection().map(Rejection::step);
    let mut verdicts: Vec<&Verdict> = report.selection().verdicts().iter().collect();
    verdicts.sort_by_key(|verdict| Reverse(reached(verdict)));
    let (mut plans, mut without) = (Vec::new(), Vec::new());
    for verdict in verdicts.into_iter().take(PLANNED) {
        match selector.plan(verdict.id(), now) {
            Ok(plan) => plans.push((verdict.id(), plan)),
            Err(why) => without.push((verdict.id(), why)),
        }
    }
    let shortest = plans.into_iter().min_by_key(|(_, plan)| (plan.end != End::Selected, plan.effort()));
    if let Some((id, plan)) = shortest {
        return report.with_plan(id, Ok(plan));
    }
    let request = selector.new_certificate(now);
    // Where nothing helps, the answer says so, of the one that came furthest (E-1).
    match without.into_iter().next().filter(|_| request.is_empty()) {
        Some((id, why)) => report.with_plan(id, Err(why)),
        None => report.with_request(request),
    }
}
