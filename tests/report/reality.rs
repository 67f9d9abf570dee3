//! Logs written from generated machines are read back and agree with the prediction, and differ where something is taken
//! away; published pieces of logs are read.

use super::scene::{Scene, now, report, selector};
use crate::support::pki::*;
use crate::support::world::{Recipe, recipe, seeded};
use arbitrary::Unstructured;
use ccmcertsel::report::log::{LogOptions, render};
use ccmcertsel::report::reality::{Agreement, LogReading, RealityComparison, compare};
use ccmcertsel::{DeviceKind, Hresult, IssuersList, Selector};

const DAY: u64 = 86_400;

fn log_of(selector: &Selector, recipe: &Recipe) -> String {
    render(&report(selector, selector.select(recipe.now)), LogOptions::default())
}

fn compared(log: &str, selector: &Selector, recipe: &Recipe) -> RealityComparison {
    let reading = LogReading::of(log);
    assert_eq!(reading.passes().len(), 1, "{log}");
    compare(reading.last().expect("a selection"), &report(selector, selector.select(recipe.now)), DAY)
}

#[test]
fn logs_of_200_generated_machines_are_read_back_and_agree() {
    let (mut selected, mut removed) = (0, 0);
    let machines = (0..).map(|seed| {
        let bytes = seeded(seed);
        recipe(&mut Unstructured::new(&bytes)).expect("a machine")
    });
    // No other device has the stages that a log tells of (rule R-4).
    for recipe in machines.filter(|recipe| recipe.machine.device() == DeviceKind::Windows).take(200) {
        let selector = selector(&recipe);
        let log = log_of(&selector, &recipe);
        let comparison = compared(&log, &selector, &recipe);
        assert_eq!(comparison.agreement(), Agreement::Agrees, "{:#?}\n{log}", comparison.items());
        // The same log, and a machine that lacks the selected certificate.
        let Some(id) = selector.select(recipe.now).selected() else { continue };
        selected += 1;
        let der = selector.stores().get(id).expect("a certificate").certificate().as_der().to_vec();
        let mut without = recipe.clone();
        without.entries.retain(|entry| entry.der != der);
        let other = super::scene::selector(&without);
        let comparison = compared(&log, &other, &without);
        assert_eq!(comparison.agreement(), Agreement::Differs, "{:#?}", comparison.items());
        let outcome = comparison.items().last().expect("the outcome");
        assert_eq!((outcome.subject.as_str(), outcome.agreement), ("outcome", Agreement::Differs));
        // A log of a client with a list that never met a certificate which stands in the store.
        if recipe.settings.issuers().is_some() {
            removed += 1;
            let shorter = log_of(&other, &without);
            let comparison = compared(&shorter, &selector, &recipe);
            assert!(comparison.items().iter().any(|item| item.log == "not met"), "{:#?}", comparison.items());
            assert_eq!(comparison.agreement(), Agreement::Differs);
        }
    }
    assert!(selected > 10 && removed > 1, "{selected} selected, {removed} with a list");
}

#[test]
fn another_time_and_another_inventory_are_not_comparable() {
    let recipe = Scene::new().recipe();
    let one = selector(&recipe);
    let log = log_of(&one, &recipe);
    let reading = LogReading::of(&log);
    let pass = reading.last().expect("a selection");
    let later = ccmcertsel::Timestamp::from_unix_seconds(now().unix_seconds() + 2 * 86_400);
    let comparison = compare(pass, &report(&one, one.select(later)), DAY);
    assert_eq!(comparison.agreement(), Agreement::NotComparable);
    assert_eq!(comparison.items()[0].subject, "time");
    assert_eq!(compare(pass, &report(&one, one.select(later)), 3 * DAY).agreement(), Agreement::Agrees);

    // The client met a certificate, not the selected one, that the inventory lacks.
    let expired = Cert::client("CN=old.contoso.com", Key::Toy(5)).valid("2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z");
    let richer = Scene::new().with_leaf("MY", expired.serial(44)).recipe();
    let comparison = compared(&log_of(&selector(&richer), &richer), &one, &recipe);
    assert_eq!(comparison.agreement(), Agreement::NotComparable, "{:#?}", comparison.items());
}

#[test]
fn another_issuers_list_and_another_chain_result_differ() {
    let recipe = Scene::new().recipe();
    let log = log_of(&selector(&recipe), &recipe);
    let list: IssuersList = "CN=Contoso Root CA | CN=Other".parse().expect("a list");
    let other = Scene::new().settings(|settings| settings.with_issuers(list)).recipe();
    let comparison = compared(&log, &selector(&other), &other);
    let differing: Vec<&str> = comparison
        .items()
        .iter()
        .filter(|item| item.agreement == Agreement::Differs)
        .map(|item| item.subject.as_str())
        .collect();
    assert_eq!(differing, ["issuers list"], "{:#?}", comparison.items());
    let revoked = Scene::new().change(|scene| scene.crl = scene.crl.take().map(|crl| crl.revoke(3))).recipe();
    let comparison = compared(&log, &selector(&revoked), &revoked);
    let item = comparison.items().iter().find(|item| item.log.contains("00000000")).expect("the chain");
    assert_eq!(item.agreement, Agreement::Differs);
    assert!(item.predicted.contains("revoked"), "{item:?}");
}

/// Pieces of logs as published, names and thumbprints replaced by their publishers.
#[test]
fn published_pieces_are_read() {
    let verbose = "Begin searching client certificates based on Certificate Issuers\n\
        Certificate Issuer 1 [CN=Contoso Root CA]\n\
        Analyzing 1 Chain(s) found\n\
        Chain has Certificate [Thumbprint T5] issued to [] issued by [CN=Contoso Issuing CA v1; DC=AD; DC=local]\n\
        Based on Certificate Issuer 'CN=Contoso Root CA' found Certificate [Thumbprint T5] issued to 'Client1.AD.local'\n\
        Begin validation of Certificate [Thumbprint T5] issued to 'Client1.AD.local'\n\
        CRL check enabled. \n\
        Verification of Certificate chain returned 00000000\n\
        Completed validation of Certificate [Thumbprint T5] issued to 'Client1.AD.local'\n\
        Skipping Certificate [Thumbprint T2] issued to '127.0.0.1' as root is 'CN=Fabrikam Local Authority, C=DE'\n\
        Completed searching client certificates based on Certificate Issuers\n\
        Begin to select client certificate\n\
        The 'Certificate Selection Criteria' was not specified, counting number of certificates present in 'MY' store of 'Local Computer'.\n\
        The Certificate [Thumbprint T6] issued to 'Client1.AD.local' has 'Client Authentication' capability.\n\
        Completed validation of Certificate [Thumbprint T6] issued to 'Client1.AD.local'\n\
        >>> Client selected the PKI Certificate [Thumbprint T6] issued to 'Client1.AD.local'\n\
        SSL, using authenticator in request.\n";
    let reading = LogReading::of(verbose);
    let pass = reading.last().expect("a selection");
    assert_eq!((reading.passes().len(), reading.known_lines(), reading.unknown_lines()), (1, 16, 1));
    assert_eq!((pass.selected(), pass.store(), pass.is_complete()), (Some("T6"), Some("MY"), true));
    let seen: Vec<_> = pass.certificates().iter().map(|seen| (seen.thumbprint.as_str(), seen.chain_result)).collect();
    assert_eq!(seen, [("T5", Some(0)), ("T2", None), ("T6", None)]);
    assert!(pass.certificates()[2].client_authentication);

    let startup = "[----- STARTUP -----]\nMachine: PCNAME\nHTTPS is enforced for Client. The current state is 63.\n\
        Begin searching client certificates based on Certificate Issuers\n\
        Certificate Issuer 1 [CN=ContosoRootCA]\nCertificate Issuer 2 [CN=ContosoSubCA; DC=corp; DC=contoso; DC=com]\n\
        Based on Certificate Issuer 'CN=ContosoRootCA' found Certificate [Thumbprint T1] issued to 'PCNAME.DOMAIN'\n";
    let reading = LogReading::of(startup);
    let pass = reading.last().expect("a selection");
    assert_eq!(pass.issuers().map(<[String]>::len), Some(2));
    assert_eq!((pass.has_ended(), pass.certificates()[0].found.as_deref()), (false, Some("CN=ContosoRootCA")));

    let expired = "Begin validation of Certificate [Thumbprint T1] issued to 'CL2'\n\
        Certificate [Thumbprint T1] issued to 'CL2' has expired.\n\
        Completed validation of Certificate [Thumbprint T1] issued to 'CL2'\n";
    assert!(LogReading::of(expired).passes()[0].certificates()[0].expired);
    let none = LogReading::of("Begin to select client certificate\nreturned error 0x87D00283\n");
    assert_eq!(none.passes()[0].result(), Some(Hresult::PRIVATE_KEY_MISSING));
}
