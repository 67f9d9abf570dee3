//! ccmsetup.log, which says what CCMSetup was started with and what reached client.msi (rule Q-4).

use super::error::ParseError;
use super::{MobileClientFile, Properties, row};
use crate::choices::IssuerSyntax;

/// What ccmsetup.log says of the runs of CCMSetup, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CcmSetupLog {
    runs: Vec<CcmSetupRun>,
}

/// One run: the process that a person or a tool started, and the service that it started in turn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CcmSetupRun {
    command_lines: Vec<String>,
    installer: Vec<String>,
    rows: Vec<String>,
}

/// The service goes on with the run before it.
const SERVICE: &str = "/runservice";

impl CcmSetupLog {
    /// Reads the bytes of the file, in UTF-8, UTF-16 or code page 1252: lines in the form of CMTrace, or as a viewer copies
    /// them. Lines that say nothing about properties are passed over.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let file = MobileClientFile::parse(bytes);
        let mut log = CcmSetupLog::default();
        messages(file.text(), |message| log.take(message));
        log
    }

    fn take(&mut self, message: &str) {
        let lower = message.to_ascii_lowercase();
        let trimmed = message.trim_start();
        if let Some((_, at)) = found(&lower, "command line:") {
            let line = message.get(at..).unwrap_or_default().trim().to_owned();
            let goes_on = lower.contains(SERVICE) && !self.runs.is_empty();
            if !goes_on {
                self.runs.push(CcmSetupRun::default());
            }
            self.with_run(|run| run.command_lines.push(line));
        } else if let Some((_, at)) = found(&lower, "properties:").filter(|(before, _)| is_label(before)) {
            let line = message.get(at..).unwrap_or_default().trim().to_owned();
            self.with_run(|run| run.installer.push(line));
        } else if row::log_row(trimmed).is_some() {
            let line = trimmed.trim_end().to_owned();
            self.with_run(|run| run.rows.push(line));
        }
    }

    /// The last run; a log whose beginning was cut off has one that begins in its middle.
    fn with_run(&mut self, change: impl FnOnce(&mut CcmSetupRun)) {
        if self.runs.is_empty() {
            self.runs.push(CcmSetupRun::default());
        }
        if let Some(run) = self.runs.last_mut() {
            change(run);
        }
    }

    /// The runs in order.
    #[cfg(test)]
    pub(crate) fn runs(&self) -> &[CcmSetupRun] {
        &self.runs
    }

    /// The last run.
    pub(crate) fn last_run(&self) -> Option<&CcmSetupRun> {
        self.runs.last()
    }
}

impl CcmSetupRun {
    /// The command lines, as the log has them.
    #[cfg(test)]
    pub(crate) fn command_lines(&self) -> &[String] {
        &self.command_lines
    }

    /// What the run was given: what reached client.msi, over the command lines, over the values that the log lists.
    ///
    /// # Errors
    ///
    /// [`ParseError`] with its place in the message.
    pub(crate) fn properties(&self, syntax: IssuerSyntax) -> Result<Properties, ParseError> {
        let lines = self.rows.iter().chain(&self.command_lines).chain(&self.installer);
        lines.rev().try_fold(Properties::default(), |upper, line| Ok(upper.over(Properties::parse(line, syntax)?)))
    }
}

/// `MSI properties:` or `Properties:`, and not a sentence that ends so.
fn is_label(before: &str) -> bool {
    matches!(before.trim(), "" | "msi")
}

/// The text before a word, and the place behind it.
fn found<'t>(lower: &'t str, word: &str) -> Option<(&'t str, usize)> {
    let at = lower.find(word)?;
    Some((lower.get(..at)?, at + word.len()))
}

/// The messages of a log: between the frames of CMTrace, or where there are none each line up to its columns.
fn messages(text: &str, mut take: impl FnMut(&str)) {
    const START: &str = "<![LOG[";
    const END: &str = "]LOG]!>";
    if !text.contains(START) {
        for line in text.split(['\n', '\r']) {
            let message = line.split("$$<").next().unwrap_or_default();
            take(message.split('\t').next().unwrap_or_default());
        }
        return;
    }
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once(START) {
        // A frame that is not closed ends where the next begins, or with the file.
        let limit = behind.find(START).unwrap_or(behind.len());
        let inside = behind.get(..limit).unwrap_or_default();
        take(inside.split(END).next().unwrap_or_default());
        rest = behind.get(limit..).unwrap_or_default();
    }
}
