//! A machine at an instant as a model: changes are carried out on it, and it is judged again.

use super::draft::{self, Draft};
use crate::certificate::{Certificate, Thumbprint};
use crate::change::{Change, Fact};
use crate::choices::{CngKeys, NameCheck, OnMultiple};
use crate::name::{DistinguishedName, NameKey};
use crate::oid::{self, Oid};
use crate::revocation::{Crl, Crls, Effect};
use crate::select::{Selection, Selector, Signed};
use crate::settings::Settings;
use crate::store::{CertId, Entry, Enumeration, KeyProvider, PrivateKey, StoreName, StoredCertificate, Stores};
use crate::text::{Issuer, IssuersList, RootIssuer};
use crate::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a CA gives to what it issues in the model, where the model needs a number: two years.
const PERIOD: i64 = 2 * 365 * 86_400;
/// How long a CRL of the model is good: a week, as AD CS publishes them.
const CRL_PERIOD: i64 = 7 * 86_400;
/// The reasons of RFC 5280 5.3.1 that the model tells apart.
const UNSPECIFIED: u8 = 0;
const HOLD: u8 = 6;

/// A machine at an instant, with the certificate that is to be selected.
///
/// ```
/// use ccmcertsel::change::Change;
/// use ccmcertsel::plan::Model;
/// use ccmcertsel::settings::OnMultiple;
/// use ccmcertsel::{Machine, Selector, Settings, Stores, Timestamp};
///
/// let mut stores = Stores::builder();
/// stores.add_der("MY", &std::fs::read("testdata/machines/contoso-pc1/MY/20-wrong-root.cer")?);
/// let selector = Selector::new(stores.build(), Machine::new("PC1"), Settings::ccm_setup());
/// let (id, _) = selector.stores().entries().next().unwrap();
/// let model = Model::new(&selector, id, "2026-01-15T09:00:00Z".parse::<Timestamp>()?)?;
/// let changed = model.apply(&Change::SelectFirst)?;
/// assert_eq!(changed.selector().settings().get::<OnMultiple>(), OnMultiple::SelectLongest);
/// assert!(changed.apply(&Change::SelectFirst).is_err()); // it changes nothing more
/// assert_eq!(changed.select().selected(), None); // nor does it make an untrusted root trusted
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Model {
    selector: Selector,
    now: Timestamp,
    asked: (StoreName, Thumbprint),
    signed: Signed,
    /// The next serial number of the model.
    serial: u64,
}

/// A change that cannot be carried out on this machine, or that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the change cannot be carried out on this machine, or changes nothing")]
pub struct ChangeError;

impl Model {
    /// The machine of a selector, and one of its certificates.
    ///
    /// # Errors
    /// No such certificate: the entry is unreadable, or of another machine.
    pub fn new(selector: &Selector, asked: CertId, now: impl Into<Timestamp>) -> Result<Self, ChangeError> {
        let stores = selector.stores();
        let (Some(stored), Some(store)) = (stores.get(asked), stores.store_of(asked)) else {
            return Err(ChangeError);
        };
        let asked = (store.clone(), stored.certificate().thumbprint());
        let model = Model { selector: selector.clone(), now: now.into(), asked, signed: Signed::default(), serial: 1 };
        Ok(model.rebuilt(Arc::clone(stores), selector.settings().clone(), Arc::clone(selector.crls())))
    }

    /// The machine of a selector, of which no certificate is asked about: a new one can be requested for it.
    pub(crate) fn of_machine(selector: &Selector, now: impl Into<Timestamp>) -> Self {
        let asked = (selector.settings().store().clone(), Thumbprint::of(&[]));
        let model = Model { selector: selector.clone(), now: now.into(), asked, signed: Signed::default(), serial: 1 };
        let stores = Arc::clone(selector.stores());
        model.rebuilt(stores, selector.settings().clone(), Arc::clone(selector.crls()))
    }

    /// The machine's selector.
    pub fn selector(&self) -> &Selector {
        &self.selector
    }

    /// The instant.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The certificate that is to be selected: after a request, the new one.
    pub(crate) fn asked(&self) -> Option<CertId> {
        self.find(&self.asked.0, &self.asked.1)
    }

    /// The selection.
    pub fn select(&self) -> Selection {
        self.selector.select(self.now)
    }

    fn find(&self, store: &StoreName, thumbprint: &Thumbprint) -> Option<CertId> {
        let stores = self.selector.stores();
        let of_store = stores.entries_of(store)?.iter().copied();
        of_store.into_iter().find(|id| stores.entry(*id).is_some_and(|entry| entry.thumbprint() == *thumbprint))
    }

    fn rebuilt(&self, stores: Arc<Stores>, settings: Settings, crls: Arc<Crls>) -> Model {
        let selector = self.selector.modelling(self.signed.clone(), stores, settings, crls);
        Model { selector, ..self.clone() }
    }

    fn with_settings(&self, change: impl FnOnce(Settings) -> Settings) -> Result<Model, ChangeError> {
        let before = self.selector.settings();
        let after = change(before.clone());
        if after == *before {
            Err(ChangeError)
        } else {
            Ok(Model { selector: self.selector.with_settings(after), ..self.clone() })
        }
    }

    /// The machine with other stores: each certificate as `keep` gives it, and some more.
    fn with_stores(
        &self,
        mut keep: impl FnMut(CertId, &StoreName, &StoredCertificate) -> Vec<(StoreName, StoredCertificate)>,
        more: Vec<(StoreName, StoredCertificate)>,
    ) -> Model {
        let old = self.selector.stores();
        let mut new = Stores::builder();
        for name in old.names() {
            new.add_store(name.clone());
        }
        for (id, entry) in old.entries() {
            let Some(store) = old.store_of(id) else { continue };
            match entry {
                Entry::Certificate(stored) => {
                    for (store, stored) in keep(id, store, stored) {
                        new.add(store, stored);
                    }
                }
                Entry::Unreadable(entry) => {
                    new.add_unreadable(store.clone(), entry.clone());
                }
            }
        }
        for (store, stored) in more {
            new.add(store, stored);
        }
        self.rebuilt(Arc::new(new.build()), self.selector.settings().clone(), Arc::clone(self.selector.crls()))
    }

    /// The machine with one certificate replaced.
    fn with_certificate(
        &self,
        thumbprint: &Thumbprint,
        change: impl Fn(&StoredCertificate) -> Option<(Option<StoreName>, StoredCertificate)>,
    ) -> Result<Model, ChangeError> {
        let mut changed = None;
        let model = self.with_stores(
            |_, store, stored| {
                let is_it = stored.certificate().thumbprint() == *thumbprint && *store == self.asked.0;
                match is_it.then(|| change(stored)).flatten() {
                    Some((other, stored)) => {
                        let store = other.unwrap_or_else(|| store.clone());
                        changed = Some(store.clone());
                        vec![(store, stored)]
                    }
                    None => vec![(store.clone(), stored.clone())],
                }
            },
            Vec::new(),
        );
        let store = changed.ok_or(ChangeError)?;
        let is_asked = *thumbprint == self.asked.1;
        let asked = if is_asked { (store, *thumbprint) } else { self.asked.clone() };
        Ok(Model { asked, ..model })
    }

    /// Carries a change out.
    ///
    /// # Errors
    /// It cannot be carried out on this machine, or changes nothing.
    pub fn apply(&self, change: &Change) -> Result<Model, ChangeError> {
        match change {
            Change::NameMachine { name, fqdn } => {
                let before = self.selector.machine();
                let machine = before.renamed(name, fqdn.as_deref());
                if machine == *before {
                    Err(ChangeError)
                } else {
                    Ok(Model { selector: self.selector.with_machine(machine), ..self.clone() })
                }
            }
            Change::SelectFirst => self.with_settings(|it| it.with(OnMultiple::SelectLongest)),
            Change::UseStore(store) => self.with_settings(|it| it.with_store(store.clone())),
            Change::UseCriteria(criteria) => self.with_settings(|it| it.with_criteria(criteria.clone())),
            Change::WaiveName => self.with_settings(|it| it.with(NameCheck::Waived)),
            Change::UseCng => self.with_settings(|it| it.with(CngKeys::ByRuleset)),
            Change::UpdateClient(ruleset) => {
                if self.selector.settings().ruleset() == *ruleset {
                    Err(ChangeError)
                } else {
                    self.with_settings(|it| it.with(*ruleset))
                }
            }
            Change::Move { certificate, to } => {
                self.with_certificate(certificate, |stored| Some((Some(to.clone()), stored.clone())))
            }
            Change::Unarchive { certificate } => self.with_certificate(certificate, |stored| {
                let archived = stored.enumeration() == Enumeration::Archived;
                archived.then(|| (None, stored.clone().with_enumeration(Enumeration::Listed)))
            }),
            Change::BringKey { certificate } => self.with_key(certificate, PrivateKey::Absent),
            Change::GrantKey { certificate } => self.with_key(certificate, PrivateKey::Inaccessible),
            Change::AllowPurpose { certificate } => self.with_certificate(certificate, |stored| {
                let client = Oid::from_bytes(oid::CLIENT_AUTH)?;
                let allowed = stored.eku_property().filter(|allowed| !allowed.contains(&client))?;
                let allowed = allowed.iter().cloned().chain([client]).collect();
                Some((None, stored.clone().with_eku_property(allowed)))
            }),
            Change::ImportIssuer { name } => self.import_issuer(name),
            Change::TrustRoot { certificate, .. } => self.trust(certificate),
            Change::Remove { certificate, store } => {
                self.find(store, certificate).ok_or(ChangeError)?;
                let model = self.with_stores(
                    |_, of, stored| {
                        if of == store && stored.certificate().thumbprint() == *certificate {
                            Vec::new()
                        } else {
                            vec![(of.clone(), stored.clone())]
                        }
                    },
                    Vec::new(),
                );
                Ok(model)
            }
            Change::CorrectClock(to) | Change::Wait(to) => {
                if *to == self.now {
                    Err(ChangeError)
                } else {
                    Ok(Model { now: *to, ..self.clone() })
                }
            }
            Change::PublishCrl { authority, .. } | Change::ImportCrl { authority, .. } => self.publish(authority, None),
            Change::PublishDelta { authority, .. } => self.publish_delta(authority),
            Change::ReleaseHold { authority, certificate, .. } => self.publish(authority, Some(certificate)),
            Change::Request(facts) => self.request(facts),
            Change::RenewAuthority { certificate, .. } => self.renew(certificate),
            Change::ListRoot { list: Some(list), .. } => self.with_settings(|it| it.with_issuers(list.clone())),
            Change::ListRoot { certificate, list: None, .. } => self.list(certificate),
        }
    }

    /// The machine where a key that is as stated can be used.
    fn with_key(&self, certificate: &Thumbprint, lacks: PrivateKey) -> Result<Model, ChangeError> {
        self.with_certificate(certificate, |stored| {
            let usable = PrivateKey::Accessible(KeyProvider::Unknown);
            (stored.private_key() == lacks).then(|| (None, stored.clone().with_private_key(usable)))
        })
    }

    fn anywhere(&self, thumbprint: &Thumbprint) -> Option<(CertId, &Certificate)> {
        let mut all = self.selector.stores().certificates();
        let (id, stored) = all.find(|(_, stored)| stored.certificate().thumbprint() == *thumbprint)?;
        Some((id, stored.certificate()))
    }

    fn trust(&self, thumbprint: &Thumbprint) -> Result<Model, ChangeError> {
        let root = StoreName::new(StoreName::ROOT);
        if self.find(&root, thumbprint).is_some() {
            return Err(ChangeError);
        }
        let (_, certificate) = self.anywhere(thumbprint).ok_or(ChangeError)?;
        Ok(self.with_more(root, certificate.clone().into()))
    }

    fn with_more(&self, store: StoreName, stored: StoredCertificate) -> Model {
        self.with_stores(|_, store, stored| vec![(store.clone(), stored.clone())], vec![(store, stored)])
    }

    /// The missing CA as the model has it: below a root that is trusted and, where there is a list, listed; a root of its own
    /// where there is none such.
    fn import_issuer(&self, name: &DistinguishedName) -> Result<Model, ChangeError> {
        let stores = self.selector.stores();
        let is_child = |stored: &&StoredCertificate| stored.certificate().issuer() == *name;
        let children: Vec<Certificate> = stores
            .certificates()
            .map(|(_, stored)| stored)
            .filter(is_child)
            .map(|it| it.certificate().clone())
            .collect();
        let subject = children.first().ok_or(ChangeError)?.issuer_der().to_vec();
        if stores.certificates().any(|(_, stored)| stored.certificate().subject_der() == subject) {
            return Err(ChangeError); // it is there: the chain breaks for another reason
        }
        let above = stores.roots().find_map(|id| {
            let root = stores.get(id).map(StoredCertificate::certificate)?;
            let in_time = root.not_before() <= self.now && self.now < root.not_after();
            (in_time && root.subject_der() == root.issuer_der() && self.selector.issues_well(id, self.now))
                .then_some(root)
        });
        let (from, until) = (self.now.plus_seconds(-86_400), self.now.plus_seconds(2 * PERIOD));
        let issuer = above.map_or_else(|| subject.clone(), |root| root.subject_der().to_vec());
        let mut draft = Draft {
            serial: self.serial,
            issuer,
            subject,
            from,
            until: above.map_or(until, |root| until.min(root.not_after())),
            key: draft::rsa_key(),
            extensions: Vec::new(),
        };
        draft.authority();
        let authority = draft.certificate().ok_or(ChangeError)?;
        let mut model = Model { serial: self.serial + 1, ..self.clone() };
        model.signed.add(authority.digest());
        for child in &children {
            model.signed.add_under(child.digest(), authority.digest());
        }
        let store = StoreName::new(if above.is_some() { StoreName::CA } else { StoreName::ROOT });
        Ok(model.with_more(store, authority.into()))
    }

    fn renew(&self, thumbprint: &Thumbprint) -> Result<Model, ChangeError> {
        let (id, old) = self.anywhere(thumbprint).ok_or(ChangeError)?;
        let store = self.selector.stores().store_of(id).cloned().ok_or(ChangeError)?;
        let until = self.now.plus_seconds(2 * PERIOD);
        let new = draft::renewed(old, self.serial, self.now.plus_seconds(-3600), until).ok_or(ChangeError)?;
        let mut model = Model { serial: self.serial + 1, ..self.clone() };
        model.signed.add(new.digest());
        let model = model.with_more(store, new.into());
        Ok(model)
    }

    fn list(&self, thumbprint: &Thumbprint) -> Result<Model, ChangeError> {
        let (_, root) = self.anywhere(thumbprint).ok_or(ChangeError)?;
        let listed = self.selector.settings().issuers().ok_or(ChangeError)?;
        let entry = RootIssuer::new(root.subject_der(), root.spki_der(), *thumbprint.as_bytes()).ok_or(ChangeError)?;
        let entries = listed.iter().cloned().chain([Issuer::Root(entry)]);
        let list = IssuersList::new(entries).ok_or(ChangeError)?;
        self.with_settings(|it| it.with_issuers(list))
    }

    /// A current CRL of a CA. What a CRL at hand lists stays listed, but for a certificate whose hold is released.
    fn publish(&self, authority: &Thumbprint, released: Option<&Thumbprint>) -> Result<Model, ChangeError> {
        let (_, ca) = self.anywhere(authority).ok_or(ChangeError)?;
        let revoked = self.listed(ca, released);
        let until = self.now.plus_seconds(CRL_PERIOD);
        let from = self.now.plus_seconds(-3600);
        let crl = draft::crl(ca, self.serial, from, until, &revoked, None).ok_or(ChangeError)?;
        // A CRL that is out of date or lists a released certificate is replaced by the new one.
        let kept = self.selector.crls().iter().filter(|old| old.issuer_der() != ca.subject_der()).cloned().collect();
        Ok(self.with_crls(kept, vec![crl]))
    }

    /// A current delta CRL to each complete CRL of a CA that asks for one.
    fn publish_delta(&self, authority: &Thumbprint) -> Result<Model, ChangeError> {
        let (_, ca) = self.anywhere(authority).ok_or(ChangeError)?;
        let revoked = self.listed(ca, None);
        let until = self.now.plus_seconds(CRL_PERIOD);
        let from = self.now.plus_seconds(-3600);
        let crls = self.selector.crls();
        let complete = crls.iter().filter(|crl| !crl.is_delta() && crl.issuer_der() == ca.subject_der());
        let mut scopes: Vec<Option<&[u8]>> = Vec::new();
        let mut deltas = Vec::new();
        for base in complete.filter(|crl| crl.names_freshest_crl()) {
            let scope = base.issuing_distribution_point_der();
            if !scopes.contains(&scope) {
                scopes.push(scope);
                deltas.extend(draft::crl(ca, self.serial, from, until, &revoked, Some(scope)));
            }
        }
        if deltas.is_empty() { Err(ChangeError) } else { Ok(self.with_crls(crls.iter().cloned().collect(), deltas)) }
    }

    /// The machine with these CRLs; the new ones count as signed.
    fn with_crls(&self, kept: Vec<Crl>, new: Vec<Crl>) -> Model {
        let mut model = Model { serial: self.serial + 1, ..self.clone() };
        new.iter().for_each(|crl| model.signed.add(crl.digest()));
        let unreadable = self.selector.crls().unreadable().iter().cloned();
        let crls = Crls::new(kept.into_iter().chain(new)).with_unreadable(unreadable);
        let (stores, settings) = (Arc::clone(self.selector.stores()), self.selector.settings().clone());
        model.rebuilt(stores, settings, Arc::new(crls))
    }

    /// Serial number and reason of each certificate of a CA that a CRL at hand lists, but for one whose hold is released.
    fn listed(&self, ca: &Certificate, released: Option<&Thumbprint>) -> Vec<(Vec<u8>, u8)> {
        let mut revoked = Vec::new();
        for (_, stored) in self.selector.stores().certificates() {
            let certificate = stored.certificate();
            if certificate.issuer_der() != ca.subject_der() || released == Some(&certificate.thumbprint()) {
                continue;
            }
            let Some(issuer) = NameKey::from_der(certificate.issuer_der()) else { continue };
            let reason = match self.selector.crls().gravest(issuer, certificate.serial_number()) {
                Some(Effect::Final) => UNSPECIFIED,
                Some(Effect::Held) => HOLD,
                Some(Effect::Released) | None => continue,
            };
            let serial = (certificate.serial_number().to_vec(), reason);
            if !revoked.contains(&serial) {
                revoked.push(serial);
            }
        }
        revoked
    }

    /// A certificate like the asked one, with what it lacks, as a CA of this machine would issue it now.
    fn request(&self, facts: &BTreeSet<Fact>) -> Result<Model, ChangeError> {
        let stores = self.selector.stores();
        let old = self.asked().and_then(|id| stores.get(id));
        let like = old.map(StoredCertificate::certificate);
        let same_issuer = |ca: &Certificate| like.is_some_and(|like| ca.subject_der() == like.issuer_der());
        let wants_other = facts.contains(&Fact::OtherAuthority);
        let mut authorities = self.authorities().peekable();
        let likeliest = authorities.peek().copied();
        let wanted = authorities.find(|ca| !wants_other || !same_issuer(ca));
        let authority = wanted.or(likeliest).ok_or(ChangeError)?;
        let longer = facts.iter().find_map(|fact| match fact {
            Fact::LongerThan(seconds) => Some(*seconds),
            Fact::ClientAuthentication
            | Fact::ComputerName
            | Fact::CspKey
            | Fact::RsaKey
            | Fact::Sha2Signature
            | Fact::OtherAuthority => None,
        });
        let own = like.map_or(PERIOD, |like| like.not_after().seconds_since(like.not_before()).max(86_400));
        let period = longer.map_or(own, |seconds| seconds.saturating_add(86_400));
        let from = self.now.plus_seconds(-600);
        let until = from.plus_seconds(period).min(authority.not_after());
        if longer.is_some_and(|seconds| until.seconds_since(from) <= seconds) {
            return Err(ChangeError); // the CA ends before
        }
        let machine = self.selector.machine();
        let name = machine.fqdn().unwrap_or(machine.name());
        // No CA issues its own name to a machine.
        let kept =
            |like: &&Certificate| !like.subject_der().is_empty() && like.subject_der() != authority.subject_der();
        // What does not read is not asked for again.
        let reads_names = |like: &&Certificate| like.subject_alternative_names().is_ok();
        let subject = like.filter(|_| !facts.contains(&Fact::ComputerName)).filter(kept).filter(reads_names);
        let key = like.filter(|_| !facts.contains(&Fact::RsaKey));
        let mut draft = Draft {
            serial: self.serial,
            issuer: authority.subject_der().to_vec(),
            subject: subject.map_or_else(|| draft::common_name(name), |like| like.subject_der().to_vec()),
            from,
            until,
            key: key.map_or_else(draft::rsa_key, |like| like.spki_der().to_vec()),
            extensions: Vec::new(),
        };
        match subject {
            None => draft.dns_name(name),
            Some(like) => draft.copy(like, oid::SUBJECT_ALT_NAME),
        }
        let reads_usages = |like: &&Certificate| {
            like.key_usage().is_ok() && like.extended_key_usage().is_ok() && like.application_policies().is_ok()
        };
        match like.filter(|_| !facts.contains(&Fact::ClientAuthentication)).filter(reads_usages) {
            None => {
                draft.client_authentication();
                draft.key_usage();
            }
            Some(like) => {
                draft.copy(like, oid::EXTENDED_KEY_USAGE);
                draft.copy(like, oid::MS_APPLICATION_POLICIES);
                draft.copy(like, oid::KEY_USAGE);
            }
        }
        if let Some(like) = like.filter(|like| same_issuer(authority) && like.crl_distribution_points().is_ok()) {
            draft.copy(like, oid::CRL_DISTRIBUTION_POINTS);
        }
        let new = draft.certificate().ok_or(ChangeError)?;
        let provider = if facts.contains(&Fact::CspKey) {
            KeyProvider::Csp
        } else {
            old.and_then(|old| old.private_key().provider()).unwrap_or(KeyProvider::Unknown)
        };
        let mut stored = StoredCertificate::new(new.clone()).with_private_key(PrivateKey::Accessible(provider));
        if !facts.contains(&Fact::CspKey)
            && let Some(version) = old.and_then(StoredCertificate::template_schema)
        {
            stored = stored.with_template_schema(version);
        }
        let mut model = Model { serial: self.serial + 1, ..self.clone() };
        model.signed.add(new.digest());
        // Wherever the client looks: what is enrolled comes into the personal store.
        let store = StoreName::new(StoreName::MY);
        let mut model = model.with_more(store.clone(), stored);
        model.asked = (store, new.thumbprint());
        Ok(model)
    }
}
