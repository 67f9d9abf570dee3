//! The command line: arguments and files become values of the library, and its report becomes text.

pub mod args;
mod cache;
mod compare;
mod connect;
mod convert;
mod error;
mod explain;
mod export;
mod fleet;
mod folder;
mod inventory;
pub mod io;
mod jobs;
mod judge;
mod lines;
mod load;
mod machine;
mod nearest;
mod prepare;
mod properties;
mod render;
mod settings;
mod single;
mod slash;
mod stream;
mod suggest;
mod text;
mod timeline;
mod trace;

use args::{Cli, Command};
use clap::Parser;
use io::{ExitStatus, Io};
use std::ffi::OsString;

/// Runs one command line; the first argument is the program's name.
pub fn run(args: impl Iterator<Item = OsString>, io: &mut Io<'_>) -> ExitStatus {
    let cli = match Cli::try_parse_from(slash::rewrite(args)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, io),
    };
    let done = match cli.command {
        Some(Command::Explain(args)) => explain::run(&args, io),
        Some(Command::Compare(args)) => compare::run(&args, io),
        Some(Command::Timeline(args)) => timeline::run(&args, io),
        Some(Command::Suggest(args)) => suggest::run(&args, io),
        Some(Command::Convert(args)) => convert::run(&args, io),
        Some(Command::Connect(args)) => connect::run(&args, io),
        None => judge::run(&cli.judge, io),
    };
    done.unwrap_or_else(|error| {
        // Nothing more can be said where stderr is gone as well.
        let _ = writeln!(io.stderr, "error: cannot write the answer: {error}");
        ExitStatus::BadInput
    })
}

/// Help and version are answers; anything else that clap says is bad input.
fn usage(error: &clap::Error, io: &mut Io<'_>) -> ExitStatus {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(io.stderr, "{text}");
        ExitStatus::BadInput
    } else {
        let _ = write!(io.stdout, "{text}");
        ExitStatus::Ready
    }
}
