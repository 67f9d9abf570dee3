//! Client certificates for rustls, selected as a Configuration Manager client selects them (feature `rustls`).
//!
//! [`ClientCertResolver`] selects at each handshake from stores and the keys that the caller holds. A certificate without
//! such a key has none as far as this program goes (rule V-2). Every selection goes to a callback with all its reasons,
//! whether or not a certificate was presented.
//!
//! A complete client:
//!
//! ```no_run
//! use ccmcertsel::rustls::{ClientCertResolver, Hints};
//! use ccmcertsel::import::{self, ImportOptions};
//! use ccmcertsel::{Crl, Crls, Machine, Settings, Stores, VerificationCache};
//! use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
//! use rustls::{ClientConfig, ClientConnection, RootCertStore, Stream};
//! use std::io::{Read, Write};
//! use std::sync::Arc;
//!
//! # #[allow(clippy::disallowed_methods)]
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // The machine's certificates, for example from a registry export, and the keys that this program may use.
//!     let imported = import::import(&std::fs::read("pc1.reg")?, &ImportOptions::default())?;
//!     let mut stores = Stores::builder();
//!     imported.add_to(&mut stores);
//!     let crls = imported.crls().iter().map(|der| Crl::from_der(der)).collect::<Result<Vec<_>, _>>()?;
//!     let cache = Arc::new(VerificationCache::default()); // signatures that were verified, for every resolver
//!     let provider = rustls::crypto::aws_lc_rs::default_provider();
//!     let key = provider.key_provider.load_private_key(PrivateKeyDer::from_pem_file("pc1.key")?)?;
//!     let thumbprint = "0CC6F4C4BA2A7F2B8C8B2B1D8F4E3A2B1C0D9E8F".parse()?;
//!
//!     let resolver = ClientCertResolver::builder(&stores.build(), Machine::new("PC1"), Settings::site_managed())
//!         .with_key(thumbprint, key)?
//!         .with_crls(Crls::new(crls))
//!         .with_cache(Arc::clone(&cache))
//!         .with_hints(Hints::Filter)
//!         .on_selection(|answer| eprintln!("{answer}"))
//!         .build(std::time::SystemTime::now);
//!
//!     let mut roots = RootCertStore::empty();
//!     roots.add(CertificateDer::from_pem_file("server-root.pem")?)?;
//!     let config = ClientConfig::builder_with_provider(Arc::new(provider))
//!         .with_safe_default_protocol_versions()?
//!         .with_root_certificates(roots)
//!         .with_client_cert_resolver(Arc::new(resolver));
//!
//!     let mut connection = ClientConnection::new(Arc::new(config), ServerName::try_from("mp1.contoso.com")?)?;
//!     let mut socket = std::net::TcpStream::connect("mp1.contoso.com:443")?;
//!     let mut tls = Stream::new(&mut connection, &mut socket);
//!     tls.write_all(b"GET /SMS_MP/.sms_aut?mplist HTTP/1.1\r\nHost: mp1.contoso.com\r\nConnection: close\r\n\r\n")?;
//!     let mut answer = Vec::new();
//!     tls.read_to_end(&mut answer)?;
//!     Ok(())
//! }
//! ```
//!
//! The same without a network, to test a client of one's own: a server in memory that asks for a certificate.
//!
//! ```
//! use ccmcertsel::rustls::{ClientCertResolver, ClientCertResolverBuilder, Handshake, NotPresented, ResolverError};
//! use ccmcertsel::settings::{EccKeys, Revocation, Ruleset};
//! use ccmcertsel::{Certificate, Machine, Settings, Stores, Thumbprint, Timestamp};
//! use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
//! use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
//! use rustls::server::WebPkiClientVerifier;
//! use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};
//! use std::sync::Arc;
//!
//! // A CA, and certificates of it for the client and for the management point.
//! let ca_key = KeyPair::generate()?;
//! let mut ca = CertificateParams::new(vec![])?;
//! ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
//! ca.distinguished_name.push(DnType::CommonName, "Contoso Root CA");
//! let root = ca.self_signed(&ca_key)?;
//! let issuer = Issuer::new(ca, ca_key);
//! let key = KeyPair::generate()?;
//! let mut leaf = CertificateParams::new(vec!["pc1.contoso.com".into()])?;
//! leaf.distinguished_name.push(DnType::CommonName, "pc1.contoso.com");
//! leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
//! let leaf = leaf.signed_by(&key, &issuer)?;
//! let server_key = KeyPair::generate()?;
//! let server = CertificateParams::new(vec!["mp1.contoso.com".into()])?.signed_by(&server_key, &issuer)?;
//! let der = |key: &KeyPair| PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
//!
//! let mut stores = Stores::builder();
//! stores.add_der("MY", leaf.der()).add_der("ROOT", root.der());
//! let machine = Machine::new("PC1").with_fqdn("pc1.contoso.com");
//! let settings = Settings::site_managed()
//!     .with(Ruleset::Cb2107)
//!     .with(EccKeys::Accept)
//!     .with(Revocation::Off);
//! let now: Timestamp = "2026-01-15T09:00:00Z".parse()?;
//! let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
//! let signing = provider.key_provider.load_private_key(der(&key))?;
//! let stores = stores.build();
//! let builder = || -> ClientCertResolverBuilder<'_> {
//!     ClientCertResolver::builder(&stores, machine.clone(), settings.clone())
//! };
//! // A key that is not the certificate's is an error now, and not in the middle of a handshake.
//! let thumbprint = Thumbprint::of(root.der());
//! let error = builder().with_key(thumbprint, Arc::clone(&signing)).unwrap_err();
//! assert_eq!(error, ResolverError::OtherKey { thumbprint });
//!
//! let (tell, told) = std::sync::mpsc::channel();
//! let resolver = builder()
//!     .with_key(Thumbprint::of(leaf.der()), signing)?
//!     .on_selection(move |answer: &Handshake<'_>| {
//!         let presented: Result<&Certificate, &NotPresented> = answer.presented();
//!         let presented = presented.map(Certificate::thumbprint).map_err(NotPresented::code);
//!         let _ = tell.send((presented, answer.selection().outcome().hresult()));
//!     })
//!     .build(move || now);
//!
//! let mut roots = RootCertStore::empty();
//! roots.add(root.der().clone())?;
//! let client = ClientConfig::builder_with_provider(Arc::clone(&provider))
//!     .with_safe_default_protocol_versions()?
//!     .with_root_certificates(roots.clone())
//!     .with_client_cert_resolver(Arc::new(resolver));
//! let asks = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build()?;
//! let server = ServerConfig::builder_with_provider(provider)
//!     .with_safe_default_protocol_versions()?
//!     .with_client_cert_verifier(asks)
//!     .with_single_cert(vec![server.der().clone()], der(&server_key))?;
//!
//! let mut client = ClientConnection::new(Arc::new(client), "mp1.contoso.com".try_into()?)?;
//! let mut server = ServerConnection::new(Arc::new(server))?;
//! while client.is_handshaking() || server.is_handshaking() {
//!     let (mut sent, mut answered) = (Vec::new(), Vec::new());
//!     client.write_tls(&mut sent)?;
//!     server.read_tls(&mut sent.as_slice())?;
//!     server.process_new_packets()?;
//!     server.write_tls(&mut answered)?;
//!     client.read_tls(&mut answered.as_slice())?;
//!     client.process_new_packets()?;
//! }
//! let presented = server.peer_certificates().expect("the server asked for one");
//! assert_eq!(presented.first(), Some(leaf.der()));
//! assert_eq!(told.recv()?, (Ok(Thumbprint::of(leaf.der())), ccmcertsel::Hresult::OK));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod handshake;

pub use builder::{ClientCertResolverBuilder, ResolverError};
pub use handshake::{Handshake, NotPresented};

use crate::certificate::Thumbprint;
use crate::choices::OnMultiple;
use crate::computer::{DeviceKind, Machine};
use crate::name::NameKey;
use crate::select::{Selection, Selector, VerdictKind};
use crate::settings::Settings;
use crate::store::{CertId, Stores};
use crate::time::Timestamp;
use ::rustls::SignatureScheme;
use ::rustls::client::ResolvesClientCert;
use ::rustls::pki_types::CertificateDer;
use ::rustls::sign::{CertifiedKey, SigningKey};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// What is done with the names of CAs that a server sends when it asks for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Hints {
    /// Only a certificate counts whose chain has a CA of one of these names (RFC 5246 7.4.4, RFC 8446 4.2.4). A server
    /// that sends none asks for any.
    #[default]
    Filter,
    /// They are not looked at.
    Ignore,
}

type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;
type Callback = Box<dyn Fn(&Handshake<'_>) + Send + Sync>;

/// Selects the client certificate of a TLS connection.
pub struct ClientCertResolver {
    selector: Selector,
    keys: HashMap<Thumbprint, Arc<dyn SigningKey>>,
    hints: Hints,
    clock: Clock,
    callback: Callback,
}

impl fmt::Debug for ClientCertResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertResolver")
            .field("machine", self.selector.machine())
            .field("keys", &self.keys.len())
            .field("hints", &self.hints)
            .finish_non_exhaustive()
    }
}

impl ClientCertResolver {
    /// A resolver for the certificates of these stores.
    pub fn builder(stores: &Stores, machine: Machine, settings: Settings) -> ClientCertResolverBuilder<'_> {
        ClientCertResolverBuilder::new(stores, machine, settings)
    }

    /// The selector, with the stores as the resolver sees them: a certificate has a key where the caller gave one.
    pub fn selector(&self) -> &Selector {
        &self.selector
    }

    /// Which certificate is presented to a server that sends these hints, and with which key.
    fn decide(
        &self,
        selection: &Selection,
        hints: &[&[u8]],
        schemes: &[SignatureScheme],
    ) -> Result<(CertId, Arc<CertifiedKey>), NotPresented> {
        let passed = |id: &CertId| {
            let verdict = selection.verdict(*id);
            verdict.is_some_and(|verdict| matches!(verdict.kind(), VerdictKind::Selected | VerdictKind::Candidate))
        };
        let passed: Vec<CertId> = self.selector.ranked().filter(passed).collect();
        if passed.is_empty() {
            return Err(NotPresented::NothingSelected);
        }
        let wanted: Option<HashSet<NameKey>> = match self.hints {
            Hints::Filter if !hints.is_empty() => {
                Some(hints.iter().filter_map(|name| NameKey::from_der(name)).collect())
            }
            Hints::Filter | Hints::Ignore => None,
        };
        let is_hinted = |id: &CertId| match &wanted {
            Some(wanted) => self.issuer_names(selection, *id).any(|name| wanted.contains(&name)),
            None => true,
        };
        let hinted: Vec<CertId> = passed.iter().copied().filter(is_hinted).collect();
        let several_are_an_error = self.selector.settings().on_multiple() == OnMultiple::Fail
            && self.selector.machine().device() == DeviceKind::Windows;
        match *hinted {
            [] => Err(NotPresented::NotHinted { passed }),
            [first, second, ..] if several_are_an_error => Err(NotPresented::Ambiguous { first, second }),
            [best, ..] => self.certified(selection, best, schemes),
        }
    }

    /// The names of the CAs above a certificate: those of the issuers, so that of a missing root as well.
    fn issuer_names<'a>(&'a self, selection: &'a Selection, id: CertId) -> impl Iterator<Item = NameKey> + 'a {
        self.path(selection, id)
            .filter_map(|id| self.selector.stores().get(id))
            .filter_map(|stored| NameKey::from_der(stored.certificate().issuer_der()))
    }

    fn path<'a>(&'a self, selection: &'a Selection, id: CertId) -> impl Iterator<Item = CertId> + 'a {
        selection.verdict(id).into_iter().flat_map(|verdict| verdict.path().iter().copied())
    }

    /// The chain up to the root, which the server has, and a key that can sign as the server asks.
    fn certified(
        &self,
        selection: &Selection,
        id: CertId,
        schemes: &[SignatureScheme],
    ) -> Result<(CertId, Arc<CertifiedKey>), NotPresented> {
        let stores = self.selector.stores();
        let leaf = stores.get(id).map(|stored| stored.certificate());
        let Some((leaf, key)) = leaf.and_then(|leaf| Some((leaf, self.keys.get(&leaf.thumbprint())?))) else {
            return Err(NotPresented::NothingSelected); // without a key it is not a candidate
        };
        if key.choose_scheme(schemes).is_none() {
            let offered = schemes.iter().map(|scheme| format!("{scheme:?}")).collect();
            return Err(NotPresented::NoSignatureScheme { certificate: id, offered });
        }
        let mut chain = vec![CertificateDer::from(leaf.as_der().to_vec())];
        for id in self.path(selection, id).skip(1) {
            if let Some(stored) = stores.get(id).filter(|_| !stores.is_in_root(id)) {
                chain.push(CertificateDer::from(stored.certificate().as_der().to_vec()));
            }
        }
        Ok((id, Arc::new(CertifiedKey::new(chain, Arc::clone(key)))))
    }
}

impl ResolvesClientCert for ClientCertResolver {
    fn resolve(&self, root_hint_subjects: &[&[u8]], sigschemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let selection = self.selector.select((self.clock)());
        let decided = self.decide(&selection, root_hint_subjects, sigschemes);
        let (presented, key) = match decided {
            Ok((id, key)) => (Ok(id), Some(key)),
            Err(reason) => (Err(reason), None),
        };
        (self.callback)(&Handshake { selector: &self.selector, selection: &selection, presented });
        key
    }

    /// Always true: whether there is one depends on the instant, and the callback is to be told each time.
    fn has_certs(&self) -> bool {
        true
    }
}
