//! What stands in the way behind the first reason: an archived certificate is judged no further, and of a chain the first
//! fault counts (rule E-1: a plan looks past each failure, within a step as well; so does an explanation).

use super::MAX_CHANGES;
use super::model::Model;
use crate::chain::ChainFailure;
use crate::change::Change;
use crate::check::{Rejection, StoreReason};
use crate::proposal::Proposal;
use crate::select::Selector;
use crate::store::CertId;
use crate::time::Timestamp;

impl Selector {
    /// What rejects a certificate once the reasons that an audit names are gone; empty where they are all.
    pub(crate) fn rejections_beyond(&self, id: CertId, now: impl Into<Timestamp>) -> Vec<Rejection> {
        let Ok(mut model) = Model::new(self, id, now) else { return Vec::new() };
        let mut seen: Vec<String> = every(&model).iter().map(Rejection::to_string).collect();
        let mut beyond = Vec::new();
        for _ in 0..MAX_CHANGES {
            let Some(next) = every(&model).iter().find_map(|rejection| past(&model, rejection)) else { break };
            model = next;
            for rejection in every(&model) {
                // A certificate of the model is told by its words: its identifiers are others.
                let words = rejection.to_string();
                if !seen.contains(&words) {
                    seen.push(words);
                    beyond.push(rejection);
                }
            }
        }
        beyond
    }
}

/// Everything that stands in the way in the model.
fn every(model: &Model) -> Vec<Rejection> {
    model.asked().map(|id| model.selector().rejections(id, model.now())).unwrap_or_default()
}

/// The machine without a reason that hides others.
fn past(model: &Model, rejection: &Rejection) -> Option<Model> {
    let hides = match rejection {
        Rejection::Store(StoreReason::Archived) => true,
        Rejection::Chain(failure) => matches!(
            **failure,
            ChainFailure::Expired { .. } | ChainFailure::UntrustedRoot { .. } | ChainFailure::Disallowed { .. }
        ),
        Rejection::Store(_)
        | Rejection::Issuers(_)
        | Rejection::Dates(_)
        | Rejection::Key(_)
        | Rejection::Template(_)
        | Rejection::Revocation(_)
        | Rejection::Purpose(_)
        | Rejection::Criteria(_)
        | Rejection::Name(_)
        | Rejection::Rank(_) => false,
    };
    if !hides {
        return None;
    }
    let selector = model.selector();
    let own = selector.stores().get(model.asked()?)?.certificate().thumbprint();
    let proposals = rejection.proposals(own, selector.settings().store()).into_iter();
    proposals.into_iter().find_map(|proposal| match proposal {
        // Another certificate would have none of its reasons.
        Proposal::Change(Change::Request(_)) => None,
        Proposal::Change(change) => model.apply(&change).ok(),
        Proposal::MachineName
        | Proposal::Criteria
        | Proposal::ListRoot { .. }
        | Proposal::PublishCrl { .. }
        | Proposal::PublishDelta { .. }
        | Proposal::ImportCrl { .. }
        | Proposal::ReleaseHold { .. } => None,
    })
}
