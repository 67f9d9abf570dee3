//! A machine that is ready, to be broken in one place at a time.

use crate::support::pki::*;
use crate::support::world::{EntryRecipe, Recipe};
use ccmcertsel::report::ReadinessReport;
use ccmcertsel::revocation::Crls;
use ccmcertsel::{
    CertId, KeyProvider, Machine, PrivateKey, Selection, Selector, Settings, StoreName, Timestamp, VerificationCache,
};
use std::sync::Arc;

pub const NOW: &str = "2026-01-15T09:00:00Z";

pub fn now() -> Timestamp {
    NOW.parse().expect("RFC 3339")
}

/// Root CA, issuing CA, one certificate of PC1, a CRL of each CA; the list names the root.
pub struct Scene {
    pub root: Cert,
    pub issuing: Cert,
    pub leaf: Cert,
    pub key: PrivateKey,
    pub schema: Option<u32>,
    pub root_store: &'static str,
    pub issuing_store: Option<&'static str>,
    pub leaf_store: &'static str,
    pub enumeration: ccmcertsel::Enumeration,
    /// The CRL of the issuing CA, if there is one.
    pub crl: Option<CrlBuilder>,
    pub more: Vec<EntryRecipe>,
    pub settings: Settings,
}

impl Scene {
    pub fn new() -> Self {
        let root = Cert::ca("CN=Contoso Root CA", Key::Toy(1));
        let issuing = Cert::ca("CN=Contoso Issuing CA", Key::Toy(2)).serial(2);
        let leaf = Cert::client("CN=pc1.contoso.com", Key::Toy(3))
            .serial(3)
            .with(extension::san(&[San::dns("pc1.contoso.com")]))
            .valid("2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z");
        let issuers: ccmcertsel::IssuersList = "CN=Contoso Root CA".parse().expect("a list");
        Scene {
            crl: Some(CrlBuilder::of(&issuing, 7)),
            root,
            issuing,
            leaf,
            key: PrivateKey::Accessible(KeyProvider::Csp),
            schema: None,
            root_store: "ROOT",
            issuing_store: Some("CA"),
            leaf_store: "MY",
            enumeration: ccmcertsel::Enumeration::Listed,
            more: Vec::new(),
            settings: Settings::ccm_setup().with_issuers(issuers),
        }
    }

    pub fn leaf(mut self, change: impl FnOnce(Cert) -> Cert) -> Self {
        self.leaf = change(self.leaf);
        self
    }

    pub fn issuing(mut self, change: impl FnOnce(Cert) -> Cert) -> Self {
        self.issuing = change(self.issuing);
        self
    }

    pub fn settings(mut self, change: impl FnOnce(Settings) -> Settings) -> Self {
        self.settings = change(self.settings);
        self
    }

    pub fn crl(mut self, crl: impl Into<Option<CrlBuilder>>) -> Self {
        self.crl = crl.into();
        self
    }

    pub fn change(mut self, change: impl FnOnce(&mut Scene)) -> Self {
        change(&mut self);
        self
    }

    /// Another certificate of the issuing CA.
    pub fn with_leaf(mut self, store: &'static str, leaf: Cert) -> Self {
        let der = leaf.issued_by(&self.issuing);
        self.more.push(EntryRecipe { key: PrivateKey::Accessible(KeyProvider::Csp), ..EntryRecipe::new(store, der) });
        self
    }

    pub fn recipe(&self) -> Recipe {
        let mut entries = vec![EntryRecipe {
            key: self.key,
            schema: self.schema,
            enumeration: self.enumeration,
            ..EntryRecipe::new(self.leaf_store, self.leaf_der())
        }];
        entries.extend(self.more.iter().cloned());
        entries.push(EntryRecipe::new(self.root_store, self.root.self_sign()));
        if let Some(store) = self.issuing_store {
            entries.push(EntryRecipe::new(store, self.issuing.clone().issued_by(&self.root)));
        }
        let mut crls = vec![CrlBuilder::of(&self.root, 4).sign(self.root.key)];
        crls.extend(self.crl.as_ref().map(|crl| crl.sign(self.issuing.key)));
        Recipe {
            entries,
            empty_stores: vec!["MY"],
            crls,
            machine: Machine::new("PC1").with_fqdn("pc1.contoso.com"),
            settings: self.settings.clone(),
            now: now(),
        }
    }

    /// A certificate that names its own issuer is signed by the key that is nobody's.
    fn leaf_der(&self) -> Vec<u8> {
        if self.leaf.issuer == self.leaf.subject {
            self.leaf.clone().issued_by(&self.issuing)
        } else {
            self.leaf.sign(Key::Toy(99))
        }
    }

    pub fn selector(&self) -> Selector {
        selector(&self.recipe())
    }

    /// The certificate that the scene is about.
    pub fn subject(selector: &Selector, store: &str) -> CertId {
        let store: StoreName = store.into();
        selector.stores().entries_of(&store).expect("the store")[0]
    }
}

pub fn selector(recipe: &Recipe) -> Selector {
    let cache = Arc::new(VerificationCache::new(toy_algorithms()));
    Selector::with_cache(recipe.stores(), recipe.machine.clone(), recipe.settings.clone(), cache)
        .with_crls(Crls::new(recipe.crls()))
}

pub fn report(selector: &Selector, selection: Selection) -> ReadinessReport<'_> {
    ReadinessReport::new(selector, selection)
}
