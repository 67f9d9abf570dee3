//! What the checks read in one certificate, decoded once for a CA and on the spot for the certificate that is judged.

use super::name_constraints::NameConstraints;
use super::policies::Policies;
use crate::certificate::{BasicConstraints, Certificate, ExtensionError, KeyUsage};
use crate::oid::{self, Oid};

/// Extensions that are understood, or that say nothing about a path, when they are critical (RFC 5280 4.2).
///
/// Distribution points belong to revocation, extended key usage and application policies to the purpose.
const UNDERSTOOD: [&[u8]; 23] = [
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::FRESHEST_CRL,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::ISSUER_ALT_NAME,
    oid::AUTHORITY_INFO_ACCESS,
    oid::MS_TEMPLATE,
    oid::MS_TEMPLATE_NAME,
    oid::MS_APPLICATION_POLICIES,
    oid::MS_CA_VERSION,
    oid::MS_PREVIOUS_CA_HASH,
    oid::MS_NTDS_SECURITY,
    oid::MS_APPLICATION_POLICY_MAPPINGS,
    oid::MS_APPLICATION_POLICY_CONSTRAINTS,
];

/// Of those the ones that are not evaluated, which is worth a warning where they are critical (rule V-5).
const NOT_EVALUATED: [&[u8]; 2] = [oid::MS_APPLICATION_POLICY_MAPPINGS, oid::MS_APPLICATION_POLICY_CONSTRAINTS];

/// What is checked in every certificate below the anchor.
pub(super) struct MemberFacts {
    /// The error is of a critical extension.
    pub policies: Result<Policies, ExtensionError>,
    pub critical_unknown: Option<Oid>,
    /// A critical extension that does not decode (RFC 5280 4.2).
    pub critical_damaged: Option<ExtensionError>,
    /// Extensions that do not decode, are not critical, and that a rule would read.
    pub damaged: Vec<ExtensionError>,
    /// Critical, understood, and not evaluated.
    pub not_evaluated: Vec<Oid>,
}

/// What is checked in an issuer besides.
pub(super) struct CaFacts {
    pub every: MemberFacts,
    pub basic_constraints: Result<Option<BasicConstraints>, ExtensionError>,
    pub key_usage: Result<Option<KeyUsage>, ExtensionError>,
    pub name_constraints: Result<Option<NameConstraints>, ExtensionError>,
}

impl MemberFacts {
    pub(super) fn of(certificate: &Certificate) -> Self {
        let (policies, damaged) = match Policies::of(certificate) {
            Ok((policies, damaged)) => (Ok(policies), damaged),
            Err(error) => (Err(error), Vec::new()),
        };
        let mut facts = MemberFacts {
            policies,
            critical_unknown: None,
            critical_damaged: None,
            damaged,
            not_evaluated: Vec::new(),
        };
        if certificate.is_known_sound() {
            return facts;
        }
        let damaged_policies = facts.damaged.len();
        for extension in certificate.extensions() {
            let read = match extension.oid {
                oid::NAME_CONSTRAINTS if extension.critical => NameConstraints::of(certificate).map(drop),
                _ => certificate.check_extension(&extension),
            };
            match read {
                Ok(()) => {}
                Err(error) if extension.critical => _ = facts.critical_damaged.get_or_insert(error),
                Err(error) => facts.damaged.push(error),
            }
            if extension.critical && NOT_EVALUATED.contains(&extension.oid) {
                facts.not_evaluated.push(extension.oid());
            } else if extension.critical && !UNDERSTOOD.contains(&extension.oid) {
                facts.critical_unknown.get_or_insert_with(|| extension.oid());
            }
        }
        let MemberFacts { policies: _, critical_unknown, critical_damaged, damaged, not_evaluated } = &facts;
        let nothing_else = damaged.len() == damaged_policies && not_evaluated.is_empty();
        if nothing_else && critical_unknown.is_none() && critical_damaged.is_none() {
            certificate.know_sound();
        }
        facts
    }
}

impl CaFacts {
    pub(super) fn of(certificate: &Certificate) -> Self {
        CaFacts {
            every: MemberFacts::of(certificate),
            basic_constraints: certificate.basic_constraints(),
            key_usage: certificate.key_usage(),
            name_constraints: NameConstraints::of(certificate),
        }
    }
}
