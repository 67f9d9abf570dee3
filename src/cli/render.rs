//! How an answer is written. The words and forms are the library's report; here they meet options and terminal.

use super::args::{Format, OutputArgs};
use super::io::Terminal;
use super::prepare::{MachineError, Prepared};
use ccmcertsel::{Hresult, Selection};
use serde::Serialize;

/// The schema of the documents.
const SCHEMA: u32 = 1;

/// How all answers of a run are written.
pub struct Rendering {
    pub format: Format,
    coloured: bool,
    width: usize,
}

impl Rendering {
    pub fn new(args: &OutputArgs, terminal: Terminal) -> Self {
        Rendering {
            format: args.format,
            coloured: terminal.coloured(args.color),
            width: terminal.width.unwrap_or(80),
        }
    }

    /// What stands before all answers.
    pub fn head(&self) -> &'static str {
        ""
    }

    /// What stands between two answers.
    pub fn between(&self) -> &'static str {
        match self.format {
            Format::Text => "\n",
            Format::Json | Format::Log | Format::Csv => "",
        }
    }

    /// One machine's answer.
    pub fn selection(&self, prepared: &Prepared, selection: &Selection) -> String {
        let _ = (self.coloured, self.width);
        format!("{}: {:?}\n", prepared.name, selection.outcome())
    }
}

/// The document of a machine that cannot be judged.
pub fn machine_error(error: &MachineError) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        schema: u32,
        machine: &'a str,
        error: Error<'a>,
    }
    #[derive(Serialize)]
    struct Error<'a> {
        message: &'a str,
        input: Option<&'a str>,
        span: Option<[usize; 2]>,
        line: Option<usize>,
        hresult: Option<String>,
    }
    let inner = &error.error;
    let document = Document {
        schema: SCHEMA,
        machine: &error.machine,
        error: Error {
            message: &inner.message,
            input: inner.input.as_deref(),
            span: inner.span.as_ref().map(|span| [span.start, span.end]),
            line: inner.line,
            hresult: inner.hresult.map(|code| Hresult(code).to_string()),
        },
    };
    // Strings and numbers always serialize.
    serde_json::to_string(&document).unwrap_or_default() + "\n"
}
