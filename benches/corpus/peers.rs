//! The libraries that the numbers are compared with.

use super::{NOW, Pki};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use std::time::Duration;
use webpki::{
    BorrowedCertRevocationList, CertRevocationList, EndEntityCert, KeyUsage, RevocationCheckDepth,
    RevocationOptionsBuilder, anchor_from_trusted_cert,
};

/// rustls-webpki with one provider of signature checks.
pub struct Webpki<'a> {
    algorithms: &'static [&'static dyn SignatureVerificationAlgorithm],
    anchors: Vec<TrustAnchor<'a>>,
    intermediates: Vec<CertificateDer<'a>>,
}

impl<'a> Webpki<'a> {
    pub fn aws_lc_rs(pki: &'a Pki) -> Self {
        Webpki::new(webpki::ALL_VERIFICATION_ALGS, pki)
    }

    pub fn ring(pki: &'a Pki) -> Self {
        static RING: &[&dyn SignatureVerificationAlgorithm] =
            &[webpki::ring::RSA_PKCS1_2048_8192_SHA256, webpki::ring::ECDSA_P256_SHA256];
        Webpki::new(RING, pki)
    }

    fn new(algorithms: &'static [&'static dyn SignatureVerificationAlgorithm], pki: &'a Pki) -> Self {
        // The borrow of the root's DER must live as long as the anchor.
        let root: &'a CertificateDer<'a> = Box::leak(Box::new(CertificateDer::from(pki.root.der.as_slice())));
        Webpki {
            algorithms,
            anchors: vec![anchor_from_trusted_cert(root).expect("an anchor")],
            intermediates: vec![CertificateDer::from(pki.issuing.der.as_slice())],
        }
    }

    /// Decodes and validates one leaf for client authentication.
    pub fn validate(&self, leaf: &[u8], crls: Option<&[&CertRevocationList<'_>]>) {
        let der = CertificateDer::from(leaf);
        let certificate = EndEntityCert::try_from(&der).expect("a certificate");
        let revocation = crls.map(|crls| {
            RevocationOptionsBuilder::new(crls).expect("CRLs").with_depth(RevocationCheckDepth::EndEntity).build()
        });
        certificate
            .verify_for_usage(
                self.algorithms,
                &self.anchors,
                &self.intermediates,
                UnixTime::since_unix_epoch(Duration::from_secs(NOW as u64)),
                KeyUsage::client_auth(),
                revocation,
                None,
            )
            .expect("a valid certificate");
    }
}

/// A CRL as rustls-webpki keeps it.
pub fn webpki_crl(der: &[u8]) -> CertRevocationList<'static> {
    CertRevocationList::Owned(BorrowedCertRevocationList::from_der(der).and_then(|crl| crl.to_owned()).expect("a CRL"))
}

/// One check of a leaf's signature with a parsed key: what no validator can go below.
#[cfg(feature = "aws-lc-rs")]
pub struct ParsedKey(aws_lc_rs::signature::ParsedPublicKey);

#[cfg(feature = "aws-lc-rs")]
impl ParsedKey {
    pub fn of(ca: &super::Ca, kind: super::CaKey) -> Self {
        use aws_lc_rs::signature as aws;
        let algorithm: &'static dyn aws::VerificationAlgorithm = match kind {
            super::CaKey::Rsa2048 => &aws::RSA_PKCS1_2048_8192_SHA256,
            super::CaKey::P256 => &aws::ECDSA_P256_SHA256_ASN1,
        };
        ParsedKey(aws::ParsedPublicKey::new(algorithm, ca.public_key()).expect("a key"))
    }

    pub fn verify(&self, certificate: &ccmcertsel::Certificate) {
        let (signed, signature) = super::signed(certificate);
        self.0.verify_sig(signed, signature).expect("a good signature");
    }
}
