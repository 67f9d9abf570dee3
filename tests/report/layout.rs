//! How the report lays certificates out: their order and ranks, what it counts, and that it keeps to its width.

use super::scene::{Scene, now, report, selector};
use crate::support::pki::*;
use crate::support::world::{recipe, seeded};
use arbitrary::Unstructured;
use ccmcertsel::report::assumed::Assumption;
use ccmcertsel::report::text::{Detail, Order, TextOptions, render};
use ccmcertsel::settings::OnMultiple;
use ccmcertsel::{Enumeration, PrivateKey};

/// Three that qualify, and six that do not: some nearer than others, and two of other products.
fn many() -> Scene {
    let scene = Scene::new().settings(|settings| settings.with(OnMultiple::SelectLongest));
    let leaf = |scene: &Scene, serial: i128| scene.leaf.clone().serial(serial);
    let until = |leaf: Cert, year: u32| leaf.valid("2025-06-01T00:00:00Z", &format!("{year}-06-01T00:00:00Z"));
    let expired = leaf(&scene, 4).valid("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z");
    let (longest, second) = (until(leaf(&scene, 5), 2029), until(leaf(&scene, 6), 2028));
    let joined = leaf(&scene, 7);
    let mut scene = scene.with_leaf("MY", expired).with_leaf("MY", second).with_leaf("MY", longest);
    let elsewhere = until(leaf(&scene, 8), 2027);
    scene = scene.with_leaf("WebHosting", elsewhere);
    let own = until(leaf(&scene, 9), 2031);
    scene = scene.with_leaf("SMS", own);
    let joined = joined.issuer("CN=MS-Organization-Access").sign(Key::Toy(9));
    scene.more.insert(0, crate::support::world::EntryRecipe::new("MY", joined));
    scene
}

fn rows(text: &str) -> Vec<&str> {
    let is_row = |line: &&str| line.get(16..24).is_some_and(|print| print.chars().all(|c| c.is_ascii_hexdigit()));
    text.lines().filter(is_row).map(|line| line.split_once("  ").expect("columns").0).collect()
}

#[test]
fn the_selected_one_comes_first_then_ranks_then_the_nearest_then_others() {
    let scene = many();
    let selector = scene.selector();
    let report = report(&selector, selector.select(now()));
    let text = render(&report, TextOptions::default());
    assert_eq!(rows(&text), ["selected", "rank 2", "rank 3", "store", "validity", "issuers", "store"], "{text}");
    let counts = "3 qualify, 4 do not: 1 incomplete chain, 1 configuration manager, 1 other store, 1 expired";
    assert!(text.lines().any(|line| line.starts_with("3 qualify, 4 do not: 1 ")), "{text}");
    assert!(text.replace("\n  ", " ").contains(counts), "{text}");
    let as_stored = render(&report, TextOptions::default().with_order(Order::Store));
    assert_eq!(
        rows(&as_stored),
        ["rank 3", "issuers", "validity", "rank 2", "selected", "store", "store"],
        "{as_stored}"
    );
}

#[test]
fn t4_the_right_certificate_in_the_wrong_store_is_in_the_first_line() {
    let mut scene = Scene::new();
    scene.leaf_store = "WebHosting";
    let selector = scene.selector();
    let report = report(&selector, selector.select(now()));
    let answer = report.answer();
    assert!(answer.contains("is fine but lies in the store `WebHosting`, and the client looks in `MY`"), "{answer}");
    assert_eq!(report.wrong_store(), Some(Scene::subject(&selector, "WebHosting")));
    let mut summary = ccmcertsel::report::fleet::FleetSummary::new();
    summary.add(&report, &[]);
    assert_eq!(summary.wrong_store(), 1);
    let text = summary.render(TextOptions::default());
    assert!(text.contains("       1  of these have the right certificate in the wrong store\n"), "{text}");
}

/// A CA certificate is no client's, and nothing of the store `SMS` is.
#[test]
fn t4_neither_cas_nor_configuration_managers_own_are_hits() {
    for store in ["SMS", "WebHosting"] {
        let scene = Scene::new().change(|scene| scene.leaf_store = store);
        let scene =
            if store == "SMS" { scene } else { scene.leaf(|leaf| leaf.with(extension::basic_constraints(true, None))) };
        let selector = scene.selector();
        let report = report(&selector, selector.select(now()));
        assert_eq!(report.wrong_store(), None, "{store}: {}", report.answer());
    }
}

#[test]
fn what_is_taken_for_granted_has_a_line() {
    let scene = Scene::new().change(|scene| scene.key = PrivateKey::Unknown);
    let scene = scene.settings(|settings| settings.with_issuers(None));
    let selector = scene.selector();
    let report = report(&selector, selector.select(now()));
    let codes: Vec<_> = Assumption::of(&report).iter().map(|one| (one.code(), one.certificates())).collect();
    assert_eq!(codes, [("keys_unknown", Some(1)), ("templates", Some(1)), ("no_issuers_list", None)]);
    let text = render(&report, TextOptions::default().with_width(200));
    let line = "assumed: the client can use the key of 1 certificate (nothing says so); the template of 1 certificate is of \
                version 1 or 2; the site has no issuers list, so every trusted root counts";
    assert!(text.replace("\n  ", " ").contains(line), "{text}");
}

#[test]
fn state_messages_are_for_an_audit() {
    let scene = Scene::new().change(|scene| scene.enumeration = Enumeration::Archived);
    let selector = scene.selector();
    let report = report(&selector, selector.select(now()));
    let says = "reported to the fallback status point as 1001/2, 1100/1 (readiness), 800/315 (at setup)";
    assert!(!render(&report, TextOptions::default()).contains("1001/2"));
    let audit = render(&report, TextOptions::default().with_width(120).with_detail(Detail::Audit));
    assert!(audit.contains(says), "{audit}");
}

/// V-11: what is not verified here is no forecast.
#[test]
fn v11_a_signature_that_is_not_verified_here_is_undecided() {
    let scene = super::codes::scene("validity.weak_hash");
    let selector = scene.selector();
    let report = report(&selector, selector.select(now()));
    let answer = report.answer();
    let begins =
        "PC1: cannot say yet: the signature of `pc1.contoso.com`, by a broken hash, is not verified here; with it: ";
    assert!(answer.starts_with(begins), "{answer}");
    assert!(answer.ends_with("; without it the client finds nothing (0x87D00281)"), "{answer}");
}

/// A line is no wider than asked but where one word is: an address, a thumbprint, a name without blanks; and what is pasted.
#[test]
fn no_line_is_wider_than_asked_but_for_what_cannot_break() {
    for seed in 0..60 {
        let recipe = recipe(&mut Unstructured::new(&seeded(12_000_000 + seed))).expect("a machine");
        let selector = selector(&recipe);
        let report = report(&selector, selector.select(recipe.now));
        for width in [40, 47, 60, 72, 80, 104, 132, 172, 200] {
            let text = render(&report, TextOptions::default().with_width(width));
            for line in text.lines().filter(|line| line.chars().count() > width) {
                let one_word = !line.trim().contains(' ');
                let last = line.rsplit(' ').next().unwrap_or_default();
                // In a row the first word of the reason follows the columns.
                let unbreakable = one_word || last.chars().count() > width / 3;
                assert!(unbreakable || line.contains("ccmsetup.exe"), "seed {seed}, {width}: {line}\n{text}");
            }
        }
    }
}
