//! A certificate, decoded once into offsets: the DER is kept, everything else is read from it where it stands.
//!
//! ```
//! use ccmcertsel::certificate::{CertificateError, DerError, ExtensionError};
//! use ccmcertsel::{Certificate, GeneralName};
//!
//! let der = std::fs::read("testdata/machines/contoso-pc1/MY/02-workstation-renewed.cer")?;
//! let certificate = Certificate::from_der(&der)?;
//! assert_eq!(certificate.thumbprint(), "68C54BD52764CAA0DC9B8F34F7328939CB4ABD84".parse()?);
//! assert_eq!(certificate.serial_number(), [0x5a, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 2]);
//! assert_eq!(certificate.issuer().to_string(), "CN=Contoso Issuing CA 1, DC=contoso, DC=com");
//! assert_eq!(certificate.subject().to_simple_name(), "pc1.contoso.com");
//! assert_eq!(certificate.not_after().to_string(), "2027-01-10T09:00:00Z");
//! match &certificate.subject_alternative_names()?[..] {
//!     [GeneralName::Dns(name)] => assert_eq!(*name, certificate.issued_to()),
//!     other => panic!("{other:?}"),
//! }
//! // The same from PEM, and from bytes that are handed over.
//! let pem = pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, certificate.as_der())?;
//! assert_eq!(Certificate::from_pem(pem.as_bytes())?, certificate);
//! assert_eq!(Certificate::from_vec(der.clone())?, certificate);
//!
//! // Damage is told with its place: that of the structure, by which bytes are not a certificate,
//! match Certificate::from_der(&der[..500]) {
//!     Err(CertificateError::Der(error)) => {
//!         let error: DerError = error;
//!         assert_eq!(error.to_string(), "truncated at byte 0: a Certificate SEQUENCE and nothing after it");
//!         assert_eq!(error.offset(), 0);
//!     }
//!     other => panic!("{other:?}"),
//! }
//! // and that of an extension, here the length of a dNSName, which only who reads it is told.
//! let mut damaged = der;
//! let extension = damaged.windows(3).position(|id| id == [0x55, 0x1d, 0x11]).expect("a subject alternative name");
//! damaged[extension + 8] = 0x7f;
//! let error: ExtensionError = Certificate::from_vec(damaged)?.subject_alternative_names().unwrap_err();
//! assert_eq!(error.extension.to_string(), "2.5.29.17");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What findings hold of certificates, such as their key usage and where their CRLs are published, has types here as well:
//!
//! ```
//! use ccmcertsel::certificate::{CrlUrl, KeyUsage, ReasonFlags};
//! use ccmcertsel::check::PurposePass;
//! use ccmcertsel::settings::Revocation;
//! use ccmcertsel::{Finding, Machine, Pass, Rejection, RevocationFailure, Selector, Settings, Stores, Timestamp};
//!
//! let mut stores = Stores::builder();
//! for (store, file) in [
//!     ("MY", "MY/02-workstation-renewed.cer"),
//!     ("CA", "CA/contoso-issuing-ca-1.cer"),
//!     ("ROOT", "ROOT/contoso-root-ca.cer"),
//! ] {
//!     stores.add_der(store, &std::fs::read(format!("testdata/machines/contoso-pc1/{file}"))?);
//! }
//! let now: Timestamp = "2026-01-15T09:00:00Z".parse()?;
//! let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
//! let selection = selector.select(now);
//! match selection.verdicts()[0].rejection() {
//!     Some(Rejection::Revocation(chain)) => match &chain.failure {
//!         RevocationFailure::Unknown { missing, uncovered, .. } => {
//!             let urls: &[CrlUrl] = &missing[0].urls;
//!             assert_eq!(urls[1].as_str(), "http://pki.contoso.com/CertEnroll/Contoso%20Root%20CA.crl");
//!             assert_eq!(*uncovered, ReasonFlags::ALL);
//!         }
//!         other => panic!("{other:?}"),
//!     },
//!     other => panic!("{other:?}"),
//! }
//! let selection = selector.with_settings(Settings::ccm_setup().with(Revocation::Off)).select(now);
//! let usage = |finding: &Finding| match finding {
//!     Finding::Passed(Pass::Purpose(PurposePass::KeyUsage(usage))) => *usage,
//!     _ => None,
//! };
//! let usage: KeyUsage = selection.verdicts()[0].findings().iter().find_map(usage).expect("it has one");
//! assert!(usage.names().eq(["digitalSignature", "keyEncipherment"]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Source: RFC 5280 section 4. What Windows reads and RFC 5280 forbids (negative serial numbers, BOOLEANs other than
//! 0xFF, UniversalString) is read. The structure is checked here; the contents of extensions are checked where a rule
//! reads them, so that a damaged extension is a finding about the certificate (rule V-5) and not an unreadable entry.

mod distribution_points;
mod error;
mod extension;
mod extensions;
mod general_name;
pub(crate) mod pem;

pub(crate) use distribution_points::PointName;
pub use distribution_points::{CrlUrl, ReasonFlags};
pub(crate) use distribution_points::{DistributionPoint, DistributionPoints};
pub use error::CertificateError;
use error::MAX_CERTIFICATE_BYTES;
pub(crate) use extension::{Extension, Extensions};
pub(crate) use extension::{KnownExtensions, read_oid};
pub(crate) use extensions::AuthorityKeyIdentifier;
pub(crate) use extensions::read_authority_key_identifier;
pub(crate) use extensions::{BasicConstraints, Template};
pub use extensions::{ExtensionError, KeyUsage};
pub use general_name::GeneralName;
pub(crate) use general_name::{ADDRESS, general_name, general_names};
pub(crate) use pem::pem_blocks;

#[doc(inline)]
pub use crate::asn1::DerError;
pub(crate) use crate::asn1::DerProblem;
#[doc(inline)]
pub use crate::crypto::Weakness;

use crate::asn1::{self, Span};
use crate::crypto::{self, SignatureInput};
use crate::encoding::OtherContent;
use crate::name::DistinguishedName;
use crate::time::Timestamp;
use crate::value_error::ValueError;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

/// An X.509 certificate. Cloning is cheap: the bytes are shared.
#[derive(Clone)]
pub struct Certificate(Arc<CertificateFacts>);

/// A decoded name takes several times its bytes; the longest of real ones have a few hundred.
const KEPT_NAME_BYTES: usize = 1024;

/// What is made when it is asked for.
#[derive(Default)]
struct Asked {
    /// SHA-256 of the DER.
    digest: OnceLock<[u8; 32]>,
    /// The subject's name, where it is of a usual size.
    name: OnceLock<DistinguishedName>,
}

struct CertificateFacts {
    der: Box<[u8]>,
    thumbprint: OnceLock<Thumbprint>,
    /// Boxed, because of ten thousand certificates few are asked for it.
    asked: OnceLock<Box<Asked>>,
    /// Set once every extension was read and nothing was to be said of one.
    sound: AtomicBool,
    not_before: Timestamp,
    not_after: Timestamp,
    tbs: Span,
    serial: Span,
    inner_algorithm: Span,
    issuer: Span,
    subject: Span,
    spki: Span,
    /// The extensions, without the header of their SEQUENCE; empty when there are none.
    extensions: Span,
    outer_algorithm: Span,
    signature: Span,
    version: u8,
    duplicate_extension: bool,
    usual_times: bool,
    known: KnownExtensions,
}

impl Certificate {
    /// Decodes one DER certificate; trailing bytes are an error.
    ///
    /// # Errors
    /// Damage to the structure, with the byte offset and what would be right there.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        check(der)?;
        decode(der.into()).map(|facts| Certificate(Arc::new(facts)))
    }

    /// [`from_der`](Self::from_der) without a copy, for callers who have many certificates and need the bytes no longer.
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der).
    pub fn from_vec(der: Vec<u8>) -> Result<Self, CertificateError> {
        check(&der)?;
        decode(der.into()).map(|facts| Certificate(Arc::new(facts)))
    }

    /// Decodes the first certificate of a PEM text.
    ///
    /// # Errors
    /// No block that is a certificate, or damage to the armour or to what is inside.
    pub fn from_pem(text: &[u8]) -> Result<Self, CertificateError> {
        for block in pem_blocks(text) {
            let block = block?;
            if block.is_certificate() {
                return Self::from_vec(block.der);
            }
        }
        let problem = "no block `-----BEGIN CERTIFICATE-----` in the text".to_owned();
        Err(CertificateError::Pem { offset: 0, problem })
    }

    fn slice(&self, span: Span) -> &[u8] {
        span.of_input(&self.0.der)
    }

    /// The whole certificate.
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-1 of the DER: how Windows names a certificate.
    pub fn thumbprint(&self) -> Thumbprint {
        *self.0.thumbprint.get_or_init(|| Thumbprint::of(&self.0.der))
    }

    /// SHA-256 of the DER: what a cache of signature results knows the certificate by. Computed at the first call.
    pub(crate) fn digest(&self) -> &[u8; 32] {
        self.asked().digest.get_or_init(|| Sha256::digest(&self.0.der).into())
    }

    fn asked(&self) -> &Asked {
        self.0.asked.get_or_init(Box::default)
    }

    /// The version as printed: 1, 2 or 3.
    pub(crate) fn version(&self) -> u8 {
        self.0.version
    }

    /// The content bytes of the serial number INTEGER, as they stand (two's complement, big-endian).
    pub fn serial_number(&self) -> &[u8] {
        self.slice(self.0.serial)
    }

    /// First instant of the validity period.
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// Last instant of the validity period.
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// Whether both are written as RFC 5280 4.1.2.5 wants it, and not in another form that Windows reads.
    pub(crate) fn has_usual_times(&self) -> bool {
        self.0.usual_times
    }

    /// The DER of the issuer's name.
    pub(crate) fn issuer_der(&self) -> &[u8] {
        self.slice(self.0.issuer)
    }

    /// The DER of the subject's name.
    pub(crate) fn subject_der(&self) -> &[u8] {
        self.slice(self.0.subject)
    }

    /// The issuer's name.
    pub fn issuer(&self) -> DistinguishedName {
        // Both names were decoded when the certificate was, so the default is never taken.
        DistinguishedName::from_der(self.issuer_der()).unwrap_or_default()
    }

    /// The subject's name, decoded when it is first asked for: ten thousand certificates are loaded, and few are shown.
    pub fn subject(&self) -> DistinguishedName {
        let decode = || DistinguishedName::from_der(self.subject_der()).unwrap_or_default();
        // Names as long as that are made to fill the memory.
        if self.subject_der().len() > KEPT_NAME_BYTES {
            decode()
        } else {
            self.asked().name.get_or_init(decode).clone()
        }
    }

    /// Whether somebody read every extension and had nothing to say of them but what policies say: reading them costs as much
    /// as all other checks of a chain, and the next selection asks again.
    pub(crate) fn is_known_sound(&self) -> bool {
        self.0.sound.load(Relaxed)
    }

    /// What [`is_known_sound`](Self::is_known_sound) tells from now on.
    pub(crate) fn know_sound(&self) {
        self.0.sound.store(true, Relaxed);
    }

    /// Whether issuer and subject are the same bytes: a certificate that a CA issued to itself (RFC 5280 3.2).
    pub(crate) fn same_name_bytes(&self) -> bool {
        self.issuer_der() == self.subject_der()
    }

    /// The SubjectPublicKeyInfo.
    pub(crate) fn spki_der(&self) -> &[u8] {
        self.slice(self.0.spki)
    }

    /// Where the SubjectPublicKeyInfo is in the certificate.
    pub(crate) fn spki_offset(&self) -> usize {
        self.0.spki.start as usize
    }

    /// Where the AlgorithmIdentifier of the signature is in the certificate.
    pub(crate) fn signature_algorithm_offset(&self) -> usize {
        self.0.outer_algorithm.start as usize
    }

    /// The bytes that the issuer signed.
    pub(crate) fn tbs_der(&self) -> &[u8] {
        self.slice(self.0.tbs)
    }

    /// The AlgorithmIdentifier of the signature, outside of the signed part.
    pub(crate) fn signature_algorithm_der(&self) -> &[u8] {
        self.slice(self.0.outer_algorithm)
    }

    /// The AlgorithmIdentifier of the signature inside the signed part, which must be equal to the one outside.
    pub(crate) fn inner_signature_algorithm_der(&self) -> &[u8] {
        self.slice(self.0.inner_algorithm)
    }

    /// The signature: the bytes of the BIT STRING.
    pub(crate) fn signature(&self) -> &[u8] {
        self.slice(self.0.signature)
    }

    /// The signature and what verifying it with an issuer's key needs.
    pub(crate) fn signature_under<'a>(&'a self, issuer: &'a Certificate) -> SignatureInput<'a> {
        SignatureInput {
            issuer_spki: issuer.spki_der(),
            algorithm: self.signature_algorithm_der(),
            message: self.tbs_der(),
            signature: self.signature(),
        }
    }

    /// The extensions in encoded order.
    pub(crate) fn extensions(&self) -> Extensions<'_> {
        Extensions::new(self.slice(self.0.extensions), self.0.extensions.start as usize)
    }

    /// Whether an extension occurs twice, which RFC 5280 4.2 forbids.
    pub(crate) fn has_duplicate_extension(&self) -> bool {
        self.0.duplicate_extension
    }

    /// "issued to" as the product's messages have it: the first dNSName of the SAN, else the CN, else empty (rule A-3).
    pub fn issued_to(&self) -> String {
        let dns = self.subject_alternative_names().ok().and_then(|names| {
            names.into_iter().find_map(|name| if let GeneralName::Dns(name) = name { Some(name) } else { None })
        });
        dns.unwrap_or_else(|| self.subject().common_names().next().unwrap_or_default().to_owned())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl std::hash::Hash for Certificate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.der.hash(state);
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} `{}`)", self.thumbprint(), self.issued_to())
    }
}

/// The SHA-1 of a certificate, printed in upper-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint(pub(crate) [u8; 20]);

impl Thumbprint {
    /// The SHA-1 of any bytes: an unreadable entry has one as well (rule T-5).
    pub fn of(bytes: &[u8]) -> Self {
        Thumbprint(crypto::sha1(bytes))
    }

    /// The twenty bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The first eight digits, as sentences name a certificate; what is typed or pasted is the whole.
    pub(crate) fn short(&self) -> String {
        self.0.iter().take(4).map(|byte| format!("{byte:02X}")).collect()
    }
}

impl From<[u8; 20]> for Thumbprint {
    fn from(bytes: [u8; 20]) -> Self {
        Thumbprint(bytes)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 40];
        f.write_str(base16ct::upper::encode_str(&self.0, &mut text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Blanks and colons between digits are dropped, and the invisible mark that the certificate dialog of Windows puts in
/// front when the thumbprint is copied from it.
impl FromStr for Thumbprint {
    type Err = ValueError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let error = || ValueError::new(s, "a thumbprint", "40 hexadecimal digits");
        let mut bytes = [0u8; 20];
        let mut digits =
            s.chars().filter(|c| !matches!(c, ' ' | ':' | '\u{200e}' | '\u{200f}')).map(|c| c.to_digit(16));
        for byte in &mut bytes {
            let high = digits.next().flatten().ok_or_else(error)?;
            let low = digits.next().flatten().ok_or_else(error)?;
            *byte = (high << 4 | low) as u8;
        }
        if digits.next().is_some() { Err(error()) } else { Ok(Thumbprint(bytes)) }
    }
}

fn check(der: &[u8]) -> Result<(), CertificateError> {
    match der.len() {
        0..=MAX_CERTIFICATE_BYTES => {}
        size => return Err(CertificateError::TooLarge { size }),
    }
    match OtherContent::of(der) {
        Some(other) => Err(CertificateError::Other(other)),
        None => Ok(()),
    }
}

/// Where the signature begins in its BIT STRING. One that does not end with a whole byte is of no algorithm, and the
/// certificate is there all the same: with the count of unused bits before it, it verifies under none.
pub(crate) fn signature_start(signature: &asn1::Element<'_>) -> Result<usize, DerError> {
    let (unused, _) = asn1::bit_string(signature)?;
    Ok(signature.value_start + usize::from(unused == 0))
}

/// RFC 5280 4.1, in the order of the ASN.1:
///
/// ```text
/// Certificate  ::=  SEQUENCE  { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }
/// TBSCertificate  ::=  SEQUENCE  {
///      version [0] EXPLICIT DEFAULT v1, serialNumber, signature AlgorithmIdentifier, issuer Name, validity, subject Name,
///      subjectPublicKeyInfo, issuerUniqueID [1] OPTIONAL, subjectUniqueID [2] OPTIONAL, extensions [3] EXPLICIT OPTIONAL }
/// ```
fn decode(der: Box<[u8]>) -> Result<CertificateFacts, CertificateError> {
    let outer = asn1::single(&der, 0, asn1::SEQUENCE, "a Certificate SEQUENCE and nothing after it")?;
    let mut certificate = outer.inside();
    let tbs = certificate.expect(asn1::SEQUENCE, "the tbsCertificate SEQUENCE")?;
    let outer_algorithm = certificate.expect(asn1::SEQUENCE, "the signatureAlgorithm SEQUENCE")?;
    let signature = certificate.expect(asn1::BIT_STRING, "the signatureValue BIT STRING")?;
    certificate.finish("the end of the Certificate")?;
    let signature_start = signature_start(&signature)?;

    let mut fields = tbs.inside();
    let version = match fields.optional(asn1::context_constructed(0), "the version")? {
        None => 1,
        Some(explicit) => {
            let value = asn1::single(explicit.value, explicit.value_start, asn1::INTEGER, "the version INTEGER")?;
            match value.value {
                [v @ 0..=2] => v + 1,
                _ => return Err(value.error(DerProblem::Value, "version 0, 1 or 2 (v1, v2, v3)").into()),
            }
        }
    };
    let serial = fields.expect(asn1::INTEGER, "the serialNumber INTEGER")?;
    if serial.value.is_empty() {
        return Err(serial.error(DerProblem::Value, "a serialNumber of at least one byte").into());
    }
    let inner_algorithm = fields.expect(asn1::SEQUENCE, "the signature AlgorithmIdentifier")?;
    let issuer = fields.expect(asn1::SEQUENCE, "the issuer's Name")?;
    crate::name::check(issuer.full, issuer.start)?;
    let validity = fields.expect(asn1::SEQUENCE, "the Validity SEQUENCE")?;
    let mut times = validity.inside();
    let not_before = asn1::time(&times.any("notBefore")?)?;
    let not_after = asn1::time(&times.any("notAfter")?)?;
    let (usual_times, not_before, not_after) = (not_before.usual && not_after.usual, not_before.at, not_after.at);
    times.finish("the end of Validity")?;
    let subject = fields.expect(asn1::SEQUENCE, "the subject's Name")?;
    crate::name::check(subject.full, subject.start)?;
    let spki = fields.expect(asn1::SEQUENCE, "the SubjectPublicKeyInfo SEQUENCE")?;
    fields.optional(asn1::context(1), "the issuerUniqueID")?;
    fields.optional(asn1::context(2), "the subjectUniqueID")?;
    let mut extensions = Span { start: 0, end: 0 };
    let mut known = KnownExtensions::default();
    let mut duplicate_extension = false;
    if let Some(explicit) = fields.optional(asn1::context_constructed(3), "the extensions")? {
        let list = asn1::single(explicit.value, explicit.value_start, asn1::SEQUENCE, "the Extensions SEQUENCE")?;
        extensions = Span::of_value(&list);
        (known, duplicate_extension) = extension::scan(list.inside())?;
    }
    fields.finish("the end of the tbsCertificate")?;

    let facts = CertificateFacts {
        thumbprint: OnceLock::new(),
        asked: OnceLock::new(),
        sound: AtomicBool::new(false),
        not_before,
        not_after,
        tbs: Span::of(&tbs),
        serial: Span::of_value(&serial),
        inner_algorithm: Span::of(&inner_algorithm),
        issuer: Span::of(&issuer),
        subject: Span::of(&subject),
        spki: Span::of(&spki),
        extensions,
        outer_algorithm: Span::of(&outer_algorithm),
        // The first byte of a BIT STRING counts its unused bits.
        signature: Span { start: signature_start as u32, end: signature.end() as u32 },
        version,
        duplicate_extension,
        usual_times,
        known,
        der: Box::default(),
    };
    Ok(CertificateFacts { der, ..facts })
}
