//! Certificates and CRLs that do not exist yet, as bytes: what a CA would issue, with a signature that is taken as its own.
//!
//! Only their facts count: names, dates, extensions, key. No key of a CA is here, so the signatures are bytes of no meaning,
//! and the [signatures](super::signatures) of the model say which digests count as signed.

use crate::asn1::write::element;
use crate::asn1::{
    BIT_STRING, BOOLEAN, Der, DerError, ENUMERATED, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE,
};
use crate::certificate::Certificate;
use crate::oid;
use crate::revocation::Crl;
use crate::time::Timestamp;

const SET: u8 = 0x31;
const UTF8_STRING: u8 = 0x0c;

/// sha256WithRSAEncryption with its parameters.
const ALGORITHM: &[u8] = &[SEQUENCE, 13, OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00];
/// rsaEncryption with its parameters.
const RSA: &[u8] = &[SEQUENCE, 13, OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { element(BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    element(SEQUENCE, &[&element(OID, &[oid]), &critical, &element(OCTET_STRING, &[value])])
}

fn time(at: Timestamp) -> Vec<u8> {
    let digits: String = at.to_string().chars().filter(char::is_ascii_digit).collect();
    element(GENERALIZED_TIME, &[digits.as_bytes(), b"Z"])
}

/// An RSA key of 2048 bits whose private half nobody has.
pub(super) fn rsa_key() -> Vec<u8> {
    let modulus = element(INTEGER, &[&[0x00], &[0xc5; 256]]);
    let exponent = element(INTEGER, &[&[0x01, 0x00, 0x01]]);
    element(SEQUENCE, &[RSA, &element(BIT_STRING, &[&[0x00], &element(SEQUENCE, &[&modulus, &exponent])])])
}

/// A Subject of one CN.
pub(super) fn common_name(name: &str) -> Vec<u8> {
    let value = element(UTF8_STRING, &[name.as_bytes()]);
    element(SEQUENCE, &[&element(SET, &[&element(SEQUENCE, &[&element(OID, &[oid::COMMON_NAME]), &value])])])
}

/// What a new certificate is made of.
pub(super) struct Draft {
    pub serial: u64,
    pub issuer: Vec<u8>,
    pub subject: Vec<u8>,
    pub from: Timestamp,
    pub until: Timestamp,
    pub key: Vec<u8>,
    /// Each encoded.
    pub extensions: Vec<Vec<u8>>,
}

impl Draft {
    /// A SAN of one dNSName.
    pub(super) fn dns_name(&mut self, name: &str) {
        let names = element(SEQUENCE, &[&element(0x82, &[name.as_bytes()])]);
        self.extensions.push(extension(oid::SUBJECT_ALT_NAME, false, &names));
    }

    /// digitalSignature and keyEncipherment.
    pub(super) fn key_usage(&mut self) {
        self.extensions.push(extension(oid::KEY_USAGE, true, &element(BIT_STRING, &[&[0x05, 0xa0]])));
    }

    /// Only client authentication.
    pub(super) fn client_authentication(&mut self) {
        let usage = element(SEQUENCE, &[&element(OID, &[oid::CLIENT_AUTH])]);
        self.extensions.push(extension(oid::EXTENDED_KEY_USAGE, false, &usage));
    }

    /// That of a CA.
    pub(super) fn authority(&mut self) {
        let is_ca = element(SEQUENCE, &[&element(BOOLEAN, &[&[0xff]])]);
        self.extensions.push(extension(oid::BASIC_CONSTRAINTS, true, &is_ca));
    }

    /// An extension as another certificate has it.
    pub(super) fn copy(&mut self, from: &Certificate, oid: &[u8]) {
        if let Some(found) = from.extension(oid) {
            self.extensions.push(extension(oid, found.is_critical(), found.value()));
        }
    }

    /// The certificate; `None` where what it is made of does not make one.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        let version = element(0xa0, &[&element(INTEGER, &[&[0x02]])]);
        let serial = element(INTEGER, &[&[0x40], &self.serial.to_be_bytes()]);
        let validity = element(SEQUENCE, &[&time(self.from), &time(self.until)]);
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            element(0xa3, &[&element(SEQUENCE, &[&self.extensions.concat()])])
        };
        let parts: [&[u8]; 8] =
            [&version, &serial, ALGORITHM, &self.issuer, &validity, &self.subject, &self.key, &extensions];
        signed(&element(SEQUENCE, &parts))
    }
}

fn signed(tbs: &[u8]) -> Option<Certificate> {
    let signature = element(BIT_STRING, &[&[0x00; 33]]);
    Certificate::from_vec(element(SEQUENCE, &[tbs, ALGORITHM, &signature])).ok()
}

/// The same certificate with other dates and another serial number, as a CA that is renewed with its key has it.
pub(super) fn renewed(old: &Certificate, serial: u64, from: Timestamp, until: Timestamp) -> Option<Certificate> {
    let parts = || -> Result<Vec<u8>, DerError> {
        let mut tbs = Der::new(old.tbs_der()).expect(SEQUENCE, "a certificate")?.inside();
        let version = tbs.optional(0xa0, "a version")?;
        for what in ["a serial number", "an algorithm", "an issuer", "a validity", "a subject"] {
            tbs.any(what)?;
        }
        let version = version.map(|element| element.full).unwrap_or_default();
        let serial = element(INTEGER, &[&[0x40], &serial.to_be_bytes()]);
        let validity = element(SEQUENCE, &[&time(from), &time(until)]);
        let parts: [&[u8]; 7] =
            [version, &serial, ALGORITHM, old.issuer_der(), &validity, old.subject_der(), tbs.rest()];
        Ok(element(SEQUENCE, &parts))
    };
    signed(&parts().ok()?)
}

/// A CRL of a CA that lists these serial numbers, each with its reason: a complete one, or a delta CRL of this scope (the
/// issuing distribution point of its base), which any complete CRL of a number may be the base of.
pub(super) fn crl(
    authority: &Certificate,
    number: u64,
    from: Timestamp,
    until: Timestamp,
    revoked: &[(Vec<u8>, u8)],
    delta: Option<Option<&[u8]>>,
) -> Option<Crl> {
    let entry = |(serial, reason): &(Vec<u8>, u8)| {
        let reason = element(ENUMERATED, &[&[*reason]]);
        let extensions = element(SEQUENCE, &[&extension(oid::CRL_REASON, false, &reason)]);
        element(SEQUENCE, &[&element(INTEGER, &[serial]), &time(from), &extensions])
    };
    let entries: Vec<u8> = revoked.iter().flat_map(entry).collect();
    let entries = if entries.is_empty() { entries } else { element(SEQUENCE, &[&entries]) };
    let number = element(INTEGER, &[&[0x40], &number.to_be_bytes()]);
    let mut extensions = extension(oid::CRL_NUMBER, false, &number);
    if let Some(scope) = delta {
        extensions.extend(extension(oid::DELTA_CRL_INDICATOR, true, &element(INTEGER, &[&[0x00]])));
        extensions.extend(scope.iter().flat_map(|scope| extension(oid::ISSUING_DISTRIBUTION_POINT, true, scope)));
    }
    if let Ok(Some(key)) = authority.subject_key_identifier() {
        let identifier = element(SEQUENCE, &[&element(0x80, &[key])]);
        extensions.extend(extension(oid::AUTHORITY_KEY_IDENTIFIER, false, &identifier));
    }
    let version = element(INTEGER, &[&[0x01]]);
    let extensions = element(0xa0, &[&element(SEQUENCE, &[&extensions])]);
    let (this_update, next_update) = (time(from), time(until));
    let parts: [&[u8]; 7] =
        [&version, ALGORITHM, authority.subject_der(), &this_update, &next_update, &entries, &extensions];
    let signature = element(BIT_STRING, &[&[0x00; 33]]);
    Crl::from_vec(element(SEQUENCE, &[&element(SEQUENCE, &parts), ALGORITHM, &signature])).ok()
}
