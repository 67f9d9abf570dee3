//! The certificates of one subject, by key: what may have issued everything that names this subject as its issuer.
//!
//! They are read once for the subject, not once for each certificate beneath it: a machine may have thousands of both.

use super::Chains;
use crate::budget::{Budget, Share};
use crate::certificate::{Certificate, Thumbprint};
use crate::crypto::{Curve, KeyKind, MAX_RSA_BITS, SignatureResult};
use crate::store::CertId;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The certificates of one subject.
#[derive(Default)]
pub(super) struct Namesakes {
    keys: Box<[SameKey]>,
    /// Which keys a subject key identifier names; empty where there is one key only.
    by_identifier: HashMap<Box<[u8]>, Vec<u32>>,
    /// The keys of a kind that is not understood, or that do not decode (rule V-12).
    odd: Box<[u32]>,
    /// Of those, by algorithm, the ones of whose signatures nothing can be said: asked for by every certificate beneath.
    doubtful: Mutex<KeysByAlgorithm>,
}

type KeysByAlgorithm = Vec<(Box<[u8]>, Arc<[u32]>)>;

/// The certificates with one subject and one key: a signature that one of them made, all of them made.
pub(super) struct SameKey {
    /// Each certificate once; the copy in `ROOT` where there are several.
    pub certificates: Box<[CertId]>,
}

/// The keys that may have made a certificate's signature, each with the result.
pub(super) struct TriedSigners {
    pub tried: Vec<(u32, SignatureResult)>,
    /// What ran out while there were more keys to try.
    pub cut: Option<Budget>,
}

impl Namesakes {
    pub(super) fn key(&self, index: u32) -> Option<&SameKey> {
        self.keys.get(index as usize)
    }

    /// The keys, those with this identifier first: it is a hint and excludes none (rule V-5).
    fn in_order<'n>(&'n self, identifier: Option<&[u8]>) -> impl Iterator<Item = u32> + 'n {
        let named = identifier.and_then(|identifier| self.by_identifier.get(identifier));
        let named: &[u32] = named.map(Vec::as_slice).unwrap_or_default();
        let others = (0..self.keys.len() as u32).filter(|index| !named.contains(index)); // at most MAX_ENTRIES keys
        named.iter().copied().chain(others)
    }
}

impl Chains {
    /// The certificates that have the issuer's name of this one as their subject.
    pub(super) fn namesakes(&self, id: CertId) -> Option<&Namesakes> {
        let ids = self.stores.issuers_of(id);
        let first = *ids.first()?;
        // All who name this subject share what is known about it: it is kept with the first of its certificates.
        Some(self.node(first)?.namesakes.get_or_init(|| Box::new(self.find_namesakes(ids))))
    }

    fn find_namesakes(&self, ids: &[CertId]) -> Namesakes {
        let mut found: Vec<(CertId, &Certificate)> =
            ids.iter().filter_map(|id| Some((*id, self.certificate(*id)?))).collect();
        if found.len() > 1 {
            // What is trusted and lasts longest is the likeliest, and costs the fewest signatures.
            found.sort_by_cached_key(|(id, certificate)| {
                let distrusted = !self.is_anchor(certificate);
                let outside_root = !self.stores.is_in_root(*id);
                (distrusted, Reverse(certificate.not_after()), certificate.thumbprint(), outside_root, *id)
            });
            let mut seen: HashSet<Thumbprint> = HashSet::with_capacity(found.len());
            found.retain(|(_, certificate)| seen.insert(certificate.thumbprint()));
        }
        let mut places: HashMap<&[u8], usize> = HashMap::new();
        let mut keys: Vec<Vec<(CertId, &Certificate)>> = Vec::new();
        for one in found {
            let place = *places.entry(one.1.spki_der()).or_insert(keys.len());
            match keys.get_mut(place) {
                Some(same) => same.push(one),
                None => keys.push(vec![one]),
            }
        }
        let mut namesakes = Namesakes::default();
        let mut odd = Vec::new();
        for (index, same) in (0u32..).zip(&keys) {
            if same.first().is_some_and(|(id, _)| self.is_odd(*id)) {
                odd.push(index);
            }
            let identifiers = same.iter().filter_map(|(_, one)| one.subject_key_identifier().ok().flatten());
            for identifier in identifiers.filter(|_| keys.len() > 1) {
                let named = namesakes.by_identifier.entry(identifier.into()).or_default();
                if named.last() != Some(&index) {
                    named.push(index);
                }
            }
        }
        let ids = |same: Vec<(CertId, &Certificate)>| same.into_iter().map(|(id, _)| id).collect();
        namesakes.keys = keys.into_iter().map(|same| SameKey { certificates: ids(same) }).collect();
        namesakes.odd = odd.into();
        namesakes
    }

    /// Whether a signature under this key may be one that cannot be judged, rather than a true or a false one.
    fn is_odd(&self, id: CertId) -> bool {
        let Some(Ok(key)) = self.key(id) else {
            return true;
        };
        match key.kind() {
            KeyKind::Rsa { bits } => *bits > MAX_RSA_BITS,
            KeyKind::Ec(Curve::Other(_)) | KeyKind::Other(_) => true,
            KeyKind::Ec(Curve::P256 | Curve::P384 | Curve::P521) | KeyKind::Ed25519 => false,
        }
    }

    /// Which keys may have made a certificate's signature (rule I-7).
    ///
    /// One key makes a signature. So once a key is found, only those are looked at of which nothing can be said: a second
    /// key under which the signature is true as well would have been made for that, by whoever owns it.
    pub(super) fn signers(&self, child: CertId) -> Option<&TriedSigners> {
        let node = self.node(child)?;
        Some(node.signers.get_or_init(|| self.find_signers(child)))
    }

    fn find_signers(&self, child: CertId) -> TriedSigners {
        let mut signers = TriedSigners { tried: Vec::new(), cut: None };
        let (Some(certificate), Some(namesakes)) = (self.certificate(child), self.namesakes(child)) else {
            return signers;
        };
        let authority = match namesakes.keys.len() {
            0 | 1 => None, // nothing to choose from
            _ => certificate.authority_key_identifier().ok().flatten().and_then(|authority| authority.key_identifier),
        };
        let is_another = |id: &CertId| *id != child && self.certificate(*id) != Some(certificate);
        let issuer_with = |index: u32| namesakes.key(index)?.certificates.iter().copied().find(is_another);
        let mut found = false;
        for index in namesakes.in_order(authority) {
            let Some(issuer) = issuer_with(index) else { continue };
            if let Some(budget) = self.ends_after(signers.tried.len()) {
                signers.cut = Some(budget);
                break;
            }
            let result = self.verify(certificate, issuer);
            found = result == SignatureResult::Valid;
            signers.tried.push((index, result));
            if found {
                break;
            }
        }
        if !found || namesakes.odd.is_empty() {
            return signers;
        }
        for index in self.doubtful(namesakes, certificate.signature_algorithm_der()).iter().copied() {
            let Some(issuer) = issuer_with(index) else { continue };
            if signers.tried.iter().any(|(tried, _)| *tried == index) {
                continue;
            }
            if signers.tried.len() >= Share::MOST {
                signers.cut = Some(Budget::Signatures);
                break;
            }
            signers.tried.push((index, self.verify(certificate, issuer)));
        }
        signers
    }

    /// What runs out where so many keys were tried for one signature in vain (rule V-10).
    fn ends_after(&self, tried: usize) -> Option<Budget> {
        if tried >= Share::MOST {
            return Some(Budget::Signatures);
        }
        // The first is tried in any case, and as a rule it is the right one: then nobody has to count.
        (tried > 0 && tried >= self.share()).then_some(Budget::MachineSignatures)
    }

    /// How many keys are tried for each certificate: those of its issuer's name, certificate by certificate.
    fn share(&self) -> usize {
        *self.share.get_or_init(|| {
            let candidates = self.stores.certificates().map(|(id, stored)| match self.stores.issuers_of(id).len() {
                several @ 2.. if !self.ends_a_path(id, stored.certificate()) => several,
                _ => 1,
            });
            Share::of(candidates, Budget::MachineSignatures)
        })
    }

    /// Whether no issuer of this certificate is ever looked for.
    fn ends_a_path(&self, id: CertId, certificate: &Certificate) -> bool {
        let looks_self_signed = self.node(id).is_some_and(|node| node.looks_self_signed);
        looks_self_signed && (self.is_anchor(certificate) || self.own_signature(id) == Some(&SignatureResult::Valid))
    }

    /// The keys under which a signature of this algorithm would be neither true nor false.
    fn doubtful(&self, namesakes: &Namesakes, algorithm: &[u8]) -> Arc<[u32]> {
        /// CAs of one name sign with one or two; a hostile store is asked again for each certificate.
        const KEPT: usize = 8;
        let known = || namesakes.doubtful.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, doubtful)) = known().iter().find(|(of, _)| **of == *algorithm) {
            return Arc::clone(doubtful);
        }
        let is_arithmetic = |index: &u32| {
            let same = namesakes.key(*index).and_then(|same| same.certificates.first());
            match same.and_then(|id| self.key(*id)) {
                Some(Ok(key)) => self.algorithms.is_arithmetic(key, algorithm),
                Some(Err(_)) | None => false,
            }
        };
        let doubtful: Arc<[u32]> = namesakes.odd.iter().copied().filter(|index| !is_arithmetic(index)).collect();
        let mut known = known();
        if known.len() < KEPT {
            known.push((algorithm.into(), Arc::clone(&doubtful)));
        }
        doubtful
    }

    /// The issuer of a certificate where there is one candidate only.
    pub(super) fn only_issuer(&self, child: CertId) -> Option<CertId> {
        let ([same], [(_, result)]) = (&*self.namesakes(child)?.keys, self.signers(child)?.tried.as_slice()) else {
            return None;
        };
        let [issuer] = &*same.certificates else { return None };
        is_link(result).then_some(*issuer)
    }

    /// The result of a certificate's signature under the key of one of its issuers.
    pub(super) fn link(&self, child: CertId, issuer: CertId) -> Option<&SignatureResult> {
        let namesakes = self.namesakes(child)?;
        let has_key = |index: u32| namesakes.key(index).is_some_and(|same| same.certificates.contains(&issuer));
        let mut tried = self.signers(child)?.tried.iter();
        tried.find(|(index, _)| has_key(*index)).map(|(_, result)| result)
    }
}

/// Rule I-7: only a false signature makes no link.
pub(super) fn is_link(result: &SignatureResult) -> bool {
    *result != SignatureResult::Invalid
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/chain_namesakes.rs"]
mod tests;
