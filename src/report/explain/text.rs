//! The explanation for people.

use super::Explanation;
use super::chain::missing_issuer;
use crate::check::{Finding, Pass, PurposePass};
use crate::reason::Coded;
use crate::report::plan;
use crate::report::text::{Page, TextOptions, Tone, conditions, mark};
use crate::rules::{Basis, Rule};
use crate::select::VerdictKind;
use crate::shown::{Quoted, Shown};

/// Renders an explanation.
pub(crate) fn render(explanation: &Explanation<'_>, options: TextOptions) -> String {
    let mut page = Page::new(options);
    let report = explanation.report();
    let kind = explanation.verdict().kind();
    let tone = match kind {
        VerdictKind::Selected => Tone::Good,
        VerdictKind::Candidate => Tone::Doubtful,
        VerdictKind::Rejected | VerdictKind::Unreadable => Tone::Bad,
    };
    page.wrapped(&headline(explanation), 0, 2, Some(tone));
    page.wrapped(&conditions(report), 0, 2, None);
    if let Some(stored) = explanation.stored() {
        let certificate = stored.certificate();
        page.wrapped(&format!("subject {}", Quoted(&certificate.subject().to_x500_string())), 0, 2, Some(Tone::Quiet));
        page.wrapped(&format!("issuer  {}", Quoted(&certificate.issuer().to_x500_string())), 0, 2, Some(Tone::Quiet));
        let valid = format!("valid   {} to {}", certificate.not_before(), certificate.not_after());
        page.wrapped(&valid, 0, 2, Some(Tone::Quiet));
    }
    defects(&mut page, explanation);
    if let Some(plan) = explanation.plan() {
        plan::write(&mut page, plan, "what to do (each was tried on a model of this machine)");
    }
    chain(&mut page, explanation);
    passed(&mut page, explanation);
    for warning in explanation.verdict().warnings() {
        page.wrapped(&format!("warning: {warning} {}", mark(warning.rule())), 0, 2, Some(Tone::Doubtful));
    }
    if kind != VerdictKind::Selected {
        page.blank();
        page.wrapped(&report.answer(), 0, 2, None);
    }
    page.finish()
}

fn headline(explanation: &Explanation<'_>) -> String {
    let report = explanation.report();
    let thumbprint = explanation.thumbprint().map(|thumbprint| thumbprint.to_string()).unwrap_or_default();
    let issued_to = explanation.stored().map(|stored| stored.certificate().issued_to());
    let named = match issued_to {
        Some(name) if !name.is_empty() => format!("{thumbprint} {}", Quoted(&name)),
        _ => thumbprint,
    };
    let defects = explanation.defects().len() + explanation.beyond().len();
    let verdict = match explanation.verdict().kind() {
        VerdictKind::Selected => "is selected".to_owned(),
        VerdictKind::Candidate => match explanation.verdict().place() {
            Some(place) => format!("is not selected: it qualifies, {place}"),
            None => "is not selected, although it qualifies".to_owned(),
        },
        VerdictKind::Unreadable => "is not selected: it is no certificate".to_owned(),
        VerdictKind::Rejected if defects == 1 => "is not selected, for one reason".to_owned(),
        VerdictKind::Rejected => format!("is not selected, for {defects} reasons"),
    };
    format!("{}: {named} {verdict}", Shown(report.machine().name()))
}

/// The rule behind a finding in one sentence, and how far it can be trusted.
fn rule_line(rule: Rule) -> String {
    let basis = match rule.basis() {
        Basis::Documented => "documented by Microsoft or RFC 5280",
        Basis::Observed => "observed in published logs",
        Basis::Assumed => "assumed: neither documented nor observed",
        Basis::Ours => "a choice of this program",
    };
    format!("rule {rule}, {basis}: {}", rule.summary())
}

fn defects(page: &mut Page, explanation: &Explanation<'_>) {
    let defects = explanation.defects();
    if defects.is_empty() {
        return;
    }
    page.blank();
    let title = page.tone(Tone::Strong, "why not");
    page.line(&title);
    for finding in &defects {
        let lead = "  ";
        let hang = lead.chars().count();
        let indent = " ".repeat(hang);
        page.put(lead);
        page.wrapped(&format!("{}: {finding}", finding.step()), hang, hang, Some(Tone::Bad));
        if let Some(near_miss) = finding.near_miss() {
            page.put(&indent);
            page.wrapped(&format!("near miss: {near_miss}"), hang, hang, Some(Tone::Doubtful));
        }
        page.put(&indent);
        page.wrapped(&rule_line(finding.rule()), hang, hang, Some(Tone::Quiet));
    }
    for rejection in explanation.beyond() {
        page.put("  ");
        page.wrapped(&format!("and then {}: {rejection}", rejection.step()), 2, 2, Some(Tone::Bad));
        page.put("  ");
        page.wrapped(&rule_line(rejection.rule()), 2, 2, Some(Tone::Quiet));
    }
}

/// The chain from the root down, each member a step deeper, with what its issuer's CRL says of it.
fn chain(page: &mut Page, explanation: &Explanation<'_>) {
    let links = explanation.chain();
    if links.is_empty() {
        return;
    }
    page.blank();
    let title = page.tone(Tone::Strong, "its chain");
    page.line(&title);
    let mut indent = 2;
    let put = |page: &mut Page, indent: usize, text: &str, tone: Option<Tone>| {
        page.put(&" ".repeat(indent));
        page.wrapped(text, indent, indent + 2, tone);
    };
    if let Some(missing) = missing_issuer(explanation, &links) {
        put(page, indent, &format!("{missing} was not found"), Some(Tone::Bad));
        indent += 2;
    }
    for link in links.iter().rev() {
        put(page, indent, &link.line(), link.fault.map(|_| Tone::Bad));
        if let Some(crl) = &link.crl {
            put(page, indent + 4, &format!("CRL: {crl}"), Some(Tone::Quiet));
        }
        // A chain of hundreds stays readable.
        indent = (indent + 2).min(MAX_INDENT);
    }
}

/// Deeper than this nothing is indented.
const MAX_INDENT: usize = 16;

fn passed(page: &mut Page, explanation: &Explanation<'_>) {
    let title = match explanation.verdict().kind() {
        VerdictKind::Selected => "why this one",
        VerdictKind::Candidate | VerdictKind::Rejected | VerdictKind::Unreadable => "what passed",
    };
    // What is stated as passed was checked (E-3).
    let (checked, others): (Vec<&Finding>, Vec<&Finding>) = explanation.passed().partition(|one| was_checked(one));
    listed(page, title, &checked);
    listed(page, "what was not checked", &others);
}

fn was_checked(finding: &Finding) -> bool {
    match finding {
        Finding::Passed(Pass::Purpose(PurposePass::KeyUsageUnread(_))) => false,
        Finding::Passed(_) => true,
        Finding::NotApplicable(_) | Finding::Rejected { .. } => false,
    }
}

fn listed(page: &mut Page, title: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.blank();
    let title = page.tone(Tone::Strong, title);
    page.line(&title);
    for finding in findings {
        let lead = format!("  {:8}  {:4}  ", finding.step().name(), finding.rule().id());
        let hang = lead.chars().count();
        page.put(&lead);
        page.wrapped(&finding.to_string(), hang, hang, None);
    }
}
