//! What extensions say, read where a rule needs it.

use super::extension::{Extension, Extensions, read_oid};
use super::{Certificate, GeneralName, general_names};
use crate::asn1::{self, Der, DerError, DerProblem};
use crate::name::StringType;
use crate::{Oid, oid};
use std::borrow::Cow;

/// An extension whose contents are damaged (rule V-5, `validity.malformed`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the extension {} is damaged: {source}", crate::shown::ShownBy(extension))]
pub struct ExtensionError {
    /// The damaged extension.
    pub extension: Oid,
    /// Where, and what would be right.
    pub source: DerError,
}

/// basicConstraints (RFC 5280 4.2.1.9).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BasicConstraints {
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
    pub fn digital_signature(self) -> bool {
        self.has(0)
    }

    /// Bit 2: the certificate requirements ask for it (rule P-7).
    pub fn key_encipherment(self) -> bool {
        self.has(2)
    }

    /// Bit 5: needed to sign certificates (rule V-5).
    pub fn key_cert_sign(self) -> bool {
        self.has(5)
    }

    /// Bit 6: needed to sign CRLs (rule V-9).
    pub fn crl_sign(self) -> bool {
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
pub enum Template {
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
    ExtensionError { extension: Oid::from_checked(extension), source }
}

impl Certificate {
    /// Whether an extension that some rule reads can be read, whatever it says; one that none reads is not looked at.
    ///
    /// # Errors
    /// Its damage.
    pub(crate) fn check_extension(&self, oid: &Oid) -> Result<(), ExtensionError> {
        match oid.as_bytes() {
            oid::BASIC_CONSTRAINTS => self.basic_constraints().map(drop),
            oid::KEY_USAGE => self.key_usage().map(drop),
            oid::EXTENDED_KEY_USAGE => self.extended_key_usage().map(drop),
            oid::MS_APPLICATION_POLICIES => self.application_policies().map(drop),
            oid::SUBJECT_ALT_NAME => self.subject_alternative_names().map(drop),
            oid::ISSUER_ALT_NAME => self.names_in(oid::ISSUER_ALT_NAME).map(drop),
            oid::MS_NTDS_SECURITY => self.names_in(oid::MS_NTDS_SECURITY).map(drop),
            oid::SUBJECT_KEY_IDENTIFIER => self.subject_key_identifier().map(drop),
            oid::AUTHORITY_KEY_IDENTIFIER => self.authority_key_identifier().map(drop),
            oid::CRL_DISTRIBUTION_POINTS => self.crl_distribution_points().map(drop),
            oid::FRESHEST_CRL => self.freshest_crl().map(drop),
            oid::AUTHORITY_INFO_ACCESS => self.access_methods(|_| {}),
            oid::MS_TEMPLATE | oid::MS_TEMPLATE_NAME => self.template().map(drop),
            _ => Ok(()),
        }
    }

    /// The general names that an extension consists of; `None` without it.
    fn names_in(&self, oid: &[u8]) -> Result<Option<Vec<GeneralName>>, ExtensionError> {
        self.read(oid, |extension| {
            let expected = "a GeneralNames SEQUENCE";
            let list = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?;
            general_names(list.inside())
        })
    }

    /// The first extension with this identifier.
    pub(crate) fn extension(&self, oid: &[u8]) -> Option<Extension<'_>> {
        if !self.0.known.may_contain(oid) {
            return None;
        }
        // Only the wanted one is read; of the others no more than the identifier is looked at.
        let Extensions(mut list) = self.extensions();
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
    pub fn is_ca(&self) -> bool {
        matches!(self.basic_constraints(), Ok(Some(constraints)) if constraints.ca)
    }

    /// `BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }`
    ///
    /// # Errors
    /// Damaged contents; so for every accessor of this kind.
    pub fn basic_constraints(&self) -> Result<Option<BasicConstraints>, ExtensionError> {
        self.read(oid::BASIC_CONSTRAINTS, |extension| {
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
        })
    }

    /// `KeyUsage ::= BIT STRING`
    pub fn key_usage(&self) -> Result<Option<KeyUsage>, ExtensionError> {
        self.read(oid::KEY_USAGE, |extension| {
            let element = asn1::single(extension.value, extension.offset, asn1::BIT_STRING, "a KeyUsage BIT STRING")?;
            asn1::named_bits(&element).map(KeyUsage)
        })
    }

    /// `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER`
    pub fn extended_key_usage(&self) -> Result<Option<Vec<Oid>>, ExtensionError> {
        self.read(oid::EXTENDED_KEY_USAGE, |extension| oid_list(extension.value, extension.offset))
    }

    /// Application Policies (rule P-4), encoded like certificate policies:
    /// `SEQUENCE OF SEQUENCE { policyIdentifier OBJECT IDENTIFIER, ... }`
    pub fn application_policies(&self) -> Result<Option<Vec<Oid>>, ExtensionError> {
        self.read(oid::MS_APPLICATION_POLICIES, |extension| {
            let expected = "a SEQUENCE of application policies";
            let mut list = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
            let mut policies = Vec::new();
            while !list.is_empty() {
                let policy = list.expect(asn1::SEQUENCE, expected)?.inside().expect(asn1::OID, "a policyIdentifier")?;
                policies.push(read_oid(&policy)?);
            }
            Ok(policies)
        })
    }

    /// The values of the subject alternative name, in encoded order; empty when there is none.
    pub fn subject_alternative_names(&self) -> Result<Vec<GeneralName>, ExtensionError> {
        self.names_in(oid::SUBJECT_ALT_NAME).map(Option::unwrap_or_default)
    }

    /// The security identifier of the account that the certificate was issued to, where AD CS recorded it
    /// (1.3.6.1.4.1.311.25.2): `S-1-5-21-..`.
    pub fn security_identifier(&self) -> Result<Option<String>, ExtensionError> {
        let names = self.names_in(oid::MS_NTDS_SECURITY)?;
        Ok(names.into_iter().flatten().find_map(|name| {
            let GeneralName::Other(kind, value) = name else { return None };
            if kind.as_bytes() != oid::MS_NTDS_OBJECT_SID {
                return None;
            }
            let string = Der::new(&value).expect(asn1::OCTET_STRING, "an OCTET STRING").ok()?;
            std::str::from_utf8(string.value).ok().map(str::to_owned)
        }))
    }

    /// `SubjectKeyIdentifier ::= OCTET STRING`
    pub(crate) fn subject_key_identifier(&self) -> Result<Option<&[u8]>, ExtensionError> {
        self.read(oid::SUBJECT_KEY_IDENTIFIER, |extension| {
            let expected = "a SubjectKeyIdentifier OCTET STRING";
            Ok(asn1::single(extension.value, extension.offset, asn1::OCTET_STRING, expected)?.value)
        })
    }

    /// `AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0], authorityCertIssuer [1], authorityCertSerialNumber [2] }`
    pub(crate) fn authority_key_identifier(&self) -> Result<Option<AuthorityKeyIdentifier<'_>>, ExtensionError> {
        self.read(oid::AUTHORITY_KEY_IDENTIFIER, |extension| read_authority_key_identifier(&extension))
    }

    /// The template that the certificate was made from, where AD CS recorded one (rule V-3).
    pub fn template(&self) -> Result<Option<Template>, ExtensionError> {
        if let Some(template) = self.read(oid::MS_TEMPLATE, |extension| {
            let expected = "a CertificateTemplate SEQUENCE";
            let mut fields = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
            let oid = read_oid(&fields.expect(asn1::OID, "the template's OBJECT IDENTIFIER")?)?;
            let mut revision = || match fields.optional(asn1::INTEGER, "a revision INTEGER")? {
                Some(value) => asn1::count(&value).map(Some),
                None => Ok(None),
            };
            let (major_revision, minor_revision) = (revision()?, revision()?);
            Ok(Template::Later { oid, major_revision, minor_revision })
        })? {
            return Ok(Some(template));
        }
        self.read(oid::MS_TEMPLATE_NAME, |extension| {
            let element = Der::at(extension.value, extension.offset).any("the template's name")?;
            let name = StringType::from_tag(element.tag)
                .and_then(|kind| kind.decode(element.value))
                .map(Cow::into_owned)
                .ok_or_else(|| element.error(DerProblem::Value, "a BMPString or UTF8String"))?;
            Ok(Template::Version1 { name })
        })
    }
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
    let mut list = asn1::single(bytes, base, asn1::SEQUENCE, "a SEQUENCE of OBJECT IDENTIFIERs")?.inside();
    let mut oids = Vec::new();
    while !list.is_empty() {
        oids.push(read_oid(&list.expect(asn1::OID, "a KeyPurposeId")?)?);
    }
    Ok(oids)
}
