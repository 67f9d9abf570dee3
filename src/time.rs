//! Instants in whole seconds, UTC: the only time this crate knows.
//!
//! The library reads no clock. Every instant comes from a certificate, from a CRL, or from the caller, who passes `now`
//! to each selection.
//!
//! ```
//! use ccmcertsel::Timestamp;
//!
//! let now: Timestamp = "2026-01-15T10:00:00+01:00".parse().unwrap();
//! assert_eq!(now.to_string(), "2026-01-15T09:00:00Z");
//! assert_eq!(now.unix_seconds(), 1_768_467_600);
//! let other = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_768_467_600);
//! assert_eq!(Timestamp::from(other), now);
//! ```

use crate::value_error::ValueError;
use rustls_pki_types::UnixTime;
use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An instant in whole seconds since 1970-01-01T00:00:00Z, within the years 1 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00Z, the earliest instant.
    pub const MIN: Timestamp = Timestamp(-62_135_596_800);
    /// 9999-12-31T23:59:59Z, the latest instant, which RFC 5280 4.1.2.5 uses for "no well-defined expiration".
    pub const MAX: Timestamp = Timestamp(253_402_300_799);

    /// The instant that many seconds after 1970-01-01T00:00:00Z, clamped to [`MIN`](Self::MIN) and [`MAX`](Self::MAX).
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        if seconds < Self::MIN.0 {
            Self::MIN
        } else if seconds > Self::MAX.0 {
            Self::MAX
        } else {
            Timestamp(seconds)
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z; negative before it.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The instant that many seconds later (earlier where negative), clamped like [`from_unix_seconds`](Self::from_unix_seconds).
    pub(crate) const fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix_seconds(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to `self`; negative when `earlier` is later.
    pub(crate) const fn seconds_since(self, earlier: Timestamp) -> i64 {
        self.0 - earlier.0
    }
}

/// Fractions of a second are dropped: certificates know whole seconds (rule V-1, "to the second").
impl From<OffsetDateTime> for Timestamp {
    fn from(value: OffsetDateTime) -> Self {
        Timestamp::from_unix_seconds(value.unix_timestamp())
    }
}

impl From<SystemTime> for Timestamp {
    fn from(value: SystemTime) -> Self {
        // An instant that `time` cannot hold is beyond the years that this type has.
        let whole = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        Timestamp::from_unix_seconds(match value.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => whole(after.as_secs()),
            // As for the others, a fraction is dropped towards the past.
            Err(before) => {
                let before = before.duration();
                -whole(before.as_secs()) - i64::from(before.subsec_nanos() > 0)
            }
        })
    }
}

impl From<UnixTime> for Timestamp {
    fn from(value: UnixTime) -> Self {
        Timestamp::from_unix_seconds(i64::try_from(value.as_secs()).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(value: Timestamp) -> Self {
        // MIN..=MAX is inside time's own range, so the fallback is never taken.
        OffsetDateTime::from_unix_timestamp(value.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// RFC 3339 in whole seconds with `Z`: `2026-01-15T09:00:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = OffsetDateTime::from(*self);
        let ((year, month, day), (hour, minute, second)) = (t.to_calendar_date(), t.to_hms());
        // Every finding has one or two: written digit by digit, it takes a tenth of the time.
        let pair = |n: u8| [b'0' + n / 10 % 10, b'0' + n % 10];
        let year = u16::try_from(year).map_err(|_| fmt::Error)?; // 1 to 9999
        let ([c, e], [y, z]) = (pair((year / 100) as u8), pair((year % 100) as u8));
        let ([m, n], [d, k]) = (pair(month.into()), pair(day));
        let ([h, i], [p, q], [s, t]) = (pair(hour), pair(minute), pair(second));
        let text = [c, e, y, z, b'-', m, n, b'-', d, k, b'T', h, i, b':', p, q, b':', s, t, b'Z'];
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = ValueError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        OffsetDateTime::parse(s, &Rfc3339)
            .map(Timestamp::from)
            .map_err(|_| ValueError::new(s, "an instant", "it as RFC 3339, like 2026-01-15T09:00:00Z"))
    }
}
