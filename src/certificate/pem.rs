//! PEM armour: several blocks in one text, each read by itself. The one reader of it.
//!
//! As OpenSSL takes it (`PEM_read_bio`): text before, between and behind the blocks is not part of them; a block may begin
//! with headers (`Proc-Type: ...`) that end in an empty line; blanks at the ends of lines do not count. Beyond that, blanks
//! before the lines and a block on one line are read, because copied text has them. UTF-16 is what PowerShell writes.

use super::CertificateError;
use crate::encoding;
use crate::shown::Quoted;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::borrow::Cow;

/// The beginning of the line that begins a block.
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const TAIL: &[u8] = b"-----";

/// One block of a PEM text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PemBlock {
    /// What the armour says, such as `CERTIFICATE`, `X509 CRL` or `PRIVATE KEY`.
    pub label: String,
    /// The bytes inside; nothing for private keys, which are not kept.
    pub der: Vec<u8>,
    /// Where the block begins in the file, in bytes.
    pub offset: usize,
}

impl PemBlock {
    /// Whether the label is one under which certificates are written.
    pub(crate) fn is_certificate(&self) -> bool {
        is_certificate(&self.label)
    }
}

/// A block whose armour may be damaged, with the bytes of private keys.
pub(crate) struct Armoured {
    pub label: String,
    pub offset: usize,
    pub bytes: Result<Vec<u8>, String>,
    /// The armour with what is in it, where it is damaged.
    pub text: Vec<u8>,
}

/// Whether certificates are written under this label: `CERTIFICATE`, and what other tools than OpenSSL write in its place.
pub(crate) fn is_certificate(label: &str) -> bool {
    let label = usual(label);
    let ends = ["CERTIFICATE", "CERTIFICATES", "CERTIFICATE CHAIN"]
        .into_iter()
        .any(|end| label.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(' ')));
    ends && !label.contains("ATTRIBUTE")
}

/// Whether it is OpenSSL's form of a certificate with what it is trusted for behind it.
pub(crate) fn is_trusted_certificate(label: &str) -> bool {
    matches!(&*usual(label), "TRUSTED CERTIFICATE" | "X509 TRUSTED CERTIFICATE")
}

/// Whether CRLs are written under this label.
pub(crate) fn is_crl(label: &str) -> bool {
    matches!(&*usual(label), "X509 CRL" | "CRL" | "CERTIFICATE REVOCATION LIST" | "X509 CERTIFICATE REVOCATION LIST")
}

/// Whether PKCS#7 (CMS) is written under this label.
pub(crate) fn is_pkcs7(label: &str) -> bool {
    matches!(&*usual(label), "PKCS7" | "PKCS7 SIGNED DATA" | "PKCS7 CERTIFICATES" | "CMS" | "CMS SIGNED DATA")
}

/// Whether PKCS#12 is written under this label.
pub(crate) fn is_pkcs12(label: &str) -> bool {
    matches!(&*usual(label), "PKCS12" | "PFX")
}

/// Whether requests are written under this label, which a CA makes certificates of.
pub(crate) fn is_request(label: &str) -> bool {
    usual(label).ends_with("CERTIFICATE REQUEST")
}

/// A label as most tools write it: `X.509` and `PKCS #7` are others' forms.
fn usual(label: &str) -> Cow<'_, str> {
    /// No label in use is longer.
    const LONGEST: usize = 64;
    if label.len() > LONGEST
        || label.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b' ' | b'0'..=b'9'))
    {
        return Cow::Borrowed(label);
    }
    let label = label.to_ascii_uppercase().replace(['.', '#'], "");
    Cow::Owned(label.replace("PKCS 7", "PKCS7").replace("PKCS 12", "PKCS12"))
}

/// Whether private keys are written under this label.
pub(crate) fn is_private_key(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

/// Whether some bytes are PEM text: the mark of a block is in them, whatever their encoding.
pub(crate) fn is_pem(bytes: &[u8]) -> bool {
    let (encoding, _) = encoding::Encoding::of(bytes);
    match encoding {
        encoding::Encoding::Utf8 => memchr::memmem::find(bytes, BEGIN).is_some(),
        encoding::Encoding::Utf16Le | encoding::Encoding::Utf16Be => {
            memchr::memmem::find(encoding::decode(bytes).text().as_bytes(), BEGIN).is_some()
        }
    }
}

/// Splits a PEM text into its blocks, UTF-8 or UTF-16.
///
/// A damaged block is an error of its own and does not hide the others.
pub(crate) fn pem_blocks(text: &[u8]) -> Vec<Result<PemBlock, CertificateError>> {
    let blocks = armoured(text).into_iter().map(|block| {
        let Armoured { label, offset, bytes, .. } = block;
        match bytes {
            // Its presence is all that counts (rule V-2); the key itself is neither needed nor kept.
            Ok(_) if is_private_key(&label) => Ok(PemBlock { label, der: Vec::new(), offset }),
            Ok(der) => Ok(PemBlock { label, der, offset }),
            Err(problem) => Err(CertificateError::Pem { offset, problem }),
        }
    });
    blocks.collect()
}

/// [`pem_blocks`] with labels of damaged blocks and bytes of keys.
pub(crate) fn armoured(file: &[u8]) -> Vec<Armoured> {
    // Other code pages are in use for what stands round the blocks: bytes are taken as they are, unless they are UTF-16.
    let decoded = match encoding::Encoding::of(file).0 {
        encoding::Encoding::Utf8 => None,
        encoding::Encoding::Utf16Le | encoding::Encoding::Utf16Be => Some(encoding::decode(file)),
    };
    let text: Cow<'_, [u8]> = match &decoded {
        None => Cow::Borrowed(file),
        Some(decoded) => Cow::Borrowed(decoded.text().as_bytes()),
    };
    let mut blocks = Vec::new();
    let mut position = 0;
    // Where the last block begins in the text and in the file: counting from there keeps a long text linear.
    let (mut counted, mut offset) = (0, decoded.as_ref().map_or(0, |decoded| decoded.file_offset(0)));
    while let Some(begin) = next_begin(&text, position) {
        let end = next_begin(&text, begin + BEGIN.len()).unwrap_or(text.len());
        let rest = text.get(begin..end).unwrap_or_default();
        offset += match decoded.as_ref().and_then(|decoded| decoded.text().get(counted..begin)) {
            Some(between) => 2 * between.encode_utf16().count(),
            None => begin - counted,
        };
        counted = begin;
        position = begin + BEGIN.len();
        if let Some((label, used, bytes)) = block(rest) {
            // With the line break behind it: a file of one block is the block.
            let behind = rest.get(used..).unwrap_or_default();
            let own = if behind.trim_ascii().is_empty() { rest } else { rest.get(..used).unwrap_or(rest) };
            let text = if bytes.is_err() { own.to_vec() } else { Vec::new() };
            blocks.push(Armoured { label, offset, bytes, text });
            position = begin + used.max(BEGIN.len());
        }
    }
    blocks
}

/// The next place at which a line begins with the mark of a block; in the middle of a line it is only text.
fn next_begin(text: &[u8], from: usize) -> Option<usize> {
    let found = memchr::memmem::find_iter(text.get(from..)?, BEGIN).map(|at| from + at);
    let begins_line = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default();
        let before = before.strip_suffix(b"\xef\xbb\xbf").unwrap_or(before);
        let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let before = before.get(..before.len() - blanks).unwrap_or_default();
        matches!(before.last(), None | Some(b'\n' | b'\r'))
            // Files that were joined without a line break between them.
            || before.ends_with(TAIL)
    };
    found.into_iter().find(begins_line)
}

/// The block at the beginning of a text: label, how many bytes it takes, and what is in it. `None` where the mark only
/// is in a sentence: neither the rest of its line nor a line that ends it.
fn block(text: &[u8]) -> Option<(String, usize, Result<Vec<u8>, String>)> {
    let body = text.get(BEGIN.len()..).unwrap_or_default();
    let line = body.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let Some(label_end) = memchr::memmem::find(line, TAIL) else {
        let problem = "the BEGIN line is damaged: it reads `-----BEGIN LABEL-----`".to_owned();
        memchr::memmem::find(body, END)?;
        let label = String::from_utf8_lossy(line.trim_ascii()).into_owned();
        return Some((label, BEGIN.len() + line.len(), Err(problem)));
    };
    let label_bytes = line.get(..label_end).unwrap_or_default();
    let label = String::from_utf8_lossy(label_bytes).into_owned();
    let body_start = BEGIN.len() + label_end + TAIL.len();
    let body = text.get(body_start..).unwrap_or_default();
    let Some(end) = memchr::memmem::find(body, END) else {
        return Some((label, text.len(), Err("the END line is missing".to_owned())));
    };
    let tail = body.get(end + END.len()..).unwrap_or_default();
    let tail_line = tail.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let same = tail_line.strip_prefix(label_bytes).is_some_and(|rest| rest.starts_with(TAIL));
    if !same {
        let used = body_start + end + END.len() + tail_line.len();
        let problem = format!("the END line does not say `{}`", label.chars().take(40).collect::<String>());
        return Some((label, used, Err(problem)));
    }
    let used = body_start + end + END.len() + label_bytes.len() + TAIL.len();
    Some((label, used, decode(body.get(..end).unwrap_or_default())))
}

/// The base64 behind the headers, if there are any.
fn decode(body: &[u8]) -> Result<Vec<u8>, String> {
    let lines: Vec<&[u8]> = body.trim_ascii_end().split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect();
    let is_header = |line: &&[u8]| line.contains(&b':');
    let last_header = lines.iter().rposition(is_header);
    let start = match last_header {
        None => 0,
        Some(last) => {
            // RFC 1421: an empty line ends them, and a header may go on over several lines.
            let blank = lines.iter().skip(last).position(|line| line.is_empty());
            blank.map_or(last + 1, |blank| last + blank)
        }
    };
    let base64: String = lines.iter().skip(start).flat_map(|line| line.iter()).filter_map(|byte| sign(*byte)).collect();
    BASE64_STANDARD.decode(&base64).map_err(|_| {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        let strange = lines.iter().enumerate().skip(start).find_map(|(number, line)| {
            let sign = line.iter().filter_map(|byte| sign(*byte)).find(|c| !known(*c))?;
            // The first line is what stands behind the BEGIN.
            Some(format!("line {} of it has {}: ", number + 1, Quoted(&sign.to_string())))
        });
        format!("{}the text is not base64 (A-Z, a-z, 0-9, +, /, padded with =)", strange.unwrap_or_default())
    })
}

/// A byte of base64; blanks and control characters do not count.
fn sign(byte: u8) -> Option<char> {
    match byte {
        0..=b' ' | 0x7f => None,
        _ => Some(char::from(byte)),
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/certificate_pem.rs"]
mod tests;
