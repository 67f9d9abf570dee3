//! Generated machines: small, odd, and mostly almost right, so that every rule gets its say.
//!
//! A machine is made from bytes, so the same generator serves the property tests (bytes from a seed) and the fuzzer
//! (bytes from its corpus). Sizes stay small, at most six leaves, five CAs and two CRLs: larger ones find nothing new.

mod maker;

use self::maker::Maker;
use super::key::Key;
use arbitrary::{Result, Unstructured};
use ccmcertsel::{
    Certificate, Crl, Enumeration, Machine, Oid, PrivateKey, Settings, StoredCertificate, Stores, Timestamp,
};

/// One entry of a store.
#[derive(Debug, Clone)]
pub struct EntryRecipe {
    pub store: &'static str,
    pub der: Vec<u8>,
    pub key: PrivateKey,
    pub schema: Option<u32>,
    pub eku: Option<Vec<Oid>>,
    pub enumeration: Enumeration,
}

impl EntryRecipe {
    pub fn new(store: &'static str, der: Vec<u8>) -> Self {
        EntryRecipe { store, der, key: PrivateKey::Unknown, schema: None, eku: None, enumeration: Enumeration::Listed }
    }
}

/// A machine before its stores are built.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub entries: Vec<EntryRecipe>,
    pub empty_stores: Vec<&'static str>,
    pub crls: Vec<Vec<u8>>,
    pub machine: Machine,
    pub settings: Settings,
    pub now: Timestamp,
}

impl Recipe {
    pub fn stores(&self) -> Stores {
        let mut builder = Stores::builder();
        for store in &self.empty_stores {
            builder.add_store(*store);
        }
        for entry in &self.entries {
            match Certificate::from_der(&entry.der) {
                Err(_) => builder.add_der(entry.store, &entry.der),
                Ok(certificate) => {
                    let mut stored = StoredCertificate::new(certificate)
                        .with_private_key(entry.key)
                        .with_enumeration(entry.enumeration);
                    if let Some(schema) = entry.schema {
                        stored = stored.with_template_schema(schema);
                    }
                    if let Some(eku) = &entry.eku {
                        stored = stored.with_eku_property(eku.clone());
                    }
                    builder.add(entry.store, stored)
                }
            };
        }
        builder.build()
    }

    pub fn crls(&self) -> Vec<Crl> {
        self.crls.iter().filter_map(|der| Crl::from_der(der).ok()).collect()
    }
}

/// The instant of every generated machine, give or take.
pub const NOW: &str = "2026-01-15T09:00:00Z";

/// Makes a machine of bytes; when they run out, the rest of it is plain.
pub fn recipe(u: &mut Unstructured<'_>) -> Result<Recipe> {
    Maker::new(u, Key::Toy).recipe()
}

/// The same with signatures that the program itself verifies.
pub fn signed_recipe(u: &mut Unstructured<'_>) -> Result<Recipe> {
    Maker::new(u, Key::P256).recipe()
}

/// The bytes that one machine of a seed is made of.
pub fn seeded(seed: u64) -> Vec<u8> {
    // SplitMix64: every seed gives an unrelated stream.
    let mut state = seed.wrapping_mul(0xd134_2543_de82_ef95);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (0..128).flat_map(|_| next().to_le_bytes()).collect()
}

/// The smallest bytes like these for which `fails` still holds: chunks are set to zero, then the end is cut off.
pub fn shrink(bytes: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut best = bytes.to_vec();
    let mut chunk = 64;
    while chunk > 0 {
        for start in (0..best.len()).step_by(chunk) {
            let end = (start + chunk).min(best.len());
            if best[start..end].iter().any(|byte| *byte != 0) {
                let mut smaller = best.clone();
                smaller[start..end].fill(0);
                if fails(&smaller) {
                    best = smaller;
                }
            }
        }
        chunk /= 2;
    }
    while best.last() == Some(&0) {
        best.pop();
    }
    best
}
