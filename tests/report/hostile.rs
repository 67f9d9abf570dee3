//! A machine for every code of annex A, with hostile texts in every name and address of its certificates and CRLs, in its
//! own name, its stores and its settings: in every format that is for people (rule E-4).

use super::codes::scene;
use super::scene::{now, report};
use crate::support::annex::ANNEX_A;
use crate::support::hostile::{self, fault, fault_within};
use crate::support::pki::*;
use crate::support::world::Recipe;
use ccmcertsel::report::explain::{self, Explanation};
use ccmcertsel::report::html::{FleetPage, MachinePart, PageOptions};
use ccmcertsel::report::text::TextOptions;
use ccmcertsel::report::{csv, fleet, log, text, what_if};
use ccmcertsel::revocation::Crls;
use ccmcertsel::select::Comparison;
use ccmcertsel::server::Server;
use ccmcertsel::settings::{OnMultiple, Ruleset};
use ccmcertsel::{Coded, Machine, Selector, Settings, StoreName, StoredCertificate, Stores, VerificationCache};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Some times what a message shows of one text; [`hostile::LONG`] for every code would take minutes.
const LENGTH: usize = 1_000;

struct Checked<'a> {
    what: &'a str,
    formats: BTreeSet<&'static str>,
    faults: BTreeSet<String>,
}

impl Checked<'_> {
    fn text(&mut self, format: &'static str, printed: &str) {
        self.found(format, fault(printed));
    }

    fn found(&mut self, format: &'static str, wrong: Option<String>) {
        self.formats.insert(format);
        self.faults.extend(wrong.map(|wrong| format!("{} as {format}: {wrong}", self.what)));
    }
}

/// The machine of a recipe, all of whose texts are hostile: the name, friendly names, and stores that no rule knows.
fn hostile_selector(recipe: &Recipe, settings: Settings) -> Selector {
    let mut builder = Stores::builder();
    for entry in &recipe.entries {
        let known = ["MY", "CA", "ROOT", "Disallowed"].contains(&entry.store);
        let store = if known { StoreName::new(entry.store) } else { StoreName::new(&format!("s{}", hostile::text())) };
        match ccmcertsel::Certificate::from_der(&entry.der) {
            Ok(certificate) => {
                let stored = StoredCertificate::new(certificate)
                    .with_private_key(entry.key)
                    .with_enumeration(entry.enumeration)
                    .with_friendly_name(hostile::text());
                let stored = match entry.schema {
                    Some(schema) => stored.with_template_schema(schema),
                    None => stored,
                };
                builder.add(store, stored);
            }
            Err(_) => _ = builder.add_der(store, &entry.der),
        }
    }
    let machine = Machine::new(format!("PC1{}", hostile::text())).with_fqdn(format!("pc1{}", hostile::text()));
    let cache = Arc::new(VerificationCache::new(toy_algorithms()));
    Selector::with_cache(builder.build(), machine, settings, cache).with_crls(Crls::new(recipe.crls()))
}

/// Everything that is printed about a machine.
fn print_all(selector: &Selector, checked: &mut Checked<'_>) -> BTreeSet<&'static str> {
    let (options, mut codes) = (TextOptions::default(), BTreeSet::new());
    for selection in [selector.select(now()), selector.audit(now())] {
        for finding in selection.verdicts().iter().flat_map(|verdict| verdict.findings()) {
            codes.insert(finding.code());
        }
        let report = report(selector, selection);
        let risks = fleet::risks(&report, 90);
        checked.text("text", &text::render(&report, options));
        checked.text("answer", &report.answer());
        checked.text("fleet", &fleet::line(&report, &risks, options));
        checked.found("log", fault_within(hostile::LOG, &log::render(&report, log::LogOptions::default())));
        checked.found("csv", fault_within(hostile::CELL, &csv::row(&report, &risks).join(",")));
        for (id, _) in selector.stores().entries().take(6) {
            if let Some(explanation) = Explanation::of(&report, id) {
                checked.text("explain", &explain::render(&explanation, options));
            }
        }
        let mut page = FleetPage::new(PageOptions::default());
        page.add(MachinePart::of(&report, &risks));
        checked.text("html", &page.finish().index);
    }
    // The certificate that the scene is about, and one of those beside it.
    for (id, _) in selector.stores().entries().take(2) {
        match selector.suggest(id, now()) {
            Ok(list) => {
                for criteria in &list {
                    checked.text("suggest", &what_if::property(criteria));
                }
            }
            Err(why) => checked.text("suggest", &why.to_string()),
        }
    }
    let until = ccmcertsel::Timestamp::MAX;
    checked.text("timeline", &what_if::timeline(selector, &selector.timeline(now(), until), options));
    let after = selector.with_settings(selector.settings().clone().with(Ruleset::Cb2107));
    let compared = Comparison { before: selector.select(now()), after: after.select(now()) };
    checked.text("compare", &what_if::comparison(selector, &compared, options));
    let compared = Comparison { before: after.select(now()), after: selector.select(now()) };
    checked.text("compare", &what_if::comparison(selector, &compared, options));
    codes
}

/// The servers of `connect`, with the machine's own trust and without any.
fn connect(selector: &Selector, checked: &mut Checked<'_>) {
    let presented: Vec<_> = selector.stores().certificates().map(|(_, stored)| stored.certificate().clone()).collect();
    let (stores, nothing) = (selector.stores(), Arc::new(Stores::builder().build()));
    let trusts = [(stores, Some(selector.crls())), (stores, None), (&nothing, None)];
    for (stores, crls) in trusts {
        let with = |server: Server| {
            let server = server.with_algorithms(toy_algorithms());
            crls.map_or(server.clone(), |crls| server.with_crls(Arc::clone(crls)))
        };
        for from in 0..presented.len().min(3) {
            let chain = &presented[from..];
            let mut point = with(Server::management_point(Arc::clone(stores)));
            let mut judgements = vec![point.judge(chain, now())];
            if let Some(list) = selector.settings().issuers() {
                point = point.with_trust_list(list.clone());
                judgements.push(point.judge(chain, now()));
            }
            let gateway = with(Server::cloud_management_gateway(Arc::clone(stores)));
            judgements.push(gateway.judge(chain, now()));
            for judgement in judgements {
                if let Some(rejection) = judgement.rejection() {
                    checked.text("connect", &rejection.to_string());
                    checked.text("connect", &rejection.advice());
                }
                judgement.warnings().iter().for_each(|warning| checked.text("connect", &warning.to_string()));
            }
        }
    }
}

#[test]
fn e4_no_format_passes_on_what_names_hold() {
    let mut codes = BTreeSet::new();
    let (mut formats, mut faults) = (BTreeSet::new(), Vec::new());
    for code in ANNEX_A.iter() {
        let recipe = hostile::poisoned(LENGTH, || scene(code).recipe());
        let settings = recipe.settings.clone();
        let without = settings.clone().with_issuers(None).with(OnMultiple::SelectLongest);
        for settings in [settings, without] {
            let mut checked = Checked { what: code, formats: BTreeSet::new(), faults: BTreeSet::new() };
            let selector = hostile_selector(&recipe, settings);
            codes.extend(print_all(&selector, &mut checked));
            connect(&selector, &mut checked);
            formats.extend(checked.formats);
            faults.extend(checked.faults);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let rejecting: BTreeSet<&str> = ANNEX_A.iter().copied().collect();
    let reached = rejecting.intersection(&codes).count();
    assert!(reached >= rejecting.len() - 6, "{:?} are not reached", rejecting.difference(&codes));
    for format in
        ["text", "answer", "fleet", "log", "csv", "explain", "html", "suggest", "timeline", "compare", "connect"]
    {
        assert!(formats.contains(format), "{format}");
    }
}
