//! `openssl verify` as a second opinion on 240 generated chains with CRLs, where the command is present.
//!
//! One chain each, since OpenSSL takes the first issuer that fits and does not look for another. Left out are the two
//! things that it is known to judge otherwise: the last second of a validity period (OpenSSL: already over; rule V-1:
//! included), and dNSName constraints against a CN where there is no SAN (RFC 5280 has none).

use crate::support::hierarchy::seeded_bytes;
use crate::support::pki::*;
use arbitrary::{Result, Unstructured};
use ccmcertsel::settings::{EccKeys, Revocation, Ruleset};
use ccmcertsel::{Certificate, Coded, Crl, Crls, Machine, Selector, Settings, Stores, Timestamp};
use pem_rfc7468::LineEnding;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const NOW: &str = "2026-01-15T09:00:00Z";
const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// Root first, then the CAs beneath it, the certificate last; a CRL of each CA that has one.
struct Chain {
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    revocation: Revocation,
}

fn chain(u: &mut Unstructured<'_>) -> Result<Chain> {
    let mut issuer = Cert::ca("CN=Root", Key::P256(0));
    let mut chain = Chain {
        certificates: vec![issuer.self_sign()],
        crls: Vec::new(),
        revocation: if u.ratio(3, 4)? { Revocation::Check } else { Revocation::Off },
    };
    for level in 1..=u.int_in_range(0..=2u32)? {
        let ca = Cert::ca(format!("CN=CA {level}").as_str(), Key::P256(level)).serial(level.into());
        let ca = ca_mistakes(u, ca)?;
        chain.certificates.push(signature_mistakes(u, ca.clone())?.issued_by(&issuer));
        chain.crls.extend(crl(u, &issuer, level.into())?);
        issuer = ca;
    }
    let name = if u.ratio(4, 5)? { "pc1.contoso.com" } else { "pc1.fabrikam.com" };
    let mut leaf = Cert::client("CN=PC1", Key::P256(9)).serial(9).with(extension::san(&[San::dns(name)]));
    if u.ratio(1, 12)? {
        leaf = leaf.replace(extension::eku(&[SERVER_AUTH]));
    }
    if u.ratio(1, 12)? {
        leaf = leaf.with(extension::unknown().critical());
    }
    leaf = out_of_date(u, leaf)?;
    chain.certificates.push(signature_mistakes(u, leaf)?.issued_by(&issuer));
    chain.crls.extend(crl(u, &issuer, 9)?);
    Ok(chain)
}

fn ca_mistakes(u: &mut Unstructured<'_>, ca: Cert) -> Result<Cert> {
    let ca = match u.int_in_range(0..=24)? {
        0 => ca.replace(extension::basic_constraints(false, None)),
        1 => ca.without("2.5.29.19"),
        2..=4 => ca.replace(extension::basic_constraints(true, Some(0))),
        5 => ca.replace(extension::key_usage(&[extension::usage::CRL_SIGN])),
        6 => ca.replace(extension::key_usage(&[extension::usage::KEY_CERT_SIGN])),
        7 => ca.with(extension::eku(&[SERVER_AUTH])),
        8 => ca.with(extension::eku(&[SERVER_AUTH, extension::CLIENT_AUTH])),
        9 => ca.with(extension::unknown().critical()),
        10 | 11 => ca.with(extension::name_constraints(&[San::dns("contoso.com").into()], &[])),
        12 => ca.with(extension::name_constraints(&[], &[San::dns("contoso.com").into()])),
        _ => ca,
    };
    out_of_date(u, ca)
}

fn signature_mistakes(u: &mut Unstructured<'_>, cert: Cert) -> Result<Cert> {
    let damaged = u.ratio(1, 25)?;
    Ok(cert.change(|cert| cert.damaged_signature = damaged))
}

fn out_of_date(u: &mut Unstructured<'_>, cert: Cert) -> Result<Cert> {
    Ok(match u.int_in_range(0..=20)? {
        0 => cert.valid("2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        1 => cert.valid("2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        _ => cert,
    })
}

/// The CRL of a CA about a certificate that it issued: mostly a good one.
fn crl(u: &mut Unstructured<'_>, ca: &Cert, serial: i128) -> Result<Option<Vec<u8>>> {
    let good = CrlBuilder::of(ca, 1).current("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").revoke(77);
    Ok(Some(match u.int_in_range(0..=15)? {
        0 => return Ok(None),
        1 => good.current("2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z").sign(ca.key),
        2 => good.current("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z").sign(ca.key),
        3 | 4 => good.revoke(serial).sign(ca.key),
        5 => good.entry(Entry::on_hold(serial)).sign(ca.key),
        6 => good.change(|crl| crl.damaged_signature = true).sign(ca.key),
        7 => good.sign(Key::P256(50)),
        8 => good.with(extension::unknown().critical()).sign(ca.key),
        _ => good.sign(ca.key),
    }))
}

/// The code of our rejection; `None` when the certificate is selected.
fn ours(chain: &Chain) -> Option<&'static str> {
    let mut builder = Stores::builder();
    let (root, rest) = chain.certificates.split_first().expect("a root");
    let (leaf, cas) = rest.split_last().expect("a leaf");
    builder.add_der("MY", leaf).add_der("ROOT", root);
    for ca in cas {
        builder.add_der("CA", ca);
    }
    let stores = builder.build();
    let id = stores.find(&Certificate::from_der(leaf).expect("it decodes").thumbprint()).expect("it was added");
    let settings = Settings::ccm_setup()
        .with(Ruleset::Cb2107)
        .with(ccmcertsel::settings::NameCheck::Waived)
        .with(EccKeys::Accept)
        .with(chain.revocation);
    let crls = Crls::new(chain.crls.iter().map(|der| Crl::from_der(der).expect("it decodes")));
    let now: Timestamp = NOW.parse().expect("RFC 3339");
    let selection = Selector::new(stores, Machine::new("PC1"), settings).with_crls(crls).select(now);
    selection.verdict(id).expect("it is in the store").rejection().map(|rejection| rejection.code())
}

fn pem(label: &str, ders: &[Vec<u8>]) -> String {
    ders.iter().map(|der| pem_rfc7468::encode_string(label, LineEnding::LF, der).expect("it fits")).collect()
}

/// Whether `openssl verify` accepts, and what it prints.
fn openssl(chain: &Chain, folder: &Path) -> (bool, String) {
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a temporary file");
        path
    };
    let (root, rest) = chain.certificates.split_at(1);
    let (cas, leaf) = rest.split_at(rest.len() - 1);
    let mut command = Command::new("openssl");
    command.args(["verify", "-purpose", "sslclient", "-no-CApath", "-no-CAstore", "-attime"]);
    command.arg(instant(NOW).to_string());
    command.arg("-CAfile").arg(write("root.pem", pem("CERTIFICATE", root)));
    if !cas.is_empty() {
        command.arg("-untrusted").arg(write("cas.pem", pem("CERTIFICATE", cas)));
    }
    if chain.revocation == Revocation::Check {
        command.arg("-crl_check_all");
        if !chain.crls.is_empty() {
            command.arg("-CRLfile").arg(write("crls.pem", pem("X509 CRL", &chain.crls)));
        }
    }
    let output = command.arg(write("leaf.pem", pem("CERTIFICATE", leaf))).output().expect("it starts");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn v5_v9_openssl_judges_240_chains_alike() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("the comparison with `openssl verify` was not run: the command is not there");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..240 {
        let bytes = seeded_bytes(seed, 256);
        let chain = chain(&mut Unstructured::new(&bytes)).expect("enough bytes");
        let (ours, (accepted, said)) = (ours(&chain), openssl(&chain, folder.path()));
        assert_eq!(ours.is_none(), accepted, "seed {seed}: {ours:?} against {said}");
        *tally.entry(ours.unwrap_or("valid")).or_default() += 1;
    }
    println!("240 chains judged alike: {tally:?}");
}
