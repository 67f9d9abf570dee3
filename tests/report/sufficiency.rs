//! The explanation is sufficient: mend exactly what it names, one after the other, and the verdict moves on each time until
//! the certificate is selected or outranked.

use super::scene::{Scene, now, selector};
use crate::support::extension::usage;
use crate::support::pki::*;
use ccmcertsel::settings::{OnMultiple, Ruleset};
use ccmcertsel::{Coded, IssuersList, KeyProvider, PrivateKey};
use proptest::prelude::*;

type Mend = fn(Scene) -> Scene;

/// A defect, how it is made and how it is mended, by the code that names it.
const DEFECTS: [(&str, Mend, Mend); 9] = [
    (
        "issuers.not_listed",
        |scene| scene.settings(|s| s.with_issuers("CN=contoso root ca".parse::<IssuersList>().expect("a list"))),
        |scene| scene.settings(|s| s.with_issuers("CN=Contoso Root CA".parse::<IssuersList>().expect("a list"))),
    ),
    (
        "store.other_store",
        |scene| scene.change(|scene| scene.leaf_store = "ConfigMgr"),
        |scene| scene.change(|scene| scene.leaf_store = "MY"),
    ),
    (
        "validity.expired",
        |scene| scene.leaf(|leaf| leaf.valid("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")),
        |scene| scene.leaf(|leaf| leaf.valid("2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z")),
    ),
    (
        "validity.key_inaccessible",
        |scene| scene.change(|scene| scene.key = PrivateKey::Inaccessible),
        |scene| scene.change(|scene| scene.key = PrivateKey::Accessible(KeyProvider::Csp)),
    ),
    (
        "validity.template_version",
        |scene| scene.change(|scene| scene.schema = Some(3)),
        |scene| scene.change(|scene| scene.schema = Some(2)),
    ),
    (
        "validity.untrusted_root",
        |scene| scene.change(|scene| scene.root_store = "CA"),
        |scene| scene.change(|scene| scene.root_store = "ROOT"),
    ),
    (
        "validity.revoked",
        |scene| scene.change(|scene| scene.crl = scene.crl.take().map(|crl| crl.revoke(3))),
        |scene| scene.change(|scene| scene.crl = Some(CrlBuilder::of(&scene.issuing, 8))),
    ),
    (
        "purpose.not_client_auth",
        |scene| {
            scene.leaf(|leaf| {
                leaf.replace(extension::eku(&[extension::SERVER_AUTH]))
                    .replace(extension::san(&[San::dns("kiosk")]))
                    .change(|leaf| {
                        leaf.subject = "CN=kiosk".into();
                        leaf.issuer = leaf.subject.clone();
                    })
            })
        },
        |scene| scene.leaf(|leaf| leaf.replace(extension::eku(&[extension::CLIENT_AUTH]))),
    ),
    (
        "purpose.key_usage",
        |scene| {
            scene.leaf(|leaf| {
                leaf.replace(extension::key_usage(&[usage::KEY_ENCIPHERMENT]))
                    .replace(extension::san(&[San::dns("kiosk")]))
                    .change(|leaf| {
                        leaf.subject = "CN=kiosk".into();
                        leaf.issuer = leaf.subject.clone();
                    })
            })
        },
        |scene| scene.leaf(|leaf| leaf.replace(extension::key_usage(&[usage::DIGITAL_SIGNATURE]))),
    ),
];

/// How far a verdict came: the number of findings before the first rejection is no measure, since an exemption may appear
/// and go; the codes of an audit are.
fn codes(scene: &Scene) -> Vec<&'static str> {
    let selector = selector(&scene.recipe());
    let id = Scene::subject(&selector, scene.leaf_store);
    let audit = selector.audit(now());
    let verdict = audit.verdict(id).expect("a verdict");
    let rejected = verdict.findings().iter().filter(|finding| finding.rejection().is_some());
    rejected.map(|finding| finding.code()).collect()
}

fn first(scene: &Scene) -> Option<&'static str> {
    let selector = selector(&scene.recipe());
    let id = Scene::subject(&selector, scene.leaf_store);
    let selection = selector.select(now());
    selection.verdict(id)?.rejection().map(|rejection| rejection.code())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mending_what_is_named_moves_the_verdict_on(chosen in prop::collection::vec(any::<bool>(), 9), rival in any::<bool>()) {
        let mut scene = Scene::new().settings(|s| s.with(Ruleset::Cb1706).with(OnMultiple::SelectLongest));
        if rival {
            let longer = scene.leaf.clone().serial(44).valid("2025-06-01T00:00:00Z", "2029-06-01T00:00:00Z");
            scene = scene.with_leaf("MY", longer);
        }
        for (wanted, (_, break_it, _)) in chosen.iter().zip(&DEFECTS) {
            if *wanted {
                scene = break_it(scene);
            }
        }
        let mut left = codes(&scene);
        let mut steps = 0;
        while let Some(code) = first(&scene) {
            if code == "longest.outranked" {
                break;
            }
            prop_assert_eq!(left.first().copied(), Some(code), "the first of the audit is the reason");
            let (_, _, mend) = DEFECTS.iter().find(|(name, ..)| *name == code)
                .ok_or_else(|| TestCaseError::fail(format!("{code} was not broken")))?;
            scene = mend(scene);
            let now_left = codes(&scene);
            prop_assert!(!now_left.contains(&code), "{} is still named", code);
            left = now_left;
            steps += 1;
            prop_assert!(steps <= DEFECTS.len());
        }
        let end = first(&scene);
        prop_assert!(end.is_none() || end == Some("longest.outranked"));
        // The list and the trusted root are the rival's as well; its revocation is not.
        prop_assert_eq!(end.is_some(), rival);
    }
}
