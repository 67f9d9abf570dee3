//! DER -> CRL (RFC 5280 5.1).

use super::entry::{CrlEntry, issuer_rows, to_oid};
use super::error::CrlError;
use super::index::{SerialIndex, Slots};
use super::point::PointNames;
use super::scope::IssuingDistributionPoint;
use super::usual;
use crate::asn1::{self, Der, DerError, DerProblem, Element, Span};
use crate::certificate::{DistributionPoints, Extension, read_authority_key_identifier, signature_start};
use crate::name::NameKey;
use crate::oid::{self, Oid};
use crate::time::Timestamp;
use std::sync::OnceLock;

pub(super) struct CrlFacts {
    pub der: Box<[u8]>,
    pub digest: OnceLock<[u8; 32]>,
    pub point_names: OnceLock<PointNames>,
    pub version: u8,
    pub tbs: Span,
    pub inner_algorithm: Span,
    pub issuer: Span,
    pub issuer_key: NameKey,
    pub this_update: Timestamp,
    pub next_update: Option<Timestamp>,
    pub usual_times: bool,
    /// How many entries have a date or a reason that does not read, and the first damage.
    pub odd_entries: Option<Box<(usize, DerError)>>,
    /// The entries, without the header of their SEQUENCE.
    pub entries: Span,
    pub index: SerialIndex,
    /// From which entry on (by offset) the entries are about whom, for indirect CRLs; sorted.
    pub issuers: Box<[(u32, Option<NameKey>)]>,
    pub number: Option<Span>,
    pub base_number: Option<Span>,
    pub issuing_distribution_point: Option<Span>,
    pub authority_key_identifier: Option<Span>,
    pub freshest_crl: Option<Span>,
    pub next_publish: Option<Timestamp>,
    pub unknown_critical: Option<Oid>,
    pub outer_algorithm: Span,
    pub signature: Span,
}

impl CrlFacts {
    pub(super) fn slice(&self, span: Span) -> &[u8] {
        span.of_input(&self.der)
    }
}

/// ```text
/// CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
/// TBSCertList ::= SEQUENCE {
///      version INTEGER OPTIONAL, signature AlgorithmIdentifier, issuer Name, thisUpdate Time, nextUpdate Time OPTIONAL,
///      revokedCertificates SEQUENCE OF SEQUENCE { .. } OPTIONAL, crlExtensions [0] EXPLICIT Extensions OPTIONAL }
/// ```
pub(super) fn decode(der: Box<[u8]>) -> Result<CrlFacts, CrlError> {
    let outer = asn1::single(&der, 0, asn1::SEQUENCE, "a CertificateList SEQUENCE and nothing after it")?;
    let mut list = outer.inside();
    let tbs = list.expect(asn1::SEQUENCE, "the tbsCertList SEQUENCE")?;
    let outer_algorithm = list.expect(asn1::SEQUENCE, "the signatureAlgorithm SEQUENCE")?;
    let signature = list.expect(asn1::BIT_STRING, "the signatureValue BIT STRING")?;
    list.finish("the end of the CertificateList")?;
    let signature_start = signature_start(&signature)?;

    let mut fields = tbs.inside();
    let version = match fields.optional(asn1::INTEGER, "the version INTEGER")? {
        None => 1,
        Some(version) => match version.value {
            [v @ 0..=1] => v + 1,
            _ => return Err(version.error(DerProblem::Value, "version 0 or 1 (v1, v2)").into()),
        },
    };
    let inner_algorithm = fields.expect(asn1::SEQUENCE, "the signature AlgorithmIdentifier")?;
    let issuer = fields.expect(asn1::SEQUENCE, "the issuer's Name")?;
    crate::name::check(issuer.full, issuer.start)?;
    let issuer_key = NameKey::from_der(issuer.full).ok_or_else(|| issuer.error(DerProblem::Value, "a Name"))?;
    let this_update = asn1::time(&fields.any("thisUpdate")?)?;
    let next_update = match fields.peek_tag() {
        Some(asn1::UTC_TIME | asn1::GENERALIZED_TIME) => Some(asn1::time(&fields.any("nextUpdate")?)?),
        _ => None,
    };
    let usual_times = this_update.usual && next_update.is_none_or(|next| next.usual);
    let revoked = fields.optional(asn1::SEQUENCE, "the revokedCertificates SEQUENCE")?;
    let entries = match &revoked {
        Some(revoked) => EntryWalk::read(revoked)?,
        None => EntryWalk::about(0),
    };
    let extensions = match fields.optional(asn1::context_constructed(0), "the crlExtensions")? {
        Some(explicit) => {
            let expected = "the Extensions SEQUENCE";
            let list = asn1::single(explicit.value, explicit.value_start, asn1::SEQUENCE, expected)?;
            CrlExtensions::read(list.inside())?
        }
        None => CrlExtensions::default(),
    };
    fields.finish("the end of the tbsCertList")?;

    let facts = CrlFacts {
        der: Box::default(),
        digest: OnceLock::new(),
        point_names: OnceLock::new(),
        version,
        tbs: Span::of(&tbs),
        inner_algorithm: Span::of(&inner_algorithm),
        issuer: Span::of(&issuer),
        issuer_key,
        this_update: this_update.at,
        next_update: next_update.map(|next| next.at),
        usual_times,
        odd_entries: entries.odd,
        entries: revoked.as_ref().map(Span::of_value).unwrap_or_default(),
        index: entries.slots.sort(),
        issuers: entries.issuers.into_boxed_slice(),
        number: extensions.number,
        base_number: extensions.base_number,
        issuing_distribution_point: extensions.issuing_distribution_point,
        authority_key_identifier: extensions.authority_key_identifier,
        freshest_crl: extensions.freshest_crl,
        next_publish: extensions.next_publish,
        unknown_critical: extensions.unknown_critical.or(entries.unknown_critical),
        outer_algorithm: Span::of(&outer_algorithm),
        // The first byte of a BIT STRING counts its unused bits.
        signature: Span { start: signature_start as u32, end: signature.end() as u32 },
    };
    Ok(CrlFacts { der, ..facts })
}

/// What one walk over the entries gives.
struct EntryWalk {
    slots: Slots,
    issuers: Vec<(u32, Option<NameKey>)>,
    unknown_critical: Option<Oid>,
    odd: Option<Box<(usize, DerError)>>,
}

/// A short entry: its reason, a serial number of ten bytes, and a date.
const USUAL_ENTRY_BYTES: usize = 40;

impl EntryWalk {
    fn about(count: usize) -> Self {
        EntryWalk { slots: Slots::about(count), issuers: Vec::new(), unknown_critical: None, odd: None }
    }

    fn read(revoked: &Element<'_>) -> Result<Self, DerError> {
        let mut entries = EntryWalk::about(revoked.value.len() / USUAL_ENTRY_BYTES);
        let mut list = revoked.inside();
        while !list.is_empty() {
            let offset = list.offset() as u32;
            if let Some(serial) = usual::step_over(&mut list) {
                entries.slots.push(serial, offset);
                continue;
            }
            let entry = CrlEntry::read(&mut list)?;
            entries.slots.push(entry.serial, offset);
            if let Some(names) = entry.certificate_issuer {
                issuer_rows(&mut entries.issuers, offset, names)?;
            }
            if let Some(damage) = entry.damage {
                entries.odd.get_or_insert_with(|| Box::new((0, damage))).0 += 1;
            }
            if let Some(unknown) = entry.unknown_critical {
                entries.unknown_critical.get_or_insert_with(|| to_oid(unknown));
            }
        }
        Ok(entries)
    }
}

/// Where the extensions that rules read stand.
#[derive(Default)]
struct CrlExtensions {
    number: Option<Span>,
    base_number: Option<Span>,
    issuing_distribution_point: Option<Span>,
    authority_key_identifier: Option<Span>,
    freshest_crl: Option<Span>,
    next_publish: Option<Timestamp>,
    unknown_critical: Option<Oid>,
}

/// Extensions that AD CS and RFC 5280 put into CRLs and that no rule reads: harmless even where they are critical.
const UNDERSTOOD: [&[u8]; 5] = [
    oid::ISSUER_ALT_NAME,
    oid::AUTHORITY_INFO_ACCESS,
    oid::MS_CA_VERSION,
    oid::MS_PREVIOUS_CA_HASH,
    oid::MS_CRL_VIRTUAL_BASE,
];

impl CrlExtensions {
    fn read(mut list: Der<'_>) -> Result<Self, DerError> {
        let mut read = CrlExtensions::default();
        while !list.is_empty() {
            let offset = list.offset();
            let extension = Extension::read(&mut list)?;
            let value = Span { start: extension.offset as u32, end: (extension.offset + extension.value.len()) as u32 };
            let place = match extension.oid {
                oid::CRL_NUMBER => {
                    let number = crl_number(&extension)?;
                    once(&mut read.number, number, offset)?;
                    continue;
                }
                oid::DELTA_CRL_INDICATOR => {
                    let number = crl_number(&extension)?;
                    once(&mut read.base_number, number, offset)?;
                    continue;
                }
                oid::MS_CRL_NEXT_PUBLISH => {
                    // A convenience for caches; a damaged one harms nobody.
                    let time =
                        Der::at(extension.value, extension.offset).any("a Time").and_then(|time| asn1::time(&time));
                    read.next_publish = time.ok().map(|time| time.at);
                    continue;
                }
                oid::ISSUING_DISTRIBUTION_POINT => {
                    IssuingDistributionPoint::read(&extension)?;
                    &mut read.issuing_distribution_point
                }
                oid::AUTHORITY_KEY_IDENTIFIER => {
                    read_authority_key_identifier(&extension)?;
                    &mut read.authority_key_identifier
                }
                oid::FRESHEST_CRL => {
                    DistributionPoints::read(&extension)?;
                    &mut read.freshest_crl
                }
                other => {
                    if extension.critical && !UNDERSTOOD.contains(&other) {
                        read.unknown_critical.get_or_insert_with(|| extension.oid());
                    }
                    continue;
                }
            };
            once(place, value, offset)?;
        }
        Ok(read)
    }
}

/// RFC 5280 4.2: an extension that decides occurs once. Which of two would be meant is nothing to guess.
fn once(place: &mut Option<Span>, value: Span, offset: usize) -> Result<(), DerError> {
    match place.replace(value) {
        Some(_) => Err(DerError::new(offset, DerProblem::Value, "each extension once")),
        None => Ok(()),
    }
}

/// `CRLNumber ::= INTEGER (0..MAX)`; where its content stands.
fn crl_number(extension: &Extension<'_>) -> Result<Span, DerError> {
    let expected = "a CRLNumber that is not negative";
    let number = asn1::single(extension.value, extension.offset, asn1::INTEGER, expected)?;
    match number.value.first() {
        Some(first) if first & 0x80 == 0 => Ok(Span::of_value(&number)),
        _ => Err(number.error(DerProblem::Value, expected)),
    }
}
