//! Where the CRLs of a certificate are published: cRLDistributionPoints, freshestCRL, and the OCSP mark of rule V-8.
//!
//! ```text
//! CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
//! DistributionPoint ::= SEQUENCE {
//!      distributionPoint [0] DistributionPointName OPTIONAL, reasons [1] ReasonFlags OPTIONAL,
//!      cRLIssuer [2] GeneralNames OPTIONAL }
//! DistributionPointName ::= CHOICE {
//!      fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }     (RFC 5280 4.2.1.13)
//! ```

use super::{Certificate, Extension, ExtensionError, GeneralName, general_name};
use crate::asn1::{self, Der, DerError, DerProblem};
use crate::oid::{self, Oid};
use std::fmt;
use std::sync::Arc;

/// The reasons for revocation that a CRL or a distribution point covers (RFC 5280 4.2.1.13, `ReasonFlags`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReasonFlags(u16);

impl ReasonFlags {
    /// No reason.
    pub const NONE: ReasonFlags = ReasonFlags(0);
    /// Every reason that a certificate can be revoked for: bits 1 to 8.
    pub const ALL: ReasonFlags = ReasonFlags(0b1_1111_1110);

    const NAMES: [&'static str; 9] = [
        "unused",
        "keyCompromise",
        "cACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
        "certificateHold",
        "privilegeWithdrawn",
        "aACompromise",
    ];

    pub(crate) fn read(element: &asn1::Element<'_>) -> Result<Self, DerError> {
        // Bit 0 of the ASN.1 is the highest bit; here it is the lowest.
        Ok(ReasonFlags(asn1::named_bits(element)?.reverse_bits()).intersection(Self::ALL))
    }

    /// The reasons in either.
    pub(crate) fn union(self, other: Self) -> Self {
        ReasonFlags(self.0 | other.0)
    }

    /// The reasons in both.
    pub(crate) fn intersection(self, other: Self) -> Self {
        ReasonFlags(self.0 & other.0)
    }

    /// The reasons of this set that the other lacks.
    pub(crate) fn difference(self, other: Self) -> Self {
        ReasonFlags(self.0 & !other.0)
    }

    /// Whether there is no reason in it.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names as RFC 5280 has them.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        let set = self.0;
        Self::NAMES.into_iter().enumerate().filter(move |(bit, _)| set & (1 << bit) != 0).map(|(_, name)| name)
    }
}

impl fmt::Display for ReasonFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.names().enumerate() {
            write!(f, "{}{name}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for ReasonFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReasonFlags({self})")
    }
}

/// The name of a distribution point, as it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PointName<'a> {
    /// `fullName`: general names, already checked.
    Full(Der<'a>),
    /// `nameRelativeToCRLIssuer`: the content of the relative distinguished name's SET.
    Relative(&'a [u8]),
}

impl<'a> PointName<'a> {
    /// Reads the `[0]` that both DistributionPoint and IssuingDistributionPoint hold.
    pub(crate) fn read(wrapper: &asn1::Element<'a>) -> Result<Self, DerError> {
        let expected = "a DistributionPointName, [0] or [1]";
        let mut inside = wrapper.inside();
        let choice = inside.any(expected)?;
        inside.finish(expected)?;
        match choice.tag {
            0xa0 => {
                check_names(choice.inside())?;
                Ok(PointName::Full(choice.inside()))
            }
            0xa1 => Ok(PointName::Relative(choice.value)),
            tag => Err(choice.error(DerProblem::UnexpectedTag(tag), expected)),
        }
    }
}

/// Checks general names without decoding them: only directory names and object identifiers have an inside to check.
fn check_names(mut names: Der<'_>) -> Result<(), DerError> {
    while !names.is_empty() {
        match names.peek_tag() {
            Some(0x81 | 0x82 | 0x86) => names.any("a GeneralName").map(|_| ())?,
            _ => general_name(&mut names).map(|_| ())?,
        }
    }
    Ok(())
}

/// One place where CRLs of a certificate are published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DistributionPoint<'a> {
    pub(crate) name: Option<PointName<'a>>,
    pub(crate) reasons: Option<ReasonFlags>,
    pub(crate) crl_issuer: Option<Der<'a>>,
}

impl<'a> DistributionPoint<'a> {
    fn read(list: &mut Der<'a>) -> Result<Self, DerError> {
        let expected = "a DistributionPoint SEQUENCE";
        let mut fields = list.expect(asn1::SEQUENCE, expected)?.inside();
        let name = match fields.optional(asn1::context_constructed(0), expected)? {
            Some(wrapper) => Some(PointName::read(&wrapper)?),
            None => None,
        };
        let reasons = match fields.optional(asn1::context(1), expected)? {
            Some(flags) => Some(ReasonFlags::read(&flags)?),
            None => None,
        };
        let crl_issuer = match fields.optional(asn1::context_constructed(2), expected)? {
            Some(names) => {
                check_names(names.inside())?;
                Some(names.inside())
            }
            None => None,
        };
        fields.finish("the end of the DistributionPoint")?;
        Ok(DistributionPoint { name, reasons, crl_issuer })
    }

    /// The general names of the point; empty where it has none or is named relative to its CRL issuer.
    pub(crate) fn full_name(&self) -> Vec<GeneralName> {
        match self.name {
            Some(PointName::Full(names)) => super::general_names(names).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The addresses among them, in encoded order.
    pub(crate) fn urls(&self) -> Vec<CrlUrl> {
        let url = |name| if let GeneralName::Uri(text) = name { Some(CrlUrl::of(&text)) } else { None };
        self.full_name().into_iter().filter_map(url).collect()
    }

    /// The reasons that the point's CRLs cover; `None` means every reason.
    pub(crate) fn reasons(&self) -> Option<ReasonFlags> {
        self.reasons
    }

    /// Who signs the point's CRLs, where it is not the certificate's issuer (an indirect CRL).
    pub(crate) fn crl_issuer(&self) -> Vec<GeneralName> {
        self.crl_issuer.and_then(|names| super::general_names(names).ok()).unwrap_or_default()
    }
}

/// The distribution points of an extension in encoded order; the extension was checked to its end before.
#[derive(Clone, Debug)]
pub(crate) struct DistributionPoints<'a>(Der<'a>);

impl<'a> DistributionPoints<'a> {
    /// No distribution point at all.
    pub(crate) fn none() -> Self {
        DistributionPoints(Der::new(&[]))
    }

    pub(crate) fn read(extension: &Extension<'a>) -> Result<Self, DerError> {
        let expected = "a SEQUENCE of DistributionPoints";
        let list = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
        let mut rest = list;
        while !rest.is_empty() {
            DistributionPoint::read(&mut rest)?;
        }
        Ok(DistributionPoints(list))
    }
}

impl<'a> Iterator for DistributionPoints<'a> {
    type Item = DistributionPoint<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() { None } else { DistributionPoint::read(&mut self.0).ok() }
    }
}

/// The address of a CRL, as the certificate has it. A copy shares its text: every certificate of a machine may name the same.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CrlUrl(Arc<str>);

/// Windows fetches nothing from a longer address (INTERNET_MAX_URL_LENGTH); of such a one the beginning is kept.
const MAX_URL: usize = 2083;

impl CrlUrl {
    fn of(text: &str) -> Self {
        let end = (0..=MAX_URL.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        match end.and_then(|end| text.get(..end)) {
            Some(beginning) if beginning.len() < text.len() => CrlUrl(format!("{beginning}…").into()),
            Some(_) | None => CrlUrl(text.into()),
        }
    }

    /// The address as it stands, percent-encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme in lower case, `http` or `ldap` in practice; empty where there is none.
    pub(crate) fn scheme(&self) -> String {
        self.0.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default()
    }
}

impl fmt::Display for CrlUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Certificate {
    /// The places where CRLs that cover this certificate are published; none where the extension is absent.
    ///
    /// # Errors
    /// Damaged contents; so for the other accessors here.
    pub(crate) fn crl_distribution_points(&self) -> Result<DistributionPoints<'_>, ExtensionError> {
        self.points(oid::CRL_DISTRIBUTION_POINTS)
    }

    /// The places where delta CRLs that cover this certificate are published (RFC 5280 4.2.1.15).
    pub(crate) fn freshest_crl(&self) -> Result<DistributionPoints<'_>, ExtensionError> {
        self.points(oid::FRESHEST_CRL)
    }

    fn points(&self, oid: &[u8]) -> Result<DistributionPoints<'_>, ExtensionError> {
        match self.extension(oid) {
            Some(extension) => DistributionPoints::read(&extension)
                .map_err(|error| ExtensionError { extension: Oid::from_checked(oid), error }),
            None => Ok(DistributionPoints::none()),
        }
    }

    /// Whether authorityInfoAccess names an OCSP responder, which is not modelled (rule V-8); as far as it reads.
    pub(crate) fn names_ocsp(&self) -> bool {
        let mut named = false;
        // Damage is a finding of rule V-5.
        let _ = self.access_methods(|method| named |= method == oid::OCSP);
        named
    }

    /// The methods of authorityInfoAccess:
    /// `AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }`
    pub(super) fn access_methods(&self, mut each: impl FnMut(&[u8])) -> Result<(), ExtensionError> {
        let Some(extension) = self.extension(oid::AUTHORITY_INFO_ACCESS) else {
            return Ok(());
        };
        let expected = "an AuthorityInfoAccessSyntax SEQUENCE";
        let mut read = || {
            let mut list = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
            while !list.is_empty() {
                let mut description = list.expect(asn1::SEQUENCE, "an AccessDescription SEQUENCE")?.inside();
                each(description.expect(asn1::OID, "an accessMethod")?.value);
                description.any("an accessLocation")?;
            }
            Ok(())
        };
        read().map_err(|error| ExtensionError { extension: extension.oid(), error })
    }
}
