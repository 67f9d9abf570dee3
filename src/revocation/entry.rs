//! One entry of a CRL: which certificate, when, why (RFC 5280 5.3).

use crate::asn1::{self, Der, DerError, DerProblem, Element};
use crate::certificate::Extension;
use crate::name::NameKey;
use crate::oid::{self, Oid};
use crate::time::Timestamp;
use std::fmt;

/// Why a certificate was revoked (RFC 5280 5.3.1, `CRLReason`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationReason {
    /// 0, or no reason given.
    Unspecified,
    /// 1.
    KeyCompromise,
    /// 2.
    CaCompromise,
    /// 3.
    AffiliationChanged,
    /// 4.
    Superseded,
    /// 5.
    CessationOfOperation,
    /// 6: the certificate may come back (rule V-9, "on hold").
    CertificateHold,
    /// 8: in a delta CRL, the certificate is no longer on hold, or has expired.
    RemoveFromCrl,
    /// 9.
    PrivilegeWithdrawn,
    /// 10.
    AaCompromise,
    /// A number that RFC 5280 does not assign.
    Other(u8),
}

/// What an entry does to its certificate, the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    /// It ends a hold.
    Released,
    /// The certificate may come back.
    Held,
    /// It is revoked for good.
    Final,
}

impl RevocationReason {
    pub(crate) fn effect(self) -> Effect {
        match self {
            RevocationReason::RemoveFromCrl => Effect::Released,
            RevocationReason::CertificateHold => Effect::Held,
            RevocationReason::Unspecified
            | RevocationReason::KeyCompromise
            | RevocationReason::CaCompromise
            | RevocationReason::AffiliationChanged
            | RevocationReason::Superseded
            | RevocationReason::CessationOfOperation
            | RevocationReason::PrivilegeWithdrawn
            | RevocationReason::AaCompromise
            | RevocationReason::Other(_) => Effect::Final,
        }
    }

    fn from_code(code: u8) -> Self {
        match code {
            0 => RevocationReason::Unspecified,
            1 => RevocationReason::KeyCompromise,
            2 => RevocationReason::CaCompromise,
            3 => RevocationReason::AffiliationChanged,
            4 => RevocationReason::Superseded,
            5 => RevocationReason::CessationOfOperation,
            6 => RevocationReason::CertificateHold,
            8 => RevocationReason::RemoveFromCrl,
            9 => RevocationReason::PrivilegeWithdrawn,
            10 => RevocationReason::AaCompromise,
            other => RevocationReason::Other(other),
        }
    }
}

/// The name that RFC 5280 gives it, such as `keyCompromise`.
impl fmt::Display for RevocationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RevocationReason::Unspecified => "unspecified",
            RevocationReason::KeyCompromise => "keyCompromise",
            RevocationReason::CaCompromise => "cACompromise",
            RevocationReason::AffiliationChanged => "affiliationChanged",
            RevocationReason::Superseded => "superseded",
            RevocationReason::CessationOfOperation => "cessationOfOperation",
            RevocationReason::CertificateHold => "certificateHold",
            RevocationReason::RemoveFromCrl => "removeFromCRL",
            RevocationReason::PrivilegeWithdrawn => "privilegeWithdrawn",
            RevocationReason::AaCompromise => "aACompromise",
            RevocationReason::Other(code) => return write!(f, "reason {code}"),
        })
    }
}

/// An entry of a CRL, where it stands: what it says beside the serial number is read when it is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RevokedCertificate<'a> {
    serial: &'a [u8],
    der: &'a [u8],
}

impl<'a> RevokedCertificate<'a> {
    /// The entry at the beginning of these bytes, which was read when its CRL was decoded.
    #[inline]
    pub(super) fn at(bytes: &'a [u8]) -> Option<Self> {
        // Short lengths, as nearly all are.
        if let &[asn1::SEQUENCE, length @ 0..0x80, asn1::INTEGER, serial @ 0..0x80, ..] = bytes {
            let (der, serial) = (bytes.get(..2 + usize::from(length))?, bytes.get(4..4 + usize::from(serial))?);
            return Some(RevokedCertificate { serial, der });
        }
        let entry = Der::new(bytes).any("an entry").ok()?;
        let serial = entry.inside().any("the userCertificate").ok()?;
        Some(RevokedCertificate { serial: serial.value, der: entry.full })
    }

    /// Content bytes of the serial number INTEGER, as they stand.
    pub fn serial_number(&self) -> &'a [u8] {
        self.serial
    }

    /// When the CA revoked it; `None` where the date does not read.
    pub fn revoked_at(&self) -> Option<Timestamp> {
        self.read().revoked_at
    }

    /// Why; unspecified where the entry does not say, or where what it says does not read.
    pub fn reason(&self) -> RevocationReason {
        self.read().reason
    }

    /// Since when the key is suspected or known to be compromised (invalidityDate, RFC 5280 5.3.2).
    #[cfg(test)]
    pub(crate) fn invalid_since(&self) -> Option<Timestamp> {
        self.read().invalid_since
    }

    fn read(&self) -> CrlEntry<'a> {
        // The entry was read when the CRL was, so the other is never taken.
        CrlEntry::read(&mut Der::new(self.der)).unwrap_or(CrlEntry::without_details(self.serial, None))
    }
}

impl fmt::Debug for RevokedCertificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.read(), f)
    }
}

/// What an entry says.
#[derive(Debug)]
pub(super) struct CrlEntry<'a> {
    pub serial: &'a [u8],
    pub revoked_at: Option<Timestamp>,
    pub reason: RevocationReason,
    pub invalid_since: Option<Timestamp>,
    /// certificateIssuer: from here on, entries are about certificates of another CA (RFC 5280 5.3.3).
    pub certificate_issuer: Option<Der<'a>>,
    /// A critical entry extension that is not understood; then the CRL says nothing about any certificate (5.3).
    pub unknown_critical: Option<&'a [u8]>,
    /// A date or a reason that does not read, the first of them: the certificate is revoked without it.
    pub damage: Option<DerError>,
}

/// How AD CS and OpenSSL write an entry that has a reason and nothing else, up to the reason's number.
pub(super) const REASON_ALONE: &[u8; 13] = b"\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01";

impl<'a> CrlEntry<'a> {
    fn without_details(serial: &'a [u8], revoked_at: Option<Timestamp>) -> Self {
        CrlEntry {
            serial,
            revoked_at,
            reason: RevocationReason::Unspecified,
            invalid_since: None,
            certificate_issuer: None,
            unknown_critical: None,
            damage: None,
        }
    }

    /// What was read, or nothing, and why.
    fn or_damage<T>(&mut self, read: Result<T, DerError>) -> Option<T> {
        read.map_err(|error| self.damage.get_or_insert(error)).ok()
    }

    /// A date or a reason that does not read takes nothing back: what is listed is revoked.
    ///
    /// `SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions SEQUENCE OF Extension OPTIONAL }`
    pub(super) fn read(list: &mut Der<'a>) -> Result<Self, DerError> {
        let mut fields = list.expect(asn1::SEQUENCE, "an entry SEQUENCE of revokedCertificates")?.inside();
        let serial = fields.expect(asn1::INTEGER, "the userCertificate INTEGER")?;
        if serial.value.is_empty() {
            return Err(serial.error(DerProblem::Value, "a serial number of at least one byte"));
        }
        let mut entry = CrlEntry::without_details(serial.value, None);
        let date = asn1::time(&fields.any("the revocationDate")?);
        entry.revoked_at = entry.or_damage(date).map(|date| date.at);
        if fields.is_empty() {
            return Ok(entry);
        }
        let extensions = fields.expect(asn1::SEQUENCE, "the crlEntryExtensions SEQUENCE")?;
        fields.finish("the end of the entry")?;
        if let Some(&[code]) = extensions.full.strip_prefix(REASON_ALONE) {
            entry.reason = RevocationReason::from_code(code);
            return Ok(entry);
        }
        let mut list = extensions.inside();
        while !list.is_empty() {
            entry.extension(&Extension::read(&mut list)?)?;
        }
        Ok(entry)
    }

    fn extension(&mut self, extension: &Extension<'a>) -> Result<(), DerError> {
        let single = |tag, expected| asn1::single(extension.value, extension.offset, tag, expected);
        match extension.oid {
            oid::CRL_REASON => {
                let code = single(asn1::ENUMERATED, "a CRLReason ENUMERATED").and_then(|element| match element.value {
                    &[code] => Ok(code),
                    _ => Err(element.error(DerProblem::Value, "a CRLReason of one byte")),
                });
                if let Some(code) = self.or_damage(code) {
                    self.reason = RevocationReason::from_code(code);
                }
            }
            oid::INVALIDITY_DATE => {
                let date = single(asn1::GENERALIZED_TIME, "an InvalidityDate GeneralizedTime");
                let date = date.and_then(|element| asn1::time(&element));
                self.invalid_since = self.or_damage(date).map(|date| date.at);
            }
            oid::CERTIFICATE_ISSUER => {
                let names: Element<'a> = single(asn1::SEQUENCE, "a CertificateIssuer SEQUENCE of GeneralNames")?;
                self.certificate_issuer = Some(names.inside());
            }
            unknown if extension.critical => self.unknown_critical = Some(unknown),
            _ => {}
        }
        Ok(())
    }
}

/// A directoryName `[4]` of a certificateIssuer, as the key that names are compared by.
pub(super) fn directory_names(mut names: Der<'_>) -> Result<Vec<NameKey>, DerError> {
    let mut keys = Vec::new();
    while !names.is_empty() {
        let name = names.any("a GeneralName")?;
        if name.tag == asn1::context_constructed(4) {
            let damaged = || name.error(DerProblem::Value, "a directoryName");
            keys.push(NameKey::from_der(name.value).ok_or_else(damaged)?);
        }
    }
    Ok(keys)
}

/// Reads the names of a certificateIssuer into rows of the table that `Crl::is_about` searches, which stay sorted.
pub(super) fn issuer_rows(rows: &mut Vec<(u32, Option<NameKey>)>, offset: u32, names: Der<'_>) -> Result<(), DerError> {
    let mut keys = directory_names(names)?;
    keys.sort_unstable();
    if keys.is_empty() {
        rows.push((offset, None)); // names that no certificate has as issuer: the entries are about nobody here
    }
    rows.extend(keys.into_iter().map(|key| (offset, Some(key))));
    Ok(())
}

/// An extension of a CRL or of an entry that is critical and not understood, as an object identifier.
pub(super) fn to_oid(oid: &[u8]) -> Oid {
    Oid::from_checked(oid) // `Extension::read` checked it
}
