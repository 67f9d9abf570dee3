//! A straight walk over the DER of a name, without allocation; decoding and name keys both stand on it.
//!
//! ```text
//! Name ::= SEQUENCE OF RelativeDistinguishedName
//! RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue; Windows reads an empty one
//! AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }      (RFC 5280 4.1.2.4)
//! ```

use crate::asn1::{Der, DerError, DerProblem, Element, OID, SEQUENCE, SET};
use crate::oid::{Oid, is_oid};

/// What has more attributes is not a name: X.500 gives one level per organisational layer, and directories stop at 255.
pub(crate) const MAX_ATTRIBUTES: usize = 1024;

/// One attribute, where it is in its name.
#[derive(Debug)]
pub(super) struct RawAttribute<'a> {
    pub(super) first_in_rdn: bool,
    pub(super) last_in_rdn: bool,
    pub(super) oid: Element<'a>,
    pub(super) value: Element<'a>,
}

impl RawAttribute<'_> {
    pub(super) fn type_oid(&self) -> Result<Oid, DerError> {
        self.check_type()?;
        Ok(Oid::from_checked(self.oid.value))
    }

    pub(super) fn check_type(&self) -> Result<(), DerError> {
        let expected = "an OBJECT IDENTIFIER of whole arcs without padding";
        if is_oid(self.oid.value) { Ok(()) } else { Err(self.oid.error(DerProblem::Value, expected)) }
    }
}

/// The attributes of a name in encoded order; stops at the first error.
pub(super) struct Attributes<'a> {
    rdns: Der<'a>,
    members: Der<'a>,
    seen: usize,
}

impl<'a> Attributes<'a> {
    /// Starts at the SEQUENCE that must fill the input, which stands at `base` of a larger one.
    pub(super) fn at(input: &'a [u8], base: usize) -> Result<Self, DerError> {
        let mut whole = Der::at(input, base);
        let name = whole.expect(SEQUENCE, "a SEQUENCE of relative distinguished names")?;
        whole.finish("the end of the name")?;
        Ok(Attributes { rdns: name.inside(), members: Der::new(&[]), seen: 0 })
    }

    /// The next attribute; `None` at the end of the name.
    pub(super) fn next(&mut self) -> Result<Option<RawAttribute<'a>>, DerError> {
        if self.members.is_empty()
            && self.seen < MAX_ATTRIBUTES
            && let Some(attribute) = usual(&mut self.rdns)
        {
            self.seen += 1;
            return Ok(Some(attribute));
        }
        self.any_form()
    }

    fn any_form(&mut self) -> Result<Option<RawAttribute<'a>>, DerError> {
        let first_in_rdn = self.members.is_empty();
        // An RDN without attributes is against X.501, and Windows reads it: it says nothing, so it is passed over.
        while self.members.is_empty() {
            if self.rdns.is_empty() {
                return Ok(None);
            }
            self.members = self.rdns.expect(SET, "a SET of attributes")?.inside();
        }
        let pair = self.members.expect(SEQUENCE, "a SEQUENCE of type and value")?;
        if self.seen == MAX_ATTRIBUTES {
            return Err(pair.error(DerProblem::Value, "at most 1024 attributes in a name"));
        }
        self.seen += 1;
        let mut fields = pair.inside();
        let oid = fields.expect(OID, "an OBJECT IDENTIFIER")?;
        let value = fields.any("the value of an attribute")?;
        fields.finish("the end of the attribute")?;
        Ok(Some(RawAttribute { first_in_rdn, last_in_rdn: self.members.is_empty(), oid, value }))
    }
}

/// A SET of one attribute with short lengths, as nearly every one is, read in one look. Every certificate has two names
/// of three to six, and they are walked over more than once. `None` for any other form, which is left to the reader that
/// names its damage; the list then stays where it is.
fn usual<'a>(rdns: &mut Der<'a>) -> Option<RawAttribute<'a>> {
    let (rest, start) = (rdns.rest(), rdns.offset());
    let &[SET, set, SEQUENCE, sequence, OID, oid, ..] = rest else {
        return None;
    };
    let pair = rest.get(4..4 + usize::from(sequence))?;
    let (oid, value) = pair.split_at_checked(2 + usize::from(oid))?;
    let &[tag, length, ..] = value else {
        return None;
    };
    // All lengths are short if the outermost is, and each must end where the one around it does.
    let fits = set < 0x80
        && set.checked_sub(2) == Some(sequence)
        && value.len() == 2 + usize::from(length)
        && tag & 0x1f != 0x1f;
    if !fits {
        return None;
    }
    rdns.step_over(2 + usize::from(set));
    let element = |tag, full: &'a [u8], at: usize| Element {
        tag,
        full,
        value: full.get(2..).unwrap_or_default(),
        start: start + at,
        value_start: start + at + 2,
    };
    Some(RawAttribute {
        first_in_rdn: true,
        last_in_rdn: true,
        oid: element(OID, oid, 4),
        value: element(tag, value, 4 + oid.len()),
    })
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/name_walk.rs"]
mod tests;
