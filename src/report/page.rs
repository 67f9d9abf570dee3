//! Text of bounded width, in colours or without.

use super::order::Order;

/// Whether the text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Colour {
    /// It is not.
    #[default]
    Plain,
    /// By ANSI escape sequences.
    Ansi,
}

/// How the text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextOptions {
    width: usize,
    colour: Colour,
    order: Order,
    detail: Detail,
}

/// How much a report says beside the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Detail {
    /// What helps to mend the machine.
    #[default]
    Answer,
    /// What the client reports to its site as well.
    Audit,
}

/// What a terminal has unless it says otherwise.
const DEFAULT_WIDTH: usize = 80;
/// Narrower than this no line is wrapped, so that a row stays a row.
const MIN_WIDTH: usize = 40;

impl Default for TextOptions {
    fn default() -> Self {
        TextOptions { width: DEFAULT_WIDTH, colour: Colour::Plain, order: Order::default(), detail: Detail::default() }
    }
}

impl TextOptions {
    /// Sets the width in characters; the least is 40.
    #[must_use]
    pub(crate) fn with_width(mut self, width: usize) -> Self {
        self.width = width.max(MIN_WIDTH);
        self
    }

    /// Sets the colour.
    #[must_use]
    pub(crate) fn with_colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// Sets the order of the certificates.
    #[must_use]
    pub(crate) fn with_order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Sets how much is said beside the answer.
    #[must_use]
    pub(crate) fn with_detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    /// The order of the certificates.
    pub(crate) fn order(&self) -> Order {
        self.order
    }

    /// How much is said beside the answer.
    pub(crate) fn detail(&self) -> Detail {
        self.detail
    }
}

/// The colours, by what they say.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    Good,
    Bad,
    Doubtful,
    Quiet,
    Strong,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Doubtful => "33",
            Tone::Quiet => "2",
            Tone::Strong => "1",
        }
    }
}

/// A text that grows by lines of bounded width.
pub(crate) struct Page {
    text: String,
    options: TextOptions,
}

impl Page {
    pub(crate) fn new(options: TextOptions) -> Self {
        Page { text: String::new(), options }
    }

    pub(crate) fn width(&self) -> usize {
        self.options.width
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn tone(&self, tone: Tone, text: &str) -> String {
        match self.options.colour {
            Colour::Plain => text.to_owned(),
            Colour::Ansi => format!("\u{1b}[{}m{text}\u{1b}[0m", tone.code()),
        }
    }

    /// A line of its own, not wrapped.
    pub(crate) fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// A paragraph, wrapped between words; the lines after the first begin with `hang` blanks, and the first continues
    /// what stands on its line already, which is `used` characters wide.
    pub(crate) fn wrapped(&mut self, text: &str, used: usize, hang: usize, tone: Option<Tone>) {
        let mut column = used;
        let mut line = String::new();
        let mut lines = Vec::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            let gap = usize::from(!line.is_empty());
            if !line.is_empty() && column + gap + length > self.options.width {
                lines.push(std::mem::take(&mut line));
                column = hang;
            }
            if !line.is_empty() {
                line.push(' ');
                column += 1;
            }
            line.push_str(word);
            column += length;
        }
        lines.push(line);
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.text.push_str(&" ".repeat(hang));
            }
            match tone {
                Some(tone) => self.text.push_str(&self.tone(tone, line)),
                None => self.text.push_str(line),
            }
            self.text.push('\n');
        }
    }

    pub(crate) fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }
}
