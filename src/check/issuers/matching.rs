//! Whether a CA certificate is on the issuers list (rules I-4, I-6, I-9, I-11), and lists made from certificates.

use super::{IssuerForm, IssuersNearMiss};
use crate::certificate::{Certificate, Thumbprint};
use crate::choices::IssuerMatch;
use crate::name::{DistinguishedName, NameAttribute, NameKey, eq_folded};
use crate::text::{Issuer, IssuersList, ListedAttribute, RootIssuer};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// A CA certificate as issuers lists compare it, decoded once for all entries.
#[derive(Debug, Clone)]
pub(crate) struct IssuerCandidate<'a> {
    certificate: &'a Certificate,
    subject: DistinguishedName,
    subject_key: OnceLock<Option<NameKey>>,
}

impl<'a> IssuerCandidate<'a> {
    /// The certificate at the end of a chain (I-5).
    pub(crate) fn new(certificate: &'a Certificate) -> Self {
        IssuerCandidate { certificate, subject: certificate.subject(), subject_key: OnceLock::new() }
    }

    /// Its subject.
    pub(crate) fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    fn is(&self, root: &RootIssuer) -> bool {
        self.has_name_of(root) && self.certificate.spki_der() == root.public_key_der()
    }

    fn has_name_of(&self, root: &RootIssuer) -> bool {
        self.subject_key() == Some(root.subject_key())
    }

    fn subject_key(&self) -> Option<NameKey> {
        *self.subject_key.get_or_init(|| NameKey::from_der(self.certificate.subject_der()))
    }
}

impl IssuersList {
    /// A list of root certificates (I-6), as a site has them imported; [`Display`](std::fmt::Display) turns it into text. `None`
    /// where there is no certificate: a list has entries (I-2).
    ///
    /// ```
    /// use ccmcertsel::{Certificate, IssuersList};
    ///
    /// let root = Certificate::from_der(&std::fs::read("testdata/machines/contoso-pc1/ROOT/contoso-root-ca.cer")?)?;
    /// let list = IssuersList::from_certificates([&root]).expect("one certificate");
    /// assert_eq!(list.to_string(), "CN=Contoso Root CA; O=Contoso, Ltd; C=US");
    /// assert!(IssuersList::from_certificates([]).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_certificates<'a>(roots: impl IntoIterator<Item = &'a Certificate>) -> Option<IssuersList> {
        let root = |certificate: &Certificate| {
            let thumbprint = *certificate.thumbprint().as_bytes();
            RootIssuer::new(certificate.subject_der(), certificate.spki_der(), thumbprint).map(Issuer::Root)
        };
        IssuersList::new(roots.into_iter().filter_map(root))
    }

    /// The first entry that the certificate matches (I-4, I-6), counted from 0.
    pub(crate) fn position(&self, candidate: &IssuerCandidate<'_>, mode: IssuerMatch) -> Option<usize> {
        if self.is_asked_often() {
            self.positions(candidate, mode).into_iter().next()
        } else {
            self.iter().position(|entry| matches(entry, candidate, mode))
        }
    }

    /// The entries that the certificate matches (I-4, I-6), in order; of those that say the same the first.
    pub(crate) fn positions(&self, candidate: &IssuerCandidate<'_>, mode: IssuerMatch) -> Vec<usize> {
        let named = |position: &usize| self.get(*position).is_some_and(|entry| matches(entry, candidate, mode));
        let mut positions: Vec<usize> = self.like(candidate.subject()).into_iter().filter(named).collect();
        let roots = candidate.subject_key().and_then(|name| self.roots_named(&name));
        positions.extend(roots.and_then(|roots| roots.by_key.get(candidate.certificate.spki_der())));
        positions.sort_unstable();
        positions
    }

    /// The entries that are text and that the certificate matches but for the case (I-4), in order.
    pub(crate) fn positions_but_for_case<'l>(
        &'l self,
        candidate: &'l IssuerCandidate<'_>,
        mode: IssuerMatch,
    ) -> impl Iterator<Item = usize> + 'l {
        let named = move |position: &usize| match self.get(*position) {
            Some(entry @ Issuer::Attributes(_)) => nearly_matches(entry, candidate, mode),
            Some(Issuer::Root(_)) | None => false,
        };
        self.like_folded(candidate.subject()).into_iter().filter(named)
    }

    /// What was nearly right about a certificate that no entry matches: another case (I-4), a comma (I-9), the same name
    /// with another key (I-6).
    pub(crate) fn near_miss(&self, candidate: &IssuerCandidate<'_>, mode: IssuerMatch) -> Option<IssuersNearMiss> {
        let documented = self.documented_reading();
        if documented.is_some_and(|documented| documented.position(candidate, mode).is_some()) {
            return Some(IssuersNearMiss::CommaForSemicolon);
        }
        let first = if self.is_asked_often() {
            let root = candidate.subject_key().and_then(|name| Some(self.roots_named(&name)?.first));
            self.positions_but_for_case(candidate, mode).next().into_iter().chain(root).min()?
        } else {
            self.iter().position(|entry| nearly_matches(entry, candidate, mode))?
        };
        match self.get(first)? {
            entry @ Issuer::Attributes(_) => Some(IssuersNearMiss::CaseOnly {
                listed: entry.to_string(),
                actual: candidate.subject().to_log_string(),
            }),
            Issuer::Root(root) => Some(IssuersNearMiss::SameNameOtherKey {
                name: root.subject().clone(),
                listed: Thumbprint(*root.thumbprint()),
                actual: candidate.certificate.thumbprint(),
            }),
        }
    }

    /// Of these certificates those that renew a listed one, which comes first: name and key are equal, the certificates are
    /// not (I-11).
    pub(crate) fn renewals<'a>(
        &self,
        certificates: impl IntoIterator<Item = &'a Certificate>,
    ) -> impl Iterator<Item = (Thumbprint, Thumbprint)> {
        let mut by_name_and_key: HashMap<(NameKey, &[u8]), Thumbprint> = HashMap::new();
        let mut listed: HashSet<Thumbprint> = HashSet::new();
        for entry in self.iter() {
            if let Issuer::Root(root) = entry {
                let thumbprint = Thumbprint(*root.thumbprint());
                by_name_and_key.entry((root.subject_key(), root.public_key_der())).or_insert(thumbprint);
                listed.insert(thumbprint);
            }
        }
        let certificates = certificates.into_iter().filter(|_| !listed.is_empty());
        let renewals: Vec<_> = certificates
            .filter_map(|certificate| {
                let own = certificate.thumbprint();
                let of = (NameKey::from_der(certificate.subject_der())?, certificate.spki_der());
                let first = by_name_and_key.get(&of).filter(|_| !listed.contains(&own))?;
                Some((*first, own))
            })
            .collect();
        renewals.into_iter()
    }
}

/// Whether an entry names a CA certificate (I-4, I-6).
fn matches(entry: &Issuer, candidate: &IssuerCandidate<'_>, mode: IssuerMatch) -> bool {
    match entry {
        Issuer::Attributes(listed) => listed_match(listed, candidate.subject(), mode, |a, b| a == b),
        Issuer::Root(root) => candidate.is(root),
    }
}

/// Whether an entry names a CA certificate but for the case (I-4), or but for the key (I-6).
fn nearly_matches(entry: &Issuer, candidate: &IssuerCandidate<'_>, mode: IssuerMatch) -> bool {
    match entry {
        Issuer::Attributes(listed) => listed_match(listed, candidate.subject(), mode, eq_folded),
        Issuer::Root(root) => candidate.has_name_of(root),
    }
}

/// The form of an entry, for the evidence.
pub(crate) fn form(entry: &Issuer) -> IssuerForm {
    match entry {
        Issuer::Attributes(_) => IssuerForm::Text,
        Issuer::Root(_) => IssuerForm::Certificate,
    }
}

/// I-4: every listed attribute is in the subject with that value, in any order. Under `WholeName` the subject has no
/// attribute beyond them, and each as often as it is listed.
fn listed_match(
    listed: &[ListedAttribute],
    subject: &DistinguishedName,
    mode: IssuerMatch,
    equal: impl Fn(&str, &str) -> bool,
) -> bool {
    let same = |attribute: &NameAttribute, listed: &ListedAttribute| {
        let text = attribute.value().as_text();
        attribute.oid() == listed.oid() && text.is_some_and(|text| equal(text, listed.value()))
    };
    if mode == IssuerMatch::WholeName && subject.attributes().count() != listed.len() {
        return false;
    }
    let all_present = listed.iter().all(|one| subject.attributes().any(|attribute| same(attribute, one)));
    match mode {
        IssuerMatch::ListedAttributes => all_present,
        IssuerMatch::WholeName => {
            all_present
                && listed.len() == subject.attributes().count()
                && listed.iter().all(|one| {
                    let among =
                        |other: &&ListedAttribute| other.oid() == one.oid() && equal(other.value(), one.value());
                    let in_list = listed.iter().filter(among).count();
                    let in_subject = subject.attributes().filter(|attribute| same(attribute, one)).count();
                    in_list == in_subject
                })
        }
    }
}
