//! PEM armour: several blocks in one text, each read by itself.

use super::CertificateError;
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// One block of a PEM text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemBlock {
    /// What the armour says, such as `CERTIFICATE`, `X509 CRL` or `PRIVATE KEY`.
    pub label: String,
    /// The bytes inside.
    pub der: Vec<u8>,
    /// Where the block begins in the text, in bytes.
    pub offset: usize,
}

impl PemBlock {
    /// Whether the label is one under which certificates are written.
    pub fn is_certificate(&self) -> bool {
        matches!(self.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE")
    }
}

/// Splits a PEM text into its blocks; text between blocks is ignored, as OpenSSL does.
///
/// A damaged block is an error of its own and does not hide the others.
pub fn pem_blocks(text: &[u8]) -> Vec<Result<PemBlock, CertificateError>> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const END: &[u8] = b"-----END ";
    let mut blocks = Vec::new();
    let mut position = 0;
    while let Some(found) = memchr::memmem::find(text.get(position..).unwrap_or_default(), BEGIN) {
        let offset = position + found;
        let rest = text.get(offset..).unwrap_or_default();
        let body = rest.get(BEGIN.len()..).unwrap_or_default();
        // The block ends after the line of its END mark, or before the next BEGIN when there is none.
        let next_begin = memchr::memmem::find(body, BEGIN).map_or(rest.len(), |at| BEGIN.len() + at);
        let block = rest.get(..next_begin).unwrap_or(rest);
        let end = memchr::memmem::find(block, END).and_then(|at| {
            let tail = block.get(at + END.len()..)?;
            Some(at + END.len() + memchr::memmem::find(tail, b"-----")? + 5)
        });
        position = offset + end.unwrap_or(next_begin);
        let Some(end) = end else {
            let problem = "the END line is missing".to_owned();
            blocks.push(Err(CertificateError::Pem { offset, problem }));
            continue;
        };
        let block = block.get(..end).unwrap_or(block);
        blocks.push(decode_block(block, offset));
    }
    blocks
}

fn decode_block(block: &[u8], offset: usize) -> Result<PemBlock, CertificateError> {
    // Old OpenSSL puts headers (`Proc-Type: ...`) into encrypted keys; they are no certificates, so no loss.
    let error = |problem: String| CertificateError::Pem { offset, problem };
    let cleaned: Vec<u8> = block
        .split(|&b| b == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .flat_map(|line| line.iter().copied().chain([b'\n']))
        .collect();
    let mut lines = cleaned.split(|&b| b == b'\n');
    let label = lines
        .next()
        .and_then(|line| line.strip_prefix(b"-----BEGIN "))
        .and_then(|line| line.strip_suffix(b"-----"))
        .ok_or_else(|| error("the BEGIN line is damaged: it reads `-----BEGIN LABEL-----`".to_owned()))?;
    let label = String::from_utf8_lossy(label).into_owned();
    let mut body = Vec::new();
    let mut ended = false;
    for line in lines {
        if let Some(end) = line.strip_prefix(b"-----END ") {
            let same = end.strip_suffix(b"-----").is_some_and(|end| end == label.as_bytes());
            if !same {
                return Err(error(format!("the END line does not say `{label}`")));
            }
            ended = true;
            break;
        }
        body.extend_from_slice(line);
    }
    if !ended {
        return Err(error("the END line is missing".to_owned()));
    }
    if label.contains("PRIVATE KEY") {
        // Its presence is all that counts (rule V-2); the key itself is neither needed nor kept.
        return Ok(PemBlock { label, der: Vec::new(), offset });
    }
    let der = BASE64_STANDARD
        .decode(&body)
        .map_err(|_| error("the text is not base64 (A-Z, a-z, 0-9, +, /, padded with =)".to_owned()))?;
    Ok(PemBlock { label, der, offset })
}
