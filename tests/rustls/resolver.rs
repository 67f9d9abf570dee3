//! Against a rustls server that requires client certificates and sends the names of its CAs.

use super::peer::{self, LISTED, NOW, PATIENCE, Told};
use ccmcertsel::rustls::{ClientCertResolver, Hints, ResolverError};
use ccmcertsel::{Machine, Settings, Thumbprint};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

#[derive(Debug)]
struct FixedTime;

impl TimeProvider for FixedTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(NOW as u64)))
    }
}

/// Which root the server trusts and names.
#[derive(Clone, Copy)]
enum Names {
    Contoso,
    Somebody,
}

fn roots(names: Names) -> RootCertStore {
    let mut store = RootCertStore::empty();
    match names {
        Names::Contoso => {
            for root in CertificateDer::pem_file_iter(peer::machine("ROOT/roots.pem")).unwrap() {
                store.add(root.unwrap()).unwrap();
            }
        }
        Names::Somebody => {
            let key = rcgen::KeyPair::generate().unwrap();
            let mut ca = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
            ca.distinguished_name.push(rcgen::DnType::CommonName, "Somebody's Root CA");
            store.add(ca.self_signed(&key).unwrap().der().clone()).unwrap();
        }
    }
    store
}

/// A server for one connection; it gives back the chain that it was presented.
fn server(names: Names) -> (u16, JoinHandle<Option<Vec<Vec<u8>>>>) {
    let provider = Arc::new(peer::provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots(names)), Arc::clone(&provider)).build().unwrap();
    let identity = peer::server_identity();
    let config = ServerConfig::builder_with_details(provider, Arc::new(FixedTime))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![identity.certificate], identity.key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().ok()?;
        socket.set_read_timeout(Some(PATIENCE)).ok()?;
        let mut connection = ServerConnection::new(Arc::new(config)).ok()?;
        let mut tls = rustls::Stream::new(&mut connection, &mut socket);
        let done = tls.read(&mut [0; 64]).and_then(|_| tls.write_all(b"welcome"));
        tls.conn.send_close_notify();
        let _ = tls.flush();
        done.ok()?;
        let chain = connection.peer_certificates()?;
        Some(chain.iter().map(|certificate| certificate.to_vec()).collect())
    });
    (port, thread)
}

fn handshake(
    names: Names,
    (resolver, told): (Arc<ClientCertResolver>, Told),
    version: &'static SupportedProtocolVersion,
) -> (Result<String, String>, Option<Vec<Vec<u8>>>, String) {
    let (port, thread) = server(names);
    let answer = peer::talk(port, resolver, version, "hello");
    let presented = thread.join().unwrap();
    let told = told.lock().unwrap().join("\n");
    (answer, presented, told)
}

#[test]
fn the_selected_certificate_is_presented_with_its_chain() {
    let stores = peer::stores();
    let (thumbprint, _) = peer::identity(&stores);
    for version in [&TLS12, &TLS13] {
        let resolver = peer::resolver(peer::settings(LISTED), |builder| builder);
        let (answer, presented, told) = handshake(Names::Contoso, resolver, version);
        assert_eq!(answer.as_deref(), Ok("welcome"), "{told}");
        let presented = presented.unwrap();
        assert_eq!(Thumbprint::of(&presented[0]), thumbprint);
        // The intermediate is there, the root is not: the server has it.
        assert_eq!(presented.len(), 2);
        assert_eq!(told, format!("presented {thumbprint} `pc13.contoso.com`"));
    }
}

#[test]
fn none_is_presented_when_none_fits_and_the_callback_says_why() {
    for version in [&TLS12, &TLS13] {
        let resolver = peer::resolver(peer::settings("CN=Another Root CA"), |builder| builder);
        let (answer, presented, told) = handshake(Names::Contoso, resolver, version);
        assert!(answer.is_err(), "{answer:?}");
        assert_eq!(presented, None);
        assert_eq!(told, "no certificate presented: nothing selected (0x87D00281)");
    }
}

#[test]
fn without_crls_nothing_is_selected() {
    let resolver =
        peer::resolver(peer::settings(LISTED), |builder| builder.with_crls(ccmcertsel::revocation::Crls::default()));
    let (_, presented, told) = handshake(Names::Contoso, resolver, &TLS13);
    assert_eq!(presented, None);
    assert!(told.contains("nothing selected"), "{told}");
}

#[test]
fn the_servers_names_filter_or_are_ignored() {
    let filtered = peer::resolver(peer::settings(LISTED), |builder| builder);
    let (answer, presented, told) = handshake(Names::Somebody, filtered, &TLS13);
    assert!(answer.is_err());
    assert_eq!(presented, None);
    assert_eq!(
        told,
        "no certificate presented: the server names CAs, and none of them stands above the 1 that pass every step"
    );
    let ignoring = peer::resolver(peer::settings(LISTED), |builder| builder.with_hints(Hints::Ignore));
    let (answer, _, told) = handshake(Names::Somebody, ignoring, &TLS13);
    assert!(answer.is_err(), "that server does not trust the certificate");
    assert!(told.starts_with("presented "), "{told}");
}

#[test]
fn hints_compare_as_rfc_5280_says_and_with_any_ca_of_the_chain() {
    use rustls::SignatureScheme::{ECDSA_NISTP256_SHA256, RSA_PSS_SHA256};
    use rustls::client::ResolvesClientCert;
    let stores = peer::stores();
    let (resolver, told) = peer::resolver(peer::settings(LISTED), |builder| builder);
    let names: Vec<Vec<u8>> = stores
        .entries()
        .filter_map(|(_, entry)| Some(entry.certificate()?.certificate()))
        .map(|certificate| certificate.issuer_der().to_vec())
        .collect();
    assert!(names.len() >= 3);
    // The leaf's issuer and the root's name both stand above it.
    for name in [&names[0], &names[1]] {
        assert!(resolver.resolve(&[name], &[RSA_PSS_SHA256]).is_some());
    }
    // No tag, length or object identifier of this name lies among the small letters.
    let upper_case = names[1].to_ascii_uppercase();
    assert_ne!(upper_case, names[1]);
    assert!(resolver.resolve(&[&upper_case], &[RSA_PSS_SHA256]).is_some());
    assert!(resolver.resolve(&[b"\x30\x00"], &[RSA_PSS_SHA256]).is_none());
    assert!(resolver.resolve(&[b"not a name"], &[RSA_PSS_SHA256]).is_none());
    assert!(resolver.resolve(&[], &[ECDSA_NISTP256_SHA256]).is_none());
    let told = told.lock().unwrap();
    assert!(
        told.last().unwrap().contains("can sign in none of the ways that the server offers (ECDSA_NISTP256_SHA256)")
    );
}

#[test]
fn a_key_must_belong_to_a_certificate_of_the_stores() {
    let stores = peer::stores();
    let (thumbprint, key) = peer::identity(&stores);
    let builder = || ClientCertResolver::builder(&stores, Machine::new("PC13"), Settings::site_managed());
    let other = Thumbprint::from([7; 20]);
    let error = builder().with_key(other, Arc::clone(&key)).unwrap_err();
    assert_eq!(error, ResolverError::NoSuchCertificate { thumbprint: other });
    let root = stores.entries().map(|(_, entry)| entry.thumbprint()).find(|found| *found != thumbprint).unwrap();
    let error = builder().with_key(root, key).unwrap_err();
    assert_eq!(error, ResolverError::OtherKey { thumbprint: root });
}
