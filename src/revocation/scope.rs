//! What a CRL covers: its issuing distribution point (RFC 5280 5.2.5).
//!
//! ```text
//! IssuingDistributionPoint ::= SEQUENCE {
//!      distributionPoint [0] DistributionPointName OPTIONAL, onlyContainsUserCerts [1] BOOLEAN DEFAULT FALSE,
//!      onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE, onlySomeReasons [3] ReasonFlags OPTIONAL,
//!      indirectCRL [4] BOOLEAN DEFAULT FALSE, onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
//! ```

use crate::asn1::{self, Der, DerError};
use crate::certificate::{Extension, GeneralName, PointName, ReasonFlags, general_names};

/// Which certificates and reasons a CRL covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IssuingDistributionPoint<'a> {
    pub(crate) name: Option<PointName<'a>>,
    only: Option<CertificateKind>,
    only_some_reasons: Option<ReasonFlags>,
    indirect: Indirect,
}

/// The one kind of certificates that a CRL is restricted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateKind {
    /// Certificates that are not of CAs.
    User,
    /// Certificates of CAs.
    Ca,
    /// Attribute certificates, which this crate never meets.
    Attribute,
    /// Several of these at once, which RFC 5280 5.2.5 forbids: no certificate is all of them.
    Contradictory,
}

/// Whether a CRL lists certificates of other CAs as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Indirect {
    /// Its issuer's alone.
    No,
    /// Those that its entries name by certificateIssuer as well.
    Yes,
}

impl<'a> IssuingDistributionPoint<'a> {
    pub(super) fn read(extension: &Extension<'a>) -> Result<Self, DerError> {
        let expected = "an IssuingDistributionPoint SEQUENCE";
        let mut fields = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
        let name = match fields.optional(asn1::context_constructed(0), expected)? {
            Some(wrapper) => Some(PointName::read(&wrapper)?),
            None => None,
        };
        let user = flag(&mut fields, 1)?.then_some(CertificateKind::User);
        let ca = flag(&mut fields, 2)?.then_some(CertificateKind::Ca);
        let only_some_reasons = match fields.optional(asn1::context(3), expected)? {
            Some(flags) => Some(ReasonFlags::read(&flags)?),
            None => None,
        };
        let indirect = if flag(&mut fields, 4)? { Indirect::Yes } else { Indirect::No };
        let attribute = flag(&mut fields, 5)?.then_some(CertificateKind::Attribute);
        fields.finish("the end of the IssuingDistributionPoint")?;
        let mut kinds = [user, ca, attribute].into_iter().flatten();
        let only = match (kinds.next(), kinds.next()) {
            (Some(_), Some(_)) => Some(CertificateKind::Contradictory),
            (first, _) => first,
        };
        Ok(IssuingDistributionPoint { name, only, only_some_reasons, indirect })
    }

    /// The kind of certificates that the CRL is restricted to; `None` means every kind.
    pub(crate) fn only(&self) -> Option<CertificateKind> {
        self.only
    }

    /// The reasons that the CRL is restricted to; `None` means every reason.
    pub(crate) fn only_some_reasons(&self) -> Option<ReasonFlags> {
        self.only_some_reasons
    }

    /// Whether the CRL lists certificates of other CAs as well.
    pub(crate) fn indirect(&self) -> Indirect {
        self.indirect
    }

    /// The general names of the distribution point; empty where it has none or is named relative to the issuer.
    #[cfg_attr(not(any(test, feature = "test-support")), allow(dead_code, reason = "what is tested of it"))]
    pub(crate) fn full_name(&self) -> Vec<GeneralName> {
        match self.name {
            Some(PointName::Full(names)) => general_names(names).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

fn flag(fields: &mut Der<'_>, number: u8) -> Result<bool, DerError> {
    match fields.optional(asn1::context(number), "a BOOLEAN of IssuingDistributionPoint")? {
        Some(element) => asn1::boolean(&element),
        None => Ok(false),
    }
}
