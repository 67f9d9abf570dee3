//! When selected certificates end, as a calendar (RFC 5545): an event for each CA and week.

use crate::shown::Shown;
use crate::time::Timestamp;
use crate::words::Count;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use time::{Date, Duration, OffsetDateTime};

/// Events that are kept apart; a fleet has a few hundred. Those beyond are one event a week.
const KNOWN: usize = 10_000;
/// Machines that an event names.
const SHOWN_MACHINES: usize = 20;
const OTHERS: &str = "other CAs";
/// The longest line, in bytes without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// Ends by week and CA. Its size is bounded whatever the number of machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// By the Monday of the week.
    weeks: BTreeMap<(Date, String), Ends>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Ends {
    count: u64,
    first: Vec<(String, Timestamp)>,
}

impl Calendar {
    /// Adds a certificate: whose, of which CA, and when it ends.
    pub(crate) fn add(&mut self, machine: &str, ca: &str, end: Timestamp) {
        let day = OffsetDateTime::from(end).date();
        let back = i64::from(day.weekday().number_days_from_monday());
        let monday = day.checked_sub(Duration::days(back)).unwrap_or(day);
        let mut key = (monday, Shown(ca).to_string());
        if self.weeks.len() >= KNOWN && !self.weeks.contains_key(&key) {
            key.1 = OTHERS.to_owned();
        }
        let ends = self.weeks.entry(key).or_default();
        ends.count += 1;
        if ends.first.len() < SHOWN_MACHINES {
            ends.first.push((Shown(machine).to_string(), end));
        }
    }

    /// The calendar; `stamp` is when it was made. An event has the same identifier each time, so that a calendar which has
    /// it already takes the new one in its place.
    pub(crate) fn render(&self, stamp: Timestamp) -> String {
        let mut text = String::new();
        let mut line = |content: &str| fold(&mut text, content);
        line("BEGIN:VCALENDAR");
        line("VERSION:2.0");
        line(concat!("PRODID:-//ccmcertsel//cmhttpsreadiness ", env!("CARGO_PKG_VERSION"), "//EN"));
        for ((monday, ca), ends) in &self.weeks {
            let next = monday.checked_add(Duration::days(7)).unwrap_or(*monday);
            let digest = Sha256::digest(format!("{}\n{ca}", basic(*monday)));
            let identifier: String = digest.iter().take(16).fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}"); // writing to a string cannot fail
                text
            });
            line("BEGIN:VEVENT");
            line(&format!("UID:{identifier}@ccmcertsel"));
            line(&format!("DTSTAMP:{}", stamp_of(stamp)));
            line(&format!("DTSTART;VALUE=DATE:{}", basic(*monday)));
            line(&format!("DTEND;VALUE=DATE:{}", basic(next)));
            line("TRANSP:TRANSPARENT");
            let ends_word = if ends.count == 1 { "ends" } else { "end" };
            let count = Count(usize::try_from(ends.count).unwrap_or(usize::MAX), "certificate");
            line(&format!("SUMMARY:{}", escape(&format!("{count} of {ca} {ends_word}"))));
            line(&format!("DESCRIPTION:{}", escape(&description(ends))));
            line("END:VEVENT");
        }
        line("END:VCALENDAR");
        text
    }
}

fn description(ends: &Ends) -> String {
    let mut lines: Vec<String> = ends.first.iter().map(|(machine, end)| format!("{machine}: {end}")).collect();
    let more = ends.count.saturating_sub(ends.first.len() as u64);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

/// `20260302`.
fn basic(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}

/// `20260115T090000Z`.
fn stamp_of(at: Timestamp) -> String {
    at.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

/// A text value (RFC 5545, 3.3.11).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes a line in pieces of at most 75 bytes, each after the first behind a blank; no character is cut.
fn fold(text: &mut String, content: &str) {
    let mut used = 0;
    for c in content.chars() {
        if used + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(c);
        used += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/calendar.rs"]
mod tests;
