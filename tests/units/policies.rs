use super::*;
use crate::inside::x509_cert::{compare, own_oid};
use x509_cert::ext::pkix;

/// What is read of one extension, as `compare` wants it.
fn of<V>(
    oid: &'static [u8],
    field: impl Fn(Policies) -> V,
) -> impl Fn(&Certificate) -> Result<Option<V>, ExtensionError> {
    move |certificate| {
        let (policies, damaged) = Policies::of(certificate)?;
        match damaged.into_iter().find(|error| error.extension.as_bytes() == oid) {
            Some(error) => Err(error),
            None => Ok(Some(field(policies))),
        }
    }
}

#[test]
fn x509_cert_reads_policies_alike() {
    let theirs = |read: pkix::CertificatePolicies| {
        Some(read.0.iter().map(|policy| own_oid(&policy.policy_identifier)).collect::<Vec<_>>())
    };
    compare(oid::CERTIFICATE_POLICIES, 3, of(oid::CERTIFICATE_POLICIES, |read| read.asserted), theirs);
    let pair = |one: &pkix::PolicyMapping| (own_oid(&one.issuer_domain_policy), own_oid(&one.subject_domain_policy));
    let theirs = |read: pkix::PolicyMappings| read.0.iter().map(pair).collect::<Vec<_>>();
    compare(oid::POLICY_MAPPINGS, 3, of(oid::POLICY_MAPPINGS, |read| read.mappings), theirs);
    let theirs = |read: pkix::PolicyConstraints| (read.require_explicit_policy, read.inhibit_policy_mapping);
    let ours = of(oid::POLICY_CONSTRAINTS, |read| (read.require_explicit, read.inhibit_mapping));
    compare(oid::POLICY_CONSTRAINTS, 4, ours, theirs);
    let theirs = |read: pkix::InhibitAnyPolicy| Some(read.0);
    compare(oid::INHIBIT_ANY_POLICY, 3, of(oid::INHIBIT_ANY_POLICY, |read| read.inhibit_any), theirs);
}
