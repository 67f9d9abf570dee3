//! Which entries of an issuers list may name a subject (I-4, I-6), found without a look at all of them: a list may have as
//! many entries as a machine has roots.

use super::issuer::{Issuer, ListedAttribute};
use crate::name::{DistinguishedName, NameKey, fold};
use crate::oid::Oid;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The entries of a list, by what a subject must have to be named by them.
#[derive(Debug)]
pub(super) struct ByContent {
    exact: ByAttribute,
    /// Asked for where no entry names a certificate.
    folded: OnceLock<ByAttribute>,
    roots: HashMap<NameKey, RootsOfName>,
}

/// The entries that are text, each under that of its attributes which the fewest others have. A repeated entry is left out:
/// whatever it names, the first one names.
#[derive(Debug, Default)]
struct ByAttribute(HashMap<Oid, HashMap<Box<str>, Vec<usize>>>);

/// The entries that are certificates of one subject.
#[derive(Debug)]
pub(crate) struct RootsOfName {
    /// The first of them.
    pub first: usize,
    /// The first of each public key.
    pub by_key: HashMap<Box<[u8]>, usize>,
}

impl ByContent {
    pub(super) fn new(entries: &[Issuer]) -> Self {
        let mut roots: HashMap<NameKey, RootsOfName> = HashMap::new();
        for (position, entry) in entries.iter().enumerate() {
            if let Issuer::Root(root) = entry {
                let same = roots
                    .entry(root.subject_key())
                    .or_insert_with(|| RootsOfName { first: position, by_key: HashMap::new() });
                same.by_key.entry(root.public_key_der().into()).or_insert(position);
            }
        }
        let exact = ByAttribute::new(entries, |value| Cow::Borrowed(value));
        ByContent { exact, folded: OnceLock::new(), roots }
    }

    /// The positions of the entries that are text and may name this subject, in order: all that do are among them.
    pub(super) fn like(&self, subject: &DistinguishedName) -> Vec<usize> {
        self.exact.like(subject, |value| Cow::Borrowed(value))
    }

    /// The same without regard to case.
    pub(super) fn like_folded(&self, entries: &[Issuer], subject: &DistinguishedName) -> Vec<usize> {
        let folded = || ByAttribute::new(entries, |value| Cow::Owned(fold(value)));
        self.folded.get_or_init(folded).like(subject, |value| Cow::Owned(fold(value)))
    }

    pub(super) fn roots(&self, name: &NameKey) -> Option<&RootsOfName> {
        self.roots.get(name)
    }
}

fn as_text(entry: &Issuer) -> Option<&[ListedAttribute]> {
    match entry {
        Issuer::Attributes(listed) => Some(listed),
        Issuer::Root(_) => None,
    }
}

impl ByAttribute {
    fn new(entries: &[Issuer], form: impl Fn(&str) -> Cow<'_, str>) -> Self {
        let mut counts: HashMap<(&Oid, Cow<'_, str>), usize> = HashMap::new();
        for one in entries.iter().filter_map(as_text).flatten() {
            *counts.entry((one.oid(), form(one.value()))).or_default() += 1;
        }
        let mut found = ByAttribute::default();
        let mut seen: HashSet<&[ListedAttribute]> = HashSet::new();
        for (position, listed) in entries.iter().enumerate().filter_map(|(at, entry)| Some((at, as_text(entry)?))) {
            let rarest = listed.iter().min_by_key(|one| counts.get(&(one.oid(), form(one.value()))));
            if let Some(rarest) = rarest.filter(|_| seen.insert(listed)) {
                let values = found.0.entry(rarest.oid().clone()).or_default();
                values.entry(form(rarest.value()).into()).or_default().push(position);
            }
        }
        found
    }

    fn like(&self, subject: &DistinguishedName, form: impl Fn(&str) -> Cow<'_, str>) -> Vec<usize> {
        let texts = subject.attributes().filter_map(|one| Some((one.oid(), one.value().as_text()?)));
        let texts: HashSet<(&Oid, &str)> = texts.collect();
        let entries = texts.into_iter().filter_map(|(oid, value)| self.0.get(oid)?.get(&*form(value)));
        let mut positions: Vec<usize> = entries.flatten().copied().collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::IssuersList;

    #[test]
    fn an_entry_stands_under_its_rarest_attribute() {
        let text = (0..100).map(|n| format!("O=Contoso; CN=Root {n}")).collect::<Vec<_>>().join(" | ");
        let list: IssuersList = text.parse().unwrap();
        let found = ByContent::new(list.iter().as_slice());
        let sizes = found.exact.0.values().flat_map(HashMap::values).map(Vec::len);
        assert_eq!((sizes.clone().max(), sizes.count()), (Some(1), 100));
    }

    #[test]
    fn a_repeated_entry_is_kept_once() {
        let list: IssuersList = "CN=a | CN=b | CN=a".parse().unwrap();
        let found = ByContent::new(list.iter().as_slice());
        let all: usize = found.exact.0.values().flat_map(HashMap::values).map(Vec::len).sum();
        assert_eq!(all, 2);
    }
}
