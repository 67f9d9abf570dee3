//! One certificate explained: every failing rule with what would have to change, or why it is the one.
//!
//! The selection must be an audit (`Selector::audit`), which runs every step; the plain selection stops at the first
//! rejection, and so would the explanation.

mod chain;
mod json;
mod text;

use super::ReadinessReport;
use crate::certificate::Thumbprint;
use crate::check::{Finding, Pass, RankPass, RankReason, Ranking, Rejection};
use crate::plan::{NoPlan, Plan};
use crate::select::Verdict;
use crate::store::{CertId, StoredCertificate};

pub(crate) use chain::ChainLink;
pub(crate) use text::render;

/// Why one certificate is, or is not, selected.
#[derive(Debug, Clone)]
pub(crate) struct Explanation<'a> {
    report: &'a ReadinessReport<'a>,
    verdict: &'a Verdict,
}

impl<'a> Explanation<'a> {
    /// The explanation of a certificate that the report shows; `None` for any other.
    pub(crate) fn of(report: &'a ReadinessReport<'a>, id: CertId) -> Option<Self> {
        let verdict = report.selection().verdict(id)?;
        Some(Explanation { report, verdict })
    }

    /// What has to be done until the certificate is selected; `None` where nobody asked.
    pub(crate) fn plan(&self) -> Option<&Result<Plan, NoPlan>> {
        self.report.plan(self.verdict.id())
    }

    /// The report that it explains.
    pub(crate) fn report(&self) -> &'a ReadinessReport<'a> {
        self.report
    }

    /// The verdict.
    pub(crate) fn verdict(&self) -> &'a Verdict {
        self.verdict
    }

    /// The certificate, unless the entry is unreadable.
    pub(crate) fn stored(&self) -> Option<&'a StoredCertificate> {
        self.report.stores().get(self.verdict.id())
    }

    /// The thumbprint.
    pub(crate) fn thumbprint(&self) -> Option<Thumbprint> {
        self.report.thumbprint(self.verdict.id())
    }

    /// Every failing rule, in documented order.
    pub(crate) fn defects(&self) -> Vec<&'a Finding> {
        self.verdict.findings().iter().filter(|finding| finding.rejection().is_some()).collect()
    }

    /// What rejects it once the defects are gone: behind an archived certificate, and behind the first fault of a chain.
    pub(crate) fn beyond(&self) -> &'a [Rejection] {
        self.report.beyond(self.verdict.id())
    }

    /// The checks that passed or did not apply, in documented order.
    pub(crate) fn passed(&self) -> impl Iterator<Item = &'a Finding> {
        self.verdict.findings().iter().filter(|finding| finding.rejection().is_none())
    }

    /// The chain that the client builds, the certificate first; empty where no check asked for it.
    pub(crate) fn chain(&self) -> Vec<ChainLink> {
        chain::links(self)
    }

    /// The comparison with the runner-up (for the winner) or with the winner (for one that it outranks).
    pub(crate) fn ranking(&self) -> Option<&'a Ranking> {
        self.verdict.findings().iter().find_map(|finding| match (finding.pass(), finding.rejection()) {
            (Some(Pass::Rank(RankPass::Longest(ranking))), _)
            | (_, Some(Rejection::Rank(RankReason::Outranked { ranking, .. }))) => Some(&**ranking),
            (_, _) => None,
        })
    }
}

/// The certificates that a text may mean: a thumbprint, or its beginning of at least four digits.
///
/// Blanks and colons between the digits do not count.
pub(crate) fn find(report: &ReadinessReport<'_>, text: &str) -> Vec<CertId> {
    let wanted: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    let wanted = wanted.to_ascii_uppercase();
    let only_digits = text.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ' ' | ':' | '\u{200e}' | '\u{200f}'));
    if wanted.len() < SHORTEST_PREFIX || !only_digits {
        return Vec::new();
    }
    let verdicts = report.selection().verdicts().iter().map(Verdict::id);
    verdicts
        .filter(|id| {
            let thumbprint = report.thumbprint(*id);
            thumbprint.is_some_and(|thumbprint| thumbprint.to_string().starts_with(&wanted))
        })
        .collect()
}

/// Fewer digits are more likely a slip than a thumbprint.
const SHORTEST_PREFIX: usize = 4;
