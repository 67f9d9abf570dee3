//! Object identifiers: the ones this crate knows by name, and a type that holds any.

use crate::value_error::ValueError;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

/// An object identifier, as the content bytes of its DER encoding (X.690 8.19), of any length and arc size.
///
/// The libraries' types stop at 39 bytes or 32-bit arcs; certificates in the field do not.
///
/// ```
/// use ccmcertsel::Oid;
///
/// let template: Oid = "1.3.6.1.4.1.311.21.8.8187707.14598430".parse()?;
/// assert_eq!(template.to_string(), "1.3.6.1.4.1.311.21.8.8187707.14598430");
/// # Ok::<(), ccmcertsel::ValueError>(())
/// ```
#[derive(Clone)]
pub struct Oid(Content);

/// Content bytes, in place where they are as short as nearly all are: a certificate has dozens of identifiers.
#[derive(Clone)]
enum Content {
    Short(u8, [u8; Oid::SHORT]),
    Long(Arc<[u8]>),
}

impl Oid {
    /// The templates of an enterprise CA have up to 30 bytes, all others fewer.
    const SHORT: usize = 30;

    /// From the content bytes of a DER OBJECT IDENTIFIER; `None` when they are not one (empty, or cut inside an arc).
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        is_oid(bytes).then(|| Self::from_checked(bytes))
    }

    /// From content bytes that are known to be an identifier: a constant of this module, or bytes read before.
    pub(crate) fn from_checked(bytes: &[u8]) -> Self {
        let mut short = [0; Self::SHORT];
        match (short.get_mut(..bytes.len()), u8::try_from(bytes.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(bytes);
                Oid(Content::Short(length, short))
            }
            _ => Oid(Content::Long(bytes.into())),
        }
    }

    /// The content bytes of the DER encoding.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Content::Short(length, short) => short.get(..usize::from(*length)).unwrap_or_default(),
            Content::Long(long) => long,
        }
    }
}

// By the bytes, wherever they stand.
impl PartialEq for Oid {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Oid {}

impl PartialOrd for Oid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Oid {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Oid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

/// Whether bytes are the content of a DER OBJECT IDENTIFIER: whole arcs, none padded with a leading zero.
pub(crate) fn is_oid(bytes: &[u8]) -> bool {
    let mut at_start = true;
    for &byte in bytes {
        if at_start && byte == 0x80 {
            return false;
        }
        at_start = byte & 0x80 == 0;
    }
    at_start && !bytes.is_empty()
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_dotted(self.as_bytes(), f)
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_dotted(self.as_bytes(), f)
    }
}

fn write_dotted(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut first = true;
    let mut digits: Vec<u8> = vec![0]; // one arc in decimal, least significant digit first: arcs have no upper bound
    let mut arc: u128 = 0;
    let mut wide = false;
    for &byte in bytes {
        let low = byte & 0x7f;
        match arc.checked_mul(128) {
            Some(shifted) if !wide => arc = shifted + u128::from(low),
            _ => {
                if !wide {
                    digits = arc.to_string().bytes().rev().map(|d| d - b'0').collect();
                    wide = true;
                }
                let mut carry = u32::from(low);
                for digit in &mut digits {
                    let value = u32::from(*digit) * 128 + carry;
                    *digit = (value % 10) as u8;
                    carry = value / 10;
                }
                while carry > 0 {
                    digits.push((carry % 10) as u8);
                    carry /= 10;
                }
                if digits.len() > MAX_ARC_DIGITS {
                    return f.write_str("(arc too large to print)");
                }
            }
        }
        if byte & 0x80 != 0 {
            continue;
        }
        if wide {
            if first {
                f.write_str("2")?;
                subtract_80(&mut digits);
            }
            f.write_str(".")?;
            for digit in digits.iter().rev() {
                write!(f, "{digit}")?;
            }
        } else if first {
            // X.690 8.19.4: the first two arcs share one number, 40 * arc1 + arc2.
            let root = (arc / 40).min(2);
            write!(f, "{root}.{}", arc - root * 40)?;
        } else {
            write!(f, ".{arc}")?;
        }
        first = false;
        wide = false;
        arc = 0;
    }
    Ok(())
}

/// Takes the share of the first arc, which is 2, from a number of many decimal digits.
fn subtract_80(digits: &mut Vec<u8>) {
    let mut taken = 8;
    for digit in digits.iter_mut().skip(1) {
        if *digit >= taken {
            *digit -= taken;
            break;
        }
        *digit += 10 - taken;
        taken = 1;
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
}

/// Printing and reading an arc is quadratic in its length; no registered arc has more digits than a UUID's 39.
const MAX_ARC_DIGITS: usize = 200;

impl FromStr for Oid {
    type Err = ValueError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        parse_dotted(s).ok_or_else(|| ValueError::new(s, "an object identifier", "it dotted, like 1.3.6.1.5.5.7.3.2"))
    }
}

fn parse_dotted(s: &str) -> Option<Oid> {
    let mut arcs = s.split('.').map(|arc| {
        let digits = !arc.is_empty() && arc.len() <= MAX_ARC_DIGITS && arc.bytes().all(|b| b.is_ascii_digit());
        (digits && (arc == "0" || !arc.starts_with('0'))).then_some(arc)
    });
    let root: u8 = arcs.next()??.parse().ok().filter(|root| *root <= 2)?;
    let second = arcs.next()??;
    let mut bytes = Vec::new();
    push_decimal(&mut bytes, second, root * 40);
    if root < 2 && bytes.first().is_none_or(|first| *first >= root * 40 + 40) {
        return None;
    }
    for arc in arcs {
        push_decimal(&mut bytes, arc?, 0);
    }
    Some(Oid::from_checked(&bytes))
}

/// Appends a number in decimal digits, and what is added to it, in groups of seven bits: it may be wider than any integer.
fn push_decimal(bytes: &mut Vec<u8>, digits: &str, added: u8) {
    if let Some(arc) = digits.parse::<u128>().ok().and_then(|arc| arc.checked_add(added.into())) {
        return push_arc(bytes, arc);
    }
    let mut groups: Vec<u8> = Vec::new(); // least significant first
    let mut scale = |factor: u32, mut carry: u32| {
        for group in &mut groups {
            let value = u32::from(*group) * factor + carry;
            *group = (value & 0x7f) as u8;
            carry = value >> 7;
        }
        if carry > 0 {
            groups.push(carry as u8); // at most 127: the factor is at most 10
        }
    };
    digits.bytes().for_each(|digit| scale(10, u32::from(digit - b'0')));
    scale(1, added.into());
    let (last, before) = groups.split_first().unwrap_or((&0, &[]));
    bytes.extend(before.iter().rev().map(|group| group | 0x80));
    bytes.push(*last);
}

fn push_arc(bytes: &mut Vec<u8>, arc: u128) {
    let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let low = ((arc >> (group * 7)) & 0x7f) as u8;
        bytes.push(if group == 0 { low } else { low | 0x80 });
    }
}

macro_rules! known {
    ($($(#[$doc:meta])* $name:ident = $dotted:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: &[u8] = {
            const OID: const_oid::ObjectIdentifier = const_oid::ObjectIdentifier::new_unwrap($dotted);
            OID.as_bytes()
        };)*
    };
}

known! {
    /// id-kp-clientAuth (rule P-1).
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// Signing of code: what software updates are signed for (rule M-3).
    CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    /// anyExtendedKeyUsage (rule P-2).
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// id-ce-subjectKeyIdentifier.
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// id-ce-keyUsage.
    KEY_USAGE = "2.5.29.15";
    /// id-ce-subjectAltName.
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// id-ce-issuerAltName.
    ISSUER_ALT_NAME = "2.5.29.18";
    /// id-ce-basicConstraints.
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// id-ce-cRLNumber.
    CRL_NUMBER = "2.5.29.20";
    /// id-ce-cRLReasons (entry extension).
    CRL_REASON = "2.5.29.21";
    /// id-ce-invalidityDate (entry extension).
    INVALIDITY_DATE = "2.5.29.24";
    /// id-ce-deltaCRLIndicator.
    DELTA_CRL_INDICATOR = "2.5.29.27";
    /// id-ce-issuingDistributionPoint.
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// id-ce-certificateIssuer (entry extension).
    CERTIFICATE_ISSUER = "2.5.29.29";
    /// id-ce-nameConstraints.
    NAME_CONSTRAINTS = "2.5.29.30";
    /// id-ce-cRLDistributionPoints.
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// id-ce-certificatePolicies.
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// anyPolicy.
    ANY_POLICY = "2.5.29.32.0";
    /// id-ce-policyMappings.
    POLICY_MAPPINGS = "2.5.29.33";
    /// id-ce-authorityKeyIdentifier.
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// id-ce-policyConstraints.
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// id-ce-extKeyUsage.
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// id-ce-freshestCRL.
    FRESHEST_CRL = "2.5.29.46";
    /// id-ce-inhibitAnyPolicy.
    INHIBIT_ANY_POLICY = "2.5.29.54";
    /// id-pe-authorityInfoAccess.
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// id-ad-ocsp.
    OCSP = "1.3.6.1.5.5.7.48.1";
    /// szOID_ENROLL_CERTTYPE_EXTENSION: the name of a version 1 template (rule V-3).
    MS_TEMPLATE_NAME = "1.3.6.1.4.1.311.20.2";
    /// szOID_CERTIFICATE_TEMPLATE: OID and revision of a template (rule V-3).
    MS_TEMPLATE = "1.3.6.1.4.1.311.21.7";
    /// szOID_APPLICATION_CERT_POLICIES (rule P-4).
    MS_APPLICATION_POLICIES = "1.3.6.1.4.1.311.21.10";
    /// A pointer to a certification practice statement (RFC 5280 4.2.1.4).
    POLICY_QUALIFIER_CPS = "1.3.6.1.5.5.7.2.1";
    /// A notice for users (RFC 5280 4.2.1.4).
    POLICY_QUALIFIER_NOTICE = "1.3.6.1.5.5.7.2.2";
    /// szOID_ANY_APPLICATION_POLICY: every purpose (rule P-2).
    MS_ANY_APPLICATION_POLICY = "1.3.6.1.4.1.311.10.12.1";
    /// szOID_APPLICATION_POLICY_MAPPINGS.
    MS_APPLICATION_POLICY_MAPPINGS = "1.3.6.1.4.1.311.21.11";
    /// szOID_APPLICATION_POLICY_CONSTRAINTS.
    MS_APPLICATION_POLICY_CONSTRAINTS = "1.3.6.1.4.1.311.21.12";
    /// szOID_CERTSRV_CA_VERSION.
    MS_CA_VERSION = "1.3.6.1.4.1.311.21.1";
    /// szOID_CERTSRV_PREVIOUS_CERT_HASH.
    MS_PREVIOUS_CA_HASH = "1.3.6.1.4.1.311.21.2";
    /// szOID_CRL_NEXT_PUBLISH.
    MS_CRL_NEXT_PUBLISH = "1.3.6.1.4.1.311.21.4";
    /// szOID_CRL_VIRTUAL_BASE.
    MS_CRL_VIRTUAL_BASE = "1.3.6.1.4.1.311.21.3";
    /// szOID_NTDS_CA_SECURITY_EXT: the account's security identifier.
    MS_NTDS_SECURITY = "1.3.6.1.4.1.311.25.2";
    /// szOID_NT_PRINCIPAL_NAME: otherName UPN.
    MS_UPN = "1.3.6.1.4.1.311.20.2.3";
    /// id-at-commonName.
    COMMON_NAME = "2.5.4.3";
    /// emailAddress (PKCS #9).
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
}

#[cfg(all(test, repository))]
#[path = "../tests/units/oid.rs"]
mod tests;
