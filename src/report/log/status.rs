//! What verifying a chain returns, as the log prints it: eight hexadecimal digits without 0x.

use crate::{Hresult, Rejection};

/// The result of Windows that goes with a rejection of the chain or of revocation; `None` for the other checks.
///
/// Known from published logs are the results of expiry, untrusted root, missing chain, revocation and signature; the
/// others are those that winerror.h documents for the same defect.
pub(super) fn chain_result(rejection: &Rejection) -> Option<Hresult> {
    if !matches!(rejection, Rejection::Chain(_) | Rejection::Revocation(_)) {
        return None;
    }
    Some(Hresult(match rejection.code() {
        "validity.chain_expired" | "validity.chain_not_yet_valid" => 0x800B_0101,
        "validity.untrusted_root" => 0x800B_0109,
        "validity.no_path" => 0x800B_010A,
        "validity.disallowed" => 0x800B_0111,
        "validity.not_a_ca" | "validity.path_length" => 0x8009_6019,
        "validity.key_usage_cert_sign" => 0x800B_0110,
        "validity.name_constraints" => 0x800B_0114,
        "validity.policy" => 0x800B_0113,
        "validity.critical_extension" => 0x800B_0105,
        "validity.malformed" => 0x800B_0108,
        "validity.revoked" | "validity.on_hold" => 0x8009_2010,
        "validity.no_distribution_point" => 0x8009_2012,
        "validity.revocation_unknown" | "validity.crl_expired" | "validity.delta_missing" => 0x8009_2013,
        "validity.bad_signature"
        | "validity.sha1_signature"
        | "validity.weak_hash"
        | "validity.key_too_short"
        | "validity.unknown_algorithm" => 0x8009_6004,
        // The budget is this crate's; Windows would have gone on.
        _ => 0x800B_010A,
    }))
}
