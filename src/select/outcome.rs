//! What was selected, or why nothing was.

use crate::hresult::Hresult;
use crate::rules::Step;
use crate::store::CertId;

/// What was selected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// One certificate.
    Selected(CertId),
    /// None.
    Nothing {
        /// The step at which the last candidate was lost; the step store when there was none.
        emptied_at: Option<Step>,
        /// Why there is none, as the client would report it.
        reason: NothingReason,
    },
    /// Several, and [`OnMultiple::Fail`](crate::settings::OnMultiple) (rule L-2). At least two, best rank first.
    Ambiguous(Vec<CertId>),
}

/// Why nothing was selected: the cases that the client reports with different result codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NothingReason {
    /// The chosen store does not exist (rule T-2).
    StoreMissing,
    /// The chosen store is empty, or nothing in it is enumerated (rules T-3, T-7).
    StoreEmpty,
    /// No certificate chains to an entry of the issuers list (rule I-3).
    IssuersWithoutMatch,
    /// Candidates were lost at different steps.
    NothingMatched,
    /// Some candidate lacks nothing but an accessible private key.
    PrivateKeyMissing,
}

impl Outcome {
    /// The result code that the client reports (section 8 of the specification).
    pub fn hresult(&self) -> Hresult {
        match self {
            Outcome::Selected(_) => Hresult::OK,
            Outcome::Ambiguous(_) => Hresult::SEVERAL,
            Outcome::Nothing { reason, .. } => match reason {
                NothingReason::StoreMissing | NothingReason::StoreEmpty => Hresult::STORE_EMPTY,
                NothingReason::IssuersWithoutMatch | NothingReason::NothingMatched => Hresult::NOTHING_MATCHED,
                NothingReason::PrivateKeyMissing => Hresult::PRIVATE_KEY_MISSING,
            },
        }
    }

    /// The selected certificate. Ambiguous is not ready (rule L-2).
    pub fn selected(&self) -> Option<CertId> {
        match self {
            Outcome::Selected(id) => Some(*id),
            Outcome::Nothing { .. } | Outcome::Ambiguous(_) => None,
        }
    }
}
