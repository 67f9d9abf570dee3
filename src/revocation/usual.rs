//! CRL entries in the one form that AD CS and OpenSSL write, stepped over at a glance.
//!
//! A CRL of a hundred thousand entries has a hundred thousand of these and rarely another one. What is not such an entry, or
//! only nearly one, is left to [`Entry::read`](super::entry::Entry::read), which knows every form and names each damage:
//! what is stepped over here it would read without an error, and keep nothing of but the serial number.

use super::entry::REASON_ALONE;
use crate::asn1::{self, Der};

/// `SEQUENCE { INTEGER, UTCTime, SEQUENCE { reason } OPTIONAL }` with short lengths: its serial number, and the list
/// stands at the next entry. `None` for any other form, and the list stays where it is.
#[inline]
pub(super) fn step_over<'a>(list: &mut Der<'a>) -> Option<&'a [u8]> {
    let (&[outer, length, inner, serial_length], after) = list.rest().split_first_chunk::<4>()?;
    let short = |length: u8| 0 < length && length < 0x80;
    if outer != asn1::SEQUENCE || inner != asn1::INTEGER || !short(length) || !short(serial_length) {
        return None;
    }
    let (serial, after) = after.split_at_checked(usize::from(serial_length))?;
    let (date, after) = after.split_first_chunk::<15>()?;
    let extensions = usize::from(length).checked_sub(2 + serial.len() + date.len())?;
    let usual = match extensions {
        0 => true,
        WITH_REASON => after.len() >= WITH_REASON && after.starts_with(REASON_ALONE),
        _ => false,
    };
    (usual && is_plain_date(date)).then(|| {
        list.step_over(2 + usize::from(length));
        serial
    })
}

/// The reason's number follows.
const WITH_REASON: usize = REASON_ALONE.len() + 1;

/// A UTCTime on a day that every month has, February aside, so that the calendar need not be asked.
#[inline]
fn is_plain_date(time: &[u8; 15]) -> bool {
    let &[asn1::UTC_TIME, 13, ref digits @ .., b'Z'] = time else {
        return false;
    };
    let are_digits = digits.iter().fold(true, |all, byte| all & byte.is_ascii_digit());
    let Some(pairs) = digits.as_chunks::<2>().0.first_chunk::<6>() else {
        return false;
    };
    // Of digits the earlier text is the smaller number.
    let [_, month, day, hour, minute, second] = pairs.map(u16::from_be_bytes);
    let within = |pair: u16, first: &[u8; 2], last: &[u8; 2]| {
        (u16::from_be_bytes(*first)..=u16::from_be_bytes(*last)).contains(&pair)
    };
    let february = month == u16::from_be_bytes(*b"02");
    are_digits
        & within(month, b"01", b"12")
        & within(day, b"01", if february { b"28" } else { b"30" })
        & within(hour, b"00", b"23")
        & within(minute, b"00", b"59")
        & within(second, b"00", b"59")
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/revocation_usual.rs"]
mod tests;
