//! The summary of `connect` on a fleet: how many connections the server accepts, and the reasons of the others.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Counts of connections.
#[derive(Default)]
pub(crate) struct Summary {
    accepted: u64,
    rejected: u64,
    unjudged: u64,
    /// By the code of the reason and the status of the web server's log, with what is true of each of them.
    reasons: BTreeMap<(&'static str, Option<&'static str>), (&'static str, u64)>,
}

/// How one connection ended.
pub(crate) enum Ended {
    /// The server accepts.
    Accepted,
    /// It does not: the code of the reason, its words, and the web server's status.
    Rejected(&'static str, &'static str, Option<&'static str>),
    /// The machine could not be read.
    Unjudged,
}

impl Summary {
    pub(crate) fn add(&mut self, ended: &Ended) {
        match ended {
            Ended::Accepted => self.accepted += 1,
            Ended::Rejected(code, words, status) => {
                self.rejected += 1;
                self.reasons.entry((code, *status)).or_insert((words, 0)).1 += 1;
            }
            Ended::Unjudged => self.unjudged += 1,
        }
    }

    /// For people; nothing where there is a single machine, whose answer says it all.
    pub(crate) fn text(&self) -> String {
        let judged = self.accepted + self.rejected;
        if judged + self.unjudged < 2 {
            return String::new();
        }
        let mut text = String::from("\nsummary\n");
        for (count, what) in [
            (self.accepted, "connections are accepted"),
            (self.rejected, "connections are rejected"),
            (self.unjudged, "machines could not be judged"),
        ] {
            let _ = writeln!(text, "{count:>8}  {what}"); // writing to a string cannot fail
        }
        if !self.reasons.is_empty() {
            text.push_str("\nwhy not, by machines\n");
        }
        let mut rows: Vec<_> = self.reasons.iter().collect();
        rows.sort_by(|a, b| b.1.1.cmp(&a.1.1).then(a.0.cmp(b.0)));
        for ((code, status), (words, count)) in rows {
            let share = count.saturating_mul(100) / judged.max(1);
            let status = status.map(|status| format!(", {status}")).unwrap_or_default();
            let _ = writeln!(text, "{count:>8}  {share:>3} %  {words} ({code}{status})");
        }
        text
    }
}
