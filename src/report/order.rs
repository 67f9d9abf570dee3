//! In which order a report shows certificates: what is selected, what qualifies, what is nearest to it, what is another's.

use super::readiness::ReadinessReport;
use crate::check::{Finding, Rejection};
use crate::plan::foreign;
use crate::reason::Coded;
use crate::rules::Step;
use crate::select::{Verdict, VerdictKind};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// In which order the certificates of a report are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Order {
    /// The selected one, then those that qualify by rank, then those that do not, the nearest first, then those that another
    /// product made for itself.
    #[default]
    Nearest,
    /// As the store holds them.
    Store,
}

/// What a reader looks for, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ReadingOrder {
    Selected,
    /// By rank.
    Qualifies(usize),
    /// One change away first, then by how many steps it came.
    Rejected(bool, Reverse<Step>),
    /// Of Configuration Manager, Entra ID or Intune.
    Foreign,
}

fn place(report: &ReadinessReport<'_>, verdict: &Verdict) -> ReadingOrder {
    match verdict.kind() {
        VerdictKind::Selected => return ReadingOrder::Selected,
        VerdictKind::Candidate => {
            return ReadingOrder::Qualifies(verdict.place().map_or(usize::MAX, |place| place.rank));
        }
        VerdictKind::Rejected | VerdictKind::Unreadable => {}
    }
    if foreign::belongs_to_another(report.stores(), report.selection().store(), verdict.id()).is_some() {
        return ReadingOrder::Foreign;
    }
    let rejected = verdict.findings().iter().find(|finding| finding.rejection().is_some());
    let far = rejected.and_then(Finding::near_miss).is_none();
    ReadingOrder::Rejected(far, Reverse(rejected.map_or(Step::Issuers, Finding::step)))
}

/// The verdicts in an order.
pub(super) fn ordered<'a>(report: &'a ReadinessReport<'_>, order: Order) -> Vec<&'a Verdict> {
    let mut verdicts: Vec<&Verdict> = report.selection().verdicts().iter().collect();
    match order {
        Order::Store => {}
        Order::Nearest => verdicts.sort_by_cached_key(|verdict| place(report, verdict)),
    }
    verdicts
}

/// `7 qualify, 17 do not: 4 expired, 3 key absent`; `None` where one look tells as much.
pub(super) fn counts(report: &ReadinessReport<'_>) -> Option<String> {
    let verdicts = report.selection().verdicts();
    if verdicts.len() < 2 {
        return None;
    }
    let qualifies = |verdict: &&Verdict| matches!(verdict.kind(), VerdictKind::Selected | VerdictKind::Candidate);
    let qualify = verdicts.iter().filter(qualifies).count();
    let mut reasons: BTreeMap<&'static str, usize> = BTreeMap::new();
    for verdict in verdicts.iter().filter(|verdict| !qualifies(verdict)) {
        *reasons.entry(verdict.rejection().map_or("not.checked", Rejection::code)).or_default() += 1;
    }
    let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(code, count)| (Reverse(*count), *code));
    let verb = if qualify == 1 { "qualifies" } else { "qualify" };
    let others = verdicts.len() - qualify;
    if others == 0 {
        return Some(format!("{qualify} {verb}"));
    }
    let why: Vec<String> = reasons.iter().map(|(code, count)| format!("{count} {}", in_words(code))).collect();
    let does = if others == 1 { "does" } else { "do" };
    Some(format!("{qualify} {verb}, {others} {does} not: {}", why.join(", ")))
}

/// `key absent` of `validity.key_absent`.
fn in_words(code: &str) -> String {
    code.rsplit('.').next().unwrap_or(code).replace('_', " ")
}
