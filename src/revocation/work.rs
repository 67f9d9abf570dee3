//! Limits of the work spent on one certificate's revocation (rule V-10): each a constant with its reason.

use super::outcome::RevocationLimit;
use crate::Thumbprint;

/// Signatures of CRLs looked at, remembered ones included, so that a verdict does not depend on what was judged before.
/// A CA with renewed keys and an archive of CRLs has some dozen; a hundred RSA-2048 checks in pure Rust take 40 ms.
const MAX_SIGNATURES: u32 = 100;

/// Comparisons of the names of distribution points: partitioned CRLs have one name each.
const MAX_NAMES: u32 = 100_000;

/// Pairs of a distribution point and a CRL looked at. AD CS writes one point with several addresses; public CAs that
/// partition their CRLs publish some hundred.
const MAX_STEPS: u32 = 10_000;

/// How deep the status of a CRL's signer may hang on other signers. PKITS needs two.
const MAX_DEPTH: usize = 4;

/// What was spent on one certificate so far, and whose status is being looked at.
#[derive(Default)]
pub(super) struct Work {
    signatures: u32,
    names: u32,
    steps: u32,
    /// Certificates whose status hangs on the one that is looked at now, from the judged one down.
    pending: [Option<Thumbprint>; MAX_DEPTH],
}

/// The work that a certificate may cost was used up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exhausted(pub RevocationLimit);

impl RevocationLimit {
    /// How much of it one certificate gets.
    pub fn amount(self) -> u32 {
        match self {
            RevocationLimit::Signatures => MAX_SIGNATURES,
            RevocationLimit::Names => MAX_NAMES,
            RevocationLimit::Steps => MAX_STEPS,
        }
    }
}

impl Work {
    pub fn signature(&mut self) -> Result<(), Exhausted> {
        spend(&mut self.signatures, 1, RevocationLimit::Signatures)
    }

    pub fn names(&mut self, count: usize) -> Result<(), Exhausted> {
        spend(&mut self.names, u32::try_from(count).unwrap_or(u32::MAX), RevocationLimit::Names)
    }

    pub fn step(&mut self) -> Result<(), Exhausted> {
        spend(&mut self.steps, 1, RevocationLimit::Steps)
    }

    /// Begins to look at the status of this certificate: not while that is under way already, and not too deep.
    pub fn enter(&mut self, certificate: Thumbprint) -> Option<Entered> {
        if self.pending.contains(&Some(certificate)) {
            return None;
        }
        let free = self.pending.iter().position(Option::is_none)?;
        *self.pending.get_mut(free)? = Some(certificate);
        Some(Entered(free))
    }

    /// Ends what [`enter`](Self::enter) began.
    pub fn leave(&mut self, entered: Entered) {
        if let Some(place) = self.pending.get_mut(entered.0) {
            *place = None;
        }
    }
}

/// The status of a certificate is being looked at.
pub(super) struct Entered(usize);

fn spend(spent: &mut u32, count: u32, limit: RevocationLimit) -> Result<(), Exhausted> {
    *spent = spent.saturating_add(count);
    if *spent > limit.amount() { Err(Exhausted(limit)) } else { Ok(()) }
}
