//! Making a resolver: which keys are at hand decides which certificates have one.

use super::{ClientCertResolver, Handshake, Hints};
use crate::certificate::Thumbprint;
use crate::computer::Machine;
use crate::revocation::Crls;
use crate::select::{Selector, VerificationCache};
use crate::settings::Settings;
use crate::store::{Entry, KeyProvider, PrivateKey, StoredCertificate, Stores};
use crate::time::Timestamp;
use ::rustls::sign::SigningKey;
use std::collections::HashMap;
use std::sync::Arc;

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolverError {
    /// No store has the certificate.
    #[error("no store has a certificate {thumbprint} for this key")]
    NoSuchCertificate {
        /// What was asked for.
        thumbprint: Thumbprint,
    },
    /// The key is another one's.
    #[error("this is not the key of {thumbprint}: the public keys differ")]
    OtherKey {
        /// The certificate.
        thumbprint: Thumbprint,
    },
}

/// Fills a [`ClientCertResolver`].
pub struct ClientCertResolverBuilder<'a> {
    stores: &'a Stores,
    machine: Machine,
    settings: Settings,
    crls: Arc<Crls>,
    cache: Arc<VerificationCache>,
    keys: HashMap<Thumbprint, Arc<dyn SigningKey>>,
    hints: Hints,
    callback: super::Callback,
}

impl std::fmt::Debug for ClientCertResolverBuilder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientCertResolverBuilder")
            .field("machine", &self.machine)
            .field("keys", &self.keys.len())
            .field("hints", &self.hints)
            .finish_non_exhaustive()
    }
}

impl<'a> ClientCertResolverBuilder<'a> {
    pub(super) fn new(stores: &'a Stores, machine: Machine, settings: Settings) -> Self {
        ClientCertResolverBuilder {
            stores,
            machine,
            settings,
            crls: Arc::default(),
            cache: Arc::default(),
            keys: HashMap::new(),
            hints: Hints::default(),
            callback: Box::new(|_| {}),
        }
    }

    /// The key of a certificate. Keys that never leave a token or a key storage provider are given as a
    /// [`SigningKey`] of the caller's.
    ///
    /// # Errors
    ///
    /// A certificate that no store has, or whose public key is another.
    pub fn with_key(mut self, certificate: Thumbprint, key: Arc<dyn SigningKey>) -> Result<Self, ResolverError> {
        let thumbprint = certificate;
        let stored = self.stores.find(&thumbprint).and_then(|id| self.stores.get(id));
        let stored = stored.ok_or(ResolverError::NoSuchCertificate { thumbprint })?;
        let differs = key.public_key().is_some_and(|spki| spki.as_ref() != stored.certificate().spki_der());
        if differs {
            return Err(ResolverError::OtherKey { thumbprint });
        }
        self.keys.insert(thumbprint, key);
        Ok(self)
    }

    /// The CRLs at hand (rule V-8).
    #[must_use]
    pub fn with_crls(mut self, crls: impl Into<Arc<Crls>>) -> Self {
        self.crls = crls.into();
        self
    }

    /// Shares signature results with other selectors.
    #[must_use]
    pub fn with_cache(mut self, cache: Arc<VerificationCache>) -> Self {
        self.cache = cache;
        self
    }

    /// What is done with the names of CAs that the server sends.
    #[must_use]
    pub fn with_hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// Is told about each handshake, whether or not a certificate was presented.
    pub fn on_selection(mut self, callback: impl Fn(&Handshake<'_>) + Send + Sync + 'static) -> Self {
        self.callback = Box::new(callback);
        self
    }

    /// The resolver, with the clock that it reads at each handshake, such as `SystemTime::now`.
    pub fn build<T: Into<Timestamp>>(self, clock: impl Fn() -> T + Send + Sync + 'static) -> ClientCertResolver {
        let stores = with_keys(self.stores, &self.keys);
        let selector = Selector::with_cache(stores, self.machine, self.settings, self.cache).with_crls(self.crls);
        ClientCertResolver {
            selector,
            keys: self.keys,
            hints: self.hints,
            clock: Box::new(move || clock().into()),
            callback: self.callback,
        }
    }
}

/// The same stores, where exactly the certificates have a key that the caller gave one for (rule V-2).
fn with_keys(stores: &Stores, keys: &HashMap<Thumbprint, Arc<dyn SigningKey>>) -> Stores {
    let mut builder = Stores::builder();
    for name in stores.names() {
        builder.add_store(name.clone());
    }
    for (id, entry) in stores.entries() {
        let Some(store) = stores.store_of(id).cloned() else {
            continue;
        };
        match entry {
            Entry::Certificate(stored) => builder.add(store, with_key(stored, keys)),
            Entry::Unreadable(entry) => builder.add_unreadable(store, entry.clone()),
        };
    }
    builder.build()
}

fn with_key(stored: &StoredCertificate, keys: &HashMap<Thumbprint, Arc<dyn SigningKey>>) -> StoredCertificate {
    let key = if keys.contains_key(&stored.certificate().thumbprint()) {
        PrivateKey::Accessible(stored.private_key().provider().unwrap_or(KeyProvider::Unknown))
    } else {
        PrivateKey::Absent
    };
    stored.clone().with_private_key(key)
}
