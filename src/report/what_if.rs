//! Timelines, comparisons and suggestions, told to people; `json` tells them to programs.

use super::fleet::NO_CERTIFICATE;
use super::text::{Page, TextOptions, Tone};
use crate::revocation::Crl;
use crate::select::{Boundary, Cause, Comparison, Difference, Outcome, Selector, Timeline, TimelineChange, Verdict};
use crate::shown::{Shown, one_line};
use crate::store::{CertId, Stores};
use crate::text::Criteria;
use crate::words::{Count, Quoted};

/// A certificate in a line: the beginning of its thumbprint, and "issued to".
fn named(stores: &Stores, id: Option<CertId>) -> String {
    let Some(entry) = id.and_then(|id| stores.entry(id)) else {
        return "none".to_owned();
    };
    let thumbprint = entry.thumbprint().to_string();
    match entry.certificate() {
        Some(stored) => format!("{thumbprint} {}", Quoted(&stored.certificate().issued_to())),
        None => thumbprint,
    }
}

fn short(stores: &Stores, id: Option<CertId>) -> String {
    id.and_then(|id| stores.entry(id)).map(|entry| entry.thumbprint().short()).unwrap_or_default()
}

fn outcome(stores: &Stores, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Selected(id) => named(stores, Some(*id)),
        Outcome::Ambiguous(several) => {
            format!("none: {} qualify ({})", Count(several.len(), "certificate"), outcome.hresult())
        }
        Outcome::Nothing { .. } => format!("none ({})", outcome.hresult()),
    }
}

/// What begins or ends, in words.
pub(super) fn because(crls: &[&Crl], boundary: &Boundary) -> String {
    let crl = |index: &usize| crls.get(*index).map(|crl| crl.issuer().to_x500_string()).unwrap_or_default();
    match boundary {
        Boundary::CertificateBegins(_, thumbprint) => format!("{thumbprint} begins to be valid"),
        Boundary::CertificateEnds(_, thumbprint) => format!("{thumbprint} expired the second before"),
        Boundary::CrlBegins(index) => format!("a CRL of {} begins to count", Quoted(&crl(index))),
        Boundary::CrlEnds(index) => format!("a CRL of {} ran out the second before", Quoted(&crl(index))),
    }
}

/// More reasons than this for one change are counted.
const SHOWN_REASONS: usize = 8;

/// Renders a timeline.
pub(crate) fn timeline(selector: &Selector, timeline: &Timeline, options: TextOptions) -> String {
    let mut page = Page::new(options);
    let stores = selector.stores();
    let crls: Vec<&Crl> = selector.crls().iter().collect();
    let title = format!(
        "{}: {} from {} until {}",
        Shown(selector.machine().name()),
        Count(timeline.changes.len(), "change"),
        timeline.from,
        timeline.until
    );
    page.wrapped(&title, 0, 2, Some(Tone::Strong));
    let mut row = |at: String, what: &Outcome, because: &[String]| {
        let tone = if what.selected().is_some() { Tone::Good } else { Tone::Bad };
        page.put(&format!("{at}  "));
        page.wrapped(&outcome(stores, what), at.len() + 2, at.len() + 2, Some(tone));
        for reason in because {
            page.put(&" ".repeat(at.len() + 2));
            page.wrapped(reason, at.len() + 2, at.len() + 4, Some(Tone::Quiet));
        }
    };
    row(timeline.from.to_string(), &timeline.first, &[]);
    for change in &timeline.changes {
        let shown = change.because.iter().take(SHOWN_REASONS);
        let mut reasons: Vec<String> = shown.map(|boundary| because(&crls, boundary)).collect();
        let more = change.because.len().saturating_sub(SHOWN_REASONS);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        row(change.at.to_string(), &change.outcome, &reasons);
    }
    if selector.crls().assumes_renewal() {
        page.wrapped("assumed: every CA publishes its next CRL in time", 0, 2, Some(Tone::Quiet));
    } else if timeline.changes.iter().any(is_lost_to_crls) {
        page.wrapped(
            "a collected CRL runs out within days, and the CA publishes the next one before: \
             --assume-crls-renewed leaves that out",
            0,
            2,
            Some(Tone::Quiet),
        );
    }
    page.finish()
}

/// Whether a certificate is lost only because the CRLs at hand run out.
fn is_lost_to_crls(change: &TimelineChange) -> bool {
    change.outcome.selected().is_none() && change.cause() == Cause::Crls
}

/// Why a machine loses its certificate: what rejects the one that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loss {
    /// The reason, as code.
    pub code: &'static str,
    /// What is true of each machine that is counted under it.
    pub words: &'static str,
    /// The reason in full, in a line.
    pub message: String,
}

impl Loss {
    /// Of the certificate before: whatever else the store holds, this one the machine had. `None` where none is lost.
    pub(crate) fn of(comparison: &Comparison) -> Option<Loss> {
        let Difference::Lost(from) = comparison.difference() else { return None };
        let verdict = comparison.after.verdict(from);
        let rejected = verdict.and_then(Verdict::deciding).filter(|finding| finding.rejection().is_some());
        let (code, words) = rejected.map_or(NO_CERTIFICATE, |finding| {
            let row = finding.row();
            (row.code, row.counted.unwrap_or(row.code)) // a rejection has words
        });
        let message = rejected.map_or_else(|| words.to_owned(), |finding| one_line(&finding.to_string()));
        Some(Loss { code, words, message })
    }
}

/// Renders a comparison in one paragraph.
pub(crate) fn comparison(selector: &Selector, comparison: &Comparison, options: TextOptions) -> String {
    let mut page = Page::new(options);
    let stores = selector.stores();
    let (before, after) = (comparison.before.outcome(), comparison.after.outcome());
    let (word, tone) = match comparison.difference() {
        Difference::Same(_) => ("same", Tone::Quiet),
        Difference::StillNone => ("still none", Tone::Quiet),
        Difference::Changed { .. } => ("changed", Tone::Doubtful),
        Difference::Gained(_) => ("gained", Tone::Good),
        Difference::Lost(_) => ("lost", Tone::Bad),
    };
    let word = page.tone(tone, &format!("{word:10}"));
    let machine = Shown(selector.machine().name()).to_string();
    page.put(&format!("{word}  "));
    let text = match comparison.difference() {
        Difference::Same(_) => format!("{machine}: {}", outcome(stores, after)),
        Difference::StillNone if before == after => format!("{machine}: {}", outcome(stores, after)),
        Difference::StillNone | Difference::Changed { .. } | Difference::Gained(_) | Difference::Lost(_) => {
            format!("{machine}: {} -> {}", outcome(stores, before), outcome(stores, after))
        }
    };
    page.wrapped(&text, 12, 12, None);
    if let Some(loss) = Loss::of(comparison) {
        page.put(&" ".repeat(12));
        page.wrapped(
            &format!("{}: {}", short(stores, comparison.before.selected()), loss.message),
            12,
            14,
            Some(Tone::Quiet),
        );
    }
    page.finish()
}

/// The criteria as an administrator writes them: as a client.msi property, quotes doubled. What nobody can type is shown as
/// an escape.
pub(crate) fn property(criteria: &Criteria) -> String {
    one_line(&format!("CCMCERTSEL=\"{}\"", criteria.to_string().replace('"', "\"\"")))
}
