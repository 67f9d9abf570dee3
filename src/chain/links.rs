//! What is known about one certificate as a place in the graph of chains, each fact read at first use and kept.

use super::Chains;
use super::eku::EkuLimits;
use super::facts::CaFacts;
use super::namesakes::{Namesakes, TriedSigners};
use crate::asn1::DerError;
use crate::certificate::Certificate;
use crate::crypto::{ParsedKey, SignatureResult};
use crate::store::CertId;
use std::sync::{Arc, OnceLock};

/// A certificate as a place in the graph.
pub(super) struct Node {
    /// Issuer and subject are equal (RFC 5280 3.2).
    pub self_issued: bool,
    /// Self-issued, and the authority key identifier, if any, equals the subject key identifier (rule V-5).
    pub looks_self_signed: bool,
    /// The certificates of this one's subject, where this is the first of them.
    pub namesakes: OnceLock<Box<Namesakes>>,
    pub signers: OnceLock<TriedSigners>,
    pub own_signature: OnceLock<SignatureResult>,
    key: OnceLock<Result<Arc<ParsedKey>, DerError>>,
    pub ca: OnceLock<Box<CaFacts>>,
    pub limits: OnceLock<Box<EkuLimits>>,
}

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
            namesakes: OnceLock::new(),
            signers: OnceLock::new(),
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

    /// Whether a certificate's own key made its signature.
    pub(super) fn own_signature(&self, id: CertId) -> Option<&SignatureResult> {
        let certificate = self.certificate(id)?;
        Some(self.node(id)?.own_signature.get_or_init(|| self.verify(certificate, id)))
    }

    pub(super) fn verify(&self, child: &Certificate, issuer: CertId) -> SignatureResult {
        let (Some(key), Some(certificate)) = (self.key(issuer), self.certificate(issuer)) else {
            return SignatureResult::Invalid; // only entries that decode are candidates
        };
        if let Some(known) = self.others.upgrade().and_then(|others| others.known_signature(child, certificate)) {
            return known;
        }
        // What is judged here is rarely met again; what issued something is met on every machine.
        if let Some(shared) =
            self.shared.as_ref().filter(|shared| shared.answers_for_all() || !Self::is_judged_only(child))
        {
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
        !certificate.is_ca()
    }
}

fn authority_key(certificate: &Certificate) -> Option<&[u8]> {
    certificate.authority_key_identifier().ok().flatten()?.key_identifier
}
