//! The answer in one line.

use crate::select::NothingReason;
use crate::shown::Shown;
use crate::words::{Count, List, Quoted};
use crate::{CertId, Outcome, Selection, Step, Stores};
use std::fmt;

/// A certificate in a sentence: thumbprint and "issued to".
struct Named<'a>(&'a Stores, CertId);

impl fmt::Display for Named<'_> {
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

/// The first line of a report: whether the machine is ready, with which certificate, or why not.
pub(crate) struct Answer<'a> {
    machine: &'a str,
    stores: &'a Stores,
    selection: &'a Selection,
}

pub(crate) fn answer<'a>(machine: &'a str, stores: &'a Stores, selection: &'a Selection) -> Answer<'a> {
    Answer { machine, stores, selection }
}

/// A certificate in a sentence.
pub(crate) fn named(stores: &Stores, id: CertId) -> String {
    Named(stores, id).to_string()
}

/// An outcome within a sentence about another reading of the machine.
pub(crate) fn under_reading(stores: &Stores, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Selected(id) => format!("it selects {}", Named(stores, *id)),
        Outcome::Ambiguous(several) => {
            format!("{} pass and none is selected", Count(several.len(), "certificate"))
        }
        Outcome::Nothing { .. } => format!("nothing is selected ({})", outcome.hresult()),
    }
}

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = self.selection.outcome();
        write!(f, "{}: ", Shown(self.machine))?;
        if let Some(undecided) = self.selection.undecided() {
            f.write_str("not decided: ")?;
            for (lack, places) in &undecided.lacks {
                write!(f, "{}; ", lack.sentence(List(places)))?;
            }
            f.write_str("as it stands ")?;
            self.short(outcome, f)?;
            f.write_str(", without revocation ")?;
            return self.short(&undecided.without_revocation, f);
        }
        match outcome {
            Outcome::Selected(id) => write!(f, "ready, selects {}", Named(self.stores, *id)),
            Outcome::Ambiguous(several) => write!(
                f,
                "not ready, {} passed and the client is not set to select one of several ({})",
                Count(several.len(), "certificate"),
                outcome.hresult()
            ),
            Outcome::Nothing { emptied_at, reason } => {
                f.write_str("not ready, ")?;
                self.nothing(*reason, *emptied_at, f)?;
                write!(f, " ({})", outcome.hresult())
            }
        }
    }
}

impl Answer<'_> {
    fn short(&self, outcome: &Outcome, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&under_reading(self.stores, outcome))
    }

    fn nothing(&self, reason: NothingReason, emptied_at: Option<Step>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let store = Quoted(self.selection.store().as_str());
        match reason {
            NothingReason::StoreMissing => write!(f, "there is no store {store}"),
            NothingReason::StoreEmpty => match self.stores.entries_of(self.selection.store()) {
                Some([_, ..]) => write!(f, "the store {store} holds nothing that Windows shows to the client"),
                _ => write!(f, "the store {store} is empty"),
            },
            NothingReason::IssuersWithoutMatch => f.write_str("no certificate chains to an entry of the issuers list"),
            NothingReason::PrivateKeyMissing => {
                f.write_str("a certificate lacks nothing but a private key that the client can use")
            }
            NothingReason::NothingMatched => {
                f.write_str("no certificate passed")?;
                match emptied_at {
                    Some(step) => write!(f, ", the last was lost at the step `{step}`"),
                    None => Ok(()),
                }
            }
        }
    }
}
