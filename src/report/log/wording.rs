//! The wording of the log, in two parts: lines that published logs of the product show, and lines of this crate.

/// Known wording, verbatim: each was published by a user or in an article of Microsoft.
pub(in crate::report) mod known {
    pub(crate) const BEGIN_ISSUERS: &str = "Begin searching client certificates based on Certificate Issuers";
    pub(crate) const COMPLETED_ISSUERS: &str = "Completed searching client certificates based on Certificate Issuers";
    /// The blank at the end is the product's.
    pub(crate) const CRL_CHECK: &str = "CRL check enabled. ";
    pub(crate) const BEGIN_SELECT: &str = "Begin to select client certificate";
    pub(crate) const AVAILABLE: &str = "Client PKI cert is available.";

    pub(crate) fn https_enforced(state: u32) -> String {
        format!("HTTPS is enforced for Client. The current state is {state}.")
    }

    pub(crate) fn issuer(number: usize, entry: &str) -> String {
        format!("Certificate Issuer {number} [{entry}]")
    }

    pub(crate) fn chains(number: usize) -> String {
        format!("Analyzing {number} Chain(s) found")
    }

    pub(crate) fn chain_element(thumbprint: &str, issued_to: &str, issued_by: &str) -> String {
        format!("Chain has Certificate [Thumbprint {thumbprint}] issued to [{issued_to}] issued by [{issued_by}]")
    }

    /// `certificate` is what [`certificate`] makes, in this line and those below.
    pub(crate) fn found(entry: &str, certificate: &str) -> String {
        format!("Based on Certificate Issuer '{entry}' found {certificate}")
    }

    pub(crate) fn skipping(certificate: &str, root: &str) -> String {
        format!("Skipping {certificate} as root is '{root}'")
    }

    pub(crate) fn certificate(thumbprint: &str, issued_to: &str) -> String {
        format!("Certificate [Thumbprint {thumbprint}] issued to '{issued_to}'")
    }

    pub(crate) fn begin_validation(certificate: &str) -> String {
        format!("Begin validation of {certificate}")
    }

    pub(crate) fn expired(certificate: &str) -> String {
        format!("{certificate} has expired.")
    }

    pub(crate) fn chain_result(code: u32) -> String {
        format!("Verification of Certificate chain returned {code:08X}")
    }

    /// Verbose, and only in the selection stage: the usage is tested there.
    pub(crate) fn client_authentication(certificate: &str) -> String {
        format!("The {certificate} has 'Client Authentication' capability.")
    }

    pub(crate) fn completed_validation(certificate: &str) -> String {
        format!("Completed validation of {certificate}")
    }

    pub(crate) fn no_criteria(store: &str) -> String {
        format!(
            "The 'Certificate Selection Criteria' was not specified, counting number of certificates present in \
             '{store}' store of 'Local Computer'."
        )
    }

    pub(crate) fn selected(thumbprint: &str, issued_to: &str) -> String {
        format!(">>> Client selected the PKI Certificate [Thumbprint {thumbprint}] issued to '{issued_to}'")
    }
}

/// Wording of this crate: what the product prints here is not known.
pub(super) mod ours {
    pub(crate) const NO_ISSUERS: &str = "No Certificate Issuers are specified, every root counts";
    pub(crate) const CRL_CHECK_OFF: &str = "CRL check disabled.";

    pub(crate) fn conditions(text: &str) -> String {
        format!("cmhttpsreadiness: {text}")
    }

    pub(crate) fn criteria(criteria: &str) -> String {
        format!("The 'Certificate Selection Criteria' is '{criteria}'")
    }

    pub(crate) fn not_used(certificate: &str, reason: &str, rule: &str) -> String {
        format!("{certificate} is not used: {reason} ({rule})")
    }

    pub(crate) fn near_miss(certificate: &str, near_miss: &str) -> String {
        format!("{certificate} is a near miss: {near_miss}")
    }

    pub(crate) fn warning(text: &str, rule: &str) -> String {
        format!("Warning: {text} ({rule})")
    }

    pub(crate) fn state_message(topic_type: u16, id: u16, phase: &str) -> String {
        format!("State message: topic type {topic_type}, id {id} ({phase})")
    }

    pub(crate) fn fallback(text: &str) -> String {
        format!("Fallback: the client {text}")
    }
}
