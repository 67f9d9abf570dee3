//! Limits of the work spent on one certificate (rule V-10): each a constant with its reason.
//!
//! What is counted is the work that the rules ask for, not the work done: a signature counts when its result was
//! remembered, so that the verdict on one certificate does not depend on what was judged before it.

use super::failure::Budget;

/// Signatures looked at. rustls-webpki stops at 100 as well; a hundred RSA-2048 checks in pure Rust take 40 ms.
pub(super) const MAX_SIGNATURES: u32 = 100;

/// Issuer candidates looked at while paths are enumerated. A PKI with five CA certificates of one name at three levels
/// needs under 200; thirty cross-signed CAs of one name have more simple paths than atoms in the world.
pub(super) const MAX_STEPS: u32 = 20_000;

/// Certificates in one path, both ends included. Windows' own PKIs have four levels, the deepest bridge PKIs of the
/// federal governments eight; PKITS needs seven.
pub(super) const MAX_DEPTH: usize = 24;

/// Complete paths that are validated. A hundred different reasons explain no more than eight.
pub(super) const MAX_PATHS: u32 = 64;

/// Comparisons of a name with a constraint, over all paths of one certificate: rustls-webpki's number, 10 ms of work.
pub(super) const MAX_NAME_COMPARISONS: u32 = 250_000;

/// Policies and mappings read, over all paths of one certificate. Certificates of the field have at most some dozen;
/// PKITS has ten.
pub(super) const MAX_POLICY_STEPS: u32 = 20_000;

/// What was spent on one certificate so far.
#[derive(Debug, Default, Clone)]
pub(super) struct Spent {
    pub signatures: u32,
    pub steps: u32,
    pub paths: u32,
    pub name_comparisons: u32,
    pub policy_steps: u32,
}

impl Spent {
    pub fn signatures(&mut self, count: usize) -> Result<(), Budget> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        spend(&mut self.signatures, count, MAX_SIGNATURES, Budget::Signatures)
    }

    pub fn step(&mut self) -> Result<(), Budget> {
        spend(&mut self.steps, 1, MAX_STEPS, Budget::Steps)
    }

    pub fn path(&mut self) -> Result<(), Budget> {
        spend(&mut self.paths, 1, MAX_PATHS, Budget::Paths)
    }

    pub fn name_comparisons(&mut self, count: usize) -> Result<(), Budget> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        spend(&mut self.name_comparisons, count, MAX_NAME_COMPARISONS, Budget::NameComparisons)
    }

    pub fn policy_steps(&mut self, count: usize) -> Result<(), Budget> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        spend(&mut self.policy_steps, count, MAX_POLICY_STEPS, Budget::Policies)
    }
}

fn spend(spent: &mut u32, count: u32, limit: u32, budget: Budget) -> Result<(), Budget> {
    *spent = spent.saturating_add(count);
    if *spent > limit { Err(budget) } else { Ok(()) }
}

impl Budget {
    /// How much of it one certificate gets.
    pub fn limit(self) -> u32 {
        match self {
            Budget::Signatures => MAX_SIGNATURES,
            Budget::Steps => MAX_STEPS,
            Budget::Depth => MAX_DEPTH as u32,
            Budget::Paths => MAX_PATHS,
            Budget::NameComparisons => MAX_NAME_COMPARISONS,
            Budget::Policies => MAX_POLICY_STEPS,
        }
    }
}
