//! One message of a log as what it says; the wording is that of published logs.

use crate::hresult::Hresult;
use crate::report::log::known;

/// What a message of known wording says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LogEvent<'a> {
    BeginIssuers,
    Issuer(&'a str),
    /// A chain was analysed, or one of its certificates is named.
    Chain,
    Found(&'a str, LoggedCertificate<'a>),
    Skipping(LoggedCertificate<'a>, &'a str),
    CompletedIssuers,
    BeginValidation(LoggedCertificate<'a>),
    CrlCheck,
    ChainResult(u32),
    Expired(LoggedCertificate<'a>),
    CompletedValidation(LoggedCertificate<'a>),
    ClientAuthentication(LoggedCertificate<'a>),
    BeginSelect,
    NoCriteria(&'a str),
    Selected(LoggedCertificate<'a>),
    Available,
    HttpsEnforced,
    /// A result code of the selection, in whatever words.
    Result(Hresult),
}

/// A certificate as messages name it: thumbprint (or what the publisher of a log left of it) and "issued to".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LoggedCertificate<'a> {
    pub thumbprint: &'a str,
    pub issued_to: &'a str,
}

const CERTIFICATE: &str = "Certificate [";
const ISSUED_TO: &str = "] issued to ";

/// `[Thumbprint T] issued to 'N'` and what follows the closing quote; articles also drop the word and the quotes.
fn named<'a>(text: &'a str, then: &str) -> Option<(LoggedCertificate<'a>, &'a str)> {
    let (thumbprint, rest) = text.split_once(ISSUED_TO)?;
    let thumbprint = thumbprint.strip_prefix("Thumbprint ").unwrap_or(thumbprint);
    // A name may hold a quote itself, so what follows is looked for from the end.
    let at = if then.is_empty() { rest.len() } else { rest.rfind(then)? };
    let (issued_to, after) = rest.split_at_checked(at)?;
    let issued_to = issued_to.strip_prefix('\'').unwrap_or(issued_to);
    let issued_to = issued_to.strip_suffix('\'').unwrap_or(issued_to);
    (!thumbprint.is_empty()).then_some((LoggedCertificate { thumbprint, issued_to }, after))
}

/// The certificate of a message that ends with it.
fn last(text: &str) -> Option<LoggedCertificate<'_>> {
    Some(named(text, "")?.0)
}

impl<'a> LogEvent<'a> {
    /// What a message says; `None` where its wording is not known.
    pub(super) fn of(message: &'a str) -> Option<LogEvent<'a>> {
        let message = message.trim();
        match message {
            known::BEGIN_ISSUERS => return Some(LogEvent::BeginIssuers),
            known::COMPLETED_ISSUERS => return Some(LogEvent::CompletedIssuers),
            known::BEGIN_SELECT => return Some(LogEvent::BeginSelect),
            _ if message == known::CRL_CHECK.trim_end() => return Some(LogEvent::CrlCheck),
            _ if message.trim_end_matches('.') == known::AVAILABLE.trim_end_matches('.') => {
                return Some(LogEvent::Available);
            }
            _ => {}
        }
        Self::with_values(message).or_else(|| result(message).map(LogEvent::Result))
    }

    fn with_values(message: &'a str) -> Option<LogEvent<'a>> {
        let behind = |prefix: &str| message.strip_prefix(prefix);
        if let Some(rest) = behind("Certificate Issuer ") {
            let (number, entry) = rest.split_once(" [")?;
            number.parse::<usize>().ok()?;
            return entry.strip_suffix(']').map(LogEvent::Issuer);
        }
        if message.starts_with("Analyzing ") && message.ends_with(" Chain(s) found")
            || message.starts_with("Chain has Certificate [")
        {
            return Some(LogEvent::Chain);
        }
        if let Some(rest) = behind("Based on Certificate Issuer '") {
            let (entry, rest) = rest.split_once("' found Certificate [")?;
            return Some(LogEvent::Found(entry, last(rest)?));
        }
        if let Some(rest) = behind("Skipping Certificate [") {
            let (certificate, after) = named(rest, " as root is '")?;
            let root = after.strip_prefix(" as root is '")?.strip_suffix('\'')?;
            return Some(LogEvent::Skipping(certificate, root));
        }
        if let Some(rest) = behind("Begin validation of Certificate [") {
            return last(rest).map(LogEvent::BeginValidation);
        }
        if let Some(rest) = behind("Completed validation of Certificate [") {
            return last(rest).map(LogEvent::CompletedValidation);
        }
        if let Some(code) = behind("Verification of Certificate chain returned ") {
            return u32::from_str_radix(code.trim_start_matches("0x"), 16).ok().map(LogEvent::ChainResult);
        }
        if let Some(rest) = behind(CERTIFICATE)
            && let Some((certificate, " has expired.")) = named(rest, " has expired.")
        {
            return Some(LogEvent::Expired(certificate));
        }
        let capable = " has 'Client Authentication' capability.";
        if let Some(rest) = message.strip_prefix("The ").unwrap_or(message).strip_prefix(CERTIFICATE)
            && let Some((certificate, after)) = named(rest, capable)
            && after == capable
        {
            return Some(LogEvent::ClientAuthentication(certificate));
        }
        if let Some(rest) = behind("The 'Certificate Selection Criteria' was not specified, counting number of") {
            let store = rest.trim_start().strip_prefix("certificates present in '")?;
            return store.split_once("' store of 'Local Computer'").map(|(store, _)| LogEvent::NoCriteria(store));
        }
        if let Some(rest) = behind(">>> Client selected the PKI Certificate [") {
            return last(rest).map(LogEvent::Selected);
        }
        behind("HTTPS is enforced for Client. The current state is ").map(|_| LogEvent::HttpsEnforced)
    }
}

/// The first result code of the selection in a message: 0x87D00280 to 0x87D00285, in any case.
fn result(message: &str) -> Option<Hresult> {
    const PREFIX: &str = "0x87d0028";
    let lower = message.to_ascii_lowercase();
    let digit = |at: usize| {
        let rest = lower.get(at + PREFIX.len()..)?;
        let mut characters = rest.chars();
        let digit = characters.next()?.to_digit(6)?;
        let ends = !characters.next().is_some_and(|next| next.is_ascii_hexdigit());
        ends.then_some(Hresult(0x87D0_0280 + digit))
    };
    lower.match_indices(PREFIX).find_map(|(at, _)| digit(at))
}

#[cfg(all(test, repository))]
#[path = "../../../tests/units/report_reality_lines.rs"]
mod tests;
