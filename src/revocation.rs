//! Revocation by CRL: what a CRL says, which CRLs count for a certificate, and what they say together.
//!
//! ```
//! use ccmcertsel::check::{Pass, RevocationPass};
//! use ccmcertsel::revocation::{
//!     CertificateKind, CountedCrl, CrlNotCounted, CrlProblem, Lack, MissingCrl, Ocsp, RevocationFailure, RevocationReason,
//!     RevokedCertificate,
//! };
//! use ccmcertsel::select::Undecided;
//! use ccmcertsel::{Certificate, Crl, CrlError, Crls, Finding, Rejection, RevocationEvidence};
//!
//! // What a CRL says.
//! let folder = "testdata/machines/contoso-pc1";
//! let crl = Crl::from_vec(std::fs::read(format!("{folder}/crl/Contoso Issuing CA 1.crl"))?)?;
//! assert_eq!(crl.issuer().to_string(), "CN=Contoso Issuing CA 1, DC=contoso, DC=com");
//! assert!(Some(crl.this_update()) < crl.next_update());
//! let certificate = Certificate::from_der(&std::fs::read(format!("{folder}/MY/05-workstation-revoked.cer"))?)?;
//! let entry: RevokedCertificate = crl.find(certificate.serial_number()).expect("it is listed");
//! assert_eq!(entry.reason(), RevocationReason::Superseded);
//! assert_eq!(entry.revoked_at().unwrap().to_string(), "2025-11-03T10:15:00Z");
//! assert!(crl.entries().any(|other| other.serial_number() == entry.serial_number()));
//!
//! // What was collected beside it and is not a CRL is warned of.
//! let error: CrlError = Crl::from_pem(b"404 Not Found").unwrap_err();
//! assert_eq!(error.offset(), 0);
//! assert_eq!(Crls::new([crl]).with_unreadable([error]).unreadable().len(), 1);
//!
//! /// Whether deltas cleared a certificate.
//! fn by_delta(evidence: &RevocationEvidence) -> bool {
//!     evidence.crls().all(|CountedCrl { delta, .. }| delta.is_some())
//! }
//!
//! /// What to fetch.
//! fn missing(failure: &RevocationFailure) -> Vec<String> {
//!     match failure {
//!         RevocationFailure::Unknown { missing, not_counted, .. } => {
//!             let places = missing.iter().map(|MissingCrl { issuer, urls, .. }| format!("{issuer}: {urls:?}"));
//!             let others = not_counted.iter().map(|CrlNotCounted { crl, problem }| match problem {
//!                 CrlProblem::OtherKind(CertificateKind::Ca) => format!("{} lists CAs", crl.issuer()),
//!                 problem => problem.to_string(),
//!             });
//!             places.chain(others).collect()
//!         }
//!         RevocationFailure::NoDistributionPoint { ocsp: Ocsp::Named, .. } => vec!["it uses OCSP".into()],
//!         known if !known.is_unknown() => Vec::new(),
//!         other => vec![other.to_string()],
//!     }
//! }
//!
//! # #[cfg(feature = "machine")] {
//! let pc1 = ccmcertsel::machine::Reader::new().read_folder(folder)?;
//! let now = pc1.now.expect("its machine.toml states an instant");
//! let selection = pc1.selector().select(now);
//! let selected = selection.selected().and_then(|id| selection.verdict(id)).expect("it is ready");
//! let evidence = selected.findings().iter().find_map(|finding| match finding {
//!     Finding::Passed(Pass::Revocation(RevocationPass::NotRevoked(chain))) => chain.members.first(),
//!     _ => None,
//! });
//! assert!(evidence.is_some_and(|evidence| by_delta(evidence) && evidence.good_until() > Some(now)));
//!
//! let without = pc1.selector().with_crls(Crls::default()).select(now);
//! let Some(Rejection::Revocation(chain)) = without.verdict(selected.id()).and_then(|it| it.rejection()) else { panic!() };
//! assert!(missing(&chain.failure)[0].contains("http://"));
//! // The CRLs are what has to be collected: with them one would be selected.
//! let Some(Undecided { lacks, without_revocation, .. }) = without.undecided() else { panic!() };
//! assert!(without_revocation.selected().is_some() && lacks.iter().all(|(lack, _)| *lack == Lack::Crl));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
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
pub use self::scope::CertificateKind;
pub(crate) use self::scope::Indirect;
pub use self::warning::CrlWarning;
pub(crate) use self::work::{SignerPaths, Signers};

#[cfg(all(test, repository))]
#[path = "../tests/units/revocation/mod.rs"]
mod tests;
