//! What would have to change: one remedy for each rejection, for [`explain`](super::explain).

use super::prose::Quoted;
use crate::select::{KspReason, UsageSource};
use crate::{NearMiss, Rejection};
use std::fmt::Write;

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Request another certificate, or renew this one.
    RequestCertificate,
    /// Change something on the machine: a store, a key, the clock.
    ChangeMachine,
    /// Publish a CRL, or make it reachable.
    PublishCrl,
    /// Mend a CA, or its certificate.
    ChangeAuthority,
    /// Change the settings: the issuers list, the store, the criteria, the client's version.
    ChangeSettings,
    /// Wait.
    Wait,
}

impl Action {
    /// The word in JSON, in snake case.
    pub fn name(self) -> &'static str {
        match self {
            Action::RequestCertificate => "request_certificate",
            Action::ChangeMachine => "change_machine",
            Action::PublishCrl => "publish_crl",
            Action::ChangeAuthority => "change_authority",
            Action::ChangeSettings => "change_settings",
            Action::Wait => "wait",
        }
    }
}

/// What would have to change so that one rejection goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    action: Action,
    text: String,
}

impl Remedy {
    /// Who has to act.
    pub fn action(&self) -> Action {
        self.action
    }

    /// What to do, in words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The remedy for a rejection; a near miss makes it more precise.
    pub fn of(rejection: &Rejection, near_miss: Option<&NearMiss>) -> Remedy {
        let (action, text) = match near_miss.and_then(nearly) {
            Some(remedy) => remedy,
            None => plainly(rejection),
        };
        Remedy { action, text }
    }
}

/// The remedy that a near miss names; `None` where the rejection's own is as good.
fn nearly(near_miss: &NearMiss) -> Option<(Action, String)> {
    use Action::*;
    Some(match near_miss {
        NearMiss::IssuerCaseOnly { listed, actual } => {
            (ChangeSettings, format!("write {} in the issuers list instead of {}", Quoted(actual), Quoted(listed)))
        }
        NearMiss::IntermediateListed { root, .. } => {
            (ChangeSettings, format!("list the root {} instead of the intermediate", Quoted(&root.log_string())))
        }
        NearMiss::SameNameOtherKey { actual, .. } => (
            ChangeSettings,
            format!(
                "import the root {actual} at the site again, or remove it from the machine if it is not the site's"
            ),
        ),
        NearMiss::OtherPath { .. } => (
            ChangeSettings,
            "list the root at which this chain ends, or remove from the machine the cross-certificate that leads there"
                .to_owned(),
        ),
        NearMiss::CommaForSemicolon => {
            (ChangeSettings, "separate the attributes of the issuers list by `;`".to_owned())
        }
        NearMiss::WrongStore { store, chosen } => (
            ChangeMachine,
            format!(
                "move it to the store {}, or set CCMCERTSTORE to {}",
                Quoted(chosen.as_str()),
                Quoted(store.as_str())
            ),
        ),
        NearMiss::NotYetValid { from } => (Wait, format!("wait until {from}, when its validity period begins")),
        NearMiss::CriterionCaseOnly { wanted, actual } => {
            (ChangeSettings, format!("write {} in the criteria instead of {}", Quoted(actual), Quoted(wanted)))
        }
        NearMiss::MatchesX500 { .. } => {
            (ChangeSettings, "leave the keys out of `SubjectStr:`, or use `SubjectAttr:` for an attribute".to_owned())
        }
        NearMiss::LaterSanValue { value } => (
            RequestCertificate,
            format!(
                "request a certificate whose first alternative name is {}, or choose other criteria",
                Quoted(value)
            ),
        ),
        NearMiss::SanNotSearched { .. } => (
            ChangeSettings,
            "use `SubjectAttr:` or `Subject:`, which search the alternative names in the site's settings too"
                .to_owned(),
        ),
        NearMiss::SimilarName { .. } | NearMiss::NewerRuleset(_) | NearMiss::Revocation(_) => return None,
    })
}

fn plainly(rejection: &Rejection) -> (Action, String) {
    use Action::*;
    let fixed = |action, text: &str| (action, text.to_owned());
    match rejection {
        Rejection::NotListed { top, .. } => (
            ChangeSettings,
            format!(
                "add {} to the issuers list, or request a certificate from a CA below a listed root",
                Quoted(&top.log_string())
            ),
        ),
        Rejection::IncompleteChain { missing, .. } => (
            ChangeMachine,
            format!(
                "import the CA certificate {} into the store `CA` (into `ROOT` if it is a root)",
                Quoted(&missing.x500_string())
            ),
        ),
        Rejection::OtherStore { store, chosen } => (
            ChangeMachine,
            format!(
                "it would have to be in {}; in {} the client does not look",
                Quoted(chosen.as_str()),
                Quoted(store.as_str())
            ),
        ),
        Rejection::Archived => {
            fixed(ChangeMachine, "use the certificate that replaced it, or clear its archived property")
        }
        Rejection::Unreadable(_) => fixed(ChangeMachine, "export the certificate again; this file is no certificate"),
        Rejection::NotYetValid { not_before, .. } => {
            (Wait, format!("wait until {not_before}, or correct the machine's clock if it is slow"))
        }
        Rejection::Expired { .. } => {
            fixed(RequestCertificate, "renew it, or correct the machine's clock if it is fast")
        }
        Rejection::KeyAbsent => fixed(
            RequestCertificate,
            "request it on the machine itself, or import it together with its private key (a .pfx file)",
        ),
        Rejection::KeyInaccessible => fixed(
            ChangeMachine,
            "let the account SYSTEM read the private key (Manage Private Keys in the certificates console)",
        ),
        Rejection::TemplateVersion { .. } => {
            fixed(RequestCertificate, "request it from a template of version 2, or update the client")
        }
        Rejection::KeyStorageProvider(KspReason::Ruleset(_)) => {
            fixed(RequestCertificate, "request it with a key in a CryptoAPI provider (CSP), or update the client")
        }
        Rejection::KeyStorageProvider(KspReason::CngOff) => {
            fixed(ChangeSettings, "remove /CCMPKICERTOPTIONS=0, or request it with a key in a CSP")
        }
        Rejection::KeyEcc { .. } => fixed(RequestCertificate, "request it with an RSA key"),
        Rejection::Chain(_) | Rejection::Revocation(_) => by_code(rejection.code()),
        Rejection::NotClientAuth { source, computer, .. } => not_client_auth(*source, computer),
        Rejection::ChainEku { .. } => fixed(
            ChangeAuthority,
            "let the CA allow client authentication (renew its certificate, or clear its usages in the store)",
        ),
        Rejection::KeyUsage(_) => {
            fixed(RequestCertificate, "request it from a template whose key usage includes digital signature")
        }
        Rejection::Subject(_) | Rejection::SubjectString(_) | Rejection::SubjectAttribute(_) => fixed(
            ChangeSettings,
            "change the criteria so that they match it (the command `suggest` finds some), or request a certificate \
             that they match",
        ),
        Rejection::NotInSubject { computer, .. } => (
            RequestCertificate,
            format!(
                "request it with the computer name {} in its subject, or waive the check with CCMCERTNAMECHECK=0",
                Quoted(computer)
            ),
        ),
        Rejection::Outranked(ranking) => (
            RequestCertificate,
            format!(
                "nothing is wrong with it; to have it selected, remove {}, request it with a longer period, or set \
                 criteria that only this one matches",
                ranking.other.thumbprint
            ),
        ),
        Rejection::NotFirst { thumbprint, .. } => (
            ChangeMachine,
            format!("nothing is wrong with it; to have it selected, remove {thumbprint}, which comes first"),
        ),
        Rejection::Ambiguous { .. } => fixed(
            ChangeSettings,
            "set CCMFIRSTCERT=1 (/SelectFirstCert), or criteria that only one matches (the command `suggest` finds some)",
        ),
    }
}

fn not_client_auth(source: UsageSource, computer: &[String]) -> (Action, String) {
    let mut text = match source {
        UsageSource::Property | UsageSource::PropertyAndCertificate => {
            "enable client authentication in the certificate's properties in the store".to_owned()
        }
        UsageSource::Extension | UsageSource::ApplicationPolicies | UsageSource::Nothing => {
            "request it from a template with client authentication (1.3.6.1.5.5.7.3.2)".to_owned()
        }
    };
    if let Some(name) = computer.last() {
        // Writing to a string cannot fail.
        let _ = write!(text, ", or with the computer's name {} as CN or first DNS name", Quoted(name));
    }
    let action = match source {
        UsageSource::Property | UsageSource::PropertyAndCertificate => Action::ChangeMachine,
        UsageSource::Extension | UsageSource::ApplicationPolicies | UsageSource::Nothing => Action::RequestCertificate,
    };
    (action, text)
}

/// The remedies of chain and revocation, whose failures name their certificate themselves.
fn by_code(code: &str) -> (Action, String) {
    use Action::*;
    let (action, text) = match code {
        "validity.no_path" => (ChangeMachine, "import the missing CA certificate into the store `CA`"),
        "validity.untrusted_root" => {
            (ChangeMachine, "import the root into the store `ROOT` (Trusted Root Certification Authorities)")
        }
        "validity.disallowed" => {
            (ChangeMachine, "remove the certificate from the store `Disallowed`, if it stands there by mistake")
        }
        "validity.bad_signature" => {
            (RequestCertificate, "request it again; if the CA's certificate is damaged, import that one again")
        }
        "validity.chain_expired" => (ChangeAuthority, "renew the CA's certificate, and install it on the machine"),
        "validity.chain_not_yet_valid" => {
            (Wait, "wait until the CA's certificate is valid, or correct the machine's clock")
        }
        "validity.not_a_ca" | "validity.path_length" | "validity.key_usage_cert_sign" => {
            (ChangeAuthority, "issue the CA's certificate again as that of a CA that may issue this one")
        }
        "validity.name_constraints" => (RequestCertificate, "request it with names that its CA may certify"),
        "validity.policy" => (RequestCertificate, "request it under a policy that the whole chain shares"),
        "validity.critical_extension" | "validity.malformed" => {
            (RequestCertificate, "request it, or its CA's certificate, without the extension that is named")
        }
        "validity.revoked" => (RequestCertificate, "request a new one; a revoked certificate stays revoked"),
        "validity.on_hold" => (ChangeAuthority, "release the hold at the CA and publish its CRL, or request a new one"),
        "validity.revocation_unknown" => (
            PublishCrl,
            "make the CRL reachable for the machine's account (SYSTEM, without the user's proxy), or give it with --crl",
        ),
        "validity.no_distribution_point" => {
            (ChangeAuthority, "let the CA name a CRL distribution point, or switch the check off with /NoCRLCheck")
        }
        "validity.crl_expired" => (PublishCrl, "let the CA publish a current CRL"),
        "validity.delta_missing" => (
            PublishCrl,
            "publish the delta CRL; IIS refuses the `+` in its file name unless double escaping is allowed",
        ),
        "validity.budget" => (ChangeMachine, "remove superfluous CA certificates of the same name from the stores"),
        "validity.sha1_signature" | "validity.weak_hash" => {
            (ChangeAuthority, "let the CA sign with SHA-256 and issue it again")
        }
        "validity.key_too_short" => {
            (RequestCertificate, "request it, or its CA's certificate, with a key of 2048 bits or more")
        }
        _ => (RequestCertificate, "request it from a CA that uses RSA or ECDSA with SHA-2"),
    };
    (action, text.to_owned())
}
