//! The world outside, handed in: streams, clock and terminal. Tests hand in their own.

use super::args::ColorChoice;
use super::jobs::Stdin;
use crate::time::Timestamp;
use std::io::{self, Write};

/// What a command may touch.
pub struct Io<'a> {
    pub stdin: Stdin<'a>,
    /// The answers, in input order.
    pub stdout: &'a mut dyn Write,
    /// Everything else.
    pub stderr: &'a mut dyn Write,
    /// The clock, read once at the start.
    pub clock: Timestamp,
    pub terminal: Terminal,
}

/// What is known about the terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terminal {
    /// Its width in columns; `None` where stdout is not a terminal.
    pub width: Option<usize>,
    /// Whether the user asked for no colour (`NO_COLOR`).
    pub no_color: bool,
    /// Whether stderr is a terminal, and can show progress.
    pub progress: bool,
}

impl Terminal {
    /// Whether text is coloured under this choice.
    pub(crate) fn coloured(self, choice: ColorChoice) -> bool {
        match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => self.width.is_some() && !self.no_color,
        }
    }
}

/// A stream whose reader may go away without a consequence: standard error. The answers and the exit status do not depend
/// on whether someone reads the notes.
pub(crate) struct Unfailing<'a>(pub &'a mut dyn Write);

impl Write for Unfailing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => Ok(bytes.len()),
            done => done,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}

/// The end of a run: the answer is written, or its reader has seen enough, as `head` does. Then the status is that of the
/// machines which were answered up to there.
///
/// # Errors
/// Standard output cannot be written for another reason.
pub(crate) fn ended(written: io::Result<()>, status: ExitStatus, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    match written.and_then(|()| io.stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        Err(error) => Err(error),
        Ok(()) => Ok(status),
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    /// Every machine is ready.
    Ready = 0,
    /// Some machine is not.
    NotReady = 1,
    /// Some input does not read.
    BadInput = 2,
}
