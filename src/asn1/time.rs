//! UTCTime and GeneralizedTime: in the one form that RFC 5280 4.1.2.5 allows, and in the others that Windows reads.
//!
//! Those are a UTCTime without seconds or with one digit of them, a GeneralizedTime without minutes or seconds or with a
//! fraction of a second, a difference from UTC in place of the `Z`, and neither. What Windows makes of them is taken from
//! Wine's implementation of its decoder: a difference is added where the sign is `+`, which is the reverse of X.680. So do we,
//! because the point is to predict the client; the certificate gets a warning.

use super::{DerError, DerProblem, Element, GENERALIZED_TIME, UTC_TIME};
use crate::time::Timestamp;

/// An instant, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Time {
    pub at: Timestamp,
    /// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, as RFC 5280 wants it.
    pub usual: bool,
}

/// UTCTime or GeneralizedTime.
pub(crate) fn time(element: &Element<'_>) -> Result<Time, DerError> {
    const FORM: &str = "a UTCTime YYMMDDHHMMSSZ or a GeneralizedTime YYYYMMDDHHMMSSZ";
    const CALENDAR: &str = "a day of the calendar from the year 1 on, and a time from 00:00:00 to 23:59:59";
    let year_digits = match element.tag {
        UTC_TIME => 2,
        GENERALIZED_TIME => 4,
        tag => return Err(element.error(DerProblem::UnexpectedTag(tag), FORM)),
    };
    let read = match usual(element.value, year_digits) {
        Some(fields) => Some((fields, 0, true)),
        None => TimeReader(element.value).any_form(element.tag).map(|(fields, shift)| (fields, shift, false)),
    };
    let ((mut year, rest), shift, usual) = read.ok_or_else(|| element.error(DerProblem::Value, FORM))?;
    if element.tag == UTC_TIME {
        // RFC 5280 4.1.2.5.1: 50 to 99 are 1950 to 1999.
        year += if year >= 50 { 1900 } else { 2000 };
    }
    let [month, day, hour, minute, second] = rest;
    let in_range = (1..=12).contains(&month)
        && day >= 1
        && day <= days_in_month(year, month)
        && hour < 24
        && minute < 60
        && second < 60
        && year >= 1;
    if !in_range {
        return Err(element.error(DerProblem::Value, CALENDAR));
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Ok(Time { at: Timestamp::from_unix_seconds(seconds + shift), usual })
}

/// Year; month, day, hour, minute and second.
type Fields = (i64, [i64; 5]);

/// The one form of RFC 5280, which nearly every time has.
fn usual(value: &[u8], year_digits: usize) -> Option<Fields> {
    let digits = value.strip_suffix(b"Z")?;
    let (year, rest) = digits.split_at_checked(year_digits).filter(|(_, rest)| rest.len() == 10)?;
    let mut fields = [0i64; 5];
    for (field, pair) in fields.iter_mut().zip(rest.chunks(2)) {
        *field = number(pair)?;
    }
    Some((number(year)?, fields))
}

/// What is not read yet of a time.
struct TimeReader<'a>(&'a [u8]);

impl TimeReader<'_> {
    /// The forms that Windows reads beside the usual one: the fields, and what is added to them in seconds.
    fn any_form(mut self, tag: u8) -> Option<(Fields, i64)> {
        let is_utc = tag == UTC_TIME;
        let year = self.digits(if is_utc { 2 } else { 4 })?;
        let (month, day, hour) = (self.digits(2)?, self.digits(2)?, self.digits(2)?);
        let (mut minute, mut second) = (0, 0);
        if is_utc || self.is_at_digit() {
            minute = self.digits(2)?;
            if self.is_at_digit() {
                second = match self.digits(2) {
                    Some(second) => second,
                    None if is_utc => self.digits(1)?,
                    None => return None,
                };
                if !is_utc && matches!(self.0.first(), Some(b'.' | b',')) {
                    self.take(1)?;
                    self.digits(1)?;
                    while self.is_at_digit() {
                        self.take(1)?;
                    }
                }
            }
        }
        let shift = self.zone()?;
        self.0.is_empty().then_some(((year, [month, day, hour, minute, second]), shift))
    }

    fn zone(&mut self) -> Option<i64> {
        let sign = match self.0.first() {
            None => return Some(0),
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(b'Z') => 0,
            Some(_) => return None,
        };
        self.take(1)?;
        if sign == 0 {
            return Some(0);
        }
        let hours = self.digits(2).filter(|hours| *hours < 24)?;
        let minutes = if self.0.is_empty() { 0 } else { self.digits(2).filter(|minutes| *minutes < 60)? };
        Some(sign * (hours * 3_600 + minutes * 60))
    }

    fn is_at_digit(&self) -> bool {
        self.0.first().is_some_and(u8::is_ascii_digit)
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number of so many digits; nothing is taken where there are fewer.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = number(digits)?;
        self.0 = rest;
        Some(number)
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0i64, |n, &digit| digit.is_ascii_digit().then(|| n * 10 + i64::from(digit - b'0')))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March so that leap days come last.
///
/// Two of these are in every certificate and one in every CRL entry, so this stays free of calendar types.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/asn1_time.rs"]
mod tests;
