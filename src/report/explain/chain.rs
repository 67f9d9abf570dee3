//! The certificate's own chain, as the client builds it: each member with its dates, what is wrong with it, and the CRL that
//! speaks of it.

use super::Explanation;
use crate::certificate::Thumbprint;
use crate::check::{Finding, Pass, Rejection, RevocationPass};
use crate::reason::Coded;
use crate::shown::{Quoted, QuotedBy};
use crate::store::StoreName;
use crate::time::Timestamp;
use crate::words::day;

/// A certificate of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChainLink {
    /// Its SHA-1.
    pub thumbprint: Thumbprint,
    /// Whom it was issued to.
    pub issued_to: String,
    /// Its first instant.
    pub not_before: Timestamp,
    /// Its last instant.
    pub not_after: Timestamp,
    /// Whether it is a trusted root of the machine.
    pub is_trusted_root: bool,
    /// The code of what is wrong with it, and that in a few words.
    pub fault: Option<(&'static str, &'static str)>,
    /// What the CRL of its issuer says: in which it is not listed, or why nothing is known.
    pub crl: Option<String>,
}

/// The chain, the certificate first; empty where no check asked for it.
pub(super) fn links(explanation: &Explanation<'_>) -> Vec<ChainLink> {
    let (report, verdict) = (explanation.report(), explanation.verdict());
    let stores = report.stores();
    let root = StoreName::new(StoreName::ROOT);
    let roots = stores.entries_of(&root).unwrap_or_default();
    let mut links: Vec<ChainLink> = verdict
        .path()
        .iter()
        .filter_map(|id| Some(stores.get(*id)?.certificate()))
        .map(|certificate| {
            let is_root = |id: &crate::store::CertId| {
                stores.entry(*id).is_some_and(|entry| entry.thumbprint() == certificate.thumbprint())
            };
            ChainLink {
                thumbprint: certificate.thumbprint(),
                issued_to: certificate.issued_to(),
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
                is_trusted_root: certificate.subject_der() == certificate.issuer_der() && roots.iter().any(is_root),
                fault: None,
                crl: None,
            }
        })
        .collect();
    for finding in verdict.findings() {
        match finding {
            Finding::Passed(Pass::Revocation(RevocationPass::NotRevoked(cleared))) => {
                for (link, evidence) in links.iter_mut().zip(&cleared.members) {
                    link.crl = Some(evidence.to_string());
                }
            }
            Finding::Passed(Pass::Revocation(RevocationPass::UnknownAccepted(unknown))) => {
                if let Some(link) = links.get_mut(unknown.at.position) {
                    link.crl = Some(format!("{}, which is accepted as set", unknown.brief()));
                }
            }
            Finding::Rejected { rejection: Rejection::Revocation(chain), .. } => {
                let first = std::iter::once((&chain.at, &chain.failure));
                for (at, failure) in first.chain(chain.further.iter().map(|(at, failure)| (at, failure))) {
                    let Some(link) = links.get_mut(at.position) else { continue };
                    link.fault.get_or_insert((failure.code(), failure.row().counted.unwrap_or_default()));
                    link.crl = Some(failure.to_string());
                }
            }
            Finding::Rejected { rejection: Rejection::Chain(failure), .. } => {
                if let Some(link) = links.get_mut(failure.at().position) {
                    link.fault = Some((failure.code(), failure.row().counted.unwrap_or_default()));
                }
            }
            Finding::Passed(_) | Finding::NotApplicable(_) | Finding::Rejected { .. } => {}
        }
    }
    links
}

impl ChainLink {
    /// The link in a line.
    pub(super) fn line(&self) -> String {
        let name = if self.issued_to.is_empty() { "(no name)".to_owned() } else { Quoted(&self.issued_to).to_string() };
        let dates = format!("{} to {}", day(self.not_before), day(self.not_after));
        let root = if self.is_trusted_root { ", a trusted root" } else { "" };
        let fault = self.fault.map(|(_, words)| format!(" <- {words}")).unwrap_or_default();
        format!("{} {name}, {dates}{root}{fault}", self.thumbprint.short())
    }
}

/// The issuer that was not found above the highest certificate.
pub(super) fn missing_issuer(explanation: &Explanation<'_>, links: &[ChainLink]) -> Option<String> {
    let report = explanation.report();
    let top = report.stores().get(*explanation.verdict().path().last()?)?.certificate();
    let is_complete = links.is_empty() || top.subject_der() == top.issuer_der();
    (!is_complete).then(|| QuotedBy(top.issuer()).to_string())
}
