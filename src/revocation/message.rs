//! The sentences for what revocation checking found.

use super::crl::Crl;
use super::outcome::{CrlNotCounted, MissingCrl, Ocsp, RevocationEvidence, RevocationFailure};
use super::warning::CrlWarning;
use crate::shown::{Quoted, QuotedBy, ShownBy};
use crate::time::Timestamp;
use std::fmt;

/// A CRL as messages name it: `CRL 41 of `CN=Contoso Issuing CA 1``.
struct NamedCrl<'a>(&'a Crl);

impl fmt::Display for NamedCrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_delta() { "delta CRL" } else { "CRL" })?;
        if let Some(number) = self.0.number() {
            write!(f, " {number}")?;
        }
        write!(f, " of {}", QuotedBy(self.0.issuer()))
    }
}

/// An instant behind its word, or nothing where the CRL's date does not read.
struct When(&'static str, Option<Timestamp>);

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(at) => write!(f, "{} {at}", self.0),
            None => Ok(()),
        }
    }
}

impl fmt::Display for CrlWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CrlWarning::OddEntries { crl, count, first } => write!(
                f,
                "{} has {count} {} with a date or a reason that does not read ({first}): what is listed counts as revoked",
                NamedCrl(crl),
                if *count == 1 { "entry" } else { "entries" }
            ),
            CrlWarning::UnusualTimes { crl } => {
                write!(f, "the times of {} are not written as RFC 5280 wants it: ", NamedCrl(crl))?;
                write!(f, "read as Windows does, from {}", crl.this_update())?;
                match crl.next_update() {
                    Some(next) => write!(f, " to {next}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// As many places as one line of a message can hold: LDAP and HTTP for each of several points.
const SHOWN: usize = 6;

struct Places<'a>(&'a [MissingCrl]);

impl fmt::Display for Places<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut count = 0;
        for place in self.0.iter().flat_map(MissingCrl::places) {
            if count < SHOWN {
                write!(f, "{}{}", if count == 0 { "" } else { ", " }, Quoted(&place))?;
            }
            count += 1;
        }
        match count.checked_sub(SHOWN) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for RevocationEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, counted) in self.crls().enumerate() {
            f.write_str(if index == 0 { "not listed in " } else { ", " })?;
            write!(f, "{}", NamedCrl(&counted.complete))?;
            if let Some(delta) = &counted.delta {
                write!(f, " with {}", NamedCrl(delta))?;
            }
        }
        match self.good_until() {
            Some(until) => write!(f, ", good until {until}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for RevocationFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RevocationFailure::Revoked { reason, revoked_at, crl } => {
                write!(f, "revoked{} ({reason}), says {}", When(" at", *revoked_at), NamedCrl(crl))
            }
            RevocationFailure::OnHold { revoked_at, crl } => {
                write!(f, "on hold{}, says {}", When(" since", *revoked_at), NamedCrl(crl))
            }
            RevocationFailure::Unknown { missing, not_counted, uncovered } => {
                write!(f, "revocation status unknown: no CRL of {}", Places(missing))?;
                if *uncovered != crate::certificate::ReasonFlags::ALL {
                    write!(f, "; nothing covers {uncovered}")?;
                }
                write_not_counted(not_counted, f)
            }
            RevocationFailure::NoDistributionPoint { ocsp, issuer, not_counted } => {
                let instead = match ocsp {
                    Ocsp::Named => ", only an OCSP responder",
                    Ocsp::NotNamed => "",
                };
                write!(
                    f,
                    "revocation status unknown: the certificate names no CRL distribution point{instead}, and no CRL of "
                )?;
                write!(f, "{} {}", QuotedBy(issuer), if not_counted.is_empty() { "is given" } else { "counts" })?;
                write_not_counted(not_counted, f)
            }
            RevocationFailure::CrlExpired { crl, next_update, now, .. } => {
                write!(f, "revocation status unknown: {} was valid until {next_update}, and it is {now}", NamedCrl(crl))
            }
            RevocationFailure::CrlNotYetValid { crl, this_update, now, .. } => {
                write!(f, "revocation status unknown: {} is valid from {this_update}, and it is {now}", NamedCrl(crl))
            }
            RevocationFailure::DeltaMissing { complete, on_hold, missing, .. } => {
                write!(f, "revocation status unknown: {} ", NamedCrl(complete))?;
                if let Some(since) = on_hold {
                    write!(f, "lists it as on hold since {since}, which a delta CRL may have ended; it ")?;
                }
                write!(f, "asks for a delta CRL, and no current one is given; it is published at {}", Places(missing))
            }
            RevocationFailure::Malformed(error) => write!(f, "{}", ShownBy(error)),
            RevocationFailure::Budget { budget } => {
                write!(f, "revocation checking gave up: more than {} {budget}", budget.limit())
            }
        }
    }
}

/// One CRL that was there for nothing: of several, one that is about these certificates.
fn write_not_counted(not_counted: &[CrlNotCounted], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let about_these = not_counted.iter().find(|not| !not.problem.is_scope());
    match about_these.or(not_counted.first()) {
        Some(not) => write!(f, "; {} does not count: {}", NamedCrl(&not.crl), not.problem),
        None => Ok(()),
    }
}
