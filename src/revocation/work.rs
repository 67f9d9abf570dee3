//! What was spent on one certificate so far, its chain included, and whose status is being looked at (rule V-10).

use crate::budget::{Budget, Share, Spent};
use crate::certificate::{Certificate, Thumbprint};
use crate::name::NameKey;
use std::sync::Arc;

/// How deep the status of a CRL's signer may depend on other signers. PKITS needs two.
const MAX_DEPTH: usize = 4;

/// Valid paths of certificates that may sign CRLs: the signer first, the root last.
pub(crate) type Signers = Arc<[Vec<Certificate>]>;

/// The paths of certificates that may sign CRLs without standing in the judged path (RFC 5280 6.3.3 (f)).
pub(crate) trait SignerPaths {
    /// Paths that are valid (rule V-5, without revocation) from certificates with this subject to this root: the signer
    /// first, the root last.
    ///
    /// # Errors
    /// What of the certificate's budget ran out while they were looked for.
    fn signer_paths(&self, subject: NameKey, root: &Certificate, spent: &mut Spent) -> Result<Signers, Budget>;

    /// How many signatures of CRLs are tried in vain for one certificate: many CAs of one name share what the machine has.
    fn crl_share(&self) -> usize {
        Share::MOST
    }
}

/// The work on one certificate.
#[derive(Default)]
pub(super) struct Work {
    pub spent: Spent,
    /// Certificates whose status depends on the one that is looked at now, from the judged one down.
    pending: [Option<Certificate>; MAX_DEPTH],
    /// Signers by name and root, each looked for once: a thousand CRLs may have one issuer.
    signers: Vec<(NameKey, Thumbprint, Signers)>,
    /// Signatures of CRLs that were tried in vain for the certificate that is looked at now.
    pub in_vain: usize,
}

impl Work {
    pub(super) fn after(spent: Spent) -> Self {
        Work { spent, ..Work::default() }
    }

    pub(super) fn spend(&mut self, budget: Budget, count: usize) -> Result<(), Budget> {
        self.spent.spend(budget, count)
    }

    /// The signers of this name whose paths end at this root.
    pub(super) fn signers(
        &mut self,
        paths: &dyn SignerPaths,
        subject: NameKey,
        root: &Certificate,
    ) -> Result<Signers, Budget> {
        let of = (subject, root.thumbprint());
        if let Some((.., known)) = self.signers.iter().find(|(subject, root, _)| (*subject, *root) == of) {
            return Ok(Arc::clone(known));
        }
        let found = paths.signer_paths(subject, root, &mut self.spent)?;
        self.signers.push((of.0, of.1, Arc::clone(&found))); // no more than CRLs may be looked at
        Ok(found)
    }

    /// Whether nothing was looked at yet but the one certificate.
    pub(super) fn has_just_begun(&self) -> bool {
        self.signers.is_empty() && self.pending.iter().flatten().count() <= 1
    }

    /// Begins to look at the status of this certificate: not while that is under way already, and not too deep.
    pub(super) fn enter(&mut self, certificate: &Certificate) -> Option<Entered> {
        if self.pending.iter().flatten().any(|pending| pending == certificate) {
            return None;
        }
        let free = self.pending.iter().position(Option::is_none)?;
        *self.pending.get_mut(free)? = Some(certificate.clone());
        Some(Entered(free))
    }

    /// Ends what [`enter`](Self::enter) began.
    pub(super) fn leave(&mut self, entered: Entered) {
        if let Some(place) = self.pending.get_mut(entered.0) {
            *place = None;
        }
    }
}

/// The status of a certificate is being looked at.
pub(super) struct Entered(usize);
