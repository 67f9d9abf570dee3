//! What an import did not understand: typed, placed, and bounded in number.

use crate::shown::{Quoted, Shown};
use crate::{Rule, Thumbprint};
use std::fmt;

/// At most this many problems are kept; a damaged file of many megabytes would otherwise fill the memory with them.
pub(super) const MAX_PROBLEMS: usize = 1000;

/// Where in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A byte offset from the start of the input.
    Byte(usize),
    /// A line and a column of a text, both counted from 1, in characters.
    Text {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A byte offset inside of a registry value.
    Value {
        /// The line on which the value begins, counted from 1.
        line: usize,
        /// The value's key below the store's branch, such as `MY\Certificates\00AB..`.
        key: String,
        /// The byte offset in the value.
        offset: usize,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Byte(offset) => write!(f, "byte {offset}"),
            Place::Text { line, column } => write!(f, "line {line}, column {column}"),
            Place::Value { line, key, offset } => write!(f, "line {line}, byte {offset} of {}", Quoted(key)),
        }
    }
}

/// Something that an import did not understand, or understood under an assumption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    pub(super) rule: Rule,
    pub(super) place: Place,
    pub(super) kind: ImportProblemKind,
}

impl ImportProblem {
    /// The rule behind it (W-1 to W-4).
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Where it stands.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What it is.
    pub fn kind(&self) -> &ImportProblemKind {
        &self.kind
    }
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.place, self.kind, self.rule)
    }
}

/// The kinds of [`ImportProblem`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportProblemKind {
    /// An entry is damaged; it is shown as an unreadable entry, and the rest is read.
    #[error("damaged entry, {skipped} bytes skipped: {problem}")]
    Damaged {
        /// What is wrong.
        problem: EntryDamage,
        /// How many bytes were passed over until the next entry.
        skipped: usize,
    },
    /// Properties stand before no certificate.
    #[error("properties without a certificate after them")]
    StrayProperties,
    /// A property does not decode.
    #[error("property {id} is damaged: {problem}")]
    Property {
        /// The property's id (wincrypt.h).
        id: u32,
        /// What is wrong and what is assumed instead.
        problem: &'static str,
    },
    /// The key of the registry names another certificate, or property 3 does.
    #[error("{stated_by} says {}, the certificate is {actual}", Shown(stated))]
    Thumbprint {
        /// `the key's name` or `property 3`.
        stated_by: &'static str,
        /// The thumbprint as stated.
        stated: String,
        /// The certificate's own.
        actual: Thumbprint,
    },
    /// A certificate trust list: it is not read.
    #[error("a certificate trust list is not read: certificates that it disallows or trusts are unknown")]
    TrustList,
    /// A value in hexadecimal with something else in it.
    #[error("{} is no byte: write two hexadecimal digits and a comma", Quoted(found))]
    Hex {
        /// What stands there.
        found: String,
    },
    /// A value in hexadecimal that breaks off.
    #[error("the value breaks off: a line that ends in a comma and a backslash is continued on the next line")]
    CutHex,
    /// The value that should hold the certificate is not binary.
    #[error("`Blob` is {}: it should be `hex:`", Shown(found))]
    NotBinary {
        /// What stands after the equals sign.
        found: String,
    },
    /// A line that belongs to no registry file.
    #[error("line not understood: {}", Quoted(text))]
    Line {
        /// The line's beginning.
        text: String,
    },
    /// The first line is not that of a registry file.
    #[error("the first line should be `Windows Registry Editor Version 5.00` or `REGEDIT4`")]
    Header,
    /// Keys of another part of the registry.
    #[error("{} and what else is not in a store of the local computer is not read", Quoted(key))]
    OtherKey {
        /// The first such key.
        key: String,
    },
    /// Text that does not decode.
    #[error("{count} characters do not decode as {encoding}; they were replaced")]
    Undecodable {
        /// How many.
        count: usize,
        /// The encoding of the file.
        encoding: &'static str,
    },
    /// PKCS#7 or PKCS#12 content that is neither a certificate, a CRL nor a key.
    #[error("{} is not read", Shown(what))]
    NotRead {
        /// What it is.
        what: String,
    },
    /// A private key of a PKCS#12 file that names no certificate.
    #[error("a private key names no certificate of the file (no matching local key id)")]
    KeyWithoutCertificate,
    /// The private key of a PEM text has the public key of none of its certificates.
    #[error("a private key belongs to no certificate of the text")]
    KeyOfNoCertificate,
    /// Whose an encrypted private key is cannot be told.
    #[error("an encrypted private key, or one of a kind that is not understood: taken as the key of {thumbprint}")]
    KeyAssumed {
        /// The first certificate that is no CA's.
        thumbprint: Thumbprint,
    },
    /// Line breaks, NULs or blanks behind the DER.
    #[error("{count} bytes behind the DER that are blanks, line breaks or NULs; they are left out")]
    BytesBehind {
        /// How many.
        count: usize,
    },
    /// Something behind a PKCS#7 or PKCS#12 file.
    #[error("{count} bytes behind the end are not read")]
    Rest {
        /// How many.
        count: usize,
    },
    /// Lengths that are indefinite, or strings in pieces.
    #[error("the file is BER; it is read as DER, in which other offsets count")]
    Ber,
    /// What OpenSSL writes behind a certificate under the label `TRUSTED CERTIFICATE`.
    #[error("the trust settings behind the certificate are not read")]
    TrustSettings,
    /// A PEM block is damaged.
    #[error("{}", Shown(problem))]
    Pem {
        /// What is wrong and what would be right.
        problem: String,
    },
}

/// What is wrong with an entry of a serialized store (rule W-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryDamage {
    /// Fewer than twelve bytes are left.
    #[error("{left} bytes are left where an entry's header of 12 bytes should stand")]
    Header {
        /// How many are left.
        left: usize,
    },
    /// The second field is not 1.
    #[error("encoding {found}, expected 1")]
    Encoding {
        /// What stands there.
        found: u32,
    },
    /// The value would reach beyond the end.
    #[error("length {length} where {left} bytes are left")]
    Length {
        /// What the header says.
        length: u32,
        /// How many bytes are left.
        left: usize,
    },
    /// Id 0, which only the end entry has, with a length.
    #[error("id 0 with length {length}, expected the end entry of twelve zero bytes")]
    ZeroId {
        /// What the header says.
        length: u32,
    },
    /// The end entry is missing.
    #[error("the end entry is missing: the file was cut")]
    NoEnd,
    /// Bytes after the end entry.
    #[error("{bytes} bytes after the end entry")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// No certificate, CRL or trust list at all.
    #[error("neither a certificate nor a CRL")]
    Empty,
}

/// Problems, bounded by [`MAX_PROBLEMS`].
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Problems {
    pub kept: Vec<ImportProblem>,
    pub dropped: usize,
}

impl Problems {
    pub(super) fn push(&mut self, rule: Rule, place: Place, kind: ImportProblemKind) {
        if self.kept.len() < MAX_PROBLEMS {
            self.kept.push(ImportProblem { rule, place, kind });
        } else {
            self.dropped += 1;
        }
    }
}
