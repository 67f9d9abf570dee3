//! Criteria for a fleet do no machine any harm.

use super::scene::{Scene, now};
use crate::support::pki::*;
use crate::support::world::EntryRecipe;
use ccmcertsel::Selector;
use ccmcertsel::select::{FleetSuggestion, Goal, Obstacle};
use ccmcertsel::settings::Revocation;

/// A machine with a certificate of the wanted CA, and perhaps a server certificate of another, which ends later.
fn member(name: &str, server: Option<&str>) -> Selector {
    machine(name, server, true)
}

fn machine(name: &str, server: Option<&str>, wanted: bool) -> Selector {
    let authority = Cert::ca("CN=Server CA", Key::Toy(6));
    let mut more = vec![EntryRecipe::new("ROOT", authority.self_sign())];
    if let Some(server) = server {
        let server = Cert::client(server, Key::Toy(5))
            .replace(extension::eku(&["1.3.6.1.5.5.7.3.1"]))
            .valid("2025-01-01T00:00:00Z", "2028-01-01T00:00:00Z")
            .serial(5)
            .issued_by(&authority);
        more.push(EntryRecipe::new("MY", server));
    }
    let name = format!("{name}.contoso.com");
    Scene::new()
        .change(|scene| {
            scene.more.extend(more);
            scene.leaf.subject = format!("OU=Workstations; CN={name}").as_str().into();
            scene.leaf.issuer = scene.leaf.subject.clone();
            if !wanted {
                scene.leaf_store = "Elsewhere";
            }
        })
        .leaf(|leaf| leaf.replace(extension::san(&[San::dns(&name)])))
        .settings(|settings| settings.with_issuers(None).with(Revocation::Off))
        .selector()
}

fn suggested(mut suggestion: FleetSuggestion, machines: &[Selector]) -> (FleetSuggestion, Vec<String>) {
    machines.iter().for_each(|machine| suggestion.add(machine, now()));
    let texts = suggestion.criteria().iter().map(ToString::to_string).collect();
    (suggestion, texts)
}

fn fleet() -> FleetSuggestion {
    FleetSuggestion::new(Goal::Issuer("Contoso Issuing CA".to_owned()))
}

#[test]
fn a_machine_without_the_wanted_kind_is_skipped_and_counted() {
    let machines = [machine("pc0", None, false), member("pc1", None), machine("pc2", None, false), member("pc3", None)];
    let (suggestion, texts) = suggested(fleet(), &machines);
    assert_eq!((suggestion.machines(), suggestion.skipped(), suggestion.unchecked()), (4, 2, 0));
    assert_eq!(texts[0], "SubjectAttr:OU = Workstations");
    assert_eq!(suggestion.effects()[0].reached, 2);
    assert_eq!(suggestion.effects().len(), texts.len());
}

#[test]
fn the_end_of_every_name_comes_last() {
    let (_, texts) = suggested(fleet(), &[member("pc1", None), member("pc2", None)]);
    assert_eq!(texts.last().unwrap(), "SubjectStr:.com", "{texts:?}");
}

/// A machine that has this certificate alone, and trusts its CA.
fn only(authority: &Cert, leaf: Vec<u8>) -> Selector {
    Scene::new()
        .change(|scene| {
            scene.more.extend([EntryRecipe::new("MY", leaf), EntryRecipe::new("ROOT", authority.self_sign())]);
            scene.leaf_store = "Elsewhere";
        })
        .settings(|settings| settings.with_issuers(None).with(Revocation::Off))
        .selector()
}

/// Whoever reads that nothing is left reads why, and so whether to allow it.
#[test]
fn what_strikes_out_the_last_criteria_is_named() {
    let server = || {
        let authority = Cert::ca("CN=Server CA", Key::Toy(6));
        let leaf = Cert::client("OU=Workstations; CN=pc1.contoso.com", Key::Toy(5))
            .replace(extension::eku(&["1.3.6.1.5.5.7.3.1"]))
            .replace(extension::san(&[San::dns("pc1.contoso.com")]))
            .serial(5)
            .issued_by(&authority);
        only(&authority, leaf)
    };
    let (suggestion, texts) = suggested(fleet(), &[member("pc1", None), server()]);
    assert!(texts.is_empty(), "{texts:?}");
    assert_eq!(suggestion.struck_out_at(), Some(("PC1", &Obstacle::WithoutClientAuthentication)));
    assert_eq!((suggestion.met(), suggestion.seen()), (1, Vec::new()));
    let (suggestion, _) = suggested(fleet(), &[member("pc1", None), member("pc2", None)]);
    assert_eq!(suggestion.struck_out_at(), None);
    let (nobody, _) = suggested(fleet(), &[server(), machine("pc2", None, false)]);
    assert_eq!((nobody.met(), nobody.seen()), (0, vec![("Server CA", 1)]));
}

/// The machine that has only a server certificate would select it under what the others need.
#[test]
fn no_machine_selects_a_certificate_without_client_authentication() {
    let only_server = machine("srv1", Some("CN=srv1.contoso.com"), false);
    for machines in
        [[member("pc1", None), machine("srv1", Some("CN=srv1.contoso.com"), false)], [only_server, member("pc1", None)]]
    {
        let (_, texts) = suggested(fleet(), &machines);
        assert!(!texts.is_empty());
        assert!(texts.iter().all(|text| !text.contains(".contoso.com") || text.contains("pc1")), "{texts:?}");
        let (allowed, texts) = suggested(fleet().with_loss_allowed(), &machines);
        let at = texts.iter().position(|text| text == "SubjectStr:.contoso.com").expect("it is proposed");
        assert_eq!(allowed.effects()[at].without_client_authentication, 1);
    }
}

/// A machine without the wanted kind has another certificate, which is good: it must keep it.
#[test]
fn no_machine_loses_what_it_has() {
    let other = || {
        let authority = Cert::ca("CN=Other CA", Key::Toy(6));
        let leaf = Cert::client("CN=pc9.fabrikam.com", Key::Toy(5)).serial(5).issued_by(&authority);
        only(&authority, leaf)
    };
    let (suggestion, texts) = suggested(fleet(), &[member("pc1", None), other()]);
    assert!(texts.iter().all(|text| text == "SubjectStr:.com"), "{texts:?}");
    assert_eq!(suggestion.skipped(), 1);
    let (allowed, texts) = suggested(fleet().with_loss_allowed(), &[member("pc1", None), other()]);
    assert_eq!(texts[0], "SubjectAttr:OU = Workstations");
    assert_eq!(allowed.effects()[0].lost, 1);
}
