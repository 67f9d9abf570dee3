//! The properties that Windows keeps beside a certificate (rules W-3, W-4).

use super::problem::{ImportProblemKind, ProblemPlace, Problems};
use crate::asn1::{self, Der};
use crate::certificate::Thumbprint;
use crate::oid::Oid;
use crate::rules::Rule;
use crate::store::{Enumeration, KeyProvider, PrivateKey, StoredCertificate};

// wincrypt.h, CERT_*_PROP_ID
const KEY_PROVIDER: u32 = 2;
const SHA1: u32 = 3;
const EKU: u32 = 9;
const FRIENDLY_NAME: u32 = 11;
const ARCHIVED: u32 = 19;

/// What it means that a certificate has no key provider information (property 2).
///
/// Rule W-4 speaks of its presence only. The registry holds every property that Windows keeps, so there its absence
/// means that no key belongs to the certificate. A serialized store may have been written without properties: there it
/// means so only if some other certificate of the file has one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NoKeyProperty {
    MeansAbsent,
    MeansUnknown,
}

/// Reads which kind of provider holds the key from the 32-bit form of CRYPT_KEY_PROV_INFO (rule W-4):
///
/// ```text
///  0 u32 offset of the container's name    16 u32 number of parameters
///  4 u32 offset of the provider's name     20 u32 offset of the parameters
///  8 u32 provider type, 0 for CNG          24 u32 key spec
/// 12 u32 flags                             28 the strings, UTF-16LE with a NUL
/// ```
fn read_key_provider(value: &[u8]) -> Option<KeyProvider> {
    const FIXED: usize = 28;
    let field = |at: usize| Some(u32::from_le_bytes(value.get(at..at + 4)?.try_into().ok()?));
    let has_text = |offset: u32| match offset as usize {
        0 => true, // a null pointer: no name
        offset => offset >= FIXED && value.get(offset..).and_then(utf16_until_nul).is_some(),
    };
    field(FIXED - 4)?;
    let [container, provider] = [field(0)?, field(4)?];
    (has_text(container) && has_text(provider)).then_some(if field(8)? == 0 {
        KeyProvider::Ksp
    } else {
        KeyProvider::Csp
    })
}

/// UTF-16LE up to a NUL, which must be there.
fn utf16_until_nul(bytes: &[u8]) -> Option<String> {
    let mut units = Vec::new();
    for pair in bytes.chunks_exact(2) {
        match u16::from_le_bytes(pair.try_into().ok()?) {
            0 => return Some(String::from_utf16_lossy(&units)),
            unit => units.push(unit),
        }
    }
    None
}

/// The properties seen before a certificate.
#[derive(Default)]
pub(super) struct ElementProperties {
    any: bool,
    /// Damage was met on the way: what is missing may have been lost.
    pub incomplete: bool,
    key: Option<KeyProvider>,
    sha1: Option<Box<[u8]>>,
    eku: Option<Vec<Oid>>,
    friendly_name: Option<String>,
    archived: bool,
}

impl ElementProperties {
    pub(super) fn is_empty(&self) -> bool {
        !self.any
    }

    /// Whether the id is that of key provider information.
    pub(super) fn is_key(id: u32) -> bool {
        id == KEY_PROVIDER
    }

    /// Takes in one property; those that no rule reads are passed over.
    pub(super) fn read(&mut self, id: u32, value: &[u8], place: ProblemPlace, problems: &mut Problems) {
        self.any = true;
        let mut damaged =
            |rule, problem| problems.push(rule, place.clone(), ImportProblemKind::Property { id, problem });
        match id {
            KEY_PROVIDER => {
                let provider = read_key_provider(value);
                if provider.is_none() {
                    damaged(Rule::W4, "a key belongs to the certificate, its provider is not known");
                }
                self.key = Some(provider.unwrap_or(KeyProvider::Unknown));
            }
            SHA1 => self.sha1 = Some(value.into()),
            EKU => {
                let purposes = read_eku(value);
                if purposes.is_none() {
                    damaged(Rule::W3, "no SEQUENCE OF OBJECT IDENTIFIER; taken as no purpose at all");
                }
                self.eku = Some(purposes.unwrap_or_default());
            }
            FRIENDLY_NAME => match utf16_until_nul(value) {
                Some(name) => self.friendly_name = Some(name),
                None => damaged(Rule::W3, "the friendly name has no NUL at its end; it is dropped"),
            },
            ARCHIVED => self.archived = true, // its presence counts, the value is empty
            _ => {}
        }
    }

    /// Puts the properties on the certificate.
    pub(super) fn apply(
        self,
        mut stored: StoredCertificate,
        no_key: NoKeyProperty,
        place: ProblemPlace,
        problems: &mut Problems,
    ) -> StoredCertificate {
        let actual = stored.certificate().thumbprint();
        if let Some(stated) = self.sha1.filter(|stated| **stated != actual.as_bytes()[..]) {
            let stated = match <[u8; 20]>::try_from(&*stated) {
                Ok(bytes) => Thumbprint::from(bytes).to_string(),
                Err(_) => format!("{} bytes", stated.len()),
            };
            let stated_by = "property 3";
            let kind = ImportProblemKind::Thumbprint { stated_by, stated, actual };
            problems.push(Rule::W3, place, kind);
        }
        let key = match (self.key, no_key) {
            (Some(provider), _) => PrivateKey::Present(provider),
            (None, NoKeyProperty::MeansAbsent) if !self.incomplete => PrivateKey::Absent,
            (None, _) => PrivateKey::Unknown,
        };
        stored = stored.with_private_key(key);
        if let Some(purposes) = self.eku {
            stored = stored.with_eku_property(purposes);
        }
        if let Some(name) = self.friendly_name.filter(|name| !name.is_empty()) {
            stored = stored.with_friendly_name(name);
        }
        if self.archived {
            stored = stored.with_enumeration(Enumeration::Archived);
        }
        stored
    }
}

/// `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER`, and the empty sequence as well.
fn read_eku(value: &[u8]) -> Option<Vec<Oid>> {
    let list = asn1::single(value, 0, asn1::SEQUENCE, "a SEQUENCE OF OBJECT IDENTIFIER").ok()?;
    let mut purposes = Vec::new();
    let mut ids: Der<'_> = list.inside();
    while !ids.is_empty() {
        let id = ids.expect(asn1::OID, "an OBJECT IDENTIFIER").ok()?;
        purposes.push(Oid::from_bytes(id.value)?);
    }
    Some(purposes)
}
