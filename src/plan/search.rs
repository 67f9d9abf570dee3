//! The search: the fewest changes first, then the least effort, each carried out and judged again.

use super::foreign;
use super::model::Model;
use super::{End, MAX_CHANGES, MAX_JUDGEMENTS, NoPlan, Plan, PlanStep, parties};
use crate::certificate::{Certificate, Thumbprint};
use crate::change::{Change, Fact, Party};
use crate::check::{CertificateNames, RankReason, Rejection};
use crate::name::DistinguishedName;
use crate::proposal::Proposal;
use crate::select::{Outcome, Selector, Verdict, VerdictKind};
use crate::store::{CertId, StoredCertificate};
use crate::text::{IssuersList, Properties, Property, quote_for_cmd};
use crate::time::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

impl Model {
    /// Every change that some reason of the asked certificate proposes, the first reason or a later one, and the ranking. None
    /// is advice: a [plan](super::Plan) carries each out.
    #[cfg(test)]
    pub(crate) fn proposals(&self) -> Vec<Change> {
        let ranked = match look(self) {
            Some(AskedState::Qualifies(_, rejection)) => vec![rejection],
            Some(AskedState::Selected | AskedState::Rejected(_)) | None => Vec::new(),
        };
        every_rejection(self).iter().chain(&ranked).flat_map(|rejection| changes(self, rejection)).collect()
    }
}

/// A machine after some changes.
struct SearchNode {
    model: Model,
    steps: Vec<PlanStep>,
}

impl SearchNode {
    /// Fewest changes, then least effort, then as proposed.
    fn cost(&self, order: usize) -> Reverse<(usize, Vec<Party>, usize)> {
        Reverse((self.steps.len(), parties(&self.steps), order))
    }
}

/// What a judgement of the asked certificate shows.
enum AskedState {
    /// It is the one.
    Selected,
    /// It passes every step but the ranking, which has another before it.
    Qualifies(End, Rejection),
    /// The first thing that stands in its way.
    Rejected(Rejection),
}

impl Verdict {
    /// What has to be done until this certificate is selected: [`Selector::plan`] of the selector that gave the verdict.
    ///
    /// ```
    /// use ccmcertsel::{Machine, Selector, Settings, Stores, Timestamp};
    ///
    /// let mut stores = Stores::builder();
    /// stores.add_file("MY", &std::fs::read("testdata/machines/contoso-pc1/MY/20-wrong-root.cer")?);
    /// let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
    /// let now: Timestamp = "2026-01-15T09:00:00Z".parse()?;
    /// for verdict in selector.select(now).verdicts() {
    ///     match verdict.plan(&selector, now) {
    ///         Ok(plan) => plan.steps.iter().for_each(|step| println!("{}", step.change)),
    ///         Err(why) => println!("{why}"),
    ///     }
    ///     assert_eq!(verdict.plan(&selector, now), selector.plan(verdict.id(), now));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Why there is none.
    pub fn plan(&self, selector: &Selector, now: impl Into<Timestamp>) -> Result<Plan, NoPlan> {
        selector.plan(self.id(), now)
    }
}

impl Selector {
    /// What has to be done until a new certificate is selected, carried out as the changes of a plan are: its request, and what
    /// brings it to where the client looks; empty where no CA of the machine could issue one. For a machine that has none that
    /// could be mended.
    pub(crate) fn new_certificate(&self, now: impl Into<Timestamp>) -> Vec<Change> {
        let request = Change::Request(BTreeSet::from([Fact::ClientAuthentication, Fact::ComputerName]));
        let Ok(mut model) = Model::of_machine(self, now).apply(&request) else { return Vec::new() };
        let mut changes = vec![request];
        let chosen = self.settings().store();
        let enrolled = model.asked().and_then(|id| model.selector().stores().store_of(id).cloned());
        if let Some(store) = enrolled.filter(|store| store != chosen) {
            let use_store = Change::UseStore(store);
            let Ok(moved) = model.apply(&use_store) else { return Vec::new() };
            changes.push(use_store);
            model = moved;
        }
        let is_selected = model.asked().is_some_and(|asked| model.select().selected() == Some(asked));
        if is_selected { changes } else { Vec::new() }
    }

    /// What has to be done until this certificate is selected, each change carried out in the model and judged again (rule
    /// E-1); the plan of the fewest changes, and of those the one of the least effort ([`Party`]).
    ///
    /// # Errors
    /// Why there is none.
    pub fn plan(&self, id: CertId, now: impl Into<Timestamp>) -> Result<Plan, NoPlan> {
        let now = now.into();
        if let Some(why) = foreign::belongs_to_another(self.stores(), self.settings().store(), id) {
            return Err(why);
        }
        let origin = Model::new(self, id, now).map_err(|_| NoPlan::Unreadable)?;
        let mut nodes = vec![Some(SearchNode { model: origin.clone(), steps: Vec::new() })];
        let mut queue = BinaryHeap::from([(Reverse((0, Vec::new(), 0)), 0)]);
        let mut judged = 0;
        let mut nearest: Option<Plan> = None;
        let mut why = None;
        while let Some((_, index)) = queue.pop() {
            let Some(node) = nodes.get_mut(index).and_then(Option::take) else { continue };
            if judged >= MAX_JUDGEMENTS {
                why.get_or_insert(NoPlan::Budget);
                break;
            }
            judged += 1;
            let rejection = match look(&node.model) {
                Some(AskedState::Selected) => return Ok(Plan { steps: node.steps, end: End::Selected }),
                Some(AskedState::Qualifies(end, behind)) => {
                    // What ranks before it is looked past below; the first such end has the fewest changes.
                    nearest.get_or_insert_with(|| Plan { steps: node.steps.clone(), end });
                    behind
                }
                Some(AskedState::Rejected(rejection)) => rejection,
                None => continue,
            };
            if node.steps.len() >= MAX_CHANGES {
                continue;
            }
            if let Some(twin) = twin(&node.model, &rejection) {
                why.get_or_insert(NoPlan::Twin(twin));
                continue;
            }
            let mut next = successors(&origin, &node, &rejection);
            if next.is_empty() {
                // Nothing can be done about the first reason as the machine is: no CA could issue another certificate as
                // long as its root is not trusted. So something is done about another reason first.
                let others = every_rejection(&node.model);
                next = others.iter().flat_map(|other| successors(&origin, &node, other)).collect();
            }
            for next in next {
                let order = nodes.len();
                queue.push((next.cost(order), order));
                nodes.push(Some(next));
            }
        }
        match (why, nearest) {
            (Some(NoPlan::Twin(twin)), _) => Err(NoPlan::Twin(twin)),
            (_, Some(plan)) => Ok(plan),
            (Some(why), None) => Err(why),
            // Of a CA that was not looked at nobody knows whether it could issue another one.
            (None, None) if origin.has_more_authorities() => Err(NoPlan::Budget),
            (None, None) => Err(NoPlan::NothingHelps),
        }
    }
}

/// The nodes after one more change that may help against a rejection.
fn successors(origin: &Model, node: &SearchNode, rejection: &Rejection) -> Vec<SearchNode> {
    let changes = changes(&node.model, rejection).into_iter();
    changes.filter_map(|change| after(origin, node, change, rejection)).collect()
}

/// Everything that stands in the way of the asked certificate.
fn every_rejection(model: &Model) -> Vec<Rejection> {
    model.asked().map(|id| model.selector().rejections(id, model.now())).unwrap_or_default()
}

/// The node after one more change; `None` where it cannot be carried out, or was made before.
fn after(origin: &Model, node: &SearchNode, change: Change, rejection: &Rejection) -> Option<SearchNode> {
    let mut steps = node.steps.clone();
    // A new certificate is requested once, with everything that the first lacked.
    let requested = steps.iter().position(|step| matches!(step.change, Change::Request(_)));
    if let (Change::Request(facts), Some(position)) = (&change, requested) {
        let step = steps.get_mut(position)?;
        let Change::Request(known) = step.change.clone() else { return None };
        let all: BTreeSet<Fact> = known.iter().chain(facts).cloned().collect();
        if all == known {
            return None;
        }
        step.widen(all);
        let model = steps.iter().try_fold(origin.clone(), |model, step| model.apply(&step.change)).ok()?;
        return Some(SearchNode { model, steps });
    }
    if steps.iter().any(|step| step.change == change) {
        return None;
    }
    let model = node.model.apply(&change).ok()?;
    steps.push(PlanStep::new(change, rejection.clone()));
    Some(SearchNode { model, steps })
}

/// Judges the asked certificate, and the machine where nothing stands in its way.
fn look(model: &Model) -> Option<AskedState> {
    let id = model.asked()?;
    let selector = model.selector();
    if let Some(rejection) = selector.first_rejection(id, model.now()) {
        return Some(AskedState::Rejected(rejection));
    }
    let selection = model.select();
    let thumbprint = |id: CertId| selector.stores().entry(id).map(crate::store::Entry::thumbprint);
    let end = match selection.outcome() {
        Outcome::Selected(selected) if *selected == id => return Some(AskedState::Selected),
        Outcome::Selected(selected) => {
            let passes = |id: &CertId| {
                let verdict = selection.verdict(*id);
                verdict.is_some_and(|verdict| matches!(verdict.kind(), VerdictKind::Selected | VerdictKind::Candidate))
            };
            let qualifying: Vec<CertId> = selector.ranked().filter(passes).collect();
            let rank = qualifying.iter().position(|one| *one == id)? + 1;
            End::Ranked { rank, of: qualifying.len(), behind: thumbprint(*selected)? }
        }
        Outcome::Ambiguous(several) => {
            let other = several.iter().find(|other| **other != id)?;
            End::Ambiguous { of: several.len(), with: thumbprint(*other)? }
        }
        Outcome::Nothing { .. } => return None, // it has no rejection, so something is selected, or several are
    };
    Some(AskedState::Qualifies(end, selection.verdict(id)?.rejection()?.clone()))
}

/// A certificate of the very same names that ranks before it: whatever is done for the one is done for the other.
fn twin(model: &Model, rejection: &Rejection) -> Option<Thumbprint> {
    let Rejection::Rank(reason) = rejection else { return None };
    let stores = model.selector().stores();
    let names =
        |id: CertId| stores.get(id).map(|stored: &StoredCertificate| CertificateNames::of(stored.certificate()));
    let other = reason.other();
    let (own, others) = (names(model.asked()?)?, names(other)?);
    let is_twin = own == others && !matches!(reason, RankReason::Ambiguous { .. });
    is_twin.then(|| stores.entry(other).map(crate::store::Entry::thumbprint)).flatten()
}

/// Everything that may help against a rejection.
fn changes(model: &Model, rejection: &Rejection) -> Vec<Change> {
    let selector = model.selector();
    let Some((id, stored)) = model.asked().and_then(|id| Some((id, selector.stores().get(id)?))) else {
        return Vec::new();
    };
    let own = stored.certificate().thumbprint();
    let mut changes = Vec::new();
    for proposal in rejection.proposals(own, selector.settings().store()) {
        match proposal {
            Proposal::Change(change) => changes.push(change),
            Proposal::MachineName => {
                let meant = selector.machine().meant();
                changes.extend(meant.map(|(meant, _)| {
                    let (name, fqdn) = (meant.name().to_owned(), meant.fqdn().map(str::to_owned));
                    Change::NameMachine { name, fqdn }
                }));
            }
            Proposal::Criteria => {
                let suggested = selector.suggest(id, model.now()).unwrap_or_default();
                changes.extend(suggested.into_iter().take(1).map(Change::UseCriteria));
            }
            Proposal::ListRoot { certificate, name } => {
                let listed = |list| Change::ListRoot { certificate, name: name.clone(), list };
                let text = pasted_list(selector, &certificate);
                changes.extend(text.into_iter().map(Some).chain([None]).map(listed));
            }
            Proposal::PublishCrl { below } => {
                changes.extend(
                    authority(model, id, below).map(|(authority, name)| Change::PublishCrl { authority, name }),
                );
            }
            Proposal::PublishDelta { below } => {
                changes.extend(
                    authority(model, id, below).map(|(authority, name)| Change::PublishDelta { authority, name }),
                );
            }
            Proposal::ImportCrl { below } => {
                changes
                    .extend(authority(model, id, below).map(|(authority, name)| Change::ImportCrl { authority, name }));
            }
            Proposal::ReleaseHold { below } => {
                let certificate = member(model, id, below);
                changes.extend(authority(model, id, below).zip(certificate).map(|((authority, name), held)| {
                    Change::ReleaseHold { authority, name, certificate: held.thumbprint() }
                }));
            }
        }
    }
    changes
}

/// The issuers list with one more root, as a client reads it from the text that is pasted (rules I-8, Q-4).
fn pasted_list(selector: &Selector, root: &Thumbprint) -> Option<IssuersList> {
    let stores = selector.stores();
    let mut all = stores.certificates().map(|(_, stored)| stored.certificate());
    let root = all.find(|certificate| certificate.thumbprint() == *root)?;
    let entry = IssuersList::from_certificates([root])?;
    let text = format!("{} | {entry}", selector.settings().issuers()?);
    let pasted = quote_for_cmd(Property::CertIssuers, &text).parse::<Properties>().ok()?;
    let read = pasted.value_text(Property::CertIssuers)?;
    IssuersList::parse(&read, selector.settings().issuer_syntax()).ok().filter(|_| read == text)
}

fn member(model: &Model, id: CertId, position: usize) -> Option<&Certificate> {
    let selector = model.selector();
    let above = *selector.chain_of(id, model.now())?.get(position)?;
    Some(selector.stores().get(above)?.certificate())
}

/// The CA above a certificate of the chain.
fn authority(model: &Model, id: CertId, below: usize) -> Option<(Thumbprint, DistinguishedName)> {
    let authority = member(model, id, below + 1)?;
    Some((authority.thumbprint(), authority.subject()))
}
