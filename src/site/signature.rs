//! Signatures of a site: the verdict, and the warnings that both kinds of key share.

use crate::crypto::{Algorithms, HashAlgorithm, SignatureInput, SignatureResult};
use crate::oid::Oid;
use crate::reason::Coded;
use crate::rules::Rule;
use std::fmt;

/// Whether a key made a signature (rules K-2, K-3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureVerdict {
    /// It did.
    Valid,
    /// It did not, or the bytes were altered.
    Invalid,
    /// The key, or its combination with the hash, is not understood (rule V-12).
    NotUnderstood {
        /// What is not.
        algorithm: Option<Oid>,
    },
}

/// RSA PKCS#1 v1.5 with these hashes, as complete AlgorithmIdentifiers (RFC 8017 A.2.4).
const fn algorithm(hash: HashAlgorithm) -> Option<&'static [u8]> {
    macro_rules! with_rsa {
        ($last:literal) => {
            &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, $last, 0x05, 0x00]
        };
    }
    match hash {
        HashAlgorithm::Sha1 => Some(with_rsa!(0x05)),
        HashAlgorithm::Sha256 => Some(with_rsa!(0x0b)),
        HashAlgorithm::Sha384 => Some(with_rsa!(0x0c)),
        HashAlgorithm::Sha512 => Some(with_rsa!(0x0d)),
        HashAlgorithm::Md2 | HashAlgorithm::Md4 | HashAlgorithm::Md5 | HashAlgorithm::Sha224 => None,
    }
}

/// Verifies an RSA signature as PKCS #1 writes it, most significant byte first.
pub(super) fn verify(
    algorithms: &Algorithms,
    issuer_spki: &[u8],
    hash: HashAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> SignatureVerdict {
    let Some(algorithm) = algorithm(hash) else {
        return SignatureVerdict::NotUnderstood { algorithm: None };
    };
    let input = SignatureInput { issuer_spki, algorithm, message, signature };
    match algorithms.verify(&input) {
        SignatureResult::Valid => SignatureVerdict::Valid,
        SignatureResult::Invalid => SignatureVerdict::Invalid,
        SignatureResult::Unknown { algorithm } => SignatureVerdict::NotUnderstood { algorithm: Some(algorithm) },
        SignatureResult::KeyTooLong { .. } | SignatureResult::Malformed(_) => {
            SignatureVerdict::NotUnderstood { algorithm: None }
        }
    }
}

/// What the documentation warns of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SiteWarning {
    /// The trusted root key was taken from the first management point that the client saw (rule K-2).
    TakenOnFirstUse,
    /// The site server signing certificate came from a management point over the Internet (rule K-3).
    SigningCertificateFromInternet,
    /// The certificate is not named as the site server's is (rule K-3).
    NotNamedAsSiteServer,
}

impl Coded for SiteWarning {
    fn code(&self) -> &'static str {
        match self {
            SiteWarning::TakenOnFirstUse => "root_key.taken_on_first_use",
            SiteWarning::SigningCertificateFromInternet => "site_signing.from_internet",
            SiteWarning::NotNamedAsSiteServer => "site_signing.not_named",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            SiteWarning::TakenOnFirstUse => Rule::K2,
            SiteWarning::SigningCertificateFromInternet | SiteWarning::NotNamedAsSiteServer => Rule::K3,
        }
    }
}

impl fmt::Display for SiteWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SiteWarning::TakenOnFirstUse => {
                "nothing that is known gave the client its trusted root key, so it is that of the first management point seen: \
                 were that one an attacker's, the client would trust the attacker; provision the key by Active Directory, \
                 client push or `SMSROOTKEYPATH`"
            }
            SiteWarning::SigningCertificateFromInternet => {
                "the site server signing certificate was taken from a management point on the Internet: provision it by \
                 `SMSSIGNCERT`"
            }
            SiteWarning::NotNamedAsSiteServer => {
                "the certificate does not have the subject `Site Server` and the friendly name `Site Server Signing \
                 Certificate`"
            }
        })
    }
}
