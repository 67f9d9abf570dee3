//! One error for all the small languages: what, where, in which text, and how it looks with a caret.

use crate::hresult::Hresult;
use crate::rules::Rule;
use crate::shown::{Quoted, QuotedBy, caret_view};
use std::fmt::{self, Write};
use std::ops::Range;

/// Why a text does not parse, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    kind: ParseErrorKind,
    rule: Rule,
    span: Range<usize>,
    input: Box<str>,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// Criteria without a verb (C-1).
    MissingVerb {
        /// The verb that the beginning resembles.
        nearest: Option<&'static str>,
    },
    /// Criteria with a verb that does not exist (C-1).
    UnknownVerb {
        /// What stands before the `:`.
        seen: String,
        /// The verb that it resembles.
        nearest: Option<&'static str>,
    },
    /// Nothing follows where a value must stand (C-1, I-10).
    EmptyValue {
        /// What the value belongs to: a verb with its `:`, or a key with its `=`.
        after: String,
    },
    /// An attribute that is neither a key of the table nor an object identifier (C-6, I-8).
    UnknownKey {
        /// What was written.
        seen: String,
        /// The key that it resembles.
        nearest: Option<&'static str>,
    },
    /// A `=` with nothing before it (C-6, I-8).
    MissingKey,
    /// An attribute of an issuer without `=` (I-8).
    MissingEquals {
        /// What was written.
        seen: String,
    },
    /// A separator with nothing before or after it (I-8).
    EmptyAttribute,
    /// A `|` with nothing before or after it (I-8).
    EmptyIssuer,
    /// An issuers list without any issuer (I-2).
    EmptyList,
    /// A quote that is opened and not closed (I-10).
    UnclosedQuote,
    /// A quote in the middle of a value (I-10).
    StrayQuote,
    /// Something other than a separator after a quoted value (I-10).
    TextAfterQuote,
    /// A quote as word processors and web pages have it.
    TypographicQuote {
        /// The character.
        quote: char,
    },
    /// A dash as word processors and web pages have it, where an option begins.
    TypographicDash {
        /// The character.
        dash: char,
    },
    /// A quote inside a quoted value, which ends the value.
    QuoteInQuotes,
    /// A colon where the equals sign of a property must stand.
    ColonForEquals {
        /// The property.
        property: &'static str,
    },
    /// A key of `mobileclient.tcf` on a command line.
    KeyOfTheFile {
        /// The key.
        key: &'static str,
        /// The property that says the same.
        property: &'static str,
        /// What it is a key of.
        file: &'static str,
    },
    /// Command lines inside command lines, more than anyone writes.
    TooDeep,
    /// A property with a value that it does not take.
    BadValue {
        /// The property.
        property: &'static str,
        /// What was written.
        seen: String,
        /// What it takes.
        allowed: &'static str,
    },
    /// A property or option without its value.
    MissingValue {
        /// The property.
        property: &'static str,
    },
    /// A switch with a value, which it does not take.
    UnexpectedValue {
        /// The switch.
        property: &'static str,
    },
}

impl ParseError {
    pub(crate) fn new(kind: ParseErrorKind, rule: Rule, span: Range<usize>, input: &str) -> Self {
        let start = floor_boundary(input, span.start);
        let end = floor_boundary(input, span.end).max(start);
        ParseError { kind, rule, span: start..end, input: input.into() }
    }

    /// The same error in a larger text that the input was taken from.
    pub(crate) fn within(self, input: &str, place: impl FnOnce(Range<usize>) -> Range<usize>) -> Self {
        ParseError::new(self.kind, self.rule, place(self.span), input)
    }

    /// What is wrong.
    pub fn kind(&self) -> &ParseErrorKind {
        &self.kind
    }

    /// The rule that says so.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Where, in UTF-8 bytes of the input, half open and on character boundaries; empty where something is missing.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The text that was parsed.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// The result code that the client reports for criteria like these (C-1); `None` for other texts.
    pub fn hresult(&self) -> Option<Hresult> {
        if !matches!(self.rule, Rule::C1 | Rule::C6) {
            return None;
        }
        let empty = matches!(self.kind, ParseErrorKind::EmptyValue { .. });
        Some(if empty { Hresult::SUBJECT_MISSING } else { Hresult::VERB_INVALID })
    }

    /// The line of the input with carets under the place and the message below: three lines.
    pub fn annotated(&self) -> String {
        format!("{}\n{self}", caret_view(&self.input, self.span()))
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// What a message repeats of the input.
pub(crate) fn excerpt(text: &str) -> String {
    crate::shown::beginning(text, 60)
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseErrorKind::MissingVerb { nearest: Some(verb) } => {
                write!(f, "no `:` after the verb: did you mean `{verb}:`?")
            }
            ParseErrorKind::MissingVerb { nearest: None } => {
                f.write_str("no verb: write `Subject:`, `SubjectStr:` or `SubjectAttr:`")
            }
            ParseErrorKind::UnknownVerb { seen, nearest } => {
                write!(f, "unknown verb {}: ", Quoted(seen))?;
                match nearest {
                    Some(verb) => write!(f, "did you mean `{verb}:`?"),
                    None => f.write_str("write `Subject:`, `SubjectStr:` or `SubjectAttr:`"),
                }
            }
            ParseErrorKind::EmptyValue { after } => write!(f, "no value after {}", Quoted(after)),
            ParseErrorKind::UnknownKey { seen, nearest } => {
                write!(f, "unknown attribute {}: ", Quoted(seen))?;
                match nearest {
                    Some(key) => write!(f, "did you mean `{key}`?"),
                    None => f.write_str("write a key such as `CN`, or an object identifier such as `2.5.4.3`"),
                }
            }
            ParseErrorKind::MissingKey => f.write_str("no attribute before the `=`"),
            ParseErrorKind::MissingEquals { seen } => {
                write!(f, "{} has no `=`: write an issuer like `CN=Contoso Root CA; O=Contoso`", Quoted(seen))
            }
            ParseErrorKind::EmptyAttribute => f.write_str("separator without an attribute: leave it out"),
            ParseErrorKind::EmptyIssuer => f.write_str("`|` without an issuer: leave it out"),
            ParseErrorKind::EmptyList => f.write_str("issuers list is empty: name a root CA, or give no list at all"),
            ParseErrorKind::UnclosedQuote => f.write_str("quote is not closed"),
            ParseErrorKind::StrayQuote => {
                f.write_str("quote inside a value: quote the whole value and double this one")
            }
            ParseErrorKind::TextAfterQuote => f.write_str("text after a quoted value: only a separator can follow"),
            ParseErrorKind::TypographicQuote { quote } => {
                write!(f, "typographic quote {} (U+{:04X}): write `\"`", QuotedBy(quote), u32::from(*quote))
            }
            ParseErrorKind::TypographicDash { dash } => {
                write!(f, "typographic dash {} (U+{:04X}): write `/` or `-`", QuotedBy(dash), u32::from(*dash))
            }
            ParseErrorKind::QuoteInQuotes => f.write_str(
                "this quote ends the value, and the rest would be lost: double each quote inside a quoted value",
            ),
            ParseErrorKind::ColonForEquals { property } => {
                write!(f, "`{property}:` is not read by the client: write `{property}=`")
            }
            ParseErrorKind::KeyOfTheFile { key, property, file } => {
                write!(f, "`{key}` is a key of {file}, which no client reads here: write `{property}=\"...\"`")
            }
            ParseErrorKind::TooDeep => f.write_str("too many command lines inside one another"),
            ParseErrorKind::BadValue { property, seen, allowed } => {
                write!(f, "{} is not a value of `{property}`: write {allowed}", Quoted(seen))
            }
            ParseErrorKind::MissingValue { property } => write!(f, "`{property}` has no value"),
            ParseErrorKind::UnexpectedValue { property } => write!(f, "`{property}` takes no value"),
        }
    }
}

/// The message and its rule, without the place.
impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        f.write_char(' ')?;
        write!(f, "({})", self.rule)
    }
}

impl std::error::Error for ParseError {}
