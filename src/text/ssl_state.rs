//! The site's SSL state number (rule Q-3).

use crate::value_error::ValueError;
use std::fmt;
use std::str::FromStr;

/// The number that says how a site's clients connect, by bits (Q-3); logs and the registry show it.
///
/// ```
/// use ccmcertsel::text::SslState;
///
/// let state: SslState = "63".parse().unwrap();
/// assert!(state.is_https_only() && state.checks_crl() && !state.allows_http());
/// assert_eq!((state.bits(), state.to_string().as_str()), (63, "63: https only, crl check"));
/// assert_eq!(state, SslState::new(0x3f));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SslState(u32);

const HTTPS_ONLY: u32 = 0x1f;
const CRL_CHECK: u32 = 0x20;
const FALLBACK: u32 = 0x40;
const HTTP_ALLOWED: u32 = 0xc0;
const PKI_WHEN_AVAILABLE: u32 = 0x100;
const ENHANCED_HTTP: u32 = 0x400;
const KNOWN: u32 = HTTPS_ONLY | CRL_CHECK | HTTP_ALLOWED | PKI_WHEN_AVAILABLE | ENHANCED_HTTP;

impl SslState {
    /// From the number.
    pub const fn new(bits: u32) -> Self {
        SslState(bits)
    }

    /// The number.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// 0x1F, all of it: clients must use HTTPS.
    pub const fn is_https_only(self) -> bool {
        self.0 & HTTPS_ONLY == HTTPS_ONLY
    }

    /// 0xC0, all of it: HTTP is allowed.
    pub const fn allows_http(self) -> bool {
        self.0 & HTTP_ALLOWED == HTTP_ALLOWED
    }

    /// 0x40 without 0x80: a client falls back to HTTP. With 0x80 [HTTP is allowed](Self::allows_http) in any case.
    pub(crate) const fn falls_back_to_http(self) -> bool {
        self.0 & HTTP_ALLOWED == FALLBACK
    }

    /// 0x20: clients check the certificate revocation list.
    pub const fn checks_crl(self) -> bool {
        self.0 & CRL_CHECK != 0
    }

    /// 0x100: a PKI certificate is used when there is one.
    pub(crate) const fn uses_pki_when_available(self) -> bool {
        self.0 & PKI_WHEN_AVAILABLE != 0
    }

    /// 0x400: enhanced HTTP.
    pub(crate) const fn is_enhanced_http(self) -> bool {
        self.0 & ENHANCED_HTTP != 0
    }

    /// Bits that nothing is known about.
    pub(crate) const fn unknown_bits(self) -> u32 {
        let mut unknown = self.0 & !KNOWN;
        // The first group counts only when it is complete, and of the second 0x80 only with 0x40.
        if !self.is_https_only() {
            unknown |= self.0 & HTTPS_ONLY;
        }
        if !self.allows_http() {
            unknown |= self.0 & HTTP_ALLOWED & !FALLBACK;
        }
        unknown
    }
}

/// The number, then what its bits say.
impl fmt::Display for SslState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let parts = [
            (self.is_https_only(), "https only"),
            (self.allows_http(), "http allowed"),
            (self.falls_back_to_http(), "fallback to http"),
            (self.checks_crl(), "crl check"),
            (self.uses_pki_when_available(), "pki certificate when available"),
            (self.is_enhanced_http(), "enhanced http"),
        ];
        let said = parts.into_iter().filter(|(set, _)| *set);
        for (index, (_, part)) in said.enumerate() {
            f.write_str(if index == 0 { ": " } else { ", " })?;
            f.write_str(part)?;
        }
        match self.unknown_bits() {
            0 => Ok(()),
            unknown => write!(f, " (unknown bits 0x{unknown:X})"),
        }
    }
}

impl FromStr for SslState {
    type Err = ValueError;

    /// Decimal, or hexadecimal with `0x`.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let text = s.trim();
        let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let digits = hex.unwrap_or(text);
        let plain = digits.starts_with(|c: char| c.is_ascii_hexdigit());
        let radix = if hex.is_some() { 16 } else { 10 };
        let bits = plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten();
        bits.map(SslState).ok_or_else(|| ValueError::new(s, "an SSL state", "a number such as 63 or 0x3F (Q-3)"))
    }
}
