//! What is known about a reason beside its words: the row of its variant, and what would have to change.
//!
//! These are the types; the rows and remedies themselves stand beside the check that gives the reason.
//!
//! ```
//! use ccmcertsel::check::KeyReason;
//!
//! assert_eq!(KeyReason::Inaccessible.row().code, "validity.key_inaccessible");
//! ```

use crate::{Hresult, Rule, Step};

/// What is fixed about one result of a check; its words are its `Display`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The step that the check belongs to.
    pub step: Step,
    /// The stable code, `step.reason`; for rejections those of annex A.
    pub code: &'static str,
    /// The rule behind the result.
    pub rule: Rule,
    /// What verifying the chain returns in the client's log, for reasons of the chain and of revocation.
    pub log: Option<Hresult>,
    /// What the client reports where this is all that is wrong (section 8 of the specification).
    pub hresult: Hresult,
}

impl Row {
    /// A reason for which the client reports that nothing matched.
    pub(crate) const fn new(step: Step, code: &'static str, rule: Rule) -> Self {
        Row { step, code, rule, log: None, hresult: Hresult::NOTHING_MATCHED }
    }

    /// With another report.
    pub(crate) const fn reported(self, hresult: Hresult) -> Self {
        Row { hresult, ..self }
    }

    /// With what the log says of the chain.
    pub(crate) const fn logged(self, chain: u32) -> Self {
        Row { log: Some(Hresult(chain)), ..self }
    }
}

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
    pub(crate) fn new(action: Action, text: impl Into<String>) -> Self {
        Remedy { action, text: text.into() }
    }

    /// Who has to act.
    pub fn action(&self) -> Action {
        self.action
    }

    /// What to do, in words.
    pub fn text(&self) -> &str {
        &self.text
    }
}
