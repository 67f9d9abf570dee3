//! When selected certificates end: by CA and month, and the bar chart of it.

use crate::time::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use time::OffsetDateTime;

/// Two years: what a budget and a renewal plan look at.
const MONTHS: usize = 24;
/// CAs with a colour of their own; more could not be told apart.
const COLOURED: usize = 6;
/// A fleet has a handful of CAs. Those beyond this number are counted together, so that memory stays bounded.
const KNOWN_CAS: usize = 1000;
const OTHERS: &str = "other CAs";

/// Counts of certificates by CA and month; a month is counted from year 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ExpiryCalendar {
    by_ca: HashMap<String, BTreeMap<i32, u64>>,
}

fn month_of(at: Timestamp) -> i32 {
    let at = OffsetDateTime::from(at);
    at.year() * 12 + i32::from(u8::from(at.month())) - 1
}

fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

impl ExpiryCalendar {
    /// Counts a certificate of a CA.
    pub(super) fn add(&mut self, ca: &str, at: Timestamp) {
        self.count(ca, month_of(at), 1);
    }

    fn count(&mut self, ca: &str, month: i32, count: u64) {
        let room = self.by_ca.len() < KNOWN_CAS || self.by_ca.contains_key(ca);
        let ca = if room { ca } else { OTHERS };
        *self.by_ca.entry(ca.to_owned()).or_default().entry(month).or_default() += count;
    }

    /// Adds the counts of another.
    pub(super) fn merge(&mut self, other: ExpiryCalendar) {
        for (ca, months) in other.by_ca {
            for (month, count) in months {
                self.count(&ca, month, count);
            }
        }
    }

    /// The chart of the months from `now` on; `None` where no certificate ends in them.
    pub(super) fn chart(&self, now: Timestamp) -> Option<Chart> {
        let first = month_of(now);
        let within = |month: i32| usize::try_from(month - first).ok().filter(|index| *index < MONTHS);
        let mut series: Vec<Series> = Vec::new();
        let mut later = 0;
        for (ca, months) in &self.by_ca {
            let mut counts = vec![0; MONTHS];
            for (month, count) in months {
                match within(*month).and_then(|index| counts.get_mut(index)) {
                    Some(slot) => *slot += count,
                    None => later += count,
                }
            }
            series.push(Series { name: ca.clone(), counts });
        }
        series.retain(|series| series.total() > 0);
        series.sort_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.name.cmp(&b.name)));
        if series.len() > COLOURED {
            let rest = series.split_off(COLOURED);
            let counts = (0..MONTHS).map(|index| rest.iter().map(|series| series.at(index)).sum()).collect();
            series.push(Series { name: OTHERS.to_owned(), counts });
        }
        let months = (0..MONTHS).map(|index| month_name(first + index as i32)).collect();
        (!series.is_empty()).then_some(Chart { months, series, later })
    }
}

/// One CA of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series {
    /// The CA.
    pub name: String,
    counts: Vec<u64>,
}

impl Series {
    /// How many end in a month of the chart.
    pub(super) fn at(&self, month: usize) -> u64 {
        self.counts.get(month).copied().unwrap_or_default()
    }

    /// How many end in all of them.
    pub(super) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// What the bar chart shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chart {
    /// The months, as `2026-01`.
    pub months: Vec<String>,
    /// The CAs, those with most certificates first.
    pub series: Vec<Series>,
    /// How many end after the last month.
    pub later: u64,
}

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;

impl Chart {
    fn sum(&self, month: usize) -> u64 {
        self.series.iter().map(|series| series.at(month)).sum()
    }

    /// Each month with its count for each CA.
    pub(super) fn rows(&self) -> Vec<(&str, Vec<u64>)> {
        let counts = |index| self.series.iter().map(|series| series.at(index)).collect();
        self.months.iter().enumerate().map(|(index, month)| (month.as_str(), counts(index))).collect()
    }

    /// The chart as inline SVG. It holds only numbers and months; the names of CAs are in the legend.
    pub(super) fn svg(&self) -> String {
        let highest = (0..self.months.len()).map(|month| self.sum(month)).max().unwrap_or_default();
        let top = scale(highest);
        let total: u64 = self.series.iter().map(Series::total).sum();
        let (first, last) = (self.months.first(), self.months.last());
        let mut svg = format!(
            "<div class=\"chart-scroll\"><svg class=\"chart\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" \
             aria-label=\"{total} certificates end from {} to {}, at most {highest} in a month; \
             the table below has every number\">",
            HEIGHT + TOP + BOTTOM,
            first.map_or("", String::as_str),
            last.map_or("", String::as_str),
        );
        let y = |count: u64| TOP + HEIGHT - HEIGHT * count as f64 / top as f64;
        for mark in [0, top / 2, top] {
            let at = y(mark);
            let _ = write!(
                svg,
                "<line x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{mark}</text>",
                LEFT - 6.0,
                at + 4.0
            );
        }
        let step = (WIDTH - LEFT) / self.months.len().max(1) as f64;
        for (index, month) in self.months.iter().enumerate() {
            let x = LEFT + step * index as f64;
            let mut below = 0;
            for (colour, series) in self.series.iter().enumerate() {
                let count = series.at(index);
                if count > 0 {
                    let (low, high) = (y(below), y(below + count));
                    let _ = write!(
                        svg,
                        "<rect class=\"c{colour}\" x=\"{:.1}\" y=\"{high:.1}\" width=\"{:.1}\" height=\"{:.1}\">\
                         <title>{month}: {count}</title></rect>",
                        x + step * 0.12,
                        step * 0.76,
                        (low - high).max(0.5)
                    );
                    below += count;
                }
            }
            // Every third month has room for its name.
            if index % 3 == 0 {
                let _ = write!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{month}</text>", x + 2.0, TOP + HEIGHT + 16.0);
            }
        }
        svg.push_str("</svg></div>");
        svg
    }
}

/// A round even number at or above the highest count, so that its half is a mark as well.
fn scale(highest: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        for step in [2, 4, 6, 10] {
            let top = unit.saturating_mul(step);
            if top >= highest {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[cfg(all(test, repository))]
#[path = "../../../tests/units/report_html_expiry.rs"]
mod tests;
