//! What a site signs, and how a client knows the site's keys: the trusted root key and the site server signing
//! certificate (rules K-1 to K-4).
//!
//! Both verify RSA signatures over bytes that the caller gives; how the product carries them is out of scope. Both say
//! where they came from, and warn where that is the documented risk.
//!
//! ```
//! use ccmcertsel::site::{KeyOrigin, SignatureVerdict, SiteWarning, TrustedRootKey, TrustedRootKeyError};
//! use ccmcertsel::site::{SigningCertificateOrigin, SiteSigningCertificate, SiteSigningCertificateError};
//! use ccmcertsel::text::{MobileClientFile, Property};
//! use ccmcertsel::{Algorithms, Certificate, HashAlgorithm, StoredCertificate};
//!
//! let file = |name: &str| std::fs::read(format!("testdata/{name}"));
//! let algorithms = Algorithms::default();
//!
//! // The site's key, of its file. A client that nobody gave a key takes that of the first management point, for good or bad.
//! let site = MobileClientFile::parse(&file("site/mobileclient.tcf")?).properties()?;
//! let hex = site.value_text(Property::PublicRootKey).expect("the site's file has its key");
//! let key = TrustedRootKey::from_hex(&hex, KeyOrigin::ClientPush)?;
//! assert_eq!((key.bits(), key.origin(), key.warning()), (2048, KeyOrigin::ClientPush, None));
//! let taken = TrustedRootKey::from_hex(&hex, KeyOrigin::FirstManagementPoint)?;
//! assert_eq!(taken.warning(), Some(SiteWarning::TakenOnFirstUse));
//! assert_eq!(taken.sha256(), key.sha256()); // the same key all the same
//! let signature = file("site/message.root-key.sha256")?;
//! let verdict = key.verify(&algorithms, HashAlgorithm::Sha256, &file("site/message.bin")?, &signature);
//! assert_eq!(verdict, SignatureVerdict::Valid);
//!
//! // The certificate with which the site signs policy is in the store `SMS` of a client. This one has its friendly name, but
//! // not its subject `Site Server`.
//! let root = Certificate::from_der(&file("machines/contoso-pc1/ROOT/contoso-root-ca.cer")?)?;
//! let stored = StoredCertificate::new(root).with_friendly_name("Site Server Signing Certificate");
//! assert!(SiteSigningCertificate::is_named(&stored));
//! let signing = SiteSigningCertificate::new(stored, SigningCertificateOrigin::ManagementPoint, &algorithms)?;
//! assert_eq!(signing.warnings(), [SiteWarning::NotNamedAsSiteServer]);
//! let verdict = signing.verify_policy(&algorithms, &file("site/message.bin")?, &signature);
//! assert_eq!(verdict, SignatureVerdict::Invalid); // that was the other key's
//!
//! // What is neither is told.
//! let other = Certificate::from_der(&file("machines/contoso-pc1/CA/contoso-issuing-ca-1.cer")?)?;
//! let thumbprint = other.thumbprint();
//! match SiteSigningCertificate::new(other, SigningCertificateOrigin::SignCertProperty, &algorithms) {
//!     Err(SiteSigningCertificateError::NotSelfSigned { thumbprint: told, .. }) => assert_eq!(told, thumbprint),
//!     other => panic!("{other:?}"),
//! }
//! let error: TrustedRootKeyError = TrustedRootKey::from_hex("0602000x", KeyOrigin::ClientPush).unwrap_err();
//! assert_eq!(error, TrustedRootKeyError::NotHexadecimal { found: 'x', at: 8 });
//! // `SMSPublicRootKey=` of `mobileclient.tcf`, shortened.
//! let error = TrustedRootKey::from_hex("0602000000A40000525341310008", KeyOrigin::ClientPush).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "not a trusted root key: 14 bytes, expected a PUBLICKEYBLOB of at least 20, \
//!      0602000000A4000052534131 and then bit length, public exponent and modulus (K-1)",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod root_key;
mod signature;
mod signing_certificate;

pub(crate) use root_key::RootKeySources;
pub use root_key::{KeyOrigin, TrustedRootKey, TrustedRootKeyError};
pub use signature::{SignatureVerdict, SiteWarning};
pub use signing_certificate::{SigningCertificateOrigin, SiteSigningCertificate, SiteSigningCertificateError};
