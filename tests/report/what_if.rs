//! Timelines agree with sampling, comparisons with two selections, suggestions with the selection that they promise.

use super::scene::{Scene, now, selector};
use crate::support::pki::*;
use crate::support::world::{EntryRecipe, recipe, seeded};
use arbitrary::Unstructured;
use ccmcertsel::select::{Boundary, Difference, FleetSuggestion, Goal, NoSuggestion};
use ccmcertsel::settings::{OnMultiple, Revocation};
use ccmcertsel::{Outcome, Selector, Timestamp};

const DAY: i64 = 86_400;

#[test]
fn renewal_and_expiry_at_the_second() {
    let scene = Scene::new().settings(|settings| settings.with(OnMultiple::SelectLongest).with(Revocation::Off));
    let renewed = scene.leaf.clone().serial(4).valid("2026-05-01T00:00:00Z", "2027-06-01T00:00:00Z");
    let selector = scene.with_leaf("MY", renewed).selector();
    let until: Timestamp = "2029-01-01T00:00:00Z".parse().unwrap();
    let timeline = selector.timeline(now(), until);
    let at: Vec<String> = timeline.changes.iter().map(|change| change.at.to_string()).collect();
    assert_eq!(at, ["2026-05-01T00:00:00Z", "2027-06-01T00:00:01Z"]);
    assert!(matches!(timeline.changes[0].because[..], [Boundary::CertificateBegins(..)]));
    assert!(timeline.changes[0].outcome.selected().is_some());
    assert_eq!(timeline.changes[1].outcome.selected(), None);
    assert_eq!(timeline.at(now()), Some(&timeline.first));
    assert_eq!(timeline.at(until), Some(&timeline.changes[1].outcome));
}

#[test]
fn a_crl_that_runs_out_ends_the_selection() {
    let selector = Scene::new().selector();
    let timeline = selector.timeline(now(), Timestamp::MAX);
    assert_eq!(timeline.changes[0].at.to_string(), "2026-02-01T00:00:01Z");
    assert!(timeline.changes[0].because.iter().all(|boundary| matches!(boundary, Boundary::CrlEnds(_))));
}

#[test]
fn a_timeline_is_piecewise_constant() {
    for seed in 0..60 {
        let bytes = seeded(seed);
        let world = recipe(&mut Unstructured::new(&bytes)).expect("a machine");
        let selector = selector(&world);
        let from = Timestamp::from_unix_seconds(world.now.unix_seconds() - 400 * DAY);
        let until = Timestamp::from_unix_seconds(world.now.unix_seconds() + 800 * DAY);
        let timeline = selector.timeline(from, until);
        let mut samples: Vec<Timestamp> = (0..40)
            .map(|n| Timestamp::from_unix_seconds(from.unix_seconds() + n * 30 * DAY + n * 7 + seed as i64))
            .collect();
        for change in &timeline.changes {
            for shift in [-1, 0, 1] {
                samples.push(Timestamp::from_unix_seconds(change.at.unix_seconds() + shift));
            }
        }
        for instant in samples.into_iter().filter(|instant| (from..=until).contains(instant)) {
            let outcome = selector.select(instant).outcome().clone();
            match (timeline.at(instant), &outcome) {
                // Which of several pass may change without another answer.
                (Some(Outcome::Ambiguous(_)), Outcome::Ambiguous(_)) => {}
                (told, outcome) => assert_eq!(told, Some(outcome), "seed {seed} at {instant}"),
            }
        }
    }
}

#[test]
fn a_comparison_says_who_changes() {
    let second = Cert::client("CN=pc2.contoso.com", Key::Toy(4)).serial(4);
    let selector = Scene::new().with_leaf("MY", second).selector();
    let [one, two] = [0, 1].map(|at| selector.stores().entries_of(&"MY".into()).expect("a store")[at]);
    let narrowed = |name: &str| {
        let criteria: ccmcertsel::Criteria = format!("Subject:{name}.contoso.com").parse().unwrap();
        selector.with_settings(selector.settings().clone().with_criteria(criteria))
    };
    let (to_one, to_two, to_none) = (narrowed("pc1"), narrowed("pc2"), narrowed("pc3"));
    let difference = |a: &Selector, b: &Selector| Difference::between(&a.select(now()), &b.select(now()));
    assert_eq!(difference(&to_one, &to_one), Difference::Same(one));
    assert_eq!(difference(&to_one, &to_two), Difference::Changed { from: one, to: two });
    assert_eq!(difference(&to_one, &to_none), Difference::Lost(one));
    assert_eq!(difference(&to_none, &to_one), Difference::Gained(one));
    assert_eq!(difference(&to_none, &to_none), Difference::StillNone);
}

#[test]
fn each_suggestion_selects_what_it_promises() {
    let scene = Scene::new();
    let other = Cert::client("O=Contoso; OU=Servers; CN=srv1.contoso.com", Key::Toy(5))
        .serial(5)
        .with(extension::san(&[San::dns("srv1.contoso.com")]))
        .valid("2025-06-01T00:00:00Z", "2028-06-01T00:00:00Z");
    let mut scene = scene.with_leaf("MY", other);
    scene.leaf.subject = "O=Contoso; OU=Workstations; CN=pc1.contoso.com".into();
    scene.leaf.issuer = scene.leaf.subject.clone();
    let selector = scene.selector();
    let id = Scene::subject(&selector, "MY");
    let suggestions = selector.suggest(id, now()).expect("suggestions");
    let texts: Vec<String> = suggestions.iter().map(ToString::to_string).collect();
    assert_eq!(texts[0], "SubjectAttr:OU = Workstations");
    assert!(texts.len() <= 10);
    let pairs: Vec<usize> = texts.iter().map(|text| text.matches(" = ").count()).collect();
    assert!(pairs.is_sorted(), "fewest pairs first: {texts:?}");
    for criteria in suggestions {
        let settings = selector.settings().clone().with_criteria(criteria.clone());
        let selected = selector.with_settings(settings).select(now()).selected();
        assert_eq!(selected, Some(id), "{criteria}");
    }
}

#[test]
fn suggestions_come_in_the_order_in_which_they_are_safest() {
    let other = Cert::client("CN=srv1.fabrikam.com", Key::Toy(5))
        .serial(5)
        .with(extension::san(&[San::dns("srv1.fabrikam.com")]))
        .valid("2025-06-01T00:00:00Z", "2028-06-01T00:00:00Z");
    let selector = Scene::new().with_leaf("MY", other).selector();
    let suggestions = selector.suggest(Scene::subject(&selector, "MY"), now()).expect("suggestions");
    let texts: Vec<String> = suggestions.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "SubjectAttr:CN = pc1.contoso.com",
            "SubjectAttr:2.5.29.17 = pc1.contoso.com",
            "SubjectAttr:CN = pc1.contoso.com; 2.5.29.17 = pc1.contoso.com",
            "SubjectStr:.contoso.com",
            "SubjectStr:pc1.contoso.com",
            "Subject:pc1.contoso.com",
            "Subject:CN=pc1.contoso.com",
        ]
    );
}

#[test]
fn no_suggestion_says_why() {
    let expired = Scene::new().leaf(|leaf| leaf.valid("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")).selector();
    let id = Scene::subject(&expired, "MY");
    assert!(matches!(expired.suggest(id, now()), Err(NoSuggestion::RejectedAnyway(why)) if why.len() == 1));
    let scene = Scene::new();
    let twin = scene.leaf.clone().serial(33);
    let twins = scene.with_leaf("MY", twin).selector();
    let id = Scene::subject(&twins, "MY");
    let other = twins.stores().enumerated(&"MY".into()).find(|other| *other != id).expect("the twin");
    let other = twins.stores().entry(other).expect("an entry").thumbprint();
    assert_eq!(twins.suggest(id, now()), Err(NoSuggestion::Twins(vec![other])));
    let elsewhere = Scene::new().change(|scene| scene.leaf_store = "ConfigMgr").selector();
    let id = Scene::subject(&elsewhere, "ConfigMgr");
    assert_eq!(elsewhere.suggest(id, now()), Err(NoSuggestion::NoCandidate));
}

/// A machine of the fleet, which holds a certificate of another CA as well.
fn with_foreign_certificate(name: &str, foreign: &str) -> Selector {
    let authority = Cert::ca("CN=Example MDM CA", Key::Toy(6));
    let foreign = Cert::client(foreign, Key::Toy(5)).serial(5).issued_by(&authority);
    let name = format!("{name}.contoso.com");
    Scene::new()
        .change(|scene| {
            scene.more.extend([EntryRecipe::new("MY", foreign), EntryRecipe::new("ROOT", authority.self_sign())]);
            scene.leaf.subject = format!("OU=Workstations; CN={name}").as_str().into();
            scene.leaf.issuer = scene.leaf.subject.clone();
        })
        .leaf(|leaf| leaf.replace(extension::san(&[San::dns(&name)])))
        .settings(|settings| settings.with_issuers(None).with(Revocation::Off))
        .selector()
}

fn fleet(machines: &[Selector]) -> (FleetSuggestion, Vec<String>) {
    let mut suggestion = FleetSuggestion::new(Goal::Issuer("Contoso Issuing CA".to_owned()));
    machines.iter().for_each(|machine| suggestion.add(machine, now()));
    let texts = suggestion.criteria().iter().map(ToString::to_string).collect();
    (suggestion, texts)
}

#[test]
fn criteria_for_a_fleet() {
    let machines = ["pc1", "pc2", "pc3"].map(|name| with_foreign_certificate(name, "CN=device 4711"));
    let (suggestion, texts) = fleet(&machines);
    assert_eq!(texts[0], "SubjectAttr:OU = Workstations");
    assert!(texts.iter().all(|text| !text.contains("pc1")), "{texts:?}");
    assert_eq!(suggestion.machines(), 3);
}

/// Of one machine too, only those are proposed under which the wanted certificate is selected, and each once.
#[test]
fn what_the_foreign_certificate_has_as_well_is_not_proposed() {
    let machine = [with_foreign_certificate("pc1", "OU=Workstations; CN=device 4711")];
    let (suggestion, texts) = fleet(&machine);
    assert!(!texts.is_empty());
    for (at, criteria) in suggestion.criteria().iter().enumerate() {
        let settings = machine[0].settings().clone().with_criteria(criteria.clone());
        let selected = machine[0].with_settings(settings).select(now()).selected();
        assert_eq!(selected, Some(Scene::subject(&machine[0], "MY")), "{criteria}");
        assert!(!texts[..at].contains(&texts[at]), "{criteria} twice");
    }
}
