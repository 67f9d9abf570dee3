//! `cmhttpsreadiness`: the streams, the clock and the terminal, handed to the command line.

#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "the clock and the environment are read here, once, and handed in")]

use ccmcertsel::Timestamp;
use ccmcertsel::cli::{self, Io, Terminal};
use std::io::{BufWriter, IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let mut stdin = std::io::BufReader::new(std::io::stdin());
    let mut stdout = BufWriter::new(answers());
    let mut stderr = std::io::stderr();
    let progress = stderr.is_terminal();
    let mut io = Io {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        clock: Timestamp::from(time::OffsetDateTime::now_utc()),
        terminal: Terminal {
            width: width.filter(|_| std::io::stdout().is_terminal()),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            progress,
        },
    };
    let status = cli::run(std::env::args_os(), &mut io);
    ExitCode::from(status as u8)
}

/// Standard output, every failure of it included: the standard library takes a descriptor that nothing can be written to for
/// one that is closed, and says that all is well.
#[cfg(unix)]
fn answers() -> Box<dyn Write> {
    use std::os::fd::AsFd;
    match std::io::stdout().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(std::io::stdout()),
    }
}

#[cfg(not(unix))]
fn answers() -> Box<dyn Write> {
    Box::new(std::io::stdout())
}
