//! What a check proposes against its own reason: changes, and those that only the machine as a whole can name.
//!
//! Proposals are not advice: a [plan](crate::plan) carries each out and judges again, and prints what then held (rule E-1).

use crate::certificate::Thumbprint;
use crate::change::{Change, Fact};
use crate::name::DistinguishedName;

/// Something that may help against a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Proposal {
    /// This change.
    Change(Change),
    /// The machine's name, where a fully qualified one is given in its place.
    MachineName,
    /// Criteria that only this certificate matches.
    Criteria,
    /// This root in the issuers list.
    ListRoot { certificate: Thumbprint, name: DistinguishedName },
    /// A current CRL of the CA above the certificate at this position of the chain, counted from 0.
    PublishCrl { below: usize },
    /// A current delta CRL of the CA above the certificate at this position of the chain.
    PublishDelta { below: usize },
    /// A current CRL of the CA above the certificate at this position of the chain, brought to the machine by hand.
    ImportCrl { below: usize },
    /// The end of the hold of the certificate at this position of the chain, counted from 0.
    ReleaseHold { below: usize },
}

impl Proposal {
    /// A new certificate with what this one lacks.
    pub(crate) fn request(facts: impl IntoIterator<Item = Fact>) -> Proposal {
        Proposal::Change(Change::Request(facts.into_iter().collect()))
    }
}
