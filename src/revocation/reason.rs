//! What is known about each reason for which revocation checking does not pass a certificate.

use super::outcome::RevocationFailure;
use crate::budget::Budget;
use crate::change::{Change, Fact};
use crate::proposal::Proposal;
use crate::reason::{Action, Remedy, Row};
use crate::{Rule, Step};

impl RevocationFailure {
    /// Code, rule and the result that the log prints (evidence.md and winerror.h).
    pub fn row(&self) -> Row {
        let row = |code, rule, log| Row::new(Step::Validity, code, rule).logged(log);
        match self {
            RevocationFailure::Revoked { .. } => row("validity.revoked", Rule::V7, 0x8009_2010),
            RevocationFailure::OnHold { .. } => row("validity.on_hold", Rule::V9, 0x8009_2010),
            RevocationFailure::Unknown { .. } => row("validity.revocation_unknown", Rule::V8, 0x8009_2013),
            RevocationFailure::NoDistributionPoint { .. } => {
                row("validity.no_distribution_point", Rule::V8, 0x8009_2012)
            }
            RevocationFailure::CrlExpired { .. } => row("validity.crl_expired", Rule::V8, 0x8009_2013),
            RevocationFailure::CrlNotYetValid { .. } => row("validity.crl_not_yet_valid", Rule::V8, 0x8009_2013),
            RevocationFailure::DeltaMissing { .. } => row("validity.delta_missing", Rule::V9, 0x8009_2013),
            RevocationFailure::Malformed(_) => row("validity.malformed", Rule::V5, 0x800B_0108),
            // The budget is this crate's; Windows would have gone on.
            RevocationFailure::Budget { .. } => row("validity.budget", Rule::V10, 0x8009_2013),
        }
    }

    /// What would have to change.
    /// What may help a certificate at this position of the chain (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self, below: usize) -> Vec<Proposal> {
        let again = match below {
            0 => Proposal::request([]),
            _ => Proposal::request([Fact::OtherAuthority]),
        };
        match self {
            RevocationFailure::Revoked { .. } => vec![again],
            RevocationFailure::OnHold { .. } => vec![Proposal::ReleaseHold { below }, again],
            RevocationFailure::Unknown { .. }
            | RevocationFailure::NoDistributionPoint { .. }
            | RevocationFailure::CrlExpired { .. }
            | RevocationFailure::DeltaMissing { .. } => vec![Proposal::PublishCrl { below }, again],
            RevocationFailure::CrlNotYetValid { this_update, .. } => {
                vec![Proposal::Change(Change::CorrectClock(*this_update)), Proposal::PublishCrl { below }]
            }
            RevocationFailure::Malformed(_) | RevocationFailure::Budget { .. } => vec![again],
        }
    }

    pub(crate) fn remedy(&self) -> Remedy {
        use Action::*;
        let (action, text) = match self {
            RevocationFailure::Revoked { .. } => {
                (RequestCertificate, "request a new one; a revoked certificate stays revoked")
            }
            RevocationFailure::OnHold { .. } => {
                (ChangeAuthority, "release the hold at the CA and publish its CRL, or request a new one")
            }
            RevocationFailure::Unknown { .. } => (
                PublishCrl,
                "make the CRL reachable for the machine's account (SYSTEM, without the user's proxy), or give it with --crl",
            ),
            RevocationFailure::NoDistributionPoint { .. } => {
                (ChangeAuthority, "let the CA name a CRL distribution point, or switch the check off with /NoCRLCheck")
            }
            RevocationFailure::CrlExpired { .. } => (PublishCrl, "let the CA publish a current CRL"),
            RevocationFailure::CrlNotYetValid { .. } => (
                ChangeMachine,
                "set the clock of the machine, or of the CA if that one is ahead and publish its CRL again",
            ),
            RevocationFailure::DeltaMissing { .. } => (
                PublishCrl,
                "publish the delta CRL; IIS refuses the `+` in its file name unless double escaping is allowed",
            ),
            RevocationFailure::Malformed(_) => {
                (RequestCertificate, "request it again with distribution points that can be read")
            }
            RevocationFailure::Budget { budget } => match budget {
                Budget::PointNames => {
                    (RequestCertificate, "request it with fewer distribution points, or give only the CRLs of its CAs")
                }
                Budget::CrlSignatures | Budget::Crls | Budget::EqualSerials => {
                    (PublishCrl, "give only the current CRLs of the CAs of this chain")
                }
                _ => (ChangeMachine, "remove superfluous CA certificates of the same name from the stores"),
            },
        };
        Remedy::new(action, text)
    }
}
