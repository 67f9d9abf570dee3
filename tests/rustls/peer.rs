//! The client of these tests, which is the machine `pem-with-key`, and a server certificate of its own.

use ccmcertsel::import::{self, ImportOptions};
use ccmcertsel::revocation::Crls;
use ccmcertsel::rustls::{ClientCertResolver, ClientCertResolverBuilder};
use ccmcertsel::settings::IssuerSyntax;
use ccmcertsel::text::IssuersList;
use ccmcertsel::{Crl, Machine, Settings, StoreName, Stores, Thumbprint};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::SigningKey;
use rustls::{ClientConfig, ClientConnection};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use time::OffsetDateTime;

/// No wait of these tests is longer.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// 2026-01-15T09:00:00Z, the `now` of the machine folder.
pub const NOW: i64 = 1_768_467_600;

pub fn machine(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/machines/pem-with-key").join(path)
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(machine(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

pub fn stores() -> Stores {
    let mut builder = Stores::builder();
    for (store, file) in [("MY", "MY/client.pem"), ("CA", "CA/chain.crt"), ("ROOT", "ROOT/roots.pem")] {
        let options = ImportOptions::default().with_store(store);
        import::import(&read(file), &options).unwrap().add_to(&mut builder);
    }
    builder.build()
}

pub fn crls() -> Crls {
    let imported = import::import(&read("crl/all.pem"), &ImportOptions::default()).unwrap();
    Crls::new(imported.crls().iter().map(|der| Crl::from_der(der).unwrap()))
}

/// The certificate of the machine and its key.
pub fn identity(stores: &Stores) -> (Thumbprint, Arc<dyn SigningKey>) {
    let my = stores.entries_of(&StoreName::new("MY")).unwrap();
    let thumbprint = stores.entry(my[0]).unwrap().thumbprint();
    let key = PrivateKeyDer::from_pem_slice(&read("MY/client.pem")).unwrap();
    (thumbprint, provider().key_provider.load_private_key(key).unwrap())
}

pub fn settings(issuers: &str) -> Settings {
    Settings::site_managed().with_issuers(IssuersList::parse(issuers, IssuerSyntax::Documented).unwrap())
}

pub const LISTED: &str = "CN=Contoso Root CA; O=Contoso, Ltd; C=US";

/// What the callback was told, one line a handshake.
pub type Told = Arc<Mutex<Vec<String>>>;

/// A resolver for the machine, changed as the test wants it.
pub fn resolver(
    settings: Settings,
    change: impl FnOnce(ClientCertResolverBuilder<'_>) -> ClientCertResolverBuilder<'_>,
) -> (Arc<ClientCertResolver>, Told) {
    let stores = stores();
    let (thumbprint, key) = identity(&stores);
    let told = Told::default();
    let listener = Arc::clone(&told);
    let builder = ClientCertResolver::builder(&stores, Machine::new("PC13").with_fqdn("pc13.contoso.com"), settings)
        .with_key(thumbprint, key)
        .unwrap()
        .with_crls(crls())
        .on_selection(move |answer| listener.lock().unwrap().push(answer.to_string()));
    let resolver = change(builder).build(|| OffsetDateTime::from_unix_timestamp(NOW).unwrap());
    (Arc::new(resolver), told)
}

/// A server certificate for `localhost`, its chain and its key.
pub struct ServerIdentity {
    pub certificate: CertificateDer<'static>,
    pub key: PrivateKeyDer<'static>,
    pub certificate_pem: String,
    pub key_pem: String,
}

pub fn server_identity() -> ServerIdentity {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::<String>::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    ServerIdentity {
        certificate: certificate.der().clone(),
        key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        certificate_pem: certificate.pem(),
        key_pem: key.serialize_pem(),
    }
}

/// The server's certificate is not what is tested.
#[derive(Debug)]
struct AnyServer(CryptoProvider);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Connects, sends a line, and reads until the server closes; a failed handshake is an error.
pub fn talk(
    port: u16,
    resolver: Arc<ClientCertResolver>,
    version: &'static rustls::SupportedProtocolVersion,
    request: &str,
) -> Result<String, String> {
    let config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[version])
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer(provider())))
        .with_client_cert_resolver(resolver);
    let name = ServerName::try_from("localhost").map_err(|error| error.to_string())?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
    let mut socket = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    socket.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    let mut tls = rustls::Stream::new(&mut connection, &mut socket);
    tls.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match tls.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
            // A server that closes without saying so has still answered.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
