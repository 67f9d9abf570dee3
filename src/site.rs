//! What a site signs, and how a client knows the site's keys: the trusted root key and the site server signing
//! certificate (rules K-1 to K-4).
//!
//! Both verify RSA signatures over bytes that the caller gives; how the product carries them is out of scope. Both say
//! where they came from, and warn where that is the documented risk.
//!
//! ```
//! use ccmcertsel::site::{KeyOrigin, TrustedRootKey};
//!
//! // `SMSPublicRootKey=` of `mobileclient.tcf`, shortened.
//! let error = TrustedRootKey::from_hex("0602000000A40000525341310008", KeyOrigin::ClientPush).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "not a trusted root key: 14 bytes, expected a PUBLICKEYBLOB of at least 20, \
//!      0602000000A4000052534131 and then bit length, public exponent and modulus (K-1)",
//! );
//! ```

mod root_key;
mod signature;
mod signing_certificate;

pub use root_key::{KeyOrigin, RootKeySources, TrustedRootKey, TrustedRootKeyError};
pub use signature::{SignatureVerdict, SiteWarning};
pub use signing_certificate::{SigningCertificateOrigin, SiteSigningCertificate, SiteSigningCertificateError};
