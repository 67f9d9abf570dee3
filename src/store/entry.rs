//! What a store holds: certificates, and bytes that are not one.

use super::StoredCertificate;
use crate::certificate::{CertificateError, Thumbprint};
use crate::encoding::without_secret;
use crate::shown::{Quoted, ShownBy};
use std::fmt;

/// One entry of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A certificate.
    Certificate(StoredCertificate),
    /// Bytes that do not decode as one (rule T-5).
    Unreadable(UnreadableEntry),
}

impl Entry {
    /// The certificate, unless the entry is unreadable.
    pub fn certificate(&self) -> Option<&StoredCertificate> {
        match self {
            Entry::Certificate(stored) => Some(stored),
            Entry::Unreadable(_) => None,
        }
    }

    /// The SHA-1 of the entry's bytes.
    pub fn thumbprint(&self) -> Thumbprint {
        match self {
            Entry::Certificate(stored) => stored.certificate().thumbprint(),
            Entry::Unreadable(entry) => entry.thumbprint(),
        }
    }
}

/// Bytes in a store that are not a certificate: kept and shown (rule T-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableEntry(Box<Unreadable>); // boxed, because every entry of a store has the room for the larger of both

#[derive(Debug, Clone, PartialEq, Eq)]
struct Unreadable {
    thumbprint: Thumbprint,
    bytes: Box<[u8]>,
    error: CertificateError,
    source: Option<Box<str>>,
}

impl UnreadableEntry {
    /// The entry for bytes that did not decode, with the reason. Of a private key, which some store beside its certificate, nothing
    /// secret is kept: what is read is shown and written on.
    pub(crate) fn new(bytes: &[u8], error: CertificateError) -> Self {
        UnreadableEntry(Box::new(Unreadable {
            thumbprint: Thumbprint::of(bytes),
            bytes: without_secret(bytes).into(),
            error,
            source: None,
        }))
    }

    /// The thumbprint under which Windows keeps the entry, where that is known (rule W-2).
    #[must_use]
    pub(crate) fn with_thumbprint(mut self, thumbprint: Thumbprint) -> Self {
        self.0.thumbprint = thumbprint;
        self
    }

    /// The file, the registry key or the field that the bytes were in; one that is known already stays.
    #[must_use]
    pub(crate) fn with_source(mut self, source: impl Into<Box<str>>) -> Self {
        self.0.source.get_or_insert_with(|| source.into());
        self
    }

    /// The file, the registry key or the field that the bytes were in, where that is known.
    pub fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
    }

    /// SHA-1 of the bytes, or the thumbprint under which Windows keeps them.
    pub fn thumbprint(&self) -> Thumbprint {
        self.0.thumbprint
    }

    /// The bytes, as they were in the store; of a private key only the beginning.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// What is wrong, and where.
    pub fn error(&self) -> &CertificateError {
        &self.0.error
    }

    /// What a message says of it.
    pub(crate) fn not_read(&self) -> NotRead {
        NotRead { source: self.0.source.clone(), error: self.0.error.clone() }
    }
}

/// What a message says of an entry that does not decode (rule T-5): its file, key or field where that is known, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    source: Option<Box<str>>,
    error: CertificateError,
}

impl NotRead {
    /// The file, the registry key or the field that the bytes were in, where that is known.
    pub(crate) fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// What is wrong, and where.
    pub(crate) fn error(&self) -> &CertificateError {
        &self.error
    }
}

impl fmt::Display for NotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = self.source() {
            write!(f, "{}: ", Quoted(source))?;
        }
        ShownBy(&self.error).fmt(f)
    }
}
