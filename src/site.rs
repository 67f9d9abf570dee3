//! What a site signs, and how a client knows the site's keys: the trusted root key and the site server signing
//! certificate (rules K-1 to K-4).
//!
//! Both verify RSA signatures over bytes that the caller gives; how the product carries them is out of scope. Both say
//! where they came from, and warn where that is the documented risk.
//!
//! ```
//! use ccmcertsel::site::{KeyOrigin, RootKeySources, SignatureVerdict, SiteWarning, TrustedRootKey, TrustedRootKeyError};
//! use ccmcertsel::site::{SigningCertificateOrigin, SiteSigningCertificate, SiteSigningCertificateError};
//! use ccmcertsel::text::{MobileClientFile, Property};
//! use ccmcertsel::{Algorithms, Certificate, HashAlgorithm, Properties, StoredCertificate};
//!
//! let file = |name: &str| std::fs::read(format!("testdata/site/{name}"));
//! let algorithms = Algorithms::default();
//!
//! // A client that nobody gave a key takes that of the first management point; one that is given to it counts before.
//! let site = MobileClientFile::parse(&file("mobileclient.tcf")?).properties()?;
//! let hex = site.value_text(Property::PublicRootKey).expect("the site's file has its key");
//! let taken = TrustedRootKey::from_hex(&hex, KeyOrigin::FirstManagementPoint)?;
//! assert_eq!(taken.warning(), Some(SiteWarning::TakenOnFirstUse));
//! let given: Properties = format!("SMSSITECODE=ABC SMSPublicRootKey={hex}").parse()?;
//! let sources = RootKeySources::default().with_key(taken.clone()).with_properties(&given)?;
//! let trusted = sources.trusted().expect("two keys were given");
//! assert_eq!((trusted.origin(), trusted.bits()), (KeyOrigin::PreProvisioned, 2048));
//! assert_eq!(trusted.sha256(), taken.sha256());
//! let signature = file("message.root-key.sha256")?;
//! let verdict = trusted.verify(&algorithms, HashAlgorithm::Sha256, &file("message.bin")?, &signature);
//! assert_eq!(verdict, SignatureVerdict::Valid);
//! let reset = sources.with_properties(&"SMSSITECODE=ABC RESETKEYINFORMATION=TRUE".parse()?)?;
//! assert!(reset.was_reset() && reset.trusted().is_none());
//!
//! // The certificate with which the site signs policy, as the store `SMS` of a client holds it.
//! let certificate = Certificate::from_der(&file("site-server.cer")?)?;
//! let stored = StoredCertificate::new(certificate).with_friendly_name("Site Server Signing Certificate");
//! assert!(SiteSigningCertificate::is_named(&stored));
//! let signing = SiteSigningCertificate::new(stored, SigningCertificateOrigin::ManagementPoint, &algorithms)?;
//! assert_eq!(signing.warnings(), []);
//! let signature = file("message.site-server.sha256")?;
//! assert_eq!(signing.verify_policy(&algorithms, &file("message.bin")?, &signature), SignatureVerdict::Valid);
//! assert_eq!(signing.verify_policy(&algorithms, b"altered", &signature), SignatureVerdict::Invalid);
//!
//! // What is neither is told.
//! let other = Certificate::from_der(&std::fs::read("testdata/machines/contoso-pc1/CA/contoso-issuing-ca-1.cer")?)?;
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

pub use root_key::{KeyOrigin, RootKeySources, TrustedRootKey, TrustedRootKeyError};
pub use signature::{SignatureVerdict, SiteWarning};
pub use signing_certificate::{SigningCertificateOrigin, SiteSigningCertificate, SiteSigningCertificateError};
