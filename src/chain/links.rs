//! What is known about one certificate as a place in the graph of chains, each fact read at first use and kept.

use super::Chains;
use super::eku::Limits;
use super::facts::CaFacts;
use crate::crypto::{ParsedKey, SignatureResult};
use crate::{CertId, Certificate, DerError};
use std::cmp::Reverse;
use std::sync::{Arc, OnceLock};

/// A certificate as a place in the graph.
pub(super) struct Node {
    /// Issuer and subject are equal (RFC 5280 3.2).
    pub self_issued: bool,
    /// Self-issued, and the authority key identifier, if any, equals the subject key identifier (rule V-5).
    pub looks_self_signed: bool,
    candidates: OnceLock<Candidates>,
    own_signature: OnceLock<SignatureResult>,
    key: OnceLock<Result<Arc<ParsedKey>, DerError>>,
    pub ca: OnceLock<Box<CaFacts>>,
    pub limits: OnceLock<Box<Limits>>,
}

/// Who may have issued a certificate, likeliest first.
pub(super) struct Candidates {
    pub list: Box<[Candidate]>,
    /// There were more than [`MAX_CANDIDATES`].
    pub truncated: bool,
}

/// A certificate with the issuer's name.
pub(super) struct Candidate {
    pub issuer: CertId,
    /// The first candidate with the same key, whose result is this one's as well.
    pub same_key_as: usize,
    result: OnceLock<SignatureResult>,
}

/// More certificates of one name than this are not tried for one signature: it is above
/// [`MAX_SIGNATURES`](super::budget), so the budget of signatures is what speaks where the keys differ.
const MAX_CANDIDATES: usize = 128;

impl Chains {
    pub(super) fn node(&self, id: CertId) -> Option<&Node> {
        let certificate = self.certificate(id)?;
        Some(self.nodes.get(id.index())?.get_or_init(|| Box::new(self.read_node(id, certificate))))
    }

    fn read_node(&self, id: CertId, certificate: &Certificate) -> Node {
        let self_issued = certificate.same_name_bytes() || self.stores.issuers_of(id).binary_search(&id).is_ok();
        let looks_self_signed = self_issued
            && match authority_key(certificate) {
                Some(authority) => certificate.subject_key_identifier().ok().flatten() == Some(authority),
                None => true,
            };
        Node {
            self_issued,
            looks_self_signed,
            candidates: OnceLock::new(),
            own_signature: OnceLock::new(),
            key: OnceLock::new(),
            ca: OnceLock::new(),
            limits: OnceLock::new(),
        }
    }

    /// The public key of an issuer, parsed once.
    pub(crate) fn key(&self, id: CertId) -> Option<&Result<Arc<ParsedKey>, DerError>> {
        let certificate = self.certificate(id)?;
        let parse = || match &self.shared {
            Some(shared) => shared.parse_key(certificate),
            None => ParsedKey::from_spki(certificate.spki_der()).map(Arc::new),
        };
        Some(self.node(id)?.key.get_or_init(parse))
    }

    /// The certificates that have the issuer's name, each once, likeliest first.
    ///
    /// Key identifiers order them and exclude none (rule V-5: hints, not proof).
    pub(super) fn candidates(&self, id: CertId) -> Option<&Candidates> {
        let certificate = self.certificate(id)?;
        Some(self.node(id)?.candidates.get_or_init(|| self.find_candidates(id, certificate)))
    }

    fn find_candidates(&self, id: CertId, child: &Certificate) -> Candidates {
        let mut found: Vec<(CertId, &Certificate)> = self
            .stores
            .issuers_of(id)
            .iter()
            .filter_map(|id| Some((*id, self.certificate(*id)?)))
            .filter(|(_, issuer)| issuer.thumbprint() != child.thumbprint())
            .collect();
        if found.len() > 1 {
            let authority = child.authority_key_identifier().ok().flatten().unwrap_or_default();
            found.sort_by_cached_key(|(id, issuer)| {
                let subject_key = issuer.subject_key_identifier().ok().flatten();
                let by_key = match (authority.key_identifier, subject_key) {
                    (Some(wanted), Some(found)) if wanted == found => 0,
                    (Some(_), Some(_)) => 2,
                    _ => 1,
                };
                let by_serial = authority.serial_number.is_some_and(|serial| serial != issuer.serial_number());
                let distrusted = !self.is_anchor(issuer);
                let thumbprint = issuer.thumbprint();
                let outside_root = !self.stores.is_in_root(*id);
                (by_key, by_serial, distrusted, Reverse(issuer.not_after()), thumbprint, outside_root, *id)
            });
            // Copies in several stores now stand side by side.
            found.dedup_by_key(|(_, issuer)| issuer.thumbprint());
        }
        let truncated = found.len() > MAX_CANDIDATES;
        found.truncate(MAX_CANDIDATES);
        let list = found.iter().enumerate().map(|(index, (issuer, certificate))| Candidate {
            issuer: *issuer,
            same_key_as: found
                .iter()
                .position(|(_, earlier)| earlier.spki_der() == certificate.spki_der())
                .unwrap_or(index),
            result: OnceLock::new(),
        });
        Candidates { list: list.collect(), truncated }
    }

    /// Whether the key of a candidate made a certificate's signature.
    pub(super) fn link(&self, child: CertId, index: usize) -> Option<&SignatureResult> {
        let candidates = &self.candidates(child)?.list;
        let candidate = candidates.get(candidates.get(index)?.same_key_as)?;
        let child = self.certificate(child)?;
        Some(candidate.result.get_or_init(|| self.verify(child, candidate.issuer)))
    }

    /// Whether a certificate's own key made its signature.
    pub(super) fn own_signature(&self, id: CertId) -> Option<&SignatureResult> {
        let certificate = self.certificate(id)?;
        Some(self.node(id)?.own_signature.get_or_init(|| self.verify(certificate, id)))
    }

    fn verify(&self, child: &Certificate, issuer: CertId) -> SignatureResult {
        let (Some(key), Some(certificate)) = (self.key(issuer), self.certificate(issuer)) else {
            return SignatureResult::Invalid; // only entries that decode are candidates
        };
        // What is judged here is rarely met again; what issued something is met on every machine.
        if let Some(shared) = self.shared.as_ref().filter(|_| !Self::is_judged_only(child)) {
            return shared.verify_signature(child, certificate);
        }
        match key {
            Ok(key) => {
                let algorithm = child.signature_algorithm_der();
                self.algorithms.verify_with(key, algorithm, child.tbs_der(), child.signature())
            }
            Err(error) => SignatureResult::Malformed(error.clone()),
        }
    }

    /// Whether a certificate says of itself that it issues nothing, so that its signature is of interest only here.
    fn is_judged_only(certificate: &Certificate) -> bool {
        !matches!(certificate.basic_constraints(), Ok(Some(constraints)) if constraints.ca)
    }
}

/// Rule I-7: only a signature that is false is no link.
pub(super) fn is_link(result: &SignatureResult) -> bool {
    *result != SignatureResult::Invalid
}

fn authority_key(certificate: &Certificate) -> Option<&[u8]> {
    certificate.authority_key_identifier().ok().flatten()?.key_identifier
}
