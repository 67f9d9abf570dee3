//! `completions` and `man`: what shells and the reader of manuals need, made of the command line itself.

use super::io::{ExitStatus, Io, ended};
use super::single;
use crate::machine::error::InputError;
use crate::machine::nearest;
use clap::{Args, Command};
use clap_complete::Shell;
use std::io;

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// The arguments of `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command whose page it is; without it the page of the program
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Writes the completions of a shell.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn completions(args: &CompletionsArgs, mut program: Command, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let name = program.get_name().to_owned();
    // Into memory first: the generator takes a stream that cannot be written for a fault.
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut program, name, &mut text);
    let written = io.stdout.write_all(&text);
    ended(written, ExitStatus::Ready, io)
}

/// Writes a page of the manual, as roff.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn man(args: &ManArgs, mut program: Command, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    program.build();
    let page = match args.command.as_deref() {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let known: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
                let error = InputError::new(nearest::unknown_key("command", name, known)).at(name, 0..name.len());
                return single::bad_input(&error, io);
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    let written = io.stdout.write_all(&text);
    ended(written, ExitStatus::Ready, io)
}
