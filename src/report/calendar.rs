//! When selected certificates end, as a calendar (RFC 5545): an event for each CA and week.

use crate::Timestamp;
use crate::shown::Shown;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Unfolds as RFC 5545 says, and gives the properties of each event.
    fn events(text: &str) -> Vec<BTreeMap<String, String>> {
        assert!(text.split("\r\n").all(|line| line.len() <= LINE && !line.contains(['\r', '\n'])), "{text}");
        let unfolded = text.replace("\r\n ", "");
        let mut events = Vec::new();
        for line in unfolded.split_terminator("\r\n") {
            let (name, value) = line.split_once(':').unwrap();
            match (name, value) {
                ("BEGIN", "VEVENT") => events.push(BTreeMap::new()),
                ("BEGIN" | "END", _) => {}
                _ => drop(
                    events.last_mut().map(|event: &mut BTreeMap<_, _>| event.insert(name.to_owned(), value.to_owned())),
                ),
            }
        }
        events
    }

    #[test]
    fn a_week_is_from_monday_and_a_ca_has_its_own_event() {
        let mut calendar = Calendar::default();
        for (machine, ca, end) in [
            ("PC1", "CN=A", "2026-03-02T00:00:00Z"),
            ("PC2", "CN=A", "2026-03-08T23:59:59Z"),
            ("PC3", "CN=A", "2026-03-09T00:00:00Z"),
            ("PC4", "CN=B", "2026-03-08T00:00:00Z"),
        ] {
            calendar.add(machine, ca, at(end));
        }
        let text = calendar.render(at("2026-01-15T09:00:00Z"));
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") && text.ends_with("END:VCALENDAR\r\n"));
        let events = events(&text);
        let told: Vec<(&str, &str)> =
            events.iter().map(|event| (&*event["DTSTART;VALUE=DATE"], &*event["SUMMARY"])).collect();
        assert_eq!(
            told,
            [
                ("20260302", "2 certificates of CN=A end"),
                ("20260302", "1 certificate of CN=B ends"),
                ("20260309", "1 certificate of CN=A ends"),
            ]
        );
        assert_eq!(events[0]["DESCRIPTION"], "PC1: 2026-03-02T00:00:00Z\\nPC2: 2026-03-08T23:59:59Z");
        assert!(events.iter().all(|event| event["DTSTAMP"] == "20260115T090000Z"));
        let identifiers: std::collections::HashSet<&String> = events.iter().map(|event| &event["UID"]).collect();
        assert_eq!(identifiers.len(), 3);
        assert_eq!(calendar.render(at("2026-01-15T09:00:00Z")), text, "the same again");
    }

    #[test]
    fn names_cannot_end_a_line_or_a_value_and_long_ones_are_folded() {
        let mut calendar = Calendar::default();
        calendar.add(
            "PC1\r\nEND:VCALENDAR",
            "CN=a; b, c\\d\r\nBEGIN:VEVENT, ä漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
            at("2026-03-02T00:00:00Z"),
        );
        let text = calendar.render(at("2026-01-15T09:00:00Z"));
        assert_eq!(text.matches("BEGIN:VEVENT\r\n").count(), 1, "{text}");
        assert_eq!(text.matches("END:VCALENDAR\r\n").count(), 1, "{text}");
        let event = &events(&text)[0];
        assert!(event["SUMMARY"].contains("CN=a\\; b\\, c\\\\d") && event["SUMMARY"].contains("漢字漢字"), "{event:?}");
    }

    #[test]
    fn a_hostile_fleet_is_counted_in_bounded_memory() {
        let mut calendar = Calendar::default();
        for number in 0..30_000 {
            calendar.add("PC", &format!("CN={number}"), at("2026-03-02T00:00:00Z"));
        }
        assert_eq!(calendar.weeks.len(), KNOWN + 1);
        assert_eq!(calendar.weeks.values().map(|ends| ends.count).sum::<u64>(), 30_000);
        assert!(calendar.weeks.values().all(|ends| ends.first.len() <= SHOWN_MACHINES));
    }
}
