//! From one boundary to the next: only the candidates that a boundary concerns are judged again.
//!
//! What decides about a candidate in time is its own period, the periods of the certificates that its paths can go through,
//! and the dates of their CRLs. The latter are the same for all candidates of one CA, so they are found once a CA.

use super::Boundary;
use super::alike::Alike;
use crate::check::Rejection;
use crate::choices::OnMultiple;
use crate::name::NameKey;
use crate::revocation::{Crl, Indirect};
use crate::rules::Step;
use crate::select::engine::Selector;
use crate::select::judge::{Depth, judge};
use crate::select::outcome::Outcome;
use crate::store::CertId;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How a candidate ends at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CandidateState {
    Passes,
    Rejected(Step),
    /// Rejected for its private key, and for nothing else.
    LacksKey(Step),
}

/// Whom a boundary concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Concerned {
    /// The candidate of this rank.
    One(usize),
    /// All candidates of a CA.
    Group(usize),
}

type Event = (Timestamp, Concerned, Boundary);

/// All candidates at one instant, and the boundaries that come.
pub(super) struct Sweep<'s> {
    selector: &'s Selector,
    /// The candidates, best rank first.
    ids: Vec<CertId>,
    states: Vec<CandidateState>,
    /// Whether the dates of CRLs may change how a candidate ends: not where a check before revocation rejects it.
    heeds_crls: Vec<bool>,
    passing: BTreeSet<usize>,
    /// How many candidates were lost at each step.
    lost: BTreeMap<Step, usize>,
    lacking_key: usize,
    /// The candidates of each CA, by rank.
    groups: Vec<Vec<usize>>,
    events: Vec<Event>,
    alike: Alike<(CandidateState, bool)>,
}

impl<'s> Sweep<'s> {
    pub(super) fn new(selector: &'s Selector, from: Timestamp, until: Timestamp) -> Self {
        let ids: Vec<CertId> = selector.ranked().collect();
        let mut sweep = Sweep {
            selector,
            states: Vec::with_capacity(ids.len()),
            heeds_crls: Vec::with_capacity(ids.len()),
            alike: Alike::new(ids.len()),
            ids,
            passing: BTreeSet::new(),
            lost: BTreeMap::new(),
            lacking_key: 0,
            groups: Vec::new(),
            events: Vec::new(),
        };
        for rank in 0..sweep.ids.len() {
            let (state, heeds_crls) = sweep.judged(rank, from);
            sweep.states.push(state);
            sweep.heeds_crls.push(heeds_crls);
            sweep.count(rank, state);
        }
        sweep.find_events();
        sweep.events.retain(|(at, ..)| *at > from && *at <= until);
        sweep.events.sort_unstable();
        sweep
    }

    /// Goes through the boundaries in order; `see` is told of those that changed how some candidate ends, with the
    /// candidates as they are then.
    pub(super) fn run(mut self, mut see: impl FnMut(&Self, Timestamp, Vec<Boundary>)) {
        let events = std::mem::take(&mut self.events);
        for same_instant in events.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(at, ..)) = same_instant.first() else { continue };
            let concerned: Vec<&[Event]> = same_instant.chunk_by(|a, b| a.1 == b.1).collect();
            let mut changed = HashSet::new();
            for events in &concerned {
                let of_crls = events.iter().all(is_crl);
                let ranks: Vec<usize> = self.heeding(events, of_crls).collect();
                changed.extend(ranks.into_iter().filter(|rank| self.judge_again(*rank, at, of_crls)));
            }
            if changed.is_empty() {
                continue;
            }
            let concerns_one = |events: &&&[Event]| self.members(events).iter().any(|rank| changed.contains(rank));
            let because: BTreeSet<Boundary> =
                concerned.iter().filter(concerns_one).flat_map(|events| events.iter().map(|event| event.2)).collect();
            see(&self, at, because.into_iter().collect());
        }
    }

    /// The ranks that events, all about the same, concern.
    fn members<'a>(&'a self, events: &'a [Event]) -> &'a [usize] {
        match events.first() {
            Some((_, Concerned::One(rank), _)) => std::slice::from_ref(rank),
            Some((_, Concerned::Group(group), _)) => self.groups.get(*group).map(Vec::as_slice).unwrap_or_default(),
            None => &[],
        }
    }

    /// Those of them that may end otherwise for it.
    fn heeding<'a>(&'a self, events: &'a [Event], of_crls: bool) -> impl Iterator<Item = usize> + 'a {
        let heeds = move |rank: &usize| !of_crls || self.heeds_crls.get(*rank) != Some(&false);
        self.members(events).iter().copied().filter(heeds)
    }

    /// Whether a candidate ends otherwise than before.
    fn judge_again(&mut self, rank: usize, at: Timestamp, of_crls: bool) -> bool {
        let (now, heeds_crls) = if of_crls {
            self.judged_alike(rank, at)
        } else {
            self.alike.forget(rank);
            self.judged(rank, at)
        };
        let (Some(state), Some(heeds)) = (self.states.get_mut(rank), self.heeds_crls.get_mut(rank)) else {
            return false;
        };
        *heeds = heeds_crls;
        let before = std::mem::replace(state, now);
        if before == now {
            return false;
        }
        self.uncount(rank, before);
        self.count(rank, now);
        true
    }

    /// How a candidate ends where nothing but dates of CRLs differs from when it was judged before.
    fn judged_alike(&mut self, rank: usize, at: Timestamp) -> (CandidateState, bool) {
        let id = self.ids.get(rank).copied();
        let answer = id.and_then(|id| self.alike.answer(&self.selector.world, rank, id, at));
        let Some(answer) = answer else { return self.judged(rank, at) };
        self.alike.known(rank, answer).unwrap_or_else(|| {
            let judged = self.judged(rank, at);
            self.alike.remember(rank, answer, judged);
            judged
        })
    }

    /// How a candidate ends, and whether CRLs have a say in it.
    fn judged(&self, rank: usize, at: Timestamp) -> (CandidateState, bool) {
        let judged = self.ids.get(rank).and_then(|id| {
            let verdict = judge(&self.selector.world, *id, at, Depth::FirstRejection)?;
            Some((*id, verdict.rejection().cloned()))
        });
        let Some((id, rejection)) = judged else { return (CandidateState::Rejected(Step::Store), false) };
        let Some(rejection) = rejection else { return (CandidateState::Passes, true) };
        let key_missing = |rejection: &Rejection| matches!(rejection, Rejection::Key(_));
        let state = if key_missing(&rejection) && self.selector.lacks_only(id, at, key_missing) {
            CandidateState::LacksKey(rejection.step())
        } else {
            CandidateState::Rejected(rejection.step())
        };
        let heeds_crls = match &rejection {
            Rejection::Issuers(_)
            | Rejection::Store(_)
            | Rejection::Dates(_)
            | Rejection::Template(_)
            | Rejection::Chain(_) => false,
            // Whether the key is all that it lacks depends on every check.
            Rejection::Key(_)
            | Rejection::Revocation(_)
            | Rejection::Purpose(_)
            | Rejection::Criteria(_)
            | Rejection::Name(_)
            | Rejection::Rank(_) => true,
        };
        (state, heeds_crls)
    }

    fn count(&mut self, rank: usize, state: CandidateState) {
        match state {
            CandidateState::Passes => {
                self.passing.insert(rank);
            }
            CandidateState::Rejected(step) => *self.lost.entry(step).or_default() += 1,
            CandidateState::LacksKey(step) => {
                *self.lost.entry(step).or_default() += 1;
                self.lacking_key += 1;
            }
        }
    }

    fn uncount(&mut self, rank: usize, state: CandidateState) {
        let step = match state {
            CandidateState::Passes => {
                self.passing.remove(&rank);
                return;
            }
            CandidateState::Rejected(step) => step,
            CandidateState::LacksKey(step) => {
                self.lacking_key -= 1;
                step
            }
        };
        if let Some(count) = self.lost.get_mut(&step) {
            *count -= 1;
            if *count == 0 {
                self.lost.remove(&step);
            }
        }
    }

    /// Whether the client's answer is still this one. Which of several pass is not another answer.
    pub(super) fn is_still(&self, outcome: &Outcome) -> bool {
        match (outcome, self.is_ambiguous()) {
            (Outcome::Ambiguous(_), ambiguous) => ambiguous,
            (_, true) => false,
            (outcome, false) => self.outcome() == *outcome,
        }
    }

    fn is_ambiguous(&self) -> bool {
        let fails = self.selector.world.is_windows() && self.selector.settings().on_multiple() == OnMultiple::Fail;
        fails && self.passing.len() > 1
    }

    /// The outcome at this instant, as [`Selector::select`] gives it.
    pub(super) fn outcome(&self) -> Outcome {
        let mut passing = self.passing.iter().filter_map(|rank| self.ids.get(*rank).copied());
        if self.is_ambiguous() {
            return Outcome::Ambiguous(passing.collect());
        }
        match passing.next() {
            Some(best) => Outcome::Selected(best),
            None => self.selector.nothing_left(self.lost.keys().next_back().copied(), || self.lacking_key > 0),
        }
    }

    fn find_events(&mut self) {
        let mut by_issuer: HashMap<Option<NameKey>, usize> = HashMap::new();
        let crls = CrlDates::of(self.selector);
        for (rank, id) in self.ids.iter().enumerate() {
            let dates = certificate_dates(self.selector, *id);
            self.events.extend(dates.map(|(at, boundary)| (at, Concerned::One(rank), boundary)));
            let issuer = self.selector.stores().issuer_key(*id);
            let group = *by_issuer.entry(issuer).or_insert_with(|| {
                let number = self.groups.len();
                self.groups.push(Vec::new());
                let dates = dates_above(self.selector, *id, issuer, &crls);
                self.events.extend(dates.into_iter().map(|(at, boundary)| (at, Concerned::Group(number), boundary)));
                number
            });
            if let Some(group) = self.groups.get_mut(group) {
                group.push(rank);
            }
        }
    }
}

fn is_crl(event: &Event) -> bool {
    matches!(event.2, Boundary::CrlBegins(_) | Boundary::CrlEnds(_))
}

type Dated = (Timestamp, Boundary);

fn certificate_dates(selector: &Selector, id: CertId) -> impl Iterator<Item = Dated> + use<> {
    let certificate = selector.stores().get(id).map(|stored| stored.certificate());
    let dates = certificate.map(|certificate| {
        let thumbprint = certificate.thumbprint();
        let begins = Some((certificate.not_before(), Boundary::CertificateBegins(id, thumbprint)));
        let ends = after(certificate.not_after()).map(|at| (at, Boundary::CertificateEnds(id, thumbprint)));
        [begins, ends]
    });
    dates.into_iter().flatten().flatten()
}

/// The first instant after an inclusive end; none after the last instant there is.
fn after(end: Timestamp) -> Option<Timestamp> {
    (end < Timestamp::MAX).then(|| Timestamp::from_unix_seconds(end.unix_seconds() + 1))
}

/// The CRLs by issuer, by their position in `Crls::iter`.
struct CrlDates {
    by_issuer: HashMap<NameKey, Vec<Dated>>,
    /// The issuers of indirect CRLs that some certificate of the machine could have signed: they may count for anyone.
    indirect: Vec<NameKey>,
}

impl CrlDates {
    fn of(selector: &Selector) -> Self {
        let mut by_issuer: HashMap<NameKey, Vec<Dated>> = HashMap::new();
        let mut indirect = BTreeSet::new();
        let renewed = selector.crls().assumes_renewal();
        for (index, crl) in selector.crls().iter().enumerate() {
            let issuer = crl.issuer_key();
            // A CRL that nothing at hand can have signed counts for nobody.
            if selector.stores().with_subject(&issuer).is_empty() {
                continue;
            }
            if is_indirect(crl) {
                indirect.insert(issuer);
            }
            let dates = by_issuer.entry(issuer).or_default();
            dates.push((crl.this_update(), Boundary::CrlBegins(index)));
            let ends = selector.settings().crl_grace().end_of(crl).filter(|_| !renewed).and_then(after);
            dates.extend(ends.map(|at| (at, Boundary::CrlEnds(index))));
        }
        CrlDates { by_issuer, indirect: indirect.into_iter().collect() }
    }
}

fn is_indirect(crl: &Crl) -> bool {
    crl.issuing_distribution_point().is_some_and(|point| point.indirect() == Indirect::Yes)
}

/// The dates of everything that can stand above a certificate, and of the CRLs about it.
fn dates_above(selector: &Selector, id: CertId, issuer: Option<NameKey>, crls: &CrlDates) -> Vec<Dated> {
    let stores = selector.stores();
    let mut names: BTreeSet<NameKey> = issuer.into_iter().chain(crls.indirect.iter().copied()).collect();
    let mut seen: HashSet<CertId> = HashSet::new();
    let indirect = crls.indirect.iter().flat_map(|name| stores.with_subject(name));
    let mut open: Vec<CertId> = stores.issuers_of(id).iter().chain(indirect).copied().collect();
    let mut dates = Vec::new();
    while let Some(above) = open.pop() {
        if seen.insert(above) {
            dates.extend(certificate_dates(selector, above));
            // The names of one key are looked up once: a thousand CAs of one name have the same issuers.
            if let Some(name) = stores.issuer_key(above)
                && names.insert(name)
            {
                open.extend(stores.issuers_of(above));
            }
        }
    }
    dates.extend(names.iter().filter_map(|name| crls.by_issuer.get(name)).flatten());
    dates
}
