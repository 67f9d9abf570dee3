//! The transition for people: the settings of each phase, who is ready and who would be lost, and what to change first.

use super::{Group, Signing, Standing, Transition, TransitionPhase};
use crate::report::text::{Page, TextOptions, Tone};
use crate::shown::Shown;

/// Names that one line shows.
const SHOWN_NAMES: usize = 10;

fn names(group: &Group) -> String {
    let shown: Vec<&str> = group.names().iter().take(SHOWN_NAMES).map(String::as_str).collect();
    let more = group.count().saturating_sub(shown.len() as u64);
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn row(page: &mut Page, count: u64, words: &str, tone: Option<Tone>) {
    page.put(&format!("{count:>8}  "));
    page.wrapped(words, 10, 10, tone);
}

fn title(page: &mut Page, text: &str) {
    let text = page.tone(Tone::Strong, text);
    page.line(&text);
}

/// The transition of a fleet.
pub(crate) fn render(transition: &Transition, options: TextOptions) -> String {
    let mut page = Page::new(options);
    if transition.machines() == 0 {
        page.line("no machine could be looked at");
        return page.finish();
    }
    for phase in TransitionPhase::ALL {
        title(&mut page, phase.words());
        let (checked, unchecked) = (phase.ssl_state(), phase.ssl_state_without_crl_check());
        page.wrapped(&format!("SSL state {checked}, or {unchecked}"), 0, 2, Some(Tone::Quiet));
        for (standing, words, tone) in [
            (Standing::Ready, "connect over HTTPS", Tone::Good),
            (Standing::OverHttp, "stay on HTTP with their self-signed certificate", Tone::Doubtful),
            (Standing::Lost, "would be lost, nothing manages them", Tone::Bad),
        ] {
            if let Some(group) = transition.group(phase, standing) {
                let listed = if standing == Standing::Ready { String::new() } else { format!(": {}", names(group)) };
                row(&mut page, group.count(), &format!("{words}{listed}"), Some(tone));
            }
        }
        page.blank();
    }
    changes(&mut page, transition);
    signing(&mut page, transition);
    issuers(&mut page, transition);
    page.line(&match transition.machines() {
        1 => "1 machine looked at".to_owned(),
        count => format!("{count} machines looked at"),
    });
    page.finish()
}

fn changes(page: &mut Page, transition: &Transition) {
    if transition.changes().next().is_none() {
        return;
    }
    title(page, "what makes the others ready, by machines");
    for (code, change) in transition.changes() {
        let words = match change.machines.count() {
            1 => format!("{} ({code}: {})", change.example, names(&change.machines)),
            _ => format!("for example, {} ({code}: {})", change.example, names(&change.machines)),
        };
        row(page, change.machines.count(), &words, None);
    }
    page.blank();
}

fn signing(page: &mut Page, transition: &Transition) {
    title(page, "signing and encryption, in the mixed phase");
    for (signing, words) in [
        (
            Signing::RefusedWithSha256,
            "are refused where the site requires SHA-256: Windows Server 2003, install the hotfix of KB 938397 first",
        ),
        (Signing::Sha256Unknown, "sign with their self-signed certificate; state `os` to know whether with SHA-256"),
        (Signing::SelfSigned, "sign with their self-signed certificate, with SHA-256 too where the site requires it"),
        (Signing::NotNeeded, "need neither: none of them connects over HTTP"),
    ] {
        if let Some(group) = transition.signing(signing) {
            let listed = if signing == Signing::NotNeeded { String::new() } else { format!(": {}", names(group)) };
            row(page, group.count(), &format!("{words}{listed}"), None);
        }
    }
    if let Some(over_http) = transition.group(TransitionPhase::Mixed, Standing::OverHttp) {
        let words = "encrypt inventory data and state messages with 3DES where the site requires encryption";
        row(page, over_http.count(), words, None);
    }
    page.blank();
}

fn issuers(page: &mut Page, transition: &Transition) {
    let Some(property) = transition.issuers_property() else { return };
    title(page, "root CA certificates for the site's properties, by machines");
    for (root, count) in transition.roots() {
        row(page, count, &format!("{} ({})", Shown(&root.entry), root.thumbprint), None);
    }
    if transition.further_roots() > 0 {
        row(page, transition.further_roots(), "under further roots, too many to list", None);
    }
    // One line, to be copied.
    page.line(&crate::shown::one_line(property.as_str()));
    page.blank();
}
