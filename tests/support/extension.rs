//! Extensions of certificates, CRLs and CRL entries to order.

use super::der::{
    bit_string, boolean, enumerated, explicit, generalized_time, implicit, int, named_bits, named_bits_as, octets, oid,
    oid_content, seq, tlv,
};
use super::hostile;
use super::key::Key;
use super::name::{Atv, Name, StringKind};

/// One extension: identifier, critical flag, and the DER inside its OCTET STRING.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ext {
    pub oid: String,
    pub critical: bool,
    pub value: Vec<u8>,
}

impl Ext {
    /// Not critical; any identifier, any bytes.
    pub fn raw(oid: &str, value: Vec<u8>) -> Self {
        Ext { oid: oid.to_owned(), critical: false, value }
    }

    /// The same, critical.
    pub fn critical(mut self) -> Self {
        self.critical = true;
        self
    }

    /// The same, not critical.
    pub fn not_critical(mut self) -> Self {
        self.critical = false;
        self
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut parts = vec![oid(&self.oid)];
        if self.critical {
            parts.push(boolean(true));
        }
        parts.push(octets(&self.value));
        seq(&parts)
    }

    /// `SEQUENCE OF Extension`.
    pub fn encode_list(list: &[Ext]) -> Vec<u8> {
        seq(&list.iter().map(Ext::encode).collect::<Vec<_>>())
    }
}

/// A general name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum San {
    Rfc822(String),
    Dns(String),
    Uri(String),
    Ip(Vec<u8>),
    Directory(Name),
    RegisteredId(String),
    Upn(String),
    /// otherName: identifier and the DER of its value.
    Other(String, Vec<u8>),
    /// Any tag with any content.
    Raw(u8, Vec<u8>),
}

impl San {
    pub fn dns(text: &str) -> Self {
        San::Dns(text.to_owned())
    }

    pub fn upn(text: &str) -> Self {
        San::Upn(text.to_owned())
    }

    pub fn encode(&self) -> Vec<u8> {
        match self {
            San::Rfc822(text) => implicit(1, hostile::made(text, true).as_bytes()),
            San::Dns(text) => implicit(2, hostile::made(text, true).as_bytes()),
            San::Uri(text) => implicit(6, hostile::made(text, true).as_bytes()),
            San::Ip(bytes) => implicit(7, bytes),
            San::Directory(name) => explicit(4, &name.encode()),
            San::RegisteredId(dotted) => implicit(8, &oid_content(dotted)),
            San::Upn(text) => San::Other("1.3.6.1.4.1.311.20.2.3".into(), StringKind::Utf8.encode(text)).encode(),
            San::Other(dotted, value) => explicit(0, &[oid(dotted), explicit(0, value)].concat()),
            San::Raw(tag, value) => tlv(*tag, value),
        }
    }

    fn encode_all(names: &[San]) -> Vec<u8> {
        names.iter().flat_map(San::encode).collect()
    }
}

/// A subtree of name constraints, with the two fields that RFC 5280 forbids to use.
#[derive(Debug, Clone)]
pub struct GeneralSubtree {
    pub base: San,
    pub minimum: Option<u32>,
    pub maximum: Option<u32>,
}

impl From<San> for GeneralSubtree {
    fn from(base: San) -> Self {
        GeneralSubtree { base, minimum: None, maximum: None }
    }
}

/// A DistributionPoint, or the point inside an issuing distribution point.
#[derive(Debug, Clone, Default)]
pub struct Point {
    pub full_name: Vec<San>,
    /// nameRelativeToCRLIssuer.
    pub relative: Vec<Atv>,
    /// Bits of ReasonFlags.
    pub reasons: Option<Vec<u8>>,
    pub crl_issuer: Vec<San>,
}

impl Point {
    pub fn uri(uri: &str) -> Self {
        Point { full_name: vec![San::Uri(uri.to_owned())], ..Point::default() }
    }

    pub fn with_reasons(mut self, bits: &[u8]) -> Self {
        self.reasons = Some(bits.to_vec());
        self
    }

    pub fn with_crl_issuer(mut self, name: Name) -> Self {
        self.crl_issuer = vec![San::Directory(name)];
        self
    }

    fn name(&self) -> Option<Vec<u8>> {
        if !self.full_name.is_empty() {
            Some(explicit(0, &explicit(0, &San::encode_all(&self.full_name))))
        } else if !self.relative.is_empty() {
            let rdn: Vec<u8> = self.relative.iter().flat_map(|atv| seq(&[oid(&atv.oid), atv.value.clone()])).collect();
            Some(explicit(0, &explicit(1, &rdn)))
        } else {
            None
        }
    }

    fn encode(&self) -> Vec<u8> {
        let mut parts: Vec<Vec<u8>> = self.name().into_iter().collect();
        parts.extend(self.reasons.as_ref().map(|bits| named_bits_as(0x81, bits)));
        if !self.crl_issuer.is_empty() {
            parts.push(explicit(2, &San::encode_all(&self.crl_issuer)));
        }
        seq(&parts)
    }
}

/// The fields of an issuing distribution point.
#[derive(Debug, Clone, Default)]
pub struct IssuingPoint {
    pub point: Point,
    pub only_user: bool,
    pub only_ca: bool,
    pub only_reasons: Option<Vec<u8>>,
    pub indirect: bool,
    pub only_attribute: bool,
}

/// basicConstraints, critical as RFC 5280 wants it.
pub fn basic_constraints(ca: bool, path_length: Option<u32>) -> Ext {
    let mut parts = Vec::new();
    if ca {
        parts.push(boolean(true));
    }
    parts.extend(path_length.map(|length| int(length.into())));
    Ext::raw("2.5.29.19", seq(&parts)).critical()
}

/// Bits of keyUsage.
pub mod usage {
    pub const DIGITAL_SIGNATURE: u8 = 0;
    pub const KEY_ENCIPHERMENT: u8 = 2;
    pub const KEY_CERT_SIGN: u8 = 5;
    pub const CRL_SIGN: u8 = 6;
}

/// keyUsage, critical as CAs write it.
pub fn key_usage(bits: &[u8]) -> Ext {
    Ext::raw("2.5.29.15", named_bits(bits)).critical()
}

pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub const ANY_EKU: &str = "2.5.29.37.0";

/// extendedKeyUsage.
pub fn eku(purposes: &[&str]) -> Ext {
    Ext::raw("2.5.29.37", seq(&purposes.iter().map(|purpose| oid(purpose)).collect::<Vec<_>>()))
}

/// Microsoft's application policies, encoded like certificate policies.
pub fn application_policies(purposes: &[&str]) -> Ext {
    let list: Vec<Vec<u8>> = purposes.iter().map(|purpose| seq(&[oid(purpose)])).collect();
    Ext::raw("1.3.6.1.4.1.311.21.10", seq(&list))
}

pub fn san(names: &[San]) -> Ext {
    Ext::raw("2.5.29.17", tlv(0x30, &San::encode_all(names)))
}

/// authorityKeyIdentifier with the identifier of this key.
pub fn aki(issuer: Key) -> Ext {
    aki_raw(&issuer.id())
}

pub fn aki_raw(identifier: &[u8]) -> Ext {
    Ext::raw("2.5.29.35", seq(&[implicit(0, identifier)]))
}

/// authorityKeyIdentifier with issuer and serial number as well.
pub fn aki_full(identifier: Option<&[u8]>, issuer: &Name, serial: &[u8]) -> Ext {
    let mut parts: Vec<Vec<u8>> = identifier.map(|identifier| implicit(0, identifier)).into_iter().collect();
    parts.push(explicit(1, &San::Directory(issuer.clone()).encode()));
    parts.push(implicit(2, serial));
    Ext::raw("2.5.29.35", seq(&parts))
}

pub fn ski(key: Key) -> Ext {
    ski_raw(&key.id())
}

pub fn ski_raw(identifier: &[u8]) -> Ext {
    Ext::raw("2.5.29.14", octets(identifier))
}

fn points(list: &[Point]) -> Vec<u8> {
    seq(&list.iter().map(Point::encode).collect::<Vec<_>>())
}

pub fn crl_distribution_points(list: &[Point]) -> Ext {
    Ext::raw("2.5.29.31", points(list))
}

/// One point with one URI.
pub fn cdp(uri: &str) -> Ext {
    crl_distribution_points(&[Point::uri(uri)])
}

/// freshestCRL, of a certificate or a CRL.
pub fn freshest_crl(list: &[Point]) -> Ext {
    Ext::raw("2.5.29.46", points(list))
}

pub fn name_constraints(permitted: &[GeneralSubtree], excluded: &[GeneralSubtree]) -> Ext {
    let trees = |list: &[GeneralSubtree]| -> Vec<u8> {
        list.iter()
            .flat_map(|tree| {
                let mut parts = vec![tree.base.encode()];
                parts.extend(tree.minimum.map(|n| tlv(0x80, &int(n.into())[2..])));
                parts.extend(tree.maximum.map(|n| tlv(0x81, &int(n.into())[2..])));
                seq(&parts)
            })
            .collect()
    };
    let mut parts = Vec::new();
    if !permitted.is_empty() {
        parts.push(explicit(0, &trees(permitted)));
    }
    if !excluded.is_empty() {
        parts.push(explicit(1, &trees(excluded)));
    }
    Ext::raw("2.5.29.30", seq(&parts)).critical()
}

pub fn certificate_policies(policies: &[&str]) -> Ext {
    Ext::raw("2.5.29.32", seq(&policies.iter().map(|policy| seq(&[oid(policy)])).collect::<Vec<_>>()))
}

pub fn policy_mappings(pairs: &[(&str, &str)]) -> Ext {
    let list: Vec<Vec<u8>> = pairs.iter().map(|(issuer, subject)| seq(&[oid(issuer), oid(subject)])).collect();
    Ext::raw("2.5.29.33", seq(&list)).critical()
}

pub fn policy_constraints(require_explicit: Option<u32>, inhibit_mapping: Option<u32>) -> Ext {
    let mut parts = Vec::new();
    parts.extend(require_explicit.map(|n| tlv(0x80, &int(n.into())[2..])));
    parts.extend(inhibit_mapping.map(|n| tlv(0x81, &int(n.into())[2..])));
    Ext::raw("2.5.29.36", seq(&parts)).critical()
}

pub fn inhibit_any_policy(skip: u32) -> Ext {
    Ext::raw("2.5.29.54", int(skip.into())).critical()
}

/// authorityInfoAccess: pairs of method and URI.
pub fn authority_info_access(list: &[(&str, &str)]) -> Ext {
    let list: Vec<Vec<u8>> =
        list.iter().map(|(method, uri)| seq(&[oid(method), San::Uri((*uri).to_owned()).encode()])).collect();
    Ext::raw("1.3.6.1.5.5.7.1.1", seq(&list))
}

pub fn ocsp(uri: &str) -> Ext {
    authority_info_access(&[("1.3.6.1.5.5.7.48.1", uri)])
}

/// Extension 21.7: identifier and revision of a template.
pub fn template(dotted: &str, major: u32, minor: u32) -> Ext {
    Ext::raw("1.3.6.1.4.1.311.21.7", seq(&[oid(dotted), int(major.into()), int(minor.into())]))
}

/// Extension 20.2: the name of a version 1 template.
pub fn template_name(kind: StringKind, name: &str) -> Ext {
    Ext::raw("1.3.6.1.4.1.311.20.2", kind.encode(name))
}

pub fn crl_number(number: u64) -> Ext {
    Ext::raw("2.5.29.20", int(number.into()))
}

pub fn delta_indicator(base: u64) -> Ext {
    Ext::raw("2.5.29.27", int(base.into())).critical()
}

pub fn issuing_distribution_point(fields: &IssuingPoint) -> Ext {
    let flag = |n: u8, set: bool| set.then(|| implicit(n, &[0xff]));
    let mut parts: Vec<Vec<u8>> = fields.point.name().into_iter().collect();
    parts.extend(flag(1, fields.only_user));
    parts.extend(flag(2, fields.only_ca));
    parts.extend(fields.only_reasons.as_ref().map(|bits| named_bits_as(0x83, bits)));
    parts.extend(flag(4, fields.indirect));
    parts.extend(flag(5, fields.only_attribute));
    Ext::raw("2.5.29.28", seq(&parts)).critical()
}

/// Entry extension reasonCode.
pub fn reason(code: u8) -> Ext {
    Ext::raw("2.5.29.21", enumerated(code))
}

/// Entry extension invalidityDate.
pub fn invalidity_date(unix_seconds: i64) -> Ext {
    Ext::raw("2.5.29.24", generalized_time(unix_seconds))
}

/// Entry extension certificateIssuer.
pub fn certificate_issuer(name: &Name) -> Ext {
    Ext::raw("2.5.29.29", seq(&[San::Directory(name.clone()).encode()])).critical()
}

/// An extension that nobody knows.
pub fn unknown() -> Ext {
    Ext::raw("1.3.6.1.4.1.32473.3.1", bit_string(&[1]))
}

/// The security identifier of an account, szOID_NTDS_CA_SECURITY_EXT, as AD CS writes it since May 2022.
pub fn security_identifier(sid: &str) -> Ext {
    let value = explicit(0, &tlv(4, sid.as_bytes()));
    Ext::raw("1.3.6.1.4.1.311.25.2", seq(&[tlv(0xa0, &[oid("1.3.6.1.4.1.311.25.2.1"), value].concat())]))
}
