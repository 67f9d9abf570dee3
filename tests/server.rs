//! Management points and gateways judge the example machines' certificates (rules M-1 to M-5).

use crate::support::pki::{Cert, Key, extension};
use ccmcertsel::revocation::Crls;
use ccmcertsel::server::{IisStatus, Presented, RevocationScope, Server, ServerJudgement, ServerRejection, Side};
use ccmcertsel::settings::{IssuerSyntax, Revocation};
use ccmcertsel::text::IssuersList;
use ccmcertsel::{Certificate, Coded, Crl, Stores};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use time::OffsetDateTime;

/// 2026-01-15T09:00:00Z, as in the machines' `machine.toml`.
fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_768_467_600).unwrap()
}

fn machine(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/machines/contoso-pc1").join(path)
}

fn certificate(path: &str) -> Certificate {
    let bytes = std::fs::read(machine(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Certificate::from_der(&bytes).unwrap()
}

fn root() -> Certificate {
    certificate("ROOT/contoso-root-ca.cer")
}

fn issuing() -> Certificate {
    certificate("CA/contoso-issuing-ca-1.cer")
}

fn crls() -> Crls {
    let files = std::fs::read_dir(machine("crl")).unwrap();
    Crls::new(files.map(|file| Crl::from_der(&std::fs::read(file.unwrap().path()).unwrap()).unwrap()))
}

#[derive(Clone, Copy, PartialEq)]
enum Has {
    Everything,
    NoIntermediate,
    NoCrls,
}

fn stores(has: Has) -> Arc<Stores> {
    let mut stores = Stores::builder();
    stores.add("ROOT", root());
    stores.add("ROOT", certificate("ROOT/fabrikam-device-root.cer"));
    if has != Has::NoIntermediate {
        stores.add("CA", issuing());
    }
    Arc::new(stores.build())
}

/// The kind of server with what it has.
fn server(kind: fn(Arc<Stores>) -> Server, has: Has) -> Server {
    let server = kind(stores(has));
    if has == Has::NoCrls { server } else { server.with_crls(crls()) }
}

fn gateway(has: Has, revocation: Revocation) -> Server {
    server(Server::cloud_management_gateway, has).with_revocation(revocation)
}

fn management_point(has: Has) -> Server {
    let list = IssuersList::parse("CN=Contoso Root CA; O=Contoso, Ltd; C=US", IssuerSyntax::Documented).unwrap();
    server(Server::management_point, has).with_trust_list(list)
}

fn code(judgement: &ServerJudgement) -> &'static str {
    judgement.rejection().map_or("accepted", ServerRejection::code)
}

#[test]
fn m1_a_management_point_accepts_what_chains_to_its_trust_list() {
    let server = management_point(Has::Everything);
    let cases = [
        ("MY/02-workstation-renewed.cer", "accepted", None),
        ("MY/15-server-other-name.cer", "server.not_client_auth", Some(Side::Client)),
        ("MY/03-workstation-expired.cer", "server.expired", Some(Side::Client)),
        ("MY/09-workstation-not-yet-valid.cer", "server.not_yet_valid", Some(Side::Client)),
        ("MY/20-wrong-root.cer", "server.not_in_trust_list", Some(Side::Server)),
        ("MY/22-ms-organization-access.cer", "server.issuer_missing", Some(Side::Server)),
        ("MY/05-workstation-revoked.cer", "server.revocation", Some(Side::Client)),
        ("MY/06-workstation-on-hold.cer", "server.revocation", Some(Side::Client)),
    ];
    for (file, expected, side) in cases {
        let judgement = server.judge(&[certificate(file)], now());
        assert_eq!(code(&judgement), expected, "{file}: {:?}", judgement.rejection());
        assert_eq!(judgement.rejection().map(ServerRejection::side), side, "{file}");
        assert_eq!(judgement.is_accepted(), expected == "accepted");
        assert!(judgement.warnings().iter().all(|warning| warning.code() != "server.no_trust_list"));
    }
    let accepted = server.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    assert_eq!(accepted.chain().len(), 3);
    assert_eq!(code(&server.judge(&[], now())), "server.no_certificate");
}

#[test]
fn m1_a_trust_list_of_certificates_tells_roots_of_one_name_apart() {
    let other_key = machine("../issuers-by-certificate/ROOT/contoso-root-ca-other-key.cer");
    let other_key = Certificate::from_der(&std::fs::read(other_key).unwrap()).unwrap();
    for (listed, expected) in [(root(), "accepted"), (other_key, "server.not_in_trust_list")] {
        let list = IssuersList::from_certificates([&listed]).unwrap();
        let server = server(Server::management_point, Has::Everything).with_trust_list(list);
        assert_eq!(code(&server.judge(&[certificate("MY/02-workstation-renewed.cer")], now())), expected);
    }
}

#[test]
fn m1_without_a_trust_list_every_trusted_root_is_accepted_with_a_warning() {
    let server = server(Server::management_point, Has::Everything);
    let judgement = server.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    assert!(judgement.is_accepted());
    assert_eq!(
        judgement.warnings()[0].to_string(),
        "there is no certificate trust list: client certificates of every root that the server trusts (2) are accepted, \
         well-known public ones included"
    );
}

#[test]
fn m2_iis_always_checks_revocation() {
    let told_not_to = management_point(Has::NoCrls).with_revocation(Revocation::Off);
    let judgement = told_not_to.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    let Some(ServerRejection::Revocation { position: 1, failure, .. }) = judgement.rejection() else {
        panic!("{judgement:?}");
    };
    assert_eq!(failure.code(), "validity.revocation_unknown");
    let rejection = judgement.rejection().unwrap();
    assert_eq!((rejection.side(), rejection.rule().id()), (Side::Infrastructure, "M-2"));
    assert_eq!(rejection.advice(), "publish the CRLs where the server can get them");
    // Each certificate whose CRL is missing is named, not the first alone.
    let said = rejection.to_string();
    assert!(said.starts_with("the CA certificate ") && said.contains("; the certificate: revocation status"), "{said}");
}

/// Where one CRL is missing and another lists the certificate, the missing one does not make the server accept.
#[test]
fn m2_what_a_crl_lists_stays_refused_where_another_crl_is_missing() {
    let leaf = certificate("MY/05-workstation-revoked.cer");
    let read = |name: &str| Crl::from_der(&std::fs::read(machine(name)).unwrap()).unwrap();
    let crls = ["crl/Contoso Issuing CA 1.crl", "crl/Contoso Issuing CA 1+.crl"].map(read);
    let server = server(Server::management_point, Has::NoCrls).with_crls(Crls::new(crls));
    assert_eq!(code(&server.judge(std::slice::from_ref(&leaf), now())), "server.revocation");
    assert_eq!(server.remedy(&[leaf], &[], now()), None);
    assert!(server.remedy(&[certificate("MY/02-workstation-renewed.cer")], &[], now()).is_some());
}

#[test]
fn m2_a_gateway_checks_revocation_by_its_setting() {
    let leaf = certificate("MY/05-workstation-revoked.cer");
    assert_eq!(
        code(&gateway(Has::Everything, Revocation::Check).judge(std::slice::from_ref(&leaf), now())),
        "server.revocation"
    );
    let off = gateway(Has::Everything, Revocation::Off).judge(&[leaf], now());
    assert!(off.is_accepted());
    assert_eq!(off.warnings()[0].code(), "server.revocation_not_verified");
}

#[test]
fn m2_a_gateway_needs_the_intermediates_itself() {
    let presented = [certificate("MY/02-workstation-renewed.cer"), issuing()];
    let mp = management_point(Has::NoIntermediate);
    assert_eq!(code(&mp.judge(&presented, now())), "accepted");
    let gateway = gateway(Has::NoIntermediate, Revocation::Off);
    for (chain, expected) in [(&presented[..], Presented::ByClient), (&presented[..1], Presented::Nowhere)] {
        let judgement = gateway.judge(chain, now());
        let Some(ServerRejection::IssuerMissing { presented, issuer, .. }) = judgement.rejection() else {
            panic!("{judgement:?}");
        };
        assert_eq!(*presented, expected);
        assert_eq!(issuer.common_names().next(), Some("Contoso Issuing CA 1"));
    }
}

#[test]
fn m2_a_certificate_whose_crls_are_not_on_the_internet_warns() {
    let gateway = gateway(Has::Everything, Revocation::Check);
    let judgement = gateway.judge(&[certificate("MY/21-self-signed.cer")], now());
    assert!(judgement.warnings().iter().any(|warning| warning.code() == "server.revocation_not_published"));
    let with_http = gateway.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    assert!(with_http.is_accepted() && with_http.warnings().is_empty(), "{with_http:?}");
}

#[test]
fn m3_software_updates_do_not_check_revocation() {
    let checked = |scope: &RevocationScope| scope.revocation() == Revocation::Check;
    let unchecked: Vec<_> = RevocationScope::ALL.into_iter().filter(|scope| !checked(scope)).collect();
    assert_eq!(unchecked, [RevocationScope::SoftwareUpdates, RevocationScope::OutOfBandManagement]);
}

fn status(judgement: &ServerJudgement) -> &'static str {
    judgement.status().map_or("200", IisStatus::code)
}

#[test]
fn m4_a_refusal_names_the_status_of_the_web_servers_log() {
    let server = management_point(Has::Everything);
    for (file, expected) in [
        ("MY/02-workstation-renewed.cer", "200"),
        ("MY/03-workstation-expired.cer", "403.17"),
        ("MY/09-workstation-not-yet-valid.cer", "403.17"),
        ("MY/20-wrong-root.cer", "403.16"),
        ("MY/22-ms-organization-access.cer", "403.16"),
        ("MY/05-workstation-revoked.cer", "403.13"),
        ("MY/06-workstation-on-hold.cer", "403.13"),
        ("MY/15-server-other-name.cer", "403.7"), // M-5: it does not reach the web server
    ] {
        assert_eq!(status(&server.judge(&[certificate(file)], now())), expected, "{file}");
    }
    assert_eq!(status(&server.judge(&[], now())), "403.7");
    let unknown = management_point(Has::NoCrls).judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    assert_eq!(status(&unknown), "403.13");
}

#[test]
fn m4_a_certificate_in_root_that_is_not_self_signed_refuses_every_client() {
    let mut stores = Stores::builder();
    stores.add("ROOT", root());
    stores.add("ROOT", issuing());
    let stores = Arc::new(stores.build());
    let judgement = Server::management_point(Arc::clone(&stores))
        .with_crls(crls())
        .judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    let Some(rejection @ ServerRejection::RootNotSelfSigned { thumbprint, count: 1, .. }) = judgement.rejection()
    else {
        panic!("{judgement:?}");
    };
    assert_eq!((*thumbprint, status(&judgement)), (issuing().thumbprint(), "403.16"));
    assert_eq!((rejection.side(), rejection.rule().id()), (Side::Server, "M-4"));
    let thumbprint = issuing().thumbprint();
    assert_eq!(
        rejection.to_string(),
        format!(
            "`{}` ({thumbprint}) in the server's `ROOT` is not self-signed: IIS then refuses every client certificate, with \
             403.7 in place of 403.16 where it sends its trusted issuers",
            issuing().subject()
        )
    );
    assert_eq!(
        rejection.advice(),
        format!("move {thumbprint} from the server's store `ROOT` to `CA`: only roots belong into `ROOT`")
    );
    // What was uploaded to a gateway is no store of a web server.
    let gateway = Server::cloud_management_gateway(stores).with_crls(crls()).with_revocation(Revocation::Off);
    let judgement = gateway.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    assert_ne!(code(&judgement), "server.root_not_self_signed");
}

#[test]
fn m4_a_certificate_in_the_servers_disallowed_has_its_own_advice() {
    let leaf = certificate("MY/02-workstation-renewed.cer");
    for (disallowed, who) in [(leaf.clone(), "the client's certificate"), (issuing(), "the CA's certificate")] {
        let mut stores = Stores::builder();
        stores.add("ROOT", root());
        stores.add("CA", issuing());
        stores.add("Disallowed", disallowed);
        let stores = Arc::new(stores.build());
        let judgement = Server::management_point(stores).with_crls(crls()).judge(std::slice::from_ref(&leaf), now());
        let rejection = judgement.rejection().expect("a refusal");
        assert_eq!((rejection.cause(), rejection.side()), ("validity.disallowed", Side::Server));
        assert!(rejection.advice().starts_with(&format!("remove {who} from")), "{}", rejection.advice());
        assert_eq!(status(&judgement), "403.16");
    }
}

#[test]
fn m1_a_trust_list_that_differs_in_case_only_is_a_near_miss() {
    let list = IssuersList::parse("CN=Contoso root CA", IssuerSyntax::Documented).unwrap();
    let server = server(Server::management_point, Has::Everything).with_trust_list(list);
    let judgement = server.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    let rejection = judgement.rejection().expect("a refusal");
    assert_eq!(rejection.code(), "server.not_in_trust_list");
    assert!(rejection.to_string().contains("near miss: differs only in case"), "{rejection}");
    assert_eq!(
        rejection.advice(),
        "write the entry of the certificate trust list as the root has its name: case counts"
    );
}

#[test]
fn m2_a_gateway_without_crls_names_both_ways_out() {
    let gateway = gateway(Has::NoCrls, Revocation::Check);
    let judgement = gateway.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    let advice = judgement.rejection().expect("a refusal").advice();
    assert!(advice.contains("publish the CRLs on the Internet"), "{advice}");
    assert!(advice.contains("turn off \"verify client certificate revocation\""), "{advice}");
}

/// Whoever has no trust list is given none: neither what is said nor what is advised knows of it.
#[test]
fn m1_a_trust_list_is_a_management_points_alone() {
    let ca = Cert::ca("CN=Contoso Code Signing Root", Key::P256(0));
    let der = |cert: Vec<u8>| Certificate::from_der(&cert).unwrap();
    let usages = extension::eku(&["1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.2"]);
    let leaf = [der(Cert::client("CN=Updates", Key::P256(1)).replace(usages).issued_by(&ca))];
    let list = IssuersList::parse("CN=Another Root", IssuerSyntax::Documented).unwrap();
    for kind in [Server::software_updates as fn(Arc<Stores>) -> Server, Server::cloud_management_gateway] {
        let without = kind(Arc::new(Stores::builder().build())).with_revocation(Revocation::Off);
        let with = without.clone().with_trust_list(list.clone());
        assert_eq!(with.judge(&leaf, now()), without.judge(&leaf, now()));
        let chain = [der(ca.clone().self_sign())];
        let remedy = without.remedy(&leaf, &chain, now()).expect("the root can be given");
        assert_eq!(with.remedy(&leaf, &chain, now()), Some(remedy));
    }
}

#[test]
fn m3_the_signer_of_software_updates_is_judged_like_any() {
    let ca = Cert::ca("CN=Contoso Code Signing Root", Key::P256(0));
    let der = |cert: Vec<u8>| Certificate::from_der(&cert).unwrap();
    let signer = Cert::client("CN=Updates", Key::P256(1)).replace(extension::eku(&["1.3.6.1.5.5.7.3.3"]));
    let mut stores = Stores::builder();
    stores.add("ROOT", der(ca.clone().self_sign()));
    let updates = Server::software_updates(stores.build());
    let good = der(signer.clone().issued_by(&ca));
    let accepted = updates.judge(std::slice::from_ref(&good), now());
    assert!(accepted.is_accepted(), "{accepted:?}");
    assert_eq!(accepted.warnings()[0].code(), "server.signatures_not_checked");

    let checked = updates.clone().with_revocation(Revocation::Check).judge(&[good], now());
    assert_eq!(checked.rejection().map(ServerRejection::cause), Some("validity.no_distribution_point"), "{checked:?}");
    assert_eq!((checked.rejection().unwrap().rule().id(), checked.status()), ("M-3", None));
    assert!(checked.warnings().is_empty());

    let client = der(Cert::client("CN=PC1", Key::P256(2)).issued_by(&ca));
    assert_eq!(code(&updates.judge(&[client], now())), "server.not_code_signing");
    let stranger = der(signer.issued_by(&Cert::ca("CN=Fabrikam Root", Key::P256(3))));
    assert_eq!(code(&updates.judge(&[stranger], now())), "server.issuer_missing");
}

#[test]
fn m2_a_root_that_the_server_does_not_trust_is_called_one() {
    let mut stores = Stores::builder();
    stores.add("ROOT", certificate("ROOT/fabrikam-device-root.cer"));
    stores.add("CA", issuing());
    let stores = Arc::new(stores.build());
    let (leaf, chain) = ([certificate("MY/02-workstation-renewed.cer")], [issuing(), root()]);
    for (listed, advice) in [
        ("CN=Fabrikam Device Root", "import the root `Contoso Root CA` there and in the site's list"),
        ("CN=Contoso Root CA", "import the root `Contoso Root CA` there"),
    ] {
        let list = IssuersList::parse(listed, IssuerSyntax::Documented).unwrap();
        let server = Server::management_point(Arc::clone(&stores)).with_crls(crls()).with_trust_list(list);
        let judgement = server.judge(&leaf, now());
        let rejection = judgement.rejection().expect("a refusal");
        assert_eq!(rejection.sentence(&chain), "it does not trust the root `Contoso Root CA`");
        // Who does not know the client's chain does not know what the missing one is.
        let unknown = format!("it does not have the CA certificate `{}`, which issued", root().subject());
        assert!(rejection.sentence(&[]).starts_with(&unknown), "{rejection}");
        let remedy = server.remedy(&leaf, &chain, now()).expect("a remedy");
        assert_eq!(remedy, [advice], "{listed}");
    }
    let gateway = Server::cloud_management_gateway(stores).with_crls(crls()).with_revocation(Revocation::Off);
    let remedy = gateway.remedy(&leaf, &chain, now()).expect("a remedy");
    assert_eq!(remedy, ["upload the root `Contoso Root CA` to the gateway"]);

    // What the client presents a management point has already, and a gateway does not use. Each is named once.
    let presented = [leaf[0].clone(), issuing()];
    let mut stores = Stores::builder();
    stores.add("ROOT", certificate("ROOT/fabrikam-device-root.cer"));
    let stores = Arc::new(stores.build());
    let remedy = Server::management_point(Arc::clone(&stores))
        .with_crls(crls())
        .remedy(&presented, &chain, now())
        .expect("a remedy");
    assert_eq!(remedy, ["import the root `Contoso Root CA` there"]);
    let remedy = Server::cloud_management_gateway(stores).with_crls(crls()).with_revocation(Revocation::Off).remedy(
        &presented,
        &chain,
        now(),
    );
    let both = "upload the root `Contoso Root CA` to the gateway; upload the CA certificate `Contoso Issuing CA 1` to the \
                gateway";
    assert_eq!(remedy.expect("a remedy"), [both]);
}
