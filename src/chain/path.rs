//! A path: certificates whose names and signatures link.

use crate::store::CertId;

/// A path from a certificate upwards; the certificate alone when nothing was found above it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Path {
    pub(super) certificates: Box<[CertId]>,
    pub(super) end: PathEnd,
}

/// Where a path ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PathEnd {
    /// At an anchor (rule V-5).
    Anchor,
    /// At a self-signed certificate that is not an anchor.
    SelfSigned,
    /// At a certificate whose issuer was not found.
    Incomplete,
}

impl Path {
    /// The certificates: the one that is judged first, its issuer next.
    pub(crate) fn certificates(&self) -> &[CertId] {
        &self.certificates
    }

    /// The last certificate: the root, or the highest one found (rule I-5).
    pub(crate) fn last(&self) -> Option<CertId> {
        self.certificates.last().copied()
    }

    /// Where the path ends.
    pub(crate) fn end(&self) -> PathEnd {
        self.end
    }

    /// Whether the path ends at a root, trusted or not (rule I-5).
    pub(crate) fn is_complete(&self) -> bool {
        self.end != PathEnd::Incomplete
    }
}
