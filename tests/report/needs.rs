//! What answers depend on: CRLs by state, CAs, templates; and nothing that cannot change an answer.

use super::scene::{Scene, now, report};
use crate::support::pki::*;
use crate::support::world::EntryRecipe;
use ccmcertsel::report::needs::{CrlKind, NeededAuthority, Needs, render, rows};
use ccmcertsel::report::text::TextOptions;
use ccmcertsel::settings::Revocation;
use ccmcertsel::{KeyProvider, PrivateKey};

const URL: &str = "http://pki.contoso.com/issuing.crl";

fn with_url(scene: Scene) -> Scene {
    scene.leaf(|leaf| leaf.with(extension::cdp(URL)))
}

fn needs(scenes: impl IntoIterator<Item = Scene>) -> Needs {
    let mut all = Needs::new();
    for scene in scenes {
        let selector = scene.selector();
        let mut one = Needs::new();
        one.add(&report(&selector, selector.audit(now())), selector.crls());
        all.merge(one);
    }
    all
}

#[test]
fn a_crl_is_counted_by_what_machines_have_of_it() {
    let good = with_url(Scene::new());
    let missing = with_url(Scene::new()).crl(None);
    let stale = with_url(Scene::new()).change(|scene| {
        scene.crl = scene.crl.take().map(|crl| crl.current("2025-12-01T00:00:00Z", "2026-01-08T00:00:00Z"));
    });
    let all = needs([good, missing, stale]);
    let of_issuing = all.crls().find(|(crl, _)| crl.issuer == "CN=Contoso Issuing CA").expect("it is needed");
    let (crl, need) = of_issuing;
    assert_eq!((crl.kind, crl.urls.as_slice()), (CrlKind::Base, &[URL.to_owned()][..]));
    assert_eq!((need.machines, need.missing, need.out_of_date, need.lacking()), (3, 1, 1, 2));
    assert_eq!(need.ended.map(|ended| ended.to_string()).as_deref(), Some("2026-01-08T00:00:00Z"));
    assert!(need.good_until.is_some_and(|until| until > now()));
    assert_eq!(all.crls().next().map(|(crl, _)| &*crl.issuer), Some("CN=Contoso Issuing CA"), "what is lacking first");
    assert!(!all.is_complete());
    let root = all.crls().find(|(crl, _)| crl.issuer == "CN=Contoso Root CA").expect("the CA's own status");
    assert_eq!((root.1.machines, root.1.lacking()), (3, 0));
    let text = render(&all, TextOptions::default().with_width(200));
    assert!(
        text.contains(URL) && text.contains("out of date since 2026-01-08T00:00:00Z for 1 of 3 machines"),
        "{text}"
    );
    assert!(rows(&all).iter().any(|row| row[0] == "crl_base" && row[2] == URL && row[4] == "1"), "{text}");
}

#[test]
fn what_cannot_change_an_answer_is_not_needed() {
    let off = with_url(Scene::new()).crl(None).settings(|settings| settings.with(Revocation::Off));
    let expired =
        with_url(Scene::new()).crl(None).leaf(|leaf| leaf.valid("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"));
    let other_use = with_url(Scene::new()).crl(None).leaf(|leaf| {
        let leaf = leaf.replace(extension::eku(&[extension::SERVER_AUTH]));
        let leaf = leaf.replace(extension::san(&[San::dns("web.contoso.com")]));
        leaf.change(|leaf| leaf.subject = "CN=web.contoso.com".into())
    });
    let all = needs([off, expired, other_use]);
    assert_eq!(all.crls().count(), 0, "{}", render(&all, TextOptions::default()));
    assert_eq!(all.machines(), 3);
}

#[test]
fn a_delta_is_needed_where_the_base_names_one() {
    let freshest = "http://pki.contoso.com/issuing+.crl";
    let scene = with_url(Scene::new()).change(|scene| {
        scene.crl = scene.crl.take().map(|crl| crl.with(extension::freshest_crl(&[Point::uri(freshest)])));
    });
    let all = needs([scene]);
    let (delta, need) = all.crls().find(|(crl, _)| crl.kind == CrlKind::Delta).expect("a delta");
    assert_eq!((delta.urls.as_slice(), need.missing), (&[freshest.to_owned()][..], 1));
}

#[test]
fn missing_cas_and_untrusted_roots_are_listed() {
    let missing =
        Scene::new().settings(|settings| settings.with_issuers(None)).change(|scene| scene.issuing_store = None);
    let untrusted = Scene::new().change(|scene| scene.root_store = "CA");
    let all = needs([missing, untrusted]);
    let authorities: Vec<_> = all.authorities().map(|(authority, count)| (authority.clone(), count)).collect();
    assert_eq!(authorities.len(), 2, "{authorities:?}");
    assert!(authorities.contains(&(NeededAuthority::Missing { name: "CN=Contoso Issuing CA".to_owned() }, 1)));
    let is_root = |(authority, _): &(NeededAuthority, u64)| matches!(authority, NeededAuthority::Untrusted { name, .. } if name == "CN=Contoso Root CA");
    assert!(authorities.iter().any(is_root), "{authorities:?}");
}

#[test]
fn a_certificate_that_names_itself_as_its_issuer_is_no_ca_to_install() {
    let own = Cert::client("CN=pc1.contoso.com", Key::Toy(3)).serial(9);
    for der in [own.clone().self_sign(), own.sign(Key::Toy(99))] {
        let alone = Scene::new().settings(|settings| settings.with_issuers(None)).change(|scene| {
            scene.leaf_store = "Elsewhere";
            let key = PrivateKey::Accessible(KeyProvider::Csp);
            scene.more.push(EntryRecipe { key, ..EntryRecipe::new("MY", der) });
        });
        let selector = alone.selector();
        let rejected = report(&selector, selector.audit(now()));
        assert!(!rejected.is_ready());
        let all = needs([alone]);
        assert_eq!(all.authorities().count(), 0, "{}", render(&all, TextOptions::default()));
    }
}

#[test]
fn a_template_of_unknown_version_is_to_be_found_out() {
    let template = "1.3.6.1.4.1.311.21.8.1.9";
    let scene = || Scene::new().leaf(|leaf| leaf.with(extension::template(template, 100, 1)));
    let stated = scene().settings(|settings| settings.with_template(template.parse().expect("an identifier"), 2));
    let banned = scene().settings(|settings| settings.with_template(template.parse().expect("an identifier"), 3));
    let all = needs([scene(), stated, banned]);
    let versions: Vec<Option<u32>> = all.templates().map(|(template, _)| template.version).collect();
    assert_eq!(versions.len(), 3);
    assert!(versions.contains(&None) && versions.contains(&Some(2)) && versions.contains(&Some(3)), "{versions:?}");
    assert!(!all.is_complete());
}
