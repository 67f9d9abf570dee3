//! The stores together: built once, then only read.

use super::issuers::{IssuerNames, Issuers};
use super::seen::{SeenEntries, SignatureDigest};
use super::subjects::Subjects;
use super::warning::MAX_UNREADABLE;
use super::{
    Candidate, CertId, Entry, Enumeration, FoldedNames, MAX_ENTRIES, Ranked, StoreKind, StoreName, StoreWarning,
    StoredCertificate, UnreadableEntry,
};
use crate::certificate::{Certificate, Thumbprint, pem, pem_blocks};
use crate::choices::LongestBy;
use crate::name::NameKey;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Fills [`Stores`].
///
/// ```
/// use ccmcertsel::{Certificate, Stores};
///
/// let file = std::fs::read("testdata/machines/contoso-pc1/ROOT/contoso-root-ca.cer")?;
/// let root = Certificate::from_der(&file)?;
/// let stores = Stores::builder().add_store("MY").add("ROOT", root.clone()).build();
/// let id = stores.find(&root.thumbprint()).expect("it was added");
/// assert_eq!(stores[id].thumbprint(), root.thumbprint());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What the indexes hold is read when an entry is added, while its bytes are still in the processor's cache.
#[derive(Debug, Default)]
pub struct StoresBuilder {
    entries: Vec<Entry>,
    stores: Vec<StoreEntries>,
    /// Where each store is in `stores`: a hostile file has a million of them.
    places: HashMap<StoreName, usize>,
    subjects: Vec<(NameKey, CertId)>,
    issuers: IssuerNames,
    /// Room for the folded text of a subject, of which only the key is kept.
    text: Vec<u8>,
    signatures: SignatureDigest,
    warnings: Vec<StoreWarning>,
    /// How many there were beyond [`MAX_ENTRIES`].
    dropped: usize,
}

#[derive(Debug)]
struct StoreEntries {
    name: StoreName,
    /// `None` as long as it is empty: a hostile machine has hundreds of thousands of such stores.
    filled: Option<Box<Filled>>,
}

#[derive(Debug, Default)]
struct Filled {
    entries: Vec<CertId>,
    seen: SeenEntries,
    /// Those that Windows enumerates (rule T-7).
    candidates: Vec<Candidate>,
}

impl StoresBuilder {
    fn store_index(&mut self, name: StoreName) -> usize {
        let next = self.stores.len();
        let stores = &mut self.stores;
        *self.places.entry(name).or_insert_with_key(|name| {
            stores.push(StoreEntries { name: name.clone(), filled: None });
            next
        })
    }

    /// Makes the store exist, empty if nothing is added to it: an empty store is not a missing one (rules T-2, T-3).
    pub fn add_store(&mut self, store: impl Into<StoreName>) -> &mut Self {
        self.store_index(store.into());
        self
    }

    /// Adds a certificate; a second copy in the same store is dropped with a warning (rule T-8).
    pub fn add(&mut self, store: impl Into<StoreName>, certificate: impl Into<StoredCertificate>) -> &mut Self {
        self.push(store.into(), Entry::Certificate(certificate.into()))
    }

    /// Adds an entry that does not decode (rule T-5).
    pub(crate) fn add_unreadable(&mut self, store: impl Into<StoreName>, entry: UnreadableEntry) -> &mut Self {
        self.push(store.into(), Entry::Unreadable(entry))
    }

    /// Adds bytes: a certificate if they decode, an unreadable entry if not.
    pub fn add_der(&mut self, store: impl Into<StoreName>, der: &[u8]) -> &mut Self {
        match Certificate::from_der(der) {
            Ok(certificate) => self.add(store, certificate),
            Err(error) => self.add_unreadable(store, UnreadableEntry::new(der, error)),
        }
    }

    /// Adds the certificates of a file in DER or PEM, an entry each; what does not decode is an unreadable entry. The other
    /// formats of Windows are read by [`import`](crate::import).
    ///
    /// ```
    /// # use ccmcertsel::Stores;
    /// let stores = Stores::builder().add_file("MY", b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n").build();
    /// assert_eq!(stores.unreadable().count(), 1); // an empty SEQUENCE
    /// ```
    pub fn add_file(&mut self, store: impl Into<StoreName>, file: &[u8]) -> &mut Self {
        let store = store.into();
        let error = match Certificate::from_der(file) {
            Ok(certificate) => return self.add(store, certificate),
            Err(error) if !pem::is_pem(file) => error,
            Err(_) => {
                let mut is_found = false;
                for block in pem_blocks(file) {
                    match block {
                        Ok(block) if block.is_certificate() => self.add_der(store.clone(), &block.der),
                        Ok(_) => continue,
                        Err(error) => self.add_unreadable(store.clone(), UnreadableEntry::new(file, error)),
                    };
                    is_found = true;
                }
                match Certificate::from_pem(file) {
                    Err(error) if !is_found => error,
                    Ok(_) | Err(_) => return self,
                }
            }
        };
        self.add_unreadable(store, UnreadableEntry::new(file, error))
    }

    fn push(&mut self, store: StoreName, entry: Entry) -> &mut Self {
        self.push_up_to(MAX_ENTRIES, store, entry)
    }

    fn push_up_to(&mut self, limit: usize, store: StoreName, entry: Entry) -> &mut Self {
        let index = self.store_index(store);
        if self.entries.len() >= limit {
            self.dropped += 1;
            return self;
        }
        let id = CertId(self.entries.len() as u32);
        if let Some(store) = self.stores.get_mut(index) {
            let filled = store.filled.get_or_insert_default();
            let so_far = filled.entries.iter().filter_map(|id| Some(self.entries.get(id.index())?.thumbprint()));
            if !filled.seen.insert(&entry, so_far, &self.signatures) {
                self.warnings
                    .push(StoreWarning::Duplicate { store: store.name.clone(), thumbprint: entry.thumbprint() });
                return self;
            }
            filled.entries.push(id);
            if let Some(stored) = entry.certificate() {
                let certificate = stored.certificate();
                if stored.enumeration() == Enumeration::Listed {
                    filled.candidates.push(Candidate::of(id, certificate));
                }
                let subject = NameKey::in_room(certificate.subject_der(), &mut self.text);
                self.subjects.extend(subject.map(|key| (key, id)));
            }
            self.issuers.push(&entry);
            self.entries.push(entry);
        }
        self
    }

    /// The stores, indexed; the builder is empty afterwards.
    pub fn build(&mut self) -> Stores {
        std::mem::take(self).finish()
    }

    fn finish(self) -> Stores {
        let mut store_of = vec![0u32; self.entries.len()];
        for (index, store) in self.stores.iter().enumerate() {
            for id in store.filled.iter().flat_map(|filled| &filled.entries) {
                if let Some(slot) = store_of.get_mut(id.index()) {
                    *slot = index as u32;
                }
            }
        }
        let mut entries = self.entries;
        entries.shrink_to_fit();
        let mut warnings = self.warnings;
        if self.dropped > 0 {
            warnings.push(StoreWarning::Full { kept: entries.len(), dropped: self.dropped });
        }
        let subjects = Subjects::of(self.subjects);
        let mut stores = Stores {
            issuers: Issuers::of(self.issuers, &subjects),
            subjects,
            names: OnceLock::new(),
            stores: self.stores.into_iter().map(|store| Store::of(store, &entries)).collect(),
            entries,
            places: self.places,
            store_of,
            disallowed: HashSet::new(),
            warnings,
            unreadable_authorities: Vec::new(),
            nothing: Ranked::default(),
        };
        let untrusted = StoreName::new(StoreName::DISALLOWED);
        let ids = stores.entries_of(&untrusted).unwrap_or_default();
        stores.disallowed = ids.iter().filter_map(|id| Some(stores.entry(*id)?.thumbprint())).collect();
        stores.note_unreadable();
        stores
    }
}

/// Certificates with the names of their stores.
impl<S: Into<StoreName>, C: Into<StoredCertificate>> Extend<(S, C)> for StoresBuilder {
    fn extend<I: IntoIterator<Item = (S, C)>>(&mut self, certificates: I) {
        for (store, certificate) in certificates {
            self.add(store, certificate);
        }
    }
}

/// One store that is only read.
#[derive(Debug)]
struct Store {
    name: StoreName,
    /// `None` where it is empty.
    content: Option<Box<StoreContent>>,
}

#[derive(Debug)]
struct StoreContent {
    entries: Box<[CertId]>,
    /// Those that Windows enumerates (rule T-7), the longest validity period first (rule L-1).
    ranked: Ranked,
}

impl Store {
    fn entries(&self) -> &[CertId] {
        self.content.as_deref().map(|content| &*content.entries).unwrap_or_default()
    }

    fn of(store: StoreEntries, entries: &[Entry]) -> Self {
        let thumbprint = |id: CertId| Some(entries.get(id.index())?.thumbprint());
        let content = store.filled.map(|filled| {
            let ranked = Ranked::longest_first(filled.candidates, LongestBy::Period, thumbprint);
            Box::new(StoreContent { entries: filled.entries.into(), ranked })
        });
        Store { name: store.name, content }
    }
}

/// All certificate stores of one machine. They are not cloned but shared, behind an `Arc`.
#[derive(Debug)]
pub struct Stores {
    entries: Vec<Entry>,
    stores: Vec<Store>,
    places: HashMap<StoreName, usize>,
    store_of: Vec<u32>,
    subjects: Subjects,
    issuers: Issuers,
    /// Made when a criterion is looked for the first time: most machines have none.
    names: OnceLock<FoldedNames>,
    disallowed: HashSet<Thumbprint>,
    warnings: Vec<StoreWarning>,
    unreadable_authorities: Vec<CertId>,
    /// The order of a store that is empty, or does not exist.
    nothing: Ranked,
}

impl Stores {
    /// An empty builder.
    pub fn builder() -> StoresBuilder {
        StoresBuilder::default()
    }

    /// The entry with this identifier.
    pub fn entry(&self, id: CertId) -> Option<&Entry> {
        self.entries.get(id.index())
    }

    /// The certificate with this identifier, unless the entry is unreadable.
    pub fn get(&self, id: CertId) -> Option<&StoredCertificate> {
        self.entry(id)?.certificate()
    }

    /// Every entry, in the order in which they were added.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (CertId, &Entry)> {
        self.entries.iter().enumerate().map(|(index, entry)| (CertId(index as u32), entry))
    }

    /// Every certificate, in the order in which they were added.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = (CertId, &StoredCertificate)> {
        self.entries().filter_map(|(id, entry)| Some((id, entry.certificate()?)))
    }

    /// Every entry that does not decode (rule T-5).
    pub fn unreadable(&self) -> impl Iterator<Item = (CertId, &UnreadableEntry)> {
        self.entries().filter_map(|(id, entry)| match entry {
            Entry::Unreadable(entry) => Some((id, entry)),
            Entry::Certificate(_) => None,
        })
    }

    /// T-5: what does not decode in a store that reports do not show is a warning.
    fn note_unreadable(&mut self) {
        let unshown = |id| self.store_of(id).filter(|store| store.kind() != StoreKind::Other);
        let mut found = self.unreadable().filter_map(|(id, entry)| Some((unshown(id)?, id, entry)));
        let told: Vec<_> = found.by_ref().take(MAX_UNREADABLE).collect();
        let more = found.count();
        let is_ca = |store: &StoreName| matches!(store.kind(), StoreKind::Root | StoreKind::Ca);
        let authorities = told.iter().filter(|(store, ..)| is_ca(store)).map(|(_, id, _)| *id).collect();
        let warning = |(store, _, entry): (&StoreName, CertId, &UnreadableEntry)| StoreWarning::Unreadable {
            store: store.clone(),
            entry: entry.not_read(),
        };
        let mut warnings: Vec<StoreWarning> = told.into_iter().map(warning).collect();
        if more > 0 {
            warnings.push(StoreWarning::MoreUnreadable { count: more });
        }
        self.warnings.append(&mut warnings);
        self.unreadable_authorities = authorities;
    }

    /// Entries of `ROOT` and `CA` that do not decode, the first of them (rule T-5).
    pub(crate) fn unreadable_authorities(&self) -> impl Iterator<Item = (&StoreName, &UnreadableEntry)> {
        self.unreadable_authorities.iter().filter_map(|id| match self.entry(*id)? {
            Entry::Unreadable(entry) => Some((self.store_of(*id)?, entry)),
            Entry::Certificate(_) => None,
        })
    }

    /// The names of the stores, in the order in which they were added.
    pub fn names(&self) -> impl Iterator<Item = &StoreName> {
        self.stores.iter().map(|store| &store.name)
    }

    /// The entries of a store in store order; `None` when there is no such store (rule T-2).
    pub fn entries_of(&self, name: &StoreName) -> Option<&[CertId]> {
        Some(self.store(name)?.entries())
    }

    fn store(&self, name: &StoreName) -> Option<&Store> {
        self.stores.get(*self.places.get(name)?)
    }

    /// The store that an entry is in.
    pub fn store_of(&self, id: CertId) -> Option<&StoreName> {
        let index = *self.store_of.get(id.index())?;
        self.stores.get(index as usize).map(|store| &store.name)
    }

    /// The first certificate with this thumbprint.
    pub fn find(&self, thumbprint: &Thumbprint) -> Option<CertId> {
        self.entries().find(|(_, entry)| entry.thumbprint() == *thumbprint).map(|(id, _)| id)
    }

    /// The entries that a report shows (rule T-6): those of the chosen store, then those of other stores except trust
    /// material.
    pub(crate) fn shown(&self, chosen: &StoreName) -> impl Iterator<Item = CertId> {
        let others = self
            .stores
            .iter()
            .filter(move |store| store.name != *chosen && store.name.kind() == StoreKind::Other)
            .flat_map(|store| store.entries().iter().copied());
        self.entries_of(chosen).unwrap_or_default().iter().copied().chain(others)
    }

    /// The certificates of the store that Windows enumerates (rule T-7): the candidates when it is the chosen one.
    pub(crate) fn enumerated(&self, name: &StoreName) -> impl Iterator<Item = CertId> {
        self.entries_of(name)
            .unwrap_or_default()
            .iter()
            .copied()
            .filter(|id| self.get(*id).is_some_and(|stored| stored.enumeration() == Enumeration::Listed))
    }

    /// The same, the longest validity period first (rule L-1).
    pub(crate) fn ranked(&self, name: &StoreName) -> &Ranked {
        self.store(name).and_then(|store| store.content.as_deref()).map_or(&self.nothing, |content| &content.ranked)
    }

    /// The certificates of any store with this subject, by RFC 5280 section 7 comparison.
    pub(crate) fn with_subject(&self, key: &NameKey) -> &[CertId] {
        self.subjects.certificates(self.subjects.rows(key))
    }

    /// The certificates that some certificate names as its issuer.
    pub(crate) fn issuers(&self) -> &[CertId] {
        self.issuers.certificates()
    }

    /// The certificates of any store that have the issuer's name of this one as their subject.
    pub(crate) fn issuers_of(&self, id: CertId) -> &[CertId] {
        self.subjects.certificates(self.issuers.subjects(id))
    }

    /// The name of this certificate's issuer, as chains compare it.
    pub(crate) fn issuer_key(&self, id: CertId) -> Option<NameKey> {
        self.issuers.key(id)
    }

    /// The names of all certificates, for searches.
    pub(crate) fn names_text(&self) -> &FoldedNames {
        self.names.get_or_init(|| FoldedNames::of(&self.entries))
    }

    /// Whether an entry is in `ROOT`.
    pub(crate) fn is_in_root(&self, id: CertId) -> bool {
        self.store_of(id).is_some_and(|name| name.kind() == StoreKind::Root)
    }

    /// The certificates in `ROOT`.
    pub(crate) fn roots(&self) -> impl Iterator<Item = CertId> {
        self.stores
            .iter()
            .filter(|store| store.name.kind() == StoreKind::Root)
            .flat_map(|store| store.entries().iter().copied())
    }

    /// Whether the certificate is in `Disallowed` (rule V-5).
    pub(crate) fn is_disallowed(&self, certificate: &Certificate) -> bool {
        !self.disallowed.is_empty() && self.disallowed.contains(&certificate.thumbprint())
    }

    /// What was noticed while the stores were filled.
    pub fn warnings(&self) -> &[StoreWarning] {
        &self.warnings
    }
}

/// The entry with this identifier.
///
/// # Panics
/// The identifier is one of other stores; [`Stores::entry`] says so instead.
impl std::ops::Index<CertId> for Stores {
    type Output = Entry;

    /// The entry with this identifier.
    ///
    /// # Panics
    /// For an identifier of other stores: [`entry`](Self::entry) answers that with `None`.
    fn index(&self, id: CertId) -> &Entry {
        self.entry(id).expect("an identifier of these stores")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Coded;
    use crate::rules::Rule;

    #[test]
    fn t5_what_has_no_room_is_dropped_with_a_warning() {
        let damaged = |byte: u8| {
            let error = Certificate::from_der(&[byte]).unwrap_err();
            Entry::Unreadable(UnreadableEntry::new(&[byte], error))
        };
        let mut builder = Stores::builder();
        for byte in 0..5 {
            builder.push_up_to(2, "MY".into(), damaged(byte));
        }
        let stores = builder.build();
        assert_eq!(stores.entries().len(), 2);
        assert_eq!(stores.warnings(), [StoreWarning::Full { kept: 2, dropped: 3 }]);
        let [warning] = stores.warnings() else { unreachable!() };
        assert_eq!((warning.code(), warning.rule()), ("store.full", Rule::T5));
        assert_eq!(warning.to_string(), "the stores hold more than 2 entries; the last 3 were dropped and not judged");
    }
}
