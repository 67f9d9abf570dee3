//! The search for paths: depth first, likeliest issuer first, every simple path, within the budget (rules I-7, V-10).

use super::Chains;
use super::budget::{MAX_DEPTH, MAX_PATHS, Spent};
use super::failure::Budget;
use super::links::is_link;
use super::path::{Path, PathEnd};
use crate::{CertId, Thumbprint};

/// The paths of one certificate: the complete ones as they are found, and if there is none, the highest incomplete one.
///
/// Ends early when the budget is spent, and then says so.
#[derive(Debug)]
pub struct Paths<'a> {
    chains: &'a Chains,
    stack: Vec<Frame>,
    found_complete: bool,
    /// The longest paths that lead nowhere, likeliest first (rule I-5: the highest certificates found).
    highest: Vec<Path>,
    exhausted: Option<Budget>,
    /// Signatures that are already counted: who was signed, and the first candidate with the key.
    counted: Vec<(CertId, usize)>,
    pub(super) spent: Spent,
}

#[derive(Debug)]
struct Frame {
    id: CertId,
    thumbprint: Thumbprint,
    stage: Stage,
    leads_on: bool,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Whether the path may end here is not yet asked.
    End,
    /// The candidate to be tried next.
    Candidate(usize),
}

impl Chains {
    /// The paths of a certificate.
    pub fn paths(&self, leaf: CertId) -> Paths<'_> {
        let mut paths = Paths {
            chains: self,
            stack: Vec::with_capacity(4),
            found_complete: false,
            highest: Vec::new(),
            exhausted: None,
            counted: Vec::new(),
            spent: Spent::default(),
        };
        paths.push(leaf);
        paths
    }
}

/// The index that stands for a certificate's own key in the count of signatures.
const OWN_KEY: usize = usize::MAX;

impl Paths<'_> {
    /// Why the search ended before every path was found, if it did.
    pub fn exhausted(&self) -> Option<Budget> {
        self.exhausted
    }

    fn push(&mut self, id: CertId) {
        if let Some(certificate) = self.chains.certificate(id) {
            self.stack.push(Frame { id, thumbprint: certificate.thumbprint(), stage: Stage::End, leads_on: false });
        }
    }

    fn path(&self, end: PathEnd) -> Path {
        Path { certificates: self.stack.iter().map(|frame| frame.id).collect(), end }
    }

    fn count_signature(&mut self, child: CertId, key: usize) -> Result<(), Budget> {
        if self.counted.contains(&(child, key)) {
            return Ok(());
        }
        self.counted.push((child, key));
        self.spent.signature()
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
        self.count_signature(id, OWN_KEY)?;
        Ok(chains.own_signature(id).filter(|result| is_link(result)).map(|_| PathEnd::SelfSigned))
    }

    /// The next certificate above `child`, from its candidate `index` on.
    fn issuer(&mut self, child: CertId, index: &mut usize) -> Result<Option<CertId>, Budget> {
        let chains = self.chains;
        let Some(candidates) = chains.candidates(child) else {
            return Ok(None);
        };
        while let Some(candidate) = candidates.list.get(*index) {
            let tried = *index;
            *index += 1;
            self.spent.step()?;
            let seen = chains.certificate(candidate.issuer).map(|certificate| certificate.thumbprint());
            if self.stack.iter().any(|frame| Some(frame.thumbprint) == seen) {
                continue;
            }
            self.count_signature(child, candidate.same_key_as)?;
            if chains.link(child, tried).is_some_and(is_link) {
                return Ok(Some(candidate.issuer));
            }
        }
        if candidates.truncated {
            self.exhausted = Some(Budget::Steps);
        }
        Ok(None)
    }

    /// One step of the search; `Ok(None)` when there is nothing to yield yet.
    fn advance(&mut self) -> Result<Option<Path>, Budget> {
        let Some(top) = self.stack.last_mut() else {
            return Ok(None);
        };
        let id = top.id;
        match top.stage {
            Stage::End => {
                top.stage = Stage::Candidate(0);
                let Some(end) = self.end(id)? else {
                    return Ok(None);
                };
                let path = self.path(end);
                let only_end = self.chains.node(id).is_some_and(|node| node.looks_self_signed);
                if only_end {
                    self.stack.pop();
                } else if let Some(top) = self.stack.last_mut() {
                    top.leads_on = true;
                }
                Ok(Some(path))
            }
            Stage::Candidate(mut index) => {
                let issuer = self.issuer(id, &mut index)?;
                let deep = self.stack.len() >= MAX_DEPTH;
                let Some(top) = self.stack.last_mut() else {
                    return Ok(None);
                };
                top.stage = Stage::Candidate(index);
                match issuer {
                    Some(_) if deep => {
                        top.leads_on = true;
                        self.exhausted = Some(Budget::Depth);
                        self.remember_height();
                    }
                    Some(issuer) => {
                        top.leads_on = true;
                        self.push(issuer);
                    }
                    None => self.leave(),
                }
                Ok(None)
            }
        }
    }

    /// Leaves the top certificate.
    fn leave(&mut self) {
        if self.stack.last().is_some_and(|top| !top.leads_on) {
            self.remember_height();
        }
        self.stack.pop();
    }

    /// Remembers the path to the top certificate, from which nothing leads on, when none was longer.
    fn remember_height(&mut self) {
        let height = self.highest.first().map_or(0, |path| path.certificates.len());
        if self.found_complete || self.stack.len() < height {
            return;
        }
        if self.stack.len() > height {
            self.highest.clear();
        }
        if self.highest.len() < MAX_PATHS as usize {
            self.highest.push(self.path(PathEnd::Incomplete));
        }
    }
}

impl Iterator for Paths<'_> {
    type Item = Path;

    fn next(&mut self) -> Option<Path> {
        while !self.stack.is_empty() {
            match self.advance() {
                Ok(None) => {}
                Ok(Some(path)) => {
                    self.found_complete = true;
                    return Some(path);
                }
                Err(budget) => {
                    self.exhausted = Some(budget);
                    self.remember_height();
                    self.stack.clear();
                }
            }
        }
        if self.found_complete || self.highest.is_empty() {
            return None;
        }
        Some(self.highest.remove(0))
    }
}
