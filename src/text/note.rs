//! What is worth knowing about a command line that parses, and the items in it that are not ours (rules ).

use super::Property;
use std::ops::Range;

/// An item of a command line that is not ours: another property or switch, or a word.
#[derive(Debug, Clone)]
pub(crate) struct UnknownProperty {
    pub(super) text: String,
    pub(super) span: Range<usize>,
    pub(super) nearest: Option<&'static str>,
    pub(super) held: Option<&'static str>,
    pub(super) cut_off: bool,
    pub(super) other: bool,
}

impl UnknownProperty {
    /// The item without its quotes.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its place in the line, in bytes.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The property or switch that its name resembles.
    pub(crate) fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }

    /// The first of our names that it holds, in a form that no rule reads.
    pub(crate) fn held(&self) -> Option<&'static str> {
        self.held
    }

    /// Whether it is one of the documented parameters that do not bear on the selection, such as `CCMHOSTNAME`.
    pub(crate) fn is_documented(&self) -> bool {
        self.other
    }

    /// Whether it is a word behind a `NAME=value`: the rest of a value with blanks and without quotes, more often than
    /// not. Words in capitals are not; there are properties that stand alone, such as `CCMALLOWSILENTREBOOT`.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.cut_off
    }
}

/// Whether an item has the form of a word, rather than of a property or switch.
pub(super) fn is_word(text: &str) -> bool {
    let property = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    !text.starts_with(['/', '-']) && !text.contains('=') && !property && text.contains(char::is_alphanumeric)
}

/// Whether an item names a program that is started, a command of PowerShell that starts one, or a variable of it.
pub(crate) fn is_program(text: &str) -> bool {
    const STARTS: [&str; 3] = ["Start-Process", "Invoke-Command", "Invoke-Expression"];
    const FILES: [&str; 5] = [".exe", ".msi", ".cmd", ".bat", ".ps1"];
    let ends = |file: &&str| {
        let tail = text.len().checked_sub(file.len()).and_then(|at| text.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(file))
    };
    let is_variable = text.starts_with('$') && !text.contains('=');
    is_variable || STARTS.iter().any(|start| text.eq_ignore_ascii_case(start)) || FILES.iter().any(ends)
}

impl PartialEq for UnknownProperty {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for UnknownProperty {}

/// What is worth knowing about a line that parses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum PropertyNote {
    /// A property with an empty value: Windows Installer drops it (I-2).
    Dropped {
        /// The property.
        property: Property,
        /// Its place in the line, in bytes.
        span: Range<usize>,
    },
    /// A property that an earlier item had set: the later one counts.
    Repeated {
        /// The property.
        property: Property,
        /// The place of the later one, in bytes.
        span: Range<usize>,
    },
    /// A value in quotes that Windows Installer does not know: `'`, or escaped as another shell has it.
    ForeignQuotes {
        /// The property.
        property: Property,
        /// Its place in the line, in bytes.
        span: Range<usize>,
    },
    /// A value that holds another item of ours: a quote is missing or stands wrong.
    HoldsAnother {
        /// The property.
        property: Property,
        /// The name inside its value.
        held: &'static str,
        /// Its place in the line, in bytes.
        span: Range<usize>,
    },
    /// A line of `mobileclient.tcf`, which is read here and by no client on a command line.
    FileLine {
        /// The property that says the same on a command line.
        property: Property,
        /// Its place in the line, in bytes.
        span: Range<usize>,
    },
}
