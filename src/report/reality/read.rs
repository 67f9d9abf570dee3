//! A log as the selections that it tells of, each with what the client saw and chose.

use super::lines::{LogEvent, LoggedCertificate};
use crate::hresult::Hresult;
use crate::report::log::LogLine;
use crate::time::Timestamp;
use std::collections::HashMap;

/// Selections of one log that are kept; a client selects a few times an hour, and a log of 5 MB holds days.
const KEPT_PASSES: usize = 1000;
/// Certificates, and entries of the issuers list, of one selection.
const KEPT_ENTRIES: usize = 10_000;
/// Lines of one message: the product writes messages of several lines, and a damaged file may have lost an end.
const MESSAGE_LINES: usize = 64;

/// What one selection says of a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SeenCertificate {
    /// Its thumbprint as the log has it; publishers of logs cut or replace it.
    pub thumbprint: String,
    /// Whom it was issued to (rule A-3).
    pub issued_to: String,
    /// The entry of the issuers list that its chain leads to.
    pub found: Option<String>,
    /// The root for which it was skipped.
    pub skipped: Option<String>,
    /// Whether a validation of it began.
    pub validated: bool,
    /// Whether it was found expired.
    pub expired: bool,
    /// What verifying its chain returned; the last of several.
    pub chain_result: Option<u32>,
    /// Whether it was found to be for client authentication.
    pub client_authentication: bool,
}

/// One selection of a client, as far as the log tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LoggedSelection {
    begin: Option<Timestamp>,
    issuers: Option<Vec<String>>,
    issuers_completed: bool,
    selecting: bool,
    store: Option<String>,
    crl_check: bool,
    certificates: Vec<SeenCertificate>,
    by_thumbprint: HashMap<String, usize>,
    validating: Option<usize>,
    selected: Option<String>,
    result: Option<Hresult>,
}

impl LoggedSelection {
    /// When it began; `None` where the log is plain messages.
    pub(crate) fn begin(&self) -> Option<Timestamp> {
        self.begin
    }

    /// The issuers list; `None` where the client had none.
    pub(crate) fn issuers(&self) -> Option<&[String]> {
        self.issuers.as_deref()
    }

    /// Whether every certificate of the store was looked at: the end of the issuers stage is there.
    pub(crate) fn is_complete(&self) -> bool {
        self.issuers.is_some() && self.issuers_completed
    }

    /// Whether the selection stage was reached.
    pub(crate) fn is_selecting(&self) -> bool {
        self.selecting
    }

    /// The store that was searched, where the log names it.
    pub(crate) fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// Whether the client said that it checks CRLs.
    #[cfg(test)]
    pub(crate) fn checks_crl(&self) -> bool {
        self.crl_check
    }

    /// The certificates, in the order in which they were met.
    pub(crate) fn certificates(&self) -> &[SeenCertificate] {
        &self.certificates
    }

    /// The thumbprint of the selected certificate, as the log has it.
    pub(crate) fn selected(&self) -> Option<&str> {
        self.selected.as_deref()
    }

    /// The result code, where there is one.
    pub(crate) fn result(&self) -> Option<Hresult> {
        self.result
    }

    /// Whether the log says how it ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.selected.is_some() || self.result.is_some()
    }

    fn is_empty(&self) -> bool {
        *self == LoggedSelection { begin: self.begin, ..LoggedSelection::default() }
    }

    fn place(&mut self, named: LoggedCertificate<'_>) -> Option<usize> {
        if let Some(at) = self.by_thumbprint.get(named.thumbprint) {
            return Some(*at);
        }
        if self.certificates.len() >= KEPT_ENTRIES {
            return None;
        }
        let at = self.certificates.len();
        self.by_thumbprint.insert(named.thumbprint.to_owned(), at);
        self.certificates.push(SeenCertificate {
            thumbprint: named.thumbprint.to_owned(),
            issued_to: named.issued_to.to_owned(),
            ..SeenCertificate::default()
        });
        Some(at)
    }

    fn note(&mut self, named: LoggedCertificate<'_>, change: impl FnOnce(&mut SeenCertificate)) {
        if let Some(seen) = self.place(named).and_then(|at| self.certificates.get_mut(at)) {
            change(seen);
        }
    }

    fn add(&mut self, event: LogEvent<'_>) {
        match event {
            LogEvent::BeginIssuers => self.issuers = Some(Vec::new()),
            LogEvent::Issuer(entry) => {
                let issuers = self.issuers.get_or_insert_default();
                if issuers.len() < KEPT_ENTRIES {
                    issuers.push(entry.to_owned());
                }
            }
            LogEvent::Chain | LogEvent::Available | LogEvent::HttpsEnforced => {}
            LogEvent::Found(entry, named) => self.note(named, |seen| seen.found = Some(entry.to_owned())),
            LogEvent::Skipping(named, root) => self.note(named, |seen| seen.skipped = Some(root.to_owned())),
            LogEvent::CompletedIssuers => self.issuers_completed = true,
            LogEvent::BeginValidation(named) => {
                self.validating = self.place(named);
                self.note(named, |seen| seen.validated = true);
            }
            LogEvent::CrlCheck => self.crl_check = true,
            LogEvent::ChainResult(code) => {
                if let Some(seen) = self.validating.and_then(|at| self.certificates.get_mut(at)) {
                    seen.chain_result = Some(code);
                }
            }
            LogEvent::Expired(named) => self.note(named, |seen| seen.expired = true),
            LogEvent::CompletedValidation(_) => self.validating = None,
            LogEvent::ClientAuthentication(named) => self.note(named, |seen| seen.client_authentication = true),
            LogEvent::BeginSelect => self.selecting = true,
            LogEvent::NoCriteria(store) => self.store = Some(store.to_owned()),
            LogEvent::Selected(named) => {
                self.place(named);
                self.selected = Some(named.thumbprint.to_owned());
            }
            LogEvent::Result(result) => self.result = self.result.or(Some(result)),
        }
    }

    /// Whether an event belongs to the next selection.
    fn is_over_at(&self, event: &LogEvent<'_>) -> bool {
        match event {
            LogEvent::BeginIssuers => !self.is_empty(),
            LogEvent::BeginSelect => self.selecting || self.has_ended(),
            // What the client says after its choice is about the connection.
            LogEvent::Chain
            | LogEvent::Available
            | LogEvent::HttpsEnforced
            | LogEvent::Result(_)
            | LogEvent::CompletedValidation(_) => false,
            LogEvent::Issuer(_)
            | LogEvent::Found(..)
            | LogEvent::Skipping(..)
            | LogEvent::CompletedIssuers
            | LogEvent::BeginValidation(_)
            | LogEvent::CrlCheck
            | LogEvent::ChainResult(_)
            | LogEvent::Expired(_)
            | LogEvent::ClientAuthentication(_)
            | LogEvent::NoCriteria(_)
            | LogEvent::Selected(_) => self.has_ended(),
        }
    }
}

/// What was read in a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LogReading {
    passes: Vec<LoggedSelection>,
    known: usize,
    unknown: usize,
    left_out: usize,
}

impl LogReading {
    /// Reads the text of a log: CMTrace lines, plain messages, or both.
    pub(crate) fn of(text: &str) -> LogReading {
        let mut reading = LogReading::default();
        let mut pass = LoggedSelection::default();
        for (message, instant) in (Messages { lines: text.lines() }) {
            let Some(event) = LogEvent::of(&message) else {
                reading.unknown += 1;
                continue;
            };
            reading.known += 1;
            if pass.is_over_at(&event) {
                reading.keep(std::mem::take(&mut pass));
            }
            if pass.is_empty() {
                pass.begin = instant;
            }
            pass.add(event);
        }
        reading.keep(pass);
        reading.drop_first();
        reading
    }

    fn keep(&mut self, pass: LoggedSelection) {
        if pass.is_empty() {
            return;
        }
        self.passes.push(pass);
        // The last ones count; dropping many at once keeps the work linear.
        if self.passes.len() >= 2 * KEPT_PASSES {
            self.drop_first();
        }
    }

    fn drop_first(&mut self) {
        let more = self.passes.len().saturating_sub(KEPT_PASSES);
        self.passes.drain(..more);
        self.left_out += more;
    }

    /// The selections, in the order of the log; at most the last thousand.
    pub(crate) fn passes(&self) -> &[LoggedSelection] {
        &self.passes
    }

    /// The selection that is compared: the last one whose end is known, else the last one.
    pub(crate) fn last(&self) -> Option<&LoggedSelection> {
        self.passes.iter().rfind(|pass| pass.has_ended()).or(self.passes.last())
    }

    /// Lines of known wording.
    pub(crate) fn known_lines(&self) -> usize {
        self.known
    }

    /// Lines of any other wording; they are not guessed at.
    pub(crate) fn unknown_lines(&self) -> usize {
        self.unknown
    }

    /// Selections before those that are kept.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }
}

/// The messages of a log with their instants.
struct Messages<'a> {
    lines: std::str::Lines<'a>,
}

impl Iterator for Messages<'_> {
    type Item = (String, Option<Timestamp>);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.lines.by_ref().find(|line| !line.trim().is_empty())?;
        let first = first.trim_start_matches('\u{feff}');
        if !first.starts_with(BEGIN) {
            return Some((first.to_owned(), None));
        }
        let mut text = first.to_owned();
        let mut count = 1;
        while !text.contains(END) && count < MESSAGE_LINES {
            let Some(more) = self.lines.next() else { break };
            text.push(' ');
            text.push_str(more);
            count += 1;
        }
        if let Ok(line) = text.trim_end().parse::<LogLine>() {
            return Some((line.message().to_owned(), Some(line.instant())));
        }
        // Damaged attributes: the message may still be whole.
        let message = text.strip_prefix(BEGIN).unwrap_or(&text);
        let message = message.split_once(END).map_or(message, |(message, _)| message);
        Some((message.to_owned(), None))
    }
}

const BEGIN: &str = "<![LOG[";
const END: &str = "]LOG]!>";

#[cfg(all(test, repository))]
#[path = "../../../tests/units/report_reality_read.rs"]
mod tests;
