//! The selector: one machine's stores, names and settings, asked at any number of instants.

use super::VerificationCache;
use super::checks::Check;
use super::depends_on::{DependsOn, Reading};
use super::instant::Instant;
use super::judge::{Depth, Hold, is_listed, judge};
use super::memo::{AnswerMemo, Window};
use super::outcome::{NothingReason, Outcome};
use super::signed::Signed;
use super::verdict::{Selection, Undecided, Verdict, VerdictKind};
use super::warning::Warning;
use super::world::World;
use super::{step_one, winner};
use crate::certificate::Certificate;
use crate::chain::ChainFailure;
use crate::check::{Finding, NearMiss, Place, RankPass, RankReason, Ranking, Rejection, RevocationNearMiss};
use crate::choices::{LongestBy, OnMultiple, SignaturePolicy, UnknownStatus};
use crate::computer::{DeviceKind, Machine};
use crate::revocation::{Crls, Lack, MissingCrl, RevocationFailure};
use crate::rules::Step;
use crate::settings::Settings;
use crate::store::{Candidate, CertId, Ranked, Stores};
use crate::time::Timestamp;
use memchr::memmem::Finder;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Selects the certificate of one machine.
///
/// ```
/// use ccmcertsel::{Machine, Outcome, Selector, Settings, Stores};
/// use std::time::SystemTime;
///
/// let mut stores = Stores::builder();
/// stores.add_store("MY");
/// let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
/// let selection = selector.select(SystemTime::now());
/// assert_eq!(selection.outcome().hresult().to_string(), "0x87D00280"); // empty certificate store
/// ```
#[derive(Debug, Clone)]
pub struct Selector {
    pub(super) world: World,
    /// The candidates, best rank first, where that is another order than the one that the stores keep.
    own_order: Option<Arc<Ranked>>,
    /// What the names of a certificate must hold for the criteria to match it.
    sieve: Option<Finder<'static>>,
    answer: AnswerMemo,
    /// Whether a selection also says what it depends on (rule R-5).
    readings: bool,
}

impl Selector {
    /// A selector with a cache of its own.
    pub fn new(stores: impl Into<Arc<Stores>>, machine: Machine, settings: Settings) -> Self {
        Self::with_cache(stores, machine, settings, Arc::default())
    }

    /// A selector that shares signature results with others: in a fleet, CAs and CRLs are verified once.
    #[must_use]
    pub fn with_cache(
        stores: impl Into<Arc<Stores>>,
        machine: Machine,
        settings: Settings,
        cache: Arc<VerificationCache>,
    ) -> Self {
        Self::of(World::new(stores.into(), machine, settings, cache), false)
    }

    fn of(world: World, readings: bool) -> Self {
        let enumerated = || {
            let candidate = |id| Some(Candidate::of(id, world.certificate(id)?));
            world.stores.enumerated(world.settings.store()).filter_map(candidate).collect()
        };
        let thumbprint = |id| Some(world.certificate(id)?.thumbprint());
        let own_order = match (world.machine.device(), world.settings.longest_by()) {
            (DeviceKind::Windows, LongestBy::Period) => None,
            (DeviceKind::Windows, by @ LongestBy::NotAfter) => {
                Some(Ranked::longest_first(enumerated(), by, thumbprint))
            }
            (DeviceKind::MacOrMobile, _) => Some(Ranked::as_given(enumerated())),
        };
        let own_order = own_order.map(Arc::new);
        let sieve = world.criteria().and_then(|criteria| winner::sieve(criteria, &world.settings));
        Selector { world, own_order, sieve, answer: AnswerMemo::default(), readings }
    }

    /// The CRLs at hand (rule V-8).
    #[must_use]
    pub fn with_crls(mut self, crls: impl Into<Arc<Crls>>) -> Self {
        self.world = self.world.with_crls(crls.into());
        self.answer = AnswerMemo::default();
        self
    }

    /// Makes each selection say what it depends on ([`Selection::depends_on`], rule R-5).
    #[must_use]
    pub fn with_readings(mut self) -> Self {
        self.readings = true;
        self
    }

    /// A selector of a copy of this machine, changed in what is given (rule E-1), that takes these signatures as made.
    pub(crate) fn modelling(
        &self,
        signed: Signed,
        stores: Arc<Stores>,
        settings: Settings,
        crls: Arc<Crls>,
    ) -> Selector {
        let cache = VerificationCache::modelling(&self.world.cache, &self.world.chains, signed);
        Self::with_cache(stores, Machine::clone(&self.world.machine), settings, Arc::new(cache)).with_crls(crls)
    }

    /// The CRLs at hand.
    pub(crate) fn crls(&self) -> &Arc<Crls> {
        &self.world.crls
    }

    /// The same machine under other settings. Signature results are kept, and chains and their revocation too where the
    /// settings that bear on them are the same.
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Selector {
        Self::of(self.world.with_settings(settings), self.readings)
    }

    /// The same machine under other names.
    pub(crate) fn with_machine(&self, machine: Machine) -> Selector {
        Self::of(World { machine: Arc::new(machine), ..self.world.clone() }, self.readings)
    }

    /// The stores.
    pub fn stores(&self) -> &Arc<Stores> {
        &self.world.stores
    }

    /// The machine.
    pub(crate) fn machine(&self) -> &Machine {
        &self.world.machine
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.world.settings
    }

    /// The signature results.
    #[cfg(test)]
    pub(crate) fn cache(&self) -> &Arc<VerificationCache> {
        &self.world.cache
    }

    /// The candidates, best rank first (rule L-1); in store order where the device does not rank (rule R-4).
    pub fn ranked(&self) -> impl ExactSizeIterator<Item = CertId> {
        self.candidates().map(|candidate| candidate.id)
    }

    pub(super) fn candidates(&self) -> impl ExactSizeIterator<Item = Candidate> {
        self.own_order.as_deref().unwrap_or_else(|| self.world.stores.ranked(self.world.settings.store())).iter()
    }

    /// The selected certificate and nothing else, as fast as it can be had: best rank first, stopping at the first that
    /// passes (the second, where several are an error).
    #[must_use]
    pub fn winner(&self, now: impl Into<Timestamp>) -> Option<CertId> {
        let now = now.into();
        self.answer.at(now).unwrap_or_else(|| {
            let (window, winner) = winner::find(&self.world, self.candidates(), self.sieve.as_ref(), now);
            self.answer.remember(window, winner);
            winner
        })
    }

    /// Judges each certificate in documented order, up to its first rejection.
    #[must_use]
    pub fn select(&self, now: impl Into<Timestamp>) -> Selection {
        self.answered(now.into(), Depth::FirstRejection)
    }

    /// Judges each certificate at every step.
    #[must_use]
    pub fn audit(&self, now: impl Into<Timestamp>) -> Selection {
        self.answered(now.into(), Depth::Everything)
    }

    /// The first thing that stands in the way of one certificate, ranking left out.
    pub(crate) fn first_rejection(&self, id: CertId, now: Timestamp) -> Option<Rejection> {
        judge(&self.world, id, now, Depth::FirstRejection)?.rejection().cloned()
    }

    /// Everything that stands in the way of one certificate, ranking left out.
    pub(crate) fn rejections(&self, id: CertId, now: Timestamp) -> Vec<Rejection> {
        let verdict = judge(&self.world, id, now, Depth::Everything);
        let findings = verdict.map(|verdict| verdict.findings).unwrap_or_default();
        findings.iter().filter_map(Finding::rejection).cloned().collect()
    }

    /// The certificates of the one chain (rule I-7), from this one up.
    pub(crate) fn chain_of(&self, id: CertId, now: Timestamp) -> Option<Vec<CertId>> {
        let stored = self.world.stores.get(id)?;
        Some(self.world.chain(id, stored, now).path().certificates().to_vec())
    }

    /// Whether a CA could issue a certificate that passes steps 1 and 3: its own chain holds and ends at a listed root.
    pub(crate) fn issues_well(&self, id: CertId, now: Timestamp) -> bool {
        self.world.stores.get(id).is_some_and(|stored| {
            let chain = self.world.chain(id, stored, now);
            let listed =
                step_one::exemption(&self.world).is_some() || step_one::listed(&self.world, chain.path()).is_some();
            chain.failure().is_none() && listed
        })
    }

    /// The selection, with what it depends on where that is asked for.
    fn answered(&self, now: Timestamp, depth: Depth) -> Selection {
        if !self.readings {
            return self.run(now, depth);
        }
        let world = World { instant: Instant::at(now), ..self.world.clone() };
        let remembering = Selector { world, readings: false, ..self.clone() };
        let selection = remembering.run(now, depth);
        let depends_on = remembering.depends_on(&selection, now);
        Selection { depends_on: Some(depends_on), ..selection }
    }

    /// Selects again under each reading (rule R-5). Only the selected certificate counts: another reason for none is no
    /// difference.
    fn depends_on(&self, selection: &Selection, now: Timestamp) -> DependsOn {
        let (mut tried, mut readings) = (Vec::new(), Vec::new());
        let rejected: Vec<(CertId, Check)> = selection.verdicts.iter().flat_map(rejecting).collect();
        for (choice, settings) in self.world.settings.readings() {
            tried.push(choice);
            let other = self.with_settings(settings);
            // What is rejected by a check that does not heed this setting is rejected under every value of it.
            let remains = rejected.iter().filter(|(_, check)| !check.heeds(choice.setting));
            let lost: HashSet<CertId> = remains.map(|(id, _)| *id).collect();
            let left = other.candidates().filter(|candidate| !lost.contains(&candidate.id));
            let winner = winner::among(&other.world, left, other.sieve.as_ref(), now, &mut Window::all_time());
            if winner != selection.selected() {
                // One that is selected says all; why there is none has to be asked.
                let outcome = winner.map(Outcome::Selected);
                let outcome = outcome.unwrap_or_else(|| other.run(now, Depth::FirstRejection).outcome);
                readings.push(Reading { choice, outcome });
            }
        }
        DependsOn { tried, readings }
    }

    fn run(&self, now: Timestamp, depth: Depth) -> Selection {
        let mut verdicts: Vec<Verdict> = self
            .world
            .stores
            .shown(self.world.settings.store())
            .filter_map(|id| judge(&self.world, id, now, depth))
            .collect();
        let outcome = self.decide(&mut verdicts, now);
        let undecided = self.undecided(&outcome, &verdicts, now);
        if let Some(undecided) = &undecided {
            self.name_missing_crls(&mut verdicts, &undecided.without_revocation, now);
        }
        Selection {
            now,
            ruleset: self.world.settings.ruleset(),
            store: self.world.settings.store().clone(),
            outcome,
            verdicts,
            warnings: self.warnings(),
            undecided,
            depends_on: None,
        }
    }

    /// Steps 1 to 5 are done; ranks the survivors (L-1, L-2, R-4), or says why there is none.
    fn decide(&self, verdicts: &mut [Verdict], now: Timestamp) -> Outcome {
        let surviving = |verdict: &Verdict| self.world.is_candidate(verdict.id) && verdict.rejection().is_none();
        let passed: HashSet<CertId> =
            verdicts.iter().filter(|verdict| surviving(verdict)).map(|verdict| verdict.id).collect();
        let survivors: Vec<CertId> = self.ranked().filter(|id| passed.contains(id)).collect();
        let ranks: HashMap<CertId, usize> = survivors.iter().copied().zip(1..).collect();
        let Some(&best) = survivors.first() else {
            return self.nothing(verdicts, now);
        };
        let windows = self.world.is_windows();
        let ambiguous = windows && survivors.len() > 1 && self.world.settings.on_multiple() == OnMultiple::Fail;
        for verdict in verdicts {
            let Some(rank) = ranks.get(&verdict.id).copied() else { continue };
            let is_best = rank == 1;
            let other = if is_best { survivors.get(1).copied() } else { Some(best) };
            verdict.kind = if is_best && !ambiguous { VerdictKind::Selected } else { VerdictKind::Candidate };
            let place = Place { rank, of: survivors.len() };
            verdict.findings.push(self.last_finding(verdict.id, place, other, ambiguous));
        }
        if ambiguous { Outcome::Ambiguous(survivors) } else { Outcome::Selected(best) }
    }

    fn last_finding(&self, id: CertId, place: Place, other: Option<CertId>, ambiguous: bool) -> Finding {
        let passed_as = |pass: RankPass| Finding::Passed(pass.into());
        let windows = self.world.is_windows();
        let other = other.and_then(|other| Some((other, self.world.certificate(other)?)));
        let (Some((other, rival)), Some(own)) = (other, self.world.certificate(id)) else {
            return passed_as(if windows { RankPass::OnlyCandidate } else { RankPass::FirstInStore });
        };
        if ambiguous {
            return Finding::rejected(RankReason::Ambiguous { place, other, thumbprint: rival.thumbprint() });
        }
        match (windows, place.rank == 1) {
            (false, true) => passed_as(RankPass::FirstInStore),
            (false, false) => {
                Finding::rejected(RankReason::NotFirst { first: other, thumbprint: rival.thumbprint(), place })
            }
            (true, best) => {
                let ranking = Box::new(Ranking::new(own, (other, rival), self.world.settings.longest_by()));
                if best {
                    passed_as(RankPass::Longest(ranking))
                } else {
                    Finding::rejected(RankReason::Outranked { ranking, place })
                }
            }
        }
    }

    /// Why nothing was selected (section 8), and at which step the last candidate was lost (T-6).
    fn nothing(&self, verdicts: &[Verdict], now: Timestamp) -> Outcome {
        let candidates = || verdicts.iter().filter(|verdict| self.world.is_candidate(verdict.id));
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
        let reason = if self.world.stores.entries_of(self.world.settings.store()).is_none() {
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
        let Some(verdict) = judge(&self.world, id, now, Depth::Everything) else { return false };
        let mut rejections = verdict.findings.iter().filter_map(Finding::rejection).peekable();
        rejections.peek().is_some() && rejections.all(kind)
    }

    /// V-8, V-11: whether the outcome would be another if the missing or stale CRLs were good, and signatures whose hash is
    /// not verified here were as Windows may take them.
    fn undecided(&self, outcome: &Outcome, verdicts: &[Verdict], now: Timestamp) -> Option<Undecided> {
        let accepts = self.world.settings.unknown_status() == UnknownStatus::Accept;
        let (mut missing, mut lacks) = (BTreeSet::new(), BTreeMap::<Lack, BTreeSet<String>>::new());
        let mut unverified = HashSet::new();
        for verdict in verdicts.iter().filter(|verdict| self.world.is_candidate(verdict.id)) {
            match verdict.rejection() {
                Some(Rejection::Revocation(chain)) if !accepts => {
                    missing.extend(chain.missing().flat_map(MissingCrl::places));
                    for (lack, places) in chain.failures().filter_map(RevocationFailure::lacks) {
                        lacks.entry(lack).or_default().extend(places);
                    }
                }
                Some(Rejection::Chain(failure)) if self.lacks_only(verdict.id, now, |one| self.is_unverified(one)) => {
                    unverified.insert(verdict.id);
                    lacks.entry(Lack::Signature).or_default().insert(failure.at().issued_to.to_string());
                }
                Some(_) | None => {}
            }
        }
        if lacks.is_empty() {
            return None;
        }
        let settings = self.world.settings.clone().with(UnknownStatus::Accept);
        let accepting = self.with_settings(settings);
        let mut without = accepting
            .world
            .stores
            .shown(accepting.world.settings.store())
            .filter(|id| accepting.world.is_candidate(*id))
            .filter_map(|id| judge(&accepting.world, id, now, Depth::FirstRejection))
            .collect::<Vec<_>>();
        for verdict in without.iter_mut().filter(|verdict| unverified.contains(&verdict.id)) {
            verdict.findings.retain(|finding| finding.rejection().is_none());
        }
        let without_revocation = accepting.decide(&mut without, now);
        // Losing the last one at another step is the same outcome: the client finds nothing either way, as it says itself.
        let is_same = match (outcome, &without_revocation) {
            (Outcome::Nothing { .. }, Outcome::Nothing { .. }) => outcome.hresult() == without_revocation.hresult(),
            (outcome, without) => outcome == without,
        };
        (!is_same).then(|| Undecided {
            missing: missing.into_iter().collect(),
            lacks: lacks.into_iter().map(|(lack, places)| (lack, places.into_iter().collect())).collect(),
            without_revocation,
        })
    }

    /// V-11: a hash that is refused here and that Windows accepts under a private root.
    fn is_unverified(&self, rejection: &Rejection) -> bool {
        let windows = self.world.settings.signature_policy() == SignaturePolicy::Windows;
        windows && matches!(rejection, Rejection::Chain(failure) if matches!(**failure, ChainFailure::WeakHash { .. }))
    }

    /// What concerns the machine or its settings as a whole.
    fn warnings(&self) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = self.world.stores.warnings().iter().cloned().map(Warning::Store).collect();
        warnings.extend(self.world.crls.unreadable().iter().cloned().map(Warning::UnreadableCrl));
        warnings.extend(self.world.crls.warnings().map(Warning::Crl));
        if let Some(issuers) = self.world.settings.issuers().filter(|_| step_one::applies(&self.world)) {
            // I-11: a listed certificate and a root of the machine with the same name and key, but another certificate.
            let roots = self.world.stores.roots().filter_map(|id| self.world.certificate(id));
            let renewed = issuers.renewals(roots);
            warnings.extend(renewed.map(|(listed, actual)| Warning::RootRenewed { listed, actual }));
        }
        warnings
    }

    /// V-8: the certificates that would be selected if the missing CRL were given say so.
    fn name_missing_crls(&self, verdicts: &mut [Verdict], without_revocation: &Outcome, now: Timestamp) {
        let would_pass = |id: CertId| match without_revocation {
            Outcome::Selected(selected) => *selected == id,
            Outcome::Ambiguous(several) => several.contains(&id),
            Outcome::Nothing { .. } => false,
        };
        for verdict in verdicts.iter_mut().filter(|verdict| would_pass(verdict.id)) {
            for finding in &mut verdict.findings {
                let Finding::Rejected { rejection: Rejection::Revocation(chain), near_miss } = finding else {
                    continue;
                };
                let above = verdict.path.get(chain.at.position + 1).and_then(|id| self.world.certificate(*id));
                // One change is enough (E-2): one CRL, of a CA that may sign it.
                let Some(mut would) = RevocationNearMiss::with_what_lacks(&chain.failure) else { continue };
                let may_end = matches!(&chain.failure, RevocationFailure::DeltaMissing { on_hold: Some(_), .. });
                let hold = if may_end { Hold::MayEnd } else { Hold::Counts };
                if chain.further.is_empty()
                    && above.is_some_and(may_sign_crls)
                    && !is_listed(&self.world, verdict.id, now, hold)
                {
                    if let RevocationFailure::CrlNotYetValid { this_update, .. } = &chain.failure
                        && self.first_rejection(verdict.id, *this_update).is_some()
                    {
                        would = RevocationNearMiss::WithCurrentCrl; // something else is not right at that instant
                    }
                    near_miss.get_or_insert_with(|| Box::new(NearMiss::Revocation(would)));
                }
            }
        }
    }
}

fn may_sign_crls(authority: &Certificate) -> bool {
    authority.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.crl_sign()))
}

/// The checks that reject a certificate, as far as they were asked.
fn rejecting(verdict: &Verdict) -> impl Iterator<Item = (CertId, Check)> {
    let checks = verdict.findings.iter().filter_map(Finding::rejection).filter_map(Check::that_gives);
    checks.map(|check| (verdict.id, check))
}
