//! What was nearly right about a certificate that was rejected.

use crate::chain::Preference;
use crate::name::DistinguishedName;
use crate::settings::Ruleset;
use crate::store::StoreName;
use crate::{Thumbprint, Timestamp};

/// What was nearly right: the second question after "why not?".
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NearMiss {
    /// A listed issuer differs only in case (rule I-4).
    IssuerCaseOnly {
        /// As listed.
        listed: String,
        /// As in the certificate.
        actual: String,
    },
    /// The list names an intermediate of this chain instead of its root (rule I-5).
    IntermediateListed {
        /// The intermediate.
        intermediate: DistinguishedName,
        /// The root that should be listed.
        root: DistinguishedName,
    },
    /// A listed certificate has the root's name and another key (rule I-6).
    SameNameOtherKey {
        /// The name.
        name: DistinguishedName,
        /// The listed certificate.
        listed: Thumbprint,
        /// The root of the machine.
        actual: Thumbprint,
    },
    /// Another path of the certificate ends at a listed root, but Windows builds the one that does not (rule I-7).
    OtherPath {
        /// The subject of the listed root.
        root: DistinguishedName,
        /// Its certificate.
        thumbprint: Thumbprint,
        /// Why Windows prefers the chain that it builds.
        because: Preference,
    },
    /// The list uses commas, which real clients were seen not to read (rule I-9).
    CommaForSemicolon,
    /// The right certificate in the wrong store (rule T-4): every other step passes.
    WrongStore {
        /// Where it is.
        store: StoreName,
        /// Where it should be.
        chosen: StoreName,
    },
    /// It passes everything else and begins to be valid later: a renewed certificate (rule V-1).
    NotYetValid {
        /// When it begins.
        from: Timestamp,
    },
    /// A newer ruleset accepts it (rule V-4).
    NewerRuleset(Ruleset),
    /// It would pass if the missing CRLs were given, or the base alone counted, or OCSP were modelled (rules V-8, V-9).
    Revocation(RevocationNearMiss),
    /// The criterion differs only in case (rule C-2).
    CriterionCaseOnly {
        /// As in the criterion.
        wanted: String,
        /// As in the certificate.
        actual: String,
    },
    /// `SubjectStr:` would match the X.500 string, which has keys (rule C-4).
    MatchesX500 {
        /// The X.500 string.
        x500: String,
    },
    /// A later value of the SAN matches (rule A-4).
    LaterSanValue {
        /// The value.
        value: String,
    },
    /// The SAN matches, and the source of the criteria does not allow searching it (rule C-5).
    SanNotSearched {
        /// The value that would match.
        value: String,
    },
    /// The certificate's name is longer or shorter than the computer's by a few characters: PC10 for PC1 (rule P-5).
    SimilarName {
        /// The computer's name.
        computer: String,
        /// The name in the certificate.
        actual: String,
    },
}

/// What would make an unknown revocation status pass (rules V-8, V-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationNearMiss {
    /// It would be selected if the missing CRL were available and did not list it.
    WithCrl,
    /// The base CRL alone would have cleared the certificate.
    BaseAlone,
    /// The certificate names only OCSP, which is not modelled.
    OcspOnly,
}
