//! Words that several messages share: counts, durations, lists, usages, providers.

use crate::oid::Oid;
pub(crate) use crate::shown::Quoted;
use crate::shown::QuotedBy;
use crate::store::KeyProvider;
use crate::time::Timestamp;
use std::fmt::{self, Write};

pub(crate) fn provider(provider: KeyProvider) -> &'static str {
    match provider {
        KeyProvider::Csp => "in a CryptoAPI provider (CSP)",
        KeyProvider::Ksp => "in a key storage provider (KSP)",
        KeyProvider::Unknown => "provider not stated",
    }
}

/// `1 certificate`, `2 certificates`.
pub(crate) struct Count(pub usize, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}

/// `1 entry`, `2 entries`.
pub(crate) struct Entries(pub usize);

impl fmt::Display for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.0 == 1 { "entry" } else { "entries" };
        write!(f, "{} {noun}", self.0)
    }
}

/// Seconds as days and, where they are not whole, hours, minutes and seconds.
pub(crate) struct Duration(pub i64);

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.unsigned_abs();
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        let parts = [(days, "day"), (rest / 3600, "hour"), (rest % 3600 / 60, "minute"), (rest % 60, "second")];
        let mut first = true;
        for (amount, unit) in parts.into_iter().filter(|(amount, _)| *amount > 0) {
            if !first {
                f.write_char(' ')?;
            }
            let plural = if amount == 1 { "" } else { "s" };
            write!(f, "{amount} {unit}{plural}")?;
            first = false;
        }
        if first { f.write_str("0 seconds") } else { Ok(()) }
    }
}

/// Two instants against each other, as days where these differ.
pub(crate) struct Against(pub Timestamp, pub Timestamp);

impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (day(self.0), day(self.1));
        if a == b { write!(f, "{} against {}", self.0, self.1) } else { write!(f, "{a} against {b}") }
    }
}

/// `2026-11-30`.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_string().chars().take_while(|c| *c != 'T').collect()
}

/// Usages with the names that the certificate dialog of Windows shows.
pub(crate) struct Usages<'a>(pub &'a [Oid]);

/// More usages than this are counted; ordinary certificates have one to four.
const SHOWN_USAGES: usize = 12;

const USAGE_NAMES: [(&[u8], &str); 12] = [
    (b"\x55\x1d\x25\x00", "any purpose"),
    (b"\x2b\x06\x01\x05\x05\x07\x03\x01", "server authentication"),
    (b"\x2b\x06\x01\x05\x05\x07\x03\x02", "client authentication"),
    (b"\x2b\x06\x01\x05\x05\x07\x03\x03", "code signing"),
    (b"\x2b\x06\x01\x05\x05\x07\x03\x04", "secure email"),
    (b"\x2b\x06\x01\x05\x05\x07\x03\x08", "time stamping"),
    (b"\x2b\x06\x01\x05\x05\x07\x03\x09", "OCSP signing"),
    (b"\x2b\x06\x01\x05\x05\x08\x02\x02", "IP security IKE intermediate"),
    (b"\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x02", "smart card logon"),
    (b"\x2b\x06\x01\x05\x02\x03\x05", "KDC authentication"),
    (b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x04", "encrypting file system"),
    (b"\x2b\x06\x01\x04\x01\x82\x37\x43\x01\x01", "BitLocker drive encryption"),
];

impl fmt::Display for Usages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no purpose");
        }
        for (index, oid) in self.0.iter().take(SHOWN_USAGES).enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            match USAGE_NAMES.iter().find(|(bytes, _)| *bytes == oid.as_bytes()) {
                Some((_, name)) => write!(f, "{name}")?,
                None => write!(f, "{}", QuotedBy(oid))?,
            }
        }
        match self.0.len().saturating_sub(SHOWN_USAGES) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// A few foreign texts, each quoted, joined by `, `.
pub(crate) struct List<'a>(pub &'a [String]);

const SHOWN_ITEMS: usize = 5;
/// Telling texts apart is quadratic, and a certificate can hold thousands of names.
const COMPARED_ITEMS: usize = 64;

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The CN and the first DNS name are often the same.
        let mut distinct: Vec<&str> = Vec::new();
        for text in self.0.iter().take(COMPARED_ITEMS) {
            if !distinct.contains(&text.as_str()) {
                distinct.push(text);
            }
        }
        for (index, text) in distinct.iter().take(SHOWN_ITEMS).enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{}", Quoted(text))?;
        }
        match distinct.len().saturating_sub(SHOWN_ITEMS) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_names_what_is_not_zero() {
        assert_eq!(Duration(365 * 86_400).to_string(), "365 days");
        assert_eq!(Duration(86_400 + 3600 + 61).to_string(), "1 day 1 hour 1 minute 1 second");
        assert_eq!(Duration(0).to_string(), "0 seconds");
    }
}
