//! A CRL, decoded once: the DER is kept, and an index of its serial numbers beside it.

use super::decode::{self, CrlFacts};
use super::entry::RevokedCertificate;
use super::error::{CrlError, MAX_CRL_BYTES};
use super::index::significant;
use super::point::PointNames;
use super::scope::IssuingDistributionPoint;
use crate::asn1::{Der, DerError, Span};
use crate::certificate::{
    AuthorityKeyIdentifier, Certificate, DistributionPoints, Extension, pem, pem_blocks, read_authority_key_identifier,
};
use crate::crypto::SignatureInput;
use crate::encoding::OtherContent;
use crate::name::{DistinguishedName, NameKey};
use crate::oid::Oid;
use crate::time::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// A certificate revocation list, complete or delta. Cloning is cheap: the bytes are shared.
#[derive(Clone)]
pub struct Crl(Arc<CrlFacts>);

/// The number of a CRL (RFC 5280 5.2.3): not negative, up to 20 bytes, growing with each CRL of one issuer and scope.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CrlNumber<'a>(&'a [u8]);

impl<'a> CrlNumber<'a> {
    /// The content of an INTEGER that is not negative.
    pub(super) fn new(content: &'a [u8]) -> Self {
        let start = content.iter().position(|&byte| byte != 0).unwrap_or(content.len());
        CrlNumber(content.get(start..).unwrap_or_default())
    }

    /// The number, big-endian, without leading zeros; empty for 0.
    #[cfg(test)]
    pub(crate) fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl Ord for CrlNumber<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for CrlNumber<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Decimal up to sixteen bytes, else hexadecimal with `0x`.
impl fmt::Display for CrlNumber<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() <= 16 {
            return write!(f, "{}", self.0.iter().fold(0u128, |n, &byte| (n << 8) | u128::from(byte)));
        }
        f.write_str("0x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for CrlNumber<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Crl {
    /// Decodes one DER CRL; trailing bytes are an error.
    ///
    /// # Errors
    /// Damage to the structure, to an entry, or to an extension that is read; with the byte offset and what would be
    /// right there.
    pub fn from_der(der: &[u8]) -> Result<Self, CrlError> {
        Self::from_vec(der.to_vec())
    }

    /// Decodes the first CRL of a PEM text.
    ///
    /// # Errors
    /// No block that is a CRL, or damage to the armour or to what is inside.
    pub fn from_pem(text: &[u8]) -> Result<Self, CrlError> {
        for block in pem_blocks(text) {
            match block {
                Ok(block) if pem::is_crl(&block.label) => return Self::from_vec(block.der),
                Ok(_) => {}
                Err(error) => return Err(CrlError::Pem { offset: error.offset(), problem: error.to_string() }),
            }
        }
        let problem = "no block `-----BEGIN X509 CRL-----` in the text".to_owned();
        Err(CrlError::Pem { offset: 0, problem })
    }

    /// [`from_der`](Self::from_der) without a copy, for CRLs of many megabytes.
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der).
    pub fn from_vec(der: Vec<u8>) -> Result<Self, CrlError> {
        if der.len() > MAX_CRL_BYTES {
            return Err(CrlError::TooLarge { size: der.len() });
        }
        if let Some(other) = OtherContent::of(&der) {
            return Err(CrlError::Other(other));
        }
        decode::decode(der.into_boxed_slice()).map(|facts| Crl(Arc::new(facts)))
    }

    fn extension(&self, value: Option<Span>) -> Option<Extension<'_>> {
        let span = value?;
        let value = self.0.slice(span);
        Some(Extension { oid: &[], critical: false, value, offset: span.start as usize })
    }

    /// The whole CRL.
    pub(crate) fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// Whether thisUpdate and nextUpdate are written as RFC 5280 wants it, and not in another form that Windows reads.
    pub(crate) fn has_usual_times(&self) -> bool {
        self.0.usual_times
    }

    /// How many entries have a date or a reason that does not read, and the first damage: what they list is revoked all
    /// the same.
    pub(crate) fn odd_entries(&self) -> Option<(usize, &DerError)> {
        self.0.odd_entries.as_deref().map(|(count, first)| (*count, first))
    }

    /// SHA-256 of the whole CRL: what a cache of signature results knows it by. Computed at the first call.
    pub(crate) fn digest(&self) -> &[u8; 32] {
        self.0.digest.get_or_init(|| Sha256::digest(&self.0.der).into())
    }

    /// Where it is in memory: only clones have the same.
    pub(super) fn place_in_memory(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// Whether both are the same CRL in memory, or the same bytes.
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }

    /// The version as printed: 1 or 2.
    #[cfg_attr(not(test), allow(dead_code, reason = "what is tested of it"))]
    pub(crate) fn version(&self) -> u8 {
        self.0.version
    }

    /// The issuer's name.
    pub fn issuer(&self) -> DistinguishedName {
        // The name was checked when the CRL was decoded, so the default is never taken.
        DistinguishedName::from_der(self.issuer_der()).unwrap_or_default()
    }

    /// The DER of the issuer's name.
    pub(crate) fn issuer_der(&self) -> &[u8] {
        self.0.slice(self.0.issuer)
    }

    pub(crate) fn issuer_key(&self) -> NameKey {
        self.0.issuer_key
    }

    /// When the CRL was issued.
    pub fn this_update(&self) -> Timestamp {
        self.0.this_update
    }

    /// When the next one will be at the latest; RFC 5280 requires it, and a CRL without it does not count (rule V-9).
    pub fn next_update(&self) -> Option<Timestamp> {
        self.0.next_update
    }

    /// The CRL's number, where it has one.
    pub(crate) fn number(&self) -> Option<CrlNumber<'_>> {
        self.0.number.map(|span| CrlNumber::new(self.0.slice(span)))
    }

    /// For a delta CRL, the number of the complete CRL that it starts from (RFC 5280 5.2.4).
    pub(crate) fn base_number(&self) -> Option<CrlNumber<'_>> {
        self.0.base_number.map(|span| CrlNumber::new(self.0.slice(span)))
    }

    /// Whether it lists only changes (a delta CRL).
    pub(crate) fn is_delta(&self) -> bool {
        self.0.base_number.is_some()
    }

    /// What the CRL covers, where it does not cover everything of its issuer.
    pub(crate) fn issuing_distribution_point(&self) -> Option<IssuingDistributionPoint<'_>> {
        self.extension(self.0.issuing_distribution_point)
            .and_then(|extension| IssuingDistributionPoint::read(&extension).ok()) // read once when decoded
    }

    /// The names of its distribution point, decoded once; `None` where it has none.
    pub(super) fn point_names(&self) -> Option<&PointNames> {
        let name = self.issuing_distribution_point()?.name?;
        Some(self.0.point_names.get_or_init(|| PointNames::of(name, self.issuer_der())))
    }

    /// The same as it stands: a delta CRL must have the same one as its base (RFC 5280 6.3.3 (c)).
    pub(crate) fn issuing_distribution_point_der(&self) -> Option<&[u8]> {
        self.0.issuing_distribution_point.map(|span| self.0.slice(span))
    }

    /// The key that signed the CRL: a hint, not a proof.
    pub(crate) fn authority_key_identifier(&self) -> Option<AuthorityKeyIdentifier<'_>> {
        self.extension(self.0.authority_key_identifier)
            .and_then(|extension| read_authority_key_identifier(&extension).ok())
    }

    /// Where delta CRLs of this one are published; none for CRLs without delta.
    pub(crate) fn freshest_crl(&self) -> DistributionPoints<'_> {
        self.extension(self.0.freshest_crl)
            .and_then(|extension| DistributionPoints::read(&extension).ok())
            .unwrap_or_else(DistributionPoints::none)
    }

    /// Whether the CRL says that deltas of it are published.
    pub(crate) fn names_freshest_crl(&self) -> bool {
        self.0.freshest_crl.is_some()
    }

    /// When AD CS intends to publish the next one, which is before [`next_update`](Self::next_update) (szOID_CRL_NEXT_PUBLISH).
    #[cfg_attr(not(any(test, feature = "test-support")), allow(dead_code, reason = "what is tested of it"))]
    pub(crate) fn next_publish(&self) -> Option<Timestamp> {
        self.0.next_publish
    }

    /// A critical extension of the CRL or of an entry that is not understood: the CRL does not count (rule V-9).
    pub(crate) fn unknown_critical_extension(&self) -> Option<&Oid> {
        self.0.unknown_critical.as_ref()
    }

    /// The bytes that the issuer signed.
    pub(crate) fn tbs_der(&self) -> &[u8] {
        self.0.slice(self.0.tbs)
    }

    /// The AlgorithmIdentifier of the signature, outside of the signed part.
    pub(crate) fn signature_algorithm_der(&self) -> &[u8] {
        self.0.slice(self.0.outer_algorithm)
    }

    /// Where the AlgorithmIdentifier of the signature is in the CRL.
    pub(super) fn signature_algorithm_offset(&self) -> usize {
        self.0.outer_algorithm.start as usize
    }

    /// The AlgorithmIdentifier inside the signed part, which must be equal to the one outside.
    pub(crate) fn inner_signature_algorithm_der(&self) -> &[u8] {
        self.0.slice(self.0.inner_algorithm)
    }

    /// The signature: the bytes of the BIT STRING.
    pub(crate) fn signature(&self) -> &[u8] {
        self.0.slice(self.0.signature)
    }

    /// The signature and what verifying it with a signer's key needs.
    pub(crate) fn signature_under<'a>(&'a self, signer: &'a Certificate) -> SignatureInput<'a> {
        SignatureInput {
            issuer_spki: signer.spki_der(),
            algorithm: self.signature_algorithm_der(),
            message: self.tbs_der(),
            signature: self.signature(),
        }
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.0.index.len()
    }

    /// Heap beside the DER, in bytes.
    #[cfg(test)]
    pub(crate) fn index_bytes(&self) -> usize {
        self.0.index.heap_bytes() + size_of_val(&*self.0.issuers)
    }

    /// What the index knows of the serial number of each entry.
    pub(super) fn known_serials(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.index.known()
    }

    /// The entries in encoded order.
    pub fn entries(&self) -> impl Iterator<Item = RevokedCertificate<'_>> {
        let mut list = Der::at(self.0.slice(self.0.entries), self.0.entries.start as usize);
        // Every entry was read when the CRL was decoded, so an error means the end.
        std::iter::from_fn(move || RevokedCertificate::at(list.any("an entry").ok()?.full))
    }

    /// The first entry about a certificate of the CRL's own issuer with this serial number (content bytes of the INTEGER).
    pub fn find(&self, serial: &[u8]) -> Option<RevokedCertificate<'_>> {
        self.looked_up(self.0.issuer_key, serial).flatten().next()
    }

    /// The entries about a certificate of this issuer, which matters for indirect CRLs (RFC 5280 5.3.3), in encoded order;
    /// `None` for each that had to be looked at and is about another one.
    pub(super) fn looked_up(
        &self,
        issuer: NameKey,
        serial: &[u8],
    ) -> impl Iterator<Item = Option<RevokedCertificate<'_>>> {
        let serial = significant(serial);
        self.0.index.candidates(serial).map(move |offset| {
            let entry = RevokedCertificate::at(self.0.der.get(offset as usize..)?)?;
            let same = entry.serial_number() == serial || significant(entry.serial_number()) == serial;
            (same && self.is_about(issuer, offset)).then_some(entry)
        })
    }

    /// Whether the entry at this offset is about certificates of this issuer: the last certificateIssuer at or before it
    /// says, else the CRL's own issuer.
    fn is_about(&self, issuer: NameKey, offset: u32) -> bool {
        let before = self.0.issuers.partition_point(|(from, _)| *from <= offset);
        match self.0.issuers.get(..before).unwrap_or_default().last() {
            Some((from, _)) => self.0.issuers.binary_search(&(*from, Some(issuer))).is_ok(),
            None => issuer == self.0.issuer_key,
        }
    }
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}

impl Eq for Crl {}

impl std::hash::Hash for Crl {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_der().hash(state);
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl(`{}` of {}", self.issuer(), self.this_update())?;
        if let Some(number) = self.number() {
            write!(f, ", number {number}")?;
        }
        write!(f, ", {} entries)", self.len())
    }
}
