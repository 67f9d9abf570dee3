//! Every near miss: a machine that shows it, and its exact words; and that it is silent where more is wrong.

use super::scene::{Scene, now};
use crate::support::extension::Point;
use crate::support::pki::*;
use ccmcertsel::settings::{CriteriaSource, IssuerSyntax, Revocation, Ruleset};
use ccmcertsel::{
    CertId, Criteria, IssuersList, KeyProvider, Machine, PrivateKey, Selector, Settings, Stores, VerificationCache,
};
use std::sync::Arc;

fn listed(scene: Scene, text: &str) -> Scene {
    let list: IssuersList = text.parse().expect("a list");
    scene.settings(|settings| settings.with_issuers(list))
}

fn criteria(scene: Scene, text: &str) -> Scene {
    let criteria: Criteria = text.parse().expect("criteria");
    scene.settings(|settings| settings.with_criteria(criteria))
}

/// The code and the words of the near miss of the certificate in question.
fn near(selector: &Selector, store: &str) -> Option<(&'static str, String)> {
    let id: CertId = Scene::subject(selector, store);
    let said = [selector.select(now()), selector.audit(now())].map(|selection| {
        let verdict = selection.verdict(id).expect("a verdict");
        let near = verdict.findings().iter().find(|finding| finding.rejection().is_some())?.near_miss()?;
        Some((near.code(), near.to_string()))
    });
    assert_eq!(said[0], said[1], "audit names the same as select");
    said[0].clone()
}

fn says(scene: Scene, code: &str, words: &str) {
    let selector = scene.selector();
    let near = near(&selector, scene.leaf_store);
    let audit = selector.audit(now());
    let codes: Vec<_> = audit.verdicts()[0].findings().iter().filter_map(|one| one.rejection()).collect();
    assert_eq!(near.as_ref().map(|(code, words)| (*code, words.as_str())), Some((code, words)), "{codes:?}");
}

fn says_nothing(scene: Scene) {
    assert_eq!(near(&scene.selector(), scene.leaf_store), None);
}

fn names(scene: Scene, names: &[&str]) -> Scene {
    let san: Vec<San> = names.iter().map(|name| San::dns(name)).collect();
    scene.leaf(|leaf| leaf.replace(extension::san(&san)))
}

/// A certificate of this subject.
fn of_subject(scene: Scene, subject: &str) -> Scene {
    scene.change(|scene| {
        scene.leaf.subject = Name::parse(subject);
        scene.leaf.issuer = scene.leaf.subject.clone();
    })
}

/// A certificate of this name.
fn called(name: &str) -> Scene {
    of_subject(names(Scene::new(), &[name]), &format!("CN={name}"))
}

/// Without client authentication, so that the name alone decides (rule P-5).
fn unusable(scene: Scene) -> Scene {
    scene.leaf(|leaf| leaf.replace(extension::eku(&[extension::SERVER_AUTH])))
}

#[test]
fn i4_an_issuer_in_another_case() {
    let words = "differs only in case: listed `CN=CONTOSO Root CA`, the certificate has `CN=Contoso Root CA`";
    says(listed(Scene::new(), "CN=CONTOSO Root CA"), "issuer_case_only", words);
    says_nothing(listed(Scene::new(), "CN=Fabrikam Root CA"));
}

#[test]
fn i5_an_intermediate_listed_instead_of_the_root() {
    let words = "the list names the intermediate `CN=Contoso Issuing CA`; it should name the root `CN=Contoso Root CA`";
    says(listed(Scene::new(), "CN=Contoso Issuing CA"), "intermediate_listed", words);
    // The certificate itself is no intermediate.
    says_nothing(listed(Scene::new(), "CN=pc1.contoso.com"));
}

#[test]
fn i6_a_root_of_the_same_name_with_another_key() {
    let other = Cert::ca("CN=Contoso Root CA", Key::Toy(77)).self_sign();
    let other = ccmcertsel::Certificate::from_der(&other).expect("a certificate");
    let list = IssuersList::from_certificates([&other]).expect("a list");
    let scene = Scene::new().settings(|settings| settings.with_issuers(list));
    let root = ccmcertsel::Certificate::from_der(&scene.root.self_sign()).expect("a certificate");
    let words = format!(
        "same root name, other key: listed is {}, the machine has {}, both named `CN=Contoso Root CA`",
        other.thumbprint(),
        root.thumbprint()
    );
    says(scene, "same_name_other_key", &words);
}

#[test]
fn t4_the_right_certificate_in_the_wrong_store() {
    let elsewhere = || Scene::new().change(|scene| scene.leaf_store = "ConfigMgr");
    let words =
        "right certificate, wrong store: it is fine but lies in the store `ConfigMgr`, and the client looks in `MY`";
    says(elsewhere(), "wrong_store", words);
    says_nothing(elsewhere().change(|scene| scene.key = PrivateKey::Absent));
}

#[test]
fn v1_a_renewed_certificate_that_is_not_yet_valid() {
    let renewed = || Scene::new().leaf(|leaf| leaf.valid("2026-02-01T00:00:00Z", "2027-02-01T00:00:00Z"));
    says(renewed(), "valid_later", "passes every other check; valid from 2026-02-01T00:00:00Z");
    says_nothing(renewed().change(|scene| scene.key = PrivateKey::Absent));
    says_nothing(renewed().change(|scene| scene.crl = scene.crl.take().map(|crl| crl.revoke(3))));
    says_nothing(renewed().change(|scene| scene.leaf_store = "ConfigMgr"));
    says_nothing(Scene::new().leaf(|leaf| leaf.valid("2024-02-01T00:00:00Z", "2025-02-01T00:00:00Z")));
}

#[test]
fn v3_v4_a_newer_ruleset_accepts_the_key() {
    let ksp = |key: Key| {
        Scene::new()
            .leaf(|leaf| leaf.change(|leaf| leaf.key = key))
            .change(|scene| scene.key = PrivateKey::Accessible(KeyProvider::Ksp))
    };
    let words = "a client of `cb1710` or later accepts this key";
    says(ksp(Key::Rsa2048(1)), "newer_ruleset", words);
    says(Scene::new().change(|scene| scene.schema = Some(4)), "newer_ruleset", words);
    // No ruleset accepts an ECC key by default.
    says_nothing(ksp(Key::P256(3)));
    says_nothing(ksp(Key::P256(3)).settings(|settings| settings.with(Ruleset::Cb2107)));
}

#[test]
fn v8_what_a_missing_crl_would_change() {
    let place = || Scene::new().leaf(|leaf| leaf.with(extension::cdp("http://pki.contoso.com/issuing.crl")));
    let words = "it would pass if the missing CRL were available and did not list it";
    says(place().crl(None), "with_crl", words);
    says_nothing(unusable(called("kiosk.contoso.com")).crl(None));
    let ocsp = || Scene::new().leaf(|leaf| leaf.with(extension::ocsp("http://ocsp.contoso.com/"))).crl(None);
    says(ocsp(), "ocsp_only", "the certificate names only OCSP, which is not modelled here");
}

#[test]
fn v9_the_base_alone_would_have_cleared_it() {
    let words = "the base CRL alone would have cleared it; only the delta CRL is missing";
    let asks_for_a_delta = extension::freshest_crl(&[Point::uri("http://pki.contoso.com/issuing+.crl")]);
    let scene = Scene::new().change(|scene| scene.crl = scene.crl.take().map(|crl| crl.with(asks_for_a_delta)));
    says(scene, "base_alone", words);
}

#[test]
fn c2_a_criterion_in_another_case() {
    let words = "differs only in case: the criteria have `PC1.contoso.com`, the certificate has `pc1.contoso.com`";
    says(criteria(Scene::new(), "SubjectAttr:CN = PC1.contoso.com"), "criterion_case_only", words);
    // Mending the case would leave the other pair.
    says_nothing(criteria(Scene::new(), "SubjectAttr:CN = PC1.contoso.com; OU = Servers"));
}

#[test]
fn c4_the_string_is_in_the_x500_string_alone() {
    let scene = of_subject(Scene::new(), "CN=pc1.contoso.com; OU=Clients");
    let words = "it would match `OU=Clients, CN=pc1.contoso.com`, but values are searched without their keys (assumed)";
    says(criteria(scene, "SubjectStr:OU=Clients"), "matches_x500", words);
}

#[test]
fn a4_a_later_value_of_the_alternative_name() {
    let scene = || names(Scene::new(), &["pc1.contoso.com", "alias.contoso.com"]);
    let words =
        "a later value of the subject alternative name matches, `alias.contoso.com`, but only the first is used";
    for text in ["Subject:alias.contoso.com", "SubjectStr:alias", "SubjectAttr:2.5.29.17 = alias.contoso.com"] {
        says(criteria(scene(), text), "later_san_value", words);
        says_nothing(criteria(Scene::new(), text));
    }
}

#[test]
fn c5_criteria_of_the_site_do_not_search_the_alternative_name() {
    let scene = |text: &str| {
        let scene = names(Scene::new(), &["kiosk.contoso.com"]);
        criteria(scene, text).settings(|settings| settings.with(CriteriaSource::Site))
    };
    let words = "the subject alternative name matches, `kiosk.contoso.com`, but criteria of the site do not search it";
    says(scene("SubjectStr:kiosk"), "san_not_searched", words);
    let rejection = |scene: Scene| {
        let selector = scene.selector();
        let selection = selector.select(now());
        let verdict = selection.verdict(Scene::subject(&selector, "MY")).expect("a verdict");
        verdict.rejection().expect("a rejection").to_string()
    };
    let not_searched = "criteria of the site do not search its alternative names";
    assert!(rejection(scene("SubjectStr:nothing")).ends_with(not_searched));
    // Only `SubjectStr:` is bound by C-5.
    assert!(rejection(scene("Subject:nothing")).ends_with("alternative name `kiosk.contoso.com`"));
}

#[test]
fn p5_a_name_that_resembles_the_computers() {
    let words = "the name `pc10.contoso.com` resembles `PC1`, but is another";
    says(unusable(called("pc10.contoso.com")), "similar_name", words);
    says_nothing(unusable(called("kiosk.contoso.com")));
    // P-6: the subject does not contain the name; one that the name begins with is named.
    let newest = |scene: Scene| scene.settings(|settings| settings.with(Ruleset::Cb2107));
    says(newest(called("PC")), "similar_name", "the name `PC` resembles `PC1`, but is another");
    says_nothing(newest(called("kiosk")));
    // A fully qualified name where the NetBIOS name is due: the right one comes before any waiver.
    let written = |name: &str, cn: &str| {
        let pc1 = newest(called(cn)).selector();
        let (crls, cache) = (pc1.crls().as_ref().clone(), Arc::new(VerificationCache::new(toy_algorithms())));
        let machine = Machine::new(name);
        Selector::with_cache(Arc::clone(pc1.stores()), machine, pc1.settings().clone(), cache).with_crls(crls)
    };
    let qualified = |cn: &str| written("pc60.corp.contoso.com", cn);
    let words = "it would pass if the machine's `name` were `pc60`, with `pc60.corp.contoso.com` as its `fqdn`";
    assert_eq!(near(&qualified("PC60"), "MY"), Some(("fully_qualified_name", words.to_owned())));
    let planned = |selector: Selector| {
        let id = selector.ranked().next().expect("a certificate");
        let plan = selector.plan(id, now()).expect("a plan");
        plan.steps.iter().map(|step| (step.change.party().name(), step.change.to_string())).collect::<Vec<_>>()
    };
    let right = "write `pc60` as the machine's `name`, and `pc60.corp.contoso.com` as its `fqdn`";
    assert_eq!(planned(qualified("PC60")), [("input", right.to_owned())]);
    // The name of its account, as an export of the directory has it.
    let words = "it would pass if the machine's `name` were `PC60`: `CORP\\PC60$` is the name of its account";
    assert_eq!(near(&written("CORP\\PC60$", "PC60"), "MY"), Some(("account_name", words.to_owned())));
    assert_eq!(planned(written("CORP\\PC60$", "PC60")), [("input", "write `PC60` as the machine's `name`".to_owned())]);
    // Where the right name does not help, it is not offered.
    let waived = "waive the computer name in the subject: CCMCERTNAMECHECK=0";
    assert_eq!(planned(qualified("kiosk")), [("client", waived.to_owned())]);
    assert_eq!(near(&qualified("kiosk"), "MY"), None);
}

#[test]
fn i9_commas_where_real_clients_read_semicolons() {
    let scene = |text: &str| {
        let list = IssuersList::parse(text, IssuerSyntax::SemicolonOnly).expect("a list");
        let scene = Scene::new().settings(|settings| settings.with_issuers(list));
        scene.change(|scene| {
            scene.root.subject = Name::parse("CN=Contoso Root CA; C=US");
            scene.root.issuer = scene.root.subject.clone();
        })
    };
    let words = "the attributes are separated by commas; real clients were seen to read semicolons only";
    says(scene("CN=Contoso Root CA, C=US"), "comma_for_semicolon", words);
    says_nothing(scene("CN=Contoso Root CA, C=DE"));
}

#[test]
fn i7_another_path_ends_at_the_listed_root() {
    let issuing = || Cert::ca("CN=Issuing", Key::Toy(2)).serial(2);
    let other = || Cert::ca("CN=Contoso Root CA", Key::Toy(3));
    let begins = |cert: Cert, year: u32| cert.valid(&format!("{year}-01-01T00:00:00Z"), "2040-01-01T00:00:00Z");
    let newer = begins(issuing(), 2021).issued_by(&Cert::ca("CN=Newer Root CA", Key::Toy(4)));
    let older = begins(issuing(), 2020).issued_by(&other());
    let leaf = Cert::client("CN=PC1", Key::Rsa2048(0)).issued_by(&issuing());
    let mut stores = Stores::builder();
    stores.add_der("MY", &leaf).add_der("CA", &newer).add_der("CA", &older);
    stores
        .add_der("ROOT", &other().self_sign())
        .add_der("ROOT", &Cert::ca("CN=Newer Root CA", Key::Toy(4)).self_sign());
    let list: IssuersList = "CN=Contoso Root CA".parse().expect("a list");
    let settings = Settings::default().with(Ruleset::Cb1710).with(Revocation::Off).with_issuers(list);
    let cache = Arc::new(VerificationCache::new(toy_algorithms()));
    let selector = Selector::with_cache(stores.build(), Machine::new("PC1"), settings, cache);
    let thumbprint = ccmcertsel::Certificate::from_der(&other().self_sign()).expect("a certificate").thumbprint();
    let words = format!(
        "another path ends at the listed root `CN=Contoso Root CA` ({thumbprint}), but Windows builds this one: where they \
         part, its certificate is valid from 2021-01-01T00:00:00Z on, the other's from 2020-01-01T00:00:00Z on"
    );
    assert_eq!(near(&selector, "MY"), Some(("other_path", words)));
}
