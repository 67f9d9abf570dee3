//! The checklist for people, and the rows for spreadsheets.

use super::{CrlNeed, NeededAuthority, NeededCrl, Needs};
use crate::report::csv::cell;
use crate::report::text::{Page, TextOptions, Tone};

/// The columns of the rows, in order. Columns may be added at the end, never changed.
pub(crate) const COLUMNS: [&str; 9] =
    ["kind", "name", "url", "machines", "missing", "out_of_date", "not_counted", "good_until", "what"];

impl CrlNeed {
    /// What machines have of it, in words.
    pub(crate) fn words(&self) -> String {
        state(self)
    }
}

impl NeededAuthority {
    /// Which certificate, and where it belongs.
    pub(crate) fn words(&self) -> String {
        authority_words(self)
    }
}

/// What machines have of a CRL, in words.
pub(super) fn state(need: &CrlNeed) -> String {
    let mut parts = Vec::new();
    let mut counted = |count: u64, words: String| {
        if count > 0 {
            parts.push(if count == need.machines {
                words
            } else {
                format!("{words} for {count} of {} machines", need.machines)
            });
        }
    };
    counted(need.missing, "not given".to_owned());
    counted(
        need.out_of_date,
        match need.ended {
            Some(ended) => format!("out of date since {ended}"),
            None => "out of date".to_owned(),
        },
    );
    counted(need.not_yet_valid, "not valid yet".to_owned());
    counted(need.not_counted, "given, and does not count".to_owned());
    if let Some(until) = need.good_until {
        parts.push(if parts.is_empty() {
            format!("good until {until}")
        } else {
            format!("good for the others until {until}")
        });
    }
    parts.join("; ")
}

/// The checklist.
pub(crate) fn render(needs: &Needs, options: TextOptions) -> String {
    let mut page = Page::new(options);
    let lacking: Vec<_> = needs.crls().filter(|(_, need)| need.lacking() > 0).collect();
    let good: Vec<_> = needs.crls().filter(|(_, need)| need.lacking() == 0).collect();
    let mut section = |title: &str, tone: Tone, crls: &[(&NeededCrl, &CrlNeed)]| {
        if crls.is_empty() {
            return;
        }
        let title = page.tone(tone, title);
        page.line(&title);
        for (crl, need) in crls {
            page.put(&format!("{:>8}  ", need.machines));
            page.wrapped(&format!("{} CRL of {}: {}", crl.kind.name(), crl.issuer, state(need)), 10, 10, None);
            for url in &crl.urls {
                page.line(&format!("          {url}"));
            }
            if crl.urls.is_empty() {
                page.line("          (no address is named)");
            }
        }
        page.blank();
    };
    section("CRLs to fetch, by machines that need them", Tone::Bad, &lacking);
    section("CRLs that are good, by machines that need them", Tone::Good, &good);
    if needs.authorities().next().is_some() {
        let title = page.tone(Tone::Bad, "CA certificates to install, by machines");
        page.line(&title);
        for (authority, count) in needs.authorities() {
            page.put(&format!("{count:>8}  "));
            page.wrapped(&authority_words(authority), 10, 10, None);
        }
        page.blank();
    }
    if needs.templates().next().is_some() {
        let title = page.tone(Tone::Strong, "templates whose version decides, by machines");
        page.line(&title);
        for (template, count) in needs.templates() {
            page.put(&format!("{count:>8}  "));
            page.wrapped(&format!("{}: {}", template.template, version_words(template.version)), 10, 10, None);
        }
        page.blank();
    }
    if needs.left_out() > 0 {
        page.line(&format!("{:>8}  more needs, too many to list", needs.left_out()));
    }
    let looked_at = match needs.machines() {
        0 => "no machine could be looked at".to_owned(),
        1 => "1 machine looked at".to_owned(),
        count => format!("{count} machines looked at"),
    };
    let complete = needs.is_complete() && needs.machines() > 0;
    page.line(&if complete { format!("{looked_at}: nothing is missing") } else { looked_at });
    page.finish()
}

fn authority_words(authority: &NeededAuthority) -> String {
    match authority {
        NeededAuthority::Missing { name } => format!("{name}: in no store (CA, or ROOT if it is a root)"),
        NeededAuthority::Untrusted { name, thumbprint } => {
            format!("{name} ({thumbprint}): a root that is not in the store ROOT")
        }
    }
}

fn version_words(version: Option<u32>) -> String {
    match version {
        Some(version) => format!("version {version}, as stated"),
        None => "version unknown; it is taken to be 1 or 2, state it under `templates`".to_owned(),
    }
}

/// The rows for a spreadsheet, one for each address, one cell a column.
pub(crate) fn rows(needs: &Needs) -> Vec<[String; 9]> {
    let mut rows = Vec::new();
    for (crl, need) in needs.crls() {
        let urls: &[String] = if crl.urls.is_empty() { &[String::new()] } else { &crl.urls };
        for url in urls {
            rows.push([
                format!("crl_{}", crl.kind.name()),
                cell(&crl.issuer),
                cell(url),
                need.machines.to_string(),
                need.missing.to_string(),
                need.out_of_date.to_string(),
                (need.not_counted + need.not_yet_valid).to_string(),
                need.good_until.map(|until| until.to_string()).unwrap_or_default(),
                cell(&state(need)),
            ]);
        }
    }
    let row = |kind: &str, name: &str, count: u64, missing: u64, what: String| {
        let [empty, no_date, none, zero] = [String::new(), String::new(), "0".to_owned(), "0".to_owned()];
        [kind.to_owned(), cell(name), empty, count.to_string(), missing.to_string(), none, zero, no_date, cell(&what)]
    };
    for (authority, count) in needs.authorities() {
        let (kind, name) = match authority {
            NeededAuthority::Missing { name } => ("ca_missing", name),
            NeededAuthority::Untrusted { name, .. } => ("root_untrusted", name),
        };
        rows.push(row(kind, name, count, count, authority_words(authority)));
    }
    for (template, count) in needs.templates() {
        let missing = if template.version.is_none() { count } else { 0 };
        rows.push(row("template", &template.template, count, missing, version_words(template.version)));
    }
    rows
}
