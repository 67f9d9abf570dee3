//! How an answer is written: the library's report, with the options and the terminal of this run.

use super::args::{CellArgs, LayoutArgs, OrderChoice, OutputArgs, OutputFormat};
use super::fleet::csv_row;
use super::io::Terminal;
use super::json;
use super::prepare::MachineError;
use crate::report::fleet::{self, Risk};
use crate::report::json::Unjudged;
use crate::report::log::{self, LogOptions};
use crate::report::text::{Colour, Detail, Order, TextOptions};
use crate::report::{ReadinessReport, csv, text};

impl LayoutArgs {
    /// The layout of text on this run's terminal.
    pub(crate) fn options(self, terminal: Terminal) -> TextOptions {
        let colour = if terminal.coloured(self.color) { Colour::Ansi } else { Colour::Plain };
        let order = match self.order {
            OrderChoice::Nearest => Order::Nearest,
            OrderChoice::Store => Order::Store,
        };
        let text = TextOptions::default().with_colour(colour).with_order(order);
        match self.width.or(terminal.width) {
            Some(width) => text.with_width(width),
            None => text,
        }
    }
}

/// How all answers of a run are written.
pub(crate) struct Rendering {
    pub format: OutputFormat,
    text: TextOptions,
    cells: CellArgs,
}

impl Rendering {
    pub(crate) fn new(args: &OutputArgs, terminal: Terminal) -> Self {
        Rendering { format: args.format, text: args.layout.options(terminal), cells: args.cells }
    }

    /// The same with what the client reports to its site.
    pub(crate) fn with_detail(mut self, detail: Detail) -> Self {
        self.text = self.text.with_detail(detail);
        self
    }

    /// What stands between two answers.
    pub(crate) fn between(&self) -> &'static str {
        match self.format {
            OutputFormat::Text => "\n",
            OutputFormat::Json
            | OutputFormat::Log
            | OutputFormat::Csv
            | OutputFormat::Html
            | OutputFormat::Ics
            | OutputFormat::Summary => "",
        }
    }

    /// A row for spreadsheets.
    pub(crate) fn csv_row(&self, cells: &[String]) -> String {
        csv_row(cells, self.cells)
    }

    /// How text is laid out.
    pub(crate) fn text(&self) -> TextOptions {
        self.text
    }

    /// One machine's answer; `risks` are those of the fleet's line and row.
    pub(crate) fn report(&self, report: &ReadinessReport<'_>, risks: &[Risk], layout: Layout) -> String {
        match (self.format, layout) {
            (OutputFormat::Text, Layout::Whole) => text::render(report, self.text),
            (OutputFormat::Text, Layout::Line) => fleet::line(report, risks, self.text),
            (OutputFormat::Log, _) => log::render(report, LogOptions::default()),
            (OutputFormat::Csv, _) => self.csv_row(&csv::row(report, risks)),
            (OutputFormat::Json, _) => json::line(report),
            // They are of all machines together.
            (OutputFormat::Html | OutputFormat::Ics | OutputFormat::Summary, _) => String::new(),
        }
    }
}

/// How much of a machine is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The whole report.
    Whole,
    /// A line, as one of many.
    Line,
}

/// The document of a machine that cannot be judged.
pub(crate) fn machine_error(error: &MachineError) -> String {
    let inner = &error.error;
    let mut document = Unjudged::new(error.machine.as_str(), inner.message.as_str());
    if let (Some(input), Some(span)) = (&inner.input, &inner.span) {
        document = document.at(&**input, span.clone());
    }
    if let Some(line) = inner.line {
        document = document.on_line(line.get());
    }
    if let Some(hresult) = inner.hresult {
        document = document.with_hresult(hresult);
    }
    json::line(&document)
}
