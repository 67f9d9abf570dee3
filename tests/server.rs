//! Management points and gateways judge the example machines' certificates (rules M-1 to M-3).

use ccmcertsel::revocation::Crls;
use ccmcertsel::server::{
    CloudManagementGateway, ManagementPoint, Presented, RevocationScope, ServerJudgement, ServerRejection, ServerTrust,
    Side,
};
use ccmcertsel::settings::{IssuerSyntax, Revocation};
use ccmcertsel::text::IssuersList;
use ccmcertsel::{Certificate, Crl, Stores};
use std::path::{Path, PathBuf};
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

fn trust(has: Has) -> ServerTrust {
    let mut stores = Stores::builder();
    stores.add("ROOT", root());
    stores.add("ROOT", certificate("ROOT/fabrikam-device-root.cer"));
    if has != Has::NoIntermediate {
        stores.add("CA", issuing());
    }
    let trust = ServerTrust::new(stores.build());
    if has == Has::NoCrls { trust } else { trust.with_crls(crls()) }
}

fn management_point(has: Has) -> ManagementPoint {
    let list = IssuersList::parse("CN=Contoso Root CA; O=Contoso, Ltd; C=US", IssuerSyntax::Documented).unwrap();
    ManagementPoint::new("mp1", trust(has)).with_trust_list(list)
}

fn code(judgement: &ServerJudgement) -> &'static str {
    judgement.rejection().map_or("accepted", ServerRejection::code)
}

#[test]
fn m1_a_management_point_accepts_what_chains_to_its_trust_list() {
    let server = management_point(Has::Everything);
    let cases = [
        ("MY/02-workstation-renewed.cer", "accepted", None),
        ("MY/15-server-other-name.cer", "accepted", None), // purposes are the client's question
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
        let server = ManagementPoint::new("mp1", trust(Has::Everything)).with_trust_list(list);
        assert_eq!(code(&server.judge(&[certificate("MY/02-workstation-renewed.cer")], now())), expected);
    }
}

#[test]
fn m1_without_a_trust_list_every_trusted_root_is_accepted_with_a_warning() {
    let server = ManagementPoint::new("mp1", trust(Has::Everything));
    let judgement = server.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    assert!(judgement.is_accepted());
    assert_eq!(
        judgement.warnings()[0].to_string(),
        "there is no certificate trust list: client certificates of each of the 2 roots that the server trusts are accepted, \
         well-known public ones included"
    );
}

#[test]
fn m2_iis_always_checks_revocation() {
    let judgement = management_point(Has::NoCrls).judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    let Some(ServerRejection::Revocation { position: 0, failure, .. }) = judgement.rejection() else {
        panic!("{judgement:?}");
    };
    assert_eq!(failure.code(), "validity.revocation_unknown");
    let rejection = judgement.rejection().unwrap();
    assert_eq!((rejection.side(), rejection.rule().id()), (Side::Infrastructure, "M-2"));
    assert_eq!(rejection.advice(), "publish the CRLs where the server can get them");
}

#[test]
fn m2_a_gateway_checks_revocation_by_its_setting() {
    let leaf = certificate("MY/05-workstation-revoked.cer");
    let gateway = |revocation| CloudManagementGateway::new("cmg", trust(Has::Everything), revocation);
    assert_eq!(code(&gateway(Revocation::Check).judge(std::slice::from_ref(&leaf), now())), "server.revocation");
    let off = gateway(Revocation::Off).judge(&[leaf], now());
    assert!(off.is_accepted());
    assert_eq!(off.warnings()[0].code(), "server.revocation_not_verified");
}

#[test]
fn m2_a_gateway_needs_the_intermediates_itself() {
    let presented = [certificate("MY/02-workstation-renewed.cer"), issuing()];
    let mp = management_point(Has::NoIntermediate);
    assert_eq!(code(&mp.judge(&presented, now())), "accepted");
    let gateway = CloudManagementGateway::new("cmg", trust(Has::NoIntermediate), Revocation::Off);
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
    let gateway = CloudManagementGateway::new("cmg", trust(Has::Everything), Revocation::Check);
    let judgement = gateway.judge(&[certificate("MY/21-self-signed.cer")], now());
    assert!(judgement.warnings().iter().any(|warning| warning.code() == "server.revocation_not_published"));
    let with_http = gateway.judge(&[certificate("MY/02-workstation-renewed.cer")], now());
    assert!(with_http.is_accepted() && with_http.warnings().is_empty(), "{with_http:?}");
}

#[test]
fn m3_software_updates_do_not_check_revocation() {
    let checked = |scope: &RevocationScope| scope.revocation() == Revocation::Check;
    let unchecked: Vec<_> = RevocationScope::ALL.into_iter().filter(|scope| !checked(scope)).collect();
    assert_eq!(unchecked, [RevocationScope::SoftwareUpdates]);
    let fixed: Vec<_> = RevocationScope::ALL.into_iter().filter(|scope| !scope.can_be_changed()).collect();
    assert_eq!(fixed, [RevocationScope::ManagementPoint]);
}
