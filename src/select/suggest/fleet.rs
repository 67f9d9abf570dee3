//! Criteria for a whole fleet: proposed by one machine, tried on every other one, and never to anyone's harm.

use super::{Goal, MAX_RUNS, MAX_SUGGESTIONS, built_from};
use crate::certificate::Thumbprint;
use crate::check::{CertificateNames, Finding, Rejection};
use crate::rules::Step;
use crate::select::Selector;
use crate::select::judge::{Depth, judge};
use crate::store::CertId;
use crate::text::{Criteria, CriteriaText};
use crate::time::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Machines without a certificate of the wanted kind that come before the first one with one: they are kept to be asked
/// about its proposals.
const MAX_WAITING: usize = 1000;

/// Other kinds of certificates than the wanted one that are kept, where no machine has that one.
const MAX_SEEN: usize = 100;

/// What criteria do to the machines of a fleet, in numbers of machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CriteriaEffect {
    /// They select a certificate of the wanted kind.
    pub reached: u64,
    /// They select another certificate than now.
    pub changed: u64,
    /// They select one, and select none now.
    pub gained: u64,
    /// They select none, and select one now.
    pub lost: u64,
    /// They select one without client authentication, since criteria take the place of that check (rule R-3).
    pub without_client_authentication: u64,
}

/// Why none of the criteria that were left works for the machine at which they end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// It selects no certificate of the wanted kind under them.
    NotSelected,
    /// It has several of the wanted kind with the very same names, so that no criteria tell them apart.
    Twins(Vec<Thumbprint>),
    /// It would lose the certificate that it has.
    Loss,
    /// It would select one without client authentication.
    WithoutClientAuthentication,
}

/// What criteria do to one machine.
struct Tried {
    reached: bool,
    harm: Option<Obstacle>,
    effect: CriteriaEffect,
}

impl CriteriaEffect {
    fn add(&mut self, other: CriteriaEffect) {
        self.reached += other.reached;
        self.changed += other.changed;
        self.gained += other.gained;
        self.lost += other.lost;
        self.without_client_authentication += other.without_client_authentication;
    }
}

/// Criteria that hold for a whole fleet, found machine by machine: the first one with a certificate of the wanted kind
/// proposes, each other one strikes out what does not work for it, or takes its certificate away.
#[derive(Debug)]
pub(crate) struct FleetSuggestion {
    goal: Goal,
    loss_allowed: bool,
    criteria: Vec<Criteria>,
    effects: Vec<CriteriaEffect>,
    proposed: bool,
    waiting: Vec<(Selector, Timestamp)>,
    machines: u64,
    skipped: u64,
    unchecked: u64,
    met: u64,
    seen: BTreeMap<String, u64>,
    struck_out: Option<(String, Obstacle)>,
}

impl FleetSuggestion {
    /// For every machine that has what the goal wants to select it.
    pub(crate) fn new(goal: Goal) -> Self {
        FleetSuggestion {
            goal,
            loss_allowed: false,
            criteria: Vec::new(),
            effects: Vec::new(),
            proposed: false,
            waiting: Vec::new(),
            machines: 0,
            skipped: 0,
            unchecked: 0,
            met: 0,
            seen: BTreeMap::new(),
            struck_out: None,
        }
    }

    /// Also proposes criteria under which a machine loses its certificate, or selects one without client authentication.
    pub(crate) fn with_loss_allowed(mut self) -> Self {
        self.loss_allowed = true;
        self
    }

    /// Takes another machine into account.
    pub(crate) fn add(&mut self, selector: &Selector, now: Timestamp) {
        self.machines += 1;
        self.note_kinds(selector);
        let has_wanted = self.usable(selector, now).next().is_some();
        if !has_wanted {
            self.skipped += 1;
        }
        if self.proposed {
            self.try_on(selector, now, has_wanted);
            return;
        }
        if has_wanted {
            self.proposed = true;
            self.criteria = self.proposals(selector);
            self.effects = vec![CriteriaEffect::default(); self.criteria.len()];
            self.try_on(selector, now, true);
            for (waiting, then) in std::mem::take(&mut self.waiting) {
                self.try_on(&waiting, then, false);
            }
        } else if self.waiting.len() < MAX_WAITING {
            self.waiting.push((selector.with_settings(selector.settings().clone()), now));
        } else {
            self.unchecked += 1;
        }
    }

    /// Counts a machine that has a certificate of the wanted kind, usable or not; as long as none has, what they have.
    fn note_kinds(&mut self, selector: &Selector) {
        if self.wanted(selector).next().is_some() {
            self.met += 1;
            self.seen.clear();
        }
        if self.met > 0 {
            return;
        }
        let stores = selector.stores();
        let stored = stores.enumerated(selector.settings().store()).filter_map(|id| stores.get(id));
        let kinds: BTreeSet<String> = stored
            .filter(|stored| !stored.certificate().is_ca())
            .filter_map(|stored| self.goal.kind_of(stored.certificate()))
            .collect();
        for kind in kinds {
            if self.seen.len() < MAX_SEEN || self.seen.contains_key(&kind) {
                *self.seen.entry(kind).or_default() += 1;
            }
        }
    }

    /// Strikes out what does not work for a machine, and counts what the rest does.
    fn try_on(&mut self, selector: &Selector, now: Timestamp, must_reach: bool) {
        let before = selector.winner(now);
        let (mut kept, mut obstacle) = (Vec::new(), None);
        for (criteria, mut effect) in
            std::mem::take(&mut self.criteria).into_iter().zip(std::mem::take(&mut self.effects))
        {
            let tried = self.tried(selector, &criteria, before, now);
            match tried.harm.filter(|_| !self.loss_allowed) {
                _ if must_reach && !tried.reached => obstacle = obstacle.or(Some(Obstacle::NotSelected)),
                // Whoever reads of it may allow it, so it goes before the other.
                Some(harm) => obstacle = Some(harm),
                None => {
                    effect.add(tried.effect);
                    kept.push((criteria, effect));
                }
            }
        }
        (self.criteria, self.effects) = kept.into_iter().unzip();
        if self.criteria.is_empty() && self.struck_out.is_none() {
            let obstacle = match obstacle {
                Some(Obstacle::NotSelected) | None => self.twins(selector, now),
                Some(harm) => harm,
            };
            self.struck_out = Some((selector.machine().name().to_owned(), obstacle));
        }
    }

    fn tried(&self, selector: &Selector, criteria: &Criteria, before: Option<CertId>, now: Timestamp) -> Tried {
        let with = selector.with_settings(selector.settings().clone().with_criteria(criteria.clone()));
        let after = with.winner(now);
        let stored = after.and_then(|id| selector.stores().get(id));
        let reached = stored.is_some_and(|stored| self.goal.is_met_by(stored.certificate()));
        let useless = after.is_some_and(|id| !selector.allows_client_authentication(id));
        let effect = CriteriaEffect {
            reached: u64::from(reached),
            changed: u64::from(before.is_some() && after.is_some() && before != after),
            gained: u64::from(before.is_none() && after.is_some()),
            lost: u64::from(before.is_some() && after.is_none()),
            without_client_authentication: u64::from(useless),
        };
        let harm = match (useless, effect.lost > 0) {
            (true, _) => Some(Obstacle::WithoutClientAuthentication),
            (false, true) => Some(Obstacle::Loss),
            (false, false) => None,
        };
        Tried { reached, harm, effect }
    }

    /// The usable ones of the wanted kind that have the same names, if there are any.
    fn twins(&self, selector: &Selector, now: Timestamp) -> Obstacle {
        let stores = selector.stores();
        let usable: Vec<(Thumbprint, CertificateNames)> = self
            .usable(selector, now)
            .filter_map(|id| stores.get(id))
            .map(|stored| (stored.certificate().thumbprint(), CertificateNames::of(stored.certificate())))
            .take(MAX_RUNS)
            .collect();
        let same = |names: &CertificateNames| usable.iter().filter(|(_, other)| other == names).count() > 1;
        let twins: Vec<Thumbprint> = usable.iter().filter(|(_, names)| same(names)).map(|(one, _)| *one).collect();
        if twins.is_empty() { Obstacle::NotSelected } else { Obstacle::Twins(twins) }
    }

    /// The certificates of the wanted kind that would pass under criteria that match them: one that has expired does not.
    fn usable<'s>(&'s self, selector: &'s Selector, now: Timestamp) -> impl Iterator<Item = CertId> + 's {
        // Any criterion will do: it replaces what criteria replace, and its own mismatch is left aside below.
        let probe = CriteriaText::new("ccmcertsel").map(Criteria::exact);
        let with = selector.with_settings(selector.settings().clone().with_criteria(probe));
        let other_reason = |rejection: &Rejection| !matches!(rejection.step(), Step::Purpose | Step::Longest);
        self.wanted(selector).filter(move |id| {
            judge(&with.world, *id, now, Depth::Everything)
                .is_some_and(|verdict| !verdict.findings().iter().filter_map(Finding::rejection).any(other_reason))
        })
    }

    fn wanted<'s>(&'s self, selector: &'s Selector) -> impl Iterator<Item = CertId> + 's {
        let stores = selector.stores();
        stores
            .enumerated(selector.settings().store())
            .filter(|id| stores.get(*id).is_some_and(|stored| self.goal.is_met_by(stored.certificate())))
    }

    fn proposals(&self, selector: &Selector) -> Vec<Criteria> {
        let mut proposed = Vec::new();
        let wanted = self.wanted(selector).filter_map(|id| selector.stores().get(id)).take(MAX_SUGGESTIONS);
        for stored in wanted {
            for criteria in built_from(&CertificateNames::of(stored.certificate())).take(MAX_RUNS) {
                if !proposed.contains(&criteria) {
                    proposed.push(criteria);
                }
            }
        }
        proposed
    }

    /// What works for every machine so far, at most `MAX_SUGGESTIONS`.
    pub(crate) fn criteria(&self) -> &[Criteria] {
        self.criteria.get(..MAX_SUGGESTIONS).unwrap_or(&self.criteria)
    }

    /// What each of the [`criteria`](Self::criteria) does, in their order.
    pub(crate) fn effects(&self) -> &[CriteriaEffect] {
        self.effects.get(..MAX_SUGGESTIONS).unwrap_or(&self.effects)
    }

    /// How many machines were taken into account.
    pub(crate) fn machines(&self) -> u64 {
        self.machines
    }

    /// Those of them without a usable certificate of the wanted kind: they only must not lose what they have.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Those of the skipped ones that were too many to be asked, before the first machine with such a certificate.
    pub(crate) fn unchecked(&self) -> u64 {
        self.unchecked
    }

    /// Those with a certificate of the wanted kind, usable or not.
    pub(crate) fn met(&self) -> u64 {
        self.met
    }

    /// Where no machine has a certificate of the wanted kind: the issuers, or the templates, of what they have, by number of
    /// machines, the most frequent first.
    pub(crate) fn seen(&self) -> Vec<(&str, u64)> {
        let mut seen: Vec<(&str, u64)> = self.seen.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
        seen.sort_by_key(|(kind, count)| (Reverse(*count), *kind));
        seen
    }

    /// The machine for which nothing of what was left works, and why.
    pub(crate) fn struck_out_at(&self) -> Option<(&str, &Obstacle)> {
        self.struck_out.as_ref().map(|(machine, obstacle)| (machine.as_str(), obstacle))
    }
}
