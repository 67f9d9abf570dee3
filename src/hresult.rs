//! Result codes: what the client reports, and what verifying a chain returns in its log.
//!
//! ```
//! use ccmcertsel::Hresult;
//!
//! assert_eq!(Hresult::STORE_EMPTY.to_string(), "0x87D00280");
//! assert_eq!("0x87d00280".parse(), Ok(Hresult::STORE_EMPTY));
//! ```

use crate::value_error::ValueError;
use std::fmt;
use std::str::FromStr;

/// A result code, printed as `0x87D00281`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hresult(pub u32);

impl Hresult {
    /// Success.
    pub const OK: Hresult = Hresult(0);
    /// Empty certificate store.
    pub const STORE_EMPTY: Hresult = Hresult(0x87D0_0280);
    /// No certificate matching the criteria specified.
    pub const NOTHING_MATCHED: Hresult = Hresult(0x87D0_0281);
    /// More than one certificate was found, but "select first cert" was not set.
    pub const SEVERAL: Hresult = Hresult(0x87D0_0282);
    /// Missing private key.
    pub const PRIVATE_KEY_MISSING: Hresult = Hresult(0x87D0_0283);
    /// Missing subject name.
    pub const SUBJECT_MISSING: Hresult = Hresult(0x87D0_0284);
    /// Search criteria verb is either missing or invalid.
    pub const VERB_INVALID: Hresult = Hresult(0x87D0_0285);
}

impl fmt::Display for Hresult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:08X}", self.0)
    }
}

impl fmt::Debug for Hresult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Eight hexadecimal digits at most, with or without `0x`.
impl FromStr for Hresult {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim().trim_start_matches("0x").trim_start_matches("0X");
        let only_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| only_digits);
        code.map(Hresult)
            .ok_or_else(|| ValueError::new(text, "a result code", "eight hexadecimal digits, like 0x87D00281"))
    }
}
