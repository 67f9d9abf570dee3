//! The whole page: machines are added in their order, and the page is written once all are known.

use super::expiry::{Chart, ExpiryCalendar};
use super::machine::{Listing, MachinePart, Rulesets, rendered};
use crate::report::fleet::{FleetSummary, State};
use crate::report::needs::Needs;
use crate::time::Timestamp;
use askama::Template;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How much of a fleet goes into one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageOptions {
    details: usize,
    rows: usize,
    detail_pages: DetailPages,
}

/// Where the details of machines go that have no room in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
enum DetailPages {
    /// Nowhere; the page says how many are left out.
    #[default]
    None,
    /// Into pages of their own, which the rows link to.
    Written,
}

impl Default for PageOptions {
    fn default() -> Self {
        PageOptions { details: PageOptions::DETAILS, rows: PageOptions::ROWS, detail_pages: DetailPages::None }
    }
}

impl PageOptions {
    /// Machines whose certificates are in the page itself: some megabytes, which a mail still takes.
    pub(crate) const DETAILS: usize = 500;
    /// Machines that have a row: a browser opens that many in about three seconds.
    pub(crate) const ROWS: usize = 20_000;
    /// Bytes of details in one page, whatever the number of machines: one with thousands of certificates is an attack.
    const DETAIL_BYTES: usize = 16 << 20;

    /// Other numbers of machines with details and with a row; at least one each.
    #[cfg(test)]
    pub(crate) fn with_limits(mut self, details: usize, rows: usize) -> Self {
        (self.details, self.rows) = (details.max(1), rows.max(1));
        self
    }

    /// The caller writes the pages that [`FleetPage::add`] returns beside the index.
    pub(crate) fn with_detail_pages(mut self) -> Self {
        self.detail_pages = DetailPages::Written;
        self
    }
}

/// A page of details, to be written beside the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DetailPage {
    /// Its file name.
    pub name: String,
    /// Its content.
    pub html: String,
}

/// The page, and the last page of details where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FinishedPage {
    /// The page itself.
    pub index: String,
    /// The last page of details.
    pub details: Option<DetailPage>,
}

/// The page while machines are added to it.
#[derive(Debug, Clone)]
pub(crate) struct FleetPage {
    options: PageOptions,
    summary: FleetSummary,
    states: BTreeMap<State, u64>,
    expiry: ExpiryCalendar,
    needs: Needs,
    rulesets: Rulesets,
    span: Option<(Timestamp, Timestamp)>,
    only: String,
    rows: String,
    machines: usize,
    chosen: usize,
    detail_bytes: usize,
    without_details: usize,
    part: Part,
}

/// The page of details that is being filled.
#[derive(Debug, Clone, Default)]
struct Part {
    number: usize,
    machines: usize,
    rows: String,
    states: BTreeMap<State, u64>,
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml")]
struct HtmlPage<'a> {
    title: String,
    conditions: String,
    is_part: bool,
    tiles: Vec<Tile>,
    reasons: Vec<Bar>,
    risks: Vec<Bar>,
    rulesets: Vec<Bar>,
    /// What other readings would change (rule R-5).
    readings: Vec<Bar>,
    /// Machines with the right certificate in the wrong store (rule T-4).
    wrong_store: u64,
    expiry: Option<Chart>,
    needed: Vec<Needed>,
    more_needed: usize,
    notes: Vec<String>,
    columns: [&'static str; 5],
    rows: &'a str,
    style: &'static str,
    script: &'static str,
    script_hash: String,
    version: &'static str,
}

struct Tile {
    key: &'static str,
    words: &'static str,
    count: u64,
}

struct Bar {
    key: String,
    words: String,
    count: u64,
    /// Percent of the largest bar's machines.
    share: u64,
}

impl Bar {
    fn show_key(&self) -> bool {
        self.key != self.words
    }
}

/// One thing that machines lack.
struct Needed {
    count: u64,
    words: String,
    urls: Vec<String>,
}

/// What is needed fits a screen or two; `needs` lists all of it.
const SHOWN_NEEDS: usize = 50;

fn needed(needs: &Needs) -> Vec<Needed> {
    let crls = needs.crls().filter(|(_, need)| need.lacking() > 0).map(|(crl, need)| Needed {
        count: need.lacking(),
        words: format!("{} CRL of {}: {}", crl.kind.name(), crl.issuer, need.words()),
        urls: crl.urls.clone(),
    });
    let authorities =
        needs.authorities().map(|(authority, count)| Needed { count, words: authority.words(), urls: Vec::new() });
    crls.chain(authorities).collect()
}

const COLUMNS: [&str; 5] = ["Machine", "State", "Certificate or reason", "CA", "Expires"];
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

impl FleetPage {
    /// A page without machines.
    pub(crate) fn new(options: PageOptions) -> Self {
        FleetPage {
            options,
            summary: FleetSummary::new(),
            states: BTreeMap::new(),
            expiry: ExpiryCalendar::default(),
            needs: Needs::new(),
            rulesets: Rulesets::new(),
            span: None,
            only: String::new(),
            rows: String::new(),
            machines: 0,
            chosen: 0,
            detail_bytes: 0,
            without_details: 0,
            part: Part::default(),
        }
    }

    /// Adds the next machine; returns a page of details when one is full, which only options with detail pages do.
    pub(crate) fn add(&mut self, machine: MachinePart) -> Option<DetailPage> {
        self.machines += 1;
        self.summary.merge(machine.counted.clone());
        *self.states.entry(machine.state).or_default() += 1;
        self.expiry.merge(machine.expiry.clone());
        self.needs.merge(machine.needs.clone());
        if let Some(ruleset) = machine.ruleset {
            *self.rulesets.entry(ruleset).or_default() += 1;
        }
        if let Some(now) = machine.now {
            let (first, last) = self.span.unwrap_or((now, now));
            self.span = Some((first.min(now), last.max(now)));
        }
        if self.machines == 1 {
            self.only.clone_from(&machine.name);
        }
        if machine.listing == Listing::CountedOnly {
            return None;
        }
        self.chosen += 1;
        let room = self.chosen <= self.options.details
            && self.detail_bytes.saturating_add(machine.details.len()) <= PageOptions::DETAIL_BYTES;
        let listed = self.chosen <= self.options.rows;
        if room || machine.details.is_empty() {
            self.detail_bytes += machine.details.len();
            if listed {
                push_machine(&mut self.rows, self.chosen, &machine, &disclosed(&machine));
            }
            return None;
        }
        if self.options.detail_pages == DetailPages::None {
            self.without_details += 1;
            if listed {
                push_machine(&mut self.rows, self.chosen, &machine, "");
            }
            return None;
        }
        let full = self.part.machines >= self.options.details
            || self.part.rows.len().saturating_add(machine.details.len()) > PageOptions::DETAIL_BYTES;
        let done = if full { self.take_part() } else { None };
        if self.part.machines == 0 {
            self.part.number += 1;
        }
        let link =
            format!("<a href=\"{}#m{}\">certificates of this machine</a>", part_name(self.part.number), self.chosen);
        self.part.machines += 1;
        *self.part.states.entry(machine.state).or_default() += 1;
        push_machine(&mut self.part.rows, self.chosen, &machine, &disclosed(&machine));
        if listed {
            push_machine(&mut self.rows, self.chosen, &machine, &link);
        }
        done
    }

    /// The page of all machines that were added.
    pub(crate) fn finish(mut self) -> FinishedPage {
        let details = self.take_part();
        let title = match self.machines {
            1 => format!("HTTPS readiness of {}", self.only),
            count => format!("HTTPS readiness of {count} machines"),
        };
        let mut notes = Vec::new();
        if self.without_details > 0 {
            notes.push(format!(
                "The certificates of {} further machines are left out here; `--out DIR` writes them to pages of their own.",
                self.without_details
            ));
        }
        if self.chosen < self.machines {
            notes.push(format!(
                "{} of {} machines are chosen to be listed; all of them are counted above.",
                self.chosen, self.machines
            ));
        }
        let unlisted = self.chosen.saturating_sub(self.options.rows);
        if unlisted > 0 {
            notes.push(format!(
                "{unlisted} further machines are counted above and not listed; `--format csv` lists all of them."
            ));
        }
        let mut needed = needed(&self.needs);
        let more_needed = needed.len().saturating_sub(SHOWN_NEEDS);
        needed.truncate(SHOWN_NEEDS);
        let page = HtmlPage {
            title,
            conditions: self.conditions(),
            is_part: false,
            tiles: tiles(&self.states),
            reasons: bars(&self.summary.reasons(), |code| self.summary.words(code)),
            risks: bars(&self.summary.risks(), |code| self.summary.words(code)),
            rulesets: bars(&self.rulesets.iter().map(|(name, count)| (*name, *count)).collect::<Vec<_>>(), |_| None),
            readings: self.readings(),
            wrong_store: self.summary.wrong_store(),
            expiry: self.span.and_then(|(first, _)| self.expiry.chart(first)),
            needed,
            more_needed,
            notes,
            columns: COLUMNS,
            rows: &self.rows,
            style: STYLE,
            script: SCRIPT,
            script_hash: script_hash(),
            version: env!("CARGO_PKG_VERSION"),
        };
        FinishedPage { index: rendered(&page), details }
    }

    /// by the machines whose answer would be another.
    fn readings(&self) -> Vec<Bar> {
        let judged = self.summary.capable().saturating_add(self.summary.incapable());
        let readings = self.summary.depends_on();
        let mut bars = bars(&readings.iter().map(|(key, others, _)| (*key, *others)).collect::<Vec<_>>(), |_| None);
        for (bar, (key, _, ready)) in bars.iter_mut().zip(&readings) {
            let reading = key.replacen('.', "=", 1);
            bar.words = format!("{reading}: {ready} of {judged} would be ready");
            bar.key.clone_from(&bar.words); // the words have it
        }
        bars
    }

    fn conditions(&self) -> String {
        match self.span {
            Some((first, last)) if first == last => format!("judged at {first}"),
            Some((first, last)) => format!("judged at instants from {first} to {last}"),
            None => String::new(),
        }
    }

    fn take_part(&mut self) -> Option<DetailPage> {
        if self.part.machines == 0 {
            return None;
        }
        let number = self.part.number;
        let part = std::mem::replace(&mut self.part, Part { number, ..Part::default() });
        let page = HtmlPage {
            title: format!("HTTPS readiness, details {number}"),
            conditions: self.conditions(),
            is_part: true,
            tiles: tiles(&part.states),
            reasons: Vec::new(),
            risks: Vec::new(),
            rulesets: Vec::new(),
            readings: Vec::new(),
            wrong_store: 0,
            expiry: None,
            needed: Vec::new(),
            more_needed: 0,
            notes: Vec::new(),
            columns: COLUMNS,
            rows: &part.rows,
            style: STYLE,
            script: SCRIPT,
            script_hash: script_hash(),
            version: env!("CARGO_PKG_VERSION"),
        };
        Some(DetailPage { name: part_name(number), html: rendered(&page) })
    }
}

fn part_name(number: usize) -> String {
    format!("details-{number}.html")
}

/// A machine of the table: a group of rows, so that sorting and filtering keep its details with it. Everything that is put
/// together here was escaped when it was rendered; the rest are this crate's own words.
fn push_machine(rows: &mut String, number: usize, machine: &MachinePart, more: &str) {
    let (state, reasons) = (machine.state.key(), &machine.reasons);
    rows.push_str(&format!(
        "<tbody id=\"m{number}\" data-state=\"{state}\" data-reasons=\"{reasons}\">\n{}",
        machine.row
    ));
    if !more.is_empty() {
        rows.push_str(&format!("<tr class=\"more\"><td colspan=\"5\">{more}</td></tr>\n"));
    }
    rows.push_str("</tbody>\n");
}

fn disclosed(machine: &MachinePart) -> String {
    if machine.details.is_empty() {
        String::new()
    } else {
        format!("<details><summary>certificates</summary>{}</details>", machine.details)
    }
}

fn tiles(states: &BTreeMap<State, u64>) -> Vec<Tile> {
    let count = |state| states.get(&state).copied().unwrap_or_default();
    let shown =
        State::ALL.into_iter().filter(|state| matches!(state, State::Ready | State::NotReady) || count(*state) > 0);
    shown.map(|state| Tile { key: state.key(), words: state.words(), count: count(state) }).collect()
}

fn bars<'a>(counts: &[(&str, u64)], words: impl Fn(&str) -> Option<&'a str>) -> Vec<Bar> {
    let highest = counts.iter().map(|(_, count)| *count).max().unwrap_or_default().max(1);
    counts
        .iter()
        .map(|(key, count)| Bar {
            key: (*key).to_owned(),
            words: words(key).unwrap_or(key).to_owned(),
            count: *count,
            share: (count.saturating_mul(100) / highest).max(1),
        })
        .collect()
}

/// The page's own script is the only one that the browser runs.
fn script_hash() -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(SCRIPT)))
}

#[cfg(all(test, repository))]
#[path = "../../../tests/units/report_html_page.rs"]
mod tests;
