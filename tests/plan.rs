//! Plans (rule E-1): carrying one out gives what it says, and what can be mended in three changes has a plan.

use crate::fuzz_bodies::spec::{answer, selector};
use crate::support::pki::{Cert, Key, extension, instant, toy_algorithms};
use crate::support::world::{self, EntryRecipe, Recipe};
use arbitrary::Unstructured;
use ccmcertsel::change::Change;
use ccmcertsel::check::{
    CriteriaNearMiss, DatesNearMiss, Finding, IssuersReason, NameNearMiss, NearMiss, PurposeNearMiss, Rejection,
    RevocationNearMiss, StoreNearMiss, TemplateNearMiss,
};
use ccmcertsel::plan::Model;
use ccmcertsel::plan::{End, MAX_CHANGES, NoPlan};
use ccmcertsel::revocation::RevocationFailure;
use ccmcertsel::settings::{
    CngKeys, CriteriaSource, NameCheck, OnMultiple, Revocation, SanValues, SubjectText, UnknownStatus,
};
use ccmcertsel::{
    CertId, Certificate, Coded, Criteria, Enumeration, KeyProvider, Machine, PrivateKey, Selector, Settings, StoreName,
    Stores, Thumbprint, Timestamp, VerdictKind, VerificationCache,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many machines an ordinary run plans for: about 20,000 plans.
fn machines() -> u64 {
    std::env::var("CCMCERTSEL_PLANS").ok().and_then(|text| text.parse().ok()).unwrap_or(8_000)
}

/// What is seen of a certificate on a machine, by the selection alone.
fn seen(selector: &Selector, id: CertId, now: Timestamp) -> String {
    let selection = selector.select(now);
    match selection.verdict(id).map(|verdict| (verdict.kind(), verdict.rejection().map(|one| one.code()))) {
        Some((VerdictKind::Selected, _)) => "selected".to_owned(),
        Some((VerdictKind::Candidate, code)) => code.unwrap_or("passed").to_owned(),
        Some((_, code)) => code.unwrap_or("rejected").to_owned(),
        None => "not shown".to_owned(),
    }
}

fn expected(end: End) -> &'static str {
    match end {
        End::Selected => "selected",
        End::Ranked { .. } => "longest.outranked",
        End::Ambiguous { .. } => "longest.ambiguous",
    }
}

#[derive(Default)]
struct Tally {
    plans: u32,
    ends: BTreeMap<&'static str, u32>,
    none: BTreeMap<&'static str, u32>,
    changes: BTreeMap<&'static str, u32>,
    longest: usize,
}

fn plans_of(seed: u64, tally: &mut Tally) {
    let recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
    let (selector, now) = (selector(&recipe), recipe.now);
    let shown: Vec<CertId> = selector.select(now).verdicts().iter().map(|verdict| verdict.id()).collect();
    for id in shown {
        let plan = match selector.plan(id, now) {
            Ok(plan) => plan,
            Err(why) => {
                *tally.none.entry(why.code()).or_default() += 1;
                continue;
            }
        };
        tally.plans += 1;
        tally.longest = tally.longest.max(plan.steps.len());
        *tally.ends.entry(plan.end.code()).or_default() += 1;
        let mut model = Model::new(&selector, id, now).expect("a certificate");
        for step in &plan.steps {
            *tally.changes.entry(step.change.code()).or_default() += 1;
            // What is done about a reason is done while that reason holds.
            model = model.apply(&step.change).unwrap_or_else(|error| panic!("seed {seed}: {error}: {}", step.change));
        }
        let asked = model.asked().expect("a certificate");
        assert_eq!(seen(model.selector(), asked, model.now()), expected(plan.end), "seed {seed}: {plan}");
        assert!(plan.steps.len() <= MAX_CHANGES);
        if plan.steps.is_empty() {
            assert_eq!(seen(&selector, id, now), expected(plan.end), "seed {seed}");
        }
    }
}

#[test]
fn carrying_a_plan_out_gives_the_stated_end() {
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let run = |thread: u64| {
            let mut tally = Tally::default();
            (thread..machines()).step_by(threads as usize).for_each(|seed| plans_of(8_000_000 + seed, &mut tally));
            tally
        };
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    for tally in &tallies {
        println!(
            "{} plans, {:?}, none {:?}, {:?}, longest {}",
            tally.plans, tally.ends, tally.none, tally.changes, tally.longest
        );
    }
    assert!(tallies.iter().map(|tally| tally.plans).sum::<u32>() > 0);
}

/// The machine with a change made by hand, in the bytes and statements that it is made of; `None` for those changes that
/// only a CA could make.
fn by_hand(recipe: &Recipe, change: &Change) -> Option<Recipe> {
    let mut recipe = recipe.clone();
    let of = |entry: &EntryRecipe| Certificate::from_der(&entry.der).ok().map(|certificate| certificate.thumbprint());
    let mut each = |wanted: &Thumbprint, mend: &dyn Fn(&mut EntryRecipe)| {
        recipe.entries.iter_mut().filter(|entry| of(entry) == Some(*wanted)).for_each(mend);
    };
    match change {
        Change::Unarchive { certificate } => each(certificate, &|entry| entry.enumeration = Enumeration::Listed),
        Change::BringKey { certificate } | Change::GrantKey { certificate } => {
            each(certificate, &|entry| entry.key = PrivateKey::Accessible(KeyProvider::Unknown));
        }
        Change::AllowPurpose { certificate } => each(certificate, &|entry| {
            entry.eku.get_or_insert_default().push("1.3.6.1.5.5.7.3.2".parse().expect("an identifier"));
        }),
        Change::TrustRoot { certificate, .. } => {
            let root = recipe.entries.iter().find(|entry| of(entry) == Some(*certificate))?.der.clone();
            recipe.entries.push(EntryRecipe::new("ROOT", root));
        }
        Change::Remove { certificate, store } => {
            recipe.entries.retain(|entry| of(entry) != Some(*certificate) || StoreName::new(entry.store) != *store);
        }
        Change::NameMachine { name, fqdn } => {
            let device = recipe.machine.device();
            recipe.machine = Machine::new(name.clone()).with_device(device);
            if let Some(fqdn) = fqdn {
                recipe.machine = recipe.machine.with_fqdn(fqdn.clone());
            }
        }
        Change::SelectFirst => recipe.settings = recipe.settings.with(OnMultiple::SelectLongest),
        Change::UseStore(store) => recipe.settings = recipe.settings.with_store(store.clone()),
        Change::UseCriteria(criteria) => recipe.settings = recipe.settings.with_criteria(criteria.clone()),
        Change::WaiveName => recipe.settings = recipe.settings.with(NameCheck::Waived),
        Change::UseCng => recipe.settings = recipe.settings.with(CngKeys::ByRuleset),
        Change::UpdateClient(ruleset) => recipe.settings = recipe.settings.with(*ruleset),
        Change::ListRoot { list: Some(list), .. } => recipe.settings = recipe.settings.with_issuers(list.clone()),
        Change::CorrectClock(to) | Change::Wait(to) => recipe.now = *to,
        _ => return None,
    }
    Some(recipe)
}

/// E-1: a plan of changes that can be made in bytes, made in bytes, has the end that the model had. The engine and the
/// specification both say so.
#[test]
fn a_plan_made_by_hand_ends_as_stated() {
    let mut made = BTreeMap::<&'static str, u32>::new();
    for seed in 9_000_000..9_000_000 + machines() / 4 {
        let recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
        // One certificate in several stores has no one place to be mended in.
        let all: Vec<_> = recipe.entries.iter().map(|entry| &entry.der).collect();
        if (1..all.len()).any(|index| all[..index].contains(&all[index])) {
            continue;
        }
        let selector = selector(&recipe);
        for (id, entry) in selector.stores().entries() {
            let Ok(plan) = selector.plan(id, recipe.now) else { continue };
            let changes = plan.steps.iter().map(|step| &step.change);
            let Some(mended) = changes.clone().try_fold(recipe.clone(), |recipe, change| by_hand(&recipe, change))
            else {
                continue;
            };
            let outcome = answer(&mended).outcome;
            let wanted = entry.thumbprint();
            let stores = mended.stores();
            let selected = outcome.selected().and_then(|id| stores.entry(id)).map(|entry| entry.thumbprint());
            assert_eq!(plan.end, End::Selected, "seed {seed}");
            assert_eq!(selected, Some(wanted), "seed {seed}: {plan}");
            changes.for_each(|change| *made.entry(change.code()).or_default() += 1);
        }
    }
    println!("{made:?}");
    assert!(made.len() > 8, "{made:?}");
}

/// The machine where what a near miss says is otherwise, and nothing else is.
fn with_near_miss_mended(
    selector: &Selector,
    id: CertId,
    now: Timestamp,
    finding: &Finding,
) -> (Selector, CertId, Timestamp) {
    let near_miss = finding.near_miss().expect("a near miss");
    let settings =
        |change: &dyn Fn(Settings) -> Settings| (selector.with_settings(change(selector.settings().clone())), id, now);
    let called = |name: &str| {
        let machine = Machine::new(name.split('.').next().unwrap_or(name));
        let machine = if name.contains('.') { machine.with_fqdn(name) } else { machine };
        let (stores, settings) = (Arc::clone(selector.stores()), selector.settings().clone());
        let other = Selector::with_cache(stores, machine, settings, Arc::clone(selector.cache()));
        (other.with_crls(Arc::clone(selector.crls())), id, now)
    };
    let changed = |changes: Vec<Change>| {
        let model = Model::new(selector, id, now).expect("a certificate");
        let done = changes.iter().find_map(|change| model.apply(change).ok());
        let model = done.unwrap_or_else(|| panic!("none of {changes:?} can be carried out"));
        (model.selector().clone(), model.asked().expect("a certificate"), model.now())
    };
    let criteria = |mend: &dyn Fn(&str) -> String| {
        let text = mend(&selector.settings().criteria().expect("criteria").to_string());
        settings(&|it| it.with_criteria(text.parse::<Criteria>().expect("criteria")))
    };
    let own = selector.stores().entry(id).expect("an entry").thumbprint();
    match near_miss {
        NearMiss::Chain(_) => panic!("{finding}"),
        NearMiss::Issuers(_) => {
            let Some(Rejection::Issuers(
                IssuersReason::NotListed { top, thumbprint, .. }
                | IssuersReason::IncompleteChain { top, thumbprint, .. },
            )) = finding.rejection()
            else {
                panic!("{finding}");
            };
            changed(vec![Change::ListRoot { certificate: *thumbprint, name: top.clone(), list: None }])
        }
        NearMiss::Store(StoreNearMiss::WrongStore { chosen, .. }) => {
            changed(vec![Change::Move { certificate: own, to: chosen.clone() }])
        }
        NearMiss::Dates(DatesNearMiss::NotYetValid { from }) => {
            let renewed = selector.crls().as_ref().clone().with_renewal_assumed();
            (selector.clone().with_crls(renewed), id, *from)
        }
        NearMiss::Template(TemplateNearMiss::NewerRuleset(ruleset)) => changed(vec![Change::UpdateClient(*ruleset)]),
        NearMiss::Revocation(RevocationNearMiss::OcspOnly | RevocationNearMiss::OcspFirst) => {
            // What the responder says is not modelled; that the status is good is.
            settings(&|it| it.with(UnknownStatus::Accept))
        }
        NearMiss::Revocation(RevocationNearMiss::RightClock) => {
            let Some(Rejection::Revocation(chain)) = finding.rejection() else { panic!("{finding}") };
            let RevocationFailure::CrlNotYetValid { this_update, .. } = &chain.failure else { panic!("{finding}") };
            changed(vec![Change::CorrectClock(*this_update)])
        }
        NearMiss::Revocation(
            RevocationNearMiss::WithCrl
            | RevocationNearMiss::WithCurrentCrl
            | RevocationNearMiss::WithImportedCrl
            | RevocationNearMiss::WithDelta
            | RevocationNearMiss::BaseAlone,
        ) => {
            let Some(Rejection::Revocation(chain)) = finding.rejection() else { panic!("{finding}") };
            let member = |position: usize| {
                let audit = selector.audit(now);
                let path = audit.verdict(id).expect("a verdict").path().to_vec();
                let certificate = selector.stores().get(path[position]).expect("a certificate").certificate();
                (certificate.thumbprint(), certificate.subject())
            };
            let ((authority, name), (certificate, _)) = (member(chain.at.position + 1), member(chain.at.position));
            let on_hold = matches!(&chain.failure, RevocationFailure::DeltaMissing { on_hold: Some(_), .. });
            changed(vec![if on_hold {
                Change::ReleaseHold { authority, name, certificate }
            } else {
                Change::PublishCrl { authority, name }
            }])
        }
        NearMiss::Purpose(PurposeNearMiss::LaterSanValue { .. })
        | NearMiss::Criteria(CriteriaNearMiss::LaterSanValue { .. }) => settings(&|it| it.with(SanValues::All)),
        NearMiss::Purpose(PurposeNearMiss::SimilarName { actual, .. })
        | NearMiss::Name(NameNearMiss::SimilarName { actual, .. }) => called(actual),
        NearMiss::Name(NameNearMiss::FullyQualified { label, .. }) => called(label),
        NearMiss::Name(NameNearMiss::Account { computer, .. }) => called(computer),
        NearMiss::Criteria(CriteriaNearMiss::MatchesX500 { .. }) => settings(&|it| it.with(SubjectText::X500)),
        NearMiss::Criteria(CriteriaNearMiss::SanNotSearched { .. }) => {
            settings(&|it| it.with(CriteriaSource::CcmSetup))
        }
        NearMiss::Criteria(CriteriaNearMiss::CaseOnly { wanted, actual }) => {
            criteria(&|text| text.replacen(wanted.as_str(), actual, 1))
        }
    }
}

/// E-2: every near miss that is stated is one change that alone does it.
#[test]
fn e2_a_near_miss_is_one_change_that_alone_does() {
    let mut stated = BTreeMap::<&'static str, u32>::new();
    for seed in 10_000_000..10_000_000 + machines() {
        let recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
        let (selector, now) = (selector(&recipe), recipe.now);
        for verdict in selector.select(now).verdicts() {
            // T-5: what could not be read is told as such, and is no change.
            let is_change = |near_miss: &NearMiss| !matches!(near_miss, NearMiss::Chain(_));
            let Some(finding) = verdict.findings().iter().find(|finding| finding.near_miss().is_some_and(is_change))
            else {
                continue;
            };
            let near_miss = finding.near_miss().expect("a near miss");
            *stated.entry(near_miss.code()).or_default() += 1;
            let (mended, id, at) = with_near_miss_mended(&selector, verdict.id(), now, finding);
            let after = seen(&mended, id, at);
            let does = matches!(after.as_str(), "selected" | "passed" | "longest.outranked" | "longest.ambiguous");
            let why = mended.select(at).verdict(id).and_then(|one| one.rejection().map(ToString::to_string));
            assert!(does, "seed {seed}: {finding}; near miss: {near_miss}: {after}: {why:?}");
        }
    }
    println!("{stated:?}");
    assert!(stated.len() > 5, "{stated:?}");
}
/// Whether some row of at most so many changes ends with the certificate selected. A certificate is requested once, with
/// everything that some reason asks of it.
fn some_way(model: &Model, left: u32, requested: bool) -> Option<Vec<Change>> {
    let is_selected = |model: &Model| {
        let asked = model.asked()?;
        (model.selector().winner(model.now()) == Some(asked)).then_some(())
    };
    if is_selected(model).is_some() {
        return Some(Vec::new());
    }
    if left == 0 {
        return None;
    }
    let mut proposals = model.proposals();
    let is_request = |change: &Change| matches!(change, Change::Request(_));
    let facts = proposals.iter().filter_map(|change| match change {
        Change::Request(facts) => Some(facts.clone()),
        _ => None,
    });
    let all: BTreeSet<_> = facts.flatten().collect();
    proposals.push(Change::Request(all));
    proposals.retain(|change| !(requested && is_request(change)));
    proposals.into_iter().find_map(|change| {
        let requested = requested || is_request(&change);
        let rest = some_way(&model.apply(&change).ok()?, left - 1, requested)?;
        Some(std::iter::once(change).chain(rest).collect())
    })
}

/// E-1: where the search finds no plan, trying every row of up to three changes that any reason proposes finds none either.
#[test]
fn what_three_changes_can_mend_has_a_plan() {
    let mut without = 0;
    for seed in 11_000_000..11_000_000 + machines() / 4 {
        let recipe = world::recipe(&mut Unstructured::new(&world::seeded(seed))).expect("a machine");
        // Small worlds: the rows of three changes grow with the cube of the certificates.
        if recipe.entries.len() > 6 {
            continue;
        }
        let (selector, now) = (selector(&recipe), recipe.now);
        for verdict in selector.select(now).verdicts() {
            let id = verdict.id();
            if let Err(why @ (NoPlan::NothingHelps | NoPlan::Budget)) = selector.plan(id, now) {
                without += 1;
                let model = Model::new(&selector, id, now).expect("a certificate");
                if let Some(way) = some_way(&model, 3, false) {
                    let way: Vec<String> = way.iter().map(|change| change.to_string()).collect();
                    let audit = selector.audit(now);
                    let findings = audit.verdict(id).expect("a verdict").findings();
                    let codes: Vec<_> = findings.iter().filter_map(|one| Some(one.rejection()?.code())).collect();
                    panic!("seed {seed}: {why:?}, {codes:?}: {way:?}");
                }
            }
        }
    }
    println!("{without} without a plan");
}

/// E-1: a machine is judged under the name that a change gives it, as one that always had it.
#[test]
fn e1_a_renamed_machine_is_judged_under_its_new_name() {
    let root = Cert::ca("CN=Root", Key::Toy(1));
    let usages = extension::eku(&["1.3.6.1.5.5.7.3.1"]);
    let mut stores = Stores::builder();
    stores.add_der("ROOT", &root.clone().self_sign());
    stores.add_der("MY", &Cert::client("CN=PC1", Key::Toy(2)).replace(usages).issued_by(&root));
    let stores = Arc::new(stores.build());
    let id = stores.entries_of(&StoreName::new("MY")).expect("the store")[0];
    let settings = Settings::ccm_setup().with(Revocation::Off);
    let cache = Arc::new(VerificationCache::new(toy_algorithms()));
    let named =
        |name| Selector::with_cache(Arc::clone(&stores), Machine::new(name), settings.clone(), Arc::clone(&cache));
    let now = Timestamp::from_unix_seconds(instant("2026-01-01T00:00:00Z"));
    let model = Model::new(&named("PC2"), id, now).expect("its certificate");
    let renamed = model.apply(&Change::NameMachine { name: "PC1".to_owned(), fqdn: None }).expect("another name");
    assert_eq!((model.select().selected(), renamed.select().selected()), (None, Some(id)));
    assert_eq!(renamed.select(), named("PC1").select(now));
}
