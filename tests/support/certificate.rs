//! Certificates to order.

use super::der::{bit_string, explicit, int, seq, time, tlv};
use super::extension::{self, Ext, usage};
use super::key::{Hash, Key};
use super::name::Name;

/// Seconds since 1970 of an RFC 3339 instant.
///
/// # Panics
/// When the text is none: tests write it.
pub fn instant(text: &str) -> i64 {
    time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .unix_timestamp()
}

/// A certificate before it is signed. Every field can be set to anything.
#[derive(Debug, Clone)]
pub struct Cert {
    /// The number in the version field (2 is version 3); `None` leaves the field out (version 1).
    pub version: Option<u8>,
    /// Content bytes of the INTEGER.
    pub serial: Vec<u8>,
    pub issuer: Name,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
    pub subject: Name,
    pub key: Key,
    /// Extensions in order, duplicates as given.
    pub extensions: Vec<Ext>,
    /// Hash of the signature, heeded by RSA keys.
    pub hash: Hash,
    /// In place of what the signing key writes: the AlgorithmIdentifier inside the signed part.
    pub inner_algorithm: Option<Vec<u8>>,
    /// In place of what the signing key writes: the AlgorithmIdentifier outside.
    pub outer_algorithm: Option<Vec<u8>>,
    /// In place of the SEQUENCE of both times.
    pub validity: Option<Vec<u8>>,
    /// In place of a SubjectPublicKeyInfo made from `key`.
    pub spki: Option<Vec<u8>>,
    /// Flips a bit of the signature.
    pub damaged_signature: bool,
    /// In place of the signature.
    pub signature: Option<Vec<u8>>,
}

impl Cert {
    /// Version 3, serial number 1, valid 2020 to 2030, no extension.
    pub fn new(subject: impl Into<Name>, key: Key) -> Self {
        let subject = subject.into();
        Cert {
            version: Some(2),
            serial: vec![1],
            issuer: subject.clone(),
            not_before: instant("2020-01-01T00:00:00Z"),
            not_after: instant("2030-01-01T00:00:00Z"),
            subject,
            key,
            extensions: Vec::new(),
            hash: Hash::Sha256,
            inner_algorithm: None,
            outer_algorithm: None,
            validity: None,
            spki: None,
            damaged_signature: false,
            signature: None,
        }
    }

    /// [`Cert::new`] with what a CA has: basicConstraints, keyUsage for both kinds of signatures, a key identifier.
    pub fn ca(subject: impl Into<Name>, key: Key) -> Self {
        Cert::new(subject, key)
            .with(extension::basic_constraints(true, None))
            .with(extension::key_usage(&[usage::DIGITAL_SIGNATURE, usage::KEY_CERT_SIGN, usage::CRL_SIGN]))
            .with(extension::ski(key))
    }

    /// [`Cert::new`] with what a workstation certificate has: client authentication and a key usage.
    pub fn client(subject: impl Into<Name>, key: Key) -> Self {
        Cert::new(subject, key)
            .with(extension::key_usage(&[usage::DIGITAL_SIGNATURE, usage::KEY_ENCIPHERMENT]))
            .with(extension::eku(&[extension::CLIENT_AUTH]))
    }

    /// Adds an extension at the end.
    pub fn with(mut self, extension: Ext) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Adds an extension in place of those with the same identifier.
    pub fn replace(mut self, extension: Ext) -> Self {
        self.extensions.retain(|old| old.oid != extension.oid);
        self.with(extension)
    }

    /// Takes every extension with this identifier away.
    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|old| old.oid != oid);
        self
    }

    pub fn issuer(mut self, issuer: impl Into<Name>) -> Self {
        self.issuer = issuer.into();
        self
    }

    pub fn serial(mut self, serial: i128) -> Self {
        self.serial = int(serial)[2..].to_vec();
        self
    }

    /// Both ends, RFC 3339.
    pub fn valid(mut self, not_before: &str, not_after: &str) -> Self {
        (self.not_before, self.not_after) = (instant(not_before), instant(not_after));
        self
    }

    /// Both ends, seconds since 1970.
    pub fn valid_seconds(mut self, not_before: i64, not_after: i64) -> Self {
        (self.not_before, self.not_after) = (not_before, not_after);
        self
    }

    /// Sets fields that have no method.
    pub fn change(mut self, change: impl FnOnce(&mut Cert)) -> Self {
        change(&mut self);
        self
    }

    /// The certificate, signed by this key, in DER.
    pub fn sign(&self, signer: Key) -> Vec<u8> {
        let algorithm = signer.signature_algorithm(self.hash);
        let mut fields = Vec::new();
        fields.extend(self.version.map(|version| explicit(0, &int(version.into()))));
        fields.push(tlv(2, &self.serial));
        fields.push(self.inner_algorithm.clone().unwrap_or_else(|| algorithm.clone()));
        fields.push(self.issuer.encode());
        let validity = || seq(&[time(self.not_before), time(self.not_after)]);
        fields.push(self.validity.clone().unwrap_or_else(validity));
        fields.push(self.subject.encode());
        fields.push(self.spki.clone().unwrap_or_else(|| self.key.spki()));
        if !self.extensions.is_empty() {
            fields.push(explicit(3, &Ext::encode_list(&self.extensions)));
        }
        let tbs = seq(&fields);
        let mut signature = self.signature.clone().unwrap_or_else(|| signer.sign(self.hash, &tbs));
        if self.damaged_signature
            && let Some(last) = signature.last_mut()
        {
            *last ^= 1;
        }
        seq(&[tbs, self.outer_algorithm.clone().unwrap_or(algorithm), bit_string(&signature)])
    }

    /// Signed by its own key.
    pub fn self_sign(&self) -> Vec<u8> {
        self.sign(self.key)
    }

    /// Issued by that CA: its subject, its key, and an authorityKeyIdentifier that names it.
    pub fn issued_by(self, ca: &Cert) -> Vec<u8> {
        self.issuer(ca.subject.clone()).with(extension::aki(ca.key)).sign(ca.key)
    }
}
