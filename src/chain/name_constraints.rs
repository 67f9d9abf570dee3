//! Name constraints (RFC 5280 4.2.1.10): directoryName, rfc822Name, URI, dNSName, iPAddress, and the UPN of Microsoft.

mod matching;

use self::matching::{Name, matches};
use super::failure::NameViolation;
use crate::asn1::{self, Der, DerError, DerProblem, Element};
use crate::budget::{Budget, Spent};
use crate::certificate::{ADDRESS, Certificate, ExtensionError, GeneralName, general_name};
use crate::name::NameKey;
use crate::oid::{self, Oid};

/// The forms of general names, as far as constraints tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Rfc822,
    Dns,
    Directory,
    Uri,
    Ip,
    Upn,
    /// Any other form: only ever compared with itself, by its tag.
    Other(u8),
}

/// A subtree: what a name of its form is compared with.
pub(super) struct Subtree {
    form: Form,
    base: Base,
    /// The DER of the base, for messages.
    der: Box<[u8]>,
}

enum Base {
    /// dNSName, rfc822Name, URI or UPN.
    Text(Box<[u8]>),
    /// Address and mask.
    Ip(Box<[u8]>),
    /// How many relative distinguished names the name must begin with, and the key of that beginning.
    Directory(usize, Option<NameKey>),
    NotUnderstood,
}

/// What one CA says about the names beneath it.
pub(super) struct NameConstraints {
    permitted: Subtrees,
    excluded: Subtrees,
    critical: bool,
}

/// Subtrees by form, so that a name meets those of its own form only.
#[derive(Default)]
struct Subtrees(Vec<(Form, Vec<Subtree>)>);

impl Subtrees {
    fn of(&self, form: Form) -> &[Subtree] {
        let group = self.0.iter().find(|(of, _)| *of == form);
        group.map(|(_, subtrees)| subtrees.as_slice()).unwrap_or_default()
    }

    fn push(&mut self, form: Form, subtree: Subtree) {
        match self.0.iter_mut().find(|(of, _)| *of == form) {
            Some((_, subtrees)) => subtrees.push(subtree),
            None => self.0.push((form, vec![subtree])),
        }
    }
}

impl NameConstraints {
    /// `NameConstraints ::= SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1] OPTIONAL }`
    pub(super) fn of(certificate: &Certificate) -> Result<Option<Self>, ExtensionError> {
        let Some(extension) = certificate.extension(oid::NAME_CONSTRAINTS) else {
            return Ok(None);
        };
        let read = || {
            let expected = "a NameConstraints SEQUENCE";
            let mut fields = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
            let mut part = |number| match fields.optional(asn1::context_constructed(number), expected)? {
                Some(list) => subtrees(list.inside()),
                None => Ok(Subtrees::default()),
            };
            let (permitted, excluded) = (part(0)?, part(1)?);
            fields.finish("the end of the NameConstraints")?;
            Ok(NameConstraints { permitted, excluded, critical: extension.is_critical() })
        };
        read().map(Some).map_err(|error| ExtensionError { extension: extension.oid(), error })
    }
}

/// `GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }`, where RFC 5280 fixes
/// the minimum at 0 and forbids the maximum.
fn subtrees(mut list: Der<'_>) -> Result<Subtrees, DerError> {
    let mut found = Subtrees::default();
    while !list.is_empty() {
        let mut fields = list.expect(asn1::SEQUENCE, "a GeneralSubtree SEQUENCE")?.inside();
        let base = fields.any("the base of a GeneralSubtree")?;
        if let Some(minimum) = fields.optional(asn1::context(0), "a minimum")?
            && asn1::small_integer(&minimum)? != 0
        {
            return Err(minimum.error(DerProblem::Value, "the minimum 0"));
        }
        fields.finish("the end of the GeneralSubtree")?;
        let form = form_of(&base)?;
        found.push(form, subtree(form, &base)?);
    }
    Ok(found)
}

fn subtree(form: Form, element: &Element<'_>) -> Result<Subtree, DerError> {
    let base = match form {
        Form::Rfc822 | Form::Dns | Form::Uri => Base::Text(element.value.into()),
        Form::Upn => Base::Text(upn(element).unwrap_or_default().into_bytes().into()),
        Form::Ip => match element.value.len() {
            8 | 32 => Base::Ip(element.value.into()),
            _ => return Err(element.error(DerProblem::Value, "an address and a mask, 8 or 32 bytes")),
        },
        Form::Directory => {
            let name = asn1::single(element.value, element.value_start, asn1::SEQUENCE, "a directoryName")?;
            let mut rdns = name.inside();
            let mut count = 0;
            while !rdns.is_empty() {
                rdns.expect(asn1::SET, "a RelativeDistinguishedName")?;
                count += 1;
            }
            Base::Directory(count, NameKey::from_der(name.full))
        }
        Form::Other(_) => Base::NotUnderstood,
    };
    Ok(Subtree { form, base, der: element.full.into() })
}

fn form_of(element: &Element<'_>) -> Result<Form, DerError> {
    Ok(match element.tag {
        0x81 => Form::Rfc822,
        0x82 => Form::Dns,
        0xa4 => Form::Directory,
        0x86 => Form::Uri,
        0x87 => Form::Ip,
        0xa0 if upn(element).is_some() => Form::Upn,
        tag @ (0xa0 | 0xa3 | 0xa5 | 0x88) => Form::Other(tag),
        tag => return Err(element.error(DerProblem::UnexpectedTag(tag), "a GeneralName, [0] to [8]")),
    })
}

/// The text of an otherName, if that is a user principal name.
fn upn(element: &Element<'_>) -> Option<String> {
    match general_name(&mut Der::new(element.full)) {
        Ok(GeneralName::Upn(text)) => Some(text),
        _ => None,
    }
}

/// Of many permitted subtrees a message shows these.
const MAX_SHOWN: usize = 8;

/// How the constraints of a CA exclude a name; `None` if they do not.
pub(super) fn judge(
    name: &mut Name<'_>,
    constraints: &NameConstraints,
    spent: &mut Spent,
) -> Result<Option<NameViolation>, Budget> {
    let form = name.form;
    for subtree in constraints.excluded.of(form) {
        if matches!(subtree.base, Base::NotUnderstood) {
            if constraints.critical {
                return Ok(Some(NameViolation::NotUnderstood(subtree.shown())));
            }
            continue;
        }
        // What cannot be compared with an excluded subtree may lie inside of it.
        if matches(name, subtree, spent)?.unwrap_or(true) {
            return Ok(Some(NameViolation::Excluded(subtree.shown())));
        }
    }
    let permitted = constraints.permitted.of(form);
    let mut constrained = false;
    for subtree in permitted {
        if matches!(subtree.base, Base::NotUnderstood) {
            if constraints.critical {
                return Ok(Some(NameViolation::NotUnderstood(subtree.shown())));
            }
            continue;
        }
        constrained = true;
        if matches(name, subtree, spent)?.unwrap_or(false) {
            return Ok(None);
        }
    }
    let shown = || permitted.iter().take(MAX_SHOWN).map(Subtree::shown).collect();
    let more = permitted.len().saturating_sub(MAX_SHOWN);
    Ok(constrained.then(|| NameViolation::NotPermitted { permitted: shown(), more }))
}

impl Subtree {
    fn shown(&self) -> GeneralName {
        shown(&self.der)
    }
}

/// A general name as messages show it.
fn shown(der: &[u8]) -> GeneralName {
    general_name(&mut Der::new(der)).unwrap_or_else(|_| GeneralName::Other(Oid::from_checked(&[]), der.to_vec()))
}

/// The names that constraints apply to: the subject, its mail addresses if there is no SAN, and every value of the SAN.
pub(super) fn names_of(certificate: &Certificate) -> Result<Vec<Name<'_>>, ExtensionError> {
    let mut names = Vec::new();
    let subject = certificate.subject();
    if !subject.is_empty() {
        names.push(Name::directory(certificate.subject_der()));
    }
    let Some(extension) = certificate.extension(oid::SUBJECT_ALT_NAME) else {
        let mail = subject
            .attributes()
            .filter(|attribute| attribute.oid().as_bytes() == oid::EMAIL_ADDRESS)
            .filter_map(|attribute| attribute.value().as_text());
        names.extend(mail.map(Name::mail));
        return Ok(names);
    };
    let outcome: Result<(), DerError> = (|| {
        let expected = "a GeneralNames SEQUENCE";
        let mut list = asn1::single(extension.value, extension.offset, asn1::SEQUENCE, expected)?.inside();
        while !list.is_empty() {
            let element = list.any("a GeneralName")?;
            let name = Name::of(&element)?;
            if name.form == Form::Ip && !matches!(element.value.len(), 4 | 16) {
                return Err(element.error(DerProblem::Value, ADDRESS));
            }
            names.push(name);
        }
        Ok(())
    })();
    outcome.map_err(|error| ExtensionError { extension: extension.oid(), error })?;
    Ok(names)
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/name_constraints.rs"]
mod tests;
