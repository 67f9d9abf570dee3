//! The inputs of certificate policy processing (RFC 5280 6.1.1); a client sets none of them.

use crate::choices::{AnyPolicy, ExplicitPolicy, PolicyMapping};
use crate::oid::Oid;

/// The inputs of policy processing (rule V-5); the default restricts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PolicyInputs {
    /// The policies that are acceptable (user-initial-policy-set); without, or with anyPolicy among them, every policy is.
    pub initial: Option<Vec<Oid>>,
    /// Whether a policy must hold for the whole chain.
    pub explicit: ExplicitPolicy,
    /// Whether policies may be mapped.
    pub mapping: PolicyMapping,
    /// Whether anyPolicy stands for every policy.
    pub any_policy: AnyPolicy,
}
