//! What extensions say, read where a rule needs it.

use super::extension::{Extension, Extensions, Where, check_oid};
use super::general_name::{Encoded, each_general_name};
use super::{Certificate, GeneralName, general_names};
use crate::asn1::{self, Der, DerError, DerProblem};
use crate::name::{self, StringType};
use crate::oid::{self, Oid};
use std::borrow::Cow;

/// An extension whose contents are damaged (rule V-5, `validity.malformed`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the extension {} is damaged: {error}", crate::shown::ShownBy(extension))]
pub struct ExtensionError {
    /// The damaged extension.
    pub extension: Oid,
    /// Where, and what would be right.
    pub error: DerError,
}

/// basicConstraints (RFC 5280 4.2.1.9).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// How many intermediates that are not self-issued may follow.
    pub path_length: Option<u32>,
}

/// keyUsage (RFC 5280 4.2.1.3): bit 0 of the ASN.1 is the highest bit of the first byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyUsage(u16);

impl KeyUsage {
    const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    fn has(self, bit: u16) -> bool {
        self.0 & (0x8000 >> bit) != 0
    }

    /// Bit 0: needed for client authentication (rule P-7).
    pub(crate) fn digital_signature(self) -> bool {
        self.has(0)
    }

    /// Bit 2: the certificate requirements ask for it (rule P-7).
    pub(crate) fn key_encipherment(self) -> bool {
        self.has(2)
    }

    /// Bit 5: needed to sign certificates (rule V-5).
    pub(crate) fn key_cert_sign(self) -> bool {
        self.has(5)
    }

    /// Bit 6: needed to sign CRLs (rule V-9).
    pub(crate) fn crl_sign(self) -> bool {
        self.has(6)
    }

    /// The names of the bits that are set, as RFC 5280 has them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().zip(0u16..).filter(move |(_, bit)| self.has(*bit)).map(|(name, _)| name)
    }
}

/// authorityKeyIdentifier (RFC 5280 4.2.1.1): a hint for path building, never a proof (rule V-5).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct AuthorityKeyIdentifier<'a> {
    /// The issuer's key identifier.
    pub key_identifier: Option<&'a [u8]>,
    /// The serial number of the issuer's certificate, where the extension gives one.
    pub serial_number: Option<&'a [u8]>,
}

/// The certificate template that AD CS recorded (rule V-3). The schema version is in neither form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Template {
    /// Extension 1.3.6.1.4.1.311.20.2: the name of a version 1 template.
    Version1 {
        /// The template's name.
        name: String,
    },
    /// Extension 1.3.6.1.4.1.311.21.7: a template of version 2 or later.
    Later {
        /// The template's identifier.
        oid: Oid,
        /// Major revision: an edit counter, not the schema version.
        major_revision: Option<u32>,
        /// Minor revision.
        minor_revision: Option<u32>,
    },
}

fn malformed(extension: &[u8], source: DerError) -> ExtensionError {
    ExtensionError { extension: Oid::from_checked(extension), error: source }
}

impl Certificate {
    /// Whether an extension of this certificate that some rule reads can be read, whatever it says; one that none reads is not
    /// looked at.
    ///
    /// # Errors
    /// Its damage.
    pub(crate) fn check_extension(&self, extension: &Extension<'_>) -> Result<(), ExtensionError> {
        let read = match extension.oid {
            oid::BASIC_CONSTRAINTS => basic_constraints(extension).map(drop),
            oid::KEY_USAGE => key_usage(extension).map(drop),
            oid::EXTENDED_KEY_USAGE => each_oid(extension.value, extension.offset, |_| {}),
            oid::MS_APPLICATION_POLICIES => each_application_policy(extension, |_| {}),
            oid::SUBJECT_ALT_NAME | oid::ISSUER_ALT_NAME | oid::MS_NTDS_SECURITY => each_name(extension, |_| {}),
            oid::SUBJECT_KEY_IDENTIFIER => subject_key_identifier(extension).map(drop),
            oid::AUTHORITY_KEY_IDENTIFIER => read_authority_key_identifier(extension).map(drop),
            oid::MS_TEMPLATE => LaterTemplate::read(extension).map(drop),
            oid::MS_TEMPLATE_NAME => template_name(extension).map(drop),
            oid::CRL_DISTRIBUTION_POINTS => return self.crl_distribution_points().map(drop),
            oid::FRESHEST_CRL => return self.freshest_crl().map(drop),
            oid::AUTHORITY_INFO_ACCESS => return self.access_methods(|_| {}),
            _ => Ok(()),
        };
        read.map_err(|error| malformed(extension.oid, error))
    }

    /// The general names that an extension consists of; `None` without it.
    fn names_in(&self, oid: &[u8]) -> Result<Option<Vec<GeneralName>>, ExtensionError> {
        self.read(oid, |extension| general_names(names(&extension)?))
    }

    /// Whether the names that it was issued to, the Subject and those of the subject alternative name, say nothing but ASCII
    /// characters, as nearly all do. `false` where that is not seen at first sight.
    pub(crate) fn has_ascii_names(&self) -> bool {
        let mut are_ascii = name::is_ascii(self.subject_der());
        let look = |extension| each_name(&extension, |name| are_ascii &= name.is_ascii());
        self.read(oid::SUBJECT_ALT_NAME, look).is_ok() && are_ascii
    }

    /// The first extension with this identifier.
    pub(crate) fn extension(&self, oid: &[u8]) -> Option<Extension<'_>> {
        let Extensions(mut list) = self.extensions();
        match self.0.known.place(oid) {
            Where::Nowhere => return None,
            Where::At(place) => {
                list.step_over(place);
                return Extension::read(&mut list).ok();
            }
            Where::Unknown => {}
        }
        // Only the wanted one is read; of the others no more than the identifier is looked at.
        loop {
            let mut wanted = list;
            let id = list.any("an Extension").ok()?.inside().any("the extnID").ok()?;
            if id.value == oid {
                return Extension::read(&mut wanted).ok();
            }
        }
    }

    /// Whether one of these may be present. That none is costs no look at the certificate.
    pub(crate) fn may_have(&self, oids: &[&[u8]]) -> bool {
        oids.iter().any(|oid| self.0.known.may_contain(oid))
    }

    fn read<'a, T>(
        &'a self,
        oid: &[u8],
        read: impl FnOnce(Extension<'a>) -> Result<T, DerError>,
    ) -> Result<Option<T>, ExtensionError> {
        self.extension(oid).map(|extension| read(extension).map_err(|error| malformed(oid, error))).transpose()
    }

    /// Whether basicConstraints say that this is a CA's certificate.
    pub(crate) fn is_ca(&self) -> bool {
        matches!(self.basic_constraints(), Ok(Some(constraints)) if constraints.ca)
    }

    /// `BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }`
    ///
    /// # Errors
    /// Damaged contents; so for every accessor of this kind.
    pub(crate) fn basic_constraints(&self) -> Result<Option<BasicConstraints>, ExtensionError> {
        self.read(oid::BASIC_CONSTRAINTS, |extension| basic_constraints(&extension))
    }

    /// `KeyUsage ::= BIT STRING`
    pub(crate) fn key_usage(&self) -> Result<Option<KeyUsage>, ExtensionError> {
        self.read(oid::KEY_USAGE, |extension| key_usage(&extension))
    }

    /// `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER`
    pub(crate) fn extended_key_usage(&self) -> Result<Option<Vec<Oid>>, ExtensionError> {
        self.read(oid::EXTENDED_KEY_USAGE, |extension| oid_list(extension.value, extension.offset))
    }

    /// Application Policies (rule P-4), encoded like certificate policies:
    /// `SEQUENCE OF SEQUENCE { policyIdentifier OBJECT IDENTIFIER, ... }`
    pub(crate) fn application_policies(&self) -> Result<Option<Vec<Oid>>, ExtensionError> {
        self.read(oid::MS_APPLICATION_POLICIES, |extension| {
            let mut policies = Vec::new();
            each_application_policy(&extension, |id| policies.push(Oid::from_checked(id)))?;
            Ok(policies)
        })
    }

    /// The values of the subject alternative name, in encoded order; empty when there is none.
    pub fn subject_alternative_names(&self) -> Result<Vec<GeneralName>, ExtensionError> {
        self.names_in(oid::SUBJECT_ALT_NAME).map(Option::unwrap_or_default)
    }

    /// `SubjectKeyIdentifier ::= OCTET STRING`
    pub(crate) fn subject_key_identifier(&self) -> Result<Option<&[u8]>, ExtensionError> {
        self.read(oid::SUBJECT_KEY_IDENTIFIER, |extension| subject_key_identifier(&extension))
    }

    /// `AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0], authorityCertIssuer [1], authorityCertSerialNumber [2] }`
    pub(crate) fn authority_key_identifier(&self) -> Result<Option<AuthorityKeyIdentifier<'_>>, ExtensionError> {
        self.read(oid::AUTHORITY_KEY_IDENTIFIER, |extension| read_authority_key_identifier(&extension))
    }

    /// The template that the certificate was made from, where AD CS recorded one (rule V-3).
    pub(crate) fn template(&self) -> Result<Option<Template>, ExtensionError> {
        let later = self.read(oid::MS_TEMPLATE, |extension| {
            let LaterTemplate { oid, major_revision, minor_revision } = LaterTemplate::read(&extension)?;
            Ok(Template::Later { oid: Oid::from_checked(oid), major_revision, minor_revision })
        })?;
        if later.is_some() {
            return Ok(later);
        }
        self.read(oid::MS_TEMPLATE_NAME, |extension| {
            template_name(&extension).map(|name| Template::Version1 { name: name.into_owned() })
        })
    }
}

// The readers of one extension each, which decode no more than is asked for.

fn basic_constraints(extension: &Extension<'_>) -> Result<BasicConstraints, DerError> {
    let expected = "BasicConstraints";
    let mut fields = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
    let ca = match fields.optional(asn1::BOOLEAN, expected)? {
        Some(flag) => asn1::boolean(&flag)?,
        None => false,
    };
    let path_length = match fields.optional(asn1::INTEGER, expected)? {
        Some(length) => Some(asn1::count(&length)?),
        None => None,
    };
    fields.finish("the end of BasicConstraints")?;
    Ok(BasicConstraints { ca, path_length })
}

fn key_usage(extension: &Extension<'_>) -> Result<KeyUsage, DerError> {
    let element = asn1::single(extension.value, extension.offset, asn1::BIT_STRING, "a KeyUsage BIT STRING")?;
    asn1::named_bits(&element).map(KeyUsage)
}

fn each_application_policy(extension: &Extension<'_>, mut each: impl FnMut(&[u8])) -> Result<(), DerError> {
    let expected = "a SEQUENCE of application policies";
    let mut list = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
    while !list.is_empty() {
        let policy = list.expect(asn1::SEQUENCE, expected)?.inside().expect(asn1::OID, "a policyIdentifier")?;
        check_oid(&policy)?;
        each(policy.value);
    }
    Ok(())
}

fn names<'a>(extension: &Extension<'a>) -> Result<Der<'a>, DerError> {
    let expected = "a GeneralNames SEQUENCE";
    asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected).map(|list| list.inside())
}

fn each_name<'a>(extension: &Extension<'a>, each: impl FnMut(Encoded<'a>)) -> Result<(), DerError> {
    each_general_name(names(extension)?, each)
}

fn subject_key_identifier<'a>(extension: &Extension<'a>) -> Result<&'a [u8], DerError> {
    let expected = "a SubjectKeyIdentifier OCTET STRING";
    Ok(asn1::single(extension.value, extension.offset, asn1::OCTET_STRING, expected)?.value)
}

/// A template of version 2 or later, as it stands.
struct LaterTemplate<'a> {
    oid: &'a [u8],
    major_revision: Option<u32>,
    minor_revision: Option<u32>,
}

impl<'a> LaterTemplate<'a> {
    fn read(extension: &Extension<'a>) -> Result<Self, DerError> {
        let expected = "a CertificateTemplate SEQUENCE";
        let mut fields = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
        let oid = fields.expect(asn1::OID, "the template's OBJECT IDENTIFIER")?;
        check_oid(&oid)?;
        let mut revision = || match fields.optional(asn1::INTEGER, "a revision INTEGER")? {
            Some(value) => asn1::count(&value).map(Some),
            None => Ok(None),
        };
        let (major_revision, minor_revision) = (revision()?, revision()?);
        Ok(LaterTemplate { oid: oid.value, major_revision, minor_revision })
    }
}

fn template_name<'a>(extension: &Extension<'a>) -> Result<Cow<'a, str>, DerError> {
    let element = Der::at(extension.value, extension.offset).any("the template's name")?;
    StringType::from_tag(element.tag)
        .and_then(|kind| kind.decode(element.value))
        .ok_or_else(|| element.error(DerProblem::Value, "a BMPString or UTF8String"))
}

pub(crate) fn read_authority_key_identifier<'a>(
    extension: &Extension<'a>,
) -> Result<AuthorityKeyIdentifier<'a>, DerError> {
    let expected = "an AuthorityKeyIdentifier SEQUENCE";
    let mut fields = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
    let key_identifier = fields.optional(asn1::context(0), expected)?.map(|element| element.value);
    fields.optional(asn1::context_constructed(1), expected)?;
    let serial_number = fields.optional(asn1::context(2), expected)?.map(|element| element.value);
    fields.finish("the end of the AuthorityKeyIdentifier")?;
    Ok(AuthorityKeyIdentifier { key_identifier, serial_number })
}

/// `SEQUENCE OF OBJECT IDENTIFIER`: extendedKeyUsage, and the EKU property of the store (rules P-3, W-3).
pub(crate) fn oid_list(bytes: &[u8], base: usize) -> Result<Vec<Oid>, DerError> {
    let mut oids = Vec::new();
    each_oid(bytes, base, |id| oids.push(Oid::from_checked(id)))?;
    Ok(oids)
}

fn each_oid(bytes: &[u8], base: usize, mut each: impl FnMut(&[u8])) -> Result<(), DerError> {
    let mut list = asn1::single(bytes, base, asn1::SEQUENCE, "a SEQUENCE of OBJECT IDENTIFIERs")?.inside();
    while !list.is_empty() {
        let id = list.expect(asn1::OID, "a KeyPurposeId")?;
        check_oid(&id)?;
        each(id.value);
    }
    Ok(())
}
