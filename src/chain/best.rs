//! The one chain of a certificate (rule I-7), and why Windows prefers it to another path.

use super::Chains;
use super::failure::{ChainFailure, ChainMember, ChainWarning};
use super::path::{Path, PathEnd};
use super::search::Search;
use super::validate::Validity;
use crate::budget::{Budget, MAX_DEPTH, Spent};
use crate::certificate::{Certificate, Thumbprint};
use crate::crypto::SignatureResult;
use crate::store::CertId;
use crate::time::Timestamp;
use std::cmp::Ordering;

/// The chain that Windows builds for a certificate (rule I-7), validated (rule V-5).
///
/// Neither the issuers list nor revocation nor a purpose took part in its choice; all of them look at this one chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    path: Path,
    validity: Validity,
    spent: Spent,
}

impl Chain {
    /// Its certificates, and where it ends.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Why it does not hold; `None` where it does.
    pub(crate) fn failure(&self) -> Option<&ChainFailure> {
        self.validity.as_ref().err().map(Box::as_ref)
    }

    /// What should be known about a chain that holds; empty where it does not.
    pub(crate) fn warnings(&self) -> &[ChainWarning] {
        self.validity.as_deref().unwrap_or_default()
    }

    /// Whether it ends at an anchor (rule V-5): revocation is looked at only then (rule V-0).
    pub(crate) fn is_trusted(&self) -> bool {
        self.path.end == PathEnd::Anchor
    }

    /// What it cost to choose it (rule V-10): revocation goes on from there.
    pub(crate) fn spent(&self) -> &Spent {
        &self.spent
    }

    /// What ran out before the chain was chosen, if something did (rule V-10): then [`path`](Self::path) is the best one
    /// found until then, and no statement about the chain is more than a guess.
    pub(crate) fn exhausted(&self) -> Option<Budget> {
        match self.failure() {
            Some(ChainFailure::Budget { budget, .. }) => Some(*budget),
            Some(_) | None => None,
        }
    }
}

/// Why Windows prefers one path of a certificate to another (rule I-7): the first that tells them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preference {
    /// The other path ends at no trusted root.
    Trusted,
    /// The other path does not hold, for this reason.
    Valid(Box<ChainFailure>),
    /// Neither holds, and the other fails earlier, for this reason.
    FailsLater(Box<ChainFailure>),
    /// The other path is longer.
    Shorter {
        /// Number of certificates of the preferred path.
        own: usize,
        /// Number of certificates of the other path.
        other: usize,
    },
    /// Where the two paths part, the preferred one has the certificate that begins later.
    Newer {
        /// First instant of the preferred path's certificate.
        own: Timestamp,
        /// First instant of the other's.
        other: Timestamp,
    },
    /// Nothing but the thumbprints of the certificates where they part tells them apart.
    Thumbprint {
        /// The preferred path's.
        own: Thumbprint,
        /// The other's.
        other: Thumbprint,
    },
}

/// The best path so far that does not hold.
struct Failed {
    path: Path,
    failure: Box<ChainFailure>,
}

impl Chains {
    /// The one chain of a certificate at an instant (rule I-7). The dates of the certificate itself are not looked at:
    /// they are rule V-1. `None` when the entry is not a certificate.
    pub(crate) fn chain(&self, leaf: CertId, now: Timestamp) -> Option<Chain> {
        let certificate = self.certificate(leaf)?;
        if let Some(path) = self.only_path(leaf) {
            let mut spent = Spent::default();
            let validity = self.validate_within(&path, now, &mut spent)?;
            return Some(Chain { path, validity, spent });
        }
        let mut search = Search::new(self, leaf);
        let mut untrusted: Vec<Path> = Vec::new();
        let mut best: Option<Failed> = None;
        // Shortest first, and of one length in the order of preference: the first that holds is the chain.
        while let Some(level) = search.next_level() {
            for path in level {
                if path.end != PathEnd::Anchor {
                    untrusted.push(path);
                    continue;
                }
                match self.look_at(path, now, &mut search.spent, &mut best) {
                    Ok(Some(valid)) => return Some(valid),
                    Ok(None) => {}
                    Err(budget) => search.exhausted = Some(budget),
                }
                if search.exhausted.is_some() {
                    break;
                }
            }
        }
        if best.is_none() {
            let others = if untrusted.is_empty() { search.highest() } else { untrusted };
            for path in others {
                if search.exhausted.is_some() && best.is_some() {
                    break;
                }
                match self.look_at(path, now, &mut search.spent, &mut best) {
                    Ok(Some(valid)) => return Some(valid), // no path without an anchor holds
                    Ok(None) => {}
                    Err(budget) => search.exhausted = Some(budget),
                }
            }
        }
        let Failed { path, mut failure } = best?;
        if let Some(budget) = search.exhausted {
            // Paths that were not looked at may hold, so the failure of another is not the reason (rule V-10).
            *failure = ChainFailure::Budget { at: ChainMember::of(certificate, leaf, 0), budget };
        }
        Some(Chain { path, validity: Err(failure), spent: search.spent })
    }

    /// The chain of a certificate above which nothing was found: it does not hold.
    pub(crate) fn alone(&self, leaf: CertId, certificate: &Certificate) -> Chain {
        let path = Path { certificates: Box::new([leaf]), end: PathEnd::Incomplete };
        Chain { path, validity: Err(Box::new(self.no_issuer(leaf, certificate))), spent: Spent::default() }
    }

    /// Nothing was found above the certificate.
    pub(crate) fn no_issuer(&self, leaf: CertId, certificate: &Certificate) -> ChainFailure {
        ChainFailure::NoPath { at: ChainMember::of(certificate, leaf, 0), issuer: certificate.issuer() }
    }

    /// The path of a certificate to a root where nothing on the way has a second issuer: then there is nothing to search
    /// or to choose, and nothing that a budget could bound.
    fn only_path(&self, leaf: CertId) -> Option<Path> {
        let mut certificates = Vec::with_capacity(4);
        let mut next = leaf;
        while certificates.len() < MAX_DEPTH && !certificates.contains(&next) {
            certificates.push(next);
            let node = self.node(next)?;
            if node.looks_self_signed {
                let end = if self.is_anchor(self.certificate(next)?) {
                    PathEnd::Anchor
                } else if self.own_signature(next) == Some(&SignatureResult::Valid) {
                    PathEnd::SelfSigned
                } else {
                    return None;
                };
                return Some(Path { certificates: certificates.into(), end });
            }
            if self.is_anchor(self.certificate(next)?) {
                return None;
            }
            next = self.only_issuer(next)?;
        }
        None
    }

    /// Validates a path: the chain, if it holds; if not, it may be the best of those that do not.
    fn look_at(
        &self,
        path: Path,
        now: Timestamp,
        spent: &mut Spent,
        best: &mut Option<Failed>,
    ) -> Result<Option<Chain>, Budget> {
        let within = spent.spend(Budget::Paths, 1);
        let Some(validity) = self.validate_within(&path, now, spent) else {
            return within.map(|()| None);
        };
        match validity {
            Ok(warnings) => within.map(|()| Some(Chain { path, validity: Ok(warnings), spent: spent.clone() })),
            Err(failure) => {
                let exhausted = if let ChainFailure::Budget { budget, .. } = *failure { Err(budget) } else { within };
                let further = best.as_ref().is_none_or(|best| failure.reach() > best.failure.reach());
                if further {
                    *best = Some(Failed { path, failure });
                }
                exhausted.map(|()| None)
            }
        }
    }

    /// Why rule I-7 prefers a certificate's chain to this other path of it.
    pub(crate) fn preference(&self, chain: &Chain, other: &Path, now: Timestamp) -> Preference {
        if chain.is_trusted() && other.end != PathEnd::Anchor {
            return Preference::Trusted;
        }
        let own = chain.failure();
        if let Some(Err(failure)) = self.validate_within(other, now, &mut Spent::default()) {
            match own {
                None => return Preference::Valid(failure),
                Some(own) if own.reach() > failure.reach() => return Preference::FailsLater(failure),
                Some(_) => {}
            }
        }
        let lengths = (chain.path.certificates.len(), other.certificates.len());
        if lengths.0 < lengths.1 {
            return Preference::Shorter { own: lengths.0, other: lengths.1 };
        }
        let both = chain.path.certificates.iter().zip(&other.certificates);
        let mut both = both.filter_map(|(own, other)| Some((self.certificate(*own)?, self.certificate(*other)?)));
        let newer = self.newer(&chain.path, other) == Ordering::Less;
        match both.find(|(own, other)| if newer { own.not_before() != other.not_before() } else { own != other }) {
            Some((own, other)) if newer => Preference::Newer { own: own.not_before(), other: other.not_before() },
            Some((own, other)) => Preference::Thumbprint { own: own.thumbprint(), other: other.thumbprint() },
            None => Preference::Shorter { own: lengths.0, other: lengths.1 }, // the same path
        }
    }
}
