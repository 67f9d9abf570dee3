//! What is known about each reason for which revocation checking does not pass a certificate.

use super::outcome::RevocationFailure;
use crate::change::{Change, Fact};
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};

impl RevocationFailure {
    /// Code, rule and the result that the log prints (evidence.md and winerror.h).
    pub(crate) fn row(&self) -> Row {
        let row = |code, rule, log| Row::new(Step::Validity, code, rule).logged(log);
        match self {
            RevocationFailure::Revoked { .. } => {
                row("validity.revoked", Rule::V7, 0x8009_2010).counted("the certificate, or a CA above it, is revoked")
            }
            RevocationFailure::OnHold { .. } => {
                row("validity.on_hold", Rule::V9, 0x8009_2010).counted("the certificate is on hold")
            }
            RevocationFailure::Unknown { .. } => {
                row("validity.revocation_unknown", Rule::V8, 0x8009_2013).counted("a CRL is missing")
            }
            RevocationFailure::NoDistributionPoint { .. } => {
                row("validity.no_distribution_point", Rule::V8, 0x8009_2012)
                    .counted("there is no CRL, and the certificate names no place for it")
            }
            RevocationFailure::CrlExpired { .. } => {
                row("validity.crl_expired", Rule::V8, 0x8009_2013).counted("a CRL is out of date")
            }
            RevocationFailure::CrlNotYetValid { .. } => {
                row("validity.crl_not_yet_valid", Rule::V8, 0x8009_2013).counted("a CRL is not valid yet")
            }
            RevocationFailure::DeltaMissing { .. } => {
                row("validity.delta_missing", Rule::V9, 0x8009_2013).counted("a delta CRL is missing")
            }
            RevocationFailure::Malformed(_) => {
                row("validity.malformed", Rule::V5, 0x800B_0108).counted("a certificate of the chain is malformed")
            }
            // The budget is this crate's; Windows would have gone on.
            RevocationFailure::Budget { .. } => {
                row("validity.budget", Rule::V10, 0x8009_2013).counted("the chain is too much work to check")
            }
        }
    }

    /// What may help a certificate at this position of the chain (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self, below: usize) -> Vec<Proposal> {
        let again = match below {
            0 => Proposal::request([]),
            _ => Proposal::request([Fact::OtherAuthority]),
        };
        match self {
            RevocationFailure::Revoked { .. } => vec![again],
            RevocationFailure::OnHold { .. } | RevocationFailure::DeltaMissing { on_hold: Some(_), .. } => {
                vec![Proposal::ReleaseHold { below }, again]
            }
            // Nothing says where a CRL would be fetched.
            RevocationFailure::NoDistributionPoint { .. } => vec![Proposal::ImportCrl { below }, again],
            RevocationFailure::DeltaMissing { on_hold: None, .. } => {
                vec![Proposal::PublishDelta { below }, Proposal::PublishCrl { below }, again]
            }
            RevocationFailure::Unknown { .. } | RevocationFailure::CrlExpired { .. } => {
                vec![Proposal::PublishCrl { below }, again]
            }
            RevocationFailure::CrlNotYetValid { this_update, .. } => {
                vec![Proposal::Change(Change::CorrectClock(*this_update)), Proposal::PublishCrl { below }]
            }
            RevocationFailure::Malformed(_) | RevocationFailure::Budget { .. } => vec![again],
        }
    }
}
