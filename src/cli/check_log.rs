//! `check-log`: what a client's log says that it saw and chose, and whether the prediction agrees.

use super::args::{AnswerArgs, AnswerFormat, SettingArgs, SourceArgs};
use super::io::{ExitStatus, Io, ended};
use super::json;
use super::single::{self, OneMachine};
use crate::machine::bytes;
use crate::machine::error::InputError;
use crate::report::NowSource;
use crate::report::reality::{Agreement, LogReading, RealityDocument, compare_readings, render};
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// Dates and CRLs are others after that.
const TOLERANCE_HOURS: u64 = 24;

/// The arguments of `check-log`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 the log agrees (or was read, without --machine), 1 it differs or cannot be compared, \
                        2 bad input."
)]
pub(crate) struct CheckLogArgs {
    /// ClientIDManagerStartup.log, CcmMessaging.log, CMHttpsReadiness.log or smsts.log, rolled ones first
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,
    /// The machine that wrote it: a machine folder, an inventory, or an export; without it the log is only told
    #[arg(long, value_name = "MACHINE", help_heading = "Input")]
    machine: Option<PathBuf>,
    /// A selection further than this from the machine's `now` is not compared; a machine without one is judged at the
    /// log's own time
    #[arg(long, value_name = "HOURS", default_value_t = TOLERANCE_HOURS, help_heading = "Input")]
    within: u64,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    settings: SettingArgs,
    #[command(flatten)]
    output: AnswerArgs,
}

/// Reads the logs and compares them.
///
/// # Errors
/// Standard output or error cannot be written.
pub(crate) fn run(args: &CheckLogArgs, io: &mut Io<'_>) -> io::Result<ExitStatus> {
    let mut whole = String::new();
    for path in &args.logs {
        match read(path) {
            Ok(text) => {
                whole.push_str(&text);
                whole.push('\n');
            }
            Err(error) => return single::bad_input(&error.in_file(path), io),
        }
    }
    let reading = LogReading::of(&whole);
    let prepared = match &args.machine {
        None => None,
        Some(machine) => {
            let one =
                OneMachine { machine: machine.clone(), source: args.source.clone(), settings: args.settings.clone() };
            match single::read(&one, io) {
                Ok(prepared) => Some(prepared),
                Err(error) => return single::bad_input(&error, io),
            }
        }
    };
    let mut status = ExitStatus::Ready;
    let mut comparison = None;
    if let Some(prepared) = &prepared {
        single::notes(prepared, io)?;
        let pass = reading.last();
        let begin = pass.and_then(|pass| pass.begin());
        let now = match (prepared.now_source, begin) {
            (NowSource::Clock, Some(begin)) => begin,
            _ => prepared.now,
        };
        let within = args.within.saturating_mul(3600);
        comparison = pass.map(|pass| compare_readings(pass, &prepared.selector, now, within));
        let agrees = comparison.as_ref().is_some_and(|it| it.agreement() == Agreement::Agrees);
        status = if agrees { ExitStatus::Ready } else { ExitStatus::NotReady };
    }
    let machine = prepared.as_ref().map(|prepared| prepared.name.as_str());
    let text = match args.output.format {
        AnswerFormat::Json => {
            json::line(&RealityDocument { reading: &reading, machine, comparison: comparison.as_ref() })
        }
        AnswerFormat::Text => render(&reading, comparison.as_ref(), machine, args.output.layout.options(io.terminal)),
    };
    ended(write!(io.stdout, "{text}"), status, io)
}

fn read(path: &Path) -> Result<String, InputError> {
    Ok(decode(&bytes::named(path)?))
}

/// UTF-16 by its mark, else UTF-8. What does not decode becomes a replacement character: a log may be cut anywhere, and an
/// older client writes names in the code page of its system.
fn decode(bytes: &[u8]) -> String {
    let unit = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => u16::from_le_bytes,
        Some([0xFE, 0xFF]) => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(bytes).into_owned(),
    };
    let units = bytes.as_chunks::<2>().0.iter().skip(1).map(|pair| unit(*pair));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_and_damage_are_read() {
        let text = "CRL check enabled. \u{e4}";
        let utf16 =
            |unit: fn(u16) -> [u8; 2]| format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        assert_eq!(decode(&utf16(u16::to_le_bytes)), text);
        assert_eq!(decode(&utf16(u16::to_be_bytes)), text);
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(b"\xFF\xFEa\0b"), "a");
        assert_eq!(decode(b"f\xFCr"), "f\u{fffd}r");
    }
}
