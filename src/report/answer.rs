//! The answer in one line: who does what, and nothing of rules.

use crate::chain::ChainFailure;
use crate::check::{Finding, NearMiss, Rejection, StoreNearMiss};
use crate::revocation::{Lack, RevocationFailure};
use crate::select::{NothingReason, Outcome, Selection, Undecided, Verdict, VerdictKind};
use crate::shown::Shown;
use crate::store::{CertId, StoreName, Stores};
use crate::words::{Count, Quoted};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A certificate in a sentence: thumbprint and "issued to".
struct NamedCertificate<'a>(&'a Stores, CertId);

impl fmt::Display for NamedCertificate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(entry) = self.0.entry(self.1) else {
            return f.write_str("an unknown certificate");
        };
        write!(f, "{}", entry.thumbprint())?;
        match entry.certificate() {
            Some(stored) => write!(f, " {}", Quoted(&stored.certificate().issued_to())),
            None => Ok(()),
        }
    }
}

/// The same with the first digits of the thumbprint.
struct Short<'a>(&'a Stores, CertId);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(entry) = self.0.entry(self.1) else {
            return f.write_str("an unknown certificate");
        };
        write!(f, "{}", entry.thumbprint().short())?;
        match entry.certificate().map(|stored| stored.certificate().issued_to()) {
            Some(name) if !name.is_empty() => write!(f, " {}", Quoted(&name)),
            Some(_) | None => Ok(()),
        }
    }
}

/// The first line of a report: whether the machine is ready, with which certificate, or why not.
pub(crate) struct FirstLine<'a> {
    machine: &'a str,
    stores: &'a Stores,
    selection: &'a Selection,
}

pub(crate) fn answer<'a>(machine: &'a str, stores: &'a Stores, selection: &'a Selection) -> FirstLine<'a> {
    FirstLine { machine, stores, selection }
}

/// A certificate in a sentence.
pub(crate) fn named(stores: &Stores, id: CertId) -> String {
    NamedCertificate(stores, id).to_string()
}

/// An outcome within a sentence about another reading of the machine.
pub(crate) fn under_reading(stores: &Stores, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Selected(id) => format!("it selects {}", NamedCertificate(stores, *id)),
        Outcome::Ambiguous(several) => {
            format!("{} qualify and none is selected", Count(several.len(), "certificate"))
        }
        Outcome::Nothing { .. } => format!("nothing is selected ({})", outcome.hresult()),
    }
}

impl fmt::Display for FirstLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = self.selection.outcome();
        write!(f, "{}: ", Shown(self.machine))?;
        if let Some(undecided) = self.selection.undecided() {
            return self.undecided(undecided, f);
        }
        match outcome {
            Outcome::Selected(id) => write!(f, "ready, selects {}", NamedCertificate(self.stores, *id)),
            Outcome::Ambiguous(several) => {
                write!(
                    f,
                    "not ready, {} qualify; without CCMFIRSTCERT=1 the client takes none",
                    Count(several.len(), "certificate")
                )?;
                if let Some(best) = several.first() {
                    write!(f, ", with it {}", Short(self.stores, *best))?;
                }
                write!(f, " ({})", outcome.hresult())
            }
            Outcome::Nothing { reason, .. } => {
                f.write_str("not ready, ")?;
                self.nothing(*reason, f)?;
                write!(f, " ({})", outcome.hresult())
            }
        }
    }
}

impl FirstLine<'_> {
    /// V-8: what is missing, and what would be with it and is without it.
    fn undecided(&self, undecided: &Undecided, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot say yet: ")?;
        let several = self.lacking().values().map(BTreeSet::len).sum::<usize>() > 1;
        let it = if several { "them" } else { "it" };
        write!(f, "{}; with {it}: ", self.lacks().join(", "))?;
        self.client(&undecided.without_revocation, f)?;
        let outcome = self.selection.outcome();
        write!(f, "; without {it} ")?;
        self.client(outcome, f)?;
        // The one code of the line is what the client reports as it stands.
        match outcome {
            Outcome::Selected(_) => Ok(()),
            Outcome::Nothing { .. } | Outcome::Ambiguous(_) => write!(f, " ({})", outcome.hresult()),
        }
    }

    fn client(&self, outcome: &Outcome, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match outcome {
            Outcome::Selected(id) => write!(f, "{}", Short(self.stores, *id)),
            Outcome::Ambiguous(several) => {
                write!(f, "{} qualify and the client takes none", Count(several.len(), "certificate"))
            }
            Outcome::Nothing { .. } => f.write_str("the client finds nothing"),
        }
    }

    /// What is lacking, in sentences: each kind once, with the CAs whose it is.
    pub(super) fn lacks(&self) -> Vec<String> {
        let sentence = |(lack, authorities): (Lack, BTreeSet<String>)| {
            let authorities: Vec<String> = authorities.into_iter().collect();
            lack.sentence(&authorities)
        };
        self.lacking().into_iter().map(sentence).collect()
    }

    /// What is lacking, each kind once, with the CAs whose it is.
    fn lacking(&self) -> BTreeMap<Lack, BTreeSet<String>> {
        let mut lacking: BTreeMap<Lack, BTreeSet<String>> = BTreeMap::new();
        let store = self.selection.store();
        for verdict in self.selection.verdicts().iter().filter(|one| self.stores.store_of(one.id()) == Some(store)) {
            if let Some(Rejection::Chain(failure)) = verdict.rejection()
                && let ChainFailure::WeakHash { at, .. } = &**failure
            {
                lacking.entry(Lack::Signature).or_default().insert(at.issued_to.to_string());
            }
            let Some(Rejection::Revocation(chain)) = verdict.rejection() else { continue };
            let first = std::iter::once((&chain.at, &chain.failure));
            for (at, failure) in first.chain(chain.further.iter().map(|(at, failure)| (at, failure))) {
                let Some((lack, _)) = failure.lacks() else { continue };
                let above = verdict.path().get(at.position + 1).and_then(|id| self.stores.get(*id));
                let name = match (failure, above) {
                    (RevocationFailure::CrlExpired { crl, .. }, None) => crl.issuer().to_string(),
                    (_, None) => continue,
                    (_, Some(above)) => above.certificate().issued_to(),
                };
                lacking.entry(lack).or_default().insert(name);
            }
        }
        lacking
    }

    fn nothing(&self, reason: NothingReason, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let store = Quoted(self.selection.store().as_str());
        match reason {
            NothingReason::StoreMissing => write!(f, "there is no store {store}")?,
            NothingReason::StoreEmpty => match self.stores.entries_of(self.selection.store()) {
                Some([_, ..]) => write!(f, "the store {store} holds nothing that Windows shows to the client")?,
                _ => write!(f, "the store {store} is empty")?,
            },
            NothingReason::IssuersWithoutMatch => {
                f.write_str("no certificate chains to an entry of the issuers list")?
            }
            NothingReason::PrivateKeyMissing => {
                f.write_str("a certificate lacks nothing but a private key that the client can use")?
            }
            NothingReason::NothingMatched => {
                let of = self.selection.verdicts().len();
                match of {
                    1 => f.write_str("the one certificate cannot be used")?,
                    _ => write!(f, "none of {} can be used", Count(of, "certificate"))?,
                }
            }
        }
        if let Some((id, (lies, looks))) = wrong_store(self.selection) {
            let (lies, looks) = (Quoted(lies.as_str()), Quoted(looks.as_str()));
            let named = Short(self.stores, id);
            return write!(
                f,
                "; nearest: {named} is fine but lies in the store {lies}, and the client looks in {looks}"
            );
        }
        match (reason, self.nearest()) {
            (NothingReason::NothingMatched | NothingReason::PrivateKeyMissing, Some((id, why))) => {
                write!(f, "; nearest: {}: {why}", Short(self.stores, id))
            }
            _ => Ok(()),
        }
    }

    /// A CA's own certificate is nobody's idea of a client's.
    fn is_ca(&self, id: CertId) -> bool {
        self.stores.get(id).is_some_and(|stored| stored.certificate().is_ca())
    }

    /// The candidate that came furthest, and why it did not come further.
    fn nearest(&self) -> Option<(CertId, &'static str)> {
        let candidates = self.selection.verdicts().iter();
        let candidates = candidates.filter(|one| self.stores.store_of(one.id()) == Some(self.selection.store()));
        let rejected = candidates.filter_map(|verdict| Some((verdict, verdict.rejection()?)));
        let key = |(verdict, rejection): &(&Verdict, &Rejection)| {
            (self.is_ca(verdict.id()), first_near_miss(verdict).is_none(), Reverse(rejection.step()))
        };
        let (verdict, rejection) = rejected.min_by_key(key)?;
        Some((verdict.id(), rejection.row().counted?))
    }
}

fn first_near_miss(verdict: &Verdict) -> Option<&NearMiss> {
    verdict.findings().iter().find(|finding| finding.rejection().is_some()).and_then(Finding::near_miss)
}

/// T-4: the right certificate in the wrong store, where nothing is selected: where it lies, and where the client looks.
pub(super) fn wrong_store(selection: &Selection) -> Option<(CertId, (&StoreName, &StoreName))> {
    if !matches!(selection.outcome(), Outcome::Nothing { .. }) {
        return None;
    }
    let mut rejected = selection.verdicts().iter().filter(|verdict| verdict.kind() == VerdictKind::Rejected);
    rejected.find_map(|verdict| match first_near_miss(verdict) {
        Some(NearMiss::Store(StoreNearMiss::WrongStore { store, chosen })) => Some((verdict.id(), (store, chosen))),
        Some(_) | None => None,
    })
}
