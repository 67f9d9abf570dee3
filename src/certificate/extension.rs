//! Extensions as they stand: which there are, and where (RFC 5280 4.1.2.9).

use crate::asn1::{self, Der, DerError, DerProblem};
use crate::oid::{self, Oid};

/// Which of the extensions that rules read are present, and where: rules ask twenty times for one of ten.
#[derive(Clone, Copy)]
pub(crate) struct KnownExtensions([u16; KnownExtensions::COUNT]);

/// Where an extension is to be looked for.
pub(super) enum Where {
    Nowhere,
    /// So many bytes into the list.
    At(usize),
    /// It has no place of its own, or is too far into the list: somewhere, or nowhere.
    Unknown,
}

impl Default for KnownExtensions {
    fn default() -> Self {
        KnownExtensions([KnownExtensions::ABSENT; KnownExtensions::COUNT])
    }
}

impl KnownExtensions {
    const COUNT: usize = 21;
    const ABSENT: u16 = u16::MAX;
    const FAR: u16 = u16::MAX - 1;

    /// The number of an extension that some rule reads.
    fn index(oid: &[u8]) -> Option<usize> {
        Some(match oid {
            oid::SUBJECT_KEY_IDENTIFIER => 0,
            oid::KEY_USAGE => 1,
            oid::SUBJECT_ALT_NAME => 2,
            oid::ISSUER_ALT_NAME => 3,
            oid::BASIC_CONSTRAINTS => 4,
            oid::NAME_CONSTRAINTS => 5,
            oid::CRL_DISTRIBUTION_POINTS => 6,
            oid::CERTIFICATE_POLICIES => 7,
            oid::POLICY_MAPPINGS => 8,
            oid::AUTHORITY_KEY_IDENTIFIER => 9,
            oid::POLICY_CONSTRAINTS => 10,
            oid::EXTENDED_KEY_USAGE => 11,
            oid::FRESHEST_CRL => 12,
            oid::INHIBIT_ANY_POLICY => 13,
            oid::AUTHORITY_INFO_ACCESS => 14,
            oid::MS_TEMPLATE_NAME => 15,
            oid::MS_TEMPLATE => 16,
            oid::MS_APPLICATION_POLICIES => 17,
            oid::MS_APPLICATION_POLICY_MAPPINGS => 18,
            oid::MS_APPLICATION_POLICY_CONSTRAINTS => 19,
            oid::MS_NTDS_SECURITY => 20,
            _ => return None,
        })
    }

    pub(super) fn place(&self, oid: &[u8]) -> Where {
        match KnownExtensions::index(oid).and_then(|index| self.0.get(index)) {
            Some(&KnownExtensions::ABSENT) => Where::Nowhere,
            None | Some(&KnownExtensions::FAR) => Where::Unknown,
            Some(place) => Where::At(usize::from(*place)),
        }
    }

    pub(super) fn may_contain(&self, oid: &[u8]) -> bool {
        !matches!(self.place(oid), Where::Nowhere)
    }
}

/// One extension as it stands (RFC 5280 4.1.2.9).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extension<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
    /// Byte offset of the value in the certificate or CRL.
    pub(crate) offset: usize,
}

impl<'a> Extension<'a> {
    /// The extension's identifier.
    pub(crate) fn oid(&self) -> Oid {
        Oid::from_checked(self.oid) // `read` checked it
    }

    /// Whether a validator that does not understand it must reject (RFC 5280 4.2).
    pub(crate) fn is_critical(&self) -> bool {
        self.critical
    }

    /// The DER inside the OCTET STRING.
    pub(crate) fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Reads `Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`.
    pub(crate) fn read(list: &mut Der<'a>) -> Result<Self, DerError> {
        if let Some(extension) = Extension::usual(list) {
            return Ok(extension);
        }
        Extension::any_form(list)
    }

    /// One with short lengths, as most are, read in one look: a certificate has ten. `None` for any other form, which is
    /// left to the reader that names its damage; the list then stays where it is.
    fn usual(list: &mut Der<'a>) -> Option<Self> {
        let &[asn1::SEQUENCE, length @ 0..0x80, asn1::OID, id, ref rest @ ..] = list.rest() else {
            return None;
        };
        let length = usize::from(length);
        let (oid, rest) = rest.get(..length.checked_sub(2)?)?.split_at_checked(id.into())?;
        let (critical, rest) = match rest {
            [asn1::BOOLEAN, 1, flag, rest @ ..] => (*flag != 0, rest),
            rest => (false, rest),
        };
        let &[asn1::OCTET_STRING, count, ref value @ ..] = rest else {
            return None;
        };
        // All lengths are short, since each fits into one that is.
        if value.len() != usize::from(count) || !oid::is_oid(oid) {
            return None;
        }
        list.step_over(2 + length);
        Some(Extension { oid, critical, value, offset: list.offset() - value.len() })
    }

    fn any_form(list: &mut Der<'a>) -> Result<Self, DerError> {
        let extension = list.expect(asn1::SEQUENCE, "an Extension SEQUENCE")?;
        let mut fields = extension.inside();
        let id = fields.expect(asn1::OID, "the extnID")?;
        if !oid::is_oid(id.value) {
            return Err(id.error(DerProblem::Value, "an OBJECT IDENTIFIER"));
        }
        let critical = match fields.optional(asn1::BOOLEAN, "the critical BOOLEAN")? {
            Some(flag) => asn1::boolean(&flag)?,
            None => false,
        };
        let value = fields.expect(asn1::OCTET_STRING, "the extnValue OCTET STRING")?;
        fields.finish("the end of the Extension")?;
        Ok(Extension { oid: id.value, critical, value: value.value, offset: value.value_start })
    }
}

/// The extensions of a certificate or CRL in encoded order.
#[derive(Clone, Debug)]
pub(crate) struct Extensions<'a>(pub(super) Der<'a>);

impl<'a> Extensions<'a> {
    pub(crate) fn new(bytes: &'a [u8], base: usize) -> Self {
        Extensions(Der::at(bytes, base))
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = Extension<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        // The list was read to its end when the certificate was decoded.
        if self.0.is_empty() { None } else { Extension::read(&mut self.0).ok() }
    }
}

/// More extensions than this in one certificate are refused: comparing each with each (RFC 5280 4.2 forbids a second
/// copy) is quadratic, and real certificates have about ten.
const MAX_EXTENSIONS: usize = 256;

/// Reads the whole list once: which known extensions there are, and whether one occurs twice.
pub(super) fn scan(mut list: Der<'_>) -> Result<(KnownExtensions, bool), DerError> {
    let mut known = KnownExtensions::default();
    let mut duplicate = false;
    let mut others: Vec<&[u8]> = Vec::new();
    let (mut count, start) = (0, list.offset());
    while !list.is_empty() {
        let offset = list.offset();
        let extension = Extension::read(&mut list)?;
        count += 1;
        if count > MAX_EXTENSIONS {
            return Err(DerError::new(offset, DerProblem::Value, "at most 256 extensions"));
        }
        match KnownExtensions::index(extension.oid).and_then(|index| known.0.get_mut(index)) {
            // The first of several counts.
            Some(place) if *place == KnownExtensions::ABSENT => {
                *place =
                    u16::try_from(offset - start).map_or(KnownExtensions::FAR, |place| place.min(KnownExtensions::FAR));
            }
            Some(_) => duplicate = true,
            None => {
                duplicate |= others.contains(&extension.oid);
                others.push(extension.oid);
            }
        }
    }
    Ok((known, duplicate))
}

/// The object identifier in an element that was expected to be one.
pub(crate) fn read_oid(element: &asn1::Element<'_>) -> Result<Oid, DerError> {
    check_oid(element).map(|()| Oid::from_checked(element.value))
}

/// Whether an element that was expected to be an object identifier is one.
pub(super) fn check_oid(element: &asn1::Element<'_>) -> Result<(), DerError> {
    let is_oid = oid::is_oid(element.value);
    if is_oid { Ok(()) } else { Err(element.error(DerProblem::Value, "an OBJECT IDENTIFIER")) }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/certificate_extension.rs"]
mod tests;
