//! The inputs of certificate policy processing (RFC 5280 6.1.1); a client sets none of them.

use crate::Oid;
use crate::settings::{AnyPolicy, ExplicitPolicy, PolicyMapping};

/// The inputs of policy processing (rule V-5); the default restricts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PolicyInputs {
    initial: Option<Vec<Oid>>,
    explicit: ExplicitPolicy,
    mapping: PolicyMapping,
    any_policy: AnyPolicy,
}

impl PolicyInputs {
    /// The policies that are acceptable (user-initial-policy-set); unset, or with anyPolicy among them, every policy is.
    pub(crate) fn with_initial(mut self, policies: Vec<Oid>) -> Self {
        self.initial = Some(policies);
        self
    }

    /// Whether a policy must hold for the whole chain.
    pub(crate) fn with_explicit(mut self, explicit: ExplicitPolicy) -> Self {
        self.explicit = explicit;
        self
    }

    /// Whether policies may be mapped.
    pub(crate) fn with_mapping(mut self, mapping: PolicyMapping) -> Self {
        self.mapping = mapping;
        self
    }

    /// Whether anyPolicy stands for every policy.
    pub(crate) fn with_any_policy(mut self, any_policy: AnyPolicy) -> Self {
        self.any_policy = any_policy;
        self
    }

    /// The policies that are acceptable; `None` for every policy.
    pub(crate) fn initial(&self) -> Option<&[Oid]> {
        self.initial.as_deref()
    }

    /// Whether a policy must hold for the whole chain.
    pub(crate) fn explicit(&self) -> ExplicitPolicy {
        self.explicit
    }

    /// Whether policies may be mapped.
    pub(crate) fn mapping(&self) -> PolicyMapping {
        self.mapping
    }

    /// Whether anyPolicy stands for every policy.
    pub(crate) fn any_policy(&self) -> AnyPolicy {
        self.any_policy
    }
}
