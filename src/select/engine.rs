//! The selector: one machine's stores, names and settings, asked at any number of instants.

use super::judge::{Depth, judge};
use super::memo::{AnswerMemo, OfIssuers};
use super::verdict::{NothingReason, Outcome, Selection, Undecided, Verdict, VerdictKind};
use super::warning::Warning;
use super::winner;
use super::{VerificationCache, step_one};
use crate::chain::Chains;
use crate::check::{
    ChainEvidence, Finding, IssuerCandidate, NearMiss, RankPass, RankReason, Ranking, Rejection, RevocationNearMiss,
};
use crate::revocation::{Crls, PathStatus};
use crate::settings::{LongestBy, OnMultiple, Settings, UnknownStatus};
use crate::store::{Candidate, CertId, Enumeration, RankKey, Ranked, Stores};
use crate::text::Criteria;
use crate::{DeviceKind, Machine, Step, Timestamp};
use memchr::memmem::Finder;
use std::sync::{Arc, OnceLock};
use time::OffsetDateTime;

/// Selects the certificate of one machine.
///
/// ```
/// use ccmcertsel::{Machine, Outcome, Selector, Settings, Stores};
/// use time::OffsetDateTime;
///
/// let mut stores = Stores::builder();
/// stores.add_store("MY");
/// let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
/// let selection = selector.select(OffsetDateTime::UNIX_EPOCH);
/// assert_eq!(selection.outcome().hresult().to_string(), "0x87D00280"); // empty certificate store
/// ```
#[derive(Debug)]
pub struct Selector {
    pub(super) stores: Arc<Stores>,
    pub(super) machine: Machine,
    pub(super) settings: Settings,
    pub(super) cache: Arc<VerificationCache>,
    pub(super) chains: Chains,
    pub(super) crls: Arc<Crls>,
    /// The candidates, best rank first, where that is another order than the one that the stores keep.
    own_order: Option<Ranked>,
    /// What the names of a certificate must hold for the criteria to match it.
    pub(super) sieve: Option<Finder<'static>>,
    pub(super) answer: AnswerMemo,
    /// What revocation says of the CAs of a chain.
    pub(super) issuer_statuses: OfIssuers<Arc<PathStatus>>,
    /// The root that a path ends at.
    pub(super) chain_evidence: OfIssuers<Arc<ChainEvidence>>,
    /// Which entry of the issuers list a CA certificate matches, asked once.
    pub(super) listed: Box<[OnceLock<Option<u32>>]>,
}

impl Selector {
    /// A selector with a cache of its own.
    pub fn new(stores: impl Into<Arc<Stores>>, machine: Machine, settings: Settings) -> Self {
        Self::with_cache(stores, machine, settings, Arc::default())
    }

    /// A selector that shares signature results with others: in a fleet, CAs and CRLs are verified once.
    pub fn with_cache(
        stores: impl Into<Arc<Stores>>,
        machine: Machine,
        settings: Settings,
        cache: Arc<VerificationCache>,
    ) -> Self {
        let stores = stores.into();
        let chains = Chains::new(Arc::clone(&stores), cache.algorithms())
            .with_anchors(settings.anchors())
            .with_signature_policy(settings.signature_policy())
            .with_policies(settings.policy_inputs())
            .with_shared(Arc::clone(&cache) as Arc<_>);
        let enumerated = || {
            let certificate = |id| Some((id, stores.get(id)?.certificate()));
            stores.enumerated(settings.store()).filter_map(certificate)
        };
        let own_order = match (machine.device(), settings.longest_by()) {
            (DeviceKind::Windows, LongestBy::Period) => None,
            (DeviceKind::Windows, by @ LongestBy::NotAfter) => Some(Ranked::longest_first(enumerated(), by)),
            _ => Some(Ranked::as_given(enumerated())),
        };
        let listed = stores.entries().map(|_| OnceLock::new()).collect();
        let sieve = criteria_for(machine.device(), &settings).and_then(|criteria| winner::sieve(criteria, &settings));
        Selector {
            stores,
            machine,
            cache,
            chains,
            crls: Arc::default(),
            own_order,
            sieve,
            answer: AnswerMemo::default(),
            issuer_statuses: OfIssuers::default(),
            chain_evidence: OfIssuers::default(),
            settings,
            listed,
        }
    }

    /// The CRLs at hand (rule V-8).
    pub fn with_crls(mut self, crls: impl Into<Arc<Crls>>) -> Self {
        self.crls = crls.into();
        self.answer = AnswerMemo::default();
        self.issuer_statuses = OfIssuers::default();
        self
    }

    /// The CRLs at hand.
    pub fn crls(&self) -> &Arc<Crls> {
        &self.crls
    }

    /// The same machine under other settings; signature results are kept.
    pub fn with_settings(&self, settings: Settings) -> Selector {
        Self::with_cache(Arc::clone(&self.stores), self.machine.clone(), settings, Arc::clone(&self.cache))
            .with_crls(Arc::clone(&self.crls))
    }

    /// The stores.
    pub fn stores(&self) -> &Arc<Stores> {
        &self.stores
    }

    /// The machine.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The signature results.
    pub fn cache(&self) -> &Arc<VerificationCache> {
        &self.cache
    }

    /// The candidates, best rank first (rule L-1); in store order where the device does not rank (rule R-4).
    pub fn ranked(&self) -> impl ExactSizeIterator<Item = CertId> {
        self.candidates().map(|candidate| candidate.id)
    }

    pub(super) fn candidates(&self) -> impl ExactSizeIterator<Item = Candidate> {
        self.own_order.as_ref().unwrap_or_else(|| self.stores.ranked(self.settings.store())).iter()
    }

    /// The selected certificate and nothing else, as fast as it can be had: best rank first, stopping at the first that
    /// passes (the second, where several are an error).
    pub fn winner(&self, now: OffsetDateTime) -> Option<CertId> {
        self.find_winner(now.into())
    }

    /// The criteria that take the place of step 4 (R-3).
    pub(super) fn selection_criteria(&self) -> Option<&Criteria> {
        criteria_for(self.machine.device(), &self.settings)
    }

    /// Judges each certificate in documented order, up to its first rejection.
    pub fn select(&self, now: OffsetDateTime) -> Selection {
        self.run(now.into(), Depth::FirstRejection)
    }

    /// Judges each certificate at every step.
    pub fn audit(&self, now: OffsetDateTime) -> Selection {
        self.run(now.into(), Depth::Everything)
    }

    fn is_candidate(&self, id: CertId) -> bool {
        self.stores.store_of(id) == Some(self.settings.store())
            && self.stores.get(id).is_some_and(|stored| stored.enumeration() == Enumeration::Listed)
    }

    fn run(&self, now: Timestamp, depth: Depth) -> Selection {
        let mut verdicts: Vec<Verdict> =
            self.stores.shown(self.settings.store()).map(|id| judge(self, id, now, depth)).collect();
        let outcome = self.decide(&mut verdicts, now);
        let undecided = self.undecided(&outcome, &verdicts, now);
        if let Some(undecided) = &undecided {
            name_missing_crls(&mut verdicts, &undecided.without_revocation);
        }
        Selection {
            now,
            ruleset: self.settings.ruleset(),
            store: self.settings.store().clone(),
            outcome,
            verdicts,
            warnings: self.warnings(),
            undecided,
        }
    }

    /// Steps 1 to 5 are done; ranks the survivors (L-1, L-2, R-4), or says why there is none.
    fn decide(&self, verdicts: &mut [Verdict], now: Timestamp) -> Outcome {
        let surviving = |verdict: &Verdict| self.is_candidate(verdict.id) && verdict.rejection().is_none();
        let passed: std::collections::HashSet<CertId> =
            verdicts.iter().filter(|verdict| surviving(verdict)).map(|verdict| verdict.id).collect();
        let survivors: Vec<CertId> = self.ranked().filter(|id| passed.contains(id)).collect();
        let Some(&best) = survivors.first() else {
            return self.nothing(verdicts, now);
        };
        let windows = self.machine.device() == DeviceKind::Windows;
        let ambiguous = windows && survivors.len() > 1 && self.settings.on_multiple() == OnMultiple::Fail;
        for verdict in verdicts.iter_mut().filter(|verdict| passed.contains(&verdict.id)) {
            let is_best = verdict.id == best;
            let other = if is_best { survivors.get(1).copied() } else { Some(best) };
            verdict.kind = if is_best && !ambiguous { VerdictKind::Selected } else { VerdictKind::Candidate };
            verdict.findings.push(self.last_finding(verdict.id, is_best, other, survivors.len(), ambiguous));
        }
        if ambiguous { Outcome::Ambiguous(survivors) } else { Outcome::Selected(best) }
    }

    fn last_finding(&self, id: CertId, best: bool, other: Option<CertId>, passed: usize, ambiguous: bool) -> Finding {
        let key = |id: CertId| self.stores.get(id).map(|stored| RankKey::of(stored.certificate()));
        let passed_as = |pass: RankPass| Finding::Passed(pass.into());
        let windows = self.machine.device() == DeviceKind::Windows;
        let other = other.and_then(|other| Some((other, key(other)?)));
        let (Some((other, other_key)), Some(own_key)) = (other, key(id)) else {
            return passed_as(if windows { RankPass::OnlyCandidate } else { RankPass::FirstInStore });
        };
        if ambiguous {
            return Finding::rejected(RankReason::Ambiguous { passed, other, thumbprint: other_key.thumbprint });
        }
        match (windows, best) {
            (false, true) => passed_as(RankPass::FirstInStore),
            (false, false) => {
                Finding::rejected(RankReason::NotFirst { first: other, thumbprint: other_key.thumbprint })
            }
            (true, best) => {
                let ranking = Box::new(Ranking::new(own_key, other_key, other, self.settings.longest_by()));
                match best {
                    true => passed_as(RankPass::Longest(ranking)),
                    false => Finding::rejected(RankReason::Outranked(ranking)),
                }
            }
        }
    }

    /// Why nothing was selected (section 8), and at which step the last candidate was lost (T-6).
    fn nothing(&self, verdicts: &[Verdict], now: Timestamp) -> Outcome {
        let candidates = || verdicts.iter().filter(|verdict| self.is_candidate(verdict.id));
        let emptied_at = candidates().filter_map(|verdict| Some(verdict.rejection()?.step())).max();
        self.nothing_left(emptied_at, || {
            let key_missing = |rejection: &Rejection| matches!(rejection, Rejection::Key(_));
            candidates()
                .filter(|verdict| verdict.rejection().is_some_and(key_missing))
                .any(|verdict| self.lacks_only(verdict.id, now, key_missing))
        })
    }

    /// The outcome where every candidate was lost, the last at this step; `lacks_key` says whether one lacks nothing but an
    /// accessible private key.
    pub(super) fn nothing_left(&self, emptied_at: Option<Step>, lacks_key: impl FnOnce() -> bool) -> Outcome {
        let reason = if self.stores.entries_of(self.settings.store()).is_none() {
            NothingReason::StoreMissing
        } else if emptied_at.is_none() {
            NothingReason::StoreEmpty
        } else if emptied_at == Some(Step::Issuers) {
            NothingReason::IssuersWithoutMatch
        } else if lacks_key() {
            NothingReason::PrivateKeyMissing
        } else {
            NothingReason::NothingMatched
        };
        Outcome::Nothing { emptied_at: Some(emptied_at.unwrap_or(Step::Store)), reason }
    }

    /// Whether every rejection of the certificate is of this kind.
    pub(super) fn lacks_only(&self, id: CertId, now: Timestamp, kind: impl Fn(&Rejection) -> bool) -> bool {
        let verdict = judge(self, id, now, Depth::Everything);
        let mut rejections = verdict.findings.iter().filter_map(Finding::rejection).peekable();
        rejections.peek().is_some() && rejections.all(kind)
    }

    /// V-8: whether the outcome would be another if the missing CRLs were given.
    fn undecided(&self, outcome: &Outcome, verdicts: &[Verdict], now: Timestamp) -> Option<Undecided> {
        if self.settings.unknown_status() == UnknownStatus::Accept {
            return None;
        }
        let mut missing: Vec<String> = Vec::new();
        for verdict in verdicts.iter().filter(|verdict| self.is_candidate(verdict.id)) {
            if let Some(Rejection::Revocation(failure)) = verdict.rejection() {
                missing.extend(failure.missing().map(ToString::to_string));
            }
        }
        if missing.is_empty() {
            return None;
        }
        missing.sort();
        missing.dedup();
        let settings = self.settings.clone().with_unknown_status(UnknownStatus::Accept);
        let accepting = self.with_settings(settings);
        let mut without = accepting
            .stores
            .shown(accepting.settings.store())
            .filter(|id| accepting.is_candidate(*id))
            .map(|id| judge(&accepting, id, now, Depth::FirstRejection))
            .collect::<Vec<_>>();
        let without_revocation = accepting.decide(&mut without, now);
        (without_revocation != *outcome).then_some(Undecided { missing, without_revocation })
    }

    /// What concerns the machine or its settings as a whole.
    fn warnings(&self) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = self.stores.warnings().iter().cloned().map(Warning::Store).collect();
        warnings.extend(self.crls.unreadable().iter().cloned().map(Warning::UnreadableCrl));
        if let Some(issuers) = self.settings.issuers().filter(|_| step_one::applies(self)) {
            // I-11: a listed certificate and a root of the machine with the same name and key, but another certificate.
            for id in self.stores.roots() {
                let Some(stored) = self.stores.get(id) else { continue };
                if let Some(listed) = issuers.renewed_from(&IssuerCandidate::new(stored.certificate())) {
                    warnings.push(Warning::RootRenewed { listed, actual: stored.certificate().thumbprint() });
                }
            }
        }
        warnings
    }
}

/// R-3, R-4: a device without a selection method knows no criteria.
fn criteria_for(device: DeviceKind, settings: &Settings) -> Option<&Criteria> {
    settings.criteria().filter(|_| device == DeviceKind::Windows)
}

/// V-8: the certificates that would be selected if the missing CRLs were given say so.
fn name_missing_crls(verdicts: &mut [Verdict], without_revocation: &Outcome) {
    let would_pass = |id: CertId| match without_revocation {
        Outcome::Selected(selected) => *selected == id,
        Outcome::Ambiguous(several) => several.contains(&id),
        Outcome::Nothing { .. } => false,
    };
    for verdict in verdicts.iter_mut().filter(|verdict| would_pass(verdict.id)) {
        for finding in &mut verdict.findings {
            if let Finding::Rejected { rejection: Rejection::Revocation(_), near_miss } = finding {
                near_miss.get_or_insert_with(|| Box::new(NearMiss::Revocation(RevocationNearMiss::WithCrl)));
            }
        }
    }
}
