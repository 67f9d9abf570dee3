//! What a passed chain check rests on.

use crate::chain::Path;
use crate::name::DistinguishedName;
use crate::{Stores, Thumbprint};
use std::fmt;

/// The root that a valid chain ends at (rule V-5). The whole path stands in the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEvidence {
    /// The root's certificate.
    pub root: Thumbprint,
    /// Its subject.
    pub name: DistinguishedName,
    /// The number of certificates, the judged one and the root included.
    pub length: usize,
}

impl ChainEvidence {
    /// `None` for a path without certificates, which no search yields.
    pub(super) fn of(stores: &Stores, path: &Path) -> Option<Self> {
        let certificate = stores.get(path.last()?)?.certificate();
        let length = path.certificates().len();
        Some(ChainEvidence {
            root: certificate.thumbprint(),
            name: certificate.subject(),
            length,
        })
    }
}

impl fmt::Display for ChainEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a valid chain of {} certificates ends at the trusted root `{}` ({})",
            self.length, self.name, self.root
        )
    }
}
