//! What is known already about signatures, for the chains of a copy of the machine (rule E-1).

use super::Chains;
use super::links::Node;
use crate::certificate::Certificate;
use crate::crypto::SignatureResult;
use crate::store::CertId;

impl Chains {
    /// The result of a certificate's signature under the key of another, where these chains verified it before.
    pub(crate) fn known_signature(&self, child: &Certificate, issuer: &Certificate) -> Option<SignatureResult> {
        let id = self.place(child)?;
        let node = self.known_node(id)?;
        if child.spki_der() == issuer.spki_der()
            && let Some(own) = node.own_signature.get()
        {
            return Some(own.clone());
        }
        let has_key = |index: u32| {
            let same = self.namesakes(id)?.key(index)?;
            let namesake = self.certificate(*same.certificates.first()?)?;
            Some(namesake.spki_der() == issuer.spki_der())
        };
        let mut tried = node.signers.get()?.tried.iter();
        tried.find(|(index, _)| has_key(*index) == Some(true)).map(|(_, result)| result.clone())
    }

    fn known_node(&self, id: CertId) -> Option<&Node> {
        self.nodes.get(id.index())?.get().map(Box::as_ref)
    }

    /// Where this very certificate stands: thumbprints (SHA-1) can be made equal, bytes cannot.
    fn place(&self, certificate: &Certificate) -> Option<CertId> {
        let places = self.places.get_or_init(|| {
            let all = self.stores.certificates();
            all.map(|(id, stored)| (stored.certificate().thumbprint(), id)).collect()
        });
        let id = *places.get(&certificate.thumbprint())?;
        (self.certificate(id)? == certificate).then_some(id)
    }
}
