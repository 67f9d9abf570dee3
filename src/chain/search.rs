//! The search for paths: shortest first, every simple path, within the budget (rules I-7, V-10).
//!
//! Paths grow one certificate at a time, all of one length together. So the shortest path that holds is found before any
//! longer one is looked for, and what stands above a mesh of cross-certificates need not be listed to be outdone.

use super::Chains;
use super::namesakes::is_link;
use super::path::{Path, PathEnd};
use crate::budget::{Budget, MAX_DEPTH, MAX_PATHS, Spent};
use crate::certificate::{Certificate, Thumbprint};
use crate::crypto::SignatureResult;
use crate::store::CertId;
use std::cmp::Ordering;
use std::ops::Range;

/// The search above one certificate.
#[derive(Debug)]
pub(super) struct Search<'a> {
    chains: &'a Chains,
    /// Every beginning of a path: its highest certificate, and what it continues.
    beginnings: Vec<PathStart>,
    /// The beginnings of the greatest length.
    level: Range<usize>,
    /// Those of them that may go on.
    open: Vec<usize>,
    length: usize,
    /// The longest beginnings that lead nowhere (rule I-5: the highest certificates found).
    dead_ends: Vec<usize>,
    found_complete: bool,
    /// Certificates whose signatures are counted already.
    counted: Vec<CertId>,
    pub exhausted: Option<Budget>,
    pub spent: Spent,
}

#[derive(Debug)]
struct PathStart {
    id: CertId,
    thumbprint: Thumbprint,
    /// What it continues; `None` for the certificate itself.
    below: Option<usize>,
}

impl<'a> Search<'a> {
    pub(super) fn new(chains: &'a Chains, leaf: CertId) -> Self {
        let mut search = Search {
            chains,
            beginnings: Vec::with_capacity(4),
            level: 0..0,
            open: Vec::new(),
            length: 0,
            dead_ends: Vec::new(),
            found_complete: false,
            counted: Vec::new(),
            exhausted: None,
            spent: Spent::default(),
        };
        if let Some(certificate) = chains.certificate(leaf) {
            let thumbprint = certificate.thumbprint();
            search.beginnings.push(PathStart { id: leaf, thumbprint, below: None });
        }
        search
    }

    /// The complete paths of the next length, in the order of rule I-7; `None` when there are no longer ones, or the
    /// budget is spent.
    pub(super) fn next_level(&mut self) -> Option<Vec<Path>> {
        if self.exhausted.is_some() {
            return None;
        }
        let looked = if self.length == 0 { Ok(()) } else { self.grow() };
        if let Err(budget) = looked {
            self.exhausted = Some(budget);
            return None;
        }
        self.level = self.level.end..self.beginnings.len();
        if self.level.is_empty() {
            return None;
        }
        self.length += 1;
        match self.ends() {
            Ok(ended) => {
                self.found_complete |= !ended.is_empty();
                Some(ended)
            }
            Err(budget) => {
                self.exhausted = Some(budget);
                None
            }
        }
    }

    /// Where no path is complete: the paths to the highest certificates found (rule I-5), in the order of rule I-7.
    pub(super) fn highest(&self) -> Vec<Path> {
        if self.found_complete {
            return Vec::new();
        }
        // Where the budget was spent first, nobody knows where paths lead: the last beginning is as high as any.
        let last = self.beginnings.len().checked_sub(1).filter(|_| self.exhausted.is_some());
        let places = match &last {
            Some(last) => std::slice::from_ref(last),
            None => self.dead_ends.as_slice(),
        };
        self.chains.in_order(places.iter().map(|place| self.path(*place, PathEnd::Incomplete)).collect())
    }

    fn path(&self, place: usize, end: PathEnd) -> Path {
        let mut certificates: Vec<CertId> = self.below(place).map(|beginning| beginning.id).collect();
        certificates.reverse();
        Path { certificates: certificates.into(), end }
    }

    /// The certificates of a beginning, the highest first.
    fn below(&self, place: usize) -> impl Iterator<Item = &PathStart> {
        let mut next = Some(place);
        std::iter::from_fn(move || {
            let beginning = self.beginnings.get(next?)?;
            next = beginning.below;
            Some(beginning)
        })
    }

    /// Which paths end at the certificates of this level; the others may go on.
    fn ends(&mut self) -> Result<Vec<Path>, Budget> {
        self.open.clear();
        let mut ended = Vec::new();
        for place in self.level.clone() {
            let Some(id) = self.beginnings.get(place).map(|beginning| beginning.id) else { continue };
            let end = self.end(id)?;
            ended.extend(end.map(|end| self.path(place, end)));
            // An anchor that is not self-signed may be a step to another one.
            let is_root = end.is_some() && self.chains.node(id).is_some_and(|node| node.looks_self_signed);
            if !is_root {
                self.open.push(place);
            }
        }
        Ok(self.chains.in_order(ended))
    }

    /// Whether a path may end at this certificate.
    fn end(&mut self, id: CertId) -> Result<Option<PathEnd>, Budget> {
        let chains = self.chains;
        let (Some(certificate), Some(node)) = (chains.certificate(id), chains.node(id)) else {
            return Ok(None);
        };
        if chains.is_anchor(certificate) {
            return Ok(Some(PathEnd::Anchor));
        }
        if !node.looks_self_signed {
            return Ok(None);
        }
        // An anchor's own signature is not verified (rule V-5). Here it tells a root from a renewal without key
        // identifiers, whose issuer is another certificate of the same name.
        self.spent.spend(Budget::Signatures, 1)?;
        let self_signed = match chains.own_signature(id) {
            Some(SignatureResult::Valid) => true,
            // Of a key that is not understood nobody knows whether it made the signature. An issuer is looked for; where
            // there is none, nothing leads further up.
            Some(result) if is_link(result) => {
                let signers = chains.signers(id);
                self.spent.spend(Budget::Signatures, signers.map_or(0, |signers| signers.tried.len()))?;
                signers.is_none_or(|signers| !signers.tried.iter().any(|(_, result)| is_link(result)))
            }
            Some(_) | None => false,
        };
        Ok(self_signed.then_some(PathEnd::SelfSigned))
    }

    /// Puts every issuer above every beginning that may go on.
    fn grow(&mut self) -> Result<(), Budget> {
        let chains = self.chains;
        let mut dead_ends = Vec::new();
        for place in std::mem::take(&mut self.open) {
            let Some(child) = self.beginnings.get(place).map(|beginning| beginning.id) else { continue };
            let before = self.beginnings.len();
            let mut too_deep = false;
            if let (Some(namesakes), Some(signers)) = (chains.namesakes(child), chains.signers(child)) {
                if !signers.tried.is_empty() && !self.counted.contains(&child) {
                    self.counted.push(child); // never more than there may be signatures
                    self.spent.spend(Budget::Signatures, signers.tried.len())?;
                }
                if let Some(budget) = signers.cut {
                    return Err(budget);
                }
                let links = signers.tried.iter().filter(|(_, result)| is_link(result));
                for issuer in links.filter_map(|(key, _)| namesakes.key(*key)).flat_map(|same| &same.certificates) {
                    self.spent.spend(Budget::Steps, 1)?;
                    let Some(thumbprint) = chains.certificate(*issuer).map(Certificate::thumbprint) else { continue };
                    if self.below(place).any(|beginning| beginning.thumbprint == thumbprint) {
                        continue;
                    }
                    if self.length >= MAX_DEPTH {
                        too_deep = true;
                        break;
                    }
                    self.beginnings.push(PathStart { id: *issuer, thumbprint, below: Some(place) });
                }
            }
            if too_deep {
                self.exhausted = Some(Budget::Depth);
            }
            let ended = self.chains.certificate(child).is_some_and(|certificate| chains.is_anchor(certificate));
            if self.beginnings.len() == before && !ended && dead_ends.len() <= MAX_PATHS as usize {
                dead_ends.push(place);
            }
        }
        if !dead_ends.is_empty() {
            self.dead_ends = dead_ends; // longer than those before
        }
        Ok(())
    }
}

/// The paths of one certificate, shortest first: the complete ones, and if there is none, the highest incomplete ones.
///
/// Ends early when the budget is spent, and then says so.
#[derive(Debug)]
pub(crate) struct Paths<'a> {
    search: Search<'a>,
    /// Found and not yet yielded, in the order of rule I-7.
    found: std::vec::IntoIter<Path>,
    ended: bool,
}

impl Chains {
    /// The paths of a certificate.
    pub(crate) fn paths(&self, leaf: CertId) -> Paths<'_> {
        Paths { search: Search::new(self, leaf), found: Vec::new().into_iter(), ended: false }
    }

    /// Paths of one length in the order of rule I-7: the latest notBefore, compared leaf upward, then the smaller
    /// thumbprints.
    fn in_order(&self, mut paths: Vec<Path>) -> Vec<Path> {
        if paths.len() > 1 {
            paths.sort_by(|a, b| self.newer(a, b).then_with(|| self.smaller(a, b)));
        }
        paths
    }

    /// Less where the first of two paths has the later notBefore, compared leaf upward.
    pub(super) fn newer(&self, a: &Path, b: &Path) -> Ordering {
        self.of(b, Certificate::not_before).cmp(self.of(a, Certificate::not_before))
    }

    fn smaller(&self, a: &Path, b: &Path) -> Ordering {
        self.of(a, Certificate::thumbprint).cmp(self.of(b, Certificate::thumbprint))
    }

    fn of<'p, T>(&'p self, path: &'p Path, fact: impl Fn(&Certificate) -> T + 'p) -> impl Iterator<Item = T> + 'p {
        path.certificates.iter().filter_map(move |id| self.certificate(*id).map(&fact))
    }
}

impl Paths<'_> {
    /// Why the search ended before every path was found, if it did.
    pub(crate) fn exhausted(&self) -> Option<Budget> {
        self.search.exhausted
    }

    pub(super) fn spent(&mut self) -> &mut Spent {
        &mut self.search.spent
    }
}

impl Iterator for Paths<'_> {
    type Item = Path;

    fn next(&mut self) -> Option<Path> {
        loop {
            if let Some(path) = self.found.next() {
                return Some(path);
            }
            if self.ended {
                return None;
            }
            self.found = match self.search.next_level() {
                Some(level) => level,
                None => {
                    self.ended = true;
                    self.search.highest()
                }
            }
            .into_iter();
        }
    }
}
