//! Many machines: counted by reason.

use super::scene::{Scene, now, report};
use ccmcertsel::report::csv::{COLUMNS, cell, row, unjudged_row};
use ccmcertsel::report::fleet::{FleetSummary, Risk, reasons, risks};
use ccmcertsel::report::text::TextOptions;
use ccmcertsel::settings::OnMultiple;
use ccmcertsel::{Criteria, PrivateKey};

#[test]
fn reasons_and_risks_are_counted_by_machine() {
    let ready = Scene::new();
    let no_key = Scene::new().change(|scene| scene.key = PrivateKey::Absent);
    let several = Scene::new().settings(|settings| settings.with(OnMultiple::SelectLongest));
    let twin = several.leaf.clone().serial(33);
    let several = several.with_leaf("MY", twin);
    let criteria: Criteria = "SubjectStr:contoso".parse().unwrap();
    let assumed = Scene::new().settings(|settings| settings.with_criteria(criteria));
    let mut summary = FleetSummary::new();
    let mut parts = FleetSummary::new();
    let mut told = Vec::new();
    for scene in [ready, no_key, several, assumed] {
        let selector = scene.selector();
        let report = report(&selector, selector.select(now()));
        let risks = risks(&report, 30);
        told.push(risks.iter().map(|risk| risk.name()).collect::<Vec<_>>().join(" "));
        summary.add(&report, &risks);
        let mut one = FleetSummary::new();
        one.add(&report, &risks);
        parts.merge(one);
        assert_eq!(row(&report, &risks).len(), COLUMNS.len());
    }
    summary.add_unjudged();
    parts.add_unjudged();
    assert_eq!(summary, parts);
    assert_eq!(told, ["", "", "several_candidates", "assumed_criteria"]);
    assert_eq!((summary.capable(), summary.incapable(), summary.unjudged(), summary.at_risk()), (3, 1, 1, 2));
    assert_eq!(summary.reasons(), [("validity.key_absent", 1)]);
    let text = summary.render(TextOptions::default());
    assert!(text.contains("       3  machines are ready for HTTPS\n       1  machines are not\n"), "{text}");
}

#[test]
fn a_certificate_that_expires_soon_is_a_risk() {
    let scene = Scene::new().leaf(|leaf| leaf.valid("2025-06-01T00:00:00Z", "2026-02-14T09:00:00Z"));
    let selector = scene.selector();
    let report = report(&selector, selector.select(now()));
    assert!(matches!(risks(&report, 30)[..], [Risk::Expiring(_)]), "30 days to the second");
    assert!(risks(&report, 29).is_empty());
}

#[test]
fn an_empty_store_has_a_reason_too() {
    let mut recipe = Scene::new().recipe();
    recipe.entries.clear();
    let selector = super::scene::selector(&recipe);
    let report = report(&selector, selector.select(now()));
    assert_eq!(reasons(&report).into_iter().collect::<Vec<_>>(), ["store.empty"]);
    assert_eq!(unjudged_row("PC1", "=cmd|x")[14], "'=cmd|x");
}

#[test]
fn a_cell_is_what_it_says_and_fits_into_a_spreadsheet() {
    assert_eq!(cell("a=b"), "a=b");
    let long = cell(&"😀".repeat(40_000));
    assert!((31_000..=32_100).contains(&long.encode_utf16().count()), "{}", long.encode_utf16().count());
}
