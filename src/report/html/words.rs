//! Codes in words, for those who do not know them: what is true of each of the counted machines.

/// What a reason for not being ready means; `None` for a code that is not known.
pub fn reason_words(code: &str) -> Option<&'static str> {
    Some(match code {
        "issuers.not_listed" => "no certificate chains to a listed root",
        "issuers.incomplete_chain" => "the chain to the root cannot be completed",
        "store.empty" => "the store holds no certificate",
        "store.other_store" => "the certificate is in another store",
        "store.configuration_manager" => "only Configuration Manager's own certificates",
        "store.archived" => "the certificate is archived",
        "store.unreadable" => "an entry is no certificate",
        "validity.not_yet_valid" => "the certificate is not valid yet",
        "validity.expired" => "the certificate has expired",
        "validity.key_absent" => "the private key is missing",
        "validity.key_inaccessible" => "the client cannot use the private key",
        "validity.template_version" => "the certificate comes from a version 3 template",
        "validity.key_storage_provider" => "the key is in a key storage provider that this client cannot use",
        "validity.key_ecc" => "the key is ECC",
        "validity.no_path" => "a CA certificate is missing",
        "validity.untrusted_root" => "the root is not trusted",
        "validity.disallowed" => "a certificate of the chain is disallowed",
        "validity.bad_signature" => "a signature is wrong",
        "validity.chain_expired" => "a CA certificate has expired",
        "validity.chain_not_yet_valid" => "a CA certificate is not valid yet",
        "validity.not_a_ca" => "an issuer is no CA",
        "validity.path_length" => "a CA has more CAs below it than it allows",
        "validity.key_usage_cert_sign" => "an issuer may not sign certificates",
        "validity.name_constraints" => "the CA may not certify this name",
        "validity.policy" => "the certificate policies do not hold",
        "validity.critical_extension" => "a critical extension is not understood",
        "validity.malformed" => "a certificate of the chain is malformed",
        "validity.revoked" => "the certificate, or a CA above it, is revoked",
        "validity.on_hold" => "the certificate is on hold",
        "validity.revocation_unknown" => "a CRL is missing",
        "validity.no_distribution_point" => "there is no CRL, and the certificate names no place for it",
        "validity.crl_expired" => "a CRL is out of date",
        "validity.crl_not_yet_valid" => "a CRL is not valid yet",
        "validity.delta_missing" => "a delta CRL is missing",
        "validity.budget" => "the chain is too much work to check",
        "validity.sha1_signature" => "a signature uses SHA-1",
        "validity.weak_hash" => "a signature uses a broken hash",
        "validity.key_too_short" => "a key is too short",
        "validity.unknown_algorithm" => "a signature algorithm is not known",
        "purpose.not_client_auth" => "the certificate is not for client authentication",
        "purpose.chain_eku" => "a CA takes client authentication away",
        "purpose.key_usage" => "the key usage does not allow digital signature",
        "purpose.subject" => "the criteria (Subject:) do not match",
        "purpose.subject_string" => "the criteria (SubjectStr:) do not match",
        "purpose.subject_attribute" => "the criteria (SubjectAttr:) do not match",
        "name.not_in_subject" => "the computer name is not in the Subject",
        "longest.outranked" => "another certificate is valid for longer",
        "longest.ambiguous" => "several certificates pass, and none may be chosen",
        _ => return None,
    })
}

/// What a risk means; `None` for one that is not known.
pub fn risk_words(name: &str) -> Option<&'static str> {
    Some(match name {
        "expiring" => "the selected certificate expires soon",
        "several_candidates" => "several certificates pass",
        "assumed_criteria" => "the criteria match by an assumed rule",
        "undecided" => "not decided without the missing CRLs",
        _ => return None,
    })
}
