//! Distinguished names: decoded from DER, printed as Windows and the client's log print them (rules A-2, C-4, C-7). There is no
//! way back from a text: it has lost the string types and the sets.
//!
//! ```
//! use ccmcertsel::DistinguishedName;
//!
//! // C=US, O=Contoso, Ltd, CN=PC1 in encoded order, in three string types.
//! let der = b"\x30\x30\x31\x0b0\x09\x06\x03\x55\x04\x06\x13\x02US\
//!             \x31\x150\x13\x06\x03\x55\x04\x0a\x0c\x0cContoso, Ltd\
//!             \x31\x0a0\x08\x06\x03\x55\x04\x03\x16\x01P";
//! let name = DistinguishedName::from_der(der)?;
//! assert_eq!(name.to_x500_string(), r#"CN=P, O="Contoso, Ltd", C=US"#);
//! assert_eq!(name.to_log_string(), r#"CN=P; O="Contoso, Ltd"; C=US"#);
//! assert_eq!(name.to_simple_name(), r#"US, "Contoso, Ltd", P"#);
//! # Ok::<(), ccmcertsel::NameError>(())
//! ```

mod fold;
mod key;
mod print;
#[cfg(all(test, repository))]
#[path = "../tests/units/name.rs"]
mod tests;
mod value;
mod walk;

pub(crate) use self::fold::push_folded;
pub(crate) use self::fold::{contains_folded, eq_folded, fold};
pub(crate) use self::key::NameKey;
pub(crate) use self::value::{AttributeValue, StringType};
use self::walk::Attributes;
pub(crate) use self::walk::MAX_ATTRIBUTES;
use crate::asn1::DerError;
use crate::oid::{self, Oid};
use std::sync::Arc;

/// A distinguished name: relative distinguished names in encoded order, most general first.
///
/// `==` compares what is encoded, string types included. Chains compare more leniently (RFC 5280, section 7.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct DistinguishedName {
    attributes: Arc<[NameAttribute]>,
}

/// One attribute of a name: type and value, and whether a relative distinguished name begins with it. Nearly every one is
/// the only one of its RDN.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct NameAttribute {
    oid: Oid,
    value: AttributeValue,
    first_in_rdn: bool,
}

impl NameAttribute {
    /// The attribute's type.
    pub(crate) fn oid(&self) -> &Oid {
        &self.oid
    }

    /// The attribute's value.
    pub(crate) fn value(&self) -> &AttributeValue {
        &self.value
    }
}

impl DistinguishedName {
    /// Decodes a name from its DER, the whole SEQUENCE and nothing after it.
    ///
    /// # Errors
    ///
    /// [`NameError`] with the byte offset where the bytes stop being a name. Values that do not decode are not an error:
    /// they are kept raw.
    pub fn from_der(der: &[u8]) -> Result<Self, NameError> {
        let mut walk = Attributes::at(der, 0)?;
        let mut attributes = Vec::new();
        while let Some(raw) = walk.next()? {
            let (oid, value) = (raw.type_oid()?, AttributeValue::decode(&raw.value));
            attributes.push(NameAttribute { oid, value, first_in_rdn: raw.first_in_rdn });
        }
        Ok(DistinguishedName { attributes: attributes.into() })
    }

    /// The relative distinguished names in encoded order, most general first: the attributes of each, at least one.
    pub(crate) fn rdns(&self) -> impl DoubleEndedIterator<Item = &[NameAttribute]> {
        self.attributes.chunk_by(|_, next| !next.first_in_rdn)
    }

    /// All attributes in encoded order.
    pub(crate) fn attributes(&self) -> impl ExactSizeIterator<Item = &NameAttribute> + DoubleEndedIterator {
        self.attributes.iter()
    }

    /// Whether the name has no attribute at all, as the Subject of a certificate that is named only by its SAN.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// The common names (2.5.4.3) that decode, in encoded order.
    pub(crate) fn common_names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.attributes()
            .filter(|attribute| attribute.oid.as_bytes() == oid::COMMON_NAME)
            .filter_map(|attribute| attribute.value.as_text())
    }
}

/// Reads a name that stands at `base` of a larger input without decoding its values: a certificate is checked once when
/// it is loaded, and most of its names are never asked for.
pub(crate) fn check(der: &[u8], base: usize) -> Result<(), NameError> {
    let mut walk = Attributes::at(der, base)?;
    while let Some(raw) = walk.next()? {
        raw.check_type()?;
    }
    Ok(())
}

/// Whether a name says nothing but ASCII characters, seen without decoding it. Wide characters are not looked at, so a name that
/// has them does not count, whatever they are; nor does one that does not read.
pub(crate) fn is_ascii(der: &[u8]) -> bool {
    let is_wide = |tag| matches!(StringType::from_tag(tag), Some(StringType::Bmp | StringType::Universal));
    let look = || {
        let mut walk = Attributes::at(der, 0)?;
        while let Some(raw) = walk.next()? {
            if is_wide(raw.value.tag) || !raw.value.value.is_ascii() {
                return Ok(false);
            }
        }
        Ok::<bool, DerError>(true)
    };
    look().unwrap_or(false)
}

/// Why bytes are not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("name is malformed: {0}")]
pub struct NameError(DerError);

// What is inside is said in the text, so it is not a source as well.
impl From<DerError> for NameError {
    fn from(error: DerError) -> Self {
        NameError(error)
    }
}

impl NameError {
    /// Where, in bytes from the start of the name.
    pub fn offset(&self) -> usize {
        self.0.offset()
    }
}
