//! Revocation by CRL: what a CRL says, which CRLs count for a certificate, and what they say together.
//!
//! ```
//! use ccmcertsel::Crl;
//!
//! let error = Crl::from_der(b"\x30\x03\x02\x01\x00").unwrap_err();
//! assert_eq!(error.offset(), 2);
//! assert!(error.to_string().contains("tbsCertList"));
//! ```
//!
//! Source: RFC 5280 sections 5 and 6.3; rules V-7, V-8 and V-9.

mod check;
mod count;
mod crl;
mod crls;
mod decode;
mod entry;
mod error;
mod gravest;
mod index;
mod listed;
mod message;
mod notes;
mod outcome;
mod partitions;
mod places;
mod point;
mod reason;
mod recall;
mod scope;
mod usual;
mod warning;
mod work;

pub use crate::budget::Budget;

pub(crate) use self::check::{CrlSignatures, MemberStatus, PathStatus, RevocationCheck, RevocationSettings};
pub use self::crl::Crl;
pub use self::crls::Crls;
pub(crate) use self::entry::Effect;
pub use self::entry::{RevocationReason, RevokedCertificate};
pub use self::error::CrlError;
pub use self::outcome::{
    CountedCrl, CrlNotCounted, CrlProblem, Lack, MissingCrl, Ocsp, RevocationEvidence, RevocationFailure,
};
pub(crate) use self::recall::{WalkKey, Walks};
pub use self::scope::{CertificateKind, Indirect};
pub use self::warning::CrlWarning;
pub(crate) use self::work::{SignerPaths, Signers};

#[cfg(all(test, repository))]
#[path = "../tests/units/revocation/mod.rs"]
mod tests;
