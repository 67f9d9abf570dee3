//! The selected certificate and nothing else: best rank first, cheapest check first, stopping early.
//!
//! The checks are those of the verdicts, in another order and without a word of what they found. That changes the reason
//! that would be given, never the answer: a certificate passes if it passes every check.

use super::checks::{Check, Flow, Judged, Listener};
use super::memo::Window;
use super::warning::Warning;
use super::world::World;
use crate::check::{Exemption, Finding, Pass, dates};
use crate::choices::{OnMultiple, SubjectText};
use crate::name::{NameKey, fold};
use crate::revocation::Crl;
use crate::settings::Settings;
use crate::store::{Candidate, CertId, FoldedNames};
use crate::text::{Criteria, CriteriaKind};
use crate::time::Timestamp;
use memchr::memmem::Finder;
use std::collections::HashSet;

/// A name that is longer than this is rare enough to be judged.
const SIEVE_CHARACTERS: usize = 256;

/// What the text of a certificate's names must hold for a criterion to match it: the longest value, folded. `None` where
/// no such text is known: criteria that are compared with keys, or ask only for presence.
pub(super) fn sieve(criteria: &Criteria, settings: &Settings) -> Option<Finder<'static>> {
    let wanted = match criteria.kind() {
        CriteriaKind::SubjectContains(wanted) if settings.subject_text() == SubjectText::SimpleName => wanted.as_str(),
        CriteriaKind::Subject(wanted) if !wanted.as_str().contains('=') => wanted.as_str(),
        CriteriaKind::SubjectAttributes(tests) => {
            tests.iter().filter_map(|test| test.value()).max_by_key(|v| v.len())?
        }
        CriteriaKind::SubjectContains(_) | CriteriaKind::Subject(_) => return None,
    };
    // What holds a text holds its beginning, and a searcher costs what its text is long: a criterion may be megabytes.
    let beginning = wanted.char_indices().nth(SIEVE_CHARACTERS).and_then(|(end, _)| wanted.get(..end));
    Some(Finder::new(&fold(beginning.unwrap_or(wanted))).into_owned())
}

/// The answer at an instant, and as long as what dates say about it does not change.
pub(super) fn find(
    world: &World,
    candidates: impl Iterator<Item = Candidate>,
    sieve: Option<&Finder<'static>>,
    now: Timestamp,
) -> (Window, Option<CertId>) {
    let mut window = window_of_issuers(world, now);
    let winner = among(world, candidates, sieve, now, &mut window);
    (window, winner)
}

/// The answer at an instant, from these candidates; the window is narrowed by the dates of those that are looked at.
pub(super) fn among(
    world: &World,
    candidates: impl Iterator<Item = Candidate>,
    sieve: Option<&Finder<'static>>,
    now: Timestamp,
    window: &mut Window,
) -> Option<CertId> {
    let mut passing = Vec::with_capacity(2);
    let several_are_an_error = world.is_windows() && world.settings.on_multiple() == OnMultiple::Fail;
    let wanted = if several_are_an_error { 2 } else { 1 };
    let mut sieve = sieve.map(|needle| Sieve::new(world.stores.names_text(), needle));
    for candidate in candidates {
        if sieve.as_mut().is_some_and(|sieve| !sieve.passes(candidate.id)) {
            continue;
        }
        window.narrow(candidate.not_before, candidate.not_after, now);
        // Asked here as well, of the dates that the ranking holds: nothing of what has expired is looked up.
        let in_date = dates::check(candidate.not_before, candidate.not_after, now).is_ok();
        if in_date && passes(world, candidate.id, now) {
            passing.push(candidate.id);
            if passing.len() == wanted {
                break;
            }
        }
    }
    // Two survivors are enough to know that there are several (rule L-2).
    passing.first().copied().filter(|_| !several_are_an_error || passing.len() == 1)
}

/// What stands above the candidates changes with the dates of its CRLs and of every certificate that issued something.
fn window_of_issuers(world: &World, now: Timestamp) -> Window {
    let mut window = Window::all_time();
    let mut certificates = |ids: &[CertId]| {
        for certificate in ids.iter().filter_map(|id| world.certificate(*id)) {
            window.narrow(certificate.not_before(), certificate.not_after(), now);
        }
    };
    certificates(world.stores.issuers());
    // Each name once: there may be many CRLs of one, and many certificates with it.
    let names: HashSet<NameKey> = world.crls.iter().map(Crl::issuer_key).collect();
    names.iter().for_each(|name| certificates(world.stores.with_subject(name)));
    for crl in world.crls.iter() {
        let end = world.settings.crl_grace().end_of(crl).unwrap_or(Timestamp::MAX);
        window.narrow(crl.this_update(), end, now);
    }
    window
}

fn passes(world: &World, id: CertId, now: Timestamp) -> bool {
    Judged::of(world, id, now).is_some_and(|judged| {
        Check::CHEAPEST_FIRST.iter().all(|check| check.run(&judged, &mut OnlyWhether).is_continue())
    })
}

/// Hears nothing but the first rejection.
struct OnlyWhether;

impl Listener for OnlyWhether {
    fn passed<P: Into<Pass>>(&mut self, _pass: impl FnOnce() -> P) {}

    fn exempt(&mut self, _exemption: Exemption) {}

    fn rejected(&mut self, _finding: impl FnOnce() -> Finding) -> Flow {
        Flow::Break(())
    }

    fn is_lost(&mut self) -> Flow {
        Flow::Break(())
    }

    fn warn<W: IntoIterator<Item = Warning>>(&mut self, _warnings: impl FnOnce() -> W) {}
}

/// Which certificates hold a text in their names: asked one by one as long as a good one may be near, then all at once.
struct Sieve<'a> {
    names: &'a FoldedNames,
    needle: &'a Finder<'static>,
    asked: usize,
    /// By identifier.
    passing: Vec<bool>,
}

impl<'a> Sieve<'a> {
    /// A look at this many costs less than one at all of ten thousand.
    const ONE_BY_ONE: usize = 64;

    fn new(names: &'a FoldedNames, needle: &'a Finder<'static>) -> Self {
        Sieve { names, needle, asked: 0, passing: Vec::new() }
    }

    fn passes(&mut self, id: CertId) -> bool {
        self.asked += 1;
        if self.asked <= Self::ONE_BY_ONE {
            return self.names.holds(id, self.needle);
        }
        if self.passing.is_empty() {
            self.passing = vec![false; self.names.len()];
            for id in self.names.containing(self.needle) {
                if let Some(passes) = self.passing.get_mut(id.index()) {
                    *passes = true;
                }
            }
        }
        self.passing.get(id.index()) == Some(&true)
    }
}
