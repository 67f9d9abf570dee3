//! A certificate as a store holds it: with what Windows knows about it beside its bytes.

use crate::certificate::Certificate;
use crate::oid::Oid;
use std::fmt;

/// Where a private key lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyProvider {
    /// A CryptoAPI cryptographic service provider.
    Csp,
    /// A CNG key storage provider.
    Ksp,
    /// Not known.
    Unknown,
}

impl KeyProvider {
    /// `csp`, `ksp` or `unknown`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            KeyProvider::Csp => "csp",
            KeyProvider::Ksp => "ksp",
            KeyProvider::Unknown => "unknown",
        }
    }
}

impl fmt::Display for KeyProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known about the private key of a certificate (rule V-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum PrivateKey {
    /// There is none.
    Absent,
    /// There is one, and the client cannot use it.
    Inaccessible,
    /// The client can use it.
    Accessible(KeyProvider),
    /// A key belongs to the certificate; that the client can use it is assumed (rule W-4: registry exports say no more).
    Present(KeyProvider),
    /// Nothing is known: the certificate was exported without key information. It passes, as an assumption.
    #[default]
    Unknown,
}

/// The word of inventories: `absent`, `csp`, `present-ksp`.
impl fmt::Display for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (known, provider) = match self {
            PrivateKey::Absent => return f.write_str("absent"),
            PrivateKey::Inaccessible => return f.write_str("inaccessible"),
            PrivateKey::Unknown => return f.write_str("unknown"),
            PrivateKey::Accessible(provider) => ("accessible", provider),
            PrivateKey::Present(provider) => ("present", provider),
        };
        match (known, provider) {
            (known, KeyProvider::Unknown) => f.write_str(known),
            ("present", provider) => write!(f, "present-{provider}"),
            (_, provider) => write!(f, "{provider}"),
        }
    }
}

impl PrivateKey {
    /// The provider, where one is stated.
    pub(crate) fn provider(self) -> Option<KeyProvider> {
        match self {
            PrivateKey::Accessible(provider) | PrivateKey::Present(provider) => Some(provider),
            PrivateKey::Absent | PrivateKey::Inaccessible | PrivateKey::Unknown => None,
        }
    }
}

/// Whether Windows shows an entry when a store is enumerated (rule T-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Enumeration {
    /// It does.
    #[default]
    Listed,
    /// The archived property is set: it does not.
    Archived,
}

/// A certificate of a store, with its properties.
///
/// ```
/// use ccmcertsel::{Certificate, Enumeration, KeyProvider, PrivateKey, StoredCertificate};
///
/// let file = std::fs::read("testdata/machines/contoso-pc1/MY/19-client-auth-removed-in-store.cer")?;
/// let stored = StoredCertificate::new(Certificate::from_der(&file)?)
///     .with_private_key(PrivateKey::Accessible(KeyProvider::Csp))
///     .with_template_schema(2) // as Active Directory has it
///     .with_eku_property(vec!["1.3.6.1.5.5.7.3.1".parse()?]) // what stayed ticked in the dialog
///     .with_friendly_name("VPN")
///     .with_enumeration(Enumeration::Archived);
/// assert_eq!(stored.certificate().issued_to(), "vpn.contoso.com");
///
/// // `import` states the same of what Windows exports.
/// assert_eq!(stored.private_key().to_string(), "csp");
/// assert_eq!((stored.template_schema(), stored.eku_property().map(<[_]>::len)), (Some(2), Some(1)));
/// assert_eq!((stored.friendly_name(), stored.enumeration()), (Some("VPN"), Enumeration::Archived));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCertificate {
    certificate: Certificate,
    private_key: PrivateKey,
    enumeration: Enumeration,
    /// Most certificates have none of these, and ten thousand of them may be loaded.
    rare: Option<Box<Rare>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Rare {
    template_schema: Option<u32>,
    eku: Option<Vec<Oid>>,
    friendly_name: Option<String>,
}

impl From<Certificate> for StoredCertificate {
    fn from(certificate: Certificate) -> Self {
        StoredCertificate {
            certificate,
            private_key: PrivateKey::default(),
            enumeration: Enumeration::default(),
            rare: None,
        }
    }
}

impl StoredCertificate {
    /// A certificate about whose key and template nothing is known.
    pub fn new(certificate: Certificate) -> Self {
        certificate.into()
    }

    fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// States what is known about the private key (rule V-2).
    #[must_use]
    pub fn with_private_key(mut self, private_key: PrivateKey) -> Self {
        self.private_key = private_key;
        self
    }

    /// States the schema version of the certificate's template, which the certificate does not hold (rule V-3).
    #[must_use]
    pub fn with_template_schema(mut self, version: u32) -> Self {
        self.rare_mut().template_schema = Some(version);
        self
    }

    /// Sets the extended key usage property of the store (rule P-3); an empty list means no purpose.
    #[must_use]
    pub fn with_eku_property(mut self, purposes: Vec<Oid>) -> Self {
        self.rare_mut().eku = Some(purposes);
        self
    }

    /// Sets the friendly name.
    #[must_use]
    pub fn with_friendly_name(mut self, name: impl Into<String>) -> Self {
        self.rare_mut().friendly_name = Some(name.into());
        self
    }

    /// Sets whether the entry is enumerated (rule T-7).
    #[must_use]
    pub fn with_enumeration(mut self, enumeration: Enumeration) -> Self {
        self.enumeration = enumeration;
        self
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What is known about the private key.
    pub fn private_key(&self) -> PrivateKey {
        self.private_key
    }

    /// Whether the entry is enumerated.
    pub fn enumeration(&self) -> Enumeration {
        self.enumeration
    }

    /// The stated schema version of the template.
    pub fn template_schema(&self) -> Option<u32> {
        self.rare.as_ref()?.template_schema
    }

    /// The extended key usage property of the store.
    pub fn eku_property(&self) -> Option<&[Oid]> {
        self.rare.as_ref()?.eku.as_deref()
    }

    /// The friendly name.
    pub fn friendly_name(&self) -> Option<&str> {
        self.rare.as_ref()?.friendly_name.as_deref()
    }
}
