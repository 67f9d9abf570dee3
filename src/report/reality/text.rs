//! The comparison for people.

use super::compare::{Agreement, RealityComparison, Statement};
use super::read::{LogReading, LoggedSelection, SeenCertificate};
use crate::report::text::{Page, TextOptions, Tone};
use crate::rules::Rule;
use crate::shown::Shown;
use std::collections::HashMap;

/// What a log says, and where a prediction differs from it.
pub(crate) fn render(
    reading: &LogReading,
    comparison: Option<&RealityComparison>,
    machine: Option<&str>,
    options: TextOptions,
) -> String {
    let mut page = Page::new(options);
    if let (Some(comparison), Some(machine)) = (comparison, machine) {
        let (words, tone) = match comparison.agreement() {
            Agreement::Agrees => ("the log agrees with the prediction", Tone::Good),
            Agreement::Differs => ("the log differs from the prediction", Tone::Bad),
            Agreement::NotComparable => ("the log cannot be compared with the prediction as a whole", Tone::Doubtful),
        };
        page.wrapped(&format!("{}: {words}", Shown(machine)), 0, 2, Some(tone));
    }
    page.line(&format!(
        "{} in the log; {} lines read, {} of unknown wording",
        match reading.passes().len() + reading.left_out() {
            0 => "no selection".to_owned(),
            1 => "1 selection".to_owned(),
            count => format!("{count} selections"),
        },
        reading.known_lines(),
        reading.unknown_lines()
    ));
    let Some(pass) = reading.last() else {
        if reading.known_lines() == 0 {
            let logs = "is it a log of the client's (ClientIDManagerStartup.log, CcmMessaging.log, CMHttpsReadiness.log, \
                        smsts.log), and whole?";
            page.wrapped(logs, 0, 2, Some(Tone::Doubtful));
        }
        return page.finish();
    };
    match comparison {
        Some(comparison) => differences(&mut page, comparison),
        None => seen(&mut page, pass),
    }
    page.finish()
}

fn differences(page: &mut Page, comparison: &RealityComparison) {
    let count = |agreement| comparison.items().iter().filter(|item| item.agreement == agreement).count();
    page.line(&format!("{} statements agree", count(Agreement::Agrees)));
    for (agreement, title, tone) in
        [(Agreement::Differs, "differs", Tone::Bad), (Agreement::NotComparable, "not comparable", Tone::Doubtful)]
    {
        // What is said of several is said once, where the first of them stands.
        let mut groups: Vec<(&Statement, Vec<&str>)> = Vec::new();
        let mut known: HashMap<(&str, &str), usize> = HashMap::new();
        for item in comparison.items().iter().filter(|item| item.agreement == agreement) {
            let at = *known.entry((&item.log, &item.predicted)).or_insert(groups.len());
            match groups.get_mut(at) {
                Some((_, subjects)) => subjects.push(&item.subject),
                None => groups.push((item, vec![&item.subject])),
            }
        }
        for (item, subjects) in groups {
            page.blank();
            match subjects.as_slice() {
                [subject] => page.wrapped(&format!("{title}: {subject}"), 0, 2, Some(tone)),
                subjects => {
                    page.wrapped(&format!("{title}, {} times:", subjects.len()), 0, 2, Some(tone));
                    for subject in subjects {
                        page.put("  ");
                        page.wrapped(subject, 2, 4, Some(tone));
                    }
                }
            }
            page.put("  log:       ");
            page.wrapped(&item.log, 13, 13, None);
            page.put("  predicted: ");
            page.wrapped(&item.predicted, 13, 13, None);
        }
    }
    if comparison.agreement() != Agreement::Differs {
        return;
    }
    page.blank();
    for choice in comparison.explained_by() {
        let words = format!("with {}={} nothing differs [{}]", choice.setting, choice.value, choice.rule);
        page.wrapped(&words, 0, 2, Some(Tone::Strong));
    }
    if comparison.explained_by().is_empty() {
        page.wrapped(&format!("no other reading explains it [{}]", Rule::R5), 0, 2, None);
    }
}

/// What the client saw and chose, where there is nothing to compare it with.
fn seen(page: &mut Page, pass: &LoggedSelection) {
    page.blank();
    if let Some(begin) = pass.begin() {
        page.line(&format!("the last one, of {begin}"));
    }
    match pass.issuers() {
        Some(issuers) => page.wrapped(&format!("issuers {}", Shown(&issuers.join(" | "))), 0, 2, None),
        None => page.line("no issuers stage"),
    }
    for seen in pass.certificates() {
        page.wrapped(&format!("{}: {}", name(seen), words(seen)), 0, 2, None);
    }
    let end = match (pass.selected(), pass.result()) {
        (Some(thumbprint), _) => format!("selected {}", Shown(thumbprint)),
        (None, Some(result)) => format!("selected none ({result})"),
        (None, None) => "how it ended is not in the log".to_owned(),
    };
    page.wrapped(&end, 0, 2, Some(Tone::Strong));
}

fn name(seen: &SeenCertificate) -> String {
    format!("{} {}", Shown(&seen.thumbprint), Shown(&seen.issued_to))
}

fn words(seen: &SeenCertificate) -> String {
    let mut parts = Vec::new();
    parts.extend(seen.found.as_deref().map(|entry| format!("chains to `{}`", Shown(entry))));
    parts.extend(seen.skipped.as_deref().map(|root| format!("skipped, as the root is `{}`", Shown(root))));
    if seen.expired {
        parts.push("expired".to_owned());
    }
    parts.extend(seen.chain_result.map(|code| format!("verifying its chain returned {code:08X}")));
    if seen.client_authentication {
        parts.push("for client authentication".to_owned());
    }
    if parts.is_empty() { "named".to_owned() } else { parts.join("; ") }
}
