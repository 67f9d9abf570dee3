//! The CMTrace line form: one message a line, written and read back.

use crate::shown::{beginning, one_line};
use crate::time::Timestamp;
use std::fmt;
use std::str::FromStr;

/// The type of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// 0
    Verbose,
    /// 1
    Information,
    /// 2
    Warning,
    /// 3
    Error,
}

impl Severity {
    /// The number in the attribute `type`.
    pub(crate) fn number(self) -> u8 {
        match self {
            Severity::Verbose => 0,
            Severity::Information => 1,
            Severity::Warning => 2,
            Severity::Error => 3,
        }
    }
}

/// One line of a CMTrace log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogLine {
    message: String,
    instant: Timestamp,
    milliseconds: u16,
    /// Local time minus UTC.
    offset_minutes: i16,
    component: String,
    severity: Severity,
    thread: u32,
    file: String,
}

/// CMTrace reads a line into a buffer of some thousand characters.
const MESSAGE_CHARACTERS: usize = 4000;
/// A foreign text as it is in a message of this crate's log, unless the message is cut.
pub(in crate::report) fn shown(text: &str) -> String {
    whole(one_line(text))
}

/// A message cannot end its line early.
fn whole(message: String) -> String {
    message.replace(MESSAGE_END, "]LOG]! >")
}

/// What ends a message.
const MESSAGE_END: &str = "]LOG]!>";

impl LogLine {
    /// A line of this crate's log. The message becomes one line that cannot end before its end.
    pub(super) fn new(severity: Severity, message: &str, instant: Timestamp, offset_minutes: i16) -> Self {
        let message = beginning(message, MESSAGE_CHARACTERS);
        LogLine {
            message: whole(message),
            instant,
            milliseconds: 0,
            offset_minutes,
            component: COMPONENT.to_owned(),
            severity,
            thread: 0,
            file: FILE.to_owned(),
        }
    }

    /// The message.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The type.
    #[cfg(test)]
    pub(crate) fn severity(&self) -> Severity {
        self.severity
    }

    /// When, in UTC; milliseconds are dropped.
    pub(crate) fn instant(&self) -> Timestamp {
        self.instant
    }
}

const COMPONENT: &str = "CMHttpsReadiness";
/// The product names its source file and line here; this crate has none to name.
const FILE: &str = "cmhttpsreadiness";

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.instant.unix_seconds() + i64::from(self.offset_minutes) * 60;
        let local = Timestamp::from_unix_seconds(local).to_string();
        // `2026-01-15T09:00:00Z`: Timestamp prints every part at its full width.
        let part = |from: usize, to: usize| local.get(from..to).unwrap_or_default();
        write!(
            f,
            "<![LOG[{}]LOG]!><time=\"{}.{:03}{:+04}\" date=\"{}-{}\" component=\"{}\" context=\"\" type=\"{}\" \
             thread=\"{}\" file=\"{}\">",
            self.message,
            part(11, 19),
            self.milliseconds,
            -self.offset_minutes,
            part(5, 10),
            part(0, 4),
            self.component,
            self.severity.number(),
            self.thread,
            self.file
        )
    }
}

/// What is wrong with a text that should be a CMTrace line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a CMTrace line: {problem}")]
pub(crate) struct LogLineError {
    problem: &'static str,
}

const fn error(problem: &'static str) -> LogLineError {
    LogLineError { problem }
}

impl FromStr for LogLine {
    type Err = LogLineError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("<![LOG[").ok_or(error("it must begin with `<![LOG[`"))?;
        let (message, rest) = rest.split_once(MESSAGE_END).ok_or(error("`]LOG]!>` must end the message"))?;
        if message.contains(['\n', '\r']) {
            return Err(error("a message is one line"));
        }
        let rest = rest.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let attributes = rest.ok_or(error("attributes between `<` and `>` must follow the message"))?;
        let value = |name: &'static str| -> Result<&str, LogLineError> {
            let from = attributes.split_once(&format!("{name}=\"")).ok_or(error("an attribute is missing"))?.1;
            Ok(from.split_once('"').ok_or(error("a value is not closed"))?.0)
        };
        let (instant, milliseconds, offset_minutes) = instant(value("date")?, value("time")?)?;
        Ok(LogLine {
            message: message.to_owned(),
            instant,
            milliseconds,
            offset_minutes,
            component: value("component")?.to_owned(),
            severity: match value("type")? {
                "0" => Severity::Verbose,
                "1" => Severity::Information,
                "2" => Severity::Warning,
                "3" => Severity::Error,
                _ => return Err(error("`type` is 0, 1, 2 or 3")),
            },
            thread: value("thread")?.parse().map_err(|_| error("`thread` is a number"))?,
            file: value("file")?.to_owned(),
        })
    }
}

/// `05-04-2020` and `15:01:05.696-120`: the suffix *added to local time gives UTC*.
fn instant(date: &str, time: &str) -> Result<(Timestamp, u16, i16), LogLineError> {
    const DATE: LogLineError = error("`date` is MM-DD-YYYY");
    const TIME: LogLineError = error("`time` is HH:MM:SS.mmm and the offset in minutes, such as -120 or +000");
    let mut parts = date.split('-');
    let (Some(month), Some(day), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(DATE);
    };
    let (clock, fraction) = time.split_once('.').ok_or(TIME)?;
    let sign = fraction.find(['+', '-']).ok_or(TIME)?;
    let (fraction, suffix) = fraction.split_at(sign);
    let milliseconds: u16 = fraction.parse().map_err(|_| TIME)?;
    let suffix: i16 = suffix.parse().map_err(|_| TIME)?;
    // A day is the largest offset that makes sense; it also keeps the sum in range.
    if milliseconds > 999 || !(-1440..=1440).contains(&suffix) {
        return Err(TIME);
    }
    let local: Timestamp = format!("{year}-{month}-{day}T{clock}Z").parse().map_err(|_| TIME)?;
    let utc = local.unix_seconds() + i64::from(suffix) * 60;
    Ok((Timestamp::from_unix_seconds(utc), milliseconds, -suffix))
}

#[cfg(all(test, repository))]
#[path = "../../../tests/units/report_log_line.rs"]
mod tests;
