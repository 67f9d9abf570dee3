//! One item of a command line, taken apart: which property it is, and its value (rules ).

use super::error::{ParseError, ParseErrorKind, excerpt};
use super::piece::{ELEMENT_ENDS, Piece};
use super::property::{FileKey, file_key};
use super::{Property, SslState};
use crate::rules::Rule;
use std::ops::Range;

/// An item, taken apart: which property it is, and its value.
pub(super) struct CommandEntry<'a> {
    item: &'a Piece,
    line: &'a str,
    pub(super) property: Option<Property>,
    /// The name with its `/`, as it was written.
    pub(super) name_as_written: &'a str,
    dashed: bool,
    /// The value's range in the unquoted text.
    value: Option<Range<usize>>,
}

impl<'a> CommandEntry<'a> {
    pub(super) fn of(item: &'a Piece, line: &'a str) -> Self {
        let text = item.text.as_str();
        let dashed = text.starts_with(['/', '-']);
        // A value may hold both characters; a property's name holds neither.
        let cut = if dashed { text.find([':', '=']) } else { text.find('=') };
        let name_as_written = text.get(..cut.unwrap_or(text.len())).unwrap_or_default().trim_end();
        let property = if dashed {
            // A switch without quotes may be followed by the end of a statement or of an array.
            Property::by_switch(name_as_written.get(1..).unwrap_or_default().trim_end_matches(ELEMENT_ENDS))
        } else {
            Property::by_name(name_as_written)
        };
        CommandEntry { item, line, property, name_as_written, dashed, value: cut.map(|cut| cut + 1..text.len()) }
    }

    /// A property of ours with a colon where the equals sign must stand, as nothing reads it.
    pub(super) fn colon_for_equals(&self) -> Option<ParseError> {
        let (name, _) = self.item.text.split_once(':')?;
        let property = Property::by_name(name.trim_end()).filter(|_| self.property.is_none() && !self.dashed)?;
        let kind = ParseErrorKind::ColonForEquals { property: property.name() };
        Some(self.error(kind, name.len()..name.len() + 1))
    }

    /// A key of `mobileclient.tcf` or of the client's state, which nothing reads on a command line.
    pub(super) fn key_of_the_file(&self) -> Option<ParseError> {
        let FileKey { key, property, file } = file_key(self.name_as_written.trim_start_matches(['/', '-']))?;
        self.value.as_ref()?;
        let kind = ParseErrorKind::KeyOfTheFile { key, property: property.name(), file };
        Some(self.error(kind, 0..self.name_as_written.len()))
    }

    /// The range of the value.
    pub(super) fn value_range(&self) -> Option<Range<usize>> {
        self.value.clone()
    }

    /// A client.msi property with an empty value, which Windows Installer takes for absent (I-2).
    pub(super) fn installer_drops(&self) -> bool {
        !self.dashed && self.value.as_ref().is_some_and(Range::is_empty)
    }

    /// Whether this is an option of the readiness tool rather than a property.
    pub(super) fn is_option(&self) -> bool {
        self.dashed
    }

    fn name(&self) -> &'static str {
        match self.property {
            Some(property) if self.dashed => property.tool_option().unwrap_or(property.name()),
            Some(property) => property.name(),
            None => "",
        }
    }

    fn error(&self, kind: ParseErrorKind, range: Range<usize>) -> ParseError {
        ParseError::new(kind, Rule::Q1, self.item.origin(range), self.line)
    }

    pub(super) fn no_value(&self) -> Result<(), ParseError> {
        match &self.value {
            None => Ok(()),
            Some(value) => {
                let kind = ParseErrorKind::UnexpectedValue { property: self.name() };
                Err(self.error(kind, value.start.saturating_sub(1)..value.end))
            }
        }
    }

    fn value(&self) -> Result<(&'a str, Range<usize>), ParseError> {
        let text = self.value.clone().and_then(|range| Some((self.item.text.get(range.clone())?, range)));
        text.ok_or_else(|| {
            let kind = ParseErrorKind::MissingValue { property: self.name() };
            self.error(kind, 0..self.item.text.len())
        })
    }

    pub(super) fn text(&self) -> Result<String, ParseError> {
        let (text, range) = self.value()?;
        if text.trim().is_empty() {
            let kind = ParseErrorKind::MissingValue { property: self.name() };
            return Err(self.error(kind, 0..range.end));
        }
        Ok(text.trim().to_owned())
    }

    pub(super) fn choice<T: Copy, const N: usize>(
        &self,
        values: [(&str, T); N],
        allowed: &'static str,
    ) -> Result<T, ParseError> {
        let (text, range) = self.value()?;
        let found = values.iter().find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
        found.map(|(_, value)| *value).ok_or_else(|| {
            let kind = ParseErrorKind::BadValue { property: self.name(), seen: excerpt(text), allowed };
            self.error(kind, range)
        })
    }

    /// The site's SSL state.
    pub(super) fn ssl_state(&self) -> Result<SslState, ParseError> {
        let (text, range) = self.value()?;
        text.parse().map_err(|_| {
            let allowed = "a number such as `63` or `0x3F`";
            let kind = ParseErrorKind::BadValue { property: self.name(), seen: excerpt(text), allowed };
            self.error(kind, range)
        })
    }

    pub(super) fn parsed<T>(&self, parse: impl FnOnce(&str) -> Result<T, ParseError>) -> Result<T, ParseError> {
        let (text, range) = self.value()?;
        parse(text).map_err(|error| {
            error.within(self.line, |span| self.item.origin(range.start + span.start..range.start + span.end))
        })
    }
}
