//! Every code of annex A: a machine that produces it, and its exact words, in the table of `src/report/codes.md`.
//!
//! `CCMCERTSEL_WRITE_DOCS=1 cargo test report::codes` writes the table anew.

use super::scene::{Scene, now, selector};
use crate::support::annex::ANNEX_A;
use crate::support::extension::{Point, usage};
use crate::support::pki::*;
use crate::support::world::EntryRecipe;
use ccmcertsel::settings::{ExplicitPolicy, OnMultiple, Ruleset, SignaturePolicy};
use ccmcertsel::{Coded, Criteria, Enumeration, Finding, KeyProvider, PrivateKey, Selector};
use std::fmt::Write;

fn criteria(text: &str) -> Criteria {
    text.parse().expect("criteria")
}

/// A certificate that has the computer's name nowhere.
fn unnamed(leaf: Cert) -> Cert {
    let leaf = leaf.replace(extension::san(&[San::dns("kiosk.contoso.com")]));
    leaf.change(|leaf| {
        leaf.subject = "CN=kiosk".into();
        leaf.issuer = leaf.subject.clone();
    })
}

fn twin(scene: &Scene) -> Cert {
    scene.leaf.clone().serial(33)
}

/// The machine that produces a code.
pub fn scene(code: &str) -> Scene {
    let scene = Scene::new();
    let rsa = |scene: Scene| {
        scene.issuing(|ca| Cert::ca("CN=Contoso Issuing CA", Key::Rsa2048(0)).change(|new| new.serial = ca.serial))
    };
    let without_list = |scene: Scene| scene.settings(|settings| settings.with_issuers(None));
    match code {
        "issuers.not_listed" => {
            scene.settings(|s| s.with_issuers("CN=Contoso root CA".parse::<ccmcertsel::IssuersList>().expect("a list")))
        }
        "issuers.incomplete_chain" => scene.leaf(|leaf| leaf.issuer("CN=MS-Organization-Access")),
        "store.other_store" => scene.change(|scene| scene.leaf_store = "ConfigMgr"),
        "store.configuration_manager" => scene.change(|scene| scene.leaf_store = "SMS"),
        "store.archived" => scene.change(|scene| scene.enumeration = Enumeration::Archived),
        "store.unreadable" => scene,
        "validity.not_yet_valid" => scene.leaf(|leaf| leaf.valid("2026-02-01T00:00:00Z", "2027-02-01T00:00:00Z")),
        "validity.expired" => scene.leaf(|leaf| leaf.valid("2024-11-03T12:00:00Z", "2025-11-03T12:00:00Z")),
        "validity.key_absent" => scene.change(|scene| scene.key = PrivateKey::Absent),
        "validity.key_inaccessible" => scene.change(|scene| scene.key = PrivateKey::Inaccessible),
        "validity.template_version" => scene.change(|scene| scene.schema = Some(3)),
        "validity.key_storage_provider" => scene.change(|scene| scene.key = PrivateKey::Accessible(KeyProvider::Ksp)),
        "validity.key_ecc" => scene
            .leaf(|leaf| leaf.change(|leaf| leaf.key = Key::P256(3)))
            .settings(|settings| settings.with(Ruleset::Cb1710))
            .change(|scene| scene.key = PrivateKey::Accessible(KeyProvider::Ksp)),
        "validity.no_path" => without_list(scene).change(|scene| scene.issuing_store = None),
        "validity.untrusted_root" => scene.change(|scene| scene.root_store = "CA"),
        "validity.disallowed" => scene.change(|scene| {
            let der = scene.issuing.clone().issued_by(&scene.root);
            scene.more.push(EntryRecipe::new("Disallowed", der));
        }),
        "validity.bad_signature" => without_list(scene).leaf(|leaf| leaf.change(|leaf| leaf.damaged_signature = true)),
        "validity.chain_expired" => scene.issuing(|ca| ca.valid("2015-01-01T00:00:00Z", "2025-12-31T23:59:59Z")),
        "validity.chain_not_yet_valid" => scene.issuing(|ca| ca.valid("2026-03-01T00:00:00Z", "2031-03-01T00:00:00Z")),
        "validity.not_a_ca" => scene.issuing(|ca| ca.without("2.5.29.19")),
        "validity.path_length" => path_length(scene),
        "validity.key_usage_cert_sign" => scene.issuing(|ca| ca.replace(extension::key_usage(&[usage::CRL_SIGN]))),
        "validity.name_constraints" => {
            scene.issuing(|ca| ca.with(extension::name_constraints(&[], &[San::dns("contoso.com").into()])))
        }
        "validity.policy" => scene.settings(|settings| settings.with(ExplicitPolicy::Required)),
        "validity.critical_extension" => {
            scene.leaf(|leaf| leaf.with(Ext::raw("1.3.6.1.4.1.32473.9", vec![5, 0]).critical()))
        }
        "validity.malformed" => scene.issuing(|ca| ca.replace(Ext::raw("2.5.29.19", vec![0x30, 3, 1, 1]))),
        "validity.revoked" => scene.change(|scene| scene.crl = scene.crl.take().map(|crl| crl.revoke(3))),
        "validity.on_hold" => {
            scene.change(|scene| scene.crl = scene.crl.take().map(|crl| crl.entry(Entry::on_hold(3))))
        }
        "validity.revocation_unknown" => {
            scene.leaf(|leaf| leaf.with(extension::cdp("http://pki.contoso.com/issuing.crl"))).crl(None)
        }
        "validity.no_distribution_point" => scene.crl(None),
        "validity.crl_expired" => scene.change(|scene| {
            scene.crl = scene.crl.take().map(|crl| crl.current("2025-12-01T00:00:00Z", "2026-01-08T00:00:00Z"));
        }),
        "validity.crl_not_yet_valid" => scene.change(|scene| {
            scene.crl = scene.crl.take().map(|crl| crl.current("2026-01-16T00:00:00Z", "2026-01-23T00:00:00Z"));
        }),
        "validity.delta_missing" => scene.change(|scene| {
            let delta = extension::freshest_crl(&[Point::uri("http://pki.contoso.com/issuing+.crl")]);
            scene.crl = scene.crl.take().map(|crl| crl.with(delta));
        }),
        "validity.budget" => without_list(scene).change(|scene| {
            scene.leaf.issuer = scene.issuing.subject.clone();
            for number in 1000..1200 {
                let ca = Cert::ca("CN=Contoso Issuing CA", Key::Toy(number)).serial(number.into());
                scene.more.push(EntryRecipe::new("CA", ca.issued_by(&scene.root)));
            }
        }),
        "validity.sha1_signature" => rsa(scene)
            .leaf(|leaf| leaf.change(|leaf| leaf.hash = Hash::Sha1))
            .settings(|settings| settings.with(SignaturePolicy::Strict)),
        "validity.weak_hash" => rsa(scene).leaf(|leaf| leaf.change(|leaf| leaf.hash = Hash::Md5)),
        "validity.key_too_short" => scene.leaf(|leaf| leaf.change(|leaf| leaf.key = Key::Rsa512(0))),
        "validity.unknown_algorithm" => {
            scene.issuing(|ca| Cert::ca("CN=Contoso Issuing CA", Key::Unknown(2)).change(|new| new.serial = ca.serial))
        }
        "purpose.not_client_auth" => {
            scene.leaf(|leaf| unnamed(leaf).replace(extension::eku(&[extension::SERVER_AUTH])))
        }
        "purpose.chain_eku" => scene.leaf(unnamed).issuing(|ca| ca.with(extension::eku(&[extension::SERVER_AUTH]))),
        "purpose.key_usage" => {
            scene.leaf(|leaf| unnamed(leaf).replace(extension::key_usage(&[usage::KEY_ENCIPHERMENT])))
        }
        "purpose.subject" => scene.settings(|settings| settings.with_criteria(criteria("Subject:pc2.contoso.com"))),
        "purpose.subject_string" => scene.settings(|settings| settings.with_criteria(criteria("SubjectStr:fabrikam"))),
        "purpose.subject_attribute" => {
            scene.settings(|settings| settings.with_criteria(criteria("SubjectAttr:OU = Workstations")))
        }
        "name.not_in_subject" => scene.leaf(unnamed).settings(|settings| settings.with(Ruleset::Cb2107)),
        "longest.outranked" => {
            let longer = twin(&scene).valid("2025-06-01T00:00:00Z", "2027-06-01T00:00:00Z");
            let scene = scene.settings(|settings| settings.with(OnMultiple::SelectLongest));
            scene.with_leaf("MY", longer)
        }
        "longest.ambiguous" => {
            let twin = twin(&scene);
            scene.with_leaf("MY", twin)
        }
        other => panic!("{other} has no scene"),
    }
}

/// Root, a CA that allows none beneath it, the issuing CA.
fn path_length(scene: Scene) -> Scene {
    scene.change(|scene| {
        let upper = Cert::ca("CN=Contoso Policy CA", Key::Toy(8)).replace(extension::basic_constraints(true, Some(0)));
        let issuing = scene.issuing.clone().issued_by(&upper);
        scene.more.push(EntryRecipe::new("CA", issuing));
        scene.more.push(EntryRecipe::new("CA", upper.issued_by(&scene.root)));
        scene.issuing_store = None;
    })
}

/// The machine of a scene.
fn machine(code: &str) -> (Scene, Selector) {
    let scene = scene(code);
    let mut recipe = scene.recipe();
    if code == "store.unreadable" {
        recipe.entries[0].der.truncate(150);
    }
    let selector = selector(&recipe);
    (scene, selector)
}

/// What has to be done about it, as it was carried out.
fn plan(code: &str) -> String {
    let (scene, selector) = machine(code);
    let id = Scene::subject(&selector, scene.leaf_store);
    match selector.plan(id, now()) {
        Ok(plan) => plan.to_string().replace('\n', "; "),
        Err(why) => format!("no plan: {why}"),
    }
}

/// What the certificate of a scene is rejected for first.
fn reason(code: &str) -> Finding {
    let (scene, selector) = machine(code);
    let id = Scene::subject(&selector, scene.leaf_store);
    let selection = selector.select(now());
    let verdict = selection.verdict(id).expect("a verdict");
    let rejected = verdict.findings().iter().find(|finding| finding.rejection().is_some());
    rejected.unwrap_or_else(|| panic!("{code}: not rejected: {verdict:?}")).clone()
}

#[test]
fn every_scene_but_for_its_defect_is_ready() {
    let selector = Scene::new().selector();
    let selection = selector.select(now());
    assert!(selection.selected().is_some(), "{:?}", selection.verdicts());
}

#[test]
fn every_code_of_annex_a_has_a_case() {
    for code in ANNEX_A.iter() {
        let finding = reason(code);
        assert_eq!(finding.code(), *code, "{finding}");
        assert!(finding.row().counted.is_some_and(|words| !words.contains('.')), "{code}: how a report counts it");
        assert_eq!(finding.step().name(), code.split('.').next().unwrap());
    }
}

#[test]
fn messages_are_lower_case_one_line_and_without_full_stop() {
    for code in ANNEX_A.iter() {
        let finding = reason(code);
        for text in [finding.to_string(), plan(code)] {
            let first = text.chars().next().expect("a message");
            // A name of the field, such as a thumbprint or CRL, may come first in its own spelling.
            assert!(!first.is_uppercase() || text.chars().nth(1).is_some_and(|c| !c.is_lowercase()), "{text}");
            assert!(!text.ends_with('.') && !text.contains('\n'), "{text}");
            assert!(!text.contains("::") && !text.contains('{'), "no type names: {text}");
        }
    }
}

/// A certificate's key decides its thumbprint, and toy keys never change; real ones in `testdata` neither.
fn table() -> String {
    let mut text = String::from(
        "# Codes\n\n\
         Every reason for which a certificate is not selected: the stable code, the rule and what it rests on, the words for\n\
         an example, and what the plan of that machine is (rule E-1). This table is checked by the test `report::codes`, which makes a machine\n\
         for each row; `CCMCERTSEL_WRITE_DOCS=1 cargo test report::codes` writes it anew.\n\n\
         | code | rule | example | what to do |\n|---|---|---|---|\n",
    );
    for code in ANNEX_A.iter() {
        let finding = reason(code);
        let mut example = finding.to_string();
        if let Some(near_miss) = finding.near_miss() {
            write!(example, "<br>near miss: {near_miss}").unwrap();
        }
        let rule = finding.rule();
        let cell = |text: &str| text.replace('|', "\\|");
        writeln!(text, "| `{code}` | {rule}, {} | {} | {} |", rule.basis().name(), cell(&example), cell(&plan(code)))
            .unwrap();
    }
    text
}

#[test]
fn the_table_of_the_documentation_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/codes.md");
    let actual = table();
    if std::env::var_os("CCMCERTSEL_WRITE_DOCS").is_some() {
        std::fs::write(path, &actual).unwrap();
    }
    let documented = std::fs::read_to_string(path).unwrap_or_default();
    for (documented, actual) in documented.lines().zip(actual.lines()) {
        assert_eq!(documented, actual);
    }
    assert_eq!(documented.lines().count(), actual.lines().count());
}
