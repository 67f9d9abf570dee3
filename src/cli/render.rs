//! How an answer is written: the library's report, with the options and the terminal of this run.

use super::args::{Format, OutputArgs};
use super::io::Terminal;
use super::prepare::{MachineError, Prepared};
use ccmcertsel::report::json::Unjudged;
use ccmcertsel::report::text::{Colour, TextOptions};
use ccmcertsel::report::{ReadinessReport, text};
use ccmcertsel::{Hresult, Selection};

/// How all answers of a run are written.
pub struct Rendering {
    pub format: Format,
    text: TextOptions,
}

impl Rendering {
    pub fn new(args: &OutputArgs, terminal: Terminal) -> Self {
        let colour = match terminal.coloured(args.color) {
            true => Colour::Ansi,
            false => Colour::Plain,
        };
        let mut text = TextOptions::default().with_colour(colour);
        if let Some(width) = terminal.width {
            text = text.with_width(width);
        }
        Rendering {
            format: args.format,
            text,
        }
    }

    /// What stands between two answers.
    pub fn between(&self) -> &'static str {
        match self.format {
            Format::Text => "\n",
            Format::Json | Format::Log | Format::Csv => "",
        }
    }

    /// One machine's answer.
    pub fn selection(&self, prepared: &Prepared, selection: Selection) -> String {
        let selector = &prepared.selector;
        let report = ReadinessReport::new(selector.stores(), selector.machine(), selector.settings(), selection)
            .with_now_source(prepared.now_source);
        match self.format {
            Format::Text | Format::Log | Format::Csv => text::render(&report, self.text),
            // Strings and numbers always serialize.
            Format::Json => serde_json::to_string(&report).unwrap_or_default() + "\n",
        }
    }
}

/// The document of a machine that cannot be judged.
pub fn machine_error(error: &MachineError) -> String {
    let inner = &error.error;
    let mut document = Unjudged::new(error.machine.as_str(), inner.message.as_str());
    if let (Some(input), Some(span)) = (&inner.input, &inner.span) {
        document = document.at(input.as_str(), span.clone());
    }
    if let Some(line) = inner.line {
        document = document.on_line(line);
    }
    if let Some(hresult) = inner.hresult {
        document = document.with_hresult(Hresult(hresult));
    }
    serde_json::to_string(&document).unwrap_or_default() + "\n"
}
