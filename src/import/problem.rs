//! What an import did not understand: typed, placed, and bounded in number.

use crate::certificate::Thumbprint;
use crate::rules::Rule;
use crate::shown::{Quoted, Shown};
use std::fmt;

/// At most this many problems are kept; a damaged file of many megabytes would otherwise fill the memory with them.
pub(super) const MAX_PROBLEMS: usize = 1000;

/// Where in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemPlace {
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

impl fmt::Display for ProblemPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProblemPlace::Byte(offset) => write!(f, "byte {offset}"),
            ProblemPlace::Text { line, column } => write!(f, "line {line}, column {column}"),
            ProblemPlace::Value { line, key, offset } => write!(f, "line {line}, byte {offset} of {}", Quoted(key)),
        }
    }
}

/// Something that an import did not understand, or understood under an assumption.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportProblem {
    /// The rule behind it (W-1 to W-4).
    pub rule: Rule,
    /// Where it stands.
    pub place: ProblemPlace,
    /// What it is.
    pub kind: ImportProblemKind,
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.place, self.kind, self.rule)
    }
}

/// The kinds of [`ImportProblem`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportProblemKind {
    /// An entry is damaged; it is shown as an unreadable entry, and the rest is read.
    Damaged {
        /// What is wrong.
        problem: EntryDamage,
        /// How many bytes were passed over until the next entry.
        skipped: usize,
    },
    /// Properties stand before no certificate.
    StrayProperties,
    /// A property does not decode.
    Property {
        /// The property's id (wincrypt.h).
        id: u32,
        /// What is wrong and what is assumed instead.
        problem: &'static str,
    },
    /// The key of the registry names another certificate, or property 3 does.
    Thumbprint {
        /// `the key's name` or `property 3`.
        stated_by: &'static str,
        /// The thumbprint as stated.
        stated: String,
        /// The certificate's own.
        actual: Thumbprint,
    },
    /// A certificate trust list: it is not read.
    TrustList,
    /// A value in hexadecimal with something else in it.
    Hex {
        /// What stands there.
        found: String,
    },
    /// A value in hexadecimal that breaks off.
    CutHex,
    /// The value that should hold the certificate is not binary.
    NotBinary {
        /// What stands after the equals sign.
        found: String,
    },
    /// A line that belongs to no registry file.
    Line {
        /// The line's beginning.
        text: String,
    },
    /// The first line is not that of a registry file.
    Header,
    /// Keys of another part of the registry.
    OtherKey {
        /// The first such key.
        key: String,
    },
    /// Text that does not decode.
    Undecodable {
        /// How many.
        count: usize,
        /// The encoding of the file.
        encoding: &'static str,
    },
    /// PKCS#7 or PKCS#12 content that is neither a certificate, a CRL nor a key.
    NotRead {
        /// What it is.
        what: String,
    },
    /// A private key of a PKCS#12 file that names no certificate.
    KeyWithoutCertificate,
    /// The private key of a PEM text has the public key of none of its certificates.
    KeyOfNoCertificate,
    /// Whose an encrypted private key is cannot be told.
    KeyAssumed {
        /// The first certificate that is not a CA's.
        thumbprint: Thumbprint,
    },
    /// Line breaks, NULs or blanks behind the DER.
    BytesBehind {
        /// How many.
        count: usize,
    },
    /// Something behind a PKCS#7 or PKCS#12 file.
    Rest {
        /// How many.
        count: usize,
    },
    /// Lengths that are indefinite, or strings in pieces.
    Ber,
    /// What OpenSSL writes behind a certificate under the label `TRUSTED CERTIFICATE`.
    TrustSettings,
    /// A PEM block is damaged.
    Pem {
        /// What is wrong and what would be right.
        problem: String,
    },
}

impl fmt::Display for ImportProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportProblemKind::Damaged { problem, skipped } => {
                write!(f, "damaged entry, {skipped} bytes skipped: {problem}")
            }
            ImportProblemKind::StrayProperties => f.write_str("properties without a certificate after them"),
            ImportProblemKind::Property { id, problem } => write!(f, "property {id} is damaged: {problem}"),
            ImportProblemKind::Thumbprint { stated_by, stated, actual } => {
                write!(f, "{stated_by} says {}, the certificate is {actual}", Shown(stated))
            }
            ImportProblemKind::TrustList => f.write_str(
                "a certificate trust list is not read: certificates that it disallows or trusts are unknown",
            ),
            ImportProblemKind::Hex { found } => {
                write!(f, "{} is no byte: write two hexadecimal digits and a comma", Quoted(found))
            }
            ImportProblemKind::CutHex => f.write_str(
                "the value breaks off: a line that ends in a comma and a backslash is continued on the next line",
            ),
            ImportProblemKind::NotBinary { found } => write!(f, "`Blob` is {}: it should be `hex:`", Shown(found)),
            ImportProblemKind::Line { text } => write!(f, "line not understood: {}", Quoted(text)),
            ImportProblemKind::Header => {
                f.write_str("the first line should be `Windows Registry Editor Version 5.00` or `REGEDIT4`")
            }
            ImportProblemKind::OtherKey { key } => {
                write!(f, "{} and what else is not in a store of the local computer is not read", Quoted(key))
            }
            ImportProblemKind::Undecodable { count, encoding } => {
                write!(f, "{count} characters do not decode as {encoding}; they were replaced")
            }
            ImportProblemKind::NotRead { what } => write!(f, "{} is not read", Shown(what)),
            ImportProblemKind::KeyWithoutCertificate => {
                f.write_str("a private key names no certificate of the file (no matching local key id)")
            }
            ImportProblemKind::KeyOfNoCertificate => f.write_str("a private key belongs to no certificate of the text"),
            ImportProblemKind::KeyAssumed { thumbprint } => write!(
                f,
                "an encrypted private key, or one of a kind that is not understood: taken as the key of {thumbprint}"
            ),
            ImportProblemKind::BytesBehind { count } => {
                write!(f, "{count} bytes behind the DER that are blanks, line breaks or NULs; they are left out")
            }
            ImportProblemKind::Rest { count } => write!(f, "{count} bytes behind the end are not read"),
            ImportProblemKind::Ber => f.write_str("the file is BER; it is read as DER, in which other offsets count"),
            ImportProblemKind::TrustSettings => f.write_str("the trust settings behind the certificate are not read"),
            ImportProblemKind::Pem { problem } => write!(f, "{}", Shown(problem)),
        }
    }
}

/// What is wrong with an entry of a serialized store (rule W-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryDamage {
    /// Fewer than twelve bytes are left.
    Header {
        /// How many are left.
        left: usize,
    },
    /// The second field is not 1.
    Encoding {
        /// What stands there.
        found: u32,
    },
    /// The value would reach beyond the end.
    Length {
        /// What the header says.
        length: u32,
        /// How many bytes are left.
        left: usize,
    },
    /// Id 0, which only the end entry has, with a length.
    ZeroId {
        /// What the header says.
        length: u32,
    },
    /// The end entry is missing.
    NoEnd,
    /// Bytes after the end entry.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// No certificate, CRL or trust list at all.
    Empty,
}

impl fmt::Display for EntryDamage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EntryDamage::Header { left } => {
                write!(f, "{left} bytes are left where an entry's header of 12 bytes should stand")
            }
            EntryDamage::Encoding { found } => write!(f, "encoding {found}, expected 1"),
            EntryDamage::Length { length, left } => write!(f, "length {length} where {left} bytes are left"),
            EntryDamage::ZeroId { length } => {
                write!(f, "id 0 with length {length}, expected the end entry of twelve zero bytes")
            }
            EntryDamage::NoEnd => f.write_str("the end entry is missing: the file was cut"),
            EntryDamage::Trailing { bytes } => write!(f, "{bytes} bytes after the end entry"),
            EntryDamage::Empty => f.write_str("neither a certificate nor a CRL"),
        }
    }
}

/// Problems, bounded by [`MAX_PROBLEMS`].
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Problems {
    pub kept: Vec<ImportProblem>,
    pub dropped: usize,
}

impl Problems {
    pub(super) fn push(&mut self, rule: Rule, place: ProblemPlace, kind: ImportProblemKind) {
        if self.kept.len() < MAX_PROBLEMS {
            self.kept.push(ImportProblem { rule, place, kind });
        } else {
            self.dropped += 1;
        }
    }
}
